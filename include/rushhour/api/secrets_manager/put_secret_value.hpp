#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Gives a secret a new version, which becomes AWSCURRENT unless labels are named.
struct PutSecretValue {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "PutSecretValue";
  static constexpr bool read_only = false;

  std::string secret_id{};                            ///< name, ARN, or ARN without its six-character suffix
  std::optional<std::string> client_request_token{};  ///< becomes the id of the new version
  std::optional<aws::Blob> secret_binary{};
  std::optional<std::string> secret_string{};
  std::vector<std::string> version_stages{};
  std::optional<std::string> rotation_token{};  ///< proves that the caller is the rotation function

  struct Output {
    std::string arn{};
    std::string name{};
    std::string version_id{};
    std::vector<std::string> version_stages{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::PutSecretValue> {
  using S = api::secretsmanager::PutSecretValue;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
      member<&S::client_request_token>("ClientRequestToken", length(32, 64)),
      sensitive(member<&S::secret_binary>("SecretBinary", length(1, 65536))),
      sensitive(member<&S::secret_string>("SecretString", length(1, 65536))),
      each(member<&S::version_stages>("VersionStages", length(1, 20)), length(1, 256)),
      sensitive(member<&S::rotation_token>(
          "RotationToken", matching(rotation_token_pattern, is_rotation_token, length(36, 256)))),
  };
};

template <>
struct Described<api::secretsmanager::PutSecretValue::Output> {
  using S = api::secretsmanager::PutSecretValue::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 256)),
      member<&S::version_id>("VersionId", length(32, 64)),
      each(member<&S::version_stages>("VersionStages", length(1, 20)), length(1, 256)),
  };
};

}  // namespace rushhour::aws
