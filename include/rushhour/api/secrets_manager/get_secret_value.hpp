#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api::secretsmanager {

/// Reads a version of a secret: AWSCURRENT unless a version id or staging label says otherwise.
struct GetSecretValue {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "GetSecretValue";
  static constexpr bool read_only = true;

  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix
  std::optional<std::string> version_id{};
  std::optional<std::string> version_stage{};

  struct Output {
    std::string arn{};
    std::string name{};
    std::string version_id{};
    std::optional<aws::Blob> secret_binary{};
    std::string secret_string{};
    std::vector<std::string> version_stages{};
    Instant created_date{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::GetSecretValue> {
  using S = api::secretsmanager::GetSecretValue;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
      member<&S::version_id>("VersionId", length(32, 64)),
      member<&S::version_stage>("VersionStage", length(1, 256)),
  };
};

template <>
struct Described<api::secretsmanager::GetSecretValue::Output> {
  using S = api::secretsmanager::GetSecretValue::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 256)),
      member<&S::version_id>("VersionId", length(32, 64)),
      sensitive(member<&S::secret_binary>("SecretBinary", length(1, 65536))),
      sensitive(member<&S::secret_string>("SecretString", length(1, 65536))),
      each(member<&S::version_stages>("VersionStages", length(1, 20)), length(1, 256)),
      member<&S::created_date>("CreatedDate"),
  };
};

}  // namespace rushhour::aws
