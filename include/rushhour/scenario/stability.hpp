/// \file
/// Whether a verdict stands when what nobody has published is otherwise: a scenario once more for each
/// alternative, and which of them turns red into green or green into red. What the alternatives are is
/// alternatives.hpp's business.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/scenario/alternatives.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::scenario {

/// What became of the scenario under one alternative.
struct Flipped {
  Flip flip{};
  bool holds{};                       ///< all budgets, but for those that only warn
  std::vector<std::string> turned{};  ///< the budgets that hold and did not, or do not and did
  std::string refused{};              ///< why this scenario cannot be run so; then nothing of the above
};

struct Stability {
  std::string scenario{};  ///< its file
  bool holds{};            ///< as it is
  std::vector<Flipped> flipped{};
  std::vector<NoSwitch> fixed{};

  [[nodiscard]] std::size_t count(bool holding) const;
  /// Whether no alternative turns the verdict.
  [[nodiscard]] bool stands() const { return count(!holds) == 0; }
};

struct StabilityOptions {
  /// Runs one scenario; called by all threads at once, unless there is one.
  std::function<std::unique_ptr<Run>(Scenario)> run{};
  std::size_t threads{1};
};

/// \param base       the scenario's own run
/// \param overrides  those of that run
/// \return the flips in the order of the assumptions, whatever the number of threads
/// \throws InputError what a run throws that is no mistake of an alternative
[[nodiscard]] Stability stability_of(const Run& base, const Overrides& overrides,
                                     const StabilityOptions& options);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/stability_inl.hpp>
#endif
