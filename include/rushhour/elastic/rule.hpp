/// \file
/// Elastic's detection rules as plain values, read from the TOML of a rule folder or from what Kibana
/// exports. It runs no rule and parses no query: kql.hpp does that, the executors do the rest.
///
/// The keys are those of Kibana's API and of elastic/detection-rules' files (read 2026; spec of new terms, 1
/// and 4); keys that decide nothing here are tolerated, and those that would are named in Rule::notes.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/elastic/date_math.hpp>
#include <rushhour/elastic/text_places.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

enum class RuleType : std::uint8_t { query, new_terms, threshold };

[[nodiscard]] constexpr std::string_view to_text(RuleType type) {
  return type == RuleType::query ? "query" : type == RuleType::new_terms ? "new_terms" : "threshold";
}

enum class Severity : std::uint8_t { low, medium, high, critical };

[[nodiscard]] constexpr std::string_view to_text(Severity severity) {
  return severity == Severity::low      ? "low"
         : severity == Severity::medium ? "medium"
         : severity == Severity::high   ? "high"
                                        : "critical";
}

/// An entry of a catalogue such as MITRE ATT&CK: `T1555.006`, `Cloud Secrets Management Stores`.
struct CatalogueEntry {
  std::string id{};
  std::string name{};
};

struct Technique {
  std::string id{};
  std::string name{};
  std::vector<CatalogueEntry> subtechniques{};
};

struct Threat {
  std::string framework{};  ///< `MITRE ATT&CK`
  CatalogueEntry tactic{};
  std::vector<Technique> techniques{};
};

/// What makes a rule of type new_terms.
struct NewTermsCriteria {
  std::vector<std::string> fields{};  ///< one to three
  /// Evaluated against the end of a run's range, so that it moves with each run (spec of new terms, 1.2).
  DateMath history_window_start{DateMath::parse("now-7d")};
};

/// What makes a rule of type threshold.
struct ThresholdCriteria {
  struct Cardinality {
    std::string field{};
    std::uint64_t value{};  ///< at least so many different values
  };

  std::vector<std::string> fields{};  ///< to group by; none: all documents are one group
  std::uint64_t value{1};             ///< at least so many documents
  std::optional<Cardinality> cardinality{};
};

/// A place in the rule's file; lines and columns count from 1, 0 where unknown.
using Place = TextPlaces::Place;

/// One rule. A default is Kibana's.
struct Rule {
  std::string file{};  ///< as the user named it
  std::string name{};
  std::string rule_id{};  ///< empty when the file has none
  RuleType type{RuleType::query};
  bool enabled{
      true};  ///< CHOICE: Kibana creates rules disabled; one that is simulated runs unless it says no
  std::string description{};
  std::string note{};  ///< the triage guide, Markdown
  Severity severity{Severity::low};
  std::uint32_t risk_score{};  ///< 0 to 100
  std::vector<std::string> author{};
  std::vector<std::string> tags{};
  std::vector<std::string> references{};
  std::vector<std::string> false_positives{};
  std::vector<Threat> threat{};
  bool building_block{};  ///< its alerts are hidden by default and feed other rules

  std::vector<std::string> index{};  ///< patterns; which data they name is the executor's business
  std::string language{"kuery"};
  std::string query{};
  TextPlaces query_places{};  ///< where each byte of the query stands in the file

  DateMath from{DateMath::parse("now-6m")};
  DateMath to{DateMath::parse("now")};
  Duration interval{std::chrono::minutes{5}};
  std::string timestamp_override{};  ///< empty: `@timestamp`
  bool timestamp_override_fallback_disabled{};
  std::uint32_t max_signals{100};

  NewTermsCriteria new_terms{};   ///< of type new_terms only
  ThresholdCriteria threshold{};  ///< of type threshold only

  std::vector<std::string> exception_lists{};  ///< ids of lists that it names; their items are given apart
  std::vector<std::string> notes{};            ///< what it asks for and no executor does, a sentence each
  Place place{};                               ///< of the table that it is
};

/// The range that one run looks at, both ends belonging to it.
struct RuleRange {
  Instant from{};
  Instant to{};
};

/// `from` and `to` of a run that starts at `started`.
[[nodiscard]] inline RuleRange range_at(const Rule& rule, Instant started) {
  return {rule.from.at(started), rule.to.at(started)};
}

/// Where the history of a new-terms rule begins for a range: evaluated against the range's end.
/// \throws InputError when that is not before the range begins, as Kibana fails the run (spec of new terms,
/// 1.2).
[[nodiscard]] inline Instant history_start(const Rule& rule, RuleRange range) {
  const Instant start = rule.new_terms.history_window_start.at(range.to);
  if (start >= range.from) {
    throw InputError(
        {.file = rule.file,
         .expected = "a history that begins before " + to_iso8601(range.from) + ", which is \"" +
                     rule.from.text() + "\"",
         .seen = "\"" + rule.new_terms.history_window_start.text() + "\", which is " + to_iso8601(start),
         .advice = "history_window_start must be earlier than from"});
  }
  return start;
}

/// A mistake found in the query, at its line and column in the rule's file: `in_query` has lines and columns
/// of the query's text.
[[nodiscard]] Mistake in_file(const Rule& rule, const Mistake& in_query);

/// A rule that is right and that no executor here runs; the message says why not.
class UnsupportedRule : public std::runtime_error {
 public:
  /// What the file says of itself, as far as it was read, and where.
  struct About {
    std::string file{};
    std::string name{};
    std::string type{};
    Place place{};
  };

  UnsupportedRule(About about, const std::string& reason)
      : std::runtime_error(reason), about_(std::move(about)) {}
  [[nodiscard]] const About& about() const { return about_; }

 private:
  About about_;
};

/// One rule: TOML with a table `[rule]`, or the JSON object of Kibana's API. New terms may be spelt as rule
/// files do (`[rule.new_terms] field = "new_terms_fields" value = [...]`,
/// `[[rule.new_terms.history_window_start]] field = ..., value = ...`) or as the API does
/// (`new_terms_fields`, `history_window_start`).
///
/// \throws InputError with file, line and column when it is broken, and for what Kibana refuses;
/// UnsupportedRule for EQL, ES|QL, Lucene, machine learning, threat matches, saved queries, and filters in
/// Elasticsearch's query DSL.
[[nodiscard]] Rule parse_rule(std::string_view text, std::string file = {});

/// parse_rule() of a file's content.
/// \throws InputError also when the file cannot be read.
[[nodiscard]] Rule load_rule(const std::string& path);

enum class RuleStatus : std::uint8_t {
  loaded,
  deprecated,   ///< in a folder `_deprecated`, or of maturity `deprecated`
  unsupported,  ///< right, but of a kind that is not run
  broken
};

[[nodiscard]] constexpr std::string_view to_text(RuleStatus status) {
  return status == RuleStatus::loaded        ? "loaded"
         : status == RuleStatus::deprecated  ? "deprecated"
         : status == RuleStatus::unsupported ? "unsupported"
                                             : "broken";
}

/// What became of one rule of a folder.
struct RuleOutcome {
  std::string path{};
  RuleStatus status{RuleStatus::loaded};
  std::optional<Rule> rule{};  ///< when loaded
  std::string name{};          ///< empty when it could not be read
  std::string type{};          ///< as written; empty when it could not be read
  std::string reason{};        ///< why it is not loaded; begins with the place when it is broken
};

/// Every rule of a folder and the folders in it, in order of their paths: a rule in each `.toml`, rules a
/// line in each `.ndjson`, Kibana's export, whose other lines (exception lists, counts) are passed over.
/// Nothing is left out in silence. A path of a file is that file alone. \throws InputError when there is no
/// such folder, or it cannot be read.
[[nodiscard]] std::vector<RuleOutcome> load_rules(const std::string& path);

}  // namespace rushhour::elastic

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/elastic/detail/rule_folder_inl.hpp>
#include <rushhour/elastic/detail/rule_inl.hpp>
#include <rushhour/elastic/detail/rule_toml_inl.hpp>
#endif
