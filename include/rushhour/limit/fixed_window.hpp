/// \file
/// So many calls per fixed window: a length aligned to the epoch, which includes the UTC day, or the UTC
/// calendar month. Up to twice the limit may pass within one window's length, across a boundary;
/// sliding_log.hpp prevents that.
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

struct FixedWindowOptions {
  std::uint64_t limit{1};  ///< calls per window, 1 to 2^32
  /// Longer than 0; one minute unless said. 24 hours is the UTC day, as an Instant counts no leap seconds.
  Duration window{std::chrono::minutes{1}};
  bool calendar_month{};  ///< the UTC calendar month instead of `window`
  /// Refused calls use the window up as well. In a full window that changes nothing; it matters in a
  /// composite, where another limiter refused.
  bool rejected_count{};
  /// Calls already counted, at most `limit`, in the window that holds `used_at`: a key of which 120 calls of
  /// the day are gone when a run starts. Other windows begin empty.
  std::uint64_t used{};
  Instant used_at{};
};

/// Counts calls and forgets them at each window's end.
class FixedWindow final : public Limiter {
 public:
  explicit FixedWindow(FixedWindowOptions options) : options_(options) {
    if (options_.calendar_month) options_.window = std::chrono::days{31};
    detail::checked_burst(options_.limit, options_.window, 0);
    RUSHHOUR_ASSERT(options_.used <= options_.limit, "no more is used than the limit");
  }

  [[nodiscard]] bool admits(Instant now) override {
    progress_.advance(now);
    if (now >= end_) {
      end_ = end_of_window(now);
      used_ = used_before(end_);
    }
    return used_ < options_.limit;
  }
  void charge(Instant now) override {
    const bool admitted = admits(now);
    RUSHHOUR_ASSERT(admitted, "only a call that was admitted is charged");
    ++used_;
  }
  void refused(Instant now) override {
    if (options_.rejected_count && admits(now)) ++used_;
  }

  [[nodiscard]] std::vector<Rate> rates() const override {
    return {Rate{.limit = options_.limit,
                 .window = options_.window,
                 .burst = options_.limit,
                 .calendar_month = options_.calendar_month}};
  }
  [[nodiscard]] std::uint64_t remaining(Instant now) const override {
    (void)progress_.since(now);
    return options_.limit - (now >= end_ ? used_before(end_of_window(now)) : used_);
  }
  [[nodiscard]] Instant next_admission(Instant now) const override {
    return remaining(now) > 0 ? now : end_of_window(now);
  }
  [[nodiscard]] std::unique_ptr<Limiter> clone() const override {
    return std::make_unique<FixedWindow>(*this);
  }

 private:
  [[nodiscard]] Instant end_of_window(Instant now) const {
    if (!options_.calendar_month)
      return detail::window_end(detail::window_index(now, options_.window), options_.window);
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(now)};
    const std::chrono::sys_days next{(date.year() / date.month() + std::chrono::months{1}) / 1};
    return next > std::chrono::floor<std::chrono::days>(Instant::max()) ? Instant::max() : Instant{next};
  }
  /// What is used of a window before its first call here.
  [[nodiscard]] std::uint64_t used_before(Instant end) const {
    return options_.used > 0 && end == end_of_window(options_.used_at) ? options_.used : 0;
  }

  FixedWindowOptions options_;
  std::uint64_t used_ = 0;       // at most the limit
  Instant end_{Instant::min()};  // of the window that used_ counts
  detail::Progress progress_;
};

}  // namespace rushhour::limit
