#include <rushhour/report/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/scenario/assumptions.hpp>

#include "golden.hpp"
#include "runs.hpp"

namespace rushhour::report {
namespace {

using ::testing::ElementsAre;
using Json = nlohmann::ordered_json;

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

/// Every value below, with its pointer.
template <class Visit>
void walk(const Json& value, const std::string& pointer, const Visit& visit) {
  visit(value, pointer);
  if (!value.is_structured()) return;
  for (const auto& [key, child] : value.items())
    walk(child, std::string{pointer}.append("/").append(key), visit);
}

class JsonReport : public ::testing::Test {
 protected:
  JsonReport() {
    runs.add(tiny).add(queued).add(rules);
    runs[0].budgets.at(0).fix =
        scenario::Fix{.settings = {{"detections.0.skip_private", "true"}},
                      .text = "do not ask about addresses that are not public: 4 <= 4",
                      .costs = {"every-second-event: 3 more events not enriched"}};
  }
  [[nodiscard]] Json report() const { return Json::parse(json(runs.all())); }

  Runs runs;
};

// scenarios/report.schema.json describes these files; tests/scenario/schema_test.py holds this one against
// it, in which each of its keys occurs.
TEST_F(JsonReport, IsAsCheckedIn) { expect_golden(json(runs.all()), "tests/report/tiny.report.json"); }

TEST_F(JsonReport, BeginsWithItsFormat) {
  EXPECT_THAT(keys_of(report()), ElementsAre("format", "runs", "findings"));
  EXPECT_EQ(report()["format"], "rushhour.report/1");
  EXPECT_TRUE(json(runs.all()).ends_with("}\n"));
}

TEST_F(JsonReport, HasTheKeysOfARun) {
  const Json made = report();
  for (const Json& run : made["runs"]) {
    EXPECT_THAT(
        keys_of(run),
        ElementsAre("scenario", "scenario_digest", "seed", "start", "duration_seconds", "engine", "queued",
                    "first_arrival", "last_arrival", "end", "digest", "events", "damaged_records", "waiting",
                    "event_to_verdict_nanoseconds", "arrival_to_verdict_nanoseconds", "operations", "callers",
                    "quotas", "detections", "rules", "searches", "losses", "queue", "fleet", "feedback",
                    "recovery", "cost", "budgets", "assumptions"));
  }
}

TEST_F(JsonReport, HoldsIntegersOnly) {
  runs.add(naive, {.events = 2'000}).add(alert_context_only, {.events = 2'000});
  std::size_t ratios = 0;
  walk(report(), "", [&](const Json& value, const std::string& pointer) {
    EXPECT_FALSE(value.is_number_float()) << pointer << ": " << value;
    constexpr std::array<std::string_view, 11> names{
        "/amplification", "/headroom",      "/utilisation", "/measured", "/bound",    "/calls_per_alert",
        "/amount",        "/feedback/gain", "/share",       "/recall",   "/precision"};
    const bool is_ratio =
        std::any_of(names.begin(), names.end(), [&](auto name) { return pointer.ends_with(name); });
    if (!is_ratio || value.is_null()) return;
    ++ratios;
    ASSERT_EQ(value.size(), 2U) << pointer;
    const Ratio ratio{value[0].get<std::uint64_t>(), value[1].get<std::uint64_t>()};
    EXPECT_EQ(ratio.reduced().denominator, ratio.denominator) << pointer << " is not reduced";
  });
  EXPECT_GT(ratios, 50U);
}

TEST_F(JsonReport, SaysWhatTheRunMeasured) {
  const Json run = report()["runs"][0];
  EXPECT_EQ(run["scenario"], "tiny");
  EXPECT_EQ(run["seed"], 7);
  EXPECT_EQ(run["start"], "2026-03-02T14:00:00.000000000Z");
  EXPECT_EQ(run["duration_seconds"], 60);
  EXPECT_EQ(run["events"]["delivered"], 60);
  EXPECT_EQ(run["engine"], "custom");
  EXPECT_EQ(run["queue"], nullptr);
  EXPECT_EQ(run["recovery"], nullptr);
  EXPECT_EQ(run["digest"], runs[0].digest);
  for (const Json& operation : run["operations"]) {
    EXPECT_EQ(operation["attempts"]["total"].get<std::uint64_t>(),
              operation["accepted"]["total"].get<std::uint64_t>() +
                  operation["throttled"]["total"].get<std::uint64_t>());
  }
  EXPECT_EQ(run["detections"][1]["matches"], 6);
  EXPECT_EQ(run["budgets"][0]["expr"], "sts.throttled == 0");
  EXPECT_EQ(run["budgets"][0]["holds"], false);
  EXPECT_EQ(run["budgets"][0]["level"], "error");
  EXPECT_EQ(run["budgets"][0]["culprits"][0]["operation"], "sts:AssumeRole");
  EXPECT_EQ(run["budgets"][1]["bound"], Json::array({3'000, 1}));
  const Json& limits = run["operations"][0]["limits"];
  EXPECT_EQ(limits[0]["limit"], 1);
  EXPECT_EQ(limits[0]["evidence"], "CHOICE");
  EXPECT_EQ(limits[0]["source"], "the scenario");
}

TEST_F(JsonReport, AddsUp) {
  const Json made = report();
  for (const Json& run : made["runs"]) {
    const auto number = [](const Json& value) { return value.get<std::uint64_t>(); };
    for (const Json& each : run["detections"]) {
      EXPECT_EQ(number(each["matches"]), number(each["intact"]) + number(each["degraded"]) +
                                             number(each["skipped"]) + number(each["without_context"]));
    }
    const Json& events = run["events"];
    EXPECT_EQ(number(events["delivered"]),
              number(events["processed"]) + number(events["dead_lettered"]) + number(events["unserved"]));
    std::map<std::string, std::uint64_t> called;
    for (const Json& caller : run["callers"]) called[caller["operation"]] += number(caller["attempts"]);
    for (const Json& operation : run["operations"]) {
      const std::string name =
          operation["service"].get<std::string>() + ":" + operation["operation"].get<std::string>();
      EXPECT_EQ(number(operation["attempts"]["total"]), called[name]) << name;
      std::uint64_t drawn = 0;
      for (const Json& bucket : operation["curve"]["attempts"]) drawn += number(bucket);
      EXPECT_EQ(number(operation["attempts"]["total"]), drawn) << name;
      EXPECT_LE(operation["curve"]["attempts"].size(), 60U);
    }
    std::map<std::string, std::uint64_t> lost;
    for (const Json& row : run["losses"]["rows"]) lost[row["kind"]] += number(row["count"]);
    for (const char* const kind : {"degraded", "missed", "dead_lettered", "unserved"}) {
      EXPECT_EQ(number(run["losses"][kind]), lost[kind]) << kind;
    }
  }
}

TEST_F(JsonReport, TellsOfQueueFeedbackRecoveryAndCost) {
  const Json run = report()["runs"][1];
  EXPECT_EQ(run["engine"], "panther-oss-1.16");
  EXPECT_EQ(run["queue"]["messages"], runs[1].result.queue.messages);
  EXPECT_EQ(run["fleet"]["invocations"], runs[1].result.fleet.invocations);
  EXPECT_EQ(run["feedback"]["records_written"], runs[1].feedback->records_written);
  EXPECT_EQ(run["recovery"]["trigger_end"], "2026-03-02T14:00:30.000000000Z");
  EXPECT_EQ(run["recovery"]["recovered"], runs[1].metrics->recovered());
  EXPECT_EQ(run["cost"].back()["name"], "cost.total");
  EXPECT_EQ(run["cost"].back()["unit"], "USD");
  EXPECT_EQ(run["budgets"][1]["level"], "warn");
}

TEST_F(JsonReport, HoldsEveryAssumption) {
  const Json run = report()["runs"][0];
  EXPECT_EQ(run["assumptions"].size(), scenario::assumptions(runs[0]).size());
  EXPECT_THAT(keys_of(run["assumptions"][0]), ElementsAre("name", "value", "tag", "source"));
}

TEST_F(JsonReport, KeepsRunsInOrder) {
  runs.add(naive, {.events = 100});
  const Json listed = report()["runs"];
  EXPECT_EQ(listed[0]["scenario"], "tiny");
  EXPECT_EQ(listed[1]["scenario"], "queued");
  EXPECT_EQ(listed[2]["scenario"], "rules");
  EXPECT_EQ(listed[3]["scenario"], "naive-enrichment");
}

TEST_F(JsonReport, IsWellFormedWhateverAnErrorSays) {
  runs[0].result.losses.add(0, sim::LossKind::unserved, {}, 1, runs[0].result.end,
                            [] { return std::string{"not UTF-8: \xFF"}; });
  EXPECT_EQ(report()["runs"][0]["losses"]["rows"].back()["first_error"], "not UTF-8: \xEF\xBF\xBD");
}

TEST_F(JsonReport, HasNoArrivalsWithoutEvents) {
  runs[0].result = {};
  EXPECT_TRUE(report()["runs"][0]["first_arrival"].is_null());
  EXPECT_TRUE(report()["runs"][0]["last_arrival"].is_null());
}

TEST_F(JsonReport, ShowsTheFirstHundredLosses) {
  Runs many;
  many.add(naive, {.events = 2'000});
  const Json losses = Json::parse(json(many.all()))["runs"][0]["losses"];
  EXPECT_GT(losses["missed"].get<std::uint64_t>(), 100U);
  ASSERT_EQ(losses["first_entries"].size(), 100U);
  for (const Json& entry : losses["first_entries"])
    EXPECT_LT(entry["row"].get<std::size_t>(), losses["rows"].size());
}

}  // namespace
}  // namespace rushhour::report
