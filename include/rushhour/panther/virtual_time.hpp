/// \file
/// The simulation's clock for code that asks the system: in its scope `time.time()`, `datetime.utcnow()` and
/// all of C that reads the wall clock on this thread see virtual time. It is the one thread-local of the
/// library, since the system's functions take no argument to say whose time is meant.
///
/// Link rushhour::panther_clock, whose one source file defines clock_gettime(), gettimeofday(), time(),
/// nanosleep() and clock_nanosleep() in the program, where libpython finds them before the C library's.
/// Outside a scope, and on all other threads, they do what the C library's do. CLOCK_MONOTONIC stays the
/// system's, so that what measures how long a run takes is not deceived (spec of Panther, 0.4).
#pragma once

#include <rushhour/sim/event_loop.hpp>
#include <rushhour/time.hpp>

namespace rushhour::panther {

/// In its scope the wall clock of this thread is a Clock. Scopes nest.
///
/// \code
///   VirtualClock clock{start};
///   const VirtualTime scope{clock};
///   std::time(nullptr);  // start
/// \endcode
///
/// Sleeping takes virtual time, too. Where the clock ends a sleep by an exception (sim::Cancelled, a
/// timeout), the sleep returns early instead, because C cannot be unwound; whoever called meets it at the
/// next wait. Python's own time.sleep() counts from CLOCK_MONOTONIC, and so sleeps some microseconds short:
/// rules get an exact one (clients.hpp).
class VirtualTime {
 public:
  /// The clock outlives the scope.
  explicit VirtualTime(Clock& clock) : VirtualTime(clock, nullptr) {}
  /// Workers that sleep are parked; who sleeps outside of them, as a thread that is waited for, sleeps
  /// really.
  explicit VirtualTime(sim::EventLoop& loop) : VirtualTime(loop, &loop) {}
  VirtualTime(const VirtualTime&) = delete;
  VirtualTime& operator=(const VirtualTime&) = delete;
  ~VirtualTime();

  [[nodiscard]] Instant now() const { return clock_.now(); }
  /// Whether who sleeps here and now sleeps in virtual time.
  [[nodiscard]] bool takes_sleeps() const { return loop_ == nullptr || loop_->inside_worker(); }
  /// Returns early when the clock throws.
  void sleep_until(Instant wake) noexcept;

 private:
  VirtualTime(Clock& clock, const sim::EventLoop* loop);

  Clock& clock_;
  const sim::EventLoop* loop_;
  VirtualTime* outer_;
};

}  // namespace rushhour::panther
