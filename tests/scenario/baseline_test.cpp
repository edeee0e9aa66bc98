// What a run leaves for a later one to be compared with, and what a comparison says.

#include <rushhour/scenario/baseline.hpp>

#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/gtest.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/report/comparison.hpp>
#include <rushhour/scenario/scenario.hpp>

namespace rushhour::scenario {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Kind = Comparison::Kind;

Baseline baseline_with(const std::string& match_share, const Overrides& overrides = {}) {
  const std::string text =
      R"({"seed": 7, "start": "2026-03-02T14:00:00Z", "duration": "3m", "traffic": {"events": 3000},)"
      R"( "detections": [{"name": "reads", "strategy": "alert_context_only", "match": {"share": )" +
      match_share + R"(}}], "world": {}, "budgets": []})";
  return baseline_of(*run(parse_scenario(text, "x.json", overrides), {.keep_trail = true}));
}
Baseline small() { return baseline_with("0.02"); }

/// As if the code had been another.
Baseline changed(Baseline of, const std::string& name, const std::string& value) {
  for (BaselineNumber& each : of.numbers) {
    if (each.name == name) each.value = value;
  }
  return of;
}

TEST(Baseline, IsTheSameForTheSameRun) {
  const Baseline first = small();
  EXPECT_EQ(to_json(first), to_json(small()));
  EXPECT_EQ(compare(first, small()).kind, Kind::identical);
}

TEST(Baseline, SurvivesItsFile) {
  const Baseline made = small();
  const Baseline read = parse_baseline(to_json(made), "x.lock.json");
  EXPECT_EQ(to_json(read), to_json(made));
  EXPECT_EQ(read.numbers, made.numbers);
  EXPECT_EQ(read.trail, made.trail);
  EXPECT_EQ(read.callers, made.callers);
  EXPECT_EQ(read.signs, made.signs);
  EXPECT_EQ(compare(read, made).kind, Kind::identical);
}

TEST(Baseline, HoldsWhatBudgetsCanNameAndTheCallsOfEachRule) {
  const Baseline made = small();
  EXPECT_THAT(made.numbers, Contains(BaselineNumber{"detections.matches.total", "60"}));
  EXPECT_THAT(made.numbers, Contains(BaselineNumber{"sts.calls.total", "60"}));
  EXPECT_THAT(made.numbers, Contains(BaselineNumber{"sts{rule='reads'}.calls.total", "60"}));
  EXPECT_EQ(made.trail.size(), 3U);
  EXPECT_EQ(made.trail[0].begin, "2026-03-02T14:00:00Z");
  EXPECT_THAT(made.trail[0].decisions, HasSubstr("sts:AssumeRole ok"));
  EXPECT_TRUE(std::is_sorted(made.numbers.begin(), made.numbers.end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));
}

TEST(Baseline, OfAnotherScenarioIsIncomparable) {
  const Comparison found = compare(small(), baseline_with("0.04"));
  EXPECT_EQ(found.kind, Kind::incomparable);
  EXPECT_THAT(found.changes, IsEmpty()) << "differences between two scenarios say nothing";
}

TEST(Baseline, OfAnotherSeedIsAChange) {
  const Comparison found = compare(small(), baseline_with("0.02", {.seed = 8}));
  EXPECT_EQ(found.kind, Kind::changed);
  ASSERT_FALSE(found.changes.empty());
  EXPECT_EQ(found.changes.front(), (Change{"seed", "7", "8"}));
  ASSERT_TRUE(found.divergence);
  EXPECT_EQ(found.divergence->begin, "2026-03-02T14:00:00Z");
}

TEST(Baseline, NamesTheGreatestChangeFirst) {
  const Baseline before = small();
  Baseline after = changed(before, "sts.calls.total", "90");
  after = changed(after, "detections.matches.total", "61");
  after.numbers.push_back({"sts.denied.total", "5"});
  const Comparison found = compare(before, after);
  EXPECT_EQ(found.kind, Kind::changed);
  EXPECT_THAT(found.changes,
              ElementsAre(Change{"sts.denied.total", "0", "5"}, Change{"sts.calls.total", "60", "90"},
                          Change{"detections.matches.total", "60", "61"}));
}

/// That fewer calls are made is a change, too: the baseline no longer says what is true.
TEST(Baseline, TakesAnImprovementForAChange) {
  const Baseline before = small();
  EXPECT_EQ(compare(before, changed(before, "sts.calls.total", "1")).kind, Kind::changed);
}

TEST(Baseline, FindsWhereTwoRunsPart) {
  const Baseline before = small();
  Baseline after = before;
  after.trail[1].decisions = "0000 from event 9: sts:AssumeRole ok 1";
  Comparison found = compare(before, after);
  EXPECT_EQ(found.kind, Kind::changed) << "the same numbers, but not the same decisions";
  ASSERT_TRUE(found.divergence);
  EXPECT_EQ(found.divergence->begin, "2026-03-02T14:01:00Z");
  EXPECT_EQ(found.divergence->before, before.trail[1].decisions);
  EXPECT_EQ(found.divergence->after, after.trail[1].decisions);

  after = before;
  after.trail.erase(after.trail.begin());
  found = compare(before, after);
  ASSERT_TRUE(found.divergence);
  EXPECT_EQ(found.divergence->begin, before.trail[0].begin);
  EXPECT_EQ(found.divergence->after, "") << "in the second run nobody called so early";
}

TEST(Baseline, HoldsWhoCallsFromWhichLine) {
  const Baseline made = small();
  ASSERT_TRUE(made.callers);
  ASSERT_EQ(made.callers->size(), 3U);
  const Caller& first = made.callers->front();
  EXPECT_EQ(first.detection, "reads");
  EXPECT_EQ(first.function, "alert_context");
  EXPECT_EQ(first.operation, "secretsmanager:GetSecretValue");
  EXPECT_THAT(first.site, StartsWith("include/rushhour/detect/guide_enrichment.hpp:"));
  EXPECT_EQ(first.calls, 60U);
}

TEST(Baseline, IsTheSameWhereALineHasMoved) {
  const Baseline before = small();
  Baseline after = before;
  for (Caller& each : *after.callers) each.site += "0";
  EXPECT_EQ(compare(before, after).kind, Kind::identical);
}

TEST(Baseline, WithoutCallersAndSignsIsStillRead) {
  Baseline older = small();
  older.callers.reset();
  older.signs.reset();
  const Baseline read = parse_baseline(to_json(older), "x.lock.json");
  EXPECT_EQ(read.callers, std::nullopt);
  EXPECT_EQ(read.signs, std::nullopt);
  EXPECT_EQ(compare(read, small()).kind, Kind::identical);
}

TEST(Baseline, TellsTheCallAtWhichTwoRunsPart) {
  const Baseline before = small();
  const Baseline after = baseline_with("0.02", {.seed = 8});
  const std::optional<Divergence> found =
      compare(parse_baseline(to_json(before), "x.lock.json"), after).divergence;
  ASSERT_TRUE(found && found->parting);
  EXPECT_EQ(found->parting->no_later, 1U) << "with another seed the first event is another";
  ASSERT_TRUE(found->first_other);
  EXPECT_EQ(found->first_other->number, 1U);
  EXPECT_NE(found->first_other->event, 0U);
  EXPECT_EQ(found->first_other->operation, "sts:AssumeRole");
}

TEST(Baseline, StandsBesideItsScenario) {
  EXPECT_EQ(baseline_path("scenarios/naive-enrichment.json"),
            "scenarios/baselines/naive-enrichment.lock.json");
  EXPECT_EQ(baseline_path("x.json"), "baselines/x.lock.json");
  EXPECT_EQ(baseline_path("scenarios/x.json", "ci"), "ci/x.lock.json");
}

TEST(Baseline, ThatIsNoneIsRefusedWithItsPlace) {
  EXPECT_THAT([] { static_cast<void>(parse_baseline(R"({"format": "rushhour.report/1"})", "x.lock.json")); },
              ::testing::ThrowsMessage<InputError>(HasSubstr("x.lock.json:1")));
  EXPECT_THAT(
      [] {
        static_cast<void>(
            parse_baseline(R"({"format": "rushhour.report/1", "numbers": {}, "trail": {}})", "x.lock.json"));
      },
      ::testing::ThrowsMessage<InputError>(HasSubstr("rushhour.baseline/1")));
}

TEST(ComparisonText, SaysWhatChangedAndHowToAcceptIt) {
  const Baseline before = small();
  Baseline after = changed(before, "sts.calls.total", "90");
  after.trail[1].decisions = "0000 from event 9: sts:AssumeRole ok 1";
  const std::string said =
      report::text(compare(before, after), {.scenario = "x.json", .baseline = "x.lock.json"});
  EXPECT_EQ(said.substr(0, said.find('\n')), "baseline x.lock.json: changed, 1 number");
  EXPECT_THAT(said, HasSubstr("  the runs part in the stretch from 2026-03-02T14:01:00Z\n"));
  EXPECT_THAT(said, HasSubstr("    now     from event 9: sts:AssumeRole ok 1\n"));
  EXPECT_THAT(said, HasSubstr("  sts.calls.total  60 -> 90\n"));
  EXPECT_THAT(said, HasSubstr("  to accept: rushhour check x.json --accept\n"));
  EXPECT_EQ(report::text(compare(before, before), {.scenario = "x.json", .baseline = "x.lock.json"}),
            "baseline x.lock.json: identical\n");
}

TEST(ComparisonText, SaysAtWhichCallTheRunsPart) {
  const Baseline before = small();
  Baseline after = before;
  after.trail[0].decisions = "0000 from event 9: sts:AssumeRole ok 1";
  after.signs->all[16] = after.signs->all[16] == 'A' ? 'B' : 'A';
  after.marked[16] = {.number = 17,
                      .event = 6,
                      .at = "2026-03-02T14:00:00.064Z",
                      .operation = "sts:AssumeRole",
                      .outcome = "denied"};
  EXPECT_THAT(report::text(compare(before, after), {}),
              HasSubstr("  the runs part at call 17 (event 6, 2026-03-02T14:00:00.064Z), now\n"
                        "  sts:AssumeRole denied\n"
                        "  decided in the stretch from 2026-03-02T14:00:00Z\n"));
}

TEST(ComparisonText, NamesWhoCallsOtherwiseAndWhere) {
  const Baseline before = small();
  Baseline after = before;
  Caller more = after.callers->front();
  more.site = "rules/guide.py:31";
  after.callers->push_back(more);
  EXPECT_THAT(report::text(compare(before, after), {}),
              HasSubstr("  reads in alert_context() calls secretsmanager:GetSecretValue: 60 -> 120\n"
                        "    at rules/guide.py:31: 0 -> 60\n"));
}

TEST(ComparisonText, SaysWhereOneOfThemCallsNobody) {
  const Baseline before = small();
  Baseline after = before;
  after.trail.erase(after.trail.begin());
  const std::string said = report::text(compare(before, after), {});
  EXPECT_THAT(said, HasSubstr("    before  from event "));
  EXPECT_THAT(said, HasSubstr("    now     no call\n"));
}

TEST(ComparisonText, CountsWhatItDoesNotShow) {
  const Baseline before = small();
  Baseline after = before;
  for (int i = 0; i < 25; ++i) after.numbers.push_back({"z" + std::to_string(i), "1"});
  EXPECT_THAT(report::text(compare(before, after), {.changes_max = 20}), HasSubstr("and 5 numbers more"));
}

}  // namespace
}  // namespace rushhour::scenario
