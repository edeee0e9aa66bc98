#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/fakes/admin.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/measure/meters.hpp>
#include <rushhour/scenario/metrics.hpp>
#include <rushhour/scenario/scenario.hpp>

#include "child.hpp"
#include "commands.hpp"
#include "exec_report.hpp"
#include "files.hpp"
#include "interception.hpp"
#include "max_calls.hpp"
#include "served.hpp"

namespace rushhour::cli {

namespace {

/// The credentials of a principal by the name that `serve` announces it with.
std::optional<aws::Credentials> credentials_of(const ExecCommand& command, const Json& principals) {
  if (command.keep_credentials) return std::nullopt;
  if (!principals.contains(command.principal)) {
    std::string known;
    for (const auto& each : principals.items()) known += (known.empty() ? "" : ", ") + each.key();
    throw InputError(
        {.expected = "--principal to be one of " + known, .seen = "\"" + command.principal + "\""});
  }
  const Json& key = principals.at(command.principal);
  const Json& token = key.at("session_token");
  return aws::Credentials{.access_key_id = key.at("access_key_id"),
                          .secret_access_key = key.at("secret_access_key"),
                          .session_token = token.is_null() ? "" : token.get<std::string>()};
}

/// The scenario's faults, whose times are the scenario's, as of now.
std::vector<Fault> faults_from(const scenario::Scenario* scenario, Instant now) {
  if (scenario == nullptr) return {};
  std::vector<Fault> out = scenario->faults;
  for (Fault& fault : out) {
    if (fault.from != Instant{}) fault.from += now - scenario->start;
  }
  return out;
}

void set_up(fakes::World& world, const scenario::Scenario* scenario, const std::vector<Fault>& faults) {
  if (scenario != nullptr && !scenario->sts_quota.empty()) world.sts.quotas().replace(scenario->sts_quota);
  if (scenario != nullptr && !scenario->secretsmanager_quota.empty())
    world.secretsmanager.quotas().replace(scenario->secretsmanager_quota);
  for (const Fault& fault : faults) world.faults.add(fault);
}

std::vector<std::string> own_environment() {
  std::vector<std::string> out;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) out.emplace_back(*each);
  return out;
}

/// For the pytest plugin, which fails the very test: `virustotal=1,sts.AssumeRole=2`.
http::Variable limits_variable(const ExecCommand& command) {
  std::string limits;
  for (const std::string& each : command.max_calls) limits += (limits.empty() ? "" : ",") + each;
  if (limits.empty()) return {"RUSHHOUR_MAX_CALLS", std::nullopt};
  return {"RUSHHOUR_MAX_CALLS", limits};
}

void write_reports(const ExecReport& report, const ExecCommand& command) {
  if (!command.quiet || !report.holds()) std::fputs(text(report).c_str(), stderr);
  if (!command.json.empty()) write_file(command.json, json(report));
  if (!command.junit.empty()) write_file(command.junit, junit(report));
}

}  // namespace

int exec(const ExecCommand& command) {
  std::vector<MaxCalls> max_calls;
  max_calls.reserve(command.max_calls.size());
  for (const std::string& each : command.max_calls) max_calls.push_back(read_max_calls(each));
  std::optional<scenario::Scenario> scenario;
  if (!command.scenario.empty())
    scenario = scenario::load_scenario(command.scenario, {.seed = command.world.seed});
  const scenario::Scenario* const plan = scenario ? &*scenario : nullptr;
  block_signals_for_child();

  ServiceClock clock{command.world.clock == "virtual"};
  const Instant begin = clock.get().now();
  Served served{command.world, begin, plan == nullptr ? fakes::PantherWorldOptions{} : plan->world};
  fakes::World& world = served.panther.world;
  const std::vector<Fault> faults = faults_from(plan, begin);
  set_up(world, plan, faults);
  measure::Meters meters{world.ledger.names(), scenario::limits_of(world)};
  world.ledger.listen(meters);
  const Json principals = served.principals(begin);  // before anybody else can call
  fakes::Admin admin{served.panther.world, served.door, served.admin_options(clock)};
  Sections sections{world, admin, faults};
  const std::unique_ptr<http::Server> server = listen(sections, clock, command.world.port);
  Interception interception{sections, *server, command.world.ca};
  std::vector<http::Variable> variables =
      interception.environment(world.options.region, credentials_of(command, principals), command.preload);
  variables.push_back(limits_variable(command));

  const auto started = std::chrono::steady_clock::now();
  ExecReport report{.command = command.command, .scenario = command.scenario};
  report.exit_code = run_child(command.command, with_variables(own_environment(), variables));
  report.lasted = std::chrono::steady_clock::now() - started;
  interception.stop();
  server->stop();
  report.refused_hosts = interception.refused();

  measure_and_judge(report, {.world = world,
                             .meters = meters,
                             .scenario = plan,
                             .max_calls = max_calls,
                             .sections = sections.finish(),
                             .resets = sections.resets(),
                             .begin = begin,
                             .end = clock.get().now()});
  world.ledger.unlisten(meters);
  if (served.files) served.files->finish();
  write_reports(report, command);
  if (report.exit_code != 0) return report.exit_code;
  return report.holds() ? exit_ok : exit_budget;
}

}  // namespace rushhour::cli
