#include <rushhour/sim/alert_groups.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include <rushhour/gtest.hpp>
#include <rushhour/random.hpp>

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;

Instant at(Duration since_start) { return Instant{since_start}; }

TEST(AlertGroups, MakeOneAlertOfMatchesWithinAWindow) {
  AlertGroups groups{60min};
  const auto group = AlertGroups::key(1, "root login");
  EXPECT_FALSE(groups.is_open(group, at(0s)));
  EXPECT_TRUE(groups.add(group, at(0s)).alerted);
  EXPECT_TRUE(groups.is_open(group, at(0s)));
  EXPECT_FALSE(groups.add(group, at(0s)).alerted);
  EXPECT_FALSE(groups.add(group, at(60min)).alerted) << "only what is older than the window has ended";
  EXPECT_FALSE(groups.is_open(group, at(60min + 1ns)));
  EXPECT_TRUE(groups.add(group, at(60min + 1ns)).alerted);
}

TEST(AlertGroups, DoNotSlide) {
  AlertGroups groups{60min};
  const auto group = AlertGroups::key(1, "x");
  int alerts = 0;
  for (int minute = 0; minute < 180; minute += 10)
    alerts += groups.add(group, at(minute * 1min)).alerted ? 1 : 0;
  EXPECT_EQ(alerts, 3) << "a window that slid would never have ended";
}

TEST(AlertGroups, AreOfOneDetectionAndOneString) {
  AlertGroups groups{60min};
  EXPECT_TRUE(groups.add(AlertGroups::key(hash("rule a"), "x"), at(0s)).alerted);
  EXPECT_TRUE(groups.add(AlertGroups::key(hash("rule b"), "x"), at(0s)).alerted);
  EXPECT_TRUE(groups.add(AlertGroups::key(hash("rule a"), "y"), at(0s)).alerted);
  EXPECT_FALSE(groups.add(AlertGroups::key(hash("rule a"), "x"), at(0s)).alerted);
}

TEST(AlertGroups, HaveAKeyForEachPair) {
  std::set<AlertGroups::Key> keys;
  for (int rule = 0; rule < 30; ++rule) {
    for (int text = 0; text < 1'000; ++text) {
      keys.insert(AlertGroups::key(hash("rule " + std::to_string(rule)), std::to_string(text)));
    }
  }
  EXPECT_EQ(keys.size(), 30'000U);
}

TEST(AlertGroups, MakeAnAlertOfEachMatchWithoutAWindow) {
  AlertGroups groups{0s};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(groups.add(1, at(5s)).alerted);
}

TEST(AlertGroups, MakeOneAlertForEverOfAWindowWithoutEnd) {
  AlertGroups groups{Duration::max()};
  EXPECT_TRUE(groups.add(1, at(1h)).alerted);
  EXPECT_FALSE(groups.add(1, at(1'000h)).alerted);
}

TEST(AlertGroups, DecideTheSameWhateverTheyHaveForgotten) {
  // Against a map that forgets nothing: thousands of strings, so that closed windows are thrown away.
  constexpr std::uint64_t seed = 20260302;
  Draws draws{Random{seed}.stream("matches")};
  AlertGroups groups{10min};
  std::map<std::uint64_t, Instant> opened;
  Instant now{};
  for (int i = 0; i < 200'000; ++i) {
    now += Duration{static_cast<std::int64_t>(uniform_below(draws.next(), 200'000'000))};
    const std::uint64_t group = uniform_below(draws.next(), 20'000);
    const auto found = opened.find(group);
    const bool expected = found == opened.end() || now - found->second >= 10min;
    if (expected) opened[group] = now;
    ASSERT_EQ(groups.is_open(group, now), !expected) << "match " << i << ", seed " << seed;
    ASSERT_EQ(groups.add(group, now).alerted, expected) << "match " << i << ", seed " << seed;
  }
}

}  // namespace
}  // namespace rushhour::sim
