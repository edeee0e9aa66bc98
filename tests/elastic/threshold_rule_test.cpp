#include <rushhour/elastic/threshold_rule.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/elastic/schedule.hpp>
#include <rushhour/elastic/term_key.hpp>

namespace rushhour::elastic {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");

std::string key(std::initializer_list<std::string_view> values) {
  std::string out;
  for (const std::string_view value : values) append_term(out, value);
  return out;
}

/// A rule that looks back half an hour every ten minutes, unless it says otherwise.
class Bench {
 public:
  explicit Bench(ThresholdRuleOptions options, std::string_view from = "now-30m")
      : rule_(with_reach(options)) {
    times_.from = DateMath::parse(from);
    times_.interval = 10min;
  }

  /// One document in some groups of one field each.
  void see(Duration at, std::initializer_list<std::string_view> groups,
           std::initializer_list<std::string_view> counted = {}) {
    std::vector<std::string> keys;
    for (const std::string_view group : groups) keys.push_back(key({group}));
    std::vector<std::string> values;
    for (const std::string_view value : counted) values.push_back(key({value}));
    rule_.see(start + at, ++document_, keys, values);
  }
  void see_keys(Duration at, const std::vector<std::string>& keys) {
    rule_.see(start + at, ++document_, keys);
  }
  Execution run(Duration at) {
    Execution out{.started = start + at};
    const RunPlan plan = plan_run(times_, out.started, std::exchange(previous_, out.started));
    rule_.run(plan.tuples, out);
    return out;
  }
  /// `group:newest document` of each alert.
  std::vector<std::string> alerts(Duration at) {
    std::vector<std::string> out;
    const Execution execution = run(at);
    out.reserve(execution.alerts.size());
    for (const RuleAlert& alert : execution.alerts) {
      out.push_back(terms_text(alert.terms) + ":" + std::to_string(alert.document));
    }
    return out;
  }
  [[nodiscard]] const ThresholdRule& rule() const { return rule_; }

 private:
  static ThresholdRuleOptions with_reach(ThresholdRuleOptions options) {
    options.reach = 30min;
    return options;
  }

  ThresholdRule rule_;
  RuleTimes times_{};
  std::optional<Instant> previous_{};
  std::uint64_t document_{};
};

TEST(ThresholdRule, AlertsOnceForAGroupThatIsLargeEnough) {
  Bench bench{{.value = 3}};
  bench.see(1min, {"a"});
  bench.see(2min, {"a"});
  bench.see(2min, {"b"});
  EXPECT_THAT(bench.alerts(10min), IsEmpty());
  bench.see(11min, {"a"});
  EXPECT_THAT(bench.alerts(20min), ElementsAre("a:4"))
      << "three documents in two intervals, the newest named";
  EXPECT_THAT(bench.alerts(30min), IsEmpty());
}

TEST(ThresholdRule, CountsWhatHasAlertedNoSecondTime) {
  Bench bench{{.value = 2}};
  bench.see(1min, {"a"});
  bench.see(2min, {"a"});
  EXPECT_THAT(bench.alerts(10min), ElementsAre("a:2"));
  bench.see(11min, {"a"});
  EXPECT_THAT(bench.alerts(20min), IsEmpty()) << "three in the range, but one since the alert";
  bench.see(21min, {"a"});
  EXPECT_THAT(bench.alerts(30min), ElementsAre("a:4")) << "two since the alert";
}

TEST(ThresholdRule, LosesDocumentsThatTurnUpLate) {
  Bench bench{{.value = 2}};
  bench.see(1min, {"a"});
  bench.see(5min, {"a"});
  EXPECT_THAT(bench.alerts(10min), ElementsAre("a:2"));
  bench.see(4min, {"a"});
  bench.see(5min, {"a"});
  bench.see(6min, {"a"});
  EXPECT_THAT(bench.alerts(20min), IsEmpty()) << "only one is newer than the alert";
}

TEST(ThresholdRule, FiltersDocumentsOfAGroupThatAlertedOutOfOtherGroups) {
  Bench bench{{.value = 2}};
  bench.see(1min, {"a", "b"});
  bench.see(2min, {"a"});
  EXPECT_THAT(bench.alerts(10min), ElementsAre("a:2"));
  bench.see(2min, {"b"});
  EXPECT_THAT(bench.alerts(20min), IsEmpty()) << "the document in both groups is filtered out";
  bench.see(12min, {"b"});
  EXPECT_THAT(bench.alerts(30min), ElementsAre("b:4"));
}

TEST(ThresholdRule, CountsADocumentAtTheStartOfTheRangeAgain) {
  Bench bench{{.value = 2}, "now-10m"};
  bench.see(5min, {"a"});
  bench.see(10min, {"a"});
  EXPECT_THAT(bench.alerts(10min), ElementsAre("a:2"));
  bench.see(11min, {"a"});
  EXPECT_THAT(bench.alerts(20min), ElementsAre("a:3")) << "an alert as old as the range is forgotten";
}

TEST(ThresholdRule, CountsDifferentValues) {
  Bench bench{{.value = 2, .cardinality = 2}};
  bench.see(1min, {"a"}, {"x"});
  bench.see(2min, {"a"}, {"x"});
  bench.see(3min, {"b"}, {"x", "y"});
  EXPECT_THAT(bench.alerts(10min), IsEmpty());
  bench.see(11min, {"a"}, {});
  EXPECT_THAT(bench.alerts(20min), IsEmpty()) << "without a value there is none to count";
  bench.see(21min, {"a"}, {"y"});
  bench.see(21min, {"b"}, {});
  EXPECT_THAT(bench.alerts(30min), ElementsAre("a:5", "b:6"));
}

TEST(ThresholdRule, TakesAllDocumentsForOneGroupWithoutFields) {
  Bench bench{{.value = 3}};
  for (const Duration at : {1min, 2min, 3min}) bench.see_keys(at, {""});
  const Execution execution = bench.run(10min);
  EXPECT_THAT(execution.alerts, ElementsAre(RuleAlert{.document = 3}));
  EXPECT_EQ(execution.searches, 2U);
  EXPECT_THAT(bench.alerts(20min), IsEmpty());
}

TEST(ThresholdRule, IgnoresDocumentsWithoutAGroup) {
  Bench bench{{.value = 1}};
  bench.see_keys(1min, {});
  EXPECT_THAT(bench.alerts(10min), IsEmpty());
  EXPECT_EQ(bench.rule().documents(), 0U);
}

TEST(ThresholdRule, WritesGroupsInOrderOfTheirKeysUpToMaxSignals) {
  Bench bench{{.value = 1, .max_signals = 2}};
  for (const std::string_view group : {"c", "a", "d", "b"}) bench.see(1min, {group});
  const Execution first = bench.run(10min);
  ASSERT_EQ(first.alerts.size(), 2U);
  EXPECT_EQ(terms_text(first.alerts[0].terms), "a");
  EXPECT_EQ(terms_text(first.alerts[1].terms), "b");
  EXPECT_TRUE(first.truncated);
  EXPECT_THAT(bench.alerts(20min), ElementsAre("c:1", "d:3")) << "the next run has room for them";
}

TEST(ThresholdRule, NamesTheDocumentGivenFirstOfTheNewest) {
  Bench bench{{.value = 3}};
  for (const Duration at : {2min, 5min, 5min, 1min}) bench.see(at, {"a"});
  EXPECT_THAT(bench.alerts(10min), ElementsAre("a:2"));
}

TEST(ThresholdRule, CountsItsSearches) {
  Bench bench{{.value = 2, .max_signals = 3, .page = 2}};
  EXPECT_EQ(bench.run(10min).searches, 1U) << "nothing found";
  for (const std::string_view group : {"a", "b", "c"}) bench.see(11min, {group});
  EXPECT_EQ(bench.run(20min).searches, 3U) << "two pages, and an empty one";
  for (const std::string_view group : {"a", "b", "c", "d", "d", "e"}) bench.see(21min, {group});
  const Execution more = bench.run(30min);
  EXPECT_EQ(more.alerts.size(), 3U);
  EXPECT_TRUE(more.truncated);
  EXPECT_EQ(more.searches, 3U) << "after two pages there are four: no other page, one look-up";

  Bench exact{{.value = 1, .max_signals = 2, .page = 2}};
  for (const std::string_view group : {"a", "b"}) exact.see(1min, {group});
  EXPECT_EQ(exact.run(10min).searches, 3U) << "as many as max_signals: an empty page yet, and the look-up";
}

TEST(ThresholdRule, GivesGroupsOfOneRunTheSameIdWhereKibanaDoes) {
  Bench several{{.value = 1}};
  several.see_keys(1min, {key({"a", "b"})});
  several.see_keys(2min, {key({"b", "a"})});
  EXPECT_THAT(several.alerts(10min), ElementsAre("a, b:1")) << "the values, sorted, make the id";

  Bench late{{.value = 1}, "now-10m"};
  EXPECT_THAT(late.alerts(0min), IsEmpty());
  late.see(5min, {"a"});
  late.see(15min, {"a"});
  EXPECT_THAT(late.alerts(20min), ElementsAre("a:1")) << "two tuples of a run that catches up";
}

TEST(ThresholdRule, ForgetsWhatNoRangeReaches) {
  Bench bench{{.value = 2}};
  for (int i = 0; i < 60; ++i) {
    const std::string group = "a" + std::to_string(i);
    const std::string value = "x" + std::to_string(i);
    bench.see(i * 10min + 1min, {group}, {value});
    bench.see(i * 10min + 2min, {group}, {value, "y"});
    EXPECT_EQ(bench.run((i + 1) * 10min).alerts.size(), 1U);
  }
  EXPECT_LE(bench.rule().documents(), 6U);
  EXPECT_LE(bench.rule().groups_alerted(), 3U);
  EXPECT_LE(bench.rule().texts(), 7U) << "three groups, three values of theirs, and one of all";
}

}  // namespace
}  // namespace rushhour::elastic
