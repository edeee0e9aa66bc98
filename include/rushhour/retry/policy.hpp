/// \file
/// What a client does after a failed attempt: try again after a delay, or give up. A policy only decides; the
/// call loop sleeps, counts attempts and writes the journal.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/random.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::retry {

/// The retry behaviour of one client object: as with the SDKs, a client's calls share its policy and whatever
/// it remembers, and two clients share nothing. Calls of several workers interleave, so nothing about a
/// single call may be remembered in it.
class Policy {
 public:
  Policy() = default;
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;
  virtual ~Policy() = default;

  /// As a scenario names it: `legacy`.
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Attempts in all, the first included.
  [[nodiscard]] virtual unsigned max_attempts() const = 0;

  /// Whether a client made anew for each call behaves otherwise than one that is kept: a retry quota and a
  /// rate limiter are forgotten with the client.
  [[nodiscard]] virtual bool keeps_state() const { return false; }

  /// After every failed attempt, the last included: the delay before the next one, or nothing to give up.
  /// `attempts_made` is at least 1; at `now` the failure came back; `random_bits` are 64 uniform bits for
  /// this decision alone. A policy with a retry quota pays for the retry here and gives up when it cannot.
  [[nodiscard]] virtual std::optional<Duration> before_retry(const Failure& failure, unsigned attempts_made,
                                                             Instant now, std::uint64_t random_bits) = 0;

  /// Before every attempt, at `now`: how long the client itself holds the attempt back. Policies without a
  /// rate limiter of their own do not.
  [[nodiscard]] virtual Duration acquire([[maybe_unused]] Instant now) { return Duration::zero(); }
  /// After an attempt that succeeded, whose answer came at `now`. `last_failure` is that of the attempt
  /// before, null when the first succeeded: it is what a retry quota refunds by. Policies without a quota
  /// ignore it.
  virtual void on_success([[maybe_unused]] unsigned attempts_made,
                          [[maybe_unused]] const Failure* last_failure, [[maybe_unused]] Instant now) {}
};

/// Full jitter: a uniform share of min(2^(retry - 1) * base, cap), rounded down to the nanosecond, for retry
/// 1, 2, ... Bounds beyond 292 years count as that.
[[nodiscard]] constexpr Duration full_jitter(unsigned retry, std::optional<Duration> cap,
                                             std::uint64_t random_bits,
                                             Duration base = std::chrono::seconds{1}) {
  RUSHHOUR_ASSERT(retry >= 1, "the first retry is number 1");
  RUSHHOUR_ASSERT(base >= Duration::zero(), "a delay cannot be negative");
  const unsigned doublings = retry - 1 < 63 ? retry - 1 : 63;
  const auto longest = static_cast<std::uint64_t>(cap.value_or(Duration::max()).count());
  const rushhour::detail::uint128 bound =
      static_cast<rushhour::detail::uint128>(static_cast<std::uint64_t>(base.count())) << doublings;
  return Duration{static_cast<std::int64_t>(
      uniform_below(random_bits, bound < longest ? static_cast<std::uint64_t>(bound) : longest))};
}

/// The random bits that stand for a fraction in [0, 1), so that a published delay can be compared exactly:
/// with them full_jitter() gives floor(fraction * bound) to the nanosecond, as long as the bound in
/// nanoseconds times the denominator is below 2^64. `bits_of({1, 4})` for a `random()` of 0.25.
[[nodiscard]] constexpr std::uint64_t bits_of(Ratio fraction) {
  RUSHHOUR_ASSERT(fraction.numerator < fraction.denominator, "random() is below 1");
  const rushhour::detail::uint128 scaled = static_cast<rushhour::detail::uint128>(fraction.numerator) << 64;
  return static_cast<std::uint64_t>((scaled + fraction.denominator - 1) / fraction.denominator);
}

}  // namespace rushhour::retry
