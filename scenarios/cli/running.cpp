#include "running.hpp"

#include <unistd.h>

#include <cstdio>

#include <rushhour/report/json.hpp>
#include <rushhour/report/junit.hpp>
#include <rushhour/report/text.hpp>

#include "files.hpp"
#include "interrupt.hpp"
#include "progress_bar.hpp"
#include "terminal.hpp"

namespace rushhour::cli {

namespace {

std::vector<const scenario::Run*> pointers(const Runs& runs) {
  std::vector<const scenario::Run*> out;
  out.reserve(runs.size());
  for (const auto& run : runs) out.push_back(run.get());
  return out;
}

}  // namespace

std::unique_ptr<scenario::Run> run_one(scenario::Scenario scenario, scenario::RunOptions options,
                                       PythonPacks& packs) {
  packs.add_to(options);
  ProgressBar bar{scenario.name, scenario.events};
  if (isatty(STDERR_FILENO) != 0) options.progress = [&bar](std::uint64_t events) { bar.show(events); };
  options.stop = &interrupt_flag();
  return scenario::run(std::move(scenario), options);
}

Runs run_all(const RunCommand& command, PythonPacks& packs) {
  scenario::Overrides overrides{.seed = command.seed, .events = command.events};
  for (const std::string& text : command.settings)
    overrides.settings.push_back(scenario::parse_setting(text));
  std::vector<scenario::Scenario> scenarios;
  scenarios.reserve(command.scenarios.size());
  for (const std::string& path : command.scenarios) {
    scenarios.push_back(scenario::load_scenario(path, overrides));
  }
  Runs runs;
  for (scenario::Scenario& scenario : scenarios) {
    runs.push_back(run_one(std::move(scenario),
                           {.make_endpoint = make_transport(command.transport),
                            .transport = command.transport,
                            .keep_trail = command.keep_trail},
                           packs));
    if (runs.back()->interrupted) break;
  }
  return runs;
}

bool interrupted(const Runs& runs) { return !runs.empty() && runs.back()->interrupted; }

void write_reports(const Runs& runs, const RunCommand& command) {
  const std::vector<const scenario::Run*> shown = pointers(runs);
  if (command.json != "-") {
    std::fputs(report::text(shown, {.colour = has_colour(stdout), .brief = command.quiet}).c_str(), stdout);
  }
  if (!command.junit.empty()) write_file(command.junit, report::junit(shown));
  if (command.json.empty()) return;
  const std::string json = report::json(shown);
  if (command.json == "-") {
    std::fputs(json.c_str(), stdout);
  } else {
    write_file(command.json, json);
  }
}

}  // namespace rushhour::cli
