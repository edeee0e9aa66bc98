/// \file
/// What limiters share about time: how far they have come, and windows aligned to the epoch. Nothing here
/// limits.
#pragma once

#include <cstdint>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/time.hpp>

namespace rushhour::limit::detail {

using rushhour::detail::int128;
using rushhour::detail::uint128;

/// The largest limit, burst or count an option may ask for: with it every product below fits into 128 bits,
/// whatever the two instants are.
inline constexpr std::uint64_t count_max = std::uint64_t{1} << 32;

/// The options that all limiters check alike. Returns the burst: what `burst` says, or `limit` where it is 0.
inline std::uint64_t checked_burst(std::uint64_t limit, Duration window, std::uint64_t burst) {
  RUSHHOUR_ASSERT(limit >= 1 && limit <= count_max, "a limit is from 1 to 2^32 calls");
  RUSHHOUR_ASSERT(burst <= count_max, "a burst is at most 2^32 calls");
  RUSHHOUR_ASSERT(window > Duration::zero(), "a window has a length");
  return burst == 0 ? limit : burst;
}

/// The instant that a limiter has been brought forward to.
class Progress {
 public:
  /// Nanoseconds since the last instant; before the first call as good as for ever. Unsigned, because two
  /// instants may lie further apart than a Duration holds.
  [[nodiscard]] std::uint64_t since(Instant now) const {
    RUSHHOUR_ASSERT(now >= last_, "a limiter's time does not go back");
    return static_cast<std::uint64_t>(now.time_since_epoch().count()) -
           static_cast<std::uint64_t>(last_.time_since_epoch().count());
  }
  std::uint64_t advance(Instant now) {
    const std::uint64_t passed = since(now);
    last_ = now;
    return passed;
  }

 private:
  Instant last_{Instant::min()};
};

/// Which window of that length `instant` lies in; window 0 begins at the epoch.
[[nodiscard]] constexpr std::int64_t window_index(Instant instant, Duration window) {
  const std::int64_t at = instant.time_since_epoch().count();
  const std::int64_t quotient = at / window.count();
  return at % window.count() < 0 ? quotient - 1 : quotient;
}

/// The first instant behind a window; the end of time where that is out of range.
[[nodiscard]] constexpr Instant window_end(std::int64_t index, Duration window) {
  std::int64_t end = 0;
  if (__builtin_mul_overflow(index + 1, window.count(), &end)) return Instant::max();
  return Instant{Duration{end}};
}

/// `from` plus a wait that may be longer than time itself.
[[nodiscard]] constexpr Instant saturating_add(Instant from, uint128 nanoseconds) {
  const int128 sum = static_cast<int128>(from.time_since_epoch().count()) + static_cast<int128>(nanoseconds);
  const int128 end = Instant::max().time_since_epoch().count();
  return sum < end ? Instant{Duration{static_cast<std::int64_t>(sum)}} : Instant::max();
}

}  // namespace rushhour::limit::detail
