/// \file
/// Arrivals in bursts that come by chance: a Poisson process that changes between a calm and a burst rate,
/// each for a random while. For one burst at a known time see burst_arrivals.hpp.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <rushhour/config.hpp>
#include <rushhour/event/traffic/arrivals.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/random.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::traffic {

/// A Markov-modulated Poisson process of two states. The defaults are those of oracle O20 (spec of the
/// simulation, 4.1); with its mean rate, 1300/7 events a second, counts over 1, 10 and 60 s have the indices
/// of dispersion 573.57, 4181.08 and 8745.99, where a Poisson process has 1 and 2,900 real CloudTrail events
/// have 22, 112 and 239 (section 5).
struct MmppOptions {
  /// The rate while calm, by that in a burst: 0 (silence between bursts) to 1, in numbers up to 1000.
  Ratio calm_to_burst{1, 20};
  Duration calm{std::chrono::seconds{60}};   ///< on average; the lengths are exponential; 1 ms to 12 h
  Duration burst{std::chrono::seconds{10}};  ///< likewise
};

/// The rates are scaled so that the mean rate is N / duration. There are exactly N instants, the first N of a
/// process that goes on for ever and is stationary: it begins calm with the share of time that is calm. The
/// last comes before or after start + duration; with the defaults by a standard deviation of an eighth of an
/// hour's plan, of a 40th of a day's, however large N is. What is measured per hour is measured over the
/// arrivals. Each change of state costs about as much as an arrival.
class MmppArrivals final : public Arrivals {
 public:
  /// Throws InputError when an option is out of range. The stream is the process's own.
  MmppArrivals(const ArrivalPlan& plan, const MmppOptions& options, Stream stream)
      : Arrivals(plan), gaps_(stream), lengths_(stream.part(1)), mean_lengths_{options.calm, options.burst} {
    check(options);
    RUSHHOUR_ASSERT(plan.duration < std::chrono::hours{24 * 365}, "bursty arrivals last less than a year");
    if (plan.events == 0) return;
    // Of the two rates n/d and 1 the mean is (n calm + d burst) / (d (calm + burst)).
    const Ratio rate = options.calm_to_burst.reduced();
    const auto calm_length = static_cast<std::uint64_t>(options.calm.count());
    const auto burst_length = static_cast<std::uint64_t>(options.burst.count());
    const detail::Gap total =  // below 2^71 * 1000 * 2^46.3
        detail::to_gap(plan.duration) * (rate.numerator * calm_length + rate.denominator * burst_length);
    const auto mean_gap = [&](std::uint64_t part) {
      return part == 0 ? 0 : total / part / (calm_length + burst_length) / plan.events;
    };
    mean_gaps_ = {mean_gap(rate.numerator), mean_gap(rate.denominator)};
  }

 private:
  enum State : std::uint8_t { calm, burst };

  static void check(const MmppOptions& options) {
    const Ratio rate = options.calm_to_burst;
    if (rate.denominator == 0 || rate.denominator > 1000 || rate.numerator > rate.denominator) {
      throw InputError({.expected = "a ratio of calm to burst rate from 0 to 1, in numbers up to 1000",
                        .seen = std::to_string(rate.numerator) + " / " + std::to_string(rate.denominator)});
    }
    for (const Duration length : {options.calm, options.burst}) {
      if (length < std::chrono::milliseconds{1} || length > std::chrono::hours{12}) {
        throw InputError(
            {.expected = "a mean length of calms and bursts from 1ms to 12h", .seen = to_text(length)});
      }
    }
  }

  void begin() override {
    drawn_ = 0;
    changes_ = 0;
    elapsed_ = 0;
    const auto share = static_cast<std::uint64_t>(mean_lengths_[calm].count());
    const auto whole = static_cast<std::uint64_t>((mean_lengths_[calm] + mean_lengths_[burst]).count());
    state_ = chance(lengths_.at(changes_++), {share, whole}) ? calm : burst;
    until_ = length_of_state();
  }
  /// At a change of state the gap is drawn anew: exponential gaps have no memory, so nothing is lost.
  [[nodiscard]] Instant draw() override {
    for (;;) {
      const detail::Gap mean_gap = mean_gaps_[state_];
      if (mean_gap != 0) {
        const detail::Gap next = elapsed_ + detail::exponential_gap(gaps_.at(drawn_++), mean_gap);
        if (next < until_) {
          elapsed_ = next;
          return plan().start + detail::to_duration(elapsed_);
        }
      }
      elapsed_ = until_;
      state_ = state_ == calm ? burst : calm;
      until_ += length_of_state();
    }
  }
  [[nodiscard]] detail::Gap length_of_state() {
    return detail::to_gap(exponential(lengths_.at(changes_++), mean_lengths_[state_]));
  }

  Stream gaps_, lengths_;
  std::array<Duration, 2> mean_lengths_;    // by state, as the next
  std::array<detail::Gap, 2> mean_gaps_{};  // 0: nothing comes in this state
  std::uint64_t drawn_ = 0;
  std::uint64_t changes_ = 0;
  State state_ = calm;
  detail::Gap elapsed_ = 0;
  detail::Gap until_ = 0;  // when the state ends
};

/// Throws InputError, when the arrivals are made, for an option out of range.
[[nodiscard]] inline ArrivalProcess bursty_arrivals(const MmppOptions& options = {}) {
  return [options](const ArrivalPlan& plan, Stream stream) {
    return std::make_unique<MmppArrivals>(plan, options, stream);
  };
}

}  // namespace rushhour::event::traffic
