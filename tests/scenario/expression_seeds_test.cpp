// Budgets of a scenario that was run with several seeds: one verdict from those of the seeds.

#include <rushhour/scenario/expression.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measured_by_hand.hpp"

namespace rushhour::scenario {
namespace {

Budget budget(std::string_view text, Seeds seeds) {
  Budget out = parse_budget(text);
  out.seeds = seeds;
  return out;
}

/// The verdicts of seeds that have measured these numbers.
std::vector<Verdict> measured(const Budget& budget, const std::vector<Ratio>& numbers) {
  std::vector<Verdict> out;
  for (const Ratio& number : numbers) {
    MeasuredByHand metrics;
    metrics.values = {{to_text(budget.term.selector), number}};
    out.push_back(evaluate(budget, metrics));
  }
  return out;
}
/// That of a seed that has called nobody.
Verdict idle(const Budget& budget, std::optional<Ratio> number = std::nullopt) {
  MeasuredByHand metrics;
  metrics.without_value = {to_text(budget.term.selector)};
  if (number) metrics.values = {{to_text(budget.term.selector), *number}};
  metrics.idle = {budget.term.selector.service};
  return evaluate(budget, metrics);
}

Verdict judged(std::string_view text, Seeds seeds, const std::vector<Ratio>& numbers) {
  const Budget made = budget(text, seeds);
  return evaluate_seeds(made, measured(made, numbers));
}

std::vector<Ratio> upto(std::uint64_t last) {
  std::vector<Ratio> out;
  for (std::uint64_t i = 1; i <= last; ++i) out.push_back({i, 1});
  return out;
}

TEST(BudgetOfSeeds, IsThatOfTheOnlySeed) {
  for (const Seeds seeds : {Seeds::all, Seeds::any, Seeds::mean, Seeds::p95}) {
    const Verdict verdict = judged("sts.throttled <= 4", seeds, {{5, 1}});
    EXPECT_FALSE(verdict.holds);
    EXPECT_EQ(verdict.text, "fails: 5 is not <= 4") << to_text(seeds);
  }
}

TEST(BudgetOfSeeds, HoldsWithAllOrBreaksAsTheWorst) {
  const Verdict holds = judged("sts.throttled <= 4", Seeds::all, {{3, 1}, {4, 1}, {0, 1}});
  EXPECT_TRUE(holds.holds);
  EXPECT_EQ(holds.text, "holds with all 3 seeds, worst: 4 <= 4");
  const Verdict fails = judged("sts.throttled <= 4", Seeds::all, {{5, 1}, {9, 1}, {0, 1}});
  EXPECT_FALSE(fails.holds);
  EXPECT_EQ(fails.text, "fails with 2 of 3 seeds, worst: 9 is not <= 4");
  EXPECT_EQ(fails.measured, (Ratio{9, 1}));
}

TEST(BudgetOfSeeds, KnowsWhatIsWorseForEachOperator) {
  const auto worst = [](const std::string& op) {
    return judged("a.b " + op + " 4", Seeds::all, {{1, 1}, {6, 1}, {5, 1}}).measured->numerator;
  };
  EXPECT_EQ(worst("<="), 6U);
  EXPECT_EQ(worst("<"), 6U);
  EXPECT_EQ(worst(">="), 1U);
  EXPECT_EQ(worst(">"), 1U);
  EXPECT_EQ(worst("=="), 1U) << "which is furthest from 4";
}

TEST(BudgetOfSeeds, HoldsWithAnyOrBreaksAsTheBest) {
  const Verdict holds = judged("sts.throttled <= 4", Seeds::any, {{5, 1}, {3, 1}, {9, 1}});
  EXPECT_TRUE(holds.holds);
  EXPECT_EQ(holds.text, "holds with 1 of 3 seeds, best: 3 <= 4");
  const Verdict fails = judged("sts.throttled <= 4", Seeds::any, {{7, 1}, {5, 1}, {9, 1}});
  EXPECT_FALSE(fails.holds);
  EXPECT_EQ(fails.text, "fails with all 3 seeds, best: 5 is not <= 4");
}

TEST(BudgetOfSeeds, ComparesTheMeanExactly) {
  EXPECT_TRUE(judged("a.b == 0.5", Seeds::mean, {{1, 3}, {2, 3}}).holds);
  const Verdict fails = judged("a.b <= 4", Seeds::mean, {{4, 1}, {4, 1}, {5, 1}});
  EXPECT_FALSE(fails.holds);
  EXPECT_EQ(fails.measured, (Ratio{13, 3}));
  EXPECT_EQ(fails.text, "fails: the mean of 3 seeds, ~4.333333, is not <= 4");
}

TEST(BudgetOfSeeds, CutsAMeanThatNoRatioHolds) {
  // Primes near 2^32: over one denominator three of them do not fit.
  const std::vector<Ratio> numbers{{1, 4'294'967'291U}, {1, 4'294'967'279U}, {3, 4'294'967'231U}};
  const Verdict verdict = judged("a.b <= 1", Seeds::mean, numbers);
  EXPECT_TRUE(verdict.holds);
  EXPECT_EQ(verdict.measured, (Ratio{0, 1})) << "each is below a thousand millionth";
  const std::vector<Ratio> large{{18'446'744'073'709'551'557U, 4'294'967'291U},
                                 {18'446'744'073'709'551'557U, 4'294'967'279U},
                                 {18'446'744'073'709'551'557U, 4'294'967'231U}};
  const Ratio mean = judged("a.b <= 1", Seeds::mean, large).measured.value_or(Ratio{});
  EXPECT_EQ(mean.numerator / mean.denominator, 4'294'967'325U) << "cut off behind the ninth decimal";
}

TEST(BudgetOfSeeds, TakesThePercentileOfTheSideThatIsWorse) {
  EXPECT_EQ(judged("a.b <= 95", Seeds::p95, upto(100)).measured, (Ratio{95, 1}));
  EXPECT_EQ(judged("a.b < 95", Seeds::p95, upto(20)).measured, (Ratio{19, 1}));
  EXPECT_EQ(judged("a.b == 95", Seeds::p95, upto(8)).measured, (Ratio{8, 1})) << "of few seeds the greatest";
  EXPECT_EQ(judged("a.b >= 95", Seeds::p95, upto(100)).measured, (Ratio{5, 1}));
  EXPECT_EQ(judged("a.b > 95", Seeds::p95, upto(8)).measured, (Ratio{1, 1}));
  EXPECT_EQ(judged("a.b <= 19", Seeds::p95, upto(20)).text,
            "holds: the 95th percentile of 20 seeds, 19, is <= 19");
  EXPECT_EQ(judged("a.b >= 2", Seeds::p95, upto(20)).text,
            "fails: the 5th percentile of 20 seeds, 1, is not >= 2");
}

TEST(BudgetOfSeeds, LeavesOutSeedsWithoutANumber) {
  const Budget made = budget("sts.amplification <= 2", Seeds::mean);
  std::vector<Verdict> seeds = measured(made, {{1, 1}, {2, 1}});
  seeds.insert(seeds.begin(), idle(made));
  const Verdict verdict = evaluate_seeds(made, seeds);
  EXPECT_TRUE(verdict.holds);
  EXPECT_EQ(verdict.measured, (Ratio{3, 2}));
}

TEST(BudgetOfSeeds, FailsWhereNoSeedCalled) {
  for (const Seeds how : {Seeds::all, Seeds::any, Seeds::mean, Seeds::p95}) {
    const Budget made = budget("sts.throttled == 0", how);
    const std::vector<Verdict> seeds(2, idle(made, Ratio{0, 1}));
    EXPECT_FALSE(evaluate_seeds(made, seeds).holds) << to_text(how);
    EXPECT_TRUE(evaluate_seeds(made, seeds).never_called) << to_text(how);
  }
}

TEST(BudgetOfSeeds, JudgesEachTermOfSeveral) {
  const auto seed = [](std::uint64_t throttled, std::uint64_t missed, const Budget& made) {
    MeasuredByHand metrics;
    metrics.values = {{"sts.throttled.total", {throttled, 1}}, {"detections.missed.total", {missed, 1}}};
    return evaluate(made, metrics);
  };
  const auto judge = [&](Seeds seeds, const std::string& joint) {
    const Budget made = budget("sts.throttled <= 4 " + joint + " detections.missed == 0", seeds);
    return evaluate_seeds(made, std::vector<Verdict>{seed(3, 0, made), seed(9, 0, made), seed(0, 0, made)});
  };
  EXPECT_EQ(judge(Seeds::all, "and").text,
            "fails with 1 of 3 seeds, worst: sts.throttled <= 4: 9 is not <= 4");
  EXPECT_TRUE(judge(Seeds::all, "or").holds);
  EXPECT_TRUE(judge(Seeds::mean, "and").holds) << "the mean is 4";
  EXPECT_EQ(judge(Seeds::p95, "and").text,
            "fails: sts.throttled <= 4: the 95th percentile of 3 seeds, 9, is not <= 4");
  EXPECT_EQ(judge(Seeds::p95, "or").text,
            "holds: detections.missed == 0: the 95th percentile of 3 seeds, 0, is == 0");
}

}  // namespace
}  // namespace rushhour::scenario
