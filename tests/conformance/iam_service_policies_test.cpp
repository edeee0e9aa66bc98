// IAM's operations for set-up, policies and who may ask for them. Recordings as in the table of roles and
// users.

#include <string>
#include <vector>

#include <rushhour/api/iam.hpp>

#include "../fakes/policies.hpp"
#include "iam_service_bench.hpp"

namespace rushhour::fakes::conformance {
namespace {

using namespace api::iam;

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

INSTANTIATE_TEST_SUITE_P(IamPolicies, Conformance, on_every_way(policy_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(IamPermissions, Conformance, on_every_way(permission_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
