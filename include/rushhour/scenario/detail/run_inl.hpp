#pragma once

#include <filesystem>
#include <utility>

#include <rushhour/fakes/role_credentials.hpp>
#include <rushhour/retry/policies.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::scenario {

namespace detail {

/// Synthetic or recorded events, and what was wrong with the latter.
struct Traffic {
  std::unique_ptr<event::traffic::SyntheticCloudTrail> synthetic{};
  std::unique_ptr<event::RecordedSource> recorded{};

  [[nodiscard]] event::traffic::Source& source() const {
    if (synthetic) return *synthetic;
    return *recorded;
  }
};

RUSHHOUR_INLINE Traffic make_traffic(const Scenario& scenario, const Random& random) {
  if (!scenario.recorded) {
    return {.synthetic = std::make_unique<event::traffic::SyntheticCloudTrail>(scenario.synthetic, random)};
  }
  event::RecordedOptions options{.on_damage = scenario.recorded->on_damage};
  if (scenario.recorded->rebase) options.rebase_to = scenario.start;
  std::vector<std::filesystem::path> paths;
  for (const std::string& path : scenario.recorded->paths) paths.emplace_back(path);
  return {.recorded = std::make_unique<event::RecordedSource>(paths, std::move(options))};
}

RUSHHOUR_INLINE detect::Match make_match(const DetectionPlan& plan, const Scenario& scenario,
                                         const Random& random) {
  if (!plan.match.share) return detect::Match::event_names(plan.match.event_names);
  return detect::Match::share(*plan.match.share, scenario.events, random.stream("match." + plan.name));
}

RUSHHOUR_INLINE sim::DetectionPlan make_detection(const DetectionPlan& plan, const Scenario& scenario,
                                                  const Random& random, fakes::PantherWorld& world) {
  detect::VirusTotalDetection::Options options{
      .name = plan.name,
      .strategy = plan.strategy,
      .match = make_match(plan, scenario, random),
      .enrichment = {.role_arn = world.customer_role_arn, .secret_id = world.secret_name}};
  return {.name = world.world.ledger.names().intern(plan.name), .text = plan.name, .make = [options] {
            return detect::AnyDetection{detect::VirusTotalDetection{options}};
          }};
}

RUSHHOUR_INLINE void set_up(const Scenario& scenario, Run& run) {
  run.world = std::make_unique<fakes::PantherWorld>(scenario.world);
  fakes::World& world = run.world->world;
  if (!scenario.sts_quota.empty()) world.sts.quotas().replace(scenario.sts_quota);
  if (!scenario.secretsmanager_quota.empty())
    world.secretsmanager.quotas().replace(scenario.secretsmanager_quota);
  for (const Fault& fault : scenario.faults) world.faults.add(fault);
  run.meters = std::make_unique<measure::Meters>(world.ledger.names());
  world.ledger.listen(*run.meters);
}

/// The accounts that calls are charged to in Panther's guide: the engine assumes the role, and then acts in
/// the customer's account; VirusTotal charges the key.
RUSHHOUR_INLINE RunMetrics::Accounts accounts(const Scenario& scenario, fakes::World& world) {
  Names& names = world.ledger.names();
  return {names.intern(scenario.world.engine_account), names.intern(scenario.world.customer_account),
          names.intern("virustotal-key")};
}

}  // namespace detail

RUSHHOUR_INLINE std::unique_ptr<Run> run(Scenario scenario, const RunOptions& options) {
  auto made = std::make_unique<Run>(Run{.scenario = std::move(scenario), .transport = options.transport});
  Run& out = *made;
  const Scenario& plan = out.scenario;
  detail::set_up(plan, out);
  fakes::World& world = out.world->world;
  out.metrics =
      std::make_unique<RunMetrics>(world, *out.meters, out.result.detections, detail::accounts(plan, world));
  for (const BudgetPlan& budget : plan.budgets) require_known(budget.budget, *out.metrics);

  sim::EventLoop loop{{.start = plan.start}};
  const std::unique_ptr<api::Endpoint> endpoint =
      options.make_endpoint ? options.make_endpoint(world, loop) : std::unique_ptr<api::Endpoint>{};
  const detail::Traffic traffic = detail::make_traffic(plan, world.random);
  fakes::RoleCredentials credentials{world.iam, out.world->engine_role_arn, "panther-rules-engine"};
  sim::Simulation simulation{loop,
                             endpoint ? *endpoint : static_cast<api::Endpoint&>(world),
                             credentials,
                             {.workers = plan.workers,
                              .latencies = plan.latencies,
                              .make_policy =
                                  [&plan](api::Service service) {
                                    const RetryPlan& retry = plan.retries[static_cast<std::size_t>(service)];
                                    return retry::make(retry.policy, retry.settings);
                                  },
                              .random = world.random,
                              .progress = options.progress,
                              .progress_events = options.progress_events}};
  for (const DetectionPlan& detection : plan.detections) {
    simulation.add(detail::make_detection(detection, plan, world.random, *out.world));
  }
  out.result = simulation.run(traffic.source());
  if (traffic.recorded) {
    out.damaged_records = traffic.recorded->damage_count();
    out.damages.assign(traffic.recorded->damage().begin(), traffic.recorded->damage().end());
  }
  out.digest = world.ledger.digest().text();
  for (const BudgetPlan& budget : plan.budgets) {
    out.budgets.push_back({.plan = budget, .verdict = evaluate(budget.budget, *out.metrics)});
  }
  return made;
}

}  // namespace rushhour::scenario
