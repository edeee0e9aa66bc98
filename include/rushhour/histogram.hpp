/// \file
/// Durations counted by size, for percentiles of a run of any length in constant memory. Count, mean and
/// greatest are exact; a percentile is at most 1/64 above the true one.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour {

/// Buckets whose width is 1/64 of the power of two below them: integers only, so the same everywhere.
/// Negative durations count as zero.
class Histogram {
 public:
  void add(Duration value) {
    const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0));
    ++buckets_[bucket_of(ns)];
    ++count_;
    sum_ns_ += ns;
    max_ns_ = std::max(max_ns_, ns);
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] Duration max() const { return Duration{static_cast<std::int64_t>(max_ns_)}; }
  /// Rounded down; zero without values.
  [[nodiscard]] Duration mean() const {
    return count_ == 0 ? Duration::zero() : Duration{static_cast<std::int64_t>(sum_ns_ / count_)};
  }
  /// The smallest bucket's upper end below or at which lies the given share of the values: `percentile({99,
  /// 100})`. At most 1/64 too large, and never above max(). Zero without values.
  [[nodiscard]] Duration percentile(Ratio share) const {
    if (count_ == 0) return Duration::zero();
    const rushhour::detail::uint128 scaled = static_cast<rushhour::detail::uint128>(count_) * share.numerator;
    const auto rank = static_cast<std::uint64_t>((scaled + share.denominator - 1) / share.denominator);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen >= std::max<std::uint64_t>(rank, 1)) {
        return Duration{static_cast<std::int64_t>(std::min(last_of(i), max_ns_))};
      }
    }
    return max();
  }

 private:
  static constexpr unsigned mantissa_bits = 6;
  static constexpr std::size_t steps = std::size_t{1} << mantissa_bits;

  [[nodiscard]] static constexpr std::size_t bucket_of(std::uint64_t ns) {
    if (ns < steps) return static_cast<std::size_t>(ns);
    const auto exponent = static_cast<unsigned>(std::bit_width(ns)) - 1 - mantissa_bits;
    return (exponent + 1) * steps + static_cast<std::size_t>((ns >> exponent) - steps);
  }
  [[nodiscard]] static constexpr std::uint64_t last_of(std::size_t bucket) {
    if (bucket < steps) return bucket;
    const std::size_t exponent = bucket / steps - 1;
    return ((std::uint64_t{bucket % steps} + steps + 1) << exponent) - 1;
  }

  std::array<std::uint64_t, (64 - mantissa_bits) * steps> buckets_{};
  std::uint64_t count_{};
  rushhour::detail::uint128 sum_ns_{};
  std::uint64_t max_ns_{};
};

}  // namespace rushhour
