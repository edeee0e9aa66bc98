/// \file
/// Bodies of metrics.hpp that are about everything but services: detections, delays, queue, fleet and
/// recovery.
#pragma once

#include <algorithm>
#include <utility>

#include <rushhour/scenario/detail/expression_text.hpp>
#include <rushhour/scenario/detail/metrics_rows.hpp>
#include <rushhour/scenario/metrics.hpp>

namespace rushhour::scenario {

namespace detail {

/// Every row of the run and of the strategies, in the order in which they are listed.
[[nodiscard]] inline std::vector<RunMeasure> all_run_measures() {
  std::vector<RunMeasure> out(run_measures.begin(), run_measures.end());
  for (const RunMeasure& each : delay_measures<&sim::SimulationResult::event_to_verdict>("delay")) {
    out.push_back(each);
  }
  for (const RunMeasure& each : delay_measures<&sim::SimulationResult::arrival_to_verdict>("waiting")) {
    out.push_back(each);
  }
  out.insert(out.end(), waiting_measures.begin(), waiting_measures.end());
  return out;
}
[[nodiscard]] inline std::vector<StrategyMeasure> all_strategy_measures() {
  using detect::StrategyCounts;
  std::vector<StrategyMeasure> out;
  for (const StrategyMeasure& each : cache_measures<&StrategyCounts::credentials>("credentials")) {
    out.push_back(each);
  }
  for (const StrategyMeasure& each : cache_measures<&StrategyCounts::secret>("secret")) out.push_back(each);
  for (const StrategyMeasure& each : cache_measures<&StrategyCounts::verdicts>("verdicts")) {
    out.push_back(each);
  }
  out.insert(out.end(), lookup_measures.begin(), lookup_measures.end());
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE RunMetrics::Answer RunMetrics::of_detections(const Selector& selector) const {
  const Who whose = who(selector);
  if (!whose.known || selector.window != Window::total) return {};
  const auto meant = [&whose](const sim::Outcomes& outcomes) {
    return whose.rule.empty() || outcomes.detection == whose.rule;
  };
  const std::vector<sim::Outcomes>& detections = facts_.result.detections;
  for (const detail::StrategyMeasure& each : detail::all_strategy_measures()) {
    if (each.service != selector.service || each.operation != selector.operation) continue;
    if (each.name != selector.measure) continue;
    detect::StrategyCounts sum;
    for (const sim::Outcomes& outcomes : detections) {
      if (meant(outcomes)) sum.add(outcomes.strategy);
    }
    return {.known = true, .seconds = each.in_seconds, .value = each.of(sum)};
  }
  if (selector.service != "detections" || !selector.operation.empty()) return {};
  const auto sum_of = [&](std::uint64_t sim::Outcomes::*part) {
    std::uint64_t sum = 0;
    for (const sim::Outcomes& outcomes : detections) sum += meant(outcomes) ? outcomes.*part : 0;
    return sum;
  };
  for (const detail::OutcomeMeasure& each : detail::outcome_measures) {
    if (each.name == selector.measure) return {.known = true, .value = detail::whole(sum_of(each.of))};
  }
  if (selector.measure == detail::calls_per_alert_name) {
    return {.known = true,
            .value = detail::share(sum_of(&sim::Outcomes::logical_calls), sum_of(&sim::Outcomes::alerts))};
  }
  for (const detail::LossMeasure& each : detail::loss_measures) {
    if (!each.measured || each.name != selector.measure) continue;
    std::uint64_t sum = 0;
    for (const sim::LossRow& row : facts_.result.losses.rows()) {
      sum += each.has(row) && meant(detections.at(row.detection)) ? row.count : 0;
    }
    return {.known = true, .value = detail::whole(sum)};
  }
  return {};
}

RUSHHOUR_INLINE RunMetrics::Answer RunMetrics::of_run(const Selector& selector) const {
  const bool plain = selector.labels.empty() && selector.operation.empty();
  if (!plain || selector.window != Window::total) return {};
  for (const detail::RunMeasure& each : detail::all_run_measures()) {
    if (each.service != selector.service || each.name != selector.measure) continue;
    return {.known = true, .seconds = each.in_seconds, .value = each.of(facts_.result)};
  }
  if (const Answer found = of_delays(selector); found.known) return found;
  if (selector.service != "fleet" || selector.measure != "gb_seconds") return {};
  return {.known = true,
          .value = Ratio{facts_.result.fleet.billed_ms * facts_.memory_mb, std::uint64_t{1'000} * 1'024}};
}

/// Percentiles that are not listed: `delay.p99.9`.
RUSHHOUR_INLINE RunMetrics::Answer RunMetrics::of_delays(const Selector& selector) const {
  const sim::SimulationResult& result = facts_.result;
  const Histogram* const delays = selector.service == "delay"     ? &result.event_to_verdict
                                  : selector.service == "waiting" ? &result.arrival_to_verdict
                                                                  : nullptr;
  if (delays == nullptr || !detail::is_percentile(selector.measure)) return {};
  const auto share = detail::percentile_of(selector.measure);
  if (!share) return {};
  return {.known = true,
          .seconds = true,
          .value = detail::seconds(delays->percentile(*share), delays->count() > 0)};
}

RUSHHOUR_INLINE std::optional<Instant> RunMetrics::last_trouble() const {
  measure::Span trouble;
  for (std::size_t i = 0; i < api::detection_service_count; ++i) {
    const measure::Meter* const service = facts_.meters.find(api::to_text(static_cast<api::Service>(i)));
    if (service != nullptr && service->last_throttle) trouble.add(*service->last_throttle);
  }
  if (facts_.result.fleet.timed_out > 0) trouble.add(facts_.result.fleet.last_timeout);
  const bool after = trouble.last && facts_.trigger_end && *trouble.last > *facts_.trigger_end;
  return after ? trouble.last : std::nullopt;
}

RUSHHOUR_INLINE bool RunMetrics::recovered() const {
  const sim::SimulationResult& result = facts_.result;
  const std::optional<Instant> trouble = last_trouble();
  return (!trouble || *trouble < result.last_arrival) && result.delivery.dead_lettered == 0 &&
         result.delivery.unserved == 0;
}

RUSHHOUR_INLINE RunMetrics::Answer RunMetrics::of_recovery(const Selector& selector) const {
  const bool plain = selector.labels.empty() && selector.operation.empty();
  if (!facts_.trigger_end || !plain || selector.service != "recovery") return {};
  if (selector.window != Window::total) return {};
  if (selector.measure == "seconds") {
    const Instant end = *facts_.trigger_end;
    return {.known = true, .seconds = true, .value = detail::seconds(last_trouble().value_or(end) - end)};
  }
  if (selector.measure != "recovered") return {};
  return {.known = true, .value = detail::whole(recovered() ? 1 : 0)};
}

RUSHHOUR_INLINE void RunMetrics::list_run(std::vector<Selector>& out) const {
  const auto add = [&out](std::string_view service, std::string_view operation, std::string_view measure) {
    out.push_back({.service = std::string{service},
                   .operation = std::string{operation},
                   .measure = std::string{measure}});
  };
  for (const detail::OutcomeMeasure& each : detail::outcome_measures) add("detections", "", each.name);
  add("detections", "", detail::calls_per_alert_name);
  for (const detail::LossMeasure& each : detail::loss_measures) {
    if (each.measured) add(each.service, "", each.name);
  }
  for (const detail::RunMeasure& each : detail::all_run_measures()) add(each.service, "", each.name);
  add("fleet", "", "gb_seconds");
  for (const detail::StrategyMeasure& each : detail::all_strategy_measures()) {
    add(each.service, each.operation, each.name);
  }
  if (!facts_.trigger_end) return;
  add("recovery", "", "seconds");
  add("recovery", "", "recovered");
}

}  // namespace rushhour::scenario
