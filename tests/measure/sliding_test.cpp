#include <rushhour/measure/sliding.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ostream>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

void PrintTo(const SlidingPeak& peak, std::ostream* out) {
  *out << peak.count << " until " << to_iso8601(peak.end, Precision::nanoseconds);
}

namespace {

using namespace std::chrono_literals;

constexpr Instant monday{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

enum Size : std::size_t { any_1s, any_10s, any_60s };

Sliding counted(const std::vector<Duration>& at) {
  Sliding sliding;
  for (const Duration each : at) sliding.add(monday + each);
  return sliding;
}

/// The fullest (t-W, t], t each of the instants, by looking at all of them each time; of equals the first.
SlidingPeak brute_force(const std::vector<Instant>& at, Duration window) {
  SlidingPeak peak;
  for (std::size_t i = 0; i < at.size(); ++i) {
    std::uint64_t count = 0;
    for (std::size_t j = 0; j <= i; ++j) count += at[j] > at[i] - window ? 1U : 0U;
    if (count > peak.count) peak = {count, at[i]};
  }
  return peak;
}

TEST(Sliding, IsEmptyAtFirst) {
  for (std::size_t size = 0; size < sliding_sizes.size(); ++size) {
    EXPECT_EQ(Sliding{}.peak(size), SlidingPeak{});
  }
}

TEST(Sliding, CountsAcrossTheMarksOfTheClock) {
  // Four within two seconds, two on each side of the minute, where aligned windows see two.
  const Sliding sliding = counted({58'500ms, 59'500ms, 60'100ms, 60'400ms});
  EXPECT_EQ(sliding.peak(any_60s), (SlidingPeak{4, monday + 60'400ms}));
  EXPECT_EQ(sliding.peak(any_10s), (SlidingPeak{4, monday + 60'400ms}));
  EXPECT_EQ(sliding.peak(any_1s), (SlidingPeak{3, monday + 60'400ms}));
}

TEST(Sliding, LetsGoOfWhatIsExactlyAWindowOld) {
  EXPECT_EQ(counted({0ns, 60s}).peak(any_60s), (SlidingPeak{1, monday}));
  EXPECT_EQ(counted({0ns, 60s - 1ns}).peak(any_60s), (SlidingPeak{2, monday + 60s - 1ns}));
  EXPECT_EQ(counted({0ns, 1s}).peak(any_1s).count, 1U);
  EXPECT_EQ(counted({0ns, 999'999'999ns}).peak(any_1s).count, 2U);
}

TEST(Sliding, CountsTiesTogether) {
  const Sliding sliding = counted({5s, 5s, 5s, 6s, 6s});
  EXPECT_EQ(sliding.peak(any_1s), (SlidingPeak{3, monday + 5s})) << "those of 6 s are a second later";
  EXPECT_EQ(sliding.peak(any_10s), (SlidingPeak{5, monday + 6s}));
}

TEST(Sliding, NamesTheFirstOfEquals) {
  EXPECT_EQ(counted({0s, 100ms, 5s, 5'100ms}).peak(any_1s), (SlidingPeak{2, monday + 100ms}));
}

TEST(Sliding, KeepsNoMoreThanTheFullestMinute) {
  Sliding sliding;
  for (int i = 0; i < 100'000; ++i) sliding.add(monday + i * 100ms);
  EXPECT_EQ(sliding.peak(any_60s).count, 600U);
  EXPECT_EQ(sliding.capacity(), 1'024U);
}

TEST(Sliding, EqualsCountingThemAll) {
  // Gaps from none to minutes, in bursts and lulls, so that the ring grows in the middle of windows.
  constexpr std::array<std::uint64_t, 7> gaps{
      1, 2, 1'000, 50'000'000, 300'000'000, 4'000'000'000, 90'000'000'000};
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Draws draws{Random{seed}.stream("instants")};
    std::vector<Instant> at;
    Instant now = monday;
    Sliding sliding;
    std::uint64_t kind = 0;
    for (std::uint64_t i = 0; i < 600; ++i) {
      if (uniform_below(draws.next(), 40) == 0) kind = uniform_below(draws.next(), gaps.size());
      now += Duration{static_cast<std::int64_t>(uniform_below(draws.next(), gaps[kind]))};
      at.push_back(now);
      sliding.add(now);
    }
    for (std::size_t size = 0; size < sliding_sizes.size(); ++size) {
      ASSERT_EQ(sliding.peak(size), brute_force(at, sliding_sizes[size]))
          << "seed " << seed << ", windows of " << sliding_sizes[size].count() << " s";
    }
  }
}

}  // namespace
}  // namespace rushhour::measure
