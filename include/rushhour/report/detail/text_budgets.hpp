/// \file
/// The end of a text report: what a reader has to know of the run's input, its budgets, and how to have it
/// again.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <rushhour/report/detail/budget_words.hpp>
#include <rushhour/report/detail/paint.hpp>
#include <rushhour/report/detail/reproduce.hpp>
#include <rushhour/report/detail/table.hpp>
#include <rushhour/report/text_options.hpp>

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
  if (broken == 0 && warnings == 0)
    return run.budgets.size() == 1 ? "its budget holds" : "all " + all + " budgets hold";
  std::string out = std::to_string(broken) + " of " + all + " budgets broken";
  if (warnings > 0) out += ", and " + std::to_string(warnings) + (warnings == 1 ? " warning" : " warnings");
  return out;
}

/// The first line of a report: `FAIL  naive-enrichment: 3 of 4 budgets broken`.
inline std::string headline_of(const Run& run, const TextOptions& options) {
  const bool partial = run.interrupted;
  const bool holds = run.budgets_hold();
  std::string out = partial ? painted("PART", Paint::warning, options.colour)
                    : holds ? painted("ok  ", Paint::good, options.colour)
                            : painted("FAIL", Paint::bad, options.colour);
  std::string rest = run.scenario.name + ": ";
  if (partial) rest += "interrupted after " + grouped(run.result.delivery.delivered) + " events, so far ";
  rest += verdict_line(run);
  return out + wrapped(rest, "      ").substr(4);
}

/// One budget, and when it does not hold why, and who is behind it.
inline std::string budget_of(const scenario::JudgedBudget& budget, const TextOptions& options) {
  constexpr std::string_view indent = "          ";
  std::string lines = wrapped(budget.plan.budget.text, indent).substr(indent.size());
  if (budget.verdict.holds) return "  " + painted("ok", Paint::good, options.colour) + "      " + lines;
  std::string out = "  ";
  out += warns(budget) ? painted("warn", Paint::warning, options.colour) + "    "
                       : painted("BROKEN", Paint::bad, options.colour) + "  ";
  out += lines;
  out += wrapped(budget.verdict.text + (budget.plan.why.empty() ? "" : " - " + budget.plan.why), indent);
  std::string_view label = "behind it: ";
  for (const scenario::Culprit& culprit : budget.culprits) {
    out += wrapped(std::string{label} + text_of(culprit), indent);
    label = "then: ";
  }
  if (budget.fix) out += wrapped(fix_text(*budget.fix), indent);
  return out;
}

inline std::string budgets_of(const Run& run, const TextOptions& options) {
  std::string out =
      "\n" + painted(run.scenario.name + ": " + verdict_line(run), Paint::strong, options.colour) + "\n";
  for (const scenario::JudgedBudget& budget : run.budgets) out += budget_of(budget, options);
  return out;
}

/// Those of budgets_of() that do not hold, under the run's headline.
inline std::string broken_budgets_of(const Run& run, const TextOptions& options) {
  std::string out;
  for (const scenario::JudgedBudget& budget : run.budgets) {
    if (!budget.verdict.holds) out += budget_of(budget, options);
  }
  return out;
}

inline std::string replay_of(const Run& run) {
  return "  seed " + std::to_string(run.scenario.seed) + ", digest " + run.digest + ", transport " +
         run.transport + "\n" + command(reproduce(run), "  again: ");
}

}  // namespace rushhour::report::detail
