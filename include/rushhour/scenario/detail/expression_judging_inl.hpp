/// \file
/// Bodies of expression.hpp that judge: what is known, what is offered instead of what is not, and the
/// verdict.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include <rushhour/scenario/detail/expression_text.hpp>
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

/// \throws InputError about what the selector says apart from its labels.
[[noreturn]] RUSHHOUR_INLINE void fail_unknown(const Budget& budget, const Selector& plain,
                                               const Metrics& metrics) {
  const Term& term = budget.term;
  const std::vector<std::string> known = metrics.known();
  const std::string_view text = budget.text;
  std::string written{text.substr(term.begin, term.labels_begin - term.begin)};
  written += text.substr(term.labels_end, term.end - term.labels_end);
  const std::size_t same = known_beginning(written, known);
  const std::size_t end = std::min(written.find('.', same), written.size());
  const auto in_text = [&term](std::size_t at) {
    const std::size_t plain_at = term.begin + at;
    return plain_at > term.labels_begin ? plain_at + (term.labels_end - term.labels_begin) : plain_at;
  };
  fail_expression(text, budget.place, in_text(same), in_text(end), "a known selector",
                  selector_advice(plain, std::string_view{written}.substr(0, same), known));
}

/// \throws InputError about labels that the service does not have.
RUSHHOUR_INLINE void require_labels(const Budget& budget, const Metrics& metrics) {
  const Term& term = budget.term;
  const std::vector<LabelChoice> choices = metrics.labels(term.selector.service);
  std::vector<std::string_view> keys;
  keys.reserve(choices.size());
  for (const LabelChoice& choice : choices) keys.push_back(choice.key);
  const auto fail = [&](std::string expected, std::string advice) {
    fail_expression(budget.text, budget.place, term.labels_begin, term.labels_end, std::move(expected),
                    std::move(advice));
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

/// A measured number in the way in which the budget wrote its own.
[[nodiscard]] RUSHHOUR_INLINE std::string value_text(Ratio value, bool duration) {
  if (!duration) return decimal_text(value);
  const auto nanoseconds = product(value, {1'000'000'000, 1});
  constexpr auto max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!nanoseconds || nanoseconds->denominator != 1 || nanoseconds->numerator > max) {
    return decimal_text(value) + "s";
  }
  return to_text(Duration{static_cast<std::int64_t>(nanoseconds->numerator)});
}

}  // namespace detail

RUSHHOUR_INLINE void require_known(const Budget& budget, const Metrics& metrics) {
  const Term& term = budget.term;
  const auto fail_value = [&](std::string expected) {
    detail::fail_expression(budget.text, budget.place, term.op_end, budget.text.size(), std::move(expected));
  };
  Selector plain = term.selector;
  plain.labels.clear();
  if (!metrics.knows(plain)) detail::fail_unknown(budget, plain, metrics);
  detail::require_labels(budget, metrics);
  if (!metrics.knows(term.selector)) {
    detail::fail_expression(budget.text, budget.place, term.labels_begin, term.end,
                            "a number that is counted apart for such labels",
                            "by function, or by several labels, there are totals only; by rule there are no "
                            "sliding windows and no limits");
  }
  if (term.duration && !metrics.in_seconds(term.selector)) {
    fail_value("a number without a unit: " + to_text(term.selector) + " is no time");
  }
  if (!term.of_limit) return;
  const auto limit = metrics.limit(term.selector);
  if (!limit) fail_value("a plain number: no limit applies to " + to_text(term.selector));
  if (!detail::product(term.value, *limit)) {
    fail_value("a share with fewer digits, so that its product with the limit is exact");
  }
}

RUSHHOUR_INLINE Verdict evaluate(const Budget& budget, const Metrics& metrics) {
  require_known(budget, metrics);
  const Term& term = budget.term;
  Verdict out;
  out.measured = metrics.find(term.selector);
  out.never_called = metrics.never_called(term.selector);
  const auto limit = term.of_limit ? metrics.limit(term.selector) : std::nullopt;
  out.bound = limit ? detail::product(term.value, *limit) : term.value;
  if (out.never_called && !budget.allow_empty) {
    out.text = "fails: never called";
    return out;
  }
  if (!out.measured) {
    out.holds = budget.allow_empty;
    out.text = std::string{out.holds ? "holds" : "fails"} + ": nothing was measured";
    return out;
  }
  out.holds = compare(*out.measured, term.op, *out.bound);
  out.text = out.holds ? "holds: " : "fails: ";
  out.text += detail::value_text(*out.measured, term.duration) + (out.holds ? " " : " is not ");
  out.text += std::string{to_text(term.op)} + " " + detail::value_text(*out.bound, term.duration);
  if (limit) {
    out.text += " (" + std::string{detail::decimal_text(term.value)} + " of the limit " +
                detail::decimal_text(*limit) + ")";
  }
  return out;
}

}  // namespace rushhour::scenario
