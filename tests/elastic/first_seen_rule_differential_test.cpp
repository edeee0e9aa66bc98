// A new-terms rule on its schedule against the full search over what is searchable when each run starts:
// random documents, some of them late, refreshes, outages, and date math whose lengths are not constant.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/elastic/first_seen_rule.hpp>
#include <rushhour/random.hpp>

#include "rescan.hpp"

namespace rushhour::elastic {
namespace {

using namespace std::chrono_literals;

struct Expressions {
  std::string_view from{};
  std::string_view to{};
  std::string_view history{};
};

/// Look-backs shorter and longer than the interval; ends in the past; what is rounded.
constexpr Expressions expressions[] = {
    {"now-6m", "now", "now-3h"},         {"now-60m", "now", "now-5h"},  {"now-2m", "now", "now-1h"},
    {"now-25m", "now-10m", "now-2h"},    {"now-1h/h", "now", "now-5h"}, {"now-30m/h", "now/m", "now-3h/h"},
    {"now-20m", "now-7m/m", "now-2h/h"}, {"now-6m", "now", "now-1d/d"}, {"now-1d/d", "now", "now-2d/d"}};

class World {
 public:
  explicit World(std::uint64_t seed) : draws_(Random{seed}.stream("first_seen_rule")) {
    const Expressions& chosen = expressions[draw(0, std::size(expressions) - 1)];
    options_.times = {.from = DateMath::parse(chosen.from),
                      .to = DateMath::parse(chosen.to),
                      .interval = std::chrono::minutes{draw(3, 15)},
                      .history_start = DateMath::parse(chosen.history)};
    options_.first_run = Instant{std::chrono::days{20'000} + std::chrono::minutes{draw(0, 1440)}};
    options_.refresh = draw(0, 3) == 0 ? Duration{std::chrono::minutes{draw(0, 20)}} : Duration{1s};
    options_.timestamp = draw(0, 2) == 0 ? RuleTimestamp::ingested : RuleTimestamp::time;
    options_.new_terms = {.fields = draw(1, 2),
                          .executor = draw(0, 1) == 0 ? Executor::aggregation : Executor::esql,
                          .max_signals = draw(1, 8),
                          .page = draw(2, 10),
                          .batch = draw(2, 6)};
    Instant at = options_.first_run;
    for (std::size_t i = draw(0, 3); i > 0; --i) {
      const Instant from = at + std::chrono::minutes{draw(1, 200)};
      at = from + std::chrono::minutes{draw(1, 120)};
      options_.outages.push_back({.from = from, .until = at});
    }
  }

  /// Gives the number of alerts.
  std::size_t run() {
    FirstSeenRule rule{options_};
    Rescan oracle{options_.new_terms};
    std::vector<std::pair<Instant, RescanDocument>> waiting;
    std::size_t next = 0;
    std::size_t alerts = 0;
    rule.on_run([&](const RunPlan& plan, const Execution& execution) {
      for (; next < waiting.size() && waiting[next].first <= execution.started; ++next)
        oracle.see(waiting[next].second);
      Execution expected{.started = execution.started};
      oracle.run(plan.tuples, expected);
      EXPECT_EQ(execution.alerts, expected.alerts) << to_iso8601(execution.started);
      EXPECT_EQ(execution.truncated, expected.truncated);
      EXPECT_EQ(execution.searches, expected.searches);
      alerts += execution.alerts.size();
    });
    Instant arrival = options_.first_run - std::chrono::hours{draw(0, 60)};
    for (std::uint64_t document = 1; document <= 250; ++document) {
      arrival += std::chrono::seconds{draw(0, 300)};
      const Instant time = arrival - std::chrono::seconds{draw(0, 4) == 0 ? draw(0, 7200) : 0};
      const Instant ingested = std::chrono::floor<std::chrono::minutes>(arrival);
      const Instant seen = options_.timestamp == RuleTimestamp::time ? time : ingested;
      std::vector<std::string> keys;
      for (std::uint64_t i = draw(1, options_.new_terms.fields); i > 0; --i)
        keys.push_back("k" + std::to_string(draw(0, 60) + 100 * i));
      rule.advance(arrival);
      for (const std::string& key : keys)
        rule.see({.document = document, .time = time, .ingested = ingested, .arrival = arrival, .key = key});
      waiting.push_back(
          {arrival + options_.refresh, {.ms = seen.time_since_epoch() / 1ms, .id = document, .keys = keys}});
    }
    rule.advance(arrival + 5h);
    return alerts;
  }

 private:
  std::uint64_t draw(std::uint64_t low, std::uint64_t high) {
    return low + uniform_below(draws_.next(), high - low + 1);
  }

  Draws draws_;
  FirstSeenRuleOptions options_{};
};

TEST(FirstSeenRuleDifferential, EqualsTheFullSearchOfWhatIsSearchable) {
  std::size_t alerts = 0;
  for (std::uint64_t seed = 1; seed <= 1000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    alerts += World{seed}.run();
  }
  EXPECT_GT(alerts, 8000U);
}

}  // namespace
}  // namespace rushhour::elastic
