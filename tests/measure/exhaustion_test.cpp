#include <rushhour/measure/exhaustion.hpp>

#include <cstdint>
#include <optional>

#include <gtest/gtest.h>

#include <rushhour/gtest.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {
namespace {

using namespace std::chrono_literals;

constexpr Instant monday{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

/// 500 a UTC day, 15,500 a UTC month.
limit::Profile of_day(std::uint64_t used = 0, Instant used_at = {}) {
  limit::Profile row = limit::profiles::virustotal_public()[1];
  row.used = used;
  row.used_at = used_at;
  return row;
}
limit::Profile of_month() { return limit::profiles::virustotal_public()[2]; }

/// Four calls at the begin of each minute: as many as a public key allows.
void saturate(Exhaustion& exhaustion, Instant from, Duration length) {
  for (Instant at = from; at < from + length; at += 1min) {
    for (int i = 0; i < 4; ++i) exhaustion.add(at);
  }
}

TEST(Exhaustion, IsOfDaysAndMonthsOnly) {
  EXPECT_FALSE(Exhaustion::applies(limit::profiles::virustotal_public()[0]));
  EXPECT_TRUE(Exhaustion::applies(of_day()));
  EXPECT_TRUE(Exhaustion::applies(of_month()));
}

TEST(Exhaustion, UsesUpAPublicKeysDayIn125Minutes) {
  Exhaustion exhaustion{of_day()};
  saturate(exhaustion, monday + 14h, 124min);
  EXPECT_EQ(exhaustion.used(monday + 14h + 124min), 496U);
  EXPECT_EQ(exhaustion.first(), std::nullopt);
  saturate(exhaustion, monday + 14h + 124min, 1min);
  EXPECT_EQ(exhaustion.first(), monday + 14h + 124min) << "the 500th call is one of the 125th minute's four";
  EXPECT_EQ(exhaustion.windows(), 1U);
}

TEST(Exhaustion, ForeseesTheSameFromAnHour) {
  Exhaustion exhaustion{of_day()};
  saturate(exhaustion, monday + 14h, 1h);
  EXPECT_EQ(exhaustion.projected(monday + 14h, monday + 15h), monday + 14h + 125min);
}

TEST(Exhaustion, RoundsAProjectionUpToTheNanosecond) {
  Exhaustion exhaustion{of_day()};
  for (int i = 0; i < 7; ++i) exhaustion.add(monday);
  // 493 are left, at 7 in 10 s: 704.285714285714... s.
  EXPECT_EQ(exhaustion.projected(monday, monday + 10s), monday + 10s + 704'285'714'286ns);
}

TEST(Exhaustion, ForeseesNothingBeyondTheEndOfTheDay) {
  Exhaustion exhaustion{of_day()};
  saturate(exhaustion, monday + 22h, 1h);
  EXPECT_EQ(exhaustion.projected(monday + 22h, monday + 23h), std::nullopt)
      << "at 00:00 the key is full again";
  EXPECT_EQ(Exhaustion{of_day()}.projected(monday, monday + 1h), std::nullopt) << "of no calls";
  EXPECT_EQ(exhaustion.projected(monday + 22h, monday + 22h), std::nullopt) << "in no time";
}

TEST(Exhaustion, CountsWhatWasUsedBefore) {
  Exhaustion exhaustion{of_day(498, monday + 14h)};
  EXPECT_EQ(exhaustion.used(monday + 14h), 498U);
  exhaustion.add(monday + 14h);
  exhaustion.add(monday + 15h);
  EXPECT_EQ(exhaustion.first(), monday + 15h);
  EXPECT_EQ(exhaustion.charged(), 2U);
  const Exhaustion full{of_day(500, monday + 14h)};
  EXPECT_EQ(full.first(), monday + 14h) << "without a call of the run";
  EXPECT_EQ(full.projected(monday + 14h, monday + 15h), monday + 15h)
      << "there is nothing left to be foreseen";
}

TEST(Exhaustion, SaysNoMoreIsUsedThanTheLimit) {
  Exhaustion exhaustion{of_day()};
  for (int i = 0; i < 600; ++i) exhaustion.add(monday);  // where refused calls count as well
  EXPECT_EQ(exhaustion.used(monday), 500U);
  EXPECT_EQ(exhaustion.windows(), 1U);
}

TEST(Exhaustion, BeginsEachDayAnew) {
  Exhaustion exhaustion{of_day(400, monday + 23h)};
  saturate(exhaustion, monday + 23h, 24min);
  EXPECT_EQ(exhaustion.first(), std::nullopt);
  EXPECT_EQ(exhaustion.used(monday + 24h - 1ns), 496U);
  EXPECT_EQ(exhaustion.used(monday + 24h), 0U);
  saturate(exhaustion, monday + 24h, 125min);
  saturate(exhaustion, monday + 48h, 125min);
  EXPECT_EQ(exhaustion.first(), monday + 24h + 124min);
  EXPECT_EQ(exhaustion.windows(), 2U);
}

TEST(Exhaustion, KnowsCalendarMonths) {
  Exhaustion exhaustion{of_month()};
  constexpr Instant last_of_february = monday - 48h;
  for (int i = 0; i < 15'499; ++i) exhaustion.add(last_of_february);
  exhaustion.add(monday - 24h);
  EXPECT_EQ(exhaustion.first(), std::nullopt) << "March has its own 15,500";
  EXPECT_EQ(exhaustion.used(monday), 1U);
  for (int i = 0; i < 15'499; ++i) exhaustion.add(monday);
  EXPECT_EQ(exhaustion.first(), monday);
  EXPECT_EQ(exhaustion.used(Instant{std::chrono::sys_days{std::chrono::year{2026} / 4 / 1}}), 0U);
}

}  // namespace
}  // namespace rushhour::measure
