/// \file
/// How policies compare texts: wildcards, ARNs part by part, and the table of condition operators. A new
/// operator is a row here and nothing elsewhere.
///
/// Source: "IAM JSON policy elements: Condition operators", IAM User Guide (spec tag DOC).
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <rushhour/http/message.hpp>

namespace rushhour::aws::detail {

/// `*` is any text, `?` any one byte. Goes back only to the last `*`, so it takes at most pattern times text
/// steps.
template <class Same>
[[nodiscard]] constexpr bool matches_pattern(std::string_view pattern, std::string_view text, Same same) {
  std::size_t in_pattern = 0;
  std::size_t in_text = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_end = 0;  // where the text of the last star ends for now
  while (in_text < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      star_end = in_text;
    } else if (in_pattern < pattern.size() &&
               (pattern[in_pattern] == '?' || same(pattern[in_pattern], text[in_text]))) {
      ++in_pattern;
      ++in_text;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      in_text = ++star_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

[[nodiscard]] constexpr bool string_like(std::string_view pattern, std::string_view text) {
  return matches_pattern(pattern, text, [](char a, char b) { return a == b; });
}

[[nodiscard]] constexpr bool string_like_ignoring_case(std::string_view pattern, std::string_view text) {
  return matches_pattern(pattern, text, [](char a, char b) {
    return http::equals_ignoring_case({&a, 1}, {&b, 1});
  });
}

[[nodiscard]] constexpr bool string_equals(std::string_view wanted, std::string_view actual) {
  return wanted == actual;
}

/// The six parts of an ARN or a pattern of one; the last may hold further colons.
[[nodiscard]] constexpr std::optional<std::array<std::string_view, 6>> arn_parts(std::string_view text) {
  std::array<std::string_view, 6> parts{};
  for (std::size_t i = 0; i < 5; ++i) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    parts[i] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  parts[5] = text;
  return parts;
}

/// Each part is matched alone: a wildcard never spans a colon, except in the last part.
[[nodiscard]] constexpr bool arn_like(std::string_view pattern, std::string_view text) {
  const auto wanted = arn_parts(pattern);
  const auto actual = arn_parts(text);
  if (!wanted || !actual) return false;
  for (std::size_t i = 0; i < wanted->size(); ++i) {
    if (!string_like((*wanted)[i], (*actual)[i])) return false;
  }
  return true;
}

[[nodiscard]] constexpr bool is_any_text(std::string_view) { return true; }
[[nodiscard]] constexpr bool is_arn_pattern(std::string_view text) { return arn_parts(text).has_value(); }
[[nodiscard]] constexpr bool is_bool(std::string_view text) {
  return http::equals_ignoring_case(text, "true") || http::equals_ignoring_case(text, "false");
}

struct ConditionOperator {
  std::string_view name{};
  bool negated{};  ///< true when no value matches, and when the key is absent
  bool (*matches)(std::string_view wanted, std::string_view actual){};
  bool (*is_valid)(std::string_view wanted) = &is_any_text;
  std::string_view expected{"a string"};  ///< the form of a valid value, for the error
};

inline constexpr std::string_view arn_form = "an ARN of six parts, such as \"arn:aws:iam::*:role/*\"";
inline constexpr std::string_view bool_form = "\"true\" or \"false\"";

/// ArnEquals means the same as ArnLike (DOC). Each may end with IfExists, which condition_operator() takes
/// off.
inline constexpr std::array condition_operators{
    ConditionOperator{.name = "StringEquals", .matches = &string_equals},
    ConditionOperator{.name = "StringNotEquals", .negated = true, .matches = &string_equals},
    ConditionOperator{.name = "StringEqualsIgnoreCase", .matches = &http::equals_ignoring_case},
    ConditionOperator{
        .name = "StringNotEqualsIgnoreCase", .negated = true, .matches = &http::equals_ignoring_case},
    ConditionOperator{.name = "StringLike", .matches = &string_like},
    ConditionOperator{.name = "StringNotLike", .negated = true, .matches = &string_like},
    ConditionOperator{"ArnEquals", false, &arn_like, &is_arn_pattern, arn_form},
    ConditionOperator{"ArnNotEquals", true, &arn_like, &is_arn_pattern, arn_form},
    ConditionOperator{"ArnLike", false, &arn_like, &is_arn_pattern, arn_form},
    ConditionOperator{"ArnNotLike", true, &arn_like, &is_arn_pattern, arn_form},
    ConditionOperator{"Bool", false, &http::equals_ignoring_case, &is_bool, bool_form},
};

/// Compares with whether the key is absent, so it is the one operator that no absent key decides beforehand.
inline constexpr ConditionOperator null_operator{"Null", false, &http::equals_ignoring_case, &is_bool,
                                                 bool_form};

struct NamedOperator {
  const ConditionOperator* row{};  ///< null when the name is none of the table's
  bool if_exists{};
};

[[nodiscard]] constexpr NamedOperator condition_operator(std::string_view name) {
  if (name == null_operator.name) return {.row = &null_operator};
  constexpr std::string_view suffix = "IfExists";
  const bool if_exists = name.ends_with(suffix);
  if (if_exists) name.remove_suffix(suffix.size());
  const auto row = std::find_if(condition_operators.begin(), condition_operators.end(),
                                [name](const ConditionOperator& known) { return known.name == name; });
  return {.row = row == condition_operators.end() ? nullptr : &*row, .if_exists = if_exists};
}

}  // namespace rushhour::aws::detail
