#pragma once

#include <cmath>

#include <rushhour/api/dynamodb/shapes.hpp>
#include <rushhour/detail/json_cursor.hpp>
#include <rushhour/detail/json_text.hpp>

namespace rushhour::aws {

RUSHHOUR_INLINE void Custom<api::dynamodb::CapacityUnits>::append(std::string& out, const T& units) {
  rushhour::detail::append_integer(out, units.halves / 2);
  out += units.halves % 2 == 0 ? ".0" : ".5";
}

RUSHHOUR_INLINE bool Custom<api::dynamodb::CapacityUnits>::read(rushhour::detail::JsonCursor& json, T& units,
                                                                std::string& /*mistake*/) {
  constexpr double units_max = 1'000'000'000;
  double value = 0;
  if (!json.real(value) || !(value >= 0 && value <= units_max)) return false;
  units.halves = std::llround(value * 2);
  return true;
}

}  // namespace rushhour::aws
