/// \file
/// Wildcards as policies use them: over a whole text, and over an ARN part by part. Where the values of
/// policy variables are put into a pattern, their characters are escaped and so mean themselves.
///
/// Source: "IAM JSON policy elements: Resource", "Condition operators", IAM User Guide (spec tag DOC).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include <rushhour/http/message.hpp>

namespace rushhour::aws::detail {

/// How a pattern says that a character is no wildcard.
enum class Escapes : bool {
  none,      ///< not at all: as policies write patterns, where `\` is a character like others
  backslash  ///< with `\` before it: as VariableText writes them
};

/// `*` is any text, `?` any one byte. Goes back only to the last `*`, so it takes at most pattern times text
/// steps.
template <Escapes escapes = Escapes::none, class Same>
[[nodiscard]] constexpr bool matches_pattern(std::string_view pattern, std::string_view text, Same same) {
  // What policies name without wildcards, and a wildcard matches itself.
  if (escapes == Escapes::none && pattern == text) return true;
  std::size_t in_pattern = 0;
  std::size_t in_text = 0;
  std::size_t after_star = std::string_view::npos;
  std::size_t star_end = 0;  // where the text of the last star ends for now
  while (in_text < text.size()) {
    if (in_pattern < pattern.size()) {
      const bool is_escaped =
          escapes == Escapes::backslash && pattern[in_pattern] == '\\' && in_pattern + 1 < pattern.size();
      const std::size_t at = is_escaped ? in_pattern + 1 : in_pattern;
      if (!is_escaped && pattern[at] == '*') {
        after_star = ++in_pattern;
        star_end = in_text;
        continue;
      }
      if ((!is_escaped && pattern[at] == '?') || same(pattern[at], text[in_text])) {
        in_pattern = at + 1;
        ++in_text;
        continue;
      }
    }
    if (after_star == std::string_view::npos) return false;
    in_pattern = after_star;
    in_text = ++star_end;
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

template <Escapes escapes = Escapes::none>
[[nodiscard]] constexpr bool string_like(std::string_view pattern, std::string_view text) {
  return matches_pattern<escapes>(pattern, text, [](char a, char b) { return a == b; });
}

[[nodiscard]] constexpr bool string_like_ignoring_case(std::string_view pattern, std::string_view text) {
  return matches_pattern(pattern, text, [](char a, char b) {
    return http::equals_ignoring_case({&a, 1}, {&b, 1});
  });
}

/// The six parts of an ARN or a pattern of one; the last may hold further colons. An escaped colon, which is
/// one of a variable's value, ends no part: a value cannot shift what follows it into another part.
template <Escapes escapes = Escapes::none>
[[nodiscard]] constexpr std::optional<std::array<std::string_view, 6>> arn_parts(std::string_view text) {
  std::array<std::string_view, 6> parts{};
  for (std::size_t i = 0; i < 5; ++i) {
    std::size_t colon = 0;
    while (colon < text.size() && text[colon] != ':') {
      if (escapes == Escapes::backslash && text[colon] == '\\') ++colon;
      ++colon;
    }
    if (colon >= text.size()) return std::nullopt;
    parts[i] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  parts[5] = text;
  return parts;
}

/// Each part is matched alone: a wildcard never spans a colon, except in the last part.
template <Escapes escapes = Escapes::none>
[[nodiscard]] constexpr bool arn_like(std::string_view pattern, std::string_view text) {
  const auto wanted = arn_parts<escapes>(pattern);
  const auto actual = arn_parts(text);
  if (!wanted || !actual) return false;
  for (std::size_t i = 0; i < wanted->size(); ++i) {
    if (!string_like<escapes>((*wanted)[i], (*actual)[i])) return false;
  }
  return true;
}

}  // namespace rushhour::aws::detail
