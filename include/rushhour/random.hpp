/// \file
/// Randomness from one seed: counter-based, by named streams, so that adding a draw in one place shifts no
/// other. It uses no std::*_distribution and no floating point, so the numbers are the same on every machine
/// and compiler.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detail/fixed_point.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour {

/// A random function of a counter: at(n) never depends on what was asked before.
class Stream {
 public:
  constexpr explicit Stream(std::uint64_t key) : key_(key) {}

  /// 64 uniform bits. SplitMix64 read at position `counter`.
  [[nodiscard, gnu::always_inline]] constexpr std::uint64_t at(std::uint64_t counter) const {
    return mix(key_ + (counter + 1) * 0x9e3779b97f4a7c15ULL);
  }
  /// An independent stream for each `part`: an event, a container, an address.
  [[nodiscard, gnu::always_inline]] constexpr Stream part(std::uint64_t part) const {
    return Stream{mix(at(part) ^ 0x6a09e667f3bcc909ULL)};
  }

 private:
  std::uint64_t key_;
};

/// The seed of a run, handing out streams by name: `random.stream("latency.sts.AssumeRole")`.
class Random {
 public:
  constexpr explicit Random(std::uint64_t seed) : seed_(seed) {}
  [[nodiscard]] constexpr std::uint64_t seed() const { return seed_; }
  [[nodiscard]] constexpr Stream stream(std::string_view name) const {
    return Stream{mix(mix(seed_) ^ hash(name))};
  }

 private:
  std::uint64_t seed_;
};

/// A stream read in order, for generators that need a varying number of draws.
class Draws {
 public:
  constexpr explicit Draws(Stream stream) : stream_(stream) {}
  constexpr std::uint64_t next() { return stream_.at(count_++); }

 private:
  Stream stream_;
  std::uint64_t count_ = 0;
};

/// Uniform in [0, bound) from 64 uniform bits (multiply and keep the high half; bias below bound / 2^64).
[[nodiscard]] constexpr std::uint64_t uniform_below(std::uint64_t bits, std::uint64_t bound) {
  return static_cast<std::uint64_t>(static_cast<detail::uint128>(bits) * bound >> 64);
}

/// True for the given share of all `bits`, to within 2^-64. A share of 1 or more is always true.
[[nodiscard]] constexpr bool chance(std::uint64_t bits, Ratio share) {
  return uniform_below(bits, share.denominator) < share.numerator;
}

/// Exponential with the given mean, which is not negative: within 2^-51 of the mean, then rounded down to
/// nanoseconds.
[[nodiscard]] constexpr Duration exponential(std::uint64_t bits, Duration mean) {
  const detail::uint128 product =
      static_cast<detail::uint128>(detail::minus_ln(bits)) * static_cast<std::uint64_t>(mean.count());
  return Duration{static_cast<std::int64_t>(product >> detail::fraction_bits)};
}

/// Poisson with the given mean: counts exponential gaps, so the cost is proportional to the mean.
[[nodiscard]] constexpr std::uint64_t poisson(Draws& draws, Ratio mean) {
  const auto limit = static_cast<std::uint64_t>(
      (static_cast<detail::uint128>(mean.numerator) << detail::fraction_bits) / mean.denominator);
  RUSHHOUR_ASSERT(mean.numerator / mean.denominator < 200, "poisson() is for means below 200");
  std::uint64_t count = 0;
  for (std::uint64_t sum = detail::minus_ln(draws.next()); sum < limit; sum += detail::minus_ln(draws.next()))
    ++count;
  return count;
}

/// Draws indices with given weights at one table look-up each (Walker's alias method, built as Vose does, in
/// integers). `of_zipf(n, s)`: index i has weight (i + 1)^-s.
class AliasTable {
 public:
  /// From 1 to 2^22 weights, not all 0; their sum, and the largest times their count, stay below 2^63.
  explicit AliasTable(std::span<const std::uint64_t> weights) : cells_(weights.size()) {
    RUSHHOUR_ASSERT(!weights.empty() && weights.size() <= (1U << 22), "an alias table has 1 to 2^22 weights");
    const std::uint64_t count = weights.size();
    std::uint64_t total = 0;
    constexpr std::uint64_t too_large = std::uint64_t{1} << 63;
    for (const std::uint64_t weight : weights) {
      RUSHHOUR_ASSERT(weight < too_large / count, "a weight is out of range");
      total += weight;
    }
    RUSHHOUR_ASSERT(total > 0 && total < too_large, "the sum of the weights is out of range");
    std::vector<std::uint64_t> mass(count);  // a cell is full at `total`
    std::vector<std::uint32_t> small;
    std::vector<std::uint32_t> large;
    for (std::uint32_t i = 0; i < count; ++i) {
      mass[i] = weights[i] * count;
      (mass[i] < total ? small : large).push_back(i);
    }
    while (!small.empty() && !large.empty()) {
      const std::uint32_t poor = small.back();
      const std::uint32_t rich = large.back();
      small.pop_back();
      cells_[poor] = {threshold(mass[poor], total), rich};
      mass[rich] -= total - mass[poor];
      if (mass[rich] < total) {
        large.pop_back();
        small.push_back(rich);
      }
    }
    for (const std::uint32_t full : small) cells_[full] = {~std::uint32_t{0}, full};
    for (const std::uint32_t full : large) cells_[full] = {~std::uint32_t{0}, full};
  }

  /// Zipf's law over `count` ranks with exponent `exponent`, at most 4.
  [[nodiscard]] static AliasTable of_zipf(std::uint32_t count, Ratio exponent) {
    std::vector<std::uint64_t> weights(count);
    for (std::uint32_t i = 0; i < count; ++i) weights[i] = detail::inverse_power(i + 1, exponent);
    return AliasTable{weights};
  }

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(cells_.size()); }
  /// The index that these 64 uniform bits choose.
  [[nodiscard]] std::uint32_t operator()(std::uint64_t bits) const {
    const auto at = static_cast<std::uint32_t>((bits >> 32) * cells_.size() >> 32);
    const Cell& cell = cells_[at];
    return static_cast<std::uint32_t>(bits) < cell.threshold ? at : cell.alias;
  }

 private:
  struct Cell {
    std::uint32_t threshold{};
    std::uint32_t alias{};
  };
  /// Below which 32 bits choose the cell itself. A weight of 0 is never chosen.
  static std::uint32_t threshold(std::uint64_t mass, std::uint64_t total) {
    return static_cast<std::uint32_t>((static_cast<detail::uint128>(mass) << 32) / total);
  }

  std::vector<Cell> cells_;
};

/// A random permutation of [0, size) without a table: a four-round Feistel network that walks its cycle until
/// the image is in range (Black and Rogaway, 2002). It makes "exactly half of the events" exact, in any order
/// of asking.
class Permutation {
 public:
  constexpr Permutation(Stream stream, std::uint64_t size) : size_(size) {
    RUSHHOUR_ASSERT(size > 0 && size <= (std::uint64_t{1} << 62), "a permutation has 1 to 2^62 elements");
    half_bits_ = (static_cast<int>(std::bit_width(size - 1)) + 1) / 2;
    if (half_bits_ == 0) half_bits_ = 1;
    for (std::size_t i = 0; i < keys_.size(); ++i) keys_[i] = stream.at(i);
  }

  [[nodiscard]] constexpr std::uint64_t operator()(std::uint64_t element) const {
    RUSHHOUR_ASSERT(element < size_, "the element is outside the permutation");
    do {
      element = once(element);
    } while (element >= size_);
    return element;
  }

 private:
  [[nodiscard]] constexpr std::uint64_t once(std::uint64_t element) const {
    const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
    std::uint64_t left = element >> half_bits_;
    std::uint64_t right = element & mask;
    for (const std::uint64_t key : keys_) {
      const std::uint64_t next = left ^ (mix(right + key) & mask);
      left = right;
      right = next;
    }
    return left << half_bits_ | right;
  }

  std::uint64_t size_;
  int half_bits_{};
  std::array<std::uint64_t, 4> keys_{};
};

}  // namespace rushhour
