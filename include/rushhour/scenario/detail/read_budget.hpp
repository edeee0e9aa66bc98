/// \file
/// Reads one of a scenario's budgets.
#pragma once

#include <rushhour/scenario/plan.hpp>
#include <rushhour/scenario/reader.hpp>

namespace rushhour::scenario::detail {

/// `"sts.throttled == 0"`, or `{"expr": "sts.throttled == 0", "level": "warn", "why": "shared account"}`.
inline BudgetPlan read_budget(const Value& value) {
  if (!value.is(Node::Kind::object)) return {.budget = parse_budget(value.text(), value.place_inside())};
  Reader reader = value.object();
  const Value expression = reader.at("expr", "\"sts.throttled == 0\"");
  BudgetPlan plan{.budget = parse_budget(expression.text(), expression.place_inside())};
  plan.why = reader.optional_text("why", "");
  plan.budget.allow_empty = reader.optional_boolean("allow_empty", false);
  plan.budget.level =
      reader.optional_choice<Level>("level", Level::error, {{"error", Level::error}, {"warn", Level::warn}});
  plan.budget.seeds = reader.optional_choice<Seeds>(
      "seeds", Seeds::all,
      {{"all", Seeds::all}, {"any", Seeds::any}, {"mean", Seeds::mean}, {"p95", Seeds::p95}});
  reader.done();
  return plan;
}

}  // namespace rushhour::scenario::detail
