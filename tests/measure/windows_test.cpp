#include <rushhour/measure/windows.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

void PrintTo(const Peak& peak, std::ostream* out) {
  *out << peak.count << " from " << to_iso8601(peak.begin);
}

namespace {

constexpr std::int64_t minute = 60;
constexpr std::int64_t hour = 3'600;
constexpr std::int64_t day = 86'400;
constexpr std::int64_t monday = 20'514 * day;  // 2026-03-02

enum Size : std::size_t { per_second, per_10s, per_minute, per_hour, per_day };

Instant second(std::int64_t since_epoch) { return Instant{std::chrono::seconds{since_epoch}}; }

/// The fullest window of each size, the first of equals, by counting them all.
std::array<Peak, window_sizes.size()> brute_force(const std::vector<std::int64_t>& seconds) {
  std::array<Peak, window_sizes.size()> peaks{};
  for (std::size_t size = 0; size < window_sizes.size(); ++size) {
    std::map<std::int64_t, std::uint64_t> windows;
    for (const std::int64_t each : seconds) ++windows[each / window_sizes[size].count()];
    for (const auto& [number, count] : windows) {
      if (count > peaks[size].count) peaks[size] = {count, second(number * window_sizes[size].count())};
    }
  }
  return peaks;
}

Windows counted(const std::vector<std::int64_t>& seconds) {
  Windows windows;
  for (const std::int64_t each : seconds) windows.add(each);
  return windows;
}

TEST(Windows, AreEmptyAtFirst) {
  const Windows windows;
  EXPECT_EQ(windows.total(), 0U);
  for (std::size_t size = 0; size < window_sizes.size(); ++size) EXPECT_EQ(windows.peak(size).count, 0U);
}

TEST(Windows, CountOneInEverySize) {
  const Windows windows = counted({monday + 14 * hour + 7 * minute + 35});
  EXPECT_EQ(windows.total(), 1U);
  EXPECT_EQ(windows.peak(per_second), (Peak{1, second(monday + 14 * hour + 7 * minute + 35)}));
  EXPECT_EQ(windows.peak(per_10s), (Peak{1, second(monday + 14 * hour + 7 * minute + 30)}));
  EXPECT_EQ(windows.peak(per_minute), (Peak{1, second(monday + 14 * hour + 7 * minute)}));
  EXPECT_EQ(windows.peak(per_hour), (Peak{1, second(monday + 14 * hour)}));
  EXPECT_EQ(windows.peak(per_day), (Peak{1, second(monday)}));
}

TEST(Windows, AreAlignedToTheClockAndDoNotSlide) {
  // Four within three seconds, two on each side of the minute.
  const std::int64_t edge = monday + minute;
  const Windows windows = counted({edge - 2, edge - 1, edge, edge + 1});
  EXPECT_EQ(windows.peak(per_minute), (Peak{2, second(monday)}));
  EXPECT_EQ(windows.peak(per_10s), (Peak{2, second(edge - 10)}));
  EXPECT_EQ(windows.peak(per_hour), (Peak{4, second(monday)}));
}

TEST(Windows, NameTheFirstOfEquals) {
  const Windows windows =
      counted({monday, monday, monday + 5, monday + 5, monday + minute, monday + minute + 1});
  EXPECT_EQ(windows.peak(per_second), (Peak{2, second(monday)}));
  EXPECT_EQ(windows.peak(per_10s), (Peak{4, second(monday)}));
  EXPECT_EQ(windows.peak(per_minute), (Peak{4, second(monday)}));
}

TEST(Windows, SplitAtMidnight) {
  const std::int64_t midnight = monday + day;
  const Windows windows = counted({midnight - 1, midnight, midnight, midnight + 1});
  EXPECT_EQ(windows.peak(per_second), (Peak{2, second(midnight)}));
  EXPECT_EQ(windows.peak(per_hour), (Peak{3, second(midnight)}));
  EXPECT_EQ(windows.peak(per_day), (Peak{3, second(midnight)}));
  EXPECT_EQ(windows.total(), 4U);
}

TEST(Windows, AreReadableWhileTheyAreOpen) {
  Windows windows;
  std::vector<std::int64_t> seconds;
  for (const std::int64_t each :
       {monday, monday, monday + 3, monday + 70, monday + 71, monday + 72, monday + 2 * day}) {
    windows.add(each);
    seconds.push_back(each);
    const auto expected = brute_force(seconds);
    for (std::size_t size = 0; size < expected.size(); ++size) ASSERT_EQ(windows.peak(size), expected[size]);
    ASSERT_EQ(windows.total(), seconds.size());
  }
}

TEST(Windows, KnowTheVeryFirstSecond) {
  const Windows windows = counted({0, 0, 1});
  EXPECT_EQ(windows.peak(per_second), (Peak{2, second(0)}));
  EXPECT_EQ(windows.peak(per_day), (Peak{3, second(0)}));
}

TEST(Windows, EqualCountingThemAll) {
  // Gaps from none to days, mixed, so that windows of every size are crossed singly and many at once.
  constexpr std::array<std::uint64_t, 6> gaps{1, 2, 12, 100, 5'000, 100'000};
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Draws draws{Random{seed}.stream("seconds")};
    std::vector<std::int64_t> seconds;
    auto at = static_cast<std::int64_t>(uniform_below(draws.next(), 3) * static_cast<std::uint64_t>(monday));
    for (std::uint64_t i = 0; i < 400; ++i) {
      const std::uint64_t kind = uniform_below(draws.next(), uniform_below(draws.next(), gaps.size()) + 1);
      at += static_cast<std::int64_t>(uniform_below(draws.next(), gaps[kind]));
      seconds.push_back(at);
    }
    const Windows windows = counted(seconds);
    const auto expected = brute_force(seconds);
    EXPECT_EQ(windows.total(), seconds.size()) << "seed " << seed;
    for (std::size_t size = 0; size < expected.size(); ++size) {
      ASSERT_EQ(windows.peak(size), expected[size])
          << "seed " << seed << ", windows of " << window_sizes[size].count() << " s";
    }
  }
}

TEST(Windows, CountSeveralAtOnce) {
  Windows windows;
  windows.add(monday, 5);
  windows.add(monday, 2);
  windows.add(monday + 1, 6);
  EXPECT_EQ(windows.total(), 13U);
  EXPECT_EQ(windows.peak(per_second), (Peak{7, second(monday)}));
  EXPECT_EQ(windows.peak(per_10s), (Peak{13, second(monday)}));
}

TEST(Windows, KnowCalendarMonths) {
  const std::int64_t march = monday - day;  // 2026-03-01
  Windows windows = counted({march - 28 * day, march - 1, march - 1, march, march + day});
  EXPECT_EQ(windows.peak(month_window), (Peak{3, second(march - 28 * day)}));
  windows.add(march + 31 * day - 1, 2);
  EXPECT_EQ(windows.peak(month_window), (Peak{4, second(march)}));
  windows.add(march + 31 * day, 4);
  EXPECT_EQ(windows.peak(month_window), (Peak{4, second(march)})) << "April's four are later";
}

TEST(Windows, CountThoseBeyondALimit) {
  Windows windows;
  windows.set_limit(per_second, 2);
  windows.set_limit(per_minute, 4);
  EXPECT_EQ(windows.over(per_second), 0U);
  windows.add(monday, 2);
  EXPECT_EQ(windows.over(per_second), 0U) << "as many as the limit are within it";
  windows.add(monday + 30, 3);
  EXPECT_EQ(windows.over(per_second), 1U) << "the open window counts";
  EXPECT_EQ(windows.over(per_minute), 1U);
  windows.add(monday + 60, 1);
  windows.add(monday + 121, 3);
  windows.add(monday + 300, 1);
  EXPECT_EQ(windows.over(per_second), 2U);
  EXPECT_EQ(windows.time_over(per_second), std::chrono::seconds{2});
  EXPECT_EQ(windows.over(per_minute), 1U);
  EXPECT_EQ(windows.time_over(per_minute), std::chrono::seconds{60});
  EXPECT_EQ(windows.over(per_hour), 0U) << "which has no limit";
}

TEST(Windows, CountThoseBeyondALimitAsByHand) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Draws draws{Random{seed}.stream("seconds")};
    Windows windows;
    std::array<std::map<std::int64_t, std::uint64_t>, window_sizes.size()> counts;
    std::array<std::uint64_t, window_sizes.size()> limits{};
    for (std::size_t size = 0; size < limits.size(); ++size) {
      limits[size] = uniform_below(draws.next(), 20) * (size + 1);
      windows.set_limit(size, limits[size]);
    }
    std::int64_t at = monday;
    for (int i = 0; i < 500; ++i) {
      at += static_cast<std::int64_t>(uniform_below(draws.next(), i % 100 == 0 ? 100'000U : 8U));
      const std::uint64_t count = uniform_below(draws.next(), 12);
      windows.add(at, count);
      for (std::size_t size = 0; size < limits.size(); ++size) {
        counts[size][at / window_sizes[size].count()] += count;
      }
    }
    for (std::size_t size = 0; size < limits.size(); ++size) {
      std::uint64_t over = 0;
      for (const auto& [number, count] : counts[size]) over += count > limits[size] ? 1U : 0U;
      ASSERT_EQ(windows.over(size), over) << "seed " << seed << ", size " << size;
    }
  }
}

TEST(WindowsDeathTest, RefuseToGoBack) {
  Windows windows = counted({monday});
  EXPECT_DEATH(windows.add(monday - 1), "in order of time");
}

}  // namespace
}  // namespace rushhour::measure
