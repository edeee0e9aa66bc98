/// \file
/// What a session token carries beside its claims, as records in a row: a letter, a length, the text. It
/// knows neither keys nor signatures: session_token.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace rushhour::fakes::detail {

enum class Extra : char {
  policy = 'p',
  policy_arn = 'a',
  tag = 't',  ///< key, NUL, value
  transitive_tag = 'T',
  source_identity = 's'
};

/// JSON without the white space between its tokens.
[[nodiscard]] inline std::string without_white_space(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  bool in_string = false;
  bool escaped = false;
  for (const char c : json) {
    const bool is_white = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (is_white && !in_string) continue;
    out += c;
    if (c == '"' && !escaped) in_string = !in_string;
    escaped = c == '\\' && !escaped;
  }
  return out;
}

inline void append_extra(std::string& out, Extra kind, std::string_view text) {
  out += static_cast<char>(kind);
  out += static_cast<char>(text.size() >> 8 & 255);
  out += static_cast<char>(text.size() & 255);
  out += text;
}

/// What PackedPolicySize is about.
template <class NewSession>
[[nodiscard]] bool has_packed_policies(const NewSession& wanted) {
  return !wanted.policies.empty() || !wanted.policy_arns.empty() || !wanted.tags.empty();
}

template <class NewSession>
[[nodiscard]] bool has_extras(const NewSession& wanted) {
  return has_packed_policies(wanted) || !wanted.source_identity.empty();
}

/// A text has at most 65,535 bytes; together they are bounded by what a token takes.
template <class NewSession>
[[nodiscard]] std::string pack_policies(const NewSession& wanted) {
  std::string out;
  for (const auto& policy : wanted.policies) append_extra(out, Extra::policy, without_white_space(policy));
  for (const auto& arn : wanted.policy_arns) append_extra(out, Extra::policy_arn, arn);
  for (const auto& tag : wanted.tags) {
    append_extra(out, tag.is_transitive ? Extra::transitive_tag : Extra::tag,
                 tag.key + std::string(1, '\0') + tag.value);
  }
  return out;
}

template <class NewSession>
[[nodiscard]] std::string pack_extras(const NewSession& wanted) {
  std::string out = pack_policies(wanted);
  if (!wanted.source_identity.empty()) append_extra(out, Extra::source_identity, wanted.source_identity);
  return out;
}

/// `each(kind, text)` in the order of packing.
template <class Each>
void for_each_extra(std::string_view extras, Each each) {
  const auto byte = [&extras](std::size_t at) { return std::size_t{static_cast<unsigned char>(extras[at])}; };
  while (extras.size() >= 3) {
    const std::size_t size = byte(1) << 8 | byte(2);
    each(static_cast<Extra>(extras[0]), extras.substr(3, size));
    extras.remove_prefix(std::min(extras.size(), 3 + size));
  }
}

}  // namespace rushhour::fakes::detail
