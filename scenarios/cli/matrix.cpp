#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include <rushhour/input_error.hpp>
#include <rushhour/report/json.hpp>
#include <rushhour/report/matrix.hpp>
#include <rushhour/scenario/scenario.hpp>
#include <rushhour/scenario/setting.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "html_page.hpp"
#include "running.hpp"

namespace rushhour::cli {

namespace {

using Settings = std::vector<scenario::Setting>;

constexpr std::size_t combinations_max = 1'000;

/// Every combination, the last variation changing quickest.
std::vector<Settings> combinations(const std::vector<std::string>& variations) {
  std::vector<Settings> out(1);
  for (const std::string& text : variations) {
    const Settings values = scenario::parse_variation(text);
    std::vector<Settings> longer;
    for (const Settings& so_far : out) {
      for (const scenario::Setting& value : values) {
        longer.push_back(so_far);
        longer.back().push_back(value);
      }
    }
    out = std::move(longer);
    if (out.size() > combinations_max) {
      throw InputError({.expected = "at most " + std::to_string(combinations_max) + " combinations",
                        .seen = std::to_string(out.size()) + " and more",
                        .advice = "vary less at a time"});
    }
  }
  return out;
}

}  // namespace

int matrix(const MatrixCommand& command) {
  std::vector<scenario::Scenario> scenarios;
  for (Settings& settings : combinations(command.variations)) {
    scenarios.push_back(scenario::load_scenario(
        command.scenario, {.seed = command.seed, .events = command.events, .settings = std::move(settings)}));
  }
  const RunCommand page{.html = command.html};
  expect_chart_library(page);
  PythonPacks packs;
  Runs runs;
  for (scenario::Scenario& scenario : scenarios) {
    runs.push_back(run_one(std::move(scenario), {.keep_timeline = !command.html.empty()}, packs));
    if (interrupted(runs)) {
      runs.pop_back();  // a row that is not comparable with the others
      break;
    }
  }
  const bool whole = runs.size() == scenarios.size();
  if (runs.empty()) return exit_interrupted;
  std::vector<const scenario::Run*> shown;
  for (const auto& run : runs) shown.push_back(run.get());
  if (command.json != "-") std::fputs(report::matrix(shown).c_str(), stdout);
  if (command.json == "-") {
    std::fputs(report::json(shown).c_str(), stdout);
  } else if (!command.json.empty()) {
    write_file(command.json, report::json(shown));
  }
  write_page(shown, page, {}, packs);
  return whole ? exit_ok : exit_interrupted;
}

}  // namespace rushhour::cli
