#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include <rushhour/report/detail/reproduce.hpp>
#include <rushhour/report/detail/sparkline.hpp>
#include <rushhour/report/detail/words.hpp>

namespace rushhour::report::detail {
namespace {

using namespace std::chrono_literals;

const Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + 14h};

std::int64_t second_of(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

TEST(Sparkline, RisesToTheDensestStretch) {
  measure::Series series;
  for (int second = 0; second < 10; ++second) {
    series.add(second_of(start) + second, {.attempts = static_cast<std::uint64_t>(second)});
  }
  EXPECT_EQ(sparkline(series, start, start + 10s, 12), "[ .:-=+*#%@]");
}

TEST(Sparkline, ShowsTheLeastAsADotAndNothingAsASpace) {
  measure::Series series;
  series.add(second_of(start), {.attempts = 1});
  series.add(second_of(start) + 9, {.attempts = 1'000'000});
  EXPECT_EQ(sparkline(series, start, start + 10s, 12), "[.        @]");
}

TEST(Sparkline, HasNoMoreColumnsThanTheSeriesHasBuckets) {
  measure::Series series;
  series.add(second_of(start) + 1, {.attempts = 1});
  EXPECT_EQ(sparkline(series, start, start + 3s, 26), "[ @  ]");
}

TEST(Sparkline, PutsWhatLiesBeyondIntoTheLastColumn) {
  measure::Series series;
  series.add(second_of(start), {.attempts = 1});
  series.add(second_of(start) + 100, {.attempts = 1});
  EXPECT_EQ(sparkline(series, start, start + 4s, 6), "[@  @]");
}

TEST(Sparkline, OfNothingIsEmpty) {
  EXPECT_EQ(sparkline({}, start, start + 1h, 20), "");
  measure::Series series;
  series.add(second_of(start), {.calls = 1});
  EXPECT_EQ(sparkline(series, start, start + 1h, 20), "");
}

TEST(ShellWord, QuotesWhatAShellWouldRead) {
  EXPECT_EQ(shell_word("scenarios/a-b_c.json"), "scenarios/a-b_c.json");
  EXPECT_EQ(shell_word("my scenario.json"), "'my scenario.json'");
  EXPECT_EQ(shell_word("it's.json"), R"('it'\''s.json')");
  EXPECT_EQ(shell_word("$HOME;ls"), "'$HOME;ls'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(Words, ShowNumbersAsReadersLikeThem) {
  EXPECT_EQ(grouped(1'500'000), "1,500,000");
  EXPECT_EQ(decimal({1, 3}, 2), "0.33");
  EXPECT_EQ(decimal({2, 3}, 0), "1");
  EXPECT_EQ(percent(1, 8), "12.50 %");
  EXPECT_EQ(percent(1, 0), "-");
  EXPECT_EQ(short_duration(1234567us), "1s234ms");
  EXPECT_EQ(short_duration(2h + 3min + 4567ms), "2h3m4s");
}

}  // namespace
}  // namespace rushhour::report::detail
