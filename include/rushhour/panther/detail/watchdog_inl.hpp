/// \file
/// How the watchdog's thread gets at the rule: by a signal to the thread that runs it.
#pragma once

#include <rushhour/panther/watchdog.hpp>

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <exception>

#include <rushhour/panther/python_thread.hpp>
#include <rushhour/sim/container_clock.hpp>

namespace rushhour::panther {

/// A Python function in the place of a signal's handler, which CPython calls as soon as it looks. The signal
/// is a real one: after PyErr_SetInterruptEx() or Py_AddPendingCall() from another thread, a loop that gives
/// CPython's lock to nobody does not look (ceval.c of 3.11, COMPUTE_EVAL_BREAKER).
class Watchdog::Handler {
 public:
  /// Of those that a program may use for itself, the last but one.
  [[nodiscard]] static int signal() { return SIGRTMAX - 1; }

  static void install(Watchdog* watchdog) {
    static PyMethodDef definition{"end_rule", call, METH_VARARGS, nullptr};
    const Object self = Object::steal(PyCapsule_New(watchdog, nullptr, nullptr));
    set(Object::steal(PyCFunction_New(&definition, self.get())));
  }
  static void remove() { set(attribute(import_module("signal").get(), "SIG_DFL")); }

 private:
  static void set(const Object& handler) {
    const Object module = import_module("signal");
    static_cast<void>(
        Object::steal(PyObject_CallMethod(module.get(), "signal", "iO", signal(), handler.get())));
  }
  static PyObject* call(PyObject* self, PyObject* /*arguments*/) {
    return as_hook([&] {
      const auto& watchdog = *static_cast<Watchdog*>(PyCapsule_GetPointer(self, nullptr));
      const std::uint64_t overdue = watchdog.overdue_.load(std::memory_order_relaxed);
      const bool still_runs = overdue != 0 && overdue == watchdog.changes_.load(std::memory_order_relaxed);
      if (still_runs && PythonThread::current() != nullptr) throw sim::RuleTimedOut{watchdog.limit_};
      return Object::share(Py_None);
    });
  }
};

RUSHHOUR_INLINE Watchdog::Watchdog(Duration limit) : limit_(limit), loop_(pthread_self()) {
  Handler::install(this);
  thread_ = std::thread{[this] { watch(); }};
}

RUSHHOUR_INLINE Watchdog::~Watchdog() {
  {
    const std::lock_guard lock{mutex_};
    is_ended_ = true;
  }
  ended_.notify_one();
  thread_.join();
  Handler::remove();
}

/// Adds up short looks instead of comparing times, so that a process that was stopped is no rule that hung.
RUSHHOUR_INLINE void Watchdog::watch() {
  const Duration tick =
      std::clamp<Duration>(limit_ / 16, std::chrono::milliseconds{1}, std::chrono::seconds{1});
  std::uint64_t seen = 0;
  Duration unchanged{};
  std::unique_lock lock{mutex_};
  while (!ended_.wait_for(lock, tick, [this] { return is_ended_; })) {
    const std::uint64_t changes = changes_.load(std::memory_order_relaxed);
    const bool same_rule = running_.load(std::memory_order_relaxed) > 0 && changes == seen;
    unchanged = same_rule ? unchanged + tick : Duration{};
    seen = changes;
    if (unchanged < limit_) continue;
    // Again at each tick: the rule may swallow it.
    overdue_.store(changes, std::memory_order_relaxed);
    pthread_kill(loop_, Handler::signal());
  }
}

}  // namespace rushhour::panther
