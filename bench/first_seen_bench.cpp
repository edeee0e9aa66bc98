/// \file
/// README's claim: what was seen for the first time is found at a million documents a second and more, and a
/// term is remembered in at most 64 bytes. Each strategy takes the same stream: 100,000 users over ten days,
/// ten documents each. Beside them stands the bare part, walking over the stream.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <rushhour/detect/first_seen/learning.hpp>
#include <rushhour/detect/first_seen/lookup_search.hpp>
#include <rushhour/detect/first_seen/never_forgetting_set.hpp>
#include <rushhour/detect/first_seen/rotating_bloom.hpp>
#include <rushhour/detect/first_seen/string_set.hpp>
#include <rushhour/elastic/first_seen_rule.hpp>
#include <rushhour/elastic/term_key.hpp>
#include <rushhour/event/value.hpp>
#include <rushhour/random.hpp>

namespace {

using namespace rushhour;

constexpr std::uint64_t users = 100'000;
constexpr std::uint64_t documents = 10 * users;
constexpr Duration length = std::chrono::days{10};
const Instant start{std::chrono::days{20'000}};

/// A role's session, as user.id has it: 36 characters.
const std::vector<std::string>& keys() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> out(users);
    for (std::uint64_t user = 0; user < users; ++user) {
      const std::string number = std::to_string(user);
      const std::string text =
          "AROAEXAMPLEEXAMPLE123:session-" + std::string(6 - number.size(), '0') + number;
      elastic::append_term(out[user], event::Value{text});
    }
    return out;
  }();
  return all;
}

detect::Sighting sighting(std::uint64_t document) {
  const Instant at = start + document * (length / documents);
  const std::uint64_t user = uniform_below(Stream{1}.at(document), users);
  return {.document = document,
          .time = at,
          .ingested = std::chrono::floor<std::chrono::seconds>(at),
          .arrival = at,
          .key = keys()[user]};
}

void take_all(detect::FirstSeen& strategy) {
  for (std::uint64_t document = 0; document < documents; ++document) {
    const detect::Sighting each = sighting(document);
    strategy.advance(each.arrival);
    strategy.see(each);
  }
  benchmark::DoNotOptimize(strategy.take_alerts().size());
}

void count(benchmark::State& state, std::size_t bytes, std::size_t terms) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(documents));
  state.counters["bytes_per_term"] = static_cast<double>(bytes) / static_cast<double>(terms);
}

template <class Strategy>
void take_stream(benchmark::State& state, const typename Strategy::Options& options) {
  keys();
  std::size_t bytes = 0;
  for (auto _ : state) {
    Strategy strategy{options};
    take_all(strategy);
    bytes = strategy.costs().bytes_max;
  }
  count(state, bytes, users);
}

void BareSightings(benchmark::State& state) {
  keys();
  for (auto _ : state) {
    for (std::uint64_t document = 0; document < documents; ++document)
      benchmark::DoNotOptimize(sighting(document).key.size());
  }
  count(state, 0, users);
}
BENCHMARK(BareSightings)->Unit(benchmark::kMillisecond);

/// Every 10 minutes over the hour before, as the seed rule ran; all 100,000 terms stay in its ten days.
void NewTerms(benchmark::State& state) {
  keys();
  std::size_t bytes = 0;
  std::size_t terms = 1;
  for (auto _ : state) {
    elastic::FirstSeenRule rule{{.new_terms = {.executor = static_cast<elastic::Executor>(state.range(0))},
                                 .times = {.from = elastic::DateMath::parse("now-60m"),
                                           .interval = std::chrono::minutes{10},
                                           .history_start = elastic::DateMath::parse("now-10d")},
                                 .first_run = start}};
    take_all(rule);
    bytes = rule.new_terms().history_bytes();
    terms = rule.new_terms().terms_in_history();
  }
  count(state, bytes, terms);
  state.counters["terms"] = static_cast<double>(terms);
}
BENCHMARK(NewTerms)
    ->ArgName("esql")
    ->Arg(static_cast<int>(elastic::Executor::aggregation))
    ->Arg(static_cast<int>(elastic::Executor::esql))
    ->Unit(benchmark::kMillisecond);

void StringSet(benchmark::State& state) { take_stream<detect::StringSet>(state, {}); }
BENCHMARK(StringSet)->Unit(benchmark::kMillisecond);

void Learning(benchmark::State& state) { take_stream<detect::Learning>(state, {}); }
BENCHMARK(Learning)->Unit(benchmark::kMillisecond);

void LookupSearch(benchmark::State& state) {
  detect::LookupSearchOptions options;
  options.detection.first = start;
  options.update.first = start;
  take_stream<detect::LookupSearch>(state, options);
}
BENCHMARK(LookupSearch)->Unit(benchmark::kMillisecond);

void NeverForgettingSet(benchmark::State& state) { take_stream<detect::NeverForgettingSet>(state, {}); }
BENCHMARK(NeverForgettingSet)->Unit(benchmark::kMillisecond);

void RotatingBloom(benchmark::State& state) {
  take_stream<detect::RotatingBloom>(state, {.capacity = users});
}
BENCHMARK(RotatingBloom)->Unit(benchmark::kMillisecond);

}  // namespace
