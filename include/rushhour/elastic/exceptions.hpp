/// \file
/// Exceptions: documents that a rule must not alert on, in Kibana's form. A list is read from what Kibana's
/// API and its export give; compiled for a schema it judges events. Suppression and closing of alerts are
/// other things, and not here.
///
/// Semantics: Kibana's build_exception_filter.ts (lists plugin, read 2026). Entries of an item are joined by
/// AND, items by OR; what any item matches is taken out of every search that a rule makes, so an excepted
/// document counts in no history either.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/elastic/text_places.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

/// One condition of an item.
struct ExceptionEntry {
  enum class Type : std::uint8_t {
    match,      ///< `is`
    match_any,  ///< `is one of`
    exists,
    wildcard,  ///< `matches`: `*` any text, `?` one character, `\` before one that means itself
    list,      ///< `is in list`: a value list
    nested     ///< inner entries that one and the same object of an array fulfils
  };

  std::string field{};  ///< of an inner entry: below the outer one's field
  Type type{Type::match};
  bool is_excluded{};  ///< operator `excluded`: `is not` and so on
  std::vector<std::string> values{};
  std::string list_id{};
  std::string list_type{};  ///< `keyword`, `ip`, `ip_range`, `text`, ...
  std::vector<ExceptionEntry> entries{};
  TextPlaces::Place place{};
  std::string pointer{};  ///< JSON pointer in its document
};

/// Entries that must all hold.
struct ExceptionItem {
  std::string item_id{};
  std::string list_id{};
  std::string name{};
  std::string description{};
  /// From then on the item does not count. Kibana drops expired items when a run starts.
  std::optional<Instant> expire_time{};
  std::vector<ExceptionEntry> entries{};
  TextPlaces::Place place{};
};

/// Items, and the value lists that they name.
struct ExceptionList {
  std::string file{};  ///< as the user named it
  std::vector<ExceptionItem> items{};
  std::map<std::string, std::vector<std::string>> lists{};  ///< by id
};

/// Reads an array of items; an object with them as `items` (or `data`, as the API answers) and value lists as
/// `lists`, such as `{"items": [...], "lists": {"office": ["192.0.2.0/24"]}}`; or NDJSON as Kibana exports
/// it, where lines with `list_id` and `value` are values of lists. Headers of lists, counts and rules of an
/// export are passed over, and so are keys that decide nothing. \throws InputError with file, line and
/// column.
[[nodiscard]] ExceptionList parse_exceptions(std::string_view text, std::string file = {});

/// parse_exceptions() of a file's content.
/// \throws InputError also when the file cannot be read.
[[nodiscard]] ExceptionList load_exceptions(const std::string& path);

namespace detail {
class ExceptionCondition;
}  // namespace detail

/// A list compiled for the documents of one schema. Values are compared as Elasticsearch's mapping has them,
/// and as a Query (kql.hpp) compares quoted ones: keywords by their exact text, addresses by network, numbers
/// by size, dates at the precision they are given in, analysed texts by their words in a row; of several
/// values of a field any will do.
class Exceptions {
 public:
  /// The schema must outlive it.
  /// \throws InputError at the entry that Elasticsearch would fail every run for: a word for a number, a
  /// wildcard in an address, `nested` on a field that is not, an unknown list.
  Exceptions(ExceptionList list, const event::Schema& schema);
  Exceptions(Exceptions&&) noexcept;
  Exceptions& operator=(Exceptions&&) noexcept;
  ~Exceptions();

  /// The first item that excepts the event; nullptr when none does. Valid as long as this is.
  /// \param at  when the items that have expired are left out: what the run's start is in Kibana
  [[nodiscard]] const ExceptionItem* which(const event::Event& event, event::Arena& scratch,
                                           Instant at) const;

  [[nodiscard]] const ExceptionList& list() const { return list_; }

 private:
  [[nodiscard]] bool holds(std::size_t item, const event::Event& event, event::Arena& scratch,
                           Instant at) const;

  ExceptionList list_;
  std::vector<std::vector<detail::ExceptionCondition>> conditions_;  // of each item
};

}  // namespace rushhour::elastic

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/elastic/detail/exceptions_inl.hpp>
#include <rushhour/elastic/detail/exceptions_reading_inl.hpp>
#endif
