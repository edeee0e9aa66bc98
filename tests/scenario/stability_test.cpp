#include <rushhour/scenario/stability.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/input_error.hpp>
#include <rushhour/scenario/assumptions.hpp>
#include <rushhour/scenario/scenario.hpp>

namespace rushhour::scenario {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

// ---- Alternatives. ----

std::vector<std::string> settings_of(const Flips& flips) {
  std::vector<std::string> out;
  for (const Flip& flip : flips.flips) out.push_back(flip.setting.path + "=" + flip.setting.value);
  return out;
}

TEST(Alternatives, AreOfWhatNobodyPublishedAlone) {
  const Flips flips = flips_of({{"fleet.lambda.cold_start", "2s", "user", "the scenario"},
                                {"fleet.lambda.cold_start", "2s", "DOC", "a page"},
                                {"fleet.lambda.cold_start", "2s", "REC", "seen"},
                                {"traffic.user_exponent", "1.1", "MEM", "memory"},
                                {"fleet.event_cost", "0s", "CHOICE", "chosen"}});
  EXPECT_THAT(settings_of(flips),
              ElementsAre("traffic.user_exponent=1.0", "traffic.user_exponent=1.2", "fleet.event_cost=1ms"));
  EXPECT_THAT(flips.fixed, IsEmpty());
}

TEST(Alternatives, AreCountedFromWhatIsAssumed) {
  const Flips flips = flips_of({{"limit.secretsmanager.secret-read.per_1s.burst", "10,000", "CHOICE", ""},
                                {"fleet.workers", "1", "CHOICE", ""}});
  EXPECT_THAT(settings_of(flips),
              ElementsAre("world.secretsmanager.secret-read.burst=5000",
                          "world.secretsmanager.secret-read.burst=20000", "fleet.workers=2"));
}

TEST(Alternatives, ThatOneSwitchDecidesAreOne) {
  const Flips flips = flips_of({{"limit.virustotal.public.per_1m.rejected_count", "false", "CHOICE", ""},
                                {"limit.virustotal.public.per_utc_day.rejected_count", "false", "CHOICE", ""},
                                {"limit.sts.requests.per_1s.burst@111122223333", "600", "CHOICE", ""}});
  EXPECT_THAT(settings_of(flips),
              ElementsAre("world.virustotal.rejected_count=true", "world.sts.requests.burst=300",
                          "world.sts.requests.burst=1200"));
  EXPECT_EQ(flips.flips.front().assumptions.size(), 2U);
  EXPECT_EQ(flips.flips.front().words, "refused calls use VirusTotal's quota up");
  EXPECT_EQ(flips.flips.back().words, "STS takes 1200 calls at once");
}

TEST(Alternatives, ThatAreNoneSayWhy) {
  const Flips flips = flips_of({{"fleet.workers.order", "the last idle first", "CHOICE", ""},
                                {"fleet.lambda.billing.cold_start", "billed", "MEM", ""},
                                {"something.new", "1", "CHOICE", ""}});
  EXPECT_THAT(flips.flips, IsEmpty());
  ASSERT_EQ(flips.fixed.size(), 3U);
  EXPECT_EQ(flips.fixed[0].reason, "the model has one order: the last idle first");
  EXPECT_EQ(flips.fixed[1].reason, "it changes the bill alone");
  EXPECT_EQ(flips.fixed[2].reason, "no alternative is known");
}

/// Whoever adds an assumption that nobody has published adds a row, or this fails.
TEST(Alternatives, AreKnownForEveryAssumptionOfTheShippedScenarios) {
  std::size_t scenarios = 0;
  for (const auto& entry : std::filesystem::directory_iterator{"scenarios"}) {
    if (entry.path().extension() != ".json" || entry.path().string().ends_with("schema.json")) continue;
    Scenario scenario = load_scenario(entry.path().string());
    if (scenario.documents || scenario.recorded || scenario.secret_readers) continue;
    if (std::ranges::any_of(scenario.detections,
                            [](const DetectionPlan& plan) { return plan.panther.has_value(); })) {
      continue;
    }
    scenario = load_scenario(entry.path().string(), {.events = 500});
    const std::unique_ptr<scenario::Run> base = scenario::run(std::move(scenario));
    const Flips flips = flips_of(assumptions(*base));
    EXPECT_GE(flips.flips.size(), 30U) << entry.path();
    for (const NoSwitch& each : flips.fixed)
      EXPECT_NE(each.reason, "no alternative is known") << each.assumption.name;
    // And a scenario that says so is one that can be read, but where others name the accounts, too.
    for (const Flip& flip : flips.flips) {
      std::vector<Setting> settings{flip.setting};
      if (base->scenario.feedback && flip.setting.path.ends_with("_account")) continue;
      const bool has_key = base->scenario.world.virustotal_keys.size() > 0;
      if (flip.setting.path.starts_with("world.virustotal.") && !has_key)
        settings.push_back({"world.virustotal.key", "public"});
      EXPECT_NO_THROW(static_cast<void>(load_scenario(entry.path().string(), {.settings = settings})))
          << entry.path() << " " << flip.setting.path << "=" << flip.setting.value;
    }
    ++scenarios;
  }
  EXPECT_GE(scenarios, 8U);
}

// ---- Verdicts. ----

constexpr const char* scenario_file = "tests/scenario/data/stability.json";

Stability judged(std::size_t threads) {
  const std::unique_ptr<scenario::Run> base = scenario::run(load_scenario(scenario_file));
  return stability_of(
      *base, {},
      {.run = [](Scenario scenario) { return scenario::run(std::move(scenario)); }, .threads = threads});
}

const Flipped& flip_named(const Stability& stability, const std::string& path) {
  return *std::ranges::find(stability.flipped, path,
                            [](const Flipped& each) { return each.flip.setting.path; });
}

TEST(Stability, SaysWhichAlternativeTurnsTheVerdictAndWhichBudget) {
  const Stability stability = judged(1);
  EXPECT_FALSE(stability.holds);
  EXPECT_FALSE(stability.stands());
  const Flipped& rejected = flip_named(stability, "world.virustotal.rejected_count");
  EXPECT_EQ(rejected.refused, "");
  EXPECT_TRUE(rejected.holds);
  ASSERT_EQ(rejected.turned.size(), 1U);
  EXPECT_THAT(rejected.turned.front(), testing::StartsWith("virustotal.accepted <= 30 "));
  const Flipped& region = flip_named(stability, "world.region");
  EXPECT_FALSE(region.holds);
  EXPECT_THAT(region.turned, IsEmpty());
  EXPECT_EQ(stability.count(true) + stability.count(false), stability.flipped.size());
}

TEST(Stability, IsTheSameWithAnyNumberOfThreads) {
  const Stability one = judged(1);
  const Stability three = judged(3);
  ASSERT_EQ(one.flipped.size(), three.flipped.size());
  for (std::size_t i = 0; i < one.flipped.size(); ++i) {
    EXPECT_EQ(one.flipped[i].flip, three.flipped[i].flip);
    EXPECT_EQ(one.flipped[i].holds, three.flipped[i].holds) << one.flipped[i].flip.setting.path;
    EXPECT_EQ(one.flipped[i].turned, three.flipped[i].turned);
  }
}

TEST(Stability, PassesOnWhatARunThrows) {
  const std::unique_ptr<scenario::Run> base = scenario::run(load_scenario(scenario_file));
  const auto fail = [](const Scenario&) -> std::unique_ptr<scenario::Run> {
    throw InputError({.expected = "a run"});
  };
  EXPECT_THROW(static_cast<void>(stability_of(*base, {}, {.run = fail, .threads = 2})), InputError);
}

}  // namespace
}  // namespace rushhour::scenario
