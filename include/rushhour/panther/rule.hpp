/// \file
/// One rule in one container: its module, and what its functions make of an event, in the order and with the
/// limits of Panther's engine (spec panther.md 1.1, 1.2). It neither groups nor delivers alerts, and which
/// events it sees is not its business.
#pragma once

#include <rushhour/panther/object.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detect/alert.hpp>
#include <rushhour/detect/detection.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/panther/modules.hpp>
#include <rushhour/panther/rule_spec.hpp>
#include <rushhour/time.hpp>

namespace rushhour::panther {

/// The functions of a rule in the order in which the engine calls them. Where unique() stands in it is not
/// known; panther_analysis_tool has it last [CHOICE].
enum class RuleFunction : std::uint8_t {
  rule,
  title,
  description,
  reference,
  severity,
  runbook,
  destinations,
  dedup,
  alert_context,
  unique
};
inline constexpr std::size_t rule_function_count = 10;

[[nodiscard]] constexpr std::string_view to_text(RuleFunction function) {
  constexpr std::array<std::string_view, rule_function_count> texts{
      "rule",    "title",        "description", "reference",     "severity",
      "runbook", "destinations", "dedup",       "alert_context", "unique"};
  return texts[static_cast<std::size_t>(function)];
}

/// Whose a call is in the journal.
[[nodiscard]] constexpr Function attribution(RuleFunction function) {
  return static_cast<Function>(static_cast<std::uint8_t>(function) +
                               static_cast<std::uint8_t>(Function::rule));
}
static_assert(attribution(RuleFunction::unique) == Function::unique,
              "the journal has the functions in the same order");

/// Which of the two ways the engine runs a rule.
enum class Mode : std::uint8_t {
  production,  ///< only a match is described; what raises there is replaced
  test         ///< all functions run whatever rule() says, and what raises is told (`batch_mode=False`)
};

/// What one function raised, or returned that it may not.
struct FunctionError {
  RuleFunction function{};
  std::string type{};       ///< `KeyError`; `FunctionReturnTypeError` for what it returned
  std::string text{};       ///< `KeyError: 'data'`
  std::string repr{};       ///< `KeyError('data')`
  std::string file{};       ///< of the innermost call in the pack's code; empty when there is none
  int line{};               ///< from 1
  std::string traceback{};  ///< as Python prints it
};

/// What one function that the rule defines returned, in Mode::test.
struct FunctionOutput {
  RuleFunction function{};
  std::string json{};  ///< as the engine takes it: cut, upper case, with defaults
};

/// How the engine describes a match, and in Mode::test every event.
struct RuleAlert {
  std::string title{};
  std::string dedup{};
  std::string description{};
  std::string reference{};
  std::string runbook{};
  detect::Severity severity{};
  std::vector<std::string> destinations{};  ///< names or ids; `SKIP` alone: nobody is told
  detect::AlertContext context{};
  std::optional<std::string> unique{};  ///< the Threshold counts how many different ones there are
};

struct RuleResult {
  detect::Verdict::Kind verdict{};
  /// Of a match. Of an error in production it is the rule error: its title is the exception's repr, its dedup
  /// string the exception's class, and the Threshold does not count (spec panther.md 1.2).
  std::optional<RuleAlert> alert{};
  std::vector<FunctionError> errors{};    ///< in the order of the functions
  std::vector<FunctionOutput> outputs{};  ///< only in Mode::test, likewise

  [[nodiscard]] const FunctionError* error_of(RuleFunction function) const {
    for (const FunctionError& error : errors) {
      if (error.function == function) return &error;
    }
    return nullptr;
  }
};

/// It lives and dies inside Python. What it is made of outlives it.
class Rule {
 public:
  /// `index` is its place among the pack's rules. What its module raises when it is executed is kept: run()
  /// then gives that error for each event.
  Rule(Modules& modules, std::size_t index);
  Rule(const Rule&) = delete;
  Rule& operator=(const Rule&) = delete;
  Rule(Rule&&) noexcept = default;
  Rule& operator=(Rule&&) = delete;
  ~Rule() = default;

  [[nodiscard]] const RuleSpec& spec() const { return *spec_; }
  /// Why the module is not there; nothing when it is.
  [[nodiscard]] const std::optional<FunctionError>& load_error() const { return load_error_; }
  /// The module; null with a load_error(). Who puts something into it calls look_again().
  [[nodiscard]] PyObject* module() const { return module_.get(); }
  /// Whether the rule defines a function.
  [[nodiscard]] bool defines(RuleFunction function) const {
    return bool{functions_[static_cast<std::size_t>(function)]};
  }

  /// Executes the module anew, and so forgets what it remembered: the engine does it every five minutes
  /// (spec panther.md 1.1).
  void reload();
  /// Finds its functions again, of which some may have been replaced.
  void look_again();

  /// Runs the functions on an event (event_object.hpp). Calls are attributed to them through the context of
  /// the running PythonThread, where there is one. Errors of the rule are in the result; what ends the worker
  /// leaves as the exception that it is.
  /// \param wanted  asked before alert_context(), for an engine that does not call it for every match; null:
  ///                it is called
  [[nodiscard]] RuleResult run(PyObject* event, Mode mode = Mode::production,
                               detect::ContextWanted* wanted = nullptr);

  /// What a rule may take for one event, in virtual and in real time [DOC docs.panther.com, "15-second
  /// runtime limit"]. Virtual time is kept by whoever runs it (sim::ContainerClock), real time by a Watchdog.
  static constexpr Duration runtime_max = std::chrono::seconds{15};
  /// Of more only the first count.
  static constexpr std::size_t destinations_max = 10;

 private:
  class Run;

  Modules* modules_;
  const RuleSpec* spec_;
  const ModuleCode* code_;
  Object module_;
  std::array<Object, rule_function_count> functions_;
  std::optional<FunctionError> load_error_;
};

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/rule_inl.hpp>
#endif
