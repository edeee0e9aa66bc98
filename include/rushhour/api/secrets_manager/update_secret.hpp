#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Changes description, key or value of a secret; a new value makes a new version.
struct UpdateSecret {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "UpdateSecret";
  static constexpr bool read_only = false;

  std::string secret_id{};                            ///< name, ARN, or ARN without its six-character suffix
  std::optional<std::string> client_request_token{};  ///< becomes the id of the new version
  std::optional<std::string> description{};
  std::optional<std::string> kms_key_id{};
  std::optional<aws::Blob> secret_binary{};
  std::optional<std::string> secret_string{};
  std::optional<std::string> type{};

  struct Output {
    std::string arn{};
    std::string name{};
    std::string version_id{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::UpdateSecret> {
  using S = api::secretsmanager::UpdateSecret;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
      member<&S::client_request_token>("ClientRequestToken", length(32, 64)),
      member<&S::description>("Description", length(0, 2048)),
      member<&S::kms_key_id>("KmsKeyId", length(0, 2048)),
      sensitive(member<&S::secret_binary>("SecretBinary", length(1, 65536))),
      sensitive(member<&S::secret_string>("SecretString", length(1, 65536))),
      member<&S::type>("Type", length(0, 256)),
  };
};

template <>
struct Described<api::secretsmanager::UpdateSecret::Output> {
  using S = api::secretsmanager::UpdateSecret::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 256)),
      member<&S::version_id>("VersionId", length(32, 64)),
  };
};

}  // namespace rushhour::aws
