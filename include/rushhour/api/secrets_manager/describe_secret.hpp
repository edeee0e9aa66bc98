#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/secrets_manager/shapes.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api::secretsmanager {

/// Reads what is known about a secret, but not its value.
struct DescribeSecret {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "DescribeSecret";
  static constexpr bool read_only = true;

  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix

  struct Output {
    std::string arn{};
    std::string name{};
    std::optional<std::string> type{};
    std::optional<std::string> description{};
    std::optional<std::string> kms_key_id{};
    std::optional<bool> rotation_enabled{};
    std::optional<std::string> rotation_lambda_arn{};
    std::optional<RotationRules> rotation_rules{};
    std::vector<ExternalSecretRotationMetadataItem> external_secret_rotation_metadata{};
    std::string external_secret_rotation_role_arn{};
    std::optional<Instant> last_rotated_date{};
    std::optional<Instant> last_changed_date{};
    std::optional<Instant> last_accessed_date{};  ///< midnight UTC of the day; absent until the first read
    std::optional<Instant> deleted_date{};
    std::optional<Instant> next_rotation_date{};
    std::optional<std::vector<Tag>> tags{};
    std::map<std::string, std::vector<std::string>> version_ids_to_stages{};  ///< versions that have labels
    std::string owning_service{};
    std::optional<Instant> created_date{};
    std::string primary_region{};
    std::vector<ReplicationStatus> replication_status{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::DescribeSecret> {
  using S = api::secretsmanager::DescribeSecret;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
  };
};

template <>
struct Described<api::secretsmanager::DescribeSecret::Output> {
  using S = api::secretsmanager::DescribeSecret::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 256)),
      member<&S::type>("Type", length(0, 256)),
      member<&S::description>("Description", length(0, 2048)),
      member<&S::kms_key_id>("KmsKeyId", length(0, 2048)),
      member<&S::rotation_enabled>("RotationEnabled"),
      member<&S::rotation_lambda_arn>("RotationLambdaARN", length(0, 2048)),
      member<&S::rotation_rules>("RotationRules"),
      member<&S::external_secret_rotation_metadata>("ExternalSecretRotationMetadata"),
      member<&S::external_secret_rotation_role_arn>("ExternalSecretRotationRoleArn", length(20, 2048)),
      member<&S::last_rotated_date>("LastRotatedDate"),
      member<&S::last_changed_date>("LastChangedDate"),
      member<&S::last_accessed_date>("LastAccessedDate"),
      member<&S::deleted_date>("DeletedDate"),
      member<&S::next_rotation_date>("NextRotationDate"),
      member<&S::tags>("Tags"),
      member<&S::version_ids_to_stages>("VersionIdsToStages"),
      member<&S::owning_service>("OwningService", length(1, 128)),
      member<&S::created_date>("CreatedDate"),
      member<&S::primary_region>("PrimaryRegion", matching(region_pattern, is_region, length(1, 128))),
      member<&S::replication_status>("ReplicationStatus"),
  };
};

}  // namespace rushhour::aws
