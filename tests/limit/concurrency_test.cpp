#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include <rushhour/limit/composite.hpp>
#include <rushhour/limit/concurrency.hpp>
#include <rushhour/limit/fixed_window.hpp>
#include <rushhour/limit/sliding_log.hpp>
#include <rushhour/random.hpp>

#include "statistics.hpp"

namespace rushhour::limit {
namespace {

using namespace std::chrono_literals;
using testing::at;

const Instant start = at("2026-03-02T14:00:00Z");

TEST(Concurrency, AdmitsAsManyAsItsLimitUntilOneEnds) {
  Concurrency concurrency({.limit = 2});
  EXPECT_TRUE(concurrency.try_acquire(start));
  EXPECT_TRUE(concurrency.try_acquire(start + 1s));
  EXPECT_FALSE(concurrency.try_acquire(start + 24h));
  concurrency.release(start + 24h);
  EXPECT_EQ(concurrency.remaining(start + 24h), 1U);
  EXPECT_TRUE(concurrency.try_acquire(start + 24h));
  EXPECT_FALSE(concurrency.try_acquire(start + 24h));
}

TEST(Concurrency, NamesNoInstantWhenOnlyAnEndMakesRoom) {
  Concurrency concurrency({.limit = 1});
  EXPECT_EQ(concurrency.next_admission(start), start);
  EXPECT_TRUE(concurrency.try_acquire(start));
  EXPECT_EQ(concurrency.next_admission(start), Instant::max());
  EXPECT_FALSE(concurrency.clone()->admits(Instant::max()));
  concurrency.release(start + 1s);
  EXPECT_EQ(concurrency.next_admission(start + 1s), start + 1s);
}

TEST(Concurrency, SaysHowManyAtATime) {
  EXPECT_EQ(to_text(Concurrency({.limit = 1'000}).rates().front()), "1000 at a time");
}

TEST(Concurrency, CopiesWhatIsInFlight) {
  Concurrency original({.limit = 2});
  EXPECT_TRUE(original.try_acquire(start));
  const auto copy = original.clone();
  copy->release(start);
  EXPECT_EQ(copy->remaining(start), 2U);
  EXPECT_EQ(original.remaining(start), 1U);
}

TEST(Concurrency, OfCallsThatAllTakeAsLongIsASlidingLog) {
  // In flight is then what was admitted within the last 10 s.
  constexpr std::uint64_t seed = 11;
  Concurrency concurrency({.limit = 5});
  SlidingLog log({.limit = 5, .window = 10s});
  std::deque<Instant> ends;
  Draws draws(Random{seed}.stream("gaps"));
  Instant now = start;
  std::uint64_t refused = 0;
  for (int i = 0; i < 200'000; ++i) {
    now += std::chrono::seconds{uniform_below(draws.next(), 5)};
    for (; !ends.empty() && ends.front() <= now; ends.pop_front()) concurrency.release(ends.front());
    ASSERT_EQ(concurrency.remaining(now), 5 - ends.size()) << "seed " << seed << ", call " << i;
    ASSERT_EQ(concurrency.remaining(now), log.remaining(now)) << "seed " << seed << ", call " << i;
    const bool admitted = log.try_acquire(now);
    ASSERT_EQ(concurrency.try_acquire(now), admitted) << "seed " << seed << ", call " << i;
    if (admitted) ends.push_back(now + 10s);
    refused += admitted ? 0 : 1;
  }
  EXPECT_GT(refused, 20'000U) << "the calls hardly strain the limit";
}

TEST(Concurrency, IsReleasedThroughAComposite) {
  Composite both =
      Composite::of(FixedWindow({.limit = 3, .window = 1min}), Composite::of(Concurrency({.limit = 1})));
  EXPECT_TRUE(both.try_acquire(start));
  EXPECT_FALSE(both.try_acquire(start));
  both.release(start);
  EXPECT_TRUE(both.try_acquire(start));
  both.release(start);
  EXPECT_EQ(both.levels(start)[0].remaining, 1U) << "a window is used up for good";
  EXPECT_EQ(both.levels(start)[1].remaining, 1U);
}

TEST(Concurrency, HoldsNothingForACallThatAnotherRefused) {
  std::vector<std::unique_ptr<Limiter>> parts;
  parts.push_back(std::make_unique<FixedWindow>(FixedWindowOptions{.limit = 1, .window = 1min}));
  parts.push_back(std::make_unique<Concurrency>(ConcurrencyOptions{.limit = 2}));
  Composite both(std::move(parts), {.charge_others = true});
  EXPECT_TRUE(both.try_acquire(start));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(both.try_acquire(start));
  EXPECT_EQ(both.levels(start)[1].remaining, 1U);
}

TEST(ConcurrencyDeathTest, KeepsItsContract) {
  EXPECT_DEATH(Concurrency({.limit = 0}), "a limit is from 1 to 2\\^32");
  Concurrency concurrency({.limit = 1});
  EXPECT_DEATH(concurrency.release(start), "only a call that was charged is released");
  concurrency.charge(start);
  EXPECT_DEATH(concurrency.charge(start), "only a call that was admitted is charged");
  EXPECT_DEATH(concurrency.release(start - 1ns), "a limiter's time does not go back");
}

}  // namespace
}  // namespace rushhour::limit
