/// \file
/// Which keys the files of Panther's format have, and what may stand there.
#pragma once

#include <array>
#include <filesystem>
#include <utility>

#include <rushhour/panther/detail/yaml_reader.hpp>
#include <rushhour/panther/rule_spec.hpp>

namespace rushhour::panther {
namespace detail {

/// The key that holds the id of each kind of item.
struct IdKey {
  ItemKind kind{};
  std::string_view key{};
};
inline constexpr std::array<IdKey, 10> id_keys{{{ItemKind::rule, "RuleID"},
                                                {ItemKind::scheduled_rule, "RuleID"},
                                                {ItemKind::correlation_rule, "RuleID"},
                                                {ItemKind::policy, "PolicyID"},
                                                {ItemKind::data_model, "DataModelID"},
                                                {ItemKind::global_helper, "GlobalID"},
                                                {ItemKind::lookup_table, "LookupName"},
                                                {ItemKind::scheduled_query, "QueryName"},
                                                {ItemKind::saved_query, "QueryName"},
                                                {ItemKind::pack, "PackID"}}};

[[nodiscard]] RUSHHOUR_INLINE std::string beside(const std::string& file, const std::string& name) {
  return (std::filesystem::path{file}.parent_path() / name).lexically_normal().generic_string();
}

[[nodiscard]] RUSHHOUR_INLINE detect::Severity read_severity(YamlReader& reader) {
  const std::string text = reader.text("Severity", "Info, Low, Medium, High or Critical");
  for (const auto severity : {detect::Severity::info, detect::Severity::low, detect::Severity::medium,
                              detect::Severity::high, detect::Severity::critical}) {
    if (event::detail::same_ignoring_case(text, to_text(severity))) return severity;
  }
  reader.fail("Severity", "Info, Low, Medium, High or Critical");
}

[[nodiscard]] RUSHHOUR_INLINE MockSpec read_mock(YamlReader reader, std::vector<std::string>& warnings) {
  MockSpec out{.object_name = reader.text("objectName", "the name of something in the rule's module"),
               .line = reader.mapping().line};
  if (const YamlValue* const value = reader.mapping().find("returnValue")) out.return_value = *value;
  reader.warn_of_others({"returnValue"}, warnings);
  return out;
}

[[nodiscard]] RUSHHOUR_INLINE TestSpec read_test(YamlReader reader, std::vector<std::string>& warnings) {
  TestSpec out{.line = reader.mapping().line};
  out.name = reader.text_or_empty("Name");
  if (out.name.empty()) reader.fail("Name", "what the test is called");
  const std::optional<bool> expected = reader.boolean("ExpectedResult");
  if (!expected) reader.fail("ExpectedResult", "true or false: whether the rule matches");
  out.expected = *expected;
  const YamlValue* log = reader.find("Log");
  const YamlValue* const resource = reader.find("Resource");
  if (log == nullptr) log = resource;
  if (log == nullptr || !log->is_mapping()) reader.fail("Log", "the event of the test: a mapping");
  out.record = *log;
  for (YamlReader& mock : reader.mappings("Mocks")) out.mocks.push_back(read_mock(std::move(mock), warnings));
  // Of older files and of Panther's console; they change no verdict.
  reader.warn_of_others({"LogType", "ResourceType", "Schema"}, warnings);
  return out;
}

/// Detections that Panther's backend runs: there is no Python to call.
RUSHHOUR_INLINE void refuse_without_python(YamlReader& reader) {
  if (reader.find("Detection") != nullptr) {
    throw UnsupportedItem("a simple detection, without Python, is not run");
  }
  if (reader.find("BaseDetection") != nullptr) {
    throw UnsupportedItem("a detection derived from another is not run");
  }
  // Panther's console writes an empty list of conditions, which all events fulfil.
  const YamlValue* const filters = reader.find("InlineFilters");
  if (filters == nullptr) return;
  for (const YamlValue& filter : filters->children) {
    const bool is_empty = filter.is_mapping() && filter.children.size() == 1 &&
                          filter.children.front().is_sequence() && filter.children.front().children.empty();
    if (!is_empty)
      throw UnsupportedItem("a rule with InlineFilters is not run: without them it sees more events");
  }
}

}  // namespace detail

RUSHHOUR_INLINE ItemKind kind_of(const YamlValue& document, const std::string& file) {
  const YamlValue* const type = document.find("AnalysisType");
  if (type == nullptr) return ItemKind::unknown;
  const auto last = static_cast<std::size_t>(ItemKind::unknown);
  for (std::size_t i = 0; type->is_text() && i < last; ++i) {
    const auto kind = static_cast<ItemKind>(i);
    if (type->text == to_text(kind)) return kind;
  }
  throw InputError({.file = file,
                    .line = type->line,
                    .column = type->column,
                    .pointer = "/AnalysisType",
                    .expected = "rule, scheduled_rule, datamodel, global or another of Panther's types",
                    .seen = seen(*type)});
}

RUSHHOUR_INLINE std::string id_of(const YamlValue& document) {
  for (const detail::IdKey& each : detail::id_keys) {
    const YamlValue* const found = document.find(each.key);
    if (found != nullptr && found->is_text()) return found->text;
  }
  return {};
}

RUSHHOUR_INLINE RuleSpec read_rule(const YamlValue& document, const std::string& file,
                                   std::vector<std::string>& warnings) {
  detail::YamlReader reader{document, file, ""};
  RuleSpec out{.kind = kind_of(document, file), .file = file};
  out.id = reader.text("RuleID", "the rule's name, such as \"AWS.Secrets.Read\"");
  out.line = document.find("RuleID")->line;
  detail::refuse_without_python(reader);
  out.code_file = detail::beside(file, reader.text("Filename", "the Python file beside this one"));
  out.enabled = reader.boolean("Enabled").value_or(true);
  out.log_types = reader.texts("LogTypes");
  if (out.kind == ItemKind::rule && out.log_types.empty()) {
    reader.fail("LogTypes", "the log types whose events it sees, such as [AWS.CloudTrail]");
  }
  out.severity = detail::read_severity(reader);
  out.display_name = reader.text_or_empty("DisplayName");
  out.description = reader.text_or_empty("Description");
  out.reference = reader.text_or_empty("Reference");
  out.runbook = reader.text_or_empty("Runbook");
  out.output_ids = reader.texts("OutputIds");
  out.tags = reader.texts("Tags");
  if (const auto minutes = reader.integer("DedupPeriodMinutes", 1)) {
    out.dedup_period = std::chrono::minutes{*minutes};
  }
  out.threshold = static_cast<std::uint64_t>(reader.integer("Threshold", 1).value_or(1));
  out.create_alert = reader.boolean("CreateAlert").value_or(true);
  for (detail::YamlReader& test : reader.mappings("Tests")) {
    out.tests.push_back(detail::read_test(std::move(test), warnings));
  }
  reader.warn_of_others(
      {"AnalysisType", "ScheduledQueries", "Reports", "SummaryAttributes", "Status", "OnlyUseBaseRiskScore",
       "DynamicSeverities", "AlertTitle", "AlertContext", "GroupBy", "InlineFilters"},
      warnings);
  return out;
}

RUSHHOUR_INLINE DataModelSpec read_data_model(const YamlValue& document, const std::string& file,
                                              std::vector<std::string>& warnings) {
  detail::YamlReader reader{document, file, ""};
  DataModelSpec out{.id = reader.text("DataModelID", "the data model's name"), .file = file};
  if (const std::string name = reader.text_or_empty("Filename"); !name.empty()) {
    out.code_file = detail::beside(file, name);
  }
  out.enabled = reader.boolean("Enabled").value_or(true);
  out.log_types = reader.texts("LogTypes");
  if (out.log_types.size() != 1) reader.fail("LogTypes", "a sequence of one log type");
  for (detail::YamlReader& mapping : reader.mappings("Mappings")) {
    MappingSpec each{.name = mapping.text("Name", "the common name, such as source_ip"),
                     .path = mapping.text_or_empty("Path"),
                     .method = mapping.text_or_empty("Method"),
                     .line = mapping.mapping().line};
    if (each.path.empty() == each.method.empty()) {
      mapping.fail(mapping.mapping(), mapping.pointer(), "a Path or a Method", "one of them, not both");
    }
    if (!each.method.empty() && out.code_file.empty()) {
      mapping.fail("Method", "a Path, or a Filename in the data model", "its Python has the function");
    }
    if (each.path.starts_with("$.")) each.path.erase(0, 2);
    // All 208 paths of Panther's own data models are keys joined by dots (spec panther.md 1.5).
    if (each.path.find_first_of("[]*?@$()") != std::string::npos ||
        each.path.find("..") != std::string::npos) {
      mapping.fail("Path", "keys joined by dots, such as userIdentity.arn",
                   "write a Method for what JSONPath would select");
    }
    mapping.warn_of_others({}, warnings);
    out.mappings.push_back(std::move(each));
  }
  reader.warn_of_others({"AnalysisType", "DisplayName", "Description", "Tags"}, warnings);
  return out;
}

RUSHHOUR_INLINE GlobalSpec read_global(const YamlValue& document, const std::string& file,
                                       std::vector<std::string>& warnings) {
  detail::YamlReader reader{document, file, ""};
  GlobalSpec out{.id = reader.text("GlobalID", "the name under which rules import it"), .file = file};
  out.code_file = detail::beside(file, reader.text("Filename", "the Python file beside this one"));
  reader.warn_of_others({"AnalysisType", "Description", "Tags", "Reference"}, warnings);
  return out;
}

}  // namespace rushhour::panther
