/// \file
/// What `run` and `check` share: running scenarios with a progress bar, and writing the reports.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <rushhour/report/judged.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/seeds.hpp>

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

/// What a command has run: every scenario once, or each with several seeds.
struct Results {
  Runs runs{};                                 ///< empty with several seeds
  std::vector<scenario::SeededRuns> seeded{};  ///< else empty

  /// Of several seeds the first runs, which alone are kept whole.
  [[nodiscard]] std::vector<const scenario::Run*> whole() const;
  [[nodiscard]] std::vector<report::Judged> judged() const;
  [[nodiscard]] bool budgets_hold() const;
  [[nodiscard]] bool interrupted() const;
};

/// run_all(), or with several seeds each scenario with all of them, as scenario::run_seeds() does.
[[nodiscard]] Results run_as_asked(const RunCommand& command, PythonPacks& packs);

/// Whether a report for machines goes to standard output, where then nothing else does.
[[nodiscard]] bool takes_standard_output(const RunCommand& command);

/// The text to standard output and every other report where the command says, whether budgets hold or not.
/// \throws InputError when a file cannot be written.
void write_reports(const Results& results, const RunCommand& command);

/// The way to the fakes by its name: direct, memory or wire.
[[nodiscard]] scenario::MakeEndpoint make_transport(const std::string& name);

}  // namespace rushhour::cli
