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
        Row{"UnknownWindow", "sts.AssumeRole.calls.per_day == 0",
            "expected service.operation.measure and then a window, saw \"per_day\"; the windows are "
            "per_second, "
            "per_10s, per_minute, per_hour and total\n"
            "    sts.AssumeRole.calls.per_day == 0\n"
            "                         ^^^^^^^"},
        Row{"MaxOfNothing", "sts.calls.max == 0",
            "expected a window before \"max\", saw \"max\"; the windows are per_second, per_10s, per_minute "
            "and "
            "per_hour\n"
            "    sts.calls.max == 0\n"
            "              ^^^"},
        Row{"MaxOfTotal", "sts.calls.total.max == 0",
            "expected a window before \"max\", saw \"max\"; the windows are per_second, per_10s, per_minute "
            "and "
            "per_hour\n"
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
        Row{"Label", "sts{rule='x'}.calls < 5",
            "expected a service and a measure, such as sts.throttled, saw \"sts\"\n"
            "    sts{rule='x'}.calls < 5\n"
            "    ^^^"},
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
    for (const auto& [name, value] : values) out.push_back(name);
    return out;
  }
  [[nodiscard]] bool never_called(const Selector& selector) const override {
    return idle.count(selector.service) != 0;
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
                      {"secretsmanager.calls.total", {0, 1}}};
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
  EXPECT_EQ(
      mistake("dynamodb.reads == 0"),
      "expected a known selector, saw \"dynamodb\"; known before the first dot: \"secretsmanager\", \"sts\" "
      "and \"virustotal\"\n"
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
