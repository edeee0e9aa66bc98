#pragma once

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include <rushhour/fakes/background.hpp>
#include <rushhour/fakes/cloudtrail.hpp>
#include <rushhour/fakes/feedback.hpp>
#include <rushhour/fakes/role_credentials.hpp>
#include <rushhour/retry/policies.hpp>
#include <rushhour/scenario/detail/make_detection.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/run_cost.hpp>

namespace rushhour::scenario {

namespace detail {

/// Where a run's events come from: synthetic or recorded ones, perhaps delivered in files, perhaps with the
/// records of what the detections themselves have called.
struct Traffic {
  std::unique_ptr<event::traffic::SyntheticCloudTrail> synthetic{};
  std::unique_ptr<event::RecordedSource> recorded{};
  std::unique_ptr<event::traffic::FileDelivery> files{};

  [[nodiscard]] event::traffic::Source& source() const {
    if (files) return *files;
    return base();
  }
  [[nodiscard]] event::traffic::Source& base() const {
    if (synthetic) return *synthetic;
    return *recorded;
  }
};

RUSHHOUR_INLINE Traffic make_traffic(const Scenario& scenario, const Random& random) {
  Traffic traffic;
  if (scenario.recorded) {
    event::RecordedOptions options{.on_damage = scenario.recorded->on_damage};
    if (scenario.recorded->rebase) options.rebase_to = scenario.start;
    std::vector<std::filesystem::path> paths;
    for (const std::string& path : scenario.recorded->paths) paths.emplace_back(path);
    traffic.recorded = std::make_unique<event::RecordedSource>(paths, std::move(options));
  } else {
    traffic.synthetic = std::make_unique<event::traffic::SyntheticCloudTrail>(scenario.synthetic, random);
  }
  if (scenario.files) {
    traffic.files = std::make_unique<event::traffic::FileDelivery>(traffic.base(), *scenario.files,
                                                                   random.stream("traffic.files"));
  }
  return traffic;
}

/// Who else acts on the world while the hour passes.
class BackgroundAgenda final : public sim::Agenda {
 public:
  BackgroundAgenda(fakes::World& world, const Scenario& scenario)
      : background_(world, scenario.background, scenario.start), end_(scenario.start + scenario.duration) {}

  [[nodiscard]] const Instant* next() override {
    next_ = background_.next();
    return next_ < end_ ? &next_ : nullptr;
  }
  void act(Instant /*now*/) override { static_cast<void>(background_.perform()); }

 private:
  fakes::Background background_;
  Instant end_;
  Instant next_{};
};

/// The accounts that calls are charged to: the engine assumes the role, and then acts in the customer's
/// account; VirusTotal charges the key.
RUSHHOUR_INLINE RunFacts facts(const Scenario& scenario, Run& run) {
  fakes::World& world = run.world->world;
  Names& names = world.ledger.names();
  RunFacts facts{.world = world,
                 .meters = *run.meters,
                 .result = run.result,
                 .memory_mb = scenario.engine.lambda.memory_mb};
  const auto add = [&](api::Service service, std::string_view account) {
    std::vector<Name>& known = facts.accounts[static_cast<std::size_t>(service)];
    const Name name = names.intern(account);
    if (std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
  };
  add(api::Service::sts,
      names.text(world.ledger.quota_account(names.intern(scenario.world.engine_account),
                                            world.ledger.region_name(world.sts_region()))));
  for (const fakes::Customer& customer : run.world->customers) {
    add(api::Service::secretsmanager, names.text(world.ledger.quota_account(names.intern(customer.account),
                                                                            names.intern(customer.region))));
    add(api::Service::virustotal, customer.key);
  }
  for (const fakes::BackgroundConsumer& consumer : scenario.background) {
    add(api::Service::virustotal, consumer.key);
  }
  for (const DetectionPlan& detection : scenario.detections) facts.detections.push_back(detection.name);
  if (scenario.trigger) facts.trigger_end = scenario.trigger->from + scenario.trigger->lasting;
  return facts;
}

RUSHHOUR_INLINE void set_up(const Scenario& scenario, Run& run) {
  run.world = std::make_unique<fakes::PantherWorld>(scenario.world);
  fakes::World& world = run.world->world;
  if (!scenario.sts_quota.empty()) world.sts.quotas().replace(scenario.sts_quota);
  if (!scenario.secretsmanager_quota.empty())
    world.secretsmanager.quotas().replace(scenario.secretsmanager_quota);
  world.secretsmanager.options.batch_counts_secrets = scenario.batch_counts_secrets;
  for (const Fault& fault : scenario.faults) world.faults.add(fault);
  run.meters = std::make_unique<measure::Meters>(world.ledger.names(), limits_of(world));
  world.ledger.listen(*run.meters);
  run.strategies.resize(scenario.detections.size());
  run.metrics = std::make_unique<RunMetrics>(facts(scenario, run));
  if (scenario.feedback) run.metrics->add_number({.name = "feedback.gain"});
  for (const std::string& name : cost_names(scenario.prices)) run.metrics->add_number({.name = name});
}

/// The records of what the detections call, as events of the same run.
struct Feedback {
  fakes::CloudTrail trail;
  fakes::FeedbackSource source;

  Feedback(const Scenario& scenario, fakes::PantherWorld& world, event::traffic::Source& base,
           const std::vector<sim::DetectionPlan>& detections)
      : trail(world),
        source(base, trail,
               {.delay = scenario.feedback->delay,
                .until = scenario.start + scenario.duration,
                .trails = scenario.feedback->trails,
                .concerns = [&detections](const event::Event& event) {
                  return std::any_of(
                      detections.begin(), detections.end(),
                      [&](const sim::DetectionPlan& each) { return each.concerns && each.concerns(event); });
                }}) {
    for (std::size_t i = 0; i < detections.size(); ++i) {
      trail.assign(detections[i].name, *world.find_customer(scenario.detections[i].customer));
    }
  }
};

RUSHHOUR_INLINE sim::SimulationOptions simulation_options(const Scenario& plan, const RunOptions& options,
                                                          const Random& random) {
  return {.engine = plan.engine,
          .latencies = plan.latencies,
          .timeouts = plan.timeouts,
          .make_policy =
              [&plan](api::Service service) {
                const auto at = static_cast<std::size_t>(service);
                if (at >= plan.retries.size()) return retry::make("none");  // detections never call IAM
                const RetryPlan& retry = plan.retries[at];
                return retry::make(retry.policy, retry.settings);
              },
          .clients_per_call = plan.clients_per_call,
          .random = random,
          .progress = options.progress,
          .progress_events = options.progress_events};
}

RUSHHOUR_INLINE void judge(Run& run) {
  for (const BudgetPlan& budget : run.scenario.budgets) {
    JudgedBudget judged{.plan = budget, .verdict = evaluate(budget.budget, *run.metrics)};
    if (!judged.verdict.holds) judged.culprits = run.metrics->culprits(budget.budget.term.selector);
    run.budgets.push_back(std::move(judged));
  }
}

}  // namespace detail

RUSHHOUR_INLINE std::unique_ptr<Run> run(Scenario scenario, const RunOptions& options) {
  auto made = std::make_unique<Run>(Run{.scenario = std::move(scenario), .transport = options.transport});
  Run& out = *made;
  const Scenario& plan = out.scenario;
  detail::set_up(plan, out);
  for (const BudgetPlan& budget : plan.budgets) require_known(budget.budget, *out.metrics);

  fakes::World& world = out.world->world;
  sim::EventLoop loop{{.start = plan.start}};
  const std::unique_ptr<api::Endpoint> endpoint =
      options.make_endpoint ? options.make_endpoint(world, loop) : std::unique_ptr<api::Endpoint>{};
  std::vector<sim::DetectionPlan> detections;
  for (std::size_t i = 0; i < plan.detections.size(); ++i) {
    detections.push_back(
        detail::make_detection(plan.detections[i], plan, world.random, *out.world, &out.strategies[i]));
  }
  const detail::Traffic traffic = detail::make_traffic(plan, world.random);
  std::optional<detail::Feedback> feedback;
  if (plan.feedback) feedback.emplace(plan, *out.world, traffic.source(), detections);
  detail::BackgroundAgenda background{world, plan};
  fakes::RoleCredentials credentials{world.iam, out.world->engine_role_arn, "panther-rules-engine"};
  sim::SimulationOptions simulation_options = detail::simulation_options(plan, options, world.random);
  if (!plan.background.empty()) simulation_options.agendas.push_back(&background);
  sim::Simulation simulation{loop, endpoint ? *endpoint : static_cast<api::Endpoint&>(world), credentials,
                             std::move(simulation_options)};
  for (const sim::DetectionPlan& detection : detections) simulation.add(detection);
  out.result = simulation.run(feedback ? feedback->source : traffic.source());

  if (traffic.recorded) {
    out.damaged_records = traffic.recorded->damage_count();
    out.damages.assign(traffic.recorded->damage().begin(), traffic.recorded->damage().end());
  }
  if (feedback) {
    out.feedback = feedback->source.counts();
    out.metrics->add_number({.name = "feedback.gain", .value = feedback->source.gain()});
  }
  for (const CostLine& line : cost(out)) out.metrics->add_number({.name = line.name, .value = line.amount});
  out.digest = world.ledger.digest().text();
  detail::judge(out);
  return made;
}

}  // namespace rushhour::scenario
