#include <rushhour/scenario/assumptions.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runs.hpp"

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;

std::map<std::string, Assumption> by_name(const std::vector<Assumption>& all) {
  std::map<std::string, Assumption> out;
  for (const Assumption& each : all) out.emplace(each.name, each);
  return out;
}

/// One change for each field of an engine, but its profile and its kind.
struct Change {
  std::string_view field;  ///< the name of the assumption
  std::function<void(sim::Engine&)> make;
};
const std::vector<Change> changes{
    {"fleet.workers", [](sim::Engine& e) { e.workers = 7; }},
    {"fleet.log_processor.flush_every", [](sim::Engine& e) { e.log_processor.flush_every = 7s; }},
    {"fleet.log_processor.object_events_max", [](sim::Engine& e) { e.log_processor.object_events_max = 7; }},
    {"fleet.log_processor.processors", [](sim::Engine& e) { e.log_processor.processors = 7; }},
    {"fleet.queue.visibility_timeout", [](sim::Engine& e) { e.queue.visibility_timeout = 7s; }},
    {"fleet.queue.receives_max", [](sim::Engine& e) { e.queue.receives_max = 7; }},
    {"fleet.poller.batch_size", [](sim::Engine& e) { e.poller.batch_size = 7; }},
    {"fleet.poller.batch_window", [](sim::Engine& e) { e.poller.batch_window = 7s; }},
    {"fleet.poller.concurrency_initial", [](sim::Engine& e) { e.poller.concurrency_initial = 7; }},
    {"fleet.poller.concurrency_per_minute", [](sim::Engine& e) { e.poller.concurrency_per_minute = 7; }},
    {"fleet.poller.concurrency_max", [](sim::Engine& e) { e.poller.concurrency_max = 7; }},
    {"fleet.lambda.timeout", [](sim::Engine& e) { e.lambda.timeout = 7s; }},
    {"fleet.lambda.concurrency_max", [](sim::Engine& e) { e.lambda.concurrency_max = 7; }},
    {"fleet.lambda.environments_per_10s", [](sim::Engine& e) { e.lambda.environments_per_10s = 7; }},
    {"fleet.lambda.cold_start", [](sim::Engine& e) { e.lambda.cold_start = 7s; }},
    {"fleet.lambda.idle_lifetime", [](sim::Engine& e) { e.lambda.idle_lifetime = 7s; }},
    {"fleet.lambda.memory_mb", [](sim::Engine& e) { e.lambda.memory_mb = 7; }},
    {"fleet.rule_timeout", [](sim::Engine& e) { e.rule_timeout = 7s; }},
    {"fleet.rules_reload", [](sim::Engine& e) { e.rules_reload.reset(); }},
    {"fleet.alert_context", [](sim::Engine& e) { e.alert_context = sim::AlertContextCalls::per_alert; }},
    {"fleet.alerts_written", [](sim::Engine& e) { e.alerts_written = sim::AlertsWritten::at_once; }},
    {"fleet.dedup_window", [](sim::Engine& e) { e.dedup_window = 7s; }},
    {"fleet.event_cost", [](sim::Engine& e) { e.event_cost = 7s; }},
};

/// As many names as each struct has members: a new member does not compile here, and reminds whoever adds it
/// of the table above and of the one in detail/engine_facts.hpp.
std::size_t members_of(const sim::Engine& engine) {
  [[maybe_unused]] const auto& [profile, workers, queued, log_processor, queue, poller, lambda, rule_timeout,
                                rules_reload, alert_context, alerts_written, dedup_window, event_cost] =
      engine;
  [[maybe_unused]] const auto& [flush_every, object_events_max, processors] = log_processor;
  [[maybe_unused]] const auto& [visibility_timeout, receives_max] = queue;
  [[maybe_unused]] const auto& [batch_size, batch_window, concurrency_initial, concurrency_per_minute,
                                poller_max] = poller;
  [[maybe_unused]] const auto& [timeout, lambda_max, environments_per_10s, cold_start, idle_lifetime,
                                memory_mb] = lambda;
  constexpr std::size_t own = 13 - 4;  // four of them are structs
  constexpr std::size_t of_structs = 3 + 2 + 5 + 6;
  return own + of_structs;
}

TEST(EngineAssumptions, HaveAChangeForEachField) {
  EXPECT_EQ(changes.size(), members_of({}) - 2) << "the profile and whether there is a queue are no numbers";
}

TEST(EngineAssumptions, NameEachFieldThatApplies) {
  for (const Change& change : changes) {
    const bool of_workers = change.field == "fleet.workers";
    const sim::Engine engine = of_workers ? sim::Engine{} : sim::panther_oss_1_16();
    const auto all = by_name(assumptions(engine));
    ASSERT_TRUE(all.contains(std::string{change.field})) << change.field;
  }
}

TEST(EngineAssumptions, TellWhatTheScenarioChanged) {
  for (const Change& change : changes) {
    sim::Engine engine = change.field == "fleet.workers" ? sim::Engine{} : sim::panther_oss_1_16();
    const auto before = by_name(assumptions(engine));
    change.make(engine);
    const auto after = by_name(assumptions(engine));
    const Assumption& assumption = after.at(std::string{change.field});
    EXPECT_NE(assumption.value, before.at(std::string{change.field}).value) << change.field;
    EXPECT_EQ(assumption.tag, "user") << change.field;
    EXPECT_EQ(assumption.source, "the scenario") << change.field;
    for (const auto& [name, each] : after) {
      const bool follows = name == "fleet.queue.effective_visibility";
      if (name == change.field || follows) continue;
      EXPECT_EQ(each, before.at(name)) << name << " changed with " << change.field;
    }
  }
}

TEST(EngineAssumptions, KnowWhatIsDocumentedOfWhichProfile) {
  const auto open = by_name(assumptions(sim::panther_oss_1_16()));
  const auto saas = by_name(assumptions(sim::panther_saas_documented()));
  EXPECT_EQ(open.at("fleet.poller.batch_size").tag, "DOC");
  EXPECT_THAT(open.at("fleet.poller.batch_size").source, HasSubstr("deployments/log_analysis.yml"));
  EXPECT_EQ(saas.at("fleet.poller.batch_size").tag, "CHOICE") << "unpublished";
  EXPECT_THAT(saas.at("fleet.poller.batch_size").source, HasSubstr("as Panther v1.16 has it"));
  EXPECT_EQ(saas.at("fleet.rule_timeout").value, "15s");
  EXPECT_EQ(saas.at("fleet.rule_timeout").tag, "DOC");
  EXPECT_THAT(saas.at("fleet.rule_timeout").source, HasSubstr("docs.panther.com"));
  EXPECT_EQ(open.at("fleet.rule_timeout").value, "none");
}

TEST(EngineAssumptions, CallUnpublishedNumbersChosenWhateverTheProfile) {
  for (const sim::Engine& engine : {sim::panther_oss_1_16(), sim::panther_saas_documented()}) {
    const auto all = by_name(assumptions(engine));
    for (const char* name : {"fleet.lambda.cold_start", "fleet.lambda.idle_lifetime", "fleet.poller.growth",
                             "fleet.log_processor.processors", "fleet.event_cost"}) {
      EXPECT_EQ(all.at(name).tag, "CHOICE") << name << " of " << engine.profile;
    }
    EXPECT_EQ(all.at("fleet.poller.concurrency_per_minute").tag, "DOC") << "it is Lambda's";
  }
}

TEST(EngineAssumptions, SayTheVisibilityThatLambdaNeeds) {
  EXPECT_EQ(by_name(assumptions(sim::panther_oss_1_16())).at("fleet.queue.effective_visibility").value, "16m")
      << "30 s + 900 s + 30 s";
}

TEST(EngineAssumptions, LeaveOutWhatDoesNotApply) {
  const auto workers = by_name(assumptions(sim::Engine{}));
  EXPECT_TRUE(workers.contains("fleet.workers"));
  for (const auto& [name, each] : workers) {
    EXPECT_FALSE(name.starts_with("fleet.lambda")) << name;
    EXPECT_FALSE(name.starts_with("fleet.queue")) << name;
  }
  EXPECT_FALSE(by_name(assumptions(sim::panther_oss_1_16())).contains("fleet.workers"));
}

class RunAssumptions : public ::testing::Test {
 protected:
  const std::map<std::string, Assumption>& of(const std::string& path, Overrides overrides = {}) {
    runs.add(path, overrides);
    found = by_name(assumptions(*runs.all().back()));
    return found;
  }

  report::Runs runs;
  std::map<std::string, Assumption> found;
};

TEST_F(RunAssumptions, AreCompleteInFormAndNamedOnce) {
  for (const std::string& path : {report::tiny, report::queued}) {
    runs.add(path);
    const std::vector<Assumption> all = assumptions(*runs.all().back());
    std::set<std::string> names;
    for (const Assumption& each : all) {
      EXPECT_TRUE(names.insert(each.name).second) << each.name << " is there twice";
      EXPECT_FALSE(each.value.empty()) << each.name;
      EXPECT_FALSE(each.source.empty()) << each.name;
      EXPECT_THAT((std::vector<std::string>{"REC", "DOC", "MEM", "CHOICE", "user"}), Contains(each.tag))
          << each.name;
      EXPECT_THAT(each.source, ::testing::Not(HasSubstr(".hpp"))) << "no file of ours is a source";
      EXPECT_THAT(each.source, ::testing::Not(HasSubstr("spec"))) << each.name;
    }
  }
}

TEST_F(RunAssumptions, NameEveryLimitThatWasCharged) {
  of(report::tiny);
  EXPECT_EQ(found.at("limit.sts.requests.per_1s").value, "1 for the caller's account and Region");
  EXPECT_EQ(found.at("limit.sts.requests.per_1s").tag, "user");
  EXPECT_EQ(found.at("limit.secretsmanager.secret-read.per_1s").tag, "DOC");
  EXPECT_EQ(found.at("limit.virustotal.public.per_1m").value, "4 for API key");
  EXPECT_EQ(found.at("limit.virustotal.public.per_1m.algorithm").tag, "CHOICE");
  EXPECT_EQ(found.at("limit.virustotal.public.per_utc_day.algorithm").tag, "DOC");
  EXPECT_EQ(found.at("limit.virustotal.public.per_utc_month").value, "15,500 for API key");
  EXPECT_EQ(found.at("limit.virustotal.public.per_1m.rejected_count").value, "false");
  EXPECT_EQ(found.at("limit.secretsmanager.secret-read.per_1s.burst").value, "10,000");
  for (const measure::Charge& charge : runs[0].meters->charges()) {
    for (const limit::Profile& row : charge.rows) {
      const bool named = std::any_of(found.begin(), found.end(), [&](const auto& each) {
        return each.first.starts_with("limit." + std::string{row.service} + "." + std::string{row.group}) &&
               each.second.source == row.source;
      });
      EXPECT_TRUE(named) << row.service << " " << row.limit;
    }
  }
}

TEST_F(RunAssumptions, NameClientsOfTheServicesThatWereCalled) {
  of(report::tiny);
  EXPECT_EQ(found.at("world.retry.sts").value, "legacy");
  EXPECT_EQ(found.at("world.retry.sts").tag, "user");
  EXPECT_EQ(found.at("world.retry.sts.max_attempts").value, "5");
  EXPECT_EQ(found.at("world.retry.sts.max_attempts").tag, "REC");
  EXPECT_EQ(found.at("world.retry.virustotal").tag, "CHOICE");
  EXPECT_EQ(found.at("world.timeouts.sts").value, "1m");
  EXPECT_EQ(found.at("world.timeouts.virustotal").value, "none");
  EXPECT_EQ(found.at("world.latency.sts:AssumeRole").value, "50ms");
  EXPECT_EQ(found.at("world.clients").value, "per_call");
  EXPECT_EQ(found.at("sts.endpoint").value, "regional");
  EXPECT_FALSE(found.contains("world.latency.sts:GetCallerIdentity")) << "it was not called";
}

TEST_F(RunAssumptions, NameTrafficDetectionsPricesAndTheSeed) {
  of(report::queued, {.seed = 11});
  EXPECT_EQ(found.at("seed").value, "11");
  EXPECT_EQ(found.at("traffic.arrivals").tag, "user");
  EXPECT_THAT(found.at("traffic.arrivals").value, HasSubstr("10 times the rate"));
  EXPECT_EQ(found.at("traffic.address_exponent").tag, "CHOICE");
  EXPECT_EQ(found.at("trigger").value, "from 2026-03-02T14:00:20Z for 10s");
  EXPECT_EQ(found.at("feedback.delay").value, "30s");
  EXPECT_EQ(found.at("detections.cached.strategy").value, "alert_context_only");
  EXPECT_EQ(found.at("detections.cached.match").value, "0.5 of the events");
  EXPECT_EQ(found.at("detections.cached.cache.verdicts").value,
            "in the rule's module, for 1m, 10000 entries");
  EXPECT_EQ(found.at("fleet.lambda.timeout").tag, "user");
  EXPECT_EQ(found.at("prices.lambda_gb_second").value, "0.0000166667 USD");
  EXPECT_FALSE(found.contains("prices.virustotal_month"));
}

TEST_F(RunAssumptions, NameFaults) {
  Scenario scenario = load_scenario(report::tiny);
  scenario.faults.push_back({.service = "sts",
                             .share = {1, 4},
                             .failure = {.outcome = Outcome::server_error, .status = 503},
                             .from = scenario.start,
                             .lasting = 30s});
  runs.add(scenario);
  const auto all = by_name(assumptions(*runs.all().back()));
  EXPECT_EQ(all.at("world.faults.0").value,
            "sts, 0.25 of the calls: server_error 503, from 2026-03-02T14:00:00Z for 30s");
}

}  // namespace
}  // namespace rushhour::scenario
