/// \file
/// Bodies of setting.hpp.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/input_error.hpp>
#include <rushhour/scenario/setting.hpp>

namespace rushhour::scenario {

namespace detail {

[[noreturn]] inline void refuse_setting(std::string_view text, std::string expected) {
  throw InputError({.expected = std::move(expected),
                    .seen = "\"" + std::string{text} + "\"",
                    .advice = "such as world.retry.sts=standard"});
}

/// Where `PATH=VALUE` is cut; both parts hold something.
inline std::size_t equals_sign(std::string_view text, std::string_view expected) {
  const std::size_t at = text.find('=');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) {
    refuse_setting(text, std::string{expected});
  }
  return at;
}

/// The parts between commas that stand outside quotes, brackets and braces.
inline std::vector<std::string> parts_of(std::string_view list) {
  std::vector<std::string> out(1);
  int depth = 0;
  bool quoted = false;
  bool escaped = false;
  for (const char c : list) {
    if (!quoted && depth == 0 && c == ',') {
      out.emplace_back();
      continue;
    }
    if (c == '"' && !escaped) quoted = !quoted;
    escaped = quoted && c == '\\' && !escaped;
    if (!quoted && (c == '[' || c == '{')) ++depth;
    if (!quoted && (c == ']' || c == '}')) --depth;
    out.back() += c;
  }
  return out;
}

/// As JSON when it is, else as a text.
inline Node node_of(const Setting& setting) {
  try {
    return parse_document(setting.value, "--vary " + setting.path).root;
  } catch (const InputError&) {
    const bool meant_as_json = std::string_view{"\"[{"}.find(setting.value.front()) != std::string_view::npos;
    if (meant_as_json) throw;
    Node text;
    text.kind = Node::Kind::text;
    text.text = setting.value;
    return text;
  }
}

/// Walks one setting's path and puts its value at the end.
class Walk {
 public:
  Walk(const Setting& setting, const Document& document)
      : setting_(setting), file_(document.file), value_(node_of(setting)) {}

  void into(Node& node, std::string_view path) {
    const std::size_t dot = path.find('.');
    const std::string_view step = path.substr(0, dot);
    const std::string_view rest = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    if (step.empty()) refuse("a path of keys with dots between");
    if (node.kind == Node::Kind::array) {
      into_array(node, step, rest);
    } else if (node.kind == Node::Kind::object) {
      go_on(member(node, step), rest);
    } else {
      refuse("a path that leads through objects and arrays, which \"" + std::string{step} + "\" does not");
    }
  }

 private:
  void into_array(Node& node, std::string_view step, std::string_view rest) {
    if (step == "*") {
      for (Node& each : node.children) go_on(each, rest);
      return;
    }
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), number);
    if (error != std::errc{} || end != step.data() + step.size() || number >= node.children.size()) {
      refuse("the number of an element, 0 to " + std::to_string(node.children.size() - 1) +
             ", or *, in place of \"" + std::string{step} + "\"");
    }
    go_on(node.children[number], rest);
  }
  void go_on(Node& node, std::string_view rest) {
    if (!rest.empty()) {
      into(node, rest);
      return;
    }
    Node value = value_;
    value.key = std::move(node.key);
    value.line = node.line;
    value.column = node.column;
    value.key_line = node.key_line;
    value.key_column = node.key_column;
    node = std::move(value);
  }
  /// The member with this key, which is made when it is missing: an object, until it becomes the value.
  static Node& member(Node& node, std::string_view key) {
    const auto found = std::find_if(node.children.begin(), node.children.end(),
                                    [&](const Node& each) { return each.key == key; });
    if (found != node.children.end()) return *found;
    Node made;
    made.kind = Node::Kind::object;
    made.key = key;
    made.line = node.line;
    made.column = node.column;
    return node.children.emplace_back(std::move(made));
  }
  [[noreturn]] void refuse(std::string expected) const {
    throw InputError({.file = file_,
                      .expected = std::move(expected),
                      .seen = setting_.path + '=' + setting_.value,
                      .advice = "such as detections.0.match.share=0.1"});
  }

  const Setting& setting_;
  const std::string& file_;
  Node value_;
};

}  // namespace detail

RUSHHOUR_INLINE Setting parse_setting(std::string_view text) {
  const std::size_t at = detail::equals_sign(text, "PATH=VALUE");
  return {std::string{text.substr(0, at)}, std::string{text.substr(at + 1)}};
}

RUSHHOUR_INLINE std::vector<Setting> parse_variation(std::string_view text) {
  const std::size_t at = detail::equals_sign(text, "PATH=VALUE,VALUE,...");
  std::vector<Setting> out;
  for (std::string& value : detail::parts_of(text.substr(at + 1))) {
    Setting setting{std::string{text.substr(0, at)}, std::move(value)};
    if (setting.value.empty()) detail::refuse_setting(text, "a value between each two commas");
    if (std::find(out.begin(), out.end(), setting) != out.end()) {
      detail::refuse_setting(text, "each value once");
    }
    out.push_back(std::move(setting));
  }
  return out;
}

RUSHHOUR_INLINE void apply(const Setting& setting, Document& document) {
  detail::Walk{setting, document}.into(document.root, setting.path);
}

}  // namespace rushhour::scenario
