#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <rushhour/elastic/truth.hpp>
#include <rushhour/random.hpp>

namespace rushhour::elastic {
namespace {

using std::chrono::seconds;

Instant at(std::int64_t second) { return Instant{seconds{second}}; }

const Truth::Term ada = Truth::term("ada");
const Truth::Term bob = Truth::term("bob");

std::vector<std::uint64_t> documents(const Truth& truth, Instant since = at(0)) {
  std::vector<std::uint64_t> out;
  for (const auto& [term, first] : truth.firsts(since)) out.push_back(first.document);
  return out;
}

TEST(Truth, TheFirstOfATermIsFirst) {
  Truth truth{seconds{10}};
  EXPECT_TRUE(truth.see(ada, at(100), 1));
  EXPECT_FALSE(truth.see(ada, at(101), 2));
  EXPECT_TRUE(truth.see(bob, at(101), 3));
  EXPECT_EQ(documents(truth), (std::vector<std::uint64_t>{1, 3}));
}

TEST(Truth, ATermIsFirstAgainAfterMoreThanTheWindow) {
  Truth truth{seconds{10}};
  EXPECT_TRUE(truth.see(ada, at(100), 1));
  EXPECT_FALSE(truth.see(ada, at(110), 2)) << "the window is closed at both ends";
  EXPECT_TRUE(truth.see(ada, at(121), 3)) << "each sighting renews it";
  EXPECT_EQ(documents(truth), (std::vector<std::uint64_t>{1, 3}));
}

TEST(Truth, AnEarlierDocumentThatComesLateTakesTheFirstTime) {
  Truth truth{seconds{10}};
  EXPECT_TRUE(truth.see(ada, at(100), 1));
  EXPECT_TRUE(truth.see(ada, at(95), 2));
  EXPECT_EQ(documents(truth), (std::vector<std::uint64_t>{2}));
}

TEST(Truth, ALateDocumentMayJoinTwoUses) {
  Truth truth{seconds{10}};
  EXPECT_TRUE(truth.see(ada, at(100), 1));
  EXPECT_TRUE(truth.see(ada, at(115), 2));
  EXPECT_FALSE(truth.see(ada, at(107), 3));
  EXPECT_EQ(documents(truth), (std::vector<std::uint64_t>{1}));
  ASSERT_NE(truth.use(ada, at(112)), nullptr);
  EXPECT_EQ(truth.use(ada, at(112))->last, at(115));
}

TEST(Truth, OfTwoAtOneInstantTheLowerNumberIsFirst) {
  Truth truth{seconds{10}};
  EXPECT_TRUE(truth.see(ada, at(100), 2));
  EXPECT_TRUE(truth.see(ada, at(100), 1));
  EXPECT_EQ(documents(truth), (std::vector<std::uint64_t>{1}));
}

TEST(Truth, CountsFromAnInstantOn) {
  Truth truth{seconds{10}};
  static_cast<void>(truth.see(ada, at(100), 1));
  static_cast<void>(truth.see(bob, at(200), 2));
  EXPECT_EQ(documents(truth, at(101)), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(truth.use(bob, at(199)), nullptr);
}

TEST(Truth, TheOrderOfTellingDoesNotMatter) {
  const Stream stream = Random{7}.stream("truth");
  for (std::uint64_t world = 0; world < 200; ++world) {
    struct Seen {
      std::uint64_t document{};
      std::int64_t second{};
    };
    std::vector<Seen> seen;
    for (std::uint64_t i = 0; i < 12; ++i)
      seen.push_back({i + 1, static_cast<std::int64_t>(stream.at(world * 12 + i) % 60)});
    // By definition: nothing else of the term within the window before it, nor at once with a lower number.
    std::vector<std::uint64_t> expected;
    std::ranges::sort(seen, [](const Seen& a, const Seen& b) {
      return a.second != b.second ? a.second < b.second : a.document < b.document;
    });
    for (std::size_t i = 0; i < seen.size(); ++i) {
      if (i == 0 || seen[i].second - seen[i - 1].second > 10) expected.push_back(seen[i].document);
    }
    Truth truth{seconds{10}};
    std::ranges::sort(seen, {}, &Seen::document);
    for (const Seen& each : seen) static_cast<void>(truth.see(ada, at(each.second), each.document));
    ASSERT_EQ(documents(truth), expected) << "world " << world;
  }
}

}  // namespace
}  // namespace rushhour::elastic
