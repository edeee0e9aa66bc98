/// \file
/// One run: events from a source, an engine that has its detections look at them, an endpoint that they call,
/// and what came of it. It knows no files and prints nothing: scenarios are read in scenario/, reports
/// written in report/.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/api/credential_provider.hpp>
#include <rushhour/api/endpoint.hpp>
#include <rushhour/api/latency.hpp>
#include <rushhour/detect/context.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/random.hpp>
#include <rushhour/sim/container.hpp>
#include <rushhour/sim/engine.hpp>
#include <rushhour/sim/event_loop.hpp>
#include <rushhour/sim/fleet.hpp>
#include <rushhour/sim/lambda_fleet.hpp>
#include <rushhour/sim/monitor.hpp>
#include <rushhour/sim/result.hpp>

namespace rushhour::sim {

/// Something beside the events that happens at instants of its own: other users of a shared key, say. The run
/// lasts at least until it has nothing more to do, so it must have an end.
class Agenda {
 public:
  Agenda() = default;
  Agenda(const Agenda&) = delete;
  Agenda& operator=(const Agenda&) = delete;
  virtual ~Agenda() = default;
  /// When it next acts; null: never again.
  [[nodiscard]] virtual const Instant* next() = 0;
  virtual void act(Instant now) = 0;
};

struct SimulationOptions {
  Engine engine{};
  api::Latencies latencies{};
  api::Timeouts timeouts{};
  /// Makes the retry policy of a client of a service.
  detect::MakePolicy make_policy{};
  /// Each client has a policy of its own, as `boto3.client()` inside a rule; else a container's clients of a
  /// service share one.
  bool clients_per_call{};
  Random random{1};
  std::vector<Agenda*> agendas{};
  /// Told the number of events looked at, every `progress_events` of them; may be empty.
  std::function<void(std::uint64_t)> progress{};
  std::uint64_t progress_events{100'000};
  CpuMeter cpu_meter{};  ///< for Outcomes::cpu_ns; may be empty
  Monitor* monitor{};    ///< hears what happens while the run goes on, and outlives it; null: nobody does
};

/// The run. The loop is given so that endpoints on a server can share its clock.
class Simulation final : private LambdaFleet::Listener {
 public:
  using Options = SimulationOptions;

  Simulation(EventLoop& loop, api::Endpoint& endpoint, api::CredentialProvider& provider, Options options)
      : loop_(loop),
        options_(std::move(options)),
        shared_{.clock = loop,
                .endpoint = endpoint,
                .provider = provider,
                .engine = options_.engine,
                .latencies = options_.latencies,
                .timeouts = options_.timeouts,
                .make_policy = options_.make_policy,
                .clients_per_call = options_.clients_per_call,
                .plans = plans_,
                .cpu_meter = options_.cpu_meter ? &options_.cpu_meter : nullptr,
                .monitor = options_.monitor,
                .events = options_.random.stream("simulation.events"),
                .groups = AlertGroups{options_.engine.dedup_window},
                .progress = options_.progress,
                .progress_events = options_.progress_events} {}

  /// Names are distinct: a detection's draws hang on its name, not on which others there are.
  void add(DetectionPlan plan) {
    shared_.streams.push_back(hash(plan.text));
    plans_.push_back(std::move(plan));
  }

  [[nodiscard]] SimulationResult run(event::traffic::Source& source) {
    shared_.result = {};
    for (const DetectionPlan& plan : plans_) shared_.result.detections.push_back({.detection = plan.text});
    source_ = &source;
    if (options_.engine.queued) {
      run_queued(source);
    } else {
      run_workers(source);
    }
    shared_.result.end = loop_.now();
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      if (plans_[i].counts != nullptr) shared_.result.detections[i].strategy = *plans_[i].counts;
    }
    return std::move(shared_.result);
  }

 private:
  void run_queued(event::traffic::Source& source) {
    LambdaFleet fleet{loop_,           source,
                      options_.engine, [this](std::size_t) { return std::make_unique<Container>(shared_); },
                      *this,           options_.monitor};
    run_loop();
    fleet.finish();
    leave_rest(source);
    const std::uint64_t reloads = shared_.result.fleet.reloads;
    shared_.result.fleet = fleet.counts();
    shared_.result.fleet.reloads = reloads;
    shared_.result.queue = fleet.queue();
    shared_.result.delivery.delivered += fleet.events_taken();
  }

  void run_workers(event::traffic::Source& source) {
    Fleet fleet{loop_, source};
    FleetCounts& counts = shared_.result.fleet;
    std::uint64_t busy = 0;
    if (options_.monitor != nullptr)
      options_.monitor->changed(Level::containers, loop_.now(), options_.engine.workers);
    fleet.start(options_.engine.workers, [&](std::size_t) {
      return [this, &counts, &busy,
              container = std::make_unique<Container>(shared_)](const event::Event& event) {
        ++shared_.result.delivery.delivered;
        const Busy guard{*this, counts, busy, event};
        container->handle(event, nullptr, 0);
        guard.done = true;
      };
    });
    run_loop();
    leave_rest(source);
  }
  /// While a worker looks at an event. One that is cancelled in the middle, because it hangs when all else is
  /// done, leaves the event unserved.
  struct Busy {
    Busy(Simulation& owner, FleetCounts& counted, std::uint64_t& now_busy, const event::Event& at_hand)
        : simulation(owner), counts(counted), busy(now_busy), event(at_hand), begin(owner.loop_.now()) {
      ++busy;
      if (Monitor* const monitor = simulation.options_.monitor) {
        monitor->arrived(event.arrival(), event.time());
        monitor->taken(event.arrival(), begin);
        monitor->changed(Level::busy, begin, busy);
      }
      if (busy <= counts.concurrency_max) return;
      counts.concurrency_max = busy;
      counts.concurrency_max_at = begin;
    }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;
    ~Busy() {
      --busy;
      counts.busy_ns += (simulation.loop_.now() - begin).count();
      if (Monitor* const monitor = simulation.options_.monitor)
        monitor->changed(Level::busy, simulation.loop_.now(), busy);
      if (!done) simulation.shared_.lose(event, LossKind::unserved, {});
    }
    Simulation& simulation;
    FleetCounts& counts;
    std::uint64_t& busy;
    const event::Event& event;
    Instant begin;
    mutable bool done{};
  };

  void run_loop() {
    for (Agenda* agenda : options_.agendas) {
      loop_.spawn([this, agenda] {
        while (const Instant* at = agenda->next()) {
          const Instant due = *at;
          loop_.sleep_until(due);
          agenda->act(due);
        }
      });
    }
    try {
      loop_.run();
    } catch (...) {
      loop_.stop();  // the workers end while what they use is still there
      throw;
    }
  }
  /// What the source still has when every worker hangs.
  void leave_rest(event::traffic::Source& source) {
    event::Event event;
    while (source.next(event)) {
      ++shared_.result.delivery.delivered;
      if (options_.monitor != nullptr) {
        options_.monitor->arrived(event.arrival(), event.time());
        if (!options_.engine.queued) options_.monitor->taken(event.arrival(), Instant::max());
      }
      shared_.lose(event, LossKind::unserved, {});
    }
  }

  void on_processed(const Message& /*message*/) override {}
  void on_given_up(const Message& message, bool dead_lettered) override {
    const LossKind kind = dead_lettered ? LossKind::dead_lettered : LossKind::unserved;
    event::Event made;
    for (const event::traffic::EventKey& key : message.keys) {
      source_->recall(key, made);
      shared_.lose(made, kind, message.killed_by);
    }
    for (const event::Event& event : message.events) shared_.lose(event, kind, message.killed_by);
  }

  EventLoop& loop_;
  Options options_;
  std::vector<DetectionPlan> plans_;
  Shared shared_;
  event::traffic::Source* source_{};
};

}  // namespace rushhour::sim
