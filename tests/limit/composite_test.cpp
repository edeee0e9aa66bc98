#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include <rushhour/limit/composite.hpp>
#include <rushhour/limit/fixed_window.hpp>
#include <rushhour/limit/sliding_log.hpp>
#include <rushhour/limit/token_bucket.hpp>

#include "statistics.hpp"

namespace rushhour::limit {
namespace {

using namespace std::chrono_literals;
using testing::at;

const Instant start = at("2026-03-02T14:00:00Z");

Composite minute_and_day(std::uint64_t minute, std::uint64_t day, CompositeOptions options = {},
                         bool rejected_count = false) {
  std::vector<std::unique_ptr<Limiter>> parts;
  parts.push_back(std::make_unique<FixedWindow>(FixedWindowOptions{.limit = minute, .window = 1min}));
  parts.push_back(std::make_unique<FixedWindow>(
      FixedWindowOptions{.limit = day, .window = 24h, .rejected_count = rejected_count}));
  return Composite(std::move(parts), options);
}

std::vector<std::uint64_t> remaining_each(const Limiter& limiter, Instant now) {
  std::vector<std::uint64_t> out;
  for (const Level& level : limiter.levels(now)) out.push_back(level.remaining);
  return out;
}

using Remaining = std::vector<std::uint64_t>;

TEST(Composite, ChargesAllOfItsPartsForACallThatPasses) {
  Composite both = minute_and_day(2, 3);
  EXPECT_TRUE(both.try_acquire(start));
  EXPECT_EQ(remaining_each(both, start), (Remaining{1, 2}));
}

TEST(Composite, ChargesNoneWhenOneRefuses) {
  Composite both = minute_and_day(2, 10);
  for (int i = 0; i < 50; ++i) (void)both.try_acquire(start);
  EXPECT_EQ(remaining_each(both, start), (Remaining{0, 8}));
  // Nor does an earlier part pay when a later one refuses.
  Composite day_first = minute_and_day(10, 2);
  for (int i = 0; i < 50; ++i) (void)day_first.try_acquire(start);
  EXPECT_EQ(remaining_each(day_first, start), (Remaining{8, 0}));
}

TEST(Composite, ChargesTheOthersWhenToldSo) {
  Composite both = minute_and_day(2, 10, {.charge_others = true});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(both.try_acquire(start), i < 2);
  EXPECT_EQ(remaining_each(both, start), (Remaining{0, 5}));
  for (int i = 0; i < 50; ++i) EXPECT_FALSE(both.try_acquire(start));
  EXPECT_EQ(remaining_each(both, start), (Remaining{0, 0}));
}

TEST(Composite, ChargesThePartsWhoseOwnOptionCountsRefusedCalls) {
  Composite both = minute_and_day(2, 10, {}, true);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(both.try_acquire(start), i < 2);
  EXPECT_EQ(remaining_each(both, start), (Remaining{0, 5}));
}

TEST(Composite, AdmitsAgainWhenItsLastPartDoes) {
  Composite both = minute_and_day(2, 2);
  EXPECT_TRUE(both.try_acquire(start));
  EXPECT_TRUE(both.try_acquire(start));
  EXPECT_EQ(both.next_admission(start), at("2026-03-03T00:00:00Z"));
  EXPECT_FALSE(both.try_acquire(start + 1min));
  EXPECT_TRUE(both.try_acquire(at("2026-03-03T00:00:00Z")));
}

TEST(Composite, ListsTheRatesOfItsParts) {
  const Composite three = Composite::of(
      TokenBucket({.limit = 20, .window = 1s, .burst = 100}),
      Composite::of(SlidingLog({.limit = 4}), FixedWindow({.limit = 9, .calendar_month = true})));
  std::vector<std::string> texts;
  for (const Rate& rate : three.rates()) texts.push_back(to_text(rate));
  EXPECT_EQ(texts, (std::vector<std::string>{"20 per 1s, burst 100", "4 per 1m", "9 per UTC month"}));
  EXPECT_EQ(three.remaining(start), 4U);
}

TEST(Composite, CopiesItsPartsToo) {
  Composite original = minute_and_day(2, 3);
  EXPECT_TRUE(original.try_acquire(start));
  Composite copy = original;
  EXPECT_TRUE(copy.try_acquire(start));
  EXPECT_EQ(remaining_each(copy, start), (Remaining{0, 1}));
  EXPECT_EQ(remaining_each(original, start), (Remaining{1, 2}));
  original = copy;
  EXPECT_EQ(remaining_each(original, start), (Remaining{0, 1}));
}

TEST(CompositeDeathTest, HasParts) {
  EXPECT_DEATH(Composite(std::vector<std::unique_ptr<Limiter>>{}), "a composite has parts");
}

}  // namespace
}  // namespace rushhour::limit
