/// \file
/// Bodies of seeds.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <exception>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <rushhour/input_error.hpp>
#include <rushhour/scenario/expression.hpp>
#include <rushhour/scenario/seeds.hpp>
#include <rushhour/scenario/selector.hpp>

namespace rushhour::scenario {

namespace detail {

/// CHOICE: what a table of 80 columns can tell, and a reader remember.
inline constexpr std::array told_rows{
    ToldNumber{.name = "sts.attempts", .unit = "attempts"},
    ToldNumber{.name = "sts.throttled", .unit = "attempts"},
    ToldNumber{.name = "sts.attempts.per_second.max", .unit = "attempts"},
    ToldNumber{.name = "secretsmanager.attempts", .unit = "attempts"},
    ToldNumber{.name = "secretsmanager.throttled", .unit = "attempts"},
    ToldNumber{.name = "secretsmanager.attempts.per_second.max", .unit = "attempts"},
    ToldNumber{.name = "virustotal.attempts", .unit = "attempts"},
    ToldNumber{.name = "virustotal.throttled", .unit = "attempts"},
    ToldNumber{.name = "virustotal.attempts.per_minute.max", .unit = "attempts"},
    ToldNumber{.name = "dynamodb.attempts", .unit = "attempts"},
    ToldNumber{.name = "dynamodb.throttled", .unit = "attempts"},
    ToldNumber{.name = "dynamodb.attempts.per_second.max", .unit = "attempts"},
    ToldNumber{.name = "detections.alerts", .unit = "alerts", .smaller_is_better = false},
    ToldNumber{.name = "detections.missed", .unit = "events"},
    ToldNumber{.name = "detections.degraded", .unit = "events"},
    ToldNumber{.name = "detections.duplicates", .unit = "events"},
    ToldNumber{.name = "new_terms.alerts", .unit = "alerts", .smaller_is_better = false},
    ToldNumber{.name = "new_terms.missed", .unit = "events"},
    ToldNumber{.name = "events.dead_lettered", .unit = "events"},
    ToldNumber{.name = "queue.backlog_max", .unit = "messages"},
    ToldNumber{.name = "delay.p99", .unit = "s"},
    ToldNumber{.name = "delay.max", .unit = "s"},
    ToldNumber{.name = "recovery.seconds", .unit = "s"},
    ToldNumber{.name = "cost.total", .unit = ""},
};

inline SeedRun extract(const Run& run) {
  SeedRun out{.seed = run.scenario.seed, .digest = run.digest, .budgets = run.budgets};
  for (const ToldNumber& number : told_rows) {
    out.numbers.push_back(
        {.name = std::string{number.name}, .value = run.metrics->find(parse_selector(number.name))});
  }
  return out;
}

/// Every pair of a seed and a scenario, in that order, worked off by as many threads as there are.
class SeedRunner {
 public:
  SeedRunner(const std::vector<Scenario>& scenarios, const SeedsOptions& options, std::uint64_t first_seed)
      : scenarios_(scenarios), options_(options), first_seed_(first_seed), out_(scenarios.size()) {
    for (SeededRuns& each : out_) each.seeds.resize(options.seeds);
    for (const Scenario& each : scenarios) {
      baselines_.push_back(options.baseline ? options.baseline(each) : options.run.baseline);
    }
    for (std::size_t seed = 0; seed < options.seeds; ++seed) {
      for (std::size_t scenario = 0; scenario < scenarios.size(); ++scenario) {
        (needs_one_thread(scenarios[scenario]) ? alone_ : together_).push_back({scenario, seed});
      }
    }
  }

  std::vector<SeededRuns> run() {
    work_off(together_,
             options_.jobs == 0 ? std::max(1U, std::thread::hardware_concurrency()) : options_.jobs);
    work_off(alone_, 1);
    if (is_stopped()) keep_finished();
    return std::move(out_);
  }

 private:
  struct Task {
    std::size_t scenario{};
    std::size_t seed{};
  };

  /// The caller's thread works too. Tasks are begun in order, so the first of those that fail has always been
  /// begun when another fails.
  void work_off(const std::vector<Task>& tasks, std::size_t jobs) {
    std::vector<std::exception_ptr> failures(tasks.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t at = next++; at < tasks.size(); at = next++) {
        try {
          perform(tasks[at]);
        } catch (...) {
          failures[at] = std::current_exception();
          next = tasks.size();
        }
      }
    };
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 1; i < std::min(jobs, tasks.size()); ++i) threads.emplace_back(work);
      work();
    }
    for (const std::exception_ptr& failure : failures) {
      if (failure) std::rethrow_exception(failure);
    }
  }

  [[nodiscard]] bool is_stopped() const { return options_.run.stop != nullptr && *options_.run.stop; }

  /// Of seeds that were stopped, those of which every scenario has an end; at least the first.
  void keep_finished() {
    std::size_t finished = 1;
    const auto is_finished = [&](const SeededRuns& each) { return !each.seeds[finished].digest.empty(); };
    while (finished < options_.seeds && std::all_of(out_.begin(), out_.end(), is_finished)) ++finished;
    for (SeededRuns& each : out_) {
      each.interrupted = finished < options_.seeds || each.first->interrupted;
      each.seeds.resize(finished);
    }
  }

  void perform(const Task& task) {
    if (task.seed != 0 && is_stopped()) return;
    RunOptions options = options_.run;
    options.baseline = baselines_[task.scenario];
    if (task.seed != 0) options.keep_trail = options.keep_timeline = false;
    std::unique_ptr<Run> run =
        scenario::run(with_seed(scenarios_[task.scenario], first_seed_ + task.seed), options);
    if (task.seed != 0 && run->interrupted) return;
    SeededRuns& out = out_[task.scenario];
    out.seeds[task.seed] = extract(*run);
    if (task.seed == 0) out.first = std::move(run);
    if (!options_.progress) return;
    const std::scoped_lock lock{progress_};
    options_.progress(++done_, together_.size() + alone_.size());
  }

  const std::vector<Scenario>& scenarios_;
  const SeedsOptions& options_;
  std::uint64_t first_seed_;
  std::vector<BaselineLookup> baselines_{};  ///< a scenario each
  std::vector<Task> together_{};
  std::vector<Task> alone_{};  ///< of scenarios that need one thread
  std::vector<SeededRuns> out_;
  std::mutex progress_{};
  std::size_t done_ = 0;
};

/// Over all seeds, as each budget says itself. Who is behind a broken one is told by the first seed with
/// which it is broken.
inline void judge_over_seeds(SeededRuns& runs) {
  for (std::size_t at = 0; at < runs.first->budgets.size(); ++at) {
    std::vector<Verdict> verdicts;
    const JudgedBudget* told = nullptr;
    for (const SeedRun& seed : runs.seeds) {
      verdicts.push_back(seed.budgets[at].verdict);
      if (told == nullptr && !verdicts.back().holds) told = &seed.budgets[at];
    }
    const BudgetPlan& plan = runs.first->budgets[at].plan;
    JudgedBudget judged{.plan = plan, .verdict = evaluate_seeds(plan.budget, verdicts)};
    if (!judged.verdict.holds && told != nullptr) {
      judged.culprits = told->culprits;
      judged.fix = told->fix;
    }
    runs.budgets.push_back(std::move(judged));
  }
}

}  // namespace detail

RUSHHOUR_INLINE bool needs_one_thread(const Scenario& scenario) {
  return std::any_of(scenario.detections.begin(), scenario.detections.end(),
                     [](const DetectionPlan& plan) { return plan.panther.has_value(); });
}

RUSHHOUR_INLINE Scenario with_seed(Scenario scenario, std::uint64_t seed) {
  scenario.seed = seed;
  scenario.world.world.seed = seed;
  return scenario;
}

RUSHHOUR_INLINE std::span<const ToldNumber> told_numbers() { return detail::told_rows; }

RUSHHOUR_INLINE std::vector<SeededRuns> run_seeds(const std::vector<Scenario>& scenarios,
                                                  const SeedsOptions& options) {
  if (scenarios.empty()) return {};
  const std::uint64_t first = options.first_seed.value_or(scenarios.front().seed);
  if (options.seeds == 0 || options.seeds - 1 > std::numeric_limits<std::uint64_t>::max() - first) {
    throw InputError({.file = scenarios.front().file,
                      .expected = "at least one seed, and the last at most 18446744073709551615",
                      .seen = std::to_string(options.seeds) + " seeds from " + std::to_string(first) + " on",
                      .advice = "take fewer, or a smaller first seed"});
  }
  std::vector<SeededRuns> out = detail::SeedRunner{scenarios, options, first}.run();
  for (SeededRuns& each : out) detail::judge_over_seeds(each);
  return out;
}

}  // namespace rushhour::scenario
