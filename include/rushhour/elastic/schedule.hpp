/// \file
/// Which ranges a run of a rule searches, and what a delay costs: Kibana's catching up. It starts no runs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include <rushhour/elastic/date_math.hpp>
#include <rushhour/elastic/execution.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

/// When a rule runs and what it looks back at. Kibana's defaults.
struct RuleTimes {
  DateMath from = DateMath::parse("now-6m");
  DateMath to = DateMath::parse("now");
  Duration interval{std::chrono::minutes{5}};
  std::optional<DateMath> history_start{};  ///< of new-terms rules
};

struct RunPlan {
  std::vector<Tuple> tuples{};  ///< oldest first, the run's own last
  Duration gap{};               ///< before the oldest: no run looks there, and Kibana marks the run as failed
};

/// Tuples that a run adds to catch up, at most (Kibana's MAX_RULE_GAP_RATIO).
inline constexpr std::int64_t catch_up_tuples_max = 4;

/// The run that starts now. What has passed since the start of the run before, beyond the look-back, is a
/// gap; copies of the range, shifted by whole intervals, fill it as far as four of them reach. Each tuple has
/// a history window of its own (spec new-terms.md 1.2 and 1.5; Kibana's getRuleRangeTuples). \param previous
/// when the run before started; nothing: it is the first, which has no gap
[[nodiscard]] inline RunPlan plan_run(const RuleTimes& times, Instant started,
                                      std::optional<Instant> previous) {
  const Instant from = times.from.at(started);
  const Instant to = times.to.at(started);
  const Duration gap = previous ? std::max(started - *previous - (to - from), Duration::zero()) : Duration{};
  const std::int64_t intervals = (gap + times.interval - Duration{1}) / times.interval;
  const std::int64_t catch_up = std::min(intervals, catch_up_tuples_max);
  RunPlan plan{.gap = std::max(gap - catch_up * times.interval, Duration::zero())};
  for (std::int64_t shift = catch_up; shift >= 0; --shift) {
    Tuple tuple{.from = from - shift * times.interval, .to = to - shift * times.interval};
    if (times.history_start) tuple.history_start = times.history_start->at(tuple.to);
    plan.tuples.push_back(tuple);
  }
  return plan;
}

}  // namespace rushhour::elastic
