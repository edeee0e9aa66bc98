#include <rushhour/scenario/expression.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/scenario/reader.hpp>

namespace rushhour::scenario {
namespace {

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

// --- reading
// -----------------------------------------------------------------------------------------------------

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
            "per_second, per_10s, per_minute, per_hour, per_day, any_1s, any_10s, any_60s and total\n"
            "    sts.AssumeRole.calls.per_week == 0\n"
            "                         ^^^^^^^^"},
        Row{"MaxOfNothing", "sts.calls.max == 0",
            "expected a window before \"max\", saw \"max\"; the windows are per_second, per_10s, "
            "per_minute, per_hour, per_day, any_1s, any_10s and any_60s\n"
            "    sts.calls.max == 0\n"
            "              ^^^"},
        Row{"MaxOfTotal", "sts.calls.total.max == 0",
            "expected a window before \"max\", saw \"max\"; the windows are per_second, per_10s, "
            "per_minute, per_hour, per_day, any_1s, any_10s and any_60s\n"
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
        Row{"Conjunction", "sts.throttled == 0 and sts.calls < 5",
            "expected the end of the expression, saw \"and\"; write each comparison as a budget of its own\n"
            "    sts.throttled == 0 and sts.calls < 5\n"
            "                       ^^^"},
        Row{"Unit", "sts.throttled < 5 calls",
            "expected the end of the expression, saw \"calls\"\n"
            "    sts.throttled < 5 calls\n"
            "                      ^^^^^"},
        Row{"MeanOfTotal", "sts.calls.total.mean == 0",
            "expected a window before \"mean\", saw \"mean\"; the windows are per_second, per_10s, "
            "per_minute, per_hour, per_day, any_1s, any_10s and any_60s\n"
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
            "expected the end of the expression, saw \"of\"\n"
            "    delay.p99 <= 10m of limit\n"
            "                     ^^"},
        Row{"DurationBeyondAllDigits", "delay.p99 <= 9999999999999999999d",
            "expected a duration of fewer digits, saw \"9999999999999999999d\"\n"
            "    delay.p99 <= 9999999999999999999d\n"
            "                 ^^^^^^^^^^^^^^^^^^^^"},
        Row{"CaretsUnderTabsAndUmlauts", "\tsts.throttled == 0 ä x",
            "expected the end of the expression, saw \"ä\"\n"
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

// --- judging
// -----------------------------------------------------------------------------------------------------

class MeasuredByHand final : public Metrics {
 public:
  std::map<std::string, Ratio> values{};
  std::map<std::string, Ratio> limits{};
  std::vector<std::string> without_value{};
  std::set<std::string> idle{};

  [[nodiscard]] std::optional<Ratio> find(const Selector& selector) const override {
    return in(values, to_text(selector));
  }
  [[nodiscard]] std::optional<Ratio> limit(const Selector& selector) const override {
    return in(limits, to_text(selector));
  }
  [[nodiscard]] std::vector<std::string> known() const override {
    std::vector<std::string> out = without_value;
    for (const auto& [name, value] : values) {
      if (name.find('{') == std::string::npos) out.push_back(name);
    }
    return out;
  }
  [[nodiscard]] bool never_called(const Selector& selector) const override {
    return idle.count(selector.service) != 0;
  }
  [[nodiscard]] bool knows(const Selector& selector) const override {
    return Metrics::knows(selector) || find(selector).has_value();
  }
  [[nodiscard]] bool in_seconds(const Selector& selector) const override {
    return selector.service == "delay";
  }
  [[nodiscard]] std::vector<LabelChoice> labels(std::string_view service) const override {
    if (service != "sts") return {};
    return {{.key = "rule", .values = {"AWS.Root", "AWS.Login"}}, {.key = "function", .values = {"title"}}};
  }

 private:
  static std::optional<Ratio> in(const std::map<std::string, Ratio>& all, const std::string& name) {
    const auto found = all.find(name);
    if (found == all.end()) return std::nullopt;
    return found->second;
  }
};

class Judging : public testing::Test {
 protected:
  Judging() {
    metrics.values = {{"virustotal.attempts.per_minute.max", {83, 1}},
                      {"virustotal.attempts.total", {500, 1}},
                      {"sts.throttled.total", {0, 1}},
                      {"sts.AssumeRole.amplification.total", {21, 20}},
                      {"secretsmanager.calls.total", {0, 1}},
                      {"delay.p99.total", {1'441, 2}},
                      {"sts{rule='AWS.Root'}.throttled.total", {7, 1}}};
    metrics.limits = {{"virustotal.attempts.per_minute.max", {4, 1}},
                      {"virustotal.attempts.total", {500, 3}}};
    metrics.without_value = {"secretsmanager.amplification.total"};
    metrics.idle = {"secretsmanager"};
  }
  [[nodiscard]] Verdict verdict(std::string_view text) const { return evaluate(parse_budget(text), metrics); }
  [[nodiscard]] std::string mistake(std::string_view text) const {
    return message_of([&] { static_cast<void>(verdict(text)); });
  }

  MeasuredByHand metrics{};
};

TEST_F(Judging, ComparesExactly) {
  EXPECT_TRUE(verdict("sts.AssumeRole.amplification <= 1.05").holds);
  EXPECT_TRUE(verdict("sts.AssumeRole.amplification == 1.05").holds);
  EXPECT_FALSE(verdict("sts.AssumeRole.amplification <= 1.049999999999999999").holds);
  EXPECT_FALSE(verdict("sts.AssumeRole.amplification < 1.05").holds);
  EXPECT_FALSE(verdict("sts.AssumeRole.amplification > 1.05").holds);
  EXPECT_TRUE(verdict("sts.AssumeRole.amplification >= 1.05").holds);
  EXPECT_FALSE(verdict("sts.AssumeRole.amplification != 1.05").holds);
  EXPECT_TRUE(verdict("sts.AssumeRole.amplification > 1.049999999999999999").holds);
  EXPECT_TRUE(verdict("sts.AssumeRole.amplification < 1.050000000000000001").holds);
}

TEST_F(Judging, SaysWhatItCompared) {
  EXPECT_EQ(verdict("sts.throttled == 0").text, "holds: 0 == 0");
  const Verdict broken = verdict("virustotal.attempts.per_minute.max <= 4");
  EXPECT_EQ(broken.text, "fails: 83 is not <= 4");
  EXPECT_EQ(broken.measured, (Ratio{83, 1}));
  EXPECT_EQ(broken.bound, (Ratio{4, 1}));
  EXPECT_FALSE(broken.never_called);
}

TEST_F(Judging, TakesAShareOfTheLimitExactly) {
  EXPECT_TRUE(verdict("virustotal.attempts.per_minute <= 2075% of limit").holds);
  EXPECT_FALSE(verdict("virustotal.attempts.per_minute <= 2074.99% of limit").holds);
  EXPECT_TRUE(verdict("virustotal.attempts == 3 of limit").holds) << "the limit 500/3 has no exact decimals";
  EXPECT_EQ(verdict("virustotal.attempts.per_minute.max <= 50% of limit").text,
            "fails: 83 is not <= 2 (0.5 of the limit 4)");
}

TEST_F(Judging, FailsWhereNothingWasCalled) {
  const Verdict idle = verdict("secretsmanager.calls == 0");
  EXPECT_FALSE(idle.holds);
  EXPECT_TRUE(idle.never_called);
  EXPECT_EQ(idle.text, "fails: never called");
  EXPECT_EQ(verdict("secretsmanager.amplification <= 1").text, "fails: never called");
}

TEST_F(Judging, ComparesWhatWasNeverCalledWhenThatIsAllowed) {
  const auto allowed = [this](std::string_view text) {
    Budget budget = parse_budget(text);
    budget.allow_empty = true;
    return evaluate(budget, metrics).text;
  };
  EXPECT_EQ(allowed("secretsmanager.calls == 0"), "holds: 0 == 0");
  EXPECT_EQ(allowed("secretsmanager.calls >= 1"), "fails: 0 is not >= 1");
  EXPECT_EQ(allowed("secretsmanager.amplification <= 1"), "holds: nothing was measured");
}

TEST_F(Judging, ComparesDurations) {
  EXPECT_EQ(verdict("delay.p99 <= 12m").text, "fails: 12m500ms is not <= 12m");
  EXPECT_EQ(verdict("delay.p99 <= 0.3h").text, "holds: 12m500ms <= 18m");
  EXPECT_EQ(verdict("delay.p99 <= 721").text, "holds: 720.5 <= 721") << "in seconds";
  metrics.values["delay.p99.total"] = {1, 3};
  EXPECT_EQ(verdict("delay.p99 == 1s").text, "fails: ~0.333333s is not == 1s");
}

TEST_F(Judging, RefusesADurationForWhatIsNoTime) {
  EXPECT_EQ(mistake("sts.throttled <= 10m"),
            "expected a number without a unit: sts.throttled.total is no time, saw \"10m\"\n"
            "    sts.throttled <= 10m\n"
            "                     ^^^");
}

TEST_F(Judging, LooksUpLabels) {
  EXPECT_EQ(verdict("sts{rule='AWS.Root'}.throttled == 0").text, "fails: 7 is not == 0");
}

TEST_F(Judging, RefusesLabelsThatItDoesNotKnow) {
  EXPECT_EQ(
      mistake("sts{rule='AWS.Rot'}.throttled == 0"),
      "expected a known value of the label \"rule\", saw \"{rule='AWS.Rot'}\"; did you mean \"AWS.Root\"?\n"
      "    sts{rule='AWS.Rot'}.throttled == 0\n"
      "       ^^^^^^^^^^^^^^^^");
  EXPECT_EQ(mistake("sts{rule='x'}.throttled == 0"),
            "expected a known value of the label \"rule\", saw \"{rule='x'}\"; known are \"AWS.Root\" and "
            "\"AWS.Login\"\n"
            "    sts{rule='x'}.throttled == 0\n"
            "       ^^^^^^^^^^");
  EXPECT_EQ(mistake("sts{rul='AWS.Root'}.throttled == 0"),
            "expected one of the labels \"rule\" and \"function\", saw \"{rul='AWS.Root'}\"; did you mean "
            "\"rule\"?\n"
            "    sts{rul='AWS.Root'}.throttled == 0\n"
            "       ^^^^^^^^^^^^^^^^");
  EXPECT_EQ(mistake("delay{rule='AWS.Root'}.p99 == 0"),
            "expected no labels after \"delay\", saw \"{rule='AWS.Root'}\"\n"
            "    delay{rule='AWS.Root'}.p99 == 0\n"
            "         ^^^^^^^^^^^^^^^^^");
  EXPECT_EQ(
      mistake("sts{function='title'}.throttled == 0"),
      "expected a number that is counted apart for such labels, saw \"{function='title'}.throttled\"; by "
      "function, or by several labels, there are totals only; by rule there are no sliding windows and no "
      "limits\n"
      "    sts{function='title'}.throttled == 0\n"
      "       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^");
}

TEST_F(Judging, PointsAtUnknownNamesBeforeAndBehindLabels) {
  EXPECT_EQ(mistake("sts{rule='AWS.Root'}.throtled == 0"),
            "expected a known selector, saw \"throtled\"; did you mean \"sts.throttled.total\"?\n"
            "    sts{rule='AWS.Root'}.throtled == 0\n"
            "                         ^^^^^^^^");
  EXPECT_EQ(mistake(" stss{rule='AWS.Root'}.throttled == 0"),
            "expected a known selector, saw \"stss\"; did you mean \"sts.throttled.total\"?\n"
            "     stss{rule='AWS.Root'}.throttled == 0\n"
            "     ^^^^");
}

TEST_F(Judging, FailsWhereAKnownSelectorHasNoValue) {
  metrics.idle.clear();
  EXPECT_EQ(verdict("secretsmanager.amplification <= 1").text, "fails: nothing was measured");
}

TEST_F(Judging, RefusesAnUnknownSelectorAndNamesTheNearest) {
  EXPECT_EQ(mistake("virustotal.atempts.per_minute.max <= 4"),
            "expected a known selector, saw \"atempts\"; did you mean "
            "\"virustotal.attempts.per_minute.max\"?\n"
            "    virustotal.atempts.per_minute.max <= 4\n"
            "               ^^^^^^^");
  EXPECT_EQ(mistake("  stss.throttled == 0"),
            "expected a known selector, saw \"stss\"; did you mean \"sts.throttled.total\"?\n"
            "      stss.throttled == 0\n"
            "      ^^^^");
  EXPECT_EQ(mistake("sts.throttled.per_second == 0"),
            "expected a known selector, saw \"per_second\"; known, for example: \"sts.throttled.total\"\n"
            "    sts.throttled.per_second == 0\n"
            "                  ^^^^^^^^^^");
}

TEST_F(Judging, OffersWhatThereIsWhenNothingIsNear) {
  EXPECT_EQ(mistake("sts.cost_in_dollars.per_minute == 0"),
            "expected a known selector, saw \"cost_in_dollars\"; known, for example: "
            "\"sts.AssumeRole.amplification.total\" and \"sts.throttled.total\"\n"
            "    sts.cost_in_dollars.per_minute == 0\n"
            "        ^^^^^^^^^^^^^^^");
  EXPECT_EQ(mistake("dynamodb.reads == 0"),
            "expected a known selector, saw \"dynamodb\"; known before the first dot: \"secretsmanager\", "
            "\"delay\", \"sts\" and \"virustotal\"\n"
            "    dynamodb.reads == 0\n"
            "    ^^^^^^^^");
  EXPECT_EQ(message_of([] { static_cast<void>(evaluate(parse_budget("a.b == 0"), MeasuredByHand{})); }),
            "expected a known selector, saw \"a\"; nothing is measured\n"
            "    a.b == 0\n"
            "    ^");
}

TEST_F(Judging, RefusesAnUnknownSelectorEvenOfAnIdleService) {
  EXPECT_NE(mistake("secretsmanager.cals == 0"), "");
}

TEST_F(Judging, RefusesAShareOfALimitThatDoesNotExist) {
  EXPECT_EQ(mistake("sts.throttled <= 30% of limit"),
            "expected a plain number: no limit applies to sts.throttled.total, saw \"30% of limit\"\n"
            "    sts.throttled <= 30% of limit\n"
            "                     ^^^^^^^^^^^^");
}

TEST_F(Judging, RefusesAProductThatIsNotExact) {
  metrics.limits["sts.throttled.total"] = {18446744073709551615ULL, 1};
  EXPECT_EQ(
      mistake("sts.throttled <= 7 of limit"),
      "expected a share with fewer digits, so that its product with the limit is exact, saw \"7 of limit\"\n"
      "    sts.throttled <= 7 of limit\n"
      "                     ^^^^^^^^^^");
}

}  // namespace
}  // namespace rushhour::scenario
