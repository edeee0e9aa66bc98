// The files that CI servers and their services read: summary, SARIF, benchmarks, JUnit over seeds, and the
// text over seeds. outputs_test.py reads them as their consumers do.

#include <rushhour/report/benchmark.hpp>
#include <rushhour/report/junit.hpp>
#include <rushhour/report/sarif.hpp>
#include <rushhour/report/seeds.hpp>
#include <rushhour/report/summary.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/report/detail/json_number.hpp>

#include "runs.hpp"

namespace rushhour::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;

class CiFiles : public ::testing::Test {
 protected:
  CiFiles() { runs.add(tiny); }
  [[nodiscard]] std::vector<Judged> all() const { return judged(runs.all()); }
  [[nodiscard]] Json sarif_json(const SarifOptions& options = {}) const {
    return Json::parse(sarif(all(), options)).at("runs").at(0);
  }

  Runs runs;
};

using Summary = CiFiles;
using Sarif = CiFiles;
using Benchmark = CiFiles;

TEST_F(Summary, BeginsWithTheVerdict) {
  EXPECT_THAT(summary(all()), StartsWith("## :x: rushhour: 2 of 3 budgets broken\n"));
  for (scenario::JudgedBudget& each : runs[0].budgets) each.verdict.holds = true;
  EXPECT_THAT(summary(all()), StartsWith("## :white_check_mark: rushhour: all 3 budgets hold\n\n### tiny\n"));
  runs[0].interrupted = true;
  EXPECT_THAT(summary(all()),
              StartsWith("## :x: rushhour: all 3 budgets hold, of runs that were interrupted\n"));
}

TEST_F(Summary, ShowsTheFixOfABrokenBudget) {
  runs[0].budgets[0].fix = scenario::Fix{.text = "a | b", .costs = {"c"}};
  EXPECT_THAT(summary(all()), HasSubstr(" a &#124; b<br>costs: c |\n"));
}

TEST_F(Summary, LeavesOutWholeLinesOfWhatIsTooLong) {
  const std::string whole = summary(all());
  for (const std::size_t most : {whole.size() - 1, whole.size() / 2, std::size_t{100}}) {
    const std::string cut = summary(all(), most);
    EXPECT_LE(cut.size(), most);
    EXPECT_THAT(cut, ::testing::EndsWith("\n\n_The rest is left out: GitHub takes no more._\n"));
    const std::string kept = cut.substr(0, cut.rfind("\n\n_The rest"));
    EXPECT_THAT(whole, StartsWith(kept + "\n"));
  }
  EXPECT_EQ(summary(all(), whole.size()), whole);
  EXPECT_EQ(summary(all(), 10), "");
}

TEST_F(Sarif, HasARuleABudgetAndAResultForEachThatIsBroken) {
  const Json run = sarif_json({.version = "1.2.3"});
  const Json& driver = run["tool"]["driver"];
  EXPECT_EQ(driver["semanticVersion"], "1.2.3");
  ASSERT_EQ(driver["rules"].size(), 3U);
  EXPECT_EQ(driver["rules"][1]["id"], "tiny/secretsmanager.attempts.per_second.max <= 30% of limit");
  EXPECT_EQ(driver["rules"][0]["fullDescription"]["text"],
            "a throttled AssumeRole costs boto3 up to 9.5 s of sleep");
  ASSERT_EQ(run["results"].size(), 2U);
  EXPECT_EQ(run["results"][1]["ruleIndex"], 2);
  EXPECT_EQ(run["results"][1]["ruleId"], driver["rules"][2]["id"]);
  EXPECT_THAT(run["results"][0]["message"]["text"].get<std::string>(), HasSubstr("\nagain: rushhour run "));
  EXPECT_FALSE(run["results"][0].contains("relatedLocations"));
}

TEST_F(Sarif, PointsAtTheLineThatCallsWithTheBudgetBesideIt) {
  ASSERT_GE(runs[0].budgets[2].culprits.size(), 2U);
  runs[0].budgets[2].culprits[0].site = "rules/a b%.py:31";
  runs[0].budgets[2].culprits[1].site = "/usr/lib/rules/c.py:4";
  const Json result = sarif_json()["results"][1];
  const Json& place = result["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "rules/a%20b%25.py");
  EXPECT_EQ(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
  EXPECT_EQ(place["region"]["startLine"], 31);
  EXPECT_EQ(result["locations"][0]["logicalLocations"][0]["name"], "every-second-event");
  const Json& related = result["relatedLocations"];
  ASSERT_EQ(related.size(), 2U);
  EXPECT_EQ(related[0]["physicalLocation"]["region"]["startLine"], 21);
  EXPECT_EQ(related[0]["message"]["text"], "the budget");
  EXPECT_EQ(related[1]["physicalLocation"]["artifactLocation"],
            (Json{{"uri", "file:///usr/lib/rules/c.py"}}));
}

TEST_F(Sarif, KeepsTheFingerprintOfABudgetWhateverBreaksIt) {
  const auto print = [&] {
    return sarif_json()["results"][0]["partialFingerprints"]["rushhourBudget/v1"].get<std::string>();
  };
  const std::string before = print();
  runs[0].budgets[0].culprits.clear();
  runs[0].budgets[0].verdict.text = "fails: other";
  EXPECT_EQ(print(), before);
  runs[0].budgets.insert(runs[0].budgets.begin(), runs[0].budgets[0]);
  const Json results = sarif_json()["results"];
  EXPECT_NE(results[0]["partialFingerprints"], results[1]["partialFingerprints"]) << "the same budget twice";
}

TEST_F(Benchmark, HasTheNumbersOfWhichLessIsBetter) {
  const Json entries = Json::parse(benchmark_action(all()));
  EXPECT_EQ(entries[0],
            (Json{{"name", "tiny: sts.attempts"},
                  {"unit", "attempts"},
                  {"value", runs[0].metrics->find(scenario::parse_selector("sts.attempts"))->of(1)},
                  {"extra", "rushhour run tests/report/tiny.json --seed 7 --events 60"}}));
  for (const Json& entry : entries) {
    EXPECT_THAT(entry["name"].get<std::string>(), Not(HasSubstr("alerts")));
    EXPECT_THAT(entry["name"].get<std::string>(), Not(HasSubstr("dynamodb"))) << "never called";
  }
}

TEST_F(Benchmark, TellsScenariosOfOneNameApart) {
  runs.again(0);
  const Json numbers = Json::parse(bencher(all()));
  EXPECT_EQ(numbers.size(), 2U);
  EXPECT_EQ(numbers["tiny"], numbers["tiny (2)"]);
  EXPECT_TRUE(numbers["tiny"].contains("detections.alerts"));
  EXPECT_EQ(Json::parse(bencher({})), Json::object());
  EXPECT_EQ(Json::parse(benchmark_action({})), Json::array());
}

TEST(JsonNumbers, AreExactToBillionths) {
  EXPECT_EQ(detail::json_number({7, 1}), "7");
  EXPECT_EQ(detail::json_number({7, 2}), "3.5");
  EXPECT_EQ(detail::json_number({1, 3}), "0.333333333");
  EXPECT_EQ(detail::json_number({20'000'000'001, 10'000'000'000}), "2") << "cut";
  EXPECT_EQ(detail::json_number({~std::uint64_t{0}, 1}), "18446744073709551615");
}

class OverSeeds : public ::testing::Test {
 protected:
  OverSeeds() : runs(scenario::run_seeds({scenario::load_scenario(queued)}, {.seeds = 3})) {}

  std::vector<scenario::SeededRuns> runs;
};

TEST_F(OverSeeds, JunitHasACaseABudgetAndSeed) {
  const std::string xml = junit(judged(runs));
  EXPECT_THAT(xml, HasSubstr("tests=\"12\""));
  EXPECT_THAT(xml, HasSubstr("<property name=\"seeds\" value=\"3\"/>"));
  EXPECT_THAT(xml, HasSubstr("name=\"recovery.seconds &lt;= 1m [seed 9]\""));
}

TEST_F(OverSeeds, JunitFailsByWhatDecides) {
  for (auto* const budgets : {&runs[0].budgets, &runs[0].seeds[0].budgets}) {
    (*budgets)[0].plan.budget.seeds = scenario::Seeds::mean;
    (*budgets)[0].verdict = {.text = "fails: by hand"};
  }
  const std::string xml = junit(judged(runs));
  EXPECT_THAT(xml, HasSubstr("tests=\"13\""));
  EXPECT_THAT(
      xml,
      HasSubstr(
          "[seed 7]\">\n      <system-out>broken with this seed, which does not decide: fails: by hand"));
  EXPECT_THAT(xml,
              HasSubstr("[mean of seeds]\">\n      <failure message=\"fails: by hand\" type=\"budget\">"));
  EXPECT_THAT(
      xml,
      HasSubstr("again: rushhour run tests/report/queued.json --seed 7 --events 120 --seeds 3</failure>"));
}

TEST_F(OverSeeds, TheTextHasVerdictBudgetsAndNumbers) {
  const std::string text = seeds(runs);
  EXPECT_THAT(text, StartsWith("FAIL  queued, seeds 7 to 9: 1 of 4 budgets broken, and 1 warning\n"));
  EXPECT_THAT(
      text, HasSubstr("                                                  mean        least         most\n"));
  EXPECT_THAT(text, HasSubstr("\n  one seed: rushhour run tests/report/queued.json --seed 7 --events 120\n"));
  EXPECT_THAT(seeds(runs, {.brief = true}), Not(HasSubstr("mean")));
}

TEST(StoppedSeeds, AreReportedAsFarAsTheyCame) {
  std::atomic<bool> stop{false};
  scenario::SeedsOptions options{.seeds = 5, .jobs = 1};
  options.run.stop = &stop;
  options.progress = [&](std::size_t done, std::size_t) { stop = done >= 2; };
  const auto some = scenario::run_seeds({scenario::load_scenario(queued)}, options);
  EXPECT_TRUE(some[0].interrupted);
  EXPECT_EQ(some[0].seeds.size(), 2U);
  EXPECT_THAT(seeds(some), StartsWith("PART  queued, seeds 7 to 8: interrupted, so far "));
  options.progress = {};
  stop = true;
  const auto none = scenario::run_seeds({scenario::load_scenario(queued)}, options);
  EXPECT_TRUE(none[0].interrupted);
  EXPECT_EQ(none[0].seeds.size(), 1U);
}

}  // namespace
}  // namespace rushhour::report
