#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include <rushhour/digest.hpp>

namespace rushhour {
namespace {

std::uint64_t digest_of(std::initializer_list<std::uint64_t> words) {
  Digest digest;
  for (const std::uint64_t word : words) digest.add(word);
  return digest.value();
}

TEST(Digest, IsTheSameForTheSameWords) { EXPECT_EQ(digest_of({1, 2, 3}), digest_of({1, 2, 3})); }

TEST(Digest, SeesOrderNumberAndValue) {
  const std::set<std::uint64_t> all{digest_of({}),     digest_of({0}),    digest_of({0, 0}), digest_of({1}),
                                    digest_of({1, 2}), digest_of({2, 1}), digest_of({12})};
  EXPECT_EQ(all.size(), 7U);
}

TEST(Digest, ChangesAboutHalfItsBitsForAnyOneBit) {
  int changed = 0;
  for (int bit = 0; bit < 64; ++bit) {
    changed += std::popcount(digest_of({7, 0, 9}) ^ digest_of({7, std::uint64_t{1} << bit, 9}));
  }
  EXPECT_NEAR(changed / 64.0, 32, 4 * 4 / 8.0);  // 64 counts, each with a standard deviation of 4
}

TEST(Digest, TellsTextsApartWhereTheyAreJoined) {
  const auto both = [](std::string_view first, std::string_view second) {
    Digest digest;
    digest.add(first);
    digest.add(second);
    return digest.value();
  };
  const std::set<std::uint64_t> all{both("ab", "c"), both("a", "bc"), both("abc", ""), both("", "abc")};
  EXPECT_EQ(all.size(), 4U);
}

TEST(Digest, ReadsEveryCharacterOfAText) {
  const std::string text = "arn:aws:sts::123456789012:assumed-role/r/s";
  std::set<std::uint64_t> all{hash(text)};
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] = static_cast<char>(other[i] ^ 1);
    all.insert({hash(other), hash(text.substr(0, i))});
  }
  EXPECT_EQ(all.size(), 2 * text.size() + 1);
}

TEST(Digest, KnowsZeroBytesAndBytesAbove127) {
  using namespace std::string_view_literals;
  const std::set<std::uint64_t> all{hash(""),     hash("\0"sv), hash("\0\0"sv),
                                    hash("\x80"), hash("\xff"), hash("\x7f")};
  EXPECT_EQ(all.size(), 6U);
}

TEST(Digest, PrintsSixteenHexadecimalDigits) {
  Digest digest;
  digest.add(std::uint64_t{1});
  const std::string text = digest.text();
  EXPECT_EQ(text.size(), 16U);
  EXPECT_EQ(text.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(std::stoull(text, nullptr, 16), digest.value());
}

TEST(Mix, IsTheFinalizerOfSplitMix64) {
  EXPECT_EQ(mix(0), 0U);
  EXPECT_EQ(mix(0x9e3779b97f4a7c15U), 0xe220a8397b1dcdafU);  // SplitMix64's first output for seed 0
}

// Committed baselines hold digests, and names choose random streams: neither may change by accident.
TEST(Digest, IsTheSameOnEveryMachine) {
  static_assert(hash("rushhour") == hash("rushhour"), "a hash is known at compile time");
  EXPECT_EQ(hash(""), 13354632369317625431U);
  EXPECT_EQ(hash("latency.sts.AssumeRole"), 8585760608012415880U);
  EXPECT_EQ(digest_of({1, 2, 3}), 11124496069203175046U);
}

}  // namespace
}  // namespace rushhour
