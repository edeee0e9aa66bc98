/// \file
/// Runs a scenario: builds its world, its traffic and its fleet, lets the hour pass, and holds the result
/// against the budgets. It prints nothing and returns no exit code; reports and the command line do.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/api/endpoint.hpp>
#include <rushhour/config.hpp>
#include <rushhour/event/recorded.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/measure/meters.hpp>
#include <rushhour/scenario/metrics.hpp>
#include <rushhour/scenario/scenario.hpp>
#include <rushhour/sim/simulation.hpp>

namespace rushhour::scenario {

/// The way from the detections to the fakes. It lives as long as the run.
using MakeEndpoint = std::function<std::unique_ptr<api::Endpoint>(fakes::World& world, Clock& clock)>;

struct RunOptions {
  MakeEndpoint make_endpoint{};  ///< empty: direct calls
  std::string transport{"direct"};
  std::function<void(std::uint64_t events)> progress{};
  std::uint64_t progress_events{50'000};
};

/// What became of a budget.
struct JudgedBudget {
  BudgetPlan plan{};
  Verdict verdict{};
};

/// A finished run, with the world as it ended.
struct Run {
  Scenario scenario{};
  std::string transport{};
  std::unique_ptr<fakes::PantherWorld> world{};
  std::unique_ptr<measure::Meters> meters{};
  sim::SimulationResult result{};
  std::unique_ptr<RunMetrics> metrics{};
  std::vector<JudgedBudget> budgets{};
  std::uint64_t damaged_records{};       ///< of recorded traffic, passed over
  std::vector<event::Damage> damages{};  ///< the first of them
  std::string digest{};                  ///< of every decision of the fakes

  [[nodiscard]] bool budgets_hold() const {
    for (const JudgedBudget& budget : budgets) {
      if (!budget.verdict.holds) return false;
    }
    return true;
  }
};

/// \throws InputError when a budget names what cannot be measured (before the run), or recorded events are
/// damaged and the scenario says that this is fatal.
[[nodiscard]] std::unique_ptr<Run> run(Scenario scenario, const RunOptions& options = {});

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/run_inl.hpp>
#endif
