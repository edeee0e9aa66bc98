/// \file
/// The Python modules of a rule pack: compiled once, and executed once for each container, which so has
/// its own copy of what rules and helpers remember. It knows how modules import each other, not what a rule
/// is (rule.hpp).
#pragma once

#include <rushhour/panther/object.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/panther/python_thread.hpp>
#include <rushhour/panther/rule_pack.hpp>
#include <rushhour/panther/watchdog.hpp>

namespace rushhour::panther {

class Clients;
class EventType;

/// A module before it is executed.
struct ModuleCode {
  std::string name{};                  ///< what `__name__` will be: the RuleID, GlobalID or DataModelID
  std::string file{};                  ///< what `__file__` will be
  Object code{};                       ///< null: `error` says why
  std::optional<PythonError> error{};  ///< a SyntaxError, mostly
};

/// The Python of a pack, compiled. All containers share it. It lives and dies inside Python.
class PackCode {
 public:
  /// Reads and compiles every file of the pack. Mistakes in them are kept with their module.
  /// \throws InputError when a file cannot be read
  explicit PackCode(const RulePack& pack);
  PackCode(const PackCode&) = delete;
  PackCode& operator=(const PackCode&) = delete;
  ~PackCode() = default;

  [[nodiscard]] const RulePack& pack() const { return *pack_; }
  /// Of the rule at this place of the pack's rules.
  [[nodiscard]] const ModuleCode& rule(std::size_t index) const { return rules_[index]; }
  /// Of the data model at this place of the pack's data models; null when it has no Python.
  [[nodiscard]] const ModuleCode* data_model(std::size_t index) const {
    return data_models_[index] ? &*data_models_[index] : nullptr;
  }
  /// Global helpers and library modules by the name that rules import; null when there is none.
  [[nodiscard]] const ModuleCode* importable(std::string_view name) const;
  /// Whether some importable module is inside this package: `panther_detection_helpers`.
  [[nodiscard]] bool is_package(std::string_view name) const;

 private:
  const RulePack* pack_;
  std::vector<ModuleCode> rules_;
  std::vector<std::optional<ModuleCode>> data_models_;
  std::map<std::string, ModuleCode, std::less<>> importables_;
};

/// What a container's modules may use; all of it outlives them.
struct ModulesOptions {
  Watchdog* watchdog{};  ///< ends a rule that runs for ever; null: nobody does
  Clients* clients{};    ///< knows the JSON of answers that rules hand on; null: it is written each time
  const EventType*
      events{};  ///< whose objects rules get; null: an alert context with parts of one is no JSON
};

/// The modules of one container. It lives and dies inside Python; `code` outlives it.
///
/// Its modules have `__builtins__` of their own, whose `__import__` looks among the pack's helpers first:
/// each is executed when it is first imported, and lives as long as the container, as in Panther's Lambda
/// (spec panther.md 1.1). All else comes from the interpreter's own modules, which containers share: boto3,
/// requests, the standard library.
class Modules {
 public:
  /// Made inside the container's PythonThread, or a test's.
  explicit Modules(const PackCode& code, const ModulesOptions& options = {});
  Modules(const Modules&) = delete;
  Modules& operator=(const Modules&) = delete;
  ~Modules();

  [[nodiscard]] const PackCode& code() const { return code_; }
  /// Where its rules run; null outside any PythonThread.
  [[nodiscard]] PythonThread* thread() const { return thread_; }
  [[nodiscard]] Watchdog* watchdog() const { return options_.watchdog; }

  /// A new copy of a module, executed now: a rule's after each reload.
  /// \throws PythonError with what its code raised, such as ModuleNotFoundError
  [[nodiscard]] Object execute(const ModuleCode& code);
  /// As `import name` in one of its modules: `import a.b` gives `a`.
  /// \throws PythonError
  [[nodiscard]] Object import(const std::string& name);
  /// As `json.dumps(value, default=event.json_encoder)` has it: what an alert context is measured by.
  /// Infinities are refused, which JSON has not (as pypanther does).
  /// \throws PythonError, a TypeError for what is no JSON
  [[nodiscard]] std::string json_of(PyObject* value);

 private:
  class Importer;

  [[nodiscard]] Object new_module(const std::string& name, const std::string& file) const;
  [[nodiscard]] Object helper(const std::string& name);
  [[nodiscard]] Object package_of(const std::string& name);
  [[nodiscard]] Object import_from_pack(const std::string& name, PyObject* names);

  const PackCode& code_;
  PythonThread* thread_;
  ModulesOptions options_;
  Object builtins_;
  std::map<std::string, Object, std::less<>> helpers_;  ///< and the packages that they are in
  Object encode_{};                                     ///< made when first needed
  Modules** here_{};  ///< where the import function finds this; it may outlive it
};

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/modules_inl.hpp>
#endif
