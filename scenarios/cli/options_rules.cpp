/// \file
/// Options of the commands about rules: Elastic's and Panther's.

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
  add_examples(app, {"rushhour tune scenarios/rules/first-secret-read-by-identity.toml --scenario "
                     "scenarios/first-seen-secret.json",
                     "rushhour tune my_rule.toml --events cloudtrail/ --since 2026-03-02T00:00:00Z"});
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
  add_examples(app, {"rushhour preview my_rule.toml --documents cloudtrail.json.gz"});
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
  add_examples(app, {"rushhour match 'event.action: Get* and not user.name: *' documents.ndjson",
                     "rushhour match 'event.outcome: failure' cloudtrail.json --ecs fleet --count"});
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
  add_examples(app,
               {"rushhour panther test scenarios/panther",
                "rushhour panther test my-rules --filter Severity=High,Critical --max-calls virustotal=1"});
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
  add_examples(app, {"rushhour panther run scenarios/panther --scenario scenarios/panther-enrichment.json "
                     "--rule Rushhour.Secrets.FirstRead",
                     "rushhour panther run my-rules --events cloudtrail/ --per-hour 1000000"});
  return &app;
}

}  // namespace

void add_rule_commands(CLI::App& app, Choices& choices) {
  const auto rules = std::make_shared<RulesCommand>();
  CLI::App& rules_app = *app.add_subcommand(
      "rules", "List Elastic's detection rules: which load, and why the others do not; broken ones fail it");
  add_rules_options(rules_app, *rules);
  add_examples(rules_app,
               {"rushhour rules scenarios/rules", "rushhour rules detection-rules/rules --json rules.json"});
  choices.push_back({rules_app, [rules] { return cli::rules(*rules); }});

  const auto tune = std::make_shared<TuneCommand>();
  choices.push_back({*add_tune(app, *tune), [tune] { return cli::tune(*tune); }});

  const auto preview = std::make_shared<PreviewCommand>();
  choices.push_back({*add_preview(app, *preview), [preview] { return cli::preview(*preview); }});

  const auto match = std::make_shared<MatchCommand>();
  choices.push_back({*add_match(app, *match), [match] { return cli::match(*match); }});

  CLI::App& panther_app = *app.add_subcommand("panther", "Rules in Panther's format, in Python");
  panther_app.require_subcommand(1);
  const auto test = std::make_shared<PantherTestCommand>();
  choices.push_back({*add_panther_test(panther_app, *test), [test] { return panther_test(*test); }});
  const auto run = std::make_shared<PantherRunCommand>();
  choices.push_back({*add_panther_run(panther_app, *run), [run] { return panther_run(*run); }});
}

}  // namespace rushhour::cli
