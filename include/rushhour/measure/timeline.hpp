/// \file
/// The curves of a run, side by side on one axis of time: what charts and time series are drawn from. It is
/// plain data; who fills it listens while the run goes on.
#pragma once

#include <algorithm>
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
};

}  // namespace rushhour::measure
