/// \file
/// Runs a scenario: builds its world, its traffic and its fleet, lets the hour pass, and holds the result
/// against the budgets. It prints nothing and returns no exit code; reports and the command line do.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/api/endpoint.hpp>
#include <rushhour/config.hpp>
#include <rushhour/detect/strategy_counts.hpp>
#include <rushhour/event/recorded.hpp>
#include <rushhour/fakes/feedback.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/measure/meters.hpp>
#include <rushhour/measure/timeline.hpp>
#include <rushhour/measure/trail.hpp>
#include <rushhour/scenario/metrics.hpp>
#include <rushhour/scenario/rule_trials.hpp>
#include <rushhour/scenario/scenario.hpp>
#include <rushhour/sim/simulation.hpp>

namespace rushhour::scenario {

/// The way from the detections to the fakes. It lives as long as the run.
using MakeEndpoint = std::function<std::unique_ptr<api::Endpoint>(fakes::World& world, Clock& clock)>;

/// Makes a detection of a run from a rule in Python (DetectionPlan::panther); its name and text are set by
/// the run. \throws InputError at the plan's place when the pack does not have the rule.
using MakePackDetection =
    std::function<sim::DetectionPlan(const DetectionPlan& plan, fakes::PantherWorld& world)>;

struct RunOptions {
  MakeEndpoint make_endpoint{};  ///< empty: direct calls
  std::string transport{"direct"};
  MakePackDetection make_pack_detection{};  ///< empty: rules in Python are refused
  /// Makes what has to live as long as a run with rules in Python, and no longer; may be empty.
  std::function<std::shared_ptr<void>(sim::EventLoop& loop)> while_running{};
  /// Of each worker of a run with rules in Python, whose interpreter takes more than native code does. Memory
  /// that is not touched is only address space.
  std::size_t pack_stack_bytes{std::size_t{1} << 20};
  std::function<void(std::uint64_t events)> progress{};
  std::uint64_t progress_events{50'000};
  /// Set by a signal handler or another thread: no further event arrives. Null: nobody does.
  const std::atomic<bool>* stop{};
  /// What budgets compare with that say `baseline`: baseline_numbers(). Empty: such a budget is an error.
  BaselineLookup baseline{};
  bool becomes_baseline{};    ///< such budgets compare the run with itself
  bool keep_trail{};          ///< for baseline_of()
  bool keep_timeline{};       ///< for Run::timeline
  sim::CpuMeter cpu_meter{};  ///< for sim::Outcomes::cpu_ns, which no report has; may be empty
};

/// The smallest change of the scenario's own values that makes a broken budget hold, as far as a bounded
/// search found one.
struct Fix {
  std::vector<Setting> settings{};   ///< what to change
  std::string text{};                ///< the same in words, with what the number then is: one line
  std::vector<std::string> costs{};  ///< what it costs, a line each: `verdicts up to 300 s old`

  friend bool operator==(const Fix&, const Fix&) = default;
};

/// What became of a budget.
struct JudgedBudget {
  BudgetPlan plan{};
  Verdict verdict{};
  std::vector<Culprit> culprits{};  ///< of a broken one: who is behind its number, greatest share first
  std::optional<Fix> fix{};         ///< of a broken one, when one was looked for and found

  /// Whether it makes the run fail: a broken budget that only warns does not.
  [[nodiscard]] bool fails() const { return !verdict.holds && plan.budget.level == Level::error; }
};

/// A finished run, with the world as it ended.
struct Run {
  Scenario scenario{};
  std::string transport{};
  std::unique_ptr<fakes::PantherWorld> world{};
  std::unique_ptr<measure::Meters> meters{};
  std::unique_ptr<measure::Trail> trail{};           ///< with RunOptions::keep_trail
  std::optional<measure::Timeline> timeline{};       ///< with RunOptions::keep_timeline
  std::vector<detect::StrategyCounts> strategies{};  ///< of each detection, while the run goes on
  sim::SimulationResult result{};
  std::optional<fakes::FeedbackCounts> feedback{};  ///< when the scenario has feedback
  std::vector<RuleResult> rules{};                  ///< of each rule, when the scenario has some
  std::optional<SearchLoad> searches{};             ///< of the rules, when there are some
  std::uint64_t history{};                          ///< events before the run, which only the rules saw
  std::unique_ptr<RunMetrics> metrics{};
  std::vector<JudgedBudget> budgets{};
  bool interrupted{};                    ///< by RunOptions::stop: events were still to come
  std::uint64_t damaged_records{};       ///< of recorded traffic, passed over
  std::vector<event::Damage> damages{};  ///< the first of them
  std::string digest{};                  ///< of every decision of the fakes

  /// Whether every budget holds, but for those that only warn.
  [[nodiscard]] bool budgets_hold() const {
    return std::none_of(budgets.begin(), budgets.end(),
                        [](const JudgedBudget& budget) { return budget.fails(); });
  }
};

/// \throws InputError when a budget names what cannot be measured (before the run), or recorded events are
/// damaged and the scenario says that this is fatal.
[[nodiscard]] std::unique_ptr<Run> run(Scenario scenario, const RunOptions& options = {});

/// Only the rules of a scenario, over its traffic: no detections, no services, no budgets.
/// \throws InputError as run(); when the scenario has no rules.
[[nodiscard]] std::vector<RuleResult> run_rules(const Scenario& scenario);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/run_inl.hpp>
#endif
