#include <rushhour/elastic/date_math.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace rushhour::elastic {
namespace {

using namespace std::chrono_literals;

/// A Monday, the second of March.
const Instant now = *parse_iso8601("2026-03-02T14:37:21.250Z");

std::string at(std::string_view text, Rounding rounding = Rounding::down,
               DateMathDialect dialect = DateMathDialect::kibana) {
  return to_iso8601(DateMath::parse(text, dialect).at(now, rounding), Precision::milliseconds);
}

std::string mistake(std::string_view text, DateMathDialect dialect = DateMathDialect::kibana) {
  try {
    static_cast<void>(DateMath::parse(text, dialect));
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

TEST(DateMath, IsNowWithoutSteps) {
  EXPECT_EQ(DateMath::parse("now").at(now), now);
  EXPECT_EQ(DateMath::parse("now").text(), "now");
}

TEST(DateMath, AddsAndSubtractsUnitsOfFixedLength) {
  EXPECT_EQ(DateMath::parse("now-60m").at(now), now - 60min);
  EXPECT_EQ(DateMath::parse("now-10d").at(now), now - 240h);
  EXPECT_EQ(DateMath::parse("now+1h").at(now), now + 1h);
  EXPECT_EQ(DateMath::parse("now-2w").at(now), now - 336h);
  EXPECT_EQ(DateMath::parse("now-90s").at(now), now - 90s);
  EXPECT_EQ(DateMath::parse("now+h").at(now), now + 1h) << "a number left out is 1";
  EXPECT_EQ(DateMath::parse("now+0d").at(now), now);
}

TEST(DateMath, TakesItsStepsInOrder) {
  EXPECT_EQ(at("now-1d/d"), "2026-03-01T00:00:00.000Z");
  EXPECT_EQ(at("now/d-1d"), "2026-03-01T00:00:00.000Z");
  EXPECT_EQ(at("now/d+6h-30m"), "2026-03-02T05:30:00.000Z");
  EXPECT_EQ(at("now/M-1s/d"), "2026-02-28T00:00:00.000Z");
}

TEST(DateMath, RoundsDownToTheFirstInstantOfAUnit) {
  EXPECT_EQ(at("now/s"), "2026-03-02T14:37:21.000Z");
  EXPECT_EQ(at("now/m"), "2026-03-02T14:37:00.000Z");
  EXPECT_EQ(at("now/h"), "2026-03-02T14:00:00.000Z");
  EXPECT_EQ(at("now/1h"), "2026-03-02T14:00:00.000Z");
  EXPECT_EQ(at("now/d"), "2026-03-02T00:00:00.000Z");
  EXPECT_EQ(at("now/M"), "2026-03-01T00:00:00.000Z");
  EXPECT_EQ(at("now/y"), "2026-01-01T00:00:00.000Z");
}

TEST(DateMath, RoundsUpToTheLastMillisecondOfAUnit) {
  EXPECT_EQ(at("now/s", Rounding::up), "2026-03-02T14:37:21.999Z");
  EXPECT_EQ(at("now/d", Rounding::up), "2026-03-02T23:59:59.999Z");
  EXPECT_EQ(at("now/M", Rounding::up), "2026-03-31T23:59:59.999Z");
  EXPECT_EQ(at("now/y", Rounding::up), "2026-12-31T23:59:59.999Z");
  EXPECT_EQ(at("now-1d", Rounding::up), at("now-1d")) << "only rounding rounds";
}

TEST(DateMath, BeginsItsWeeksWhereTheProductDoes) {
  EXPECT_EQ(at("now/w"), "2026-03-01T00:00:00.000Z") << "Kibana's: Sunday";
  EXPECT_EQ(at("now/w", Rounding::up), "2026-03-07T23:59:59.999Z");
  EXPECT_EQ(at("now/w", Rounding::down, DateMathDialect::elasticsearch), "2026-03-02T00:00:00.000Z")
      << "Elasticsearch's: Monday";
  EXPECT_EQ(at("now-1d/w", Rounding::down, DateMathDialect::elasticsearch), "2026-02-23T00:00:00.000Z");
}

TEST(DateMath, HasTheUnitsOfItsDialect) {
  EXPECT_EQ(at("now-250ms"), "2026-03-02T14:37:21.000Z");
  EXPECT_EQ(at("now-1H", Rounding::down, DateMathDialect::elasticsearch), "2026-03-02T13:37:21.250Z");
  EXPECT_NE(mistake("now-1H").find("ms, s, m, h, d, w, M or y, saw \"H\""), std::string::npos);
  EXPECT_NE(mistake("now-1ms", DateMathDialect::elasticsearch).find("+, - or /, saw \"s\""),
            std::string::npos)
      << "there it is a minute and a rest";
}

TEST(DateMath, KeepsTheDayOfAMonthWhereTheMonthHasIt) {
  EXPECT_EQ(at("2024-01-31||+1M"), "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(at("2023-01-31||+1M"), "2023-02-28T00:00:00.000Z");
  EXPECT_EQ(at("2024-02-29||+1y"), "2025-02-28T00:00:00.000Z");
  EXPECT_EQ(at("2024-03-31T12:00||-13M"), "2023-02-28T12:00:00.000Z");
  EXPECT_EQ(at("2024-01-01||+1M/d"), "2024-02-01T00:00:00.000Z");
  EXPECT_EQ(at("now-14M"), "2025-01-02T14:37:21.250Z");
}

TEST(DateMath, ReadsDatesAsShortAsAYear) {
  EXPECT_EQ(at("2024"), "2024-01-01T00:00:00.000Z");
  EXPECT_EQ(at("2024-05"), "2024-05-01T00:00:00.000Z");
  EXPECT_EQ(at("2024-05-06"), "2024-05-06T00:00:00.000Z");
  EXPECT_EQ(at("2024-05-06T07"), "2024-05-06T07:00:00.000Z");
  EXPECT_EQ(at("2024-05-06T07:08"), "2024-05-06T07:08:00.000Z");
  EXPECT_EQ(at("2024-05-06T07:08:09.5"), "2024-05-06T07:08:09.500Z");
  EXPECT_EQ(at("2024-05-06T07:08:09+02:00"), "2024-05-06T05:08:09.000Z");
  EXPECT_EQ(at("2024-05-06T07:08-05:30||+1h"), "2024-05-06T13:38:00.000Z");
}

TEST(DateMath, KnowsWhetherItMovesWithTheClock) {
  EXPECT_TRUE(DateMath::parse("now-1d/d").is_relative());
  EXPECT_FALSE(DateMath::parse("2024-01-01||/M").is_relative());
}

TEST(DateMath, RoundsInstantsBefore1970Down) {
  EXPECT_EQ(at("1969-12-31T23:59:59.5||/s"), "1969-12-31T23:59:59.000Z");
  EXPECT_EQ(at("1969-12-31T23:59||/w", Rounding::down, DateMathDialect::elasticsearch),
            "1969-12-29T00:00:00.000Z");
  EXPECT_EQ(at("1969-02-01||-2M"), "1968-12-01T00:00:00.000Z");
}

TEST(DateMath, StopsAtTheEndsOfTime) {
  EXPECT_EQ(DateMath::parse("now-1000y").at(now), Instant::min());
  EXPECT_EQ(DateMath::parse("now+1000y").at(now), Instant::max());
  EXPECT_EQ(DateMath::parse("now+2147483647w").at(now), Instant::max());
  EXPECT_EQ(DateMath::parse("now-2147483647y").at(now), Instant::min());
  EXPECT_EQ(DateMath::parse("now/y").at(Instant::min()), Instant::min());
}

TEST(DateMath, SaysWhereAnExpressionIsWrong) {
  EXPECT_EQ(
      mistake("now-10x"),
      ":7: expected a unit: ms, s, m, h, d, w, M or y, saw \"x\"; date math is like now-60m, now-1d/d or "
      "2026-01-01||+1M");
  EXPECT_NE(mistake("now-10").find(":7: expected a unit"), std::string::npos);
  EXPECT_NE(mistake("now-").find(":5: expected a unit: ms, s, m, h, d, w, M or y, saw the end"),
            std::string::npos);
  EXPECT_NE(mistake("now 10d").find(":4: expected +, - or /"), std::string::npos);
  EXPECT_NE(mistake("now/2d").find(":5: expected a single unit to round to"), std::string::npos);
  EXPECT_NE(mistake("now-99999999999d").find(":5: expected a number up to 2147483647"), std::string::npos);
  EXPECT_NE(mistake("now-1.5d").find(":6: expected a unit"), std::string::npos);
}

TEST(DateMath, RefusesWhatIsNoDate) {
  for (const std::string_view text :
       {"", "soon", "60m", "2024-13", "2024-02-30", "2024-1-1", "24", "2024-01-01T", "2024-01-01T25:00",
        "2024-01-01T00:00:00Zz", "||+1d", "2024-01-01|+1d"}) {
    EXPECT_NE(mistake(text).find("expected \"now\" or a date"), std::string::npos) << text;
  }
}

TEST(Interval, IsAWholeNumberAndAUnit) {
  EXPECT_EQ(parse_interval("5m"), 5min);
  EXPECT_EQ(parse_interval("10m"), 10min);
  EXPECT_EQ(parse_interval("30s"), 30s);
  EXPECT_EQ(parse_interval("24h"), 24h);
  EXPECT_EQ(parse_interval("1d"), 24h);
  for (const std::string_view text : {"", "m", "0m", "05m", "5", "5M", "5ms", "1h30m", "-5m", "5 m", "1w"}) {
    EXPECT_THROW(static_cast<void>(parse_interval(text)), InputError) << text;
  }
}

}  // namespace
}  // namespace rushhour::elastic
