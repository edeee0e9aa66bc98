/// \file
/// The measures, one row each: adding one is adding a row. What they are taken from is found in
/// metrics_*_inl.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/detect/strategy_counts.hpp>
#include <rushhour/histogram.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/measure/meters.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/result.hpp>
#include <rushhour/scenario/selector.hpp>
#include <rushhour/sim/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario::detail {

[[nodiscard]] inline std::optional<Ratio> whole(std::uint64_t number) { return Ratio{number, 1}; }
/// As seconds; nothing where nothing was timed.
[[nodiscard]] inline std::optional<Ratio> seconds(Duration length, bool timed = true) {
  if (!timed) return std::nullopt;
  return Ratio{static_cast<std::uint64_t>(std::max<std::int64_t>(length.count(), 0)), 1'000'000'000};
}
/// part / all; nothing of nothing.
[[nodiscard]] inline std::optional<Ratio> share(std::uint64_t part, std::uint64_t all) {
  if (all == 0) return std::nullopt;
  return Ratio{part, all};
}

// ---- Services and operations ----

/// A measure that has windows. `of` is its total.
struct WindowedMeasure {
  std::string_view name;
  measure::Windows measure::Meter::*windows;
  std::uint64_t (*of)(const measure::Counts&);
};
inline constexpr std::array<WindowedMeasure, 5> windowed_measures{{
    {"calls", &measure::Meter::calls, [](const measure::Counts& counts) { return counts.calls; }},
    {"attempts", &measure::Meter::attempts, [](const measure::Counts& counts) { return counts.attempts(); }},
    {"accepted", &measure::Meter::accepted, [](const measure::Counts& counts) { return counts.accepted(); }},
    {"throttled", &measure::Meter::throttled,
     [](const measure::Counts& counts) { return counts.of(Outcome::throttled); }},
    {"goodput", &measure::Meter::goodput,
     [](const measure::Counts& counts) { return counts.of(Outcome::ok); }},
}};

/// A count without windows. Beside these, every Outcome is one by its own name.
struct CountMeasure {
  std::string_view name;
  std::uint64_t (*of)(const measure::Counts&);
};
inline constexpr std::array<CountMeasure, 2> count_measures{{
    {"errors", [](const measure::Counts& counts) { return counts.errors(); }},
    {"wasted", [](const measure::Counts& counts) { return counts.wasted(); }},
}};
inline constexpr std::string_view amplification_name = "amplification";

/// A time that a meter has measured.
struct MeterMeasure {
  std::string_view name;
  std::uint64_t (*of_seconds)(const measure::Meter&);
};
inline constexpr std::array<MeterMeasure, 2> meter_measures{{
    {"seconds_throttled", [](const measure::Meter& meter) { return meter.seconds_throttled.count(); }},
    {"longest_throttled_seconds",
     [](const measure::Meter& meter) { return meter.seconds_throttled.longest_run(); }},
}};

/// A measure of the limits that were charged.
struct ChargeMeasure {
  std::string_view name;
  bool in_seconds;
  std::optional<Ratio> (*of)(const std::vector<const measure::Charge*>&);
};
[[nodiscard]] inline std::uint64_t exhausted(const std::vector<const measure::Charge*>& charges,
                                             bool months) {
  std::uint64_t sum = 0;
  for (const measure::Charge* charge : charges) {
    for (const measure::Exhaustion& each : charge->exhaustions) {
      if (each.row().calendar_month == months) sum += each.windows();
    }
  }
  return sum;
}
/// The place of the row's window in measure::window_sizes, or month_window; nothing for other lengths.
[[nodiscard]] inline std::optional<std::size_t> size_of(const limit::Profile& row) {
  if (row.calendar_month) return measure::month_window;
  for (std::size_t at = 0; at < measure::window_sizes.size(); ++at) {
    if (row.window == measure::window_sizes[at]) return at;
  }
  return std::nullopt;
}
[[nodiscard]] inline std::optional<Ratio> tightest(const std::vector<const measure::Charge*>& charges) {
  std::optional<Ratio> out;
  for (const measure::Charge* charge : charges) {
    for (const limit::Profile& row : charge->rows) {
      const auto size = size_of(row);
      if (!size) continue;
      const Ratio headroom{row.limit, charge->attempts.peak(*size).count};
      if (headroom.denominator != 0 && (!out || headroom < *out)) out = headroom;
    }
  }
  return out;
}
[[nodiscard]] inline std::optional<Ratio> over_limit(const std::vector<const measure::Charge*>& charges) {
  std::int64_t most = 0;
  for (const measure::Charge* charge : charges) {
    std::size_t shortest = measure::month_window;
    for (const limit::Profile& row : charge->rows)
      shortest = std::min(shortest, size_of(row).value_or(shortest));
    if (shortest == measure::month_window) continue;
    most = std::max<std::int64_t>(most, charge->attempts.time_over(shortest).count());
  }
  return whole(static_cast<std::uint64_t>(most));
}
inline constexpr std::array<ChargeMeasure, 4> charge_measures{{
    {"headroom", false, tightest},
    {"seconds_over_limit", true, over_limit},
    {"days_exhausted", false,
     [](const std::vector<const measure::Charge*>& charges) { return whole(exhausted(charges, false)); }},
    {"months_exhausted", false,
     [](const std::vector<const measure::Charge*>& charges) { return whole(exhausted(charges, true)); }},
}};

/// `calls_to_private_ipv4`
[[nodiscard]] inline std::string subject_name(std::size_t kind) {
  return "calls_to_" + std::string{to_text(static_cast<AddressClass>(kind))};
}
inline constexpr std::string_view wasted_lookups_name = "wasted_lookups";
[[nodiscard]] inline std::uint64_t wasted_lookups(const measure::Cell& cell) {
  std::uint64_t sum = 0;
  for (const std::uint64_t each : cell.subjects) sum += each;
  return sum - cell.subjects[static_cast<std::size_t>(AddressClass::public_ipv4)] -
         cell.subjects[static_cast<std::size_t>(AddressClass::public_ipv6)];
}

/// What a measure of a service counts in a cell; empty for ratios, times and whatever else is no count.
using CellCount = std::function<std::uint64_t(const measure::Cell&)>;
[[nodiscard]] inline CellCount count_of(std::string_view service, std::string_view measure) {
  for (const WindowedMeasure& each : windowed_measures) {
    if (each.name == measure) return [of = each.of](const measure::Cell& cell) { return of(cell.counts); };
  }
  for (const CountMeasure& each : count_measures) {
    if (each.name == measure) return [of = each.of](const measure::Cell& cell) { return of(cell.counts); };
  }
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (to_text(static_cast<Outcome>(i)) == measure) {
      return [i](const measure::Cell& cell) { return cell.counts.outcomes[i]; };
    }
  }
  if (service != api::to_text(api::Service::virustotal)) return {};
  for (std::size_t i = 0; i < address_class_count; ++i) {
    if (subject_name(i) == measure) return [i](const measure::Cell& cell) { return cell.subjects[i]; };
  }
  return measure == wasted_lookups_name ? wasted_lookups : CellCount{};
}

/// The windows of a meter, aligned and sliding, with their places in measure/.
struct AlignedWindow {
  Window window;
  std::size_t size;
};
inline constexpr std::array<AlignedWindow, 5> aligned_windows{{{Window::per_second, 0},
                                                               {Window::per_10s, 1},
                                                               {Window::per_minute, 2},
                                                               {Window::per_hour, 3},
                                                               {Window::per_day, 4}}};
inline constexpr std::array<AlignedWindow, 3> sliding_windows{
    {{Window::any_1s, 0}, {Window::any_10s, 1}, {Window::any_60s, 2}}};
/// What sliding windows count.
inline constexpr std::string_view sliding_measure = "attempts";

/// What the selector's windows last; nothing for the whole run.
[[nodiscard]] inline std::optional<Duration> length_of(const Selector& selector) {
  if (selector.window == Window::any) return selector.sliding;
  for (const AlignedWindow& each : aligned_windows) {
    if (each.window == selector.window) return measure::window_sizes[each.size];
  }
  for (const AlignedWindow& each : sliding_windows) {
    if (each.window == selector.window) return measure::sliding_sizes[each.size];
  }
  return std::nullopt;
}

/// What Meters call the selector's operation or service.
[[nodiscard]] inline std::string meter_name(const Selector& selector) {
  return selector.operation.empty() ? selector.service : selector.service + ":" + selector.operation;
}

// ---- Detections ----

struct OutcomeMeasure {
  std::string_view name;
  std::uint64_t sim::Outcomes::*of;
};
inline constexpr std::array<OutcomeMeasure, 12> outcome_measures{{
    {"events", &sim::Outcomes::events},
    {"matches", &sim::Outcomes::matches},
    {"intact", &sim::Outcomes::intact},
    {"degraded", &sim::Outcomes::degraded},
    {"skipped", &sim::Outcomes::skipped},
    {"without_context", &sim::Outcomes::without_context},
    {"missed", &sim::Outcomes::missed},
    {"alerts", &sim::Outcomes::alerts},
    {"duplicates", &sim::Outcomes::duplicates},
    {"lost", &sim::Outcomes::lost},
    {"calls", &sim::Outcomes::logical_calls},
    {"clients_made", &sim::Outcomes::clients_made},
}};
inline constexpr std::string_view calls_per_alert_name = "calls_per_alert";

/// Which losses a measure counts; `throttled_only`: those where a limit refused the last call.
struct LossMeasure {
  std::string_view service;
  std::string_view name;
  sim::LossKind kind;
  bool throttled_only;
  bool measured;  ///< here; else only known as who is behind another row's number

  [[nodiscard]] bool has(const sim::LossRow& row) const {
    return row.kind == kind && (!throttled_only || row.cause.outcome == Outcome::throttled);
  }
};
inline constexpr std::array<LossMeasure, 6> loss_measures{{
    {"detections", "missed_by_throttle", sim::LossKind::missed, true, true},
    {"detections", "degraded_by_throttle", sim::LossKind::degraded, true, true},
    {"detections", "missed", sim::LossKind::missed, false, false},
    {"detections", "degraded", sim::LossKind::degraded, false, false},
    {"events", "dead_lettered", sim::LossKind::dead_lettered, false, false},
    {"events", "unserved", sim::LossKind::unserved, false, false},
}};

/// What the detections' strategies did, summed: `cache.secret.hits`, `lookup.coverage`.
struct StrategyMeasure {
  std::string_view service;
  std::string_view operation;
  std::string_view name;
  bool in_seconds;
  std::optional<Ratio> (*of)(const detect::StrategyCounts&);
};
template <detect::CacheCounts detect::StrategyCounts::*cache>
[[nodiscard]] constexpr std::array<StrategyMeasure, 8> cache_measures(std::string_view name) {
  using Counts = detect::StrategyCounts;
  return {{
      {"cache", name, "hits", false, [](const Counts& counts) { return whole((counts.*cache).hits); }},
      {"cache", name, "misses", false, [](const Counts& counts) { return whole((counts.*cache).misses()); }},
      {"cache", name, "hit_ratio", false,
       [](const Counts& counts) { return share((counts.*cache).hits, (counts.*cache).looks()); }},
      {"cache", name, "cold", false, [](const Counts& counts) { return whole((counts.*cache).cold); }},
      {"cache", name, "expired", false, [](const Counts& counts) { return whole((counts.*cache).expired); }},
      {"cache", name, "evicted", false, [](const Counts& counts) { return whole((counts.*cache).evicted); }},
      {"cache", name, "reload", false, [](const Counts& counts) { return whole((counts.*cache).reload); }},
      {"cache", name, "reset", false, [](const Counts& counts) { return whole((counts.*cache).reset); }},
  }};
}
inline constexpr std::array<StrategyMeasure, 6> lookup_measures{{
    {"lookup", "", "lookups", false,
     [](const detect::StrategyCounts& counts) { return whole(counts.lookups); }},
    {"lookup", "", "coverage", false,
     [](const detect::StrategyCounts& counts) { return share(counts.lookups_covered, counts.lookups); }},
    {"lookup", "", "staleness_max", true,
     [](const detect::StrategyCounts& counts) {
       return seconds(counts.staleness_max, counts.lookups_covered > 0);
     }},
    {"lookup", "", "staleness_mean", true,
     [](const detect::StrategyCounts& counts) {
       return seconds(counts.staleness_mean(), counts.lookups_covered > 0);
     }},
    {"lookup", "", "skipped_private", false,
     [](const detect::StrategyCounts& counts) { return whole(counts.skipped_private); }},
    {"lookup", "", "over_budget", false,
     [](const detect::StrategyCounts& counts) { return whole(counts.over_budget); }},
}};

// ---- The run ----

struct RunMeasure {
  std::string_view service;
  std::string_view name;
  bool in_seconds;
  std::optional<Ratio> (*of)(const sim::SimulationResult&);
};

/// `delay` counts from the event's own time, `waiting` from its arrival at the engine, both to the end of its
/// last rule, for events that were judged in the end. A percentile is at most 1/64 too long.
template <Histogram sim::SimulationResult::*histogram, std::uint64_t percent>
[[nodiscard]] std::optional<Ratio> percentile(const sim::SimulationResult& result) {
  return seconds((result.*histogram).percentile({percent, 100}), (result.*histogram).count() > 0);
}
template <Histogram sim::SimulationResult::*histogram, Duration (Histogram::*of)() const>
[[nodiscard]] std::optional<Ratio> moment(const sim::SimulationResult& result) {
  return seconds(((result.*histogram).*of)(), (result.*histogram).count() > 0);
}
template <Histogram sim::SimulationResult::*histogram>
[[nodiscard]] constexpr std::array<RunMeasure, 5> delay_measures(std::string_view service) {
  return {{{service, "p50", true, percentile<histogram, 50>},
           {service, "p90", true, percentile<histogram, 90>},
           {service, "p99", true, percentile<histogram, 99>},
           {service, "max", true, moment<histogram, &Histogram::max>},
           {service, "mean", true, moment<histogram, &Histogram::mean>}}};
}
/// From arrival to the first look only: how long events waited for a worker.
inline constexpr std::array<RunMeasure, 2> waiting_measures{{
    {"waiting", "for_worker_max", true,
     [](const sim::SimulationResult& result) {
       return seconds(result.waiting.max, result.waiting.events > 0);
     }},
    {"waiting", "for_worker_mean", true,
     [](const sim::SimulationResult& result) {
       return seconds(result.waiting.mean(), result.waiting.events > 0);
     }},
}};

/// A count of a run, where it stands.
template <auto part, auto count>
[[nodiscard]] std::optional<Ratio> counted(const sim::SimulationResult& result) {
  return whole(result.*part.*count);
}
inline constexpr std::array<RunMeasure, 20> run_measures{{
    {"events", "delivered", false, counted<&sim::SimulationResult::delivery, &sim::Delivery::delivered>},
    {"events", "processed", false, counted<&sim::SimulationResult::delivery, &sim::Delivery::processed>},
    {"events", "dead_lettered", false,
     counted<&sim::SimulationResult::delivery, &sim::Delivery::dead_lettered>},
    {"events", "unserved", false, counted<&sim::SimulationResult::delivery, &sim::Delivery::unserved>},
    {"queue", "messages", false, counted<&sim::SimulationResult::queue, &sim::QueueCounts::messages>},
    {"queue", "receives", false, counted<&sim::SimulationResult::queue, &sim::QueueCounts::receives>},
    {"queue", "redelivered", false, counted<&sim::SimulationResult::queue, &sim::QueueCounts::redelivered>},
    {"queue", "dead_lettered", false,
     counted<&sim::SimulationResult::queue, &sim::QueueCounts::dead_lettered>},
    {"queue", "backlog_max", false, counted<&sim::SimulationResult::queue, &sim::QueueCounts::backlog_max>},
    {"queue", "age_max", true,
     [](const sim::SimulationResult& result) {
       return seconds(result.queue.age_max, result.queue.messages > 0);
     }},
    // How long after the last arrival the last message left.
    {"queue", "drain", true,
     [](const sim::SimulationResult& result) {
       return seconds(result.queue.drained_at - result.last_arrival, result.queue.messages > 0);
     }},
    {"fleet", "invocations", false, counted<&sim::SimulationResult::fleet, &sim::FleetCounts::invocations>},
    {"fleet", "timed_out", false, counted<&sim::SimulationResult::fleet, &sim::FleetCounts::timed_out>},
    {"fleet", "throttled", false, counted<&sim::SimulationResult::fleet, &sim::FleetCounts::throttled>},
    {"fleet", "cold_starts", false, counted<&sim::SimulationResult::fleet, &sim::FleetCounts::cold_starts>},
    {"fleet", "resets", false, counted<&sim::SimulationResult::fleet, &sim::FleetCounts::resets>},
    {"fleet", "reclaimed", false, counted<&sim::SimulationResult::fleet, &sim::FleetCounts::reclaimed>},
    {"fleet", "reloads", false, counted<&sim::SimulationResult::fleet, &sim::FleetCounts::reloads>},
    {"fleet", "concurrency_max", false,
     counted<&sim::SimulationResult::fleet, &sim::FleetCounts::concurrency_max>},
    {"events", "looks", false, counted<&sim::SimulationResult::delivery, &sim::Delivery::looks>},
}};

}  // namespace rushhour::scenario::detail
