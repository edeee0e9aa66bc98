/// \file
/// AWS Secrets Manager, API version 2017-10-17: the operations and their member tables. What the service does
/// with them is the fake's business (fakes/secrets_manager.hpp). Members and constraints: botocore 1.43.11,
/// secretsmanager/service-2.json.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api::secretsmanager {

/// Reads a version of a secret: AWSCURRENT unless a version id or staging label says otherwise.
struct GetSecretValue {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view name = "GetSecretValue";
  static constexpr bool read_only = true;

  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix
  std::optional<std::string> version_id{};
  std::optional<std::string> version_stage{};

  struct Output {
    std::string arn{};
    std::string name{};
    std::string version_id{};
    std::string secret_string{};
    std::vector<std::string> version_stages{};
    Instant created_date{};
  };
};

struct Tag {
  std::string key{};
  std::string value{};
};

/// Reads what is known about a secret, but not its value.
struct DescribeSecret {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view name = "DescribeSecret";
  static constexpr bool read_only = true;

  std::string secret_id{};

  struct Output {
    std::string arn{};
    std::string name{};
    std::optional<std::string> description{};
    std::optional<Instant> last_changed_date{};
    std::optional<Instant> last_accessed_date{};  ///< midnight UTC of the day; absent until the first read
    std::vector<Tag> tags{};
    std::map<std::string, std::vector<std::string>> version_ids_to_stages{};
    std::optional<Instant> created_date{};
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
      sensitive(member<&S::secret_string>("SecretString", length(1, 65536))),
      member<&S::version_stages>("VersionStages"),
      member<&S::created_date>("CreatedDate"),
  };
};

template <>
struct Described<api::secretsmanager::Tag> {
  using S = api::secretsmanager::Tag;
  static constexpr std::array members{
      member<&S::key>("Key", length(1, 128)),
      member<&S::value>("Value", length(0, 256)),
  };
};

template <>
struct Described<api::secretsmanager::DescribeSecret> {
  using S = api::secretsmanager::DescribeSecret;
  static constexpr std::array members{required<&S::secret_id>("SecretId", length(1, 2048))};
};

template <>
struct Described<api::secretsmanager::DescribeSecret::Output> {
  using S = api::secretsmanager::DescribeSecret::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 256)),
      member<&S::description>("Description", length(0, 2048)),
      member<&S::last_changed_date>("LastChangedDate"),
      member<&S::last_accessed_date>("LastAccessedDate"),
      member<&S::tags>("Tags"),
      member<&S::version_ids_to_stages>("VersionIdsToStages"),
      member<&S::created_date>("CreatedDate"),
  };
};

}  // namespace rushhour::aws

namespace rushhour::api {

template <>
struct OperationsOf<Service::secretsmanager> {
  using Type = Operations<secretsmanager::GetSecretValue, secretsmanager::DescribeSecret>;
};

}  // namespace rushhour::api
