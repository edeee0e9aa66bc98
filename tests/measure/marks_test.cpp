#include <rushhour/measure/marks.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

#include <gtest/gtest.h>

#include <rushhour/digest.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {
namespace {

using namespace std::chrono_literals;

const Instant start{std::chrono::seconds{20'514 * 86'400}};  // 2026-03-02

/// A run of this many decisions, of which those from `other_from` on are other ones.
Marks run_of(std::uint64_t decisions, std::uint64_t other_from = 0) {
  Marks marks;
  Digest past;
  for (std::uint64_t i = 1; i <= decisions; ++i) {
    past.add(i);
    if (i == other_from) past.add(1'000'000'007);
    marks.add({.at = start + i * 1ms, .event = (i + 2) / 3}, [&] { return past.value(); });
  }
  return marks;
}

Signs signs(std::uint64_t decisions, std::uint64_t other_from = 0) {
  return run_of(decisions, other_from).signs_of_run();
}

TEST(Marks, SignEachDecisionOfAShortRun) {
  const Signs all = signs(24'576);
  EXPECT_EQ(all.every, 1U);
  EXPECT_EQ(all.first, "") << "the others have them";
  EXPECT_EQ(all.all.size(), 24'576U);
  EXPECT_EQ(all.after(1), all.all.front());
  EXPECT_EQ(all.after(24'576), all.all.back());
  EXPECT_EQ(all.after(0), std::nullopt);
  EXPECT_EQ(all.after(24'577), std::nullopt);
}

TEST(Marks, SignALongRunAtItsBeginAndThenFarApart) {
  const Signs all = signs(1'500'000);
  EXPECT_EQ(all.decisions, 1'500'000U);
  EXPECT_EQ(all.every, 64U);
  EXPECT_EQ(all.first.size(), 2'048U);
  EXPECT_EQ(all.all.size(), 23'437U);
  EXPECT_TRUE(all.after(2'047));
  EXPECT_FALSE(all.after(2'049));
  EXPECT_TRUE(all.after(2'112));
}

/// The signs of the same decisions do not depend on what came later.
TEST(Marks, OfALongRunAreAmongThoseOfAShortOne) {
  const Signs shorter = signs(20'000);
  const Signs longer = signs(200'000);
  ASSERT_EQ(longer.every, 16U);
  for (std::uint64_t at = 1; at <= 20'000; ++at) {
    if (longer.after(at)) {
      ASSERT_EQ(longer.after(at), shorter.after(at)) << at;
    }
  }
}

TEST(Marks, RememberTheCallsOfTheirSigns) {
  const auto calls = run_of(100'000).calls();
  ASSERT_GT(calls.size(), 2'048U);
  EXPECT_EQ(calls[16].number, 17U);
  EXPECT_EQ(calls[16].event, 6U);
  EXPECT_EQ(calls[16].at, start + 17ms);
  for (std::size_t i = 1; i < calls.size(); ++i) ASSERT_LT(calls[i - 1].number, calls[i].number);
}

TEST(Parting, OfTheSameRunsIsNone) { EXPECT_EQ(parting_of(signs(100'000), signs(100'000)), std::nullopt); }

TEST(Parting, IsExactAmongTheFirstDecisions) {
  for (const std::uint64_t at : {1U, 2U, 900U, 2'048U}) {
    const auto found = parting_of(signs(1'500'000), signs(1'500'000, at));
    ASSERT_TRUE(found) << at;
    ASSERT_TRUE(found->no_later) << at;
    EXPECT_TRUE(found->is_exact()) << at;
    EXPECT_EQ(*found->no_later, at);
  }
}

TEST(Parting, IsFoundToOneStepLater) {
  int within_a_step = 0;
  for (std::uint64_t at = 100'001; at < 1'400'000; at += 13'007) {
    const auto found = parting_of(signs(1'500'000), signs(1'500'000, at));
    ASSERT_TRUE(found && found->no_later) << at;
    EXPECT_GE(*found->no_later, at) << "it never is after the sign that differs";
    EXPECT_LE(found->same, *found->no_later);
    within_a_step += found->same < at && *found->no_later - at < 64 ? 1 : 0;
  }
  EXPECT_GE(within_a_step, 95) << "of 100; two pasts have the same sign in one case of 64";
}

TEST(Parting, OfARunThatGoesOnIsWhereTheOtherEnds) {
  const auto found = parting_of(signs(1'000), signs(1'200));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->same, 1'000U);
  EXPECT_EQ(found->no_later, 1'001U);
  const auto nothing = parting_of(signs(0), signs(5));
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->same, 0U);
  EXPECT_EQ(nothing->no_later, 1U);
}

TEST(Parting, ComparesRunsWhoseSignsStandFartherApart) {
  const auto found = parting_of(signs(20'000, 17'000), signs(400'000));
  ASSERT_TRUE(found && found->no_later);
  EXPECT_EQ(*found->no_later, 17'024U) << "every 32";
  EXPECT_EQ(found->same, 16'992U);
}

/// Behind the last sign nothing tells the runs apart but that they differ.
TEST(Parting, BehindTheLastSignIsNotKnown) {
  EXPECT_EQ(parting_of(signs(100'006), signs(100'006, 100'005)), std::nullopt);
  const auto found = parting_of(signs(100'006, 100'005), signs(100'007));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->same, 100'000U);
  EXPECT_EQ(found->no_later, std::nullopt);
}

}  // namespace
}  // namespace rushhour::measure
