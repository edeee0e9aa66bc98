/// \file
/// README's claim: a Python rule reads its event without a dict or JSON in between. The methods by
/// themselves, on an event that was read before; a trivial rule with everything that handing over an event
/// takes; beside it the same rule on a dict made of the same record.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <rushhour/event/json.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/panther/convert.hpp>
#include <rushhour/panther/event_object.hpp>
#include <rushhour/panther/python_host.hpp>
#include <rushhour/panther/python_thread.hpp>
#include <rushhour/random.hpp>

namespace {

using namespace rushhour;
using namespace rushhour::panther;
using event::Event;

constexpr std::uint64_t events_count = 1'000;

/// Where the events come from: a generator, with slots in layouts, or a file, each a tree of its own.
enum class From : std::uint8_t { generator, file };

using Source = event::traffic::SyntheticCloudTrail;

/// A thousand events. `source` outlives them.
std::vector<Event> make_events(Source& source, From from) {
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

/// The program's interpreter and its one container.
PythonThread& python() {
  static PythonHost host;
  static PythonThread thread{host};
  return thread;
}

/// A function of Python. Inside Python.
Object function(const std::string& source) {
  const Object module = Object::steal(PyModule_New("rule"));
  PyObject* const names = PyModule_GetDict(module.get());
  checked(PyDict_SetItemString(names, "__builtins__", PyEval_GetBuiltins()));
  static_cast<void>(Object::steal(PyRun_String(source.c_str(), Py_file_input, names, names)));
  return attribute(module.get(), "rule");
}

void count_events(benchmark::State& state) {
  state.counters["per_event"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(events_count),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// One expression, a hundred times in a row in one function, as CPython runs it in a rule.
void Method(benchmark::State& state, const std::string& expression) {
  constexpr int repeats = 100;
  const Inside inside{python()};
  std::string source = "def rule(event):\n";
  for (int i = 0; i < repeats; ++i) source += "    " + expression + "\n";
  const Object rule = function(source);
  const EventType type;
  const Event record = event::from_json(
      R"({"eventName": "x", "userIdentity": {"sessionContext": {"sessionIssuer": {"userName": "ada"}}}})");
  const Object event = type.make(record);
  for (auto _ : state) static_cast<void>(Object::steal(PyObject_CallOneArg(rule.get(), event.get())));
  state.counters["per_call"] = benchmark::Counter(static_cast<double>(state.iterations()) * repeats,
                                                  benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(Method, GetHit, "event.get('eventName')");
BENCHMARK_CAPTURE(Method, GetMiss, "event.get('errorCode')");
BENCHMARK_CAPTURE(Method, GetDefaultByName, "event.get('errorCode', default='')");
BENCHMARK_CAPTURE(Method, Subscript, "event['eventName']");
BENCHMARK_CAPTURE(Method, DeepGetFourKeys,
                  "event.deep_get('userIdentity', 'sessionContext', 'sessionIssuer', 'userName')");
BENCHMARK_CAPTURE(Method, Udm, "event.udm('eventName')");

/// What runs between two rules: into Python and out again.
void EnterAndLeave(benchmark::State& state) {
  for (auto _ : state) {
    const Inside inside{python()};
    benchmark::ClobberMemory();
  }
}
BENCHMARK(EnterAndLeave);

constexpr const char* trivial_rule =
    "def rule(event):\n    return event.get('eventName') == 'ConsoleLogin' and not event.get('errorCode')\n";

void TrivialRule(benchmark::State& state, From from) {
  Source source{{.events = events_count}, Random{1}};
  const std::vector<Event> events = make_events(source, from);
  Object rule;
  std::unique_ptr<EventType> type;
  {
    const Inside inside{python()};
    rule = function(trivial_rule);
    type = std::make_unique<EventType>();
  }
  std::size_t matches = 0;
  for (auto _ : state) {
    for (const Event& record : events) {
      const Inside inside{python()};
      Object event = type->make(record);
      matches += Object::steal(PyObject_CallOneArg(rule.get(), event.get())).get() == Py_True ? 1 : 0;
      EventType::expire(std::move(event));
    }
  }
  benchmark::DoNotOptimize(matches);
  count_events(state);
  const Inside inside{python()};
  rule = {};
  type.reset();
}
BENCHMARK_CAPTURE(TrivialRule, Generated, From::generator);
BENCHMARK_CAPTURE(TrivialRule, Recorded, From::file);

/// The same rule, each event made a dict before.
void TrivialRuleOnDicts(benchmark::State& state) {
  Source source{{.events = events_count}, Random{1}};
  const std::vector<Event> events = make_events(source, From::generator);
  const Inside inside{python()};
  const Object rule = function(trivial_rule);
  for (auto _ : state) {
    for (const Event& record : events) {
      const Object event = to_python(record);
      benchmark::DoNotOptimize(Object::steal(PyObject_CallOneArg(rule.get(), event.get())).get());
    }
  }
  count_events(state);
}
BENCHMARK(TrivialRuleOnDicts);

/// What a rule's context costs as JSON text, of the size of a small enrichment.
void ContextToJson(benchmark::State& state) {
  const Inside inside{python()};
  const Object context = Object::steal(PyObject_CallNoArgs(
      function(
          "def rule():\n    return {'ip': '192.0.2.1', 'stats': {'harmless': 64, 'malicious': 1, 'timeout': "
          "0},\n"
          "            'tags': ['a', 'b'], 'owner': 'GOOGLE', 'asn': 15169, 'score': 0.5, 'seen': None}\n")
          .get()));
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_json(out, context.get());
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(ContextToJson);

}  // namespace
