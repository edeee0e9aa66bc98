// Rules in Python as detections: what an engine keeps of them in a container, how it counts their matches,
// and that the calls are those of a native detection.

#include <rushhour/panther/rule_detection.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/fakes/test_bench.hpp>
#include <rushhour/gtest.hpp>
#include <rushhour/panther/clients.hpp>
#include <rushhour/panther/virtual_time.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/scenario.hpp>

#include "pack_folder.hpp"
#include "python_fixture.hpp"

namespace rushhour::panther {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Synthetic events, one a second unless said otherwise.
struct Hour {
  std::uint64_t events{60};
  std::string duration{"1m"};
  std::string fleet{R"({"workers": 1})"};
};

class RuleDetectionTest : public ::testing::Test {
 protected:
  RuleDetectionTest() : thread(test_host()), clients(thread), rules(thread) {}

  /// Runs all rules of the folder, in its order.
  std::unique_ptr<scenario::Run> run(const Hour& hour = {}) {
    scenario::Scenario plan = scenario::parse_scenario(
        R"({"seed": 7, "start": "2026-03-02T14:00:00Z", "duration": ")" + hour.duration +
            R"(", "traffic": {"events": )" + std::to_string(hour.events) + R"(}, "fleet": )" + hour.fleet +
            R"(, "world": {}, "budgets": [],
                "detections": [{"name": "r", "strategy": "call_in_rule", "match": {"share": 0.5}}]})",
        "x.json");
    plan.detections.clear();
    const RulePack& pack = rules.load(folder.path());
    EXPECT_THAT(pack.broken, IsEmpty());
    for (const RuleSpec& rule : pack.rules) {
      plan.detections.push_back(
          {.name = rule.id, .panther = scenario::PackRulePlan{.pack = folder.path(), .rule = rule.id}});
    }
    return scenario::run(std::move(plan),
                         {.make_pack_detection =
                              [this, &pack](const scenario::DetectionPlan& detection, fakes::PantherWorld&) {
                                return rules.plan(pack, find_rule(pack, detection.panther->rule).value(),
                                                  detection.name);
                              },
                          .while_running = [](sim::EventLoop& loop) -> std::shared_ptr<void> {
                            return std::make_shared<VirtualTime>(loop);
                          },
                          .pack_stack_bytes = PythonThread::stack_bytes});
  }

  /// The first rule of the folder.
  sim::DetectionPlan planned() {
    const RulePack& pack = rules.load(folder.path());
    EXPECT_THAT(pack.broken, IsEmpty());
    return rules.plan(pack, 0, "r");
  }

  PackFolder folder;
  PythonThread thread;
  Clients clients;  ///< for time.sleep()
  PythonRules rules;
  fakes::TestBench bench;
};

// ---- One event ----

TEST_F(RuleDetectionTest, DescribesAMatchAsTheRuleDoes) {
  folder.write_rule("Test.Described",
                    "def rule(event):\n    return event.get('eventName') == 'GetSecretValue'\n"
                    "def title(event):\n    return event.deep_get('userIdentity', 'arn')\n"
                    "def dedup(event):\n    return 'one'\n"
                    "def severity(event):\n    return 'high'\n"
                    "def alert_context(event):\n    return {'name': event['eventName']}\n");
  detect::AnyDetection detection = planned().make();
  EXPECT_EQ(detection.name(), "r");
  const auto event =
      bench.cloudtrail_event(R"({"eventName": "GetSecretValue", "userIdentity": {"arn": "arn:x"}})");
  const detect::Evaluation evaluation = detection.evaluate(event, bench.context());
  ASSERT_TRUE(evaluation.alert);
  EXPECT_EQ(evaluation.alert->title, "arn:x");
  EXPECT_EQ(evaluation.alert->dedup, "one");
  EXPECT_EQ(evaluation.alert->severity, detect::Severity::high);
  EXPECT_EQ(evaluation.alert->context.json(), R"({"name": "GetSecretValue"})");
  EXPECT_FALSE(evaluation.alert->counts_unique);
  EXPECT_FALSE(detection.evaluate(bench.cloudtrail_event("{}"), bench.context()).alert);
  EXPECT_EQ(rules.counts(0).events, 2U);
  EXPECT_EQ(rules.counts(0).matches, 1U);
  EXPECT_EQ(rules.counts(0).rule, "Test.Described");
}

TEST_F(RuleDetectionTest, SeesTheEventsOfItsLogTypesOnly) {
  folder.write_rule("Test.Any", "def rule(event):\n    return True\n");
  detect::AnyDetection detection = planned().make();
  const auto matches = [&](const event::Event& event) {
    return detection.evaluate(event, bench.context()).alert.has_value();
  };
  EXPECT_TRUE(matches(bench.cloudtrail_event("{}")));
  EXPECT_FALSE(matches(bench.log_event("{}", "Okta.SystemLog")));
  EXPECT_FALSE(matches(bench.cloudtrail_event(R"({"p_log_type": "Okta.SystemLog"})")))
      << "the record knows better than its source";
  EXPECT_TRUE(matches(bench.log_event(R"({"p_log_type": "AWS.CloudTrail"})", "Okta.SystemLog")));
  EXPECT_EQ(rules.counts(0).events, 2U);
}

TEST_F(RuleDetectionTest, TellsARulesErrorsByFunctionFileAndLine) {
  folder.write_rule("Test.Fails",
                    "def rule(event):\n    return event['eventName'] == 'A'\n"
                    "def alert_context(event):\n    return {'x': 1 / 0}\n");
  detect::AnyDetection detection = planned().make();
  const detect::Evaluation missed = detection.evaluate(bench.cloudtrail_event("{}"), bench.context());
  EXPECT_EQ(missed.verdict, detect::Verdict::Kind::error);
  EXPECT_EQ(missed.error(), "KeyError: 'eventName'");
  EXPECT_EQ(missed.exception_class, "KeyError");
  const detect::Evaluation degraded =
      detection.evaluate(bench.cloudtrail_event(R"({"eventName": "A"})"), bench.context());
  EXPECT_TRUE(degraded.alert.value().is_degraded());
  EXPECT_EQ(degraded.alert->context.json(), R"x({"_error":"ZeroDivisionError('division by zero')"})x");

  const RuleCounts& counts = rules.counts(0);
  EXPECT_EQ(counts.rule_errors, 1U);
  EXPECT_EQ(counts.context_errors, 1U);
  EXPECT_EQ(counts.errors[static_cast<std::size_t>(RuleFunction::alert_context)], 1U);
  ASSERT_THAT(counts.error_rows, SizeIs(2));
  EXPECT_THAT(counts.error_rows[0].file, EndsWith("rules/Test.Fails.py"));
  EXPECT_EQ(counts.error_rows[0].line, 2);
  EXPECT_EQ(counts.error_rows[1].line, 4);
  EXPECT_EQ(counts.error_rows[1].text, "ZeroDivisionError: division by zero");
}

TEST_F(RuleDetectionTest, AsksForAContextOnlyWhereTheEngineWantsIt) {
  struct Never final : detect::ContextWanted {
    bool wants(const detect::Alert& alert) override {
      asked_for = alert.dedup;
      return false;
    }
    std::string asked_for;
  } never;
  folder.write_rule("Test.Context",
                    "def rule(event):\n    return True\n"
                    "def dedup(event):\n    return 'a group'\n"
                    "def alert_context(event):\n    raise ValueError\n");
  detect::AnyDetection detection = planned().make();
  const auto evaluation = detection.evaluate(bench.cloudtrail_event("{}"), bench.context(), &never);
  EXPECT_EQ(evaluation.alert.value().context.state(), detect::AlertContext::State::not_wanted);
  EXPECT_EQ(never.asked_for, "a group");
}

TEST_F(RuleDetectionTest, ReportsARuleThatDoesNotLoadForEachEvent) {
  folder.write_rule("Test.Missing", "import no_such_module\ndef rule(event):\n    return True\n");
  detect::AnyDetection detection = planned().make();
  for (int i = 0; i < 2; ++i) {
    const auto evaluation = detection.evaluate(bench.cloudtrail_event("{}"), bench.context());
    EXPECT_EQ(evaluation.exception_class, "ModuleNotFoundError");
  }
  EXPECT_EQ(rules.counts(0).rule_errors, 2U);
  EXPECT_EQ(rules.counts(0).loads, 1U);
}

TEST_F(RuleDetectionTest, KeepsWhatARuleHasKeptOfAnEvent) {
  folder.write_rule("Test.Keeps",
                    "LAST = None\n"
                    "def rule(event):\n    return True\n"
                    "def alert_context(event):\n"
                    "    global LAST\n"
                    "    before, LAST = LAST, event.get('requestParameters')\n"
                    "    return {'before': before and before.get('id')}\n");
  detect::AnyDetection detection = planned().make();
  std::vector<std::string> contexts;
  for (int i = 0; i < 3; ++i) {
    const auto event =
        bench.cloudtrail_event(R"({"requestParameters": {"id": "record )" + std::to_string(i) + "\"}}");
    contexts.push_back(detection.evaluate(event, bench.context()).alert.value().context.json());
  }
  EXPECT_THAT(contexts,
              ElementsAre(R"({"before": null})", R"({"before": "record 0"})", R"({"before": "record 1"})"));
}

// ---- In an engine ----

TEST_F(RuleDetectionTest, ForgetsWithTheRulesReloadAndRemembersInAHelper) {
  folder.write_helper("test_counts", "SEEN = []\n");
  folder.write_rule(
      "Test.Helper",
      "import test_counts\n"
      "def rule(event):\n    test_counts.SEEN.append(1)\n    return len(test_counts.SEEN) == 1\n");
  folder.write_rule("Test.Module",
                    "SEEN = []\n"
                    "def rule(event):\n    SEEN.append(1)\n    return len(SEEN) == 1\n");
  const auto done = run({.events = 120, .duration = "12m"});
  EXPECT_EQ(done->result.fleet.reloads, 2U) << "every five minutes";
  EXPECT_EQ(done->result.detections.at(0).matches, 1U) << "the helper lives as long as the container";
  EXPECT_EQ(done->result.detections.at(1).matches, 3U);
  EXPECT_EQ(rules.counts(0).loads, 3U);
}

TEST_F(RuleDetectionTest, HasAStateOfItsOwnInEachContainer) {
  folder.write_helper("test_counts", "SEEN = []\n");
  folder.write_rule("Test.Helper",
                    "import time\nimport test_counts\n"
                    "def rule(event):\n"
                    "    test_counts.SEEN.append(1)\n"
                    "    time.sleep(5)\n"
                    "    return len(test_counts.SEEN) == 1\n");
  const auto done = run({.events = 50, .fleet = R"({"workers": 5})"});
  EXPECT_GT(rules.counts(0).loads, 1U);
  EXPECT_EQ(done->result.detections.at(0).matches, rules.counts(0).loads) << "the first of each";
}

TEST_F(RuleDetectionTest, GroupsByTheRulesOwnFile) {
  const std::string always = "def rule(event):\n    return True\n";
  folder.write_rule("Test.Default", always);
  folder.write_rule("Test.Signal", always, "CreateAlert: false\n");
  folder.write_rule("Test.Threshold", always, "Threshold: 25\nDedupPeriodMinutes: 15\n");
  folder.write_rule("Test.Unique", always + "def unique(event):\n    return event.get('eventName')\n",
                    "Threshold: 2\n");
  folder.write_rule("Test.UniqueNone", always + "def unique(event):\n    return None\n", "Threshold: 2\n");
  const auto done = run({.events = 60, .duration = "60m"});
  const auto& detections = done->result.detections;
  for (const sim::Outcomes& each : detections) EXPECT_EQ(each.matches, 60U) << each.detection;
  EXPECT_EQ(detections.at(0).alerts, 1U);
  EXPECT_EQ(detections.at(1).alerts, 0U);
  EXPECT_EQ(detections.at(2).alerts, 0U) << "15 or 16 matches in each window";
  EXPECT_EQ(detections.at(2).windows, 4U);
  EXPECT_EQ(detections.at(3).alerts, 1U);
  EXPECT_EQ(detections.at(4).alerts, 0U) << "None is no value";
}

TEST_F(RuleDetectionTest, MakesOneAlertOfTheErrorsOfAClass) {
  folder.write_rule("Test.Fails",
                    "COUNT = 0\n"
                    "def rule(event):\n"
                    "    global COUNT\n    COUNT += 1\n"
                    "    raise (KeyError if COUNT % 2 else ValueError)('x')\n",
                    "Threshold: 1000\n");
  const auto done = run();
  EXPECT_EQ(done->result.detections.at(0).missed, 60U);
  EXPECT_EQ(done->result.detections.at(0).error_alerts, 2U);
  EXPECT_EQ(done->result.losses.rows().at(0).first_error, "KeyError: 'x'");
}

TEST_F(RuleDetectionTest, SeesTheVirtualTimeAndWaitsInIt) {
  folder.write_rule("Test.Time",
                    "import time, datetime\n"
                    "def rule(event):\n"
                    "    now = datetime.datetime.utcnow()\n"
                    "    return (now.year, now.month, now.day, now.hour) == (2026, 3, 2, 14)\n"
                    "def dedup(event):\n    return 'x'\n");
  const auto done = run();
  EXPECT_EQ(done->result.detections.at(0).matches, 60U);
}

TEST_F(RuleDetectionTest, LosesARuleThatOutlastsTheEnginesLimit) {
  folder.write_rule("Test.Slow",
                    "import time\n"
                    "def rule(event):\n    time.sleep(20)\n    return True\n");
  const auto done = run({.events = 5, .fleet = R"({"workers": 1, "rule_timeout": "15s"})"});
  EXPECT_EQ(done->result.detections.at(0).missed, 5U);
  EXPECT_THAT(done->result.losses.rows().at(0).first_error, HasSubstr("the rule ran longer than 15s"));
  EXPECT_EQ(rules.counts(0).waited_ns, Duration{5 * 15s}.count());
}

TEST_F(RuleDetectionTest, GivesTheSameTwice) {
  folder.write_rule("Test.Set",
                    "def rule(event):\n    return True\n"
                    "def dedup(event):\n    return ','.join({event.get('eventName'), 'a', 'b', 'c'})\n");
  EXPECT_EQ(run()->digest, run()->digest);
  EXPECT_EQ(run()->result.detections.at(0).alerts, run()->result.detections.at(0).alerts);
}

TEST_F(RuleDetectionTest, FindsRulesByTheirId) {
  folder.write_rule("Test.B", "def rule(event):\n    return True\n");
  folder.write_rule("Test.A", "def rule(event):\n    return True\n");
  const RulePack& pack = rules.load(folder.path());
  EXPECT_EQ(pack.rules.at(find_rule(pack, "Test.B").value()).id, "Test.B");
  EXPECT_EQ(find_rule(pack, "Test.C"), std::nullopt);
  EXPECT_EQ(&rules.load(folder.path()), &pack) << "read once";
}

}  // namespace
}  // namespace rushhour::panther
