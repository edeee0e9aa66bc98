// IAM's operations for set-up, roles and users: what they answer, and in which words they refuse. Recordings:
// LocalStack's of 2023-09-14 ("LocalStack 2023"), else the public issue that quotes the text.

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/iam.hpp>

#include "../fakes/policies.hpp"
#include "iam_service_bench.hpp"

namespace rushhour::fakes::conformance {
namespace {

using namespace api::iam;
using testing::HasSubstr;

constexpr std::string_view trust_lambda_encoded =
    "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal"
    "%22%3A%7B%22Service%22%3A%22lambda.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D";

std::vector<Behaviour> role_behaviours() {
  return {
      {"ARoleIsMade", "REC LocalStack 2023",
       answer(R"({"Role":{"Path":"/","RoleName":"Reader","RoleId":"AROA...",)"
              R"("Arn":"arn:aws:iam::444455556666:role/Reader","CreateDate":1772413200.000,)"
              R"("AssumeRolePolicyDocument":")" +
              std::string{trust_lambda_encoded} + R"("}})"),
       [](Scene& scene) { return blotted<CreateRole>(scene.call(reader(), admin(scene))); }},
      {"ARoleSaysWhatItWasMadeWith", "DOC API reference CreateRole",
       answer(R"({"Role":{"Path":"/team/","RoleName":"Reader","RoleId":"AROA...",)"
              R"("Arn":"arn:aws:iam::444455556666:role/team/Reader","CreateDate":1772413200.000,)"
              R"("AssumeRolePolicyDocument":")" +
              std::string{trust_lambda_encoded} +
              R"(","Description":"reads","MaxSessionDuration":7200,"PermissionsBoundary":{)"
              R"("PermissionsBoundaryType":"PermissionsBoundaryPolicy",)"
              R"("PermissionsBoundaryArn":"arn:aws:iam::444455556666:policy/Nothing"},)"
              R"("Tags":[{"Key":"team","Value":"soc"}]}})"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, nothing());
         CreateRole request = reader();
         request.path = "/team/";
         request.description = "reads";
         request.max_session_duration = 7200;
         request.permissions_boundary = policy_arn();
         request.tags = {{"team", "soc"}};
         return blotted<CreateRole>(scene.call(request, who));
       }},
      {"ARoleIsReadWithItsLongestSession", "REC LocalStack 2023",
       answer(R"({"Role":{"Path":"/","RoleName":"Reader","RoleId":"AROA...",)"
              R"("Arn":"arn:aws:iam::444455556666:role/Reader","CreateDate":1772413200.000,)"
              R"("AssumeRolePolicyDocument":")" +
              std::string{trust_lambda_encoded} + R"(","MaxSessionDuration":3600,"RoleLastUsed":{}}})"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader());
         return blotted<GetRole>(scene.call(GetRole{.role_name = "Reader"}, who));
       }},
      {"ListsOfRolesLeaveOutTagsAndUse", "REC LocalStack 2023; DOC API reference ListRoles",
       answer(R"({"Roles":[{"Path":"/team/","RoleName":"Reader","RoleId":"AROA...",)"
              R"("Arn":"arn:aws:iam::444455556666:role/team/Reader","CreateDate":1772413200.000,)"
              R"("AssumeRolePolicyDocument":")" +
              std::string{trust_lambda_encoded} + R"(","MaxSessionDuration":3600}],"IsTruncated":false})"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         CreateRole request = reader();
         request.path = "/team/";
         request.tags = {{"team", "soc"}};
         make(scene, who, request);
         return blotted<ListRoles>(scene.call(ListRoles{.path_prefix = "/team/"}, who));
       }},
      {"ARolesNameIsTaken", "REC terraform-aws-ecs#363",
       failure(Outcome::invalid, 409, "EntityAlreadyExists", "Role with name reader already exists."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader());
         CreateRole request = reader();
         request.role_name = "reader";
         return outcome(scene.call(request, who));
       }},
      {"ARoleThatIsNotThereCannotBeFound", "REC terraform-provider-aws#9278",
       no_such("The role with name Nobody cannot be found."),
       [](Scene& scene) { return outcome(scene.call(GetRole{.role_name = "Nobody"}, admin(scene))); }},
      {"ANameHasItsCharacters", "REC rosa",
       invalid("The specified value for roleName is invalid. It must contain only alphanumeric characters "
               "and/or the following: +=,.@_-"),
       [](Scene& scene) { return outcome(scene.call(GetRole{.role_name = "team/Reader"}, admin(scene))); }},
      {"ARolesNameHas64Characters", "DOC botocore",
       invalid("1 validation error detected: Value '" + std::string(65, 'a') +
               "' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to "
               "64"),
       [](Scene& scene) {
         return outcome(scene.call(GetRole{.role_name = std::string(65, 'a')}, admin(scene)));
       }},
      {"ATrustPolicyIsJson", "REC graylog-plugin-aws#22", malformed("This policy contains invalid Json"),
       [](Scene& scene) {
         CreateRole request = reader();
         request.assume_role_policy_document = "trust_policy.json";
         return outcome(scene.call(request, admin(scene)));
       }},
      {"ATrustPolicyHasNoResource", "REC external-dns#3085", malformed("Has prohibited field Resource"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader());
         return outcome(
             scene.call(UpdateAssumeRolePolicy{.role_name = "Reader",
                                               .policy_document = trusting(ours, R"(,"Resource":"*")")},
                        who));
       }},
      {"ATrustPolicyHasAPrincipal", "REC S3-Uploads#191", malformed("Missing required field Principal"),
       [](Scene& scene) {
         CreateRole request = reader();
         request.assume_role_policy_document = policy(R"("Effect":"Allow","Action":"sts:AssumeRole")");
         return outcome(scene.call(request, admin(scene)));
       }},
      {"ATrustPolicyHasItsSize", "DOC IAM quotas", limited("Cannot exceed quota for ACLSizePerRole: 2048"),
       [](Scene& scene) {
         CreateRole request = reader();
         request.assume_role_policy_document = trusting(
             ours, R"(,"Condition":{"StringEquals":{"sts:ExternalId":")" + std::string(2048, 'x') + R"("}})");
         return outcome(scene.call(request, admin(scene)));
       }},
      {"WhiteSpaceOfAPolicyDoesNotCount", "DOC IAM quotas", fine,
       [](Scene& scene) {
         CreateRole request = reader();
         request.assume_role_policy_document += std::string(5000, ' ');
         return outcome(scene.call(request, admin(scene)));
       }},
      {"ARoleIsChanged", "DOC API reference UpdateRole", answer("reads; 7200; sts:AssumeRole"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader(),
              UpdateRole{.role_name = "Reader", .description = "reads", .max_session_duration = 7200},
              UpdateAssumeRolePolicy{.role_name = "Reader", .policy_document = trusting(ours)});
         const Role role = scene.call(GetRole{.role_name = "Reader"}, who).value().role;
         EXPECT_THAT(role.assume_role_policy_document, HasSubstr("%22AWS%22%3A%22444455556666%22"));
         return answer(role.description.value_or("") + "; " + std::to_string(*role.max_session_duration) +
                       "; sts:AssumeRole");
       }},
      {"ARoleWithAttachedPoliciesStays", "REC ansible#22832",
       conflict("Cannot delete entity, must detach all policies first."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader(), nothing(), AttachRolePolicy{"Reader", policy_arn()});
         return outcome(scene.call(DeleteRole{.role_name = "Reader"}, who));
       }},
      {"ARoleWithInlinePoliciesStays", "REC analytics-platform#33",
       conflict("Cannot delete entity, must delete policies first."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader(), PutRolePolicy{"Reader", "read", allowing("s3:GetObject")});
         return outcome(scene.call(DeleteRole{.role_name = "Reader"}, who));
       }},
      {"ADeletedRoleIsGone", "DOC API reference DeleteRole",
       no_such("The role with name Reader cannot be found."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader(), DeleteRole{.role_name = "Reader"});
         return outcome(scene.call(GetRole{.role_name = "Reader"}, who));
       }},
      {"TagsComeAndGo", "DOC API reference TagRole",
       answer(R"({"Tags":[{"Key":"env","Value":"prod"}],"IsTruncated":false})"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader(), TagRole{"Reader", {{"team", "soc"}, {"env", "test"}}},
              TagRole{"Reader", {{"env", "prod"}}}, UntagRole{"Reader", {"team", "missing"}});
         return answer_json<ListRoleTags>(scene.call(ListRoleTags{.role_name = "Reader"}, who));
       }},
      {"ATagKeyComesOnce", "MEM text; DOC Tags for IAM resources",
       failure(Outcome::invalid, 400, "InvalidInput",
               "Duplicate tag keys found. Please note that Tag keys are case insensitive."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader());
         return outcome(scene.call(TagRole{"Reader", {{"team", "a"}, {"Team", "b"}}}, who));
       }},
      {"ATagKeyIsNotAwss", "MEM text; DOC Tags for IAM resources",
       failure(Outcome::invalid, 400, "InvalidInput",
               "Tag keys starting with 'aws:' are reserved for system use."),
       [](Scene& scene) {
         CreateRole request = reader();
         request.tags = {{"aws:team", "a"}};
         return outcome(scene.call(request, admin(scene)));
       }},
      {"ARoleHas50Tags", "MEM text; DOC IAM quotas",
       limited("The number of tags has reached the maximum limit."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         CreateRole request = reader();
         for (int i = 0; i < 50; ++i) request.tags.push_back({"tag" + std::to_string(i), ""});
         make(scene, who, request, TagRole{"Reader", {{"tag7", "again"}}});
         return outcome(scene.call(TagRole{"Reader", {{"another", ""}}}, who));
       }},
  };
}

std::vector<Behaviour> user_behaviours() {
  return {
      {"AUserIsMade", "DOC API reference CreateUser",
       answer(R"({"User":{"Path":"/team/","UserName":"eve","UserId":"AIDA...",)"
              R"("Arn":"arn:aws:iam::444455556666:user/team/eve","CreateDate":1772413200.000,)"
              R"("Tags":[{"Key":"team","Value":"soc"}]}})"),
       [](Scene& scene) {
         return blotted<CreateUser>(scene.call(
             CreateUser{.user_name = "eve", .path = "/team/", .tags = {{"team", "soc"}}}, admin(scene)));
       }},
      {"AUsersNameIsTaken", "MEM text, as of roles",
       failure(Outcome::invalid, 409, "EntityAlreadyExists", "User with name admin already exists."),
       [](Scene& scene) { return outcome(scene.call(CreateUser{.user_name = "admin"}, admin(scene))); }},
      {"AUserReadsItself", "DOC API reference GetUser",
       answer(R"({"User":{"Path":"/","UserName":"admin","UserId":"AIDA...",)"
              R"("Arn":"arn:aws:iam::444455556666:user/admin","CreateDate":1772409600.000}})"),
       [](Scene& scene) { return blotted<GetUser>(scene.call(GetUser{}, admin(scene))); }},
      {"ASessionOfARoleIsNoUser", "MEM text; DOC API reference GetUser",
       invalid("Must specify userName when calling with non-User credentials"),
       [](Scene& scene) {
         {
           Scene::Inside inside = scene.inside();
           inside->world.iam.add_policy(inside->engine_role_arn, allowing("iam:*"));
         }
         return outcome(scene.call(GetUser{}, scene.engine()));
       }},
      {"UsersAreListed", "DOC API reference ListUsers",
       answer(R"({"Users":[{"Path":"/team/","UserName":"eve","UserId":"AIDA...",)"
              R"("Arn":"arn:aws:iam::444455556666:user/team/eve","CreateDate":1772413200.000}],)"
              R"("IsTruncated":false})"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, CreateUser{.user_name = "eve", .path = "/team/", .tags = {{"team", "soc"}}});
         return blotted<ListUsers>(scene.call(ListUsers{.path_prefix = "/team/"}, who));
       }},
      {"AUserWithAccessKeysStays", "MEM text",
       conflict("Cannot delete entity, must delete access keys first."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, CreateUser{.user_name = "eve"}, CreateAccessKey{.user_name = "eve"});
         return outcome(scene.call(DeleteUser{.user_name = "eve"}, who));
       }},
      {"AUserInAGroupStays", "REC terraform#29147",
       conflict("Cannot delete entity, must remove users from group first."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, CreateUser{.user_name = "eve"}, CreateGroup{.group_name = "soc"},
              AddUserToGroup{"soc", "eve"});
         return outcome(scene.call(DeleteUser{.user_name = "eve"}, who));
       }},
      {"ADeletedUserIsGone", "REC terraform-provider-aws#9278, of groups",
       no_such("The user with name eve cannot be found."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, CreateUser{.user_name = "eve"}, DeleteUser{.user_name = "eve"});
         return outcome(scene.call(GetUser{.user_name = "eve"}, who));
       }},
      {"AnAccessKeySigns", "DOC API reference CreateAccessKey", answer("arn:aws:iam::444455556666:user/eve"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, CreateUser{.user_name = "eve"});
         const api::iam::AccessKey key =
             scene.call(CreateAccessKey{.user_name = "eve"}, who).value().access_key;
         EXPECT_EQ(key.status, "Active");
         EXPECT_EQ(key.secret_access_key.size(), 40U);
         const api::Identity eve = aws::Credentials{key.access_key_id, key.secret_access_key, {}};
         return answer(scene.call(api::sts::GetCallerIdentity{}, eve).value().arn);
       }},
      {"AUserHasTwoAccessKeys", "REC s3-credentials#64",
       limited("Cannot exceed quota for AccessKeysPerUser: 2"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);  // whose own key is the first
         make(scene, who, CreateAccessKey{});
         return outcome(scene.call(CreateAccessKey{}, who));
       }},
      {"AnInactiveKeyIsNoKey", "DOC Manage access keys",
       failure(Outcome::denied, 403, "InvalidClientTokenId",
               "The security token included in the request is invalid."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, CreateUser{.user_name = "eve"});
         const api::iam::AccessKey key =
             scene.call(CreateAccessKey{.user_name = "eve"}, who).value().access_key;
         make(scene, who, UpdateAccessKey{key.access_key_id, "Inactive", "eve"});
         const api::Identity eve = aws::Credentials{key.access_key_id, key.secret_access_key, {}};
         return outcome(scene.call(api::sts::GetCallerIdentity{}, eve));
       }},
      {"AccessKeysAreListedWithoutSecrets", "DOC API reference ListAccessKeys",
       answer(R"({"AccessKeyMetadata":[{"UserName":"eve","AccessKeyId":"AKIA...","Status":"Inactive",)"
              R"("CreateDate":1772413200.000}],"IsTruncated":false})"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, CreateUser{.user_name = "eve"});
         const api::iam::AccessKey key =
             scene.call(CreateAccessKey{.user_name = "eve"}, who).value().access_key;
         make(scene, who, UpdateAccessKey{key.access_key_id, "Inactive", "eve"});
         return blotted<ListAccessKeys>(scene.call(ListAccessKeys{.user_name = "eve"}, who));
       }},
      {"AnAccessKeyIsItsUsers", "MEM text",
       no_such("The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, CreateUser{.user_name = "eve"});
         const api::iam::AccessKey key =
             scene.call(CreateAccessKey{.user_name = "eve"}, who).value().access_key;
         EXPECT_EQ(outcome(scene.call(DeleteAccessKey{key.access_key_id}, who)).code, "NoSuchEntity")
             << "the admin's it is not";
         make(scene, who, DeleteAccessKey{key.access_key_id, "eve"});
         return outcome(scene.call(DeleteAccessKey{"AKIAIOSFODNN7EXAMPLE", "eve"}, who));
       }},
      {"AGroupIsMade", "DOC API reference CreateGroup",
       answer(R"({"Group":{"Path":"/","GroupName":"soc","GroupId":"AGPA...",)"
              R"("Arn":"arn:aws:iam::444455556666:group/soc","CreateDate":1772413200.000}})"),
       [](Scene& scene) {
         return blotted<CreateGroup>(scene.call(CreateGroup{.group_name = "soc"}, admin(scene)));
       }},
      {"AGroupsPoliciesAreItsUsers", "DOC Policies and groups", fine,
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         const api::Identity bob = user_with(scene, denying("none:Of"), "bob");
         make(scene, who, reader(), CreateGroup{.group_name = "soc"},
              PutGroupPolicy{"soc", "read", allowing("iam:GetRole")});
         EXPECT_FALSE(scene.call(GetRole{.role_name = "Reader"}, bob).ok());
         make(scene, who, AddUserToGroup{"soc", "bob"}, GetRole{.role_name = "Reader"});
         const Failure inside = outcome(scene.call(GetRole{.role_name = "Reader"}, bob));
         make(scene, who, RemoveUserFromGroup{"soc", "bob"});
         EXPECT_FALSE(scene.call(GetRole{.role_name = "Reader"}, bob).ok());
         return inside;
       }},
      {"AGroupWithUsersStays", "REC terraform#29147",
       conflict("Cannot delete entity, must remove users from group first."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, CreateGroup{.group_name = "soc"}, AddUserToGroup{"soc", "admin"});
         return outcome(scene.call(DeleteGroup{.group_name = "soc"}, who));
       }},
      {"AGroupWithAttachedPoliciesStays", "REC cloud-custodian#7484",
       conflict("Cannot delete entity, must detach all policies first."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, CreateGroup{.group_name = "soc"}, nothing(),
              AttachGroupPolicy{"soc", policy_arn()});
         return outcome(scene.call(DeleteGroup{.group_name = "soc"}, who));
       }},
      {"AGroupThatIsNotThereCannotBeFound", "REC terraform-provider-aws#9278",
       no_such("The group with name soc cannot be found."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, CreateGroup{.group_name = "soc"}, DeleteGroup{.group_name = "soc"});
         return outcome(scene.call(AddUserToGroup{"soc", "admin"}, who));
       }},
      {"AUserIsInTenGroups", "DOC IAM quotas", limited("Cannot exceed quota for GroupsPerUser: 10"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         for (int i = 0; i < 11; ++i) make(scene, who, CreateGroup{.group_name = "g" + std::to_string(i)});
         for (int i = 0; i < 10; ++i) make(scene, who, AddUserToGroup{"g" + std::to_string(i), "admin"});
         make(scene, who, AddUserToGroup{"g3", "admin"});
         return outcome(scene.call(AddUserToGroup{"g10", "admin"}, who));
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(IamRoles, Conformance, on_every_way(role_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(IamUsers, Conformance, on_every_way(user_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
