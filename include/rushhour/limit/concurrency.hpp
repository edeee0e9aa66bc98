/// \file
/// So many calls at a time, however long each takes. It knows no service time: whoever charges it tells it of
/// each call's end by release(), or it stays full.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/limit/detail/progress.hpp>
#include <rushhour/limit/limiter.hpp>
#include <rushhour/time.hpp>

namespace rushhour::limit {

struct ConcurrencyOptions {
  std::uint64_t limit{1};  ///< calls in flight, 1 to 2^32
};

/// A call passes when fewer than `limit` are in flight, and is in flight until its release(). A call that
/// ends at the instant at which another begins makes room for it if it is released first.
///
///     Concurrency environments({.limit = 1'000});
///     if (environments.try_acquire(now)) { ... environments.release(end); }
class Concurrency final : public Limiter {
 public:
  explicit Concurrency(ConcurrencyOptions options) : limit_(options.limit) {
    RUSHHOUR_ASSERT(limit_ >= 1 && limit_ <= detail::count_max, "a limit is from 1 to 2^32 calls");
  }

  [[nodiscard]] bool admits(Instant now) override {
    progress_.advance(now);
    return in_flight_ < limit_;
  }
  void charge(Instant now) override {
    const bool admitted = admits(now);
    RUSHHOUR_ASSERT(admitted, "only a call that was admitted is charged");
    ++in_flight_;
  }
  void release(Instant now) override {
    progress_.advance(now);
    RUSHHOUR_ASSERT(in_flight_ > 0, "only a call that was charged is released");
    --in_flight_;
  }

  [[nodiscard]] std::vector<Rate> rates() const override {
    return {Rate{.limit = limit_, .window = {}, .burst = limit_}};
  }
  [[nodiscard]] std::uint64_t remaining(Instant now) const override {
    (void)progress_.since(now);
    return limit_ - in_flight_;
  }
  /// When full, the end of time: no passing of time makes room, only a release().
  [[nodiscard]] Instant next_admission(Instant now) const override {
    return remaining(now) > 0 ? now : Instant::max();
  }
  [[nodiscard]] std::unique_ptr<Limiter> clone() const override {
    return std::make_unique<Concurrency>(*this);
  }

 private:
  std::uint64_t limit_;
  std::uint64_t in_flight_ = 0;  // at most the limit
  detail::Progress progress_;
};

}  // namespace rushhour::limit
