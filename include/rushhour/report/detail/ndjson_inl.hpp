/// \file
/// Bodies of ndjson.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/detail/json_text.hpp>
#include <rushhour/measure/timeline.hpp>
#include <rushhour/report/ndjson.hpp>

namespace rushhour::report {

namespace detail {

RUSHHOUR_INLINE void append_series_header(std::string& out, const scenario::Run& run) {
  const measure::Timeline& timeline = *run.timeline;
  bool first = true;
  const auto key = [&](std::string_view name) { rushhour::detail::append_json_key(out, name, first); };
  out += '{';
  key("format");
  out += "\"rushhour.series/1\"";
  key("scenario");
  rushhour::detail::append_json_string(out, run.scenario.name);
  key("seed");
  out += std::to_string(run.scenario.seed);
  key("begin");
  rushhour::detail::append_json_string(out, to_iso8601(timeline.begin));
  key("width_milliseconds");
  out += std::to_string(std::chrono::floor<std::chrono::milliseconds>(timeline.width).count());
  key("stretches");
  out += std::to_string(timeline.stretches);
  key("units");
  out += '{';
  first = true;
  for (const measure::Curve& curve : timeline.curves) {
    key(curve.name);
    rushhour::detail::append_json_string(out, curve.unit);
  }
  out += "}}\n";
}

RUSHHOUR_INLINE void append_series(std::string& out, const measure::Timeline& timeline) {
  std::vector<std::string> keys;  // with all that comes before the value
  for (const measure::Curve& curve : timeline.curves) {
    bool first = false;
    rushhour::detail::append_json_key(keys.emplace_back(), curve.name, first);
  }
  for (std::size_t stretch = 0; stretch < timeline.stretches; ++stretch) {
    const Duration since = timeline.width * static_cast<std::int64_t>(stretch);
    out += "{\"at\":\"" + to_iso8601(timeline.begin + since) +
           "\",\"t\":" + std::to_string(std::chrono::floor<std::chrono::seconds>(since).count());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      out += keys[i];
      out += std::to_string(timeline.curves[i].values[stretch]);
    }
    out += "}\n";
  }
}

}  // namespace detail

RUSHHOUR_INLINE std::string ndjson(std::span<const scenario::Run* const> runs) {
  std::string out;
  for (const scenario::Run* run : runs) {
    if (!run->timeline) continue;
    detail::append_series_header(out, *run);
    detail::append_series(out, *run->timeline);
  }
  return out;
}

}  // namespace rushhour::report
