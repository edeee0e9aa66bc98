/// \file
/// A KQL tree in brackets, for tests: every literal shows its kind, every clause its parts.
///
///     a: b*  or not "c"      (or [a : b~] (not ["c"]))
#pragma once

#include <string>

#include <rushhour/elastic/kql_tree.hpp>

namespace rushhour::elastic {

inline std::string shown(const KqlLiteral& literal) {
  switch (literal.kind) {
    case KqlLiteral::Kind::quoted:
      return '"' + literal.text() + '"';
    case KqlLiteral::Kind::boolean:
    case KqlLiteral::Kind::null:
      return '<' + literal.text() + '>';
    case KqlLiteral::Kind::wildcard: {
      std::string out = literal.parts.front();
      for (std::size_t i = 1; i < literal.parts.size(); ++i) out += '~' + literal.parts[i];
      return out;
    }
    case KqlLiteral::Kind::unquoted:
      break;
  }
  return literal.text();
}

inline std::string shown(const KqlNode& node) {
  const auto list = [&](const std::string& word) {
    std::string out = '(' + word;
    for (const KqlNode& child : node.children) out += ' ' + shown(child);
    return out + ')';
  };
  switch (node.kind) {
    case KqlNode::Kind::everything:
      return "everything";
    case KqlNode::Kind::all_of:
      return list("and");
    case KqlNode::Kind::any_of:
      return list("or");
    case KqlNode::Kind::negation:
      return list("not");
    case KqlNode::Kind::nested:
      return list("in " + shown(*node.field));
    case KqlNode::Kind::comparison:
      break;
  }
  if (!node.field) return '[' + shown(node.value) + ']';
  constexpr const char* operators[] = {" : ", " < ", " <= ", " > ", " >= "};
  return '[' + shown(*node.field) + operators[static_cast<int>(node.op)] + shown(node.value) + ']';
}

}  // namespace rushhour::elastic
