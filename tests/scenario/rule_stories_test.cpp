// What the shipped scenarios with Elastic's rules claim in their comments.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/input_error.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/scenario.hpp>

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;
using elastic::Cause;
using elastic::Finding;
using elastic::FindingKind;
using testing::HasSubstr;
using testing::IsEmpty;

Scenario shipped(const std::string& name) { return load_scenario("scenarios/" + name + ".json"); }

std::vector<RuleResult> results_of(const std::string& name) { return run_rules(shipped(name)); }

const RuleResult& rule(const std::vector<RuleResult>& results, std::string_view name) {
  return *std::ranges::find(results, name, &RuleResult::name);
}

std::optional<Finding> finding(const RuleResult& result, FindingKind kind, Cause cause) {
  for (const Finding& each : result.findings) {
    if (each.kind == kind && each.cause == cause) return each;
  }
  return std::nullopt;
}

std::uint64_t count(const RuleResult& result, FindingKind kind, Cause cause) {
  const auto found = finding(result, kind, cause);
  return found ? found->count : 0;
}

/// Each missed first has its cause, and so has each alert that tells of nothing.
void expect_accounts(const RuleResult& result) {
  std::uint64_t missed = 0;
  std::uint64_t told_in_vain = 0;
  for (const Finding& each : result.findings) {
    if (each.kind == FindingKind::missed) missed += each.count;
    if (each.kind == FindingKind::duplicate || each.kind == FindingKind::not_truly_new)
      told_in_vain += each.count;
  }
  EXPECT_EQ(missed, result.score.missed()) << result.name;
  EXPECT_EQ(told_in_vain, result.score.alerts - result.score.found) << result.name;
}

TEST(RuleStories, SessionsUnderNewNamesStarveARuleOnUserId) {
  Scenario scenario = shipped("session-name-storm");
  scenario.secret_readers->history = 192h;  // longer than others learn in silence
  const std::vector<RuleResult> results = run_rules(scenario);
  const RuleResult& by_identity = rule(results, "by identity");
  EXPECT_EQ(by_identity.score.firsts, 6U);
  EXPECT_EQ(by_identity.score.found, 0U);
  EXPECT_GE(by_identity.runs.truncated, 35U);
  EXPECT_EQ(count(by_identity, FindingKind::missed, Cause::max_signals), 6U);
  EXPECT_EQ(by_identity.beside.size(), 6U);
  for (const elastic::Scored& other : by_identity.beside) {
    const bool is_kibana = other.detection.starts_with("kibana");
    EXPECT_EQ(other.found, is_kibana ? 0U : 6U) << other.detection;
  }
  const RuleResult& by_role = rule(results, "by role");
  EXPECT_EQ(by_role.score.found, 6U);
  EXPECT_THAT(by_role.findings, IsEmpty());
  for (const RuleResult& result : results) expect_accounts(result);
}

TEST(RuleStories, WhatIsFirstSeenInAnOutageNeverAlerts) {
  const std::vector<RuleResult> results = results_of("rule-outage");
  const RuleResult& by_role = rule(results, "by role");
  EXPECT_EQ(by_role.runs.with_gap, 1U);
  EXPECT_EQ(by_role.runs.catch_ups, 4U);
  EXPECT_EQ(count(by_role, FindingKind::missed, Cause::gap), by_role.score.missed());
  EXPECT_GT(by_role.score.missed(), 0U);
  EXPECT_LT(rule(results, "by identity").score.missed(), by_role.score.missed())
      << "a look-back of an hour survives more";
  for (const RuleResult& result : results) expect_accounts(result);
}

TEST(RuleStories, LateFilesCostTimeByIngestionAndAlertsByTimestamp) {
  const std::vector<RuleResult> results = results_of("late-delivery");
  const RuleResult& by_ingestion = rule(results, "by role");
  EXPECT_EQ(by_ingestion.score.missed(), 0U);
  EXPECT_GT(by_ingestion.score.delay.max(), 30min);
  const RuleResult& by_timestamp = rule(results, "by role and @timestamp");
  EXPECT_GT(by_timestamp.score.missed(), 0U);
  EXPECT_EQ(count(by_timestamp, FindingKind::missed, Cause::late_arrival), by_timestamp.score.missed());
  for (const RuleResult& result : results) expect_accounts(result);
}

TEST(RuleStories, ARuleOnUserNameNeverSeesRoot) {
  const std::vector<RuleResult> results = results_of("root-blind-spot");
  const RuleResult& by_role = rule(results, "by role");
  EXPECT_EQ(by_role.score.found, 0U);
  EXPECT_EQ(count(by_role, FindingKind::missed, Cause::missing_field), 3U);
  EXPECT_EQ(rule(results, "by identity").score.found, 3U);
  for (const RuleResult& result : results) expect_accounts(result);
}

TEST(RuleStories, ThePromiseOfTheNoteIsNotWhatTheRuleKeeps) {
  Scenario scenario = load_scenario("scenarios/first-seen-secret.json", {.events = 50'000});
  const std::vector<RuleResult> results = run_rules(scenario);
  const RuleResult& by_identity = rule(results, "by identity");
  EXPECT_GT(count(by_identity, FindingKind::missed, Cause::coarser_terms), 0U);
  const RuleResult& kept = rule(results, "by identity and secret");
  EXPECT_EQ(count(kept, FindingKind::missed, Cause::coarser_terms), 0U);
  EXPECT_GT(kept.score.found, by_identity.score.found);
  for (const RuleResult& result : results) expect_accounts(result);
}

TEST(RuleStories, ADetectionsOwnCallsAlertTheRule) {
  const auto done = run(load_scenario("scenarios/self-inflicted-first-time.json", {.events = 40'000}));
  const RuleResult& by_role = rule(done->rules, "by role");
  EXPECT_EQ(by_role.score.firsts, 1U) << "the role that the engine assumes";
  EXPECT_EQ(by_role.score.found, 1U);
  Scenario deaf = load_scenario("scenarios/self-inflicted-first-time.json", {.events = 40'000});
  deaf.feedback.reset();
  EXPECT_EQ(run(std::move(deaf))->rules.front().score.firsts, 0U);
}

TEST(RuleStories, DetectionsDoNotSeeTheHistory) {
  const auto done = run(load_scenario("tests/scenario/data/history.json"));
  EXPECT_EQ(done->history, 4'000U);
  EXPECT_EQ(done->result.delivery.delivered, 6'000U);
  EXPECT_EQ(done->result.detections.front().events, 6'000U);
  EXPECT_EQ(done->rules.front().passages.events, 10'000U);
}

TEST(RuleStories, ExceptionsTellWhatTheyRemoveAndHide) {
  const auto done = run(load_scenario("tests/report/rules.json"));
  const RuleResult& excepted = done->rules.at(1);
  ASSERT_EQ(excepted.exceptions.size(), 1U);
  EXPECT_EQ(excepted.exceptions.front().documents, 2U);
  EXPECT_EQ(excepted.exceptions.front().firsts, 2U);
  EXPECT_GT(excepted.exceptions.front().alerts, 0U);
  EXPECT_EQ(count(excepted, FindingKind::missed, Cause::exception), 2U);
}

TEST(RuleSearches, AreCountedByTheMinuteOnOneLimiter) {
  const SearchLoad load =
      search_load({{Instant{70s}, 5}, {Instant{10s}, 3}, {Instant{119s}, 4}, {Instant{120s}, 2}}, 6);
  EXPECT_EQ(load.searches, 14U);
  EXPECT_EQ(load.peak_per_minute, 9U);
  EXPECT_EQ(load.peak_begin, Instant{60s});
  EXPECT_EQ(load.refused, 3U);
  EXPECT_EQ(search_load({{Instant{70s}, 5}}, std::nullopt).refused, 0U);
}

TEST(RuleScenario, NamesMistakesOfARuleAtTheirPlaceInTheRule) {
  const std::string text = R"({"seed": 7, "start": "2026-03-02T14:00:00Z", "duration": "1h",
    "traffic": {"events": 10}, "world": {}, "budgets": [],
    "rules": [{"file": "../scenarios/rules/first-secret-read-by-role.toml", "set": {"query": "a: (b"}}],
    "truth": {"match": "a: b", "terms": ["user.id"], "window": "1d"}})";
  try {
    static_cast<void>(parse_scenario(text, "tests/x.json"));
    ADD_FAILURE() << "a query without its end";
  } catch (const InputError& error) {
    EXPECT_EQ(error.mistake().pointer, "/rules/0/set/query");
    EXPECT_THAT(error.what(), HasSubstr("tests/x.json:3:"));
  }
}

TEST(RuleScenario, WantsATruthOrNoRules) {
  Scenario scenario = shipped("naive-enrichment");
  EXPECT_THROW(static_cast<void>(run_rules(scenario)), InputError);
}

}  // namespace
}  // namespace rushhour::scenario
