#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Makes a random password of the kinds of characters that are not excluded.
struct GetRandomPassword {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "GetRandomPassword";
  static constexpr bool read_only = true;

  std::optional<std::int64_t> password_length{};    ///< 1 to 4096; 32 unless given
  std::optional<std::string> exclude_characters{};  ///< each of them
  std::optional<bool> exclude_numbers{};
  std::optional<bool> exclude_punctuation{};
  std::optional<bool> exclude_uppercase{};
  std::optional<bool> exclude_lowercase{};
  std::optional<bool> include_space{};               ///< false unless given, as all excludes are
  std::optional<bool> require_each_included_type{};  ///< true unless given

  struct Output {
    std::string random_password{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::GetRandomPassword> {
  using S = api::secretsmanager::GetRandomPassword;
  static constexpr std::array members{
      member<&S::password_length>("PasswordLength", range(1, 4096)),
      member<&S::exclude_characters>("ExcludeCharacters", length(0, 4096)),
      member<&S::exclude_numbers>("ExcludeNumbers"),
      member<&S::exclude_punctuation>("ExcludePunctuation"),
      member<&S::exclude_uppercase>("ExcludeUppercase"),
      member<&S::exclude_lowercase>("ExcludeLowercase"),
      member<&S::include_space>("IncludeSpace"),
      member<&S::require_each_included_type>("RequireEachIncludedType"),
  };
};

template <>
struct Described<api::secretsmanager::GetRandomPassword::Output> {
  using S = api::secretsmanager::GetRandomPassword::Output;
  static constexpr std::array members{
      sensitive(member<&S::random_password>("RandomPassword", length(0, 4096))),
  };
};

}  // namespace rushhour::aws
