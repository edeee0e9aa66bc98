/// \file
/// Ends a rule that never returns, in real time: an endless loop waits for no clock that a simulation could
/// stop. What a rule takes in virtual time is sim::ContainerClock's business.
#pragma once

#include <rushhour/panther/object.hpp>
#include <rushhour/panther/python_host.hpp>

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include <rushhour/config.hpp>
#include <rushhour/time.hpp>

namespace rushhour::panther {

/// A thread that looks every now and then whether the same rule still runs, and so costs a rule two stores of
/// a number. One at a time for a PythonHost.
///
/// When no rule has begun or ended for the limit while one runs, that one is interrupted as
/// Interruption::rule_timed_out: between two of Python's instructions, or where C code asks for signals, as a
/// regular expression does that backtracks for ever. What neither asks nor returns, such as `10 ** 10 ** 9`,
/// nobody can end. A pause of the whole process (Ctrl-Z, a debugger) does not count.
class Watchdog {
 public:
  /// Inside Python, on the thread that runs the event loop.
  explicit Watchdog(Duration limit = std::chrono::seconds{15});
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  /// Inside Python.
  ~Watchdog();

  /// While it lives, a rule runs; `watchdog` may be null.
  class Scope {
   public:
    explicit Scope(Watchdog* watchdog) : watchdog_(watchdog) {
      if (watchdog_ != nullptr) watchdog_->change(+1);
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() {
      if (watchdog_ != nullptr) watchdog_->change(-1);
    }

   private:
    Watchdog* watchdog_;
  };

  [[nodiscard]] Duration limit() const { return limit_; }

 private:
  class Handler;

  /// Only the event loop's thread writes: a plain addition is enough.
  void change(int running) {
    running_.store(running_.load(std::memory_order_relaxed) + running, std::memory_order_relaxed);
    changes_.store(changes_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  void watch();

  Duration limit_;
  pthread_t loop_;                         ///< that of the event loop
  std::atomic<int> running_{0};            ///< rules begun and not ended, those included that wait
  std::atomic<std::uint64_t> changes_{0};  ///< how often a rule has begun or ended
  std::atomic<std::uint64_t> overdue_{0};  ///< `changes_` when the rule was found to be; 0: none is
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_ended_{};
  std::thread thread_;
};

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/watchdog_inl.hpp>
#endif
