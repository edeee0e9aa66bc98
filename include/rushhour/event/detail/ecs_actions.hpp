/// \file
/// What Elastic's CloudTrail package knows of single actions: their category and type, and which parts of a
/// service's records name something that the record is about. Tables only; ecs_rules.hpp reads them.
///
/// [DOC] elastic/integrations `packages/aws/data_stream/cloudtrail/elasticsearch/ingest_pipeline/`
/// default.yml and entity.yml (the version with a row for each service), read 2026. Facts, in our own words
/// and order.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include <rushhour/event/value.hpp>

namespace rushhour::event::detail {

struct ActionCategory {
  Value category{};
  Value type{};
};

inline constexpr std::array<Value, 2> user_change_type{"user", "change"};
inline constexpr std::array<Value, 2> user_creation_type{"user", "creation"};
inline constexpr std::array<Value, 2> user_deletion_type{"user", "deletion"};
inline constexpr std::array<Value, 2> user_info_type{"user", "info"};
inline constexpr std::array<Value, 2> group_change_type{"group", "change"};
inline constexpr std::array<Value, 2> group_creation_type{"group", "creation"};
inline constexpr std::array<Value, 2> group_deletion_type{"group", "deletion"};
inline constexpr std::array<Value, 2> group_info_type{"group", "info"};
inline constexpr std::array<Value, 2> admin_change_type{"admin", "change"};
inline constexpr std::array<Value, 2> admin_creation_type{"admin", "creation"};

inline constexpr ActionCategory authentication{"authentication", "info"};
inline constexpr ActionCategory user_change{"iam", Value{std::span<const Value>{user_change_type}}};
inline constexpr ActionCategory user_creation{"iam", Value{std::span<const Value>{user_creation_type}}};
inline constexpr ActionCategory user_deletion{"iam", Value{std::span<const Value>{user_deletion_type}}};
inline constexpr ActionCategory user_info{"iam", Value{std::span<const Value>{user_info_type}}};
inline constexpr ActionCategory group_change{"iam", Value{std::span<const Value>{group_change_type}}};
inline constexpr ActionCategory group_creation{"iam", Value{std::span<const Value>{group_creation_type}}};
inline constexpr ActionCategory group_deletion{"iam", Value{std::span<const Value>{group_deletion_type}}};
inline constexpr ActionCategory group_info{"iam", Value{std::span<const Value>{group_info_type}}};
inline constexpr ActionCategory admin_change{"iam", Value{std::span<const Value>{admin_change_type}}};
inline constexpr ActionCategory admin_creation{"iam", Value{std::span<const Value>{admin_creation_type}}};
inline constexpr ActionCategory file_creation{"file", "creation"};
inline constexpr ActionCategory file_deletion{"file", "deletion"};

struct ActionRow {
  std::string_view action;
  const ActionCategory* is;
};

/// In order of names. An action without a row has the type `info` and no category.
inline constexpr std::array<ActionRow, 52> action_rows{{
    {"AddUserToGroup", &group_change},
    {"AssumeRole", &authentication},
    {"AttachGroupPolicy", &group_change},
    {"AttachUserPolicy", &user_change},
    {"ChangePassword", &user_change},
    {"ConsoleLogin", &authentication},
    {"CreateAccessKey", &user_change},
    {"CreateBucket", &file_creation},
    {"CreateGroup", &group_creation},
    {"CreateKeyPair", &admin_creation},
    {"CreateUser", &user_creation},
    {"CreateVirtualMFADevice", &user_change},
    {"DeactivateMFADevice", &user_change},
    {"DeleteAccessKey", &user_change},
    {"DeleteBucket", &file_deletion},
    {"DeleteGroup", &group_deletion},
    {"DeleteGroupPolicy", &group_change},
    {"DeleteSSHPublicKey", &user_change},
    {"DeleteUser", &user_deletion},
    {"DeleteUserPermissionsBoundary", &user_change},
    {"DeleteUserPolicy", &user_change},
    {"DeleteVirtualMFADevice", &user_change},
    {"DetachGroupPolicy", &group_change},
    {"DetachUserPolicy", &user_change},
    {"EnableMFADevice", &user_change},
    {"GetGroup", &group_info},
    {"GetGroupPolicy", &group_info},
    {"GetUser", &user_info},
    {"GetUserPolicy", &user_info},
    {"ListAttachedGroupPolicies", &group_info},
    {"ListAttachedUserPolicies", &user_info},
    {"ListGroupPolicies", &group_info},
    {"ListGroups", &group_info},
    {"ListGroupsForUser", &user_info},
    {"ListUserPolicies", &user_info},
    {"ListUserTags", &user_info},
    {"ListUsers", &user_info},
    {"PutGroupPolicy", &group_change},
    {"PutUserPermissionsBoundary", &user_change},
    {"PutUserPolicy", &user_change},
    {"RemoveUserFromGroup", &group_change},
    {"SetDefaultPolicyVersion", &admin_change},
    {"SetSecurityTokenServicePreferences", &admin_change},
    {"TagUser", &user_change},
    {"UntagUser", &user_change},
    {"UpdateAccessKey", &user_change},
    {"UpdateAccountPasswordPolicy", &admin_change},
    {"UpdateGroup", &group_change},
    {"UpdateLoginProfile", &user_change},
    {"UpdateRole", &admin_change},
    {"UpdateSSHPublicKey", &user_change},
    {"UpdateUser", &user_change},
}};
static_assert(std::ranges::is_sorted(action_rows, {}, &ActionRow::action));

/// nullptr for an action without a row.
[[nodiscard]] constexpr const ActionCategory* category_of(std::string_view action) {
  const auto* const row = std::ranges::lower_bound(action_rows, action, {}, &ActionRow::action);
  return row != action_rows.end() && row->action == action ? row->is : nullptr;
}

/// related.entity of every record.
inline constexpr std::array<std::string_view, 8> entities_of_all{
    "userIdentity.arn",
    "userIdentity.identityProvider",
    "userIdentity.principalId",
    "userIdentity.sessionContext.sessionIssuer.arn",
    "userIdentity.sessionContext.sessionIssuer.userName",
    "userIdentity.sessionContext.webIdFederationData.federatedProvider",
    "userIdentity.userName",
    "resources.ARN"};

/// related.entity of the records of one service, besides.
struct ServiceEntities {
  static constexpr std::size_t keys_max = 16;
  std::string_view service;  ///< eventSource
  std::array<std::string_view, keys_max> all{};

  [[nodiscard]] constexpr std::span<const std::string_view> keys() const {
    return {all.begin(), std::ranges::find(all, std::string_view{})};
  }
};

/// What the pipeline wants to read of network interfaces inside of instances has no row: it looks for it
/// under a misspelt name, and finds nothing.
inline constexpr std::array<ServiceEntities, 10> service_entities{{
    {"signin.amazonaws.com", {"additionalEventData.MFAIdentifier"}},
    {"sts.amazonaws.com",
     {"requestParameters.roleArn", "sourceIdentity", "additionalEventData.MFAIdentifier",
      "responseElements.assumedRoleUser.arn", "requestParameters.roleSessionName",
      "responseElements.accessKeyId"}},
    {"iam.amazonaws.com",
     {"requestParameters.userName", "requestParameters.accessKeyId", "requestParameters.policyArn",
      "requestParameters.roleName", "requestParameters.policyName", "responseElements.accessKey.userName",
      "responseElements.accessKey.accessKeyId", "responseElements.user.arn", "responseElements.user.userName",
      "responseElements.userId", "responseElements.role.arn"}},
    {"ec2.amazonaws.com",
     {"requestParameters.groupId", "requestParameters.groupName", "requestParameters.roleName",
      "requestParameters.subnetId", "requestParameters.volumeId", "requestParameters.networkInterfaceId",
      "requestParameters.vpcId", "requestParameters.snapshotId", "responseElements.groupId",
      "responseElements.reservationId", "responseElements.vpc.vpcId", "responseElements.vpc.dhcpOptionsId",
      "responseElements.snapshotId", "responseElements.volumeId"}},
    {"ec2.amazonaws.com",
     {"responseElements.securityGroupRuleSet.items.groupId",
      "responseElements.securityGroupRuleSet.items.referencedGroupInfo.groupId",
      "responseElements.securityGroupRuleSet.items.securityGroupRuleId",
      "responseElements.groupSet.items.groupId", "requestParameters.groupSet.items.groupId",
      "requestParameters.instancesSet.items.instanceId", "responseElements.instancesSet.items.subnetId",
      "responseElements.instancesSet.items.vpcId", "responseElements.instancesSet.items.instanceId",
      "responseElements.instancesSet.items.imageId",
      "responseElements.instancesSet.items.iamInstanceProfile.arn",
      "responseElements.revokedSecurityGroupRuleSet.items.securityGroupRuleId",
      "responseElements.revokedSecurityGroupRuleSet.items.groupId"}},
    {"s3.amazonaws.com", {"requestParameters.bucketName"}},
    {"cloudtrail.amazonaws.com",
     {"requestParameters.name", "requestParameters.s3BucketName",
      "responseElements.cloudWatchLogsLogGroupArn", "responseElements.cloudWatchLogsRoleArn",
      "responseElements.kmsKeyId", "responseElements.snsTopicARN", "responseElements.trailARN",
      "responseElements.name"}},
    {"kms.amazonaws.com",
     {"requestParameters.keyId", "responseElements.keyId", "responseElements.keyMetadata.arn",
      "responseElements.keyMetadata.keyId"}},
    {"lambda.amazonaws.com",
     {"requestParameters.functionName", "responseElements.functionArn", "responseElements.functionName",
      "responseElements.role"}},
    {"rds.amazonaws.com",
     {"requestParameters.dBInstanceArn", "requestParameters.dBInstanceIdentifier",
      "responseElements.dBInstanceIdentifier", "responseElements.dbInstanceArn",
      "responseElements.dBSubnetGroup.vpcId", "responseElements.dBSubnetGroup.subnets.subnetIdentifier",
      "responseElements.vpcSecurityGroups.vpcSecurityGroupId"}},
}};

}  // namespace rushhour::event::detail
