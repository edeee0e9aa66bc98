/// \file
/// Numbers and dates as conditions compare them: exactly, without floating point, and as far from now as
/// policies write dates. What an operator makes of the order is condition.hpp's business.
///
/// Source: "IAM JSON policy elements: Condition operators", IAM User Guide (spec tag DOC).
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <rushhour/time.hpp>

namespace rushhour::aws::detail {

/// A decimal number of any length: its digits as views, without the zeros that mean nothing.
struct Decimal {
  bool is_negative{};
  std::string_view whole{};     ///< without leading zeros: empty below 1
  std::string_view fraction{};  ///< without trailing zeros

  friend constexpr std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
    if (a.is_negative != b.is_negative) {
      return a.is_negative ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    const Decimal& low = a.is_negative ? b : a;
    const Decimal& high = a.is_negative ? a : b;
    if (const auto sizes = low.whole.size() <=> high.whole.size(); sizes != 0) return sizes;
    if (const auto wholes = low.whole <=> high.whole; wholes != 0) return wholes;
    return low.fraction <=> high.fraction;
  }
  friend constexpr bool operator==(const Decimal&, const Decimal&) = default;
};

/// `10`, `-2.50`, `+.5`; nothing for anything else, exponents included.
[[nodiscard]] constexpr std::optional<Decimal> parse_decimal(std::string_view text) {
  Decimal number;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    number.is_negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const std::size_t point = text.find('.');
  number.whole = text.substr(0, point);
  if (point != std::string_view::npos) number.fraction = text.substr(point + 1);
  if (number.whole.empty() && number.fraction.empty()) return std::nullopt;
  constexpr std::string_view digits = "0123456789";
  if (number.whole.find_first_not_of(digits) != std::string_view::npos ||
      number.fraction.find_first_not_of(digits) != std::string_view::npos) {
    return std::nullopt;
  }
  while (number.whole.starts_with('0')) number.whole.remove_prefix(1);
  while (number.fraction.ends_with('0')) number.fraction.remove_suffix(1);
  if (number.whole.empty() && number.fraction.empty()) number.is_negative = false;  // -0
  return number;
}

/// A date in seconds since 1970, which holds year 9999, a favourite of policies, where Instant does not.
struct Moment {
  std::int64_t second{};
  std::int64_t nanosecond{};

  friend constexpr auto operator<=>(const Moment&, const Moment&) = default;
};

/// Seconds since 1970: whole ones, up to 18 digits.
[[nodiscard]] constexpr std::optional<Moment> parse_epoch_seconds(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  Moment moment;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    moment.second = moment.second * 10 + (c - '0');
  }
  return moment;
}

/// The part of a date behind its day: `Thh:mm`, `:ss`, `.fraction` of up to 9 digits, then `Z` or `+hh:mm`.
[[nodiscard]] inline bool add_time_of_day(std::string_view text, std::size_t at, Moment& moment) {
  using rushhour::detail::read_char;
  using rushhour::detail::read_digits;
  int hour = 0, minute = 0, second = 0;
  if (!read_char(text, at, 'T') || !read_digits(text, at, 2, hour)) return false;
  if (!read_char(text, at, ':') || !read_digits(text, at, 2, minute)) return false;
  if (read_char(text, at, ':')) {
    if (!read_digits(text, at, 2, second)) return false;
    if (read_char(text, at, '.')) {
      const std::size_t first = at;
      std::int64_t unit = 100'000'000;
      for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) {
        moment.nanosecond += unit * (text[at] - '0');
      }
      if (at == first || at - first > 9) return false;
    }
  }
  int offset_minutes = 0;
  if (!read_char(text, at, 'Z')) {
    const bool is_west = read_char(text, at, '-');
    int hours = 0, minutes = 0;
    if (!is_west && !read_char(text, at, '+')) return false;
    if (!read_digits(text, at, 2, hours) || !read_char(text, at, ':')) return false;
    if (!read_digits(text, at, 2, minutes) || hours > 23 || minutes > 59) return false;
    offset_minutes = (is_west ? -1 : 1) * (hours * 60 + minutes);
  }
  if (at != text.size() || hour > 23 || minute > 59 || second > 59) return false;
  moment.second += (hour * 60 + minute - offset_minutes) * std::int64_t{60} + second;
  return true;
}

/// The W3C's forms of ISO 8601 (`2026-03`, `2026-03-02`, `2026-03-02T14:00Z`, with seconds and a fraction),
/// or seconds since 1970. [CHOICE] Digits alone are seconds, four of them too, though the W3C has a form that
/// is a year.
[[nodiscard]] inline std::optional<Moment> parse_moment(std::string_view text) {
  using rushhour::detail::read_char;
  using rushhour::detail::read_digits;
  if (const auto moment = parse_epoch_seconds(text)) return moment;
  std::size_t at = 0;
  int year = 0, month = 0, day = 1;
  if (!read_digits(text, at, 4, year) || !read_char(text, at, '-')) return std::nullopt;
  if (!read_digits(text, at, 2, month)) return std::nullopt;
  const bool has_day = read_char(text, at, '-');
  if (has_day && !read_digits(text, at, 2, day)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  Moment moment{.second = std::chrono::sys_days{date}.time_since_epoch() / std::chrono::seconds{1}};
  if (at == text.size()) return moment;
  if (!has_day || !add_time_of_day(text, at, moment)) return std::nullopt;
  return moment;
}

}  // namespace rushhour::aws::detail
