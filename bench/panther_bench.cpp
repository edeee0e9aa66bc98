/// \file
/// README's claim: rules in Python cost 3 us an event for a trivial one and 12 us for ten, and the guide's
/// rule runs over a million-event hour, with its 1.4 million calls, in 20 s of one core's time. Each run is a
/// process of its own, as the interpreter starts once in each.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/fakes/test_bench.hpp>
#include <rushhour/panther/clients.hpp>
#include <rushhour/panther/rule_detection.hpp>
#include <rushhour/panther/virtual_time.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/scenario.hpp>

namespace {

using namespace rushhour;

/// In the manner of the rules that Panther publishes for CloudTrail: most look at the name of the event, then
/// at the caller, and answer False.
constexpr std::string_view rules[] = {
    "def rule(event):\n    return event.get('eventName') == 'DeleteTrail'\n",
    "def rule(event):\n    return event.get('eventName') in {'StopLogging', 'UpdateTrail'} and not "
    "event.get('errorCode')\n",
    "def rule(event):\n    return event.deep_get('userIdentity', 'type') == 'Root' and "
    "event.get('eventType') "
    "!= 'AwsServiceEvent'\n",
    "def rule(event):\n    return event.get('eventName') == 'ConsoleLogin' and "
    "event.deep_get('additionalEventData', 'MFAUsed') != 'Yes'\n",
    "def rule(event):\n    return event.udm('source_ip') == '203.0.113.250'\n",
    "EVENTS = ('CreateUser', 'CreateAccessKey', 'AttachUserPolicy')\n"
    "def rule(event):\n    return event.get('eventName') in EVENTS\n"
    "def title(event):\n    return event.deep_get('userIdentity', 'arn')\n",
    "def rule(event):\n    return event.get('eventSource') == 'ec2.amazonaws.com' and "
    "str(event.get('eventName')).startswith('Authorize')\n",
    "def rule(event):\n    return event.deep_get('requestParameters', 'secretId', default='') == "
    "'root-key'\n",
    "def rule(event):\n    agent = event.get('userAgent') or ''\n    return 'kali' in agent.lower()\n",
    "def rule(event):\n    return event.get('errorCode') == 'AccessDenied' and "
    "event.deep_get('userIdentity', 'sessionContext', 'sessionIssuer', 'userName') == 'admin'\n"};

/// A pack of the first so many of them.
std::string pack_of(std::size_t count) {
  std::string folder = (std::filesystem::temp_directory_path() / "rushhour-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) std::abort();
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = "rule_" + std::to_string(i);
    std::ofstream{folder + "/" + name + ".py"} << rules[i];
    std::ofstream{folder + "/" + name + ".yml"} << "AnalysisType: rule\nRuleID: Bench." << i
                                                << "\nFilename: " << name
                                                << ".py\nEnabled: true\nSeverity: Low\nLogTypes: "
                                                   "[AWS.CloudTrail]\n";
  }
  return folder;
}

/// CPU seconds of `work` in a process of its own; what it returns is taken off.
template <class Work>
double measure(Work work) {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) {
    const double seconds = work();
    if (write(ends[1], &seconds, sizeof seconds) != sizeof seconds) _exit(1);
    _exit(0);
  }
  double seconds = 0;
  int status = 0;
  if (read(ends[0], &seconds, sizeof seconds) != sizeof seconds || waitpid(child, &status, 0) != child ||
      status != 0) {
    std::fprintf(stderr, "the measured process failed\n");
    std::exit(1);
  }
  close(ends[0]);
  close(ends[1]);
  return seconds;
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

constexpr std::uint64_t measured_events = 300'000;

/// Rules over synthetic events, without an engine around them: making an event is part of it.
double look_at_events(std::size_t count) {
  const std::string folder = pack_of(count);
  panther::PythonHost host;
  panther::PythonThread thread{host};
  panther::PythonRules python{thread};
  const panther::RulePack& pack = python.load(folder);
  {
    const panther::Inside inside{thread};
    host.freeze();
  }
  fakes::TestBench bench;
  std::vector<detect::AnyDetection> detections;
  for (std::size_t i = 0; i < count; ++i) detections.push_back(python.plan(pack, i, pack.rules[i].id).make());
  event::traffic::SyntheticCloudTrail source{{.events = measured_events}, Random{7}};
  event::Event event;
  std::uint64_t matches = 0;
  const auto look = [&] {
    const detect::Context::EventScope scope{bench.context()};
    for (detect::AnyDetection& detection : detections)
      matches += detection.evaluate(event, bench.context()).alert ? 1U : 0U;
  };
  if (source.next(event)) look();  // loads the modules
  const double before = cpu_seconds();
  while (source.next(event)) look();
  const double spent = cpu_seconds() - before;
  benchmark::DoNotOptimize(matches);
  std::filesystem::remove_all(folder);
  return spent;
}

void PythonRulesAnEvent(benchmark::State& state) {
  for (auto _ : state) {
    const double seconds = measure([&] { return look_at_events(static_cast<std::size_t>(state.range(0))); });
    state.SetIterationTime(seconds);
    state.counters["us_per_event"] = seconds * 1e6 / static_cast<double>(measured_events);
  }
}
/// Targets: 3 us for one rule, 12 us for ten.
BENCHMARK(PythonRulesAnEvent)->Arg(1)->Arg(10)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

double run_hour(const std::string& file) {
  panther::PythonHost host;
  panther::PythonThread thread{host};
  panther::Clients clients{thread};
  panther::PythonRules python{thread, {.clients = &clients}};
  {
    const panther::Inside inside{thread};
    host.freeze();
  }
  scenario::RunOptions options;
  options.make_pack_detection = [&](const scenario::DetectionPlan& plan, fakes::PantherWorld& world) {
    clients.set_route({.world = &world.world});
    const panther::RulePack& pack = python.load(plan.panther->pack);
    return python.plan(pack, panther::find_rule(pack, plan.panther->rule).value(), plan.name);
  };
  options.while_running = [](sim::EventLoop& loop) -> std::shared_ptr<void> {
    return std::make_shared<panther::VirtualTime>(loop);
  };
  options.pack_stack_bytes = panther::PythonThread::stack_bytes;
  const double before = cpu_seconds();
  benchmark::DoNotOptimize(scenario::run(scenario::load_scenario(file), options));
  return cpu_seconds() - before;
}

/// The guide's rule over the hour: 476,000 matches, three calls each. Target: 20 s.
void PythonEnrichmentHour(benchmark::State& state) {
  for (auto _ : state)
    state.SetIterationTime(measure([] { return run_hour("scenarios/panther-enrichment.json"); }));
}
BENCHMARK(PythonEnrichmentHour)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

/// The same calls without Python: what the engine and the fakes cost.
void NativeTwinHour(benchmark::State& state) {
  for (auto _ : state)
    state.SetIterationTime(measure([] { return run_hour("scenarios/panther-enrichment-native.json"); }));
}
BENCHMARK(NativeTwinHour)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
