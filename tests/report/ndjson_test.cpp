#include <rushhour/report/ndjson.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runs.hpp"

namespace rushhour::report {
namespace {

using Json = nlohmann::ordered_json;

std::unique_ptr<scenario::Run> timed(const std::string& path, scenario::Overrides overrides = {}) {
  return scenario::run(scenario::load_scenario(path, overrides), {.keep_timeline = true});
}

std::string series(const std::vector<std::unique_ptr<scenario::Run>>& runs) {
  std::vector<const scenario::Run*> pointers;
  for (const auto& run : runs) pointers.push_back(run.get());
  return ndjson(pointers);
}
std::string series(const scenario::Run& run) {
  const scenario::Run* const pointer = &run;
  return ndjson({&pointer, 1});
}

std::vector<Json> lines(std::string_view text) {
  std::vector<Json> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    EXPECT_NE(end, std::string_view::npos) << "every line ends";
    out.push_back(Json::parse(text.substr(0, end)));
    text.remove_prefix(std::min(end, text.size() - 1) + 1);
  }
  return out;
}

TEST(Ndjson, BeginsWithWhatTheCurvesAre) {
  const auto run = timed(tiny);
  const std::vector<Json> all = lines(series(*run));
  ASSERT_FALSE(all.empty());
  const Json& header = all.front();
  EXPECT_EQ(header["format"], "rushhour.series/1");
  EXPECT_EQ(header["scenario"], "tiny");
  EXPECT_EQ(header["seed"], run->scenario.seed);
  EXPECT_EQ(header["begin"], "2026-03-02T14:00:00Z");
  EXPECT_EQ(header["width_milliseconds"], 1'000);
  EXPECT_EQ(header["stretches"], all.size() - 1);
  EXPECT_EQ(header["units"]["sts.attempts"], "attempts");
  EXPECT_EQ(header["units"]["events.arrived"], "events");
  EXPECT_EQ(header["units"].size(), run->timeline->curves.size());
}

TEST(Ndjson, HasALineForEachStretchWithEveryCurve) {
  const auto run = timed(tiny);
  const std::vector<Json> all = lines(series(*run));
  for (std::size_t stretch = 0; stretch < run->timeline->stretches; ++stretch) {
    const Json& line = all[stretch + 1];
    EXPECT_EQ(line["t"], stretch);
    EXPECT_EQ(line["at"], to_iso8601(run->scenario.start + std::chrono::seconds{stretch}));
    EXPECT_EQ(line.size(), 2 + run->timeline->curves.size());
    for (const measure::Curve& curve : run->timeline->curves)
      EXPECT_EQ(line[curve.name], curve.values[stretch]) << curve.name;
  }
}

TEST(Ndjson, PutsRunsOneAfterTheOther) {
  std::vector<std::unique_ptr<scenario::Run>> runs;
  runs.push_back(timed(tiny));
  runs.push_back(timed(tiny, {.seed = 8}));
  EXPECT_EQ(series(runs), series(*runs[0]) + series(*runs[1]));
  EXPECT_EQ(lines(series(*runs[1])).front()["seed"], 8);
}

TEST(Ndjson, IsTheSameBytesTwice) { EXPECT_EQ(series(*timed(queued)), series(*timed(queued))); }

TEST(Ndjson, SaysNothingOfARunWithoutTimeline) {
  EXPECT_EQ(series(*scenario::run(scenario::load_scenario(tiny))), "");
}

TEST(Ndjson, CountsSecondsByTheWidthOfTheStretches) {
  scenario::Run run;
  run.scenario.name = "caf\xe9 \"x\"";
  run.timeline = measure::Timeline{.begin = Instant{std::chrono::seconds{20'514 * 86'400}},
                                   .width = std::chrono::seconds{30},
                                   .stretches = 2,
                                   .curves = {{.name = "sts.ok", .unit = "attempts", .values = {0, 12}}}};
  EXPECT_EQ(series(run),
            "{\"format\":\"rushhour.series/1\",\"scenario\":\"caf\xEF\xBF\xBD \\\"x\\\"\",\"seed\":0,"
            "\"begin\":\"2026-03-02T00:00:00Z\",\"width_milliseconds\":30000,\"stretches\":2,"
            "\"units\":{\"sts.ok\":\"attempts\"}}\n"
            "{\"at\":\"2026-03-02T00:00:00Z\",\"t\":0,\"sts.ok\":0}\n"
            "{\"at\":\"2026-03-02T00:00:30Z\",\"t\":30,\"sts.ok\":12}\n");
}

}  // namespace
}  // namespace rushhour::report
