/// \file
/// Bodies of selector.hpp.
#pragma once

#include <chrono>
#include <string>

#include <rushhour/scenario/detail/exact.hpp>
#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/selector.hpp>

namespace rushhour::scenario {

namespace detail {

/// `12:00`, `23:59:30`
[[nodiscard]] inline std::string clock_text(Duration since_midnight) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_midnight).count();
  const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  std::string out = two(seconds / 3'600) + ":" + two(seconds / 60 % 60);
  if (seconds % 60 != 0) out += ":" + two(seconds % 60);
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE std::string to_text(const Range& range) {
  if (range.from_start) return "+" + to_text(range.from) + "..+" + to_text(range.to);
  return detail::clock_text(range.from) + ".." + detail::clock_text(range.to);
}

RUSHHOUR_INLINE std::string to_text(const Selector& selector) {
  std::string out = selector.service;
  for (const Label& label : selector.labels) {
    const char quote = label.value.find('\'') == std::string::npos ? '\'' : '"';
    out += (&label == &selector.labels.front() ? "{" : ", ") + label.key + "=" + quote + label.value + quote;
  }
  if (!selector.labels.empty()) out += "}";
  if (!selector.operation.empty()) out += "." + selector.operation;
  out += "." + selector.measure;
  out += "." + std::string{to_text(selector.window)};
  if (selector.window == Window::any) out += to_text(selector.sliding);
  if (selector.aggregate != Aggregate::none) out += "." + std::string{to_text(selector.aggregate)};
  if (selector.aggregate == Aggregate::percentile) {
    out += detail::decimal_text(detail::product(selector.percentile, {100, 1}).value_or(Ratio{}));
  }
  if (selector.range) out += " in " + to_text(*selector.range);
  return out;
}

}  // namespace rushhour::scenario
