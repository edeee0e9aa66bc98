#include "running.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <rushhour/input_error.hpp>
#include <rushhour/report/annotations.hpp>
#include <rushhour/report/benchmark.hpp>
#include <rushhour/report/json.hpp>
#include <rushhour/report/junit.hpp>
#include <rushhour/report/ndjson.hpp>
#include <rushhour/report/sarif.hpp>
#include <rushhour/report/seeds.hpp>
#include <rushhour/report/summary.hpp>
#include <rushhour/report/text.hpp>
#include <rushhour/scenario/baseline.hpp>

#include "files.hpp"
#include "interrupt.hpp"
#include "progress_bar.hpp"
#include "terminal.hpp"

namespace rushhour::cli {

namespace {

std::vector<scenario::Scenario> load_all(const RunCommand& command) {
  scenario::Overrides overrides{.seed = command.seed, .events = command.events};
  for (const std::string& text : command.settings)
    overrides.settings.push_back(scenario::parse_setting(text));
  std::vector<scenario::Scenario> scenarios;
  scenarios.reserve(command.scenarios.size());
  for (const std::string& path : command.scenarios) {
    scenarios.push_back(scenario::load_scenario(path, overrides));
  }
  return scenarios;
}

scenario::RunOptions run_options(const RunCommand& command) {
  return {.make_endpoint = make_transport(command.transport),
          .transport = command.transport,
          .becomes_baseline = command.becomes_baseline,
          .keep_trail = command.keep_trail,
          .keep_timeline = !command.series.empty() || !command.html.empty()};
}

std::vector<scenario::SeededRuns> run_with_seeds(const RunCommand& command, PythonPacks& packs) {
  scenario::SeedsOptions options{
      .seeds = command.seeds, .first_seed = command.seed, .jobs = command.jobs, .run = run_options(command)};
  packs.add_to(options.run);
  const std::vector<scenario::Scenario> scenarios = load_all(command);
  std::uint64_t events = 0;
  for (const scenario::Scenario& scenario : scenarios) events += scenario.events * command.seeds;
  ProgressBar bar{std::to_string(command.seeds) + " seeds", events};
  if (isatty(STDERR_FILENO) != 0) {
    options.progress = [&](std::size_t done, std::size_t all) { bar.show(events / all * done); };
  }
  options.run.stop = &interrupt_flag();
  options.baseline = [&command](const scenario::Scenario& scenario) {
    return scenario::baseline_numbers(scenario, command.baselines);
  };
  return scenario::run_seeds(scenarios, options);
}

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

/// The user's checkout, where a workflow of GitHub's says where it is.
report::Checkout checkout() {
  const std::string root = environment("GITHUB_WORKSPACE");
  return root.empty() ? report::Checkout{}
                      : report::Checkout{.root = root, .folder = std::filesystem::current_path().string()};
}

/// What the reports are made of.
struct Reported {
  std::vector<const scenario::Run*> runs{};  ///< whole ones; of several seeds the first
  std::vector<report::Judged> judged{};
};

/// A report that goes to a file, or for `-` to standard output. A new one is a row.
struct Output {
  std::string RunCommand::*file;  ///< empty: not asked for
  std::string (*text)(const Reported&);
};
constexpr std::array outputs{
    Output{&RunCommand::junit, [](const Reported& what) { return report::junit(what.judged); }},
    Output{&RunCommand::summary, [](const Reported& what) { return report::summary(what.judged); }},
    Output{&RunCommand::sarif,
           [](const Reported& what) {
             return report::sarif(what.judged, {.version = RUSHHOUR_VERSION, .checkout = checkout()});
           }},
    Output{&RunCommand::benchmark,
           [](const Reported& what) { return report::benchmark_action(what.judged); }},
    Output{&RunCommand::bencher, [](const Reported& what) { return report::bencher(what.judged); }},
    Output{&RunCommand::series, [](const Reported& what) { return report::ndjson(what.runs); }},
    Output{&RunCommand::json, [](const Reported& what) { return report::json(what.runs); }},
};

std::ptrdiff_t outputs_to_standard_output(const RunCommand& command) {
  return std::count_if(outputs.begin(), outputs.end(),
                       [&](const Output& output) { return command.*output.file == "-"; });
}

/// \throws InputError when two reports are to go to standard output.
void require_one_on_standard_output(const RunCommand& command) {
  if (outputs_to_standard_output(command) < 2) return;
  throw InputError({.expected = "--json, --series and other reports to go to different places",
                    .seen = "standard output for two of them",
                    .advice = "give one of them a file"});
}

/// What a workflow of GitHub's shows of a step, without anybody asking: the summary of its page.
void append_step_summary(const Reported& what) {
  const std::string file = environment("GITHUB_STEP_SUMMARY");
  if (file.empty()) return;
  std::error_code error;
  const std::uintmax_t there = std::filesystem::file_size(file, error);
  const std::size_t used = error ? 0 : static_cast<std::size_t>(there);
  const std::size_t room = report::summary_bytes_max - std::min(used, report::summary_bytes_max);
  append_to_file(file, report::summary(what.judged, room));
}

/// To a file, or to standard output for `-`.
void write(const std::string& path, const std::string& content) {
  if (path == "-") {
    std::fputs(content.c_str(), stdout);
  } else {
    write_file(path, content);
  }
}

}  // namespace

std::unique_ptr<scenario::Run> run_one(scenario::Scenario scenario, scenario::RunOptions options,
                                       PythonPacks& packs) {
  packs.add_to(options);
  if (!options.becomes_baseline && !options.baseline) options.baseline = scenario::baseline_numbers(scenario);
  ProgressBar bar{scenario.name, scenario.events};
  if (isatty(STDERR_FILENO) != 0) options.progress = [&bar](std::uint64_t events) { bar.show(events); };
  options.stop = &interrupt_flag();
  return scenario::run(std::move(scenario), options);
}

Runs run_all(const RunCommand& command, PythonPacks& packs) {
  require_one_on_standard_output(command);
  Runs runs;
  for (scenario::Scenario& scenario : load_all(command)) {
    scenario::RunOptions options = run_options(command);
    options.baseline = scenario::baseline_numbers(scenario, command.baselines);
    runs.push_back(run_one(std::move(scenario), std::move(options), packs));
    if (runs.back()->interrupted) break;
  }
  return runs;
}

bool interrupted(const Runs& runs) { return !runs.empty() && runs.back()->interrupted; }

std::vector<const scenario::Run*> Results::whole() const {
  std::vector<const scenario::Run*> out;
  for (const auto& run : runs) out.push_back(run.get());
  for (const scenario::SeededRuns& each : seeded) out.push_back(each.first.get());
  return out;
}

std::vector<report::Judged> Results::judged() const {
  return seeded.empty() ? report::judged(whole()) : report::judged(seeded);
}

bool Results::budgets_hold() const {
  const auto hold = [](const auto& each) { return each.budgets_hold(); };
  return std::all_of(runs.begin(), runs.end(), [](const auto& run) { return run->budgets_hold(); }) &&
         std::all_of(seeded.begin(), seeded.end(), hold);
}

bool Results::interrupted() const {
  return cli::interrupted(runs) || (!seeded.empty() && seeded.front().interrupted);
}

Results run_as_asked(const RunCommand& command, PythonPacks& packs) {
  if (command.seeds == 0) return {.runs = run_all(command, packs)};
  require_one_on_standard_output(command);
  return {.seeded = run_with_seeds(command, packs)};
}

bool takes_standard_output(const RunCommand& command) { return outputs_to_standard_output(command) > 0; }

void write_reports(const Results& results, const RunCommand& command) {
  const Reported reported{.runs = results.whole(), .judged = results.judged()};
  const bool has_text = !takes_standard_output(command);
  if (has_text) {
    const report::TextOptions how{.colour = has_colour(stdout), .brief = command.quiet};
    const std::string text =
        results.seeded.empty() ? report::text(reported.runs, how) : report::seeds(results.seeded, how);
    std::fputs(text.c_str(), stdout);
  }
  for (const Output& output : outputs) {
    const std::string& file = command.*output.file;
    if (!file.empty()) write(file, output.text(reported));
  }
  append_step_summary(reported);
  if (command.annotations.value_or(false)) {  // GitHub reads them wherever they are printed
    std::fputs(report::annotations(reported.judged, checkout()).c_str(), has_text ? stdout : stderr);
  }
}

}  // namespace rushhour::cli
