// Which changes a search for a fix tries, in which order, and what it says of the one that it keeps.

#include <rushhour/scenario/fix_search.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/input_error.hpp>
#include <rushhour/scenario/scenario.hpp>

namespace rushhour::scenario {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A scenario with one budget, run and searched.
class Searched {
 public:
  explicit Searched(const std::string& budget, const std::string& detection = "",
                    const std::string& traffic = R"("duration": "3m", "traffic": {"events": 3000})",
                    FixSearchOptions options = {})
      : text_(R"({"seed": 7, "start": "2026-03-02T14:00:00Z", )" + traffic +
              R"(, "fleet": {"workers": 4}, "world": {"virustotal": {"key": {"premium": {"minute": 100000}}}},
                 "detections": [{"name": "reads", "strategy": "call_in_rule", "match": {"share": 0.1})" +
              detection + R"(}], "budgets": [)" + budget + "]}") {
    const auto run = made({});
    runs = find_fixes(
        *run,
        [this](const std::vector<Setting>& settings) {
          tried.push_back(settings);
          return made(settings);
        },
        options);
    fix = run->budgets.front().fix;
  }

  [[nodiscard]] std::uint64_t calls_with(const std::vector<Setting>& settings) const {
    return made(settings)->metrics->find(parse_selector("virustotal.calls"))->numerator;
  }
  [[nodiscard]] bool holds_with(const std::vector<Setting>& settings) const {
    return made(settings)->budgets.front().verdict.holds;
  }

  std::vector<std::vector<Setting>> tried{};
  std::size_t runs{};
  std::optional<Fix> fix{};

 private:
  [[nodiscard]] std::unique_ptr<Run> made(const std::vector<Setting>& settings) const {
    return run(parse_scenario(text_, "x.json", {.settings = settings}));
  }

  std::string text_;
};

TEST(FixSearch, TakesTheChangeThatCostsLeast) {
  const Searched found{R"("secretsmanager.calls <= 20")"};
  ASSERT_TRUE(found.fix);
  EXPECT_THAT(found.fix->text, StartsWith("keep the key in a helper module: "));
  EXPECT_THAT(found.fix->text, HasSubstr(" <= 20"));
  EXPECT_EQ(found.fix->settings,
            (std::vector<Setting>{{"detections.0.cache.secret", R"({"home": "helper_module"})"}}));
  EXPECT_TRUE(found.holds_with(found.fix->settings));
  EXPECT_EQ(found.runs, 1U) << "it is the first that is tried";
  EXPECT_EQ(found.tried.size(), 1U);
}

/// A verdict that is a minute old is better than one that is six hours old.
TEST(FixSearch, KeepsVerdictsNoLongerThanItMust) {
  const std::string spared = R"(, "skip_private": true)";
  const Searched other{R"("sts.throttled == 0")", spared};
  const auto kept_for = [](const std::string& ttl) {
    return std::vector<Setting>{{"detections.0.cache.verdicts.home", "helper_module"},
                                {"detections.0.cache.verdicts.ttl", ttl}};
  };
  const std::uint64_t most = other.calls_with(kept_for("300s"));
  ASSERT_LT(most, other.calls_with(kept_for("60s")));
  const Searched found{"\"virustotal.calls <= " + std::to_string(most) + '"', spared};
  ASSERT_TRUE(found.fix);
  EXPECT_THAT(found.fix->text, StartsWith("cache verdicts for 300 s: "));
  EXPECT_THAT(found.fix->costs, Contains("verdicts up to 300 s old"));
  EXPECT_TRUE(found.holds_with(found.fix->settings));
}

TEST(FixSearch, LeavesTheRestOfACacheAsItIs) {
  const Searched found{R"("virustotal.calls <= 170")",
                       R"(, "cache": {"verdicts": {"home": "rule_module", "ttl": "1s", "entries": 77}})"};
  ASSERT_TRUE(found.fix);
  for (const Setting& each : found.fix->settings) {
    EXPECT_THAT(each.path, testing::Not(HasSubstr("home")));
    EXPECT_THAT(each.path, testing::Not(HasSubstr("entries")));
  }
}

TEST(FixSearch, SaysWhoIsWorseOff) {
  const Searched found{R"("virustotal.calls <= 20")", R"(, "skip_private": true)"};
  ASSERT_TRUE(found.fix);
  EXPECT_THAT(found.fix->text, HasSubstr("look-ups an hour"));
  EXPECT_THAT(found.fix->costs,
              Contains(AllOf(StartsWith("reads: "), HasSubstr(" more events not enriched"))));
}

TEST(FixSearch, FindsNothingWhereNothingHelps) {
  const Searched found{R"("detections.matches == 0")"};
  EXPECT_EQ(found.fix, std::nullopt);
  EXPECT_LE(found.runs, 12U);
}

TEST(FixSearch, TakesNoMoreRunsThanItMay) {
  const Searched found{R"("detections.matches == 0")",
                       "",
                       R"("duration": "3m", "traffic": {"events": 3000})",
                       {.runs_max = 3}};
  EXPECT_EQ(found.tried.size(), 3U);
}

TEST(FixSearch, LooksOnlyForWhatFailsTheRun) {
  EXPECT_EQ(Searched{R"("sts.throttled == 0")"}.tried.size(), 0U);
  EXPECT_EQ((Searched{R"({"expr": "secretsmanager.calls == 0", "level": "warn"})"}.tried.size()), 0U);
}

/// A steady hour is like each of its parts, so that most changes need not be tried at full length.
TEST(FixSearch, TriesAPartOfSteadyTrafficFirst) {
  const Searched found{R"("virustotal.calls.per_minute.max <= 10")", R"(, "skip_private": true)",
                       R"("duration": "12m", "traffic": {"events": 60000})"};
  ASSERT_GE(found.tried.size(), 2U);
  std::size_t whole = 0;
  for (const std::vector<Setting>& each : found.tried) {
    const bool is_part = !each.empty() && each.front().path == "duration";
    if (is_part) {
      EXPECT_EQ(each[0].value, "1m");
      EXPECT_EQ(each[1].value, "4980");
    }
    whole += is_part ? 0U : 1U;
  }
  EXPECT_LT(whole * 2, found.tried.size());
  if (found.fix) {
    EXPECT_TRUE(found.holds_with(found.fix->settings));
  }
}

TEST(FixSearch, PassesOverWhatTheScenarioDoesNotTake) {
  const auto made = run(parse_scenario(
      R"({"seed": 7, "start": "2026-03-02T14:00:00Z", "duration": "1m", "traffic": {"events": 100},
          "detections": [{"name": "reads", "strategy": "call_in_rule", "match": {"share": 1}}],
          "world": {}, "budgets": ["secretsmanager.calls == 0"]})",
      "x.json"));
  const std::size_t runs =
      find_fixes(*made, [](const std::vector<Setting>&) -> std::unique_ptr<scenario::Run> {
        throw InputError({.expected = "another value"});
      });
  EXPECT_EQ(runs, 0U);
  EXPECT_EQ(made->budgets.front().fix, std::nullopt);
}

}  // namespace
}  // namespace rushhour::scenario
