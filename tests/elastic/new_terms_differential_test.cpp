// The incremental executor against the full search, on random documents, rules and schedules: 100,000 tuples.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/elastic/new_terms.hpp>
#include <rushhour/elastic/schedule.hpp>
#include <rushhour/elastic/term_key.hpp>
#include <rushhour/random.hpp>

#include "rescan.hpp"

namespace rushhour::elastic {
namespace {

/// Small numbers everywhere, so that everything meets: few terms, ties, ranges a few seconds long.
class World {
 public:
  explicit World(std::uint64_t seed) : stream_(Random{seed}.stream("new terms")) {
    options_ = {.fields = draw(1, 2),
                .executor = draw(0, 1) == 0 ? Executor::aggregation : Executor::esql,
                .ties = draw(0, 1) == 0 ? Ties::stable : Ties::alternating,
                .max_signals = draw(1, 6),
                .page = draw(1, 8),
                .batch = draw(1, 4),
                .rows_max = draw(2, 12)};
    const auto lookback = static_cast<std::int64_t>(draw(3, 40));
    times_.interval = std::chrono::seconds{draw(2, 25)};
    times_.from = DateMath::parse("now-" + std::to_string(lookback) + "s");
    times_.history_start = DateMath::parse(
        "now-" + std::to_string(lookback + static_cast<std::int64_t>(draw(1, draw(1, 120)))) + "s");
    options_.reach = std::max(times_.interval, Duration{std::chrono::seconds{lookback}});
    values_ = draw(2, 7);
  }

  /// Runs the rule some fifty times and compares each. Gives the number of tuples.
  std::size_t run() {
    NewTerms engine{options_};
    Rescan oracle{options_};
    std::size_t tuples = 0;
    std::optional<Instant> previous;
    Instant now{std::chrono::hours{1000}};
    for (std::uint64_t document = 1, runs = 0; runs < 50; ++runs) {
      const std::size_t fresh = draw(0, 12);
      for (std::size_t i = 0; i < fresh; ++i, ++document) see(engine, oracle, now, document);
      // On time, a little late, or after an outage.
      const std::size_t luck = draw(0, 9);
      now += times_.interval +
             (luck < 6 ? Duration{} : std::chrono::milliseconds{draw(0, luck == 9 ? 200'000 : 3'000)});
      const RunPlan plan = plan_run(times_, now, std::exchange(previous, now));
      Execution got{.started = now};
      Execution expected{.started = now};
      engine.run(plan.tuples, got);
      oracle.run(plan.tuples, expected);
      tuples += plan.tuples.size();
      EXPECT_EQ(got.alerts, expected.alerts) << "run " << runs;
      EXPECT_EQ(got.truncated, expected.truncated) << "run " << runs;
      EXPECT_EQ(got.searches, expected.searches) << "run " << runs;
      if (testing::Test::HasFailure()) return tuples;
    }
    return tuples;
  }

 private:
  std::uint64_t draw(std::uint64_t min, std::uint64_t max) {
    return min + stream_.at(drawn_++) % (max - min + 1);
  }

  void see(NewTerms& engine, Rescan& oracle, Instant now, std::uint64_t document) {
    // Mostly of late, in whole seconds; sometimes far too late, or of the future.
    Duration age = std::chrono::seconds{draw(0, 8)};
    if (draw(0, 9) == 0) age = std::chrono::seconds{draw(0, 150)};
    if (draw(0, 19) == 0) age = -std::chrono::seconds{draw(0, 10)};
    const std::int64_t ms =
        std::chrono::floor<std::chrono::seconds>(now - age).time_since_epoch().count() * 1000;
    const std::vector<std::string> keys = combinations();
    engine.see(Instant{std::chrono::milliseconds{ms}}, document, keys);
    oracle.see({.ms = ms, .id = document, .keys = keys});
  }

  std::vector<std::string> combinations() {
    std::vector<std::string> out{""};
    for (std::size_t field = 0; field < options_.fields; ++field) {
      const std::size_t count = draw(0, 5) == 0 ? draw(0, 3) : 1;
      std::uint64_t value = draw(0, values_);
      std::vector<std::string> longer;
      for (std::size_t i = 0; i < count; ++i, ++value) {
        for (const std::string& key : out) {
          longer.push_back(key);
          append_term(longer.back(), static_cast<std::int64_t>(value));
        }
      }
      out = std::move(longer);
    }
    return out;
  }

  Stream stream_;
  std::uint64_t drawn_ = 0;
  NewTermsOptions options_{};
  RuleTimes times_{};
  std::uint64_t values_{};
};

TEST(NewTermsDifferential, AgreesWithTheFullSearchOnARandomHundredThousandTuples) {
  std::size_t tuples = 0;
  for (std::uint64_t seed = 1; tuples < 100'000; ++seed) {
    tuples += World{seed}.run();
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace rushhour::elastic
