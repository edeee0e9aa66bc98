/// \file
/// Date math, the language in which rules say when: `now-60m`, `now-1d/d`, `2026-01-01||+1M/d`. It reads no
/// clock: an expression is evaluated against the instant it is given.
///
/// Rules are read by Kibana's date math (packages/kbn-datemath, read 2026), which differs from
/// Elasticsearch's own (server, JavaDateMathParser, read 2026) in three things: it has milliseconds, which
/// Elasticsearch has not; it has no `H`; and its weeks begin on Sunday, moment's default [MEM], where
/// Elasticsearch's begin on Monday. Both round in UTC here.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/detail/wide.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

/// Whose date math.
enum class DateMathDialect : std::uint8_t {
  kibana,        ///< ms s m h d w M y; weeks from Sunday: what `from`, `to` and history windows are read by
  elasticsearch  ///< s m h H d w M y; weeks from Monday; KQL has its own (detail/kql_dates.hpp)
};

/// What `/d` makes of an instant.
enum class Rounding : std::uint8_t {
  down,  ///< the first instant of the unit
  up     ///< its last millisecond: for the end of a range
};

enum class DateUnit : std::uint8_t { millisecond, second, minute, hour, day, week, month, year };

namespace detail {

/// An Instant holds 1677-09-21 to 2262-04-11; what lies beyond becomes its first or last.
[[nodiscard]] constexpr Instant saturated(rushhour::detail::int128 nanoseconds) {
  if (nanoseconds < std::numeric_limits<std::int64_t>::min()) return Instant::min();
  if (nanoseconds > std::numeric_limits<std::int64_t>::max()) return Instant::max();
  return Instant{Duration{static_cast<std::int64_t>(nanoseconds)}};
}

/// Nothing for months and years, which have no length of their own.
[[nodiscard]] constexpr std::optional<std::int64_t> unit_ns(DateUnit unit) {
  constexpr std::array<std::int64_t, 6> lengths{1'000'000,         1'000'000'000,      60'000'000'000,
                                                3'600'000'000'000, 86'400'000'000'000, 604'800'000'000'000};
  const auto index = static_cast<std::size_t>(unit);
  return index < lengths.size() ? std::optional{lengths[index]} : std::nullopt;
}

/// The instant on another date at the same time of day. A day that the month has not becomes its last.
[[nodiscard]] inline Instant on_date(std::int64_t month_count, unsigned day, Duration in_day) {
  const std::int64_t year = month_count / 12;
  if (year < 1677) return Instant::min();
  if (year > 2262) return Instant::max();
  const std::chrono::year_month month{std::chrono::year{static_cast<int>(year)},
                                      std::chrono::month{static_cast<unsigned>(month_count - year * 12 + 1)}};
  const std::chrono::day last = (month / std::chrono::last).day();
  const std::chrono::sys_days date{month / std::min(std::chrono::day{day}, last)};
  return saturated(rushhour::detail::int128{date.time_since_epoch().count()} * 86'400'000'000'000 +
                   in_day.count());
}

/// Months since year 0.
[[nodiscard]] inline std::int64_t month_count(const rushhour::detail::CivilTime& time) {
  return std::int64_t{time.year} * 12 + time.month - 1;
}

[[nodiscard]] inline Instant add(Instant to, std::int64_t count, DateUnit unit) {
  if (const auto length = unit_ns(unit)) {
    return saturated(rushhour::detail::int128{to.time_since_epoch().count()} +
                     rushhour::detail::int128{count} * *length);
  }
  const rushhour::detail::CivilTime time = rushhour::detail::civil(to);
  const std::int64_t months = unit == DateUnit::year ? count * 12 : count;
  return on_date(month_count(time) + months, time.day,
                 Duration{time.second_of_day * 1'000'000'000 + time.nanosecond});
}

[[nodiscard]] inline Instant round_down(Instant at, DateUnit unit, std::chrono::weekday first_of_week) {
  const rushhour::detail::CivilTime time = rushhour::detail::civil(at);
  if (unit == DateUnit::month) return on_date(month_count(time), 1, {});
  if (unit == DateUnit::year) return on_date(std::int64_t{time.year} * 12, 1, {});
  const std::int64_t count = at.time_since_epoch().count();
  const std::int64_t length = *unit_ns(unit == DateUnit::week ? DateUnit::day : unit);
  const std::int64_t rest = (count % length + length) % length;
  const Instant start = saturated(rushhour::detail::int128{count} - rest);
  if (unit != DateUnit::week) return start;
  const rushhour::detail::CivilTime day = rushhour::detail::civil(start);
  const std::chrono::weekday weekday{std::chrono::sys_days{
      std::chrono::year{day.year} / std::chrono::month{day.month} / std::chrono::day{day.day}}};
  return add(start, -(weekday - first_of_week).count(), DateUnit::day);
}

/// A date as ISO 8601 writes it, as short as a year: `2026`, `2026-03`, `2026-03-02`, `2026-03-02T14:00`,
/// `2026-03-02T14:00:00.123+01:00`. Without a zone it is UTC.
[[nodiscard]] inline std::optional<Instant> parse_date(std::string_view text) {
  const std::size_t time_at = text.find('T');
  std::string whole{text.substr(0, time_at)};
  if (whole.size() == 4) whole += "-01";
  if (whole.size() == 7) whole += "-01";
  if (whole.size() != 10) return std::nullopt;
  std::string_view time = time_at == std::string_view::npos ? "00:00:00Z" : text.substr(time_at + 1);
  const std::size_t zone_at = std::min(time.find_first_of("Z+-"), time.size());
  std::string_view zone = time.substr(zone_at);
  time = time.substr(0, zone_at);
  if (zone.empty()) zone = "Z";
  whole += 'T';
  whole += time;
  if (time.size() == 2) whole += ":00:00";
  if (time.size() == 5) whole += ":00";
  whole += zone;
  return parse_iso8601(whole);
}

}  // namespace detail

/// An expression, read once and evaluated as often as wanted.
///
///     DateMath::parse("now-1d/d").at(now)   // 00:00 of yesterday
class DateMath {
 public:
  /// `now`, or a date with `||` behind it when steps follow. Steps are `+5m`, `-10d` (the number may be left
  /// out: 1) and `/d`. What the two products accept by accident, such as blanks or `/2d`, is a mistake here.
  /// \throws InputError with the column in the text.
  [[nodiscard]] static DateMath parse(std::string_view text,
                                      DateMathDialect dialect = DateMathDialect::kibana);

  /// The instant meant at `now`. Months and years keep the day of the month where the month has it, else take
  /// its last day. What an Instant cannot hold becomes its first or last.
  [[nodiscard]] Instant at(Instant now, Rounding rounding = Rounding::down) const {
    Instant out = date_.value_or(now);
    for (const Step& step : steps_) {
      if (step.count != 0) {
        out = detail::add(out, step.count, step.unit);
        continue;
      }
      out = detail::round_down(out, step.unit, first_of_week());
      if (rounding == Rounding::up) {
        out = detail::add(detail::add(out, 1, step.unit), -1, DateUnit::millisecond);
      }
    }
    return out;
  }

  /// It begins with `now`: what it means moves with the clock.
  [[nodiscard]] bool is_relative() const { return !date_; }
  /// As it was written.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  struct Step {
    std::int64_t count{};  // 0: round to the unit; no expression adds nothing
    DateUnit unit{};
  };

  explicit DateMath(std::string_view text, DateMathDialect dialect) : text_(text), dialect_(dialect) {}

  [[nodiscard]] std::chrono::weekday first_of_week() const {
    return dialect_ == DateMathDialect::kibana ? std::chrono::Sunday : std::chrono::Monday;
  }
  [[noreturn]] void fail(std::size_t at, std::string expected) const {
    const std::string rest = text_.substr(at);
    throw InputError({.column = at + 1,
                      .expected = std::move(expected),
                      .seen = rest.empty() ? "the end" : "\"" + rest + "\"",
                      .advice = "date math is like now-60m, now-1d/d or 2026-01-01||+1M"});
  }
  [[nodiscard]] std::size_t read_anchor();
  [[nodiscard]] std::size_t read_step(std::size_t at);
  [[nodiscard]] DateUnit read_unit(std::size_t& at) const;

  std::string text_;
  DateMathDialect dialect_;
  std::optional<Instant> date_{};  // nothing: now
  std::vector<Step> steps_{};
};

inline std::size_t DateMath::read_anchor() {
  if (text_.starts_with("now")) return 3;
  const std::size_t bars = text_.find("||");
  date_ = detail::parse_date(std::string_view{text_}.substr(0, bars));
  if (!date_) fail(0, "\"now\" or a date such as 2026-01-01 or 2026-01-01T14:00:00Z");
  return bars == std::string::npos ? text_.size() : bars + 2;
}

inline DateUnit DateMath::read_unit(std::size_t& at) const {
  const std::string_view rest = std::string_view{text_}.substr(at);
  const bool is_kibana = dialect_ == DateMathDialect::kibana;
  if (is_kibana && rest.starts_with("ms")) {
    at += 2;
    return DateUnit::millisecond;
  }
  constexpr std::string_view letters = "smhdwMy";
  const std::size_t found = rest.empty() ? std::string_view::npos : letters.find(rest.front());
  if (found != std::string_view::npos) {
    ++at;
    return static_cast<DateUnit>(found + 1);
  }
  if (!is_kibana && rest.starts_with('H')) {
    ++at;
    return DateUnit::hour;
  }
  fail(at, is_kibana ? "a unit: ms, s, m, h, d, w, M or y" : "a unit: s, m, h, H, d, w, M or y");
}

inline std::size_t DateMath::read_step(std::size_t at) {
  const char sign = text_[at];
  if (sign != '+' && sign != '-' && sign != '/') fail(at, "+, - or /");
  const std::size_t first = ++at;
  std::int64_t count = 0;
  for (; at < text_.size() && text_[at] >= '0' && text_[at] <= '9'; ++at) {
    count = count * 10 + (text_[at] - '0');
    if (count > std::numeric_limits<std::int32_t>::max()) fail(first, "a number up to 2147483647");
  }
  const bool has_count = at != first;
  if (sign == '/' && has_count && count != 1) fail(first, "a single unit to round to, such as /d");
  const DateUnit unit = read_unit(at);
  if (!has_count) count = 1;
  if (sign == '/') {
    steps_.push_back({.count = 0, .unit = unit});
  } else if (count != 0) {
    steps_.push_back({.count = sign == '-' ? -count : count, .unit = unit});
  }
  return at;
}

inline DateMath DateMath::parse(std::string_view text, DateMathDialect dialect) {
  DateMath out{text, dialect};
  for (std::size_t at = out.read_anchor(); at < text.size();) at = out.read_step(at);
  return out;
}

/// A rule's interval: `30s`, `5m`, `24h`, `1d`; a whole number above 0 and one unit, as Kibana's alerting has
/// it (parse_duration.ts, read 2026).
/// \throws InputError when it is anything else.
[[nodiscard]] inline Duration parse_interval(std::string_view text) {
  const auto length = parse_duration(text);
  const bool has_unit = !text.empty() && std::string_view{"smhd"}.find(text.back()) != std::string_view::npos;
  const bool is_number =
      text.size() > 1 && text.front() != '0' &&
      text.substr(0, text.size() - 1).find_first_not_of("0123456789") == std::string_view::npos;
  if (!length || !has_unit || !is_number) {
    throw InputError({.expected = "an interval such as 5m: a number above 0 and s, m, h or d",
                      .seen = "\"" + std::string{text} + "\""});
  }
  return *length;
}

}  // namespace rushhour::elastic
