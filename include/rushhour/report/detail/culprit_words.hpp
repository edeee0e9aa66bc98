/// \file
/// Who is behind a number, and what would mend it, in the words of all reports.
#pragma once

#include <string>

#include <rushhour/journal.hpp>
#include <rushhour/report/detail/words.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/site.hpp>

namespace rushhour::report::detail {

/// `AWS.Root in rule() by sts:AssumeRole at helpers/aws.py:12 from rules/root.py:31 (95.00 %)`
inline std::string text_of(const scenario::Culprit& culprit) {
  std::string out = culprit.detection.empty() ? "an unknown caller" : culprit.detection;
  if (culprit.function != Function::unknown) out += " in " + std::string{to_text(culprit.function)} + "()";
  if (!culprit.operation.empty()) out += " by " + culprit.operation;
  if (!culprit.site.empty())
    out += " at " + to_text(Site{.line = culprit.site, .rule_line = culprit.rule_line});
  return out + " (" + percent(culprit.share.numerator, culprit.share.denominator) + ")";
}

/// `fix: cache verdicts for 300 s: 3 <= 4; costs: verdicts up to 300 s old`
inline std::string fix_text(const scenario::Fix& fix) {
  std::string out = "fix: " + fix.text;
  for (const std::string& cost : fix.costs) out += (&cost == &fix.costs.front() ? "; costs: " : ", ") + cost;
  return out;
}

}  // namespace rushhour::report::detail
