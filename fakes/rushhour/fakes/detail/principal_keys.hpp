/// \file
/// How principals, groups and policies are named in the maps that keep them.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/principals.hpp>

namespace rushhour::fakes::detail {

/// Names are unique in an account whatever their case and path (IAM User Guide, "IAM identifiers").
[[nodiscard]] inline std::string account_key(std::string_view account, std::string_view name) {
  std::string key = aws::detail::joined({account, "/", name});
  for (char& c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return key;
}

[[nodiscard]] inline std::string name_key(Principal::Kind kind, std::string_view account,
                                          std::string_view name) {
  constexpr std::array<std::string_view, 3> prefixes{"role/", "user/", "root/"};
  return std::string{prefixes[static_cast<std::size_t>(kind)]} + account_key(account, name);
}

[[nodiscard]] inline std::string iam_arn(std::string_view type, std::string_view account,
                                         std::string_view path, std::string_view name) {
  return aws::detail::joined({"arn:aws:iam::", account, ":", type, path, name});
}

template <class T, class Member>
[[nodiscard]] auto find_by(std::vector<T>& list, Member member, std::string_view wanted) {
  return std::find_if(list.begin(), list.end(),
                      [&](const T& each) { return std::string_view{each.*member} == wanted; });
}

}  // namespace rushhour::fakes::detail
