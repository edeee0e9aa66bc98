/// \file
/// What a YAML file of Panther's format says of a rule, a data model or a global helper. It runs nothing, and
/// reads no Python.
#pragma once

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detect/alert.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/panther/yaml.hpp>
#include <rushhour/time.hpp>

namespace rushhour::panther {

/// What a file may describe, by its AnalysisType (spec panther.md 2.2).
enum class ItemKind : std::uint8_t {
  rule,
  scheduled_rule,
  data_model,
  global_helper,
  policy,
  correlation_rule,
  lookup_table,
  scheduled_query,
  saved_query,
  pack,
  unknown
};

/// As the AnalysisType has it: `rule`, `datamodel`.
[[nodiscard]] constexpr std::string_view to_text(ItemKind kind) {
  constexpr std::string_view texts[] = {
      "rule",         "scheduled_rule",  "datamodel",   "global", "policy", "correlation_rule",
      "lookup_table", "scheduled_query", "saved_query", "pack",   "unknown"};
  return texts[static_cast<std::size_t>(kind)];
}

/// What a test puts in the place of one name of the rule's module.
struct MockSpec {
  std::string object_name{};
  YamlValue return_value{};  ///< mostly a text of JSON
  std::uint64_t line{};
};

/// One of the Tests of a rule.
struct TestSpec {
  std::string name{};
  bool expected{};     ///< whether the rule matches
  YamlValue record{};  ///< Log, or Resource: a mapping
  std::vector<MockSpec> mocks{};
  std::uint64_t line{};
};

/// A rule or scheduled rule. Defaults are Panther's (spec panther.md 1.2, 1.3).
struct RuleSpec {
  ItemKind kind{ItemKind::rule};
  std::string id{};
  std::string file{};       ///< the YAML's path
  std::uint64_t line{};     ///< where the id is
  std::string code_file{};  ///< the Python's path
  bool enabled{true};
  std::vector<std::string> log_types{};  ///< none for a scheduled rule
  detect::Severity severity{};
  std::string display_name{};
  std::string description{};
  std::string reference{};
  std::string runbook{};
  std::vector<std::string> output_ids{};
  std::vector<std::string> tags{};
  Duration dedup_period{std::chrono::minutes{60}};
  std::uint64_t threshold{1};
  bool create_alert{true};  ///< false: its matches are signals, which nobody is told of
  std::vector<TestSpec> tests{};

  /// What an alert is called whose rule has no title(): spec panther.md 1.2.
  [[nodiscard]] const std::string& title() const { return display_name.empty() ? id : display_name; }
};

/// A name that means the same in several log types, and where one of them keeps it.
struct MappingSpec {
  std::string name{};
  std::string path{};    ///< keys joined by dots; empty: `method` is given
  std::string method{};  ///< a function of the data model's Python
  std::uint64_t line{};
};

struct DataModelSpec {
  std::string id{};
  std::string file{};
  std::string code_file{};  ///< empty: all its mappings are paths
  bool enabled{true};
  std::vector<std::string> log_types{};
  std::vector<MappingSpec> mappings{};
};

/// A module that rules import by its id.
struct GlobalSpec {
  std::string id{};
  std::string file{};
  std::string code_file{};
};

/// A file that Panther's backend needs, or that has no Python: known, but not run.
class UnsupportedItem : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a document says it is. \throws InputError when it has an AnalysisType that is no text.
[[nodiscard]] ItemKind kind_of(const YamlValue& document, const std::string& file);
/// Its RuleID, PolicyID, DataModelID, GlobalID or the like; empty without.
[[nodiscard]] std::string id_of(const YamlValue& document);

/// Keys that nobody knows go to `warnings`, one text each.
/// \throws InputError for what the key may not be, with its place; UnsupportedItem for a rule without Python.
[[nodiscard]] RuleSpec read_rule(const YamlValue& document, const std::string& file,
                                 std::vector<std::string>& warnings);
[[nodiscard]] DataModelSpec read_data_model(const YamlValue& document, const std::string& file,
                                            std::vector<std::string>& warnings);
[[nodiscard]] GlobalSpec read_global(const YamlValue& document, const std::string& file,
                                     std::vector<std::string>& warnings);

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/rule_spec_inl.hpp>
#endif
