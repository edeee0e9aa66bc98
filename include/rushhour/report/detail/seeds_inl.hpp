/// \file
/// Bodies of seeds.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/report/detail/reproduce.hpp>
#include <rushhour/report/detail/spread_cells.hpp>
#include <rushhour/report/detail/text_budgets.hpp>
#include <rushhour/report/detail/words.hpp>
#include <rushhour/report/seeds.hpp>
#include <rushhour/scenario/spread.hpp>

namespace rushhour::report {

namespace detail {

using scenario::SeededRuns;
using scenario::SeedRun;

inline constexpr std::size_t spread_columns = 3;
inline constexpr std::size_t spread_cell = 13;

inline std::string spread_row(std::string_view label, const std::array<std::string, spread_columns>& cells) {
  std::string line{label};
  line.resize(std::max(line.size(), width - spread_columns * spread_cell), ' ');
  for (const std::string& cell : cells) {
    line.append(spread_cell - std::min(spread_cell, cell.size()), ' ');
    line += cell;
  }
  return line + "\n";
}

/// Mean and extremes of every number that some seed has and that is not 0 with all of them.
inline std::string spread_rows(const SeededRuns& of) {
  std::string out;
  for (std::size_t at = 0; at < scenario::told_numbers().size(); ++at) {
    const scenario::ToldNumber& told = scenario::told_numbers()[at];
    const std::vector<std::optional<Ratio>> numbers = of.numbers(at);
    const auto spread = scenario::spread_of(numbers);
    if (spread.count == 0 || spread.most == Ratio{}) continue;
    std::string label = "  " + std::string{told.name};
    if (spread.count < numbers.size()) label += " (" + std::to_string(spread.count) + ")";
    out += spread_row(
        label, {number_cell(spread.mean, told.in_seconds()), number_cell(spread.least, told.in_seconds()),
                number_cell(spread.most, told.in_seconds())});
  }
  if (out.empty()) return out;
  return spread_row("", {"mean", "least", "most"}) + out;
}

/// With how many of the seeds a budget holds, each judged alone.
inline std::size_t seeds_holding(const SeededRuns& of, std::size_t budget) {
  return static_cast<std::size_t>(
      std::count_if(of.seeds.begin(), of.seeds.end(),
                    [budget](const SeedRun& seed) { return seed.budgets[budget].verdict.holds; }));
}

/// As budget_of() has it, and of one that holds over the seeds, but not with each, how far.
inline std::string seeded_budget(const SeededRuns& of, std::size_t at, const TextOptions& options) {
  std::string out = budget_of(of.budgets[at], options);
  if (of.budgets[at].verdict.holds && seeds_holding(of, at) < of.seeds.size()) {
    out += wrapped(of.budgets[at].verdict.text, "          ");
  }
  return out;
}

inline std::string seeded_headline(const SeededRuns& of, const TextOptions& options) {
  const std::string mark = of.interrupted      ? painted("PART", Paint::warning, options.colour)
                           : of.budgets_hold() ? painted("ok  ", Paint::good, options.colour)
                                               : painted("FAIL", Paint::bad, options.colour);
  const std::string rest = of.first->scenario.name + ", " + seeds_text(of) +
                           (of.interrupted ? ": interrupted, so far " : ": ") + verdict_text(of.budgets);
  return mark + wrapped(rest, "      ").substr(4);
}

inline std::string seeded_scenario(const SeededRuns& of, const TextOptions& options) {
  std::string out = seeded_headline(of, options);
  for (std::size_t i = 0; i < of.budgets.size(); ++i) {
    if (!options.brief || !of.budgets[i].verdict.holds) out += seeded_budget(of, i, options);
  }
  if (options.brief) return out;
  out += spread_rows(of);
  return out + command(reproduce(*of.first), "  one seed: ");
}

/// By how much a scenario differs from the first, of the same seeds each.
inline std::string paired_rows(const SeededRuns& from, const SeededRuns& to) {
  std::string out;
  for (std::size_t at = 0; at < scenario::told_numbers().size(); ++at) {
    const scenario::ToldNumber& told = scenario::told_numbers()[at];
    const auto spread = scenario::paired_spread(from.numbers(at), to.numbers(at));
    if (spread.count == 0 || (spread.least.size == Ratio{} && spread.most.size == Ratio{})) continue;
    out += spread_row("  " + std::string{told.name}, {difference_cell(spread.mean, told.in_seconds()),
                                                      difference_cell(spread.least, told.in_seconds()),
                                                      difference_cell(spread.most, told.in_seconds())});
  }
  const std::string title = wrapped(to.first->scenario.name + " less " + from.first->scenario.name +
                                        ", each seed with itself" + (out.empty() ? ": no difference" : ""),
                                    "");
  return out.empty() ? title : title + spread_row("", {"mean", "least", "most"}) + out;
}

}  // namespace detail

RUSHHOUR_INLINE std::string seeds(std::span<const scenario::SeededRuns> scenarios,
                                  const TextOptions& options) {
  std::string out;
  for (const scenario::SeededRuns& each : scenarios) {
    out += (out.empty() || options.brief ? "" : "\n") + detail::seeded_scenario(each, options);
  }
  if (options.brief) return out;
  for (std::size_t i = 1; i < scenarios.size(); ++i) {
    out += "\n" + detail::paired_rows(scenarios.front(), scenarios[i]);
  }
  for (const scenario::SeededRuns& each : scenarios) {
    if (each.seeds.size() == 1 || !scenario::needs_one_thread(each.first->scenario)) continue;
    out += detail::wrapped(each.first->scenario.name +
                               ": rules in Python share one interpreter, so its seeds were run one after the "
                               "other",
                           "");
  }
  return out;
}

}  // namespace rushhour::report
