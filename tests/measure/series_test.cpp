#include <rushhour/measure/series.hpp>

#include <cstdint>
#include <map>

#include <gtest/gtest.h>

#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t monday = 20'514 * 86'400;  // 2026-03-02

constexpr Instant second(std::int64_t since_epoch) { return Instant{std::chrono::seconds{since_epoch}}; }

TEST(Series, BeginsWithBucketsOfASecond) {
  Series series;
  EXPECT_TRUE(series.buckets().empty());
  series.add(monday + 5, {.attempts = 3, .throttled = 1, .calls = 2, .ok = 2});
  series.add(monday + 5, {.attempts = 1, .calls = 1});
  series.add(monday + 8, {.attempts = 7});
  EXPECT_EQ(series.width(), 1s);
  EXPECT_EQ(series.begin(), second(monday + 5));
  ASSERT_EQ(series.buckets().size(), 4U);
  EXPECT_EQ(series.buckets()[0], (Bucket{.attempts = 4, .throttled = 1, .calls = 3, .ok = 2}));
  EXPECT_EQ(series.buckets()[0].accepted(), 3U);
  EXPECT_EQ(series.buckets()[1], Bucket{});
  EXPECT_EQ(series.buckets()[3].attempts, 7U);
}

TEST(Series, DoublesItsWidthRatherThanGrowing) {
  Series series;
  for (std::int64_t i = 0; i < 4'096; ++i) series.add(monday + i, {.attempts = 1});
  EXPECT_EQ(series.width(), 1s);
  series.add(monday + 4'096, {.attempts = 1});
  EXPECT_EQ(series.width(), 2s);
  EXPECT_EQ(series.buckets().size(), 2'049U);
  series.add(monday + 30 * 86'400, {.attempts = 5});
  EXPECT_EQ(series.width(), 1'024s) << "30 days in 4,096 buckets: the least power of two is 632.8 s or more";
  EXPECT_LE(series.buckets().size(), Series::buckets_max);
  EXPECT_EQ(series.buckets().back().attempts, 5U);
}

TEST(Series, HasBucketsAtMultiplesOfTheirWidth) {
  Series series;
  series.add(monday + 1'023, {.attempts = 1});
  series.add(monday + 1'024, {.attempts = 10});
  series.add(monday + 100 * 4'096, {.attempts = 100});
  EXPECT_EQ(series.width(), 128s);
  EXPECT_EQ(series.begin(), second(monday + 1'023 / 128 * 128));
  EXPECT_EQ(series.buckets()[0].attempts, 1U);
  EXPECT_EQ(series.buckets()[1].attempts, 10U);
}

TEST(Series, EqualsCountingByHand) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Draws draws{Random{seed}.stream("seconds")};
    std::map<std::int64_t, std::uint64_t> seconds;
    Series series;
    std::int64_t at = monday + static_cast<std::int64_t>(uniform_below(draws.next(), 100'000));
    const std::uint64_t gap = std::uint64_t{1} << uniform_below(draws.next(), 12);
    for (int i = 0; i < 3'000; ++i) {
      at += static_cast<std::int64_t>(uniform_below(draws.next(), gap) + 1);
      const std::uint64_t count = uniform_below(draws.next(), 100);
      seconds[at] += count;
      series.add(at, {.attempts = count});
    }
    std::map<std::int64_t, std::uint64_t> expected;
    const std::int64_t width = series.width().count();
    for (const auto& [when, count] : seconds) expected[when / width * width] += count;
    ASSERT_LE(series.buckets().size(), Series::buckets_max) << "seed " << seed;
    ASSERT_EQ(static_cast<std::int64_t>(series.buckets().size()),
              at / width - seconds.begin()->first / width + 1)
        << "seed " << seed;
    for (std::size_t i = 0; i < series.buckets().size(); ++i) {
      const auto begin = std::chrono::floor<std::chrono::seconds>(series.begin().time_since_epoch()).count() +
                         static_cast<std::int64_t>(i) * width;
      ASSERT_EQ(begin % width, 0) << "seed " << seed;
      ASSERT_EQ(series.buckets()[i].attempts, expected[begin]) << "seed " << seed << ", bucket " << i;
    }
  }
}

}  // namespace
}  // namespace rushhour::measure
