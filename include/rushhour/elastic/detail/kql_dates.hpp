/// \file
/// Dates as Elasticsearch's date fields read them: partial ISO 8601 or milliseconds since 1970, date math
/// behind `||` or `now`, and rounding, in UTC. A date is a number of milliseconds since 1970: finer times are
/// cut off, as fields of type date do.
///
/// Source: new-terms.md 3.2 (date fields are compared by a range, time zone Zulu); [MEM] Elasticsearch's
/// strict_date_optional_time||epoch_millis and its date math, as its reference describes them.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <rushhour/event/value.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic::detail {

/// Which end of a date that is not exact, such as a day or what `/d` makes, is meant.
enum class RoundDate : std::uint8_t { down, up };

using DateMillis = std::int64_t;

/// `2024`, `2024-01`, `2024-01-02`, then `T10`, `T10:30`, `T10:30:15`, `T10:30:15.123` (to 9 digits), then
/// `Z` or an offset `+01:00`, `+0100`, `+01`; UTC without. What is left out is the first or the last there
/// is.
[[nodiscard]] inline std::optional<DateMillis> parse_partial_date(std::string_view text, RoundDate round) {
  using rushhour::detail::read_char;
  using rushhour::detail::read_digits;
  const bool up = round == RoundDate::up;
  std::size_t at = 0;
  int year = 0;
  int month = up ? 12 : 1;
  int day = 0;
  int hour = up ? 23 : 0;
  int minute = up ? 59 : 0;
  int second = up ? 59 : 0;
  int millis = up ? 999 : 0;
  if (!read_digits(text, at, 4, year)) return std::nullopt;
  if (read_char(text, at, '-')) {
    if (!read_digits(text, at, 2, month)) return std::nullopt;
    if (read_char(text, at, '-') && (!read_digits(text, at, 2, day) || day == 0)) return std::nullopt;
  }
  if (month < 1 || month > 12) return std::nullopt;
  const std::chrono::year_month of_month{std::chrono::year{year},
                                         std::chrono::month(static_cast<unsigned>(month))};
  const std::chrono::year_month_day_last last_day{of_month.year(),
                                                  std::chrono::month_day_last{of_month.month()}};
  const std::chrono::year_month_day date = day != 0 ? of_month / day
                                           : up     ? std::chrono::year_month_day{last_day}
                                                    : of_month / 1;
  int offset_minutes = 0;
  if (at < text.size()) {
    if (day == 0 || !read_char(text, at, 'T')) return std::nullopt;
    if (at < text.size() && !read_digits(text, at, 2, hour)) return std::nullopt;
    if (read_char(text, at, ':') && !read_digits(text, at, 2, minute)) return std::nullopt;
    if (read_char(text, at, ':') && !read_digits(text, at, 2, second)) return std::nullopt;
    if (read_char(text, at, '.') || read_char(text, at, ',')) {
      millis = 0;
      const std::size_t first = at;
      for (int unit = 100; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
        millis += unit * (text[at] - '0');
      if (at == first || at - first > 9) return std::nullopt;
    }
    if (at < text.size() && !read_char(text, at, 'Z')) {
      if (text[at] != '+' && text[at] != '-') return std::nullopt;
      const int sign = text[at++] == '+' ? 1 : -1;
      int hours = 0;
      int minutes = 0;
      if (!read_digits(text, at, 2, hours)) return std::nullopt;
      if (at < text.size()) {
        static_cast<void>(read_char(text, at, ':'));
        if (!read_digits(text, at, 2, minutes)) return std::nullopt;
      }
      if (hours > 18 || minutes > 59) return std::nullopt;
      offset_minutes = sign * (hours * 60 + minutes);
    }
  }
  if (at != text.size() || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  const std::int64_t minutes = (days * 24 + hour) * 60 + minute - offset_minutes;
  return (minutes * 60 + second) * 1000 + millis;
}

/// A partial date, else milliseconds since 1970: four digits are a year.
[[nodiscard]] inline std::optional<DateMillis> parse_date(std::string_view text, RoundDate round) {
  if (const std::optional<DateMillis> date = parse_partial_date(text, round)) return date;
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  constexpr std::size_t digits_max = 15;  // 30,000 years
  if (text.size() == first || text.size() - first > digits_max) return std::nullopt;
  std::int64_t millis = 0;
  for (const char c : text.substr(first)) {
    if (c < '0' || c > '9') return std::nullopt;
    millis = millis * 10 + (c - '0');
  }
  return first == 1 ? -millis : millis;
}

[[nodiscard]] constexpr std::int64_t floor_to(std::int64_t value, std::int64_t unit) {
  return value - (value % unit + unit) % unit;
}

[[nodiscard]] inline DateMillis to_millis(Instant instant) {
  return floor_to(instant.time_since_epoch().count(), 1'000'000) / 1'000'000;
}

/// The date of a document's value; nothing when it is none.
[[nodiscard]] inline std::optional<DateMillis> date_of(const event::Value& value) {
  if (const std::optional<std::string_view> text = value.as_text()) return parse_date(*text, RoundDate::down);
  if (const std::optional<std::int64_t> millis = value.as_integer()) return millis;
  const std::optional<double> real = value.as_real();
  if (real && *real > -1e15 && *real < 1e15) return static_cast<DateMillis>(*real);
  return std::nullopt;
}

/// A date of a query: a fixed one, or `now`, and what is added and rounded in turn.
class KqlDateMath {
 public:
  /// `2024-01-02`, `2024-01-02||+1M/d`, `now-1d/d`. Units are y, M, w (from Monday), d, h or H, m, s. Nothing
  /// when the text is none of it. `round` is for dates that are not exact and for each `/unit`, but not for
  /// what stands before `||`.
  [[nodiscard]] static std::optional<KqlDateMath> parse(std::string_view text, RoundDate round) {
    KqlDateMath out;
    out.round_ = round;
    if (text.starts_with("now")) {
      out.is_now_ = true;
      text.remove_prefix(3);
    } else {
      const std::size_t bars = text.find("||");
      const bool exact = bars == std::string_view::npos;
      const std::optional<DateMillis> date =
          parse_date(text.substr(0, bars), exact ? round : RoundDate::down);
      if (!date) return std::nullopt;
      out.date_ = *date;
      text = exact ? std::string_view{} : text.substr(bars + 2);
    }
    while (!text.empty()) {
      if (!out.read_step(text)) return std::nullopt;
    }
    // Whatever now is, a step that leaves the years that there are is a mistake.
    if (!out.at({})) return std::nullopt;
    return out;
  }

  /// Whether it is the same at every time.
  [[nodiscard]] bool is_fixed() const { return !is_now_; }

  /// Nothing when a step leaves the years from -9999 to 29999.
  [[nodiscard]] std::optional<DateMillis> at(Instant now) const {
    std::optional<DateMillis> date = is_now_ ? to_millis(now) : date_;
    for (const Step& step : steps_) {
      date = step.is_rounding ? rounded(*date, step.unit) : moved(*date, step);
      if (!date || *date < millis_min || *date > millis_max) return std::nullopt;
    }
    return date;
  }

 private:
  struct Step {
    bool is_rounding{};
    char unit{};
    std::int64_t count{};
  };
  static constexpr DateMillis millis_min = -377'705'116'800'000;  // the year -9999
  static constexpr DateMillis millis_max = 884'541'340'799'999;   // the year 29999

  /// Reads `+1d`, `-d` or `/d` off the text.
  [[nodiscard]] bool read_step(std::string_view& text) {
    const char sign = text.front();
    text.remove_prefix(1);
    Step step{.is_rounding = sign == '/', .count = 1};
    if (sign != '/' && sign != '+' && sign != '-') return false;
    if (!step.is_rounding) {
      const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
      if (digits > 9) return false;
      if (digits > 0) step.count = 0;
      for (const char c : text.substr(0, digits)) step.count = step.count * 10 + (c - '0');
      text.remove_prefix(digits);
      if (sign == '-') step.count = -step.count;
    }
    constexpr std::string_view units = "yMwdhHms";
    if (text.empty() || units.find(text.front()) == std::string_view::npos) return false;
    step.unit = text.front();
    text.remove_prefix(1);
    steps_.push_back(step);
    return true;
  }

  /// The milliseconds of the units that are always as long; 0 for months and years.
  [[nodiscard]] static constexpr std::int64_t length_of(char unit) {
    switch (unit) {
      case 's':
        return 1'000;
      case 'm':
        return 60'000;
      case 'h':
      case 'H':
        return 3'600'000;
      case 'd':
        return 86'400'000;
      case 'w':
        return 604'800'000;
      default:
        return 0;
    }
  }

  struct Day {
    std::chrono::year_month_day date;
    std::int64_t millis_of_day;
  };
  [[nodiscard]] static Day split(DateMillis millis) {
    constexpr std::int64_t day = 86'400'000;
    const std::int64_t start = floor_to(millis, day);
    return {std::chrono::sys_days{std::chrono::days{start / day}}, millis - start};
  }
  [[nodiscard]] static DateMillis first_of(std::chrono::year_month month) {
    return std::chrono::sys_days{month / 1}.time_since_epoch().count() * std::int64_t{86'400'000};
  }

  [[nodiscard]] static std::optional<DateMillis> moved(DateMillis millis, const Step& step) {
    if (const std::int64_t length = length_of(step.unit)) {
      std::int64_t moved = 0;
      if (__builtin_mul_overflow(step.count, length, &moved) ||
          __builtin_add_overflow(millis, moved, &moved)) {
        return std::nullopt;
      }
      return moved;
    }
    // The day stays, or becomes the last of a shorter month.
    constexpr std::int64_t months_max = 12 * 30'000;
    if (step.count > months_max || step.count < -months_max) return std::nullopt;
    const Day from = split(millis);
    const std::chrono::months by{step.unit == 'y' ? step.count * 12 : step.count};
    if (by.count() > months_max || by.count() < -months_max) return std::nullopt;
    const std::chrono::year_month month = from.date.year() / from.date.month();
    const std::int64_t year = int{month.year()} + by.count() / 12;
    if (year < -10'000 || year > 30'000) return std::nullopt;
    const std::chrono::year_month to = month + by;
    const std::chrono::day last = (to / std::chrono::last).day();
    return first_of(to) + (unsigned{std::min(from.date.day(), last)} - 1) * std::int64_t{86'400'000} +
           from.millis_of_day;
  }

  [[nodiscard]] std::optional<DateMillis> rounded(DateMillis millis, char unit) const {
    DateMillis start = 0;
    DateMillis end = 0;
    if (const std::int64_t length = length_of(unit)) {
      constexpr std::int64_t first_monday = 4 * std::int64_t{86'400'000};  // 1970-01-05
      const std::int64_t origin = unit == 'w' ? first_monday : 0;
      start = floor_to(millis - origin, length) + origin;
      end = start + length;
    } else {
      const Day day = split(millis);
      const std::chrono::year_month month =
          day.date.year() / (unit == 'y' ? std::chrono::January : day.date.month());
      start = first_of(month);
      end = first_of(month + std::chrono::months{unit == 'y' ? 12 : 1});
    }
    return round_ == RoundDate::up ? end - 1 : start;
  }

  bool is_now_ = false;
  RoundDate round_ = RoundDate::down;
  DateMillis date_ = 0;
  std::vector<Step> steps_;
};

}  // namespace rushhour::elastic::detail
