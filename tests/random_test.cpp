#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/random.hpp>

namespace rushhour {
namespace {

using namespace std::chrono_literals;

#ifdef RUSHHOUR_CONFORMANCE_DIR
const std::string conformance_folder = RUSHHOUR_CONFORMANCE_DIR;
#else
const std::string conformance_folder =
    std::string{__FILE__}.substr(0, std::string_view{__FILE__}.rfind('/') + 1) + "conformance";
#endif

/// `sum` of `count` independent draws with that mean and variance: within 4 standard errors.
void expect_mean(double sum, double count, double mean, double variance, std::uint64_t seed) {
  EXPECT_NEAR(sum / count, mean, 4 * std::sqrt(variance / count)) << "seed " << seed;
}

TEST(Stream, IsSplitMix64ReadByPosition) {
  // The first outputs of SplitMix64 seeded with 1234567, as its reference implementation prints them.
  constexpr std::uint64_t expected[] = {6457827717110365317U, 3203168211198807973U, 9817491932198370423U,
                                        4593380528125082431U, 16408922859458223821U};
  const Stream stream{1234567};
  for (std::uint64_t i = 0; i < std::size(expected); ++i) EXPECT_EQ(stream.at(i), expected[i]) << i;
}

TEST(Stream, DoesNotDependOnTheOrderOfAsking) {
  const Random random{42};
  std::vector<std::uint64_t> forwards;
  for (std::uint64_t i = 0; i < 100; ++i) forwards.push_back(random.stream("traffic").at(i));
  (void)random.stream("added later").at(7);
  for (std::uint64_t i = 100; i-- > 0;) EXPECT_EQ(random.stream("traffic").at(i), forwards[i]);
  Draws draws(random.stream("traffic"));
  for (const std::uint64_t expected : forwards) EXPECT_EQ(draws.next(), expected);
}

TEST(Stream, DiffersByNameSeedAndPart) {
  std::set<std::uint64_t> seen;
  std::size_t asked = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const char* name : {"", "a", "b", "ab", "latency.sts", "latency.sts.AssumeRole"}) {
      const Stream stream = Random{seed}.stream(name);
      for (std::uint64_t i = 0; i < 20; ++i) {
        seen.insert({stream.at(i), stream.part(i).at(0), stream.part(i).part(i).at(0)});
        asked += 3;
      }
    }
  }
  EXPECT_EQ(seen.size(), asked);
}

TEST(Stream, HasUniformAndIndependentBits) {
  constexpr std::uint64_t seed = 3;
  constexpr int count = 200'000;
  const Stream one = Random{seed}.stream("one");
  const Stream other = Random{seed}.stream("other");
  for (int bit = 0; bit < 64; ++bit) {
    double set = 0;
    double equal = 0;
    double repeated = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      set += static_cast<double>(one.at(i) >> bit & 1);
      equal += static_cast<double>(~(one.at(i) ^ other.at(i)) >> bit & 1);
      repeated += static_cast<double>(~(one.at(i) ^ one.at(i + 1)) >> bit & 1);
    }
    // 192 comparisons: 5 standard errors instead of 4.
    EXPECT_NEAR(set / count, 0.5, 5 * 0.5 / std::sqrt(count)) << "seed " << seed << ", bit " << bit;
    EXPECT_NEAR(equal / count, 0.5, 5 * 0.5 / std::sqrt(count)) << "seed " << seed << ", bit " << bit;
    EXPECT_NEAR(repeated / count, 0.5, 5 * 0.5 / std::sqrt(count)) << "seed " << seed << ", bit " << bit;
  }
}

TEST(UniformBelow, CoversItsRangeEvenly) {
  constexpr std::uint64_t seed = 4;
  constexpr int count = 100'000;
  Draws draws(Random{seed}.stream("uniform"));
  std::vector<double> hits(7);
  for (int i = 0; i < count; ++i) ++hits[uniform_below(draws.next(), 7)];
  for (const double share : hits) expect_mean(share, count, 1.0 / 7, 6.0 / 49, seed);
  EXPECT_EQ(uniform_below(~std::uint64_t{0}, 1), 0U);
  EXPECT_EQ(uniform_below(~std::uint64_t{0}, 7), 6U);
  EXPECT_EQ(uniform_below(0, 7), 0U);
}

TEST(Chance, IsExactAtItsEnds) {
  for (const std::uint64_t bits : {std::uint64_t{0}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    EXPECT_FALSE(chance(bits, {0, 1}));
    EXPECT_TRUE(chance(bits, {1, 1}));
    EXPECT_TRUE(chance(bits, {3, 2}));
  }
}

TEST(Chance, HoldsForItsShare) {
  constexpr std::uint64_t seed = 5;
  constexpr int count = 200'000;
  Draws draws(Random{seed}.stream("chance"));
  for (const Ratio share : {Ratio{1, 100}, Ratio{1, 3}, Ratio{999, 1000}}) {
    double hits = 0;
    for (int i = 0; i < count; ++i) hits += chance(draws.next(), share) ? 1 : 0;
    const double p = share.to_double();
    expect_mean(hits, count, p, p * (1 - p), seed);
  }
}

TEST(Exponential, HasItsMeanVarianceAndTail) {
  constexpr std::uint64_t seed = 6;
  constexpr int count = 400'000;
  Draws draws(Random{seed}.stream("exponential"));
  double sum = 0;
  double squares = 0;
  double beyond_3 = 0;
  for (int i = 0; i < count; ++i) {
    const double x = static_cast<double>(exponential(draws.next(), 1s).count()) / 1e9;
    sum += x;
    squares += x * x;
    beyond_3 += x > 3 ? 1 : 0;
  }
  expect_mean(sum, count, 1, 1, seed);
  expect_mean(squares, count, 2, 20, seed);  // E[x^4] - E[x^2]^2 = 24 - 4
  const double tail = std::exp(-3.0);
  expect_mean(beyond_3, count, tail, tail * (1 - tail), seed);
}

TEST(Exponential, IsTheLogarithmOfItsBits) {
  constexpr std::uint64_t seed = 7;
  Draws draws(Random{seed}.stream("logarithm"));
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t bits = draws.next() >> (i % 64);
    const long double expected = 64 * std::log(2.0L) - std::log1p(static_cast<long double>(bits));
    const long double actual =
        std::ldexp(static_cast<long double>(detail::minus_ln(bits)), -detail::fraction_bits);
    ASSERT_LT(std::abs(actual - expected), 0x1p-51L) << "seed " << seed << ", bits " << bits;
  }
  EXPECT_EQ(exponential(~std::uint64_t{0}, 1h), 0s);
  EXPECT_EQ(exponential(0, 1s), 44'361'419'555ns) << "64 ln 2, the longest";
  EXPECT_EQ(exponential(0, 0s), 0s);
}

TEST(Poisson, HasItsMeanAndVariance) {
  constexpr std::uint64_t seed = 8;
  constexpr int count = 50'000;
  Draws draws(Random{seed}.stream("poisson"));
  for (const Ratio mean : {Ratio{1, 10}, Ratio{1, 1}, Ratio{7, 2}, Ratio{40, 1}}) {
    const double m = mean.to_double();
    double sum = 0;
    double spread = 0;
    double none = 0;
    for (int i = 0; i < count; ++i) {
      const auto x = static_cast<double>(poisson(draws, mean));
      sum += x;
      spread += (x - m) * (x - m);
      none += x == 0 ? 1 : 0;
    }
    expect_mean(sum, count, m, m, seed);
    expect_mean(spread, count, m, m + 2 * m * m, seed);  // the fourth central moment is m + 3 m^2
    const double p = std::exp(-m);
    if (p * count > 10) expect_mean(none, count, p, p * (1 - p), seed);
  }
  EXPECT_EQ(poisson(draws, {0, 1}), 0U);
}

TEST(PoissonDeathTest, IsForSmallMeans) {
  Draws draws(Stream{1});
  EXPECT_DEATH((void)poisson(draws, {200, 1}), "means below 200");
}

TEST(AliasTable, DrawsInProportionToTheWeights) {
  constexpr std::uint64_t seed = 9;
  constexpr int count = 400'000;
  const std::vector<std::uint64_t> weights{1, 0, 5, 1000, 3, 491};
  const AliasTable table(weights);
  Draws draws(Random{seed}.stream("alias"));
  std::vector<double> hits(weights.size());
  for (int i = 0; i < count; ++i) ++hits[table(draws.next())];
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double p = static_cast<double>(weights[i]) / 1500;
    EXPECT_NEAR(hits[i] / count, p, 4 * std::sqrt(p * (1 - p) / count)) << "seed " << seed << ", index " << i;
  }
}

TEST(AliasTable, NeverDrawsAWeightOfNothing) {
  const std::vector<std::uint64_t> weights{0, 1, 0, 0};
  const AliasTable table(weights);
  for (std::uint64_t cell = 0; cell < 4; ++cell) {
    for (const std::uint64_t low : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0xffffffff}}) {
      EXPECT_EQ(table(cell << 62 | low), 1U) << cell << " " << low;
    }
  }
}

TEST(AliasTable, OfOneWeightAlwaysDrawsIt) {
  const std::vector<std::uint64_t> weights{3};
  const AliasTable table(weights);
  EXPECT_EQ(table(0), 0U);
  EXPECT_EQ(table(~std::uint64_t{0}), 0U);
}

TEST(AliasTableDeathTest, NeedsAWeight) {
  EXPECT_DEATH(AliasTable({}), "an alias table has 1 to 2\\^22 weights");
  const std::vector<std::uint64_t> nothing{0, 0};
  EXPECT_DEATH(AliasTable{nothing}, "the sum of the weights is out of range");
  const std::vector<std::uint64_t> huge{std::uint64_t{1} << 62, 1};
  EXPECT_DEATH(AliasTable{huge}, "a weight is out of range");
}

TEST(Zipf, FollowsItsPowerLaw) {
  constexpr std::uint64_t seed = 10;
  constexpr int count = 400'000;
  for (const Ratio exponent : {Ratio{1, 1}, Ratio{6, 5}, Ratio{4, 5}}) {
    const AliasTable table = AliasTable::of_zipf(1000, exponent);
    Draws draws(Random{seed}.stream("zipf"));
    std::vector<double> hits(1000);
    for (int i = 0; i < count; ++i) ++hits[table(draws.next())];
    double total = 0;
    for (int rank = 1; rank <= 1000; ++rank) total += std::pow(rank, -exponent.to_double());
    for (const int rank : {1, 2, 3, 10, 100}) {
      const double p = std::pow(rank, -exponent.to_double()) / total;
      EXPECT_NEAR(hits[static_cast<std::size_t>(rank - 1)] / count, p, 4 * std::sqrt(p * (1 - p) / count))
          << "seed " << seed << ", rank " << rank;
    }
  }
}

TEST(Zipf, TouchesAsManyKeysAsTheClosedFormSays) {
  std::ifstream file(conformance_folder + "/queueing_oracles.json");
  ASSERT_TRUE(file) << conformance_folder;
  const nlohmann::json oracles = nlohmann::json::parse(file);
  const double expected = oracles.at("unique_keys N=1000 s=1.0 n=10000").get<double>();
  constexpr std::uint64_t seed = 11;
  constexpr int runs = 100;
  const AliasTable table = AliasTable::of_zipf(1000, {1, 1});
  double sum = 0;
  double squares = 0;
  for (std::uint64_t run = 0; run < runs; ++run) {
    const Stream stream = Random{seed}.stream("keys").part(run);
    std::vector<bool> seen(1000);
    for (std::uint64_t i = 0; i < 10'000; ++i) seen[table(stream.at(i))] = true;
    const auto unique = static_cast<double>(std::count(seen.begin(), seen.end(), true));
    sum += unique;
    squares += unique * unique;
  }
  const double variance = (squares - sum * sum / runs) / (runs - 1);
  expect_mean(sum, runs, expected, variance, seed);
  EXPECT_LT(4 * std::sqrt(variance / runs), 0.005 * expected)
      << "the test would see a deviation of half a percent";
}

TEST(Permutation, IsABijectionForEverySize) {
  std::vector<std::uint64_t> sizes{1,  2,  3,   4,   5,   7,   8,    9,    15,     16,     17,
                                   64, 65, 100, 255, 256, 257, 1000, 4097, 65'536, 100'003};
  for (std::uint64_t size = 10; size < 60; ++size) sizes.push_back(size);
  for (const std::uint64_t size : sizes) {
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      const Permutation permutation(Stream{seed}, size);
      std::vector<bool> hit(size);
      for (std::uint64_t i = 0; i < size; ++i) {
        const std::uint64_t image = permutation(i);
        ASSERT_LT(image, size) << "seed " << seed;
        ASSERT_FALSE(hit[image]) << "seed " << seed << ", size " << size << ", element " << i;
        hit[image] = true;
      }
    }
  }
}

TEST(Permutation, SpreadsAPrefixOverItsRange) {
  constexpr std::uint64_t seed = 12;
  const Permutation permutation(Random{seed}.stream("permutation"), 100'000);
  double sum = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) sum += static_cast<double>(permutation(i)) / 100'000;
  expect_mean(sum, 10'000, 0.5, 1.0 / 12, seed);
}

TEST(Permutation, DiffersByStream) {
  const Permutation one(Stream{1}, 1000);
  const Permutation other(Stream{2}, 1000);
  int same = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) same += one(i) == other(i) ? 1 : 0;
  EXPECT_LT(same, 10);
}

TEST(PermutationDeathTest, RefusesWhatLiesOutside) {
  const Permutation permutation(Stream{1}, 10);
  EXPECT_DEATH((void)permutation(10), "outside the permutation");
  EXPECT_DEATH(Permutation(Stream{1}, 0), "1 to 2\\^62 elements");
}

TEST(Ratio, ComparesByValue) {
  EXPECT_EQ((Ratio{1, 2}), (Ratio{500, 1000}));
  EXPECT_LT((Ratio{1, 3}), (Ratio{1, 2}));
  EXPECT_FALSE((Ratio{2, 4}) < (Ratio{1, 2}));
  constexpr std::uint64_t huge = ~std::uint64_t{0};
  EXPECT_LT((Ratio{huge - 1, huge}), (Ratio{huge, huge})) << "the products need 128 bits";
}

TEST(Ratio, ReducesAndTakesAShareRoundedDown) {
  EXPECT_EQ((Ratio{6, 8}).reduced().numerator, 3U);
  EXPECT_EQ((Ratio{6, 8}).reduced().denominator, 4U);
  EXPECT_EQ((Ratio{0, 8}).reduced().denominator, 1U);
  EXPECT_EQ((Ratio{2, 3}).of(100), 66U);
  EXPECT_EQ((Ratio{1, 2}).of(~std::uint64_t{0}), ~std::uint64_t{0} / 2);
}

// The numbers of a run are part of what it promises: another compiler or version must not change them.
TEST(Random, IsTheSameOnEveryMachine) {
  const Stream stream = Random{2026}.stream("latency.sts.AssumeRole");
  Draws draws(stream);
  Digest digest;
  const AliasTable zipf = AliasTable::of_zipf(5000, {11, 10});
  const Permutation permutation(stream, 777);
  for (std::uint64_t i = 0; i < 777; ++i) {
    digest.add(stream.at(i));
    digest.add(static_cast<std::uint64_t>(exponential(draws.next(), 20ms).count()));
    digest.add(poisson(draws, {5, 2}));
    digest.add(zipf(draws.next()));
    digest.add(permutation(i));
  }
  EXPECT_EQ(digest.text(), "e2e4c4a921c9a101");
}

}  // namespace
}  // namespace rushhour
