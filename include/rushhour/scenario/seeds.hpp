/// \file
/// Scenarios under several seeds, on all cores: how far their numbers and verdicts are the seed's and not the
/// scenario's. Every scenario gets the same seeds, so that two of them see the same traffic, latencies and
/// faults, and what differs between them differs by what they do (common random numbers); spread.hpp compares
/// them seed by seed. What comes out does not depend on the number of threads, nor on which is quicker.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::scenario {

/// What is kept of a run whose world is gone.
struct SeedRun {
  std::uint64_t seed{};
  std::string digest{};                 ///< of every decision
  std::vector<NamedNumber> numbers{};   ///< told_numbers(), in that order
  std::vector<JudgedBudget> budgets{};  ///< each judged for this seed alone
};

/// A scenario under its seeds. Only the first run is kept whole: a world of a million-event hour takes some
/// hundred megabytes.
struct SeededRuns {
  std::unique_ptr<Run> first{};         ///< with the first seed
  std::vector<SeedRun> seeds{};         ///< in order, the first included
  std::vector<JudgedBudget> budgets{};  ///< judged over all seeds, as each says itself
  bool interrupted{};  ///< by RunOptions::stop: `seeds` are those that were finished for every scenario, or
                       ///< the first as far as it came

  /// Whether every budget holds over the seeds, but for those that only warn.
  [[nodiscard]] bool budgets_hold() const {
    return std::none_of(budgets.begin(), budgets.end(),
                        [](const JudgedBudget& budget) { return budget.fails(); });
  }
  /// The number at this place of each seed.
  [[nodiscard]] std::vector<std::optional<Ratio>> numbers(std::size_t at) const {
    std::vector<std::optional<Ratio>> out;
    out.reserve(seeds.size());
    for (const SeedRun& seed : seeds) out.push_back(seed.numbers[at].value);
    return out;
  }
};

struct SeedsOptions {
  std::uint64_t seeds{1};                     ///< how many: `first_seed` and those that follow it
  std::optional<std::uint64_t> first_seed{};  ///< nothing: the first scenario's
  std::size_t jobs{};  ///< threads, of which the caller's is one; 0: as many as the machine runs at once
  /// Of each run. Its functions are called from several threads at once; what keeps a trail or timeline does
  /// so for the first seed only.
  RunOptions run{};
  /// RunOptions::baseline of each scenario: baseline_numbers(). Empty: that of `run` for all.
  std::function<BaselineLookup(const Scenario& scenario)> baseline{};
  /// After each run, with how many of how many are done. Never called twice at once.
  std::function<void(std::size_t done, std::size_t all)> progress{};
};

/// Whether the scenario's seeds are run one after the other on the caller's thread, after all others: rules
/// in Python share one interpreter, which runs on one thread at a time.
[[nodiscard]] bool needs_one_thread(const Scenario& scenario);

/// The scenario with another seed, as if its file said so.
[[nodiscard]] Scenario with_seed(Scenario scenario, std::uint64_t seed);

/// A number by the name that budgets use.
struct ToldNumber {
  std::string_view name{};
  std::string_view unit{};       ///< `s` of times; empty: the currency of the scenario's prices
  bool smaller_is_better{true};  ///< or else neither is

  [[nodiscard]] bool in_seconds() const { return unit == "s"; }
};

/// The numbers that tell runs apart: attempts, refusals and the fullest window
/// of each service, what detections lost, how long verdicts took, and what it cost. Of a run that has no such
/// number there is none.
[[nodiscard]] std::span<const ToldNumber> told_numbers();

/// Runs every scenario with every seed, and judges its budgets over them. In memory at a time are the first
/// run of each scenario and one more a thread.
///
/// \throws InputError when there are more seeds than there are numbers from the first on, or none, and as
/// run() does: of several runs that fail, what the first of them threw, in the order of seeds and among
/// equals of scenarios. Runs that have not begun by then do not.
[[nodiscard]] std::vector<SeededRuns> run_seeds(const std::vector<Scenario>& scenarios,
                                                const SeedsOptions& options);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/seeds_inl.hpp>
#endif
