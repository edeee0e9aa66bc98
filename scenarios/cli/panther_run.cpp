// `rushhour panther run`: a pack's rules over an hour of events, and what each of them cost.

#include "panther_run.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/detail/json_text.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/event/recorded.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/server.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/panther/rule_detection.hpp>
#include <rushhour/panther/tier_proof.hpp>
#include <rushhour/retry/policies.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/scenario.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "python_packs.hpp"

namespace rushhour::cli {

namespace {

using rushhour::detail::int128;

/// Recorded events in the guide's world. They arrive when they were recorded, so that rules see the times of
/// day that the records have.
scenario::Scenario of_events(const PantherRunCommand& command) {
  std::string paths;
  std::vector<std::filesystem::path> files;
  for (const std::string& path : command.events) {
    if (!paths.empty()) paths += ", ";
    rushhour::detail::append_json_string(paths, path);
    files.emplace_back(path);
  }
  event::RecordedSource source{files, {.on_damage = event::OnDamage::count}};
  const Instant* const first = source.peek();
  const Instant start = first == nullptr ? Instant{} : std::max(*first, Instant{});
  return scenario::parse_scenario(R"({"seed": 1, "start": ")" +
                                      to_iso8601(std::chrono::floor<std::chrono::seconds>(start)) +
                                      R"(", "duration": "1h", "traffic": {"recorded": [)" + paths +
                                      R"(], "rebase": false}, "world": {}, "budgets": [],
              "detections": [{"name": "r", "strategy": "call_in_rule", "match": {"event_names": ["r"]}}]})",
                                  "panther-run.json", {.seed = command.seed});
}

}  // namespace

scenario::Scenario scenario_of(const PantherRunCommand& command) {
  const bool has_scenario = !command.scenario.empty();
  if (has_scenario == !command.events.empty()) {
    throw InputError(
        {.expected = "either --events or --scenario", .seen = has_scenario ? "both" : "neither"});
  }
  return has_scenario ? scenario::load_scenario(command.scenario, {.seed = command.seed, .events = {}})
                      : of_events(command);
}

std::vector<const panther::RuleSpec*> chosen_rules(const PantherRunCommand& command,
                                                   const panther::RulePack& pack) {
  std::vector<const panther::RuleSpec*> out;
  for (const std::string& id : command.rules) {
    const std::optional<std::size_t> found = panther::find_rule(pack, id);
    if (!found)
      throw InputError({.file = pack.folder, .expected = "a rule of this pack", .seen = '"' + id + '"'});
    out.push_back(&pack.rules[*found]);
  }
  if (!command.rules.empty()) return out;
  for (const panther::RuleSpec& rule : pack.rules) {
    if (rule.enabled && rule.kind == panther::ItemKind::rule) out.push_back(&rule);
  }
  if (out.empty()) {
    throw InputError({.file = pack.folder,
                      .expected = "an enabled rule",
                      .seen = std::to_string(pack.rules.size()) + " others, and " +
                              std::to_string(pack.broken.size()) + " broken files",
                      .advice = pack.broken.empty() ? "" : pack.broken.front().mistake});
  }
  return out;
}

namespace {

/// The processor time of this thread.
std::uint64_t cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

std::vector<RuleCalls> calls_of(const scenario::Run& run, std::string_view detection) {
  const Names& names = run.world->world.ledger.names();
  std::vector<RuleCalls> out;
  const std::vector<const measure::Cell*> cells = run.meters->cells();
  for (const measure::Cell* cell : cells) {
    if (names.text(cell->detection) != detection) continue;
    const std::string operation{names.text(cell->operation)};
    auto found = std::find_if(out.begin(), out.end(),
                              [&](const RuleCalls& each) { return each.operation == operation; });
    if (found == out.end()) found = out.insert(out.end(), RuleCalls{.operation = operation});
    found->counts.add(cell->counts);
    const std::string site{names.text(cell->site)};
    auto line = std::find_if(found->sites.begin(), found->sites.end(),
                             [&](const SiteCalls& each) { return each.site == site; });
    if (line == found->sites.end()) line = found->sites.insert(found->sites.end(), SiteCalls{.site = site});
    line->attempts += cell->counts.attempts();
  }
  return out;
}

/// Of what was measured over `events`, for as many as an hour has.
ProjectedHour hour_of(const RuleRun& rule, const PantherRun& run, std::uint64_t per_hour) {
  if (run.events == 0) return {};
  const int128 events = per_hour != 0
                            ? int128{per_hour}
                            : int128{run.events} * Duration{std::chrono::hours{1}}.count() / run.span.count();
  const auto scaled = [&](int128 ns) {
    return Duration{
        static_cast<std::int64_t>(std::min<int128>(ns * events / run.events, Duration::max().count()))};
  };
  return {.events = static_cast<std::uint64_t>(events),
          .cpu = scaled(rule.outcomes->cpu_ns),
          .clients = scaled(int128{rule.outcomes->clients_made} * client_cost.count()),
          .waiting = scaled(rule.counts->waited_ns)};
}

/// What lasts less than a minute is no hour's sample: it is taken for the hour's events.
Duration span_of(const scenario::Run& run) {
  if (!run.scenario.recorded) return run.scenario.duration;
  const Duration span = run.result.last_arrival - run.result.first_arrival;
  return span < std::chrono::minutes{1} ? Duration{std::chrono::hours{1}} : span;
}

PantherRun summary(const PantherRunCommand& command, const scenario::Run& run, const panther::RulePack& pack,
                   const panther::PythonRules& rules, const std::vector<const panther::RuleSpec*>& chosen) {
  PantherRun out{.pack = &pack,
                 .source = run.scenario.recorded ? "recorded events" : run.scenario.name,
                 .seed = run.scenario.seed,
                 .events = run.result.delivery.delivered,
                 .span = span_of(run),
                 .tier = "api",
                 .digest = run.digest};
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    RuleRun rule{.spec = chosen[i],
                 .counts = &rules.counts(i),
                 .outcomes = &run.result.detections[i],
                 .calls = calls_of(run, run.result.detections[i].detection)};
    rule.hour = hour_of(rule, out, command.per_hour);
    out.rules.push_back(std::move(rule));
  }
  if (run.damaged_records > 0) {
    out.findings.push_back(std::to_string(run.damaged_records) +
                           " damaged records passed over, the first in " + run.damages.front().file + ": " +
                           run.damages.front().what);
  }
  return out;
}

class HttpServed final : public panther::ServedPort {
 public:
  HttpServed(http::Service& service, const Clock& clock) : server_(service, {.clock = &clock}) {}
  [[nodiscard]] std::uint16_t port() const override { return server_.port(); }

 private:
  http::Server server_;
};

/// The run's world as it began.
std::unique_ptr<fakes::PantherWorld> world_of(const scenario::Scenario& plan) {
  auto out = std::make_unique<fakes::PantherWorld>(plan.world);
  if (!plan.sts_quota.empty()) out->world.sts.quotas().replace(plan.sts_quota);
  if (!plan.secretsmanager_quota.empty())
    out->world.secretsmanager.quotas().replace(plan.secretsmanager_quota);
  out->world.secretsmanager.options.batch_counts_secrets = plan.batch_counts_secrets;
  for (const Fault& fault : plan.faults) out->world.faults.add(fault);
  return out;
}

std::unique_ptr<retry::Policy> policy_of(const scenario::Scenario& plan, api::Service service) {
  const auto at = static_cast<std::size_t>(service);
  if (at >= plan.retries.size()) return retry::make("none");
  return retry::make(plan.retries[at].policy, plan.retries[at].settings);
}

/// The first events of the rules that call somebody once more: by HTTP and over the wire, as boto3 and
/// requests do it by themselves, against what the run took for the same.
void prove_tiers(PantherRun& report, const scenario::Run& run, PythonPacks& packs) {
  const scenario::Scenario& plan = run.scenario;
  for (std::size_t i = 0; i < report.rules.size(); ++i) {
    if (report.rules[i].calls.empty()) continue;
    panther::TierProof proof{
        packs.clients(),
        {.make_world = [&plan] { return world_of(plan); },
         .serve = [](http::Service& service,
                     const Clock& clock) { return std::make_unique<HttpServed>(service, clock); },
         .latencies = plan.latencies,
         .timeouts = plan.timeouts,
         .make_policy = [&plan](api::Service service) { return policy_of(plan, service); },
         .clients_per_call = plan.clients_per_call,
         .detection = run.result.detections[i].detection,
         .events = run.world->world.random.stream("simulation.events")}};
    for (const panther::SampledEvent& sample : packs.rules().samples(i)) {
      const panther::TierComparison found =
          proof.compare(packs.host(), sample.arrival, sample.id, [&](panther::ClientTier) {
            const std::string result = packs.rules().look_again(i, sample);
            return panther::Object::steal(
                PyUnicode_FromStringAndSize(result.data(), static_cast<Py_ssize_t>(result.size())));
          });
      ++report.proven_events;
      for (const std::string& difference : found.differences) {
        report.tier_differences.push_back(report.rules[i].counts->rule + ", event " +
                                          std::to_string(sample.id) + ", " + difference);
      }
    }
  }
}

}  // namespace

int panther_run(const PantherRunCommand& command) {
  scenario::Scenario scenario = scenario_of(command);
  PythonPacks packs;
  const panther::RulePack& pack = packs.rules().load(command.folder);
  const std::vector<const panther::RuleSpec*> chosen = chosen_rules(command, pack);
  scenario.detections.clear();
  scenario.budgets.clear();
  for (const panther::RuleSpec* rule : chosen) {
    scenario.detections.push_back(
        {.name = rule->id, .panther = scenario::PackRulePlan{.pack = command.folder, .rule = rule->id}});
  }
  scenario::RunOptions options{.cpu_meter = cpu_ns};
  packs.add_to(options);
  const std::unique_ptr<scenario::Run> run = scenario::run(std::move(scenario), options);
  PantherRun report = summary(command, *run, pack, packs.rules(), chosen);
  if (!command.no_proof) prove_tiers(report, *run, packs);

  if (command.json != "-") std::fputs(text_of(report).c_str(), stdout);
  if (command.json == "-") {
    std::fputs(json_of(report).c_str(), stdout);
  } else if (!command.json.empty()) {
    write_file(command.json, json_of(report));
  }
  return exit_ok;
}

}  // namespace rushhour::cli
