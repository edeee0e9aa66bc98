/// \file
/// README's claim: a million recorded CloudTrail events go through a new-terms rule in at most 1.5 s of CPU.
/// They are read from a file, a tenth of them over and over; the rule knows 100,000 users from the ten days
/// before, and half of the events match it. Beside it stand the bare part, reading the file, and what the
/// rule reads of each event.

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <benchmark/benchmark.h>

#include <rushhour/detect/first_seen.hpp>
#include <rushhour/elastic/date_math.hpp>
#include <rushhour/elastic/first_seen_rule.hpp>
#include <rushhour/elastic/rule.hpp>
#include <rushhour/elastic/rule_reader.hpp>
#include <rushhour/elastic/term_key.hpp>
#include <rushhour/elastic/trial.hpp>
#include <rushhour/event/ecs.hpp>
#include <rushhour/event/recorded.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/random.hpp>
#include <rushhour/ratio.hpp>

namespace {

using namespace rushhour;

constexpr std::uint64_t events_count = 100'000;
constexpr std::uint64_t known_users = 100'000;
const Instant start{std::chrono::days{20'000}};

/// The hour's events as CloudTrail writes them, a record a line, for as long as the program runs.
class RecordedHour {
 public:
  RecordedHour()
      : path_(std::filesystem::temp_directory_path() /
              ("rushhour-bench-" + std::to_string(::getpid()) + ".ndjson")) {
    event::traffic::SyntheticCloudTrail source{{.events = events_count,
                                                .start = start,
                                                .users = 10'000,
                                                .exact_name = "GetSecretValue",
                                                .exact_share = Ratio{1, 2}},
                                               Random{1}};
    std::ofstream out{path_, std::ios::binary};
    std::string line;
    event::Event event;
    while (source.next(event)) {
      line.clear();
      event.append_json(line);
      line += '\n';
      out << line;
    }
  }
  RecordedHour(const RecordedHour&) = delete;
  RecordedHour& operator=(const RecordedHour&) = delete;
  ~RecordedHour() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

const std::filesystem::path& recorded_hour() {
  static const RecordedHour hour;
  return hour.path();
}

/// Reads the whole file each time and hands over each event.
template <class Take>
void read_all(benchmark::State& state, Take take) {
  recorded_hour();
  std::uint64_t events = 0;
  for (auto _ : state) {
    event::RecordedSource source{recorded_hour()};
    event::Event event;
    while (source.next(event)) take(event);
    events += source.events();
  }
  state.counters["per_event"] = benchmark::Counter(static_cast<double>(events),
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["bytes_per_event"] =
      static_cast<double>(std::filesystem::file_size(recorded_hour())) / static_cast<double>(events_count);
}

void RecordedEvents(benchmark::State& state) {
  read_all(state, [](const event::Event& event) { benchmark::DoNotOptimize(event.id()); });
}
BENCHMARK(RecordedEvents)->Unit(benchmark::kMillisecond);

void ReadByRule(benchmark::State& state) {
  const event::EcsCloudTrail schema;
  const elastic::Rule rule = elastic::load_rule("scenarios/rules/first-secret-read-by-identity.toml");
  elastic::RuleReader reader{rule, schema};
  std::uint64_t matches = 0;
  read_all(state, [&](const event::Event& event) { matches += !reader.read(event).keys.empty(); });
  state.counters["matches"] = static_cast<double>(matches) / static_cast<double>(state.iterations()) /
                              static_cast<double>(events_count);
}
BENCHMARK(ReadByRule)->Unit(benchmark::kMillisecond);

/// Ten days in which each user was seen once.
void take_history(elastic::FirstSeenRule& rule) {
  constexpr Duration history = std::chrono::days{10};
  for (std::uint64_t user = 0; user < known_users; ++user) {
    const Instant at = start - history + user * (history / known_users);
    std::string key;
    elastic::append_term(key, event::Value{std::string_view{"AIDAEXAMPLEKNOWN" + std::to_string(user)}});
    rule.see({.document = user + 1, .time = at, .ingested = at, .arrival = at, .key = key});
  }
}

/// The rule's schedule, its look-back and its history: six runs an hour, each over the hour before.
void NewTermsOfRecordedHour(benchmark::State& state) {
  const event::EcsCloudTrail schema;
  const elastic::Rule rule = elastic::load_rule("scenarios/rules/first-secret-read-by-identity.toml");
  std::uint64_t alerts = 0;
  std::uint64_t events = 0;
  for (auto _ : state) {
    state.PauseTiming();
    elastic::RuleReader reader{rule, schema};
    elastic::FirstSeenRule runs{elastic::first_seen_options(rule, {.since = start})};
    take_history(runs);
    state.ResumeTiming();
    event::RecordedSource source{recorded_hour()};
    event::Event event;
    while (source.next(event)) {
      runs.advance(event.arrival());
      const elastic::RuleReader::Reading reading = reader.read(event);
      for (const std::string& key : reading.keys) {
        runs.see({.document = known_users + event.id(),
                  .time = reading.time,
                  .ingested = reading.rule_time,
                  .arrival = event.arrival(),
                  .key = key});
      }
    }
    runs.advance(start + std::chrono::hours{2});
    alerts += runs.take_alerts().size();
    events += source.events();
  }
  state.counters["per_event"] = benchmark::Counter(static_cast<double>(events),
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["alerts"] = static_cast<double>(alerts) / static_cast<double>(state.iterations());
}
BENCHMARK(NewTermsOfRecordedHour)->Unit(benchmark::kMillisecond);

}  // namespace
