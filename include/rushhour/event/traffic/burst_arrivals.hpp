/// \file
/// Evenly spaced arrivals with one burst at a known time, the trigger of a retry storm. Nothing in it is
/// random; for bursts that come by chance see bursty_arrivals.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <rushhour/config.hpp>
#include <rushhour/event/traffic/arrivals.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::traffic {

/// The defaults are the trigger of the spec's scenario of metastability (4.4), a burst of five minutes; its
/// factor is ours.
struct BurstOptions {
  Duration from{std::chrono::minutes{20}};    ///< after the start; 0 or more
  Duration lasting{std::chrono::minutes{5}};  ///< more than 0; it ends within the plan's duration
  /// Rate in the burst by rate outside, in numbers from 1 to 1000; below 1 it is a lull.
  Ratio factor{10, 1};
};

/// With w(t) the time until t, in which the burst counts `factor` times: event i of N, from 0, comes when
/// w(t) = i * w(duration) / N, rounded down to a nanosecond. So all N come within the duration, and how many
/// of them in the burst is known to one.
class BurstArrivals final : public Arrivals {
 public:
  /// Throws InputError when an option is out of range, or the burst is not within the plan's duration.
  BurstArrivals(const ArrivalPlan& plan, const BurstOptions& options)
      : Arrivals(plan), from_(options.from), lasting_(options.lasting), factor_(options.factor.reduced()) {
    check(plan, options);
    RUSHHOUR_ASSERT(plan.duration < std::chrono::hours{24 * 365},
                    "arrivals in a burst last less than a year");
    // In parts of a nanosecond, denominator of them each: below 2^55 * 1000.
    begins_ = nanoseconds(from_) * factor_.denominator;
    ends_ = begins_ + nanoseconds(lasting_) * factor_.numerator;
    if (plan.events == 0) return;
    const Wide total = ends_ + nanoseconds(plan.duration - from_ - lasting_) * factor_.denominator;
    step_ = total / plan.events;
    step_rest_ = static_cast<std::uint64_t>(total % plan.events);
  }

 private:
  using Wide = rushhour::detail::uint128;
  [[nodiscard]] static Wide nanoseconds(Duration length) { return static_cast<Wide>(length.count()); }

  static void check(const ArrivalPlan& plan, const BurstOptions& options) {
    const Ratio factor = options.factor;
    if (factor.numerator == 0 || factor.numerator > 1000 || factor.denominator == 0 ||
        factor.denominator > 1000) {
      throw InputError(
          {.expected = "a factor of a burst, in numbers from 1 to 1000",
           .seen = std::to_string(factor.numerator) + " / " + std::to_string(factor.denominator)});
    }
    if (options.from < Duration::zero() || options.lasting <= Duration::zero() ||
        options.from > plan.duration || options.lasting > plan.duration - options.from) {
      throw InputError(
          {.expected = "a burst within the duration of " + to_text(plan.duration),
           .seen = "one from " + to_text(options.from) + " lasting " + to_text(options.lasting)});
    }
  }

  void begin() override {
    at_ = 0;
    rest_ = 0;
  }
  /// As ConstantArrivals: the division is carried from event to event.
  [[nodiscard]] Instant draw() override {
    const Instant result = plan().start + Duration{static_cast<std::int64_t>(when(at_))};
    at_ += step_;
    rest_ += step_rest_;
    if (rest_ >= plan().events) {
      rest_ -= plan().events;
      ++at_;
    }
    return result;
  }
  /// The nanosecond at which w has this value.
  [[nodiscard]] Wide when(Wide at) const {
    if (at < begins_) return at / factor_.denominator;
    if (at < ends_) return nanoseconds(from_) + (at - begins_) / factor_.numerator;
    return nanoseconds(from_ + lasting_) + (at - ends_) / factor_.denominator;
  }

  Duration from_, lasting_;
  Ratio factor_;
  Wide begins_ = 0;
  Wide ends_ = 0;
  Wide step_ = 0;
  std::uint64_t step_rest_ = 0;
  Wide at_ = 0;
  std::uint64_t rest_ = 0;
};

/// Throws InputError, when the arrivals are made, for an option out of range.
[[nodiscard]] inline ArrivalProcess burst_arrivals(const BurstOptions& options = {}) {
  return
      [options](const ArrivalPlan& plan, Stream) { return std::make_unique<BurstArrivals>(plan, options); };
}

}  // namespace rushhour::event::traffic
