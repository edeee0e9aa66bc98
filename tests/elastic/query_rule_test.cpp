#include <rushhour/elastic/query_rule.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/elastic/schedule.hpp>
#include <rushhour/random.hpp>

namespace rushhour::elastic {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");

/// A rule that looks back an hour every ten minutes, unless it says otherwise.
class Bench {
 public:
  explicit Bench(QueryRuleOptions options = {}, std::string_view from = "now-60m")
      : rule_(with_reach(options)) {
    times_.from = DateMath::parse(from);
    times_.interval = 10min;
  }

  void see(Duration at, std::uint64_t document, QueryRule::TimeOf time_of = QueryRule::TimeOf::timestamp) {
    rule_.see(start + at, document, time_of);
  }
  Execution run(Duration at) {
    Execution out{.started = start + at};
    const RunPlan plan = plan_run(times_, out.started, std::exchange(previous_, out.started));
    rule_.run(plan.tuples, out);
    return out;
  }
  std::vector<std::uint64_t> documents(Duration at) {
    std::vector<std::uint64_t> out;
    const Execution execution = run(at);
    out.reserve(execution.alerts.size());
    for (const RuleAlert& alert : execution.alerts) out.push_back(alert.document);
    return out;
  }
  [[nodiscard]] const QueryRule& rule() const { return rule_; }

 private:
  static QueryRuleOptions with_reach(QueryRuleOptions options) {
    options.reach = 60min;
    return options;
  }

  QueryRule rule_;
  RuleTimes times_{};
  std::optional<Instant> previous_{};
};

TEST(QueryRule, AlertsOnEachDocumentOnceThoughItsRangesOverlap) {
  Bench bench;
  bench.see(1min, 1);
  bench.see(2min, 2);
  EXPECT_THAT(bench.documents(10min), ElementsAre(1, 2));
  bench.see(11min, 3);
  EXPECT_THAT(bench.documents(20min), ElementsAre(3));
  EXPECT_THAT(bench.documents(30min), IsEmpty());
}

TEST(QueryRule, SearchesBothEndsOfItsRange) {
  Bench bench{{}, "now-10m"};
  bench.see(0min, 1);
  bench.see(0min - 1ms, 2);
  bench.see(10min, 3);
  bench.see(10min + 1ms, 4);
  EXPECT_THAT(bench.documents(10min), ElementsAre(1, 3));
  EXPECT_THAT(bench.documents(20min), ElementsAre(4));
}

TEST(QueryRule, WritesTheOldestFirstAndOfOneTimeTheFirstGiven) {
  Bench bench;
  bench.see(5min, 1);
  bench.see(3min, 2);
  bench.see(5min, 3);
  bench.see(4min, 4, QueryRule::TimeOf::fallback);
  bench.see(3min + 500us, 5);
  EXPECT_THAT(bench.documents(10min), ElementsAre(2, 5, 1, 3, 4))
      << "what lacks the override is last, and times are cut to milliseconds";
}

TEST(QueryRule, RationsABurstOverTheRunsThatSeeIt) {
  Bench bench;
  for (std::uint64_t i = 1; i <= 1'000; ++i) bench.see(5min, i);
  std::size_t sum = 0;
  for (int run = 1; run <= 6; ++run) {
    const Execution execution = bench.run(run * 10min);
    EXPECT_EQ(execution.alerts.size(), 100U) << run;
    EXPECT_TRUE(execution.truncated);
    EXPECT_EQ(execution.alerts.front().document, sum + 1);
    sum += execution.alerts.size();
  }
  EXPECT_THAT(bench.documents(70min), IsEmpty()) << "the other 400 are lost";
}

TEST(QueryRule, IsNotTruncatedByExactlyMaxSignals) {
  Bench bench{{.max_signals = 3}};
  for (std::uint64_t i = 1; i <= 3; ++i) bench.see(5min, i);
  const Execution execution = bench.run(10min);
  EXPECT_EQ(execution.alerts.size(), 3U);
  EXPECT_FALSE(execution.truncated);
}

TEST(QueryRule, CountsMaxSignalsForEachTupleOfARunThatCatchesUp) {
  Bench bench{{.max_signals = 2}, "now-10m"};
  EXPECT_THAT(bench.documents(0min), IsEmpty());
  for (std::uint64_t i = 0; i < 10; ++i) bench.see(1min + i % 5 * 10min, i + 1);
  const Execution execution = bench.run(50min);
  EXPECT_EQ(execution.alerts.size(), 10U);
  EXPECT_FALSE(execution.truncated);
}

TEST(QueryRule, CountsItsSearches) {
  Bench bench;
  EXPECT_EQ(bench.run(10min).searches, 1U) << "nothing found";
  bench.see(11min, 1);
  EXPECT_EQ(bench.run(20min).searches, 3U) << "a page, the look-up of its alerts, an empty page";
  EXPECT_EQ(bench.run(30min).searches, 3U) << "found again, and known";
  for (std::uint64_t i = 2; i <= 251; ++i) bench.see(31min, i);
  const Execution burst = bench.run(40min);
  EXPECT_EQ(burst.alerts.size(), 100U);
  EXPECT_EQ(burst.searches, 4U) << "the second page has one document too many";
}

TEST(QueryRule, GoesPastPagesOfDocumentsThatHaveAlerted) {
  Bench bench{{.max_signals = 1'000, .page = 10}};
  for (std::uint64_t i = 1; i <= 35; ++i) bench.see(1min, i);
  EXPECT_EQ(bench.run(10min).alerts.size(), 35U);
  bench.see(11min, 36);
  const Execution execution = bench.run(20min);
  EXPECT_THAT(execution.alerts, ElementsAre(RuleAlert{.document = 36}));
  EXPECT_EQ(execution.searches, 9U) << "four pages with their look-ups, and an empty one";
}

TEST(QueryRule, ForgetsWhatNoRangeReaches) {
  Bench bench;
  for (int i = 0; i < 100; ++i) {
    bench.see(i * 10min + 1min, static_cast<std::uint64_t>(i) + 1);
    EXPECT_EQ(bench.run((i + 1) * 10min).alerts.size(), 1U);
  }
  EXPECT_LE(bench.rule().documents(), 6U);
  bench.see(1min, 1'000);
  EXPECT_THAT(bench.documents(1'010min), IsEmpty()) << "too late for every range";
}

/// The same, over all documents again in each run.
TEST(QueryRule, IsTheFullSearchOverAllDocuments) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Draws draws{Random{seed}.stream("query rule")};
    const auto below = [&](std::uint64_t end) { return uniform_below(draws.next(), end); };
    const QueryRuleOptions options{.max_signals = 1 + below(5), .reach = 60s, .page = 1 + below(4)};
    const RuleTimes times{.from = DateMath::parse("now-" + std::to_string(1 + below(60)) + "s"),
                          .interval = 10s};
    QueryRule rule{options};
    std::vector<std::pair<std::int64_t, std::uint64_t>> all;
    std::set<std::uint64_t> alerted;
    std::optional<Instant> previous;
    Instant now = start;
    for (std::uint64_t document = 1, runs = 0; runs < 40; ++runs) {
      for (std::uint64_t i = below(8); i > 0; --i, ++document) {
        const Instant time = now - std::chrono::seconds{below(30)};
        rule.see(time, document);
        all.emplace_back(detail::to_ms(time), document);
      }
      now += below(5) == 0 ? Duration{std::chrono::seconds{below(90)}} : Duration{10s};
      const RunPlan plan = plan_run(times, now, std::exchange(previous, now));
      Execution got{.started = now};
      rule.run(plan.tuples, got);
      std::vector<RuleAlert> expected;
      for (const Tuple& tuple : plan.tuples) {
        std::vector<std::pair<std::int64_t, std::uint64_t>> fresh;
        for (const auto& each : all) {
          const bool is_inside =
              each.first >= detail::to_ms(tuple.from) && each.first <= detail::to_ms(tuple.to);
          if (is_inside && !alerted.contains(each.second)) fresh.push_back(each);
        }
        std::stable_sort(fresh.begin(), fresh.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        if (fresh.size() > options.max_signals) fresh.resize(options.max_signals);
        for (const auto& each : fresh) {
          alerted.insert(each.second);
          expected.push_back({.document = each.second});
        }
      }
      ASSERT_EQ(got.alerts, expected);
    }
  }
}

}  // namespace
}  // namespace rushhour::elastic
