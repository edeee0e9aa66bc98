/// \file
/// Reads a scenario's rules and truth:
///
///     "rules": [{"file": "rules/first-secret-read-by-identity.toml", "executor": "esql", "beside":
///     ["..."]}], "truth": {"match": "event.action: GetSecretValue", "terms": ["user.id"], "window": "10d"},
///     "documents": {"shape": "fleet", "ingest_delay": "30s"}
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/elastic/kql.hpp>
#include <rushhour/scenario/detail/reading.hpp>
#include <rushhour/scenario/plan.hpp>
#include <rushhour/scenario/rule_trials.hpp>

namespace rushhour::scenario::detail {

inline elastic::Rule read_rule_file(const Value& file, const Scenario& scenario) {
  try {
    elastic::Rule rule = elastic::load_rule(beside(scenario.file, file.text()));
    if (rule.type != elastic::RuleType::new_terms) file.fail("a rule of type new_terms");
    return rule;
  } catch (const elastic::UnsupportedRule& error) {
    file.fail("a rule that can be run", error.what());
  }
}

inline OutagePlan read_outage(Reader reader, Duration duration) {
  const OutagePlan outage{
      .from = reader.duration("from", {.max = duration}),
      .lasting = reader.duration("for", {.min = std::chrono::seconds{1}, .max = duration_max})};
  reader.done();
  return outage;
}

/// Refuses what is no KQL, at its place.
inline void read_query(const Value& value) {
  try {
    static_cast<void>(elastic::parse_kql(value.text()));
  } catch (const InputError& error) {
    const Mistake& mistake = error.mistake();
    value.place_inside().fail(
        mistake.expected + " at character " + std::to_string(mistake.column) + " of the query", mistake.seen,
        mistake.advice);
  }
}

/// What the scenario changes of the rule in the file: `{"max_signals": 500, "from": "now-9m"}`, by the names
/// that rules use.
inline void read_changes(Reader reader, elastic::Rule& rule) {
  const auto date = [&](std::string_view key, elastic::DateMath& into) {
    const auto text = reader.find(key);
    if (!text) return;
    try {
      into = elastic::DateMath::parse(text->text());
    } catch (const InputError& error) {
      text->fail(error.mistake().expected, error.mistake().advice);
    }
  };
  date("from", rule.from);
  date("to", rule.to);
  date("history_window_start", rule.new_terms.history_window_start);
  rule.interval = reader.optional_duration("interval", rule.interval,
                                           {.min = std::chrono::seconds{1}, .max = duration_max});
  rule.max_signals =
      reader.optional_integer<std::uint32_t>("max_signals", rule.max_signals, {.min = 1, .max = 1'000'000});
  rule.timestamp_override = reader.optional_text("timestamp_override", rule.timestamp_override);
  if (const auto fields = reader.find("new_terms_fields")) {
    rule.new_terms.fields.clear();
    for (const Value& field : fields->array({.min = 1, .max = 3}))
      rule.new_terms.fields.push_back(field.text());
  }
  if (const auto query = reader.find("query")) {
    read_query(*query);
    rule.query = query->text();
    rule.query_places = {};
  }
  reader.done();
}

inline RulePlan read_rule(Reader reader, const Scenario& scenario) {
  RulePlan plan{.rule = read_rule_file(reader.at("file", "\"rules/rule.toml\""), scenario)};
  plan.name = reader.optional_text("name", plan.rule.name);
  if (auto changes = reader.optional_object("set")) read_changes(std::move(*changes), plan.rule);
  if (const auto exceptions = reader.find("exceptions"))
    plan.exceptions = elastic::load_exceptions(beside(scenario.file, exceptions->text()));
  plan.executor = reader.optional_choice<elastic::Executor>(
      "executor", plan.executor,
      {{"aggregation", elastic::Executor::aggregation}, {"esql", elastic::Executor::esql}});
  plan.ties = reader.optional_choice<elastic::Ties>(
      "ties", plan.ties, {{"alternating", elastic::Ties::alternating}, {"stable", elastic::Ties::stable}});
  plan.refresh = reader.optional_duration("refresh", plan.refresh, {.max = std::chrono::hours{1}});
  for (const Value& outage : reader.optional_array("outages"))
    plan.outages.push_back(read_outage(outage.object(), scenario.duration));
  for (const Value& other : reader.optional_array("beside")) {
    plan.beside.push_back(other.text());
    require_word(other, plan.beside.back(), detection_kinds());
  }
  reader.done();
  return plan;
}

inline TruthPlan read_truth(Reader reader) {
  TruthPlan truth;
  const Value match = reader.at("match", "\"event.action: GetSecretValue\"");
  truth.match = match.text();
  read_query(match);
  for (const Value& term : reader.at("terms", "[\"user.id\"]").array({.min = 1}))
    truth.terms.push_back(term.text());
  truth.window =
      reader.at("window", "\"10d\"").duration({.min = std::chrono::seconds{1}, .max = duration_max});
  reader.done();
  return truth;
}

/// After the duration and the traffic.
inline void read_rules(Reader& root, Scenario& scenario) {
  const auto rules = root.find("rules");
  auto truth = root.optional_object("truth");
  auto documents = root.optional_object("documents");
  if (!rules) {
    if (truth) truth->value().fail("no truth without \"rules\"");
    if (documents) documents->value().fail("no documents without \"rules\"");
    return;
  }
  scenario.documents.emplace();
  for (const Value& rule : rules->array({.min = 1})) {
    scenario.documents->rules.push_back(read_rule(rule.object(), scenario));
    const auto names = names_of(scenario.documents->rules);
    if (std::count(names.begin(), names.end(), names.back()) > 1)
      rule.fail("rules with distinct names", "give this one a \"name\" of its own");
  }
  if (!truth) {
    rules->fail(
        "a \"truth\" beside the rules, to hold them against",
        R"(write "truth": {"match": "event.action: GetSecretValue", "terms": ["user.id"], "window": "10d"})");
  }
  scenario.documents->truth = read_truth(std::move(*truth));
  if (!documents) return;
  event::EcsOptions& ecs = scenario.documents->ecs;
  ecs.shape = documents->optional_choice<event::EcsShape>(
      "shape", ecs.shape, {{"fleet", event::EcsShape::fleet}, {"filebeat", event::EcsShape::filebeat}});
  ecs.ingest_delay =
      documents->optional_duration("ingest_delay", ecs.ingest_delay, {.max = std::chrono::hours{24}});
  if (const auto limit = documents->find("searches_per_minute"))
    scenario.documents->searches_per_minute = limit->integer({.min = 1, .max = 1'000'000'000});
  documents->done();
}

}  // namespace rushhour::scenario::detail
