/// \file
/// When events arrive: processes that give a fixed number of instants in order, in constant memory. They know
/// nothing of what arrives.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include <rushhour/config.hpp>
#include <rushhour/detail/fixed_point.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::detail {

/// Gaps are held and summed in 2^-16 ns, so that the mean gap of many events is not cut to whole nanoseconds.
inline constexpr int gap_fraction_bits = 16;
using Gap = rushhour::detail::uint128;

/// An exponential gap from 64 uniform bits. The mean is less than 2^81: a year of nanoseconds times 2^16 is
/// below 2^71, and a process may have a state whose rate is a thousandth of the mean.
[[nodiscard]] constexpr Gap exponential_gap(std::uint64_t bits, Gap mean) {
  const std::uint64_t unit = rushhour::detail::minus_ln(bits);  // mean 1, times 2^56; less than 2^62
  // The product has 128 bits: the low bits of the unit go first when the mean is large.
  return mean >> 64 == 0 ? mean * unit >> rushhour::detail::fraction_bits
                         : mean * (unit >> 16) >> (rushhour::detail::fraction_bits - 16);
}

[[nodiscard]] constexpr Gap to_gap(Duration length) {
  return static_cast<Gap>(length.count()) << gap_fraction_bits;
}
/// Rounded down to nanoseconds.
[[nodiscard]] constexpr Duration to_duration(Gap gap) {
  return Duration{static_cast<std::int64_t>(gap >> gap_fraction_bits)};
}

}  // namespace rushhour::event::detail

namespace rushhour::event::traffic {

/// How many events, over which span.
struct ArrivalPlan {
  std::uint64_t events{};
  Instant start{};
  Duration duration{};  ///< more than zero
};

/// Exactly plan().events instants, never decreasing. A process derives from it and supplies begin() and
/// draw().
class Arrivals {
 public:
  explicit Arrivals(const ArrivalPlan& plan) : plan_(plan) {
    RUSHHOUR_ASSERT(plan.duration > Duration::zero(), "arrivals need time to happen in");
  }
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;
  virtual ~Arrivals() = default;

  [[nodiscard]] const ArrivalPlan& plan() const { return plan_; }
  [[nodiscard]] bool at_end() const { return started_ && given_ == plan_.events; }

  /// The instant that next() will give; nullptr at the end.
  [[nodiscard]] const Instant* peek() {
    if (!started_) restart();
    return given_ == plan_.events ? nullptr : &next_;
  }
  /// The next arrival. Not at the end.
  Instant next() {
    const Instant* const due = peek();
    RUSHHOUR_ASSERT(due != nullptr, "no more arrivals");
    const Instant result = *due;
    if (++given_ < plan_.events) advance();
    return result;
  }
  /// Back to the first; the same instants come again.
  void restart() {
    started_ = true;
    given_ = 0;
    begin();
    next_ = plan_.start;
    if (plan_.events > 0) advance();
  }

 protected:
  /// Forgets what was drawn.
  virtual void begin() = 0;
  /// The next arrival in order, not before the last; called once for each event after begin().
  [[nodiscard]] virtual Instant draw() = 0;

 private:
  void advance() {
    const Instant drawn = draw();
    RUSHHOUR_ASSERT(drawn >= next_, "arrivals do not go back in time");
    next_ = drawn;
  }

  ArrivalPlan plan_;
  std::uint64_t given_ = 0;
  Instant next_{};
  bool started_ = false;
};

/// Event i of N, from 0, at start + floor(i * duration / N).
class ConstantArrivals final : public Arrivals {
 public:
  explicit ConstantArrivals(const ArrivalPlan& plan) : Arrivals(plan) {
    if (plan.events == 0) return;
    const auto length = static_cast<std::uint64_t>(plan.duration.count());
    step_ = Duration{static_cast<std::int64_t>(length / plan.events)};
    step_rest_ = length % plan.events;
  }

 private:
  void begin() override {
    at_ = plan().start;
    rest_ = 0;
  }
  /// The division is carried from event to event, in whole numbers: exact, and 20 times cheaper than dividing
  /// 128 bits for each.
  [[nodiscard]] Instant draw() override {
    const Instant result = at_;
    at_ += step_;
    rest_ += step_rest_;
    if (rest_ >= plan().events) {
      rest_ -= plan().events;
      at_ += Duration{1};
    }
    return result;
  }

  Duration step_{};
  std::uint64_t step_rest_ = 0;
  Instant at_{};
  std::uint64_t rest_ = 0;
};

/// Independent arrivals at the mean rate N / duration: exponential gaps, the first before the first event.
/// There are exactly N, so the last may come before or after start + duration (by about duration / sqrt(N));
/// what is measured per hour is measured over the arrivals.
class PoissonArrivals final : public Arrivals {
 public:
  /// The stream is the process's own: another with the same stream gives the same gaps.
  PoissonArrivals(const ArrivalPlan& plan, Stream gaps) : Arrivals(plan), gaps_(gaps) {
    if (plan.events == 0) return;
    RUSHHOUR_ASSERT(plan.duration < std::chrono::hours{24 * 365}, "Poisson arrivals last less than a year");
    mean_gap_ = detail::to_gap(plan.duration) / plan.events;
  }

 private:
  void begin() override {
    drawn_ = 0;
    elapsed_ = 0;
  }
  [[nodiscard]] Instant draw() override {
    elapsed_ += detail::exponential_gap(gaps_.at(drawn_++), mean_gap_);
    return plan().start + detail::to_duration(elapsed_);
  }

  Stream gaps_;
  detail::Gap mean_gap_ = 0;
  std::uint64_t drawn_ = 0;
  detail::Gap elapsed_ = 0;
};

/// A process as a value: with a plan and a stream of its own it makes the arrivals. A new process is a class
/// and a function, in a header of its own: diurnal_arrivals.hpp, bursty_arrivals.hpp, burst_arrivals.hpp.
using ArrivalProcess = std::function<std::unique_ptr<Arrivals>(const ArrivalPlan&, Stream)>;

[[nodiscard]] inline ArrivalProcess constant_arrivals() {
  return [](const ArrivalPlan& plan, Stream) { return std::make_unique<ConstantArrivals>(plan); };
}
[[nodiscard]] inline ArrivalProcess poisson_arrivals() {
  return
      [](const ArrivalPlan& plan, Stream stream) { return std::make_unique<PoissonArrivals>(plan, stream); };
}

}  // namespace rushhour::event::traffic
