/// \file
/// What the tests with Python share: the program's one interpreter, modules made of text, and a hook that
/// parks. It tests nothing itself.
#pragma once

#include <rushhour/panther/object.hpp>
#include <rushhour/panther/python_host.hpp>
#include <rushhour/panther/python_thread.hpp>

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace rushhour::panther {

/// The interpreter of this test program; CPython does not like to be started twice.
inline PythonHost& test_host() {
#if defined(__SANITIZE_ADDRESS__)
  constexpr bool checked_memory = true;
#else
  constexpr bool checked_memory = false;
#endif
  static PythonHost host{{.objects_by_malloc = checked_memory}};
  return host;
}

/// A module of its own with this source, as if read from `file`. Inside Python.
inline Object module_of(const std::string& source, const char* file = "rules/rule.py") {
  const Object code = Object::steal(Py_CompileString(source.c_str(), file, Py_file_input));
  return Object::steal(PyImport_ExecCodeModuleObject(Object::steal(PyUnicode_FromString("rule")).get(),
                                                     code.get(), nullptr, nullptr));
}

/// `module.name(arguments...)`, without arguments or with one.
inline Object call(const Object& module, const char* name, const Object& argument = {}) {
  const Object function = attribute(module.get(), name);
  return Object::steal(argument ? PyObject_CallOneArg(function.get(), argument.get())
                                : PyObject_CallNoArgs(function.get()));
}

inline Object integer(long long value) { return Object::steal(PyLong_FromLongLong(value)); }
inline Object text(const char* value) { return Object::steal(PyUnicode_FromString(value)); }

/// Python's repr() of a value: what most expectations compare.
inline std::string repr(const Object& value) { return utf8(Object::steal(PyObject_Repr(value.get())).get()); }

}  // namespace rushhour::panther
