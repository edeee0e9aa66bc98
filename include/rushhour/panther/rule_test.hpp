/// \file
/// The tests in a rule's YAML file, run as panther_analysis_tool runs them, and against the fakes where a
/// test mocks nothing: every call that a rule would make is counted. It prints nothing, and knows no limits
/// of calls: that is the command's business.
#pragma once

#include <rushhour/panther/object.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/panther/python_thread.hpp>
#include <rushhour/panther/rule.hpp>
#include <rushhour/panther/rule_pack.hpp>
#include <rushhour/time.hpp>

namespace rushhour::panther {

/// The calls of a test to one operation.
struct TestCalls {
  std::string operation{};  ///< `sts:AssumeRole`
  std::uint64_t attempts{};
  std::uint64_t ok{};
  std::uint64_t throttled{};
  std::uint64_t errors{};  ///< neither ok nor throttled
};

struct TestVerdict {
  const TestSpec* test{};
  bool passed{};
  std::vector<std::string> failures{};  ///< why it did not, a sentence each
  RuleResult result{};
  std::vector<TestCalls> calls{};  ///< by operation
  std::string printed{};           ///< what the rule wrote to sys.stdout
};

struct RuleTesterOptions {
  Instant now{fakes::WorldOptions{}.start};  ///< when each test begins, also for `datetime.utcnow()`
  std::uint64_t seed{1};                     ///< of what the fakes answer
  Duration runtime_max{Rule::runtime_max};   ///< of a rule, in virtual and in real time
};

/// Runs the tests of a pack, one by one.
///
/// Each test has a container and a world of its own, so that none sees what another left behind, and which
/// others run changes nothing (panther_analysis_tool keeps helpers from rule to rule). Calls that no mock
/// takes are made with the credentials of Panther's unit tests' role, and reach the guide's world
/// (fakes::PantherWorld), without latency or retries of their own.
///
/// A test that expects a match passes when rule() says True and no function fails; one that expects none
/// passes when rule() says False, whatever the others do (spec panther.md 2.1). All functions run in either
/// case. Of a rule with CreateAlert false only rule() and alert_context() count.
///
/// One at a time in an interpreter: it has the Clients. Link rushhour::panther_clock, for the time.
class RuleTester {
 public:
  using Options = RuleTesterOptions;

  /// Outside Python. Thread and pack outlive it.
  RuleTester(PythonThread& thread, const RulePack& pack, const Options& options = {});
  RuleTester(const RuleTester&) = delete;
  RuleTester& operator=(const RuleTester&) = delete;
  /// Outside Python.
  ~RuleTester();

  /// Why the module of a rule cannot be executed, as an import that is missing; nothing when it can.
  [[nodiscard]] std::optional<FunctionError> load_error(std::size_t rule);
  /// Runs a test of a rule, both by their place in the pack.
  [[nodiscard]] TestVerdict run(std::size_t rule, std::size_t test);

 private:
  struct State;
  class Attempt;

  std::unique_ptr<State> state_;
};

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/rule_test_inl.hpp>
#endif
