/// \file
/// The rows of a text report about what became of events: detections, delays, queue and fleet, caches, cost.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/report/detail/table.hpp>
#include <rushhour/scenario/run_cost.hpp>
#include <rushhour/sim/losses.hpp>

namespace rushhour::report::detail {

inline std::uint64_t sum(const Run& run, std::uint64_t sim::Outcomes::*member) {
  std::uint64_t total = 0;
  for (const sim::Outcomes& outcomes : run.result.detections) total += outcomes.*member;
  return total;
}

inline void detection_rows(Table& table) {
  using sim::Outcomes;
  table.heading("detections");
  const auto always = [&](std::string_view label, std::uint64_t Outcomes::*member) {
    table.row(label, [member](const Run& run) { return grouped(sum(run, member)); });
  };
  const auto if_any = [&](std::string_view label, std::uint64_t Outcomes::*member) {
    table.row_if_any(label, [member](const Run& run) { return grouped(sum(run, member)); });
  };
  always("rule() calls", &Outcomes::events);
  always("API calls begun", &Outcomes::logical_calls);
  always("matches", &Outcomes::matches);
  always("  with intact context", &Outcomes::intact);
  always("  degraded (_error)", &Outcomes::degraded);
  if_any("  not enriched, by choice", &Outcomes::skipped);
  if_any("  context not asked for", &Outcomes::without_context);
  always("missed (rule error)", &Outcomes::missed);
  table.row_if_any("  because of a throttle", [](const Run& run) {
    return grouped(run.result.losses.count(sim::LossKind::missed, Outcome::throttled));
  });
  if_any("written twice", &Outcomes::duplicates);
  if_any("lost", &Outcomes::lost);
  always("alerts delivered", &Outcomes::alerts);
  table.row("API calls per alert", [](const Run& run) {
    const std::uint64_t alerts = sum(run, &Outcomes::alerts);
    return alerts == 0 ? std::string{"-"} : decimal({sum(run, &Outcomes::logical_calls), alerts}, 2);
  });
}

inline void delay_rows(Table& table) {
  table.heading("delay");
  const auto share = [&](std::string_view label, Ratio of) {
    table.row_if_any(
        label, [of](const Run& run) { return short_duration(run.result.event_to_verdict.percentile(of)); });
  };
  share("event to verdict, p50", {50, 100});
  share("  p90", {90, 100});
  share("  p99", {99, 100});
  table.row_if_any("  max", [](const Run& run) { return short_duration(run.result.event_to_verdict.max()); });
  table.row_if_any("longest wait", [](const Run& run) { return short_duration(run.result.waiting.max); });
}

/// Of engines with a queue; a number of workers has but how many of them were busy.
inline void fleet_rows(Table& table) {
  using sim::FleetCounts;
  using sim::QueueCounts;
  table.heading("queue and fleet");
  const auto queue = [&](std::string_view label, std::uint64_t QueueCounts::*member) {
    table.row_if_any(label, [member](const Run& run) { return grouped(run.result.queue.*member); });
  };
  const auto fleet = [&](std::string_view label, std::uint64_t FleetCounts::*member) {
    table.row_if_any(label, [member](const Run& run) { return grouped(run.result.fleet.*member); });
  };
  queue("messages", &QueueCounts::messages);
  queue("  received again", &QueueCounts::redelivered);
  queue("  to the dead-letter queue", &QueueCounts::dead_lettered);
  table.row_if_any("events never judged", [](const Run& run) {
    return grouped(run.result.delivery.dead_lettered + run.result.delivery.unserved);
  });
  queue("most messages waiting", &QueueCounts::backlog_max);
  table.row_if_any("  at", [](const Run& run) {
    return run.result.queue.backlog_max == 0 ? std::string{"-"}
                                             : time_of_day(run.result.queue.backlog_max_at);
  });
  table.row_if_any("oldest message", [](const Run& run) { return short_duration(run.result.queue.age_max); });
  table.row_if_any("queue empty at", [](const Run& run) {
    return run.result.queue.messages == 0 ? std::string{"-"} : time_of_day(run.result.queue.drained_at);
  });
  fleet("invocations", &FleetCounts::invocations);
  fleet("  timed out", &FleetCounts::timed_out);
  fleet("  refused", &FleetCounts::throttled);
  fleet("most busy at a time", &FleetCounts::concurrency_max);
  fleet("cold starts", &FleetCounts::cold_starts);
  fleet("environments reset", &FleetCounts::resets);
  fleet("  reclaimed, idle", &FleetCounts::reclaimed);
  fleet("reloads of the rules", &FleetCounts::reloads);
}

/// A cache of the detections, and how its looks ended over all of them.
struct CacheRow {
  std::string_view name;
  detect::CacheCounts detect::StrategyCounts::*counts;
};
inline constexpr std::array<CacheRow, 3> cache_table{{{"credentials", &detect::StrategyCounts::credentials},
                                                      {"secret", &detect::StrategyCounts::secret},
                                                      {"verdicts", &detect::StrategyCounts::verdicts}}};

inline detect::CacheCounts cache_counts(const Run& run, detect::CacheCounts detect::StrategyCounts::*cache) {
  detect::CacheCounts out;
  for (const sim::Outcomes& outcomes : run.result.detections) out.add(outcomes.strategy.*cache);
  return out;
}

inline void cache_rows(Table& table) {
  using detect::CacheCounts;
  table.heading("caches");
  for (const CacheRow& cache : cache_table) {
    table.row_if_any(std::string{cache.name} + ", looks", [&](const Run& run) {
      const std::uint64_t looks = cache_counts(run, cache.counts).looks();
      return looks == 0 ? "-" : grouped(looks);
    });
    table.row_if_any("  hits", [&](const Run& run) {
      const CacheCounts counts = cache_counts(run, cache.counts);
      return percent(counts.hits, counts.looks());
    });
    const auto miss = [&](std::string_view label, std::uint64_t CacheCounts::*member) {
      table.row_if_any(label,
                       [&](const Run& run) { return grouped(cache_counts(run, cache.counts).*member); });
    };
    miss("  missed: cold", &CacheCounts::cold);
    miss("  missed: too old", &CacheCounts::expired);
    miss("  missed: evicted", &CacheCounts::evicted);
    miss("  missed: rules reloaded", &CacheCounts::reload);
    miss("  missed: new container", &CacheCounts::reset);
  }
}

inline void thrift_rows(Table& table) {
  using detect::StrategyCounts;
  table.heading("calls not made");
  const auto row = [&](std::string_view label, std::uint64_t StrategyCounts::*member) {
    table.row_if_any(label, [member](const Run& run) {
      std::uint64_t total = 0;
      for (const sim::Outcomes& outcomes : run.result.detections) total += outcomes.strategy.*member;
      return grouped(total);
    });
  };
  row("address not public", &StrategyCounts::skipped_private);
  row("over the budget", &StrategyCounts::over_budget);
  row("looked up in the table", &StrategyCounts::lookups);
  row("  and found there", &StrategyCounts::lookups_covered);
  table.row_if_any("  oldest row", [](const Run& run) {
    Duration oldest{};
    for (const sim::Outcomes& outcomes : run.result.detections) {
      oldest = std::max(oldest, outcomes.strategy.staleness_max);
    }
    return short_duration(oldest);
  });
}

/// The lines of all runs, each once, in the order of the first run that has it.
inline std::vector<std::string> cost_names(std::span<const Run* const> runs) {
  std::vector<std::string> names;
  for (const Run* run : runs) {
    for (const scenario::CostLine& line : scenario::cost(*run)) {
      if (std::find(names.begin(), names.end(), line.name) == names.end()) names.push_back(line.name);
    }
  }
  return names;
}

/// GB-seconds and charges: how many calls there were is in the rows above. A sum of one charge says nothing
/// new.
inline void cost_rows(Table& table) {
  const std::vector<std::string> names = cost_names(table.runs());
  const auto charges =
      std::count_if(names.begin(), names.end(), [](const auto& name) { return name.starts_with("cost."); });
  table.heading("cost");
  for (const std::string& name : names) {
    const bool is_charge = name.starts_with("cost.");
    if (!is_charge && name != "billed.lambda.gb_seconds") continue;
    if (name == "cost.total" && charges <= 2) continue;
    std::string label = name.substr(name.find('.') + 1);
    std::replace(label.begin(), label.end(), '_', ' ');
    std::replace(label.begin(), label.end(), '.', ' ');
    if (!is_charge) label = "GB-seconds of Lambda";
    table.row_if_any(label, [&](const Run& run) {
      for (const scenario::CostLine& line : scenario::cost(run)) {
        if (line.name != name || line.amount.numerator == 0) continue;
        return scenario::amount_text(line.amount, is_charge ? 6 : 1) + (is_charge ? " " + line.unit : "");
      }
      return std::string{"-"};
    });
  }
}

/// The records of the detections' own calls that came back as events.
inline void feedback_rows(Table& table) {
  using fakes::FeedbackCounts;
  table.heading("feedback of CloudTrail");
  const auto row = [&](std::string_view label, std::uint64_t FeedbackCounts::*member) {
    table.row_if_any(label, [member](const Run& run) {
      return run.feedback ? grouped((*run.feedback).*member) : std::string{"-"};
    });
  };
  row("records written", &FeedbackCounts::records_written);
  row("  that came as events", &FeedbackCounts::records_delivered);
  row("  for a detection", &FeedbackCounts::records_matching);
  row("  too late for the run", &FeedbackCounts::records_not_delivered);
  row("  where nobody looks", &FeedbackCounts::records_unseen);
  table.row_if_any("gain", [](const Run& run) {
    const auto gain = run.metrics->find({.service = "feedback", .measure = "gain"});
    return gain ? decimal(*gain, 2) : std::string{"-"};
  });
}

/// Only where a scenario declares a trigger.
inline void recovery_rows(Table& table) {
  table.heading("recovery from the trigger");
  const auto row = [&](std::string_view label, const std::function<std::string(const Run&, Instant)>& cell) {
    table.row_if_any(label, [&](const Run& run) {
      const auto& trigger = run.scenario.trigger;
      return trigger ? cell(run, trigger->from + trigger->lasting) : std::string{"-"};
    });
  };
  row("trigger ended", [](const Run&, Instant ended) { return time_of_day(ended); });
  row("last trouble after it", [](const Run& run, Instant) {
    const auto last = run.metrics->last_trouble();
    return last ? time_of_day(*last) : std::string{"none"};
  });
  row("recovered", [](const Run& run, Instant ended) {
    if (!run.metrics->recovered()) return std::string{"NO"};
    const auto last = run.metrics->last_trouble();
    return last ? "after " + short_duration(*last - ended) : std::string{"at once"};
  });
}

}  // namespace rushhour::report::detail
