#pragma once

#include <cstddef>
#include <utility>

#include <rushhour/scenario/expression.hpp>
#include <rushhour/scenario/metrics.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/run_budgets.hpp>

namespace rushhour::scenario {

namespace detail {

/// What budgets compare with that say `baseline`.
RUSHHOUR_INLINE BaselineLookup baseline_for(const RunOptions& options, const RunMetrics& metrics) {
  if (!options.becomes_baseline) return options.baseline;
  return [&metrics](const Selector& selector) { return metrics.find(selector).value_or(Ratio{}); };
}

}  // namespace detail

RUSHHOUR_INLINE void expect_budgets(Run& run, const RunOptions& options) {
  for (const BudgetPlan& plan : run.scenario.budgets) {
    for (std::size_t i = 0; i < plan.budget.size(); ++i) run.metrics->watch(plan.budget.at(i).selector);
    require_known(plan.budget, *run.metrics, detail::baseline_for(options, *run.metrics));
  }
}

RUSHHOUR_INLINE void judge_budgets(Run& run, const RunOptions& options) {
  const BaselineLookup baseline = detail::baseline_for(options, *run.metrics);
  for (const BudgetPlan& plan : run.scenario.budgets) {
    JudgedBudget judged{.plan = plan, .verdict = evaluate(plan.budget, *run.metrics, baseline)};
    if (!judged.verdict.holds) {
      judged.culprits = run.metrics->culprits(plan.budget.at(judged.verdict.term).selector);
    }
    run.budgets.push_back(std::move(judged));
  }
}

}  // namespace rushhour::scenario
