/// \file
/// What the reports say of a judged budget in the same words.
#pragma once

#include <string>

#include <rushhour/report/detail/culprit_words.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::report::detail {

/// Whether it is broken, and that fails nothing.
inline bool warns(const scenario::JudgedBudget& budget) { return !budget.verdict.holds && !budget.fails(); }

/// Who is behind the budget's number, with commas between; empty when nobody in particular is.
inline std::string culprits_text(const scenario::JudgedBudget& budget) {
  std::string out;
  for (const scenario::Culprit& culprit : budget.culprits)
    out += (out.empty() ? "" : ", ") + text_of(culprit);
  return out;
}

}  // namespace rushhour::report::detail
