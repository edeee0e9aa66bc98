/// \file
/// A fixed number of workers that take events from a source as they arrive: the simplest compute service. It
/// decides who takes which event; how workers sleep and wake is the event loop's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/sim/event_loop.hpp>
#include <rushhour/time.hpp>

namespace rushhour::sim {

/// First come, first served, by whichever worker has been idle for the shortest time, whose memory is warm.
/// No event waits in memory: an event that finds nobody idle stays in the source until a worker is free.
///
/// \code
///   Fleet fleet{loop, source};
///   fleet.start(100, [&](std::size_t worker) { return [&](const event::Event& event) { ... }; });
///   loop.run();
/// \endcode
class Fleet final : private Arrivals {
 public:
  /// Both outlive the fleet; the fleet outlives the loop's run.
  Fleet(EventLoop& loop, event::traffic::Source& source) : loop_(loop), source_(source) {
    loop_.set_arrivals(this);
  }
  ~Fleet() override { loop_.set_arrivals(nullptr); }

  /// Spawns `workers` workers. `make_handler(index)` makes what one of them does with an event: a callable
  /// that may sleep. The workers end with the loop's run, which what the source throws leaves.
  template <class MakeHandler>
  void start(std::size_t workers, MakeHandler make_handler) {
    RUSHHOUR_ASSERT(workers > 0, "a fleet has at least one worker");
    idle_.reserve(workers);
    for (std::size_t i = 0; i < workers; ++i) {
      loop_.spawn([this, handle = make_handler(i)]() mutable { work(handle); });
    }
  }

 private:
  template <class Handler>
  void work(Handler& handle) {
    event::Event event;
    for (;;) {
      const Instant* const arrival = source_.peek();
      // At its end a source may yet get more: what a call that is under way leaves in a log.
      if (arrival == nullptr || *arrival > loop_.now()) {
        idle_.push_back(loop_.current());
        loop_.park_idle();
        continue;
      }
      if (source_.next(event)) handle(event);
    }
  }

  /// Only an arrival that finds somebody idle happens at its own time; others wait for a worker.
  ///
  /// A sleeping worker asks too, so what a source throws is kept until deliver(), which runs outside any
  /// worker: thrown here it would go through a detection, which takes every exception for its own.
  const Instant* next() override {
    if (idle_.empty()) return nullptr;
    if (failure_) return &at_once_;
    try {
      return source_.peek();
    } catch (...) {
      failure_ = std::current_exception();
      return &at_once_;
    }
  }
  void deliver() override {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    const WorkerId worker = idle_.back();
    idle_.pop_back();
    loop_.wake(worker, loop_.now());
  }

  EventLoop& loop_;
  event::traffic::Source& source_;
  std::vector<WorkerId> idle_;
  std::exception_ptr failure_{};  ///< of the source, not yet thrown
  const Instant at_once_{Instant::min()};
};

}  // namespace rushhour::sim
