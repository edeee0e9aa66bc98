// Budgets of several terms: how "and", "or" and parentheses join them, and which term a verdict is about.

#include <rushhour/scenario/expression.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "measured_by_hand.hpp"

namespace rushhour::scenario {
namespace {

/// The terms by their services, with the joints: `(a and b) or c`.
std::string shape(const Budget& budget, const Expression& part) {
  if (part.kind == Expression::Kind::term) return budget.at(part.term).selector.service;
  std::string out;
  for (const Expression& each : part.parts) {
    if (!out.empty()) out += part.kind == Expression::Kind::all ? " and " : " or ";
    const bool joined = each.kind != Expression::Kind::term;
    out += (joined ? "(" : "") + shape(budget, each) + (joined ? ")" : "");
  }
  return out;
}
std::string shape(std::string_view text) {
  const Budget budget = parse_budget(text);
  return shape(budget, budget.expression);
}

TEST(JoinedBudget, BindsAndTighterThanOr) {
  EXPECT_EQ(shape("a.m == 0"), "a");
  EXPECT_EQ(shape("a.m == 0 and b.m == 0 and c.m == 0"), "a and b and c");
  EXPECT_EQ(shape("a.m == 0 or b.m == 0 and c.m == 0"), "a or (b and c)");
  EXPECT_EQ(shape("a.m == 0 and b.m == 0 or c.m == 0 and d.m == 0"), "(a and b) or (c and d)");
  EXPECT_EQ(shape("(a.m == 0 or b.m == 0) and c.m == 0"), "(a or b) and c");
  EXPECT_EQ(shape(" ( ((a.m==0)or(b.m==0)) and c.m<=5s)"), "(a or b) and c");
}

TEST(JoinedBudget, KnowsWhereItsTermsStand) {
  const Budget budget = parse_budget(" (sts.throttled == 0 or delay.p99<=10m ) and a.b <= 50% of limit ");
  ASSERT_EQ(budget.size(), 3U);
  EXPECT_EQ(budget.text_of(0), "sts.throttled == 0");
  EXPECT_EQ(budget.text_of(1), "delay.p99<=10m");
  EXPECT_EQ(budget.text_of(2), "a.b <= 50% of limit");
  EXPECT_EQ(to_text(budget.at(1).selector), "delay.p99.total");
}

/// Services a to d, which have measured 0 to 3.
Verdict judged(std::string_view text) {
  MeasuredByHand metrics;
  for (const std::string name : {"a", "b", "c", "d"}) {
    metrics.values[name + ".m.total"] = {static_cast<std::uint64_t>(name.front() - 'a'), 1};
  }
  return evaluate(parse_budget(text), metrics);
}

TEST(JoinedBudget, HoldsAsItsTermsDo) {
  EXPECT_TRUE(judged("a.m == 0 and b.m == 1").holds);
  EXPECT_FALSE(judged("a.m == 0 and b.m == 0").holds);
  EXPECT_TRUE(judged("a.m == 1 or b.m == 1").holds);
  EXPECT_FALSE(judged("a.m == 1 or b.m == 2").holds);
  EXPECT_TRUE(judged("a.m == 0 or b.m == 2 and c.m == 9").holds);
  EXPECT_FALSE(judged("(a.m == 0 or b.m == 2) and c.m == 9").holds);
}

TEST(JoinedBudget, SaysWhichTermsMadeItSo) {
  EXPECT_EQ(judged("a.m == 0 and b.m == 0 and c.m == 0").text,
            "fails: b.m == 0: 1 is not == 0; c.m == 0: 2 is not == 0");
  EXPECT_EQ(judged("a.m == 0 and b.m <= 1").text, "holds: a.m == 0: 0 == 0; b.m <= 1: 1 <= 1");
  EXPECT_EQ(judged("b.m == 0 or c.m == 2").text, "holds: c.m == 2: 2 == 2");
  EXPECT_EQ(judged("a.m == 0 and (b.m == 0 or c.m == 0) and d.m == 3").text,
            "fails: b.m == 0: 1 is not == 0; c.m == 0: 2 is not == 0");
  EXPECT_EQ(judged("(b.m == 0 and c.m == 2) or d.m == 0").text,
            "fails: b.m == 0: 1 is not == 0; d.m == 0: 3 is not == 0");
}

TEST(JoinedBudget, HasTheNumbersOfTheFirstTermThatMadeItSo) {
  const Verdict broken = judged("a.m == 0 and c.m <= 1");
  EXPECT_EQ(broken.term, 1U);
  EXPECT_EQ(broken.measured, (Ratio{2, 1}));
  EXPECT_EQ(broken.bound, (Ratio{1, 1}));
  ASSERT_EQ(broken.terms.size(), 2U);
  EXPECT_TRUE(broken.terms[0].holds);
  EXPECT_FALSE(broken.terms[1].holds);
  EXPECT_EQ(broken.terms[1].text, "2 is not <= 1");
  EXPECT_EQ(judged("b.m == 0 or c.m == 2").term, 1U);
}

TEST(JoinedBudget, FailsTermByTermWhereNothingWasCalled) {
  MeasuredByHand metrics;
  metrics.values = {{"sts.calls.total", {0, 1}}, {"a.m.total", {0, 1}}};
  metrics.idle = {"sts"};
  Budget budget = parse_budget("sts.calls == 0 and a.m == 0");
  EXPECT_EQ(evaluate(budget, metrics).text, "fails: sts.calls == 0: never called");
  EXPECT_TRUE(evaluate(budget, metrics).never_called);
  EXPECT_TRUE(evaluate(parse_budget("sts.calls == 0 or a.m == 0"), metrics).holds);
  budget.allow_empty = true;
  EXPECT_TRUE(evaluate(budget, metrics).holds);
}

TEST(JoinedBudget, PointsIntoTheTermThatIsUnknown) {
  EXPECT_EQ(message_of([] { static_cast<void>(judged("a.m == 0 and b.mm == 0")); }),
            "expected a known selector, saw \"mm\"; did you mean \"b.m.total\", \"a.m.total\" or "
            "\"c.m.total\"?\n"
            "    a.m == 0 and b.mm == 0\n"
            "                   ^^");
  EXPECT_EQ(message_of([] { static_cast<void>(judged("a.m <= 5% of limit or b.m == 0")); }),
            "expected a plain number: no limit applies to a.m.total, saw \"5% of limit\"\n"
            "    a.m <= 5% of limit or b.m == 0\n"
            "           ^^^^^^^^^^^");
}

TEST(JoinedBudget, SaysWhatIsMissingBetweenTerms) {
  const auto mistake = [](std::string_view text) {
    return message_of([text] { static_cast<void>(parse_budget(text)); });
  };
  EXPECT_EQ(mistake("a.m == 0 && b.m == 0"),
            "expected \"and\", \"or\" or the end of the expression, saw \"&\"; did you mean \"and\"?\n"
            "    a.m == 0 && b.m == 0\n"
            "             ^");
  EXPECT_EQ(mistake("a.m == 0 and"),
            "expected a selector such as virustotal.attempts.per_minute.max, saw the end of the expression\n"
            "    a.m == 0 and\n"
            "                ^");
  EXPECT_EQ(mistake("(a.m == 0 or b.m == 0"),
            "expected \"and\", \"or\" or \")\", saw the end of the expression\n"
            "    (a.m == 0 or b.m == 0\n"
            "                         ^");
  EXPECT_EQ(mistake("a.m == 0) or b.m == 0"),
            "expected no \")\" without its \"(\", saw \")\"\n"
            "    a.m == 0) or b.m == 0\n"
            "            ^");
  EXPECT_EQ(mistake("() or b.m == 0"),
            "expected a selector such as virustotal.attempts.per_minute.max, saw \")\"\n"
            "    () or b.m == 0\n"
            "     ^");
}

TEST(JoinedBudget, HasItsLimits) {
  std::string many = "a.m == 0";
  for (int i = 1; i < 64; ++i) many += " and a.m == 0";
  EXPECT_EQ(parse_budget(many).size(), 64U);
  EXPECT_NE(message_of([&] {
              static_cast<void>(parse_budget(many + " and a.m == 0"));
            }).find("at most 64 comparisons"),
            std::string::npos);
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "a.m == 0" + std::string(depth, ')');
  };
  EXPECT_EQ(parse_budget(nested(32)).size(), 1U);
  EXPECT_NE(message_of([&] { static_cast<void>(parse_budget(nested(100'000))); }).find("at most 32"),
            std::string::npos);
}

}  // namespace
}  // namespace rushhour::scenario
