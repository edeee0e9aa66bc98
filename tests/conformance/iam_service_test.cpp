// IAM's operations for set-up: what they answer, and in which words they refuse. Recordings: LocalStack's of
// 2023-09-14 ("LocalStack 2023"), else the public issue that quotes the text.

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/iam.hpp>

#include "../fakes/policies.hpp"
#include "behaviour.hpp"

namespace rushhour::fakes::conformance {
namespace {

using namespace api::iam;
using testing::HasSubstr;

constexpr std::string_view ours = "444455556666";
const std::string trust_lambda =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},)"
    R"("Action":"sts:AssumeRole"}]})";

/// A user of our account with this policy. Made without asking: what is under test is what it may do.
api::Identity user_with(Scene& scene, const std::string& document, const std::string& name = "admin") {
  return scene.inside()->world.iam.add_user({.account = std::string{ours},
                                             .name = name,
                                             .policies = {document},
                                             .created = PantherWorldOptions{}.world.start});
}
api::Identity admin(Scene& scene) { return user_with(scene, allowing("*")); }

CreateRole reader() { return {.role_name = "Reader", .assume_role_policy_document = trust_lambda}; }
CreatePolicy nothing(const std::string& name = "Nothing") {
  return {.policy_name = name, .policy_document = allowing("none:Of")};
}
std::string policy_arn(std::string_view name = "Nothing") {
  return "arn:aws:iam::444455556666:policy/" + std::string{name};
}

/// Calls that must go well, for what a row is not about.
template <class... Ops>
void make(Scene& scene, const api::Identity& who, const Ops&... requests) {
  const auto one = [&](const auto& request) { EXPECT_EQ(outcome(scene.call(request, who)), fine); };
  (one(requests), ...);
}

/// An answer whose random ids are blotted out: `AROA` and what follows becomes `AROA...`.
template <api::IsOperation Op>
Failure blotted(const Result<typename Op::Output>& result) {
  Failure out = answer_json<Op>(result);
  for (const char* prefix : {"AROA", "AIDA", "AGPA", "ANPA", "AKIA"}) {
    for (std::size_t at = out.message.find(prefix); at != std::string::npos;
         at = out.message.find(prefix, at + 1)) {
      out.message.replace(at + 4, out.message.find('"', at) - at - 4, "...");
    }
  }
  return out;
}

Failure no_such(std::string_view message) {
  return failure(Outcome::not_found, 404, "NoSuchEntity", message);
}
Failure conflict(std::string_view message) {
  return failure(Outcome::invalid, 409, "DeleteConflict", message);
}
Failure limited(std::string_view message) { return failure(Outcome::invalid, 409, "LimitExceeded", message); }
Failure malformed(std::string_view message) {
  return failure(Outcome::invalid, 400, "MalformedPolicyDocument", message);
}
Failure invalid(std::string_view message) {
  return failure(Outcome::invalid, 400, "ValidationError", message);
}
Failure denied(std::string_view what) {
  return failure(
      Outcome::denied, 403, "AccessDenied",
      "User: arn:aws:iam::444455556666:user/bob is not authorized to perform: " + std::string{what});
}

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

std::vector<Behaviour> policy_behaviours() {
  return {
      {"AnInlinePolicyComesBackEncoded", "DOC API reference GetRolePolicy",
       answer(
           R"({"RoleName":"Reader","PolicyName":"read","PolicyDocument":"%7B%20%22Version%22%3A%222012-10-)"
           R"(17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C)"
           R"(%22Resource%22%3A%22%2A%22%7D%7D"})"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(
             scene, who, reader(),
             PutRolePolicy{
                 "Reader", "read",
                 R"({ "Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}})"});
         return answer_json<GetRolePolicy>(scene.call(GetRolePolicy{"Reader", "read"}, who));
       }},
      {"AnInlinePolicyThatIsNotThereCannotBeFound", "REC aws-cli#6139",
       no_such("The role policy with name read cannot be found."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader(), PutRolePolicy{"Reader", "read", allowing("s3:*")},
              DeleteRolePolicy{"Reader", "read"});
         return outcome(scene.call(DeleteRolePolicy{"Reader", "read"}, who));
       }},
      {"AnIdentityPolicyHasNoPrincipal", "REC terraform-provider-aws#10419",
       malformed("Policy document should not specify a principal."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader());
         return outcome(
             scene.call(PutRolePolicy{"Reader", "read", trusting(ours, R"(,"Resource":"*")")}, who));
       }},
      {"AStatementHasResources", "REC aws-health-aware#1",
       malformed("Policy statement must contain resources."),
       [](Scene& scene) {
         CreatePolicy request = nothing();
         request.policy_document = policy(R"("Effect":"Allow","Action":"s3:*")");
         return outcome(scene.call(request, admin(scene)));
       }},
      {"AStatementHasActions", "MEM", malformed("Policy statement must contain actions."),
       [](Scene& scene) {
         CreatePolicy request = nothing();
         request.policy_document = policy(R"("Effect":"Allow","Resource":"*")");
         return outcome(scene.call(request, admin(scene)));
       }},
      {"OtherMistakesAreSyntaxErrors", "MEM", malformed("Syntax errors in policy."),
       [](Scene& scene) {
         CreatePolicy request = nothing();
         request.policy_document = policy(R"("Effect":"Perhaps","Action":"s3:*","Resource":"*")");
         return outcome(scene.call(request, admin(scene)));
       }},
      {"InlinePoliciesHaveTheirSizeTogether", "MEM text; DOC IAM quotas",
       limited("Maximum policy size of 2048 bytes exceeded for user eve"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         const auto sized = [](std::size_t size) {
           return allowing("s3:*", "arn:aws:s3:::" + std::string(size, 'x'));
         };
         make(scene, who, CreateUser{.user_name = "eve"}, PutUserPolicy{"eve", "a", sized(900)},
              PutUserPolicy{"eve", "a", sized(1000)});
         return outcome(scene.call(PutUserPolicy{"eve", "b", sized(900)}, who));
       }},
      {"PoliciesAreListedInPages", "DOC API reference ListRolePolicies",
       answer(R"({"PolicyNames":["c"],"IsTruncated":false})"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader());
         for (const char* name : {"c", "a", "b"})
           make(scene, who, PutRolePolicy{"Reader", name, allowing("s3:*")});
         const auto first = scene.call(ListRolePolicies{.role_name = "Reader", .max_items = 2}, who).value();
         EXPECT_THAT(first.policy_names, testing::ElementsAre("a", "b"));
         EXPECT_TRUE(first.is_truncated);
         make(scene, who, DeleteRolePolicy{"Reader", "a"});
         return answer_json<ListRolePolicies>(
             scene.call(ListRolePolicies{.role_name = "Reader", .marker = first.marker}, who));
       }},
      {"AMarkerIsOfItsOwnList", "MEM text", invalid("Invalid Marker."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader(), PutRolePolicy{"Reader", "a", allowing("s3:*")},
              PutRolePolicy{"Reader", "b", allowing("s3:*")});
         const auto page = scene.call(ListRolePolicies{.role_name = "Reader", .max_items = 1}, who).value();
         return outcome(scene.call(ListRoles{.marker = page.marker}, who));
       }},
      {"AManagedPolicyIsMade", "REC LocalStack 2023",
       answer(R"({"Policy":{"PolicyName":"Nothing","PolicyId":"ANPA...",)"
              R"("Arn":"arn:aws:iam::444455556666:policy/Nothing","Path":"/","DefaultVersionId":"v1",)"
              R"("AttachmentCount":0,"PermissionsBoundaryUsageCount":0,"IsAttachable":true,)"
              R"("CreateDate":1772413200.000,"UpdateDate":1772413200.000}})"),
       [](Scene& scene) {
         CreatePolicy request = nothing();
         request.description = "is said by GetPolicy only";
         return blotted<CreatePolicy>(scene.call(request, admin(scene)));
       }},
      {"AManagedPolicyCountsItsUses", "DOC API reference Policy", answer("described; 1; 2"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         CreatePolicy request = nothing();
         request.description = "described";
         make(scene, who, request, reader(), CreateUser{.user_name = "eve"},
              AttachRolePolicy{"Reader", policy_arn()}, AttachRolePolicy{"Reader", policy_arn()},
              PutRolePermissionsBoundary{"Reader", policy_arn()},
              PutUserPermissionsBoundary{"eve", policy_arn()});
         const Policy policy = scene.call(GetPolicy{policy_arn()}, who).value().policy;
         return answer(policy.description.value_or("") + "; " + std::to_string(policy.attachment_count) +
                       "; " + std::to_string(policy.permissions_boundary_usage_count));
       }},
      {"AManagedPolicysNameIsTaken", "REC kubefirst#855",
       failure(Outcome::invalid, 409, "EntityAlreadyExists",
               "A policy called Nothing already exists. Duplicate names are not allowed."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, nothing());
         return outcome(scene.call(nothing(), who));
       }},
      {"AManagedPolicyHasItsSize", "REC cloud-platform-environments#14473",
       limited("Cannot exceed quota for PolicySize: 6144"),
       [](Scene& scene) {
         CreatePolicy request = nothing();
         request.policy_document = allowing("s3:*", "arn:aws:s3:::" + std::string(6144, 'x'));
         return outcome(scene.call(request, admin(scene)));
       }},
      {"AVersionHasTheDocument", "DOC API reference GetPolicyVersion",
       answer(
           R"({"PolicyVersion":{"Document":"%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B)"
           R"(%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22none%3AOf%22%2C%22Resource%22%3A%22%2A%22%7D)"
           R"(%5D%7D","VersionId":"v1","IsDefaultVersion":true,"CreateDate":1772413200.000}})"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, nothing());
         return answer_json<GetPolicyVersion>(scene.call(GetPolicyVersion{policy_arn(), "v1"}, who));
       }},
      {"AVersionThatIsNotThereIsRefused", "MEM text",
       no_such(
           "Policy arn:aws:iam::444455556666:policy/Nothing version v2 does not exist or is not attachable."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, nothing());
         return outcome(scene.call(GetPolicyVersion{policy_arn(), "v2"}, who));
       }},
      {"LocalPoliciesAreListed", "DOC API reference ListPolicies", answer("Attached; Boundary"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, nothing(), nothing("Attached"), nothing("Boundary"), reader(),
              AttachRolePolicy{"Reader", policy_arn("Attached")},
              PutRolePermissionsBoundary{"Reader", policy_arn("Boundary")});
         const auto names = [&](ListPolicies request) {
           request.scope = "Local";
           const auto listed = scene.call(request, who).value().policies;
           std::string out;
           for (const Policy& policy : listed) out += (out.empty() ? "" : " ") + policy.policy_name;
           return out;
         };
         EXPECT_EQ(names({}), "Attached Boundary Nothing");
         EXPECT_EQ(names({.only_attached = true}), "Attached");
         return answer(names({.policy_usage_filter = "PermissionsPolicy"}) + "; " +
                       names({.policy_usage_filter = "PermissionsBoundary"}));
       }},
      {"AnAttachedPolicyStays", "REC iamy#22", conflict("Cannot delete a policy attached to entities."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, nothing(), CreateGroup{.group_name = "soc"},
              AttachGroupPolicy{"soc", policy_arn()});
         return outcome(scene.call(DeletePolicy{policy_arn()}, who));
       }},
      {"ADeletedPolicyIsGone", "MEM text",
       no_such("Policy arn:aws:iam::444455556666:policy/Nothing was not found."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, nothing(), DeletePolicy{policy_arn()});
         return outcome(scene.call(GetPolicy{policy_arn()}, who));
       }},
      {"WhatIsAttachedHasAnArn", "REC LocalStack 2023",
       failure(Outcome::invalid, 400, "InvalidInput", "ARN longpolicynamebutnoarn is not valid."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader());
         return outcome(scene.call(AttachRolePolicy{"Reader", "longpolicynamebutnoarn"}, who));
       }},
      {"WhatIsAttachedExists", "REC moto#6482; LocalStack 2023",
       no_such("Policy arn:aws:iam::444455556666:policy/Nothing does not exist or is not attachable."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, CreateUser{.user_name = "eve"});
         return outcome(scene.call(AttachUserPolicy{"eve", policy_arn()}, who));
       }},
      {"AnothersPolicyIsNotAttached", "DOC IAM identifiers",
       no_such("Policy arn:aws:iam::111122223333:policy/Theirs does not exist or is not attachable."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader());
         const std::string theirs = scene.inside()->world.iam.add_managed_policy(
             {.account = "111122223333", .name = "Theirs", .document = allowing("*")});
         return outcome(scene.call(AttachRolePolicy{"Reader", theirs}, who));
       }},
      {"ARoleHasTenAttachedPolicies", "REC eks-hybrid#741",
       limited("Cannot exceed quota for PoliciesPerRole: 10"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader());
         for (int i = 0; i < 11; ++i) make(scene, who, nothing("p" + std::to_string(i)));
         for (int i = 0; i < 10; ++i) {
           make(scene, who, AttachRolePolicy{"Reader", policy_arn("p" + std::to_string(i))});
         }
         make(scene, who, AttachRolePolicy{"Reader", policy_arn("p3")});
         return outcome(scene.call(AttachRolePolicy{"Reader", policy_arn("p10")}, who));
       }},
      {"AttachedPoliciesAreListed", "DOC API reference ListAttachedUserPolicies",
       answer(R"({"AttachedPolicies":[{"PolicyName":"Nothing",)"
              R"("PolicyArn":"arn:aws:iam::444455556666:policy/Nothing"}],"IsTruncated":false})"),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, nothing(), nothing("Other"), CreateUser{.user_name = "eve"},
              AttachUserPolicy{"eve", policy_arn()}, AttachUserPolicy{"eve", policy_arn("Other")},
              DetachUserPolicy{"eve", policy_arn("Other")});
         return answer_json<ListAttachedUserPolicies>(
             scene.call(ListAttachedUserPolicies{.user_name = "eve"}, who));
       }},
      {"WhatIsNotAttachedIsNotDetached", "MEM text",
       no_such("Policy arn:aws:iam::444455556666:policy/Nothing was not found."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader(), nothing());
         return outcome(scene.call(DetachRolePolicy{"Reader", policy_arn()}, who));
       }},
      {"ABoundaryExists", "REC hashicorp/boundary#4255",
       no_such("Scope ARN: arn:aws:iam::444455556666:policy/Nothing does not exist or is not attachable."),
       [](Scene& scene) {
         return outcome(
             scene.call(CreateUser{.user_name = "eve", .permissions_boundary = policy_arn()}, admin(scene)));
       }},
      {"ABoundaryIsTakenAwayOnce", "MEM text",
       no_such("The role with name Reader has no permissions boundary."),
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         make(scene, who, reader(), nothing(), PutRolePermissionsBoundary{"Reader", policy_arn()},
              DeleteRolePermissionsBoundary{"Reader"});
         EXPECT_FALSE(scene.call(GetRole{.role_name = "Reader"}, who).value().role.permissions_boundary);
         return outcome(scene.call(DeleteRolePermissionsBoundary{"Reader"}, who));
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

std::vector<Behaviour> permission_behaviours() {
  return {
      {"MakingARoleNeedsAPermission", "REC serverless-components/backend#10",
       denied("iam:CreateRole on resource: arn:aws:iam::444455556666:role/Reader because no identity-based "
              "policy allows the iam:CreateRole action"),
       [](Scene& scene) {
         return outcome(scene.call(reader(), user_with(scene, allowing("iam:GetRole"), "bob")));
       }},
      {"AnExistingRoleIsNamedWithoutItsArn", "REC terraform-aws-eks#2517",
       denied("iam:GetRole on resource: role Reader with an explicit deny in an identity-based policy"),
       [](Scene& scene) {
         make(scene, admin(scene), reader());
         return outcome(
             scene.call(GetRole{.role_name = "Reader"},
                        user_with(scene, denying("iam:*", "arn:aws:iam::444455556666:role/Reader"), "bob")));
       }},
      {"AuthorizationComesBeforeExistence", "REC aws-cdk#27067",
       denied("iam:GetRole on resource: role Nobody because no identity-based policy allows the iam:GetRole "
              "action"),
       [](Scene& scene) {
         return outcome(
             scene.call(GetRole{.role_name = "Nobody"}, user_with(scene, allowing("iam:ListRoles"), "bob")));
       }},
      {"AUserIsNamedWithoutItsArn", "REC rancher-on-aws-workshop#28",
       denied("iam:GetUser on resource: user bob because no identity-based policy allows the iam:GetUser "
              "action"),
       [](Scene& scene) {
         return outcome(scene.call(GetUser{}, user_with(scene, allowing("s3:*"), "bob")));
       }},
      {"ListsOfRolesAreNamedByArn", "MEM as iam:ListUsers",
       denied("iam:ListRoles on resource: arn:aws:iam::444455556666:role/ because no identity-based policy "
              "allows the iam:ListRoles action"),
       [](Scene& scene) {
         return outcome(scene.call(ListRoles{}, user_with(scene, allowing("s3:*"), "bob")));
       }},
      {"ListsOfPoliciesAreNamedByPath", "REC write-ups of iam:ListPolicies",
       denied("iam:ListPolicies on resource: policy path / because no identity-based policy allows the "
              "iam:ListPolicies action"),
       [](Scene& scene) {
         return outcome(scene.call(ListPolicies{}, user_with(scene, allowing("s3:*"), "bob")));
       }},
      {"APermissionIsForItsResource", "DOC Service Authorization Reference", fine,
       [](Scene& scene) {
         const api::Identity bob =
             user_with(scene, allowing("iam:CreateRole", "arn:aws:iam::444455556666:role/team/*"), "bob");
         EXPECT_FALSE(scene.call(reader(), bob).ok());
         CreateRole request = reader();
         request.path = "/team/";
         return outcome(scene.call(request, bob));
       }},
      {"MakingWithTagsNeedsThePermissionToTag", "DOC Service Authorization Reference",
       denied("iam:TagRole on resource: arn:aws:iam::444455556666:role/Reader because no identity-based "
              "policy allows the iam:TagRole action"),
       [](Scene& scene) {
         CreateRole request = reader();
         request.tags = {{"team", "soc"}};
         return outcome(scene.call(request, user_with(scene, allowing("iam:CreateRole"), "bob")));
       }},
      {"ABoundaryCanBeDemanded", "DOC Delegating with permissions boundaries", fine,
       [](Scene& scene) {
         make(scene, admin(scene), nothing());
         const api::Identity bob = user_with(
             scene,
             policy(
                 R"("Effect":"Allow","Action":"iam:CreateRole","Resource":"*","Condition":{"StringEquals":)"
                 R"({"iam:PermissionsBoundary":"arn:aws:iam::444455556666:policy/Nothing"}})"),
             "bob");
         EXPECT_FALSE(scene.call(reader(), bob).ok());
         CreateRole request = reader();
         request.permissions_boundary = policy_arn();
         return outcome(scene.call(request, bob));
       }},
      {"OnlySomePoliciesMayBeAttached", "DOC Controlling access to policies", fine,
       [](Scene& scene) {
         make(scene, admin(scene), reader(), nothing(), nothing("Other"));
         const api::Identity bob = user_with(
             scene,
             policy(
                 R"("Effect":"Allow","Action":"iam:AttachRolePolicy","Resource":"*","Condition":{"ArnEquals":)"
                 R"({"iam:PolicyARN":"arn:aws:iam::444455556666:policy/Nothing"}})"),
             "bob");
         EXPECT_FALSE(scene.call(AttachRolePolicy{"Reader", policy_arn("Other")}, bob).ok());
         return outcome(scene.call(AttachRolePolicy{"Reader", policy_arn()}, bob));
       }},
      {"ARolesTagsCountForPermissions", "DOC Controlling access by tags", fine,
       [](Scene& scene) {
         make(scene, admin(scene), reader());
         const api::Identity bob = user_with(
             scene,
             policy(R"("Effect":"Allow","Action":"iam:GetRole","Resource":"*","Condition":{"StringEquals":)"
                    R"({"iam:ResourceTag/team":"soc"}})"),
             "bob");
         EXPECT_FALSE(scene.call(GetRole{.role_name = "Reader"}, bob).ok());
         make(scene, admin(scene), TagRole{"Reader", {{"team", "soc"}}});
         return outcome(scene.call(GetRole{.role_name = "Reader"}, bob));
       }},
      {"AnothersPolicyIsNotRead", "DOC Cross-account policy evaluation",
       denied("iam:GetPolicy on resource: policy arn:aws:iam::111122223333:policy/Theirs because no "
              "resource-based policy allows the iam:GetPolicy action"),
       [](Scene& scene) {
         const std::string theirs = scene.inside()->world.iam.add_managed_policy(
             {.account = "111122223333", .name = "Theirs", .document = allowing("*")});
         return outcome(scene.call(GetPolicy{theirs}, user_with(scene, allowing("*"), "bob")));
       }},
      {"AwssOwnPoliciesAreRead", "DOC AWS managed policies", answer("AdministratorAccess"),
       [](Scene& scene) {
         const auto read = scene.call(GetPolicy{"arn:aws:iam::aws:policy/AdministratorAccess"}, admin(scene));
         if (!read) return read.failure();
         EXPECT_FALSE(
             scene.call(DeletePolicy{"arn:aws:iam::aws:policy/AdministratorAccess"}, admin(scene)).ok());
         return answer(read->policy.policy_name);
       }},
      {"WhatIsPutAppliesAtOnce", "CHOICE AWS is eventually consistent", fine,
       [](Scene& scene) {
         const api::Identity who = admin(scene);
         const api::Identity customer = scene.customer();
         EXPECT_TRUE(scene.call(scene.get(), customer).ok());
         make(scene, who, PutRolePolicy{"panther-secrets-access", "stop", denying("secretsmanager:*")});
         EXPECT_EQ(outcome(scene.call(scene.get(), customer)).code, "AccessDeniedException");
         make(scene, who, DeleteRolePolicy{"panther-secrets-access", "stop"});
         return outcome(scene.call(scene.get(), customer));
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(IamRoles, Conformance, on_every_way(role_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(IamPolicies, Conformance, on_every_way(policy_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(IamUsers, Conformance, on_every_way(user_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(IamPermissions, Conformance, on_every_way(permission_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
