// Windows, aggregates and ranges of budgets as text.

#include <rushhour/scenario/expression.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "measured_by_hand.hpp"

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;

std::string full(const std::string& selector) {
  return to_text(parse_budget(selector + " < 9").term.selector);
}
Range range(const std::string& text) {
  return parse_budget("sts.calls < 9 in " + text).term.selector.range.value_or(Range{});
}
std::string mistake(std::string_view text) {
  return message_of([text] { static_cast<void>(parse_budget(text)); });
}

TEST(BudgetWindow, MaySlideForAnyTime) {
  EXPECT_EQ(full("sts.calls.any_30s"), "sts.calls.any_30s.max");
  EXPECT_EQ(full("sts.calls.any_5m.max"), "sts.calls.any_5m.max");
  EXPECT_EQ(full("sts.calls.any_90s"), "sts.calls.any_1m30s.max");
  EXPECT_EQ(full("sts.calls.any_250ms"), "sts.calls.any_250ms.max");
  EXPECT_EQ(full("sts.calls.any_1m"), "sts.calls.any_60s.max") << "one name for one length";
  EXPECT_EQ(parse_selector("sts.calls.any_30s").sliding, 30s);
  EXPECT_EQ(parse_selector("sts.calls.any_30s").window, Window::any);
  EXPECT_EQ(parse_selector(full("sts.calls.any_90s")), parse_selector("sts.calls.any_1m30s"));
  EXPECT_EQ(mistake("sts.calls.any_fortnight < 9"),
            "expected a duration behind \"any_\", such as any_30s, saw \"any_fortnight\"\n"
            "    sts.calls.any_fortnight < 9\n"
            "              ^^^^^^^^^^^^^");
  EXPECT_EQ(mistake("sts.calls.any_30s.mean < 9"),
            "expected max, or nothing, behind a window that slides, saw \"mean\"\n"
            "    sts.calls.any_30s.mean < 9\n"
            "                      ^^^^");
}

TEST(BudgetWindow, HasManyAggregates) {
  for (const std::string each : {"max", "min", "mean", "sum", "first", "last", "p50", "p95", "p99.9", "p5"}) {
    EXPECT_EQ(full("sts.calls.per_minute." + each), "sts.calls.per_minute." + each);
  }
  EXPECT_EQ(parse_selector("sts.calls.per_minute.p99.9").percentile, (Ratio{999, 1'000}));
  EXPECT_EQ(parse_selector("sts.AssumeRole.calls.per_10s.p50").operation, "AssumeRole");
  EXPECT_EQ(full("delay.p99.9"), "delay.p99.9.total") << "a measure, not an aggregate";
  EXPECT_EQ(full("delay.p99.9.total"), "delay.p99.9.total");
  for (const std::string each : {"p0", "p100", "p99.9999"}) {
    EXPECT_NE(mistake("sts.calls.per_minute." + each + " < 9").find("a percentile between p0 and p100"),
              std::string::npos)
        << each;
  }
}

TEST(BudgetRange, IsOfEveryDay) {
  EXPECT_EQ(range("12:00..12:20"), (Range{.from = 12h, .to = 12h + 20min}));
  EXPECT_EQ(range("12:00:30 .. 12:20:05"), (Range{.from = 12h + 30s, .to = 12h + 20min + 5s}));
  EXPECT_EQ(range("23:30..00:30"), (Range{.from = 23h + 30min, .to = 30min}));
  EXPECT_EQ(range("20:00..24:00"), (Range{.from = 20h, .to = 24h}));
}

TEST(BudgetRange, OrCountsFromTheStart) {
  EXPECT_EQ(range("+10m..+20m"), (Range{.from_start = true, .from = 10min, .to = 20min}));
  EXPECT_EQ(range("+0..+1h30m"), (Range{.from_start = true, .to = 90min}));
}

TEST(BudgetRange, BelongsToTheSelector) {
  const Budget budget = parse_budget("sts.calls.per_minute <= 30% of limit in 12:00..12:20 and a.b == 0");
  EXPECT_EQ(to_text(budget.term.selector), "sts.calls.per_minute.max in 12:00..12:20");
  EXPECT_EQ(budget.text_of(0), "sts.calls.per_minute <= 30% of limit in 12:00..12:20");
  EXPECT_EQ(to_text(Range{.from = 90s, .to = 24h}), "00:01:30..24:00");
  EXPECT_EQ(to_text(range("+90s..+2m")), "+1m30s..+2m");
  EXPECT_FALSE(budget.at(1).selector.range);
}

TEST(BudgetRange, PointsAtItsMistakes) {
  EXPECT_EQ(mistake("sts.calls < 9 in noon"),
            "expected a time such as 12:00, or an offset from the start such as +10m, saw \"noon\"\n"
            "    sts.calls < 9 in noon\n"
            "                     ^^^^");
  EXPECT_EQ(mistake("sts.calls < 9 in 12:00"),
            "expected \"..\" and the end of the range, saw the end of the expression\n"
            "    sts.calls < 9 in 12:00\n"
            "                          ^");
  EXPECT_EQ(mistake("sts.calls < 9 in 12:00..+10m"),
            "expected two times, or two offsets from the start, saw \"12:00..+10m\"\n"
            "    sts.calls < 9 in 12:00..+10m\n"
            "                     ^^^^^^^^^^^");
  EXPECT_EQ(mistake("sts.calls < 9 in +20m..+10m"),
            "expected an end after the beginning, saw \"+20m..+10m\"\n"
            "    sts.calls < 9 in +20m..+10m\n"
            "                     ^^^^^^^^^^");
  EXPECT_NE(mistake("sts.calls < 9 in 12:00..12:00").find("two different times"), std::string::npos);
  EXPECT_NE(mistake("sts.calls < 9 in 24:00..12:00").find("a beginning before 24:00"), std::string::npos);
  for (const std::string_view each :
       {"12:60..13:00", "1:00..2:00", "12:00:..13:00", "25:00..26:00", "24:01..25:00"}) {
    EXPECT_NE(mistake("sts.calls < 9 in " + std::string{each}).find("a time such as 12:00"),
              std::string::npos)
        << each;
  }
}

TEST(BudgetNumber, MayStandApartFromItsUnit) {
  const auto term = [](const std::string& text) { return parse_budget("a.b <= " + text).term; };
  EXPECT_EQ(term("10 m").value, (Ratio{600, 1}));
  EXPECT_TRUE(term("10 m").duration);
  EXPECT_EQ(term("1h30m").value, (Ratio{5'400, 1}));
  EXPECT_EQ(term("12m500ms").value, (Ratio{1'441, 2})) << "as verdicts write it";
  EXPECT_TRUE(term("1h30m in 12:00..12:20").selector.range);
}

}  // namespace
}  // namespace rushhour::scenario
