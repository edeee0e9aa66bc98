/// \file
/// What the reports say of a judged budget in the same words.
#pragma once

#include <string>

#include <rushhour/report/detail/words.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::report::detail {

/// Whether it is broken, and that fails nothing.
inline bool warns(const scenario::JudgedBudget& budget) { return !budget.verdict.holds && !budget.fails(); }

/// `AWS.Root in rule() by sts:AssumeRole (95.00 %), ...`; empty when nobody in particular is behind it.
inline std::string culprits_text(const scenario::JudgedBudget& budget) {
  std::string out;
  for (const scenario::Culprit& culprit : budget.culprits) {
    if (!out.empty()) out += ", ";
    out += culprit.detection.empty() ? "an unknown caller" : culprit.detection;
    if (culprit.function != Function::unknown) out += " in " + std::string{to_text(culprit.function)} + "()";
    if (!culprit.operation.empty()) out += " by " + culprit.operation;
    out += " (" + percent(culprit.share.numerator, culprit.share.denominator) + ")";
  }
  return out;
}

}  // namespace rushhour::report::detail
