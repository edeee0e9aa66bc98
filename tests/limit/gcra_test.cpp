// GCRA, and that it is the token bucket in other words.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include <rushhour/limit/gcra.hpp>
#include <rushhour/limit/token_bucket.hpp>
#include <rushhour/random.hpp>

#include "statistics.hpp"

namespace rushhour::limit {
namespace {

using namespace std::chrono_literals;
using testing::at;

TEST(Gcra, AdmitsTheBurstAndThenOneEachEmissionInterval) {
  Gcra gcra({.limit = 4, .window = 1min, .burst = 2});
  const Instant start = at("2026-03-02T14:00:00Z");
  EXPECT_TRUE(gcra.try_acquire(start));
  EXPECT_TRUE(gcra.try_acquire(start));
  EXPECT_FALSE(gcra.try_acquire(start));
  EXPECT_EQ(gcra.next_admission(start), start + 15s);
  EXPECT_FALSE(gcra.try_acquire(start + 15s - 1ns));
  EXPECT_TRUE(gcra.try_acquire(start + 15s));
  EXPECT_FALSE(gcra.try_acquire(start + 15s));
}

TEST(Gcra, Of4AMinuteAdmits243InItsFirstHour) {
  Gcra gcra({.limit = 4, .window = 1min, .burst = 4});
  const Instant start = at("2026-03-02T14:00:00Z");
  int admitted = 0;
  for (Instant now = start; now < start + 1h; now += 100ms) admitted += gcra.try_acquire(now) ? 1 : 0;
  EXPECT_EQ(admitted, 4 + 239);
}

TEST(Gcra, KeepsAnIntervalThatIsNoWholeNanosecond) {
  Gcra gcra({.limit = 600, .window = 1s, .burst = 2});  // an interval of 1,666,666 and 2/3 ns
  const Instant start = at("2026-03-02T14:00:00Z");
  Instant now = start;
  for (int i = 0; i < 600 * 3600; ++i) {
    now = gcra.next_admission(now);
    ASSERT_TRUE(gcra.try_acquire(now)) << i;
  }
  // Two come at once; the last is 600 * 3600 - 2 intervals later, rounded once and not at each.
  EXPECT_EQ(now - start, 1h - 3'333'333ns);
}

struct BucketShape {
  std::uint64_t limit;
  Duration window;
  std::uint64_t burst;
};

/// Gaps of every kind: none, one nanosecond, around and exactly the interval, up to years.
Duration random_gap(Draws& draws, const BucketShape& shape) {
  const Duration interval = shape.window / static_cast<std::int64_t>(shape.limit) + 1ns;
  switch (uniform_below(draws.next(), 16)) {
    case 0:
      return 1ns;
    case 1:
      return interval;
    case 2:
      return interval - 1ns;
    case 3:
      return exponential(draws.next(), interval * static_cast<std::int64_t>(shape.burst));
    case 4:
      return draws.next() % 64 == 0 ? exponential(draws.next(), 24h * 3) : Duration{0};
    case 5:
    case 6:
    case 7:
    case 8:
      return exponential(draws.next(), interval);
    case 9:
      return exponential(draws.next(), interval * 2);
    default:
      return 0ns;  // a burst
  }
}

TEST(Gcra, DecidesAsTheTokenBucketOver2MillionCalls) {
  constexpr std::uint64_t seed = 8;
  const BucketShape shapes[] = {{1, 1s, 1},          {4, 1min, 4}, {600, 1s, 600},
                                {600, 1s, 1},        {7, 3s, 20},  {3, 1'000'000'007ns, 5},
                                {10'000, 1s, 50},    {1, 1ns, 3},  {15'500, 744h, 9},
                                {1'000'003, 1s, 100}};
  const Stream stream = Random{seed}.stream("gaps");
  std::uint64_t decisions = 0;
  std::uint64_t refusals = 0;
  for (const BucketShape& shape : shapes) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", " +
                 to_text(Rate{.limit = shape.limit, .window = shape.window, .burst = shape.burst}));
    Draws draws(stream.part(decisions));
    TokenBucket bucket({.limit = shape.limit, .window = shape.window, .burst = shape.burst});
    Gcra gcra({.limit = shape.limit, .window = shape.window, .burst = shape.burst});
    Instant now = at("2026-03-02T14:00:00Z");
    for (int i = 0; i < 220'000; ++i, ++decisions) {
      now += random_gap(draws, shape);
      if (i % 16 == 0) {
        ASSERT_EQ(bucket.remaining(now), gcra.remaining(now)) << "before call " << i;
        ASSERT_EQ(bucket.next_admission(now), gcra.next_admission(now)) << "before call " << i;
      }
      const bool admitted = bucket.try_acquire(now);
      ASSERT_EQ(gcra.try_acquire(now), admitted) << "at call " << i;
      refusals += admitted ? 0 : 1;
    }
  }
  EXPECT_GE(decisions, 2'000'000U);
  EXPECT_GT(refusals, decisions / 10) << "the calls hardly strain the limit";
  EXPECT_LT(refusals, decisions * 9 / 10) << "the calls are nearly all refused";
}

}  // namespace
}  // namespace rushhour::limit
