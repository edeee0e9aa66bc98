// How the matches of one rule become alerts: its window, its threshold, unique values and its own errors, as
// Panther's alert merger and forwarder have them (spec panther.md 1.3).

#include <rushhour/sim/alert_groups.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/digest.hpp>
#include <rushhour/gtest.hpp>

#include "bench.hpp"

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;

DetectionPlan grouped(DetectionPlan plan, Grouping grouping) {
  plan.grouping = grouping;
  return plan;
}
DetectionPlan always(Grouping grouping) {
  return grouped(planned_rule("always", [](const event::Event&, detect::Context&) { return true; }),
                 grouping);
}

// ---- Windows that count ----

TEST(Grouping, AlertsAtTheMatchThatReachesTheThresholdAndAtNoOther) {
  AlertGroups groups{60min};
  const Grouping grouping{.threshold = 3};
  std::vector<bool> alerted;
  for (int i = 0; i < 7; ++i) alerted.push_back(groups.add(1, at(i * 1min), grouping).alerted);
  EXPECT_EQ(alerted, (std::vector<bool>{false, false, true, false, false, false, false}));
}

TEST(Grouping, CountsAnewInEachWindow) {
  AlertGroups groups{60min};
  const Grouping grouping{.window = 10min, .threshold = 3};
  EXPECT_TRUE(groups.add(1, at(0min), grouping).opened);
  EXPECT_FALSE(groups.add(1, at(10min), grouping).opened) << "the rule's own window, its end included";
  EXPECT_TRUE(groups.add(1, at(10min + 1ns), grouping).opened) << "the two before have come to nothing";
  EXPECT_FALSE(groups.add(1, at(15min), grouping).alerted);
  EXPECT_TRUE(groups.add(1, at(20min), grouping).alerted);
}

TEST(Grouping, CountsUniqueValuesInPlaceOfMatches) {
  AlertGroups groups{60min};
  const Grouping grouping{.threshold = 3};
  const auto add = [&](Duration when, std::optional<std::uint64_t> unique) {
    return groups.add(1, at(when), grouping, {.by_value = true, .value = unique}).alerted;
  };
  EXPECT_FALSE(add(1min, 7));
  EXPECT_FALSE(add(2min, 7));
  EXPECT_FALSE(add(3min, 8));
  EXPECT_FALSE(add(4min, {})) << "None is no value";
  EXPECT_FALSE(add(5min, 8));
  EXPECT_TRUE(add(6min, 9));
  EXPECT_FALSE(add(7min, 9)) << "an alert once";
  EXPECT_FALSE(add(8min, 10));
  EXPECT_FALSE(add(62min, 7)) << "a new window has seen none of them";
  EXPECT_FALSE(add(63min, 8));
  EXPECT_TRUE(add(64min, 10));
}

TEST(Grouping, ForgetsTheValuesOfClosedWindows) {
  AlertGroups groups{1min};
  const Grouping grouping{.threshold = 2};
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const Instant now = at(static_cast<std::int64_t>(i) * 1s);
    ASSERT_FALSE(groups.add(i, now, grouping, {.by_value = true, .value = 1}).alerted);
    ASSERT_TRUE(groups.add(i, now, grouping, {.by_value = true, .value = 2}).alerted);
  }
}

TEST(Grouping, KeepsErrorsApartFromMatches) {
  EXPECT_NE(AlertGroups::key(1, "KeyError"), AlertGroups::error_key(1, "KeyError"));
  EXPECT_NE(AlertGroups::error_key(1, "KeyError"), AlertGroups::error_key(1, "TypeError"));
  EXPECT_NE(AlertGroups::error_key(1, "KeyError"), AlertGroups::error_key(2, "KeyError"));
}

// ---- In a run ----

/// AWS.SSM.DecryptSSMParams: true from the 26th distinct secret on, and in its file Threshold: 25.
SimulationResult decrypt_ssm_params(std::uint64_t secrets) {
  constexpr std::size_t param_threshold = 25;
  Bench bench;
  auto seen = std::make_shared<std::set<std::uint64_t>>();
  DetectionPlan plan =
      planned_rule("AWS.SSM.DecryptSSMParams", [seen](const event::Event& event, detect::Context&) {
        seen->insert(event.id());
        return seen->size() > param_threshold;
      });
  return bench.run({grouped(std::move(plan), {.window = 60min, .threshold = 25})}, every(1min, secrets));
}

TEST(Grouping, OfARuleWithAThresholdOfItsOwnAlertsAtTheSumOfBoth) {
  struct Row {
    std::uint64_t secrets;
    std::uint64_t matches;
    std::uint64_t alerts;
  };
  for (const Row row :
       {Row{25, 0, 0}, Row{26, 1, 0}, Row{40, 15, 0}, Row{49, 24, 0}, Row{50, 25, 1}, Row{60, 35, 1}}) {
    const Outcomes outcomes = decrypt_ssm_params(row.secrets).detections[0];
    EXPECT_EQ(outcomes.matches, row.matches) << row.secrets << " secrets";
    EXPECT_EQ(outcomes.alerts, row.alerts) << row.secrets << " secrets";
    EXPECT_EQ(outcomes.windows, row.matches == 0 ? 0U : 1U) << "it opens, whether it alerts or not";
  }
}

TEST(Grouping, TakesTheEnginesWindowWhereTheRuleNamesNone) {
  Bench bench;
  bench.options.engine.dedup_window = 10min;
  const auto result =
      bench.run({always({}), grouped(sleeper("own window", 0s), {.window = 24h})}, every(5min, 12));
  EXPECT_EQ(result.detections[0].alerts, 4U) << "each window holds the matches of 0, 5 and 10 minutes";
  EXPECT_EQ(result.detections[1].alerts, 1U);
}

TEST(Grouping, CountsABatchWhenItIsWritten) {
  // Three events in each of two objects, an invocation each at 90 s and 150 s: only then is the threshold
  // met.
  Engine engine = panther_oss_1_16();
  engine.lambda.cold_start = 0s;
  Bench bench{engine};
  std::vector<Instant> arrivals(3, at(0s));
  arrivals.insert(arrivals.end(), 3, at(60s));
  const auto result = bench.run({always({.window = 60s, .threshold = 4}),
                                 grouped(sleeper("short window", 0s), {.window = 59s, .threshold = 4})},
                                arrivals);
  EXPECT_EQ(result.fleet.invocations, 2U);
  EXPECT_EQ(result.detections[0].windows, 1U);
  EXPECT_EQ(result.detections[0].alerts, 1U);
  EXPECT_EQ(result.detections[1].windows, 2U) << "a window is of the time of processing";
  EXPECT_EQ(result.detections[1].alerts, 0U);
}

TEST(Grouping, CreatesNoAlertOfSignals) {
  Bench bench;
  bench.options.engine.alert_context = AlertContextCalls::per_alert;
  const auto result = bench.run({always({.creates_alerts = false})}, every(1min, 5));
  EXPECT_EQ(result.detections[0].matches, 5U);
  EXPECT_EQ(result.detections[0].alerts, 0U);
  EXPECT_EQ(result.detections[0].windows, 0U);
  EXPECT_EQ(result.detections[0].without_context, 0U) << "each signal has its own context";
}

/// A detection that is not of C++: it evaluates events by itself.
struct Own {
  bool counts_unique{};
  [[nodiscard]] static std::string_view name() { return "Own"; }
  [[nodiscard]] detect::Evaluation evaluate(const event::Event& event, detect::Context& /*context*/,
                                            detect::ContextWanted* wanted) const {
    detect::Evaluation out;
    if (event.id() % 2 == 0) {
      out.verdict = detect::Verdict::Kind::error;
      out.exception = "KeyError('data')";
      out.exception_class = event.id() % 4 == 0 ? "KeyError" : "TypeError";
      return out;
    }
    out.verdict = detect::Verdict::Kind::match;
    out.alert = detect::Alert{.event = event.id(), .title = "own", .dedup = "own"};
    out.alert->counts_unique = counts_unique;
    out.alert->unique = std::to_string(event.id() % 10);
    if (wanted != nullptr && !wanted->wants(*out.alert))
      out.alert->context = detect::AlertContext::not_wanted();
    return out;
  }
};
static_assert(detect::EvaluatesItself<Own>);
static_assert(!detect::IsDetection<Own>);

TEST(Grouping, MakesOneAlertOfARulesErrorsOfOneClassWhateverTheThreshold) {
  Bench bench;
  const auto result =
      bench.run({grouped(planned("own", [] { return Own{}; }), {.window = 30min, .threshold = 1'000})},
                every(1min, 60));
  const Outcomes& outcomes = result.detections[0];
  EXPECT_EQ(outcomes.missed, 30U);
  EXPECT_EQ(outcomes.error_alerts, 4U) << "two classes in two windows of the rule's length";
  EXPECT_EQ(outcomes.alerts, 0U);
  EXPECT_EQ(result.losses.rows().at(0).first_error, "KeyError('data')");
}

TEST(Grouping, OfUniqueValuesHoldsInARun) {
  // Odd events only: 1, 3, 5, 7, 9 by the last digit.
  for (const std::uint64_t threshold : {5U, 6U}) {
    Bench bench;
    const auto result = bench.run(
        {grouped(planned("own", [] { return Own{.counts_unique = true}; }), {.threshold = threshold})},
        every(1s, 60));
    EXPECT_EQ(result.detections[0].matches, 30U);
    EXPECT_EQ(result.detections[0].alerts, threshold == 5 ? 1U : 0U) << "there are five values";
  }
}

TEST(Grouping, AsksForTheContextOfTheFirstMatchOfAWindow) {
  // It is stored when the window opens, and goes out if the window ever reaches the threshold.
  Bench bench;
  bench.options.engine.alert_context = AlertContextCalls::per_alert;
  const auto result = bench.run(
      {grouped(planned("own", [] { return Own{}; }), {.window = 60min, .threshold = 20})}, every(1min, 60));
  EXPECT_EQ(result.detections[0].intact, 1U);
  EXPECT_EQ(result.detections[0].without_context, 29U);
  EXPECT_EQ(result.detections[0].alerts, 1U);
}

}  // namespace
}  // namespace rushhour::sim
