// Detections that are rules in Python: what scenarios say of them, and who makes them. No Python runs here.

#include <rushhour/scenario/run.hpp>

#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/gtest.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/scenario/assumptions.hpp>

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;

constexpr const char* file = "tests/scenario/data/panther.json";

/// In place of the rule in Python: matches what it matches.
struct Stand {
  std::string text;
  [[nodiscard]] std::string_view name() const { return text; }
  [[nodiscard]] static bool rule(const event::Event& event, detect::Context& /*context*/) {
    return event.get("eventName").text_or("") == "GetSecretValue";
  }
};

MakePackDetection stand_in(sim::Grouping grouping = {}) {
  return [grouping](const DetectionPlan& plan, fakes::PantherWorld&) {
    return sim::DetectionPlan{.make = [name = plan.name] { return detect::AnyDetection{Stand{name}}; },
                              .grouping = grouping};
  };
}

std::string message_of(const std::string& detections, const RunOptions& options = {}) {
  try {
    static_cast<void>(run(parse_scenario(R"({"seed": 7, "start": "2026-03-02T14:00:00Z", "duration": "1m",
 "traffic": {"events": 10}, "world": {}, "budgets": [],
 "detections": )" + detections + "}",
                                         "tests/scenario/data/x.json"),
                          options));
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(PackScenario, NamesARuleOfAFolderBesideIt) {
  const Scenario scenario = load_scenario(file);
  const PackRulePlan& rule = scenario.detections.at(0).panther.value();
  EXPECT_EQ(rule.pack, "tests/scenario/data/pack");
  EXPECT_EQ(rule.rule, "Test.SecretRead");
  EXPECT_EQ(rule.place.line, 8U);
  EXPECT_EQ(rule.place.pointer, "/detections/0/panther/rule");
  EXPECT_FALSE(scenario.detections.at(1).panther.has_value());
}

TEST(PackScenario, TellsMistakesAtTheirPlace) {
  EXPECT_EQ(message_of(R"([{"name": "r", "panther": {"pack": "no-pack", "rule": "R"}}])"),
            "tests/scenario/data/x.json:3:51: at /detections/0/panther/pack: expected a folder of Panther "
            "rules, saw \"tests/scenario/data/no-pack\", which is none; paths begin in the scenario's own "
            "folder");
  EXPECT_EQ(
      message_of(R"([{"name": "r", "panther": {"pack": "pack"}}])"),
      "tests/scenario/data/x.json:3:42: at /detections/0/panther: expected the key \"rule\", saw no such "
      "key; add for example \"rule\": \"Company.EnrichedSecretRead\"");
  EXPECT_EQ(
      message_of(R"([{"name": "r", "panther": {"pack": "pack", "rule": "R"}, "match": {"share": 1}}])"),
      "tests/scenario/data/x.json:3:82: at /detections/0/match: expected no such key beside \"panther\", "
      "saw \"match\"; the rule's own code decides it: take it out");
}

TEST(PackScenario, NeedsABuildThatRunsPython) {
  EXPECT_EQ(
      message_of(R"([{"name": "r", "panther": {"pack": "pack", "rule": "Test.SecretRead"}}])"),
      "tests/scenario/data/x.json:3:67: at /detections/0/panther/rule: expected no rule in Python, as "
      "this build has no rushhour::panther, saw \"Test.SecretRead\"; build it where CMake finds CPython "
      "and yaml-cpp (Debian: python3-dev, libyaml-cpp-dev)");
}

TEST(PackScenario, RunsWhatItIsGiven) {
  const auto done = run(load_scenario(file), {.make_pack_detection = stand_in()});
  const sim::Outcomes& python = done->result.detections.at(0);
  const sim::Outcomes& native = done->result.detections.at(1);
  EXPECT_EQ(python.detection, "in Python");
  EXPECT_GT(python.matches, 0U);
  EXPECT_EQ(python.matches, native.matches);
  EXPECT_EQ(python.alerts, 1U);
  EXPECT_EQ(native.alerts, 1U);
}

TEST(PackScenario, GroupsAsTheRuleSays) {
  const auto done =
      run(load_scenario(file), {.make_pack_detection = stand_in({.window = 1min, .threshold = 1'000})});
  const sim::Outcomes& python = done->result.detections.at(0);
  EXPECT_EQ(python.alerts, 0U);
  EXPECT_GT(python.windows, 5U);
}

TEST(PackScenario, SaysWhichRuleItAssumes) {
  const auto done = run(load_scenario(file), {.make_pack_detection = stand_in()});
  EXPECT_THAT(assumptions(*done),
              Contains(AllOf(Field(&Assumption::name, "detections.in Python.panther"),
                             Field(&Assumption::value, "Test.SecretRead of tests/scenario/data/pack"))));
}

}  // namespace
}  // namespace rushhour::scenario
