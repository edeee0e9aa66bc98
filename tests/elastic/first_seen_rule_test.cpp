// A new-terms rule as a strategy: the conformance table once more, now on a schedule and by arrival, and what
// the table does not say of refreshing, outages and the two timestamps.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/elastic/first_seen_rule.hpp>
#include <rushhour/input_error.hpp>

#include "new_terms_cases.hpp"

namespace rushhour::elastic {
namespace {

using namespace std::chrono_literals;
using detect::FirstSeenAlert;
using testing::ElementsAre;
using testing::IsEmpty;

// ---- The table ----

struct ScheduledCase {
  std::size_t index{};
  Executor executor{};
  Duration refresh{};
  friend std::ostream& operator<<(std::ostream& out, const ScheduledCase& each) {
    return out << cases()[each.index]["name"];
  }
};

std::vector<ScheduledCase> scheduled_cases() {
  std::vector<ScheduledCase> out;
  for (std::size_t i = 0; i < cases().size(); ++i) {
    for (const Executor executor : {Executor::aggregation, Executor::esql}) {
      out.push_back({i, executor, 0s});
      out.push_back({i, executor, 1s});
      out.push_back({i, executor, 25min});  // longer than an interval
    }
  }
  return out;
}

/// Runs of the table that are further apart than the interval have an outage between them.
std::vector<Outage> outages_of(const Json& executions, Duration interval) {
  std::vector<Outage> out;
  for (std::size_t i = 1; i < executions.size(); ++i) {
    const Instant due = at_ms(executions[i - 1]) + interval;
    if (due != at_ms(executions[i])) out.push_back({.from = due, .until = at_ms(executions[i])});
  }
  return out;
}

class FirstSeenRuleConformance : public testing::TestWithParam<ScheduledCase> {};

TEST_P(FirstSeenRuleConformance, GivesTheRecordedAlerts) {
  const Json& test = cases()[GetParam().index];
  const Json& executions = test["executions"];
  const RuleTimes times = times_of(test["rule"]);
  NewTermsOptions new_terms = options_of(test["rule"], GetParam().executor);
  new_terms.reach = {};
  FirstSeenRule rule{{.new_terms = new_terms,
                      .times = times,
                      .first_run = at_ms(executions[0]),
                      .outages = outages_of(executions, times.interval),
                      .refresh = GetParam().refresh}};
  const std::vector<CaseDocument> documents = documents_of(test);
  std::vector<std::uint64_t> order(documents.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::uint64_t i) { return documents[i].visible_ms; });

  std::size_t runs = 0;
  std::vector<FirstSeenAlert> alerts;
  rule.on_run([&](const RunPlan& plan, const Execution& execution) {
    ASSERT_LT(runs, executions.size());
    EXPECT_EQ(execution.started, at_ms(executions[runs]));
    EXPECT_EQ(plan.gap, execution.gap);
    expect_as_recorded(execution, expected_runs(test, GetParam().executor)[runs++], documents);
    for (const RuleAlert& alert : execution.alerts)
      alerts.push_back({.document = alert.document, .key = alert.terms, .at = execution.started});
  });
  for (const std::uint64_t i : order) {
    const Instant arrival = at_ms(documents[i].visible_ms) - GetParam().refresh;
    const Instant time = at_ms(documents[i].ms);
    rule.advance(std::min(arrival, at_ms(executions.back())));
    for (const std::string& key : documents[i].keys)
      rule.see({.document = i, .time = {}, .ingested = time, .arrival = arrival, .key = key});
  }
  rule.advance(at_ms(executions.back()) + 1ns);
  EXPECT_EQ(runs, executions.size());
  EXPECT_EQ(rule.take_alerts(), alerts);
}

INSTANTIATE_TEST_SUITE_P(Cases, FirstSeenRuleConformance, testing::ValuesIn(scheduled_cases()),
                         [](const testing::TestParamInfo<ScheduledCase>& each) {
                           return case_name(cases()[each.param.index], each.param.executor) +
                                  (each.param.refresh == 0s   ? "_at_once"
                                   : each.param.refresh == 1s ? "_refreshed"
                                                              : "_refreshed_late");
                         });

// ---- Beside the table ----

Instant minute(std::int64_t count) { return Instant{std::chrono::minutes{count}}; }

/// Every 10 minutes from minute 0, looking back an hour.
FirstSeenRuleOptions hourly() {
  return {.times = {.from = DateMath::parse("now-60m"),
                    .interval = 10min,
                    .history_start = DateMath::parse("now-10d")}};
}

void arrive(FirstSeenRule& rule, std::uint64_t document, std::string_view key, Instant at,
            Duration late = 0s) {
  rule.advance(at);
  rule.see({.document = document, .time = at - late, .ingested = at, .arrival = at, .key = key});
}

std::vector<Instant> starts(const FirstSeenRuleOptions& options, Instant until) {
  FirstSeenRule rule{options};
  std::vector<Instant> out;
  rule.on_run([&](const RunPlan&, const Execution& execution) { out.push_back(execution.started); });
  rule.advance(until);
  return out;
}

TEST(FirstSeenRule, StartsARunEveryInterval) {
  EXPECT_THAT(starts(hourly(), minute(30)), ElementsAre(minute(0), minute(10), minute(20), minute(30)));
}

TEST(FirstSeenRule, IsScheduledAnewFromTheEndOfAnOutage) {
  FirstSeenRuleOptions options = hourly();
  options.outages = {{.from = minute(10), .until = minute(33)}, {.from = minute(50), .until = minute(53)}};
  EXPECT_THAT(starts(options, minute(70)),
              ElementsAre(minute(0), minute(33), minute(43), minute(53), minute(63)));
}

TEST(FirstSeenRule, CanBeginDuringAnOutage) {
  FirstSeenRuleOptions options = hourly();
  options.outages = {{.from = minute(-5), .until = minute(4)}};
  EXPECT_THAT(starts(options, minute(20)), ElementsAre(minute(4), minute(14)));
}

TEST(FirstSeenRule, FindsADocumentOnceItIsRefreshed) {
  FirstSeenRule rule{hourly()};
  arrive(rule, 1, "a", minute(10) - 1s);
  arrive(rule, 2, "b", minute(20) - 1s + 1ns);
  rule.advance(minute(20));
  EXPECT_THAT(rule.take_alerts(), ElementsAre(FirstSeenAlert{.document = 1, .key = "a", .at = minute(10)}));
  rule.advance(minute(30));
  EXPECT_THAT(rule.take_alerts(), ElementsAre(FirstSeenAlert{.document = 2, .key = "b", .at = minute(30)}));
}

TEST(FirstSeenRule, WaitsForDocumentsOfItsOwnInstantWhenNothingNeedsARefresh) {
  FirstSeenRuleOptions options = hourly();
  options.refresh = 0s;
  FirstSeenRule rule{options};
  arrive(rule, 1, "a", minute(10));
  rule.advance(minute(10));
  EXPECT_EQ(rule.next_run(), minute(10));
  rule.advance(minute(11));
  EXPECT_THAT(rule.take_alerts(), ElementsAre(FirstSeenAlert{.document = 1, .key = "a", .at = minute(10)}));
}

TEST(FirstSeenRule, LetsADocumentWaitLongerThanAnInterval) {
  FirstSeenRuleOptions options = hourly();
  options.refresh = 25min;
  FirstSeenRule rule{options};
  arrive(rule, 1, "a", minute(5));
  rule.advance(minute(30) - 1ns);
  EXPECT_THAT(rule.take_alerts(), IsEmpty());
  rule.advance(minute(30));
  EXPECT_THAT(rule.take_alerts(), ElementsAre(FirstSeenAlert{.document = 1, .key = "a", .at = minute(30)}));
}

TEST(FirstSeenRule, CatchesUpWithWhatItsShortLookBackLeftOut) {
  FirstSeenRuleOptions options = hourly();
  options.times.from = DateMath::parse("now-2m");
  options.outages = {{.from = minute(10), .until = minute(13)}};
  FirstSeenRule rule{options};
  arrive(rule, 1, "a", minute(-8));
  rule.advance(minute(12));
  EXPECT_THAT(rule.take_alerts(), IsEmpty());
  rule.advance(minute(13));  // minutes -9 to -7, 1 to 3, 11 to 13
  EXPECT_THAT(rule.take_alerts(), ElementsAre(FirstSeenAlert{.document = 1, .key = "a", .at = minute(13)}));
}

TEST(FirstSeenRule, RemembersWhatAHistoryWindowCutToTheDayMayReachAgain) {
  const Instant midnight{std::chrono::days{100}};
  FirstSeenRule rule{{.times = {.from = DateMath::parse("now-2m"),
                                .interval = 10min,
                                .history_start = DateMath::parse("now-1d/d")},
                      .first_run = midnight + 2min,
                      .outages = {{.from = midnight + 12min, .until = midnight + 15min}},
                      .timestamp = RuleTimestamp::time}};
  arrive(rule, 1, "a", midnight - 38h);
  arrive(rule, 2, "a", midnight + 5min, 11min);
  // The first run's history begins at the midnight before; one that catches up on 23:53 to 23:55 goes back
  // to the one before that, and finds document 1.
  rule.advance(midnight + 15min);
  EXPECT_THAT(rule.take_alerts(), IsEmpty());
}

TEST(FirstSeenRule, MissesALateDocumentByTheTimeOfItsEventOnly) {
  for (const RuleTimestamp timestamp : {RuleTimestamp::time, RuleTimestamp::ingested}) {
    FirstSeenRuleOptions options = hourly();
    options.timestamp = timestamp;
    FirstSeenRule rule{options};
    arrive(rule, 1, "late", minute(5), 3h);
    rule.advance(minute(90));
    EXPECT_EQ(rule.take_alerts().size(), timestamp == RuleTimestamp::ingested ? 1U : 0U);
  }
}

TEST(FirstSeenRule, TakesSightingsOfADocumentTogether) {
  FirstSeenRuleOptions options = hourly();
  options.new_terms = {.fields = 2, .page = 3, .batch = 3};
  FirstSeenRule rule{options};
  // An old document whose combinations come along and push a new one off the page (case 26).
  for (const char* const key : {"ka", "kb", "kc", "kz"}) arrive(rule, 1, key, minute(-120));
  for (const char* const key : {"kz", "kzz"}) arrive(rule, 2, key, minute(5));
  rule.advance(minute(10));
  EXPECT_THAT(rule.take_alerts(), IsEmpty());
}

TEST(FirstSeenRule, SaysWhyATermHasNoAlert) {
  FirstSeenRuleOptions options = hourly();
  options.new_terms.max_signals = 1;
  FirstSeenRule rule{options};
  std::vector<std::pair<std::string, Verdict>> judged;
  rule.on_judged([&](const Tuple& tuple, const Judged& each) {
    EXPECT_EQ(tuple.to, minute(10));
    judged.emplace_back(each.terms, each.verdict);
  });
  bool is_truncated = false;
  rule.on_run([&](const RunPlan&, const Execution& execution) { is_truncated = execution.truncated; });
  arrive(rule, 1, "known", minute(-90));
  rule.advance(minute(0));
  judged.clear();
  for (const char* const key : {"b", "a", "known"})
    arrive(rule, static_cast<unsigned char>(*key), key, minute(5));
  rule.advance(minute(10));
  EXPECT_THAT(judged, testing::UnorderedElementsAre(testing::Pair("known", Verdict::known),
                                                    testing::Pair("a", Verdict::created),
                                                    testing::Pair("b", Verdict::cut)));
  EXPECT_TRUE(is_truncated);
  EXPECT_EQ(rule.costs().truncated, 1U);
}

TEST(FirstSeenRule, CountsSearchesAndRunsThatWrote) {
  FirstSeenRule rule{hourly()};
  arrive(rule, 1, "a", minute(5));
  rule.advance(minute(20));
  // Minute 0: 1 search; minute 10: 5; minute 20: 5, its alert is there already.
  EXPECT_EQ(rule.costs().reads, 11U);
  EXPECT_EQ(rule.costs().writes, 1U);
  EXPECT_EQ(rule.costs().bytes_max, 0U);
}

TEST(FirstSeenRule, RefusesAHistoryWindowThatBeginsInTheLookBack) {
  FirstSeenRuleOptions options = hourly();
  options.times.history_start = DateMath::parse("now-60m");
  try {
    const FirstSeenRule rule{options};
    FAIL() << "Kibana saves no such rule";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "expected a history window that starts before the look-back, now-60m, saw now-60m; Kibana "
                 "saves no such rule; history_window_start is like now-10d");
  }
  options.times.history_start.reset();
  EXPECT_THROW((FirstSeenRule{options}), InputError);
}

}  // namespace
}  // namespace rushhour::elastic
