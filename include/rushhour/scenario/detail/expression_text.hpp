/// \file
/// What reading and judging an expression share: messages with carets under the text, and exact products.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/ratio.hpp>
#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/document.hpp>

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

/// a * b, exactly; nothing on overflow of the reduced product.
[[nodiscard]] inline std::optional<Ratio> product(Ratio a, Ratio b) {
  a = a.reduced();
  b = b.reduced();
  const std::uint64_t across = std::gcd(a.numerator, b.denominator);
  const std::uint64_t back = std::gcd(b.numerator, a.denominator);
  Ratio out;
  const bool overflow =
      __builtin_mul_overflow(a.numerator / across, b.numerator / back, &out.numerator) ||
      __builtin_mul_overflow(a.denominator / back, b.denominator / across, &out.denominator);
  if (overflow) return std::nullopt;
  return out;
}

}  // namespace rushhour::scenario::detail
