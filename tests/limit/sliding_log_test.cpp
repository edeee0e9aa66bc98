#include <gtest/gtest.h>

#include <cstdint>
#include <deque>

#include <rushhour/limit/sliding_log.hpp>
#include <rushhour/random.hpp>

#include "statistics.hpp"

namespace rushhour::limit {
namespace {

using namespace std::chrono_literals;
using testing::at;

const Instant start = at("2026-03-02T14:00:00Z");

TEST(SlidingLog, FreesEachCallsPlaceExactlyOneWindowLater) {
  SlidingLog log({.limit = 2, .window = 1min});
  EXPECT_TRUE(log.try_acquire(start));
  EXPECT_TRUE(log.try_acquire(start + 10s));
  EXPECT_EQ(log.next_admission(start + 30s), start + 1min) << "the first call leaves first";
  EXPECT_FALSE(log.try_acquire(start + 1min - 1ns));
  EXPECT_TRUE(log.try_acquire(start + 1min));
  EXPECT_FALSE(log.try_acquire(start + 1min + 10s - 1ns));
  EXPECT_TRUE(log.try_acquire(start + 1min + 10s));
}

TEST(SlidingLog, CountsTheInstantItselfAndNotTheWindowsStart) {
  SlidingLog log({.limit = 1, .window = 1min});
  EXPECT_TRUE(log.try_acquire(start));
  EXPECT_FALSE(log.try_acquire(start + 1min - 1ns));
  EXPECT_TRUE(log.try_acquire(start + 1min));
}

TEST(SlidingLog, AdmitsFourInAnyMinuteAcrossABoundaryToo) {
  SlidingLog log({.limit = 4, .window = 1min});
  int admitted = 0;
  for (Instant now = start + 56s; now < start + 116s; now += 1s) admitted += log.try_acquire(now) ? 1 : 0;
  EXPECT_EQ(admitted, 4);
}

TEST(SlidingLog, KeepsAnAskerOutWhoseRefusedCallsCount) {
  SlidingLog log({.limit = 2, .window = 1min, .rejected_count = true});
  EXPECT_TRUE(log.try_acquire(start));
  EXPECT_TRUE(log.try_acquire(start));
  for (Duration passed = 20s; passed <= 10min; passed += 20s) EXPECT_FALSE(log.try_acquire(start + passed));
  EXPECT_EQ(log.remaining(start + 10min), 0U);
  EXPECT_FALSE(log.try_acquire(start + 10min + 39s));
  EXPECT_TRUE(log.try_acquire(start + 11min + 39s)) << "a minute without a call frees it";
}

TEST(SlidingLog, SaysWhatRemains) {
  SlidingLog log({.limit = 3, .window = 1min});
  EXPECT_EQ(log.remaining(start), 3U);
  for (const Duration passed : {0s, 20s, 40s}) EXPECT_TRUE(log.try_acquire(start + passed));
  EXPECT_EQ(log.remaining(start + 59s), 0U);
  EXPECT_EQ(log.remaining(start + 60s), 1U);
  EXPECT_EQ(log.remaining(start + 80s), 2U);
  EXPECT_EQ(log.remaining(start + 8760h), 3U);
}

TEST(SlidingLog, DecidesAsAListThatForgetsNothingEarly) {
  constexpr std::uint64_t seed = 7;
  for (const bool rejected_count : {false, true}) {
    SlidingLog log({.limit = 5, .window = 10s, .rejected_count = rejected_count});
    std::deque<Instant> list;
    Draws draws(Random{seed}.stream("gaps"));
    Instant now = start;
    for (int i = 0; i < 100'000; ++i) {
      now += draws.next() % 4 == 0 ? Duration{0}
                                   : Duration{std::chrono::seconds{uniform_below(draws.next(), 6)}};
      while (!list.empty() && list.front() <= now - 10s) list.pop_front();
      const std::uint64_t logged = list.size();
      ASSERT_EQ(log.remaining(now), logged < 5 ? 5 - logged : 0) << "seed " << seed << ", call " << i;
      ASSERT_EQ(log.try_acquire(now), logged < 5) << "seed " << seed << ", call " << i;
      if (logged < 5 || rejected_count) list.push_back(now);
    }
  }
}

TEST(SlidingLogDeathTest, LimitsItsOwnMemory) {
  EXPECT_DEATH(SlidingLog({.limit = (std::uint64_t{1} << 24) + 1}), "at most 2\\^24 instants");
}

}  // namespace
}  // namespace rushhour::limit
