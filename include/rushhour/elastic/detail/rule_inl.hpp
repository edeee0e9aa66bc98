/// \file
/// Bodies of rule.hpp: what the keys of a rule mean, and what Kibana refuses.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/elastic/detail/setting.hpp>
#include <rushhour/elastic/rule.hpp>

namespace rushhour::elastic {
namespace detail {

/// Why rules of a type are not run.
struct OtherType {
  std::string_view name;
  std::string_view reason;
};

inline constexpr std::array<OtherType, 5> other_types{
    {{"eql", "EQL, the language of sequences, is not run"},
     {"esql", "ES|QL is not run"},
     {"machine_learning", "anomalies come from Elastic's machine learning jobs, which are not run"},
     {"threat_match", "matching against an index of indicators is not run"},
     {"saved_query", "the query is stored in Kibana, not in the rule"}}};

/// Reads one rule. `document` is the text it came from, for the places of the query's characters.
class RuleParser {
 public:
  RuleParser(std::string_view document, const Settings& settings, const Setting& rule, std::string pointer)
      : lines_(document), settings_(settings), rule_(settings, rule, std::move(pointer)) {}

  [[nodiscard]] Rule parse() {
    out_.file = settings_.file;
    out_.place = {rule_.table().line, rule_.table().column};
    refuse_other_types();
    require();
    read_type();
    read_words();
    read_threat();
    read_query();
    read_schedule();
    if (out_.type == RuleType::new_terms) read_new_terms();
    if (out_.type == RuleType::threshold) read_threshold();
    note_what_is_ignored();
    return std::move(out_);
  }

 private:
  void refuse_other_types() const;
  void require();
  void read_type();
  void read_words();
  void read_threat();
  void read_query();
  void read_schedule();
  void read_new_terms();
  void read_threshold();
  void note_what_is_ignored();
  [[nodiscard]] elastic::DateMath date_math(const SettingReader& table, std::string_view key) const;
  [[nodiscard]] std::optional<std::pair<SettingReader, std::string_view>> history_setting() const;
  [[nodiscard]] std::vector<std::string> new_terms_fields() const;
  [[noreturn]] void unsupported(const std::string& type, const std::string& reason) const {
    throw UnsupportedRule({.file = settings_.file,
                           .name = rule_.text_or("name", ""),
                           .type = type,
                           .place = {rule_.table().line, rule_.table().column}},
                          reason);
  }

  Lines lines_;
  const Settings& settings_;
  SettingReader rule_;
  Rule out_{};
};

RUSHHOUR_INLINE void RuleParser::refuse_other_types() const {
  const std::string type = rule_.text_or("type", "");
  for (const OtherType& other : other_types) {
    if (other.name == type) unsupported(type, std::string{other.reason});
  }
}

/// A draft runs without what only Kibana's form asks for, and is told so.
RUSHHOUR_INLINE void RuleParser::require() {
  if (rule_.find("type") == nullptr) {
    throw InputError({.file = settings_.file,
                      .line = rule_.table().line,
                      .column = rule_.table().column,
                      .pointer = rule_.pointer(),
                      .expected = "a rule with a type",
                      .seen = "none",
                      .advice = "add type = \"new_terms\""});
  }
  std::string names;
  for (const std::string_view key : {"name", "description", "severity", "risk_score"}) {
    if (rule_.find(key) != nullptr) continue;
    if (!names.empty()) names += ", ";
    names += key;
  }
  if (!names.empty()) out_.notes.push_back("Kibana creates no rule without " + names);
}

RUSHHOUR_INLINE void RuleParser::read_type() {
  const std::string type = *rule_.text("type");
  if (type == "query") {
    out_.type = RuleType::query;
  } else if (type == "new_terms") {
    out_.type = RuleType::new_terms;
  } else if (type == "threshold") {
    out_.type = RuleType::threshold;
  } else {
    rule_.fail("type",
               "query, new_terms, threshold, eql, esql, machine_learning, threat_match or saved_query");
  }
  out_.language = rule_.text_or("language", "kuery");
  if (out_.language == "lucene") unsupported(type, "queries in Lucene's syntax are not run, only KQL");
  if (out_.language != "kuery") rule_.fail("language", "kuery", "the type says which language it is in");
  const Setting* const filters = rule_.find("filters");
  if (filters != nullptr && !filters->children.empty()) {
    unsupported(type, "filters in Elasticsearch's query DSL are not run");
  }
}

RUSHHOUR_INLINE void RuleParser::read_words() {
  out_.name = rule_.text_or("name", "unnamed rule");
  if (out_.name.empty()) rule_.fail("name", "a text that is not empty");
  out_.rule_id = rule_.text_or("rule_id", "");
  out_.enabled = rule_.boolean_or("enabled", true);
  out_.description = rule_.text_or("description", "");
  out_.note = rule_.text_or("note", "");
  const std::string severity = rule_.text_or("severity", "low");
  constexpr std::array severities{Severity::low, Severity::medium, Severity::high, Severity::critical};
  bool is_known = false;
  for (const Severity each : severities) {
    if (to_text(each) != severity) continue;
    out_.severity = each;
    is_known = true;
  }
  if (!is_known) rule_.fail("severity", "low, medium, high or critical");
  out_.risk_score = static_cast<std::uint32_t>(rule_.integer("risk_score", 0, 100).value_or(0));
  out_.author = rule_.texts("author");
  out_.tags = rule_.texts("tags");
  out_.references = rule_.texts("references");
  out_.false_positives = rule_.texts("false_positives");
  const auto building_block = rule_.text("building_block_type");
  if (building_block && *building_block != "default") rule_.fail("building_block_type", "\"default\"");
  out_.building_block = building_block.has_value();
}

RUSHHOUR_INLINE void RuleParser::read_threat() {
  const auto entry = [](const SettingReader& table) {
    return CatalogueEntry{.id = table.text_or("id", ""), .name = table.text_or("name", "")};
  };
  for (const SettingReader& table : rule_.tables("threat")) {
    Threat& threat = out_.threat.emplace_back();
    threat.framework = table.text_or("framework", "");
    if (const auto tactic = table.sub_table("tactic")) threat.tactic = entry(*tactic);
    for (const SettingReader& technique : table.tables("technique")) {
      CatalogueEntry own = entry(technique);
      Technique& read = threat.techniques.emplace_back();
      read.id = std::move(own.id);
      read.name = std::move(own.name);
      for (const SettingReader& each : technique.tables("subtechnique")) {
        read.subtechniques.push_back(entry(each));
      }
    }
  }
}

RUSHHOUR_INLINE void RuleParser::read_query() {
  const auto query = rule_.text("query");
  if (!query) rule_.fail("query", "what the rule looks for, in KQL", "add query = '''event.action: ...'''");
  out_.query = *query;
  out_.index = rule_.texts("index");
  const Setting& written = *rule_.find("query");
  const std::size_t offset = lines_.offset(written.line, written.column);
  out_.query_places =
      WrittenText{lines_.text().substr(offset), out_.query, {written.line, written.column}}.places();
}

RUSHHOUR_INLINE elastic::DateMath RuleParser::date_math(const SettingReader& table,
                                                        std::string_view key) const {
  const auto text = table.text(key);
  try {
    return elastic::DateMath::parse(*text);
  } catch (const InputError& error) {
    table.fail_inside(key, error.mistake());
  }
}

RUSHHOUR_INLINE void RuleParser::read_schedule() {
  if (rule_.find("from") != nullptr) out_.from = date_math(rule_, "from");
  if (rule_.find("to") != nullptr) out_.to = date_math(rule_, "to");
  if (const auto interval = rule_.text("interval")) {
    try {
      out_.interval = parse_interval(*interval);
    } catch (const InputError& error) {
      rule_.fail_inside("interval", error.mistake());
    }
  }
  // At any instant, where neither end is tied to the calendar: the same as at this one.
  const Instant now = Instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  if (out_.from.is_relative() && out_.to.is_relative() && out_.from.at(now) >= out_.to.at(now)) {
    rule_.fail("from", "a look-back: from before to", "from = \"now-6m\" is Kibana's own");
  }
  out_.timestamp_override = rule_.text_or("timestamp_override", "");
  out_.timestamp_override_fallback_disabled = rule_.boolean_or("timestamp_override_fallback_disabled", false);
  const auto max_signals = rule_.integer("max_signals", 1, 1'000'000);
  if (max_signals) out_.max_signals = static_cast<std::uint32_t>(*max_signals);
}

/// In the API's spelling, or the one of rule files.
RUSHHOUR_INLINE std::vector<std::string> RuleParser::new_terms_fields() const {
  if (rule_.find("new_terms_fields") != nullptr) return rule_.texts("new_terms_fields");
  const auto table = rule_.sub_table("new_terms");
  if (!table) {
    rule_.fail("new_terms_fields", "one to three fields",
               "or [rule.new_terms] with field = \"new_terms_fields\" and value = [\"user.id\"]");
  }
  if (table->text_or("field", "") != "new_terms_fields") table->fail("field", "\"new_terms_fields\"");
  if (table->find("value") == nullptr) table->fail("value", "one to three fields");
  return table->texts("value");
}

/// The table and the key that hold the start of the history.
RUSHHOUR_INLINE std::optional<std::pair<SettingReader, std::string_view>> RuleParser::history_setting()
    const {
  if (rule_.find("history_window_start") != nullptr) return std::pair{rule_, "history_window_start"};
  const auto table = rule_.sub_table("new_terms");
  if (!table) return std::nullopt;
  for (const SettingReader& each : table->tables("history_window_start")) {
    if (each.text_or("field", "") == "history_window_start" && each.find("value") != nullptr) {
      return std::pair{each, "value"};
    }
  }
  return std::nullopt;
}

RUSHHOUR_INLINE void RuleParser::read_new_terms() {
  out_.new_terms.fields = new_terms_fields();
  const std::size_t count = out_.new_terms.fields.size();
  const auto table = rule_.sub_table("new_terms");
  const bool is_flat = rule_.find("new_terms_fields") != nullptr;
  const SettingReader& fields = is_flat || !table ? rule_ : *table;
  const std::string_view key = is_flat ? "new_terms_fields" : "value";
  if (count < 1 || count > 3) {
    fields.fail(key, "one to three fields", "Kibana takes no more than three");
  }
  for (const std::string& field : out_.new_terms.fields) {
    if (field.empty()) fields.fail(key, "fields with names, not an empty text");
  }
  const auto history = history_setting();
  if (!history) {
    rule_.fail("history_window_start", "when the history begins, such as \"now-10d\"",
               "or [[rule.new_terms.history_window_start]] with field and value");
  }
  out_.new_terms.history_window_start = date_math(history->first, history->second);
  const elastic::DateMath& start = out_.new_terms.history_window_start;
  if (!start.is_relative() || !out_.from.is_relative() || !out_.to.is_relative()) return;
  const Instant now = Instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  const RuleRange range = range_at(out_, now);
  if (start.at(range.to) >= range.from) {
    history->first.fail(history->second, "a history that begins before from, \"" + out_.from.text() + "\"",
                        "Kibana refuses such a rule, and fails its runs");
  }
}

RUSHHOUR_INLINE void RuleParser::read_threshold() {
  const auto table = rule_.sub_table("threshold");
  if (!table) rule_.fail("threshold", "a table with field and value", "add [rule.threshold]");
  const Setting* const field = table->find("field");
  if (field != nullptr && field->kind == Setting::Kind::text) {
    if (!field->text.empty()) out_.threshold.fields = {field->text};
  } else {
    out_.threshold.fields = table->texts("field");
  }
  const auto value = table->integer("value", 1);
  if (!value) table->fail("value", "how many documents make an alert");
  out_.threshold.value = static_cast<std::uint64_t>(*value);
  const auto cardinalities = table->tables("cardinality");
  if (cardinalities.size() > 1) table->fail("cardinality", "at most one entry");
  if (cardinalities.empty()) return;
  const SettingReader& cardinality = cardinalities.front();
  const auto counted = cardinality.text("field");
  const auto at_least = cardinality.integer("value", 0);
  if (!counted || counted->empty()) cardinality.fail("field", "the field whose values are counted");
  if (!at_least) cardinality.fail("value", "how many different values make an alert");
  out_.threshold.cardinality = {.field = *counted, .value = static_cast<std::uint64_t>(*at_least)};
}

RUSHHOUR_INLINE void RuleParser::note_what_is_ignored() {
  for (const SettingReader& list : rule_.tables("exceptions_list")) {
    out_.exception_lists.push_back(list.text_or("list_id", list.text_or("id", "")));
  }
  if (rule_.find("alert_suppression") != nullptr) {
    out_.notes.emplace_back("alert suppression is not simulated: each alert is counted");
  }
  if (rule_.find("data_view_id") != nullptr) {
    out_.notes.emplace_back("the data view is not read: the rule is run on every document");
  }
}

RUSHHOUR_INLINE Rule read_rule(std::string_view document, const Settings& settings, const Setting& rule,
                               std::string pointer) {
  return RuleParser{document, settings, rule, std::move(pointer)}.parse();
}

}  // namespace detail

RUSHHOUR_INLINE Mistake in_file(const Rule& rule, const Mistake& in_query) {
  std::size_t at = 0;
  for (std::uint64_t line = 1; line < in_query.line; ++line) {
    const std::size_t end = rule.query.find('\n', at);
    if (end == std::string::npos) break;
    at = end + 1;
  }
  if (in_query.column > 1) at += in_query.column - 1;
  const Place place = rule.query_places.at(std::min(at, rule.query.size()));
  Mistake out = in_query;
  out.file = rule.file;
  out.line = place.line;
  out.column = place.column;
  return out;
}

RUSHHOUR_INLINE Rule parse_rule(std::string_view text, std::string file) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') {
    const detail::Settings settings = detail::read_json(text, std::move(file));
    return detail::read_rule(text, settings, settings.root, "");
  }
  const detail::Settings settings = detail::read_toml(text, std::move(file));
  const detail::Setting* const rule = settings.root.find("rule");
  if (rule == nullptr) {
    detail::SettingReader{settings, settings.root, ""}.fail("rule", "the table [rule]",
                                                            "a rule file has [metadata] and [rule]");
  }
  return detail::read_rule(text, settings, *rule, "/rule");
}

RUSHHOUR_INLINE Rule load_rule(const std::string& path) {
  return parse_rule(detail::read_text(path, "a rule"), path);
}

}  // namespace rushhour::elastic
