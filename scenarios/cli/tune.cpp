// `rushhour tune`: other terms, windows and schedules of a rule, all on one pass of the same events.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/elastic/rule.hpp>
#include <rushhour/event/recorded.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/scenario.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "rule_file.hpp"

namespace rushhour::cli {

namespace {

using Json = nlohmann::ordered_json;
using Fields = std::vector<std::string>;

std::string joined(const Fields& fields) {
  std::string out;
  for (const std::string& field : fields) out += (out.empty() ? "" : ", ") + field;
  return out;
}

struct Schedule {
  std::string_view from;
  Duration interval;
};

/// What Elastic's own rules of CloudTrail use (spec new-terms.md 4), and what the truth looks at.
std::vector<Fields> fields_to_try(const elastic::Rule& rule, const Fields& truth) {
  std::vector<Fields> out{rule.new_terms.fields,
                          {"user.id"},
                          {"cloud.account.id", "user.name"},
                          {"aws.cloudtrail.user_identity.arn"},
                          {"user.id", "aws.cloudtrail.request_parameters"},
                          {"user.name", "aws.cloudtrail.request_parameters"}};
  if (truth.size() <= 3) out.push_back(truth);
  std::vector<Fields> distinct;
  for (Fields& fields : out) {
    if (std::ranges::find(distinct, fields) == distinct.end()) distinct.push_back(std::move(fields));
  }
  return distinct;
}

/// The rule as it is first, then every other one. Exceptions, outages and the like are those that the
/// scenario gives this rule.
std::vector<scenario::RulePlan> candidates(const elastic::Rule& rule,
                                           const scenario::DocumentsPlan& documents) {
  const Fields& truth = documents.truth.terms;
  const auto same = std::ranges::find_if(documents.rules, [&](const scenario::RulePlan& plan) {
    return !rule.rule_id.empty() && plan.rule.rule_id == rule.rule_id;
  });
  constexpr std::string_view windows[] = {"now-5d", "now-7d", "now-10d", "now-14d"};
  constexpr Schedule schedules[] = {{"now-6m", std::chrono::minutes{5}},
                                    {"now-9m", std::chrono::minutes{5}},
                                    {"now-60m", std::chrono::minutes{10}},
                                    {"now-119m", std::chrono::minutes{60}}};
  std::vector<scenario::RulePlan> out;
  const auto add = [&](elastic::Rule candidate) {
    scenario::RulePlan plan;
    if (same != documents.rules.end()) plan = *same;
    plan.name = std::to_string(out.size());
    plan.rule = std::move(candidate);
    plan.beside.clear();
    out.push_back(std::move(plan));
  };
  add(rule);
  const std::vector<Fields> all_fields = fields_to_try(rule, truth);
  for (const Fields& fields : all_fields) {
    for (const std::string_view window : windows) {
      for (const Schedule& schedule : schedules) {
        elastic::Rule candidate = rule;
        candidate.new_terms.fields = fields;
        candidate.new_terms.history_window_start = elastic::DateMath::parse(window);
        candidate.from = elastic::DateMath::parse(schedule.from);
        candidate.interval = schedule.interval;
        add(std::move(candidate));
      }
    }
  }
  return out;
}

struct Tried {
  const elastic::Rule* rule{};
  elastic::Scored score{};
  std::uint64_t searches{};
  Ratio alerts_per_day{};
};

/// More of the truth before less, then fewer alerts, then sooner, then fewer searches.
bool is_better(const Tried& a, const Tried& b) {
  if (a.score.found != b.score.found) return a.score.found > b.score.found;
  if (a.score.alerts != b.score.alerts) return a.score.alerts < b.score.alerts;
  if (a.score.delay.mean() != b.score.delay.mean()) return a.score.delay.mean() < b.score.delay.mean();
  return a.searches < b.searches;
}

/// What of the rule's file would change: old lines with -, new ones with +.
std::string toml_difference(const elastic::Rule& rule, const elastic::Rule& other) {
  std::string out;
  const auto line = [&](std::string_view key, const std::string& before, const std::string& after) {
    if (before == after) return;
    out += "    -" + std::string{key} + " = " + before + "\n    +" + std::string{key} + " = " + after + "\n";
  };
  const auto quoted = [](const std::string& text) { return '"' + text + '"'; };
  const auto list = [](const Fields& fields) {
    std::string text;
    for (const std::string& field : fields) text += (text.empty() ? "[\"" : ", \"") + field + "\"";
    return text + "]";
  };
  line("from", quoted(rule.from.text()), quoted(other.from.text()));
  line("interval", quoted(to_text(rule.interval)), quoted(to_text(other.interval)));
  line("new_terms_fields", list(rule.new_terms.fields), list(other.new_terms.fields));
  line("history_window_start", quoted(rule.new_terms.history_window_start.text()),
       quoted(other.new_terms.history_window_start.text()));
  return out.empty() ? "    nothing\n" : out;
}

std::string tenths(Ratio ratio) {
  const std::uint64_t scaled = Ratio{ratio.numerator * 10, ratio.denominator}.of(1);
  return std::to_string(scaled / 10) + "." + std::to_string(scaled % 10);
}

std::string row(const Tried& tried) {
  char out[200];
  std::snprintf(out, sizeof out, "  %4llu of %-6llu %12s %9llu   %-46s %s every %s, %s\n",
                static_cast<unsigned long long>(tried.score.found),
                static_cast<unsigned long long>(tried.score.firsts), tenths(tried.alerts_per_day).c_str(),
                static_cast<unsigned long long>(tried.searches), joined(tried.rule->new_terms.fields).c_str(),
                tried.rule->from.text().c_str(), to_text(tried.rule->interval).c_str(),
                tried.rule->new_terms.history_window_start.text().c_str());
  return out;
}

Json json_of(const Tried& tried) {
  return {{"new_terms_fields", tried.rule->new_terms.fields},
          {"from", tried.rule->from.text()},
          {"interval", to_text(tried.rule->interval)},
          {"history_window_start", tried.rule->new_terms.history_window_start.text()},
          {"firsts", tried.score.firsts},
          {"found", tried.score.found},
          {"alerts", tried.score.alerts},
          {"alerts_per_day", Json::array({tried.alerts_per_day.numerator, tried.alerts_per_day.denominator})},
          {"delay_nanoseconds_mean", tried.score.delay.mean().count()},
          {"searches", tried.searches}};
}

/// The candidates that no other one beats in both recall and alerts, best recall first.
std::vector<Tried> frontier(std::vector<Tried> tried) {
  std::ranges::stable_sort(tried, is_better);
  std::vector<Tried> out;
  for (Tried& each : tried) {
    if (out.empty() || each.score.alerts < out.back().score.alerts) out.push_back(std::move(each));
  }
  return out;
}

void print(const std::vector<Tried>& tried) {
  std::fputs("recall         alerts a day  searches   rule\n", stdout);
  std::printf("as it is\n%s", row(tried.front()).c_str());
  std::fputs("none better in both\n", stdout);
  const std::vector<Tried> best = frontier(tried);
  for (const Tried& each : best) std::fputs(row(each).c_str(), stdout);
  std::vector<Tried> ranked = tried;
  std::ranges::stable_sort(ranked, is_better);
  for (std::size_t i = 0; i < std::min<std::size_t>(3, ranked.size()); ++i) {
    std::printf("\n%zu. finds %llu of %llu with %s alerts a day; change\n%s", i + 1,
                static_cast<unsigned long long>(ranked[i].score.found),
                static_cast<unsigned long long>(ranked[i].score.firsts),
                tenths(ranked[i].alerts_per_day).c_str(),
                toml_difference(*tried.front().rule, *ranked[i].rule).c_str());
  }
}

scenario::Scenario of_file(const TuneCommand& command) {
  scenario::Scenario scenario = scenario::load_scenario(command.scenario);
  if (scenario.documents) return scenario;
  throw InputError({.file = command.scenario,
                    .expected = "a scenario with rules and a truth",
                    .advice = "scenarios/session-name-storm.json is one"});
}

/// From the first arrival to the last.
std::pair<Instant, Instant> span_of(const scenario::RecordedTraffic& recorded) {
  const std::vector<std::filesystem::path> paths(recorded.paths.begin(), recorded.paths.end());
  event::RecordedSource source{paths, {.on_damage = recorded.on_damage}};
  std::pair<Instant, Instant> span{};
  if (const Instant* const first = source.peek()) span = {*first, *first};
  for (event::Event event; source.next(event);) span.second = event.arrival();
  return span;
}

/// Recorded events with a truth from the command line. What it does not say is as the rule has it.
scenario::Scenario of_events(const TuneCommand& command, const elastic::Rule& rule) {
  scenario::Scenario scenario;
  scenario.file = command.events.front();
  scenario.recorded = scenario::RecordedTraffic{.paths = command.events, .rebase = false};
  const auto [first, last] = span_of(*scenario.recorded);
  scenario.start = first + (last - first) / 2;
  if (!command.since.empty()) {
    const auto since = parse_iso8601(command.since);
    if (!since) {
      throw InputError(
          {.expected = "for --since a time such as 2026-03-02T14:00:00Z", .seen = '"' + command.since + '"'});
    }
    scenario.start = *since;
  }
  scenario.duration = std::max<Duration>(last - scenario.start, std::chrono::seconds{1});
  scenario::TruthPlan& truth = scenario.documents.emplace().truth;
  truth.match = command.truth_match.empty() ? rule.query : command.truth_match;
  truth.terms = command.truth_terms.empty() ? rule.new_terms.fields : command.truth_terms;
  truth.window = scenario.start - rule.new_terms.history_window_start.at(scenario.start);
  if (!command.truth_window.empty()) {
    const auto window = parse_duration(command.truth_window);
    if (!window) {
      throw InputError({.expected = "for --truth-window a duration such as 10d",
                        .seen = '"' + command.truth_window + '"'});
    }
    truth.window = *window;
  }
  return scenario;
}

}  // namespace

int tune(const TuneCommand& command) {
  const elastic::Rule rule = load_rule(command.rule);
  if (rule.type != elastic::RuleType::new_terms)
    throw InputError({.file = command.rule, .expected = "a rule of type new_terms"});
  if (command.scenario.empty() && command.events.empty())
    throw InputError({.expected = "--scenario FILE or --events PATH..."});
  scenario::Scenario scenario = command.scenario.empty() ? of_events(command, rule) : of_file(command);
  scenario.documents->rules = candidates(rule, *scenario.documents);
  const std::vector<scenario::RuleResult> results = scenario::run_rules(scenario);
  std::vector<Tried> tried;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(scenario.duration).count();
    tried.push_back(
        {.rule = &scenario.documents->rules[i].rule,
         .score = results[i].score,
         .searches = results[i].runs.searches,
         .alerts_per_day = Ratio{results[i].score.alerts * 86'400, static_cast<std::uint64_t>(seconds)}});
  }
  if (command.json != "-") print(tried);
  if (command.json.empty()) return exit_ok;
  Json out = Json::array();
  for (const Tried& each : tried) out.push_back(json_of(each));
  const std::string text = out.dump(2) + "\n";
  if (command.json == "-") {
    std::fputs(text.c_str(), stdout);
  } else {
    write_file(command.json, text);
  }
  return exit_ok;
}

}  // namespace rushhour::cli
