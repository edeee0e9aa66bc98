/// \file
/// README's claim: a rule of Elastic reads the fields it needs from a raw record, and no document is built.
/// Six fields are read from each event, as by the rule for secrets with its new terms; beside them stand the
/// bare part, the same six values by their paths in the raw record, and the whole document.

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <rushhour/event/ecs.hpp>
#include <rushhour/event/json.hpp>
#include <rushhour/event/path.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/random.hpp>

namespace {

using namespace rushhour;
using event::Event;

constexpr std::uint64_t events_count = 1'000;

/// Where the events come from: a generator, with slots in layouts, or a file, each a tree of its own.
enum class From : std::uint8_t { generator, file };

std::vector<Event> make_events(event::traffic::SyntheticCloudTrail& source, From from) {
  std::vector<Event> events;
  Event event;
  while (source.next(event)) {
    if (from == From::file) {
      events.push_back(event::from_json(event.to_json(), {.arrival = event.arrival(), .time = event.time()}));
    } else {
      events.push_back(std::move(event));
      event = {};
    }
  }
  return events;
}

/// Reads every event over and over; slots are made in the first round, which is not counted.
template <class Read>
void read_all(benchmark::State& state, From from, Read read) {
  event::traffic::SyntheticCloudTrail source{{.events = events_count}, Random{1}};
  const std::vector<Event> events = make_events(source, from);
  for (const Event& event : events) read(event);
  for (auto _ : state) {
    for (const Event& event : events) read(event);
  }
  const double count = static_cast<double>(state.iterations()) * static_cast<double>(events_count);
  state.counters["per_event"] =
      benchmark::Counter(count, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void SixFields(benchmark::State& state, From from) {
  const event::EcsCloudTrail schema;
  std::vector<std::shared_ptr<const event::Field>> fields;
  for (const std::string_view name : {"event.provider", "event.action", "event.outcome", "user.name",
                                      "cloud.account.id", "user_agent.name"}) {
    fields.push_back(schema.field(name));
  }
  event::Arena scratch;
  read_all(state, from, [&](const Event& event) {
    scratch.reset();
    for (const auto& field : fields) benchmark::DoNotOptimize(field->read(event, scratch));
  });
}
BENCHMARK_CAPTURE(SixFields, Generated, From::generator);
BENCHMARK_CAPTURE(SixFields, Recorded, From::file);

void SixRawPaths(benchmark::State& state, From from) {
  std::vector<event::Path> paths;
  for (const std::string_view path :
       {event::cloudtrail::event_source, event::cloudtrail::event_name, event::cloudtrail::error_code,
        event::cloudtrail::user_name, event::cloudtrail::user_account_id, event::cloudtrail::user_agent}) {
    paths.emplace_back(path);
  }
  read_all(state, from, [&](const Event& event) {
    for (const event::Path& path : paths) benchmark::DoNotOptimize(path(event));
  });
}
BENCHMARK_CAPTURE(SixRawPaths, Generated, From::generator);
BENCHMARK_CAPTURE(SixRawPaths, Recorded, From::file);

/// The text that rules match with wildcards, and a key of the same object.
void Parameters(benchmark::State& state, From from, std::string_view name) {
  const event::EcsCloudTrail schema;
  const auto field = schema.field(name);
  event::Arena scratch;
  read_all(state, from, [&](const Event& event) {
    scratch.reset();
    benchmark::DoNotOptimize(field->read(event, scratch));
  });
}
BENCHMARK_CAPTURE(Parameters, Printed, From::generator, "aws.cloudtrail.request_parameters");
BENCHMARK_CAPTURE(Parameters, Key, From::generator, "aws.cloudtrail.flattened.request_parameters.secretId");

void WholeDocument(benchmark::State& state) {
  const event::EcsCloudTrail schema;
  read_all(state, From::generator,
           [&](const Event& event) { benchmark::DoNotOptimize(event::ecs_document(schema, event)); });
}
BENCHMARK(WholeDocument);

}  // namespace
