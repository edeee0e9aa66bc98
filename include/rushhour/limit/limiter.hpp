/// \file
/// What every rate limiter can do: admit a call at an instant, be charged for it, and say what it allows. It
/// knows nothing of accounts, keys or operations: whoever owns the quota keeps one limiter for each
/// (profiles.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/time.hpp>

namespace rushhour::limit {

/// What a limiter allows, for reports: `limit` calls per `window`, of which `burst` may come at once.
struct Rate {
  std::uint64_t limit{};
  Duration window{};  ///< 0: `limit` is no rate but how many calls may be in flight
  std::uint64_t burst{};
  bool calendar_month{};  ///< the window is the UTC calendar month; `window` then says 31 days, the longest

  friend bool operator==(const Rate&, const Rate&) = default;
};

/// `4 per 1m`, `15500 per UTC month`, `20 per 1s, burst 100`, `1000 at a time`.
[[nodiscard]] inline std::string to_text(const Rate& rate) {
  if (rate.window == Duration::zero() && !rate.calendar_month)
    return std::to_string(rate.limit) + " at a time";
  std::string out = std::to_string(rate.limit) + " per ";
  out += rate.calendar_month ? std::string{"UTC month"} : rushhour::to_text(rate.window);
  if (rate.burst != rate.limit) out += ", burst " + std::to_string(rate.burst);
  return out;
}

/// A rate, and how many calls it would still admit.
struct Level {
  Rate rate{};
  std::uint64_t remaining{};

  friend bool operator==(const Level&, const Level&) = default;
};

/// Decides, in integers only, whether a call may pass. Calls come in order of time: an instant before the
/// last one is a broken contract. A concrete limiter is a value: copies go their own ways.
class Limiter {
 public:
  virtual ~Limiter() = default;

  /// The whole decision: true when the call passes, which is then charged.
  [[nodiscard]] bool try_acquire(Instant now) {
    if (!admits(now)) {
      refused(now);
      return false;
    }
    charge(now);
    return true;
  }

  /// Whether a call at `now` may pass. Brings the state forward, charges nothing; asking twice changes
  /// nothing.
  [[nodiscard]] virtual bool admits(Instant now) = 0;
  /// Charges the call that admits(now) has just let pass.
  virtual void charge(Instant now) = 0;
  /// Tells of a call at `now` that did not pass, whether this limiter refused it or another beside it. It
  /// costs nothing, except where an option `rejected_count` says so.
  virtual void refused(Instant /*now*/) {}
  /// Tells that a call which was charged has ended at `now`: gives back what it held, where the limit is on
  /// calls in flight (concurrency.hpp). All other limiters are indifferent to it.
  virtual void release(Instant /*now*/) {}

  /// One rate for each limit that applies.
  [[nodiscard]] virtual std::vector<Rate> rates() const = 0;
  /// How many calls would pass at `now`, one after another; UINT64_MAX: any number.
  [[nodiscard]] virtual std::uint64_t remaining(Instant now) const = 0;
  /// The rates, in the same order, each with what remains of it at `now`.
  [[nodiscard]] virtual std::vector<Level> levels(Instant now) const {
    return {Level{.rate = rates().front(), .remaining = remaining(now)}};
  }
  /// The first instant from `now` on at which a call passes if none is made, and none ends, before: what a
  /// Retry-After would say. Instant::max() when there is none.
  [[nodiscard]] virtual Instant next_admission(Instant now) const = 0;

  [[nodiscard]] virtual std::unique_ptr<Limiter> clone() const = 0;

 protected:
  Limiter() = default;
  Limiter(const Limiter&) = default;
  Limiter& operator=(const Limiter&) = default;
};

}  // namespace rushhour::limit
