/// \file
/// Structures that several operations of AWS IAM share. Members and constraints: botocore 1.29,
/// iam/2010-05-08/service-2.json.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api::iam {

struct Tag {
  std::string key{};
  std::string value{};
};

struct AttachedPermissionsBoundary {
  std::string permissions_boundary_type{};  ///< always PermissionsBoundaryPolicy
  std::string permissions_boundary_arn{};
};

/// When a role was used last, and where.
struct RoleLastUsed {
  std::optional<Instant> last_used_date{};
  std::string region{};
};

/// GetRole and CreateRole tell all; lists leave out tags, boundary and last use, as AWS does.
struct Role {
  std::string path{};
  std::string role_name{};
  std::string role_id{};  ///< `AROA...`
  std::string arn{};
  Instant create_date{};
  std::string assume_role_policy_document{};  ///< JSON, percent-encoded
  std::optional<std::string> description{};
  std::optional<std::int64_t> max_session_duration{};  ///< in seconds
  std::optional<AttachedPermissionsBoundary> permissions_boundary{};
  std::vector<Tag> tags{};
  std::optional<RoleLastUsed> role_last_used{};
};

struct AttachedPolicy {
  std::string policy_name{};
  std::string policy_arn{};
};

struct User {
  std::string path{};
  std::string user_name{};
  std::string user_id{};  ///< `AIDA...`
  std::string arn{};
  Instant create_date{};
  std::optional<Instant> password_last_used{};
  std::optional<AttachedPermissionsBoundary> permissions_boundary{};
  std::vector<Tag> tags{};
};

struct AccessKey {
  std::string user_name{};
  std::string access_key_id{};
  std::string status{};             ///< Active, Inactive
  std::string secret_access_key{};  ///< 40 characters
  Instant create_date{};
};

struct AccessKeyMetadata {
  std::string user_name{};
  std::string access_key_id{};
  std::string status{};  ///< Active, Inactive
  Instant create_date{};
};

struct Group {
  std::string path{};
  std::string group_name{};
  std::string group_id{};  ///< `AGPA...`
  std::string arn{};
  Instant create_date{};
};

struct Policy {
  std::string policy_name{};
  std::string policy_id{};  ///< `ANPA...`
  std::string arn{};
  std::string path{};
  std::string default_version_id{};                 ///< `v1`
  std::int64_t attachment_count{};                  ///< to users, groups and roles
  std::int64_t permissions_boundary_usage_count{};  ///< users and roles that it bounds
  bool is_attachable{};
  std::optional<std::string> description{};
  Instant create_date{};
  Instant update_date{};  ///< when its newest version was made
  std::vector<Tag> tags{};
};

struct PolicyVersion {
  std::string document{};     ///< JSON, percent-encoded
  std::string version_id{};   ///< `v1`
  bool is_default_version{};  ///< what applies wherever the policy is attached
  Instant create_date{};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::Tag> {
  using S = api::iam::Tag;
  static constexpr std::array members{
      required<&S::key>("Key", matching(tag_text_pattern, is_tag_text, length(1, 128))),
      required<&S::value>("Value", matching(tag_text_pattern, is_tag_text, length(0, 256))),
  };
};

template <>
struct Described<api::iam::AttachedPermissionsBoundary> {
  using S = api::iam::AttachedPermissionsBoundary;
  static constexpr std::array members{
      member<&S::permissions_boundary_type>("PermissionsBoundaryType"),
      member<&S::permissions_boundary_arn>("PermissionsBoundaryArn"),
  };
};

template <>
struct Described<api::iam::RoleLastUsed> {
  using S = api::iam::RoleLastUsed;
  static constexpr std::array members{
      member<&S::last_used_date>("LastUsedDate"),
      member<&S::region>("Region"),
  };
};

template <>
struct Described<api::iam::Role> {
  using S = api::iam::Role;
  static constexpr std::array members{
      required<&S::path>("Path"),
      required<&S::role_name>("RoleName"),
      required<&S::role_id>("RoleId"),
      required<&S::arn>("Arn"),
      required<&S::create_date>("CreateDate"),
      member<&S::assume_role_policy_document>("AssumeRolePolicyDocument"),
      member<&S::description>("Description"),
      member<&S::max_session_duration>("MaxSessionDuration"),
      member<&S::permissions_boundary>("PermissionsBoundary"),
      member<&S::tags>("Tags"),
      member<&S::role_last_used>("RoleLastUsed"),
  };
};

template <>
struct Described<api::iam::AttachedPolicy> {
  using S = api::iam::AttachedPolicy;
  static constexpr std::array members{
      member<&S::policy_name>("PolicyName"),
      member<&S::policy_arn>("PolicyArn"),
  };
};

template <>
struct Described<api::iam::User> {
  using S = api::iam::User;
  static constexpr std::array members{
      required<&S::path>("Path"),
      required<&S::user_name>("UserName"),
      required<&S::user_id>("UserId"),
      required<&S::arn>("Arn"),
      required<&S::create_date>("CreateDate"),
      member<&S::password_last_used>("PasswordLastUsed"),
      member<&S::permissions_boundary>("PermissionsBoundary"),
      member<&S::tags>("Tags"),
  };
};

template <>
struct Described<api::iam::AccessKey> {
  using S = api::iam::AccessKey;
  static constexpr std::array members{
      required<&S::user_name>("UserName"),   required<&S::access_key_id>("AccessKeyId"),
      required<&S::status>("Status"),        sensitive(required<&S::secret_access_key>("SecretAccessKey")),
      member<&S::create_date>("CreateDate"),
  };
};

template <>
struct Described<api::iam::AccessKeyMetadata> {
  using S = api::iam::AccessKeyMetadata;
  static constexpr std::array members{
      member<&S::user_name>("UserName"),
      member<&S::access_key_id>("AccessKeyId"),
      member<&S::status>("Status"),
      member<&S::create_date>("CreateDate"),
  };
};

template <>
struct Described<api::iam::Group> {
  using S = api::iam::Group;
  static constexpr std::array members{
      required<&S::path>("Path"), required<&S::group_name>("GroupName"),   required<&S::group_id>("GroupId"),
      required<&S::arn>("Arn"),   required<&S::create_date>("CreateDate"),
  };
};

template <>
struct Described<api::iam::Policy> {
  using S = api::iam::Policy;
  static constexpr std::array members{
      member<&S::policy_name>("PolicyName"),
      member<&S::policy_id>("PolicyId"),
      member<&S::arn>("Arn"),
      member<&S::path>("Path"),
      member<&S::default_version_id>("DefaultVersionId"),
      member<&S::attachment_count>("AttachmentCount"),
      member<&S::permissions_boundary_usage_count>("PermissionsBoundaryUsageCount"),
      member<&S::is_attachable>("IsAttachable"),
      member<&S::description>("Description"),
      member<&S::create_date>("CreateDate"),
      member<&S::update_date>("UpdateDate"),
      member<&S::tags>("Tags"),
  };
};

template <>
struct Described<api::iam::PolicyVersion> {
  using S = api::iam::PolicyVersion;
  static constexpr std::array members{
      member<&S::document>("Document"),
      member<&S::version_id>("VersionId"),
      member<&S::is_default_version>("IsDefaultVersion"),
      member<&S::create_date>("CreateDate"),
  };
};

}  // namespace rushhour::aws
