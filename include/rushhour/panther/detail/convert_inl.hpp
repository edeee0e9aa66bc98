/// \file
/// The bodies of convert.hpp.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/detail/hex.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/panther/convert.hpp>
#include <rushhour/panther/detail/scalars.hpp>
#include <rushhour/panther/event_object.hpp>

namespace rushhour::panther {

namespace detail {

/// `float.__repr__` and what JSON makes of the three that are no numbers.
inline std::string real_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  char* const text = PyOS_double_to_string(value, 'r', 0, Py_DTSF_ADD_DOT_0, nullptr);
  if (text == nullptr) {
    PyErr_NoMemory();
    throw_pending();
  }
  const std::unique_ptr<char, void (*)(void*)> owned{text, &PyMem_Free};
  return text;
}

/// `int.__repr__`, also for an enumeration's member.
inline std::string integer_text(PyObject* value) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
  if (overflow == 0) {
    if (number == -1 && PyErr_Occurred() != nullptr) throw_pending();
    return std::to_string(number);
  }
  return utf8(Object::steal(PyLong_Type.tp_repr(value)).get());
}

/// A key of a dict as JSON writes it; throws for what json.dumps refuses.
inline Object key_text(PyObject* key) {
  if (PyUnicode_Check(key) != 0) return Object::share(key);
  const auto made = [](std::string_view text) { return Object::steal(text_to_python(text)); };
  if (key == Py_None) return made("null");
  if (key == Py_True) return made("true");
  if (key == Py_False) return made("false");
  if (PyFloat_Check(key) != 0) return made(real_text(PyFloat_AS_DOUBLE(key)));
  if (PyLong_Check(key) != 0) return made(integer_text(key));
  PyErr_Format(PyExc_TypeError, "keys must be str, int, float, bool or None, not %.100s",
               Py_TYPE(key)->tp_name);
  throw_pending();
}

/// Goes through a tree of Python objects as json.dumps does.
class Containers {
 public:
  explicit Containers(const EventType* events) : events_(events) {}

  /// Of a list, a tuple, a dict, or what is inside an event, its elements in turn; a TypeError for all
  /// others.
  template <class OnList, class OnDict>
  void enter(PyObject* value, const OnList& on_list, const OnDict& on_dict) {
    const Entered entered{*this, value};
    if (PyList_Check(value) != 0 || PyTuple_Check(value) != 0) {
      const Object sequence = Object::steal(PySequence_Fast(value, "a list that cannot be iterated"));
      on_list(std::span{PySequence_Fast_ITEMS(sequence.get()),
                        static_cast<std::size_t>(PySequence_Fast_GET_SIZE(sequence.get()))});
    } else if (PyDict_Check(value) != 0) {
      const Object items = Object::steal(PyMapping_Items(value));
      on_dict(items.get());
    } else {
      Object plain = events_ == nullptr ? Object{} : events_->plain(value);
      if (!plain || plain.get() == value) {
        PyErr_Format(PyExc_TypeError, "Object of type %s is not JSON serializable", Py_TYPE(value)->tp_name);
        throw_pending();
      }
      enter(plain.get(), on_list, on_dict);
    }
  }

 private:
  /// Below one container: counts the depth, and meets no container twice.
  struct Entered {
    Entered(Containers& owner, PyObject* value) : of(owner) {
      if (std::ranges::find(of.above_, value) != of.above_.end()) {
        PyErr_SetString(PyExc_ValueError, "Circular reference detected");
        throw_pending();
      }
      if (Py_EnterRecursiveCall(" while encoding a JSON object") != 0) throw_pending();
      of.above_.push_back(value);
    }
    Entered(const Entered&) = delete;
    Entered& operator=(const Entered&) = delete;
    ~Entered() {
      of.above_.pop_back();
      Py_LeaveRecursiveCall();
    }
    Containers& of;
  };

  const EventType* events_;
  std::vector<PyObject*> above_;
};

/// Throws what `body` throws once more: an exception met at the limit of recursion cannot be printed down
/// there.
template <class Body>
void at_the_top(const Body& body) {
  try {
    body();
  } catch (const PythonError& error) {
    if (!error.is(PyExc_RecursionError)) throw;
    error.restore();
    throw_pending();
  }
}

/// A text with quotes, everything but printable ASCII escaped.
inline void append_ascii_string(std::string& out, PyObject* text) {
  if (PyUnicode_READY(text) != 0) throw_pending();
  const auto kind = static_cast<unsigned>(PyUnicode_KIND(text));
  const void* const data = PyUnicode_DATA(text);
  const Py_ssize_t size = PyUnicode_GET_LENGTH(text);
  const auto escape = [&out](std::uint32_t unit) {
    if (unit < 0x20 || unit == '"' || unit == '\\') {
      rushhour::detail::append_json_escape(out, static_cast<unsigned char>(unit));
    } else {
      out += "\\u";
      rushhour::detail::append_hex(out, unit, 4);
    }
  };
  out += '"';
  for (Py_ssize_t i = 0; i < size; ++i) {
    const std::uint32_t point = PyUnicode_READ(kind, data, i);
    if (point >= 0x20 && point < 0x7f && point != '"' && point != '\\') {
      out += static_cast<char>(point);
    } else if (point > 0xffff) {
      escape(0xd800 + ((point - 0x10000) >> 10));
      escape(0xdc00 + ((point - 0x10000) & 0x3ff));
    } else {
      escape(point);
    }
  }
  out += '"';
}

inline void append_tree(std::string& out, PyObject* value, Containers& containers) {
  if (value == Py_None) {
    out += "null";
  } else if (value == Py_True || value == Py_False) {
    out += value == Py_True ? "true" : "false";
  } else if (PyUnicode_Check(value) != 0) {
    append_ascii_string(out, value);
  } else if (PyLong_Check(value) != 0) {
    out += integer_text(value);
  } else if (PyFloat_Check(value) != 0) {
    out += real_text(PyFloat_AS_DOUBLE(value));
  } else {
    containers.enter(
        value,
        [&](std::span<PyObject* const> items) {
          out += '[';
          for (std::size_t i = 0; i < items.size(); ++i) {
            if (i != 0) out += ", ";
            append_tree(out, items[i], containers);
          }
          out += ']';
        },
        [&](PyObject* items) {
          out += '{';
          for (Py_ssize_t i = 0; i < PyList_GET_SIZE(items); ++i) {
            if (i != 0) out += ", ";
            PyObject* const pair = PyList_GET_ITEM(items, i);
            append_ascii_string(out, key_text(PyTuple_GET_ITEM(pair, 0)).get());
            out += ": ";
            append_tree(out, PyTuple_GET_ITEM(pair, 1), containers);
          }
          out += '}';
        });
  }
}

/// A text as UTF-8 in the arena, lone surrogates as three bytes each.
inline std::string_view text_in(PyObject* text, event::Arena& arena) {
  Py_ssize_t size = 0;
  if (const char* const bytes = PyUnicode_AsUTF8AndSize(text, &size)) {
    return arena.copy({bytes, static_cast<std::size_t>(size)});
  }
  PyErr_Clear();
  const Object encoded = Object::steal(PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass"));
  return arena.copy(
      {PyBytes_AS_STRING(encoded.get()), static_cast<std::size_t>(PyBytes_GET_SIZE(encoded.get()))});
}

inline event::Value number_of(PyObject* value) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
  if (overflow == 0) return number;
  const double real = PyLong_AsDouble(value);
  if (real == -1.0 && PyErr_Occurred() != nullptr) throw_pending();
  return real;
}

inline event::Value tree_of(PyObject* value, event::Arena& arena, Containers& containers) {
  if (value == Py_None) return {};
  if (value == Py_True || value == Py_False) return value == Py_True;
  if (PyUnicode_Check(value) != 0) return text_in(value, arena);
  if (PyLong_Check(value) != 0) return number_of(value);
  if (PyFloat_Check(value) != 0) return PyFloat_AS_DOUBLE(value);
  event::Value made;
  containers.enter(
      value,
      [&](std::span<PyObject* const> items) {
        const std::span<event::Value> copies = arena.make<event::Value>(items.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
          std::construct_at(&copies[i], tree_of(items[i], arena, containers));
        }
        made = event::Value{std::span<const event::Value>{copies}};
      },
      [&](PyObject* items) {
        const std::span<event::Member> members =
            arena.make<event::Member>(static_cast<std::size_t>(PyList_GET_SIZE(items)));
        for (std::size_t i = 0; i < members.size(); ++i) {
          PyObject* const pair = PyList_GET_ITEM(items, static_cast<Py_ssize_t>(i));
          const std::string_view key = text_in(key_text(PyTuple_GET_ITEM(pair, 0)).get(), arena);
          std::construct_at(&members[i], key, tree_of(PyTuple_GET_ITEM(pair, 1), arena, containers));
        }
        made = event::Value{std::span<const event::Member>{members}};
      });
  return made;
}

}  // namespace detail

RUSHHOUR_INLINE Object to_python(const event::Value& value) { return detail::plain_tree(value, nullptr); }

RUSHHOUR_INLINE Object to_python(const event::Event& event) {
  return detail::plain_tree(event.root(), &event);
}

RUSHHOUR_INLINE void append_json(std::string& out, PyObject* value, const EventType* events) {
  detail::Containers containers{events};
  detail::at_the_top([&] { detail::append_tree(out, value, containers); });
}

RUSHHOUR_INLINE std::string to_json(PyObject* value, const EventType* events) {
  std::string out;
  append_json(out, value, events);
  return out;
}

RUSHHOUR_INLINE event::Value from_python(PyObject* value, event::Arena& arena, const EventType* events) {
  detail::Containers containers{events};
  event::Value made;
  detail::at_the_top([&] { made = detail::tree_of(value, arena, containers); });
  return made;
}

}  // namespace rushhour::panther
