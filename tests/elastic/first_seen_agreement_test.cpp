// What all strategies of the first time have in common: with windows without end and documents that are never
// late, each tells exactly what a set tells that forgets nothing, whatever it is built of.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/detect/first_seen/learning.hpp>
#include <rushhour/detect/first_seen/lookup_search.hpp>
#include <rushhour/detect/first_seen/never_forgetting_set.hpp>
#include <rushhour/detect/first_seen/rotating_bloom.hpp>
#include <rushhour/detect/first_seen/string_set.hpp>
#include <rushhour/elastic/first_seen_rule.hpp>
#include <rushhour/random.hpp>

namespace rushhour::elastic {
namespace {

using namespace std::chrono_literals;
using detect::FirstSeen;
using detect::FirstSeenAlert;

constexpr Duration endless = std::chrono::days{10'000};
const Instant start{std::chrono::days{20'000}};
constexpr Duration length = std::chrono::days{3};

struct Document {
  Instant at{};
  std::string key{};
};

/// An old document that all have learnt from, then `count` of terms of which some are frequent, each at a
/// millisecond of its own.
std::vector<Document> stream(std::uint64_t seed, std::size_t count) {
  Draws draws{Random{seed}.stream("first_seen.agreement")};
  std::set<Instant> instants;
  while (instants.size() < count)
    instants.insert(start + std::chrono::milliseconds{uniform_below(draws.next(), length / 1ms)});
  std::vector<Document> out{{.at = start - std::chrono::days{30}, .key = "the old one"}};
  for (const Instant at : instants) {
    const std::uint64_t pool = std::uint64_t{1} << uniform_below(draws.next(), 12);
    out.push_back({.at = at, .key = "user-" + std::to_string(uniform_below(draws.next(), pool))});
  }
  return out;
}

/// The documents told of, in order, but for the first: those who learn are silent of it.
std::vector<std::uint64_t> told(FirstSeen& strategy, const std::vector<Document>& documents) {
  std::vector<std::uint64_t> out;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const Document& document = documents[i];
    strategy.advance(document.at);
    strategy.see({.document = i,
                  .time = document.at,
                  .ingested = std::chrono::floor<std::chrono::seconds>(document.at),
                  .arrival = document.at,
                  .key = document.key});
  }
  strategy.advance(start + length + std::chrono::days{2});
  for (const FirstSeenAlert& alert : strategy.take_alerts()) {
    EXPECT_EQ(alert.key, documents[alert.document].key);
    if (alert.document != 0) out.push_back(alert.document);
  }
  std::ranges::sort(out);
  return out;
}

std::unique_ptr<FirstSeen> rule(Executor executor) {
  return std::make_unique<FirstSeenRule>(
      FirstSeenRuleOptions{.new_terms = {.executor = executor, .max_signals = 100'000},
                           .times = {.history_start = DateMath::parse("now-10000d")},
                           .first_run = start,
                           .timestamp = RuleTimestamp::time});
}

struct Strategy {
  std::string name{};
  std::function<std::unique_ptr<FirstSeen>()> make{};
};

const std::vector<Strategy>& strategies() {
  static const std::vector<Strategy> all{
      {"aggregation", [] { return rule(Executor::aggregation); }},
      {"esql", [] { return rule(Executor::esql); }},
      {"string_set",
       [] {
         return std::make_unique<detect::StringSet>(
             detect::StringSetOptions{.ttl = endless, .race_window = 0s});
       }},
      {"learning",
       [] {
         return std::make_unique<detect::Learning>(
             detect::LearningOptions{.learning = 0s, .forget_after = endless});
       }},
      {"lookup_search",
       [] {
         detect::LookupSearchOptions options{.initial = endless,
                                             .retention = endless,
                                             .learning = 0s,
                                             .asks_known_values = false,
                                             .throttle = endless};
         options.detection.first = start;
         options.update.first = start - std::chrono::days{2} + 10min;
         return std::make_unique<detect::LookupSearch>(options);
       }},
      {"rotating_bloom", [] {
         return std::make_unique<detect::RotatingBloom>(detect::RotatingBloomOptions{
             .generations = 1, .generation = 3 * endless, .error = {1, std::uint64_t{1} << 40}});
       }}};
  return all;
}

class FirstSeenAgreement : public testing::TestWithParam<std::size_t> {};

TEST_P(FirstSeenAgreement, WithASetThatForgetsNothing) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const std::vector<Document> documents = stream(seed, 3000);
    detect::NeverForgettingSet set;
    const std::vector<std::uint64_t> expected = told(set, documents);
    const std::unique_ptr<FirstSeen> strategy = strategies()[GetParam()].make();
    EXPECT_GT(expected.size(), 500U);
    EXPECT_EQ(told(*strategy, documents), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Strategies, FirstSeenAgreement, testing::Range(std::size_t{0}, strategies().size()),
                         [](const testing::TestParamInfo<std::size_t>& each) {
                           return strategies()[each.param].name;
                         });

TEST(FirstSeenAgreement, OfStringSetsIsOneAlertAKeyAndTimeToLive) {
  constexpr Duration ttl = 5h;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const std::vector<Document> documents = stream(seed, 3000);
    detect::StringSet set{{.ttl = ttl, .checks_expiry = true, .race_window = 0s}};
    std::map<std::string, Instant> last;
    std::vector<std::uint64_t> expected;
    for (std::size_t i = 1; i < documents.size(); ++i) {
      const auto& [at, key] = documents[i];
      const auto [alert, is_first] = last.try_emplace(key, at);
      if (!is_first && at < std::chrono::floor<std::chrono::seconds>(alert->second) + ttl) continue;
      alert->second = at;
      expected.push_back(i);
    }
    EXPECT_EQ(told(set, documents), expected);
  }
}

}  // namespace
}  // namespace rushhour::elastic
