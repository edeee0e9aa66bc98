/// \file
/// Bodies of metrics.hpp that are about services: calls, limits and quotas.
#pragma once

#include <algorithm>
#include <utility>

#include <rushhour/detail/wide.hpp>
#include <rushhour/scenario/detail/metrics_rows.hpp>
#include <rushhour/scenario/metrics.hpp>

namespace rushhour::scenario {

namespace detail {

[[nodiscard]] inline bool is_named(const api::Operation& operation, const Selector& selector) {
  return api::to_text(operation.service) == selector.service &&
         (selector.operation.empty() || operation.name == selector.operation);
}

[[nodiscard]] inline std::vector<const api::Operation*> operations_named(const Selector& selector) {
  std::vector<const api::Operation*> out;
  for (const api::Operation* operation : all_operations()) {
    if (is_named(*operation, selector)) out.push_back(operation);
  }
  return out;
}

/// Whether a service limits how many calls there are. DynamoDB limits the units that they use up.
[[nodiscard]] constexpr bool has_call_limits(api::Service service) {
  return service != api::Service::dynamodb;
}

/// Whom an operation of this account is charged to: the account, and the group that it is in.
[[nodiscard]] inline std::vector<measure::Limits> limits_for(fakes::World& world,
                                                             const api::Operation& operation, Name account) {
  const fakes::Quotas& quotas = world.service(operation.service).quotas();
  std::vector<measure::Limits> out{{account, quotas.own_rows_for(account, operation)}};
  if (const auto group = quotas.group_of(account)) {
    out.push_back({*group, quotas.own_rows_for(*group, operation)});
  }
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE measure::Meters::LimitsOf limits_of(fakes::World& world) {
  return [&world](Name name, Name account) -> std::vector<measure::Limits> {
    const std::string_view text = world.ledger.names().text(name);
    for (const api::Operation* operation : all_operations()) {
      if (api::to_text(*operation) == text) return detail::limits_for(world, *operation, account);
    }
    return {};
  };
}

RUSHHOUR_INLINE bool RunMetrics::is_of_service(const Selector& selector) {
  return !detail::operations_named(selector).empty();
}

RUSHHOUR_INLINE RunMetrics::Answer RunMetrics::of_service(const Selector& selector) const {
  if (!is_of_service(selector)) return {};
  const Who whose = who(selector);
  if (!whose.known) return {};
  Answer out = selector.window == Window::total ? of_totals(selector, whose) : of_windows(selector, whose);
  if (!out.known) out = of_watches(selector);
  if (meters_of(selector) == nullptr) out.value.reset();
  return out;
}

RUSHHOUR_INLINE RunMetrics::Answer RunMetrics::of_totals(const Selector& selector, const Who& whose) const {
  if (const Answer found = of_charges(selector, whose); found.known) return found;
  for (const detail::MeterMeasure& each : detail::meter_measures) {
    if (each.name != selector.measure) continue;
    if (whose.function != Function{} || whose.labels > 1) return {};
    const measure::Meter* const meter = part(selector, whose);
    return {.known = true,
            .seconds = true,
            .value = detail::whole(meter == nullptr ? 0 : each.of_seconds(*meter))};
  }
  const measure::Cell cell = sum(selector, whose);
  if (selector.measure == detail::amplification_name) {
    return {.known = true, .value = cell.counts.amplification()};
  }
  const detail::CellCount count = detail::count_of(selector.service, selector.measure);
  if (!count) return {};
  return {.known = true, .value = detail::whole(count(cell))};
}

/// What the meters hold of windows. The rest is watched: metrics_watches_inl.hpp.
RUSHHOUR_INLINE RunMetrics::Answer RunMetrics::of_windows(const Selector& selector, const Who& whose) const {
  if (whose.function != Function{} || whose.labels > 1) return {};
  const measure::Meter* const meter = part(selector, whose);
  for (const detail::AlignedWindow& window : detail::sliding_windows) {
    if (window.window != selector.window || selector.range) continue;
    const bool key = whose.account != Name{} && selector.service == api::to_text(api::Service::virustotal);
    const bool kept = (whose.labels == 0 || key) && selector.measure == detail::sliding_measure;
    if (!kept || selector.aggregate != Aggregate::max) return {};
    const bool any = meter != nullptr && meter->sliding;
    return {.known = true, .value = detail::whole(any ? meter->sliding->peak(window.size).count : 0)};
  }
  for (const detail::WindowedMeasure& each : detail::windowed_measures) {
    if (each.name != selector.measure) continue;
    for (const detail::AlignedWindow& window : detail::aligned_windows) {
      if (window.window != selector.window) continue;
      const measure::Windows counts = meter == nullptr ? measure::Windows{} : meter->*each.windows;
      if (selector.aggregate == Aggregate::max) {
        return {.known = true, .value = detail::whole(counts.peak(window.size).count)};
      }
      if (selector.aggregate != Aggregate::mean || selector.range) return {};
      return {.known = true, .value = mean(counts.total(), measure::window_sizes[window.size])};
    }
  }
  return {};
}

/// Per window on average over the run, from the first arrival until the last worker was done, in whole
/// milliseconds; nothing for a run of no length.
RUSHHOUR_INLINE std::optional<Ratio> RunMetrics::mean(std::uint64_t total, Duration window) const {
  using std::chrono::milliseconds;
  const auto length =
      std::chrono::ceil<milliseconds>(facts_.result.end - facts_.result.first_arrival).count();
  if (length <= 0) return std::nullopt;
  const auto each = static_cast<std::uint64_t>(std::chrono::floor<milliseconds>(window).count());
  return Ratio{total * each, static_cast<std::uint64_t>(length)};
}

RUSHHOUR_INLINE RunMetrics::Answer RunMetrics::of_charges(const Selector& selector, const Who& whose) const {
  const measure::Meters* const meters = meters_of(selector);
  for (const detail::ChargeMeasure& each : detail::charge_measures) {
    if (each.name != selector.measure) continue;
    if (whose.labels > (whose.account == Name{} ? 0U : 1U)) return {};
    if (meters == nullptr) return {.known = true, .seconds = each.in_seconds};
    const auto operation = facts_.world.ledger.names().find(detail::meter_name(selector));
    std::vector<const measure::Charge*> charges;
    for (const measure::Charge& charge : meters->charges()) {
      const auto& called = charge.operations;
      if (charge.rows.front().service != selector.service) continue;
      if (whose.account != Name{} && charge.account != whose.account) continue;
      const bool charged = operation && std::find(called.begin(), called.end(), *operation) != called.end();
      if (selector.operation.empty() || charged) charges.push_back(&charge);
    }
    return {.known = true, .seconds = each.in_seconds, .value = each.of(charges)};
  }
  return {};
}

/// The meter of what is meant, where there is one: not by function, nor by several labels. Null when never
/// called.
RUSHHOUR_INLINE const measure::Meter* RunMetrics::part(const Selector& selector, const Who& whose) const {
  const measure::Meters* const meters = meters_of(selector);
  if (meters == nullptr) return nullptr;
  const Names& names = facts_.world.ledger.names();
  return meters->find(detail::meter_name(selector),
                      {.account = names.text(whose.account), .detection = whose.rule});
}

RUSHHOUR_INLINE measure::Cell RunMetrics::sum(const Selector& selector, const Who& whose) const {
  measure::Cell out;
  const std::string name = detail::meter_name(selector);
  for (const measure::Cell* cell : cells_of(selector)) {
    const std::string_view text = facts_.world.ledger.names().text(cell->operation);
    const bool meant = selector.operation.empty() ? text.substr(0, text.find(':')) == name : text == name;
    if (!meant || !whose.has(*cell)) continue;
    out.counts.add(cell->counts);
    for (std::size_t i = 0; i < out.subjects.size(); ++i) out.subjects[i] += cell->subjects[i];
  }
  return out;
}

RUSHHOUR_INLINE void RunMetrics::list_services(std::vector<Selector>& out) const {
  const auto add_all = [&](const std::string& service, const std::string& operation, bool is_charged) {
    const auto add = [&](std::string_view measure, Window window = Window::total,
                         Aggregate aggregate = Aggregate::none) {
      out.push_back({.service = service,
                     .operation = operation,
                     .measure = std::string{measure},
                     .window = window,
                     .aggregate = aggregate});
    };
    for (const detail::WindowedMeasure& each : detail::windowed_measures) {
      add(each.name);
      for (const Aggregate aggregate : {Aggregate::max, Aggregate::mean}) {
        for (const detail::AlignedWindow& window : detail::aligned_windows) {
          add(each.name, window.window, aggregate);
        }
      }
    }
    for (const detail::AlignedWindow& window : detail::sliding_windows) {
      add(detail::sliding_measure, window.window, Aggregate::max);
    }
    for (const detail::CountMeasure& each : detail::count_measures) add(each.name);
    add(detail::amplification_name);
    for (const detail::MeterMeasure& each : detail::meter_measures) add(each.name);
    if (is_charged) {
      for (const detail::ChargeMeasure& each : detail::charge_measures) add(each.name);
    }
    for (std::size_t i = 0; i < outcome_count; ++i) {
      if (static_cast<Outcome>(i) != Outcome::throttled) add(to_text(static_cast<Outcome>(i)));
    }
    if (service != api::to_text(api::Service::virustotal)) return;
    for (std::size_t i = 0; i < address_class_count; ++i) add(detail::subject_name(i));
    add(detail::wasted_lookups_name);
  };
  std::string_view service;
  for (const api::Operation* operation : all_operations()) {
    if (std::exchange(service, api::to_text(operation->service)) != api::to_text(operation->service)) {
      add_all(std::string{service}, "", detail::has_call_limits(operation->service));
    }
    // Calls without a signature cost no quota, and some are free.
    const bool is_charged = operation->is_signed && detail::has_call_limits(operation->service) &&
                            facts_.world.service(operation->service).quotas().charges(*operation);
    add_all(std::string{service}, std::string{operation->name}, is_charged);
  }
}

RUSHHOUR_INLINE std::optional<Ratio> RunMetrics::limit(const Selector& selector) const {
  const auto length = detail::length_of(selector);
  const Who whose = who(selector);
  if (!length || !whose.known) return std::nullopt;
  std::optional<Ratio> found;
  for (const api::Operation* operation : selector.operation.empty() ? usual_operations() : all_operations()) {
    if (!detail::is_named(*operation, selector)) continue;
    const std::vector<Name>& accounts = facts_.accounts[static_cast<std::size_t>(operation->service)];
    if (whose.account == Name{} && accounts.size() > 1) return std::nullopt;  // several keys: name one
    const Name account = whose.account != Name{} || accounts.empty() ? whose.account : accounts.front();
    for (const limit::Profile& row :
         facts_.world.service(operation->service).quotas().rows_for(account, *operation)) {
      if (row.calendar_month || row.window != *length) continue;
      const Ratio limit{row.limit, 1};
      if (found && !(*found == limit)) return std::nullopt;  // several groups: name the operation
      found = limit;
    }
  }
  return found;
}

RUSHHOUR_INLINE bool RunMetrics::never_called(const Selector& selector) const {
  if (!is_of_service(selector)) return false;
  return sum(selector, who(selector)).counts.attempts() == 0;
}

RUSHHOUR_INLINE std::vector<Pressure> RunMetrics::pressures(const api::Operation& operation) const {
  std::vector<Pressure> out;
  const Names& names = facts_.world.ledger.names();
  const auto name = names.find(api::to_text(operation));
  for (const measure::Charge& charge : facts_.meters.charges()) {
    const auto& called = charge.operations;
    if (!name || std::find(called.begin(), called.end(), *name) == called.end()) continue;
    for (const limit::Profile& row : charge.rows) {
      Pressure pressure{.limit = row, .account = names.text(charge.account), .peak = charge.attempts.total()};
      if (const auto size = detail::size_of(row)) {
        pressure.peak = charge.attempts.peak(*size).count;
        pressure.peak_begin = charge.attempts.peak(*size).begin;
        pressure.windows_over = charge.attempts.over(*size);
      }
      out.push_back(pressure);
    }
  }
  if (!out.empty() || meter(operation) != nullptr) return out;
  std::vector<Name> listed;
  for (const Name account : facts_.accounts[static_cast<std::size_t>(operation.service)]) {
    for (const measure::Limits& limits : detail::limits_for(facts_.world, operation, account)) {
      if (std::find(listed.begin(), listed.end(), limits.account) != listed.end()) continue;
      listed.push_back(limits.account);  // a group once, not for each of its keys
      for (const limit::Profile& row : limits.rows) {
        out.push_back({.limit = row, .account = names.text(limits.account)});
      }
    }
  }
  return out;
}

RUSHHOUR_INLINE std::vector<QuotaUse> RunMetrics::quota_uses() const {
  const sim::SimulationResult& result = facts_.result;
  std::vector<QuotaUse> out;
  for (const measure::Charge& charge : facts_.meters.charges()) {
    for (const measure::Exhaustion& each : charge.exhaustions) {
      QuotaUse use{.limit = each.row(),
                   .account = facts_.world.ledger.names().text(charge.account),
                   .used = each.used(result.end),
                   .windows_exhausted = each.windows(),
                   .exhausted = each.first()};
      if (!use.exhausted) use.projected = each.projected(result.first_arrival, result.end);
      out.push_back(use);
    }
  }
  return out;
}

}  // namespace rushhour::scenario
