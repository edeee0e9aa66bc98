#include <rushhour/sim/outcomes.hpp>

#include <chrono>

#include <gtest/gtest.h>

#include <rushhour/gtest.hpp>

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;
TEST(Waiting, KeepsTheFirstOfTheLongest) {
  Waiting waiting;
  waiting.add(0s, 1);
  EXPECT_EQ(waiting.max, 0s);
  EXPECT_EQ(waiting.max_event, 0U);
  waiting.add(2s, 2);
  waiting.add(5s, 3);
  waiting.add(5s, 4);
  EXPECT_EQ(waiting.events, 4U);
  EXPECT_EQ(waiting.max, 5s);
  EXPECT_EQ(waiting.max_event, 3U);
}

TEST(Waiting, HasAMean) {
  Waiting waiting;
  EXPECT_EQ(waiting.mean(), 0s);
  waiting.add(1s, 1);
  waiting.add(2s, 2);
  EXPECT_EQ(waiting.mean(), 1'500ms);
  waiting.add(0s, 3);
  EXPECT_EQ(waiting.mean(), 1s);
}

TEST(Waiting, AddsUpBeyondTwoHundredYears) {
  Waiting waiting;
  constexpr Duration century{std::chrono::days{36'525}};
  for (std::uint64_t event = 1; event <= 10; ++event) waiting.add(century, event);
  EXPECT_EQ(waiting.mean(), century);
}

}  // namespace
}  // namespace rushhour::sim
