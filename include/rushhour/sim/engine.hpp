/// \file
/// How an engine runs detections: its Lambda, its queue, its limits and how it treats alerts, as named
/// profiles. It is plain data; lambda_fleet.hpp and simulation.hpp act on it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/time.hpp>

namespace rushhour::sim {

/// The log processor before the engine: it gathers events in objects (files on S3) and writes each at a mark.
struct LogProcessorOptions {
  Duration flush_every{std::chrono::minutes{1}};  ///< marks, aligned to the UTC clock
  std::uint64_t object_events_max{};  ///< an object of so many events is written at once; 0: no limit
  std::uint32_t processors{1};        ///< side by side, each with an object of its own; they take turns
};

/// The queue between the two, as SQS is. One message is one object.
struct QueueOptions {
  Duration visibility_timeout{std::chrono::seconds{900}};
  std::uint32_t receives_max{10};  ///< then the message goes to the dead-letter queue
};

/// How Lambda reads the queue.
struct PollerOptions {
  std::uint32_t batch_size{10};                     ///< messages, at most, in one invocation
  Duration batch_window{std::chrono::seconds{30}};  ///< how long an incomplete batch waits for more
  std::uint32_t concurrency_initial{5};             ///< batches at a time when messages begin to come
  std::uint32_t concurrency_per_minute{300};        ///< how much that grows while messages wait
  std::uint32_t concurrency_max{1'250};
};

struct LambdaOptions {
  Duration timeout{std::chrono::seconds{900}};  ///< of an invocation
  std::uint32_t concurrency_max{1'000};       ///< environments at a time; beyond it invocations are throttled
  std::uint32_t environments_per_10s{1'000};  ///< how fast new ones are made; likewise
  Duration cold_start{std::chrono::seconds{2}};      ///< before the first event in a new environment
  Duration idle_lifetime{std::chrono::minutes{10}};  ///< after which an unused environment is gone
  std::uint32_t memory_mb{1'024};
};

/// Whether the engine asks a rule for its alert context for each match, or once for each alert.
enum class AlertContextCalls : std::uint8_t { per_match, per_alert };
[[nodiscard]] constexpr std::string_view to_text(AlertContextCalls calls) {
  constexpr std::array<std::string_view, 2> texts{"per_match", "per_alert"};
  return texts[static_cast<std::size_t>(calls)];
}

/// When an invocation's alerts leave it. What was not written when it is killed is found again at redelivery;
/// what was, is written twice.
enum class AlertsWritten : std::uint8_t { at_end, at_once };
[[nodiscard]] constexpr std::string_view to_text(AlertsWritten written) {
  constexpr std::array<std::string_view, 2> texts{"at_end", "at_once"};
  return texts[static_cast<std::size_t>(written)];
}

/// An engine. Without a queue it is a number of workers that take event after event.
struct Engine {
  std::string profile{"custom"};
  std::size_t workers{100};  ///< only without a queue
  bool queued{};             ///< the four below apply
  LogProcessorOptions log_processor{};
  QueueOptions queue{};
  PollerOptions poller{};
  LambdaOptions lambda{};
  std::optional<Duration> rule_timeout{};  ///< of all functions of a rule on one event
  /// How long a loaded rule is used before it is imported anew, which empties what its module keeps. Nothing:
  /// never.
  std::optional<Duration> rules_reload{std::chrono::minutes{5}};
  AlertContextCalls alert_context{AlertContextCalls::per_match};
  AlertsWritten alerts_written{AlertsWritten::at_end};
  Duration dedup_window{std::chrono::minutes{60}};
  Duration event_cost{};  ///< compute time of one event, all rules together; waiting for answers is apart
};

/// How long a batch that was not processed stays invisible: as the queue says, unless batch window and
/// timeout together are longer; then it is these two and 30 s (Lambda Developer Guide, "Using Lambda with
/// Amazon SQS"). Without a window the queue's own always holds.
[[nodiscard]] inline Duration effective_visibility(const Engine& engine) {
  const Duration needed = engine.poller.batch_window + engine.lambda.timeout;
  const bool has_window = engine.poller.batch_window > Duration::zero();
  return has_window && needed > engine.queue.visibility_timeout ? needed + std::chrono::seconds{30}
                                                                : engine.queue.visibility_timeout;
}

/// Panther's last open engine, v1.16: deployments/log_analysis.yml and rules_engine/src (spec simulation.md 3
/// and panther.md 1.4, DOC). What Lambda and SQS do is from their documentation; cold starts, idle lifetime
/// and the number of log processors are unpublished, so chosen.
[[nodiscard]] inline Engine panther_oss_1_16() { return {.profile = "panther-oss-1.16", .queued = true}; }

/// What Panther's present documentation says: 15 seconds for a rule (docs.panther.com,
/// detections/rules/python). All else is unpublished and taken from the open engine, by choice.
[[nodiscard]] inline Engine panther_saas_documented() {
  Engine engine = panther_oss_1_16();
  engine.profile = "panther-saas-documented";
  engine.rule_timeout = std::chrono::seconds{15};
  return engine;
}

}  // namespace rushhour::sim
