#include <rushhour/event/traffic/shaped_arrivals.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <vector>

#include <gtest/gtest.h>

namespace rushhour::event::traffic {
namespace {

using namespace std::chrono_literals;

const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");

std::vector<Instant> all_of(const ArrivalPlan& plan, std::vector<std::uint64_t> weights) {
  ShapedArrivals arrivals{plan, std::move(weights)};
  std::vector<Instant> instants;
  while (arrivals.peek() != nullptr) instants.push_back(arrivals.next());
  return instants;
}

TEST(ShapedArrivals, GiveEachStretchItsWeightAndSpaceItEvenly) {
  const std::vector<Instant> instants = all_of({.events = 7, .start = start, .duration = 4min}, {1, 4, 0, 2});
  EXPECT_EQ(instants, (std::vector<Instant>{start, start + 1min, start + 75s, start + 90s, start + 105s,
                                            start + 3min, start + 210s}));
}

TEST(ShapedArrivals, KeepTheirShapeWithOtherNumbersOfEvents) {
  std::map<std::int64_t, std::uint64_t> minutes;
  for (const Instant at : all_of({.events = 700'000, .start = start, .duration = 4min}, {1, 4, 0, 2})) {
    ++minutes[(at - start) / 1min];
  }
  EXPECT_EQ(minutes, (std::map<std::int64_t, std::uint64_t>{{0, 100'000}, {1, 400'000}, {3, 200'000}}));
}

TEST(ShapedArrivals, EndWithinTheDurationHoweverLargeTheNumbersAre) {
  std::vector<std::uint64_t> weights(ShapedArrivals::weights_max, ShapedArrivals::weight_max);
  weights.back() = 0;
  const std::vector<Instant> instants =
      all_of({.events = 1'000, .start = start, .duration = 24h * 364}, std::move(weights));
  ASSERT_EQ(instants.size(), 1'000U);
  EXPECT_TRUE(std::ranges::is_sorted(instants));
  EXPECT_EQ(instants.front(), start);
  EXPECT_LT(instants.back(), start + 24h * 364 - 24h * 364 / 86'400);
}

TEST(ShapedArrivals, ComeAgainAfterARestart) {
  ShapedArrivals arrivals{{.events = 3, .start = start, .duration = 2s}, {1, 2}};
  const Instant first = arrivals.next();
  static_cast<void>(arrivals.next());
  arrivals.restart();
  EXPECT_EQ(arrivals.next(), first);
  EXPECT_EQ(arrivals.next(), start + 1s);
  EXPECT_EQ(arrivals.next(), start + 1500ms);
  EXPECT_EQ(arrivals.peek(), nullptr);
}

TEST(ShapedArrivals, RefuseAShapeOfNothing) {
  const ArrivalPlan plan{.events = 1, .start = start, .duration = 1s};
  EXPECT_THROW(ShapedArrivals(plan, {}), InputError);
  EXPECT_THROW(ShapedArrivals(plan, {0, 0}), InputError);
  EXPECT_THROW(ShapedArrivals(plan, {ShapedArrivals::weight_max + 1}), InputError);
}

}  // namespace
}  // namespace rushhour::event::traffic
