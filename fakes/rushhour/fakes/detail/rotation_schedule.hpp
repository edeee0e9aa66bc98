/// \file
/// When a secret rotates: `rate(10 days)`, `cron(0 8 ? * MON *)` and AutomaticallyAfterDays as the windows
/// that they open, all in UTC. It rotates nothing.
///
/// Source: "Schedule expressions in Secrets Manager rotation" (User Guide) and "RotationRulesType" (API
/// reference), spec tag DOC. [CHOICE] A rate in hours opens its windows at whole multiples after the midnight
/// before; of the fields for days exactly one is `?`, as in EventBridge.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/secrets_manager/shapes.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes::detail {

/// A whole number without a sign, up to 9,999.
[[nodiscard]] constexpr std::optional<unsigned> parse_number(std::string_view text) {
  if (text.empty() || text.size() > 4 || !aws::is_digits(text)) return std::nullopt;
  unsigned number = 0;
  for (const char c : text) number = number * 10 + static_cast<unsigned>(c - '0');
  return number;
}

/// One field of a cron expression: which numbers it allows, and what it calls them.
struct CronField {
  unsigned low{};
  unsigned high{};
  std::array<std::string_view, 12> names{};  ///< of low, low + 1, ...

  static constexpr std::uint64_t bit(unsigned number) { return std::uint64_t{1} << number; }

  [[nodiscard]] constexpr std::optional<unsigned> number(std::string_view text) const {
    for (unsigned i = 0; i < names.size(); ++i) {
      if (!names[i].empty() && names[i] == text) return low + i;
    }
    const auto parsed = parse_number(text);
    return parsed && *parsed >= low && *parsed <= high ? parsed : std::nullopt;
  }
  /// `*`, `7`, `2-5`, `4/12`, `1-9/2`, and lists of them: a bit for each number that is meant.
  [[nodiscard]] constexpr std::optional<std::uint64_t> parse(std::string_view text) const {
    std::uint64_t bits = 0;
    while (true) {
      const std::size_t comma = text.find(',');
      const auto item = parse_item(text.substr(0, comma));
      if (!item) return std::nullopt;
      bits |= *item;
      if (comma == std::string_view::npos) return bits;
      text.remove_prefix(comma + 1);
    }
  }

 private:
  [[nodiscard]] constexpr std::optional<std::uint64_t> parse_item(std::string_view text) const {
    const std::size_t slash = text.find('/');
    const std::string_view range = text.substr(0, slash);
    unsigned step = 1;
    if (slash != std::string_view::npos) {
      const auto parsed = parse_number(text.substr(slash + 1));
      if (!parsed || *parsed == 0) return std::nullopt;
      step = *parsed;
    }
    std::optional<unsigned> first = low;
    std::optional<unsigned> last = high;
    const std::size_t hyphen = range.find('-');
    const bool is_all = range == "*" || (range.empty() && slash != std::string_view::npos);  // `/8` is `*/8`
    if (!is_all) {
      first = number(range.substr(0, hyphen));
      if (hyphen != std::string_view::npos) {
        last = number(range.substr(hyphen + 1));
      } else if (slash == std::string_view::npos) {
        last = first;
      }
    }
    if (!first || !last || *first > *last) return std::nullopt;
    std::uint64_t bits = 0;
    for (unsigned n = *first; n <= *last; n += step) bits |= bit(n);
    return bits;
  }
};

inline constexpr CronField cron_hours{.low = 0, .high = 23};
inline constexpr CronField cron_days_of_month{.low = 1, .high = 31};
inline constexpr CronField cron_months{
    .low = 1,
    .high = 12,
    .names = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}};
inline constexpr CronField cron_weekdays{
    .low = 1, .high = 7, .names = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}};

/// The days that a cron expression means.
struct CronDays {
  std::uint64_t months{};
  std::uint64_t days_of_month{};
  std::uint64_t weekdays{};     ///< 1 is Sunday
  bool last_of_month{};         ///< `L`
  unsigned weekday_in_month{};  ///< of `MON#2`: 2; of `MONL`: 6
  static constexpr unsigned last_week = 6;

  /// Nothing when the three fields are not valid together.
  [[nodiscard]] static constexpr std::optional<CronDays> parse(std::string_view day_of_month,
                                                               std::string_view month,
                                                               std::string_view weekday) {
    CronDays days;
    const auto parsed_months = cron_months.parse(month);
    if (!parsed_months || (day_of_month == "?") == (weekday == "?")) return std::nullopt;
    days.months = *parsed_months;
    if (day_of_month == "L") {
      days.last_of_month = true;
    } else if (day_of_month != "?") {
      const auto parsed = cron_days_of_month.parse(day_of_month);
      if (!parsed) return std::nullopt;
      days.days_of_month = *parsed;
    } else if (!days.read_weekday(weekday)) {
      return std::nullopt;
    }
    return days;
  }

  [[nodiscard]] constexpr bool include(std::chrono::sys_days day) const {
    const std::chrono::year_month_day date{day};
    const auto of_month = static_cast<unsigned>(date.day());
    if ((months & CronField::bit(static_cast<unsigned>(date.month()))) == 0) return false;
    const auto days_in_month = static_cast<unsigned>((date.year() / date.month() / std::chrono::last).day());
    if (last_of_month) return of_month == days_in_month;
    if (weekdays == 0) return (days_of_month & CronField::bit(of_month)) != 0;
    if ((weekdays & CronField::bit(std::chrono::weekday{day}.c_encoding() + 1)) == 0) return false;
    if (weekday_in_month == 0) return true;
    return weekday_in_month == last_week ? of_month + 7 > days_in_month
                                         : (of_month - 1) / 7 + 1 == weekday_in_month;
  }

 private:
  constexpr bool read_weekday(std::string_view text) {
    const std::size_t mark = text.find('#');
    if (mark != std::string_view::npos) {
      const auto which = parse_number(text.substr(mark + 1));
      if (!which || *which == 0 || *which > 5) return false;
      weekday_in_month = *which;
      text = text.substr(0, mark);
    } else if (text == "L") {
      text = "SAT";
    } else if (text.ends_with('L')) {
      weekday_in_month = last_week;
      text.remove_suffix(1);
    }
    if (weekday_in_month != 0) {
      const auto one = cron_weekdays.number(text);
      if (one) weekdays = CronField::bit(*one);
    } else {
      weekdays = cron_weekdays.parse(text).value_or(0);
    }
    return weekdays != 0;
  }
};

/// Secrets Manager rotates at some time in a window; the fake when it opens.
struct RotationWindow {
  Instant opens{};
  Instant closes{};  ///< the first instant that is no longer in it

  friend bool operator==(const RotationWindow&, const RotationWindow&) = default;
};

class RotationSchedule {
 public:
  /// Nothing: the rules name no schedule, two, or one that is not valid.
  [[nodiscard]] static std::optional<RotationSchedule> parse(
      const api::secretsmanager::RotationRules& rules) {
    RotationSchedule schedule;
    if (rules.automatically_after_days.has_value() == rules.schedule_expression.has_value()) {
      return std::nullopt;
    }
    const bool reads = rules.automatically_after_days
                           ? schedule.set_rate(static_cast<unsigned>(*rules.automatically_after_days), true)
                           : schedule.read_expression(*rules.schedule_expression);
    if (!reads) return std::nullopt;
    if (rules.duration) {
      const auto hours =
          parse_number(std::string_view{*rules.duration}.substr(0, rules.duration->size() - 1));
      if (!hours || *hours == 0 || *hours > schedule.longest_window_hours()) return std::nullopt;
      schedule.window_ = std::chrono::hours{*hours};
    }
    return schedule;
  }

  /// The first window that opens after `reference`: the rotation before, or when rotation was configured.
  [[nodiscard]] RotationWindow next(Instant reference) const {
    const Instant opens = next_opening(reference);
    const Instant midnight = std::chrono::floor<std::chrono::days>(opens) + std::chrono::days{1};
    if (window_ != Duration::zero()) return {opens, opens + window_};
    return {opens, in_hours_ ? opens + std::chrono::hours{1} : midnight};
  }

 private:
  static constexpr unsigned hours_min = 4;    ///< between two rotations
  static constexpr unsigned rate_max = 1000;  ///< days [DOC: 999 of rate(), 1,000 of AutomaticallyAfterDays]

  bool set_rate(unsigned number, bool in_days) {
    rate_ = number;
    in_hours_ = !in_days;
    return number > 0 && number <= rate_max && (in_days || number >= hours_min);
  }

  /// `rate(Value Unit)` and `cron(Minutes Hours Day-of-month Month Day-of-week Year)`.
  bool read_expression(std::string_view text) {
    const bool is_rate = text.starts_with("rate(");
    if ((!is_rate && !text.starts_with("cron(")) || !text.ends_with(')')) return false;
    text = text.substr(5, text.size() - 6);
    std::array<std::string_view, 6> fields{};
    std::size_t count = 0;
    while (!text.empty()) {
      const std::size_t space = text.find(' ');
      if (space != 0) {
        if (count == fields.size()) return false;
        fields[count++] = text.substr(0, space);
      }
      text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    }
    if (!is_rate) return count == 6 && read_cron(fields);
    const bool in_hours = fields[1] == "hours" || fields[1] == "hour";
    const bool in_days = fields[1] == "days" || fields[1] == "day";
    const auto number = parse_number(fields[0]);
    return count == 2 && number && *number < rate_max && (in_hours || in_days) && set_rate(*number, in_days);
  }

  bool read_cron(const std::array<std::string_view, 6>& fields) {
    if (fields[0] != "0" || fields[5] != "*") return false;
    const auto hours = cron_hours.parse(fields[1]);
    const auto days = CronDays::parse(fields[2], fields[3], fields[4]);
    if (!hours || !days) return false;
    hours_ = *hours;
    days_ = *days;
    in_hours_ = (hours_ & (hours_ - 1)) != 0;  // more than one hour a day
    return gap_hours() >= hours_min && comes();
  }

  /// Between two openings, at least.
  [[nodiscard]] unsigned gap_hours() const {
    if (rate_ != 0) return in_hours_ ? rate_ : 24;
    unsigned gap = 24;
    for (unsigned hour = 0; hour < 24; ++hour) {
      if ((hours_ & CronField::bit(hour)) == 0) continue;
      unsigned next = 1;
      while ((hours_ & CronField::bit((hour + next) % 24)) == 0) ++next;
      gap = std::min(gap, next);
    }
    return gap;
  }
  /// A window extends neither into the next one nor into the next day.
  [[nodiscard]] unsigned longest_window_hours() const {
    if (rate_ != 0) return std::min(gap_hours(), 24U);
    unsigned last = 23;
    while ((hours_ & CronField::bit(last)) == 0) --last;
    return std::min(gap_hours(), 24 - last);
  }
  /// Whether the days exist: the 31st of February does not.
  [[nodiscard]] bool comes() const {
    const std::chrono::sys_days leap{std::chrono::year{2024} / 1 / 1};
    for (int i = 0; i < 366; ++i) {
      if (days_.include(leap + std::chrono::days{i})) return true;
    }
    return false;
  }

  [[nodiscard]] Instant next_opening(Instant reference) const {
    auto day = std::chrono::floor<std::chrono::days>(reference);
    if (rate_ != 0 && !in_hours_) return day + std::chrono::days{rate_};
    if (rate_ != 0) {
      const std::chrono::hours rate{rate_};
      return day + ((reference - day) / Duration{rate} + 1) * rate;
    }
    while (true) {
      if (days_.include(day)) {
        for (unsigned hour = 0; hour < 24; ++hour) {
          const Instant opens = day + std::chrono::hours{hour};
          if ((hours_ & CronField::bit(hour)) != 0 && opens > reference) return opens;
        }
      }
      day += std::chrono::days{1};
    }
  }

  unsigned rate_{};  ///< days, or hours; 0: cron
  bool in_hours_{};
  Duration window_{};  ///< zero: the default
  std::uint64_t hours_{};
  CronDays days_{};
};

}  // namespace rushhour::fakes::detail
