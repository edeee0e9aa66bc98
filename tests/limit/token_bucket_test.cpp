#include <gtest/gtest.h>

#include <cstdint>

#include <rushhour/limit/fixed_window.hpp>
#include <rushhour/limit/token_bucket.hpp>

#include "statistics.hpp"

namespace rushhour::limit {
namespace {

using namespace std::chrono_literals;
using testing::at;

const Instant start = at("2026-03-02T14:00:00Z");

int admitted_at(Limiter& limiter, Instant now, int calls) {
  int admitted = 0;
  for (int i = 0; i < calls; ++i) admitted += limiter.try_acquire(now) ? 1 : 0;
  return admitted;
}

TEST(TokenBucket, StartsFullAndRefillsToItsBurstAndNoFurther) {
  TokenBucket bucket({.limit = 10, .window = 1s, .burst = 25});
  EXPECT_EQ(bucket.remaining(start), 25U);
  EXPECT_EQ(admitted_at(bucket, start, 100), 25);
  EXPECT_EQ(admitted_at(bucket, start + 1s, 100), 10);
  EXPECT_EQ(admitted_at(bucket, start + 24h, 100), 25);
}

TEST(TokenBucket, AdmitsAtTheVeryNanosecondItsTokenIsWhole) {
  TokenBucket bucket({.limit = 3, .window = 1s, .burst = 1});
  EXPECT_TRUE(bucket.try_acquire(start));
  EXPECT_EQ(bucket.next_admission(start), start + 333'333'334ns);
  EXPECT_FALSE(bucket.try_acquire(start + 333'333'333ns));
  EXPECT_TRUE(bucket.try_acquire(start + 333'333'334ns));
}

TEST(TokenBucket, HoldsAsMuchAsItsLimitUnlessToldOtherwise) {
  const TokenBucket bucket({.limit = 600});
  EXPECT_EQ(bucket.rates(), (std::vector<Rate>{{.limit = 600, .window = 1s, .burst = 600}}));
}

TEST(TokenBucket, LosesNoFractionOverFiftyYears) {
  // Three tokens in a week and a nanosecond, asked once an hour: a rounded refill would lose or win tokens.
  const Duration window = 168h + 1ns;
  TokenBucket bucket({.limit = 3, .window = window, .burst = 5});
  const Duration years = 24h * 365 * 50;
  std::int64_t admitted = 0;
  for (Duration passed{}; passed <= years; passed += 1h) admitted += admitted_at(bucket, start + passed, 6);
  EXPECT_EQ(admitted, 5 + years.count() / (window.count() / 3));
}

TEST(TokenBucket, IsExactAtTheEndsOfItsRange) {
  TokenBucket bucket({.limit = std::uint64_t{1} << 32, .window = Duration::max(), .burst = 1});
  EXPECT_TRUE(bucket.try_acquire(Instant::min()));
  EXPECT_EQ(bucket.next_admission(Instant::min()), Instant::min() + 2'147'483'648ns);
  EXPECT_TRUE(bucket.try_acquire(Instant::max()));
  EXPECT_EQ(bucket.next_admission(Instant::max()), Instant::max());
}

TEST(TokenBucket, ForgivesRefusedCalls) {
  TokenBucket bucket({.limit = 1, .window = 1s, .burst = 1});
  EXPECT_TRUE(bucket.try_acquire(start));
  for (Duration passed = 1ms; passed < 1s; passed += 1ms) EXPECT_FALSE(bucket.try_acquire(start + passed));
  EXPECT_TRUE(bucket.try_acquire(start + 1s));
}

TEST(TokenBucketDeathTest, RejectsOptionsThatMeanNothing) {
  EXPECT_DEATH(TokenBucket({.limit = 0}), "a limit is from 1 to 2\\^32");
  EXPECT_DEATH(TokenBucket({.limit = 1, .window = 0s}), "a window has a length");
  EXPECT_DEATH(TokenBucket({.limit = 1, .burst = (std::uint64_t{1} << 32) + 1}), "a burst is at most 2\\^32");
}

TEST(TokenBucketDeathTest, ChargesOnlyWhatItAdmitted) {
  TokenBucket bucket({.limit = 1, .window = 1s, .burst = 1});
  bucket.charge(start);
  EXPECT_DEATH(bucket.charge(start), "only a call that was admitted is charged");
}

TEST(DiscreteTokenBucket, RefillsAtWholeSecondsOnly) {
  // EC2's DescribeHosts: 100 tokens, 20 more each second, the rest of a second's calls fail.
  DiscreteTokenBucket bucket({.limit = 20, .window = 1s, .burst = 100});
  EXPECT_EQ(admitted_at(bucket, start + 300ms, 150), 100);
  EXPECT_EQ(admitted_at(bucket, start + 999'999'999ns, 150), 0);
  EXPECT_EQ(bucket.next_admission(start + 999'999'999ns), start + 1s);
  EXPECT_EQ(admitted_at(bucket, start + 1s, 150), 20);
  EXPECT_EQ(admitted_at(bucket, start + 1'999ms, 150), 0);
  EXPECT_EQ(admitted_at(bucket, start + 4s, 150), 40 + 20);
}

TEST(DiscreteTokenBucket, DiscardsWhatDoesNotFit) {
  DiscreteTokenBucket bucket({.limit = 20, .window = 1s, .burst = 30});
  EXPECT_EQ(admitted_at(bucket, start, 5), 5);
  EXPECT_EQ(bucket.remaining(start + 1s), 30U);
  EXPECT_EQ(bucket.remaining(start + 8760h), 30U);
  EXPECT_EQ(admitted_at(bucket, start + 1s, 100), 30);
  EXPECT_EQ(bucket.remaining(start + 2s), 20U);
}

TEST(DiscreteTokenBucket, CountsSecondsBeforeTheEpochToo) {
  DiscreteTokenBucket bucket({.limit = 2, .window = 1s, .burst = 2});
  const Instant before = at("1969-12-31T23:59:58.5Z");
  EXPECT_EQ(admitted_at(bucket, before, 5), 2);
  EXPECT_EQ(bucket.next_admission(before), at("1969-12-31T23:59:59Z"));
  EXPECT_EQ(admitted_at(bucket, before + 499ms, 5), 0);
  EXPECT_EQ(admitted_at(bucket, before + 500ms, 5), 2);
  EXPECT_EQ(admitted_at(bucket, Instant{} - 1ns, 5), 0);
  EXPECT_EQ(admitted_at(bucket, Instant{}, 5), 2);
}

TEST(DiscreteTokenBucket, WhoseBurstIsItsRateIsAFixedWindow) {
  constexpr std::uint64_t seed = 5;
  DiscreteTokenBucket bucket({.limit = 6, .window = 1s, .burst = 6});
  FixedWindow window({.limit = 6, .window = 1s});
  testing::PoissonArrivals arrivals(seed, 150ms, start);
  for (int i = 0; i < 200'000; ++i) {
    const Instant now = arrivals.next();
    ASSERT_EQ(bucket.try_acquire(now), window.try_acquire(now)) << "seed " << seed << ", call " << i;
  }
}

}  // namespace
}  // namespace rushhour::limit
