/// \file
/// The types `ImmutableCaseInsensitiveDict` and `PantherEvent`. Both have their methods themselves, not by
/// inheritance: only then does CPython's interpreter call them without looking them up.
#pragma once

#include <array>
#include <cstddef>

#include <rushhour/panther/detail/event_methods.hpp>
#include <rushhour/panther/detail/event_node.hpp>
#include <rushhour/panther/detail/scalars.hpp>
#include <rushhour/panther/python_thread.hpp>

namespace rushhour::panther::detail {

RUSHHOUR_INLINE PyObject* dict_get(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                                   PyObject* names) {
  PyObject* otherwise = count == 2 ? arguments[1] : Py_None;
  if (count < 1 || count > 2) {
    PyErr_Format(PyExc_TypeError, "get() takes a key and a default, saw %zd arguments", count);
    return nullptr;
  }
  if (names != nullptr && !read_keywords("get", arguments + count, names, {{"default", &otherwise}})) {
    return nullptr;
  }
  const Found found = find(dict_of(self), arguments[0]);
  if (found.failed) return nullptr;
  return new_reference(found.value != nullptr ? found.value : otherwise);
}

RUSHHOUR_INLINE PyObject* dict_deep_get(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                                        PyObject* names) {
  PyObject* otherwise = Py_None;
  if (names != nullptr && !read_keywords("deep_get", arguments + count, names, {{"default", &otherwise}})) {
    return nullptr;
  }
  const Found found =
      deep_find(*node_of(self).state->types, self, {arguments, static_cast<std::size_t>(count)});
  if (found.failed) return nullptr;
  return new_reference(found.value != nullptr ? found.value : otherwise);
}

inline PyObject* dict_subscript(PyObject* self, PyObject* key) {
  const Found found = find(dict_of(self), key);
  if (found.value == nullptr && !found.failed) PyErr_SetObject(PyExc_KeyError, key);
  return new_reference(found.value);
}

inline int dict_contains(PyObject* self, PyObject* key) {
  const Found found = find(dict_of(self), key);
  return found.failed ? -1 : static_cast<int>(found.value != nullptr);
}

inline Py_ssize_t node_length(PyObject* self) { return static_cast<Py_ssize_t>(length(node_of(self))); }

inline void node_deallocate(PyObject* self) { destroy(node_of(self)); }

inline PyObject* node_plain(PyObject* self, PyObject*) { return plain_node(node_of(self)); }

/// What cannot change is its own copy.
inline PyObject* node_itself(PyObject* self, PyObject*) { return new_reference(self); }

/// Over the names, as a dict. They are made anew: who walks a whole event reads each once.
inline PyObject* dict_iterate(PyObject* self) {
  return as_hook([&] {
    const Node& node = node_of(self);
    const Object keys = Object::steal(PyList_New(0));
    for (std::size_t i = 0; i < node.size + panther_fields.size(); ++i) {
      if (i >= node.size && (node.added >> (i - node.size) & 1) == 0) continue;
      checked(PyList_Append(keys.get(), Object::steal(text_to_python(key_at(node, i))).get()));
    }
    return Object::steal(PyObject_GetIter(keys.get()));
  });
}

inline PyObject* dict_keys(PyObject* self, PyObject*) {
  return PyObject_CallOneArg(node_of(self).state->types->keys_view, self);
}
inline PyObject* dict_items(PyObject* self, PyObject*) {
  return PyObject_CallOneArg(node_of(self).state->types->items_view, self);
}
inline PyObject* dict_values(PyObject* self, PyObject*) {
  return PyObject_CallOneArg(node_of(self).state->types->values_view, self);
}

/// `ImmutableCaseInsensitiveDict({'a': 1})`.
inline PyObject* dict_repr(PyObject* self) {
  return as_hook([&] {
    const Object plain = Object::steal(plain_node(node_of(self)));
    const bool is_event = Py_TYPE(self) == node_of(self).state->types->event;
    return Object::steal(PyUnicode_FromFormat(
        "%s(%R)", is_event ? "PantherEvent" : "ImmutableCaseInsensitiveDict", plain.get()));
  });
}

/// Equal to the mapping with the same items: another of these, or a dict.
inline PyObject* dict_compare(PyObject* self, PyObject* other, int operation) {
  const bool wrapped = is_dict(*node_of(self).state->types, other);
  if ((operation != Py_EQ && operation != Py_NE) || (!wrapped && PyDict_Check(other) == 0)) {
    Py_RETURN_NOTIMPLEMENTED;
  }
  return as_hook([&] {
    const Object left = Object::steal(plain_node(node_of(self)));
    const Object right = wrapped ? Object::steal(plain_node(node_of(other))) : Object::share(other);
    return Object::steal(PyObject_RichCompare(left.get(), right.get(), operation));
  });
}

/// Pickled as a plain dict: the record does not go with it.
inline PyObject* dict_reduce(PyObject* self, PyObject*) {
  return as_hook([&] {
    const Object plain = Object::steal(plain_node(node_of(self)));
    return Object::steal(Py_BuildValue("O(O)", reinterpret_cast<PyObject*>(&PyDict_Type), plain.get()));
  });
}

/// The methods of a dict; with `more` those of an event. CPython keeps the address.
inline PyMethodDef* dict_methods(bool more) {
  static std::array<PyMethodDef, 12> common{keyword_method("get", dict_get),
                                            keyword_method("deep_get", dict_deep_get),
                                            keyword_method("deep_walk", dict_deep_walk),
                                            plain_method("keys", dict_keys, METH_NOARGS),
                                            plain_method("items", dict_items, METH_NOARGS),
                                            plain_method("values", dict_values, METH_NOARGS),
                                            plain_method("copy", node_plain, METH_NOARGS),
                                            plain_method("to_dict", node_plain, METH_NOARGS),
                                            plain_method("__copy__", node_itself, METH_NOARGS),
                                            plain_method("__deepcopy__", node_itself, METH_O),
                                            plain_method("__reduce__", dict_reduce, METH_NOARGS),
                                            {}};
  static std::array<PyMethodDef, 17> all = [] {
    std::array<PyMethodDef, 17> table{};
    std::size_t count = 0;
    while (common[count].ml_name != nullptr) {
      table[count] = common[count];
      ++count;
    }
    table[count++] = keyword_method("udm", event_udm);
    table[count++] = plain_method("udm_path", event_udm_path, METH_O);
    table[count++] = keyword_method("lookup", event_lookup);
    table[count++] = plain_method("event_time_epoch", event_time_epoch, METH_NOARGS);
    table[count++] = plain_method("json_encoder", event_json_encoder, METH_O);
    return table;
  }();
  return more ? all.data() : common.data();
}

inline PyObject* make_mapping_type(const char* name, int bytes, PyMethodDef* methods) {
  std::array<PyType_Slot, 11> slots{
      PyType_Slot{Py_tp_methods, methods},      slot_of(Py_tp_dealloc, node_deallocate),
      slot_of(Py_tp_iter, dict_iterate),        slot_of(Py_tp_repr, dict_repr),
      slot_of(Py_tp_richcompare, dict_compare), slot_of(Py_tp_hash, PyObject_HashNotImplemented),
      slot_of(Py_mp_subscript, dict_subscript), slot_of(Py_mp_length, node_length),
      slot_of(Py_sq_contains, dict_contains),   {0, nullptr}};
  PyType_Spec spec{name, bytes, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots.data()};
  return PyType_FromSpec(&spec);
}

RUSHHOUR_INLINE PyObject* make_dict_type() {
  return make_mapping_type("rushhour.ImmutableCaseInsensitiveDict", sizeof(DictNode), dict_methods(false));
}

RUSHHOUR_INLINE PyObject* make_event_type() {
  return make_mapping_type("rushhour.PantherEvent", sizeof(EventNode), dict_methods(true));
}

}  // namespace rushhour::panther::detail
