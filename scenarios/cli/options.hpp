/// \file
/// The options of every command, in CLI11's terms: which files know them, and what main.cpp gets of them.
#pragma once

#include <functional>
#include <vector>

namespace CLI {
class App;
}

namespace rushhour::cli {

/// A command of the command line, and what it does; it owns what the options are read into.
struct Choice {
  const CLI::App& app;
  std::function<int()> perform{};  ///< returns an ExitCode
};
using Choices = std::vector<Choice>;

void add_scenario_commands(CLI::App& app, Choices& choices);
void add_fakes_commands(CLI::App& app, Choices& choices);
void add_rule_commands(CLI::App& app, Choices& choices);

}  // namespace rushhour::cli
