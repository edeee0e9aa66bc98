/// \file
/// README's claim: a million-event hour costs about a second of one core's time directly and under ten in
/// memory, and memory does not grow with the number of events. Each run is a process of its own, measured by
/// the kernel; the bare parts run beside it, so that the ratio holds on any machine.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include <benchmark/benchmark.h>

#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/fakes/in_memory.hpp>
#include <rushhour/fakes/test_bench.hpp>
#include <rushhour/scenario/run.hpp>

namespace {

using namespace rushhour;

constexpr std::uint64_t hour_events = 1'000'000;

void run_scenario(const std::string& file, std::uint64_t events, bool in_memory) {
  scenario::RunOptions options;
  if (in_memory) {
    options.make_endpoint = [](fakes::World& world, Clock&) {
      return std::make_unique<fakes::InMemoryWorld>(world);
    };
  }
  benchmark::DoNotOptimize(scenario::run(scenario::load_scenario(file, {.events = events}), options));
}

struct Cost {
  double cpu_seconds{};
  double peak_megabytes{};
};

/// What `work` costs in a process of its own.
template <class Work>
Cost measure(Work work) {
  const pid_t child = fork();
  if (child == 0) {
    work();
    _exit(0);
  }
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child || status != 0) {
    std::fprintf(stderr, "the measured process failed\n");
    std::exit(1);
  }
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime), static_cast<double>(usage.ru_maxrss) / 1024};
}

void report(benchmark::State& state, const Cost& cost, std::uint64_t events) {
  state.SetIterationTime(cost.cpu_seconds);
  state.counters["peak_MB"] = cost.peak_megabytes;
  state.counters["ns_per_event"] = cost.cpu_seconds * 1e9 / static_cast<double>(events);
}

/// The naive hour: half of the events make three calls each. Target: 1.0 s of CPU and 200 MB for 10^6 events.
void NaiveEnrichmentDirect(benchmark::State& state) {
  const auto events = static_cast<std::uint64_t>(state.range(0));
  for (auto _ : state) {
    report(state, measure([&] { run_scenario("scenarios/naive-enrichment.json", events, false); }), events);
  }
}
BENCHMARK(NaiveEnrichmentDirect)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

/// The same with signatures, forms, JSON and XML, without a socket. Target: 10 s.
void NaiveEnrichmentInMemory(benchmark::State& state) {
  for (auto _ : state) {
    report(state, measure([] { run_scenario("scenarios/naive-enrichment.json", hour_events, true); }),
           hour_events);
  }
}
BENCHMARK(NaiveEnrichmentInMemory)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

void AlertContextOnlyDirect(benchmark::State& state) {
  for (auto _ : state) {
    report(state, measure([] { run_scenario("scenarios/alert-context-only.json", hour_events, false); }),
           hour_events);
  }
}
BENCHMARK(AlertContextOnlyDirect)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

/// The hour as production has it: files on marks, a queue, Lambda, its rules reloaded, its report written.
/// Beside the plain workers of the first benchmark it may cost a quarter more.
void QueuedHourDirect(benchmark::State& state) {
  for (auto _ : state) {
    report(state, measure([] { run_scenario("scenarios/file-delivery.json", hour_events, false); }),
           hour_events);
  }
}
BENCHMARK(QueuedHourDirect)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

/// All caches: a look-up in an hour's worth of verdicts for every second event.
void CachedVerdictsDirect(benchmark::State& state) {
  for (auto _ : state) {
    report(state, measure([] { run_scenario("scenarios/cached-verdicts.json", hour_events, false); }),
           hour_events);
  }
}
BENCHMARK(CachedVerdictsDirect)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

// ---- The bare parts of the direct hour ----

/// A million events of which nothing is read.
void BareTraffic(benchmark::State& state) {
  const auto make_and_drop = [] {
    event::traffic::SyntheticCloudTrail source{{.events = hour_events}, Random{7}};
    event::Event event;
    while (source.next(event)) benchmark::DoNotOptimize(event);
  };
  for (auto _ : state) report(state, measure(make_and_drop), hour_events);
}
BENCHMARK(BareTraffic)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

/// The hour's 1,500,000 calls one after the other: no workers, no waiting, no events.
void BareCalls(benchmark::State& state) {
  const auto call = [] {
    fakes::TestBench bench{{.panther = {.world = {.journal_capacity = 0}}}};
    const std::string role = bench.panther.customer_role_arn;
    for (std::uint64_t i = 0; i < hour_events / 2; ++i) {
      bench.advance(std::chrono::microseconds{7200});
      auto& context = bench.context();
      auto sts = context.sts();
      auto session = sts(api::sts::AssumeRole{.role_arn = role, .role_session_name = "AssumeRoleSession1"});
      auto secrets = context.secretsmanager(std::move(session->credentials));
      auto secret = secrets(api::secretsmanager::GetSecretValue{.secret_id = "panther-secrets/virus-total"});
      auto virustotal = context.virustotal(std::move(secret->secret_string));
      benchmark::DoNotOptimize(virustotal(api::virustotal::GetIpAddress{.ip = "8.8.8.8"}));
    }
  };
  for (auto _ : state) report(state, measure(call), hour_events);
}
BENCHMARK(BareCalls)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
