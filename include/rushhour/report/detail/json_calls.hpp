/// \file
/// What the services were asked, as JSON: operations, their curves, and how close each account came to its
/// limits.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/report/detail/json_values.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/site.hpp>

namespace rushhour::report::detail {

inline Json windows_json(const measure::Windows& windows) {
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

inline Json sliding_json(const std::optional<measure::Sliding>& sliding) {
  if (!sliding) return nullptr;
  Json out = Json::object();
  constexpr std::array<const char*, measure::sliding_sizes.size()> names{"any_1s", "any_10s", "any_60s"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const measure::SlidingPeak peak = sliding->peak(i);
    out[names[i]] =
        peak.count == 0 ? Json{{"count", 0}} : Json{{"count", peak.count}, {"end", instant_json(peak.end)}};
  }
  return out;
}

/// At most 60 buckets, so that a report stays readable: those of the series, several together where it has
/// more.
inline Json curve_json(const std::optional<measure::Series>& series) {
  constexpr std::size_t buckets_max = 60;
  if (!series || series->buckets().empty()) return nullptr;
  const std::vector<measure::Bucket>& buckets = series->buckets();
  const std::size_t together = (buckets.size() + buckets_max - 1) / buckets_max;
  Json attempts = Json::array();
  Json throttled = Json::array();
  for (std::size_t at = 0; at < buckets.size(); at += together) {
    measure::Bucket sum;
    for (std::size_t i = at; i < std::min(at + together, buckets.size()); ++i) sum.add(buckets[i]);
    attempts.push_back(sum.attempts);
    throttled.push_back(sum.throttled);
  }
  return {{"begin", instant_json(series->begin())},
          {"bucket_seconds", series->width().count() * static_cast<std::int64_t>(together)},
          {"attempts", std::move(attempts)},
          {"throttled", std::move(throttled)}};
}

inline Json outcomes_json(const measure::Counts& counts) {
  Json out = Json::object();
  for (std::size_t i = 0; i < outcome_count; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    if (counts.of(outcome) > 0) out[std::string{to_text(outcome)}] = counts.of(outcome);
  }
  return out;
}

inline Json limits_json(const scenario::Run& run, const api::Operation& operation) {
  Json out = Json::array();
  for (const scenario::Pressure& pressure : run.metrics->pressures(operation)) {
    const bool has_peak = pressure.peak > 0;
    out.push_back(
        {{"account", pressure.account},
         {"group", pressure.limit.group},
         {"limit", pressure.limit.limit},
         {"window_seconds", std::chrono::floor<std::chrono::seconds>(pressure.limit.window).count()},
         {"calendar_month", pressure.limit.calendar_month},
         {"burst", pressure.limit.burst == 0 ? pressure.limit.limit : pressure.limit.burst},
         {"scope", pressure.limit.scope},
         {"peak_attempts", pressure.peak},
         {"peak_begin", has_peak ? instant_json(pressure.peak_begin) : Json(nullptr)},
         {"utilisation", ratio_json(Ratio{pressure.peak, pressure.limit.limit})},
         {"headroom", ratio_json(pressure.headroom())},
         {"windows_over", pressure.windows_over},
         {"evidence", to_text(pressure.limit.evidence)},
         {"source", pressure.limit.source}});
  }
  return out;
}

inline Json operation_json(const scenario::Run& run, const api::Operation& operation,
                           const measure::Meter& meter) {
  return {{"service", api::to_text(operation.service)},
          {"operation", operation.name},
          {"calls", windows_json(meter.calls)},
          {"attempts", windows_json(meter.attempts)},
          {"sliding_attempts", sliding_json(meter.sliding)},
          {"accepted", windows_json(meter.accepted)},
          {"throttled", windows_json(meter.throttled)},
          {"goodput", windows_json(meter.goodput)},
          {"ok", meter.ok},
          {"errors", meter.errors},
          {"outcomes", outcomes_json(meter.counts)},
          {"wasted", meter.wasted()},
          {"amplification", ratio_json(meter.amplification())},
          {"first_throttle", instant_json(meter.first_throttle)},
          {"last_throttle", instant_json(meter.last_throttle)},
          {"seconds_throttled", meter.seconds_throttled.count()},
          {"longest_throttled_seconds", meter.seconds_throttled.longest_run()},
          {"limits", limits_json(run, operation)},
          {"curve", curve_json(meter.series)}};
}

inline Json operations_json(const scenario::Run& run) {
  Json out = Json::array();
  for (const api::Operation* operation : scenario::all_operations()) {
    if (const measure::Meter* meter = run.metrics->meter(*operation)) {
      out.push_back(operation_json(run, *operation, *meter));
    }
  }
  return out;
}

/// Who called what, where: the finest numbers that there are.
inline Json callers_json(const scenario::Run& run) {
  const Names& names = run.world->world.ledger.names();
  Json out = Json::array();
  for (const measure::Cell* cell : run.meters->cells()) {
    Json subjects = Json::object();
    for (std::size_t i = 0; i < address_class_count; ++i) {
      const bool is_lookup = names.text(cell->operation).starts_with("virustotal:");
      if (is_lookup && cell->subjects[i] > 0) {
        subjects[std::string{to_text(static_cast<AddressClass>(i))}] = cell->subjects[i];
      }
    }
    const rushhour::Site site = read_site(names.text(cell->site));
    out.push_back({{"detection", names.text(cell->detection)},
                   {"function", to_text(cell->function)},
                   {"operation", names.text(cell->operation)},
                   {"site", site.line},
                   {"rule_line", site.rule_line},
                   {"account", names.text(cell->account)},
                   {"calls", cell->counts.calls},
                   {"attempts", cell->counts.attempts()},
                   {"outcomes", outcomes_json(cell->counts)},
                   {"charged_by_address", std::move(subjects)}});
  }
  return out;
}

/// Quotas of a UTC day or month.
inline Json quotas_json(const scenario::Run& run) {
  Json out = Json::array();
  for (const scenario::QuotaUse& use : run.metrics->quota_uses()) {
    out.push_back({{"account", use.account},
                   {"service", use.limit.service},
                   {"group", use.limit.group},
                   {"limit", use.limit.limit},
                   {"window", use.limit.calendar_month ? "utc_month" : "utc_day"},
                   {"used", use.used},
                   {"windows_exhausted", use.windows_exhausted},
                   {"exhausted", instant_json(use.exhausted)},
                   {"projected", instant_json(use.projected)}});
  }
  return out;
}

}  // namespace rushhour::report::detail
