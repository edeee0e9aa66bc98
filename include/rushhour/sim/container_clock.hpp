/// \file
/// The clock of one container: the simulation's, with an end. An invocation that outlasts its timeout is
/// killed in the middle of whatever it waits for, and a rule that outlasts its own limit fails.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <stdexcept>

#include <rushhour/time.hpp>

namespace rushhour::sim {

/// What a killed invocation throws: no std::exception on purpose, as sim::Cancelled, so that a rule's
/// `catch (const std::exception&)` lets it through. Whoever swallows it meets it again at the next wait.
class InvocationTimedOut {};

/// What a rule meets that ran longer than the engine lets it: in rule() it is a rule error, in
/// alert_context() it costs the context.
class RuleTimedOut : public std::runtime_error {
 public:
  explicit RuleTimedOut(Duration limit)
      : std::runtime_error("the rule ran longer than " + rushhour::to_text(limit)) {}
};

/// Tells the processor time that the program has used so far, in nanoseconds. What it tells differs from run
/// to run, so it is for nobody to decide by, and in no number that is compared.
using CpuMeter = std::function<std::uint64_t()>;

/// Sleeps on the base clock, but not beyond its ends.
class ContainerClock final : public Clock {
 public:
  /// The base clock outlives it, and so does the meter. \param meter  null: nothing is measured
  explicit ContainerClock(Clock& base, const CpuMeter* meter = nullptr) : base_(base), meter_(meter) {}

  [[nodiscard]] Instant now() const override { return base_.now(); }

  void sleep_until(Instant wake) override {
    if (wake <= end_ && !over_) [[likely]] {
      wait_until(wake);
      return;
    }
    if (!over_) wait_until(end_);  // at once when that is past
    if (base_.cancelled()) return;
    over_ = true;
    killed_ = end_ == invocation_end_;
    // To throw from a destructor that unwinding runs would end the process; cancelled() tells the caller.
    if (std::uncaught_exceptions() > 0) return;
    if (killed_) throw InvocationTimedOut{};
    throw RuleTimedOut{rule_limit_};
  }
  [[nodiscard]] bool cancelled() const override { return over_ || base_.cancelled(); }
  /// Whether the invocation has met its end: whoever swallowed that has nothing more to say.
  [[nodiscard]] bool is_killed() const { return killed_; }
  /// The processor time that others have used while this container waited, in all.
  [[nodiscard]] std::uint64_t cpu_of_others_ns() const { return cpu_of_others_ns_; }

  /// From now on nothing lasts beyond `end`; Instant::max(): nothing ends it.
  void begin_invocation(Instant end) {
    invocation_end_ = end;
    end_ = end;
    over_ = false;
    killed_ = false;
  }
  /// A rule begins that may last so long, and no longer than the invocation.
  void begin_rule(Duration limit) {
    rule_limit_ = limit;
    // Not now() + limit: that may lie beyond the end of time.
    end_ = limit < invocation_end_ - base_.now() ? base_.now() + limit : invocation_end_;
    over_ = killed_;
  }
  void end_rule() {
    end_ = invocation_end_;
    over_ = killed_;
  }

 private:
  void wait_until(Instant wake) {
    if (meter_ == nullptr) [[likely]] {
      base_.sleep_until(wake);
      return;
    }
    const std::uint64_t before = (*meter_)();
    base_.sleep_until(wake);
    cpu_of_others_ns_ += (*meter_)() - before;
  }

  Clock& base_;
  const CpuMeter* meter_;
  std::uint64_t cpu_of_others_ns_{};
  Instant invocation_end_{Instant::max()};
  Instant end_{Instant::max()};
  Duration rule_limit_{};
  bool over_{};    ///< one of the two ends was met
  bool killed_{};  ///< and it was the invocation's
};

}  // namespace rushhour::sim
