#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/secrets_manager/shapes.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Configures rotation, and starts one unless told not to.
struct RotateSecret {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "RotateSecret";
  static constexpr bool read_only = false;

  std::string secret_id{};                            ///< name, ARN, or ARN without its six-character suffix
  std::optional<std::string> client_request_token{};  ///< becomes the id of the new version
  std::optional<std::string> rotation_lambda_arn{};   ///< absent: the one of before
  std::optional<RotationRules> rotation_rules{};      ///< absent: those of before
  std::vector<ExternalSecretRotationMetadataItem> external_secret_rotation_metadata{};  ///< of partners
  std::optional<std::string> external_secret_rotation_role_arn{};
  std::optional<bool> rotate_immediately{};  ///< true unless given; false only tests the rotation function

  struct Output {
    std::string arn{};
    std::string name{};
    std::string version_id{};  ///< of the version that is AWSPENDING; absent when none was begun
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::RotateSecret> {
  using S = api::secretsmanager::RotateSecret;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
      member<&S::client_request_token>("ClientRequestToken", length(32, 64)),
      member<&S::rotation_lambda_arn>("RotationLambdaARN", length(0, 2048)),
      member<&S::rotation_rules>("RotationRules"),
      member<&S::external_secret_rotation_metadata>("ExternalSecretRotationMetadata"),
      member<&S::external_secret_rotation_role_arn>("ExternalSecretRotationRoleArn", length(20, 2048)),
      member<&S::rotate_immediately>("RotateImmediately"),
  };
};

template <>
struct Described<api::secretsmanager::RotateSecret::Output> {
  using S = api::secretsmanager::RotateSecret::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 256)),
      member<&S::version_id>("VersionId", length(32, 64)),
  };
};

}  // namespace rushhour::aws
