/// \file
/// Numbers over several seeds, and verdicts, as the reports of seeds write them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <rushhour/report/detail/budget_words.hpp>
#include <rushhour/report/detail/words.hpp>
#include <rushhour/scenario/seeds.hpp>
#include <rushhour/scenario/spread.hpp>

namespace rushhour::report::detail {

/// A number of a run as a cell: a time, or a count with two digits where it is no whole one, or six where it
/// is too small for two.
inline std::string number_cell(Ratio number, bool in_seconds) {
  if (in_seconds) {
    const std::uint64_t nanoseconds = number.of(1'000'000'000);
    return short_duration(Duration{static_cast<std::int64_t>(nanoseconds)});
  }
  const Ratio reduced = number.reduced();
  return reduced.denominator == 1 ? grouped(reduced.numerator)
                                  : decimal(reduced, reduced < Ratio{1, 10} ? 6 : 2);
}
inline std::string difference_cell(const scenario::Difference& difference, bool in_seconds) {
  const std::string size = number_cell(difference.size, in_seconds);
  if (difference.size == Ratio{}) return size;
  return (difference.negative ? "-" : "+") + size;
}

/// `seeds 7 to 26`
inline std::string seeds_text(const scenario::SeededRuns& of) {
  const std::string first = std::to_string(of.seeds.front().seed);
  if (of.seeds.size() == 1) return "seed " + first;
  return "seeds " + first + " to " + std::to_string(of.seeds.back().seed);
}

/// `all 3 budgets hold`, `2 of 4 budgets broken, and 1 warning`.
inline std::string verdict_text(std::span<const scenario::JudgedBudget> budgets) {
  const auto count = [&](auto is) {
    return static_cast<std::size_t>(std::count_if(budgets.begin(), budgets.end(), is));
  };
  const std::size_t broken = count([](const scenario::JudgedBudget& budget) { return budget.fails(); });
  const std::size_t warnings = count(warns);
  const std::string all = std::to_string(budgets.size());
  if (budgets.empty()) return "no budgets";
  if (broken + warnings == 0)
    return budgets.size() == 1 ? "the budget holds" : "all " + all + " budgets hold";
  std::string out = std::to_string(broken) + " of " + all + " budgets broken";
  if (warnings > 0) out += ", and " + std::to_string(warnings) + (warnings == 1 ? " warning" : " warnings");
  return out;
}

inline std::string capitalized(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() -= 'a' - 'A';
  return text;
}

}  // namespace rushhour::report::detail
