/// \file
/// The changes that a search for a fix tries (scenario/fix_search.hpp), a row each: adding one is adding a
/// row. Trying them is not done here.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/scenario/plan.hpp>
#include <rushhour/scenario/setting.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario::detail {

/// What a budget may be about, by the names in its expression and by who is behind its number.
struct Trouble {
  bool sts{};
  bool secretsmanager{};
  bool virustotal{};
  bool outcomes{};  ///< detections missed, degraded, lost
  bool time{};      ///< delays, queues, recovery

  [[nodiscard]] bool overlaps(const Trouble& other) const {
    return (sts && other.sts) || (secretsmanager && other.secretsmanager) ||
           (virustotal && other.virustotal) || (outcomes && other.outcomes) || (time && other.time);
  }
};

/// One value of one knob: what to set, in words, and what is known beforehand of its price.
struct Step {
  std::vector<Setting> settings{};
  std::string words{};
  std::string cost{};  ///< empty: none but what the runs show
};

/// The values of a knob, the smallest change first. Where the last one does not help, none before it does.
using Ladder = std::vector<Step>;

/// A knob, for the detections at these places of the scenario's list. An empty ladder: the scenario does not
/// have it, or has set it so already.
struct Knob {
  Trouble helps{};
  Ladder (*ladder)(const Scenario& scenario, const std::vector<std::size_t>& detections);
};

[[nodiscard]] inline std::string of_detection(std::size_t place, std::string_view key) {
  return "detections." + std::to_string(place) + "." + std::string{key};
}

/// Those of the detections whose calls the scenario decides, and for which `wants` holds.
template <class Wants>
[[nodiscard]] std::vector<std::size_t> native(const Scenario& scenario,
                                              const std::vector<std::size_t>& detections, Wants wants) {
  std::vector<std::size_t> out;
  for (const std::size_t place : detections) {
    const DetectionPlan& plan = scenario.detections[place];
    if (!plan.panther && plan.strategy != detect::Strategy::lookup_table && wants(plan)) out.push_back(place);
  }
  return out;
}

/// The same value for each of the detections; no step without any.
inline void add_step(Ladder& ladder, const std::vector<std::size_t>& places, std::string_view key,
                     const std::string& value, std::string words, std::string cost = {}) {
  if (places.empty()) return;
  Step step{.words = std::move(words), .cost = std::move(cost)};
  for (const std::size_t place : places) step.settings.push_back({of_detection(place, key), value});
  ladder.push_back(std::move(step));
}

[[nodiscard]] inline Ladder keep_key(const Scenario& scenario, const std::vector<std::size_t>& detections) {
  Ladder out;
  add_step(out,
           native(scenario, detections,
                  [](const DetectionPlan& plan) { return !plan.enrichment.secret_cache.has_value(); }),
           "cache.secret", R"({"home": "helper_module"})", "keep the key in a helper module",
           "a key that is rotated is noticed when the credentials expire");
  return out;
}

[[nodiscard]] inline Ladder keep_credentials(const Scenario& scenario,
                                             const std::vector<std::size_t>& detections) {
  Ladder out;
  add_step(out,
           native(scenario, detections,
                  [](const DetectionPlan& plan) { return !plan.enrichment.credentials_cache.has_value(); }),
           "cache.credentials", R"({"home": "helper_module"})", "keep the credentials in a helper module");
  return out;
}

[[nodiscard]] inline Ladder skip_private(const Scenario& scenario,
                                         const std::vector<std::size_t>& detections) {
  Ladder out;
  add_step(
      out,
      native(scenario, detections, [](const DetectionPlan& plan) { return !plan.enrichment.skip_private; }),
      "skip_private", "true", "do not ask about addresses that are not public");
  return out;
}

/// Keeps verdicts so long, and refusals where `failures` says it; whatever a cache has otherwise stays.
inline void add_verdict_step(Ladder& ladder, const Scenario& scenario, const std::vector<std::size_t>& places,
                             Duration ttl, bool failures, Step step) {
  if (places.empty()) return;
  const std::string text = to_text(ttl);
  for (const std::size_t place : places) {
    const auto& cache = scenario.detections[place].enrichment.verdict_cache;
    const std::string path = of_detection(place, "cache.verdicts");
    if (!cache) {
      step.settings.push_back({path + ".home", "helper_module"});
      step.settings.push_back({path + ".entries", "100000"});
    }
    if (!cache || cache->ttl < ttl) step.settings.push_back({path + ".ttl", text});
    if (failures) step.settings.push_back({path + ".failures", text});
  }
  ladder.push_back(std::move(step));
}

[[nodiscard]] inline Ladder keep_verdicts(const Scenario& scenario,
                                          const std::vector<std::size_t>& detections) {
  Ladder out;
  for (const std::uint64_t seconds : {60U, 300U, 900U, 3'600U, 21'600U}) {
    const Duration ttl = std::chrono::seconds{seconds};
    const auto places = native(scenario, detections, [ttl](const DetectionPlan& plan) {
      return !plan.enrichment.verdict_cache || plan.enrichment.verdict_cache->ttl < ttl;
    });
    add_verdict_step(out, scenario, places, ttl, false,
                     {.words = "cache verdicts for " + std::to_string(seconds) + " s",
                      .cost = "verdicts up to " + std::to_string(seconds) + " s old"});
  }
  return out;
}

/// Refusals, too: a used-up quota is then not asked again for each event.
[[nodiscard]] inline Ladder keep_refusals(const Scenario& scenario,
                                          const std::vector<std::size_t>& detections) {
  Ladder out;
  for (const std::uint64_t seconds : {60U, 900U, 3'600U}) {
    const auto places = native(scenario, detections, [](const DetectionPlan& plan) {
      return !plan.enrichment.verdict_cache || !plan.enrichment.verdict_cache->failure_ttl;
    });
    const std::string text = std::to_string(seconds) + " s";
    add_verdict_step(out, scenario, places, std::chrono::seconds{seconds}, true,
                     {.words = "cache verdicts and refusals for " + text,
                      .cost = "verdicts up to " + text + " old; who was refused is not asked again before"});
  }
  return out;
}

/// The detection's own share of the quota.
[[nodiscard]] inline Ladder calls_per_hour(const Scenario& scenario,
                                           const std::vector<std::size_t>& detections) {
  Ladder out;
  for (const std::uint64_t calls : {1'000U, 100U, 10U, 1U}) {
    add_step(out,
             native(scenario, detections,
                    [calls](const DetectionPlan& plan) {
                      return !plan.enrichment.calls_per_hour || *plan.enrichment.calls_per_hour > calls;
                    }),
             "calls_per_hour", std::to_string(calls),
             "at most " + std::to_string(calls) + (calls == 1 ? " look-up" : " look-ups") +
                 " an hour in each container");
  }
  return out;
}

[[nodiscard]] inline Ladder in_alert_context(const Scenario& scenario,
                                             const std::vector<std::size_t>& detections) {
  Ladder out;
  add_step(out,
           native(scenario, detections,
                  [](const DetectionPlan& plan) { return plan.strategy == detect::Strategy::call_in_rule; }),
           "strategy", "alert_context_only", "ask in alert_context(), not in rule()",
           "rule() decides without the verdict");
  return out;
}

/// Another policy for one service, the mildest first (retry/policies.hpp).
template <api::Service service>
[[nodiscard]] Ladder retry_policy(const Scenario& scenario, const std::vector<std::size_t>& /*detections*/) {
  Ladder out;
  const std::string& now = scenario.retries[static_cast<std::size_t>(service)].policy;
  const std::string name{api::to_text(service)};
  for (const std::string_view policy : {"standard", "standard_2026", "adaptive", "legacy", "none"}) {
    if (policy == now) continue;
    out.push_back({.settings = {{"world.retry." + name, std::string{policy}}},
                   .words = "retry policy " + std::string{policy} + " for " + name});
  }
  return out;
}

[[nodiscard]] inline Ladder keep_clients(const Scenario& scenario,
                                         const std::vector<std::size_t>& /*detections*/) {
  if (!scenario.clients_per_call) return {};
  return {{.settings = {{"world.clients", "memoised"}}, .words = "keep clients instead of making them anew"}};
}

/// `count` times `numerator` / `denominator`.
inline void add_workers(Ladder& ladder, const Scenario& scenario, std::uint64_t numerator,
                        std::uint64_t denominator) {
  const bool queued = scenario.engine.queued;
  const std::uint64_t now = queued ? scenario.engine.lambda.concurrency_max : scenario.engine.workers;
  const std::uint64_t count = now * numerator / denominator;
  constexpr std::uint64_t most = 20'000;
  if (count == 0 || count == now || count > most) return;
  ladder.push_back(
      {.settings = {{queued ? "fleet.lambda.concurrency_max" : "fleet.workers", std::to_string(count)}},
       .words = std::to_string(count) + (queued ? " environments" : " workers") + " in place of " +
                std::to_string(now)});
}
[[nodiscard]] inline Ladder fewer_workers(const Scenario& scenario,
                                          const std::vector<std::size_t>& /*detections*/) {
  Ladder out;
  for (const std::uint64_t by : {2U, 4U, 10U, 50U}) add_workers(out, scenario, 1, by);
  return out;
}
[[nodiscard]] inline Ladder more_workers(const Scenario& scenario,
                                         const std::vector<std::size_t>& /*detections*/) {
  Ladder out;
  for (const std::uint64_t by : {2U, 4U, 10U}) add_workers(out, scenario, by, 1);
  return out;
}

/// The changes that lose nothing come first, those that change what is judged come last.
inline constexpr std::array<Knob, 13> knobs{{
    {{.sts = true, .secretsmanager = true}, keep_key},
    {{.sts = true}, keep_credentials},
    {{.sts = true, .secretsmanager = true, .time = true}, keep_clients},
    {{.virustotal = true, .outcomes = true}, skip_private},
    {{.sts = true, .secretsmanager = true, .virustotal = true, .outcomes = true, .time = true},
     keep_verdicts},
    {{.sts = true, .time = true}, retry_policy<api::Service::sts>},
    {{.secretsmanager = true, .time = true}, retry_policy<api::Service::secretsmanager>},
    {{.virustotal = true}, retry_policy<api::Service::virustotal>},
    {{.time = true}, more_workers},
    {{.sts = true, .secretsmanager = true, .virustotal = true}, fewer_workers},
    {{.virustotal = true}, keep_refusals},
    {{.virustotal = true, .outcomes = true}, calls_per_hour},
    {{.outcomes = true}, in_alert_context},
}};

/// Whether neighbouring values of a ladder need not lead the same way: then each is tried by itself.
[[nodiscard]] inline bool is_unordered(const Knob& knob) {
  return knob.ladder == retry_policy<api::Service::sts> ||
         knob.ladder == retry_policy<api::Service::secretsmanager> ||
         knob.ladder == retry_policy<api::Service::virustotal>;
}

}  // namespace rushhour::scenario::detail
