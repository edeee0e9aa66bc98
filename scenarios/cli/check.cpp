#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>

#include <rushhour/input_error.hpp>
#include <rushhour/report/comparison.hpp>
#include <rushhour/report/json.hpp>
#include <rushhour/scenario/baseline.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "running.hpp"

namespace rushhour::cli {

namespace {

/// Whether a second run gives the same bytes; says which scenario does not.
bool repeats(const Runs& first, const Runs& second) {
  bool same = true;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const scenario::Run* const a = first[i].get();
    const scenario::Run* const b = second[i].get();
    if (report::json({&a, 1}) == report::json({&b, 1})) continue;
    std::fprintf(stderr, "rushhour: %s: two runs with seed %llu differ (digests %s and %s)\n",
                 a->scenario.file.c_str(), static_cast<unsigned long long>(a->scenario.seed),
                 a->digest.c_str(), b->digest.c_str());
    same = false;
  }
  return same;
}

/// The text goes where it does not mix with a report on standard output.
void print(const std::string& text, const RunCommand& command) {
  std::fputs(text.c_str(), command.json == "-" ? stderr : stdout);
}

void accept(const scenario::Run& run, const CheckCommand& command) {
  const std::string path = scenario::baseline_path(run.scenario.file, command.baselines);
  const std::filesystem::path folder = std::filesystem::path{path}.parent_path();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw InputError({.file = folder.string(),
                      .expected = "a folder for baselines",
                      .seen = error.message(),
                      .advice = "name another with --baselines"});
  }
  write_file(path, scenario::to_json(scenario::baseline_of(run)));
  print("baseline " + path + ": written\n", command.run);
}

/// Says how the run differs from its baseline.
int compare(const scenario::Run& run, const CheckCommand& command) {
  const std::string path = scenario::baseline_path(run.scenario.file, command.baselines);
  if (!std::filesystem::exists(path)) {
    throw InputError({.file = path,
                      .expected = "the baseline of " + run.scenario.file,
                      .seen = "no file",
                      .advice = "make it with: rushhour check " + run.scenario.file + " --accept"});
  }
  const scenario::Comparison found =
      scenario::compare(scenario::read_baseline(path), scenario::baseline_of(run));
  print(report::text(found, {.scenario = run.scenario.file, .baseline = path}), command.run);
  using Kind = scenario::Comparison::Kind;
  if (found.kind == Kind::identical) return exit_ok;
  return found.kind == Kind::incomparable ? exit_usage : exit_baseline;
}

}  // namespace

int check(const CheckCommand& command) {
  RunCommand how = command.run;
  how.keep_trail = command.baseline || command.accept;
  PythonPacks packs;
  const Runs runs = run_all(how, packs);
  write_reports(runs, how);
  if (interrupted(runs)) return exit_interrupted;
  if (!command.once) {
    const Runs again = run_all(how, packs);
    if (interrupted(again)) return exit_interrupted;
    if (!repeats(runs, again)) return exit_nondeterminism;
  }
  bool differs = false;
  bool incomparable = false;
  for (const auto& run : runs) {
    if (command.accept) {
      accept(*run, command);
    } else if (command.baseline) {
      const int code = compare(*run, command);
      differs |= code == exit_baseline;
      incomparable |= code == exit_usage;
    }
  }
  if (incomparable) return exit_usage;
  const bool holds =
      std::all_of(runs.begin(), runs.end(), [](const auto& run) { return run->budgets_hold(); });
  if (!holds) return exit_budget;
  return differs ? exit_baseline : exit_ok;
}

}  // namespace rushhour::cli
