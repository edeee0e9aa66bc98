#pragma once

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include <rushhour/event/traffic/interruptible.hpp>
#include <rushhour/event/traffic/with_history.hpp>
#include <rushhour/fakes/background.hpp>
#include <rushhour/fakes/cloudtrail.hpp>
#include <rushhour/fakes/feedback.hpp>
#include <rushhour/fakes/role_credentials.hpp>
#include <rushhour/retry/policies.hpp>
#include <rushhour/scenario/detail/make_detection.hpp>
#include <rushhour/scenario/detail/rule_tap.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/run_budgets.hpp>
#include <rushhour/scenario/run_cost.hpp>
#include <rushhour/scenario/timeline.hpp>

namespace rushhour::scenario {

namespace detail {

/// Where a run's events come from: synthetic or recorded ones, perhaps delivered in files, perhaps with the
/// records of what the detections themselves have called.
struct Traffic {
  std::unique_ptr<event::traffic::SyntheticCloudTrail> history{};
  std::unique_ptr<event::traffic::SyntheticCloudTrail> synthetic{};
  std::unique_ptr<event::traffic::WithHistory> with_history{};
  std::unique_ptr<event::traffic::SecretReaders> readers{};
  std::unique_ptr<event::RecordedSource> recorded{};
  std::unique_ptr<event::traffic::FileDelivery> files{};
  std::unique_ptr<event::traffic::LateDelivery> late{};

  [[nodiscard]] event::traffic::Source& source() const {
    if (late) return *late;
    return delivered();
  }
  [[nodiscard]] event::traffic::Source& delivered() const {
    if (files) return *files;
    return base();
  }
  [[nodiscard]] event::traffic::Source& base() const {
    if (with_history) return *with_history;
    if (synthetic) return *synthetic;
    if (readers) return *readers;
    return *recorded;
  }
};

RUSHHOUR_INLINE void make_synthetic(const Scenario& scenario, const Random& random, Traffic& traffic) {
  using event::traffic::SyntheticCloudTrail;
  if (!scenario.history) {
    traffic.synthetic = std::make_unique<SyntheticCloudTrail>(scenario.synthetic, random);
    return;
  }
  event::traffic::SyntheticCloudTrailOptions before = scenario.synthetic;
  before.events = scenario.history->events;
  before.start = scenario.start - scenario.history->duration;
  before.duration = scenario.history->duration;
  before.arrivals = event::traffic::constant_arrivals();
  before.users = scenario.history->users;
  before.user_exponent = scenario.history->user_exponent;
  before.sessions_since = scenario.start;
  if (!scenario.history->event_name.empty()) {
    before.exact_name = scenario.history->event_name;
    before.exact_share = {1, 1};
  }
  traffic.history = std::make_unique<SyntheticCloudTrail>(std::move(before), random);
  event::traffic::SyntheticCloudTrailOptions measured = scenario.synthetic;
  measured.ids_after = scenario.history->events;
  measured.sessions_since = scenario.start;
  traffic.synthetic = std::make_unique<SyntheticCloudTrail>(std::move(measured), random);
  traffic.with_history = std::make_unique<event::traffic::WithHistory>(
      *traffic.history, scenario.history->events, *traffic.synthetic);
}

RUSHHOUR_INLINE Traffic make_traffic(const Scenario& scenario, const Random& random) {
  Traffic traffic;
  if (scenario.recorded) {
    event::RecordedOptions options{.on_damage = scenario.recorded->on_damage};
    if (scenario.recorded->rebase) options.rebase_to = scenario.start;
    std::vector<std::filesystem::path> paths;
    for (const std::string& path : scenario.recorded->paths) paths.emplace_back(path);
    traffic.recorded = std::make_unique<event::RecordedSource>(paths, std::move(options));
  } else if (scenario.secret_readers) {
    traffic.readers = std::make_unique<event::traffic::SecretReaders>(*scenario.secret_readers, random);
  } else {
    make_synthetic(scenario, random, traffic);
  }
  if (scenario.files) {
    traffic.files = std::make_unique<event::traffic::FileDelivery>(traffic.base(), *scenario.files,
                                                                   random.stream("traffic.files"));
  }
  if (!scenario.delays.empty()) {
    traffic.late = std::make_unique<event::traffic::LateDelivery>(traffic.delivered(), scenario.delays,
                                                                  random.stream("traffic.late"));
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
                 .memory_mb = scenario.engine.lambda.memory_mb,
                 .start = scenario.start};
  if (!scenario.recorded) facts.duration = scenario.duration;
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
  add(api::Service::dynamodb, scenario.world.engine_account);
  for (const fakes::BackgroundConsumer& consumer : scenario.background) {
    add(api::Service::virustotal, consumer.key);
  }
  for (const DetectionPlan& detection : scenario.detections) facts.detections.push_back(detection.name);
  if (scenario.trigger) facts.trigger_end = scenario.trigger->from + scenario.trigger->lasting;
  return facts;
}

/// What budgets can say of rules: of all together, and recall and precision of the worst. Without results,
/// the names.
RUSHHOUR_INLINE std::vector<NamedNumber> rule_numbers(const std::vector<RuleResult>& results,
                                                      const SearchLoad& load) {
  std::optional<Ratio> recall;
  std::optional<Ratio> precision;
  std::uint64_t alerts = 0;
  std::uint64_t missed = 0;
  std::uint64_t truncated = 0;
  const auto keep_worse = [](std::optional<Ratio>& worst, const std::optional<Ratio>& other) {
    if (other && (!worst || *other < *worst)) worst = other;
  };
  for (const RuleResult& result : results) {
    keep_worse(recall, result.score.recall());
    keep_worse(precision, result.score.precision());
    alerts += result.score.alerts;
    missed += result.score.missed();
    truncated += result.runs.truncated;
  }
  const auto number = [&](std::uint64_t value) {
    return results.empty() ? std::nullopt : std::optional{Ratio{value, 1}};
  };
  return {{.name = "new_terms.recall", .value = recall},
          {.name = "new_terms.precision", .value = precision},
          {.name = "new_terms.alerts", .value = number(alerts)},
          {.name = "new_terms.missed", .value = number(missed)},
          {.name = "new_terms.truncated_runs", .value = number(truncated)},
          {.name = "new_terms.searches", .value = number(load.searches)},
          {.name = "new_terms.searches_per_minute", .value = number(load.peak_per_minute)},
          {.name = "new_terms.searches_refused", .value = number(load.refused)}};
}

/// A trail of some 60 stretches, of whole minutes.
RUSHHOUR_INLINE std::unique_ptr<measure::Trail> make_trail(const Scenario& scenario, const Names& names) {
  const Duration length = std::chrono::ceil<std::chrono::minutes>(scenario.duration / 60);
  return std::make_unique<measure::Trail>(names, scenario.start, length);
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
  if (scenario.documents) {
    for (const NamedNumber& number : rule_numbers({}, {})) run.metrics->add_number(number);
  }
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
          .progress_events = options.progress_events,
          .cpu_meter = options.cpu_meter};
}

RUSHHOUR_INLINE bool has_pack_rules(const Scenario& scenario) {
  return std::any_of(scenario.detections.begin(), scenario.detections.end(),
                     [](const DetectionPlan& plan) { return plan.panther.has_value(); });
}

RUSHHOUR_INLINE sim::DetectionPlan make_pack_detection(const DetectionPlan& plan, const RunOptions& options,
                                                       fakes::PantherWorld& world) {
  if (!options.make_pack_detection) {
    plan.panther->place.fail("no rule in Python, as this build has no rushhour::panther",
                             '"' + plan.panther->rule + '"',
                             "build it where CMake finds CPython and yaml-cpp (Debian: python3-dev, "
                             "libyaml-cpp-dev)");
  }
  sim::DetectionPlan made = options.make_pack_detection(plan, world);
  made.name = world.world.ledger.names().intern(plan.name);
  made.text = plan.name;
  return made;
}

/// The rules of a scenario, and their place among the events.
struct RuleRun {
  RuleTrials trials;
  RuleTap source;

  RuleRun(const Scenario& scenario, event::traffic::Source& base)
      : trials(*scenario.documents, scenario.start), source(base, trials, scenario.start) {}

  void finish(const Scenario& scenario, Run& run) {
    trials.finish(std::max(source.last_arrival(), scenario.start + scenario.duration));
    run.rules = trials.results();
    run.searches = trials.searches();
    run.history = source.history();
  }
};

/// A run without detections: its events only pass by. \param monitor  null: nobody is told
RUSHHOUR_INLINE sim::SimulationResult drain(event::traffic::Source& source, sim::Monitor* monitor = nullptr) {
  sim::SimulationResult result;
  event::Event event;
  if (const Instant* first = source.peek()) result.first_arrival = *first;
  while (source.next(event)) {
    result.last_arrival = result.end = event.arrival();
    ++result.delivery.delivered;
    ++result.delivery.processed;
    ++result.delivery.looks;
    if (monitor == nullptr) continue;
    monitor->arrived(event.arrival(), event.time());
    monitor->happened(sim::Tally::processed, event.arrival());
  }
  return result;
}

}  // namespace detail

RUSHHOUR_INLINE std::vector<RuleResult> run_rules(const Scenario& scenario) {
  if (!scenario.documents) {
    throw InputError({.file = scenario.file,
                      .pointer = "/rules",
                      .expected = "rules, and a truth to hold them against",
                      .seen = "none"});
  }
  const detail::Traffic traffic = detail::make_traffic(scenario, Random{scenario.seed});
  detail::RuleRun rules{scenario, traffic.source()};
  static_cast<void>(detail::drain(rules.source));
  rules.trials.finish(std::max(rules.source.last_arrival(), scenario.start + scenario.duration));
  return rules.trials.results();
}

RUSHHOUR_INLINE std::unique_ptr<Run> run(Scenario scenario, const RunOptions& options) {
  auto made = std::make_unique<Run>(Run{.scenario = std::move(scenario), .transport = options.transport});
  Run& out = *made;
  const Scenario& plan = out.scenario;
  detail::set_up(plan, out);
  if (options.keep_trail) {
    out.trail = detail::make_trail(plan, out.world->world.ledger.names());
    out.world->world.ledger.listen(*out.trail);
  }
  std::optional<TimelineKeeper> timeline;
  if (options.keep_timeline) timeline.emplace(out);
  sim::Monitor* const monitor = timeline ? &timeline->monitor() : nullptr;
  expect_budgets(out, options);

  fakes::World& world = out.world->world;
  sim::EventLoop loop{{.start = plan.start,
                       .stack_bytes = detail::has_pack_rules(plan) ? options.pack_stack_bytes
                                                                   : sim::Fiber::default_stack_bytes}};
  const std::unique_ptr<api::Endpoint> endpoint =
      options.make_endpoint ? options.make_endpoint(world, loop) : std::unique_ptr<api::Endpoint>{};
  std::vector<sim::DetectionPlan> detections;
  for (std::size_t i = 0; i < plan.detections.size(); ++i) {
    const DetectionPlan& detection = plan.detections[i];
    detections.push_back(detection.panther ? detail::make_pack_detection(detection, options, *out.world)
                                           : detail::make_detection(detection, plan, world.random, *out.world,
                                                                    &out.strategies[i]));
  }
  const detail::Traffic traffic = detail::make_traffic(plan, world.random);
  std::optional<detail::Feedback> feedback;
  if (plan.feedback) feedback.emplace(plan, *out.world, traffic.source(), detections);
  detail::BackgroundAgenda background{world, plan};
  fakes::RoleCredentials credentials{world.iam, out.world->engine_role_arn, "panther-rules-engine"};
  sim::SimulationOptions simulation_options = detail::simulation_options(plan, options, world.random);
  if (!plan.background.empty()) simulation_options.agendas.push_back(&background);
  simulation_options.monitor = monitor;
  sim::Simulation simulation{loop, endpoint ? *endpoint : static_cast<api::Endpoint&>(world), credentials,
                             std::move(simulation_options)};
  for (const sim::DetectionPlan& detection : detections) simulation.add(detection);
  event::traffic::Source& events = feedback ? feedback->source : traffic.source();
  std::optional<detail::RuleRun> rules;
  if (plan.documents) rules.emplace(plan, events);
  event::traffic::Source& whole = rules ? rules->source : events;
  std::optional<event::traffic::Interruptible> interruptible;
  if (options.stop != nullptr) interruptible.emplace(whole, *options.stop);
  event::traffic::Source& source = interruptible ? *interruptible : whole;
  const std::shared_ptr<void> companion = detail::has_pack_rules(plan) && options.while_running
                                              ? options.while_running(loop)
                                              : std::shared_ptr<void>{};
  out.result = detections.empty() ? detail::drain(source, monitor) : simulation.run(source);
  out.interrupted = interruptible && interruptible->interrupted();
  if (rules) {
    rules->finish(plan, out);
    if (timeline) timeline->add(rules->trials);
    for (const NamedNumber& number : detail::rule_numbers(out.rules, *out.searches))
      out.metrics->add_number(number);
  }

  if (traffic.recorded) {
    out.damaged_records = traffic.recorded->damage_count();
    out.damages.assign(traffic.recorded->damage().begin(), traffic.recorded->damage().end());
  }
  if (feedback) {
    out.feedback = feedback->source.counts();
    out.metrics->add_number({.name = "feedback.gain", .value = feedback->source.gain()});
  }
  for (const CostLine& line : cost(out)) out.metrics->add_number({.name = line.name, .value = line.amount});
  Digest digest = world.ledger.digest();
  if (rules) rules->trials.add_to(digest);
  out.digest = digest.text();
  if (timeline) out.timeline = timeline->finish();
  judge_budgets(out, options);
  return made;
}

}  // namespace rushhour::scenario
