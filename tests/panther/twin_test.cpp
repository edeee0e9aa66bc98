// A rule in Python and its native twin: every call the same, by service, operation and outcome, whatever the
// seed. Compared are the reports, as `jq '.runs[0].operations'` would show them.

#include <cstdint>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/panther/clients.hpp>
#include <rushhour/panther/rule_detection.hpp>
#include <rushhour/panther/virtual_time.hpp>
#include <rushhour/report/json.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/scenario.hpp>

#include "python_fixture.hpp"

namespace rushhour::panther {
namespace {

using Json = nlohmann::ordered_json;

/// Events of each run: enough that limits, retries and waiting workers meet.
constexpr std::uint64_t events = 20'000;

class Twins : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  Twins() : thread(test_host()), clients(thread), rules(thread, {.clients = &clients}) {}

  std::unique_ptr<scenario::Run> run(scenario::Scenario plan) {
    return scenario::run(std::move(plan),
                         {.make_pack_detection =
                              [this](const scenario::DetectionPlan& detection, fakes::PantherWorld& world) {
                                clients.set_route({.world = &world.world});
                                const RulePack& pack = rules.load(detection.panther->pack);
                                return rules.plan(pack, find_rule(pack, detection.panther->rule).value(),
                                                  detection.name);
                              },
                          .while_running = [](sim::EventLoop& loop) -> std::shared_ptr<void> {
                            return std::make_shared<VirtualTime>(loop);
                          },
                          .pack_stack_bytes = PythonThread::stack_bytes});
  }
  std::unique_ptr<scenario::Run> shipped(const std::string& name) {
    return run(
        scenario::load_scenario("scenarios/" + name + ".json", {.seed = GetParam(), .events = events}));
  }
  static Json operations(const scenario::Run& run) {
    const scenario::Run* const one = &run;
    return Json::parse(report::json({&one, 1}))["runs"][0]["operations"];
  }

  PythonThread thread;
  Clients clients;
  PythonRules rules;
};

TEST_P(Twins, MakeTheSameCallsAtTheSameInstants) {
  const auto python = shipped("panther-enrichment");
  const auto native = shipped("panther-enrichment-native");
  EXPECT_EQ(operations(*python), operations(*native));
  EXPECT_GT(native->result.detections.at(0).logical_calls, events);
  const sim::Outcomes& ours = python->result.detections.at(0);
  const sim::Outcomes& theirs = native->result.detections.at(0);
  EXPECT_EQ(ours.matches, theirs.matches);
  EXPECT_EQ(ours.intact, theirs.intact);
  EXPECT_EQ(ours.degraded, theirs.degraded);
  EXPECT_EQ(ours.alerts, theirs.alerts);
  EXPECT_EQ(ours.logical_calls, theirs.logical_calls);
  EXPECT_EQ(ours.clients_made, theirs.clients_made);
  EXPECT_EQ(python->result.end, native->result.end);
  EXPECT_EQ(python->digest, native->digest) << "every decision of the fakes";
}

INSTANTIATE_TEST_SUITE_P(Seeds, Twins, ::testing::Values(7U, 11U, 20260302U));

}  // namespace
}  // namespace rushhour::panther
