/// \file
/// The curves of a run, side by side on one axis of time: what charts and time series are drawn from. It is
/// plain data; who fills it listens while the run goes on.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/time.hpp>

namespace rushhour::measure {

/// One number for each stretch of a run.
struct Curve {
  std::string name{};  ///< `sts.attempts`, `fleet.busy`
  std::string unit{};  ///< `attempts`, `tokens`, `containers`, `ms`
  /// One for each stretch, as many as the timeline has.
  std::vector<std::uint64_t> values{};

  friend bool operator==(const Curve&, const Curve&) = default;
};

/// Curves that begin together and have stretches of one length.
struct Timeline {
  Instant begin{};
  Duration width{};  ///< of a stretch
  std::size_t stretches{};
  std::vector<Curve> curves{};  ///< in the order in which reports show them

  /// Null when there is none of this name.
  [[nodiscard]] const Curve* find(std::string_view name) const {
    const auto found =
        std::find_if(curves.begin(), curves.end(), [name](const Curve& curve) { return curve.name == name; });
    return found == curves.end() ? nullptr : &*found;
  }
  friend bool operator==(const Timeline&, const Timeline&) = default;
};

/// How many stretches a timeline has at most, as far as its widths go.
inline constexpr std::size_t stretches_max = 4'096;

/// The widths of stretches: whole seconds that people read off an axis.
inline constexpr auto stretch_widths = std::to_array<std::chrono::seconds>(
    {std::chrono::seconds{1}, std::chrono::seconds{2}, std::chrono::seconds{5}, std::chrono::seconds{10},
     std::chrono::seconds{15}, std::chrono::seconds{30}, std::chrono::minutes{1}, std::chrono::minutes{2},
     std::chrono::minutes{5}, std::chrono::minutes{10}, std::chrono::minutes{15}, std::chrono::minutes{30},
     std::chrono::hours{1}, std::chrono::hours{2}, std::chrono::hours{6}, std::chrono::hours{12},
     std::chrono::days{1}});

/// How many stretches of this width cover so long a run.
[[nodiscard]] constexpr std::size_t stretches_of(Duration length, std::chrono::seconds width) {
  const std::int64_t parts = Duration{width}.count();
  return static_cast<std::size_t>(length.count() / parts + (length.count() % parts != 0 ? 1 : 0));
}

/// The smallest width with at most 4,096 stretches in so long a run; a day beyond eleven years. A run of up
/// to 4,096 s has stretches of one second.
[[nodiscard]] constexpr std::chrono::seconds stretch_width(Duration length) {
  for (const std::chrono::seconds width : stretch_widths) {
    if (stretches_of(length, width) <= stretches_max) return width;
  }
  return stretch_widths.back();
}

}  // namespace rushhour::measure
