/// \file
/// How a pack's modules are compiled, executed and imported.
#pragma once

#include <rushhour/panther/modules.hpp>

#include <string>
#include <utility>

#include <rushhour/panther/clients.hpp>
#include <rushhour/panther/convert.hpp>
#include <rushhour/panther/detail/text_file.hpp>
#include <rushhour/panther/python_thread.hpp>

namespace rushhour::panther {
namespace detail {

/// `compile(source, file, "exec")`, except that a mistake is kept.
[[nodiscard]] RUSHHOUR_INLINE ModuleCode compiled(std::string name, std::string file,
                                                  const std::string& source) {
  ModuleCode out{.name = std::move(name), .file = std::move(file)};
  try {
    if (source.find('\0') != std::string::npos) {
      PyErr_SetString(PyExc_SyntaxError, "source code cannot contain null bytes");
      throw_pending();
    }
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    const Object path = Object::steal(
        PyUnicode_DecodeFSDefaultAndSize(out.file.data(), static_cast<Py_ssize_t>(out.file.size())));
    out.code = Object::steal(
        Py_CompileStringObject(source.c_str(), path.get(), Py_file_input, &flags, /*optimize=*/-1));
  } catch (const PythonError& error) {
    out.error = error;
  }
  return out;
}

/// Whether the interpreter finds the package that a module is in.
[[nodiscard]] RUSHHOUR_INLINE bool is_installed(const std::string& name) {
  const std::string package = name.substr(0, name.find('.'));
  const Object find = attribute(import_module("importlib.util").get(), "find_spec");
  const Object spec = Object::steal(PyObject_CallFunction(find.get(), "s", package.c_str()));
  return spec.get() != Py_None;
}

[[nodiscard]] RUSHHOUR_INLINE Object module_text(const std::string& text) {
  return Object::steal(PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size())));
}

[[noreturn]] RUSHHOUR_INLINE void throw_not_found(const std::string& name, const char* why) {
  const Object message = Object::steal(PyUnicode_FromFormat("No module named '%s'%s", name.c_str(), why));
  const Object text = module_text(name);
  PyErr_SetImportErrorSubclass(PyExc_ModuleNotFoundError, message.get(), text.get(), nullptr);
  throw_pending();
}

/// Throws what `json.dumps(..., allow_nan=False)` throws when JSON as Python writes it has such a number.
RUSHHOUR_INLINE void refuse_infinities(const std::string& json) {
  const Object module = import_module("json");
  const Object value = Object::steal(PyObject_CallMethod(module.get(), "loads", "s", json.c_str()));
  const Object keywords = Object::steal(PyDict_New());
  checked(PyDict_SetItemString(keywords.get(), "allow_nan", Py_False));
  const Object arguments = Object::steal(PyTuple_Pack(1, value.get()));
  static_cast<void>(
      Object::steal(PyObject_Call(attribute(module.get(), "dumps").get(), arguments.get(), keywords.get())));
}

}  // namespace detail

RUSHHOUR_INLINE PackCode::PackCode(const RulePack& pack) : pack_(&pack) {
  const auto read = [](const std::string& name, const std::string& file) {
    return detail::compiled(name, file, detail::read_text_file(file, "a Python file"));
  };
  for (const RuleSpec& rule : pack.rules) rules_.push_back(read(rule.id, rule.code_file));
  for (const DataModelSpec& model : pack.data_models) {
    data_models_.emplace_back();
    if (!model.code_file.empty()) data_models_.back() = read(model.id, model.code_file);
  }
  for (const GlobalSpec& global : pack.globals) {
    importables_.insert_or_assign(global.id, read(global.id, global.code_file));
  }
  for (const LibraryModule& library : pack.libraries) {
    if (importables_.contains(library.name) || detail::is_installed(library.name)) continue;
    importables_.insert_or_assign(library.name, detail::compiled(library.name, library.file, library.source));
  }
}

RUSHHOUR_INLINE const ModuleCode* PackCode::importable(std::string_view name) const {
  const auto found = importables_.find(name);
  return found == importables_.end() ? nullptr : &found->second;
}

RUSHHOUR_INLINE bool PackCode::is_package(std::string_view name) const {
  const std::string inside = std::string{name} + ".";
  const auto next = importables_.lower_bound(inside);
  return next != importables_.end() && next->first.starts_with(inside);
}

/// `__import__` of a container's modules.
class Modules::Importer {
 public:
  /// A Python function that finds its container through `*here`, which it owns.
  [[nodiscard]] static Object make(Modules** here) {
    static PyMethodDef definition{"__import__",
                                  reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(call)),
                                  METH_VARARGS | METH_KEYWORDS, nullptr};
    const Object capsule = Object::steal(PyCapsule_New(here, nullptr, [](PyObject* dying) {
      delete static_cast<Modules**>(PyCapsule_GetPointer(dying, nullptr));
    }));
    return Object::steal(PyCFunction_New(&definition, capsule.get()));
  }

 private:
  static PyObject* call(PyObject* self, PyObject* arguments, PyObject* keywords) {
    return as_hook([&] {
      static const char* const names[] = {"name", "globals", "locals", "fromlist", "level", nullptr};
      PyObject* name = nullptr;
      PyObject* globals = nullptr;
      PyObject* locals = nullptr;
      PyObject* from = nullptr;
      int level = 0;
      if (PyArg_ParseTupleAndKeywords(arguments, keywords, "U|OOOi:__import__", const_cast<char**>(names),
                                      &name, &globals, &locals, &from, &level) == 0) {
        throw_pending();
      }
      Modules* const modules = *static_cast<Modules**>(PyCapsule_GetPointer(self, nullptr));
      if (level == 0 && modules != nullptr) {
        if (Object found = modules->import_from_pack(utf8(name), from)) return found;
      }
      return Object::steal(PyImport_ImportModuleLevelObject(name, globals, locals, from, level));
    });
  }
};

RUSHHOUR_INLINE Modules::Modules(const PackCode& code, const ModulesOptions& options)
    : code_(code),
      thread_(PythonThread::current()),
      options_(options),
      builtins_(Object::steal(PyDict_Copy(PyModule_GetDict(import_module("builtins").get())))),
      here_(new Modules* {this}) {  // NOLINT(cppcoreguidelines-owning-memory): the function's capsule owns it
  const Object import = Importer::make(here_);
  checked(PyDict_SetItemString(builtins_.get(), "__import__", import.get()));
}

RUSHHOUR_INLINE Modules::~Modules() { *here_ = nullptr; }

RUSHHOUR_INLINE Object Modules::new_module(const std::string& name, const std::string& file) const {
  Object module = Object::steal(PyModule_New(name.c_str()));
  PyObject* const names = PyModule_GetDict(module.get());
  checked(PyDict_SetItemString(names, "__builtins__", builtins_.get()));
  if (!file.empty()) {
    checked(PyDict_SetItemString(names, "__file__", detail::module_text(file).get()));
  }
  return module;
}

RUSHHOUR_INLINE Object Modules::execute(const ModuleCode& code) {
  if (code.error) throw PythonError{*code.error};
  Object module = new_module(code.name, code.file);
  PyObject* const names = PyModule_GetDict(module.get());
  static_cast<void>(Object::steal(PyEval_EvalCode(code.code.get(), names, names)));
  return module;
}

/// As Python does it: the module is known before it has run, for helpers that import each other, and
/// forgotten again when it fails.
RUSHHOUR_INLINE Object Modules::helper(const std::string& name) {
  if (const auto found = helpers_.find(name); found != helpers_.end()) return found->second;
  const ModuleCode& code = *code_.importable(name);
  if (code.error) throw PythonError{*code.error};
  Object module = new_module(code.name, code.file);
  helpers_.emplace(name, module);
  try {
    PyObject* const names = PyModule_GetDict(module.get());
    static_cast<void>(Object::steal(PyEval_EvalCode(code.code.get(), names, names)));
  } catch (...) {
    helpers_.erase(name);
    throw;
  }
  return module;
}

/// The package that a module of the pack is in, with the module as its attribute.
RUSHHOUR_INLINE Object Modules::package_of(const std::string& name) {
  auto found = helpers_.find(name);
  if (found == helpers_.end()) {
    const Object package = new_module(name, {});
    const Object path = Object::steal(PyList_New(0));
    checked(PyObject_SetAttrString(package.get(), "__path__", path.get()));
    found = helpers_.emplace(name, package).first;
  }
  return found->second;
}

/// Null when the name is not the pack's. `names` is what stands behind `from ... import`, or null.
RUSHHOUR_INLINE Object Modules::import_from_pack(const std::string& name, PyObject* names) {
  const std::size_t dot = name.find('.');
  const bool has_names = names != nullptr && names != Py_None && PyObject_IsTrue(names) == 1;
  if (code_.importable(name) != nullptr) {
    Object module = helper(name);
    if (dot == std::string::npos) return module;
    Object package = package_of(name.substr(0, dot));
    checked(PyObject_SetAttrString(package.get(), name.c_str() + dot + 1, module.get()));
    return has_names ? module : package;
  }
  if (code_.is_package(name)) {
    Object package = package_of(name);
    if (!has_names) return package;
    const Object iterator = Object::steal(PyObject_GetIter(names));
    while (PyObject* const next = PyIter_Next(iterator.get())) {
      const Object each = Object::steal(next);
      const std::string inside = name + "." + utf8(each.get());
      if (code_.importable(inside) == nullptr) continue;
      checked(PyObject_SetAttr(package.get(), each.get(), helper(inside).get()));
    }
    if (PyErr_Occurred() != nullptr) throw_pending();
    return package;
  }
  if (dot != std::string::npos && code_.importable(name.substr(0, dot)) != nullptr) {
    const std::string package = "; '" + name.substr(0, dot) + "' is not a package";
    detail::throw_not_found(name, package.c_str());
  }
  return {};
}

RUSHHOUR_INLINE std::string Modules::json_of(PyObject* value) {
  if (options_.clients != nullptr) {
    if (const std::string* const known = options_.clients->known_json(value)) return *known;
  }
  std::string out = to_json(value, options_.events);
  for (const std::string_view number : {": NaN", "[NaN", ", NaN", "Infinity"}) {
    if (out.find(number) == std::string::npos) continue;
    // A number, or part of a text: Python knows.
    detail::refuse_infinities(out);
    break;
  }
  return out;
}

RUSHHOUR_INLINE Object Modules::import(const std::string& name) {
  if (Object found = import_from_pack(name, nullptr)) return found;
  return Object::steal(PyImport_ImportModuleLevel(name.c_str(), nullptr, nullptr, nullptr, 0));
}

}  // namespace rushhour::panther
