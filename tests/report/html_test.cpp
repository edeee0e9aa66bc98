#include <rushhour/report/html.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/report/json.hpp>
#include <rushhour/report/swept.hpp>

#include "runs.hpp"

namespace rushhour::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

constexpr std::string_view page =
    "<title>{{title}}</title><meta content=\"{{policy}}\"><style>{{style}}</style><pre>{{text}}</pre>"
    "<script "
    "type=\"application/json\">{{data}}</script><script>{{library}}</script><script>{{script}}</script>"
    "rushhour {{version}}";

PageAssets assets() {
  return {.page = page, .style = "body {}", .library = "library()", .script = "draw()", .version = "1.2.3"};
}

std::string between(const std::string& text, std::string_view open, std::string_view close) {
  const std::size_t from = text.find(open);
  if (from == std::string::npos) return {};
  const std::size_t begin = from + open.size();
  return text.substr(begin, text.find(close, begin) - begin);
}

Json data_of(const std::string& made) {
  return Json::parse(between(made, "<script type=\"application/json\">", "</script>"));
}

scenario::Baseline baseline(std::string digest) {
  return {.scenario = "tiny",
          .scenario_digest = "00",
          .seed = 7,
          .digest = std::move(digest),
          .numbers = {{"sts.attempts.total", "3"}},
          .trail = {{"2026-03-02T14:00:00Z", "11 from event 1: sts:AssumeRole ok 3"}}};
}

class HtmlPage : public ::testing::Test {
 protected:
  HtmlPage() { runs.add(tiny); }

  Runs runs;
};

TEST_F(HtmlPage, PutsEachPartInItsPlace) {
  const std::string made = html(runs.all(), assets());
  EXPECT_THAT(made, HasSubstr("<title>tiny</title>"));
  EXPECT_THAT(made, HasSubstr("<style>body {}</style>"));
  EXPECT_THAT(made, HasSubstr("<script>library()</script><script>draw()</script>rushhour 1.2.3"));
  EXPECT_THAT(made, Not(HasSubstr("{{")));
}

TEST_F(HtmlPage, HoldsTheReportAsItIs) {
  EXPECT_EQ(data_of(html(runs.all(), assets()))["report"], Json::parse(json(runs.all())));
}

TEST_F(HtmlPage, HasOneOfEachForEveryRun) {
  runs.add(queued);
  const Json data = data_of(html(runs.all(), assets()));
  for (const char* const key : {"files", "replay", "verdicts", "timelines"})
    EXPECT_EQ(data[key].size(), 2U) << key;
  EXPECT_EQ(data["files"][1], queued);
  EXPECT_EQ(data["verdicts"][0].size(), data["report"]["runs"][0]["budgets"].size());
  EXPECT_EQ(data["comparisons"], Json::array());
  EXPECT_EQ(data["sweeps"], Json::array());
}

TEST_F(HtmlPage, IsTheSameBytesForTheSameRuns) {
  const std::string first = html(runs.all(), assets());
  EXPECT_EQ(first, html(runs.all(), assets()));
  Runs again;
  again.add(tiny);
  EXPECT_EQ(first, html(again.all(), assets()));
}

TEST_F(HtmlPage, LetsNothingRunButItsScripts) {
  const std::string policy = between(html(runs.all(), assets()), "<meta content=\"", "\"");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  // echo -n 'library()' | openssl dgst -sha256 -binary | base64
  EXPECT_THAT(policy, HasSubstr("script-src 'sha256-OVJZbKe7IbGIjJOcCS8Y/olzwkHUg92SgBqWgLqMEPk=' "
                                "'sha256-jm3FkV4tNIdBUr8jRVVl5n9PUixlaxTWD0pdpFiSH5A='"));
  EXPECT_THAT(policy, HasSubstr("style-src 'sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT+SmwNZWA='"));
}

TEST_F(HtmlPage, EndsNoScriptEarly) {
  runs[0].scenario.name = "</script><script>alert(1)</script><!--";
  const std::string made = html(runs.all(), assets());
  EXPECT_THAT(made, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(made, Not(HasSubstr("<!--")));
  EXPECT_THAT(made, HasSubstr("<title>&lt;/script&gt;"));
  EXPECT_EQ(data_of(made)["report"]["runs"][0]["scenario"], "</script><script>alert(1)</script><!--");
}

TEST_F(HtmlPage, FillsNoPartTwice) {
  runs[0].scenario.name = "{{script}}";
  const std::string made = html(runs.all(), assets());
  EXPECT_THAT(made, HasSubstr("<title>{{script}}</title>"));
}

TEST_F(HtmlPage, TakesBytesThatAreNoText) {
  runs[0].scenario.name = "\xff";
  EXPECT_EQ(data_of(html(runs.all(), assets()))["report"]["runs"][0]["scenario"], "\xEF\xBF\xBD");
}

TEST_F(HtmlPage, WritesCurvesAsRunLengths) {
  runs[0].timeline = measure::Timeline{.begin = parse_iso8601("2026-03-02T14:00:00Z").value(),
                                       .width = std::chrono::seconds{1},
                                       .stretches = 6,
                                       .curves = {{"sts.attempts", "attempts", {3, 0, 0, 0, 5, 5}}}};
  const Json timeline = data_of(html(runs.all(), assets()))["timelines"][0];
  EXPECT_EQ(timeline["begin"], "2026-03-02T14:00:00.000000000Z");
  EXPECT_EQ(timeline["width_nanoseconds"], 1'000'000'000);
  EXPECT_EQ(timeline["stretches"], 6);
  EXPECT_EQ(timeline["curves"][0]["name"], "sts.attempts");
  EXPECT_EQ(timeline["curves"][0]["unit"], "attempts");
  EXPECT_EQ(timeline["curves"][0]["values"], "3 0x3 5x2");
}

TEST_F(HtmlPage, SaysThatNoCurvesWereKept) {
  EXPECT_TRUE(data_of(html(runs.all(), assets()))["timelines"][0].is_null());
}

TEST_F(HtmlPage, ShowsTheBaselineBesideTheRun) {
  PageComparison comparison{
      .file = "baselines/tiny.lock.json", .before = baseline("aa"), .after = baseline("bb")};
  comparison.after.trail = {{"2026-03-02T14:00:00Z", "12 from event 1: sts:AssumeRole ok 4"},
                            {"2026-03-02T14:01:00Z", "13 from event 5: sts:AssumeRole ok 1"}};
  comparison.found = scenario::compare(comparison.before, comparison.after);
  const Json made = data_of(html(runs.all(), assets(), {.comparisons = {comparison}}))["comparisons"][0];
  EXPECT_EQ(made["file"], "baselines/tiny.lock.json");
  EXPECT_EQ(made["kind"], "changed");
  EXPECT_EQ(made["divergence"]["begin"], "2026-03-02T14:00:00Z");
  ASSERT_EQ(made["trail"].size(), 2U);
  EXPECT_EQ(made["trail"][0]["before"], "11 from event 1: sts:AssumeRole ok 3");
  EXPECT_EQ(made["trail"][1]["before"], "");
  EXPECT_EQ(made["trail"][1]["after"], "13 from event 5: sts:AssumeRole ok 1");
}

TEST_F(HtmlPage, KeepsOfOtherValuesWhatItsChartsNeed) {
  SweptRun swept_run = swept(runs[0], "1/4");
  EXPECT_EQ(swept_run.value, "1/4");
  EXPECT_EQ(swept_run.events, runs[0].result.delivery.delivered);
  const Json report = Json::parse(json(runs.all()))["runs"][0];
  ASSERT_EQ(swept_run.services.front().service, report["operations"][0]["service"]);
  EXPECT_EQ(swept_run.services.front().attempts, report["operations"][0]["attempts"]["total"]);
  EXPECT_EQ(swept_run.processed, report["events"]["processed"]);
  EXPECT_EQ(swept_run.missed, report["losses"]["missed"]);

  const Json made = data_of(html(runs.all(), assets(), {.sweeps = {{.demand = {swept_run}}}}))["sweeps"][0];
  EXPECT_EQ(made["demand"][0]["value"], "1/4");
  EXPECT_EQ(made["demand"][0]["services"][0]["attempts"], swept_run.services.front().attempts);
  EXPECT_EQ(made["policies"], Json::array());
}

}  // namespace
}  // namespace rushhour::report
