/// \file
/// Logarithm and power in 64-bit fixed point, the same on every machine. Only random.hpp and what draws from
/// it use them; they are no general mathematics.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include <rushhour/detail/wide.hpp>
#include <rushhour/ratio.hpp>

namespace rushhour::detail {

/// Numbers are held times 2^56: range 0 to 255, resolution 1.4e-17.
inline constexpr int fraction_bits = 56;
inline constexpr std::uint64_t ln_2 = 49946518145322874;  // floor(ln(2) * 2^56)

/// log2 of mantissa / 2^63, for a mantissa in [2^63, 2^64), bit by bit: squaring doubles the logarithm.
constexpr std::uint64_t log2_by_squaring(std::uint64_t mantissa) {
  std::uint64_t result = 0;
  for (int bit = fraction_bits - 1; bit >= 0; --bit) {
    const uint128 square = static_cast<uint128>(mantissa) * mantissa;  // in [2^126, 2^128)
    if (square >> 127 != 0) {
      result |= std::uint64_t{1} << bit;
      mantissa = static_cast<std::uint64_t>(square >> 64);
    } else {
      mantissa = static_cast<std::uint64_t>(square >> 63);
    }
  }
  return result;
}

/// [1, 2) in 256 intervals: the reciprocal of each middle, times 2^63, and the middle's natural logarithm.
struct LogarithmTable {
  std::array<std::uint64_t, 256> reciprocal{};
  std::array<std::uint64_t, 256> logarithm{};
};

inline constexpr LogarithmTable logarithm_table = [] {
  LogarithmTable table;
  for (std::uint64_t i = 0; i < 256; ++i) {
    const std::uint64_t middle = (std::uint64_t{1} << 63) + (i << 55) + (std::uint64_t{1} << 54);
    table.reciprocal[i] = static_cast<std::uint64_t>((static_cast<uint128>(1) << 126) / middle);
    table.logarithm[i] =
        static_cast<std::uint64_t>(static_cast<uint128>(log2_by_squaring(middle)) * ln_2 >> fraction_bits);
  }
  return table;
}();

/// ln(mantissa / 2^63) for a mantissa in [2^63, 2^64): the table, and a series in the rest r < 2^-9.
constexpr std::uint64_t ln_mantissa(std::uint64_t mantissa) {
  const std::size_t interval = (mantissa >> 55) & 255;
  const auto scaled = static_cast<std::int64_t>(
      static_cast<uint128>(mantissa) * logarithm_table.reciprocal[interval] >> (126 - fraction_bits));
  const int128 r = scaled - (std::int64_t{1} << fraction_bits);
  const int128 r2 = r * r >> fraction_bits;
  const int128 r3 = r2 * r >> fraction_bits;
  const int128 r4 = r3 * r >> fraction_bits;
  const int128 r5 = r4 * r >> fraction_bits;
  return static_cast<std::uint64_t>(static_cast<int128>(logarithm_table.logarithm[interval]) + r - r2 / 2 +
                                    r3 / 3 - r4 / 4 + r5 / 5);
}

/// -ln((bits + 1) / 2^64): exponential with mean 1 for uniform bits. From 0 to 44.4.
constexpr std::uint64_t minus_ln(std::uint64_t bits) {
  const std::uint64_t value = bits + 1;
  if (value == 0) return 0;
  const int shift = std::countl_zero(value);
  const std::uint64_t whole = static_cast<std::uint64_t>(shift + 1) * ln_2;
  const std::uint64_t rest = ln_mantissa(value << shift);
  return whole > rest ? whole - rest : 0;
}

/// 2^(2^-k) times 2^62, for k from 1: each the square root of the one before.
inline constexpr std::array<std::uint64_t, 40> binary_roots_of_2 = [] {
  std::array<std::uint64_t, 40> roots{};
  uint128 square = static_cast<uint128>(1) << 125;  // 2 * 2^124
  for (std::uint64_t& root : roots) {
    std::uint64_t result = 0;
    for (int bit = 63; bit >= 0; --bit) {
      const std::uint64_t candidate = result | std::uint64_t{1} << bit;
      if (static_cast<uint128>(candidate) * candidate <= square) result = candidate;
    }
    root = result;
    square = static_cast<uint128>(root) << 62;
  }
  return roots;
}();

/// rank^-exponent times 2^40, at least 1, for a rank from 1 to 2^22 and an exponent up to 4.
constexpr std::uint64_t inverse_power(std::uint32_t rank, Ratio exponent) {
  const int whole_bits = static_cast<int>(std::bit_width(rank)) - 1;
  const std::uint64_t mantissa = static_cast<std::uint64_t>(rank) << (63 - whole_bits);
  const uint128 log2 =
      (static_cast<uint128>(static_cast<unsigned>(whole_bits)) << fraction_bits) + log2_by_squaring(mantissa);
  const uint128 power = log2 * exponent.numerator / exponent.denominator;
  const auto whole = static_cast<unsigned>(power >> fraction_bits);
  const auto fraction = static_cast<std::uint64_t>(power & ((std::uint64_t{1} << fraction_bits) - 1));
  uint128 factor = static_cast<uint128>(1) << 62;  // becomes 2^fraction
  for (std::size_t k = 0; k < binary_roots_of_2.size(); ++k) {
    if ((fraction >> (fraction_bits - 1 - static_cast<int>(k)) & 1) != 0) {
      factor = factor * binary_roots_of_2[k] >> 62;
    }
  }
  // 2^40 * 2^-whole / 2^fraction
  const uint128 result = whole > 62 ? 0 : ((static_cast<uint128>(1) << 102) / factor) >> whole;
  return result == 0 ? 1 : static_cast<std::uint64_t>(result);
}

}  // namespace rushhour::detail
