/// \file
/// Numbers of queries and documents, compared exactly. A number is a Value, integer or real.
#pragma once

#include <charconv>
#include <cmath>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

#include <rushhour/event/value.hpp>

namespace rushhour::elastic::detail {

[[nodiscard]] constexpr bool is_number(const event::Value& value) {
  return value.kind() == event::Value::Kind::integer || value.kind() == event::Value::Kind::real;
}

/// Decimal, with a fraction and an exponent as may be, and a sign of either kind. Whole numbers of 64 bits
/// with sign are integers, all others reals; no infinities, no NaN.
[[nodiscard]] inline std::optional<event::Value> parse_number(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.find_first_of("0123456789.") != 0) return std::nullopt;  // from_chars would take "inf" and "nan"
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  if (const auto read = std::from_chars(text.data(), end, whole); read.ptr == end && read.ec == std::errc{})
    return event::Value{whole};
  double real = 0;
  const auto read = std::from_chars(text.data(), end, real);
  if (read.ptr != end || read.ec != std::errc{} || !std::isfinite(real)) return std::nullopt;
  return event::Value{real};
}

/// Exact, beyond 2^53 too, where a double no longer tells neighbours apart. Neither may be NaN.
[[nodiscard]] inline std::strong_ordering compare(std::int64_t whole, double real) {
  constexpr double limit = 9223372036854775808.0;  // 2^63
  if (real >= limit) return std::strong_ordering::less;
  if (real < -limit) return std::strong_ordering::greater;
  const auto truncated = static_cast<std::int64_t>(real);
  if (whole != truncated) return whole <=> truncated;
  const double rest = real - static_cast<double>(truncated);
  return rest > 0   ? std::strong_ordering::less
         : rest < 0 ? std::strong_ordering::greater
                    : std::strong_ordering::equal;
}

/// Both are numbers.
[[nodiscard]] inline std::strong_ordering compare_numbers(const event::Value& a, const event::Value& b) {
  const std::optional<std::int64_t> whole_a = a.as_integer();
  const std::optional<std::int64_t> whole_b = b.as_integer();
  if (whole_a && whole_b) return *whole_a <=> *whole_b;
  if (whole_a) return compare(*whole_a, *b.as_real());
  if (whole_b) {
    const std::strong_ordering reverse = compare(*whole_b, *a.as_real());
    return std::is_lt(reverse)   ? std::strong_ordering::greater
           : std::is_gt(reverse) ? std::strong_ordering::less
                                 : std::strong_ordering::equal;
  }
  const double real_a = *a.as_real();
  const double real_b = *b.as_real();
  return real_a < real_b   ? std::strong_ordering::less
         : real_a > real_b ? std::strong_ordering::greater
                           : std::strong_ordering::equal;
}

}  // namespace rushhour::elastic::detail
