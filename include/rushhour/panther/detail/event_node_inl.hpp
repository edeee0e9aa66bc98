/// \file
/// The bodies of event_node.hpp: how nodes are made, found, kept and destroyed.
#pragma once

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/detail/hex.hpp>
#include <rushhour/panther/detail/event_node.hpp>
#include <rushhour/panther/detail/scalars.hpp>
#include <rushhour/panther/python_thread.hpp>

namespace rushhour::panther::detail {

RUSHHOUR_INLINE void EventTypes::release() {
  if (--users > 0) return;
  for (PyObject* const held : {reinterpret_cast<PyObject*>(event), reinterpret_cast<PyObject*>(dict),
                               reinterpret_cast<PyObject*>(list), keys_view, items_view, values_view, p_udm,
                               p_event_time, mocked_lookup}) {
    Py_XDECREF(held);
  }
  delete this;
}

RUSHHOUR_INLINE void EventState::release() {
  if (--users > 0) return;
  types->release();
  delete this;
}

/// An instance of one of the types, all zero but for what every node has.
inline Node* allocate_node(EventState& state, PyTypeObject* type, const event::Value& value) {
  Node* const node = reinterpret_cast<Node*>(PyType_GenericAlloc(type, 0));
  if (node == nullptr) return nullptr;
  node->state = &state;
  node->next = std::exchange(state.living, node);
  if (node->next != nullptr) node->next->previous = node;
  ++state.users;
  node->value = value;
  node->size = static_cast<std::uint32_t>(value.is_object() ? value.members().size() : value.items().size());
  return node;
}

inline PyObject* allocate_dict(EventState& state, PyTypeObject* type, const event::Value& value) {
  auto* const dict = reinterpret_cast<DictNode*>(allocate_node(state, type, value));
  if (dict == nullptr) return nullptr;
  dict->known = dict->first_known.data();
  dict->known_mask = static_cast<std::uint32_t>(dict->first_known.size() - 1);
  return reinterpret_cast<PyObject*>(dict);
}

RUSHHOUR_INLINE PyObject* make_object(EventState& state, event::Value value) {
  if (value.is_object()) return allocate_dict(state, state.types->dict, value);
  if (value.is_array()) return reinterpret_cast<PyObject*>(allocate_node(state, state.types->list, value));
  return scalar_to_python(value);
}

RUSHHOUR_INLINE PyObject* make_root(EventState& state, PyTypeObject* type, std::uint32_t added) {
  PyObject* const root = allocate_dict(state, type, state.resolve(state.record->root()));
  if (root != nullptr) reinterpret_cast<Node*>(root)->added = added;
  return root;
}

/// What Panther adds under one of panther_fields. Its times are `2026-03-02 14:00:00.123456789`.
inline PyObject* added_value(const EventState& state, std::size_t field) {
  const auto time = [](Instant instant) {
    std::string text = to_iso8601(instant, Precision::nanoseconds);
    text[10] = ' ';
    text.pop_back();
    return text_to_python(text);
  };
  switch (field) {
    case 0:
      return time(state.header.time);
    case 1:
      return text_to_python(state.header.log_type);
    case 2:
      return time(state.header.arrival);
    default: {
      std::string digits(16, '0');
      rushhour::detail::append_hex(digits, state.header.id);
      return text_to_python(digits);
    }
  }
}

RUSHHOUR_INLINE PyObject* make_child(Node& node, std::size_t place) {
  if (node.children == nullptr) {
    const std::size_t places = node.size + (node.added != 0 ? panther_fields.size() : 0);
    node.children = static_cast<PyObject**>(PyMem_Calloc(places, sizeof(PyObject*)));
    if (node.children == nullptr) return PyErr_NoMemory();
  }
  try {
    if (place >= node.size) return node.children[place] = added_value(*node.state, place - node.size);
    const event::Value& element =
        node.value.is_object() ? node.value.members()[place].value : node.value.items()[place];
    return node.children[place] = make_object(*node.state, node.state->resolve(element));
  } catch (...) {  // of whoever fills the slot
    raise_in_python();
    return nullptr;
  }
}

RUSHHOUR_INLINE std::string_view key_at(const Node& node, std::size_t place) {
  return place < node.size ? node.value.members()[place].key : panther_fields[place - node.size];
}

/// The place of a key, exactly or else in any case; nothing when there is none.
inline std::optional<std::size_t> place_of(const Node& node, std::string_view key, bool& exact) {
  const std::span<const event::Member> members = node.value.members();
  exact = true;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].key == key) return i;
  }
  exact = false;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (event::detail::same_ignoring_case(members[i].key, key)) return i;
  }
  for (std::size_t i = 0; node.added >> i != 0; ++i) {
    if ((node.added >> i & 1) == 0 || !event::detail::same_ignoring_case(panther_fields[i], key)) continue;
    exact = panther_fields[i] == key;
    return node.size + i;
  }
  return std::nullopt;
}

/// Twice the table.
inline bool grow_known(DictNode& dict) {
  const std::size_t size = (std::size_t{dict.known_mask} + 1) * 2;
  auto* const table = static_cast<Known*>(PyMem_Calloc(size, sizeof(Known)));
  if (table == nullptr) return false;
  for (std::size_t i = 0; i <= dict.known_mask; ++i) {
    if (dict.known[i].key == nullptr) continue;
    std::size_t at = bucket_of(dict.known[i].key) & (size - 1);
    while (table[at].key != nullptr) at = (at + 1) & (size - 1);
    table[at] = dict.known[i];
  }
  if (dict.known != dict.first_known.data()) PyMem_Free(dict.known);
  dict.known = table;
  dict.known_mask = static_cast<std::uint32_t>(size - 1);
  return true;
}

/// Remembers what was found under a `str` object. Texts made at run time seldom come again: once there are
/// many keys, only interned ones are remembered.
inline void remember(DictNode& dict, PyObject* key, const Found& found) {
  constexpr std::uint32_t many = 48;
  if (dict.known_count >= many && PyUnicode_CHECK_INTERNED(key) == 0) return;
  if ((dict.known_count + 1) * 4 > (dict.known_mask + 1) * 3 && !grow_known(dict)) return;
  std::size_t at = bucket_of(key) & dict.known_mask;
  while (dict.known[at].key != nullptr) at = (at + 1) & dict.known_mask;
  Py_INCREF(key);
  dict.known[at] = {key, found.value, found.exact};
  ++dict.known_count;
}

RUSHHOUR_INLINE Found find_first(DictNode& dict, PyObject* key) {
  if (PyUnicode_Check(key) == 0) {
    // As a dict answers: what cannot be hashed is an error, what can is no key of JSON.
    return {.failed = PyObject_Hash(key) == -1};
  }
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_AsUTF8AndSize(key, &size);
  if (text == nullptr) {  // a lone surrogate
    PyErr_Clear();
    return {};
  }
  Found found;
  if (const auto place = place_of(dict.node, {text, static_cast<std::size_t>(size)}, found.exact)) {
    found.value = child(dict.node, *place);
    if (found.value == nullptr) return {.failed = true};
  }
  if (PyUnicode_CheckExact(key) != 0) remember(dict, key, found);
  return found;
}

RUSHHOUR_INLINE void destroy(Node& node) {
  EventState& state = *node.state;
  PyTypeObject* const type = Py_TYPE(&node.head);
  if (node.children != nullptr) {
    const std::size_t places = node.size + (node.added != 0 ? panther_fields.size() : 0);
    for (std::size_t i = 0; i < places; ++i) Py_XDECREF(node.children[i]);
    PyMem_Free(node.children);
  }
  if (type != state.types->list) {
    DictNode& dict = *reinterpret_cast<DictNode*>(&node);
    for (std::size_t i = 0; i <= dict.known_mask; ++i) Py_XDECREF(dict.known[i].key);
    if (dict.known != dict.first_known.data()) PyMem_Free(dict.known);
    if (type == state.types->event) Py_XDECREF(reinterpret_cast<EventNode*>(&node)->without_udm);
  }
  (node.previous != nullptr ? node.previous->next : state.living) = node.next;
  if (node.next != nullptr) node.next->previous = node.previous;
  type->tp_free(&node);
  Py_DECREF(type);
  state.release();
}

/// The value in the state's own memory, slots resolved.
inline event::Value kept_value(EventState& state, const event::Value& given) {
  const event::Value value = state.resolve(given);
  if (const auto text = value.as_text()) return state.kept.copy(*text);
  if (value.is_array()) {
    const std::span<event::Value> items = state.kept.make<event::Value>(value.items().size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      std::construct_at(&items[i], kept_value(state, value.items()[i]));
    }
    return event::Value{std::span<const event::Value>{items}};
  }
  if (value.is_object()) {
    const std::span<event::Member> members = state.kept.make<event::Member>(value.members().size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      const event::Member& member = value.members()[i];
      std::construct_at(&members[i], state.kept.copy(member.key), kept_value(state, member.value));
    }
    return event::Value{std::span<const event::Member>{members}};
  }
  return value;
}

RUSHHOUR_INLINE void keep(Node& node) { node.value = kept_value(*node.state, node.value); }

RUSHHOUR_INLINE PyObject* plain_node(Node& node) {
  return as_hook([&] {
    Object out = plain_tree(node.value, node.state->record);
    for (std::size_t i = 0; node.added >> i != 0; ++i) {
      if ((node.added >> i & 1) == 0) continue;
      const Object key = Object::steal(text_to_python(panther_fields[i]));
      const Object item = Object::share(child(node, node.size + i));
      checked(PyDict_SetItem(out.get(), key.get(), item.get()));
    }
    return out;
  });
}

}  // namespace rushhour::panther::detail
