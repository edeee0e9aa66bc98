#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

#include <rushhour/report/detail/json_calls.hpp>
#include <rushhour/report/detail/json_events.hpp>
#include <rushhour/report/detail/json_rules.hpp>
#include <rushhour/report/detail/json_values.hpp>
#include <rushhour/report/json.hpp>
#include <rushhour/scenario/assumptions.hpp>
#include <rushhour/scenario/run_cost.hpp>

namespace rushhour::report {

namespace detail {

RUSHHOUR_INLINE Json culprits_json(const scenario::JudgedBudget& budget) {
  Json out = Json::array();
  for (const scenario::Culprit& culprit : budget.culprits) {
    out.push_back({{"detection", culprit.detection},
                   {"function", to_text(culprit.function)},
                   {"operation", culprit.operation},
                   {"site", culprit.site},
                   {"rule_line", culprit.rule_line},
                   {"count", culprit.count},
                   {"share", ratio_json(culprit.share)}});
  }
  return out;
}

/// Of each term, where there are several.
RUSHHOUR_INLINE Json terms_json(const scenario::JudgedBudget& budget) {
  Json out = Json::array();
  for (std::size_t i = 0; i < budget.verdict.terms.size(); ++i) {
    const scenario::TermVerdict& term = budget.verdict.terms[i];
    out.push_back({{"expr", budget.plan.budget.text_of(i)},
                   {"holds", term.holds},
                   {"never_called", term.never_called},
                   {"measured", ratio_json(term.measured)},
                   {"bound", ratio_json(term.bound)}});
  }
  return out;
}

/// Null when none was looked for, or none found.
RUSHHOUR_INLINE Json fix_json(const std::optional<scenario::Fix>& fix) {
  if (!fix) return nullptr;
  Json settings = Json::array();
  for (const scenario::Setting& setting : fix->settings)
    settings.push_back(setting.path + '=' + setting.value);
  return {{"settings", std::move(settings)}, {"text", fix->text}, {"costs", fix->costs}};
}

RUSHHOUR_INLINE Json budgets_json(const scenario::Run& run) {
  Json out = Json::array();
  for (const scenario::JudgedBudget& budget : run.budgets) {
    out.push_back({{"expr", budget.plan.budget.text},
                   {"why", budget.plan.why},
                   {"level", to_text(budget.plan.budget.level)},
                   {"holds", budget.verdict.holds},
                   {"never_called", budget.verdict.never_called},
                   {"measured", ratio_json(budget.verdict.measured)},
                   {"bound", ratio_json(budget.verdict.bound)},
                   {"culprits", culprits_json(budget)},
                   {"fix", fix_json(budget.fix)}});
    if (budget.verdict.terms.size() > 1) out.back()["terms"] = terms_json(budget);
  }
  return out;
}

RUSHHOUR_INLINE Json cost_json(const scenario::Run& run) {
  Json out = Json::array();
  for (const scenario::CostLine& line : scenario::cost(run)) {
    out.push_back(
        {{"name", line.name}, {"amount", ratio_json(line.amount)}, {"unit", line.unit}, {"how", line.how}});
  }
  return out;
}

RUSHHOUR_INLINE Json assumptions_json(const scenario::Run& run) {
  Json out = Json::array();
  for (const scenario::Assumption& each : scenario::assumptions(run)) {
    out.push_back({{"name", each.name}, {"value", each.value}, {"tag", each.tag}, {"source", each.source}});
  }
  return out;
}

/// What ran, in which the rest is what came of it.
RUSHHOUR_INLINE Json head_json(const scenario::Run& run) {
  const bool any = run.result.delivery.delivered > 0;
  return {{"scenario", run.scenario.name},
          {"scenario_digest", hexadecimal_json(run.scenario.document_digest)},
          {"seed", run.scenario.seed},
          {"start", instant_json(run.scenario.start)},
          {"duration_seconds", std::chrono::floor<std::chrono::seconds>(run.scenario.duration).count()},
          {"engine", run.scenario.engine.profile},
          {"queued", run.scenario.engine.queued},
          {"first_arrival", any ? instant_json(run.result.first_arrival) : Json(nullptr)},
          {"last_arrival", any ? instant_json(run.result.last_arrival) : Json(nullptr)},
          {"end", instant_json(run.result.end)},
          {"digest", run.digest}};
}

RUSHHOUR_INLINE Json run_json(const scenario::Run& run) {
  Json out = head_json(run);
  if (run.interrupted) out["interrupted"] = true;
  for (const scenario::Setting& setting : run.scenario.settings)
    out["settings"].push_back(setting.path + '=' + setting.value);
  out["events"] = delivery_json(run.result.delivery);
  out["damaged_records"] = run.damaged_records;
  out["waiting"] = waiting_json(run.result.waiting);
  out["event_to_verdict_nanoseconds"] = histogram_json(run.result.event_to_verdict);
  out["arrival_to_verdict_nanoseconds"] = histogram_json(run.result.arrival_to_verdict);
  out["operations"] = operations_json(run);
  out["callers"] = callers_json(run);
  out["quotas"] = quotas_json(run);
  out["detections"] = detections_json(run);
  out["rules"] = rules_json(run);
  out["searches"] = searches_json(run);
  out["losses"] = losses_json(run);
  out["queue"] = queue_json(run);
  out["fleet"] = fleet_json(run);
  out["feedback"] = feedback_json(run);
  out["recovery"] = recovery_json(run);
  out["cost"] = cost_json(run);
  out["budgets"] = budgets_json(run);
  out["assumptions"] = assumptions_json(run);
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE std::string json(std::span<const scenario::Run* const> runs) {
  detail::Json out{{"format", "rushhour.report/1"}};
  out["runs"] = detail::Json::array();
  for (const scenario::Run* run : runs) out["runs"].push_back(detail::run_json(*run));
  out["findings"] = detail::Json::array();
  for (const scenario::Run* run : runs) detail::append_findings(out["findings"], *run);
  // Names of files and texts of errors may hold any bytes.
  return out.dump(2, ' ', false, detail::Json::error_handler_t::replace) + "\n";
}

}  // namespace rushhour::report
