/// \file
/// AWS Identity and Access Management, API version 2010-05-08: the operations that set an account up, a file
/// each, and no others. What the service does with them is the fake's business (fakes/iam_service.hpp).
/// Members and constraints: botocore 1.29, iam/2010-05-08/service-2.json; names of users, roles, groups and
/// policies have no pattern here, because the service refuses them in words of its own.
#pragma once

#include <rushhour/api/iam/add_user_to_group.hpp>
#include <rushhour/api/iam/attach_group_policy.hpp>
#include <rushhour/api/iam/attach_role_policy.hpp>
#include <rushhour/api/iam/attach_user_policy.hpp>
#include <rushhour/api/iam/create_access_key.hpp>
#include <rushhour/api/iam/create_group.hpp>
#include <rushhour/api/iam/create_policy.hpp>
#include <rushhour/api/iam/create_role.hpp>
#include <rushhour/api/iam/create_user.hpp>
#include <rushhour/api/iam/delete_access_key.hpp>
#include <rushhour/api/iam/delete_group.hpp>
#include <rushhour/api/iam/delete_group_policy.hpp>
#include <rushhour/api/iam/delete_policy.hpp>
#include <rushhour/api/iam/delete_role.hpp>
#include <rushhour/api/iam/delete_role_permissions_boundary.hpp>
#include <rushhour/api/iam/delete_role_policy.hpp>
#include <rushhour/api/iam/delete_user.hpp>
#include <rushhour/api/iam/delete_user_permissions_boundary.hpp>
#include <rushhour/api/iam/delete_user_policy.hpp>
#include <rushhour/api/iam/detach_group_policy.hpp>
#include <rushhour/api/iam/detach_role_policy.hpp>
#include <rushhour/api/iam/detach_user_policy.hpp>
#include <rushhour/api/iam/get_policy.hpp>
#include <rushhour/api/iam/get_policy_version.hpp>
#include <rushhour/api/iam/get_role.hpp>
#include <rushhour/api/iam/get_role_policy.hpp>
#include <rushhour/api/iam/get_user.hpp>
#include <rushhour/api/iam/get_user_policy.hpp>
#include <rushhour/api/iam/list_access_keys.hpp>
#include <rushhour/api/iam/list_attached_role_policies.hpp>
#include <rushhour/api/iam/list_attached_user_policies.hpp>
#include <rushhour/api/iam/list_policies.hpp>
#include <rushhour/api/iam/list_role_policies.hpp>
#include <rushhour/api/iam/list_role_tags.hpp>
#include <rushhour/api/iam/list_roles.hpp>
#include <rushhour/api/iam/list_user_policies.hpp>
#include <rushhour/api/iam/list_users.hpp>
#include <rushhour/api/iam/put_group_policy.hpp>
#include <rushhour/api/iam/put_role_permissions_boundary.hpp>
#include <rushhour/api/iam/put_role_policy.hpp>
#include <rushhour/api/iam/put_user_permissions_boundary.hpp>
#include <rushhour/api/iam/put_user_policy.hpp>
#include <rushhour/api/iam/remove_user_from_group.hpp>
#include <rushhour/api/iam/tag_role.hpp>
#include <rushhour/api/iam/untag_role.hpp>
#include <rushhour/api/iam/update_access_key.hpp>
#include <rushhour/api/iam/update_assume_role_policy.hpp>
#include <rushhour/api/iam/update_role.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/query_xml.hpp>

namespace rushhour::api {

namespace iam {
inline constexpr aws::QueryApi query_api{.version = "2010-05-08",
                                         .xml_namespace = "https://iam.amazonaws.com/doc/2010-05-08/"};
}  // namespace iam

/// In the order of their dense index.
template <>
struct OperationsOf<Service::iam> {
  using Type = Operations<
      iam::CreateRole, iam::GetRole, iam::ListRoles, iam::DeleteRole, iam::UpdateRole,
      iam::UpdateAssumeRolePolicy, iam::PutRolePolicy, iam::GetRolePolicy, iam::ListRolePolicies,
      iam::DeleteRolePolicy, iam::AttachRolePolicy, iam::DetachRolePolicy, iam::ListAttachedRolePolicies,
      iam::PutRolePermissionsBoundary, iam::DeleteRolePermissionsBoundary, iam::TagRole, iam::UntagRole,
      iam::ListRoleTags, iam::CreateUser, iam::GetUser, iam::ListUsers, iam::DeleteUser, iam::PutUserPolicy,
      iam::GetUserPolicy, iam::ListUserPolicies, iam::DeleteUserPolicy, iam::AttachUserPolicy,
      iam::DetachUserPolicy, iam::ListAttachedUserPolicies, iam::PutUserPermissionsBoundary,
      iam::DeleteUserPermissionsBoundary, iam::CreateAccessKey, iam::UpdateAccessKey, iam::ListAccessKeys,
      iam::DeleteAccessKey, iam::CreateGroup, iam::DeleteGroup, iam::AddUserToGroup, iam::RemoveUserFromGroup,
      iam::PutGroupPolicy, iam::DeleteGroupPolicy, iam::AttachGroupPolicy, iam::DetachGroupPolicy,
      iam::CreatePolicy, iam::GetPolicy, iam::GetPolicyVersion, iam::ListPolicies, iam::DeletePolicy>;
};

}  // namespace rushhour::api
