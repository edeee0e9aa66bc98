/// \file
/// Arrivals that follow the day: a Poisson process whose rate rises to an hour of the day and falls again. It
/// knows no weekdays and no time zones but UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/event/traffic/arrivals.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/random.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::traffic {

struct DiurnalOptions {
  /// The rate at its highest, by that at its lowest: 1 to 1000, in numbers up to 1000. A day of CloudTrail
  /// has 2 to 3 (spec of the simulation, section 5).
  Ratio peak_to_trough{5, 2};
  /// When the rate is highest, after midnight UTC; less than a day. It is lowest twelve hours later.
  Duration peak{std::chrono::hours{14}};
};

/// The rate is linear from trough to peak and back, twelve hours each way, so it and its integral are exact
/// in integers. It is scaled so that it integrates to N over the plan's duration, whichever part of the day
/// that is: an hour's plan has its N events in that hour, leaning a little to one side.
///
/// Instants are drawn by thinning (Lewis and Shedler, 1979): a Poisson process at the rate of the peak, of
/// which an event at t stays with probability rate(t) / peak. There are exactly N, the first N of a process
/// that goes on for ever, so the last may come before or after start + duration (by about duration /
/// sqrt(N)), as with PoissonArrivals; and counts in windows before that are independent and Poisson.
class DiurnalArrivals final : public Arrivals {
 public:
  /// Throws InputError when an option is out of range. The stream is the process's own.
  DiurnalArrivals(const ArrivalPlan& plan, const DiurnalOptions& options, Stream stream)
      : Arrivals(plan), gaps_(stream), thinning_(stream.part(1)) {
    check(options);
    RUSHHOUR_ASSERT(plan.duration < std::chrono::hours{24 * 365}, "diurnal arrivals last less than a year");
    const Ratio factor = options.peak_to_trough.reduced();
    trough_ = options.peak + half_day;
    base_ = factor.denominator * static_cast<std::uint64_t>(half_day.count());
    slope_ = factor.numerator - factor.denominator;
    peak_ = factor.numerator * static_cast<std::uint64_t>(half_day.count());
    if (plan.events == 0) return;
    // Below 2^71 * 1000 * 2^46.
    mean_gap_ = detail::to_gap(plan.duration) * mean_weight() / (static_cast<Wide>(plan.events) * peak_);
  }

 private:
  using Wide = rushhour::detail::uint128;
  static constexpr Duration half_day = std::chrono::hours{12};
  static constexpr Duration day = 2 * half_day;

  static void check(const DiurnalOptions& options) {
    const Ratio factor = options.peak_to_trough;
    if (factor.numerator > 1000 || factor.denominator == 0 || factor.numerator < factor.denominator) {
      throw InputError(
          {.expected = "a factor from trough to peak of 1 to 1000, in numbers up to 1000",
           .seen = std::to_string(factor.numerator) + " / " + std::to_string(factor.denominator)});
    }
    if (options.peak < Duration::zero() || options.peak >= day) {
      throw InputError({.expected = "a peak at 0s to 24h after midnight", .seen = to_text(options.peak)});
    }
  }

  /// Since the last trough; less than a day.
  [[nodiscard]] Duration since_trough(Instant at) const {
    const Duration rest = (at.time_since_epoch() - trough_) % day;
    return rest < Duration::zero() ? rest + day : rest;
  }
  /// The rate, in a unit in which it is whole: base_ at the trough, peak_ at the peak.
  [[nodiscard]] std::uint64_t weight(Instant at) const {
    const Duration since = since_trough(at);
    const Duration rise = since <= half_day ? since : day - since;
    return base_ + slope_ * static_cast<std::uint64_t>(rise.count());
  }
  /// Twice the integral of the rise over the first part of a day, from trough to trough.
  [[nodiscard]] static Wide twice_risen(Duration since) {
    const auto squared = [](Duration length) {
      const auto count = static_cast<Wide>(length.count());
      return count * count;
    };
    return since <= half_day ? squared(since) : 2 * squared(half_day) - squared(day - since);
  }
  /// Of the weight, over the plan's duration.
  [[nodiscard]] Wide mean_weight() const {
    const Duration first = since_trough(plan().start);
    const Duration last = first + plan().duration;
    const Wide twice = static_cast<Wide>(last / day) * twice_risen(day) + twice_risen(last % day) -
                       twice_risen(first);  // below 2^100
    return base_ + slope_ * (twice / 2 / static_cast<Wide>(plan().duration.count()));
  }

  void begin() override {
    drawn_ = 0;
    elapsed_ = 0;
  }
  [[nodiscard]] Instant draw() override {
    for (;;) {
      elapsed_ += detail::exponential_gap(gaps_.at(drawn_), mean_gap_);
      const Instant at = plan().start + detail::to_duration(elapsed_);
      if (chance(thinning_.at(drawn_++), {weight(at), peak_})) return at;
    }
  }

  Stream gaps_, thinning_;
  Duration trough_{};  // after midnight; perhaps of the day after
  std::uint64_t base_ = 0;
  std::uint64_t slope_ = 0;
  std::uint64_t peak_ = 0;
  detail::Gap mean_gap_ = 0;  // at the peak
  std::uint64_t drawn_ = 0;
  detail::Gap elapsed_ = 0;
};

/// Throws InputError, when the arrivals are made, for an option out of range.
[[nodiscard]] inline ArrivalProcess diurnal_arrivals(const DiurnalOptions& options = {}) {
  return [options](const ArrivalPlan& plan, Stream stream) {
    return std::make_unique<DiurnalArrivals>(plan, options, stream);
  };
}

}  // namespace rushhour::event::traffic
