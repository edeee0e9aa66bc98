/// \file
/// A detection's own budget of calls: when the container made its calls of the last hour. It is what an
/// author writes to spare a quota; the quota itself is the service's (limit/).
#pragma once

#include <cstdint>
#include <deque>

#include <rushhour/time.hpp>

namespace rushhour::detect {

/// The calls in (now - 1h, now], as limit/sliding_log.hpp counts them. Detections that share a log may have
/// different limits: each looks at all calls, and stops at its own.
class CallLog {
 public:
  static constexpr Duration window = std::chrono::hours{1};

  /// Whether one more call stays within `limit` calls in the hour that ends now.
  [[nodiscard]] bool admits(std::uint64_t limit, Instant now) {
    while (!calls_.empty() && calls_.front() + window <= now) calls_.pop_front();
    return calls_.size() < limit;
  }
  /// One call, begun now: instants do not go back. Its retries are not counted, as its author does not see
  /// them.
  void add(Instant now) { calls_.push_back(now); }

 private:
  std::deque<Instant> calls_{};
};

}  // namespace rushhour::detect
