/// \file
/// Policies inside a document: as JSON, or as the text of one. Mistakes in them are shown where they stand in
/// the file.
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/detail/json_text.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/scenario/document.hpp>
#include <rushhour/scenario/reader.hpp>

namespace rushhour::scenario::detail {

/// Writes a value as JSON again, numbers with the digits they were written with.
inline void append_json(std::string& out, const Node& node) {
  const bool is_object = node.kind == Node::Kind::object;
  switch (node.kind) {
    case Node::Kind::null:
      out += "null";
      return;
    case Node::Kind::text:
      return rushhour::detail::append_json_string(out, node.text);
    case Node::Kind::boolean:
    case Node::Kind::number:
      out += node.text;
      return;
    case Node::Kind::array:
    case Node::Kind::object:
      break;
  }
  bool first = true;
  out += is_object ? '{' : '[';
  for (const Node& child : node.children) {
    if (is_object) {
      rushhour::detail::append_json_key(out, child.key, first);
    } else if (!std::exchange(first, false)) {
      out += ',';
    }
    append_json(out, child);
  }
  out += is_object ? '}' : ']';
}

/// A policy document: an object, or a text that holds one.
inline std::string read_policy(const Value& value) {
  if (value.is(Node::Kind::text)) return value.text();
  if (!value.is(Node::Kind::object)) value.fail("a policy document: an object, or the text of one");
  std::string out;
  append_json(out, value.node());
  return out;
}

/// The value at a JSON pointer below `node`, or the last one on the way that exists.
inline const Node& node_at(const Node& node, std::string_view pointer) {
  const Node* at = &node;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const std::string_view step = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(step.size());
    std::size_t index = 0;
    const bool is_index =
        std::from_chars(step.data(), step.data() + step.size(), index).ptr == step.data() + step.size();
    const Node* next = nullptr;
    for (const Node& child : at->children) {
      const bool is_array = at->kind == Node::Kind::array;
      if (is_array ? is_index && &child == at->children.data() + index : child.key == step) next = &child;
    }
    if (next == nullptr) break;
    at = next;
  }
  return *at;
}

/// Does what takes a policy, and says of a mistake in it where in this document it stands.
template <class Action>
auto with_policy(const Value& value, Action&& action) {
  try {
    return std::forward<Action>(action)();
  } catch (const InputError& error) {
    const Mistake& inside = error.mistake();
    Place place = value.place();
    if (value.is(Node::Kind::object)) {
      const Node& node = node_at(value.node(), inside.pointer);
      place.line = node.line;
      place.column = node.column;
      place.pointer += inside.pointer;
    }
    place.fail(inside.expected, inside.seen, inside.advice);
  }
}

}  // namespace rushhour::scenario::detail
