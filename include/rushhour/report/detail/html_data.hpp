/// \file
/// What the page's script reads beside the report: curves, the baseline, and runs with other values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/measure/timeline.hpp>
#include <rushhour/report/detail/json_values.hpp>
#include <rushhour/report/page_parts.hpp>
#include <rushhour/report/swept.hpp>
#include <rushhour/scenario/baseline.hpp>

namespace rushhour::report::detail {

/// Numbers with spaces between, one that is there several times in a row as `VALUExTIMES`: limits, and hours
/// in which nothing happens, take no room.
inline std::string run_lengths(const std::vector<std::uint64_t>& values) {
  std::string out;
  for (std::size_t at = 0; at < values.size();) {
    std::size_t end = at + 1;
    while (end < values.size() && values[end] == values[at]) ++end;
    if (!out.empty()) out += ' ';
    out += std::to_string(values[at]);
    if (end - at > 1) out += 'x' + std::to_string(end - at);
    at = end;
  }
  return out;
}

inline Json timeline_json(const std::optional<measure::Timeline>& timeline) {
  if (!timeline) return nullptr;
  Json curves = Json::array();
  for (const measure::Curve& curve : timeline->curves) {
    curves.push_back({{"name", curve.name}, {"unit", curve.unit}, {"values", run_lengths(curve.values)}});
  }
  return {{"begin", instant_json(timeline->begin)},
          {"width_nanoseconds", timeline->width.count()},
          {"stretches", timeline->stretches},
          {"curves", std::move(curves)}};
}

/// Both trails on one axis of time, `before` and `after` empty where nothing was decided.
inline Json trails_json(const PageComparison& comparison) {
  struct Decisions {
    std::string before{};
    std::string after{};
  };
  std::map<std::string, Decisions> both;  // ISO 8601 sorts by time
  for (const scenario::BaselineStretch& each : comparison.before.trail)
    both[each.begin].before = each.decisions;
  for (const scenario::BaselineStretch& each : comparison.after.trail)
    both[each.begin].after = each.decisions;
  Json out = Json::array();
  for (const auto& [begin, decisions] : both) {
    out.push_back({{"begin", begin}, {"before", decisions.before}, {"after", decisions.after}});
  }
  return out;
}

inline std::string_view kind_text(scenario::Comparison::Kind kind) {
  switch (kind) {
    case scenario::Comparison::Kind::identical:
      return "identical";
    case scenario::Comparison::Kind::changed:
      return "changed";
    case scenario::Comparison::Kind::incomparable:
      break;
  }
  return "incomparable";
}

inline Json comparison_json(const PageComparison& comparison) {
  Json changes = Json::array();
  for (const scenario::Change& each : comparison.found.changes) {
    changes.push_back({{"name", each.name}, {"before", each.before}, {"after", each.after}});
  }
  Json divergence = nullptr;
  if (const auto& found = comparison.found.divergence) {
    divergence = {{"begin", found->begin}, {"before", found->before}, {"after", found->after}};
  }
  return {{"file", comparison.file},
          {"kind", kind_text(comparison.found.kind)},
          {"changes", std::move(changes)},
          {"divergence", std::move(divergence)},
          {"trail", trails_json(comparison)}};
}

inline Json swept_json(const SweptRun& run) {
  Json services = Json::array();
  for (const SweptService& each : run.services) {
    services.push_back({{"service", each.service},
                        {"calls", each.calls},
                        {"attempts", each.attempts},
                        {"accepted", each.accepted},
                        {"throttled", each.throttled},
                        {"goodput", each.goodput}});
  }
  return {{"value", run.value},
          {"as_it_is", run.as_it_is},
          {"events", run.events},
          {"seconds", run.seconds},
          {"processed", run.processed},
          {"budgets_hold", run.budgets_hold},
          {"missed", run.missed},
          {"degraded", run.degraded},
          {"dead_lettered", run.dead_lettered},
          {"p99_seconds", ratio_json(run.p99_seconds)},
          {"recovered", run.recovered ? Json(*run.recovered) : Json(nullptr)},
          {"recovery_seconds", ratio_json(run.recovery_seconds)},
          {"services", std::move(services)}};
}

inline Json sweeps_json(const PageSweeps& sweeps) {
  Json out{{"demand", Json::array()}, {"policies", Json::array()}};
  for (const SweptRun& each : sweeps.demand) out["demand"].push_back(swept_json(each));
  for (const SweptRun& each : sweeps.policies) out["policies"].push_back(swept_json(each));
  return out;
}

}  // namespace rushhour::report::detail
