/// \file
/// So many calls within any stretch of a window's length, by a log of the instants at which calls passed. It
/// needs eight bytes for each call of the limit; a coarser limit is fixed_window.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/limit/detail/progress.hpp>
#include <rushhour/limit/limiter.hpp>
#include <rushhour/time.hpp>

namespace rushhour::limit {

struct SlidingLogOptions {
  std::uint64_t limit{1};                    ///< calls within a window, 1 to 2^24
  Duration window{std::chrono::minutes{1}};  ///< longer than 0; one minute unless said
  /// Refused calls enter the log as well, so a client that keeps asking stays shut out.
  bool rejected_count{};
};

/// A call at t passes when fewer than `limit` are logged in (t - window, t].
class SlidingLog final : public Limiter {
 public:
  explicit SlidingLog(SlidingLogOptions options) : options_(options) {
    detail::checked_burst(options_.limit, options_.window, 0);
    RUSHHOUR_ASSERT(options_.limit <= (std::uint64_t{1} << 24), "a sliding log keeps at most 2^24 instants");
  }

  [[nodiscard]] bool admits(Instant now) override {
    progress_.advance(now);
    return ring_.size() < options_.limit || outside(ring_[oldest_], now);
  }
  void charge(Instant now) override {
    const bool admitted = admits(now);
    RUSHHOUR_ASSERT(admitted, "only a call that was admitted is charged");
    log(now);
  }
  void refused(Instant now) override {
    if (!options_.rejected_count) return;
    progress_.advance(now);
    log(now);
  }

  [[nodiscard]] std::vector<Rate> rates() const override {
    return {Rate{.limit = options_.limit, .window = options_.window, .burst = options_.limit}};
  }
  [[nodiscard]] std::uint64_t remaining(Instant now) const override {
    (void)progress_.since(now);
    // The log is in order of time: find how many of its oldest have left the window.
    std::size_t left = 0;
    for (std::size_t right = ring_.size(); left < right;) {
      const std::size_t middle = left + (right - left) / 2;
      if (outside(ring_[(oldest_ + middle) % ring_.size()], now)) {
        left = middle + 1;
      } else {
        right = middle;
      }
    }
    return options_.limit - (ring_.size() - left);
  }
  [[nodiscard]] Instant next_admission(Instant now) const override {
    if (remaining(now) > 0) return now;
    return detail::saturating_add(ring_[oldest_], static_cast<std::uint64_t>(options_.window.count()));
  }
  [[nodiscard]] std::unique_ptr<Limiter> clone() const override {
    return std::make_unique<SlidingLog>(*this);
  }

 private:
  /// Whether a call logged at `logged` has left the window that ends at `now`, which includes `now` and not
  /// its start.
  [[nodiscard]] bool outside(Instant logged, Instant now) const {
    return detail::saturating_add(logged, static_cast<std::uint64_t>(options_.window.count())) <= now;
  }
  /// Only the latest `limit` calls can matter, refused ones included, so the oldest gives way.
  void log(Instant now) {
    if (ring_.size() < options_.limit) {
      ring_.push_back(now);
    } else {
      ring_[oldest_] = now;
      if (++oldest_ == ring_.size()) oldest_ = 0;
    }
  }

  SlidingLogOptions options_;
  std::vector<Instant> ring_;
  std::size_t oldest_ = 0;  // once the ring is full
  detail::Progress progress_;
};

}  // namespace rushhour::limit
