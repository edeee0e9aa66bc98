/// \file
/// Bodies of stability.hpp.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <rushhour/input_error.hpp>
#include <rushhour/scenario/assumptions.hpp>
#include <rushhour/scenario/scenario.hpp>
#include <rushhour/scenario/stability.hpp>

namespace rushhour::scenario {

namespace detail {

/// The scenario with an alternative. One without a VirusTotal key has a public one, which must be said as
/// soon as anything about VirusTotal is.
RUSHHOUR_INLINE std::optional<Scenario> load_flipped(const std::string& file, Overrides overrides,
                                                     Flipped& out) {
  overrides.settings.push_back(out.flip.setting);
  try {
    return load_scenario(file, overrides);
  } catch (const InputError& error) {
    out.refused = error.what();
  }
  if (!out.flip.setting.path.starts_with("world.virustotal.")) return std::nullopt;
  overrides.settings.push_back({"world.virustotal.key", "public"});
  try {
    Scenario scenario = load_scenario(file, overrides);
    out.refused.clear();
    return scenario;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

RUSHHOUR_INLINE void judge_flipped(const Run& base, const Run& run, Flipped& out) {
  if (run.interrupted) {
    out.refused = "ended early";
    return;
  }
  out.holds = run.budgets_hold();
  for (std::size_t i = 0; i < std::min(base.budgets.size(), run.budgets.size()); ++i) {
    if (base.budgets[i].fails() == run.budgets[i].fails()) continue;
    out.turned.push_back(run.budgets[i].plan.budget.text + ' ' + run.budgets[i].verdict.text);
  }
}

/// Takes one flip after the other until there are none.
class FlipWorkers {
 public:
  FlipWorkers(const Run& base, const Overrides& overrides, const StabilityOptions& options, Stability& out)
      : base_(base), overrides_(overrides), options_(options), out_(out) {}

  void run() {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < options_.threads; ++i) threads.emplace_back([this] { work(); });
    work();
    threads.clear();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void work() {
    for (std::size_t at = next_++; at < out_.flipped.size(); at = next_++) {
      try {
        Flipped& flipped = out_.flipped[at];
        std::optional<Scenario> scenario = load_flipped(base_.scenario.file, overrides_, flipped);
        if (scenario) judge_flipped(base_, *options_.run(std::move(*scenario)), flipped);
      } catch (...) {
        const std::lock_guard lock{mutex_};
        if (!failure_) failure_ = std::current_exception();
        next_ = out_.flipped.size();
      }
    }
  }

  const Run& base_;
  const Overrides& overrides_;
  const StabilityOptions& options_;
  Stability& out_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_{};
  std::exception_ptr failure_{};
};

}  // namespace detail

RUSHHOUR_INLINE std::size_t Stability::count(bool holding) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      flipped, [holding](const Flipped& each) { return each.refused.empty() && each.holds == holding; }));
}

RUSHHOUR_INLINE Stability stability_of(const Run& base, const Overrides& overrides,
                                       const StabilityOptions& options) {
  Flips flips = flips_of(assumptions(base));
  Stability out{
      .scenario = base.scenario.file, .holds = base.budgets_hold(), .fixed = std::move(flips.fixed)};
  for (Flip& flip : flips.flips) out.flipped.push_back({.flip = std::move(flip)});
  detail::FlipWorkers{base, overrides, options, out}.run();
  return out;
}

}  // namespace rushhour::scenario
