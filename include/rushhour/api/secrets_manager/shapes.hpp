/// \file
/// Structures that several operations of AWS Secrets Manager, API version 2017-10-17 share. Members and
/// constraints: botocore 1.43.11.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api::secretsmanager {

struct Filter {
  std::string key{};  ///< description, name, tag-key, tag-value, primary-region, owning-service, all
  std::vector<std::string> values{};
};

struct SecretValueEntry {
  std::string arn{};
  std::string name{};
  std::string version_id{};
  std::optional<aws::Blob> secret_binary{};
  std::string secret_string{};
  std::vector<std::string> version_stages{};
  std::optional<Instant> created_date{};
};

struct BatchError {
  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix
  std::string error_code{};
  std::string message{};
};

struct Tag {
  std::string key{};
  std::string value{};
};

struct ReplicaRegion {
  std::string region{};
  std::optional<std::string> kms_key_id{};
};

struct ReplicationStatus {
  std::string region{};
  std::optional<std::string> kms_key_id{};
  std::string status{};  ///< InSync, Failed, InProgress
  std::string status_message{};
  std::optional<Instant> last_accessed_date{};  ///< midnight UTC of the day; absent until the first read
};

struct RotationRules {
  std::optional<std::int64_t> automatically_after_days{};  ///< 1 to 1000
  std::optional<std::string> duration{};                   ///< of the rotation window: `3h`
  std::optional<std::string> schedule_expression{};        ///< `rate(4 hours)` or `cron(0 12 * * ? *)`
};

struct ExternalSecretRotationMetadataItem {
  std::string key{};
  std::string value{};
};

struct SecretVersionEntry {
  std::string version_id{};
  std::vector<std::string> version_stages{};
  std::optional<Instant> last_accessed_date{};  ///< midnight UTC of the day; absent until the first read
  std::optional<Instant> created_date{};
  std::vector<std::string> kms_key_ids{};
};

struct SecretListEntry {
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
  std::map<std::string, std::vector<std::string>> secret_versions_to_stages{};
  std::string owning_service{};
  std::optional<Instant> created_date{};
  std::string primary_region{};
};

struct ValidationError {
  std::string check_name{};
  std::string error_message{};
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::Filter> {
  using S = api::secretsmanager::Filter;
  static constexpr std::array members{
      required<&S::key>("Key", one_of(filter_keys)),
      each(member<&S::values>("Values", length(1, 10)),
           matching(filter_value_pattern, is_filter_value, length(0, 512))),
  };
};

template <>
struct Described<api::secretsmanager::SecretValueEntry> {
  using S = api::secretsmanager::SecretValueEntry;
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

template <>
struct Described<api::secretsmanager::BatchError> {
  using S = api::secretsmanager::BatchError;
  static constexpr std::array members{
      member<&S::secret_id>("SecretId", length(1, 2048)),
      member<&S::error_code>("ErrorCode"),
      member<&S::message>("Message"),
  };
};

template <>
struct Described<api::secretsmanager::Tag> {
  using S = api::secretsmanager::Tag;
  static constexpr std::array members{
      required<&S::key>("Key", length(1, 128)),
      required<&S::value>("Value", length(0, 256)),
  };
};

template <>
struct Described<api::secretsmanager::ReplicaRegion> {
  using S = api::secretsmanager::ReplicaRegion;
  static constexpr std::array members{
      required<&S::region>("Region", matching(region_pattern, is_region, length(1, 128))),
      member<&S::kms_key_id>("KmsKeyId", length(0, 2048)),
  };
};

template <>
struct Described<api::secretsmanager::ReplicationStatus> {
  using S = api::secretsmanager::ReplicationStatus;
  static constexpr std::array members{
      member<&S::region>("Region", matching(region_pattern, is_region, length(1, 128))),
      member<&S::kms_key_id>("KmsKeyId", length(0, 2048)),
      member<&S::status>("Status", one_of(replication_statuses)),
      member<&S::status_message>("StatusMessage", length(1, 4096)),
      member<&S::last_accessed_date>("LastAccessedDate"),
  };
};

template <>
struct Described<api::secretsmanager::RotationRules> {
  using S = api::secretsmanager::RotationRules;
  static constexpr std::array members{
      member<&S::automatically_after_days>("AutomaticallyAfterDays", range(1, 1000)),
      member<&S::duration>("Duration", matching(hours_pattern, is_hours, length(2, 3))),
      member<&S::schedule_expression>("ScheduleExpression",
                                      matching(schedule_pattern, is_schedule, length(1, 256))),
  };
};

template <>
struct Described<api::secretsmanager::ExternalSecretRotationMetadataItem> {
  using S = api::secretsmanager::ExternalSecretRotationMetadataItem;
  static constexpr std::array members{
      required<&S::key>("Key", length(1, 256)),
      required<&S::value>("Value", length(1, 2048)),
  };
};

template <>
struct Described<api::secretsmanager::SecretVersionEntry> {
  using S = api::secretsmanager::SecretVersionEntry;
  static constexpr std::array members{
      member<&S::version_id>("VersionId", length(32, 64)),
      each(member<&S::version_stages>("VersionStages", length(1, 20)), length(1, 256)),
      member<&S::last_accessed_date>("LastAccessedDate"),
      member<&S::created_date>("CreatedDate"),
      each(member<&S::kms_key_ids>("KmsKeyIds"), length(0, 2048)),
  };
};

template <>
struct Described<api::secretsmanager::SecretListEntry> {
  using S = api::secretsmanager::SecretListEntry;
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
      member<&S::secret_versions_to_stages>("SecretVersionsToStages"),
      member<&S::owning_service>("OwningService", length(1, 128)),
      member<&S::created_date>("CreatedDate"),
      member<&S::primary_region>("PrimaryRegion", matching(region_pattern, is_region, length(1, 128))),
  };
};

template <>
struct Described<api::secretsmanager::ValidationError> {
  using S = api::secretsmanager::ValidationError;
  static constexpr std::array members{
      member<&S::check_name>("CheckName", length(1, 512)),
      member<&S::error_message>("ErrorMessage"),
  };
};

}  // namespace rushhour::aws
