/// \file
/// Bodies of summary.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/report/detail/judged_words.hpp>
#include <rushhour/report/detail/spread_cells.hpp>
#include <rushhour/report/detail/text_calls.hpp>
#include <rushhour/report/summary.hpp>

namespace rushhour::report {

namespace detail {

/// What Markdown or HTML would read as their own stands as a reference, which neither does; line ends, which
/// would end a table's row, are spaces.
inline std::string markdown(std::string_view text) {
  constexpr std::string_view special = "\\`*_{}[]<>()#+!|~&\"'@$^=:/";
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      out += ' ';
    } else if (special.find(c) != std::string_view::npos) {
      out += "&#" + std::to_string(static_cast<unsigned char>(c)) + ";";
    } else {
      out += c;
    }
  }
  return out;
}
inline std::string markdown_code(std::string_view text) { return "<code>" + markdown(text) + "</code>"; }

inline std::string markdown_row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const std::string& cell : cells) out += " " + cell + " |";
  return out + "\n";
}
/// Numbers stand at the right: all columns but the first `texts`.
inline std::string markdown_head(const std::vector<std::string>& titles, std::size_t texts) {
  std::string out = markdown_row(titles) + "|";
  for (std::size_t i = 0; i < titles.size(); ++i) out += i < texts ? " --- |" : " ---: |";
  return out + "\n";
}

inline std::string fix_text(const scenario::JudgedBudget& budget) {
  if (!budget.fix) return {};
  std::string out = markdown(budget.fix->text);
  for (const std::string& cost : budget.fix->costs) out += "<br>costs: " + markdown(cost);
  return out;
}

inline std::string broken_table(std::span<const Judged> scenarios) {
  const std::vector<Broken> broken = worst_first(scenarios);
  if (broken.empty()) return {};
  std::string out =
      "\n" + markdown_head({"", "scenario", "budget", "measured", "why", "behind it", "smallest fix"}, 7);
  for (const Broken& each : broken) {
    out += markdown_row(
        {each.budget->fails() ? ":x:" : ":warning:", markdown(each.scenario->run->scenario.name),
         markdown_code(each.budget->plan.budget.text), markdown(each.budget->verdict.text),
         markdown(each.budget->plan.why), markdown(culprits_text(*each.budget)), fix_text(*each.budget)});
  }
  return out;
}

/// Each operation that was called, as the text report has it.
inline std::string calls_table(const scenario::Run& run) {
  std::string out;
  for (const api::Operation* operation : scenario::all_operations()) {
    const measure::Meter* const meter = run.metrics->meter(*operation);
    if (meter == nullptr) continue;
    const std::optional<Pressure> pressure = tightest(run, *operation);
    out += markdown_row({markdown(api::to_text(*operation)), grouped(meter->calls.total()),
                         grouped(meter->attempts.total()), grouped(meter->throttled.total()),
                         grouped(meter->attempts.peak(0).count), grouped(meter->attempts.peak(2).count),
                         pressure ? limit_text(pressure->limit) : "-",
                         pressure ? percent(pressure->peak, pressure->limit.limit) : "-"});
  }
  if (out.empty()) return out;
  return "\n" +
         markdown_head({"operation", "calls", "attempts", "throttled", "peak second", "peak minute",
                        "closest limit", "used of it"},
                       1) +
         out;
}

inline std::string seeds_table(const scenario::SeededRuns& of) {
  std::string out;
  for (std::size_t at = 0; at < scenario::told_numbers().size(); ++at) {
    const scenario::ToldNumber& told = scenario::told_numbers()[at];
    const auto spread = scenario::spread_of(of.numbers(at));
    if (spread.count == 0 || spread.most == Ratio{}) continue;
    out += markdown_row({markdown(told.name), number_cell(spread.mean, told.in_seconds()),
                         number_cell(spread.least, told.in_seconds()),
                         number_cell(spread.most, told.in_seconds())});
  }
  if (out.empty()) return out;
  return "\n" + markdown_head({"over the seeds", "mean", "least", "most"}, 1) + out;
}

inline std::string scenario_section(const Judged& scenario) {
  const scenario::Run& run = *scenario.run;
  std::string out = "\n### " + markdown(run.scenario.name) + "\n\n" +
                    markdown(capitalized(verdict_text(scenario.budgets))) + ". ";
  if (scenario.seeded != nullptr) {
    out += capitalized(seeds_text(*scenario.seeded)) + ".";
  } else {
    out += "Seed " + std::to_string(run.scenario.seed) + ", digest " + markdown_code(run.digest) + ".";
  }
  out += " Again: " + markdown_code(again_text(scenario)) + "\n";
  return out + (scenario.seeded != nullptr ? seeds_table(*scenario.seeded) : calls_table(run));
}

inline bool is_interrupted(const Judged& scenario) {
  return scenario.run->interrupted || (scenario.seeded != nullptr && scenario.seeded->interrupted);
}

/// At most so many bytes, in whole lines.
inline std::string cut(std::string text, std::size_t bytes_max) {
  constexpr std::string_view end = "\n\n_The rest is left out: GitHub takes no more._\n";
  if (text.size() <= bytes_max) return text;
  if (bytes_max < end.size()) return {};
  const std::size_t line = text.rfind('\n', bytes_max - end.size());
  text.resize(line == std::string::npos ? 0 : line);
  return text + std::string{end};
}

}  // namespace detail

RUSHHOUR_INLINE std::string summary(std::span<const Judged> scenarios, std::size_t bytes_max) {
  std::vector<scenario::JudgedBudget> all;
  for (const Judged& each : scenarios) all.insert(all.end(), each.budgets.begin(), each.budgets.end());
  const bool fails =
      std::any_of(all.begin(), all.end(), [](const scenario::JudgedBudget& each) { return each.fails(); });
  const bool partial = std::any_of(scenarios.begin(), scenarios.end(), detail::is_interrupted);
  std::string out = std::string{"## "} + (fails || partial ? ":x:" : ":white_check_mark:") +
                    " rushhour: " + detail::verdict_text(all) +
                    (partial ? ", of runs that were interrupted" : "") + "\n";
  out += detail::broken_table(scenarios);
  for (const Judged& each : scenarios) out += detail::scenario_section(each);
  return detail::cut(std::move(out), bytes_max);
}

}  // namespace rushhour::report
