/// \file
/// A tree written as KQL again: text that parses to the same tree. It is no formatter; comments and layout of
/// the query it came from are gone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <rushhour/elastic/detail/kql_characters.hpp>
#include <rushhour/elastic/kql_tree.hpp>

namespace rushhour::elastic::detail {

/// Whether a word of the grammar begins there, or would once more text follows.
[[nodiscard]] inline bool reads_as_keyword(std::string_view text, std::size_t at) {
  const auto is_word = [&](std::string_view word) {
    const std::size_t end = at + word.size();
    return word_at(text, at, word) && (end == text.size() || kql_space_at(text, end) != 0);
  };
  const bool behind_space =
      (at >= 1 && kql_space_at(text, at - 1) == 1) || (at >= 2 && kql_space_at(text, at - 2) == 2);
  return is_word("not") || (behind_space && (is_word("or") || is_word("and")));
}

/// One part of an unquoted literal.
inline void append_unquoted(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    if (c.value == '\t' || c.value == '\r' || c.value == '\n') {
      out += c.value == '\t' ? "\\t" : c.value == '\r' ? "\\r" : "\\n";
    } else if (c.value < 0x80 && kql_special.find(text[at]) != std::string_view::npos) {
      (out += '\\') += text[at];
    } else if (reads_as_keyword(text, at)) {
      // \not would be a new line and "ot".
      out += text[at] == 'n' ? "\\u006e" : std::string{'\\', text[at]};
    } else {
      out += text.substr(at, c.size);
    }
    at += c.size;
  }
}

inline void append_kql(std::string& out, const KqlLiteral& literal) {
  if (literal.kind == KqlLiteral::Kind::quoted) {
    out += '"';
    for (const char c : literal.parts.front()) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
    return;
  }
  if (literal.kind == KqlLiteral::Kind::unquoted && literal.parts.front().empty()) {
    out += "\\t";  // is trimmed away again
    return;
  }
  for (std::size_t i = 0; i < literal.parts.size(); ++i) {
    if (i > 0) out += '*';
    append_unquoted(out, literal.parts[i]);
  }
}

[[nodiscard]] constexpr std::string_view operator_text(KqlNode::Operator op) {
  switch (op) {
    case KqlNode::Operator::less:
      return " < ";
    case KqlNode::Operator::at_most:
      return " <= ";
    case KqlNode::Operator::greater:
      return " > ";
    case KqlNode::Operator::at_least:
      return " >= ";
    case KqlNode::Operator::is:
      break;
  }
  return ": ";
}

inline void append_kql(std::string& out, const KqlNode& node);  // NOLINT(misc-no-recursion)

/// In parentheses where the grammar would read it differently without.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the parser allows
inline void append_operand(std::string& out, const KqlNode& node) {
  const bool bare = node.kind == KqlNode::Kind::comparison || node.kind == KqlNode::Kind::nested;
  if (!bare) out += '(';
  append_kql(out, node);
  if (!bare) out += ')';
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the parser allows
inline void append_kql(std::string& out, const KqlNode& node) {
  switch (node.kind) {
    case KqlNode::Kind::everything:
      return;
    case KqlNode::Kind::all_of:
    case KqlNode::Kind::any_of: {
      bool first = true;
      for (const KqlNode& child : node.children) {
        if (!first) out += node.kind == KqlNode::Kind::all_of ? " and " : " or ";
        first = false;
        append_operand(out, child);
      }
      return;
    }
    case KqlNode::Kind::negation:
      out += "not ";
      return append_operand(out, node.children.front());
    case KqlNode::Kind::comparison:
      if (node.field) {
        append_kql(out, *node.field);
        out += operator_text(node.op);
      }
      return append_kql(out, node.value);
    case KqlNode::Kind::nested:
      append_kql(out, *node.field);
      out += ":{ ";
      append_kql(out, node.children.front());
      out += " }";
      return;
  }
}

}  // namespace rushhour::elastic::detail
