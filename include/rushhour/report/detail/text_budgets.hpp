/// \file
/// The end of a text report: what a reader has to know of the run's input, its budgets, and how to have it
/// again.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <rushhour/report/detail/budget_words.hpp>
#include <rushhour/report/detail/reproduce.hpp>
#include <rushhour/report/detail/table.hpp>

namespace rushhour::report::detail {

inline std::string damage_of(const Run& run) {
  if (run.damaged_records == 0) return {};
  const event::Damage& first = run.damages.front();
  return wrapped(grouped(run.damaged_records) + " damaged records passed over; the first: " + first.file +
                     ", byte " + std::to_string(first.offset) + ": " + first.what +
                     (first.forfeits_rest ? " (the rest of that file was not read)" : ""),
                 "  ");
}

/// `all 3 budgets hold`, `2 of 4 budgets broken, and 1 warning`.
inline std::string verdict_line(const Run& run) {
  std::size_t broken = 0;
  std::size_t warnings = 0;
  for (const scenario::JudgedBudget& budget : run.budgets) {
    broken += budget.fails() ? 1U : 0U;
    warnings += warns(budget) ? 1U : 0U;
  }
  const std::string all = std::to_string(run.budgets.size());
  if (run.budgets.empty()) return "no budgets";
  if (broken == 0 && warnings == 0) return "all " + all + " budgets hold";
  std::string out = std::to_string(broken) + " of " + all + " budgets broken";
  if (warnings > 0) out += ", and " + std::to_string(warnings) + (warnings == 1 ? " warning" : " warnings");
  return out;
}

inline std::string budgets_of(const Run& run) {
  constexpr std::string_view indent = "          ";
  std::string out = "\n" + run.scenario.name + ": " + verdict_line(run) + "\n";
  for (const scenario::JudgedBudget& budget : run.budgets) {
    std::string lines = wrapped(budget.plan.budget.text, indent);
    const std::string_view mark = budget.verdict.holds ? "  ok      "
                                  : warns(budget)      ? "  warn    "
                                                       : "  BROKEN  ";
    out += lines.replace(0, indent.size(), mark);
    if (budget.verdict.holds) continue;
    out += wrapped(budget.verdict.text + (budget.plan.why.empty() ? "" : " - " + budget.plan.why), indent);
    const std::string behind = culprits_text(budget);
    if (!behind.empty()) out += wrapped("behind it: " + behind, indent);
  }
  return out;
}

inline std::string replay_of(const Run& run) {
  return "  seed " + std::to_string(run.scenario.seed) + ", digest " + run.digest + ", transport " +
         run.transport + "\n" + command(reproduce(run), "  again: ");
}

}  // namespace rushhour::report::detail
