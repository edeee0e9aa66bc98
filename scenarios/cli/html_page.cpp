#include "html_page.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/input_error.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/report/swept.hpp>
#include <rushhour/scenario/baseline.hpp>
#include <rushhour/scenario/scenario.hpp>

#include "files.hpp"
#include "page/assets.hpp"

namespace rushhour::cli {

namespace {

struct Share {
  std::string_view text{};
  Ratio of_the_events{};
};

/// Where a run bends is seen between idle and far beyond its limits.
constexpr Share demands[] = {{"1/4", {1, 4}}, {"1/2", {1, 2}}, {"1", {1, 1}}, {"3/2", {3, 2}},
                             {"2", {2, 1}},   {"4", {4, 1}},   {"8", {8, 1}}};

/// What clients of AWS offer; VirusTotal's have their own ways.
constexpr std::string_view policies[] = {"legacy", "standard", "standard-2026", "adaptive"};
constexpr std::string_view policy_paths[] = {"world.retry.sts", "world.retry.secretsmanager"};

/// The same scenario with other values, run and kept in a few numbers. Nothing when somebody ended it.
std::optional<report::SweptRun> run_again(const scenario::Run& run, const RunCommand& command,
                                          scenario::Overrides overrides, std::string_view value,
                                          PythonPacks& packs) {
  overrides.seed = run.scenario.seed;
  scenario::Scenario scenario = scenario::load_scenario(run.scenario.file, overrides);
  scenario::BaselineLookup baseline = scenario::baseline_numbers(scenario, command.baselines);
  const auto again = run_one(std::move(scenario),
                             {.make_endpoint = make_transport(command.transport),
                              .transport = command.transport,
                              .baseline = std::move(baseline),
                              .becomes_baseline = command.becomes_baseline},
                             packs);
  if (again->interrupted) return std::nullopt;
  return report::swept(*again, std::string{value});
}

scenario::Overrides overrides_of(const scenario::Run& run, std::uint64_t events) {
  scenario::Overrides out{.settings = run.scenario.settings};
  if (events != 0) out.events = events;
  return out;
}

/// Recorded events (of which a scenario says no number) are as many as they are.
std::vector<report::SweptRun> sweep_demand(const scenario::Run& run, const RunCommand& command,
                                           PythonPacks& packs) {
  std::vector<report::SweptRun> out;
  if (run.scenario.events == 0) return out;
  for (const Share& each : demands) {
    const std::uint64_t events = std::max<std::uint64_t>(1, each.of_the_events.of(run.scenario.events));
    if (events == run.scenario.events) {
      out.push_back(report::swept(run, std::string{each.text}));
      out.back().as_it_is = true;
      continue;
    }
    auto again = run_again(run, command, overrides_of(run, events), each.text, packs);
    if (!again) return {};
    out.push_back(std::move(*again));
  }
  return out;
}

std::vector<report::SweptRun> sweep_policies(const scenario::Run& run, const RunCommand& command,
                                             PythonPacks& packs) {
  std::vector<report::SweptRun> out;
  for (const std::string_view policy : policies) {
    scenario::Overrides overrides = overrides_of(run, run.scenario.events);
    for (const std::string_view path : policy_paths) {
      overrides.settings.push_back({.path = std::string{path}, .value = std::string{policy}});
    }
    auto again = run_again(run, command, std::move(overrides), policy, packs);
    if (!again) return {};
    out.push_back(std::move(*again));
    const auto& sts = run.scenario.retries[static_cast<std::size_t>(api::Service::sts)];
    const auto& secrets = run.scenario.retries[static_cast<std::size_t>(api::Service::secretsmanager)];
    out.back().as_it_is = sts.policy == policy && secrets.policy == policy;
  }
  return out;
}

}  // namespace

void expect_chart_library(const RunCommand& command) {
  if (command.html.empty() || !chart_library.empty()) return;
  throw InputError(
      {.expected = "a build of rushhour with Chart.js, which draws the page of --html",
       .seen = "one without",
       .advice = "install it (Debian: apt-get install libjs-chart.js; elsewhere name its "
                 "chart.min.js with cmake -D RUSHHOUR_CHART_JS=FILE), then configure and build again"});
}

void write_page(const std::vector<const scenario::Run*>& runs, const RunCommand& command,
                std::vector<std::optional<report::PageComparison>> comparisons, PythonPacks& packs) {
  if (command.html.empty()) return;
  report::PageExtras extras{.comparisons = std::move(comparisons)};
  const bool whole = std::none_of(runs.begin(), runs.end(), [](const auto& run) { return run->interrupted; });
  if (command.sweeps && whole) {
    for (const auto& run : runs) {
      extras.sweeps.push_back(
          {.demand = sweep_demand(*run, command, packs), .policies = sweep_policies(*run, command, packs)});
    }
  }
  write_file(command.html, report::html(runs,
                                        {.page = page_html,
                                         .style = page_style,
                                         .library = chart_library,
                                         .script = page_script,
                                         .version = RUSHHOUR_VERSION},
                                        extras));
}

}  // namespace rushhour::cli
