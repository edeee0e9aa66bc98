/// \file
/// What the runs of a scenario's rules ask of Elasticsearch, on one limiter for all of them. It changes no
/// run: a search that is refused is counted, and its run goes on as if it had been answered.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <rushhour/limit/fixed_window.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

/// Searches of a run, all of them at its start.
struct RunSearches {
  Instant started{};
  std::uint64_t searches{};
};

struct SearchLoad {
  std::uint64_t searches{};
  std::uint64_t peak_per_minute{};  ///< by the clock
  Instant peak_begin{};
  std::optional<std::uint64_t> limit_per_minute{};
  std::uint64_t refused{};  ///< beyond the limit
};

/// \param runs  of all rules, in any order
[[nodiscard]] inline SearchLoad search_load(std::vector<RunSearches> runs,
                                            std::optional<std::uint64_t> limit_per_minute) {
  std::ranges::stable_sort(runs, {}, &RunSearches::started);
  SearchLoad load{.limit_per_minute = limit_per_minute};
  limit::FixedWindow limiter{{.limit = limit_per_minute.value_or(1)}};
  Instant minute{};
  std::uint64_t in_minute = 0;
  for (const RunSearches& run : runs) {
    const Instant begin = std::chrono::floor<std::chrono::minutes>(run.started);
    if (begin != minute) in_minute = 0;
    minute = begin;
    in_minute += run.searches;
    load.searches += run.searches;
    if (in_minute > load.peak_per_minute) {
      load.peak_per_minute = in_minute;
      load.peak_begin = begin;
    }
    if (!limit_per_minute) continue;
    for (std::uint64_t i = 0; i < run.searches; ++i) load.refused += !limiter.try_acquire(run.started);
  }
  return load;
}

}  // namespace rushhour::scenario
