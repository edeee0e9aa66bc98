/// \file
/// How one test is set up, run and judged.
#pragma once

#include <rushhour/panther/rule_test.hpp>

#include <array>
#include <string>
#include <utility>

#include <rushhour/api/client.hpp>
#include <rushhour/detect/context.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/fakes/role_credentials.hpp>
#include <rushhour/panther/clients.hpp>
#include <rushhour/panther/convert.hpp>
#include <rushhour/panther/data_model.hpp>
#include <rushhour/panther/event_object.hpp>
#include <rushhour/panther/virtual_time.hpp>
#include <rushhour/retry/policies.hpp>
#include <rushhour/sim/container_clock.hpp>

namespace rushhour::panther {
namespace detail {

/// The guide's world, as the unit tests' role sees it.
class TestWorld {
 public:
  explicit TestWorld(const RuleTesterOptions& options)
      : panther_({.world = {.seed = options.seed, .start = options.now}}),
        base_(options.now),
        clock_(base_),
        identity_(panther_.world.iam, panther_.unit_tests_role_arn, "panther-unit-tests"),
        session_{.endpoint = &panther_.world, .clock = &clock_} {
    detect::RetryPolicies policies{};
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      retry::Settings settings;
      settings.service = to_text(static_cast<api::Service>(i));
      policies_[i] = retry::make("none", settings);
      policies[i] = policies_[i].get();
    }
    context_.emplace(session_, identity_, policies);
  }

  [[nodiscard]] fakes::World& world() { return panther_.world; }
  [[nodiscard]] sim::ContainerClock& clock() { return clock_; }
  [[nodiscard]] detect::Context& context() { return *context_; }
  void attribute_to(const std::string& rule) {
    session_.attribution = {.detection = world().ledger.names().intern(rule), .event = 1};
  }

 private:
  fakes::PantherWorld panther_;
  VirtualClock base_;
  sim::ContainerClock clock_;
  fakes::RoleCredentials identity_;
  std::array<std::unique_ptr<retry::Policy>, api::service_count> policies_{};
  api::Session session_;
  std::optional<detect::Context> context_{};
};

/// In its scope sys.stdout is a text that is kept. Inside Python.
class CapturedOutput {
 public:
  CapturedOutput()
      : before_(Object::share(PySys_GetObject("stdout"))),
        kept_(Object::steal(PyObject_CallNoArgs(attribute(import_module("io").get(), "StringIO").get()))) {
    checked(PySys_SetObject("stdout", kept_.get()));
  }
  CapturedOutput(const CapturedOutput&) = delete;
  CapturedOutput& operator=(const CapturedOutput&) = delete;
  ~CapturedOutput() { static_cast<void>(PySys_SetObject("stdout", before_.get())); }

  [[nodiscard]] std::string text() const {
    return utf8(Object::steal(PyObject_CallMethod(kept_.get(), "getvalue", nullptr)).get());
  }

 private:
  Object before_;
  Object kept_;
};

/// `MagicMock(return_value=value)`.
[[nodiscard]] RUSHHOUR_INLINE Object magic_mock(const Object& value) {
  const Object type = attribute(import_module("unittest.mock").get(), "MagicMock");
  const Object keywords = Object::steal(PyDict_New());
  checked(PyDict_SetItemString(keywords.get(), "return_value", value.get()));
  const Object nothing = Object::steal(PyTuple_New(0));
  return Object::steal(PyObject_Call(type.get(), nothing.get(), keywords.get()));
}

[[nodiscard]] RUSHHOUR_INLINE std::string sentence(const FunctionError& error) {
  std::string out = std::string{to_text(error.function)} + "(): " + error.text;
  if (!error.file.empty()) out += " (" + error.file;
  if (error.line > 0) out += ":" + std::to_string(error.line);
  return error.file.empty() ? out : out + ")";
}

}  // namespace detail

/// What all tests share. It lives and dies inside Python, except for the clients.
struct RuleTester::State {
  struct Compiled {
    explicit Compiled(const RulePack& pack, Duration limit) : code(pack), watchdog(limit) {}
    PackCode code;
    EventType events;
    Watchdog watchdog;
  };

  State(PythonThread& on, const RulePack& tested, const Options& chosen)
      : thread(on), pack(tested), options(chosen), clients(on) {}

  [[nodiscard]] ModulesOptions modules_options() {
    return {.watchdog = &compiled->watchdog, .clients = &clients, .events = &compiled->events};
  }

  PythonThread& thread;
  const RulePack& pack;
  Options options;
  Clients clients;
  std::optional<Compiled> compiled{};
};

/// One test of one rule.
class RuleTester::Attempt {
 public:
  Attempt(State& state, std::size_t rule)
      : state_(state), index_(rule), spec_(state.pack.rules[rule]), world_(state.options) {
    state_.clients.set_route({.world = &world_.world()});
    state_.thread.set_context(&world_.context());
    world_.attribute_to(spec_.id);
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  ~Attempt() {
    state_.thread.set_context(nullptr);
    state_.clients.set_route({});
  }

  [[nodiscard]] std::optional<FunctionError> load_error() {
    const VirtualTime time{world_.clock()};
    const Inside inside{state_.thread};
    const detail::CapturedOutput output;
    world_.clock().begin_rule(state_.options.runtime_max);
    Modules modules{state_.compiled->code, state_.modules_options()};
    return Rule{modules, index_}.load_error();
  }

  [[nodiscard]] TestVerdict operator()(const TestSpec& test) {
    TestVerdict out{.test = &test};
    {
      const VirtualTime time{world_.clock()};
      const Inside inside{state_.thread};
      const detail::CapturedOutput output;
      world_.clock().begin_rule(state_.options.runtime_max);
      Modules modules{state_.compiled->code, state_.modules_options()};
      Rule rule{modules, index_};
      if (const std::string missing = put_mocks(rule, test); !missing.empty())
        out.failures.push_back(missing);
      if (out.failures.empty()) out.result = run(modules, rule, test);
      out.printed = output.text();
    }
    add_calls(out);
    judge(out);
    return out;
  }

 private:
  /// What is wrong with a mock; empty when nothing is.
  [[nodiscard]] static std::string put_mocks(Rule& rule, const TestSpec& test) {
    if (rule.module() == nullptr) return {};
    event::Arena arena;
    for (const MockSpec& mock : test.mocks) {
      PyObject* const names = PyModule_GetDict(rule.module());
      if (PyDict_GetItemString(names, mock.object_name.c_str()) == nullptr) {
        return "line " + std::to_string(mock.line) + " mocks " + mock.object_name +
               ", and the rule's module has nothing of that name";
      }
      const Object made = detail::magic_mock(to_python(to_value(mock.return_value, arena)));
      checked(PyDict_SetItemString(names, mock.object_name.c_str(), made.get()));
    }
    if (!test.mocks.empty()) rule.look_again();
    return {};
  }

  [[nodiscard]] RuleResult run(Modules& modules, Rule& rule, const TestSpec& test) {
    event::Arena arena;
    const event::Value record = to_value(test.record, arena);
    const auto text = [&](std::string_view key) {
      const event::Value* const found = record.find(key);
      return found == nullptr ? std::string_view{} : found->text_or({});
    };
    const std::string log_type{text("p_log_type")};
    const Instant time = parse_iso8601(text("p_event_time")).value_or(state_.options.now);
    event::Event event;
    event.assign({.arrival = state_.options.now, .time = time, .log_type = log_type}, record, arena);
    DataModels models{modules};
    const DataModel* const model = spec_.kind == ItemKind::rule ? models.of(log_type) : nullptr;
    Object object = state_.compiled->events.make(event, model);
    world_.clock().begin_rule(state_.options.runtime_max);
    RuleResult out = rule.run(object.get(), Mode::test);
    EventType::expire(std::move(object));
    return out;
  }

  void add_calls(TestVerdict& out) {
    const Calls calls = world_.world().calls();
    for (const OperationTally& tally : calls.tallies()) {
      out.calls.push_back({.operation = std::string{tally.operation},
                           .attempts = tally.attempts,
                           .ok = tally.ok,
                           .throttled = tally.throttled,
                           .errors = tally.errors});
    }
  }

  void judge(TestVerdict& out) const {
    const bool was_run = out.failures.empty();
    const detect::Verdict::Kind verdict = out.result.verdict;
    if (was_run && verdict != detect::Verdict::Kind::error &&
        (verdict == detect::Verdict::Kind::match) != out.test->expected) {
      out.failures.emplace_back(out.test->expected ? "rule() says False, and the test expects True"
                                                   : "rule() says True, and the test expects False");
    }
    for (const FunctionError& error : out.result.errors) {
      const bool is_rule = error.function == RuleFunction::rule;
      const bool counts = is_rule || (out.test->expected &&
                                      (spec_.create_alert || error.function == RuleFunction::alert_context));
      if (counts) out.failures.push_back(detail::sentence(error));
    }
    out.passed = out.failures.empty();
  }

  State& state_;
  std::size_t index_;
  const RuleSpec& spec_;
  detail::TestWorld world_;
};

RUSHHOUR_INLINE RuleTester::RuleTester(PythonThread& thread, const RulePack& pack, const Options& options)
    : state_(std::make_unique<State>(thread, pack, options)) {
  const Inside inside{thread};
  state_->compiled.emplace(pack, options.runtime_max);
}

RUSHHOUR_INLINE RuleTester::~RuleTester() {
  const Inside inside{state_->thread};
  state_->compiled.reset();
}

RUSHHOUR_INLINE std::optional<FunctionError> RuleTester::load_error(std::size_t rule) {
  return Attempt{*state_, rule}.load_error();
}

RUSHHOUR_INLINE TestVerdict RuleTester::run(std::size_t rule, std::size_t test) {
  return Attempt{*state_, rule}(state_->pack.rules[rule].tests[test]);
}

}  // namespace rushhour::panther
