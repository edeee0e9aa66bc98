#pragma once

#include <algorithm>
#include <chrono>

#include <rushhour/report/detail/text_assumptions.hpp>
#include <rushhour/report/detail/text_budgets.hpp>
#include <rushhour/report/detail/text_calls.hpp>
#include <rushhour/report/detail/text_detections.hpp>
#include <rushhour/report/detail/text_losses.hpp>
#include <rushhour/report/detail/text_rules.hpp>
#include <rushhour/report/text.hpp>

namespace rushhour::report {

namespace detail {

RUSHHOUR_INLINE void event_rows(Table& table) {
  table.names();
  table.row("events", [](const Run& run) { return grouped(run.result.delivery.delivered); });
  table.row("first to last arrival", [](const Run& run) {
    return to_text(
        std::chrono::round<std::chrono::seconds>(run.result.last_arrival - run.result.first_arrival));
  });
}

RUSHHOUR_INLINE std::string table_of(std::span<const Run* const> runs) {
  Table table{runs};
  event_rows(table);
  for (const api::Operation* operation : scenario::all_operations()) {
    const bool called = std::any_of(
        runs.begin(), runs.end(), [&](const Run* run) { return run->metrics->meter(*operation) != nullptr; });
    if (called) operation_rows(table, *operation);
  }
  quota_rows(table);
  wasted_rows(table);
  const bool has_detections =
      std::any_of(runs.begin(), runs.end(), [](const Run* run) { return !run->scenario.detections.empty(); });
  if (has_detections) detection_rows(table);
  delay_rows(table);
  const bool queued =
      std::any_of(runs.begin(), runs.end(), [](const Run* run) { return run->scenario.engine.queued; });
  if (queued) fleet_rows(table);
  cache_rows(table);
  thrift_rows(table);
  feedback_rows(table);
  cost_rows(table);
  recovery_rows(table);
  return table.take();
}

}  // namespace detail

RUSHHOUR_INLINE std::string text(std::span<const scenario::Run* const> runs, const TextOptions& options) {
  std::string out;
  for (const scenario::Run* run : runs) {
    out += detail::headline_of(*run, options);
    if (options.brief) out += detail::broken_budgets_of(*run, options);
  }
  if (options.brief) return out;
  if (!runs.empty()) out += '\n' + detail::assumptions_of(runs);
  for (std::size_t at = 0; at < runs.size(); at += detail::columns_max) {
    out += detail::table_of(runs.subspan(at, std::min(detail::columns_max, runs.size() - at)));
  }
  for (const scenario::Run* run : runs) out += detail::rules_of(*run);
  for (const scenario::Run* run : runs) out += detail::losses_of(*run) + detail::damage_of(*run);
  for (const scenario::Run* run : runs) out += detail::budgets_of(*run, options) + detail::replay_of(*run);
  return out;
}

}  // namespace rushhour::report
