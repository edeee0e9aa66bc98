/// \file
/// A Lambda fleet with all around it, whose environments only take their time, and what they saw.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <rushhour/api/sts.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/sim/container_clock.hpp>
#include <rushhour/sim/engine.hpp>
#include <rushhour/sim/environment.hpp>
#include <rushhour/sim/event_loop.hpp>
#include <rushhour/sim/lambda_fleet.hpp>
#include <rushhour/sim/message_queue.hpp>
#include <rushhour/sim/outcomes.hpp>
#include <rushhour/time.hpp>

#include "listed_source.hpp"

namespace rushhour::sim {

/// One invocation of an environment.
struct Invocation {
  std::size_t environment{};
  Instant begin{};
  std::vector<std::uint64_t> events{};    ///< that it looked at
  std::vector<std::uint32_t> receives{};  ///< of their messages, so far
  bool ended{};                           ///< and was not killed
};

/// A fleet with all around it. Each event is a message, sent when it arrives; no time passes but in events.
class LambdaBench : private LambdaFleet::Listener {
 public:
  LambdaBench() {
    engine.queued = true;
    engine.log_processor.object_events_max = 1;
    engine.lambda.cold_start = Duration::zero();
  }

  void run(std::vector<Instant> arrivals) {
    ListedSource source{std::move(arrivals)};
    run(source);
  }
  void run(event::traffic::Source& source) {
    LambdaFleet fleet{loop, source, engine,
                      [this](std::size_t number) { return std::make_unique<Recorded>(*this, number); },
                      *this};
    try {
      loop.run();
    } catch (...) {
      loop.stop();
      throw;
    }
    fleet.finish();
    queue = fleet.queue();
    counts = fleet.counts();
    taken = fleet.events_taken();
  }

  [[nodiscard]] std::vector<Duration> begins() const {
    std::vector<Duration> out;
    for (const Invocation& each : invocations) out.push_back(each.begin.time_since_epoch());
    return out;
  }
  [[nodiscard]] std::vector<std::vector<std::uint64_t>> batches() const {
    std::vector<std::vector<std::uint64_t>> out;
    for (const Invocation& each : invocations) out.push_back(each.events);
    return out;
  }
  [[nodiscard]] std::vector<std::size_t> environments() const {
    std::vector<std::size_t> out;
    for (const Invocation& each : invocations) out.push_back(each.environment);
    return out;
  }

  /// One batch at a time, of one message, without a window.
  void one_by_one() {
    engine.poller = {
        .batch_size = 1, .batch_window = Duration::zero(), .concurrency_initial = 1, .concurrency_max = 1};
  }

  Engine engine{};
  EventLoop loop{};
  std::function<Duration(std::uint64_t event)> service = [](std::uint64_t) { return Duration{}; };
  std::vector<Invocation> invocations{};
  std::vector<std::uint64_t> processed{};
  std::vector<std::uint64_t> dead_lettered{};
  std::vector<Instant> dead_lettered_at{};
  std::vector<std::uint64_t> left{};
  std::vector<Cause> causes{};  ///< of messages given up
  int alive{};
  int alive_max{};
  QueueCounts queue{};
  FleetCounts counts{};
  std::uint64_t taken{};

 private:
  class Recorded final : public Environment {
   public:
    Recorded(LambdaBench& bench, std::size_t number) : bench_(bench), number_(number), clock_(bench.loop) {
      bench_.alive_max = std::max(bench_.alive_max, ++bench_.alive);
    }
    Recorded(const Recorded&) = delete;
    Recorded& operator=(const Recorded&) = delete;
    ~Recorded() override { --bench_.alive; }

    void begin_invocation(Instant deadline) override {
      clock_.begin_invocation(deadline);
      at_ = bench_.invocations.size();
      bench_.invocations.push_back({.environment = number_, .begin = bench_.loop.now()});
    }
    void handle(const event::Event& event, Message* message, std::size_t /*place*/) override {
      bench_.invocations[at_].events.push_back(event.id());
      bench_.invocations[at_].receives.push_back(message->receives);
      clock_.sleep_for(bench_.service(event.id()));
    }
    void end_invocation() override { bench_.invocations[at_].ended = true; }
    [[nodiscard]] Cause waited_for() const override {
      return {.operation = &api::operation_of<api::sts::GetCallerIdentity>, .outcome = Outcome::timeout};
    }

   private:
    LambdaBench& bench_;
    std::size_t number_;
    ContainerClock clock_;
    std::size_t at_{};
  };

  static void append(std::vector<std::uint64_t>& into, const Message& message) {
    for (const event::Event& event : message.events) into.push_back(event.id());
    for (const event::traffic::EventKey& key : message.keys) into.push_back(key.id);
  }
  void on_processed(const Message& message) override { append(processed, message); }
  void on_given_up(const Message& message, bool dead) override {
    append(dead ? dead_lettered : left, message);
    if (dead) dead_lettered_at.push_back(loop.now());
    causes.push_back(message.killed_by);
  }
};

}  // namespace rushhour::sim
