/// \file
/// What `run` and `check` share: running scenarios with a progress bar, and writing the reports.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <rushhour/scenario/run.hpp>

#include "commands.hpp"
#include "python_packs.hpp"

namespace rushhour::cli {

using Runs = std::vector<std::unique_ptr<scenario::Run>>;

/// Runs a scenario, with a progress bar on a terminal.
[[nodiscard]] std::unique_ptr<scenario::Run> run_one(scenario::Scenario scenario,
                                                     scenario::RunOptions options, PythonPacks& packs);

/// Loads all scenarios, so that mistakes come before any waiting, then runs them in order, until Ctrl-C.
[[nodiscard]] Runs run_all(const RunCommand& command, PythonPacks& packs);

/// Whether Ctrl-C ended the last of them early. What it has come to until then is reported all the same.
[[nodiscard]] bool interrupted(const Runs& runs);

/// The text to standard output, JSON and JUnit XML where the command says, whether budgets hold or not.
/// \throws InputError when a file cannot be written.
void write_reports(const Runs& runs, const RunCommand& command);

/// The way to the fakes by its name: direct, memory or wire.
[[nodiscard]] scenario::MakeEndpoint make_transport(const std::string& name);

}  // namespace rushhour::cli
