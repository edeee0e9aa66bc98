#pragma once

#include <utility>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/scenario/metrics.hpp>

namespace rushhour::scenario {

namespace detail {

/// A measure that has windows, by name.
struct WindowedMeasure {
  std::string_view name;
  const measure::Windows& (*of)(const measure::Meter&);
};
inline constexpr std::array<WindowedMeasure, 4> windowed_measures{{
    {"calls", [](const measure::Meter& meter) -> const measure::Windows& { return meter.calls; }},
    {"attempts", [](const measure::Meter& meter) -> const measure::Windows& { return meter.attempts; }},
    {"accepted", [](const measure::Meter& meter) -> const measure::Windows& { return meter.accepted; }},
    {"throttled", [](const measure::Meter& meter) -> const measure::Windows& { return meter.throttled; }},
}};

/// A measure that is one number.
struct TotalMeasure {
  std::string_view name;
  std::optional<Ratio> (*of)(const measure::Meter&);
};
inline constexpr std::array<TotalMeasure, 3> total_measures{{
    {"ok",
     [](const measure::Meter& meter) {
       return std::optional{Ratio{meter.ok, 1}};
     }},
    {"errors",
     [](const measure::Meter& meter) {
       return std::optional{Ratio{meter.errors, 1}};
     }},
    {"amplification", [](const measure::Meter& meter) { return meter.amplification(); }},
}};

struct OutcomeMeasure {
  std::string_view name;
  std::uint64_t sim::Outcomes::*of;
};
inline constexpr std::array<OutcomeMeasure, 6> outcome_measures{{
    {"events", &sim::Outcomes::events},
    {"alerts", &sim::Outcomes::alerts},
    {"intact", &sim::Outcomes::intact},
    {"degraded", &sim::Outcomes::degraded},
    {"missed", &sim::Outcomes::missed},
    {"calls", &sim::Outcomes::logical_calls},
}};

/// The index in measure::window_sizes of each window but `total`.
inline constexpr std::array<std::pair<Window, std::size_t>, 4> window_indices{
    {{Window::per_second, 0}, {Window::per_10s, 1}, {Window::per_minute, 2}, {Window::per_hour, 3}}};

RUSHHOUR_INLINE std::optional<std::size_t> window_index(Window window) {
  for (const auto& [known, at] : window_indices) {
    if (known == window) return at;
  }
  return std::nullopt;
}

template <class... Ops>
void append_rows(std::vector<const api::Operation*>& out, api::Operations<Ops...> /*operations*/) {
  (out.push_back(&api::operation_of<Ops>), ...);
}

RUSHHOUR_INLINE std::vector<const api::Operation*> operations_named(const Selector& selector) {
  std::vector<const api::Operation*> out;
  for (const api::Operation* operation : all_operations()) {
    if (api::to_text(operation->service) != selector.service) continue;
    if (selector.operation.empty() || operation->name == selector.operation) out.push_back(operation);
  }
  return out;
}

RUSHHOUR_INLINE std::string meter_name(const Selector& selector) {
  return selector.operation.empty() ? selector.service : selector.service + ":" + selector.operation;
}

RUSHHOUR_INLINE std::optional<Ratio> read_meter(const measure::Meter& meter, const Selector& selector) {
  for (const WindowedMeasure& measure : windowed_measures) {
    if (measure.name != selector.measure) continue;
    const auto at = window_index(selector.window);
    return Ratio{at ? measure.of(meter).peak(*at).count : measure.of(meter).total(), 1};
  }
  for (const TotalMeasure& measure : total_measures) {
    if (measure.name == selector.measure && selector.window == Window::total) return measure.of(meter);
  }
  return std::nullopt;
}

}  // namespace detail

RUSHHOUR_INLINE std::vector<const api::Operation*> all_operations() {
  std::vector<const api::Operation*> out;
  detail::append_rows(out, api::OperationsOf<api::Service::sts>::Type{});
  detail::append_rows(out, api::OperationsOf<api::Service::secretsmanager>::Type{});
  detail::append_rows(out, api::OperationsOf<api::Service::virustotal>::Type{});
  return out;
}

RUSHHOUR_INLINE std::optional<Ratio> RunMetrics::find(const Selector& selector) const {
  if (selector.service == "detections") {
    if (!selector.operation.empty() || selector.window != Window::total) return std::nullopt;
    for (const detail::OutcomeMeasure& measure : detail::outcome_measures) {
      if (measure.name != selector.measure) continue;
      std::uint64_t sum = 0;
      for (const sim::Outcomes& outcomes : detections_) sum += outcomes.*measure.of;
      return Ratio{sum, 1};
    }
    return std::nullopt;
  }
  if (detail::operations_named(selector).empty()) return std::nullopt;
  const measure::Meter* meter = meters_.find(detail::meter_name(selector));
  return detail::read_meter(meter == nullptr ? measure::Meter{} : *meter, selector);
}

RUSHHOUR_INLINE std::optional<Ratio> RunMetrics::limit(const Selector& selector) const {
  const auto at = detail::window_index(selector.window);
  if (!at) return std::nullopt;
  std::optional<Ratio> found;
  for (const api::Operation* operation : detail::operations_named(selector)) {
    for (const Pressure& pressure : pressures(*operation)) {
      if (pressure.limit.calendar_month || pressure.limit.window != measure::window_sizes[*at]) continue;
      const Ratio limit{pressure.limit.limit, 1};
      if (found && !(*found == limit)) return std::nullopt;  // several groups: name the operation
      found = limit;
    }
  }
  return found;
}

RUSHHOUR_INLINE std::vector<std::string> RunMetrics::known() const {
  std::vector<Selector> selectors;
  const auto add_all = [&](const std::string& service, const std::string& operation) {
    for (const detail::WindowedMeasure& measure : detail::windowed_measures) {
      selectors.push_back({.service = service, .operation = operation, .measure = std::string{measure.name}});
      for (const auto& [window, at] : detail::window_indices) {
        selectors.push_back({.service = service,
                             .operation = operation,
                             .measure = std::string{measure.name},
                             .window = window,
                             .aggregate = Aggregate::max});
      }
    }
    for (const detail::TotalMeasure& measure : detail::total_measures) {
      selectors.push_back({.service = service, .operation = operation, .measure = std::string{measure.name}});
    }
  };
  for (const detail::OutcomeMeasure& measure : detail::outcome_measures) {
    selectors.push_back({.service = "detections", .measure = std::string{measure.name}});
  }
  std::string_view service;
  for (const api::Operation* operation : all_operations()) {
    if (std::exchange(service, api::to_text(operation->service)) != api::to_text(operation->service)) {
      add_all(std::string{service}, "");
    }
    add_all(std::string{service}, std::string{operation->name});
  }
  std::vector<std::string> out;
  out.reserve(selectors.size());
  for (const Selector& selector : selectors) out.push_back(to_text(selector));
  return out;
}

RUSHHOUR_INLINE bool RunMetrics::never_called(const Selector& selector) const {
  return selector.service != "detections" && meters_.find(detail::meter_name(selector)) == nullptr;
}

RUSHHOUR_INLINE const measure::Meter* RunMetrics::charged_meter(const api::Operation& operation,
                                                                const limit::Profile& row) const {
  for (const api::Operation* other : all_operations()) {
    const bool beside = other->service == operation.service && meter(*other) != nullptr;
    if (beside && !limit::profiles::covers(row, other->name)) return meter(operation);
  }
  return meter(operation) == nullptr ? nullptr : meters_.find(api::to_text(operation.service));
}

RUSHHOUR_INLINE std::vector<Pressure> RunMetrics::pressures(const api::Operation& operation) const {
  const auto service = static_cast<std::size_t>(operation.service);
  std::vector<Pressure> out;
  for (const limit::Profile& row :
       world_.service(operation.service).quotas().rows_for(accounts_[service], operation)) {
    Pressure pressure{.limit = row};
    if (const measure::Meter* charged = charged_meter(operation, row)) {
      // A UTC month has no window of its own: what the run made in all is what it used of it.
      pressure.peak = charged->attempts.total();
      for (std::size_t at = 0; at < measure::window_sizes.size(); ++at) {
        if (row.calendar_month || row.window != measure::window_sizes[at]) continue;
        pressure.peak = charged->attempts.peak(at).count;
        pressure.peak_begin = charged->attempts.peak(at).begin;
      }
    }
    out.push_back(pressure);
  }
  return out;
}

}  // namespace rushhour::scenario
