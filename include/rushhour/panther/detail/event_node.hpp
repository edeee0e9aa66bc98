/// \file
/// What the event types are made of: a node for each object and array of a record that a rule has met, and
/// the state that all nodes of one event share. It is C to CPython; the types themselves are in the _inl
/// files.
#pragma once

#include <rushhour/panther/object.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <rushhour/config.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/value.hpp>
#include <rushhour/panther/udm_source.hpp>
#include <rushhour/time.hpp>

namespace rushhour::panther::detail {

/// The types of one interpreter, and what their methods need. It lives as long as an event or the EventType.
struct EventTypes {
  PyTypeObject* event{};
  PyTypeObject* dict{};
  PyTypeObject* list{};
  PyObject* keys_view{};  ///< collections.abc.KeysView, and so on
  PyObject* items_view{};
  PyObject* values_view{};
  PyObject* p_udm{};  ///< keys that methods look up themselves
  PyObject* p_event_time{};
  PyObject* mocked_lookup{};
  std::size_t users{};

  void release();
};

struct Node;

/// What Panther adds to each record, in the order in which it is shown.
inline constexpr std::array<std::string_view, 4> panther_fields{"p_event_time", "p_log_type", "p_parse_time",
                                                                "p_row_id"};

/// What all nodes of one event share. Under Python's lock, so that counts are plain.
struct EventState {
  EventTypes* types{};
  const event::Event* record{};  ///< null once the event has expired: no value is a slot any more
  const UdmSource* udm{};
  Node* living{};               ///< a list of all nodes
  std::size_t users{};          ///< how many they are, and one for whoever made the event
  event::EventHeader header{};  ///< for the fields that Panther adds
  event::Arena kept{};          ///< what outlives the record

  [[nodiscard]] event::Value resolve(event::Value value) const {
    return value.is_slot() ? record->resolve(value) : value;
  }
  void release();
};

/// An object or array of the record. Its elements become Python objects one by one, when first read.
struct Node {
  PyObject head;
  EventState* state;
  Node* previous;  ///< in the state's list
  Node* next;
  event::Value value;   ///< an object or array, not a slot
  PyObject** children;  ///< one for each element, null: not yet made; null itself: none is
  std::uint32_t size;   ///< elements of the value
  std::uint32_t added;  ///< a bit for each of panther_fields that follows them, in the root only
};

/// A key that was looked up, and what was found.
struct Known {
  PyObject* key;    ///< a strong reference: another key cannot get its address
  PyObject* value;  ///< of the node's children; null: there is no such key
  bool exact;       ///< the record spells the key so
};

/// A dict: a node with the keys that rules have asked for. Rules ask with the same `str` objects again and
/// again, the constants of their code, so that an address tells a key, and a missing key is as cheap as one
/// that is there.
struct DictNode {
  Node node;
  Known* known;  ///< a table of a power of two with open addressing, at most 3/4 full
  std::uint32_t known_mask;
  std::uint32_t known_count;
  std::array<Known, 8> first_known;
};

/// The event itself.
struct EventNode {
  DictNode dict;
  PyObject* without_udm;  ///< the same record as a dict, for methods of data models; null until needed
};

/// A new reference to what the value is in Python; null with an exception. `value` is no slot.
[[nodiscard]] PyObject* make_object(EventState& state, event::Value value);
/// The node of the root, an event or a dict.
[[nodiscard]] PyObject* make_root(EventState& state, PyTypeObject* type, std::uint32_t added);
/// Gives the node's memory back.
void destroy(Node& node);
/// The node and all below it no longer need the record.
void keep(Node& node);

/// A borrowed reference to the element at a place; null with an exception.
[[nodiscard]] PyObject* make_child(Node& node, std::size_t place);
[[nodiscard]] inline PyObject* child(Node& node, std::size_t place) {
  if (node.children != nullptr && node.children[place] != nullptr) [[likely]]
    return node.children[place];
  return make_child(node, place);
}
/// How many elements the node shows, with those that Panther adds.
[[nodiscard]] inline std::size_t length(const Node& node) {
  return node.size + static_cast<std::size_t>(__builtin_popcount(node.added));
}

/// What a look-up has found. A null value: no such key, or, with `failed`, an exception.
struct Found {
  PyObject* value{};  ///< borrowed
  bool exact{};
  bool failed{};
};
[[nodiscard]] Found find_first(DictNode& dict, PyObject* key);

[[nodiscard]] inline std::size_t bucket_of(const PyObject* key) {
  return reinterpret_cast<std::uintptr_t>(key) >> 4;
}
/// The value of a key, exactly or in any case.
[[nodiscard]] inline Found find(DictNode& dict, PyObject* key) {
  for (std::size_t at = bucket_of(key) & dict.known_mask; dict.known[at].key != nullptr;
       at = (at + 1) & dict.known_mask) {
    if (dict.known[at].key == key) return {dict.known[at].value, dict.known[at].exact};
  }
  return find_first(dict, key);
}

/// The name of the member at a place, those that Panther adds included.
[[nodiscard]] std::string_view key_at(const Node& node, std::size_t place);
/// A plain `dict` or `list`, all the way down; a new reference, null with an exception.
[[nodiscard]] PyObject* plain_node(Node& node);

[[nodiscard]] inline bool is_dict(const EventTypes& types, PyObject* object) {
  return Py_TYPE(object) == types.dict || Py_TYPE(object) == types.event;
}
[[nodiscard]] inline bool is_list(const EventTypes& types, PyObject* object) {
  return Py_TYPE(object) == types.list;
}

/// Makes the types; new references, null with an exception.
[[nodiscard]] PyObject* make_dict_type();
[[nodiscard]] PyObject* make_event_type();
[[nodiscard]] PyObject* make_list_type();

}  // namespace rushhour::panther::detail
