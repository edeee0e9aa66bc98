#include <rushhour/report/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

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
  for (const auto& [key, child] : value.items()) walk(child, pointer + "/" + key, visit);
}

class JsonReport : public ::testing::Test {
 protected:
  JsonReport() { runs_.add(tiny); }
  [[nodiscard]] Json report() const { return Json::parse(json(runs_.all())); }

  Runs runs_;
};

// scenarios/report.schema.json describes these files; tests/scenario/schema_test.py holds this one against
// it.
TEST_F(JsonReport, IsAsCheckedIn) { expect_golden(json(runs_.all()), "tests/report/tiny.report.json"); }

TEST_F(JsonReport, BeginsWithItsFormat) {
  EXPECT_THAT(keys_of(report()), ElementsAre("format", "runs"));
  EXPECT_EQ(report()["format"], "rushhour.report/1");
  EXPECT_TRUE(json(runs_.all()).ends_with("}\n"));
}

TEST_F(JsonReport, HasTheKeysOfARun) {
  const Json run = report()["runs"][0];
  EXPECT_THAT(keys_of(run),
              ElementsAre("scenario", "scenario_digest", "seed", "start", "duration_seconds", "events",
                          "workers", "first_arrival", "last_arrival", "end", "longest_wait_nanoseconds",
                          "digest", "operations", "detections", "budgets", "damaged_records"));
  EXPECT_THAT(keys_of(run["operations"][0]),
              ElementsAre("service", "operation", "calls", "attempts", "accepted", "throttled", "ok",
                          "errors", "amplification", "first_throttle", "limits"));
  EXPECT_THAT(keys_of(run["operations"][0]["attempts"]),
              ElementsAre("total", "peak_per_second", "peak_per_10s", "peak_per_minute", "peak_per_hour",
                          "peak_per_day"));
  EXPECT_THAT(keys_of(run["operations"][0]["limits"][0]),
              ElementsAre("limit", "window_seconds", "calendar_month", "burst", "scope", "peak_attempts",
                          "headroom", "evidence", "source"));
  EXPECT_THAT(keys_of(run["detections"][0]),
              ElementsAre("name", "events", "alerts", "intact", "degraded", "missed", "calls", "first_error",
                          "first_error_event"));
  EXPECT_THAT(keys_of(run["budgets"][0]),
              ElementsAre("expr", "why", "holds", "never_called", "measured", "bound"));
}

TEST_F(JsonReport, HoldsIntegersOnly) {
  runs_.add(naive, {.events = 2'000}).add(alert_context_only, {.events = 2'000});
  walk(report(), "", [](const Json& value, const std::string& pointer) {
    EXPECT_FALSE(value.is_number_float()) << pointer << ": " << value;
    if (!pointer.ends_with("/amplification") && !pointer.ends_with("/headroom") &&
        !pointer.ends_with("/measured") && !pointer.ends_with("/bound")) {
      return;
    }
    if (value.is_null()) return;
    ASSERT_EQ(value.size(), 2U) << pointer;
    const Ratio ratio{value[0].get<std::uint64_t>(), value[1].get<std::uint64_t>()};
    EXPECT_EQ(ratio.reduced().denominator, ratio.denominator) << pointer << " is not reduced";
  });
}

TEST_F(JsonReport, SaysWhatTheRunMeasured) {
  const Json run = report()["runs"][0];
  EXPECT_EQ(run["scenario"], "tiny");
  EXPECT_EQ(run["seed"], 7);
  EXPECT_EQ(run["start"], "2026-03-02T14:00:00.000000000Z");
  EXPECT_EQ(run["duration_seconds"], 60);
  EXPECT_EQ(run["events"], 60);
  EXPECT_EQ(run["workers"], 4);
  EXPECT_EQ(run["digest"], runs_[0].digest);
  for (const Json& operation : run["operations"]) {
    EXPECT_EQ(operation["attempts"]["total"].get<std::uint64_t>(),
              operation["accepted"]["total"].get<std::uint64_t>() +
                  operation["throttled"]["total"].get<std::uint64_t>());
  }
  EXPECT_EQ(run["detections"][1]["alerts"], 6);
  EXPECT_EQ(run["budgets"][0]["expr"], "sts.throttled == 0");
  EXPECT_EQ(run["budgets"][0]["holds"], false);
  EXPECT_EQ(run["budgets"][1]["bound"], Json::array({3'000, 1}));
  const Json& limits = run["operations"][0]["limits"];
  EXPECT_EQ(limits[0]["limit"], 1);
  EXPECT_EQ(limits[0]["evidence"], "CHOICE");
  EXPECT_EQ(limits[0]["source"], "the scenario");
}

TEST_F(JsonReport, KeepsRunsInOrder) {
  runs_.add(naive, {.events = 100});
  const Json runs = report()["runs"];
  EXPECT_EQ(runs[0]["scenario"], "tiny");
  EXPECT_EQ(runs[1]["scenario"], "naive-enrichment");
}

TEST_F(JsonReport, IsWellFormedWhateverAnErrorSays) {
  runs_[0].result.detections[0].first_error = "not UTF-8: \xFF";
  EXPECT_EQ(report()["runs"][0]["detections"][0]["first_error"], "not UTF-8: \xEF\xBF\xBD");
}

TEST_F(JsonReport, HasNoArrivalsWithoutEvents) {
  runs_[0].result = {};
  EXPECT_TRUE(report()["runs"][0]["first_arrival"].is_null());
  EXPECT_TRUE(report()["runs"][0]["last_arrival"].is_null());
}

}  // namespace
}  // namespace rushhour::report
