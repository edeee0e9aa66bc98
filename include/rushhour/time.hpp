/// \file
/// Time as the whole library sees it: instants, durations, and the Clock seam. It reads no wall clock itself,
/// except in RealClock, which exists for serving real clients.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>

namespace rushhour {

using Duration = std::chrono::nanoseconds;
/// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX).
using Instant = std::chrono::sys_time<Duration>;

/// What tells the time and lets it pass. Everything simulated takes instants as arguments; only what *waits*
/// needs a clock. VirtualClock's sleep moves the time, a simulated worker's sleep parks it, RealClock's
/// blocks.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  [[nodiscard]] virtual Instant now() const = 0;
  /// Returns once now() >= `wake`; at once if that is already so.
  virtual void sleep_until(Instant wake) = 0;
  /// True once whoever sleeps on it has been told to end: sleeping then returns at once, or throws.
  [[nodiscard]] virtual bool cancelled() const { return false; }
  void sleep_for(Duration length) { sleep_until(now() + length); }
};

/// A clock that moves only when told. It never goes back.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Instant start = {}) : now_(start) {}

  [[nodiscard]] Instant now() const override { return now_; }
  void sleep_until(Instant wake) override { now_ = wake > now_ ? wake : now_; }
  void advance(Duration length) {
    RUSHHOUR_ASSERT(length >= Duration::zero(), "a clock does not go back");
    now_ += length;
  }

 private:
  Instant now_;
};

/// The wall clock, shifted by whatever advance() was given: `rushhour serve` expires sessions and refills
/// quotas on it, so a test can skip an hour without waiting. Not for simulations: two runs would differ.
class RealClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()) + ahead_;
  }
  void sleep_until(Instant wake) override {
    const Duration wait = wake - now();
    if (wait > Duration::zero()) std::this_thread::sleep_for(wait);
  }
  /// Not synchronised: callers that share the clock between threads hold their own lock.
  void advance(Duration length) {
    RUSHHOUR_ASSERT(length >= Duration::zero(), "a clock does not go back");
    ahead_ += length;
  }

 private:
  Duration ahead_{};
};

enum class Precision : std::uint8_t { seconds, milliseconds, nanoseconds };

namespace detail {

inline void append_digits(std::string& out, std::uint64_t value, int width) {
  char digits[20];
  for (int i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  out.append(digits, static_cast<std::size_t>(width));
}

struct CivilTime {
  int year{};
  unsigned month{};
  unsigned day{};
  std::int64_t second_of_day{};
  std::int64_t nanosecond{};
};

inline CivilTime civil(Instant instant) {
  // By hand: std::chrono::floor would leave the range of nanoseconds on the very first day.
  constexpr std::int64_t day_length = 86'400'000'000'000;
  const std::int64_t count = instant.time_since_epoch().count();
  const std::int64_t in_day = (count % day_length + day_length) % day_length;
  const std::int64_t day = count / day_length - (count % day_length < 0 ? 1 : 0);
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()), in_day / 1'000'000'000, in_day % 1'000'000'000};
}

/// Reads exactly `width` decimal digits at `at`; moves `at` behind them.
inline bool read_digits(std::string_view text, std::size_t& at, std::size_t width, int& value) {
  if (text.size() < at + width) return false;
  value = 0;
  for (const std::size_t end = at + width; at < end; ++at) {
    if (text[at] < '0' || text[at] > '9') return false;
    value = value * 10 + (text[at] - '0');
  }
  return true;
}

inline bool read_char(std::string_view text, std::size_t& at, char expected) {
  if (at >= text.size() || text[at] != expected) return false;
  ++at;
  return true;
}

}  // namespace detail

/// `2026-03-02T14:00:00Z`, with `.123` or `.123456789` when asked; what is finer is cut off.
[[nodiscard]] inline std::string to_iso8601(Instant instant, Precision precision = Precision::seconds) {
  const detail::CivilTime time = detail::civil(instant);
  std::string out;
  out.reserve(30);
  detail::append_digits(out, static_cast<std::uint64_t>(time.year), 4);
  out += '-';
  detail::append_digits(out, time.month, 2);
  out += '-';
  detail::append_digits(out, time.day, 2);
  out += 'T';
  detail::append_digits(out, static_cast<std::uint64_t>(time.second_of_day / 3600), 2);
  out += ':';
  detail::append_digits(out, static_cast<std::uint64_t>(time.second_of_day / 60 % 60), 2);
  out += ':';
  detail::append_digits(out, static_cast<std::uint64_t>(time.second_of_day % 60), 2);
  if (precision != Precision::seconds) {
    const bool milli = precision == Precision::milliseconds;
    out += '.';
    detail::append_digits(out,
                          static_cast<std::uint64_t>(milli ? time.nanosecond / 1'000'000 : time.nanosecond),
                          milli ? 3 : 9);
  }
  out += 'Z';
  return out;
}

/// `20260302T140000Z`, the basic form that AWS signatures use.
[[nodiscard]] inline std::string to_iso8601_basic(Instant instant) {
  std::string out;
  for (const char c : to_iso8601(instant)) {
    if (c != '-' && c != ':') out += c;
  }
  return out;
}

/// Reads `2026-03-02T14:00:00Z`, with or without a fraction (1 to 9 digits), with `Z` or an offset `+01:00`;
/// also the basic form `20260302T140000Z`. Nothing when the text is anything else, names no real date, or one
/// that an Instant cannot hold (it holds 1677-09-21 to 2262-04-11).
[[nodiscard]] inline std::optional<Instant> parse_iso8601(std::string_view text) {
  using namespace detail;
  std::size_t at = 0;
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!read_digits(text, at, 4, year)) return std::nullopt;
  const bool extended = read_char(text, at, '-');
  if (!read_digits(text, at, 2, month) || (extended && !read_char(text, at, '-'))) return std::nullopt;
  if (!read_digits(text, at, 2, day) || !read_char(text, at, 'T')) return std::nullopt;
  if (!read_digits(text, at, 2, hour) || (extended && !read_char(text, at, ':'))) return std::nullopt;
  if (!read_digits(text, at, 2, minute) || (extended && !read_char(text, at, ':'))) return std::nullopt;
  if (!read_digits(text, at, 2, second)) return std::nullopt;
  std::int64_t nanosecond = 0;
  if (read_char(text, at, '.')) {
    std::int64_t unit = 100'000'000;
    const std::size_t first = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
      nanosecond += unit * (text[at] - '0');
    if (at == first || at - first > 9) return std::nullopt;
  }
  int offset_minutes = 0;
  if (!read_char(text, at, 'Z')) {
    if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return std::nullopt;
    const int sign = text[at++] == '+' ? 1 : -1;
    int hours = 0, minutes = 0;
    if (!read_digits(text, at, 2, hours) || (extended && !read_char(text, at, ':'))) return std::nullopt;
    if (!read_digits(text, at, 2, minutes) || hours > 23 || minutes > 59) return std::nullopt;
    offset_minutes = sign * (hours * 60 + minutes);
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (at != text.size() || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::int64_t minutes = std::chrono::sys_days{date}.time_since_epoch() / std::chrono::minutes{1} +
                               hour * 60 + minute - offset_minutes;
  const int128 count = static_cast<int128>(minutes * 60 + second) * 1'000'000'000 + nanosecond;
  if (count < INT64_MIN || count > INT64_MAX) return std::nullopt;
  return Instant{Duration{static_cast<std::int64_t>(count)}};
}

/// Reads `250ms`, `90s`, `15m`, `1h`, `1h30m`, `10d`: units ns, us, ms, s, m, h, d, whole numbers, the
/// largest unit first and each at most once. Nothing when the text is anything else or overflows.
[[nodiscard]] inline std::optional<Duration> parse_duration(std::string_view text) {
  std::int64_t total = 0;
  std::int64_t last_scale = INT64_MAX;
  std::size_t at = 0;
  while (at < text.size()) {
    std::int64_t number = 0;
    const std::size_t first = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      if (__builtin_mul_overflow(number, 10, &number) ||
          __builtin_add_overflow(number, text[at] - '0', &number)) {
        return std::nullopt;
      }
    }
    if (at == first) return std::nullopt;
    const std::size_t unit_at = at;
    while (at < text.size() && text[at] >= 'a' && text[at] <= 'z') ++at;
    const std::string_view unit = text.substr(unit_at, at - unit_at);
    const std::int64_t scale = unit == "ns"   ? 1
                               : unit == "us" ? 1'000
                               : unit == "ms" ? 1'000'000
                               : unit == "s"  ? 1'000'000'000
                               : unit == "m"  ? 60'000'000'000
                               : unit == "h"  ? 3'600'000'000'000
                               : unit == "d"  ? 86'400'000'000'000
                                              : 0;
    if (scale == 0 || scale >= last_scale || __builtin_mul_overflow(number, scale, &number) ||
        __builtin_add_overflow(total, number, &total)) {
      return std::nullopt;
    }
    last_scale = scale;
  }
  if (text.empty()) return std::nullopt;
  return Duration{total};
}

/// The shortest exact form in the units of parse_duration(): `1h`, `90s` as `1m30s`, `250ms`, `0s`; `-` in
/// front of what is negative.
[[nodiscard]] inline std::string to_text(Duration length) {
  struct Unit {
    std::uint64_t nanoseconds;
    const char* name;
  };
  static constexpr Unit units[] = {{86'400'000'000'000, "d"},
                                   {3'600'000'000'000, "h"},
                                   {60'000'000'000, "m"},
                                   {1'000'000'000, "s"},
                                   {1'000'000, "ms"},
                                   {1'000, "us"},
                                   {1, "ns"}};
  std::string out;
  auto rest = static_cast<std::uint64_t>(length.count());
  if (length < Duration::zero()) {
    out += '-';
    rest = 0 - rest;  // unsigned, because the shortest Duration has no positive counterpart
  }
  for (const Unit& unit : units) {
    if (rest / unit.nanoseconds == 0) continue;
    out += std::to_string(rest / unit.nanoseconds) + unit.name;
    rest %= unit.nanoseconds;
  }
  return out.empty() ? "0s" : out;
}

}  // namespace rushhour
