#include <rushhour/report/text.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "golden.hpp"
#include "runs.hpp"

namespace rushhour::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t columns = 80;
constexpr std::uint64_t events = 2'000;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void expect_well_set(const std::string& text) {
  for (const std::string& line : lines_of(text)) {
    EXPECT_LE(line.size(), columns) << line;
    EXPECT_FALSE(line.ends_with(' ')) << '"' << line << '"';
  }
  EXPECT_TRUE(text.ends_with('\n'));
}

TEST(TextReport, IsAsCheckedIn) {
  Runs runs;
  runs.add(tiny);
  expect_golden(text(runs.all()), "tests/report/tiny.txt");
}

TEST(TextReport, PutsDesignsSideBySide) {
  Runs runs;
  runs.add(naive, {.events = events}).add(alert_context_only, {.events = events});
  expect_golden(text(runs.all()), "tests/report/side_by_side.txt");
}

TEST(TextReport, IsEightyColumnsWideForAnyNumberOfRuns) {
  Runs runs;
  for (const std::string& path : {naive, alert_context_only, tiny, naive, tiny}) {
    path == tiny ? runs.add(path) : runs.add(path, {.events = events});
    SCOPED_TRACE(runs.all().size());
    expect_well_set(text(runs.all()));
  }
}

TEST(TextReport, ShowsAMillionEventsWithoutCuttingANumber) {
  Runs runs;
  runs.add(naive).again(0).again(0);
  const std::string report = text(runs.all());
  expect_well_set(report);
  for (const std::string& line : lines_of(report)) {
    if (line.starts_with(" closest limit")) continue;  // a limit in words may be cut
    EXPECT_THAT(line, Not(HasSubstr("~"))) << report;
  }
}

TEST(TextReport, ContinuesBelowAfterThreeRuns) {
  Runs runs;
  runs.add(tiny).again(0).again(0).again(0);
  const std::vector<std::string> lines = lines_of(text(runs.all()));
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line == "detections"; }),
            2);
}

TEST(TextReport, WrapsWhateverIsTooLong) {
  scenario::Scenario scenario = scenario::load_scenario(tiny);
  scenario.name = std::string(100, 'n');
  scenario.file = "a/folder/with/a/long/name/" + std::string(30, 'f') + ".json";
  scenario.budgets[0].why = "because " + std::string(200, 'w') + " of this";
  scenario.budgets.push_back(
      {.budget = scenario::parse_budget(
           "secretsmanager.GetSecretValue.attempts.per_second.max    <=    12.5% of limit")});
  Runs runs;
  runs.add(scenario);
  runs[0].result.detections[0].first_error = std::string(150, 'e') + " \xC3\xA9" + std::string(500, 'e');
  std::string report = text(runs.all());
  // The name heads the list of budgets; a name is not wrapped.
  report.erase(report.find(scenario.name + ":"), scenario.name.size());
  expect_well_set(report);
}

TEST(TextReport, SaysHowToRunItAgainAsAShellReadsIt) {
  Runs runs;
  runs.add(alert_context_only, {.seed = 18'446'744'073'709'551'615ULL, .events = 20});
  std::string report = text(runs.all());
  const std::size_t at = report.find("rushhour run ");
  ASSERT_NE(at, std::string::npos);
  std::string command;
  std::istringstream in{report.substr(at)};
  for (std::string line; std::getline(in, line);) {
    const bool goes_on = line.ends_with('\\');
    command += goes_on ? line.substr(0, line.size() - 1) : line;
    if (!goes_on) break;
  }
  std::istringstream words{command};
  const std::vector<std::string> read{std::istream_iterator<std::string>{words}, {}};
  EXPECT_THAT(read, ::testing::ElementsAre("rushhour", "run", alert_context_only, "--seed",
                                           "18446744073709551615", "--events", "20"));
}

TEST(TextReport, NamesTheFirstErrorAndDamagedRecords) {
  Runs runs;
  runs.add(tiny);
  runs[0].damaged_records = 1'234;
  runs[0].damages = {
      {.file = "day.json.gz", .offset = 17, .what = "a record without eventTime", .forfeits_rest = true}};
  const std::string report = text(runs.all());
  EXPECT_THAT(report, HasSubstr("first error of every-second-event, event "));
  EXPECT_THAT(report,
              HasSubstr("1,234 damaged records passed over; the first: day.json.gz, byte 17: a record"));
  EXPECT_THAT(report, HasSubstr("(the rest of that"));
}

TEST(TextReport, SaysNothingOfNothing) { EXPECT_EQ(text({}), ""); }

}  // namespace
}  // namespace rushhour::report
