#include <rushhour/report/annotations.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/report/detail/judged_words.hpp>

#include "runs.hpp"

namespace rushhour::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

class Annotations : public ::testing::Test {
 protected:
  Annotations() { runs.add(tiny); }
  [[nodiscard]] std::vector<std::string> lines(const Checkout& checkout = {}) const {
    return lines_of(annotations(judged(runs.all()), checkout));
  }
  scenario::JudgedBudget& budget(std::size_t at) { return runs[0].budgets[at]; }

  Runs runs;
};

TEST_F(Annotations, StandAtTheBudgetsLine) {
  EXPECT_THAT(lines(),
              ElementsAre(StartsWith("::error file=tests/report/tiny.json,line=19,col=15,title=tiny%3A "
                                     "sts.throttled == 0::fails: "),
                          StartsWith("::error file=tests/report/tiny.json,line=21,col=15,title=tiny%3A "
                                     "virustotal.attempts.per_minute.max <= 100%25 of limit::fails: ")));
}

TEST_F(Annotations, StandAtTheLineThatCallsWhereItIsKnown) {
  ASSERT_GE(budget(2).culprits.size(), 2U);
  budget(2).culprits[1].site = "rules/guide.py:31";
  EXPECT_THAT(lines()[1], StartsWith("::error file=rules/guide.py,line=31,title=tiny%3A "));
  budget(2).culprits[0].site = "C:/rules/a,b.py:7";
  EXPECT_THAT(lines()[1], StartsWith("::error file=C%3A/rules/a%2Cb.py,line=7,title="));
  budget(2).culprits[0].site = "no line";
  EXPECT_THAT(lines()[1], StartsWith("::error file=no line,title="));
}

TEST_F(Annotations, SayWhyWhoWhatMendsItAndHowToHaveItAgain) {
  budget(0).fix =
      scenario::Fix{.text = "cache verdicts for 300 s: 2.1 a minute", .costs = {"stale by 300 s"}};
  const std::string line = lines()[0];
  EXPECT_THAT(line, HasSubstr("%0Awhy: a throttled AssumeRole costs"));
  EXPECT_THAT(line, HasSubstr("%0Abehind it: every-tenth-event in alert_context() by sts:AssumeRole"));
  EXPECT_THAT(line, HasSubstr("%0Afix: cache verdicts for 300 s: 2.1 a minute; costs: stale by 300 s"));
  EXPECT_THAT(line, HasSubstr("%0Aagain: rushhour run tests/report/tiny.json --seed 7 --events 60"));
}

TEST_F(Annotations, EscapeWhatWouldEndOrSplitThem) {
  runs[0].scenario.name = "a:b,c%d\r\n::error::e";
  budget(0).plan.why = "100 %, really::\r\n::warning::no";
  const std::string line = lines()[0];
  EXPECT_THAT(line, HasSubstr("title=a%3Ab%2Cc%25d%0D%0A%3A%3Aerror%3A%3Ae%3A "));
  EXPECT_THAT(line, HasSubstr("why: 100 %25, really::%0D%0A::warning::no%0A"));
}

TEST_F(Annotations, AreWarningsOfTheirLevel) {
  budget(0).plan.budget.level = scenario::Level::warn;
  EXPECT_THAT(lines(), ElementsAre(StartsWith("::error "), StartsWith("::warning "))) << "and come last";
}

TEST_F(Annotations, ShowTheWorstOfMoreThanGithubTakes) {
  const scenario::JudgedBudget one = budget(0);
  runs[0].budgets.clear();
  for (std::uint64_t i = 1; i <= 14; ++i) {
    scenario::JudgedBudget each = one;
    each.plan.why = "number " + std::to_string(i) + ";";
    each.verdict.measured = Ratio{i, 1};
    runs[0].budgets.push_back(each);
    each.plan.budget.level = scenario::Level::warn;
    if (i <= 10) runs[0].budgets.push_back(each);
  }
  const std::vector<std::string> all = lines();
  ASSERT_EQ(all.size(), 21U);
  EXPECT_THAT(all[0], HasSubstr("number 14;"));
  EXPECT_THAT(all[9], HasSubstr("number 5;"));
  EXPECT_THAT(all[10], StartsWith("::warning "));
  EXPECT_EQ(all[20], "::notice title=rushhour::and 4 more broken budgets: the log and the summary have all");
}

TEST_F(Annotations, OfBudgetsThatHoldAreNone) {
  for (scenario::JudgedBudget& each : runs[0].budgets) each.verdict.holds = true;
  EXPECT_EQ(annotations(judged(runs.all())), "");
}

TEST_F(Annotations, NameFilesFromTheRootOfTheCheckout) {
  EXPECT_THAT(lines({.root = "/home/a", .folder = "/home/a/sub"})[0],
              StartsWith("::error file=sub/tests/report/tiny.json,"));
}

TEST(Checkouts, MakeNamesRelative) {
  const Checkout checkout{.root = "/w/repo/", .folder = "/w/repo/sub"};
  EXPECT_EQ(detail::in_checkout("x.json", checkout), "sub/x.json");
  EXPECT_EQ(detail::in_checkout("../x.json", checkout), "x.json");
  EXPECT_EQ(detail::in_checkout("/w/repo/rules/r.py", checkout), "rules/r.py");
  EXPECT_EQ(detail::in_checkout("/w/repository/r.py", checkout), "/w/repository/r.py") << "another folder";
  EXPECT_EQ(detail::in_checkout("../../x.json", checkout), "../../x.json") << "outside";
  EXPECT_EQ(detail::in_checkout("./x.json", {}), "./x.json");
}

TEST(Excess, IsByHowMuchABoundIsBroken) {
  const auto excess = [](Ratio measured, Ratio bound) {
    return detail::excess({.measured = measured, .bound = bound});
  };
  EXPECT_EQ(excess({83, 1}, {4, 1}), 16'800U) << "84 / 5";
  EXPECT_EQ(excess({4, 1}, {83, 1}), 16'800U) << "of a bound from below";
  EXPECT_LT(excess({1, 1}, {0, 1}), excess({83, 1}, {4, 1})) << "one more than none";
  EXPECT_LT(excess({83, 1}, {4, 1}), excess({10'000, 1}, {0, 1}));
  EXPECT_LT(excess({10'000, 1}, {0, 1}), detail::excess({})) << "never called";
}

}  // namespace
}  // namespace rushhour::report
