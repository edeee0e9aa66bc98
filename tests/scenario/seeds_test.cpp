// Several seeds on several threads: the same numbers whoever is quicker, and the same seeds for every
// scenario.

#include <rushhour/scenario/seeds.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/fakes/in_memory.hpp>
#include <rushhour/gtest.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/report/json.hpp>
#include <rushhour/report/seeds.hpp>
#include <rushhour/scenario/scenario.hpp>
#include <rushhour/scenario/spread.hpp>

namespace rushhour::scenario {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Random traffic, random delays and a limit that some of it meets.
Scenario busy(const std::string& strategy = "call_in_rule", const std::string& name = "busy") {
  return parse_scenario(R"({"seed": 7, "start": "2026-03-02T14:00:00Z", "duration": "1m",
      "traffic": {"events": 600, "arrivals": "poisson"},
      "fleet": {"workers": 20},
      "detections": [{"name": "r", "strategy": ")" +
                            strategy + R"(", "match": {"share": 0.2}}],
      "world": {"latency": {"sts": {"uniform": ["40ms", "60ms"]}, "virustotal": {"exponential": {"mean": "120ms"}}}},
      "budgets": ["virustotal.attempts.per_minute.max <= 100% of limit", "detections.missed <= 115"]})",
                        name + ".json");
}

std::uint64_t count_of(const SeedRun& run, std::string_view name) {
  const auto found = std::find_if(run.numbers.begin(), run.numbers.end(),
                                  [&](const NamedNumber& number) { return number.name == name; });
  return found == run.numbers.end() || !found->value ? 0 : found->value->of(1);
}

/// All that is reported of them, as text that can be compared.
std::string text_of(const std::vector<SeededRuns>& of) {
  std::string out = report::seeds(of);
  for (const SeededRuns& each : of) {
    const Run* const first = each.first.get();
    out += report::json({&first, 1});
    for (const SeedRun& seed : each.seeds) {
      out += std::to_string(seed.seed) + ' ' + seed.digest + '\n';
      for (const NamedNumber& number : seed.numbers) {
        if (!number.value) continue;
        out += number.name + ' ' + std::to_string(number.value->numerator) + '/' +
               std::to_string(number.value->denominator) + '\n';
      }
      for (const JudgedBudget& budget : seed.budgets) out += budget.verdict.text + '\n';
    }
  }
  return out;
}

TEST(Seeds, AreTheScenariosOwnAndThoseThatFollow) {
  const auto runs = run_seeds({busy()}, {.seeds = 3});
  ASSERT_EQ(runs.size(), 1U);
  std::vector<std::uint64_t> seeds;
  for (const SeedRun& run : runs[0].seeds) seeds.push_back(run.seed);
  EXPECT_THAT(seeds, ElementsAre(7, 8, 9));
  EXPECT_EQ(runs[0].first->scenario.seed, 7U);
  EXPECT_NE(runs[0].seeds[0].digest, runs[0].seeds[1].digest);
}

TEST(Seeds, GiveWhatEachOfThemGivesAlone) {
  const auto runs = run_seeds({busy()}, {.seeds = 3, .jobs = 3});
  for (const SeedRun& seed : runs[0].seeds) {
    const auto alone = run(with_seed(busy(), seed.seed));
    EXPECT_EQ(alone->digest, seed.digest) << seed.seed;
    EXPECT_EQ(alone->metrics->find(parse_selector("detections.missed"))->of(1),
              count_of(seed, "detections.missed"));
    EXPECT_EQ(alone->budgets[1].verdict.text, seed.budgets[1].verdict.text);
  }
}

TEST(Seeds, DoNotDependOnTheNumberOfThreads) {
  const std::vector<Scenario> scenarios{busy(), busy("alert_context_only", "thrifty")};
  const std::string one = text_of(run_seeds(scenarios, {.seeds = 6, .jobs = 1}));
  for (const std::size_t jobs : {2U, 3U, 8U, 100U, 0U}) {
    EXPECT_EQ(text_of(run_seeds(scenarios, {.seeds = 6, .jobs = jobs})), one) << jobs << " threads";
  }
}

TEST(Seeds, DoNotDependOnTheThreadsOfRulesAndSignedMessages) {
  const std::vector<Scenario> scenarios{load_scenario("tests/report/rules.json"),
                                        load_scenario("tests/report/queued.json")};
  SeedsOptions options{.seeds = 3, .jobs = 1};
  options.run.make_endpoint = [](fakes::World& world, Clock&) {
    return std::make_unique<fakes::InMemoryWorld>(world);
  };
  const std::string one = text_of(run_seeds(scenarios, options));
  options.jobs = 4;
  EXPECT_EQ(text_of(run_seeds(scenarios, options)), one);
}

TEST(Seeds, AreTheFirstScenariosForAll) {
  Scenario other = with_seed(busy(), 1'000);
  const auto runs = run_seeds({busy(), other}, {.seeds = 2});
  EXPECT_EQ(runs[1].seeds[0].seed, 7U);
  EXPECT_EQ(runs[1].seeds[0].digest, runs[0].seeds[0].digest) << "the same scenario but for its seed";
  EXPECT_EQ(runs[1].seeds[1].digest, runs[0].seeds[1].digest);
}

TEST(Seeds, GiveScenariosThatDoTheSameTheSameNumbers) {
  const auto runs = run_seeds({busy(), busy("call_in_rule", "twin")}, {.seeds = 4, .jobs = 2});
  bool varies = false;
  for (std::size_t at = 0; at < told_numbers().size(); ++at) {
    const auto own = spread_of(runs[0].numbers(at));
    varies |= own.count > 0 && own.least < own.most;
    const auto paired = paired_spread(runs[0].numbers(at), runs[1].numbers(at));
    EXPECT_EQ(paired.least, Difference{}) << told_numbers()[at].name;
    EXPECT_EQ(paired.most, Difference{}) << told_numbers()[at].name;
  }
  EXPECT_TRUE(varies) << "or the seeds do nothing";
}

TEST(Seeds, BeginWhereTheCallerSays) {
  const auto runs = run_seeds({busy()}, {.seeds = 2, .first_seed = 41});
  EXPECT_EQ(runs[0].seeds[1].seed, 42U);
}

TEST(Seeds, EndBeforeNumbersDo) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  EXPECT_THAT([] { static_cast<void>(run_seeds({busy()}, {.seeds = 2, .first_seed = most})); },
              ::testing::ThrowsMessage<InputError>(HasSubstr("2 seeds from 18446744073709551615 on")));
  EXPECT_THAT([] { static_cast<void>(run_seeds({busy()}, {.seeds = 0})); },
              ::testing::ThrowsMessage<InputError>(HasSubstr("at least one seed")));
  EXPECT_EQ(run_seeds({busy()}, {.seeds = 1, .first_seed = most})[0].seeds[0].seed, most);
}

TEST(Seeds, CarryOverTheFirstOfSeveralFailures) {
  SeedsOptions options{.seeds = 8, .jobs = 4};
  options.run.make_endpoint = [](fakes::World& world, Clock&) -> std::unique_ptr<api::Endpoint> {
    if (world.options.seed >= 9) throw std::runtime_error("seed " + std::to_string(world.options.seed));
    return std::make_unique<fakes::InMemoryWorld>(world);
  };
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT([&] { static_cast<void>(run_seeds({busy()}, options)); },
                ::testing::ThrowsMessage<std::runtime_error>("seed 9"));
  }
}

TEST(Seeds, SayHowFarTheyAreOneAtATime) {
  SeedsOptions options{.seeds = 5, .jobs = 4};
  std::vector<std::size_t> done;
  std::atomic<int> inside{0};
  options.progress = [&](std::size_t of, std::size_t all) {
    EXPECT_EQ(++inside, 1);
    EXPECT_EQ(all, 10U);
    done.push_back(of);
    --inside;
  };
  static_cast<void>(run_seeds({busy(), busy()}, options));
  EXPECT_THAT(done, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
}

TEST(Seeds, KeepATrailOfTheFirstOnly) {
  SeedsOptions options{.seeds = 2};
  options.run.keep_trail = true;
  const auto runs = run_seeds({busy()}, options);
  EXPECT_NE(runs[0].first->trail, nullptr);
}

/// In place of a rule in Python.
struct Stand {
  [[nodiscard]] std::string_view name() const { return "r"; }
  [[nodiscard]] static bool rule(const event::Event&, detect::Context&) { return false; }
};

TEST(Seeds, RunRulesInPythonOnTheCallersThreadInOrder) {
  const Scenario python = load_scenario("tests/scenario/data/panther.json");
  EXPECT_TRUE(needs_one_thread(python));
  EXPECT_FALSE(needs_one_thread(busy()));
  SeedsOptions options{.seeds = 4, .jobs = 4};
  std::vector<std::uint64_t> order;
  std::vector<std::thread::id> threads;
  options.run.make_pack_detection = [&](const DetectionPlan&, fakes::PantherWorld& world) {
    order.push_back(world.world.options.seed - python.seed);
    threads.push_back(std::this_thread::get_id());
    return sim::DetectionPlan{.make = [] { return detect::AnyDetection{Stand{}}; }};
  };
  const auto runs = run_seeds({python}, options);
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(threads, ::testing::Each(std::this_thread::get_id()));
  EXPECT_THAT(report::seeds(runs), HasSubstr("its seeds were run one after"));
}

TEST(SeededBudgets, AreJudgedOverAllSeedsAsTheySay) {
  Scenario scenario = busy();
  const auto first = run_seeds({scenario}, {.seeds = 6});
  std::vector<std::uint64_t> missed;
  for (const SeedRun& seed : first[0].seeds) missed.push_back(count_of(seed, "detections.missed"));
  const auto [least, most] = std::minmax_element(missed.begin(), missed.end());
  ASSERT_LT(*least, *most);
  const std::string bound = std::to_string(*least);
  scenario.budgets[1].budget = parse_budget("detections.missed <= " + bound);
  const auto all = run_seeds({scenario}, {.seeds = 6});
  EXPECT_THAT(all[0].budgets[1].verdict.text,
              ::testing::EndsWith("worst: " + std::to_string(*most) + " is not <= " + bound));
  EXPECT_FALSE(all[0].budgets_hold());
  ASSERT_FALSE(all[0].budgets[1].culprits.empty());
  EXPECT_EQ(all[0].budgets[1].culprits[0].detection, "r");
  scenario.budgets[1].budget.seeds = scenario::Seeds::any;
  const auto any = run_seeds({scenario}, {.seeds = 6});
  EXPECT_TRUE(any[0].budgets[1].verdict.holds) << any[0].budgets[1].verdict.text;
  EXPECT_TRUE(any[0].budgets[1].culprits.empty());
}

}  // namespace
}  // namespace rushhour::scenario
