/// \file
/// Bodies of benchmark.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/detail/json_text.hpp>
#include <rushhour/report/benchmark.hpp>
#include <rushhour/report/detail/budget_names.hpp>
#include <rushhour/report/detail/json_number.hpp>
#include <rushhour/report/detail/judged_words.hpp>
#include <rushhour/scenario/expression.hpp>
#include <rushhour/scenario/selector.hpp>
#include <rushhour/scenario/spread.hpp>

namespace rushhour::report {

namespace detail {

/// A number of a scenario, over its seeds where there are several.
struct Trend {
  const scenario::ToldNumber* told{};
  scenario::Spread<Ratio> spread{};
};

inline std::vector<std::optional<Ratio>> told_values(const Judged& scenario, std::size_t at) {
  if (scenario.seeded != nullptr) return scenario.seeded->numbers(at);
  return {scenario.run->metrics->find(scenario::parse_selector(scenario::told_numbers()[at].name))};
}

/// Those that say something: of services that are called, and of the run.
inline std::vector<Trend> trends_of(const Judged& scenario) {
  std::vector<Trend> out;
  std::string_view idle;  // the service whose attempts, which come first, are none
  for (std::size_t at = 0; at < scenario::told_numbers().size(); ++at) {
    const scenario::ToldNumber& told = scenario::told_numbers()[at];
    const std::string_view service = told.name.substr(0, told.name.find('.'));
    const Trend trend{.told = &told, .spread = scenario::spread_of(told_values(scenario, at))};
    const bool nothing = trend.spread.count == 0 || trend.spread.most == Ratio{};
    if (nothing && told.name.ends_with(".attempts")) idle = service;
    if (trend.spread.count > 0 && service != idle) out.push_back(trend);
  }
  return out;
}

inline std::string unit_of(const Judged& scenario, const scenario::ToldNumber& told) {
  if (!told.unit.empty()) return std::string{told.unit};
  const auto& prices = scenario.run->scenario.prices;
  return prices ? prices->currency : std::string{};
}

inline bool has_several_seeds(const Judged& scenario) {
  return scenario.seeded != nullptr && scenario.seeded->seeds.size() > 1;
}

inline void append_action_entry(std::string& out, const Judged& scenario, const std::string& name,
                                const Trend& trend) {
  bool first = true;
  const auto text = [&](std::string_view key, const std::string& value) {
    rushhour::detail::append_json_key(out, key, first);
    rushhour::detail::append_json_string(out, value);
  };
  out += out.ends_with('[') ? "\n  {" : ",\n  {";
  text("name", name + ": " + std::string{trend.told->name});
  text("unit", unit_of(scenario, *trend.told));
  rushhour::detail::append_json_key(out, "value", first);
  out += json_number(trend.spread.mean);
  if (has_several_seeds(scenario)) {
    text("range", json_number(trend.spread.least) + " to " + json_number(trend.spread.most));
  }
  text("extra", again_text(scenario));
  out += '}';
}

inline void append_bencher_measure(std::string& out, const Judged& scenario, const Trend& trend) {
  out += out.ends_with('{') ? "\n    " : ",\n    ";
  rushhour::detail::append_json_string(out, trend.told->name);
  out += ": {\"value\": " + json_number(trend.spread.mean);
  if (has_several_seeds(scenario)) {
    out += ", \"lower_value\": " + json_number(trend.spread.least) +
           ", \"upper_value\": " + json_number(trend.spread.most);
  }
  out += '}';
}

}  // namespace detail

RUSHHOUR_INLINE std::string benchmark_action(std::span<const Judged> scenarios) {
  std::string out = "[";
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    const std::string name = detail::unique_name(scenarios, i);
    for (const detail::Trend& trend : detail::trends_of(scenarios[i])) {
      if (trend.told->smaller_is_better) detail::append_action_entry(out, scenarios[i], name, trend);
    }
  }
  return out + "\n]\n";
}

RUSHHOUR_INLINE std::string bencher(std::span<const Judged> scenarios) {
  std::string out = "{";
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    out += i == 0 ? "\n  " : ",\n  ";
    rushhour::detail::append_json_string(out, detail::unique_name(scenarios, i));
    out += ": {";
    for (const detail::Trend& trend : detail::trends_of(scenarios[i])) {
      detail::append_bencher_measure(out, scenarios[i], trend);
    }
    out += "\n  }";
  }
  return out + "\n}\n";
}

}  // namespace rushhour::report
