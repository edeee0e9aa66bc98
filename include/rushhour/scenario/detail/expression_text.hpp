/// \file
/// What reading and judging an expression share: messages with carets under the text, and
/// numbers as the budget wrote its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/ratio.hpp>
#include <rushhour/scenario/detail/exact.hpp>
#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/document.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario::detail {

/// The expression on a line of its own, and under it carets below text[begin, end). A UTF-8 sequence counts
/// as one column; a tab is kept, so that the carets move with it.
[[nodiscard]] inline std::string with_carets(std::string_view text, std::size_t begin, std::size_t end) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  std::string line = "\n    ";
  std::string carets = "\n    ";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] == '\n' || text[i] == '\r' ? ' ' : text[i];
    line += c;
    if (i >= end || continues(c)) continue;
    carets += i >= begin ? '^' : c == '\t' ? '\t' : ' ';
  }
  if (begin >= text.size()) carets += '^';
  return line + carets;
}

/// \throws InputError about text[begin, end) of an expression, with carets under it.
[[noreturn]] inline void fail_expression(std::string_view text, Place place, std::size_t begin,
                                         std::size_t end, std::string expected, std::string advice = {}) {
  std::string seen =
      begin >= text.size() ? "the end of the expression" : in_quotes(text.substr(begin, end - begin));
  (advice.empty() ? seen : advice) += with_carets(text, begin, end);
  if (place.column != 0) place.column += begin;
  place.fail(std::move(expected), std::move(seen), std::move(advice));
}

/// A measured number in the way in which the budget wrote its own.
[[nodiscard]] inline std::string value_text(Ratio value, bool duration) {
  if (!duration) return decimal_text(value);
  const auto nanoseconds = product(value, {1'000'000'000, 1});
  constexpr auto max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!nanoseconds || nanoseconds->denominator != 1 || nanoseconds->numerator > max) {
    return decimal_text(value) + "s";
  }
  return rushhour::to_text(Duration{static_cast<std::int64_t>(nanoseconds->numerator)});
}

/// Whether the word looks like a percentile: `p99`, `p99.9`.
[[nodiscard]] inline bool is_percentile(std::string_view word) {
  return word.size() > 1 && word.front() == 'p' &&
         word.find_first_not_of("0123456789.", 1) == std::string_view::npos;
}

/// 99/100 for `p99`; nothing where it is not between p0 and p100, or has more than three decimals.
[[nodiscard]] inline std::optional<Ratio> percentile_of(std::string_view word) {
  const auto percent = parse_decimal(word.substr(1));
  if (!percent || percent->magnitude == Ratio{} || !(percent->magnitude < Ratio{100, 1})) return std::nullopt;
  if (1'000 % percent->magnitude.denominator != 0) return std::nullopt;
  return product(percent->magnitude, {1, 100});
}

}  // namespace rushhour::scenario::detail
