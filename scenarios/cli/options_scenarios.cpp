/// \file
/// Options of the commands that run scenarios.

#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "commands.hpp"
#include "option_examples.hpp"
#include "options.hpp"

namespace rushhour::cli {

namespace {

template <class Command>
void add_seed_and_events(CLI::App& app, Command& command) {
  app.add_option("--seed", command.seed, "use this seed instead of the scenario's")->type_name("N");
  app.add_option("--events", command.events, "this many synthetic events in the same duration")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
}

/// What CI servers and their services read.
void add_ci_outputs(CLI::App& app, RunCommand& command) {
  app.add_flag(
      "--annotations,!--no-annotations", [&command](std::int64_t count) { command.annotations = count > 0; },
      "print broken budgets as GitHub's workflow commands, at the line that causes them; check does "
      "so in GitHub's workflows");
  app.add_option("--summary", command.summary,
                 "write a summary in Markdown to this file; in GitHub's workflows it is added to the step's "
                 "own, too")
      ->type_name("FILE");
  app.add_option("--sarif", command.sarif, "write broken budgets as SARIF 2.1.0 to this file")
      ->type_name("FILE");
  app.add_option("--benchmark", command.benchmark,
                 "write the numbers for github-action-benchmark (customSmallerIsBetter) to this file")
      ->type_name("FILE");
  app.add_option("--bencher", command.bencher,
                 "write the numbers for bencher (Bencher Metric Format) to this file")
      ->type_name("FILE");
}

void add_seeds(CLI::App& app, RunCommand& command) {
  constexpr std::uint64_t most = 10'000;
  CLI::Option* const seeds =
      app.add_option("--seeds", command.seeds,
                     "run with this many seeds, from --seed or the first scenario's on, the "
                     "same for every scenario; print mean, extremes and, of several "
                     "scenarios, differences")
          ->type_name("N")
          ->check(CLI::Range(std::uint64_t{1}, most));
  app.add_option("--jobs", command.jobs, "threads for --seeds; else as many as the machine runs at once")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, most))
      ->needs(seeds);
}

void add_run_options(CLI::App& app, RunCommand& command) {
  app.add_option("scenario", command.scenarios, "scenario files; several are printed side by side")
      ->required()
      ->type_name("SCENARIO");
  add_seed_and_events(app, command);
  add_seeds(app, command);
  app.add_option("--set", command.settings,
                 "PATH=VALUE: use this value in place of the scenario's, such as world.retry.sts=standard or "
                 "detections.0.match.share=0.1; may be given several times")
      ->type_name("SETTING")
      ->allow_extra_args(false);
  app.add_option("--transport", command.transport,
                 "how detections reach the fakes: direct (typed calls, fastest), memory (signed HTTP "
                 "messages without "
                 "a socket), wire (a server on loopback)")
      ->check(CLI::IsMember({"direct", "memory", "wire"}))
      ->capture_default_str();
  app.add_flag("--quiet", command.quiet, "print only verdicts and broken budgets");
  app.add_option("--json", command.json,
                 "write the report as JSON to this file; - for standard output, without the text")
      ->type_name("FILE");
  app.add_option("--junit", command.junit,
                 "write the budgets as JUnit XML to this file, a test case each, broken or not")
      ->type_name("FILE");
  add_ci_outputs(app, command);
  app.add_option("--series", command.series,
                 "write curves over time as NDJSON to this file, a line a second; - for standard output, "
                 "without the text")
      ->type_name("FILE");
  CLI::Option* const html =
      app.add_option("--html", command.html,
                     "write a page with charts to this file, to be opened with a browser: whole, without a "
                     "network")
          ->type_name("FILE");
  app.add_flag(
         "--sweeps", command.sweeps,
         "for the page, run each scenario again with a quarter to eight times its events, and with every "
         "retry policy")
      ->needs(html);
}

void add_check_options(CLI::App& app, CheckCommand& command) {
  app.add_flag("--once", command.once, "run each scenario once; do not compare two runs");
  app.add_flag(
      "--baseline", command.baseline,
      "compare with the baseline of each scenario, baselines/NAME.lock.json beside it; any difference "
      "fails");
  app.add_option("--baselines", command.baselines, "the folder of the baselines")->type_name("FOLDER");
  app.add_flag("--accept", command.accept, "write the baselines: what the runs came to is as it should be");
  app.add_flag("--no-fix", command.no_fix,
               "do not look for the smallest change of the scenario's own values that makes a broken budget "
               "hold, which takes up to 12 runs for each");
  app.add_flag(
      "--stability", command.stability,
      "run under the alternatives to every assumption tagged MEM or CHOICE, and say which turn the verdict");
  app.add_option("--stability-json", command.stability_json, "write that as JSON to this file")
      ->type_name("FILE");
}

CLI::App* add_matrix(CLI::App& parent, MatrixCommand& command) {
  CLI::App& app = *parent.add_subcommand(
      "matrix", "Run a scenario with every combination of other values, and print what changes: a row each");
  app.add_option("scenario", command.scenario, "a scenario file")->required()->type_name("SCENARIO");
  app.add_option("--vary", command.variations,
                 "PATH=VALUE,VALUE,...: values in place of the scenario's, such as "
                 "world.retry.sts=legacy,standard; may be given several times")
      ->required()
      ->type_name("VARIATION")
      ->allow_extra_args(false);
  add_seed_and_events(app, command);
  app.add_option("--html", command.html, "write the report of all runs, side by side, as a page to this file")
      ->type_name("FILE");
  app.add_option(
         "--json", command.json,
         "write the reports of all runs as JSON to this file; - for standard output, without the text")
      ->type_name("FILE");
  add_examples(
      app, {"rushhour matrix scenarios/naive-enrichment.json --events 20000 --vary fleet.workers=10,100,400",
            "rushhour matrix scenarios/naive-enrichment.json --events 20000 --vary "
            "detections.0.match.share=0.01,0.1,0.5"});
  return &app;
}

CLI::App* add_capacity(CLI::App& parent, CapacityCommand& command) {
  CLI::App& app = *parent.add_subcommand(
      "capacity", "Find the greatest value at which all budgets of a scenario hold, and which breaks first");
  app.add_option("scenario", command.scenario, "a scenario file")->required()->type_name("SCENARIO");
  app.add_option("--vary", command.path, "the path of a whole number of the scenario")
      ->capture_default_str()
      ->type_name("PATH");
  app.add_option("--from", command.from, "the least value; else a hundredth of the greatest")->type_name("N");
  app.add_option("--to", command.to, "the greatest value; else ten times the scenario's events")
      ->type_name("N");
  app.add_option("--seed", command.seed, "use this seed instead of the scenario's")->type_name("N");
  add_examples(app, {"rushhour capacity scenarios/alert-context-only.json --from 1000 --to 4000000"});
  return &app;
}

CLI::App* add_profile(CLI::App& parent, ProfileCommand& command) {
  CLI::App& app = *parent.add_subcommand(
      "profile",
      "Write a scenario that is like a sample of your own CloudTrail, without anything of it but "
      "numbers, and print the errors of the fit");
  app.add_option("files", command.events, "CloudTrail files and folders, plain or gzipped")
      ->required()
      ->type_name("FILES");
  app.add_option("--rules", command.rules, "a Panther pack: its rules' shares of matches become detections")
      ->type_name("FOLDER");
  app.add_option("-o,--output", command.output, "the scenario file to write")
      ->capture_default_str()
      ->type_name("FILE");
  add_examples(app, {"rushhour profile AWSLogs --rules my-pack -o scenarios/my-traffic.json"});
  return &app;
}

CLI::App* add_init(CLI::App& parent, InitCommand& command) {
  CLI::App& app = *parent.add_subcommand(
      "init", "Write a scenario with budgets to start from, and jobs for GitHub and GitLab that check it");
  app.add_option("folder", command.folder, "the root of your repository")
      ->capture_default_str()
      ->type_name("FOLDER");
  app.add_flag("--force", command.force, "replace files that are there");
  add_examples(app, {"rushhour init", "rushhour init my-detections"});
  return &app;
}

}  // namespace

void add_scenario_commands(CLI::App& app, Choices& choices) {
  const auto run = std::make_shared<RunCommand>();
  CLI::App& run_app =
      *app.add_subcommand("run", "Run scenarios and print what happened; broken budgets do not fail it");
  add_run_options(run_app, *run);
  add_examples(run_app,
               {"rushhour run scenarios/naive-enrichment.json",
                "rushhour run scenarios/naive-enrichment.json scenarios/alert-context-only.json",
                "rushhour run scenarios/naive-enrichment.json --set fleet.workers=400 --json report.json"});
  choices.push_back({run_app, [run] { return cli::run(*run); }});

  const auto check = std::make_shared<CheckCommand>();
  CLI::App& check_app =
      *app.add_subcommand("check", "Run scenarios twice and fail when a budget is broken: for CI");
  add_run_options(check_app, check->run);
  add_check_options(check_app, *check);
  add_examples(check_app, {"rushhour check scenarios/alert-context-only.json",
                           "rushhour check scenarios/alert-context-only.json --accept",
                           "rushhour check scenarios/alert-context-only.json --baseline --junit budgets.xml",
                           "rushhour check scenarios/alert-context-only.json --stability"});
  choices.push_back({check_app, [check] { return cli::check(*check); }});

  const auto matrix = std::make_shared<MatrixCommand>();
  choices.push_back({*add_matrix(app, *matrix), [matrix] { return cli::matrix(*matrix); }});

  const auto capacity = std::make_shared<CapacityCommand>();
  choices.push_back({*add_capacity(app, *capacity), [capacity] { return cli::capacity(*capacity); }});

  const auto profile = std::make_shared<ProfileCommand>();
  choices.push_back({*add_profile(app, *profile), [profile] { return cli::profile(*profile); }});

  const auto init = std::make_shared<InitCommand>();
  choices.push_back({*add_init(app, *init), [init] { return cli::init(*init); }});

  const auto list = std::make_shared<ListCommand>();
  CLI::App& list_app = *app.add_subcommand("list", "List the scenarios of a folder");
  list_app.add_option("folder", list->folder, "where they are")->capture_default_str()->type_name("FOLDER");
  add_examples(list_app, {"rushhour list scenarios"});
  choices.push_back({list_app, [list] { return cli::list(*list); }});
}

}  // namespace rushhour::cli
