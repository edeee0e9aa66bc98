// Budgets as text: what is read from it, and what is said of mistakes in it.

#include <rushhour/scenario/expression.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/scenario/reader.hpp>

#include "measured_by_hand.hpp"

namespace rushhour::scenario {
namespace {

TEST(Budget, IsReadInParts) {
  const Budget budget = parse_budget("virustotal.attempts.per_minute.max <= 4");
  EXPECT_EQ(budget.text, "virustotal.attempts.per_minute.max <= 4");
  EXPECT_EQ(budget.term.selector, (Selector{.service = "virustotal",
                                            .measure = "attempts",
                                            .window = Window::per_minute,
                                            .aggregate = Aggregate::max}));
  EXPECT_EQ(budget.term.op, Op::less_equal);
  EXPECT_EQ(budget.term.value, (Ratio{4, 1}));
  EXPECT_FALSE(budget.term.of_limit);
  EXPECT_FALSE(budget.allow_empty);
}

TEST(Budget, NamesItsSelectorInFull) {
  const auto full = [](std::string_view text) { return to_text(parse_budget(text).term.selector); };
  EXPECT_EQ(full("sts.throttled == 0"), "sts.throttled.total");
  EXPECT_EQ(full("sts.throttled.total == 0"), "sts.throttled.total");
  EXPECT_EQ(full("sts.AssumeRole.amplification <= 1.05"), "sts.AssumeRole.amplification.total");
  EXPECT_EQ(full("sts.calls.per_10s < 9"), "sts.calls.per_10s.max");
  EXPECT_EQ(full("sts.calls.per_hour.max < 9"), "sts.calls.per_hour.max");
  EXPECT_EQ(full("secretsmanager.GetSecretValue.calls.per_second.max <= 1"),
            "secretsmanager.GetSecretValue.calls.per_second.max");
}

TEST(Budget, KnowsWindowsOfTheClockAndSlidingOnes) {
  const auto full = [](std::string_view text) { return to_text(parse_budget(text).term.selector); };
  EXPECT_EQ(full("sts.calls.per_day < 9"), "sts.calls.per_day.max");
  EXPECT_EQ(full("sts.attempts.any_60s < 9"), "sts.attempts.any_60s.max");
  EXPECT_EQ(full("sts.AssumeRole.goodput.per_second.mean >= 9"), "sts.AssumeRole.goodput.per_second.mean");
}

TEST(Budget, TakesTheSecondOfTwoNamesForTheMeasure) {
  const auto full = [](std::string_view text) { return to_text(parse_budget(text).term.selector); };
  EXPECT_EQ(full("delay.max <= 5"), "delay.max.total");
  EXPECT_EQ(full("delay.max.total <= 5"), "delay.max.total");
  EXPECT_EQ(full("waiting.mean <= 5"), "waiting.mean.total");
  EXPECT_EQ(full("cost.total <= 5"), "cost.total.total");
  EXPECT_EQ(full("cache.secret.hits >= 5"), "cache.secret.hits.total");
}

TEST(Budget, ReadsLabels) {
  const Selector selector =
      parse_budget("sts{rule='AWS.Root', function = \"it's\"}.AssumeRole.calls == 0").term.selector;
  EXPECT_EQ(selector.service, "sts");
  EXPECT_EQ(selector.operation, "AssumeRole");
  EXPECT_EQ(selector.labels, (std::vector<Label>{{"function", "it's"}, {"rule", "AWS.Root"}}));
  const std::string full = "sts{function=\"it's\", rule='AWS.Root'}.AssumeRole.calls.total";
  EXPECT_EQ(to_text(selector), full);
  EXPECT_EQ(parse_budget(full + " == 0").term.selector, selector);
}

TEST(Budget, ReadsDurationsAsSeconds) {
  const auto value = [](const std::string& text) { return parse_budget("a.b <= " + text).term; };
  EXPECT_EQ(value("250ms").value, (Ratio{1, 4}));
  EXPECT_EQ(value("90s").value, (Ratio{90, 1}));
  EXPECT_EQ(value("10m").value, (Ratio{600, 1}));
  EXPECT_EQ(value("1.5h").value, (Ratio{5'400, 1}));
  EXPECT_EQ(value("2d").value, (Ratio{172'800, 1}));
  EXPECT_EQ(value("1e3ms").value, (Ratio{1, 1}));
  EXPECT_TRUE(value("10m").duration);
  EXPECT_FALSE(value("10").duration);
}

TEST(Budget, KnowsAllOperators) {
  const auto op = [](const std::string& sign) { return parse_budget("a.b" + sign + "1").term.op; };
  for (const Op each : {Op::equal, Op::not_equal, Op::less, Op::less_equal, Op::greater, Op::greater_equal}) {
    EXPECT_EQ(op(std::string{to_text(each)}), each);
    EXPECT_EQ(op(" " + std::string{to_text(each)} + "\t"), each);
  }
}

TEST(Budget, ReadsNumbersExactly) {
  const auto value = [](const std::string& text) { return parse_budget("a.b <= " + text).term; };
  EXPECT_EQ(value("1.05").value, (Ratio{21, 20}));
  EXPECT_EQ(value("5e2").value, (Ratio{500, 1}));
  EXPECT_EQ(value("5e-2").value, (Ratio{1, 20}));
  EXPECT_EQ(value("1e+2").value, (Ratio{100, 1}));
  EXPECT_EQ(value("30% of limit").value, (Ratio{3, 10}));
  EXPECT_TRUE(value("30% of limit").of_limit);
  EXPECT_EQ(value("12.5 %  of\tlimit ").value, (Ratio{1, 8}));
  EXPECT_EQ(value("0.5 of limit").value, (Ratio{1, 2}));
  EXPECT_TRUE(value("0.5 of limit").of_limit);
}

struct Row {
  const char* name;
  std::string_view text;
  std::string_view message;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }
class BrokenBudget : public testing::TestWithParam<Row> {};

TEST_P(BrokenBudget, PointsAtTheMistake) {
  EXPECT_EQ(message_of([] { static_cast<void>(parse_budget(GetParam().text)); }), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenBudget,
    testing::Values(
        Row{"Empty", "",
            "expected a selector such as virustotal.attempts.per_minute.max, saw the end of the expression\n"
            "    \n"
            "    ^"},
        Row{"NoSelector", "<= 4",
            "expected a selector such as virustotal.attempts.per_minute.max, saw \"<\"\n"
            "    <= 4\n"
            "    ^"},
        Row{"NoMeasure", "sts == 0",
            "expected a service and a measure, such as sts.throttled, saw \"sts\"\n"
            "    sts == 0\n"
            "    ^^^"},
        Row{"OnlyAWindow", "sts.per_minute.max == 0",
            "expected a service and a measure, such as sts.throttled, saw \"sts.per_minute.max\"\n"
            "    sts.per_minute.max == 0\n"
            "    ^^^^^^^^^^^^^^^^^^"},
        Row{"OnlyAggregate", "max == 0",
            "expected a service and a measure, such as sts.throttled, saw \"max\"\n"
            "    max == 0\n"
            "    ^^^"},
        Row{"EndsInADot", "sts. == 0",
            "expected a name after the dot, saw \" \"\n"
            "    sts. == 0\n"
            "        ^"},
        Row{"UnknownWindow", "sts.AssumeRole.calls.per_week == 0",
            "expected service.operation.measure and then a window, saw \"per_week\"; the windows are "
            "per_second, per_10s, per_minute, per_hour, per_day, any_ with a duration (any_30s) and total\n"
            "    sts.AssumeRole.calls.per_week == 0\n"
            "                         ^^^^^^^^"},
        Row{"MaxOfNothing", "sts.calls.max == 0",
            "expected a window before \"max\", saw \"max\"; the windows are per_second, per_10s, "
            "per_minute, per_hour, per_day and any_ with a duration (any_30s)\n"
            "    sts.calls.max == 0\n"
            "              ^^^"},
        Row{"MaxOfTotal", "sts.calls.total.max == 0",
            "expected a window before \"max\", saw \"max\"; the windows are per_second, per_10s, "
            "per_minute, per_hour, per_day and any_ with a duration (any_30s)\n"
            "    sts.calls.total.max == 0\n"
            "                    ^^^"},
        Row{"NoOperator", "sts.throttled 0",
            "expected one of == != < <= > >=, saw \"0\"\n"
            "    sts.throttled 0\n"
            "                  ^"},
        Row{"Assignment", "sts.throttled = 0",
            "expected one of == != < <= > >=, saw \"=\"; did you mean \"==\"?\n"
            "    sts.throttled = 0\n"
            "                  ^"},
        Row{"TurnedOperator", "sts.throttled =< 0",
            "expected one of == != < <= > >=, saw \"=<\"; did you mean \"<=\"?\n"
            "    sts.throttled =< 0\n"
            "                  ^^"},
        Row{"TypographicOperator", "sts.throttled ≤ 0",
            "expected one of == != < <= > >=, saw \"≤\"\n"
            "    sts.throttled ≤ 0\n"
            "                  ^"},
        Row{"NothingAfterOperator", "sts.throttled ==",
            "expected a number, saw the end of the expression\n"
            "    sts.throttled ==\n"
            "                    ^"},
        Row{"WordForNumber", "sts.throttled == none",
            "expected a number of at most 19 digits, saw \"none\"\n"
            "    sts.throttled == none\n"
            "                     ^^^^"},
        Row{"NegativeNumber", "sts.throttled == -1",
            "expected a number of at least 0, saw \"-1\"\n"
            "    sts.throttled == -1\n"
            "                     ^^"},
        Row{"TooManyDigits", "sts.throttled == 0.12345678901234567891",
            "expected a number of at most 19 digits, saw \"0.12345678901234567891\"\n"
            "    sts.throttled == 0.12345678901234567891\n"
            "                     ^^^^^^^^^^^^^^^^^^^^^^"},
        Row{"TooManyDigitsOfAPercentage", "sts.calls <= 0.1234567890123456789% of limit",
            "expected a percentage of fewer digits, saw \"0.1234567890123456789%\"\n"
            "    sts.calls <= 0.1234567890123456789% of limit\n"
            "                 ^^^^^^^^^^^^^^^^^^^^^^"},
        Row{"PercentOfNothing", "sts.throttled <= 2%",
            "expected \"of limit\" after the percentage, saw the end of the expression\n"
            "    sts.throttled <= 2%\n"
            "                       ^"},
        Row{"OfWhat", "sts.throttled <= 2% of limits",
            "expected \"limit\", saw \"limits\"\n"
            "    sts.throttled <= 2% of limits\n"
            "                           ^^^^^^"},
        Row{"Unit", "sts.throttled < 5 calls",
            "expected \"and\", \"or\" or the end of the expression, saw \"calls\"\n"
            "    sts.throttled < 5 calls\n"
            "                      ^^^^^"},
        Row{"MeanOfTotal", "sts.calls.total.mean == 0",
            "expected a window before \"mean\", saw \"mean\"; the windows are per_second, per_10s, "
            "per_minute, per_hour, per_day and any_ with a duration (any_30s)\n"
            "    sts.calls.total.mean == 0\n"
            "                    ^^^^"},
        Row{"LabelWithoutValue", "sts{rule}.calls < 5",
            "expected \"=\" after the label, saw \"}\"\n"
            "    sts{rule}.calls < 5\n"
            "            ^"},
        Row{"LabelWithoutQuotes", "sts{rule=x}.calls < 5",
            "expected the label's value in quotes, saw \"x\"\n"
            "    sts{rule=x}.calls < 5\n"
            "             ^"},
        Row{"LabelWithoutEnd", "sts{rule='x.calls < 5",
            "expected a quote at the end of the label's value, saw \"'x.calls < 5\"\n"
            "    sts{rule='x.calls < 5\n"
            "             ^^^^^^^^^^^^"},
        Row{"LabelTwice", "sts{rule='x', rule='y'}.calls < 5",
            "expected each label once, saw \"rule\"\n"
            "    sts{rule='x', rule='y'}.calls < 5\n"
            "                  ^^^^"},
        Row{"LabelsWithoutBrace", "sts{rule='x'.calls < 5",
            "expected \",\" or \"}\" after the label, saw \".\"\n"
            "    sts{rule='x'.calls < 5\n"
            "                ^"},
        Row{"NoLabel", "sts{}.calls < 5",
            "expected a label such as rule='AWS.Root', saw \"}\"\n"
            "    sts{}.calls < 5\n"
            "        ^"},
        Row{"UnknownUnit", "delay.p99 <= 10min",
            "expected one of the units ms, s, m, h and d, saw \"min\"\n"
            "    delay.p99 <= 10min\n"
            "                   ^^^"},
        Row{"DurationOfLimit", "delay.p99 <= 10m of limit",
            "expected \"and\", \"or\" or the end of the expression, saw \"of\"\n"
            "    delay.p99 <= 10m of limit\n"
            "                     ^^"},
        Row{"DurationBeyondAllDigits", "delay.p99 <= 9999999999999999999d",
            "expected a duration of fewer digits, saw \"9999999999999999999d\"\n"
            "    delay.p99 <= 9999999999999999999d\n"
            "                 ^^^^^^^^^^^^^^^^^^^^"},
        Row{"CaretsUnderTabsAndUmlauts", "\tsts.throttled == 0 ä x",
            "expected \"and\", \"or\" or the end of the expression, saw \"ä\"\n"
            "    \tsts.throttled == 0 ä x\n"
            "    \t                   ^"},
        Row{"LineEnds", "sts.throttled\r\n== x",
            "expected a number of at most 19 digits, saw \"x\"\n"
            "    sts.throttled  == x\n"
            "                      ^"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(Budget, NamesTheFileLineAndColumnOfItsMistake) {
  const Document document = parse_document("{\"budgets\": [\n  \"sts.throttled = 0\"]}", "x.json");
  const Value value{document, document.root.children[0].children[0], "/budgets/0"};
  EXPECT_EQ(message_of([&] { static_cast<void>(parse_budget(value.text(), value.place_inside())); }),
            "x.json:2:18: at /budgets/0: expected one of == != < <= > >=, saw \"=\"; did you mean \"==\"?\n"
            "    sts.throttled = 0\n"
            "                  ^");
}

}  // namespace
}  // namespace rushhour::scenario
