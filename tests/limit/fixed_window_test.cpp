#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

#include <rushhour/limit/fixed_window.hpp>

#include "statistics.hpp"

namespace rushhour::limit {
namespace {

using namespace std::chrono_literals;
using testing::at;

TEST(FixedWindow, AdmitsItsLimitInEachMinuteOfTheClock) {
  FixedWindow window({.limit = 2, .window = 1min});
  EXPECT_TRUE(window.try_acquire(at("2026-03-02T14:00:10Z")));
  EXPECT_TRUE(window.try_acquire(at("2026-03-02T14:00:20Z")));
  EXPECT_FALSE(window.try_acquire(at("2026-03-02T14:00:59.999999999Z")));
  EXPECT_EQ(window.next_admission(at("2026-03-02T14:00:59.999999999Z")), at("2026-03-02T14:01:00Z"));
  EXPECT_TRUE(window.try_acquire(at("2026-03-02T14:01:00Z")));
  EXPECT_EQ(window.remaining(at("2026-03-02T14:01:00Z")), 1U);
  EXPECT_EQ(window.remaining(at("2026-03-02T15:00:00Z")), 2U);
}

TEST(FixedWindow, AdmitsEightInLessThanAMinuteAcrossABoundaryAtFourAMinute) {
  FixedWindow window({.limit = 4, .window = 1min});
  int admitted = 0;
  for (Instant now = at("2026-03-02T14:00:56Z"); now < at("2026-03-02T14:01:56Z"); now += 1s) {
    admitted += window.try_acquire(now) ? 1 : 0;
  }
  EXPECT_EQ(admitted, 8);
}

/// A window of one call, used at `used`: still used up at `last`, and free again one nanosecond later, at
/// `next`.
void expect_boundary(FixedWindowOptions options, std::string_view used, std::string_view next) {
  options.limit = 1;
  FixedWindow window(options);
  ASSERT_TRUE(window.try_acquire(at(used))) << used;
  EXPECT_EQ(window.next_admission(at(used)), at(next)) << used;
  EXPECT_FALSE(window.try_acquire(at(next) - 1ns)) << next;
  EXPECT_TRUE(window.try_acquire(at(next))) << next;
}

TEST(FixedWindow, Of24HoursIsTheUtcDay) {
  const FixedWindowOptions day{.window = 24h};
  expect_boundary(day, "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");
  expect_boundary(day, "2026-12-31T23:59:59.999999998Z", "2027-01-01T00:00:00Z");
  expect_boundary(day, "2028-02-28T12:00:00Z", "2028-02-29T00:00:00Z");
  expect_boundary(day, "2016-12-31T23:59:59Z",
                  "2017-01-01T00:00:00Z");  // a leap second, which is not counted
  expect_boundary(day, "1969-12-31T12:00:00Z", "1970-01-01T00:00:00Z");
}

TEST(FixedWindow, OfACalendarMonthEndsWithTheUtcMonth) {
  const FixedWindowOptions month{.calendar_month = true};
  expect_boundary(month, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
  expect_boundary(month, "2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z");
  expect_boundary(month, "2028-02-28T23:59:59Z", "2028-03-01T00:00:00Z");  // through the 29th
  expect_boundary(month, "2028-02-29T23:59:59Z", "2028-03-01T00:00:00Z");
  expect_boundary(month, "2100-02-28T00:00:00Z", "2100-03-01T00:00:00Z");  // no leap year
  expect_boundary(month, "2026-04-30T00:00:00Z", "2026-05-01T00:00:00Z");
  expect_boundary(month, "2026-12-31T23:59:59.5Z", "2027-01-01T00:00:00Z");
  expect_boundary(month, "1969-12-01T00:00:00Z", "1970-01-01T00:00:00Z");
}

TEST(FixedWindow, OfACalendarMonthSaysSo) {
  const FixedWindow window({.limit = 15'500, .calendar_month = true});
  EXPECT_EQ(to_text(window.rates().front()), "15500 per UTC month");
  EXPECT_EQ(window.rates().front().window, 744h);
}

TEST(FixedWindow, ForgetsSeveralEmptyWindowsAtOnce) {
  FixedWindow window({.limit = 3, .window = 1min});
  EXPECT_TRUE(window.try_acquire(at("2026-03-02T14:00:00Z")));
  EXPECT_TRUE(window.try_acquire(at("2036-03-02T14:00:30Z")));
  EXPECT_EQ(window.next_admission(at("2036-03-02T14:00:30Z")), at("2036-03-02T14:00:30Z"));
  EXPECT_EQ(window.remaining(at("2036-03-02T14:00:30Z")), 2U);
}

TEST(FixedWindow, BeginsPartlyUsedInTheWindowThatItIsTold) {
  const FixedWindow fresh({.limit = 500, .window = 24h, .used = 120, .used_at = at("2026-03-02T14:00:00Z")});
  FixedWindow window = fresh;
  EXPECT_EQ(window.remaining(at("2026-03-02T14:00:00Z")), 380U);
  EXPECT_TRUE(window.try_acquire(at("2026-03-02T14:00:00Z")));
  EXPECT_EQ(window.remaining(at("2026-03-02T23:59:59Z")), 379U);
  EXPECT_EQ(window.remaining(at("2026-03-03T00:00:00Z")), 500U);
  EXPECT_TRUE(window.try_acquire(at("2026-03-03T00:00:00Z")));
  EXPECT_EQ(window.remaining(at("2026-03-03T00:00:00Z")), 499U);
  // The day before does not count them, nor does any later one.
  window = fresh;
  EXPECT_TRUE(window.try_acquire(at("2026-03-01T23:59:59Z")));
  EXPECT_EQ(window.remaining(at("2026-03-01T23:59:59Z")), 499U);
  EXPECT_EQ(window.remaining(at("2026-03-02T00:00:00Z")), 380U);
  EXPECT_TRUE(window.try_acquire(at("2026-03-02T00:00:00Z")));
  EXPECT_EQ(window.remaining(at("2026-03-02T00:00:00Z")), 379U);
  EXPECT_EQ(window.remaining(at("2026-03-04T00:00:00Z")), 500U);
}

TEST(FixedWindow, BeginsPartlyUsedInItsCalendarMonth) {
  const FixedWindow window(
      {.limit = 9, .calendar_month = true, .used = 4, .used_at = at("2028-02-29T12:00:00Z")});
  EXPECT_EQ(window.remaining(at("2028-01-31T23:59:59Z")), 9U);
  EXPECT_EQ(window.remaining(at("2028-02-01T00:00:00Z")), 5U);
  EXPECT_EQ(window.remaining(at("2028-02-29T23:59:59Z")), 5U);
  EXPECT_EQ(window.remaining(at("2028-03-01T00:00:00Z")), 9U);
}

TEST(FixedWindow, BeginsWhollyUsed) {
  FixedWindow window({.limit = 4, .window = 1min, .used = 4, .used_at = at("2026-03-02T14:00:59Z")});
  EXPECT_EQ(window.next_admission(at("2026-03-02T14:00:00Z")), at("2026-03-02T14:01:00Z"));
  EXPECT_FALSE(window.try_acquire(at("2026-03-02T14:00:00Z")));
  EXPECT_TRUE(window.try_acquire(at("2026-03-02T14:01:00Z")));
}

TEST(FixedWindowDeathTest, IsNotUsedBeyondItsLimit) {
  EXPECT_DEATH(FixedWindow({.limit = 4, .used = 5}), "no more is used than the limit");
}

TEST(FixedWindow, ChargesACallThatAnotherRefusedOnlyWhenToldSo) {
  const Instant now = at("2026-03-02T14:00:00Z");
  FixedWindow lenient({.limit = 2, .window = 1min});
  FixedWindow strict({.limit = 2, .window = 1min, .rejected_count = true});
  lenient.refused(now);
  strict.refused(now);
  EXPECT_EQ(lenient.remaining(now), 2U);
  EXPECT_EQ(strict.remaining(now), 1U);
  for (int i = 0; i < 5; ++i) strict.refused(now);
  EXPECT_EQ(strict.remaining(now), 0U);
  EXPECT_EQ(strict.remaining(now + 1min), 2U);
}

}  // namespace
}  // namespace rushhour::limit
