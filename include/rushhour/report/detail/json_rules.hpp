/// \file
/// Elastic's rules in a JSON report.
#pragma once

#include <string>

#include <rushhour/report/detail/json_values.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::report::detail {

inline Json score_json(const elastic::Scored& score) {
  return {{"detection", score.detection},
          {"firsts", score.firsts},
          {"found", score.found},
          {"late", score.late},
          {"missed", score.missed()},
          {"alerts", score.alerts},
          {"duplicates", score.duplicates},
          {"not_truly_new", score.not_truly_new},
          {"recall", ratio_json(score.recall())},
          {"precision", ratio_json(score.precision())},
          {"delay_nanoseconds", histogram_json(score.delay)},
          {"reads", score.costs.reads},
          {"writes", score.costs.writes},
          {"state_bytes_max", score.costs.bytes_max}};
}

inline Json rule_json(const scenario::RuleResult& rule) {
  Json exceptions = Json::array();
  for (const elastic::ExceptionCounts& exception : rule.exceptions) {
    exceptions.push_back({{"item", exception.item},
                          {"documents", exception.documents},
                          {"alerts_removed", exception.alerts},
                          {"firsts_hidden", exception.firsts}});
  }
  Json beside = Json::array();
  for (const elastic::Scored& other : rule.beside) beside.push_back(score_json(other));
  return {{"name", rule.name},
          {"fields", rule.fields},
          {"events", rule.passages.events},
          {"matched", rule.passages.matched},
          {"excepted", rule.passages.excepted},
          {"without_terms", rule.passages.without_terms},
          {"runs", rule.runs.runs},
          {"runs_truncated", rule.runs.truncated},
          {"runs_behind_a_gap", rule.runs.with_gap},
          {"gaps_seconds", std::chrono::ceil<std::chrono::seconds>(rule.runs.gaps).count()},
          {"catch_up_tuples", rule.runs.catch_ups},
          {"searches", rule.runs.searches},
          {"searches_max", rule.runs.searches_max},
          {"score", score_json(rule.score)},
          {"beside", std::move(beside)},
          {"exceptions", std::move(exceptions)}};
}

inline Json rules_json(const scenario::Run& run) {
  Json out = Json::array();
  for (const scenario::RuleResult& rule : run.rules) out.push_back(rule_json(rule));
  return out;
}

/// Null without rules.
inline Json searches_json(const scenario::Run& run) {
  if (!run.searches) return nullptr;
  const scenario::SearchLoad& load = *run.searches;
  return {{"total", load.searches},
          {"peak_per_minute", load.peak_per_minute},
          {"peak_begin", instant_json(load.peak_begin)},
          {"limit_per_minute", load.limit_per_minute ? Json(*load.limit_per_minute) : Json(nullptr)},
          {"refused", load.refused}};
}

/// Adds what went wrong with the rules of a run.
inline void append_findings(Json& out, const scenario::Run& run) {
  for (const scenario::RuleResult& rule : run.rules) {
    for (const elastic::Finding& finding : rule.findings) {
      Json examples = Json::array();
      for (const elastic::Finding::Example& example : finding.examples) {
        examples.push_back(
            {{"event", example.document}, {"time", instant_json(example.time)}, {"terms", example.terms}});
      }
      out.push_back({{"scenario", run.scenario.name},
                     {"rule", rule.name},
                     {"kind", to_text(finding.kind)},
                     {"cause", to_text(finding.cause)},
                     {"count", finding.count},
                     {"advice", advice(finding.cause)},
                     {"examples", std::move(examples)}});
    }
  }
}

}  // namespace rushhour::report::detail
