/// \file
/// Values of a run as JSON: instants as text, durations as integers with their unit in the name, ratios
/// reduced.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include <rushhour/detail/hex.hpp>
#include <rushhour/histogram.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::report::detail {

using Json = nlohmann::ordered_json;

inline Json instant_json(Instant instant) { return to_iso8601(instant, Precision::nanoseconds); }
inline Json instant_json(const std::optional<Instant>& instant) {
  return instant ? instant_json(*instant) : Json(nullptr);
}

/// 64 bits as text, because many readers of JSON keep only 53 of a number.
inline Json hexadecimal_json(std::uint64_t value) {
  std::string out;
  rushhour::detail::append_hex(out, value);
  return out;
}

inline Json ratio_json(const std::optional<Ratio>& ratio) {
  if (!ratio) return nullptr;
  const Ratio reduced = ratio->reduced();
  return Json::array({reduced.numerator, reduced.denominator});
}

inline Json histogram_json(const Histogram& histogram) {
  return {{"count", histogram.count()},
          {"mean", histogram.mean().count()},
          {"p50", histogram.percentile({50, 100}).count()},
          {"p90", histogram.percentile({90, 100}).count()},
          {"p99", histogram.percentile({99, 100}).count()},
          {"max", histogram.max().count()}};
}

}  // namespace rushhour::report::detail
