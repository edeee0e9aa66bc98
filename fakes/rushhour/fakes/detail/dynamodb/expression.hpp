/// \file
/// DynamoDB's expressions as trees: document paths, operands, conditions and updates, and the words that they
/// are made of. Texts become trees in expression_parser.hpp, and are held against the request in
/// expression_binding.hpp.
///
/// Source: Amazon DynamoDB Developer Guide, "Using expressions in DynamoDB" (spec tag DOC).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/dynamodb/attribute_value.hpp>

namespace rushhour::fakes::detail::dynamodb {

using api::dynamodb::AttributeValue;

/// One step into a document: `.name`, `.#placeholder`, `[0]`.
struct PathStep {
  enum class Kind : std::uint8_t { name, placeholder, index };
  Kind kind{};
  std::string name{};
  std::uint64_t index{};

  friend bool operator==(const PathStep&, const PathStep&) = default;
};
using DocumentPath = std::vector<PathStep>;

/// `[a, [1], b]`, as errors show it.
[[nodiscard]] inline std::string to_text(const DocumentPath& path) {
  std::string out = "[";
  for (const PathStep& step : path) {
    if (out.size() > 1) out += ", ";
    out += step.kind == PathStep::Kind::index ? "[" + std::to_string(step.index) + "]" : step.name;
  }
  return out + "]";
}

struct Operand {
  enum class Kind : std::uint8_t { path, value, function, sum, difference };
  Kind kind{};
  DocumentPath path{};
  std::string text{};  ///< of a value its placeholder, `:v`; of a function its name
  std::vector<Operand> operands{};
  const AttributeValue* value{};  ///< what the placeholder stands for, once bound
};

struct Condition {
  enum class Kind : std::uint8_t { disjunction, conjunction, negation, comparison, between, in, function };
  Kind kind{};
  std::string text{};                   ///< of a comparison its operator
  std::vector<Condition> conditions{};  ///< of the first three kinds
  std::vector<Operand> operands{};      ///< of the others; of a function the function itself
};

enum class UpdateSection : std::uint8_t { set, remove, add, remove_elements };
inline constexpr std::array<std::string_view, 4> update_sections{"SET", "REMOVE", "ADD", "DELETE"};
[[nodiscard]] constexpr std::string_view to_text(UpdateSection section) {
  return update_sections[static_cast<std::size_t>(section)];
}

struct UpdateAction {
  UpdateSection section{};
  DocumentPath path{};
  Operand value{};  ///< not of REMOVE
};

struct UpdateTree {
  std::vector<UpdateAction> actions{};
  std::vector<UpdateSection> sections{};  ///< in the order of the text, twice where one comes twice
};

// ---- Words ----

struct Token {
  enum class Kind : std::uint8_t { word, name, value, number, symbol, end };
  Kind kind{Kind::end};
  std::string_view text{};
  std::size_t begin{};

  [[nodiscard]] std::size_t end() const { return begin + text.size(); }
  [[nodiscard]] bool is(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
  /// A keyword, in any case.
  [[nodiscard]] bool is_word(std::string_view word) const {
    if (kind != Kind::word || text.size() != word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      const char c = text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 'a' + 'A') : text[i];
      if (c != word[i]) return false;
    }
    return true;
  }
};

[[nodiscard]] constexpr bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
[[nodiscard]] constexpr bool is_word_part(char c) { return is_word_start(c) || (c >= '0' && c <= '9'); }

/// The words of an expression, and an end behind them. What begins no word is a symbol of one byte.
[[nodiscard]] inline std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> out;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    auto kind = Token::Kind::symbol;
    if (is_word_start(c) || c == '#' || c == ':') {
      kind = c == '#' ? Token::Kind::name : c == ':' ? Token::Kind::value : Token::Kind::word;
      while (end < text.size() && is_word_part(text[end])) ++end;
    } else if (c >= '0' && c <= '9') {
      kind = Token::Kind::number;
      while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    } else {
      const std::string_view two = text.substr(at, 2);
      if (two == "<>" || two == "<=" || two == ">=") ++end;
    }
    out.push_back({.kind = kind, .text = text.substr(at, end - at), .begin = at});
    at = end;
  }
  out.push_back({.kind = Token::Kind::end, .text = {}, .begin = text.size()});
  return out;
}

}  // namespace rushhour::fakes::detail::dynamodb
