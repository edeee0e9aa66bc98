/// \file
/// Token buckets: a call takes a token, tokens flow back at a rate, and the bucket holds so many at most. One
/// refills continuously, the other once a second as AWS words it. A refused call costs nothing.
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

struct TokenBucketOptions {
  std::uint64_t limit{1};                    ///< tokens that flow in per window, 1 to 2^32
  Duration window{std::chrono::seconds{1}};  ///< longer than 0; one second unless said
  std::uint64_t burst{};                     ///< what the bucket holds, up to 2^32; 0: as much as `limit`
};

/// Refills continuously: tok = min(burst, tok + elapsed * limit / window), and a call passes when tok >= 1.
/// Starts full. Exact: a token is counted as `window` parts of which `limit` arrive each nanosecond, so
/// nothing is ever rounded, over any number of years.
class TokenBucket final : public Limiter {
 public:
  explicit TokenBucket(TokenBucketOptions options)
      : limit_(options.limit),
        token_(static_cast<std::uint64_t>(options.window.count())),
        burst_(detail::checked_burst(options.limit, options.window, options.burst)),
        level_(capacity()) {}

  [[nodiscard]] bool admits(Instant now) override {
    level_ = level_at(now);
    progress_.advance(now);
    return level_ >= token_;
  }
  void charge(Instant now) override {
    const bool admitted = admits(now);
    RUSHHOUR_ASSERT(admitted, "only a call that was admitted is charged");
    level_ -= token_;
  }

  [[nodiscard]] std::vector<Rate> rates() const override {
    return {Rate{.limit = limit_, .window = Duration{static_cast<std::int64_t>(token_)}, .burst = burst_}};
  }
  [[nodiscard]] std::uint64_t remaining(Instant now) const override {
    return static_cast<std::uint64_t>(level_at(now) / token_);
  }
  [[nodiscard]] Instant next_admission(Instant now) const override {
    const detail::uint128 level = level_at(now);
    return level >= token_ ? now : detail::saturating_add(now, (token_ - level + limit_ - 1) / limit_);
  }
  [[nodiscard]] std::unique_ptr<Limiter> clone() const override {
    return std::make_unique<TokenBucket>(*this);
  }

 private:
  [[nodiscard]] detail::uint128 capacity() const { return static_cast<detail::uint128>(burst_) * token_; }
  [[nodiscard]] detail::uint128 level_at(Instant now) const {
    return std::min(capacity(), level_ + static_cast<detail::uint128>(progress_.since(now)) * limit_);
  }

  std::uint64_t limit_;
  std::uint64_t token_;  // parts in a token: the window in nanoseconds
  std::uint64_t burst_;
  detail::uint128 level_;  // parts in the bucket
  detail::Progress progress_;
};

/// Refills at each whole window since the epoch, by default each whole second: tok = min(burst, tok + limit);
/// what does not fit is lost, and the rest of a second's calls fail within that second. Starts full. With
/// burst == limit it is a fixed window. Source: EC2 developer guide "ec2-api-throttling" (surplus discarded,
/// rest "within that second fail"); AWS Security Blog "How to monitor and query IAM resources at scale, part
/// 2" for STS ("refilled every second"), both DOC.
class DiscreteTokenBucket final : public Limiter {
 public:
  explicit DiscreteTokenBucket(TokenBucketOptions options)
      : limit_(options.limit),
        window_(options.window),
        burst_(detail::checked_burst(options.limit, options.window, options.burst)),
        level_(burst_) {}

  [[nodiscard]] bool admits(Instant now) override {
    progress_.advance(now);
    if (now >= next_refill_) refill(now);
    return level_ > 0;
  }
  void charge(Instant now) override {
    const bool admitted = admits(now);
    RUSHHOUR_ASSERT(admitted, "only a call that was admitted is charged");
    --level_;
  }

  [[nodiscard]] std::vector<Rate> rates() const override {
    return {Rate{.limit = limit_, .window = window_, .burst = burst_}};
  }
  [[nodiscard]] std::uint64_t remaining(Instant now) const override {
    DiscreteTokenBucket ahead = *this;
    return ahead.admits(now) ? ahead.level_ : 0;
  }
  [[nodiscard]] Instant next_admission(Instant now) const override {
    DiscreteTokenBucket ahead = *this;
    return ahead.admits(now) ? now : ahead.next_refill_;
  }
  [[nodiscard]] std::unique_ptr<Limiter> clone() const override {
    return std::make_unique<DiscreteTokenBucket>(*this);
  }

 private:
  void refill(Instant now) {
    const std::int64_t index = detail::window_index(now, window_);
    // Before the first call the bucket is full, so any number of windows is right.
    const auto windows = static_cast<detail::uint128>(static_cast<detail::int128>(index) - index_);
    level_ = static_cast<std::uint64_t>(std::min<detail::uint128>(burst_, level_ + windows * limit_));
    index_ = index;
    next_refill_ = detail::window_end(index, window_);
  }

  std::uint64_t limit_;
  Duration window_;
  std::uint64_t burst_;
  std::uint64_t level_;
  std::int64_t index_{INT64_MIN};
  Instant next_refill_{Instant::min()};
  detail::Progress progress_;
};

}  // namespace rushhour::limit
