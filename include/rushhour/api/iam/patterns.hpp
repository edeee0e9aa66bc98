/// \file
/// The patterns and enumerations of AWS IAM's model, each pattern as the text that errors print and a
/// function that decides it. Those that other services share are in aws/patterns.hpp.
#pragma once

#include <array>
#include <string_view>

#include <rushhour/aws/patterns.hpp>

namespace rushhour::api::iam {

/// Users, roles, groups and policies: `[\w+=,.@-]+`. The service words the refusal itself.
[[nodiscard]] constexpr bool is_name(std::string_view text) {
  return !text.empty() && aws::is_session_name(text);
}

namespace detail {

[[nodiscard]] constexpr bool is_path_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x21 && byte <= 0x7F;
}

}  // namespace detail

/// `/` or `/division/team/`
inline constexpr std::string_view path_pattern = R"((\u002F)|(\u002F[\u0021-\u007F]+\u002F))";
[[nodiscard]] constexpr bool is_path(std::string_view text) {
  return text == "/" || (text.size() > 2 && text.front() == '/' && text.back() == '/' &&
                         aws::detail::all(text, detail::is_path_character));
}

inline constexpr std::string_view path_prefix_pattern = R"(\u002F[\u0021-\u007F]*)";
[[nodiscard]] constexpr bool is_path_prefix(std::string_view text) {
  return text.starts_with('/') && aws::detail::all(text, detail::is_path_character);
}

/// Of managed policies: `/` or `/division/team/`, of fewer characters than other paths.
inline constexpr std::string_view policy_path_pattern = R"(((/[A-Za-z0-9\.,\+@=_-]+)*)/)";
[[nodiscard]] constexpr bool is_policy_path(std::string_view text) {
  return text.starts_with('/') && text.ends_with('/') && text.find("//") == std::string_view::npos &&
         aws::detail::all(text, [](char c) {
           return aws::detail::is_word_character(c) || aws::detail::is_in("/.,+@=-", c);
         });
}

inline constexpr std::string_view marker_pattern = R"([\u0020-\u00FF]+)";
[[nodiscard]] constexpr bool is_marker(std::string_view text) {
  return aws::is_policy_text(text) && text.find_first_of("\t\n\r") == std::string_view::npos;
}

/// `v1`
inline constexpr std::string_view version_id_pattern = R"(v[1-9][0-9]*(\.[A-Za-z0-9-]*)?)";
[[nodiscard]] constexpr bool is_version_id(std::string_view text) {
  if (text.size() < 2 || text[0] != 'v' || text[1] == '0') return false;
  const std::size_t dot = text.find('.');
  const std::string_view number = text.substr(1, dot == std::string_view::npos ? dot : dot - 1);
  const std::string_view rest = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
  return !number.empty() && aws::is_digits(number) && aws::detail::all(rest, [](char c) {
    return aws::detail::is_letter(c) || aws::detail::is_digit(c) || c == '-';
  });
}

inline constexpr std::array<std::string_view, 2> access_key_statuses{"Active", "Inactive"};
inline constexpr std::array<std::string_view, 3> policy_scopes{"All", "AWS", "Local"};
inline constexpr std::array<std::string_view, 2> policy_usages{"PermissionsPolicy", "PermissionsBoundary"};

}  // namespace rushhour::api::iam
