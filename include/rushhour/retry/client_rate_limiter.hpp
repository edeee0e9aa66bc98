/// \file
/// The rate limiter inside a client in retry mode `adaptive`: it measures how fast the client sends, slows it
/// down when the service throttles, and lets it grow again along a cubic. It retries nothing.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/time.hpp>

namespace rushhour::retry {

/// Calls per 10^9 seconds: a rate to nine decimal places, and in a nanosecond as many 10^-18 of a call.
using CallsPerGigasecond = std::uint64_t;

inline constexpr CallsPerGigasecond call_per_second = 1'000'000'000;
/// 10^9 calls per second, beyond which no client goes; all arithmetic here has room for it.
inline constexpr CallsPerGigasecond call_rate_max = 1'000'000'000 * call_per_second;

/// How fast a client has been sending: calls in each half second since the epoch, smoothed. 0 until the first
/// half second has passed. Source: botocore 1.43.11, `retries/adaptive.py`, RateClocker.
class RateClocker {
 public:
  /// `start` is when the client is made. botocore rounds it down to the whole second, so its first
  /// measurement may reach back to before there was a client.
  explicit RateClocker(Instant start) : last_half_second_(2 * floor_to_second(start)) {}

  /// Notes one call at `now` and returns the rate.
  CallsPerGigasecond record(Instant now) {
    ++calls_;
    const std::int64_t half_second = half_second_of(now);
    if (half_second > last_half_second_) {
      const auto halves = static_cast<std::uint64_t>(half_second - last_half_second_);
      const auto current = static_cast<CallsPerGigasecond>(std::min<uint128>(
          (static_cast<uint128>(calls_) * 2 * call_per_second + halves / 2) / halves, call_rate_max));
      measured_ = (4 * current + measured_ + 2) / 5;  // 0.8 of the newest, 0.2 of what was
      calls_ = 0;
      last_half_second_ = half_second;
    }
    return measured_;
  }
  [[nodiscard]] CallsPerGigasecond measured() const { return measured_; }

 private:
  using uint128 = rushhour::detail::uint128;

  static std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
    return value / by - (value % by < 0 ? 1 : 0);
  }
  static std::int64_t floor_to_second(Instant at) {
    return floor_divide(at.time_since_epoch().count(), 1'000'000'000);
  }
  static std::int64_t half_second_of(Instant at) {
    return floor_divide(at.time_since_epoch().count(), 500'000'000);
  }

  std::int64_t last_half_second_;
  std::uint64_t calls_{};
  CallsPerGigasecond measured_{};
};

/// CUBIC, as TCP has it, for calls per second: a throttled call sets the rate to beta = 0.7 of what it was,
/// w; from then on it is C (t - K)^3 + w after t seconds, with C = 0.4, and so back at w after
/// K = cbrt(w (1 - beta) / C) seconds. In integers: K to the nanosecond, rates to nine places. Source:
/// botocore 1.43.11, `retries/throttling.py`, CubicCalculator.
class Cubic {
 public:
  /// Before the first throttled call, w is 0 and t counts from `start`.
  explicit Cubic(Instant start) : last_throttled_(start) {}

  /// The rate after a call at `now` that was not throttled.
  [[nodiscard]] CallsPerGigasecond success(Instant now) const {
    // In an hour the cubic passes any rate.
    constexpr Duration longest = std::chrono::hours{1};
    const Duration since_crossing = std::min(now - last_throttled_, longest) - crossing_;
    const int128 t = since_crossing.count();
    const int128 growth = rounded(2 * t * t * t, 5'000'000'000'000'000'000);
    const int128 rate = growth + static_cast<int128>(before_throttled_);
    return static_cast<CallsPerGigasecond>(std::clamp<int128>(rate, 0, call_rate_max));
  }
  /// The rate after a call at `now` that was throttled, while the client sent at `rate`.
  CallsPerGigasecond throttled(CallsPerGigasecond rate, Instant now) {
    before_throttled_ = std::min(rate, call_rate_max);
    crossing_ = crossing_of(before_throttled_);
    last_throttled_ = now;
    return (7 * before_throttled_ + 5) / 10;
  }
  /// K: how long after a throttled call the rate is what it was before.
  [[nodiscard]] Duration crossing() const { return crossing_; }

 private:
  using int128 = rushhour::detail::int128;
  using uint128 = rushhour::detail::uint128;

  /// Half away from zero.
  static constexpr int128 rounded(int128 value, int128 by) {
    return (value + (value < 0 ? -by / 2 : by / 2)) / by;
  }
  /// cbrt(0.75 s^2 * rate), to the nearest nanosecond: bit by bit, the largest k with (k - 1/2)^3 below it.
  static Duration crossing_of(CallsPerGigasecond rate) {
    const uint128 eightfold = static_cast<uint128>(rate) * 6'000'000'000'000'000'000;
    std::uint64_t nanoseconds = 0;
    for (int bit = 39; bit >= 0; --bit) {  // K of the largest rate is 909 s, below 2^40 ns
      const std::uint64_t candidate = nanoseconds | std::uint64_t{1} << bit;
      const uint128 twice = 2 * candidate - 1;
      if (twice * twice * twice <= eightfold) nanoseconds = candidate;
    }
    return Duration{static_cast<std::int64_t>(nanoseconds)};
  }

  Instant last_throttled_;
  CallsPerGigasecond before_throttled_{};
  Duration crossing_{};
};

/// Calls wait for a token here once the service has throttled one; until then nobody waits. The bucket is
/// refilled at the cubic's rate, at least 0.5/s and at most twice the measured rate, and holds a second's
/// worth, at least 1. Source: botocore 1.43.11, `retries/adaptive.py` and `retries/bucket.py`.
///
/// Calls of several workers leave in the order in which they asked, each at the instant it was given when it
/// asked. botocore's threads reckon their wait anew when the rate changes, and go in the order in which they
/// wake.
class ClientRateLimiter {
 public:
  static constexpr CallsPerGigasecond fill_rate_min = call_per_second / 2;

  /// `start` is when the client is made.
  explicit ClientRateLimiter(Instant start)
      : clocker_(start), cubic_(start), last_refill_(start), last_departure_(start) {}

  /// How long a call that asks at `now` waits.
  [[nodiscard]] Duration acquire(Instant now) {
    if (!enabled_) return Duration::zero();
    refill(now);
    const int128 missing = token - level_;
    const int128 rate = static_cast<int128>(fill_rate_);
    const int128 wait = missing <= 0 ? 0 : (missing + rate - 1) / rate;
    RUSHHOUR_ASSERT(wait <= Duration::max().count(), "more calls wait than the client sends in 292 years");
    level_ -= token;
    last_departure_ = std::max(last_departure_, now + Duration{static_cast<std::int64_t>(wait)});
    return last_departure_ - now;
  }
  /// After each attempt whose answer, or end, came at `now`. Anything but throttling counts as success.
  void received(bool throttled, Instant now) {
    const CallsPerGigasecond measured = clocker_.record(now);
    const CallsPerGigasecond rate =
        throttled ? cubic_.throttled(enabled_ ? std::min(measured, fill_rate_) : measured, now)
                  : cubic_.success(now);
    enabled_ = enabled_ || throttled;
    refill(now);
    const CallsPerGigasecond allowed = std::min(rate, 2 * measured);
    fill_rate_ = std::max(allowed, fill_rate_min);
    capacity_ = static_cast<int128>(std::max(allowed, call_per_second)) * call_per_second;
  }

  /// Whether the service has throttled this client yet.
  [[nodiscard]] bool enabled() const { return enabled_; }
  [[nodiscard]] CallsPerGigasecond fill_rate() const { return fill_rate_; }
  [[nodiscard]] CallsPerGigasecond measured_rate() const { return clocker_.measured(); }

 private:
  using int128 = rushhour::detail::int128;

  /// Levels count 10^-18 of a token, of which `fill_rate_` come in a nanosecond: nothing is rounded.
  static constexpr int128 token = static_cast<int128>(call_per_second) * call_per_second;

  void refill(Instant now) {
    RUSHHOUR_ASSERT(now >= last_refill_, "calls and answers come in the order of time");
    level_ = std::min(capacity_, level_ + static_cast<int128>((now - last_refill_).count()) *
                                              static_cast<int128>(fill_rate_));
    last_refill_ = now;
  }

  RateClocker clocker_;
  Cubic cubic_;
  bool enabled_{};
  CallsPerGigasecond fill_rate_{call_per_second};
  int128 capacity_{token};
  int128 level_{};  ///< below 0: tokens that calls wait for
  Instant last_refill_;
  Instant last_departure_;
};

}  // namespace rushhour::retry
