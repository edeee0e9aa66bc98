/// \file
/// The type `ImmutableList`.
#pragma once

#include <array>
#include <cstddef>

#include <rushhour/panther/detail/event_methods.hpp>
#include <rushhour/panther/detail/event_node.hpp>
#include <rushhour/panther/python_thread.hpp>

namespace rushhour::panther::detail {

inline PyObject* list_item(PyObject* self, Py_ssize_t place) {
  Node& node = node_of(self);
  if (place < 0 || place >= static_cast<Py_ssize_t>(node.size)) {
    PyErr_SetString(PyExc_IndexError, "list index out of range");
    return nullptr;
  }
  return new_reference(child(node, static_cast<std::size_t>(place)));
}

/// A slice is a list of the same kind: [MEM] for Panther, which slices a tuple.
inline PyObject* list_slice(Node& node, PyObject* slice) {
  Py_ssize_t start = 0;
  Py_ssize_t stop = 0;
  Py_ssize_t step = 0;
  if (PySlice_Unpack(slice, &start, &stop, &step) < 0) return nullptr;
  const Py_ssize_t count = PySlice_AdjustIndices(static_cast<Py_ssize_t>(node.size), &start, &stop, step);
  // In the memory of the event, whose tree has no such array.
  const std::span<event::Value> items = node.state->kept.make<event::Value>(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::construct_at(
        &items[i], node.value.items()[static_cast<std::size_t>(start + static_cast<Py_ssize_t>(i) * step)]);
  }
  return make_object(*node.state, event::Value{std::span<const event::Value>{items}});
}

inline PyObject* list_subscript(PyObject* self, PyObject* key) {
  if (PySlice_Check(key)) return list_slice(node_of(self), key);
  if (PyIndex_Check(key) == 0) {
    PyErr_Format(PyExc_TypeError, "list indices must be integers or slices, not %s", Py_TYPE(key)->tp_name);
    return nullptr;
  }
  const Py_ssize_t place = PyNumber_AsSsize_t(key, PyExc_IndexError);
  if (place == -1 && PyErr_Occurred() != nullptr) return nullptr;
  return list_item(self, place < 0 ? place + static_cast<Py_ssize_t>(node_of(self).size) : place);
}

inline Py_ssize_t list_length(PyObject* self) { return static_cast<Py_ssize_t>(node_of(self).size); }

inline PyObject* list_iterate(PyObject* self) { return PySeqIter_New(self); }

/// The places from `first` on whose elements equal `wanted`, counted up to `enough`; -1 after an exception.
/// `last` is the place of the last one counted.
inline Py_ssize_t count_equal(Node& node, PyObject* wanted, Py_ssize_t enough, std::size_t& last) {
  Py_ssize_t count = 0;
  for (std::size_t i = 0; i < node.size && count < enough; ++i) {
    PyObject* const element = child(node, i);
    if (element == nullptr) return -1;
    const int equal = PyObject_RichCompareBool(element, wanted, Py_EQ);
    if (equal < 0) return -1;
    if (equal == 0) continue;
    ++count;
    last = i;
  }
  return count;
}

inline int list_contains(PyObject* self, PyObject* wanted) {
  std::size_t last = 0;
  return static_cast<int>(count_equal(node_of(self), wanted, 1, last));
}

inline PyObject* list_count(PyObject* self, PyObject* wanted) {
  std::size_t last = 0;
  const Py_ssize_t count = count_equal(node_of(self), wanted, PY_SSIZE_T_MAX, last);
  return count < 0 ? nullptr : PyLong_FromSsize_t(count);
}

inline PyObject* list_index(PyObject* self, PyObject* wanted) {
  std::size_t last = 0;
  const Py_ssize_t count = count_equal(node_of(self), wanted, 1, last);
  if (count == 0) PyErr_Format(PyExc_ValueError, "%R is not in list", wanted);
  return count > 0 ? PyLong_FromSize_t(last) : nullptr;
}

/// `ImmutableList(('a',))`: it shows up in titles.
inline PyObject* list_repr(PyObject* self) {
  return as_hook([&] {
    const Object plain = Object::steal(plain_node(node_of(self)));
    const Object tuple = Object::steal(PyList_AsTuple(plain.get()));
    return Object::steal(PyUnicode_FromFormat("ImmutableList(%R)", tuple.get()));
  });
}

/// Equal to a list or tuple with the same elements.
inline PyObject* list_compare(PyObject* self, PyObject* other, int operation) {
  const bool wrapped = is_list(*node_of(self).state->types, other);
  const bool comparable = wrapped || PyList_Check(other) != 0 || PyTuple_Check(other) != 0;
  if ((operation != Py_EQ && operation != Py_NE) || !comparable) Py_RETURN_NOTIMPLEMENTED;
  return as_hook([&] {
    const Object left = Object::steal(plain_node(node_of(self)));
    const Object right =
        wrapped ? Object::steal(plain_node(node_of(other))) : Object::steal(PySequence_List(other));
    return Object::steal(PyObject_RichCompare(left.get(), right.get(), operation));
  });
}

inline PyObject* list_reduce(PyObject* self, PyObject*) {
  return as_hook([&] {
    const Object plain = Object::steal(plain_node(node_of(self)));
    return Object::steal(Py_BuildValue("O(O)", reinterpret_cast<PyObject*>(&PyList_Type), plain.get()));
  });
}

inline void list_deallocate(PyObject* self) { destroy(node_of(self)); }
inline PyObject* list_plain(PyObject* self, PyObject*) { return plain_node(node_of(self)); }
inline PyObject* list_itself(PyObject* self, PyObject*) { return new_reference(self); }

RUSHHOUR_INLINE PyObject* make_list_type() {
  static std::array<PyMethodDef, 8> methods{plain_method("copy", list_plain, METH_NOARGS),
                                            plain_method("as_list", list_plain, METH_NOARGS),
                                            plain_method("count", list_count, METH_O),
                                            plain_method("index", list_index, METH_O),
                                            plain_method("__copy__", list_itself, METH_NOARGS),
                                            plain_method("__deepcopy__", list_itself, METH_O),
                                            plain_method("__reduce__", list_reduce, METH_NOARGS),
                                            {}};
  std::array<PyType_Slot, 12> slots{
      PyType_Slot{Py_tp_methods, methods.data()}, slot_of(Py_tp_dealloc, list_deallocate),
      slot_of(Py_tp_iter, list_iterate),          slot_of(Py_tp_repr, list_repr),
      slot_of(Py_tp_richcompare, list_compare),   slot_of(Py_tp_hash, PyObject_HashNotImplemented),
      slot_of(Py_mp_subscript, list_subscript),   slot_of(Py_mp_length, list_length),
      slot_of(Py_sq_length, list_length),         slot_of(Py_sq_item, list_item),
      slot_of(Py_sq_contains, list_contains),     {0, nullptr}};
  PyType_Spec spec{"rushhour.ImmutableList", sizeof(Node), 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots.data()};
  return PyType_FromSpec(&spec);
}

}  // namespace rushhour::panther::detail
