/// \file
/// The leaky bucket as a queue: calls beyond the rate wait for their turn instead of being refused, up to a
/// longest wait. It is no Limiter, as a call that passes may have to wait; it only says how long, and lets
/// nobody wait itself.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include <rushhour/config.hpp>
#include <rushhour/limit/detail/progress.hpp>
#include <rushhour/limit/limiter.hpp>
#include <rushhour/time.hpp>

namespace rushhour::limit {

struct LeakyQueueOptions {
  std::uint64_t limit{1};                    ///< calls served per window, 1 to 2^32
  Duration window{std::chrono::seconds{1}};  ///< longer than 0; one second unless said
  /// Calls served without a wait after a rest, up to 2^32: the bank of tokens before the queue. 1 unless
  /// said, which serves calls evenly; 0: as many as `limit`.
  std::uint64_t burst{1};
  /// A call that would wait longer is refused; not negative. 0: nobody waits, and calls pass as through a
  /// TokenBucket. Room for n waiting calls is n * window / limit.
  Duration wait_max{};
};

/// Serves calls in order of arrival, one each T = window / limit once the burst is used up. A call at t waits
/// max(0, TAT - tau - t), is refused when that exceeds wait_max, and else sets TAT = max(TAT, t) + T, with
/// tau = (burst - 1) * T (I.371's words, see gcra.hpp). Refused calls depend on the sum of the burst and the
/// queue's room only, not on how it is split (Berger, INFOCOM 1990).
class LeakyQueue {
 public:
  explicit LeakyQueue(LeakyQueueOptions options)
      : limit_(options.limit),
        window_(options.window),
        burst_(detail::checked_burst(options.limit, options.window, options.burst)),
        tolerance_(static_cast<detail::int128>(burst_ - 1) * window_.count()),
        wait_max_(static_cast<detail::int128>(options.wait_max.count()) * scale()),
        arrival_(scaled(Instant::min())) {
    RUSHHOUR_ASSERT(options.wait_max >= Duration::zero(), "a longest wait is not negative");
  }

  /// How long the call at `now` waits until it is served, rounded up to a nanosecond: 0 is at once. Nothing:
  /// refused, which costs nothing. Calls come in order of time.
  [[nodiscard]] std::optional<Duration> offer(Instant now) {
    progress_.advance(now);
    const detail::int128 wait = std::max<detail::int128>(arrival_ - tolerance_ - scaled(now), 0);
    if (wait > wait_max_) return std::nullopt;
    arrival_ = std::max(arrival_, scaled(now)) + window_.count();
    return Duration{static_cast<std::int64_t>((wait + scale() - 1) / scale())};
  }

  /// How many calls have been let in and still wait at `now`.
  [[nodiscard]] std::uint64_t waiting(Instant now) const {
    (void)progress_.since(now);
    // The last call let in is served at TAT - T - tau, and those before it T apart.
    const detail::int128 last = arrival_ - window_.count() - tolerance_ - scaled(now);
    return last <= 0 ? 0 : static_cast<std::uint64_t>((last + window_.count() - 1) / window_.count());
  }

  [[nodiscard]] Rate rate() const { return {.limit = limit_, .window = window_, .burst = burst_}; }

 private:
  [[nodiscard]] detail::int128 scale() const { return static_cast<detail::int128>(limit_); }
  [[nodiscard]] detail::int128 scaled(Instant instant) const {
    return static_cast<detail::int128>(instant.time_since_epoch().count()) * scale();
  }

  std::uint64_t limit_;
  Duration window_;
  std::uint64_t burst_;
  detail::int128 tolerance_;  // tau, in limit_ths of a nanosecond as is what follows
  detail::int128 wait_max_;
  detail::int128 arrival_;  // TAT
  detail::Progress progress_;
};

}  // namespace rushhour::limit
