/// \file
/// What the methods of the event types share: reading their arguments. CPython calls them with an array of
/// arguments, the keyword ones last (METH_FASTCALL | METH_KEYWORDS).
#pragma once

#include <rushhour/panther/object.hpp>

#include <cstddef>
#include <span>

#include <rushhour/panther/detail/event_node.hpp>

namespace rushhour::panther::detail {

/// A keyword argument that a method takes.
struct Keyword {
  const char* name{};
  PyObject** value{};  ///< stays as it is when the argument is not given
};

/// Reads the keyword arguments; false with a TypeError when there is another.
inline bool read_keywords(const char* method, PyObject* const* values, PyObject* names,
                          std::initializer_list<Keyword> wanted) {
  for (Py_ssize_t i = 0; names != nullptr && i < PyTuple_GET_SIZE(names); ++i) {
    PyObject* const name = PyTuple_GET_ITEM(names, i);
    bool known = false;
    for (const Keyword& keyword : wanted) {
      if (PyUnicode_CompareWithASCIIString(name, keyword.name) != 0) continue;
      *keyword.value = values[i];
      known = true;
    }
    if (!known) {
      PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%U'", method, name);
      return false;
    }
  }
  return true;
}

[[nodiscard]] inline PyObject* new_reference(PyObject* object) {
  Py_XINCREF(object);
  return object;
}

[[nodiscard]] inline Node& node_of(PyObject* self) { return *reinterpret_cast<Node*>(self); }
[[nodiscard]] inline DictNode& dict_of(PyObject* self) { return *reinterpret_cast<DictNode*>(self); }

/// A method of CPython's table.
[[nodiscard]] inline PyMethodDef keyword_method(const char* name,
                                                PyObject* (*function)(PyObject*, PyObject* const*, Py_ssize_t,
                                                                      PyObject*)) {
  // The C API wants them all under one type and reads the flags.
  return {name, reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function)),
          METH_FASTCALL | METH_KEYWORDS, nullptr};
}
[[nodiscard]] inline PyMethodDef plain_method(const char* name, PyCFunction function, int flags) {
  return {name, function, flags, nullptr};
}

/// A slot of a type.
template <class Function>
[[nodiscard]] PyType_Slot slot_of(int number, Function* function) {
  return {number, reinterpret_cast<void*>(function)};
}

/// The value behind the keys, one below the other: borrowed; null when it is missing or None, or, with
/// `failed`, after an exception.
[[nodiscard]] inline Found deep_find(const EventTypes& types, PyObject* from,
                                     std::span<PyObject* const> keys) {
  Found found{.value = from};
  for (PyObject* const key : keys) {
    if (!is_dict(types, found.value)) return {};
    found = find(dict_of(found.value), key);
    if (found.value == nullptr) return found;
  }
  if (found.value == Py_None) found.value = nullptr;
  return found;
}

// The methods that both dicts and events have (event_dict_inl.hpp, event_walk_inl.hpp), and those of events
// alone (event_udm_inl.hpp).
[[nodiscard]] PyObject* dict_get(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                                 PyObject* names);
[[nodiscard]] PyObject* dict_deep_get(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                                      PyObject* names);
[[nodiscard]] PyObject* dict_deep_walk(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                                       PyObject* names);
[[nodiscard]] PyObject* event_udm(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                                  PyObject* names);
[[nodiscard]] PyObject* event_udm_path(PyObject* self, PyObject* name);
[[nodiscard]] PyObject* event_lookup(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                                     PyObject* names);
[[nodiscard]] PyObject* event_time_epoch(PyObject* self, PyObject* unused);
[[nodiscard]] PyObject* event_json_encoder(PyObject* self, PyObject* object);

}  // namespace rushhour::panther::detail
