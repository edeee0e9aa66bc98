/// \file
/// Shares and factors as exact ratios of integers. Whatever is compared between runs or machines is built
/// from these and not from floating point, which a user's compiler flags may contract.
#pragma once

#include <cstdint>
#include <numeric>

#include <rushhour/detail/wide.hpp>

namespace rushhour {

/// numerator / denominator, not necessarily reduced; the denominator is never 0.
struct Ratio {
  std::uint64_t numerator{};
  std::uint64_t denominator{1};

  [[nodiscard]] constexpr Ratio reduced() const {
    const std::uint64_t divisor = std::gcd(numerator, denominator);
    return divisor == 0 ? *this : Ratio{numerator / divisor, denominator / divisor};
  }
  [[nodiscard]] constexpr double to_double() const {
    return static_cast<double>(numerator) / static_cast<double>(denominator);
  }
  /// floor(amount * this).
  [[nodiscard]] constexpr std::uint64_t of(std::uint64_t amount) const {
    return static_cast<std::uint64_t>(static_cast<detail::uint128>(amount) * numerator / denominator);
  }
  friend constexpr bool operator==(Ratio a, Ratio b) {
    return static_cast<detail::uint128>(a.numerator) * b.denominator ==
           static_cast<detail::uint128>(b.numerator) * a.denominator;
  }
  friend constexpr bool operator<(Ratio a, Ratio b) {
    return static_cast<detail::uint128>(a.numerator) * b.denominator <
           static_cast<detail::uint128>(b.numerator) * a.denominator;
  }
};

}  // namespace rushhour
