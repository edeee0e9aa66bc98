#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/input_error.hpp>
#include <rushhour/report/comparison.hpp>
#include <rushhour/report/json.hpp>
#include <rushhour/scenario/baseline.hpp>
#include <rushhour/scenario/fix_search.hpp>
#include <rushhour/scenario/scenario.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "html_page.hpp"
#include "interrupt.hpp"
#include "running.hpp"
#include "stability.hpp"

namespace rushhour::cli {

namespace {

/// Whether two runs came to the same, byte by byte.
bool equal(const scenario::Run& a, const scenario::Run& b) {
  const scenario::Run* const first = &a;
  const scenario::Run* const second = &b;
  return report::json({&first, 1}) == report::json({&second, 1}) && a.timeline == b.timeline;
}
/// All that is kept of a run.
std::string text_of(const scenario::SeedRun& run) {
  std::string out = run.digest;
  for (const scenario::NamedNumber& number : run.numbers) {
    if (!number.value) continue;
    out += '\n' + number.name + ' ' + std::to_string(number.value->numerator) + '/' +
           std::to_string(number.value->denominator);
  }
  for (const scenario::JudgedBudget& budget : run.budgets) out += '\n' + budget.verdict.text;
  return out;
}
bool equal(const scenario::SeedRun& a, const scenario::SeedRun& b) { return text_of(a) == text_of(b); }

/// Says which two runs are not the same.
template <class Run>
bool same(const Run& a, const Run& b, const scenario::Scenario& scenario, std::uint64_t seed) {
  if (equal(a, b)) return true;
  std::fprintf(stderr, "rushhour: %s: two runs with seed %llu differ (digests %s and %s)\n",
               scenario.file.c_str(), static_cast<unsigned long long>(seed), a.digest.c_str(),
               b.digest.c_str());
  return false;
}

/// Whether the second run gave the same bytes.
bool repeats(const Results& first, const Results& second) {
  bool all = true;
  for (std::size_t i = 0; i < first.runs.size(); ++i) {
    const scenario::Scenario& scenario = first.runs[i]->scenario;
    all &= same(*first.runs[i], *second.runs[i], scenario, scenario.seed);
  }
  for (std::size_t i = 0; i < first.seeded.size(); ++i) {
    const scenario::SeededRuns& of = first.seeded[i];
    all &= same(*of.first, *second.seeded[i].first, of.first->scenario, of.first->scenario.seed);
    for (std::size_t at = 1; at < of.seeds.size(); ++at) {
      all &= same(of.seeds[at], second.seeded[i].seeds[at], of.first->scenario, of.seeds[at].seed);
    }
  }
  return all;
}

/// In a workflow of GitHub's.
bool in_github() {
  const char* const is = std::getenv("GITHUB_ACTIONS");
  return is != nullptr && std::string_view{is} == "true";
}

/// Looks for what would make broken budgets hold; not over several seeds. Ways to the fakes give the same
/// numbers: the quickest is taken.
void look_for_fixes(const Runs& runs, const CheckCommand& command, PythonPacks& packs) {
  for (const auto& run : runs) {
    const scenario::Scenario& plan = run->scenario;
    const auto try_scenario = [&](const std::vector<scenario::Setting>& settings) {
      scenario::Overrides overrides{.seed = plan.seed};
      // As a setting, since a search sets the number of events itself.
      if (command.run.events)
        overrides.settings.push_back({"traffic.events", std::to_string(*command.run.events)});
      overrides.settings.insert(overrides.settings.end(), plan.settings.begin(), plan.settings.end());
      overrides.settings.insert(overrides.settings.end(), settings.begin(), settings.end());
      return run_one(scenario::load_scenario(plan.file, overrides), {}, packs);
    };
    static_cast<void>(scenario::find_fixes(*run, try_scenario));
  }
}

/// The text goes where it does not mix with a report on standard output.
void print(const std::string& text, const RunCommand& command) {
  std::fputs(text.c_str(), takes_standard_output(command) ? stderr : stdout);
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
report::PageComparison compare(const scenario::Run& run, const CheckCommand& command) {
  const std::string path = scenario::baseline_path(run.scenario.file, command.baselines);
  if (!std::filesystem::exists(path)) {
    throw InputError({.file = path,
                      .expected = "the baseline of " + run.scenario.file,
                      .seen = "no file",
                      .advice = "make it with: rushhour check " + run.scenario.file + " --accept"});
  }
  report::PageComparison out{
      .file = path, .before = scenario::read_baseline(path), .after = scenario::baseline_of(run)};
  out.found = scenario::compare(out.before, out.after);
  print(report::text(out.found, {.scenario = run.scenario.file, .baseline = path}), command.run);
  return out;
}

}  // namespace

int check(const CheckCommand& command) {
  using Kind = scenario::Comparison::Kind;
  expect_chart_library(command.run);
  RunCommand how = command.run;
  how.keep_trail = command.baseline || command.accept;
  if (!how.annotations) how.annotations = in_github();
  how.baselines = command.baselines;
  how.becomes_baseline = command.accept;
  PythonPacks packs;
  const Results results = run_as_asked(how, packs);
  bool same = true;
  bool ended = results.interrupted();
  if (!ended && !command.once) {
    const Results again = run_as_asked(how, packs);
    ended = again.interrupted();
    same = ended || repeats(results, again);
  }
  if (!ended && same && !command.no_fix) look_for_fixes(results.runs, command, packs);
  write_reports(results, how);
  if (ended) return exit_interrupted;
  if (!same) return exit_nondeterminism;
  if (command.stability || !command.stability_json.empty()) {
    report_stability(results.runs, command, packs);
    if (interrupt_flag()) return exit_interrupted;
  }
  bool differs = false;
  bool incomparable = false;
  std::vector<std::optional<report::PageComparison>> comparisons;
  for (const scenario::Run* run : results.whole()) {
    if (command.accept) {
      accept(*run, command);
    } else if (command.baseline) {
      const Kind kind = comparisons.emplace_back(compare(*run, command))->found.kind;
      differs |= kind == Kind::changed;
      incomparable |= kind == Kind::incomparable;
    }
  }
  write_page(results.whole(), how, std::move(comparisons), packs);
  if (incomparable) return exit_usage;
  if (!results.budgets_hold()) return exit_budget;
  return differs ? exit_baseline : exit_ok;
}

}  // namespace rushhour::cli
