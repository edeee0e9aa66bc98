/// \file
/// The body of virtual_time.hpp and the system's clock functions, which come before the C library's in a
/// program that links rushhour::panther_clock. It is compiled into the program itself: a library's would come
/// too late.

#include <rushhour/panther/detail/gil_state.hpp>

#include <dlfcn.h>
#include <sys/time.h>

#include <cerrno>
#include <cstdint>
#include <ctime>
#include <utility>

#include <rushhour/panther/virtual_time.hpp>
#include <rushhour/time.hpp>

namespace {

using rushhour::Duration;
using rushhour::Instant;
using rushhour::panther::VirtualTime;

thread_local VirtualTime* current_scope = nullptr;

/// The C library's function, or that of whoever else is before it, as a sanitizer's.
template <class Function>
Function* system_function(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool is_wall_clock(clockid_t clock) { return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE; }

constexpr std::int64_t second = 1'000'000'000;

timespec to_timespec(Instant instant) {
  const std::int64_t count = instant.time_since_epoch().count();
  const std::int64_t rest = (count % second + second) % second;
  return {.tv_sec = (count - rest) / second, .tv_nsec = rest};
}

bool is_valid(const timespec& time) { return time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < second; }

/// The instant a length after another; the end of time when that is further than an Instant reaches.
Instant later(Instant from, const timespec& length) {
  std::int64_t count = 0;
  if (__builtin_mul_overflow(length.tv_sec, second, &count) ||
      __builtin_add_overflow(count, length.tv_nsec, &count) ||
      __builtin_add_overflow(count, from.time_since_epoch().count(), &count)) {
    return Instant::max() - Duration{1};
  }
  return Instant{Duration{count}};
}

/// Null when this thread's sleeps are the system's.
VirtualTime* sleeping_scope() {
  return current_scope != nullptr && current_scope->takes_sleeps() ? current_scope : nullptr;
}

int system_clock_gettime(clockid_t clock, timespec* time) {
  static auto* const function = system_function<int(clockid_t, timespec*)>("clock_gettime");
  return function(clock, time);
}

}  // namespace

namespace rushhour::panther {

VirtualTime::VirtualTime(Clock& clock, const sim::EventLoop* loop)
    : clock_(clock), loop_(loop), outer_(std::exchange(current_scope, this)) {}

VirtualTime::~VirtualTime() { current_scope = outer_; }

void VirtualTime::sleep_until(Instant wake) noexcept {
  // CPython has left its own code to sleep, without Outside.
  const detail::GilState python;
  PyThreadState* const state = PyGILState_GetThisThreadState();
  python.follow(nullptr);
  try {
    clock_.sleep_until(wake);
  } catch (...) {  // there is C between here and whoever could catch it; it comes again at the next wait
  }
  python.follow(state);
}

}  // namespace rushhour::panther

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  if (current_scope == nullptr || !is_wall_clock(clock)) return system_clock_gettime(clock, time);
  *time = to_timespec(current_scope->now());
  return 0;
}

int gettimeofday(timeval* __restrict time, void* __restrict zone) noexcept {
  if (current_scope == nullptr) {
    static auto* const function = system_function<int(timeval*, void*)>("gettimeofday");
    return function(time, zone);
  }
  const timespec now = to_timespec(current_scope->now());
  *time = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1'000};
  return 0;
}

time_t time(time_t* result) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (result != nullptr) *result = now.tv_sec;
  return now.tv_sec;
}

int nanosleep(const timespec* length, timespec* left) {
  VirtualTime* const scope = sleeping_scope();
  if (scope == nullptr) {
    static auto* const function = system_function<int(const timespec*, timespec*)>("nanosleep");
    return function(length, left);
  }
  if (!is_valid(*length)) {
    errno = EINVAL;
    return -1;
  }
  scope->sleep_until(later(scope->now(), *length));
  return 0;
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* request, timespec* left) {
  VirtualTime* const scope = sleeping_scope();
  if (scope == nullptr) {
    static auto* const function =
        system_function<int(clockid_t, int, const timespec*, timespec*)>("clock_nanosleep");
    return function(clock, flags, request, left);
  }
  if (!is_valid(*request)) return EINVAL;
  if ((flags & TIMER_ABSTIME) == 0) {
    scope->sleep_until(later(scope->now(), *request));
  } else if (is_wall_clock(clock)) {
    scope->sleep_until(later(Instant{}, *request));
  } else {
    timespec now{};
    system_clock_gettime(clock, &now);
    const Instant wake = later(Instant{}, *request);
    const Instant passed = later(Instant{}, now);
    if (wake > passed) scope->sleep_until(scope->now() + (wake - passed));
  }
  return 0;
}

}  // extern "C"
