#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include <rushhour/detect/match.hpp>
#include <rushhour/event/json.hpp>
#include <rushhour/random.hpp>

namespace rushhour::detect {
namespace {

constexpr std::uint64_t seed = 5;

event::Event numbered(std::uint64_t id) { return event::from_json("{}", {.id = id}); }

std::vector<std::uint64_t> matching(const Match& match, std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t id = first; id <= last; ++id) {
    if (match(numbered(id))) out.push_back(id);
  }
  return out;
}

Match share(Ratio ratio, std::uint64_t events, std::uint64_t with_seed = seed) {
  return Match::share(ratio, events, Random{with_seed}.stream("match"));
}

TEST(Match, TakesExactlyItsShareOfTheEvents) {
  EXPECT_EQ(matching(share({1, 2}, 1'000), 1, 1'000).size(), 500U);
  EXPECT_EQ(matching(share({1, 50}, 1'000), 1, 1'000).size(), 20U);
  EXPECT_EQ(matching(share({1, 3}, 1'000), 1, 1'000).size(), 333U) << "rounded down";
  EXPECT_TRUE(matching(share({0, 1}, 1'000), 1, 1'000).empty());
  EXPECT_EQ(matching(share({1, 1}, 1'000), 1, 1'000).size(), 1'000U);
}

TEST(Match, TakesTheSameShareOfWhatFollows) {
  EXPECT_EQ(matching(share({1, 2}, 1'000), 1'001, 2'000).size(), 500U);
}

TEST(Match, SpreadsItsShareBySeed) {
  const std::vector<std::uint64_t> chosen = matching(share({1, 2}, 1'000), 1, 1'000);
  EXPECT_EQ(matching(share({1, 2}, 1'000), 1, 1'000), chosen);
  EXPECT_NE(matching(share({1, 2}, 1'000, seed + 1), 1, 1'000), chosen);
  const auto in_first_half = static_cast<double>(matching(share({1, 2}, 1'000), 1, 500).size());
  EXPECT_NEAR(in_first_half, 250, 32)
      << "4 standard errors, without replacement: sqrt(250 / 4) is 7.9; seed " << seed;
}

TEST(Match, TakesRecordsByEventName) {
  const Match match = Match::event_names({"GetSecretValue", "BatchGetSecretValue"});
  const auto named = [&](const std::string& record) { return match(event::from_json(record)); };
  EXPECT_TRUE(named(R"({"eventName":"GetSecretValue"})"));
  EXPECT_TRUE(named(R"({"eventName":"BatchGetSecretValue"})"));
  EXPECT_FALSE(named(R"({"eventName":"getsecretvalue"})"));
  EXPECT_FALSE(named(R"({"eventName":null})"));
  EXPECT_FALSE(named(R"({"other":"GetSecretValue"})"));
}

}  // namespace
}  // namespace rushhour::detect
