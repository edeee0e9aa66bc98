/// \file
/// So many calls within a stretch of a window's length, estimated from two counts: this window's, and the
/// share of the last window's that the stretch still covers. It keeps no instants; where calls came unevenly
/// it errs, which sliding_log.hpp does not.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/limit/detail/progress.hpp>
#include <rushhour/limit/limiter.hpp>
#include <rushhour/time.hpp>

namespace rushhour::limit {

struct SlidingCounterOptions {
  std::uint64_t limit{1};                    ///< calls within a window, 1 to 2^32
  Duration window{std::chrono::minutes{1}};  ///< longer than 0; one minute unless said
  /// Refused calls are counted as well, so a client that keeps asking stays shut out.
  bool rejected_count{};
};

/// A call passes when current + previous * (1 - passed / window) < limit, with windows aligned to the epoch
/// and `passed` the time since the current one began. Exact: both sides are counted in `window`ths of a call.
class SlidingCounter final : public Limiter {
 public:
  explicit SlidingCounter(SlidingCounterOptions options) : options_(options) {
    detail::checked_burst(options_.limit, options_.window, 0);
  }

  [[nodiscard]] bool admits(Instant now) override {
    progress_.advance(now);
    counts_ = counts_at(now);
    return weight(counts_, now) < capacity();
  }
  void charge(Instant now) override {
    const bool admitted = admits(now);
    RUSHHOUR_ASSERT(admitted, "only a call that was admitted is charged");
    ++counts_.current;
  }
  void refused(Instant now) override {
    if (!options_.rejected_count) return;
    (void)admits(now);
    ++counts_.current;
  }

  [[nodiscard]] std::vector<Rate> rates() const override {
    return {Rate{.limit = options_.limit, .window = options_.window, .burst = options_.limit}};
  }
  [[nodiscard]] std::uint64_t remaining(Instant now) const override {
    const detail::uint128 used = weight(counts_at(now), now);
    // A part of a call that is left lets a whole one pass.
    return used >= capacity() ? 0 : static_cast<std::uint64_t>((capacity() - used + call() - 1) / call());
  }
  [[nodiscard]] Instant next_admission(Instant now) const override {
    Counts counts = counts_at(now);
    if (weight(counts, now) < capacity()) return now;
    // Where this window is used up, the next decides, in which this one's count is the last one's.
    detail::uint128 wait = call() - passed_at(now);
    if (counts.current >= options_.limit) {
      counts = {.index = counts.index, .current = 0, .previous = counts.current};
      wait += call();
    }
    // previous * covered < free says how much of the last window may still be covered. None: the call passes
    // when the window ends.
    const detail::uint128 free = static_cast<detail::uint128>(options_.limit - counts.current) * call();
    return detail::saturating_add(now, wait - (free - 1) / counts.previous);
  }
  [[nodiscard]] std::unique_ptr<Limiter> clone() const override {
    return std::make_unique<SlidingCounter>(*this);
  }

 private:
  struct Counts {
    std::int64_t index{INT64_MIN};  // of the current window
    std::uint64_t current{};
    std::uint64_t previous{};
  };

  /// What one call weighs: the window in nanoseconds.
  [[nodiscard]] std::uint64_t call() const { return static_cast<std::uint64_t>(options_.window.count()); }
  [[nodiscard]] detail::uint128 capacity() const {
    return static_cast<detail::uint128>(options_.limit) * call();
  }
  /// Nanoseconds since the current window began.
  [[nodiscard]] std::uint64_t passed_at(Instant now) const {
    const std::int64_t rest = now.time_since_epoch().count() % options_.window.count();
    return static_cast<std::uint64_t>(rest < 0 ? rest + options_.window.count() : rest);
  }
  [[nodiscard]] Counts counts_at(Instant now) const {
    (void)progress_.since(now);
    const std::int64_t index = detail::window_index(now, options_.window);
    if (index == counts_.index) return counts_;
    return {.index = index,
            .current = 0,
            .previous = index == counts_.index + 1 ? counts_.current : 0};  // else a window without a call
  }
  [[nodiscard]] detail::uint128 weight(const Counts& counts, Instant now) const {
    return static_cast<detail::uint128>(counts.current) * call() +
           static_cast<detail::uint128>(counts.previous) * (call() - passed_at(now));
  }

  SlidingCounterOptions options_;
  Counts counts_;
  detail::Progress progress_;
};

}  // namespace rushhour::limit
