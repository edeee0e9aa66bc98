#include <rushhour/elastic/rule.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

namespace rushhour::elastic {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");

/// What every rule must have.
constexpr std::string_view head = R"([rule]
name = "a rule"
description = "what it finds"
severity = "high"
risk_score = 73
query = '''event.action: GetSecretValue'''
)";

std::string rule_of(std::string_view rest) { return std::string{head} + std::string{rest}; }

constexpr std::string_view new_terms_keys = R"(type = "new_terms"
[rule.new_terms]
field = "new_terms_fields"
value = ["user.id"]
[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-10d"
)";

std::string broken(std::string_view text) {
  try {
    static_cast<void>(parse_rule(text, "a.toml"));
  } catch (const InputError& error) {
    return error.what();
  } catch (const UnsupportedRule& error) {
    return std::string{"unsupported: "} + error.what();
  }
  return "none";
}

TEST(Rule, HasKibanasDefaults) {
  const Rule rule = parse_rule(rule_of("type = \"query\"\n"), "a.toml");
  EXPECT_EQ(rule.file, "a.toml");
  EXPECT_EQ(rule.type, RuleType::query);
  EXPECT_EQ(rule.language, "kuery");
  EXPECT_EQ(rule.from.text(), "now-6m");
  EXPECT_EQ(rule.to.text(), "now");
  EXPECT_EQ(rule.interval, 5min);
  EXPECT_EQ(rule.max_signals, 100U);
  EXPECT_EQ(rule.timestamp_override, "");
  EXPECT_FALSE(rule.timestamp_override_fallback_disabled);
  EXPECT_FALSE(rule.building_block);
  EXPECT_TRUE(rule.enabled);
  EXPECT_THAT(rule.notes, IsEmpty());
}

TEST(Rule, IsReadWhole) {
  const Rule rule = parse_rule(R"([metadata]
maturity = "production"
[rule]
author = ["us"]
name = "a rule"
rule_id = "5b0c"
type = "new_terms"
description = "what it finds"
note = "# look here"
severity = "medium"
risk_score = 47
tags = ["Domain: Cloud"]
references = ["https://example.com"]
false_positives = ["deployments"]
building_block_type = "default"
enabled = false
index = ["logs-*", "filebeat-*"]
language = "kuery"
query = "a: b"
from = "now-60m"
to = "now-1m"
interval = "10m"
timestamp_override = "event.ingested"
timestamp_override_fallback_disabled = true
max_signals = 20
some_key_of_a_later_version = {a = 1}
[[rule.threat]]
framework = "MITRE ATT&CK"
[[rule.threat.technique]]
id = "T1555"
name = "Credentials from Password Stores"
[[rule.threat.technique.subtechnique]]
id = "T1555.006"
name = "Cloud Secrets Management Stores"
[rule.threat.tactic]
id = "TA0006"
name = "Credential Access"
[rule.new_terms]
field = "new_terms_fields"
value = ["cloud.account.id", "user.name"]
[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-10d"
)",
                               "a.toml");
  EXPECT_EQ(rule.name, "a rule");
  EXPECT_EQ(rule.rule_id, "5b0c");
  EXPECT_EQ(rule.type, RuleType::new_terms);
  EXPECT_EQ(rule.note, "# look here");
  EXPECT_EQ(rule.severity, Severity::medium);
  EXPECT_EQ(rule.risk_score, 47U);
  EXPECT_THAT(rule.author, ElementsAre("us"));
  EXPECT_THAT(rule.tags, ElementsAre("Domain: Cloud"));
  EXPECT_THAT(rule.references, ElementsAre("https://example.com"));
  EXPECT_THAT(rule.false_positives, ElementsAre("deployments"));
  EXPECT_TRUE(rule.building_block);
  EXPECT_FALSE(rule.enabled);
  EXPECT_THAT(rule.index, ElementsAre("logs-*", "filebeat-*"));
  EXPECT_EQ(rule.from.text(), "now-60m");
  EXPECT_EQ(rule.to.text(), "now-1m");
  EXPECT_EQ(rule.interval, 10min);
  EXPECT_EQ(rule.timestamp_override, "event.ingested");
  EXPECT_TRUE(rule.timestamp_override_fallback_disabled);
  EXPECT_EQ(rule.max_signals, 20U);
  EXPECT_THAT(rule.new_terms.fields, ElementsAre("cloud.account.id", "user.name"));
  EXPECT_EQ(rule.new_terms.history_window_start.text(), "now-10d");
  ASSERT_EQ(rule.threat.size(), 1U);
  EXPECT_EQ(rule.threat[0].tactic.id, "TA0006");
  ASSERT_EQ(rule.threat[0].techniques.size(), 1U);
  EXPECT_EQ(rule.threat[0].techniques[0].id, "T1555");
  ASSERT_EQ(rule.threat[0].techniques[0].subtechniques.size(), 1U);
  EXPECT_EQ(rule.threat[0].techniques[0].subtechniques[0].name, "Cloud Secrets Management Stores");
  EXPECT_EQ(rule.place.line, 3U);
}

TEST(Rule, ReadsNewTermsInBothSpellings) {
  const Rule files = parse_rule(rule_of(new_terms_keys));
  const Rule flat = parse_rule(rule_of(R"(type = "new_terms"
new_terms_fields = ["user.id"]
history_window_start = "now-10d"
)"));
  EXPECT_EQ(files.new_terms.fields, flat.new_terms.fields);
  EXPECT_EQ(files.new_terms.history_window_start.text(), flat.new_terms.history_window_start.text());
}

TEST(Rule, IsReadFromKibanasJson) {
  const Rule rule = parse_rule(R"({
  "id": "3c", "rule_id": "5b", "type": "new_terms", "name": "a rule", "description": "d", "severity": "low",
  "risk_score": 21, "enabled": true, "query": "event.action: \"a\"\nand x: y", "language": "kuery",
  "from": "now-540s", "interval": "5m", "new_terms_fields": ["user.id"], "history_window_start": "now-7d",
  "filters": [], "threat": [], "rule_name_override": null,
  "exceptions_list": [{"id": "1", "list_id": "scanners", "type": "detection"}]
})",
                               "a.json");
  EXPECT_EQ(rule.query, "event.action: \"a\"\nand x: y");
  EXPECT_EQ(rule.from.at(start), start - 9min);
  EXPECT_THAT(rule.exception_lists, ElementsAre("scanners"));
  EXPECT_EQ(in_file(rule, {.line = 2, .column = 5, .expected = "e"}).line, 3U);
  EXPECT_EQ(in_file(rule, {.line = 2, .column = 5, .expected = "e"}).column, 73U);
}

TEST(Rule, ReadsThresholds) {
  const Rule rule = parse_rule(rule_of(R"(type = "threshold"
[rule.threshold]
field = ["user.id", "source.ip"]
value = 25
[[rule.threshold.cardinality]]
field = "event.action"
value = 3
)"));
  EXPECT_THAT(rule.threshold.fields, ElementsAre("user.id", "source.ip"));
  EXPECT_EQ(rule.threshold.value, 25U);
  ASSERT_TRUE(rule.threshold.cardinality);
  EXPECT_EQ(rule.threshold.cardinality->field, "event.action");
  EXPECT_EQ(rule.threshold.cardinality->value, 3U);

  const Rule ungrouped = parse_rule(rule_of("type = \"threshold\"\nthreshold = {field = \"\", value = 2}\n"));
  EXPECT_THAT(ungrouped.threshold.fields, IsEmpty());
  EXPECT_FALSE(ungrouped.threshold.cardinality);
  EXPECT_THAT(
      parse_rule(rule_of("type = \"threshold\"\nthreshold = {field = \"a\", value = 2}\n")).threshold.fields,
      ElementsAre("a"));
}

TEST(Rule, KnowsItsRangeAndItsHistory) {
  const Rule rule =
      parse_rule(rule_of(std::string{"from = \"now-60m\"\nto = \"now-5m\"\n"} + std::string{new_terms_keys}));
  const RuleRange range = range_at(rule, start);
  EXPECT_EQ(range.from, start - 60min);
  EXPECT_EQ(range.to, start - 5min);
  EXPECT_EQ(history_start(rule, range), start - 5min - 240h) << "it hangs on the end of the range";
  EXPECT_THROW(static_cast<void>(history_start(rule, {.from = start - 245h, .to = start - 5min})),
               InputError);
}

TEST(Rule, MustHaveAHistoryBeforeItsRange) {
  const std::string equal = broken(rule_of("from = \"now-10d\"\n" + std::string{new_terms_keys}));
  EXPECT_EQ(
      equal,
      "a.toml:14:9: at /rule/new_terms/history_window_start/0/value: expected a history that begins before "
      "from, \"now-10d\", saw \"now-10d\"; Kibana refuses such a rule, and fails its runs");
  EXPECT_EQ(broken(rule_of("from = \"now-239h\"\n" + std::string{new_terms_keys})), "none");
}

TEST(Rule, RunsADraftAndSaysWhatKibanaWouldMiss) {
  const Rule draft = parse_rule("[rule]\ntype = \"query\"\nquery = \"\"\n", "a.toml");
  EXPECT_THAT(draft.notes,
              ElementsAre("Kibana creates no rule without name, description, severity, risk_score"));
  EXPECT_EQ(draft.severity, Severity::low);
}

TEST(Rule, NamesTheKeysThatAreMissing) {
  EXPECT_EQ(broken("[rule]\nname = \"a\"\nquery = \"\"\n"),
            "a.toml:1:1: at /rule: expected a rule with a type, saw none; add type = \"new_terms\"");
  EXPECT_THAT(broken("[metadata]\n"), HasSubstr("expected a key \"rule\": the table [rule]"));
  EXPECT_THAT(
      broken("[rule]\nname=\"a\"\ndescription=\"\"\ntype=\"query\"\nseverity=\"low\"\nrisk_score=1\n"),
      HasSubstr("a.toml:1:1: at /rule: expected a key \"query\""));
}

TEST(Rule, SaysWhereAValueIsWrong) {
  EXPECT_EQ(
      broken(rule_of("type = \"query\"\nfrom = \"now-10x\"\n")),
      "a.toml:8:15: at /rule/from: expected a unit: ms, s, m, h, d, w, M or y, saw \"x\"; date math is like "
      "now-60m, now-1d/d or 2026-01-01||+1M");
  EXPECT_THAT(broken(rule_of("type = \"query\"\ninterval = \"often\"\n")),
              HasSubstr("a.toml:8:12: at /rule/interval: expected an interval such as 5m"));
  EXPECT_THAT(
      broken(rule_of("type = \"query\"\nmax_signals = 0\n")),
      HasSubstr("a.toml:8:15: at /rule/max_signals: expected a whole number from 1 to 1000000, saw 0"));
  EXPECT_THAT(broken(rule_of("type = \"query\"\nindex = [\"a\", 7]\n")),
              HasSubstr("a.toml:8:15: at /rule/index/1: expected a text, saw 7"));
  EXPECT_THAT(broken(rule_of("type = \"question\"\n")),
              HasSubstr("a.toml:7:8: at /rule/type: expected query, "));
  EXPECT_THAT(broken(rule_of("type = \"query\"\nlanguage = \"KQL\"\n")),
              HasSubstr("a.toml:8:12: at /rule/language: expected kuery, saw \"KQL\""));
  EXPECT_THAT(broken(rule_of("type = \"query\"\nfrom = \"now+1m\"\n")),
              HasSubstr("expected a look-back: from before to"));
  EXPECT_THAT(broken(rule_of("type = \"threshold\"\n")), HasSubstr("expected a key \"threshold\""));
  EXPECT_THAT(broken(rule_of("type = \"threshold\"\nthreshold = {field = []}\n")),
              HasSubstr("expected a key \"value\": how many documents make an alert"));
}

TEST(Rule, TakesOneToThreeFields) {
  const auto with = [](std::string_view fields) {
    return broken(rule_of("type = \"new_terms\"\nhistory_window_start = \"now-7d\"\nnew_terms_fields = " +
                          std::string{fields} + "\n"));
  };
  EXPECT_EQ(with(R"(["a", "b", "c"])"), "none");
  EXPECT_THAT(
      with(R"(["a", "b", "c", "d"])"),
      HasSubstr("a.toml:9:20: at /rule/new_terms_fields: expected one to three fields, saw an array of 4"));
  EXPECT_THAT(with("[]"), HasSubstr("expected one to three fields, saw an empty array"));
  EXPECT_THAT(with(R"([""])"), HasSubstr("expected fields with names"));
  EXPECT_THAT(broken(rule_of("type = \"new_terms\"\n")), HasSubstr("expected a key \"new_terms_fields\""));
  EXPECT_THAT(broken(rule_of("type = \"new_terms\"\nnew_terms_fields = [\"a\"]\n")),
              HasSubstr("expected a key \"history_window_start\""));
}

TEST(Rule, SaysWhereTheTomlIsWrong) {
  EXPECT_THAT(broken("[rule]\nname = \n"), HasSubstr("a.toml:2:"));
  EXPECT_THAT(broken("[rule]\nname = \"a\" x\n"), HasSubstr("a.toml:2:12: expected"));
  EXPECT_THAT(broken("[rule]\na = 1\na = 2\n"), HasSubstr("a.toml:3:"));
  EXPECT_THAT(broken("# \xc3\xa9\xc3\xa9\nrule = \"\xc3\xa9\xc3\xa9\" x\n"), HasSubstr("a.toml:2:15: "))
      << "columns count bytes";
  EXPECT_THAT(broken("{\"name\": \"a\",}"), HasSubstr("a.toml:1:14: expected JSON, saw \"}\""));
}

TEST(Rule, SaysWhyItIsNotRun) {
  const auto with = [](std::string_view rest) { return broken(rule_of(rest)); };
  EXPECT_EQ(with("type = \"eql\"\nlanguage = \"eql\"\n"),
            "unsupported: EQL, the language of sequences, is not run");
  EXPECT_EQ(with("type = \"esql\"\n"), "unsupported: ES|QL is not run");
  EXPECT_THAT(with("type = \"machine_learning\"\n"), HasSubstr("unsupported: anomalies"));
  EXPECT_THAT(with("type = \"threat_match\"\n"), HasSubstr("unsupported: matching against"));
  EXPECT_THAT(with("type = \"saved_query\"\n"), HasSubstr("unsupported: the query is stored in Kibana"));
  EXPECT_THAT(with("type = \"query\"\nlanguage = \"lucene\"\n"), HasSubstr("unsupported: queries in Lucene"));
  EXPECT_THAT(with("type = \"query\"\n[[rule.filters]]\n[rule.filters.query]\n"),
              HasSubstr("unsupported: filters in Elasticsearch's query DSL"));
  EXPECT_EQ(with("type = \"query\"\nfilters = []\n"), "none");
  EXPECT_EQ(broken("[rule]\ntype = \"esql\"\n"), "unsupported: ES|QL is not run")
      << "whatever else is missing";
}

TEST(Rule, NotesWhatNoExecutorDoes) {
  const Rule rule = parse_rule(
      rule_of("type = \"query\"\ndata_view_id = \"x\"\n[rule.alert_suppression]\ngroup_by = [\"a\"]\n"));
  EXPECT_THAT(rule.notes, ElementsAre(HasSubstr("alert suppression is not simulated"),
                                      HasSubstr("the data view is not read")));
}

/// Where the first x of a rule's query stands in the file.
std::string place_of_x(std::string_view query) {
  const Rule rule = parse_rule(
      "[rule]\nname=\"a\"\ndescription=\"\"\ntype=\"query\"\nseverity=\"low\"\n"
      "risk_score=1\nquery = " +
          std::string{query} + "\n",
      "a.toml");
  const std::size_t at = rule.query.find('x');
  const std::string before = rule.query.substr(0, at);
  const auto line = static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::uint64_t column = at - (before.rfind('\n') + 1) + 1;
  const Mistake found = in_file(rule, {.line = line, .column = column, .expected = "e"});
  return found.file + ":" + std::to_string(found.line) + ":" + std::to_string(found.column);
}

TEST(QueryPlaces, AreThoseOfTheFile) {
  EXPECT_EQ(place_of_x("'x: b'"), "a.toml:7:10");
  EXPECT_EQ(place_of_x("\"a: x\""), "a.toml:7:13");
  EXPECT_EQ(place_of_x("'''a: x'''"), "a.toml:7:15");
  EXPECT_EQ(place_of_x("'''\nx'''"), "a.toml:8:1");
  EXPECT_EQ(place_of_x("'''\na: b\n   and x: y\n'''"), "a.toml:9:8");
  EXPECT_EQ(place_of_x("'''\r\na: b\r\n   and x: y\n'''"), "a.toml:9:8");
  EXPECT_EQ(place_of_x("\"\"\"\n\na: \\\"b\\\" and\n x\"\"\""), "a.toml:10:2");
}

TEST(QueryPlaces, CountEscapesAsTheyAreWritten) {
  EXPECT_EQ(place_of_x(R"("a: \"b\" and x: y")"), "a.toml:7:23");
  EXPECT_EQ(place_of_x(R"("a: \u00e9 and x: y")"), "a.toml:7:24");
  EXPECT_EQ(place_of_x(R"("a: \U0001f600 and x: y")"), "a.toml:7:28");
  EXPECT_EQ(place_of_x("\"\"\"a: b \\\n    and x: y\"\"\""), "a.toml:8:9");
  EXPECT_EQ(place_of_x("\"\"\"\\\n  x: y\"\"\""), "a.toml:8:3");
}

TEST(QueryPlaces, CountJsonsEscapesToo) {
  const Rule rule = parse_rule(
      R"({"name": "a", "description": "", "type": "query", "severity": "low", "risk_score": 1,
 "query": "a: \"\u00e9\ud83d\ude00\" and\nx: y"})",
      "a.json");
  const Mistake quote = in_file(rule, {.line = 1, .column = 11, .expected = "e"});
  EXPECT_EQ(quote.line, 2U);
  EXPECT_EQ(quote.column, 35U) << "behind 12 characters for one of four bytes";
  const Mistake next_line = in_file(rule, {.line = 2, .column = 1, .expected = "e"});
  EXPECT_EQ(next_line.column, 43U);
}

}  // namespace
}  // namespace rushhour::elastic
