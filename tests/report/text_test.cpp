#include <rushhour/report/detail/text_losses.hpp>
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

TEST(TextReport, TellsOfQueueFeedbackCostAndRecovery) {
  Runs runs;
  runs.add(queued);
  expect_golden(text(runs.all()), "tests/report/queued.txt");
}

TEST(TextReport, TellsOfRulesAndWhatTheyMiss) {
  Runs runs;
  runs.add(rules);
  const std::string report = text(runs.all());
  expect_well_set(report);
  expect_golden(report, "tests/report/rules.txt");
}

TEST(TextReport, IsEightyColumnsWideForAnyNumberOfRuns) {
  Runs runs;
  for (const std::string& path : {naive, alert_context_only, queued, naive, tiny}) {
    path == tiny || path == queued ? runs.add(path) : runs.add(path, {.events = events});
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

TEST(TextReport, ContinuesBelowAfterFourRuns) {
  Runs runs;
  runs.add(tiny).again(0).again(0).again(0).again(0);
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
  runs[0].result.losses.add(0, sim::LossKind::missed, {}, 1, runs[0].result.end,
                            [] { return std::string(150, 'e') + " \xC3\xA9" + std::string(500, 'e'); });
  std::string report = text(runs.all());
  // The name heads the losses and the budgets; a name is not wrapped.
  for (std::size_t at = 0; (at = report.find(scenario.name + ":")) != std::string::npos;) {
    report.erase(at, scenario.name.size());
  }
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

TEST(TextReport, NamesDamagedRecords) {
  Runs runs;
  runs.add(tiny);
  runs[0].damaged_records = 1'234;
  runs[0].damages = {
      {.file = "day.json.gz", .offset = 17, .what = "a record without eventTime", .forfeits_rest = true}};
  const std::string report = text(runs.all());
  EXPECT_THAT(report,
              HasSubstr("1,234 damaged records passed over; the first: day.json.gz, byte 17: a record"));
  EXPECT_THAT(report, HasSubstr("(the rest of that"));
}

TEST(TextReport, LeavesOutWhatNoRunHas) {
  Runs runs;
  runs.add(tiny);
  const std::string report = text(runs.all());
  for (const char* const heading :
       {"queue and fleet", "\ncaches", "calls not made", "feedback", "\ncost", "recovery"}) {
    EXPECT_THAT(report, Not(HasSubstr(heading)));
  }
  runs.add(queued);
  const std::string both = text(runs.all());
  for (const char* const heading :
       {"queue and fleet", "\ncaches", "calls not made", "feedback", "\ncost", "recovery"}) {
    EXPECT_THAT(both, HasSubstr(heading));
  }
}

TEST(TextReport, ListsTheTenWorstLosses) {
  Runs runs;
  runs.add(tiny);
  sim::Losses& losses = runs[0].result.losses;
  const std::size_t before = losses.rows().size();
  for (std::uint8_t i = 0; i < 12; ++i) {
    const sim::Cause cause{.outcome = static_cast<Outcome>(i % 10),
                           .function = static_cast<Function>(i % 10)};
    const auto kind = i < 10 ? sim::LossKind::missed : sim::LossKind::unserved;
    for (unsigned count = 0; count < 100U + i; ++count) {
      losses.add(0, kind, cause, 1, runs[0].result.end, [] { return std::string{"why"}; });
    }
  }
  const std::string report = text(runs.all());
  const std::size_t worst = report.find("lost, worst first\n");
  ASSERT_NE(worst, std::string::npos);
  EXPECT_TRUE(report.substr(worst).starts_with("lost, worst first\n      111 unserved"));
  EXPECT_THAT(report, HasSubstr("+" + std::to_string(before + 12 - 10) + " more\n"));
}

TEST(TextReport, PutsWhatIsMissedBeforeWhatIsDegraded) {
  sim::Losses losses;
  const auto add = [&](sim::LossKind kind, unsigned times) {
    for (unsigned i = 0; i < times; ++i) losses.add(0, kind, {}, 1, {}, [] { return std::string{}; });
  };
  add(sim::LossKind::degraded, 100);
  add(sim::LossKind::missed, 1);
  add(sim::LossKind::dead_lettered, 2);
  const std::vector<sim::LossRow> rows = detail::worst_first(losses);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].kind, sim::LossKind::dead_lettered);
  EXPECT_EQ(rows[1].kind, sim::LossKind::missed);
  EXPECT_EQ(rows[2].kind, sim::LossKind::degraded);
}

TEST(TextReport, EndsWithTheBudgetsAndWhoBrokeThem) {
  Runs runs;
  runs.add(queued);
  const std::string report = text(runs.all());
  const std::size_t verdict = report.find("\nqueued: 1 of 4 budgets broken, and 1 warning\n");
  ASSERT_NE(verdict, std::string::npos);
  const std::string end = report.substr(verdict);
  EXPECT_EQ(end.find("lost, worst first"), std::string::npos);
  EXPECT_THAT(end, HasSubstr("  warn    events.dead_lettered == 0\n"));
  EXPECT_THAT(end, HasSubstr("  BROKEN  virustotal{rule='cached'}.attempts <= 10\n"));
  EXPECT_THAT(end, HasSubstr("behind it: cached in alert_context() by virustotal:ip_addresses"));
}

TEST(TextReport, NamesTheTransportWhereItIsNotTheUsual) {
  Runs runs;
  runs.add(tiny);
  runs[0].transport = "memory";
  EXPECT_THAT(text(runs.all()), HasSubstr("--transport memory\n"));
}

TEST(TextReport, SaysNothingOfNothing) { EXPECT_EQ(text({}), ""); }

}  // namespace
}  // namespace rushhour::report
