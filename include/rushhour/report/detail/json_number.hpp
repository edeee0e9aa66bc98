/// \file
/// A ratio as a number of JSON, for readers that know no ratios.
#pragma once

#include <cstdint>
#include <string>

#include <rushhour/ratio.hpp>

namespace rushhour::report::detail {

/// A number of JSON: exact up to nine digits behind the point, and cut there.
inline std::string json_number(Ratio number) {
  constexpr std::uint64_t billion = 1'000'000'000;
  const std::uint64_t whole = number.numerator / number.denominator;
  const std::uint64_t rest = Ratio{number.numerator % number.denominator, number.denominator}.of(billion);
  std::string out = std::to_string(whole);
  if (rest == 0) return out;
  const std::string digits = std::to_string(billion + rest).substr(1);
  return out + "." + digits.substr(0, digits.find_last_not_of('0') + 1);
}

}  // namespace rushhour::report::detail
