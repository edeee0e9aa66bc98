#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include <rushhour/journal.hpp>

namespace rushhour {
namespace {

constexpr Name assume_role{1};
constexpr Name get_secret{4};

Call call(std::uint64_t event, Name operation = assume_role, Outcome outcome = Outcome::ok) {
  return {.event = event, .operation = operation, .outcome = outcome};
}

std::vector<std::uint64_t> kept_events(const Journal& journal) {
  std::vector<std::uint64_t> out;
  for (const Call& kept : journal.calls()) out.push_back(kept.event);
  return out;
}

using Events = std::vector<std::uint64_t>;

TEST(Journal, KeepsAllCallsInOrderUntilItIsFull) {
  Journal journal(3);
  EXPECT_EQ(kept_events(journal), Events{});
  for (std::uint64_t i = 1; i <= 3; ++i) journal.append(call(i));
  EXPECT_EQ(kept_events(journal), (Events{1, 2, 3}));
  EXPECT_EQ(journal.dropped(), 0U);
}

TEST(Journal, DropsTheOldestOnceItIsFull) {
  Journal journal(3);
  for (std::uint64_t i = 1; i <= 4; ++i) journal.append(call(i));
  EXPECT_EQ(kept_events(journal), (Events{2, 3, 4}));
  for (std::uint64_t i = 5; i <= 11; ++i) journal.append(call(i));
  EXPECT_EQ(kept_events(journal), (Events{9, 10, 11}));
  EXPECT_EQ(journal.dropped(), 8U);
  EXPECT_EQ(journal.total(), 11U);
}

TEST(Journal, TalliesPerOperationAndOutcomeWhatTheRingHasDropped) {
  Journal journal(1);
  for (int i = 0; i < 5; ++i) journal.append(call(1));
  journal.append(call(1, assume_role, Outcome::throttled));
  journal.append(call(1, get_secret, Outcome::cancelled));
  EXPECT_EQ(journal.count(assume_role), 6U);
  EXPECT_EQ(journal.count(assume_role, Outcome::ok), 5U);
  EXPECT_EQ(journal.count(assume_role, Outcome::throttled), 1U);
  EXPECT_EQ(journal.count(get_secret, Outcome::cancelled), 1U);
  EXPECT_EQ(journal.tally(get_secret)[static_cast<std::size_t>(Outcome::ok)], 0U);
  EXPECT_EQ(journal.total(), 7U);
}

TEST(Journal, CountsNothingForOperationsItNeverSaw) {
  Journal journal;
  journal.append(call(1, get_secret));
  EXPECT_EQ(journal.count(Name{2}), 0U);
  EXPECT_EQ(journal.count(Name{1'000'000}), 0U);
}

TEST(Journal, OfCapacityNoneTalliesOnly) {
  Journal journal(0);
  for (std::uint64_t i = 0; i < 10; ++i) journal.append(call(i));
  EXPECT_TRUE(journal.calls().empty());
  EXPECT_EQ(journal.total(), 10U);
  EXPECT_EQ(journal.dropped(), 10U);
  EXPECT_EQ(journal.count(assume_role), 10U);
}

TEST(Journal, ShowsEachKeptCallByItsPlace) {
  Journal journal(3);
  for (std::uint64_t i = 1; i <= 5; ++i) journal.append(call(i));
  ASSERT_EQ(journal.kept(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(journal.kept(i).event, journal.calls()[i].event);
  EXPECT_DEATH(static_cast<void>(journal.kept(3)), "no such call is kept");
}

TEST(Journal, BeginsAfreshWhenCleared) {
  Journal journal(2);
  for (std::uint64_t i = 1; i <= 3; ++i) journal.append(call(i));
  journal.clear();
  EXPECT_EQ(journal.total(), 0U);
  EXPECT_EQ(journal.dropped(), 0U);
  EXPECT_EQ(journal.count(assume_role), 0U);
  EXPECT_TRUE(journal.calls().empty());
  for (std::uint64_t i = 4; i <= 6; ++i) journal.append(call(i));
  EXPECT_EQ(kept_events(journal), (Events{5, 6}));
  EXPECT_EQ(journal.capacity(), 2U);
}

}  // namespace
}  // namespace rushhour
