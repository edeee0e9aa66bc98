/// \file
/// Where each number of an engine comes from, as rows of a table. What becomes of them is
/// assumptions_inl.hpp's business.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/scenario/assumption.hpp>
#include <rushhour/sim/engine.hpp>

namespace rushhour::scenario::detail {

/// Whose word a number is, which decides how well it is known under another profile.
enum class Whose : std::uint8_t {
  panther,     ///< the open engine's: documented for it, a choice for any other
  aws,         ///< the platform's, whoever uses it
  remembered,  ///< the platform's, but not verified
  ours         ///< nobody's: chosen
};

/// To which engines a row applies.
enum class Applies : std::uint8_t { always, with_queue, without_queue };

struct EngineFact {
  std::string_view name{};
  std::string (*value)(const sim::Engine&){};
  Whose whose{Whose::ours};
  std::string_view source{};
  Applies applies{Applies::always};
};

inline std::string text_of(Duration value) { return rushhour::to_text(value); }
inline std::string text_of(const std::optional<Duration>& value) {
  return value ? rushhour::to_text(*value) : "none";
}
inline std::string text_of(std::uint64_t value) { return std::to_string(value); }

inline constexpr auto engine_facts = std::to_array<EngineFact>({
    {"fleet.workers", [](const sim::Engine& e) { return text_of(std::uint64_t{e.workers}); }, Whose::ours,
     "nobody publishes a number: chosen", Applies::without_queue},
    {"fleet.workers.order", [](const sim::Engine&) { return std::string{"the last idle first"}; },
     Whose::ours, "chosen: its memory is warm", Applies::without_queue},
    {"fleet.log_processor.flush_every",
     [](const sim::Engine& e) { return text_of(e.log_processor.flush_every); }, Whose::panther,
     "log_processor/destinations/s3.go: maxDuration of one minute", Applies::with_queue},
    {"fleet.log_processor.object_events_max",
     [](const sim::Engine& e) {
       return e.log_processor.object_events_max == 0 ? std::string{"none"}
                                                     : text_of(e.log_processor.object_events_max);
     },
     Whose::ours, "Panther v1.16 cuts at 50 MB (s3.go); events have no size here", Applies::with_queue},
    {"fleet.log_processor.processors",
     [](const sim::Engine& e) { return text_of(std::uint64_t{e.log_processor.processors}); }, Whose::ours,
     "how many run side by side is unpublished", Applies::with_queue},
    {"fleet.queue.visibility_timeout",
     [](const sim::Engine& e) { return text_of(e.queue.visibility_timeout); }, Whose::panther,
     "deployments/log_analysis.yml, rules engine queue", Applies::with_queue},
    {"fleet.queue.effective_visibility",
     [](const sim::Engine& e) { return text_of(sim::effective_visibility(e)); }, Whose::aws,
     "Lambda Developer Guide, Using Lambda with Amazon SQS: window + timeout + 30 s, if that is longer",
     Applies::with_queue},
    {"fleet.queue.receives_max",
     [](const sim::Engine& e) { return text_of(std::uint64_t{e.queue.receives_max}); }, Whose::panther,
     "deployments/log_analysis.yml: maxReceiveCount, then the dead-letter queue", Applies::with_queue},
    {"fleet.queue.order", [](const sim::Engine&) { return std::string{"first sent, first received"}; },
     Whose::ours, "a standard queue promises none (SQS Developer Guide): its best effort",
     Applies::with_queue},
    {"fleet.queue.failed_batch", [](const sim::Engine&) { return std::string{"returns whole"}; }, Whose::aws,
     "Lambda Developer Guide, Handling errors for an SQS event source: without partial batch responses",
     Applies::with_queue},
    {"fleet.poller.batch_size",
     [](const sim::Engine& e) { return text_of(std::uint64_t{e.poller.batch_size}); }, Whose::panther,
     "deployments/log_analysis.yml: BatchSize", Applies::with_queue},
    {"fleet.poller.batch_window", [](const sim::Engine& e) { return text_of(e.poller.batch_window); },
     Whose::panther, "deployments/log_analysis.yml: MaximumBatchingWindowInSeconds", Applies::with_queue},
    {"fleet.poller.concurrency_initial",
     [](const sim::Engine& e) { return text_of(std::uint64_t{e.poller.concurrency_initial}); }, Whose::aws,
     "Lambda Developer Guide, Configuring scaling behavior for SQS event source mappings",
     Applies::with_queue},
    {"fleet.poller.concurrency_per_minute",
     [](const sim::Engine& e) { return text_of(std::uint64_t{e.poller.concurrency_per_minute}); }, Whose::aws,
     "Lambda Developer Guide, Configuring scaling behavior for SQS event source mappings: up to 300 more a "
     "minute "
     "(60 until November 2023)",
     Applies::with_queue},
    {"fleet.poller.concurrency_max",
     [](const sim::Engine& e) { return text_of(std::uint64_t{e.poller.concurrency_max}); }, Whose::aws,
     "Lambda Developer Guide, Configuring scaling behavior for SQS event source mappings",
     Applies::with_queue},
    {"fleet.poller.growth", [](const sim::Engine&) { return std::string{"even, while messages wait"}; },
     Whose::ours,
     "Lambda says only how much a minute at most; that it is forgotten when the queue is empty is chosen as "
     "well",
     Applies::with_queue},
    {"fleet.lambda.timeout", [](const sim::Engine& e) { return text_of(e.lambda.timeout); }, Whose::panther,
     "deployments/log_analysis.yml, rules engine function: Timeout", Applies::with_queue},
    {"fleet.lambda.after_timeout", [](const sim::Engine&) { return std::string{"a new environment"}; },
     Whose::aws,
     "Lambda Developer Guide, Understanding the execution environment lifecycle: a timeout resets it",
     Applies::with_queue},
    {"fleet.lambda.concurrency_max",
     [](const sim::Engine& e) { return text_of(std::uint64_t{e.lambda.concurrency_max}); }, Whose::aws,
     "Lambda Developer Guide, Lambda quotas: 1,000 by default for an account and Region",
     Applies::with_queue},
    {"fleet.lambda.environments_per_10s",
     [](const sim::Engine& e) { return text_of(std::uint64_t{e.lambda.environments_per_10s}); }, Whose::aws,
     "Lambda Developer Guide, Lambda scaling behavior: 1,000 every 10 s for a function, refilled "
     "continuously",
     Applies::with_queue},
    {"fleet.lambda.cold_start", [](const sim::Engine& e) { return text_of(e.lambda.cold_start); },
     Whose::ours, "depends on what is imported: chosen", Applies::with_queue},
    {"fleet.lambda.idle_lifetime", [](const sim::Engine& e) { return text_of(e.lambda.idle_lifetime); },
     Whose::ours, "Lambda publishes none", Applies::with_queue},
    {"fleet.lambda.reuse", [](const sim::Engine&) { return std::string{"the last used first"}; }, Whose::ours,
     "which environment takes an invocation is unpublished", Applies::with_queue},
    {"fleet.lambda.memory_mb",
     [](const sim::Engine& e) { return text_of(std::uint64_t{e.lambda.memory_mb}); }, Whose::panther,
     "panther_config.yml: the log processor's memory, 1,024 MB by default", Applies::with_queue},
    {"fleet.lambda.billing", [](const sim::Engine&) { return std::string{"whole milliseconds"}; }, Whose::aws,
     "AWS Lambda Pricing: duration is rounded up to the nearest 1 ms", Applies::with_queue},
    {"fleet.lambda.billing.cold_start", [](const sim::Engine&) { return std::string{"billed"}; },
     Whose::remembered, "AWS Compute Blog, AWS Lambda standardizes billing for INIT Phase",
     Applies::with_queue},
    {"fleet.rule_timeout", [](const sim::Engine& e) { return text_of(e.rule_timeout); }, Whose::panther,
     "rules_engine/src/engine.py: no limit but the Lambda's"},
    {"fleet.rules_reload", [](const sim::Engine& e) { return text_of(e.rules_reload); }, Whose::panther,
     "rules_engine/src/engine.py: _RULES_CACHE_DURATION, in the middle of a batch if need be"},
    {"fleet.alert_context", [](const sim::Engine& e) { return std::string{to_text(e.alert_context)}; },
     Whose::panther, "rules_engine/src/engine.py: analyze() runs the whole rule for each matching event"},
    {"fleet.alerts_written", [](const sim::Engine& e) { return std::string{to_text(e.alerts_written)}; },
     Whose::panther, "rules_engine/src/output.py: matches are kept in memory until the batch is flushed"},
    {"fleet.dedup_window", [](const sim::Engine& e) { return text_of(e.dedup_window); }, Whose::panther,
     "rules_engine/src/alert_merger.py: DedupPeriodMinutes, 60 by default"},
    {"fleet.dedup_window.anchor",
     [](const sim::Engine&) { return std::string{"the first match, as processed"}; }, Whose::panther,
     "rules_engine/src/alert_merger.py: alertCreationTime, the wall clock of processing"},
    {"fleet.event_cost", [](const sim::Engine& e) { return text_of(e.event_cost); }, Whose::ours,
     "compute time besides waiting: none unless measured"},
});

/// The profile as it is before the scenario changes it.
inline sim::Engine unchanged_profile(std::string_view profile) {
  for (const sim::Engine& known : {sim::panther_oss_1_16(), sim::panther_saas_documented()}) {
    if (known.profile == profile) return known;
  }
  return {};
}

inline Assumption assume(const EngineFact& fact, const sim::Engine& engine, const sim::Engine& profile) {
  Assumption out{std::string{fact.name}, fact.value(engine), {}, std::string{fact.source}};
  if (out.value != fact.value(profile)) {
    out.tag = assumption_tags::user;
    out.source = "the scenario";
    return out;
  }
  const bool of_open_engine = engine.profile == sim::panther_oss_1_16().profile;
  out.tag = fact.whose == Whose::aws || (fact.whose == Whose::panther && of_open_engine)
                ? assumption_tags::documented
                : assumption_tags::choice;
  if (fact.whose == Whose::remembered) out.tag = assumption_tags::from_memory;
  if (fact.whose != Whose::panther) return out;
  out.source.insert(0, of_open_engine ? "Panther v1.16, " : "as Panther v1.16 has it, ");
  if (engine.profile == sim::panther_saas_documented().profile && fact.name == "fleet.rule_timeout") {
    out.tag = assumption_tags::documented;
    out.source = "docs.panther.com, Writing Python detections: 15 seconds";
  }
  return out;
}

}  // namespace rushhour::scenario::detail
