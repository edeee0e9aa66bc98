#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include <rushhour/limit/sliding_counter.hpp>
#include <rushhour/random.hpp>

#include "statistics.hpp"

namespace rushhour::limit {
namespace {

using namespace std::chrono_literals;
using testing::at;

const Instant start = at("2026-03-02T14:00:00Z");

TEST(SlidingCounter, CountsTheShareOfTheLastWindowThatIsStillCovered) {
  SlidingCounter counter({.limit = 4, .window = 1min});
  for (const Duration passed : {0s, 20s, 40s, 59s}) EXPECT_TRUE(counter.try_acquire(start + passed));
  EXPECT_FALSE(counter.try_acquire(start + 59s));
  // 0 + 4 * 1 is not below 4; a nanosecond later it is.
  EXPECT_FALSE(counter.try_acquire(start + 1min));
  EXPECT_TRUE(counter.try_acquire(start + 1min + 1ns));
  // 1 + 4 * 3/4 is not below 4 either, and 2 + 4 * 1/2 not.
  EXPECT_FALSE(counter.try_acquire(start + 75s));
  EXPECT_TRUE(counter.try_acquire(start + 75s + 1ns));
  EXPECT_FALSE(counter.try_acquire(start + 90s));
  EXPECT_EQ(counter.next_admission(start + 90s), start + 90s + 1ns);
}

TEST(SlidingCounter, ForgetsTheWindowBeforeTheLast) {
  SlidingCounter counter({.limit = 4, .window = 1min});
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(counter.try_acquire(start));
  EXPECT_EQ(counter.remaining(start + 90s), 2U);
  EXPECT_EQ(counter.remaining(start + 119s), 4U) << "4 - 4/60 calls are left, of which a part lets one pass";
  EXPECT_EQ(counter.remaining(start + 2min), 4U);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(counter.try_acquire(start + 2min));
  EXPECT_FALSE(counter.try_acquire(start + 2min));
}

TEST(SlidingCounter, AdmitsFiveAndNotEightInEightSecondsAcrossABoundary) {
  SlidingCounter counter({.limit = 4, .window = 1min});
  int admitted = 0;
  for (Instant now = start + 56s; now < start + 64s; now += 1s) admitted += counter.try_acquire(now) ? 1 : 0;
  EXPECT_EQ(admitted, 4 + 1) << "the fifth as soon as the last minute is no longer covered whole";
}

TEST(SlidingCounter, KeepsAnAskerOutWhoseRefusedCallsCount) {
  SlidingCounter counter({.limit = 2, .window = 1min, .rejected_count = true});
  EXPECT_TRUE(counter.try_acquire(start));
  EXPECT_TRUE(counter.try_acquire(start));
  for (Duration passed = 10s; passed <= 10min; passed += 10s)
    EXPECT_FALSE(counter.try_acquire(start + passed));
  // Six calls count in the last whole minute and one in this: 1 + 6 * (1 - 50/60) is 2.
  EXPECT_EQ(counter.next_admission(start + 10min), start + 10min + 50s + 1ns);
  EXPECT_TRUE(counter.try_acquire(start + 10min + 50s + 1ns));
}

TEST(SlidingCounter, NamesAnAdmissionTwoWindowsOn) {
  // A window of one nanosecond is covered whole or not at all.
  SlidingCounter counter({.limit = 1, .window = 1ns});
  EXPECT_TRUE(counter.try_acquire(start));
  EXPECT_EQ(counter.next_admission(start), start + 2ns);
  EXPECT_FALSE(counter.try_acquire(start + 1ns));
  EXPECT_TRUE(counter.try_acquire(start + 2ns));
}

TEST(SlidingCounter, CountsWindowsBeforeTheEpochToo) {
  SlidingCounter counter({.limit = 2, .window = 1min});
  const Instant before = at("1969-12-31T23:59:30Z");
  EXPECT_TRUE(counter.try_acquire(before));
  EXPECT_TRUE(counter.try_acquire(before));
  EXPECT_EQ(counter.next_admission(before), Instant{1ns});
  EXPECT_FALSE(counter.try_acquire(Instant{}));
  EXPECT_TRUE(counter.try_acquire(Instant{1ns}));

  SlidingCounter earlier({.limit = 2, .window = 1min});
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(earlier.try_acquire(at("1969-12-31T23:58:30Z")));
  EXPECT_EQ(earlier.remaining(at("1969-12-31T23:59:15Z")), 1U) << "three quarters of two calls count";
  EXPECT_EQ(earlier.remaining(at("1969-12-31T23:59:45Z")), 2U);
}

TEST(SlidingCounter, IsExactAtTheEndsOfItsRange) {
  SlidingCounter counter({.limit = std::uint64_t{1} << 32, .window = Duration::max()});
  EXPECT_TRUE(counter.try_acquire(Instant::min()));
  EXPECT_EQ(counter.remaining(Instant::min()), (std::uint64_t{1} << 32) - 1);
  EXPECT_TRUE(counter.try_acquire(Instant::max()));
  SlidingCounter one({.limit = 1, .window = Duration::max()});
  EXPECT_TRUE(one.try_acquire(Instant::max() - 1ns));
  EXPECT_EQ(one.next_admission(Instant::max() - 1ns), Instant::max());
}

TEST(SlidingCounter, DecidesAsACountOfAListOfCalls) {
  constexpr std::uint64_t seed = 9;
  constexpr std::int64_t window = 10'000'000'007;
  for (const bool rejected_count : {false, true}) {
    SlidingCounter counter({.limit = 5, .window = Duration{window}, .rejected_count = rejected_count});
    std::vector<std::int64_t> list;  // of instants, in nanoseconds since the epoch
    Draws draws(Random{seed}.stream("gaps"));
    Instant now = start;
    for (int i = 0; i < 100'000; ++i) {
      now += draws.next() % 4 == 0 ? Duration{0} : exponential(draws.next(), 3s);
      const std::int64_t count = now.time_since_epoch().count();
      const std::int64_t begin = count - count % window;
      std::erase_if(list, [&](std::int64_t call) { return call < begin - window; });
      std::int64_t weight = 0;
      for (const std::int64_t call : list) weight += call >= begin ? window : window - (count - begin);
      const bool expected = weight < 5 * window;
      ASSERT_EQ(counter.try_acquire(now), expected) << "seed " << seed << ", call " << i;
      if (expected || rejected_count) list.push_back(count);
    }
  }
}

}  // namespace
}  // namespace rushhour::limit
