/// \file
/// Sums, products and means of ratios, exact as long as 64 bits hold them. They are what budgets reckon with.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/ratio.hpp>

namespace rushhour::scenario::detail {

/// a * b, exactly; nothing on overflow of the reduced product.
[[nodiscard]] inline std::optional<Ratio> product(Ratio a, Ratio b) {
  a = a.reduced();
  b = b.reduced();
  const std::uint64_t across = std::gcd(a.numerator, b.denominator);
  const std::uint64_t back = std::gcd(b.numerator, a.denominator);
  Ratio out;
  const bool overflow =
      __builtin_mul_overflow(a.numerator / across, b.numerator / back, &out.numerator) ||
      __builtin_mul_overflow(a.denominator / back, b.denominator / across, &out.denominator);
  if (overflow) return std::nullopt;
  return out;
}

/// a and b over one denominator, the least; nothing on overflow.
struct Alike {
  std::uint64_t a{};
  std::uint64_t b{};
  std::uint64_t denominator{1};
};
[[nodiscard]] inline std::optional<Alike> alike(Ratio a, Ratio b) {
  a = a.reduced();
  b = b.reduced();
  const std::uint64_t common = std::gcd(a.denominator, b.denominator);
  Alike out;
  const bool overflow = __builtin_mul_overflow(a.denominator, b.denominator / common, &out.denominator) ||
                        __builtin_mul_overflow(a.numerator, b.denominator / common, &out.a) ||
                        __builtin_mul_overflow(b.numerator, a.denominator / common, &out.b);
  if (overflow) return std::nullopt;
  return out;
}

/// a + b, exactly; nothing on overflow.
[[nodiscard]] inline std::optional<Ratio> sum(Ratio a, Ratio b) {
  auto both = alike(a, b);
  if (!both || __builtin_add_overflow(both->a, both->b, &both->a)) return std::nullopt;
  return Ratio{both->a, both->denominator}.reduced();
}

/// a - b, exactly, or 0 where b is the greater; nothing on overflow.
[[nodiscard]] inline std::optional<Ratio> difference(Ratio a, Ratio b) {
  const auto both = alike(a, b);
  if (!both) return std::nullopt;
  return Ratio{both->a > both->b ? both->a - both->b : 0, both->denominator}.reduced();
}

/// The mean of at least one number: exact where 64 bits hold it. Else (ratios of coprime counts) each number
/// is first cut off behind its ninth decimal, or before, as far as 64 bits go.
[[nodiscard]] inline Ratio mean_of(std::span<const Ratio> numbers) {
  RUSHHOUR_ASSERT(!numbers.empty(), "there is no mean of nothing");
  using rushhour::detail::uint128;
  const std::uint64_t count = numbers.size();
  std::optional<Ratio> exact = Ratio{};
  for (const Ratio& each : numbers) {
    if (exact) exact = sum(*exact, each);
  }
  if (exact) exact = product(*exact, {1, count});
  if (exact) return *exact;
  for (const std::uint64_t scale : {1'000'000'000U, 1'000'000U, 1'000U}) {
    uint128 total = 0;
    for (const Ratio& each : numbers)
      total += static_cast<uint128>(each.numerator) * scale / each.denominator;
    if (total <= std::numeric_limits<std::uint64_t>::max()) {
      return Ratio{static_cast<std::uint64_t>(total), scale * count}.reduced();
    }
  }
  uint128 total = 0;
  for (const Ratio& each : numbers) total += each.numerator / each.denominator;
  return {static_cast<std::uint64_t>(total / count), 1};
}

}  // namespace rushhour::scenario::detail
