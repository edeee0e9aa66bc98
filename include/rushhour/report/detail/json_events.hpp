/// \file
/// What became of the events, as JSON: detections, losses, delays, queue and fleet.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <rushhour/report/detail/json_values.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::report::detail {

inline Json cache_json(const detect::CacheCounts& counts) {
  return {{"hits", counts.hits},       {"cold", counts.cold},     {"expired", counts.expired},
          {"evicted", counts.evicted}, {"reload", counts.reload}, {"reset", counts.reset}};
}

/// How many of a detection's losses have this kind, and of these those after a throttle.
inline std::uint64_t losses_of_detection(const sim::Losses& losses, std::size_t detection, sim::LossKind kind,
                                         Outcome outcome) {
  std::uint64_t sum = 0;
  for (const sim::LossRow& row : losses.rows()) {
    if (row.detection == detection && row.kind == kind && row.cause.outcome == outcome) sum += row.count;
  }
  return sum;
}

inline Json detection_json(const scenario::Run& run, std::size_t at) {
  const sim::Outcomes& outcomes = run.result.detections[at];
  const auto per_alert = [&]() -> std::optional<Ratio> {
    if (outcomes.alerts == 0) return std::nullopt;
    return Ratio{outcomes.logical_calls, outcomes.alerts};
  };
  const auto by_throttle = [&](sim::LossKind kind) {
    return losses_of_detection(run.result.losses, at, kind, Outcome::throttled);
  };
  return {{"name", outcomes.detection},
          {"events", outcomes.events},
          {"matches", outcomes.matches},
          {"intact", outcomes.intact},
          {"degraded", outcomes.degraded},
          {"degraded_by_throttle", by_throttle(sim::LossKind::degraded)},
          {"skipped", outcomes.skipped},
          {"without_context", outcomes.without_context},
          {"missed", outcomes.missed},
          {"missed_by_throttle", by_throttle(sim::LossKind::missed)},
          {"alerts", outcomes.alerts},
          {"duplicates", outcomes.duplicates},
          {"lost", outcomes.lost},
          {"calls", outcomes.logical_calls},
          {"calls_per_alert", ratio_json(per_alert())},
          {"clients_made", outcomes.clients_made},
          {"caches",
           {{"credentials", cache_json(outcomes.strategy.credentials)},
            {"secret", cache_json(outcomes.strategy.secret)},
            {"verdicts", cache_json(outcomes.strategy.verdicts)}}},
          {"skipped_private", outcomes.strategy.skipped_private},
          {"over_budget", outcomes.strategy.over_budget},
          {"lookups", outcomes.strategy.lookups},
          {"lookups_covered", outcomes.strategy.lookups_covered},
          {"staleness_mean_nanoseconds", outcomes.strategy.staleness_mean().count()},
          {"staleness_max_nanoseconds", outcomes.strategy.staleness_max.count()}};
}

inline Json detections_json(const scenario::Run& run) {
  Json out = Json::array();
  for (std::size_t at = 0; at < run.result.detections.size(); ++at) out.push_back(detection_json(run, at));
  return out;
}

inline Json losses_json(const scenario::Run& run) {
  constexpr std::size_t entries_max = 100;
  const sim::Losses& losses = run.result.losses;
  Json rows = Json::array();
  for (const sim::LossRow& row : losses.rows()) {
    rows.push_back({{"detection", run.result.detections[row.detection].detection},
                    {"kind", to_text(row.kind)},
                    {"function", to_text(row.cause.function)},
                    {"operation", row.cause.operation == nullptr ? "" : api::to_text(*row.cause.operation)},
                    {"outcome", to_text(row.cause.outcome)},
                    {"count", row.count},
                    {"first_event", row.first_event},
                    {"first_at", instant_json(row.first_at)},
                    {"first_error", row.first_error}});
  }
  Json entries = Json::array();
  for (std::size_t i = 0; i < std::min(losses.entries().size(), entries_max); ++i) {
    const sim::LossEntry& entry = losses.entries()[i];
    entries.push_back({{"event", entry.event}, {"at", instant_json(entry.at)}, {"row", entry.row}});
  }
  Json out = Json::object();
  for (std::size_t i = 0; i < sim::loss_kind_count; ++i) {
    const auto kind = static_cast<sim::LossKind>(i);
    out[std::string{to_text(kind)}] = losses.count(kind);
  }
  out["rows"] = std::move(rows);
  out["first_entries"] = std::move(entries);
  return out;
}

inline Json delivery_json(const sim::Delivery& delivery) {
  return {{"delivered", delivery.delivered},
          {"processed", delivery.processed},
          {"dead_lettered", delivery.dead_lettered},
          {"unserved", delivery.unserved},
          {"looks", delivery.looks}};
}

inline Json waiting_json(const sim::Waiting& waiting) {
  return {{"events", waiting.events},
          {"mean_nanoseconds", waiting.mean().count()},
          {"max_nanoseconds", waiting.max.count()},
          {"max_event", waiting.max_event}};
}

/// Null without one.
inline Json queue_json(const scenario::Run& run) {
  if (!run.scenario.engine.queued) return nullptr;
  const sim::QueueCounts& queue = run.result.queue;
  return {{"messages", queue.messages},
          {"receives", queue.receives},
          {"redelivered", queue.redelivered},
          {"deleted", queue.deleted},
          {"dead_lettered", queue.dead_lettered},
          {"backlog_max", queue.backlog_max},
          {"backlog_max_at", queue.backlog_max == 0 ? Json(nullptr) : instant_json(queue.backlog_max_at)},
          {"backlog_events_max", queue.backlog_events_max},
          {"age_max_nanoseconds", queue.age_max.count()},
          {"drained_at", queue.messages == 0 ? Json(nullptr) : instant_json(queue.drained_at)}};
}

inline Json fleet_json(const scenario::Run& run) {
  const sim::FleetCounts& fleet = run.result.fleet;
  return {{"invocations", fleet.invocations},
          {"timed_out", fleet.timed_out},
          {"throttled", fleet.throttled},
          {"cold_starts", fleet.cold_starts},
          {"resets", fleet.resets},
          {"reclaimed", fleet.reclaimed},
          {"reloads", fleet.reloads},
          {"concurrency_max", fleet.concurrency_max},
          {"concurrency_max_at",
           fleet.concurrency_max == 0 ? Json(nullptr) : instant_json(fleet.concurrency_max_at)},
          {"last_timeout", fleet.timed_out == 0 ? Json(nullptr) : instant_json(fleet.last_timeout)},
          {"busy_milliseconds", static_cast<std::uint64_t>(fleet.busy_ns / 1'000'000)},
          {"billed_milliseconds", fleet.billed_ms}};
}

/// Null unless the scenario has feedback.
inline Json feedback_json(const scenario::Run& run) {
  if (!run.feedback) return nullptr;
  return {{"records_written", run.feedback->records_written},
          {"records_delivered", run.feedback->records_delivered},
          {"records_not_delivered", run.feedback->records_not_delivered},
          {"records_unseen", run.feedback->records_unseen},
          {"records_matching", run.feedback->records_matching},
          {"records_of_matching", run.feedback->records_of_matching},
          {"matching_events", run.feedback->matching_events},
          {"gain", ratio_json(run.metrics->find({.service = "feedback", .measure = "gain"}))}};
}

/// Null unless the scenario declares a trigger.
inline Json recovery_json(const scenario::Run& run) {
  if (!run.scenario.trigger) return nullptr;
  const scenario::Trigger& trigger = *run.scenario.trigger;
  return {{"trigger_begin", instant_json(trigger.from)},
          {"trigger_end", instant_json(trigger.from + trigger.lasting)},
          {"last_trouble", instant_json(run.metrics->last_trouble())},
          {"recovered", run.metrics->recovered()}};
}

}  // namespace rushhour::report::detail
