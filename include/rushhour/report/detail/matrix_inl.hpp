/// \file
/// Bodies of matrix.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/ratio.hpp>
#include <rushhour/report/detail/words.hpp>
#include <rushhour/report/matrix.hpp>
#include <rushhour/scenario/expression.hpp>
#include <rushhour/scenario/metrics.hpp>

namespace rushhour::report {

namespace detail {

/// The number that a budget would find under this name.
inline std::optional<Ratio> number_of(const scenario::Run& run, std::string_view selector) {
  return run.metrics->find(scenario::parse_selector(selector));
}

/// A whole number; nothing counts as 0.
inline std::uint64_t count_of(const scenario::Run& run, std::string_view selector) {
  return number_of(run, selector).value_or(Ratio{}).of(1);
}

/// Of all operations that were called.
inline std::uint64_t total_of(const scenario::Run& run, std::string_view measure) {
  std::uint64_t sum = 0;
  for (const api::Operation* operation : scenario::all_operations()) {
    if (run.metrics->meter(*operation) == nullptr) continue;
    sum += count_of(run, std::string{api::to_text(operation->service)} + '.' + std::string{operation->name} +
                             '.' + std::string{measure});
  }
  return sum;
}

inline std::string seconds_text(std::optional<Ratio> seconds) {
  if (!seconds) return "-";
  const auto nanoseconds = static_cast<std::int64_t>(seconds->of(1'000'000'000));
  return short_duration(Duration{nanoseconds});
}

inline std::string verdict_of(const scenario::Run& run) {
  const auto broken = std::count_if(run.budgets.begin(), run.budgets.end(),
                                    [](const scenario::JudgedBudget& budget) { return budget.fails(); });
  return broken == 0 ? "hold" : std::to_string(broken) + " broken";
}

/// The values of the run's settings, which tell it from the others, or their paths.
inline std::string settings_of(const scenario::Run& run, std::string scenario::Setting::*part) {
  std::string out;
  for (const scenario::Setting& setting : run.scenario.settings) {
    if (!out.empty()) out += ", ";
    out += setting.*part;
  }
  return out;
}
inline std::string values_of(const scenario::Run& run) { return settings_of(run, &scenario::Setting::value); }

struct MatrixColumn {
  std::string_view title{};
  std::function<std::string(const scenario::Run&)> cell{};
};

inline std::vector<MatrixColumn> matrix_columns() {
  const auto count = [](std::string_view selector) {
    return [selector](const scenario::Run& run) { return grouped(count_of(run, selector)); };
  };
  const auto total = [](std::string_view measure) {
    return [measure](const scenario::Run& run) { return grouped(total_of(run, measure)); };
  };
  return {{"budgets", verdict_of},
          {"attempts", total("attempts")},
          {"throttled", total("throttled")},
          {"missed", count("detections.missed")},
          {"degraded", count("detections.degraded")},
          {"given up", count("events.dead_lettered")},
          {"p99", [](const scenario::Run& run) { return seconds_text(number_of(run, "delay.p99")); }},
          {"recovery", [](const scenario::Run& run) {
             if (!run.scenario.trigger) return std::string{"-"};
             return run.metrics->recovered() ? seconds_text(number_of(run, "recovery.seconds")) : "never";
           }}};
}

inline std::string table_of(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const std::vector<std::string>& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  for (const std::vector<std::string>& row : rows) {
    std::string line = row[0] + std::string(widths[0] - row[0].size(), ' ');
    for (std::size_t i = 1; i < row.size(); ++i)
      line += "  " + std::string(widths[i] - row[i].size(), ' ') + row[i];
    out += line + '\n';
  }
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE std::string matrix(std::span<const scenario::Run* const> runs) {
  if (runs.empty()) return {};
  std::vector<std::vector<std::string>> rows{{"value"}};
  for (const scenario::Run* run : runs) rows.push_back({detail::values_of(*run)});
  for (const detail::MatrixColumn& column : detail::matrix_columns()) {
    std::vector<std::string> cells;
    for (const scenario::Run* run : runs) cells.push_back(column.cell(*run));
    const bool says_nothing = std::all_of(cells.begin(), cells.end(),
                                          [](const std::string& cell) { return cell == "0" || cell == "-"; });
    if (says_nothing) continue;
    rows.front().emplace_back(column.title);
    for (std::size_t i = 0; i < cells.size(); ++i) rows[i + 1].push_back(std::move(cells[i]));
  }
  std::string out = runs.front()->scenario.file + " by " +
                    detail::settings_of(*runs.front(), &scenario::Setting::path) + '\n' +
                    detail::table_of(rows);
  for (const scenario::Run* run : runs) {
    for (const scenario::JudgedBudget& budget : run->budgets) {
      if (!budget.fails()) continue;
      out += detail::wrapped(
          detail::values_of(*run) + ": " + budget.plan.budget.text + ' ' + budget.verdict.text, "  ");
    }
  }
  return out;
}

}  // namespace rushhour::report
