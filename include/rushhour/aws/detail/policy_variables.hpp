/// \file
/// Policy variables: texts such as `arn:...:secret:${aws:PrincipalTag/team}/*`, read once and filled in for
/// each request. It does not know which keys exist nor where variables may stand.
///
/// Source: "IAM policy elements: Variables and tags", IAM User Guide (spec tag DOC).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/detail/wildcards.hpp>
#include <rushhour/aws/policy_request.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::aws::detail {

/// The value of a key that a request has exactly once. One with several values fills in no variable (DOC:
/// "Multivalued context keys" take none).
[[nodiscard]] inline std::optional<std::string_view> single_value(std::span<const ContextValue> values,
                                                                  std::string_view key) {
  std::optional<std::string_view> found;
  for (const ContextValue& each : values) {
    if (!http::equals_ignoring_case(each.key, key)) continue;
    if (found) return std::nullopt;
    found = each.value;
  }
  return found;
}

class VariableText {
 public:
  struct Piece {
    enum class Kind : std::uint8_t {
      text,     ///< as the policy has it, wildcards included
      literal,  ///< means itself: `${*}`, `${?}`, `${$}`
      variable
    };
    Kind kind{};
    std::string text{};                     ///< of a variable: its key
    std::optional<std::string> fallback{};  ///< of a variable: `x` of `${key, 'x'}`
  };

  /// Nothing when a `${` has no end, no key, or a default that is not in single quotes.
  [[nodiscard]] static std::optional<VariableText> read(std::string_view text) {
    VariableText out;
    while (!text.empty()) {
      const std::size_t open = text.find("${");
      if (open != 0) out.pieces_.push_back({Piece::Kind::text, std::string{text.substr(0, open)}, {}});
      if (open == std::string_view::npos) break;
      const std::size_t close = text.find('}', open);
      if (close == std::string_view::npos) return std::nullopt;
      std::optional<Piece> piece = read_variable(text.substr(open + 2, close - open - 2));
      if (!piece) return std::nullopt;
      out.pieces_.push_back(std::move(*piece));
      text.remove_prefix(close + 1);
    }
    return out;
  }

  [[nodiscard]] std::span<const Piece> pieces() const { return pieces_; }

  /// The text with each variable replaced by the request's value, else by its default; nothing when one has
  /// neither.
  /// \param escapes  backslash: for a pattern; what comes from a request, and a default, then has no
  ///                 wildcards of its own, and no colon of it separates the parts of an ARN
  [[nodiscard]] std::optional<std::string> fill_in(std::span<const ContextValue> values,
                                                   Escapes escapes) const {
    std::string out;
    for (const Piece& piece : pieces_) {
      std::optional<std::string_view> text = piece.text;
      if (piece.kind == Piece::Kind::variable) {
        text = single_value(values, piece.text);
        if (!text) text = piece.fallback;
        if (!text) return std::nullopt;
      }
      const std::string_view special = piece.kind == Piece::Kind::text ? "\\" : "\\*?:";
      for (const char c : *text) {
        if (escapes == Escapes::backslash && special.find(c) != std::string_view::npos) out += '\\';
        out += c;
      }
    }
    return out;
  }

 private:
  [[nodiscard]] static std::optional<Piece> read_variable(std::string_view inside) {
    if (inside == "*" || inside == "?" || inside == "$") {
      return Piece{Piece::Kind::literal, std::string{inside}, {}};
    }
    const std::size_t comma = inside.find(',');
    Piece piece{Piece::Kind::variable, std::string{inside.substr(0, comma)}, {}};
    if (piece.text.find(':') == std::string::npos || piece.text.find(' ') != std::string::npos) {
      return std::nullopt;
    }
    if (comma == std::string_view::npos) return piece;
    std::string_view quoted = inside.substr(comma + 1);
    while (quoted.starts_with(' ')) quoted.remove_prefix(1);
    if (quoted.size() < 2 || !quoted.starts_with('\'') || !quoted.ends_with('\'')) return std::nullopt;
    piece.fallback = std::string{quoted.substr(1, quoted.size() - 2)};
    return piece;
  }

  std::vector<Piece> pieces_;
};

}  // namespace rushhour::aws::detail
