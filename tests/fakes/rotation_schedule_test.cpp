#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include <rushhour/fakes/detail/rotation_schedule.hpp>

namespace rushhour::fakes::detail {
namespace {

using api::secretsmanager::RotationRules;

Instant at(std::string_view text) { return parse_iso8601(text).value(); }

std::optional<RotationSchedule> expression(std::string text, std::optional<std::string> duration = {}) {
  return RotationSchedule::parse({.duration = std::move(duration), .schedule_expression = std::move(text)});
}

/// The next windows as text: `2026-03-02T00:00:00Z/2026-03-03T00:00:00Z`.
std::string windows(const std::optional<RotationSchedule>& schedule, Instant reference, int count = 1) {
  if (!schedule) return "none";
  std::string out;
  for (int i = 0; i < count; ++i) {
    const RotationWindow window = schedule->next(reference);
    out += (i > 0 ? " " : "") + to_iso8601(window.opens) + "/" + to_iso8601(window.closes);
    reference = window.opens;
  }
  return out;
}

const Instant monday = at("2026-03-02T10:30:00Z");

TEST(RotationSchedule, OfDaysOpensAtMidnightUntilTheEndOfTheDay) {
  EXPECT_EQ(windows(expression("rate(10 days)"), monday), "2026-03-12T00:00:00Z/2026-03-13T00:00:00Z");
  EXPECT_EQ(windows(expression("rate(1 day)"), monday), "2026-03-03T00:00:00Z/2026-03-04T00:00:00Z");
  EXPECT_EQ(windows(RotationSchedule::parse({.automatically_after_days = 30}), monday),
            "2026-04-01T00:00:00Z/2026-04-02T00:00:00Z");
  EXPECT_EQ(windows(RotationSchedule::parse({.automatically_after_days = 30, .duration = "3h"}), monday),
            "2026-04-01T00:00:00Z/2026-04-01T03:00:00Z");
}

TEST(RotationSchedule, OfHoursOpensForOneHour) {
  EXPECT_EQ(windows(expression("rate(4 hours)"), monday, 2),
            "2026-03-02T12:00:00Z/2026-03-02T13:00:00Z 2026-03-02T16:00:00Z/2026-03-02T17:00:00Z");
  EXPECT_EQ(windows(expression("rate(12 hours)", "2h"), monday), "2026-03-02T12:00:00Z/2026-03-02T14:00:00Z");
}

TEST(RotationSchedule, ReadsCronFields) {
  EXPECT_EQ(windows(expression("cron(0 8 * * ? *)"), monday), "2026-03-03T08:00:00Z/2026-03-04T00:00:00Z");
  EXPECT_EQ(windows(expression("cron(0 4/12 * * ? *)"), monday, 2),
            "2026-03-02T16:00:00Z/2026-03-02T17:00:00Z 2026-03-03T04:00:00Z/2026-03-03T05:00:00Z");
  EXPECT_EQ(windows(expression("cron(0 16 1,15 * ? *)", "2h"), monday),
            "2026-03-15T16:00:00Z/2026-03-15T18:00:00Z");
  EXPECT_EQ(windows(expression("cron(0 8 ? * MON-FRI *)"), at("2026-03-06T08:00:00Z")),
            "2026-03-09T08:00:00Z/2026-03-10T00:00:00Z");
  EXPECT_EQ(windows(expression("cron(0 8 1 1/3 ? *)"), monday), "2026-04-01T08:00:00Z/2026-04-02T00:00:00Z");
  EXPECT_EQ(windows(expression("cron(0 /8 * * ? *)"), monday), "2026-03-02T16:00:00Z/2026-03-02T17:00:00Z");
  EXPECT_EQ(windows(expression("cron(0 0 5 FEB,JUL ? *)"), monday),
            "2026-07-05T00:00:00Z/2026-07-06T00:00:00Z");
}

TEST(RotationSchedule, KnowsTheLastAndTheNthDaysOfAMonth) {
  EXPECT_EQ(windows(expression("cron(0 0 L * ? *)"), monday, 2),
            "2026-03-31T00:00:00Z/2026-04-01T00:00:00Z 2026-04-30T00:00:00Z/2026-05-01T00:00:00Z");
  EXPECT_EQ(windows(expression("cron(0 0 ? * SUN#1 *)"), monday),
            "2026-04-05T00:00:00Z/2026-04-06T00:00:00Z");
  EXPECT_EQ(windows(expression("cron(0 0 ? * 6L *)"), monday), "2026-03-27T00:00:00Z/2026-03-28T00:00:00Z");
  EXPECT_EQ(windows(expression("cron(0 0 ? * L *)"), monday), "2026-03-07T00:00:00Z/2026-03-08T00:00:00Z");
  EXPECT_EQ(windows(expression("cron(0 0 29 2 ? *)"), monday), "2028-02-29T00:00:00Z/2028-03-01T00:00:00Z");
}

TEST(RotationSchedule, NeverOpensAtTheReferenceItself) {
  EXPECT_EQ(windows(expression("rate(4 hours)"), at("2026-03-02T12:00:00Z")),
            "2026-03-02T16:00:00Z/2026-03-02T17:00:00Z");
  EXPECT_EQ(windows(expression("cron(0 8 * * ? *)"), at("2026-03-02T08:00:00Z")),
            "2026-03-03T08:00:00Z/2026-03-04T00:00:00Z");
}

TEST(RotationSchedule, RefusesWhatSecretsManagerDoesNotSchedule) {
  for (const char* text : {"",
                           "rate()",
                           "rate(10)",
                           "rate(0 days)",
                           "rate(10 minutes)",
                           "rate(3 hours)",
                           "rate(1000 days)",
                           "rate(10 days",
                           "rate(10 days 2)",
                           "every 10 days",
                           "cron(0 8 * * ?)",
                           "cron(0 8 * * ? * *)",
                           "cron(30 8 * * ? *)",
                           "cron(0 24 * * ? *)",
                           "cron(0 8 * * ? 2027)",
                           "cron(0 8 * * * *)",
                           "cron(0 8 ? * ? *)",
                           "cron(0 8 32 * ? *)",
                           "cron(0 8 0 * ? *)",
                           "cron(0 8 1 13 ? *)",
                           "cron(0 8 ? * MON#6 *)",
                           "cron(0 8 ? * XYZ *)",
                           "cron(0 0/3 * * ? *)",
                           "cron(0 1,23 * * ? *)",
                           "cron(0 8 31 2 ? *)",
                           "cron(0 8 5-2 * ? *)",
                           "cron(0 8 1/0 * ? *)",
                           "cron(0 8 15W * ? *)"}) {
    EXPECT_FALSE(expression(text)) << text;
  }
}

TEST(RotationSchedule, TakesOneScheduleAndNotTwo) {
  EXPECT_FALSE(RotationSchedule::parse({}));
  EXPECT_FALSE(RotationSchedule::parse({.duration = "3h"}));
  EXPECT_FALSE(
      RotationSchedule::parse({.automatically_after_days = 10, .schedule_expression = "rate(10 days)"}));
}

TEST(RotationSchedule, KeepsItsWindowWithinTheDayAndBeforeTheNext) {
  EXPECT_TRUE(expression("cron(0 16 * * ? *)", "8h"));
  EXPECT_FALSE(expression("cron(0 16 * * ? *)", "9h"));
  EXPECT_TRUE(expression("rate(4 hours)", "4h"));
  EXPECT_FALSE(expression("rate(4 hours)", "5h"));
  EXPECT_TRUE(expression("rate(10 days)", "24h"));
  EXPECT_FALSE(expression("rate(10 days)", "25h"));
  EXPECT_FALSE(expression("rate(10 days)", "0h"));
  EXPECT_FALSE(expression("cron(0 0/6 * * ? *)", "7h"));
}

}  // namespace
}  // namespace rushhour::fakes::detail
