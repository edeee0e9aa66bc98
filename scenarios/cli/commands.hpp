/// \file
/// The commands of `rushhour`, as plain functions of their options. Reading the command line is the business
/// of options_*.cpp and main.cpp alone, so only these files pay for CLI11.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rushhour::cli {

/// By kind of failure, as CI scripts need them.
enum ExitCode : int {
  exit_ok = 0,
  exit_budget = 1,          ///< a budget is broken, or a --max-calls
  exit_findings = 1,        ///< `iam check` found an error
  exit_failed_tests = 1,    ///< `panther test`
  exit_no_match = 1,        ///< `match`: the query holds for no document, as grep says it
  exit_usage = 2,           ///< the command line, a scenario or a rule is wrong
  exit_baseline = 3,        ///< the result differs from the baseline
  exit_nondeterminism = 4,  ///< two runs of one scenario differ
  exit_internal = 5,        ///< a fault of rushhour itself
  exit_interrupted = 130    ///< by Ctrl-C, as shells say it: 128 and SIGINT; what is reported is partial
};

struct RunCommand {
  std::vector<std::string> scenarios{};
  std::optional<std::uint64_t> seed{};
  std::optional<std::uint64_t> events{};
  std::vector<std::string> settings{};  ///< `PATH=VALUE`
  std::string transport{"direct"};
  std::string json{};                 ///< a file, or `-` for standard output; empty: none
  std::string junit{};                ///< a file; empty: none
  std::string series{};               ///< a file, or `-` for standard output; empty: none
  std::string html{};                 ///< a file; empty: none
  bool sweeps{};                      ///< the page has runs with other values, too
  std::uint64_t seeds{};              ///< how many; 0: one, and no report over seeds
  std::uint64_t jobs{};               ///< threads for several seeds; 0: as many as the machine runs at once
  std::optional<bool> annotations{};  ///< workflow commands of GitHub; nothing: `check` in its workflows
  std::string summary{};              ///< Markdown: a file; empty: none but GitHub's own
  std::string sarif{};                ///< a file; empty: none
  std::string benchmark{};            ///< a file; empty: none
  std::string bencher{};              ///< a file; empty: none
  bool quiet{};                       ///< print only verdicts and broken budgets
  bool keep_trail{};                  ///< what a baseline needs of the runs; no option of the command line
  std::string baselines{};  ///< the folder of what budgets compare with that say `baseline`; likewise
  bool becomes_baseline{};  ///< such budgets compare each run with itself; likewise
};

struct CheckCommand {
  RunCommand run{};
  bool once{};                   ///< do not run a second time to compare
  bool baseline{};               ///< compare with the baseline of each scenario
  std::string baselines{};       ///< the folder of the baselines; empty: `baselines` beside each scenario
  bool accept{};                 ///< write the baselines in place of comparing
  bool stability{};              ///< say which alternatives to what nobody has published turn the verdict
  std::string stability_json{};  ///< a file for that as JSON; empty: none
  bool no_fix{};                 ///< look for no change that would make a broken budget hold
};

struct MatrixCommand {
  std::string scenario{};                 ///< a file
  std::vector<std::string> variations{};  ///< `PATH=VALUE,VALUE,...`; every combination is run
  std::string html{};                     ///< a file; empty: none
  std::optional<std::uint64_t> seed{};
  std::optional<std::uint64_t> events{};
  std::string json{};  ///< a file, or `-` for standard output, without the text; empty: none
};

struct CapacityCommand {
  std::string scenario{};              ///< a file
  std::string path{"traffic.events"};  ///< the whole number that is varied
  std::uint64_t from{};                ///< the least that is tried; 0: a hundredth of `to`, at least 1
  std::uint64_t to{};                  ///< the most that is tried; 0: ten times the scenario's, or of `from`
  std::optional<std::uint64_t> seed{};
};

struct ProfileCommand {
  std::vector<std::string> events{};    ///< files and folders of CloudTrail
  std::string rules{};                  ///< the folder of a Panther pack; empty: none
  std::string output{"scenario.json"};  ///< the file that is written
};

struct InitCommand {
  std::string folder{"."};
  bool force{};  ///< replace files that are there
};

struct ListCommand {
  std::string folder{"scenarios"};
};

struct ServeCommand {
  std::uint16_t port{};
  std::string clock{"real"};
  std::optional<std::uint64_t> seed{};  ///< nothing: the scenario's, else 1
  std::string region{};                 ///< empty: the scenario's, else us-east-1
  std::string state{};                  ///< a file of what exists beside the guide's world; empty: nothing
  std::string admin_key{};              ///< `ID:SECRET` of an administrator; empty: none
  std::string admin_account{};  ///< where that is; empty: the state's first account, else the customer's
  std::string cloudtrail{};     ///< the folder for CloudTrail's files; empty: none are written
  bool intercept{};             ///< serve programs that call the real hosts, too
  std::string ca{};             ///< the file for the certificate that these trust; empty: a temporary one
};

struct ExecCommand {
  ServeCommand world{};  ///< all but its port and `intercept`
  std::vector<std::string> command{};
  std::string scenario{};                      ///< a file; its world, faults and budgets; empty: none
  std::vector<std::string> max_calls{};        ///< `virustotal=1`, `sts.AssumeRole=2`
  std::string principal{"detections-engine"};  ///< whose credentials the command gets
  bool keep_credentials{};                     ///< it keeps its own instead
  bool preload{};                              ///< load the library that redirects connections into it
  bool quiet{};                                ///< print no report, unless something is broken
  std::string json{};                          ///< a file; empty: none
  std::string junit{};                         ///< a file; empty: none
};

struct IamCheckCommand {
  std::string trust{};   ///< a file; empty: none
  std::string policy{};  ///< a file; empty: none
  std::vector<std::string> principals{};
  std::string secret{};
  std::string json{};  ///< a file, or `-` for standard output; empty: none
  bool strict{};       ///< warnings fail it too
};

struct RulesCommand {
  std::string folder{};  ///< or a file
  std::string json{};    ///< a file, or `-` for standard output; empty: none
};

struct TuneCommand {
  std::string rule{};                 ///< a file
  std::string scenario{};             ///< a file, whose traffic and truth it takes; empty: `events`
  std::vector<std::string> events{};  ///< files and folders of CloudTrail in place of a scenario
  std::string since{};                ///< what arrives before is history; empty: the middle of the events
  std::string truth_match{};          ///< KQL; empty: the rule's query
  std::vector<std::string> truth_terms{};  ///< empty: the rule's
  std::string truth_window{};              ///< a duration; empty: the rule's
  std::string json{};  ///< a file, or `-` for standard output, without the text; empty: none
};

struct PreviewCommand {
  std::string rule{};  ///< a file
  std::vector<std::string> documents{};
  std::string
      start{};  ///< of the first run, ISO 8601 or milliseconds; empty: an interval after the first document
  std::string end{};     ///< of the last run at most; empty: when the last document leaves the look-back
  std::string starts{};  ///< of all runs, with commas, in place of these two
  std::string executor{"agg"};
  std::string ecs{"fleet"};
  std::string ties{"alternating"};
  std::string ingest_delay{"0s"};
  std::string exceptions{};     ///< a file; empty: none
  std::string alerts{"brief"};  ///< or `full`
};

struct MatchCommand {
  std::string query{};  ///< KQL
  std::vector<std::string> files{};
  std::string ecs{"none"};  ///< what makes the documents: none, as they are ECS already
  std::string now{};        ///< what `now` means in the query, ISO 8601; empty: the wall clock
  bool count{};             ///< print only how many match
};

struct PantherTestCommand {
  std::string folder{};                   ///< or a file
  std::vector<std::string> filters{};     ///< `Severity=High,Critical`, `RuleID!=Our.Rule`: all must hold
  std::vector<std::string> test_names{};  ///< empty: all
  std::uint64_t minimum_tests{};          ///< that each rule must have; 0: none
  std::vector<std::string> max_calls{};   ///< of each test: `virustotal=1`, `sts.AssumeRole=2`
  std::string now{};                      ///< when the tests run, ISO 8601; empty: the wall clock
  std::uint64_t seed{1};                  ///< of what the fakes answer
  bool failures_only{};                   ///< print no rule whose tests pass
  std::string json{};   ///< a file, or `-` for standard output, without the text; empty: none
  std::string junit{};  ///< a file; empty: none
};

struct PantherRunCommand {
  std::string folder{};               ///< of rules, helpers and data models
  std::vector<std::string> events{};  ///< files and folders of CloudTrail; empty: `scenario`
  std::string scenario{};             ///< a file, whose traffic, fleet and world it takes; empty: `events`
  std::vector<std::string> rules{};   ///< RuleIDs; empty: the enabled ones
  std::optional<std::uint64_t> seed{};
  std::uint64_t per_hour{};  ///< events of the hour that is projected; 0: at the rate of the run
  bool no_proof{};           ///< do not look at some events again with boto3's own requests
  std::string json{};        ///< a file, or `-` for standard output, without the text; empty: none
};

/// Each returns an ExitCode; mistakes in the user's input leave as InputError.
[[nodiscard]] int run(const RunCommand& command);
[[nodiscard]] int check(const CheckCommand& command);
[[nodiscard]] int matrix(const MatrixCommand& command);
[[nodiscard]] int capacity(const CapacityCommand& command);
[[nodiscard]] int profile(const ProfileCommand& command);
[[nodiscard]] int init(const InitCommand& command);
[[nodiscard]] int list(const ListCommand& command);
[[nodiscard]] int serve(const ServeCommand& command);
/// The command's own exit code where it is not 0; 127 when there is no such command, 128 and the signal's
/// number when one ended it.
[[nodiscard]] int exec(const ExecCommand& command);
[[nodiscard]] int iam_check(const IamCheckCommand& command);
[[nodiscard]] int rules(const RulesCommand& command);
[[nodiscard]] int preview(const PreviewCommand& command);
[[nodiscard]] int tune(const TuneCommand& command);
/// Only in a build with rushhour::panther.
[[nodiscard]] int panther_run(const PantherRunCommand& command);
/// exit_ok when some document matches, else exit_no_match.
[[nodiscard]] int match(const MatchCommand& command);

/// exit_failed_tests when a test fails, exit_usage when a file of the pack cannot be read.
[[nodiscard]] int panther_test(const PantherTestCommand& command);

}  // namespace rushhour::cli
