#include <rushhour/fakes/background.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/api/virustotal.hpp>
#include <rushhour/fakes/world.hpp>

namespace rushhour::fakes {
namespace {

using ::testing::ElementsAre;
using namespace std::chrono_literals;

class BackgroundTest : public ::testing::Test {
 protected:
  BackgroundTest() {
    world.virustotal.add_key({.key = "a", .name = "soc"});
    world.virustotal.add_key(
        {.key = "b", .name = "lab", .quota = limit::profiles::virustotal_premium({.minute = 1'000'000})});
  }

  /// The instants of the calls within a time, after the start.
  std::vector<Duration> calls_within(Background& background, Duration time) const {
    std::vector<Duration> out;
    while (background.next() - start < time) {
      out.push_back(background.next() - start);
      background.perform();
    }
    return out;
  }

  World world;
  const Instant start = world.options.start + 14h;
};

TEST_F(BackgroundTest, HasNoCallWhereThereIsNobody) {
  EXPECT_EQ(Background(world, {}, start).next(), Instant::max());
}

TEST_F(BackgroundTest, SpacesItsCallsEvenlyAndNeverDrifts) {
  Background four{world, {{.name = "a", .key = "lab", .calls_per_hour = 4}}, start};
  EXPECT_THAT(calls_within(four, 1h), ElementsAre(7min + 30s, 22min + 30s, 37min + 30s, 52min + 30s));
  EXPECT_EQ(four.next(), start + 1h + 7min + 30s);
  Background seven{world, {{.name = "b", .key = "lab", .calls_per_hour = 7}}, start + 1h};
  for (int i = 0; i < 7 * 100; ++i) seven.perform();
  EXPECT_EQ(seven.next() - (start + 101h), Duration{1h} / 14);
}

TEST_F(BackgroundTest, MakesAsManyPoissonCallsAsItsRateSays) {
  Background background{
      world, {{.name = "a", .key = "lab", .calls_per_hour = 10'000, .poisson = true}}, start};
  const std::vector<Duration> calls = calls_within(background, 4h);
  EXPECT_NEAR(static_cast<double>(calls.size()), 40'000.0, 800.0) << "four standard deviations";
  EXPECT_NE(calls[1] - calls[0], calls[2] - calls[1]);
}

TEST_F(BackgroundTest, MakesTheSameCallsWhoeverElseThereIs) {
  World other;
  other.virustotal.add_key({.key = "a", .name = "soc"});
  const BackgroundConsumer analysts{.name = "analysts", .key = "soc", .calls_per_hour = 60, .poisson = true};
  Background alone{other, {analysts}, start};
  const std::vector<Duration> expected = calls_within(alone, 1h);
  Background both{
      world, {{.name = "x", .key = "lab", .calls_per_hour = 60, .poisson = true}, analysts}, start};
  static_cast<void>(calls_within(both, 1h));
  std::vector<Duration> seen;
  for (const Call& call : world.journal().calls()) {
    if (world.ledger.names().text(call.detection) == "background:analysts") seen.push_back(call.at - start);
  }
  EXPECT_EQ(seen, expected);
}

TEST_F(BackgroundTest, UsesTheQuotaOfItsKeyAndIsJournalledUnderItsName) {
  Background background{world, {{.name = "analysts", .key = "soc", .calls_per_hour = 3'600}}, start};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(background.perform(), Outcome::ok);
  EXPECT_EQ(background.perform(), Outcome::throttled) << "4 a minute";
  const Call last = world.journal().calls().back();
  EXPECT_EQ(world.ledger.names().text(last.detection), "background:analysts");
  EXPECT_EQ(world.ledger.names().text(last.account), "soc");
  EXPECT_EQ(last.at, start + 4s + 500ms);
  EXPECT_EQ(last.attempt, 1);
}

TEST_F(BackgroundTest, LetsTheFirstNamedGoFirst) {
  Background background{world,
                        {{.name = "one", .key = "soc", .calls_per_hour = 2},
                         {.name = "two", .key = "lab", .calls_per_hour = 2}},
                        start};
  background.perform();
  EXPECT_EQ(background.next(), start + 15min) << "the other's is still due";
  background.perform();
  EXPECT_EQ(background.next(), start + 45min);
  EXPECT_EQ(world.ledger.names().text(world.journal().calls().front().detection), "background:one");
}

}  // namespace
}  // namespace rushhour::fakes
