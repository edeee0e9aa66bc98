// Percentiles from buckets against sorted values.

#include <rushhour/histogram.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/gtest.hpp>
#include <rushhour/random.hpp>

namespace rushhour {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t seed = 20260302;

/// The value at a share of the sorted ones: the least with at least so many at or below it.
Duration nearest_rank(const std::vector<Duration>& sorted, Ratio share) {
  const std::uint64_t scaled = sorted.size() * share.numerator;
  const std::uint64_t rank = std::max<std::uint64_t>((scaled + share.denominator - 1) / share.denominator, 1);
  return sorted[rank - 1];
}

constexpr Ratio shares[] = {{0, 1},       {1, 1'000'000},       {1, 100}, {1, 4}, {1, 2}, {9, 10}, {99, 100},
                            {999, 1'000}, {999'999, 1'000'000}, {1, 1}};

void expect_as_sorted(std::vector<Duration> values) {
  Histogram histogram;
  for (const Duration value : values) histogram.add(value);
  std::sort(values.begin(), values.end());
  ASSERT_EQ(histogram.count(), values.size());
  EXPECT_EQ(histogram.max(), values.back());
  for (const Ratio share : shares) {
    const Duration exact = nearest_rank(values, share);
    const Duration measured = histogram.percentile(share);
    EXPECT_GE(measured, exact) << share.numerator << "/" << share.denominator << ", seed " << seed;
    EXPECT_LE(measured - exact, exact / 64)
        << share.numerator << "/" << share.denominator << ", seed " << seed;
  }
}

TEST(Histogram, IsZeroWithoutValues) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.max(), 0ns);
  EXPECT_EQ(histogram.mean(), 0ns);
  EXPECT_EQ(histogram.percentile({1, 2}), 0ns);
}

TEST(Histogram, SaysOfOneValueWhatItIs) {
  for (const Duration value : {0ns, 1ns, 63ns, 64ns, 127ns, 128ns, 129ns, Duration{1h}, Duration::max()}) {
    Histogram histogram;
    histogram.add(value);
    for (const Ratio share : shares) EXPECT_EQ(histogram.percentile(share), value) << to_text(value);
    EXPECT_EQ(histogram.mean(), value);
  }
}

TEST(Histogram, IsExactBelow128Nanoseconds) {
  Histogram histogram;
  for (int i = 0; i < 128; ++i) histogram.add(Duration{i});
  for (std::uint64_t i = 0; i < 128; ++i) {
    EXPECT_EQ(histogram.percentile({i + 1, 128}), Duration{static_cast<std::int64_t>(i)});
  }
}

TEST(Histogram, IsAtMostA64thAboveSortedValuesOfAnySize) {
  // The bits of a value are as many as another draw says, so that all sizes come.
  Draws draws{Random{seed}.stream("values")};
  std::vector<Duration> values;
  values.reserve(100'000);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t bits = draws.next();
    values.emplace_back(static_cast<std::int64_t>(draws.next() >> (1 + bits % 63)));
  }
  expect_as_sorted(values);
}

TEST(Histogram, IsAtMostA64thAboveSortedExponentialValues) {
  Draws draws{Random{seed}.stream("exponential")};
  std::vector<Duration> values;
  values.reserve(100'000);
  for (int i = 0; i < 100'000; ++i) values.push_back(exponential(draws.next(), 200ms));
  expect_as_sorted(values);
}

TEST(Histogram, IsAtMostA64thAboveAtTheEdgesOfItsBuckets) {
  for (int power = 6; power < 62; ++power) {
    const std::int64_t base = std::int64_t{1} << power;
    expect_as_sorted({Duration{base - 1}, Duration{base}, Duration{base + 1}, Duration{base + base / 64 - 1},
                      Duration{base + base / 64}, Duration{2 * base - 1}, Duration{2 * base}});
  }
}

TEST(Histogram, NeverSaysMoreThanTheGreatest) {
  Histogram histogram;
  for (int i = 0; i < 1'000; ++i) histogram.add(1'000'001ns);
  EXPECT_EQ(histogram.percentile({1, 100}), 1'000'001ns);
  EXPECT_EQ(histogram.percentile({1, 1}), 1'000'001ns);
}

TEST(Histogram, CountsNegativeDurationsAsZero) {
  Histogram histogram;
  histogram.add(-5s);
  histogram.add(Duration::min());
  histogram.add(10ns);
  EXPECT_EQ(histogram.count(), 3U);
  EXPECT_EQ(histogram.percentile({1, 2}), 0ns);
  EXPECT_EQ(histogram.mean(), 3ns);
  EXPECT_EQ(histogram.max(), 10ns);
}

TEST(Histogram, HasTheMeanOfSumsBeyond64Bits) {
  Histogram histogram;
  for (int i = 0; i < 1'000; ++i) histogram.add(Duration::max());
  EXPECT_EQ(histogram.mean(), Duration::max());
  histogram.add(0ns);
  EXPECT_LT(histogram.mean(), Duration::max());
}

}  // namespace
}  // namespace rushhour
