/// \file
/// Bodies of swept.hpp.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/report/swept.hpp>
#include <rushhour/scenario/expression.hpp>
#include <rushhour/scenario/metrics.hpp>

namespace rushhour::report {

namespace detail {

inline SweptService& swept_service(SweptRun& run, std::string_view service) {
  const auto found = std::find_if(run.services.begin(), run.services.end(),
                                  [&](const SweptService& each) { return each.service == service; });
  if (found != run.services.end()) return *found;
  run.services.push_back({.service = std::string{service}});
  return run.services.back();
}

inline std::optional<Ratio> swept_number(const scenario::Run& run, std::string_view selector) {
  return run.metrics->find(scenario::parse_selector(selector));
}

}  // namespace detail

RUSHHOUR_INLINE SweptRun swept(const scenario::Run& run, std::string value) {
  const auto count = [&run](std::string_view selector) {
    return detail::swept_number(run, selector).value_or(Ratio{}).of(1);
  };
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(run.result.end - run.scenario.start).count();
  SweptRun out{.value = std::move(value),
               .events = run.result.delivery.delivered,
               .seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0)),
               .processed = run.result.delivery.processed,
               .budgets_hold = run.budgets_hold(),
               .missed = count("detections.missed"),
               .degraded = count("detections.degraded"),
               .dead_lettered = run.result.delivery.dead_lettered,
               .p99_seconds = detail::swept_number(run, "delay.p99")};
  if (run.scenario.trigger) {
    out.recovered = run.metrics->recovered();
    out.recovery_seconds = detail::swept_number(run, "recovery.seconds");
  }
  for (const api::Operation* operation : scenario::all_operations()) {
    const measure::Meter* const meter = run.metrics->meter(*operation);
    if (meter == nullptr) continue;
    SweptService& service = detail::swept_service(out, api::to_text(operation->service));
    service.calls += meter->calls.total();
    service.attempts += meter->attempts.total();
    service.accepted += meter->accepted.total();
    service.throttled += meter->throttled.total();
    service.goodput += meter->goodput.total();
  }
  return out;
}

}  // namespace rushhour::report
