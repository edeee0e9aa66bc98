/// \file
/// KQL, Kibana's query language: parsed as Kibana parses it, judged on events as Elasticsearch judges it on
/// documents. It reads no rules and makes no documents: which fields an event has, and of which types, is the
/// schema's business (event/schema.hpp).
///
///     const elastic::Documents documents;                  // events that are ECS documents already
///     const elastic::Query query{"event.action: Get* and not user.name: (alice or bob)", documents};
///     if (query(event)) ...
///
/// Source: new-terms.md 3.1 (grammar) and 3.2 (meaning): Kibana's, with the options that detection rules use:
/// leading wildcards allowed, wildcards analysed, time zone UTC.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/config.hpp>
#include <rushhour/elastic/kql_tree.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

/// Reads a query; the empty one matches everything. Three readings that surprise:
/// * Unquoted values hold spaces: `a: foo bar` asks for `foo bar`; `a: b or c` is `a: b`, or c in any field.
/// * A word is a keyword only between spaces: `not(a: b)` is an error, and so is `a: cannot say`, where `not`
///   stands before a space.
/// * `\not` is a new line and `ot`, as the escape `\n` comes first; write `"not ..."`, or `\u006eot`.
///
/// A half of a surrogate pair alone (`\ud800`) becomes U+FFFD. [CHOICE] At most 64 parentheses and braces in
/// each other.
///
/// \throws InputError with line and column in the text, what was expected in Kibana's words (`AND, OR, end of
/// input`) and what was there. `a: (b` throws `:1:6: expected ")", AND, OR, saw end of input`.
[[nodiscard]] KqlNode parse_kql(std::string_view text);

/// Text that parses to the same tree: `not (a: b and c > 5)`.
[[nodiscard]] std::string to_text(const KqlNode& query);

struct QueryOptions {
  /// What `now` means in dates; nothing: the arrival of the event that is judged.
  std::optional<Instant> now{};
  /// A value that its field's type cannot be compared with (`bytes: many`) matches nothing, and so does
  /// `field:{...}` where the field is not nested or is a pattern. Otherwise both are errors, as they are in
  /// Elasticsearch [derived].
  bool lenient{};
};

/// A query compiled for the documents of a schema, which outlives it. What a value means follows from the
/// field's type:
///
/// | type | `f: v` | `f > v` |
/// |---|---|---|
/// | keyword, flattened | the same text, case and all; `a*b` too, where `?` means itself | by bytes |
/// | text | one of v's words in lower case; all in a row when quoted; `a*b` is about single words | a word |
/// | integer, real | the same number | by number |
/// | boolean | `true` or `false` | false < true |
/// | ip | the same address, or in the block `"10.0.0.0/8"` | by address |
/// | date | from v's first to its last instant: `2024-01-02`, `now-1d/d`, `2024-01-02||/M` | behind the last
/// |
///
/// `f: *` asks whether there is any value, the empty text included. Of several values one has to match; so
/// `f > 5 and f < 3` holds for [1, 9]. `not f: v` holds where there is no f. JSON numbers in a keyword field
/// are compared as numbers, as if mapped dynamically. A pattern of names (`user.*: x`) asks each field that
/// the document has, a value alone asks all of them; neither is an error for types that v is no value of.
/// `n: {a: 1 and b: 2}` holds when one object of the nested field n has both.
///
/// Judging allocates nothing once the scratch memory has grown, except for patterns of names, values alone
/// and wildcards in text. For events with a layout the parts that are the same in all of them are judged
/// once: the query keeps what is left for each layout (512 at most), and the layouts with it. That memory
/// makes a Query unfit for sharing between threads.
class Query {
 public:
  /// \throws InputError as parse_kql() does; for a value that is none of its field's type; for null (a
  /// missing field is `not field: *`); with line and column in the text.
  Query(std::string_view text, const event::Schema& schema, const QueryOptions& options = {});
  Query(const KqlNode& tree, const event::Schema& schema, const QueryOptions& options = {});
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  Query(Query&&) noexcept;
  Query& operator=(Query&&) noexcept;
  ~Query();

  [[nodiscard]] bool operator()(const event::Event& event) const;

 private:
  class Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace rushhour::elastic

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/elastic/detail/kql_inl.hpp>
#endif
