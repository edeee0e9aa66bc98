/// \file
/// Reads the command line and hands over to the commands.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <rushhour/input_error.hpp>

#include "commands.hpp"
#include "option_examples.hpp"
#include "options.hpp"
#include "options_text.hpp"

namespace {

using namespace rushhour::cli;

/// What is made of the options of all commands, and so comes last.
void add_own_commands(CLI::App& app, Choices& choices) {
  CLI::App& man = *app.add_subcommand("man", "Print the manual page");
  add_examples(man, {"rushhour man | man -l -"});
  choices.push_back({man, [&app] {
                       std::fputs(man_page(app).c_str(), stdout);
                       return exit_ok;
                     }});

  const auto shell = std::make_shared<std::string>();
  CLI::App& completion =
      *app.add_subcommand("completion", "Print a script that completes commands and options");
  completion.add_option("shell", *shell, "bash or zsh")
      ->required()
      ->type_name("SHELL")
      ->check(CLI::IsMember({"bash", "zsh"}));
  add_examples(completion,
               {"source <(rushhour completion bash)", "rushhour completion zsh > ~/.zfunc/_rushhour"});
  choices.push_back({completion, [&app, shell] {
                       std::fputs((*shell == "zsh" ? zsh_completion(app) : bash_completion(app)).c_str(),
                                  stdout);
                       return exit_ok;
                     }});
}

int dispatch(int argc, char** argv) {
  CLI::App app{"rushhour: what a million-event hour does to your detections and to the APIs they call",
               "rushhour"};
  app.set_version_flag("--version", "rushhour " RUSHHOUR_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 ok, 1 a budget is broken, a finding an error, a test failed or nothing\nmatched, 2 "
      "wrong "
      "usage, scenario or rule, 3 a baseline differs, 4 two runs differ,\n5 internal, 130 interrupted.");

  Choices choices;
  add_scenario_commands(app, choices);
  add_fakes_commands(app, choices);
  add_rule_commands(app, choices);
  add_own_commands(app, choices);

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
