/// \file
/// Options of the commands that serve the fakes, and of those that look over what goes to AWS.

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
  add_examples(
      app, {"rushhour exec -- aws sts get-caller-identity",
            "rushhour exec --max-calls virustotal=1 --max-calls sts.AssumeRole=2 -- python3 my_rule_test.py",
            "rushhour exec --scenario scenarios/alert-context-only.json -- pytest tests"});
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

}  // namespace

void add_fakes_commands(CLI::App& app, Choices& choices) {
  const auto serve = std::make_shared<ServeCommand>();
  CLI::App& serve_app = *app.add_subcommand(
      "serve",
      "Serve the fakes on 127.0.0.1 for boto3, requests and the SDKs; prints one JSON line, ends on SIGTERM");
  add_serve_options(serve_app, *serve);
  add_examples(serve_app, {"rushhour serve --port 8080",
                           "rushhour serve --clock virtual --state scenarios/states/two-accounts.json",
                           "rushhour serve --intercept"});
  choices.push_back({serve_app, [serve] { return cli::serve(*serve); }});

  const auto exec = std::make_shared<ExecCommand>();
  choices.push_back({*add_exec(app, *exec), [exec] { return cli::exec(*exec); }});

  const auto iam_check = std::make_shared<IamCheckCommand>();
  CLI::App& iam_app = *app.add_subcommand("iam", "Policies, before they go to AWS");
  iam_app.require_subcommand(1);
  CLI::App& iam_check_app = *iam_app.add_subcommand(
      "check", "Look over the trust and identity policy of a role that reads a secret: for CI");
  add_iam_check_options(iam_check_app, *iam_check);
  add_examples(
      iam_check_app,
      {"rushhour iam check --trust trust.json --principal arn:aws:iam::111122223333:role/panther-engine",
       "rushhour iam check --policy policy.json --secret "
       "arn:aws:secretsmanager:us-east-1:111122223333:secret:vt-AbCdEf"});
  choices.push_back({iam_check_app, [iam_check] { return cli::iam_check(*iam_check); }});
}

}  // namespace rushhour::cli
