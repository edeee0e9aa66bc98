/// \file
/// From event::Value to Python, one value or a tree. It is shared by events (event_node.hpp) and conversions
/// (convert.hpp).
#pragma once

#include <rushhour/panther/object.hpp>

#include <cstddef>
#include <string_view>

#include <rushhour/config.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::panther::detail {

/// A new reference, null with an exception. Texts are UTF-8; lone surrogates in them (from JSON's `\ud800`,
/// as Python reads it) stay, other bytes become U+FFFD.
[[nodiscard]] inline PyObject* text_to_python(std::string_view text) {
  const auto size = static_cast<Py_ssize_t>(text.size());
  PyObject* result = PyUnicode_DecodeUTF8(text.data(), size, nullptr);
  for (const char* const errors : {"surrogatepass", "replace"}) {
    if (result != nullptr || PyErr_ExceptionMatches(PyExc_UnicodeDecodeError) == 0) break;
    PyErr_Clear();
    result = PyUnicode_DecodeUTF8(text.data(), size, errors);
  }
  return result;
}

/// A new reference, null with an exception. Of a value that is neither array nor object nor slot.
[[nodiscard]] inline PyObject* scalar_to_python(const event::Value& value) {
  using Kind = event::Value::Kind;
  switch (value.kind()) {
    case Kind::boolean:
      return PyBool_FromLong(*value.as_bool() ? 1 : 0);
    case Kind::integer:
      return PyLong_FromLongLong(*value.as_integer());
    case Kind::real:
      return PyFloat_FromDouble(*value.as_real());
    case Kind::text:
      return text_to_python(*value.as_text());
    default:
      RUSHHOUR_ASSERT(value.is_null(), "not a single value");
      Py_INCREF(Py_None);
      return Py_None;
  }
}

/// A plain `dict`, `list` or single value, all the way down. `record` resolves slots; null: there are none.
[[nodiscard]] inline Object plain_tree(event::Value value, const event::Event* record) {
  if (value.is_slot()) {
    RUSHHOUR_ASSERT(record != nullptr, "a slot has no value of its own: convert the event");
    value = record->resolve(value);
  }
  if (value.is_array()) {
    Object list = Object::steal(PyList_New(static_cast<Py_ssize_t>(value.items().size())));
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      PyList_SET_ITEM(list.get(), static_cast<Py_ssize_t>(i), plain_tree(value.items()[i], record).release());
    }
    return list;
  }
  if (!value.is_object()) return Object::steal(scalar_to_python(value));
  Object dict = Object::steal(PyDict_New());
  for (const event::Member& member : value.members()) {
    const Object key = Object::steal(text_to_python(member.key));
    const Object item = plain_tree(member.value, record);
    // The first of several wins, as for every other reader of the event.
    if (PyDict_SetDefault(dict.get(), key.get(), item.get()) == nullptr) throw_pending();
  }
  return dict;
}

}  // namespace rushhour::panther::detail
