/// \file
/// What a KQL query says, as a tree: what the parser makes and the compiler reads (both kql.hpp). It knows no
/// fields and no documents.
///
/// Source: new-terms.md 3.1 (Kibana's grammar in our own words), as for all of KQL here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rushhour::elastic {

/// A field's name or a value, as written.
struct KqlLiteral {
  enum class Kind : std::uint8_t {
    unquoted,  ///< `GetSecretValue`, `foo bar`, and numbers: `5`
    quoted,    ///< `"GetSecretValue"`: a phrase in analysed text
    wildcard,  ///< unquoted with a raw `*`; `\*` and `"*"` are literal
    boolean,   ///< unquoted `true` or `false`, in lower case
    null       ///< unquoted `null`, in lower case
  };

  Kind kind{Kind::unquoted};
  /// What stands between the wildcards, so one more than there are of them: `a*b` is {"a", "b"}.
  std::vector<std::string> parts{std::string{}};

  /// With `*` for each wildcard.
  [[nodiscard]] std::string text() const {
    std::string out = parts.front();
    for (std::size_t i = 1; i < parts.size(); ++i) (out += '*') += parts[i];
    return out;
  }
  /// Exactly `*`.
  [[nodiscard]] bool is_star() const { return parts.size() == 2 && parts[0].empty() && parts[1].empty(); }

  friend bool operator==(const KqlLiteral&, const KqlLiteral&) = default;
};

/// A query or a part of one.
struct KqlNode {
  enum class Kind : std::uint8_t {
    everything,  ///< the empty query
    all_of,      ///< `and`, of two or more
    any_of,      ///< `or`, of two or more
    negation,    ///< `not`, of one
    comparison,  ///< `field: value`, `field > value`, or a value alone
    nested       ///< `field:{...}`, of one
  };
  enum class Operator : std::uint8_t { is, less, at_most, greater, at_least };

  Kind kind{Kind::everything};
  std::optional<KqlLiteral> field{};  ///< of a comparison; nothing: a value alone, searched in all fields
  Operator op{Operator::is};
  KqlLiteral value{};
  std::vector<KqlNode> children{};
  std::uint64_t line{};    ///< of the value, or of the field of `field:{`; from 1; 0 when nothing was parsed
  std::uint64_t column{};  ///< from 1, in bytes

  /// Wherever they were written.
  friend bool operator==(const KqlNode& a, const KqlNode& b) {
    return a.kind == b.kind && a.field == b.field && a.op == b.op && a.value == b.value &&
           a.children == b.children;
  }
};

}  // namespace rushhour::elastic
