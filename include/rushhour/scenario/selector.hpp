/// \file
/// Which number of a run is meant: whose, of what, over which windows, in which range of time. It is the left
/// side of a budget; expression.hpp reads and judges.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

// The overloads below would hide those of durations and failures, which are not found by their arguments'
// namespace.
using rushhour::to_text;

/// Over which stretches of time a measure is taken: the whole run, aligned to the clock, or sliding.
enum class Window : std::uint8_t {
  total,
  per_second,
  per_10s,
  per_minute,
  per_hour,
  per_day,
  any_1s,
  any_10s,
  any_60s,
  any  ///< sliding, of another length: Selector::sliding
};
inline constexpr std::size_t window_count = 10;

/// Whether the windows slide.
[[nodiscard]] constexpr bool slides(Window window) { return window >= Window::any_1s; }

/// How the windows of a run become one number.
enum class Aggregate : std::uint8_t {
  none,
  max,
  min,
  mean,
  sum,
  first,      ///< the first window's
  last,       ///< the last one's
  percentile  ///< Selector::percentile, by nearest rank
};

[[nodiscard]] constexpr std::string_view to_text(Window window) {
  constexpr std::array<std::string_view, window_count> texts{
      "total",   "per_second", "per_10s", "per_minute", "per_hour",
      "per_day", "any_1s",     "any_10s", "any_60s",    "any_"};
  return texts[static_cast<std::size_t>(window)];
}
[[nodiscard]] constexpr std::string_view to_text(Aggregate aggregate) {
  constexpr std::array<std::string_view, 8> texts{"", "max", "min", "mean", "sum", "first", "last", "p"};
  return texts[static_cast<std::size_t>(aggregate)];
}

/// Whose part of a number is meant: `rule='AWS.Root'`.
struct Label {
  std::string key{};
  std::string value{};

  friend bool operator==(const Label&, const Label&) = default;
};

/// The part of a run in which a number is taken, from `from` to before `to`: between two times of day in UTC,
/// of every day, or between two offsets from the scenario's start.
struct Range {
  bool from_start{};  ///< offsets
  Duration from{};
  Duration to{};  ///< a time of day that is not after `from` is one of the next day

  friend bool operator==(const Range&, const Range&) = default;
};

/// `12:00..12:20`, `23:59:30..00:00:10`, `+10m..+20m`
[[nodiscard]] std::string to_text(const Range& range);

/// Which number of a run is meant.
struct Selector {
  std::string service{};        ///< `virustotal`, or a part of the run such as `detections`
  std::vector<Label> labels{};  ///< in the order of their keys, each at most once; empty: of everybody
  std::string operation{};      ///< `AssumeRole`; empty for the whole service
  std::string measure{};        ///< `attempts`
  Window window{Window::total};
  Aggregate aggregate{Aggregate::none};  ///< none exactly when the window is total
  Duration sliding{};                    ///< with Window::any, how long it is; else 0
  Ratio percentile{};                    ///< with Aggregate::percentile, between 0 and 1; else 0
  std::optional<Range> range{};          ///< nothing: the whole run

  friend bool operator==(const Selector&, const Selector&) = default;
};

/// The one way to write the selector in full: `virustotal.attempts.per_minute.max`, `sts.throttled.total`,
/// `sts{rule='AWS.Root'}.calls.total`, `sts.calls.any_5m.max in 12:00..12:20`.
[[nodiscard]] std::string to_text(const Selector& selector);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/selector_inl.hpp>
#endif
