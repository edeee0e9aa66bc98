/// \file
/// Reads the command line and hands over to the commands.

#include <cstdio>
#include <exception>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <rushhour/input_error.hpp>

#include "commands.hpp"

namespace {

using namespace rushhour::cli;

template <class Command>
void add_seed_and_events(CLI::App& app, Command& command) {
  app.add_option("--seed", command.seed, "use this seed instead of the scenario's")->type_name("N");
  app.add_option("--events", command.events, "this many synthetic events in the same duration")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
}

void add_run_options(CLI::App& app, RunCommand& command) {
  app.add_option("scenario", command.scenarios, "scenario files; several are printed side by side")
      ->required()
      ->type_name("SCENARIO");
  add_seed_and_events(app, command);
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
  app.add_option("--json", command.json,
                 "write the report as JSON to this file; - for standard output, without the text")
      ->type_name("FILE");
  app.add_option("--junit", command.junit,
                 "write the budgets as JUnit XML to this file, a test case each, broken or not")
      ->type_name("FILE");
}

void add_check_options(CLI::App& app, CheckCommand& command) {
  app.add_flag("--once", command.once, "run each scenario once; do not compare two runs");
  app.add_flag(
      "--baseline", command.baseline,
      "compare with the baseline of each scenario, baselines/NAME.lock.json beside it; any difference "
      "fails");
  app.add_option("--baselines", command.baselines, "the folder of the baselines")->type_name("FOLDER");
  app.add_flag("--accept", command.accept, "write the baselines: what the runs came to is as it should be");
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
  app.add_option(
         "--json", command.json,
         "write the reports of all runs as JSON to this file; - for standard output, without the text")
      ->type_name("FILE");
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
  return &app;
}

void add_iam_check_options(CLI::App& app, IamCheckCommand& command) {
  app.add_option("--trust", command.trust, "the trust policy of the role that reads the secret")
      ->type_name("FILE");
  app.add_option("--policy", command.policy, "the identity policy of that role")->type_name("FILE");
  app.add_option("--principal", command.principals,
                 "a role, user or session that the trust policy must let in, such as Panther's detections "
                 "engine or its unit tests; may be given several times")
      ->type_name("ARN");
  app.add_option("--secret", command.secret, "the whole ARN of the secret that the policy must cover")
      ->type_name("ARN");
  app.add_option("--json", command.json,
                 "write the findings as JSON to this file; - for standard output, without the text")
      ->type_name("FILE");
  app.add_flag("--strict", command.strict, "fail on warnings too");
}

void add_world_options(CLI::App& app, ServeCommand& command) {
  app.add_option("--region", command.region,
                 "the Region of the world; us-east-1 unless a scenario says otherwise")
      ->type_name("REGION");
  app.add_option("--state", command.state,
                 "a file of accounts, users, roles, policies, secrets and VirusTotal keys that exist beside "
                 "the guide's world (scenarios/state.schema.json)")
      ->type_name("FILE");
  auto* const key = app.add_option("--admin-key", command.admin_key,
                                   "the access key of a user who may do everything, to set accounts up with")
                        ->type_name("ID:SECRET");
  app.add_option("--admin-account", command.admin_account,
                 "that user's account; else the first one of --state, else the guide's customer")
      ->type_name("ACCOUNT")
      ->needs(key);
  app.add_option("--cloudtrail", command.cloudtrail,
                 "write CloudTrail's files below this folder, at their marks of five minutes and at the end")
      ->type_name("FOLDER");
}

void add_clock_and_seed(CLI::App& app, ServeCommand& command) {
  app.add_option(
         "--clock", command.clock,
         "what expiry and quotas follow: real (the wall clock, plus what is advanced) or virtual (only "
         "what is advanced)")
      ->check(CLI::IsMember({"real", "virtual"}))
      ->capture_default_str();
  app.add_option("--seed", command.seed,
                 "seed of reports and identifiers; 1 unless a scenario says otherwise")
      ->type_name("N");
  app.add_option(
         "--ca", command.ca,
         "write the certificate that intercepted programs trust to this file; else to a temporary one")
      ->type_name("FILE");
}

void add_exec_options(CLI::App& app, ExecCommand& command) {
  app.add_option("command", command.command, "the command and its arguments, behind --")
      ->required()
      ->type_name("COMMAND...");
  app.add_option(
         "--scenario", command.scenario,
         "take the world, the faults and the budgets of this scenario; the budgets are those of `check`, as "
         "far as they are about calls")
      ->type_name("FILE");
  app.add_option(
         "--max-calls", command.max_calls,
         "SERVICE=N or SERVICE.OPERATION=N: fail when the command, or with the pytest plugin one of its "
         "tests, sends more requests; may be given several times")
      ->type_name("LIMIT")
      ->allow_extra_args(false);
  app.add_option(
         "--principal", command.principal,
         "whose AWS credentials the command gets: detections-engine, unit-tests, stranger, or the ARN of a "
         "user of --state with a key")
      ->capture_default_str()
      ->type_name("NAME");
  app.add_flag("--keep-credentials", command.keep_credentials,
               "leave the command its own AWS credentials, Region and profile");
  app.add_flag("--preload", command.preload,
               "redirect connections inside the command (LD_PRELOAD), for clients that read no proxy");
  app.add_flag("--quiet", command.quiet, "print no report unless something is broken");
  app.add_option("--json", command.json, "write the report as JSON to this file")->type_name("FILE");
  app.add_option("--junit", command.junit, "write budgets and limits as JUnit XML to this file")
      ->type_name("FILE");
}

CLI::App* add_exec(CLI::App& parent, ExecCommand& command) {
  CLI::App& app = *parent.add_subcommand(
      "exec", "Run a command that calls the real hosts against fresh fakes, and report what it called");
  app.positionals_at_end();
  add_exec_options(app, command);
  add_clock_and_seed(app, command.world);
  add_world_options(app, command.world);
  return &app;
}

void add_serve_options(CLI::App& app, ServeCommand& command) {
  app.add_option("--port", command.port, "TCP port; 0 takes a free one")
      ->capture_default_str()
      ->type_name("N");
  add_clock_and_seed(app, command);
  app.add_flag("--intercept", command.intercept,
               "serve programs that call the real hosts, too, and print the environment that they need");
  add_world_options(app, command);
}

void add_rules_options(CLI::App& app, RulesCommand& command) {
  app.add_option(
         "folder", command.folder,
         "a folder of Elastic's detection rules (.toml, or .ndjson as Kibana exports them), or one file")
      ->required()
      ->type_name("FOLDER");
  app.add_option("--json", command.json,
                 "write the list as JSON to this file; - for standard output, without the text")
      ->type_name("FILE");
}

CLI::App* add_tune(CLI::App& parent, TuneCommand& command) {
  CLI::App& app = *parent.add_subcommand(
      "tune",
      "Try other terms, windows and schedules of a new-terms rule on a scenario's traffic and truth; prints "
      "recall against alerts a day, and what to change in the rule for the best three");
  app.add_option("rule", command.rule, "the rule: TOML, or JSON of Kibana's API")
      ->required()
      ->type_name("RULE");
  auto* const scenario =
      app.add_option("--scenario", command.scenario, "a scenario with a truth")->type_name("FILE");
  auto* const events = app.add_option("--events", command.events,
                                      "recorded CloudTrail in place of a scenario: files and folders")
                           ->type_name("PATH...")
                           ->excludes(scenario);
  app.add_option("--since", command.since,
                 "with --events: what arrives before is history; else the middle of the events")
      ->needs(events)
      ->type_name("TIME");
  app.add_option("--truth-match", command.truth_match,
                 "with --events: which documents the truth counts, in KQL; else the rule's query")
      ->needs(events)
      ->type_name("KQL");
  app.add_option("--truth-terms", command.truth_terms,
                 "with --events: what makes two of them the same, with commas between; else the rule's terms")
      ->needs(events)
      ->delimiter(',')
      ->type_name("FIELD,...");
  app.add_option("--truth-window", command.truth_window,
                 "with --events: after which a term is new again, such as 10d; else the rule's")
      ->needs(events)
      ->type_name("DURATION");
  app.add_option("--json", command.json,
                 "write all candidates as JSON to this file; - for standard output, without the text")
      ->type_name("FILE");
  return &app;
}

CLI::App* add_preview(CLI::App& parent, PreviewCommand& command) {
  CLI::App& app = *parent.add_subcommand(
      "preview", "Run one of Elastic's rules over documents at exact instants; a line of JSON for each run");
  app.add_option("rule", command.rule, "the rule: TOML, or JSON of Kibana's API")
      ->required()
      ->type_name("RULE");
  app.add_option("--documents", command.documents, "NDJSON, an array, or {\"Records\": [...]}; plain or gzip")
      ->required()
      ->type_name("FILE...");
  app.add_option("--start", command.start,
                 "when the first run starts, ISO 8601 or milliseconds since 1970; else an interval after the "
                 "first document that matches")
      ->type_name("TIME");
  app.add_option("--end", command.end,
                 "no run starts later; else when the last document leaves the look-back")
      ->type_name("TIME");
  app.add_option("--starts", command.starts,
                 "when each run starts, with commas between, in place of a schedule")
      ->type_name("T,T,...");
  app.add_option("--executor", command.executor, "how Kibana searches for new terms: agg or esql")
      ->check(CLI::IsMember({"agg", "esql"}))
      ->capture_default_str();
  app.add_option("--ecs", command.ecs,
                 "the documents are CloudTrail records, as Elastic Agent (fleet) or Filebeat makes documents "
                 "of them; none: they are ECS documents already, with an _id")
      ->check(CLI::IsMember({"fleet", "filebeat", "none"}))
      ->capture_default_str();
  app.add_option(
         "--ties", command.ties,
         "which of several oldest documents stands for a term: alternating from run to run, or stable")
      ->check(CLI::IsMember({"alternating", "stable"}))
      ->capture_default_str();
  app.add_option("--ingest-delay", command.ingest_delay,
                 "a document without event.ingested is there so long after its @timestamp")
      ->capture_default_str()
      ->type_name("DURATION");
  app.add_option("--exceptions", command.exceptions, "a list of exceptions in Kibana's form, JSON or NDJSON")
      ->type_name("FILE");
  app.add_option("--alerts", command.alerts,
                 "brief (document and terms) or full: with the rule's guide and what the identity did before")
      ->check(CLI::IsMember({"brief", "full"}))
      ->capture_default_str();
  return &app;
}

CLI::App* add_match(CLI::App& parent, MatchCommand& command) {
  CLI::App& app = *parent.add_subcommand(
      "match", "Say of each document whether a KQL query matches it; exits with 1 when none does");
  app.add_option("query", command.query, "the query, in quotes: 'event.action: Get* and not user.name: *'")
      ->required()
      ->type_name("KQL");
  app.add_option("file", command.files, "documents: NDJSON, an array, or {\"Records\": [...]}; plain or gzip")
      ->required()
      ->type_name("FILE...");
  app.add_option("--ecs", command.ecs,
                 "none: the files hold ECS documents; fleet, filebeat: CloudTrail records, as these make "
                 "documents of them")
      ->check(CLI::IsMember({"none", "fleet", "filebeat"}))
      ->capture_default_str();
  app.add_option("--now", command.now,
                 "what now means in dates, such as 2026-03-02T14:00:00Z; else the wall clock")
      ->type_name("TIME");
  app.add_flag("--count", command.count, "print only how many documents match");
  return &app;
}

CLI::App* add_panther_test(CLI::App& parent, PantherTestCommand& command) {
  CLI::App& app = *parent.add_subcommand(
      "test",
      "Run the tests of a folder of rules in Panther's format, with fakes behind what they do not mock");
  app.add_option("folder", command.folder,
                 "rules, global_helpers, data_models as in panther-analysis; or one file")
      ->required()
      ->type_name("FOLDER");
  app.add_option("--filter", command.filters,
                 "only rules whose key has one of these values, Severity=High,Critical, or has none of them, "
                 "RuleID!=Our.Rule; may be given several times")
      ->type_name("KEY=VALUE,...")
      ->allow_extra_args(false);
  app.add_option("--test-names", command.test_names, "only tests of these names")->type_name("NAME...");
  app.add_option("--minimum-tests", command.minimum_tests,
                 "fail a rule with fewer tests; from 2 on, one must expect a match and one none")
      ->type_name("N");
  app.add_option(
         "--max-calls", command.max_calls,
         "SERVICE=N or SERVICE.OPERATION=N: fail a test that makes more calls; may be given several times")
      ->type_name("LIMIT")
      ->allow_extra_args(false);
  app.add_option("--now", command.now,
                 "when the tests run, such as 2026-03-02T14:00:00Z; else the wall clock")
      ->type_name("TIME");
  app.add_option("--seed", command.seed, "seed of what the fakes answer")
      ->capture_default_str()
      ->type_name("N");
  app.add_flag("--show-failures-only", command.failures_only, "print no rule whose tests all pass");
  app.add_option(
         "--json", command.json,
         "write what each function returned as JSON to this file; - for standard output, without the text")
      ->type_name("FILE");
  app.add_option("--junit", command.junit, "write the tests as JUnit XML to this file")->type_name("FILE");
  return &app;
}

CLI::App* add_panther_run(CLI::App& family, PantherRunCommand& command) {
  CLI::App& app = *family.add_subcommand("run",
                                         "Replay events through a pack's rules: matches, alerts, calls, "
                                         "errors and CPU time of each, and whether "
                                         "it lasts an hour");
  app.add_option("folder", command.folder, "rules, global helpers and data models in Panther's format")
      ->required()
      ->type_name("DIR");
  auto* const scenario =
      app.add_option("--scenario", command.scenario,
                     "take the traffic, the fleet and the world of this scenario; its detections and budgets "
                     "are left out")
          ->type_name("FILE");
  app.add_option("--events", command.events, "recorded CloudTrail in place of a scenario: files and folders")
      ->type_name("PATH...")
      ->excludes(scenario);
  app.add_option("--rule", command.rules,
                 "only this rule; may be given several times. Else all that are enabled")
      ->type_name("ID")
      ->take_all()
      ->expected(1);
  app.add_option("--seed", command.seed, "use this seed instead of the scenario's")->type_name("N");
  app.add_flag("--no-proof", command.no_proof,
               "do not look at the first events again with the requests that boto3 and requests make by "
               "themselves, in memory and over the wire");
  app.add_option("--per-hour", command.per_hour,
                 "project to an hour of so many events; else of as many as the run has")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  app.add_option("--json", command.json,
                 "write the result as JSON to this file; - for standard output, without the text")
      ->type_name("FILE");
  return &app;
}

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

  RunCommand run_command;
  CLI::App* run_app =
      app.add_subcommand("run", "Run scenarios and print what happened; broken budgets do not fail it");
  add_run_options(*run_app, run_command);

  CheckCommand check_command;
  CLI::App* check_app =
      app.add_subcommand("check", "Run scenarios twice and fail when a budget is broken: for CI");
  add_run_options(*check_app, check_command.run);
  add_check_options(*check_app, check_command);

  MatrixCommand matrix_command;
  const CLI::App* matrix_app = add_matrix(app, matrix_command);
  CapacityCommand capacity_command;
  const CLI::App* capacity_app = add_capacity(app, capacity_command);

  ListCommand list_command;
  CLI::App* list_app = app.add_subcommand("list", "List the scenarios of a folder");
  list_app->add_option("folder", list_command.folder, "where they are")
      ->capture_default_str()
      ->type_name("FOLDER");

  ServeCommand serve_command;
  CLI::App* serve_app = app.add_subcommand(
      "serve",
      "Serve the fakes on 127.0.0.1 for boto3, requests and the SDKs; prints one JSON line, ends on SIGTERM");
  add_serve_options(*serve_app, serve_command);

  ExecCommand exec_command;
  const CLI::App* exec_app = add_exec(app, exec_command);

  IamCheckCommand iam_check_command;
  CLI::App* iam_app = app.add_subcommand("iam", "Policies, before they go to AWS");
  iam_app->require_subcommand(1);
  CLI::App* iam_check_app = iam_app->add_subcommand(
      "check", "Look over the trust and identity policy of a role that reads a secret: for CI");
  add_iam_check_options(*iam_check_app, iam_check_command);

  RulesCommand rules_command;
  CLI::App* rules_app = app.add_subcommand(
      "rules", "List Elastic's detection rules: which load, and why the others do not; broken ones fail it");
  add_rules_options(*rules_app, rules_command);
  TuneCommand tune_command;
  const CLI::App* tune_app = add_tune(app, tune_command);

  PreviewCommand preview_command;
  const CLI::App* preview_app = add_preview(app, preview_command);

  MatchCommand match_command;
  const CLI::App* match_app = add_match(app, match_command);

  CLI::App* panther_app = app.add_subcommand("panther", "Rules in Panther's format, in Python");
  panther_app->require_subcommand(1);
  PantherTestCommand panther_test_command;
  const CLI::App* panther_test_app = add_panther_test(*panther_app, panther_test_command);
  PantherRunCommand panther_run_command;
  const CLI::App* panther_run_app = add_panther_run(*panther_app, panther_run_command);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  }
  if (panther_run_app->parsed()) return panther_run(panther_run_command);
  if (run_app->parsed()) return run(run_command);
  if (check_app->parsed()) return check(check_command);
  if (matrix_app->parsed()) return matrix(matrix_command);
  if (capacity_app->parsed()) return capacity(capacity_command);
  if (list_app->parsed()) return list(list_command);
  if (iam_check_app->parsed()) return iam_check(iam_check_command);
  if (rules_app->parsed()) return rules(rules_command);
  if (exec_app->parsed()) return exec(exec_command);
  if (tune_app->parsed()) return tune(tune_command);
  if (preview_app->parsed()) return preview(preview_command);
  if (match_app->parsed()) return match(match_command);
  if (panther_test_app->parsed()) return panther_test(panther_test_command);
  return serve(serve_command);
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
