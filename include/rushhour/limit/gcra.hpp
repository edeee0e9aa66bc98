/// \file
/// The generic cell rate algorithm of ITU-T I.371: a token bucket told by one instant, the theoretical
/// arrival time, instead of a level. It decides exactly as TokenBucket does; a refused call costs nothing.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/limit/detail/progress.hpp>
#include <rushhour/limit/limiter.hpp>
#include <rushhour/time.hpp>

namespace rushhour::limit {

struct GcraOptions {
  std::uint64_t limit{1};                    ///< calls per window in the long run, 1 to 2^32
  Duration window{std::chrono::seconds{1}};  ///< longer than 0; one second unless said
  std::uint64_t burst{};  ///< calls that may come at once, up to 2^32; 0: as many as `limit`
};

/// A call at t passes when max(TAT, t) - t <= tau, and then TAT = max(TAT, t) + T, with T = window / limit
/// and tau = (burst - 1) * T. Exact although T need not be whole: times are counted in `limit`ths of a
/// nanosecond.
class Gcra final : public Limiter {
 public:
  explicit Gcra(GcraOptions options)
      : limit_(options.limit),
        window_(options.window),
        burst_(detail::checked_burst(options.limit, options.window, options.burst)),
        tolerance_(static_cast<detail::int128>(burst_ - 1) * window_.count()),
        arrival_(scaled(Instant::min())) {}

  [[nodiscard]] bool admits(Instant now) override {
    progress_.advance(now);
    return arrival_ - scaled(now) <= tolerance_;
  }
  void charge(Instant now) override {
    const bool admitted = admits(now);
    RUSHHOUR_ASSERT(admitted, "only a call that was admitted is charged");
    arrival_ = std::max(arrival_, scaled(now)) + window_.count();
  }

  [[nodiscard]] std::vector<Rate> rates() const override {
    return {Rate{.limit = limit_, .window = window_, .burst = burst_}};
  }
  [[nodiscard]] std::uint64_t remaining(Instant now) const override {
    const detail::int128 room = tolerance_ - ahead(now);
    return room < 0 ? 0 : static_cast<std::uint64_t>(room / window_.count()) + 1;
  }
  [[nodiscard]] Instant next_admission(Instant now) const override {
    const detail::int128 excess = ahead(now) - tolerance_;
    if (excess <= 0) return now;
    const auto limit = static_cast<detail::int128>(limit_);
    return detail::saturating_add(now, static_cast<detail::uint128>((excess + limit - 1) / limit));
  }
  [[nodiscard]] std::unique_ptr<Limiter> clone() const override { return std::make_unique<Gcra>(*this); }

 private:
  [[nodiscard]] detail::int128 scaled(Instant instant) const {
    return static_cast<detail::int128>(instant.time_since_epoch().count()) *
           static_cast<detail::int128>(limit_);
  }
  /// max(TAT, now) - now.
  [[nodiscard]] detail::int128 ahead(Instant now) const {
    (void)progress_.since(now);
    return std::max<detail::int128>(arrival_ - scaled(now), 0);
  }

  std::uint64_t limit_;
  Duration window_;
  std::uint64_t burst_;
  detail::int128 tolerance_;  // tau, in limit_ths of a nanosecond as is what follows
  detail::int128 arrival_;    // TAT
  detail::Progress progress_;
};

}  // namespace rushhour::limit
