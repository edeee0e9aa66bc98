/// \file
/// AWS Security Token Service, API version 2011-06-15: the operations and their member tables. What the
/// service does with them is the fake's business (fakes/sts.hpp). Members and constraints: botocore 1.43.11,
/// sts/service-2.json.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api::sts {

/// Temporary security credentials.
struct Credentials {
  std::string access_key_id{};      ///< `ASIA` and 16 characters
  std::string secret_access_key{};  ///< 40 characters
  std::string session_token{};      ///< of any size: AWS says to assume none
  Instant expiration{};
};

struct AssumedRoleUser {
  std::string assumed_role_id{};  ///< `AROA...:session`
  std::string arn{};              ///< `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`
};

/// Gives temporary credentials for a role. Session tags, managed session policies and MFA are not modelled
/// yet: the fake refuses a request that carries them, rather than ignore them.
struct AssumeRole {
  static constexpr Service service = Service::sts;
  static constexpr std::string_view name = "AssumeRole";
  static constexpr bool read_only = true;

  std::string role_arn{};
  std::string role_session_name{};
  std::optional<std::int64_t> duration_seconds{};  ///< 900 to 43200, default 3600
  std::optional<std::string> external_id{};

  struct Output {
    Credentials credentials{};
    AssumedRoleUser assumed_role_user{};
  };
};

/// Tells who the caller is. Needs no permission.
struct GetCallerIdentity {
  static constexpr Service service = Service::sts;
  static constexpr std::string_view name = "GetCallerIdentity";
  static constexpr bool read_only = true;

  struct Output {
    std::string user_id{};
    std::string account{};
    std::string arn{};
  };
};

}  // namespace rushhour::api::sts

namespace rushhour::aws {

/// `[\w+=,.@-]*`, as session names and external ids are made of (the latter also `:` and `/`).
[[nodiscard]] constexpr bool is_session_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '+' ||
         c == '=' || c == ',' || c == '.' || c == '@' || c == '-';
}
[[nodiscard]] constexpr bool is_external_id_character(char c) {
  return is_session_name_character(c) || c == ':' || c == '/';
}

template <>
struct Described<api::sts::Credentials> {
  using S = api::sts::Credentials;
  static constexpr std::array members{
      required<&S::access_key_id>("AccessKeyId", length(16, 128)),
      sensitive(required<&S::secret_access_key>("SecretAccessKey")),
      required<&S::session_token>("SessionToken"),
      required<&S::expiration>("Expiration"),
  };
};

template <>
struct Described<api::sts::AssumedRoleUser> {
  using S = api::sts::AssumedRoleUser;
  static constexpr std::array members{
      required<&S::assumed_role_id>("AssumedRoleId", length(2, 193)),
      required<&S::arn>("Arn", length(20, 2048)),
  };
};

template <>
struct Described<api::sts::AssumeRole> {
  using S = api::sts::AssumeRole;
  static constexpr std::array members{
      required<&S::role_arn>("RoleArn", length(20, 2048)),
      required<&S::role_session_name>("RoleSessionName",
                                      matching("[\\w+=,.@-]*", is_session_name_character, length(2, 64))),
      member<&S::duration_seconds>("DurationSeconds", range(900, 43200)),
      member<&S::external_id>("ExternalId",
                              matching("[\\w+=,.@:\\/-]*", is_external_id_character, length(2, 1224))),
  };
};

template <>
struct Described<api::sts::AssumeRole::Output> {
  using S = api::sts::AssumeRole::Output;
  static constexpr std::array members{
      member<&S::credentials>("Credentials"),
      member<&S::assumed_role_user>("AssumedRoleUser"),
  };
};

template <>
struct Described<api::sts::GetCallerIdentity::Output> {
  using S = api::sts::GetCallerIdentity::Output;
  static constexpr std::array members{
      member<&S::user_id>("UserId"),
      member<&S::account>("Account"),
      member<&S::arn>("Arn", length(20, 2048)),
  };
};

}  // namespace rushhour::aws

namespace rushhour::api {

template <>
struct OperationsOf<Service::sts> {
  using Type = Operations<sts::AssumeRole, sts::GetCallerIdentity>;
};

}  // namespace rushhour::api
