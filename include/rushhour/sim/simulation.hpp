/// \file
/// One run: events from a source, a fleet of workers, detections that call an endpoint, and what came of it.
/// It knows no files and prints nothing: scenarios are read in scenario/, reports written in report/.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/api/client.hpp>
#include <rushhour/api/credential_provider.hpp>
#include <rushhour/api/endpoint.hpp>
#include <rushhour/api/latency.hpp>
#include <rushhour/detect/context.hpp>
#include <rushhour/detect/detection.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/names.hpp>
#include <rushhour/random.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/sim/event_loop.hpp>
#include <rushhour/sim/fleet.hpp>
#include <rushhour/sim/outcomes.hpp>

namespace rushhour::sim {

/// A detection of a run: its interned name, and how a container makes one of its own.
struct DetectionPlan {
  Name name{};
  std::string text{};  ///< the name
  std::function<detect::AnyDetection()> make{};
};

struct SimulationOptions {
  std::size_t workers{100};
  api::Latencies latencies{};
  /// Makes the retry policy of one worker's clients of a service.
  std::function<std::unique_ptr<retry::Policy>(api::Service)> make_policy{};
  Random random{1};
  /// Told the number of events begun, every `progress_events` of them; may be empty.
  std::function<void(std::uint64_t)> progress{};
  std::uint64_t progress_events{100'000};
};

struct SimulationResult {
  std::uint64_t events{};
  Instant first_arrival{};
  Instant last_arrival{};
  Instant end{};  ///< when the last worker was done
  Waiting waiting{};
  std::vector<Outcomes> detections{};
};

/// The run. The loop is given so that endpoints on a server can share its clock.
class Simulation {
 public:
  using Options = SimulationOptions;

  Simulation(EventLoop& loop, api::Endpoint& endpoint, api::CredentialProvider& provider, Options options)
      : loop_(loop), endpoint_(endpoint), provider_(provider), options_(std::move(options)) {}

  /// Names are distinct: a detection's draws hang on its name, not on which others there are.
  void add(DetectionPlan plan) {
    streams_.push_back(hash(plan.text));
    plans_.push_back(std::move(plan));
  }

  [[nodiscard]] SimulationResult run(event::traffic::Source& source) {
    result_ = {};
    for (const DetectionPlan& plan : plans_) result_.detections.push_back({.detection = plan.text});
    Fleet fleet{loop_, source};
    const Stream events = options_.random.stream("simulation.events");
    fleet.start(options_.workers, [&](std::size_t) {
      return [this, events, container = std::make_unique<Container>(*this)](const event::Event& event) {
        handle(event, events, *container);
      };
    });
    try {
      loop_.run();
    } catch (...) {
      loop_.stop();  // the workers end while what they use is still there
      throw;
    }
    result_.end = loop_.now();
    return std::move(result_);
  }

 private:
  /// What one worker keeps between events: its clients' settings and its own detections.
  struct Container {
    explicit Container(Simulation& owner)
        : session{.endpoint = &owner.endpoint_,
                  .clock = &owner.loop_,
                  .latencies = &owner.options_.latencies},
          policies(owner.make_policies()),
          context(session, owner.provider_, pointers(policies)) {
      for (const DetectionPlan& plan : owner.plans_) detections.push_back(plan.make());
    }
    using Policies = std::array<std::unique_ptr<retry::Policy>, api::service_count>;
    static detect::RetryPolicies pointers(const Policies& policies) {
      detect::RetryPolicies out{};
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = policies[i].get();
      return out;
    }

    api::Session session;
    Policies policies;
    detect::Context context;
    std::vector<detect::AnyDetection> detections{};
  };

  [[nodiscard]] Container::Policies make_policies() const {
    Container::Policies out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = options_.make_policy(static_cast<api::Service>(i));
    return out;
  }

  void handle(const event::Event& event, Stream events, Container& container) {
    if (result_.events++ == 0) result_.first_arrival = event.arrival();
    result_.last_arrival = event.arrival();
    result_.waiting.add(loop_.now() - event.arrival(), event.id());
    if (options_.progress && result_.events % options_.progress_events == 0)
      options_.progress(result_.events);
    for (std::size_t i = 0; i < container.detections.size(); ++i) {
      api::Session& session = container.session;
      session.attribution = {.detection = plans_[i].name, .event = event.id()};
      session.random = events.part(event.id()).part(streams_[i]);
      session.draws = 0;
      session.logical_calls = 0;
      const detect::Evaluation evaluation = container.detections[i].evaluate(event, container.context);
      result_.detections[i].add(evaluation, event.id());
      result_.detections[i].logical_calls += session.logical_calls;
    }
  }

  EventLoop& loop_;
  api::Endpoint& endpoint_;
  api::CredentialProvider& provider_;
  Options options_;
  std::vector<DetectionPlan> plans_;
  std::vector<std::uint64_t> streams_;  ///< of each plan, below its event's
  SimulationResult result_;
};

}  // namespace rushhour::sim
