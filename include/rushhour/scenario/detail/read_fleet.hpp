/// \file
/// Reads a scenario's fleet: an engine's profile, and what is said otherwise.
#pragma once

#include <utility>

#include <rushhour/scenario/detail/reading.hpp>
#include <rushhour/scenario/plan.hpp>
#include <rushhour/sim/engine.hpp>

namespace rushhour::scenario::detail {

/// Each worker or environment is a fiber, of which a process has a bounded number (sim::Fiber::max_count).
inline constexpr std::uint32_t concurrency_max = 20'000;

inline void read_log_processor(Reader reader, sim::LogProcessorOptions& options) {
  options.flush_every = reader.optional_duration("flush_every", options.flush_every,
                                                 {.min = std::chrono::milliseconds{1}, .max = duration_max});
  options.object_events_max =
      reader.optional_integer("object_events_max", options.object_events_max, {.min = 0, .max = events_max});
  options.processors =
      reader.optional_integer<std::uint32_t>("processors", options.processors, {.min = 1, .max = 10'000});
  reader.done();
}

inline void read_queue(Reader reader, sim::QueueOptions& options) {
  // SQS Developer Guide, "Quotas related to queues": a visibility timeout is at most 12 hours.
  options.visibility_timeout = reader.optional_duration("visibility_timeout", options.visibility_timeout,
                                                        {.max = std::chrono::hours{12}});
  options.receives_max =
      reader.optional_integer<std::uint32_t>("receives_max", options.receives_max, {.min = 1, .max = 1'000});
  reader.done();
}

inline void read_poller(Reader reader, sim::PollerOptions& options) {
  options.batch_size =
      reader.optional_integer<std::uint32_t>("batch_size", options.batch_size, {.min = 1, .max = 10'000});
  // Lambda Developer Guide, "Using Lambda with Amazon SQS": up to five minutes.
  options.batch_window =
      reader.optional_duration("batch_window", options.batch_window, {.max = std::chrono::minutes{5}});
  constexpr IntegerRange<std::uint32_t> range{.min = 1, .max = concurrency_max};
  options.concurrency_initial =
      reader.optional_integer<std::uint32_t>("concurrency_initial", options.concurrency_initial, range);
  options.concurrency_per_minute = reader.optional_integer<std::uint32_t>(
      "concurrency_per_minute", options.concurrency_per_minute, {.min = 0, .max = 1'000'000});
  options.concurrency_max =
      reader.optional_integer<std::uint32_t>("concurrency_max", options.concurrency_max, range);
  reader.done();
}

inline void read_lambda(Reader reader, sim::LambdaOptions& options) {
  options.timeout = reader.optional_duration(
      "timeout", options.timeout, {.min = std::chrono::seconds{1}, .max = std::chrono::minutes{15}});
  options.concurrency_max = reader.optional_integer<std::uint32_t>("concurrency_max", options.concurrency_max,
                                                                   {.min = 1, .max = concurrency_max});
  options.environments_per_10s = reader.optional_integer<std::uint32_t>(
      "environments_per_10s", options.environments_per_10s, {.min = 1, .max = 1'000'000});
  options.cold_start =
      reader.optional_duration("cold_start", options.cold_start, {.max = std::chrono::minutes{15}});
  options.idle_lifetime =
      reader.optional_duration("idle_lifetime", options.idle_lifetime, {.max = duration_max});
  options.memory_mb =
      reader.optional_integer<std::uint32_t>("memory_mb", options.memory_mb, {.min = 128, .max = 10'240});
  reader.done();
}

/// `{"workers": 100}`, `{"profile": "panther-oss-1.16"}`, or a profile with some of its members said
/// otherwise.
inline sim::Engine read_fleet(Reader fleet) {
  sim::Engine engine =
      fleet.optional_choice<sim::Engine>("profile", sim::Engine{},
                                         {{"custom", sim::Engine{}},
                                          {"panther-oss-1.16", sim::panther_oss_1_16()},
                                          {"panther-saas-documented", sim::panther_saas_documented()}});
  const auto workers = fleet.find("workers");
  if (workers) {
    if (engine.queued)
      workers->fail("no number of workers with a profile that has a queue", "say lambda.concurrency_max");
    engine.workers = workers->integer<std::size_t>({.min = 1, .max = concurrency_max});
  }
  const auto queued = [&](std::string_view key, auto read, auto& options) {
    auto part = fleet.optional_object(key);
    if (!part) return;
    if (workers) part->value().fail("either \"workers\", or a queue with a Lambda behind it");
    engine.queued = true;
    read(std::move(*part), options);
  };
  queued("log_processor", read_log_processor, engine.log_processor);
  queued("queue", read_queue, engine.queue);
  queued("poller", read_poller, engine.poller);
  queued("lambda", read_lambda, engine.lambda);
  if (const auto timeout = fleet.find("rule_timeout")) engine.rule_timeout = read_timeout(*timeout);
  if (const auto reload = fleet.find("rules_reload")) engine.rules_reload = read_timeout(*reload);
  engine.alert_context = fleet.optional_choice<sim::AlertContextCalls>(
      "alert_context", engine.alert_context,
      {{"per_match", sim::AlertContextCalls::per_match}, {"per_alert", sim::AlertContextCalls::per_alert}});
  engine.alerts_written = fleet.optional_choice<sim::AlertsWritten>(
      "alerts_written", engine.alerts_written,
      {{"at_end", sim::AlertsWritten::at_end}, {"at_once", sim::AlertsWritten::at_once}});
  engine.dedup_window = fleet.optional_duration("dedup_window", engine.dedup_window,
                                                {.min = std::chrono::seconds{1}, .max = duration_max});
  engine.event_cost =
      fleet.optional_duration("event_cost", engine.event_cost, {.max = std::chrono::minutes{15}});
  fleet.done();
  return engine;
}

}  // namespace rushhour::scenario::detail
