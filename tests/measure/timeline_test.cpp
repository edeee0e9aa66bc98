#include <rushhour/measure/timeline.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/limit/profiles.hpp>
#include <rushhour/measure/call_curves.hpp>
#include <rushhour/measure/run_curves.hpp>
#include <rushhour/measure/timeline_rows.hpp>
#include <rushhour/names.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const Instant start{std::chrono::seconds{20'514 * 86'400}};  // 2026-03-02

/// One number of each row.
template <class Of>
std::vector<std::uint64_t> column(const std::vector<TimelineRow>& rows, Of of) {
  std::vector<std::uint64_t> out;
  for (const TimelineRow& row : rows) out.push_back(of(row));
  return out;
}

// ---- Widths. ----

TEST(StretchWidth, IsASecondAsLongAs4096OfThemAreEnough) {
  EXPECT_EQ(stretch_width(Duration::zero()), 1s);
  EXPECT_EQ(stretch_width(1h), 1s);
  EXPECT_EQ(stretch_width(4'096s), 1s);
  EXPECT_EQ(stretch_width(4'096s + 1ns), 2s);
}

TEST(StretchWidth, IsTheSmallestOfTheWidthsThatDoes) {
  EXPECT_EQ(stretch_width(8'192s), 2s);
  EXPECT_EQ(stretch_width(8'193s), 5s);
  EXPECT_EQ(stretch_width(24h), 30s);  // 21.1 s each
  EXPECT_EQ(stretch_width(std::chrono::days{31}), 15min);
  EXPECT_EQ(stretch_width(std::chrono::days{365}), 6h);
  EXPECT_EQ(stretch_width(std::chrono::days{20 * 365}), 24h);
}

// ---- Rows. ----

TEST(TimelineRows, HoldWhatHappensInTheirStretch) {
  TimelineRows rows{start};
  ++rows.now(start).arrived;
  ++rows.now(start + 999ms).arrived;
  ++rows.now(start + 3s).arrived;
  ++rows.past(start + 1s).arrived;
  ++rows.past(start - 1h).arrived;  // before the begin: the first's
  const auto [width, finished] = rows.finish(5s);
  EXPECT_EQ(width, 1s);
  EXPECT_THAT(column(finished, [](const TimelineRow& row) { return row.arrived; }),
              ElementsAre(3, 1, 0, 1, 0));
}

TEST(TimelineRows, AreAsManyAsWereWrittenWhereTheRunIsLongerThanItsPlan) {
  TimelineRows rows{start};
  ++rows.now(start + 9s).arrived;
  EXPECT_EQ(rows.finish(5s).rows.size(), 10U);
}

TEST(TimelineRows, AreAddedUpToTheWidthOfTheRun) {
  TimelineRows rows{start};
  for (int second = 0; second < 8'193; ++second) {
    TimelineRow& row = rows.now(start + std::chrono::seconds{second});
    ++row.arrived;
    row.wait_max = std::chrono::seconds{second};
    row.services[0].tokens = static_cast<std::uint64_t>(second);
    row.quota_day_left = 10'000 - static_cast<std::uint64_t>(second);
    row.lag_sum_ns = 2;
  }
  const auto [width, finished] = rows.finish(1h);
  EXPECT_EQ(width, 5s);
  ASSERT_EQ(finished.size(), 1'639U);
  EXPECT_EQ(finished[1].arrived, 5U);
  EXPECT_EQ(finished[1].wait_max, 9s) << "the greatest of them";
  EXPECT_EQ(finished[1].services[0].tokens, 5U) << "the least of them";
  EXPECT_EQ(finished[1].quota_day_left, 9'991U) << "the last of them";
  EXPECT_EQ(static_cast<int>(finished[1].lag_sum_ns), 10);
  EXPECT_EQ(finished.back().arrived, 3U);
}

TEST(TimelineRows, LoseNothingInARunThatIsFarLongerThanAnyThought) {
  TimelineRows rows{start};
  std::uint64_t written = 0;
  for (Duration since = 0s; since < std::chrono::days{400}; since += 7h + 13s) {
    ++rows.now(start + since).arrived;
    ++rows.past(start + since / 2).arrived;
    written += 2;
    ASSERT_LE(rows.size(), TimelineRows::rows_max);
  }
  const auto [width, finished] = rows.finish(1h);
  EXPECT_EQ(width, 6h);
  std::uint64_t sum = 0;
  for (const TimelineRow& row : finished) sum += row.arrived;
  EXPECT_EQ(sum, written);
  EXPECT_EQ(finished[0].arrived, 1U + 2U) << "in 6 hours: at 0 h, and the halves of 0 and 7 h";
}

// ---- Calls. ----

class CallCurvesTest : public testing::Test {
 protected:
  void make(const std::vector<limit::Profile>& limits) {
    profiles = limits;
    limiter = limit::profiles::make(0, profiles);
  }
  /// A call that the limiter decides on.
  void call(Instant at, Outcome when_admitted = Outcome::ok) {
    const bool admitted = limiter->try_acquire(at);
    curves.on_call({.at = at,
                    .operation = operation,
                    .account = account,
                    .outcome = admitted ? when_admitted : Outcome::throttled,
                    .attempt = 1});
  }
  std::vector<TimelineRow> finish(Duration length) {
    rows.place_of(start + length - 1ns);
    curves.finish();
    return rows.finish(length).rows;
  }
  std::vector<std::uint64_t> tokens(Duration length) {
    return column(finish(length), [](const TimelineRow& row) { return row.services[2].tokens; });
  }

  Names names{};
  const Name operation = names.intern("virustotal:ip_addresses");
  const Name account = names.intern("key");
  std::vector<limit::Profile> profiles{};
  std::unique_ptr<limit::Limiter> limiter{};
  TimelineRows rows{start};
  CallCurves curves{rows, names, [this](Name, Name) {
                      std::vector<Charged> out;
                      if (limiter) out.push_back({limiter.get(), profiles});
                      return out;
                    }};
};

limit::Profile per(std::uint64_t limit, Duration window,
                   std::unique_ptr<limit::Limiter> (*make)(const limit::Profile&)) {
  return {.service = "virustotal",
          .group = "g",
          .operations = "*",
          .limit = limit,
          .window = window,
          .make = make};
}

TEST_F(CallCurvesTest, CountCallsAndWhatBecameOfTheirAttempts) {
  const auto tell = [&](Duration since, Outcome outcome, std::uint8_t attempt) {
    curves.on_call({.at = start + since, .operation = operation, .outcome = outcome, .attempt = attempt});
  };
  tell(0s, Outcome::ok, 1);
  tell(0s, Outcome::throttled, 1);
  tell(100ms, Outcome::throttled, 2);
  tell(1s, Outcome::server_error, 3);
  tell(1s, Outcome::ok, 0);  // whose client does not say which attempt it is
  const std::vector<TimelineRow> finished = finish(2s);
  const auto& first = finished[0].services[2];
  const auto& second = finished[1].services[2];
  EXPECT_EQ(first.calls, 2U);
  EXPECT_EQ(first.attempts, 3U);
  EXPECT_EQ(first.throttled, 2U);
  EXPECT_EQ(first.ok, 1U);
  EXPECT_EQ(second.calls, 1U);
  EXPECT_EQ(second.attempts, 2U);
  EXPECT_EQ(second.ok, 1U);
  EXPECT_EQ(finished[0].services[0].attempts, 0U) << "of another service";
  EXPECT_EQ(first.tokens, unsaid) << "nobody was charged";
}

TEST_F(CallCurvesTest, HearNothingOfServicesThatDetectionsDoNotCall) {
  curves.on_call({.at = start, .operation = names.intern("iam:CreateRole"), .attempt = 1});
  EXPECT_EQ(rows.size(), 0U);
}

TEST_F(CallCurvesTest, KeepHowEmptyABucketWasAtMost) {
  make({per(4, 1s, &limit::profiles::discrete_token_bucket)});
  call(start);
  call(start + 100ms);
  call(start + 1s);  // refilled, and one taken
  for (int i = 0; i < 5; ++i) call(start + 2s);
  EXPECT_THAT(tokens(4s), ElementsAre(500, 750, 0, 1'000));
}

TEST_F(CallCurvesTest, LeaveABucketAsItWasUntilItHasHadTimeToFillUp) {
  make({per(4, 3s, &limit::profiles::sliding_log)});
  call(start + 1s);
  call(start + 1s);
  EXPECT_THAT(tokens(7s), ElementsAre(1'000, 500, 500, 500, 1'000, 1'000, 1'000))
      << "full before the first call, and 3 s after the last";
}

TEST_F(CallCurvesTest, KnowABucketThatIsFilledAtWholeSeconds) {
  make({per(4, 1s, &limit::profiles::discrete_token_bucket)});
  call(start + 900ms);
  EXPECT_THAT(tokens(3s), ElementsAre(750, 1'000, 1'000));
}

TEST_F(CallCurvesTest, KnowAnAccountAgainAfterOperationsThatAreNamedLater) {
  make({per(4, 1s, &limit::profiles::discrete_token_bucket)});
  call(start);
  for (int i = 0; i < 100; ++i) {
    const Name other = names.intern("sts:Other" + std::to_string(i));
    curves.on_call({.at = start, .operation = other, .outcome = Outcome::ok, .attempt = 1});
    if (i == 50) call(start);
  }
  call(start);
  EXPECT_THAT(tokens(1s), ElementsAre(250));
}

TEST_F(CallCurvesTest, AskForTheEmptiestOfSeveralBuckets) {
  make({per(4, 1s, &limit::profiles::sliding_log), per(5, 1min, &limit::profiles::sliding_log)});
  call(start);
  call(start + 2s);
  call(start + 4s);
  EXPECT_THAT(tokens(6s), ElementsAre(750, 750, 600, 600, 400, 400));
}

TEST_F(CallCurvesTest, MeasureABucketByItsBurst) {
  limit::Profile row = per(10, 1s, &limit::profiles::token_bucket);
  row.burst = 40;
  make({row});
  call(start);
  EXPECT_THAT(tokens(6s), ElementsAre(975, 975, 975, 975, 1'000, 1'000)) << "4 s may be needed to fill it";
}

TEST_F(CallCurvesTest, CountDownTheQuotasOfDayAndMonthAtTheEndOfEachStretch) {
  make({per(4, 1min, &limit::profiles::sliding_log),
        per(500, std::chrono::days{1}, &limit::profiles::fixed_window),
        {.service = "virustotal",
         .group = "g",
         .operations = "*",
         .limit = 600,
         .window = std::chrono::days{31},
         .calendar_month = true,
         .used = 40,
         .used_at = start,
         .make = &limit::profiles::fixed_window}});
  call(start + 1s);
  call(start + 1s);
  call(start + 3s, Outcome::not_found);
  call(start + 4s);
  call(start + 4s);  // the fifth of the minute: refused, and not charged
  const std::vector<TimelineRow> finished = finish(6s);
  EXPECT_THAT(column(finished, [](const TimelineRow& row) { return row.quota_day_left; }),
              ElementsAre(500, 498, 498, 497, 496, 496));
  EXPECT_THAT(column(finished, [](const TimelineRow& row) { return row.quota_month_left; }),
              ElementsAre(560, 558, 558, 557, 556, 556));
  EXPECT_EQ(finished[4].services[2].tokens, 0U) << "days and months are no buckets";
}

TEST_F(CallCurvesTest, BeginADaysQuotaAnewAtMidnight) {
  make({per(5, std::chrono::days{1}, &limit::profiles::fixed_window)});
  call(start + 1s);
  call(start + 23h);
  const std::vector<TimelineRow> finished = finish(25h);
  ASSERT_EQ(finished.size(), 3'000U);
  EXPECT_EQ(finished[0].quota_day_left, 4U);
  EXPECT_EQ(finished[2'759].quota_day_left, 4U);
  EXPECT_EQ(finished[2'760].quota_day_left, 3U);
  EXPECT_EQ(finished[2'879].quota_day_left, 3U) << "until 24:00";
  EXPECT_EQ(finished[2'880].quota_day_left, 5U);
}

// ---- The engine. ----

class RunCurvesTest : public testing::Test {
 protected:
  std::vector<TimelineRow> finish(Duration end) {
    curves.finish(start + end);
    return rows.finish(end).rows;
  }
  static std::vector<std::uint64_t> levels(const std::vector<TimelineRow>& rows, sim::Level level) {
    return column(rows,
                  [level](const TimelineRow& row) { return row.levels[static_cast<std::size_t>(level)]; });
  }

  TimelineRows rows{start};
  std::vector<detect::StrategyCounts> counts{2};
  RunCurves curves{rows, counts};
};

TEST_F(RunCurvesTest, CountEventsWhenTheyArrivedAndHowLateTheyWere) {
  curves.arrived(start + 100ms, start);
  curves.arrived(start + 900ms, start + 600ms);
  curves.arrived(start + 2s, start + 5s);  // of the future: not late
  const std::vector<TimelineRow> finished = finish(3s);
  EXPECT_THAT(column(finished, [](const TimelineRow& row) { return row.arrived; }), ElementsAre(2, 0, 1));
  EXPECT_EQ(finished[0].lag_max, 300ms);
  EXPECT_EQ(static_cast<std::int64_t>(finished[0].lag_sum_ns), Duration{400ms}.count());
  EXPECT_EQ(finished[2].lag_max, 0s);
}

TEST_F(RunCurvesTest, HoldALevelUntilItChanges) {
  using sim::Level;
  curves.changed(Level::busy, start + 500ms, 2);
  curves.changed(Level::busy, start + 600ms, 7);
  curves.changed(Level::busy, start + 700ms, 3);
  curves.changed(Level::busy, start + 2s + 1ns, 1);  // 3 until then, for a nanosecond of the third stretch
  curves.changed(Level::busy, start + 4s, 0);        // 1 until then, and for no time of the fifth
  EXPECT_THAT(levels(finish(6s), Level::busy), ElementsAre(7, 3, 3, 1, 0, 0));
}

TEST_F(RunCurvesTest, HoldTheLastLevelToTheEndOfTheRun) {
  curves.changed(sim::Level::containers, start, 100);
  EXPECT_THAT(levels(finish(3s), sim::Level::containers), ElementsAre(100, 100, 100));
}

/// One worker, which takes 1.5 s for each event.
TEST_F(RunCurvesTest, CountWhoWaitsForAWorkerAtAnyTime) {
  const std::vector<Duration> arrivals{0s, 100ms, 200ms, 1'600ms, 9s};
  const std::vector<Duration> taken{0s, 1'500ms, 3s, 4'500ms, 9s};
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    curves.arrived(start + arrivals[i], start + arrivals[i]);
    curves.taken(start + arrivals[i], start + taken[i]);
  }
  // Two wait from 0.2 s to 1.5 s, then one; two from 1.6 s to 3 s; one until 4.5 s.
  EXPECT_THAT(levels(finish(10s), sim::Level::queued), ElementsAre(2, 2, 2, 1, 1, 0, 0, 0, 0, 0));
}

TEST_F(RunCurvesTest, LetAnEventWaitForEverThatNobodyTakes) {
  curves.arrived(start, start);
  curves.taken(start, start);
  for (int i = 0; i < 3; ++i) {
    curves.arrived(start + 1s, start);
    curves.taken(start + 1s, Instant::max());
  }
  EXPECT_THAT(levels(finish(4s), sim::Level::queued), ElementsAre(0, 3, 3, 3));
}

TEST_F(RunCurvesTest, CountLooksIntoCachesWhenADetectionJudges) {
  using detect::CacheLook;
  curves.judging(start);
  counts[0].verdicts.add(CacheLook::reset);
  counts[0].secret.add(CacheLook::cold);
  curves.judging(start + 900ms);
  counts[1].verdicts.add(CacheLook::hit);
  curves.judging(start + 2s);
  counts[0].verdicts.add(CacheLook::hit);
  counts[0].credentials.add(CacheLook::expired);
  const std::vector<TimelineRow> finished = finish(3s);
  EXPECT_THAT(finished[0].cache_looks, ElementsAre(1, 1, 0, 0, 0, 1));
  EXPECT_THAT(finished[1].cache_looks, ElementsAre(0, 0, 0, 0, 0, 0));
  EXPECT_THAT(finished[2].cache_looks, ElementsAre(1, 0, 1, 0, 0, 0));
}

}  // namespace
}  // namespace rushhour::measure
