/// \file
/// The contract of a rule's functions: what each may return, and what the engine takes where it fails.
#pragma once

#include <rushhour/panther/rule.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <rushhour/detail/json_text.hpp>
#include <rushhour/detect/detection.hpp>
#include <rushhour/panther/python_thread.hpp>
#include <rushhour/sim/container_clock.hpp>

namespace rushhour::panther {
namespace detail {

/// What a function returned that it may not: the engine's own exception.
class WrongReturn : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

[[nodiscard]] RUSHHOUR_INLINE FunctionError error_of(RuleFunction function, const PythonError& error) {
  return {.function = function,
          .type = error.type(),
          .text = error.what(),
          .repr = error.repr(),
          .file = error.file(),
          .line = error.line(),
          .traceback = error.traceback()};
}

/// One that no Python code raised.
[[nodiscard]] RUSHHOUR_INLINE FunctionError error_of(RuleFunction function, std::string_view type,
                                                     std::string_view message, const std::string& file) {
  FunctionError out{.function = function, .type = std::string{type}, .file = file};
  out.text = out.type + ": " + std::string{message};
  // As Python's repr() quotes: with double quotes where only single ones are inside.
  const bool has_single = message.find('\'') != std::string_view::npos;
  const char quote = has_single && message.find('"') == std::string_view::npos ? '"' : '\'';
  out.repr = out.type + "(" + quote + std::string{message} + quote + ")";
  return out;
}

[[nodiscard]] RUSHHOUR_INLINE std::string type_name(PyObject* object) { return Py_TYPE(object)->tp_name; }

[[noreturn]] RUSHHOUR_INLINE void wrong_return(RuleFunction function, PyObject* returned,
                                               std::string_view expected) {
  throw WrongReturn(std::string{to_text(function)} + "() returned " + type_name(returned) + ", expected " +
                    std::string{expected});
}

[[nodiscard]] RUSHHOUR_INLINE bool is_mapping(PyObject* object) {
  if (PyDict_Check(object) != 0) return true;
  const Object mapping = attribute(import_module("collections.abc").get(), "Mapping");
  return checked(PyObject_IsInstance(object, mapping.get())) == 1;
}

[[nodiscard]] RUSHHOUR_INLINE std::string json_string(std::string_view text) {
  std::string out;
  rushhour::detail::append_json_string(out, text);
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE Rule::Rule(Modules& modules, std::size_t index)
    : modules_(&modules), spec_(&modules.code().pack().rules[index]), code_(&modules.code().rule(index)) {
  reload();
}

RUSHHOUR_INLINE void Rule::reload() {
  module_ = {};
  load_error_.reset();
  const Watchdog::Scope scope{modules_->watchdog()};
  try {
    module_ = modules_->execute(*code_);
  } catch (const PythonError& error) {
    load_error_ = detail::error_of(RuleFunction::rule, error);
  } catch (const sim::RuleTimedOut& error) {
    load_error_ = detail::error_of(RuleFunction::rule, "RuleTimedOut", error.what(), spec_->code_file);
  }
  look_again();
}

RUSHHOUR_INLINE void Rule::look_again() {
  for (std::size_t i = 0; i < rule_function_count; ++i) {
    functions_[i] = {};
    if (!module_) continue;
    const std::string name{to_text(static_cast<RuleFunction>(i))};
    PyObject* const found = PyDict_GetItemString(PyModule_GetDict(module_.get()), name.c_str());
    if (found != nullptr && PyCallable_Check(found) != 0) functions_[i] = Object::share(found);
  }
  if (module_ && !defines(RuleFunction::rule) && spec_->kind == ItemKind::rule) {
    load_error_ =
        detail::error_of(RuleFunction::rule, "AttributeError",
                         "the module of " + spec_->id + " has no function rule()", spec_->code_file);
    module_ = {};
  }
}

/// One event.
class Rule::Run {
 public:
  Run(Rule& rule, PyObject* event, Mode mode, detect::ContextWanted* wanted)
      : rule_(rule),
        event_(event),
        mode_(mode),
        wanted_(wanted),
        context_(rule.modules_->thread() == nullptr ? nullptr : rule.modules_->thread()->context()) {}

  [[nodiscard]] RuleResult operator()() {
    judge();
    const bool is_match = result_.verdict == detect::Verdict::Kind::match;
    if (mode_ == Mode::test || is_match) {
      describe();
    } else if (result_.verdict == detect::Verdict::Kind::error) {
      describe_error();
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] Object call(RuleFunction function) {
    if (context_ != nullptr) context_->enter(attribution(function));
    Object returned = Object::steal(
        PyObject_CallOneArg(rule_.functions_[static_cast<std::size_t>(function)].get(), event_));
    if (context_ != nullptr && context_->clock().cancelled()) throw_what_ended();
    return returned;
  }
  /// A rule that outlasts its time may return all the same: it swallowed that, or slept in C code, which
  /// cannot be unwound and wakes early instead.
  [[gnu::noinline]] void throw_what_ended() {
    const Outside outside;
    context_->clock().sleep_until(context_->clock().now());
  }

  /// Whether `body` came to its end; what it failed with is among the errors.
  template <class Body>
  bool guarded(RuleFunction function, const Body& body) {
    try {
      body();
      return true;
    } catch (const PythonError& error) {
      result_.errors.push_back(detail::error_of(function, error));
    } catch (const detail::WrongReturn& error) {
      result_.errors.push_back(
          detail::error_of(function, "FunctionReturnTypeError", error.what(), rule_.spec_->code_file));
    } catch (const sim::RuleTimedOut& error) {
      result_.errors.push_back(
          detail::error_of(function, "RuleTimedOut", error.what(), rule_.spec_->code_file));
    }
    return false;
  }

  void judge() {
    if (rule_.load_error_) {
      result_.verdict = detect::Verdict::Kind::error;
      result_.errors.push_back(*rule_.load_error_);
      return;
    }
    // Only a scheduled rule may do without: each row of its query is a match.
    result_.verdict = detect::Verdict::Kind::match;
    if (!rule_.defines(RuleFunction::rule)) return;
    const bool is_judged = guarded(RuleFunction::rule, [&] {
      const Object returned = call(RuleFunction::rule);
      if (PyBool_Check(returned.get()) == 0) detail::wrong_return(RuleFunction::rule, returned.get(), "bool");
      if (returned.get() == Py_False) result_.verdict = detect::Verdict::Kind::no_match;
      if (mode_ == Mode::test) {
        output(RuleFunction::rule, returned.get() == Py_True ? "true" : "false");
      }
    });
    if (!is_judged) result_.verdict = detect::Verdict::Kind::error;
  }

  void describe() {
    if (rule_.load_error_) return;
    const RuleSpec& spec = *rule_.spec_;
    RuleAlert& alert = result_.alert.emplace();
    alert.title = text(RuleFunction::title, spec.title(), spec.id);
    alert.description = text(RuleFunction::description, spec.description, "");
    alert.reference = text(RuleFunction::reference, spec.reference, "");
    alert.severity = severity();
    alert.runbook = text(RuleFunction::runbook, spec.runbook, "");
    alert.destinations = destinations();
    const std::string otherwise = "defaultDedupString:" + spec.id;
    alert.dedup =
        text(RuleFunction::dedup, rule_.defines(RuleFunction::title) ? alert.title : otherwise, otherwise);
    if (alert.dedup.empty()) alert.dedup = otherwise;
    if (alert.title.empty()) alert.title = spec.title();
    if (mode_ == Mode::test) output(RuleFunction::dedup, detail::json_string(alert.dedup));
    alert.context = context();
    alert.unique = unique();
  }

  void describe_error() {
    const FunctionError& error = result_.errors.front();
    RuleAlert& alert = result_.alert.emplace();
    alert.title = detect::detail::truncated(error.repr);
    alert.dedup = detect::detail::truncated(error.type);
    alert.severity = rule_.spec_->severity;
    alert.destinations = rule_.spec_->output_ids;
  }

  [[nodiscard]] std::string text(RuleFunction function, const std::string& undefined,
                                 const std::string& failed) {
    if (!rule_.defines(function)) return undefined;
    std::string out;
    const bool is_done = guarded(function, [&] {
      const Object returned = call(function);
      if (PyUnicode_Check(returned.get()) == 0) detail::wrong_return(function, returned.get(), "str");
      out = detect::detail::truncated(utf8(returned.get()));
    });
    if (!is_done) return failed;
    if (mode_ == Mode::test && function != RuleFunction::dedup) output(function, detail::json_string(out));
    return out;
  }

  [[nodiscard]] detect::Severity severity() {
    detect::Severity out = rule_.spec_->severity;
    if (!rule_.defines(RuleFunction::severity)) return out;
    guarded(RuleFunction::severity, [&] {
      const Object returned = call(RuleFunction::severity);
      if (PyUnicode_Check(returned.get()) == 0) {
        detail::wrong_return(RuleFunction::severity, returned.get(), "str");
      }
      const std::string word = utf8(returned.get());
      if (!event::detail::same_ignoring_case(word, "DEFAULT")) out = severity_of(word);
      if (mode_ == Mode::test) output(RuleFunction::severity, detail::json_string(to_text(out)));
    });
    return out;
  }
  [[nodiscard]] static detect::Severity severity_of(const std::string& word) {
    for (const auto severity : {detect::Severity::info, detect::Severity::low, detect::Severity::medium,
                                detect::Severity::high, detect::Severity::critical}) {
      if (event::detail::same_ignoring_case(word, to_text(severity))) return severity;
    }
    throw detail::WrongReturn("severity() returned \"" + word +
                              "\", expected INFO, LOW, MEDIUM, HIGH, CRITICAL or DEFAULT");
  }

  [[nodiscard]] std::vector<std::string> destinations() {
    std::vector<std::string> out = rule_.spec_->output_ids;
    if (!rule_.defines(RuleFunction::destinations)) return out;
    guarded(RuleFunction::destinations, [&] {
      const Object returned = call(RuleFunction::destinations);
      if (returned.get() == Py_None) return;
      out = named_destinations(returned.get());
      if (mode_ == Mode::test) output_destinations(out);
    });
    return out;
  }
  [[nodiscard]] static std::vector<std::string> named_destinations(PyObject* returned) {
    if (PyList_Check(returned) == 0) {
      detail::wrong_return(RuleFunction::destinations, returned, "a list of str, or None");
    }
    if (PyList_GET_SIZE(returned) == 0) return {"SKIP"};
    std::vector<std::string> out;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(returned); ++i) {
      PyObject* const each = PyList_GET_ITEM(returned, i);
      if (PyBool_Check(each) != 0) continue;  // names nobody, but is allowed
      if (PyUnicode_Check(each) == 0) {
        throw detail::WrongReturn("destinations() returned a list with " + detail::type_name(each) +
                                  ", expected str");
      }
      if (out.size() < destinations_max) out.push_back(utf8(each));
    }
    return out;
  }
  void output_destinations(const std::vector<std::string>& names) {
    std::string json = "[";
    for (const std::string& name : names) {
      if (json.size() > 1) json += ',';
      json += detail::json_string(name);
    }
    output(RuleFunction::destinations, json + "]");
  }

  [[nodiscard]] bool is_context_wanted() const {
    if (wanted_ == nullptr) return true;
    const RuleAlert& alert = *result_.alert;
    return wanted_->wants({.title = alert.title, .dedup = alert.dedup, .severity = alert.severity});
  }
  [[nodiscard]] detect::AlertContext context() {
    detect::AlertContext out;
    if (!rule_.defines(RuleFunction::alert_context)) return out;
    if (!is_context_wanted()) return detect::AlertContext::not_wanted();
    const bool is_done = guarded(RuleFunction::alert_context, [&] {
      const Object returned = call(RuleFunction::alert_context);
      if (!detail::is_mapping(returned.get())) {
        detail::wrong_return(RuleFunction::alert_context, returned.get(), "a Mapping");
      }
      out = detect::AlertContext::mapping(rule_.modules_->json_of(returned.get()));
      if (mode_ == Mode::test) output(RuleFunction::alert_context, out.json());
    });
    return is_done ? out : detect::AlertContext::error(result_.errors.back().repr);
  }

  [[nodiscard]] std::optional<std::string> unique() {
    std::optional<std::string> out;
    if (!rule_.defines(RuleFunction::unique)) return out;
    guarded(RuleFunction::unique, [&] {
      const Object returned = call(RuleFunction::unique);
      if (returned.get() != Py_None && PyUnicode_Check(returned.get()) == 0) {
        detail::wrong_return(RuleFunction::unique, returned.get(), "str, or None");
      }
      if (returned.get() != Py_None) out = utf8(returned.get());
      if (mode_ == Mode::test) output(RuleFunction::unique, out ? detail::json_string(*out) : "null");
    });
    return out;
  }

  void output(RuleFunction function, std::string json) {
    result_.outputs.push_back({.function = function, .json = std::move(json)});
  }

  Rule& rule_;
  PyObject* event_;
  Mode mode_;
  detect::ContextWanted* wanted_;
  detect::Context* context_;
  RuleResult result_;
};

RUSHHOUR_INLINE RuleResult Rule::run(PyObject* event, Mode mode, detect::ContextWanted* wanted) {
  const Watchdog::Scope scope{modules_->watchdog()};
  return Run{*this, event, mode, wanted}();
}

}  // namespace rushhour::panther
