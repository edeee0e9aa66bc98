#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Moves a staging label from one version of a secret to another, or takes it off.
struct UpdateSecretVersionStage {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "UpdateSecretVersionStage";
  static constexpr bool read_only = false;

  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix
  std::string version_stage{};
  std::optional<std::string> remove_from_version_id{};
  std::optional<std::string> move_to_version_id{};

  struct Output {
    std::string arn{};
    std::string name{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::UpdateSecretVersionStage> {
  using S = api::secretsmanager::UpdateSecretVersionStage;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
      required<&S::version_stage>("VersionStage", length(1, 256)),
      member<&S::remove_from_version_id>("RemoveFromVersionId", length(32, 64)),
      member<&S::move_to_version_id>("MoveToVersionId", length(32, 64)),
  };
};

template <>
struct Described<api::secretsmanager::UpdateSecretVersionStage::Output> {
  using S = api::secretsmanager::UpdateSecretVersionStage::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 256)),
  };
};

}  // namespace rushhour::aws
