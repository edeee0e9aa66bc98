/// \file
/// A simulation with all that it needs, detections that are one function, and endpoints that answer, refuse
/// or never answer.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/api/sts.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/event/traffic/arrivals.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/random.hpp>
#include <rushhour/retry/legacy.hpp>
#include <rushhour/sim/simulation.hpp>

#include "listed_source.hpp"

namespace rushhour::sim {

inline constexpr std::uint64_t bench_seed = 7;

inline Instant at(Duration since_start) { return Instant{since_start}; }

inline std::vector<Instant> every(Duration gap, std::uint64_t events) {
  std::vector<Instant> out;
  for (std::uint64_t i = 0; i < events; ++i) out.push_back(at(static_cast<std::int64_t>(i) * gap));
  return out;
}

inline std::vector<Instant> poisson(std::uint64_t events, Duration duration) {
  event::traffic::PoissonArrivals arrivals{{.events = events, .duration = duration},
                                           Random{bench_seed}.stream("arrivals")};
  std::vector<Instant> out;
  while (arrivals.peek() != nullptr) out.push_back(arrivals.next());
  return out;
}

class NoCredentials final : public api::CredentialProvider {
 public:
  const api::Identity& identity(Instant) override { return none_; }

 private:
  api::Identity none_{api::Anonymous{}};
};

/// Refuses every nth attempt, leaves calls without an answer, and keeps a digest and a journal of what it was
/// asked.
class BenchEndpoint final : public api::Endpoint {
 public:
  bool perform(const api::Exchange& exchange, Instant now) override {
    ++asked;
    digest.add(static_cast<std::uint64_t>(now.time_since_epoch().count()));
    digest.add(exchange.attribution.event << 8 | exchange.attribution.attempt);
    attributions.push_back(exchange.attribution);
    const bool refused = refused_each != 0 && asked % refused_each == 0;
    const bool hangs = asked <= unanswered;
    const Outcome outcome = hangs ? Outcome::timeout : refused ? Outcome::throttled : Outcome::ok;
    journal.append({.at = now,
                    .event = exchange.attribution.event,
                    .outcome = outcome,
                    .attempt = exchange.attribution.attempt,
                    .function = exchange.attribution.function});
    if (hangs) exchange.failure = {.outcome = Outcome::timeout};
    if (refused && !hangs)
      exchange.failure = {.outcome = Outcome::throttled, .status = 400, .code = "Throttling"};
    return outcome == Outcome::ok;
  }

  std::uint64_t refused_each{};  ///< 0: none
  std::uint64_t unanswered{};    ///< the first so many attempts
  std::uint64_t asked{};
  Digest digest{};
  Journal journal{};
  std::vector<api::Attribution> attributions{};
};

/// A detection that is one function.
template <class Rule>
struct RuleOnly {
  std::string text;
  Rule function;
  [[nodiscard]] std::string_view name() const { return text; }
  [[nodiscard]] detect::Verdict rule(const event::Event& event, detect::Context& context) {
    return function(event, context);
  }
};
template <class Rule>
RuleOnly(std::string, Rule) -> RuleOnly<Rule>;  // which clang 16 does not deduce by itself

/// Interned names are only carried along here, so any numbers do. It concerns every event.
template <class MakeDetection>
DetectionPlan planned(std::string name, MakeDetection make) {
  const Name number{static_cast<std::uint32_t>(hash(name))};
  return {.name = number,
          .text = std::move(name),
          .make = [make] { return detect::AnyDetection{make()}; },
          .concerns = [](const event::Event&) { return true; }};
}
template <class Rule>
DetectionPlan planned_rule(std::string name, Rule rule) {
  return planned(name, [name, rule] { return RuleOnly<Rule>{name, rule}; });
}

inline DetectionPlan sleeper(std::string name, Duration length) {
  return planned_rule(std::move(name), [length](const event::Event&, detect::Context& context) {
    context.clock().sleep_for(length);
    return true;
  });
}
inline DetectionPlan caller(std::string name) {
  return planned_rule(std::move(name), [](const event::Event&, detect::Context& context) -> detect::Verdict {
    auto sts = context.sts();
    auto identity = sts(api::sts::GetCallerIdentity{});
    if (!identity) return identity.failure();
    return true;
  });
}

/// What holds in every run, however it went.
inline void expect_conserved(const SimulationResult& result) {
  const Delivery& delivery = result.delivery;
  EXPECT_EQ(delivery.delivered, delivery.processed + delivery.dead_lettered + delivery.unserved);
  EXPECT_EQ(result.arrival_to_verdict.count(), delivery.processed);
  EXPECT_EQ(result.event_to_verdict.count(), delivery.processed);
  EXPECT_GE(delivery.looks, delivery.processed);
  EXPECT_LE(result.waiting.events, delivery.delivered)
      << "each event is looked at for the first time at most once";
  std::map<LossKind, std::uint64_t> lost;
  for (const Outcomes& each : result.detections) {
    EXPECT_EQ(each.matches, each.intact + each.degraded + each.skipped + each.without_context)
        << each.detection;
    EXPECT_LE(each.alerts, each.matches) << each.detection;
    EXPECT_LE(each.events, delivery.looks) << each.detection;
    lost[LossKind::degraded] += each.degraded;
    lost[LossKind::missed] += each.missed;
    EXPECT_LE(each.lost, delivery.dead_lettered + delivery.unserved) << each.detection;
  }
  for (const auto& [kind, count] : lost) EXPECT_EQ(result.losses.count(kind), count) << to_text(kind);
  if (delivery.unserved == 0) {
    EXPECT_EQ(result.queue.messages, result.queue.deleted + result.queue.dead_lettered);
    EXPECT_EQ(result.queue.messages, result.queue.receives - result.queue.redelivered)
        << "every message is received for the first time once";
  }
  EXPECT_EQ(result.fleet.timed_out, result.fleet.resets);
}

/// A number that differs when anything in the result does.
inline std::string fingerprint(const SimulationResult& result) {
  Digest digest;
  const auto add = [&digest](auto... numbers) { (digest.add(static_cast<std::uint64_t>(numbers)), ...); };
  const auto instant = [&add](Instant each) { add(each.time_since_epoch().count()); };
  const Delivery& delivery = result.delivery;
  add(delivery.delivered, delivery.processed, delivery.dead_lettered, delivery.unserved, delivery.looks);
  for (const Instant each :
       {result.first_arrival, result.last_arrival, result.end, result.queue.backlog_max_at,
        result.queue.drained_at, result.fleet.concurrency_max_at, result.fleet.last_timeout}) {
    instant(each);
  }
  add(result.waiting.events, result.waiting.max.count(), result.waiting.max_event, result.waiting.sum_ns);
  for (const Histogram* each : {&result.event_to_verdict, &result.arrival_to_verdict}) {
    add(each->count(), each->max().count(), each->mean().count(), each->percentile({1, 2}).count(),
        each->percentile({99, 100}).count());
  }
  for (const Outcomes& each : result.detections) {
    add(each.events, each.matches, each.intact, each.degraded, each.skipped, each.without_context,
        each.missed, each.alerts, each.duplicates, each.lost, each.logical_calls, each.clients_made);
  }
  for (const LossRow& row : result.losses.rows()) {
    add(row.detection, row.kind, row.count, row.first_event, hash(row.first_error), row.cause.outcome);
    instant(row.first_at);
  }
  for (const LossEntry& entry : result.losses.entries()) {
    add(entry.event, entry.row);
    instant(entry.at);
  }
  const QueueCounts& queue = result.queue;
  add(queue.messages, queue.receives, queue.redelivered, queue.deleted, queue.dead_lettered,
      queue.backlog_max, queue.backlog_events_max, queue.age_max.count());
  const FleetCounts& fleet = result.fleet;
  add(fleet.invocations, fleet.timed_out, fleet.throttled, fleet.cold_starts, fleet.resets, fleet.reclaimed,
      fleet.reloads, fleet.concurrency_max, fleet.busy_ns, fleet.billed_ms);
  return digest.text();
}

/// A simulation with all that it needs.
struct Bench {
  explicit Bench(std::size_t workers = 1, std::uint64_t refused_each = 0) {
    endpoint.refused_each = refused_each;
    options.engine.workers = workers;
    options.random = Random{bench_seed};
    options.make_policy = [](api::Service) { return std::make_unique<retry::Legacy>(); };
    options.latencies.set(api::Service::sts, {.kind = api::Latency::Kind::uniform,
                                              .low = std::chrono::milliseconds{10},
                                              .high = std::chrono::milliseconds{30}});
  }
  explicit Bench(Engine engine) : Bench() { options.engine = std::move(engine); }

  SimulationResult run(std::vector<DetectionPlan> plans, std::vector<Instant> arrivals) {
    ListedSource source{std::move(arrivals)};
    return run(std::move(plans), source);
  }
  SimulationResult run(std::vector<DetectionPlan> plans, event::traffic::Source& source) {
    Simulation simulation{loop, endpoint, credentials, options};
    for (DetectionPlan& plan : plans) simulation.add(std::move(plan));
    SimulationResult result = simulation.run(source);
    expect_conserved(result);
    return result;
  }

  EventLoop loop;
  BenchEndpoint endpoint{};
  NoCredentials credentials;
  SimulationOptions options;
};

}  // namespace rushhour::sim
