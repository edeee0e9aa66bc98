// What is measured only when somebody asks: parts of a run, and the distribution of counts over windows.

#include <rushhour/measure/watch.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/journal.hpp>
#include <rushhour/names.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {
namespace {

using namespace std::chrono_literals;

constexpr Instant monday{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

TEST(Stretches, AreNumberedAndHalfOpen) {
  const Stretches once{.begin = monday + 12h, .length = 20min};
  EXPECT_EQ(once.number(monday + 12h - 1ns), std::nullopt);
  EXPECT_EQ(once.number(monday + 12h), 0);
  EXPECT_EQ(once.number(monday + 12h + 20min - 1ns), 0);
  EXPECT_EQ(once.number(monday + 12h + 20min), std::nullopt);
  const Stretches daily{.begin = monday + 23h, .length = 2h, .period = 24h};
  EXPECT_EQ(daily.number(monday + 24h), 0) << "over midnight";
  EXPECT_EQ(daily.number(monday + 25h), std::nullopt);
  EXPECT_EQ(daily.number(monday + 48h), 1);
}

TEST(Stretches, MeetATimeOrNot) {
  const Stretches once{.begin = monday + 12h, .length = 20min};
  EXPECT_TRUE(once.meets(monday + 11h, monday + 13h));
  EXPECT_TRUE(once.meets(monday + 12h + 19min, monday + 13h));
  EXPECT_FALSE(once.meets(monday + 11h, monday + 12h)) << "the end does not belong to it";
  EXPECT_FALSE(once.meets(monday + 12h + 20min, monday + 13h));
  const Stretches daily{.begin = monday + 12h, .length = 20min, .period = 24h};
  EXPECT_FALSE(daily.meets(monday + 14h, monday + 35h));
  EXPECT_TRUE(daily.meets(monday + 14h, monday + 37h)) << "of the next day";
}

TEST(RangeMeters, HearOnlyTheirStretches) {
  Names names;
  RangeMeters range{names, {}, {.begin = monday + 1min, .length = 1min}};
  const Name operation = names.intern("sts:AssumeRole");
  for (const Duration at : {0s, 60s, 61s, 119s, 120s}) {
    range.on_call({.at = monday + at, .operation = operation, .outcome = Outcome::ok, .attempt = 1});
  }
  ASSERT_NE(range.meters().find("sts"), nullptr);
  EXPECT_EQ(range.meters().find("sts")->attempts.total(), 3U);
  EXPECT_EQ(range.meters().find("sts")->attempts.peak(0).count, 1U);
}

/// Windows of a minute with so many in each, one after the other.
WindowCounts minutes(const std::vector<std::uint64_t>& counts) {
  WindowCounts out{1min};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    for (std::uint64_t n = 0; n < counts[i]; ++n) out.add(monday + i * 1min + n * 1ms);
  }
  return out;
}
WindowSpan first_minutes(const WindowCounts& windows, std::uint64_t count) {
  const std::int64_t first = windows.number_of(monday);
  return {.first = first, .last = first + static_cast<std::int64_t>(count) - 1, .count = count};
}

TEST(WindowCounts, HavePercentilesByNearestRank) {
  const WindowCounts windows = minutes({5, 1, 0, 3, 2, 0, 9, 4, 0, 7});
  const WindowSpan span = first_minutes(windows, 10);
  EXPECT_EQ(windows.percentile({0, 1}, span), 0U);
  EXPECT_EQ(windows.percentile({3, 10}, span), 0U);
  EXPECT_EQ(windows.percentile({31, 100}, span), 1U);
  EXPECT_EQ(windows.percentile({1, 2}, span), 2U);
  EXPECT_EQ(windows.percentile({9, 10}, span), 7U);
  EXPECT_EQ(windows.percentile({999, 1'000}, span), 9U);
  EXPECT_EQ(windows.max(), 9U);
  EXPECT_EQ(windows.total(), 31U);
}

TEST(WindowCounts, LeaveOutTheOneThatTheSpanDoesNotHold) {
  const WindowCounts windows = minutes({5, 4, 1});
  EXPECT_EQ(windows.percentile({0, 1}, first_minutes(windows, 3)), 1U);
  EXPECT_EQ(windows.percentile({0, 1}, first_minutes(windows, 2)), 4U) << "the third is not over";
  EXPECT_EQ(windows.max(), 5U);
}

TEST(WindowCounts, KnowTheFirstAndTheLast) {
  const WindowCounts windows = minutes({5, 0, 4, 1});
  const std::int64_t first = windows.number_of(monday);
  EXPECT_EQ(windows.count_of(first), 5U);
  EXPECT_EQ(windows.count_of(first + 1), 0U);
  EXPECT_EQ(windows.count_of(first + 2), 4U);
  EXPECT_EQ(windows.count_of(first + 3), 1U);
  EXPECT_EQ(windows.count_of(first + 4), 0U);
  EXPECT_EQ(WindowCounts{1min}.count_of(0), 0U);
}

/// The fullest (t-W, t] of those that `number` puts into one stretch.
std::uint64_t brute_force(const std::vector<Instant>& at, Duration window, const Stretches& within) {
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < at.size(); ++i) {
    std::uint64_t count = 0;
    for (std::size_t j = 0; j <= i; ++j) {
      count += within.number(at[i]) && within.number(at[j]) == within.number(at[i]) && at[j] > at[i] - window;
    }
    most = std::max(most, count);
  }
  return most;
}

TEST(SlidingCount, AgreesWithCountingEachTime) {
  Draws draws{Random{7}.stream("instants")};
  for (const Duration window : {Duration{1s}, Duration{30s}, Duration{5min}}) {
    for (const Stretches within : {Stretches{.begin = monday, .length = 24h},
                                   Stretches{.begin = monday + 1min, .length = 2min, .period = 3min}}) {
      std::vector<Instant> at;
      Watch watch{
          {.counts = [](const Call&) { return true; }, .window = window, .slides = true, .within = within}};
      Instant now = monday;
      for (std::size_t i = 0; i < 600; ++i) {
        const std::uint64_t gap = i % 97 < 30 ? 50'000'000 : 4'000'000'000;
        now += Duration{static_cast<std::int64_t>(uniform_below(draws.next(), gap))};
        at.push_back(now);
        watch.on_call({.at = now});
      }
      EXPECT_EQ(watch.sliding_peak(), brute_force(at, window, within)) << to_text(window) << ", seed 7";
    }
  }
}

TEST(SlidingCount, KeepsNoMoreThanItsFullestWindow) {
  SlidingCount count{1s};
  for (int i = 0; i < 100'000; ++i) count.add(monday + i * 10ms);
  EXPECT_EQ(count.peak(), 100U);
  EXPECT_EQ(count.capacity(), 128U);
}

TEST(Watch, SpansTheRunUntilItsLastWindowThatIsOver) {
  const auto span = [](Duration first, Duration last, std::optional<Stretches> within = std::nullopt) {
    Watch watch{{.counts = [](const Call&) { return true; }, .window = 1min, .within = within}};
    const WindowSpan found = watch.span(monday + first, monday + last);
    const std::int64_t begin = watch.windows().number_of(monday);
    return std::vector<std::int64_t>{found.first - begin, found.last - begin,
                                     static_cast<std::int64_t>(found.count)};
  };
  using Span = std::vector<std::int64_t>;
  EXPECT_EQ(span(3ms, 1h + 2s), (Span{0, 59, 60})) << "what comes after the hour is not over";
  EXPECT_EQ(span(3ms, 1h), (Span{0, 59, 60}));
  EXPECT_EQ(span(3ms, 20s), (Span{0, 0, 1})) << "it began and ended in one";
  const Stretches range{.begin = monday + 10min, .length = 20min};
  EXPECT_EQ(span(3ms, 1h, range), (Span{10, 29, 20}));
  EXPECT_EQ(span(3ms, 15min + 1s, range), (Span{10, 14, 5}));
  EXPECT_EQ(span(3ms, 5min, range)[2], 0);
  const Stretches daily{.begin = monday + 23h, .length = 2h, .period = 24h};
  EXPECT_EQ(span(24h, 72h, daily), (Span{24 * 60, 72 * 60 - 1, 60 + 120 + 60})) << "in two nights and a half";
}

TEST(Watch, CountsWhatItIsAskedFor) {
  Names names;
  const Name wanted = names.intern("sts:AssumeRole");
  Watch watch{{.counts = [wanted](const Call& call) { return call.operation == wanted; },
               .window = 1min,
               .within = Stretches{.begin = monday + 1min, .length = 2min}}};
  for (const Duration at : {0s, 60s, 61s, 130s, 180s}) {
    watch.on_call({.at = monday + at, .operation = wanted});
    watch.on_call({.at = monday + at, .operation = names.intern("sts:GetCallerIdentity")});
  }
  EXPECT_EQ(watch.windows().total(), 3U);
  EXPECT_EQ(watch.windows().max(), 2U);
  EXPECT_EQ(watch.sliding_peak(), 0U) << "none slides";
}

}  // namespace
}  // namespace rushhour::measure
