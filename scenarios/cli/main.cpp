/// \file
/// Reads the command line and hands over to the commands.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <rushhour/input_error.hpp>

#include "commands.hpp"
#include "options.hpp"

namespace {

using namespace rushhour::cli;

int dispatch(int argc, char** argv) {
  CLI::App app{"rushhour: what a million-event hour does to your detections and to the APIs they call",
               "rushhour"};
  app.set_version_flag("--version", "rushhour " RUSHHOUR_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 ok, 1 a budget is broken, a finding an error, a test failed or nothing matched, 2 wrong "
      "usage, "
      "scenario "
      "or rule, 3 a baseline differs, 4 two runs differ, 5 internal.");

  Choices choices;
  add_scenario_commands(app, choices);
  add_fakes_commands(app, choices);
  add_rule_commands(app, choices);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  }
  const auto given =
      std::find_if(choices.begin(), choices.end(), [](const Choice& choice) { return choice.app.parsed(); });
  return given->perform();  // require_subcommand: there is one
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch(argc, argv);
  } catch (const rushhour::InputError& error) {
    std::fprintf(stderr, "rushhour: %s\n", error.what());
    return exit_usage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rushhour: internal error: %s\n", error.what());
    return exit_internal;
  }
}
