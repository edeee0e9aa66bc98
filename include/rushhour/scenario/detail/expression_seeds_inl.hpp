/// \file
/// Bodies of expression.hpp that judge a scenario that was run with several seeds.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/scenario/detail/exact.hpp>
#include <rushhour/scenario/detail/expression_text.hpp>
#include <rushhour/scenario/detail/expression_verdict.hpp>
#include <rushhour/scenario/expression.hpp>

namespace rushhour::scenario {
namespace detail {

[[nodiscard]] inline bool asks_for_more(Op op) { return op == Op::greater || op == Op::greater_equal; }

/// How far a measured number is from its bound, on the side where that is worse.
[[nodiscard]] inline Ratio distance(Ratio measured, Op op, Ratio bound) {
  const Ratio above = difference(measured, bound).value_or(Ratio{});
  const Ratio below = difference(bound, measured).value_or(Ratio{});
  if (op == Op::less || op == Op::less_equal) return above;
  if (asks_for_more(op)) return below;
  return above < below ? below : above;
}

/// Whether the verdict of one seed is worse than that of another: broken rather than holding, then without a
/// number rather than with one, then the number that is further on the wrong side. Numbers of different terms
/// say nothing.
[[nodiscard]] inline bool is_worse(const Budget& budget, const Verdict& a, const Verdict& b) {
  if (a.holds != b.holds) return b.holds;
  if (a.measured.has_value() != b.measured.has_value()) return b.measured.has_value();
  if (a.term != b.term || !a.measured || !a.bound || !b.bound) return false;
  const Op op = budget.at(a.term).op;
  const Ratio of_a = distance(*a.measured, op, *a.bound);
  const Ratio of_b = distance(*b.measured, op, *b.bound);
  if (!(of_a == of_b)) return of_b < of_a;
  return asks_for_more(op) ? *a.measured < *b.measured : *b.measured < *a.measured;
}

/// A verdict's text behind its `holds: ` or `fails: `.
[[nodiscard]] inline std::string_view finding(const Verdict& verdict) {
  const std::string_view text = verdict.text;
  const std::size_t colon = text.find(": ");
  return colon == std::string_view::npos ? text : text.substr(colon + 2);
}

/// As the worst seed says, or the best.
[[nodiscard]] inline Verdict count_seeds(const Budget& budget, std::span<const Verdict> of_seeds) {
  const bool all = budget.seeds == Seeds::all;
  const auto worse = [&](const Verdict& a, const Verdict& b) { return is_worse(budget, a, b); };
  Verdict out = all ? *std::min_element(of_seeds.begin(), of_seeds.end(), worse)
                    : *std::max_element(of_seeds.begin(), of_seeds.end(), worse);
  const auto same = std::count_if(of_seeds.begin(), of_seeds.end(),
                                  [&](const Verdict& each) { return each.holds == out.holds; });
  const std::string seeds = std::to_string(of_seeds.size());
  const bool every = static_cast<std::size_t>(same) == of_seeds.size();
  out.text = std::string{out.holds ? "holds" : "fails"} + " with " +
             (every ? "all " : std::to_string(same) + " of ") + seeds + " seeds, " +
             (all ? "worst: " : "best: ") + std::string{finding(out)};
  return out;
}

/// The mean or the percentile of what a term has measured: at least one number.
[[nodiscard]] inline Ratio number_of_seeds(Seeds seeds, Op op, std::vector<Ratio> numbers) {
  if (seeds == Seeds::mean) return mean_of(numbers);
  std::sort(numbers.begin(), numbers.end());
  const std::size_t percent = asks_for_more(op) ? 5 : 95;
  return numbers[(numbers.size() * percent + 99) / 100 - 1];
}
[[nodiscard]] inline std::string_view words_for(Seeds seeds, Op op) {
  if (seeds == Seeds::mean) return "the mean of ";
  return asks_for_more(op) ? "the 5th percentile of " : "the 95th percentile of ";
}

/// Judges the mean or the percentile of one term. Seeds without a number do not count, unless none has one.
[[nodiscard]] inline TermVerdict judge_seeds(const Budget& budget, std::size_t place,
                                             std::span<const Verdict> of_seeds) {
  const Term& term = budget.at(place);
  std::vector<Ratio> measured;
  std::vector<Ratio> bounds;
  bool idle = true;
  for (const Verdict& seed : of_seeds) {
    const TermVerdict& each = seed.terms.at(place);
    if (each.measured) measured.push_back(*each.measured);
    if (each.bound) bounds.push_back(*each.bound);
    idle = idle && each.never_called;
  }
  if (measured.empty() || bounds.empty() || (idle && !budget.allow_empty)) {
    return of_seeds.front().terms.at(place);
  }
  TermVerdict out{.never_called = idle,
                  .measured = number_of_seeds(budget.seeds, term.op, std::move(measured)),
                  .bound = mean_of(bounds)};
  out.holds = compare(*out.measured, term.op, *out.bound);
  out.text = std::string{words_for(budget.seeds, term.op)} + std::to_string(of_seeds.size()) + " seeds, " +
             value_text(*out.measured, term.duration) + (out.holds ? ", is " : ", is not ") +
             std::string{to_text(term.op)} + " " + value_text(*out.bound, term.duration);
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE Verdict evaluate_seeds(const Budget& budget, std::span<const Verdict> of_seeds) {
  RUSHHOUR_ASSERT(!of_seeds.empty(), "a run has at least one seed");
  if (of_seeds.size() == 1) return of_seeds.front();
  const bool counted = budget.seeds == Seeds::all || budget.seeds == Seeds::any;
  if (counted) return detail::count_seeds(budget, of_seeds);
  std::vector<TermVerdict> terms;
  for (std::size_t i = 0; i < budget.size(); ++i) terms.push_back(detail::judge_seeds(budget, i, of_seeds));
  return detail::verdict_of(budget, std::move(terms));
}

}  // namespace rushhour::scenario
