#include <rushhour/scenario/spread.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rushhour::scenario {
namespace {

using Numbers = std::vector<std::optional<Ratio>>;

TEST(Spread, HasMeanAndExtremesWithTheirPlaces) {
  const auto spread = spread_of(Numbers{Ratio{4, 1}, Ratio{3, 1}, Ratio{9, 1}, Ratio{3, 1}});
  EXPECT_EQ(spread.count, 4U);
  EXPECT_EQ(spread.mean, (Ratio{19, 4}));
  EXPECT_EQ(spread.least, (Ratio{3, 1}));
  EXPECT_EQ(spread.least_at, 1U) << "of equals the first";
  EXPECT_EQ(spread.most, (Ratio{9, 1}));
  EXPECT_EQ(spread.most_at, 2U);
}

TEST(Spread, IsOfTheSeedsThatHaveTheNumber) {
  const auto spread = spread_of(Numbers{std::nullopt, Ratio{3, 1}, Ratio{4, 1}});
  EXPECT_EQ(spread.count, 2U);
  EXPECT_EQ(spread.mean, (Ratio{7, 2}));
  EXPECT_EQ(spread.least_at, 1U);
  EXPECT_EQ(spread_of(Numbers{std::nullopt}).count, 0U);
  EXPECT_EQ(spread_of(Numbers{}).count, 0U);
}

TEST(Spread, IsExactOverOneDenominator) {
  const auto spread = spread_of(Numbers{Ratio{1, 7}, Ratio{2, 7}});
  EXPECT_EQ(spread.mean, (Ratio{3, 14}));
}

TEST(Spread, IsExactWhereDenominatorsDiffer) {
  const auto spread = spread_of(Numbers{Ratio{1, 3}, Ratio{1, 2}});
  EXPECT_EQ(spread.mean, (Ratio{5, 12}));
  EXPECT_EQ(spread.least, (Ratio{1, 3}));
}

TEST(Spread, HasNoSumThatIsTooLong) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const auto spread = spread_of(Numbers{Ratio{most, 1}, Ratio{most - 2, 1}});
  EXPECT_EQ(spread.mean, (Ratio{most - 1, 1}));
}

TEST(PairedSpread, ComparesEachSeedWithItself) {
  const auto spread = paired_spread(Numbers{Ratio{10, 1}, Ratio{100, 1}, Ratio{50, 1}},
                                    Numbers{Ratio{9, 1}, Ratio{99, 1}, Ratio{51, 1}});
  EXPECT_EQ(spread.count, 3U);
  EXPECT_EQ(spread.mean, (Difference{.negative = true, .size = {1, 3}}));
  EXPECT_EQ(spread.least, (Difference{.negative = true, .size = {1, 1}}));
  EXPECT_EQ(spread.most, (Difference{.negative = false, .size = {1, 1}}));
  EXPECT_EQ(spread.most_at, 2U);
}

TEST(PairedSpread, LeavesOutSeedsThatHaveTheNumberOnlyOnce) {
  const auto spread = paired_spread(Numbers{Ratio{1, 1}, std::nullopt, Ratio{5, 1}},
                                    Numbers{std::nullopt, Ratio{1, 1}, Ratio{8, 1}});
  EXPECT_EQ(spread.count, 1U);
  EXPECT_EQ(spread.mean, (Difference{.negative = false, .size = {3, 1}}));
}

TEST(PairedSpread, ComparesNumbersOfDifferentDenominators) {
  const auto spread = paired_spread(Numbers{Ratio{1, 2}}, Numbers{Ratio{1, 4}});
  EXPECT_EQ(spread.mean, (Difference{.negative = true, .size = {1, 4}}));
}

TEST(PairedSpread, CutsToBillionthsWhatIsTooLong) {
  constexpr std::uint64_t prime = 18446744073709551557U;  // the greatest below 2^64
  const auto spread = paired_spread(Numbers{Ratio{1, prime}}, Numbers{Ratio{1, prime - 1}});
  EXPECT_EQ(spread.mean, (Difference{.negative = false, .size = {0, 1}}));
}

TEST(PairedSpread, KnowsNoNegativeNothing) {
  EXPECT_FALSE(paired_spread(Numbers{Ratio{3, 1}}, Numbers{Ratio{3, 1}}).mean.negative);
}

}  // namespace
}  // namespace rushhour::scenario
