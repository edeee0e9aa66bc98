/// \file
/// What a rule sees of an event: whether its query matches, whether an exception takes it out, at what time
/// it counts, and with which terms. Running the rule is the executors' business.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/config.hpp>
#include <rushhour/elastic/exceptions.hpp>
#include <rushhour/elastic/kql.hpp>
#include <rushhour/elastic/rule.hpp>
#include <rushhour/elastic/score.hpp>
#include <rushhour/elastic/term_reader.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

/// A rule compiled for the documents of one schema. Made once and used for each event; not shared between
/// threads.
class RuleReader {
 public:
  struct Reading {
    Passage passage{};
    const ExceptionItem* exception{};  ///< that takes it out
    Instant time{};                    ///< `@timestamp`
    Instant rule_time{};               ///< what the rule's ranges look at
    bool is_fallback{};                ///< the rule has a timestamp override that the document has not
    std::span<const std::string>
        keys{};  ///< of a new-terms rule, exceptions or not; live until the next event
  };

  /// The schema outlives the reader.
  /// \throws InputError for a mistake in the query, at its line and column in the rule's file; for one in the
  /// exceptions.
  RuleReader(const Rule& rule, const event::Schema& schema, ExceptionList exceptions = {});

  /// Documents that the query does not match are not read any further.
  [[nodiscard]] Reading read(const event::Event& event);

  [[nodiscard]] std::span<const ExceptionItem> exceptions() const { return exceptions_.list().items; }

 private:
  /// `timestamp_override` if the document has it, else `@timestamp` unless the rule says no (spec
  /// new-terms.md 1.2).
  [[nodiscard]] std::optional<Instant> rule_time(const event::Event& event, Reading& reading);

  bool has_fallback_;
  bool has_terms_;
  Query query_;
  Exceptions exceptions_;
  std::shared_ptr<const event::Field> timestamp_;
  std::shared_ptr<const event::Field> override_{};
  TermReader terms_;
  event::Arena scratch_{};
};

/// A date of a document: a text of ISO 8601, or milliseconds since 1970. Nothing when it is neither.
/// Neither is what an Instant cannot hold, of the years 1678 to 2261.
[[nodiscard]] inline std::optional<Instant> as_date(const event::Value& value) {
  constexpr std::int64_t ms_max = 9'200'000'000'000;
  if (const auto ms = value.as_integer()) {
    if (*ms < -ms_max || *ms > ms_max) return std::nullopt;
    return Instant{std::chrono::milliseconds{*ms}};
  }
  if (const auto text = value.as_text()) return detail::parse_date(*text);
  return std::nullopt;
}

}  // namespace rushhour::elastic

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/elastic/detail/rule_reader_inl.hpp>
#endif
