/// \file
/// What only the event itself has: common names, lookup tables, its time.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include <rushhour/panther/detail/event_methods.hpp>
#include <rushhour/panther/detail/event_node.hpp>
#include <rushhour/panther/python_thread.hpp>
#include <rushhour/time.hpp>

namespace rushhour::panther::detail {

/// The record without udm(), which a method of a data model gets: borrowed.
inline PyObject* record_of(PyObject* self) {
  EventNode& event = *reinterpret_cast<EventNode*>(self);
  if (event.without_udm == nullptr) {
    Node& node = event.dict.node;
    PyObject* const dict = make_object(*node.state, node.value);
    if (dict == nullptr) throw_pending();
    reinterpret_cast<Node*>(dict)->added = node.added;
    event.without_udm = dict;
  }
  return event.without_udm;
}

/// The value that the data model has for a name; none when the record lacks it or it is None.
inline Object mapped_value(PyObject* self, const UdmMapping& mapping) {
  Object value;
  if (mapping.method) {
    value = Object::steal(PyObject_CallOneArg(mapping.method.get(), record_of(self)));
  } else {
    PyObject* at = self;
    for (const Object& key : mapping.path) {
      if (!is_dict(*node_of(self).state->types, at)) return {};
      const Found next = find(dict_of(at), key.get());
      if (next.failed) throw_pending();
      if (next.value == nullptr || !next.exact) return {};  // JSONPath minds the case
      at = next.value;
    }
    value = Object::share(at);
  }
  return value.get() == Py_None ? Object{} : value;
}

/// The value behind the keys when it is true in Python's sense.
inline Object true_value(const EventTypes& types, PyObject* from, std::span<PyObject* const> keys) {
  const Found found = deep_find(types, from, keys);
  if (found.failed) throw_pending();
  if (found.value == nullptr || checked(PyObject_IsTrue(found.value)) == 0) return {};
  return Object::share(found.value);
}

inline Object common_value(PyObject* self, std::span<PyObject* const> keys, PyObject* otherwise) {
  const EventState& state = *node_of(self).state;
  if (keys.size() == 1 && state.udm != nullptr) {
    if (const UdmMapping* const mapping = state.udm->find(keys.front())) {
      Object value = mapped_value(self, *mapping);
      return value ? std::move(value) : Object::share(otherwise);
    }
  }
  const Found normalized = find(dict_of(self), state.types->p_udm);
  if (normalized.failed) throw_pending();
  if (normalized.value != nullptr) {
    if (Object value = true_value(*state.types, normalized.value, keys)) return value;
  }
  Object value = true_value(*state.types, self, keys);
  return value ? std::move(value) : Object::share(otherwise);
}

RUSHHOUR_INLINE PyObject* event_udm(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                                    PyObject* names) {
  PyObject* otherwise = Py_None;
  if (names != nullptr && !read_keywords("udm", arguments + count, names, {{"default", &otherwise}})) {
    return nullptr;
  }
  return as_hook([&] { return common_value(self, {arguments, static_cast<std::size_t>(count)}, otherwise); });
}

RUSHHOUR_INLINE PyObject* event_udm_path(PyObject* self, PyObject* name) {
  return as_hook([&] {
    const EventState& state = *node_of(self).state;
    const UdmMapping* const mapping = state.udm == nullptr ? nullptr : state.udm->find(name);
    if (mapping == nullptr) return Object::share(Py_None);
    return Object::steal(PyUnicode_FromString(mapping->text.c_str()));
  });
}

RUSHHOUR_INLINE PyObject* event_lookup(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                                       PyObject* names) {
  if (count != 2 || names != nullptr) {
    PyErr_SetString(PyExc_TypeError, "lookup() takes a table's name and a key");
    return nullptr;
  }
  return as_hook([&] {
    const EventState& state = *node_of(self).state;
    if (state.udm != nullptr) {
      if (Object row = state.udm->lookup(arguments[0], arguments[1])) return row;
    }
    const std::array<PyObject*, 3> keys{state.types->mocked_lookup, arguments[0], arguments[1]};
    const Found found = deep_find(*state.types, self, keys);
    if (found.failed) throw_pending();
    return Object::share(found.value != nullptr ? found.value : Py_None);
  });
}

/// Seconds of `2026-03-02 14:00:00.123456789`, as Panther writes it, or of the same with T and Z.
inline std::optional<Instant> panther_time(std::string text) {
  if (text.size() < 19) return std::nullopt;
  text[10] = 'T';
  if (text.back() != 'Z') text += 'Z';
  return parse_iso8601(text);
}

/// What dateutil makes of any other text.
inline Object parsed_time(PyObject* text) {
  const Object parser = import_module("dateutil.parser");
  const Object with_zone = Object::steal(PyUnicode_FromFormat("%S UTC", text));
  const Object time = Object::steal(PyObject_CallMethod(parser.get(), "parse", "O", with_zone.get()));
  const Object seconds = Object::steal(PyObject_CallMethod(time.get(), "timestamp", nullptr));
  return Object::steal(PyNumber_Long(seconds.get()));
}

RUSHHOUR_INLINE PyObject* event_time_epoch(PyObject* self, PyObject*) {
  return as_hook([&] {
    const Found found = find(dict_of(self), node_of(self).state->types->p_event_time);
    if (found.failed) throw_pending();
    if (found.value == nullptr || found.value == Py_None) return Object::steal(PyLong_FromLong(0));
    if (PyUnicode_Check(found.value) != 0) {
      if (const auto time = panther_time(utf8(found.value))) {
        return Object::steal(
            PyLong_FromLongLong(std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count()));
      }
    }
    try {
      return parsed_time(found.value);
    } catch (const PythonError& error) {
      if (!error.is(PyExc_Exception)) throw;
      return Object::steal(PyLong_FromLong(0));
    }
  });
}

RUSHHOUR_INLINE PyObject* event_json_encoder(PyObject* self, PyObject* object) {
  const EventTypes& types = *node_of(self).state->types;
  if (is_dict(types, object) || is_list(types, object)) return plain_node(node_of(object));
  PyErr_Format(PyExc_TypeError, "Object of type %s is not JSON serializable", Py_TYPE(object)->tp_name);
  return nullptr;
}

}  // namespace rushhour::panther::detail
