/// \file
/// GetRandomPassword's passwords: which characters, how many, and which must be among them. The randomness is
/// the world's.
///
/// Source: "GetRandomPassword" (API reference, spec tag DOC): the kinds of characters and the defaults. The
/// texts of refusals are [MEM].
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/secrets_manager/get_random_password.hpp>
#include <rushhour/fakes/detail/secret_failures.hpp>
#include <rushhour/random.hpp>
#include <rushhour/result.hpp>

namespace rushhour::fakes::detail {

/// The characters of each kind that a request includes, without those that it excludes; a kind of which
/// nothing is left is not there.
[[nodiscard]] inline std::vector<std::string> password_kinds(
    const api::secretsmanager::GetRandomPassword& request) {
  struct Kind {
    std::string_view characters{};
    bool included{};
  };
  const std::array<Kind, 5> all{{
      {"abcdefghijklmnopqrstuvwxyz", !request.exclude_lowercase.value_or(false)},
      {"ABCDEFGHIJKLMNOPQRSTUVWXYZ", !request.exclude_uppercase.value_or(false)},
      {"0123456789", !request.exclude_numbers.value_or(false)},
      {"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", !request.exclude_punctuation.value_or(false)},
      {" ", request.include_space.value_or(false)},
  }};
  const std::string_view excluded =
      request.exclude_characters ? std::string_view{*request.exclude_characters} : std::string_view{};
  std::vector<std::string> kinds;
  for (const Kind& kind : all) {
    if (!kind.included) continue;
    std::string left;
    for (const char c : kind.characters) {
      if (excluded.find(c) == std::string_view::npos) left += c;
    }
    if (!left.empty()) kinds.push_back(std::move(left));
  }
  return kinds;
}

/// A password from `stream`, or why there can be none.
[[nodiscard]] inline Result<std::string> random_password(
    const api::secretsmanager::GetRandomPassword& request, Stream stream) {
  const auto length = static_cast<std::size_t>(request.password_length.value_or(32));
  const bool of_each_kind = request.require_each_included_type.value_or(true);
  const std::vector<std::string> kinds = password_kinds(request);
  if (kinds.empty()) {
    return invalid_parameter("The password can't be generated: every character is excluded.");
  }
  if (of_each_kind && length < kinds.size()) {
    return invalid_parameter("The password length must be at least " + std::to_string(kinds.size()) +
                             " to include a character of each type.");
  }
  Draws draws{stream};
  std::string every;
  std::string password;
  for (const std::string& kind : kinds) {
    every += kind;
    if (of_each_kind) password += kind[uniform_below(draws.next(), kind.size())];
  }
  while (password.size() < length) password += every[uniform_below(draws.next(), every.size())];
  for (std::size_t left = password.size(); left > 1; --left) {
    std::swap(password[left - 1], password[uniform_below(draws.next(), left)]);
  }
  return password;
}

}  // namespace rushhour::fakes::detail
