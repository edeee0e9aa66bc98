/// \file
/// Bodies of expression.hpp that judge: what is known, what is offered instead of what is not, and the
/// verdict.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include <rushhour/scenario/detail/exact.hpp>
#include <rushhour/scenario/detail/expression_text.hpp>
#include <rushhour/scenario/detail/expression_verdict.hpp>
#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/expression.hpp>

namespace rushhour::scenario {
namespace detail {

/// How much of the selector as written some known selector begins with, in whole names and their dots.
[[nodiscard]] inline std::size_t known_beginning(std::string_view written,
                                                 const std::vector<std::string>& known) {
  std::size_t longest = 0;
  for (std::size_t dot = written.find('.'); dot != std::string_view::npos; dot = written.find('.', dot + 1)) {
    const std::string_view beginning = written.substr(0, dot + 1);
    const auto begins = [beginning](const std::string& each) { return each.starts_with(beginning); };
    if (std::any_of(known.begin(), known.end(), begins)) longest = dot + 1;
  }
  return longest;
}

/// What to offer instead of an unknown selector: slips of the pen, else what begins alike, else the services.
[[nodiscard]] inline std::string selector_advice(const Selector& selector, std::string_view beginning,
                                                 const std::vector<std::string>& known) {
  constexpr std::size_t offered_max = 3;
  if (known.empty()) return "nothing is measured";
  std::string advice = did_you_mean(to_text(selector), known, offered_max);
  if (!advice.empty()) return advice;
  std::vector<std::string> choices;
  for (const std::string& each : known) {
    std::string choice = beginning.empty() ? each.substr(0, each.find('.')) : each;
    const bool fresh = std::find(choices.begin(), choices.end(), choice) == choices.end();
    if (fresh && choice.starts_with(beginning)) choices.push_back(std::move(choice));
  }
  if (beginning.empty()) return "known before the first dot: " + list_in_quotes(choices, " and ");
  if (choices.size() > offered_max) choices.resize(offered_max);
  return "known, for example: " + list_in_quotes(choices, " and ");
}

}  // namespace detail

RUSHHOUR_INLINE bool Metrics::knows(const Selector& selector) const {
  const std::vector<std::string> all = known();
  return std::find(all.begin(), all.end(), to_text(selector)) != all.end();
}

namespace detail {

/// One term of a budget, to be judged.
struct Judging {
  const Budget& budget;
  const Term& term;
  const Metrics& metrics;
  const BaselineLookup& baseline;

  [[noreturn]] void fail(std::size_t begin, std::size_t end, std::string expected,
                         std::string advice = {}) const {
    fail_expression(budget.text, budget.place, begin, end, std::move(expected), std::move(advice));
  }
  [[noreturn]] void fail_value(std::string expected, std::string advice = {}) const {
    fail(term.op_end, term.value_end, std::move(expected), std::move(advice));
  }
};

/// \throws InputError about what the selector says apart from its labels and its range.
[[noreturn]] RUSHHOUR_INLINE void fail_unknown(const Judging& judging, const Selector& plain) {
  const Term& term = judging.term;
  const std::vector<std::string> known = judging.metrics.known();
  const std::string_view text = judging.budget.text;
  std::string written{text.substr(term.begin, term.labels_begin - term.begin)};
  written += text.substr(term.labels_end, term.end - term.labels_end);
  const std::size_t same = known_beginning(written, known);
  const std::size_t end = std::min(written.find('.', same), written.size());
  const auto in_text = [&term](std::size_t at) {
    const std::size_t plain_at = term.begin + at;
    return plain_at > term.labels_begin ? plain_at + (term.labels_end - term.labels_begin) : plain_at;
  };
  judging.fail(in_text(same), in_text(end), "a known selector",
               selector_advice(plain, std::string_view{written}.substr(0, same), known));
}

/// \throws InputError about labels that the service does not have.
RUSHHOUR_INLINE void require_labels(const Judging& judging) {
  const Term& term = judging.term;
  const std::vector<LabelChoice> choices = judging.metrics.labels(term.selector.service);
  std::vector<std::string_view> keys;
  keys.reserve(choices.size());
  for (const LabelChoice& choice : choices) keys.push_back(choice.key);
  const auto fail = [&](std::string expected, std::string advice) {
    judging.fail(term.labels_begin, term.labels_end, std::move(expected), std::move(advice));
  };
  for (const Label& label : term.selector.labels) {
    const auto choice = std::find(keys.begin(), keys.end(), label.key);
    if (keys.empty()) fail("no labels after " + in_quotes(term.selector.service), "");
    if (choice == keys.end()) {
      fail("one of the labels " + list_in_quotes(keys, " and "), did_you_mean(label.key, keys));
    }
    const std::vector<std::string>& values = choices[static_cast<std::size_t>(choice - keys.begin())].values;
    if (std::find(values.begin(), values.end(), label.value) != values.end()) continue;
    constexpr std::size_t offered_max = 10;
    std::string advice = did_you_mean(label.value, values);
    if (advice.empty() && values.size() <= offered_max && !values.empty()) {
      advice = "known are " + list_in_quotes(values, " and ");
    }
    fail("a known value of the label " + in_quotes(label.key), std::move(advice));
  }
}

/// \throws InputError about the selector as a whole.
RUSHHOUR_INLINE void require_selector(const Judging& judging) {
  const Term& term = judging.term;
  Selector plain = term.selector;
  plain.range.reset();
  const Selector labelled = plain;
  plain.labels.clear();
  if (!judging.metrics.knows(plain)) fail_unknown(judging, plain);
  require_labels(judging);
  if (!judging.metrics.knows(labelled)) {
    judging.fail(
        term.labels_begin, term.end, "a number that is counted apart for such labels",
        "by rule there are no limits; by function, or by several labels, there are neither limits nor "
        "times");
  }
  const std::string mistake = judging.metrics.range_mistake(term.selector);
  if (!mistake.empty()) judging.fail(term.range_begin, term.range_end, mistake);
}

/// The baseline's number. It leaves out what is 0, and means, which its totals say.
[[nodiscard]] RUSHHOUR_INLINE std::optional<Ratio> baseline_number(const Judging& judging) {
  const Selector& selector = judging.term.selector;
  const std::optional<Ratio> found = judging.baseline(selector);
  if (found || selector.aggregate == Aggregate::mean) return found;
  const std::vector<std::string> known = judging.metrics.known();
  const bool always = std::find(known.begin(), known.end(), to_text(selector)) != known.end();
  return always ? std::optional{Ratio{}} : std::nullopt;
}

/// What the term's number is compared with. Nothing of a baseline or limit that is not there, or where 64
/// bits do not hold it.
struct Bound {
  std::optional<Ratio> of{};  ///< the limit, or the baseline's number
  std::optional<Ratio> value{};
};
[[nodiscard]] RUSHHOUR_INLINE Bound bound_of(const Judging& judging) {
  const Term& term = judging.term;
  if (term.of_limit) {
    Bound out{.of = judging.metrics.limit(term.selector)};
    if (out.of) out.value = product(term.value, *out.of);
    return out;
  }
  if (!term.of_baseline) return {.value = term.value};
  Bound out;
  if (judging.baseline) out.of = baseline_number(judging);
  if (!out.of) return out;
  const auto shift = term.percent ? product(term.value, *out.of) : std::optional{term.value};
  if (!shift) return out;
  out.value = term.shift == Shift::none   ? out.of
              : term.shift == Shift::plus ? sum(*out.of, *shift)
                                          : difference(*out.of, *shift);
  return out;
}

/// \throws InputError about what the selector is compared with.
RUSHHOUR_INLINE void require_bound(const Judging& judging) {
  const Term& term = judging.term;
  const std::string full = to_text(term.selector);
  if (term.duration && !judging.metrics.in_seconds(term.selector)) {
    judging.fail_value("a number without a unit: " + full + " is no time");
  }
  const Bound bound = bound_of(judging);
  if (term.of_baseline && !bound.of) {
    const std::string& file = judging.budget.place.file;
    const std::string make =
        "make it with: rushhour check " + (file.empty() ? "SCENARIO" : file) + " --accept";
    if (!judging.baseline) judging.fail_value("a number: there is no baseline yet", make);
    judging.fail_value("a number that the baseline holds: it has no " + full,
                       "if it is older than this budget, " + make);
  }
  if (term.of_limit && !bound.of) judging.fail_value("a plain number: no limit applies to " + full);
  if (!bound.value) {
    judging.fail_value(term.of_limit
                           ? "a share with fewer digits, so that its product with the limit is exact"
                           : "fewer digits, so that the distance from the baseline is exact");
  }
}

/// `(0.5 of the limit 4)`, `(the baseline 60 + 5%)`; nothing for a plain number.
[[nodiscard]] RUSHHOUR_INLINE std::string bound_words(const Term& term, const Bound& bound, bool time) {
  if (term.of_limit)
    return " (" + decimal_text(term.value) + " of the limit " + decimal_text(*bound.of) + ")";
  if (!term.of_baseline) return {};
  if (term.shift == Shift::none) return " (the baseline)";
  const Ratio percent = product(term.value, {100, 1}).value_or(Ratio{});
  return " (the baseline " + value_text(*bound.of, time) + (term.shift == Shift::plus ? " + " : " - ") +
         (term.percent ? decimal_text(percent) + "%" : value_text(term.value, time)) + ")";
}

[[nodiscard]] RUSHHOUR_INLINE TermVerdict judge_term(const Judging& judging) {
  const Term& term = judging.term;
  const bool allow_empty = judging.budget.allow_empty;
  const Bound bound = bound_of(judging);
  TermVerdict out{.never_called = judging.metrics.never_called(term.selector),
                  .measured = judging.metrics.find(term.selector),
                  .bound = bound.value};
  if (out.never_called && !allow_empty) {
    out.text = "never called";
    if (term.selector.range) out.text += " in " + to_text(*term.selector.range);
    return out;
  }
  if (!out.measured) {
    out.holds = allow_empty;
    out.text = "nothing was measured";
    return out;
  }
  out.holds = compare(*out.measured, term.op, *out.bound);
  const bool time = term.duration || (term.of_baseline && judging.metrics.in_seconds(term.selector));
  out.text = value_text(*out.measured, time) + (out.holds ? " " : " is not ");
  out.text += std::string{to_text(term.op)} + " " + value_text(*out.bound, time);
  out.text += bound_words(term, bound, time);
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE void require_known(const Budget& budget, const Metrics& metrics,
                                   const BaselineLookup& baseline) {
  for (std::size_t i = 0; i < budget.size(); ++i) {
    const detail::Judging judging{budget, budget.at(i), metrics, baseline};
    detail::require_selector(judging);
    detail::require_bound(judging);
  }
}

RUSHHOUR_INLINE Verdict evaluate(const Budget& budget, const Metrics& metrics,
                                 const BaselineLookup& baseline) {
  require_known(budget, metrics, baseline);
  std::vector<TermVerdict> terms;
  for (std::size_t i = 0; i < budget.size(); ++i) {
    terms.push_back(detail::judge_term({budget, budget.at(i), metrics, baseline}));
  }
  return detail::verdict_of(budget, std::move(terms));
}

}  // namespace rushhour::scenario
