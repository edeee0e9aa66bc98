#pragma once

#include <nlohmann/json.hpp>

#include <rushhour/detail/hex.hpp>
#include <rushhour/report/json.hpp>

namespace rushhour::report {

namespace detail {

using Json = nlohmann::ordered_json;

RUSHHOUR_INLINE Json instant_json(Instant instant) { return to_iso8601(instant, Precision::nanoseconds); }

/// 64 bits as text, because many readers of JSON keep only 53 of a number.
RUSHHOUR_INLINE Json hexadecimal_json(std::uint64_t value) {
  std::string out;
  rushhour::detail::append_hex(out, value);
  return out;
}

RUSHHOUR_INLINE Json ratio_json(const std::optional<Ratio>& ratio) {
  if (!ratio) return nullptr;
  const Ratio reduced = ratio->reduced();
  return Json::array({reduced.numerator, reduced.denominator});
}

RUSHHOUR_INLINE Json windows_json(const measure::Windows& windows) {
  Json out;
  out["total"] = windows.total();
  constexpr std::array<const char*, measure::window_sizes.size()> names{
      "peak_per_second", "peak_per_10s", "peak_per_minute", "peak_per_hour", "peak_per_day"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const measure::Peak peak = windows.peak(i);
    out[names[i]] = peak.count == 0 ? Json{{"count", 0}}
                                    : Json{{"count", peak.count}, {"begin", instant_json(peak.begin)}};
  }
  return out;
}

RUSHHOUR_INLINE Json limits_json(const scenario::Run& run, const api::Operation& operation) {
  Json out = Json::array();
  for (const scenario::Pressure& pressure : run.metrics->pressures(operation)) {
    Json row{{"limit", pressure.limit.limit},
             {"window_seconds", std::chrono::floor<std::chrono::seconds>(pressure.limit.window).count()},
             {"calendar_month", pressure.limit.calendar_month},
             {"burst", pressure.limit.burst == 0 ? pressure.limit.limit : pressure.limit.burst},
             {"scope", pressure.limit.scope},
             {"peak_attempts", pressure.peak},
             {"headroom", ratio_json(pressure.headroom())},
             {"evidence", limit::to_text(pressure.limit.evidence)},
             {"source", pressure.limit.source}};
    out.push_back(std::move(row));
  }
  return out;
}

RUSHHOUR_INLINE Json operation_json(const scenario::Run& run, const api::Operation& operation,
                                    const measure::Meter& meter) {
  return {{"service", api::to_text(operation.service)},
          {"operation", operation.name},
          {"calls", windows_json(meter.calls)},
          {"attempts", windows_json(meter.attempts)},
          {"accepted", windows_json(meter.accepted)},
          {"throttled", windows_json(meter.throttled)},
          {"ok", meter.ok},
          {"errors", meter.errors},
          {"amplification", ratio_json(meter.amplification())},
          {"first_throttle", meter.first_throttle ? instant_json(*meter.first_throttle) : Json(nullptr)},
          {"limits", limits_json(run, operation)}};
}

RUSHHOUR_INLINE Json run_json(const scenario::Run& run) {
  Json out{{"scenario", run.scenario.name},
           {"scenario_digest", hexadecimal_json(run.scenario.document_digest)},
           {"seed", run.scenario.seed},
           {"start", instant_json(run.scenario.start)},
           {"duration_seconds", std::chrono::floor<std::chrono::seconds>(run.scenario.duration).count()},
           {"events", run.result.events},
           {"workers", run.scenario.workers},
           {"first_arrival", run.result.events == 0 ? Json(nullptr) : instant_json(run.result.first_arrival)},
           {"last_arrival", run.result.events == 0 ? Json(nullptr) : instant_json(run.result.last_arrival)},
           {"end", instant_json(run.result.end)},
           {"longest_wait_nanoseconds", run.result.waiting.max.count()},
           {"digest", run.digest}};
  out["operations"] = Json::array();
  for (const api::Operation* operation : scenario::all_operations()) {
    if (const measure::Meter* meter = run.metrics->meter(*operation)) {
      out["operations"].push_back(operation_json(run, *operation, *meter));
    }
  }
  out["detections"] = Json::array();
  for (const sim::Outcomes& outcomes : run.result.detections) {
    out["detections"].push_back({{"name", outcomes.detection},
                                 {"events", outcomes.events},
                                 {"alerts", outcomes.alerts},
                                 {"intact", outcomes.intact},
                                 {"degraded", outcomes.degraded},
                                 {"missed", outcomes.missed},
                                 {"calls", outcomes.logical_calls},
                                 {"first_error", outcomes.first_error},
                                 {"first_error_event", outcomes.first_error_event}});
  }
  out["budgets"] = Json::array();
  for (const scenario::JudgedBudget& budget : run.budgets) {
    out["budgets"].push_back({{"expr", budget.plan.budget.text},
                              {"why", budget.plan.why},
                              {"holds", budget.verdict.holds},
                              {"never_called", budget.verdict.never_called},
                              {"measured", ratio_json(budget.verdict.measured)},
                              {"bound", ratio_json(budget.verdict.bound)}});
  }
  out["damaged_records"] = run.damaged_records;
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE std::string json(std::span<const scenario::Run* const> runs) {
  detail::Json out{{"format", "rushhour.report/1"}};
  out["runs"] = detail::Json::array();
  for (const scenario::Run* run : runs) out["runs"].push_back(detail::run_json(*run));
  // Names of files and texts of errors may hold any bytes.
  return out.dump(2, ' ', false, detail::Json::error_handler_t::replace) + "\n";
}

}  // namespace rushhour::report
