/// \file
/// Arrivals with a shape of the user's own: weights of equal stretches of the time, such as the counts of a
/// recorded hour. A shape repeats what was; a process that makes other hours like it is bursty_arrivals.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/event/traffic/arrivals.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::traffic {

/// The weights are those of stretches that share the plan's duration equally, in order; within a stretch
/// events are evenly spaced. With w(t) the weight until t, event i of N, from 0, comes when
/// w(t) = i * w(duration) / N, rounded down to a nanosecond: all N come within the duration, and where the
/// weights sum to N, each stretch has exactly its weight of them.
class ShapedArrivals final : public Arrivals {
 public:
  static constexpr std::size_t weights_max = 86'400;
  static constexpr std::uint64_t weight_max = 1'000'000'000;

  /// Throws InputError when there are no weights or too many, one is too large, or all are 0.
  ShapedArrivals(const ArrivalPlan& plan, std::vector<std::uint64_t> weights)
      : Arrivals(plan), weights_((check(weights), std::move(weights))) {
    RUSHHOUR_ASSERT(plan.duration < std::chrono::hours{24 * 365}, "a shape lasts less than a year");
    for (const std::uint64_t weight : weights_) total_ += weight;
  }

 private:
  using Wide = rushhour::detail::uint128;

  static void check(const std::vector<std::uint64_t>& weights) {
    const auto largest = std::ranges::max_element(weights);
    if (weights.empty() || weights.size() > weights_max || *largest == 0 || *largest > weight_max) {
      throw InputError(
          {.expected = "1 to " + std::to_string(weights_max) + " weights, each up to " +
                       std::to_string(weight_max) + " and not all 0",
           .seen = std::to_string(weights.size()) + " weights" +
                   (weights.empty() ? std::string{} : ", the largest " + std::to_string(*largest))});
    }
  }

  void begin() override {
    drawn_ = 0;
    stretch_ = 0;
    before_ = 0;
  }
  /// In parts of a weight, N of them each: below 2^47 * 2^30.
  [[nodiscard]] Instant draw() override {
    const std::uint64_t events = plan().events;
    const Wide at = static_cast<Wide>(drawn_++) * total_;
    while (at >= (before_ + weights_[stretch_]) * events) before_ += weights_[stretch_++];
    const auto length = static_cast<Wide>(plan().duration.count());
    const Wide into = (at - before_ * events) * length / (static_cast<Wide>(weights_[stretch_]) * events);
    return plan().start + Duration{static_cast<std::int64_t>((length * stretch_ + into) / weights_.size())};
  }

  std::vector<std::uint64_t> weights_;
  Wide total_ = 0;
  std::uint64_t drawn_ = 0;
  std::size_t stretch_ = 0;
  Wide before_ = 0;  // of the weights of the stretches before
};

/// Throws InputError, when the arrivals are made, for weights out of range.
[[nodiscard]] inline ArrivalProcess shaped_arrivals(std::vector<std::uint64_t> weights) {
  return [weights = std::move(weights)](const ArrivalPlan& plan, Stream) {
    return std::make_unique<ShapedArrivals>(plan, weights);
  };
}

}  // namespace rushhour::event::traffic
