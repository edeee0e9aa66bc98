/// \file
/// `deep_walk`: as deep_get(), but through lists, whose elements are all followed.
#pragma once

#include <cstddef>
#include <span>

#include <rushhour/panther/detail/event_methods.hpp>
#include <rushhour/panther/detail/event_node.hpp>
#include <rushhour/panther/python_thread.hpp>

namespace rushhour::panther::detail {

/// What one call of deep_walk() wants.
struct Walk {
  const EventTypes& types;
  PyObject* otherwise{};
  PyObject* which{};  ///< the argument `return_val`; null: all
};

/// A sequence that the walk follows: one of ours, or what a caller has given as the default.
inline bool is_sequence(const EventTypes& types, PyObject* object) {
  return is_list(types, object) || PyList_Check(object) != 0 || PyTuple_Check(object) != 0;
}

/// A list with nothing but such lists in it.
inline bool is_hollow(const EventTypes& types, PyObject* object) {
  if (!is_sequence(types, object)) return false;
  const Py_ssize_t size = PySequence_Size(object);
  for (Py_ssize_t i = 0; i < size; ++i) {
    if (!is_hollow(types, Object::steal(PySequence_GetItem(object, i)).get())) return false;
  }
  return true;
}

/// Each once, in the order in which they came: the keys of a dict. What cannot be hashed is a TypeError.
inline void note_found(PyObject* found, PyObject* value) { checked(PyDict_SetItem(found, value, Py_None)); }

inline Object chosen(const Walk& walk, PyObject* found) {
  const Py_ssize_t count = PyDict_GET_SIZE(found);
  if (count == 0) return Object::share(walk.otherwise);
  Object values = Object::steal(PyDict_Keys(found));
  const auto is = [&](const char* name) {
    return PyUnicode_Check(walk.which) != 0 && PyUnicode_CompareWithASCIIString(walk.which, name) == 0;
  };
  if (walk.which == nullptr || is("all"))
    return count > 1 ? values : Object::share(PyList_GET_ITEM(values.get(), 0));
  if (is("first")) return Object::share(PyList_GET_ITEM(values.get(), 0));
  if (is("last")) return Object::share(PyList_GET_ITEM(values.get(), count - 1));
  PyErr_Format(PyExc_ValueError, "deep_walk() takes return_val \"all\", \"first\" or \"last\", saw %R",
               walk.which);
  throw_pending();
}

inline Object walk_keys(const Walk& walk, PyObject* from, std::span<PyObject* const> keys) {
  if (keys.empty()) return Object::share(is_hollow(walk.types, from) ? walk.otherwise : from);
  if (is_dict(walk.types, from)) {
    const Found next = find(dict_of(from), keys.front());
    if (next.failed) throw_pending();
    if (next.value == nullptr || next.value == Py_None) return Object::share(walk.otherwise);
    return walk_keys(walk, next.value, keys.subspan(1));
  }
  const Object found = Object::steal(PyDict_New());
  if (is_list(walk.types, from)) {
    Node& list = node_of(from);
    for (std::size_t i = 0; i < list.size; ++i) {
      const Object element = Object::share(child(list, i));
      const Object value = walk_keys(walk, element.get(), keys);
      if (value.get() == Py_None) continue;
      if (!is_sequence(walk.types, value.get())) {
        note_found(found.get(), value.get());
        continue;
      }
      const Py_ssize_t size = PySequence_Size(value.get());
      for (Py_ssize_t at = 0; at < size; ++at) {
        note_found(found.get(), Object::steal(PySequence_GetItem(value.get(), at)).get());
      }
    }
  }
  return chosen(walk, found.get());
}

RUSHHOUR_INLINE PyObject* dict_deep_walk(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                                         PyObject* names) {
  Walk walk{.types = *node_of(self).state->types, .otherwise = Py_None};
  if (!read_keywords("deep_walk", arguments + count, names,
                     {{"default", &walk.otherwise}, {"return_val", &walk.which}})) {
    return nullptr;
  }
  return as_hook([&] { return walk_keys(walk, self, {arguments, static_cast<std::size_t>(count)}); });
}

}  // namespace rushhour::panther::detail
