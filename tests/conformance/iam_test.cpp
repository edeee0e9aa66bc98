// Whose keys are good, and how identity policies, groups, boundaries, service control policies, session
// policies and resource policies combine for users, roles, federated users and root users.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../fakes/policies.hpp"
#include "behaviour.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::secretsmanager::DescribeSecret;
using api::secretsmanager::PutResourcePolicy;
using api::sts::GetCallerIdentity;

const std::string home = "444455556666";
const std::string away = "111122223333";
const std::string alice_arn = "arn:aws:iam::444455556666:user/alice";
const std::string reader_arn = "arn:aws:iam::444455556666:role/panther-secrets-access";
const std::string session_arn = "arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule-1";
const std::string get = "secretsmanager:GetSecretValue";

// ---- What is expected ----

Failure refused_as(std::string_view arn, std::string_view reason) {
  return failure(Outcome::denied, 400, "AccessDeniedException",
                 "User: " + std::string{arn} +
                     " is not authorized to perform: secretsmanager:GetSecretValue on resource: "
                     "panther-secrets/virus-total " +
                     std::string{reason});
}
Failure alice_refused(std::string_view reason) { return refused_as(alice_arn, reason); }
Failure session_refused(std::string_view reason) { return refused_as(session_arn, reason); }

std::string lacking(std::string_view kind) {
  return "because no " + std::string{kind} + " allows the secretsmanager:GetSecretValue action";
}
std::string denied_in(std::string_view kind) { return "with an explicit deny in " + std::string{kind}; }

const Failure invalid_token = failure(Outcome::denied, 400, "UnrecognizedClientException",
                                      "The security token included in the request is invalid.");
const Failure invalid_token_of_sts = failure(Outcome::denied, 403, "InvalidClientTokenId",
                                             "The security token included in the request is invalid.");

// ---- What is done ----

Failure reads(Scene& scene, const api::Identity& identity) {
  return outcome(scene.call(scene.get(), identity));
}
Failure identifies(Scene& scene, const api::Identity& identity) {
  return outcome(scene.call(GetCallerIdentity{}, identity));
}

/// The user alice of the secret's account.
aws::Credentials alice(Scene& scene, NewUser wanted = {}) {
  wanted.account = home;
  wanted.name = "alice";
  return scene.inside()->world.iam.add_user(wanted);
}
aws::Credentials alice_with(Scene& scene, std::vector<std::string> policies) {
  return alice(scene, {.policies = std::move(policies)});
}
/// bob of another account, who asks for the secret by its ARN.
Failure bob_describes(Scene& scene, std::vector<std::string> policies) {
  const api::Identity bob =
      scene.inside()->world.iam.add_user({.account = away, .name = "bob", .policies = std::move(policies)});
  return outcome(scene.call(DescribeSecret{.secret_id = scene.secret_arn()}, bob));
}
/// Of a failure only the reason: the secret's ARN, which stands before it, is drawn.
Failure reason_of(Failure seen) {
  const std::size_t at = std::min(seen.message.find(" because "), seen.message.find(" with an explicit"));
  if (at != std::string::npos) seen.message.erase(0, at + 1);
  return seen;
}

aws::Credentials root(Scene& scene, const std::string& account = home) {
  return scene.inside()->world.iam.add_root_key(account);
}
std::string managed(Scene& scene, std::string document) {
  return scene.inside()->world.iam.add_managed_policy(
      {.account = home, .name = "mine", .document = std::move(document)});
}
/// A session of the guide's role, as its code would get it.
aws::Credentials session(Scene& scene, NewSession wanted = {}) {
  wanted.name = "rule-1";
  wanted.now = scene.now();
  Scene::Inside inside = scene.inside();
  return inside->world.iam.issue(*inside->world.iam.find(reader_arn), wanted).credentials;
}
/// Of alice, or as somebody whom she vouches for.
aws::Credentials alices_session(Scene& scene, NewSession wanted) {
  wanted.now = scene.now();
  Scene::Inside inside = scene.inside();
  return inside->world.iam.issue(*inside->world.iam.find(alice_arn), wanted).credentials;
}

std::string resource_policy(std::string_view effect, std::string_view principal) {
  return policy(R"("Effect":")" + std::string{effect} + R"(","Action":"secretsmanager:*","Resource":"*",)" +
                R"("Principal":{"AWS":")" + std::string{principal} + "\"}");
}
void put_resource_policy(Scene& scene, const std::string& document) {
  ASSERT_TRUE(
      scene.call(PutResourcePolicy{.secret_id = scene.secret_arn(), .resource_policy = document}, root(scene))
          .ok());
}
void restrain(Scene& scene, const std::string& account, std::vector<std::string> documents) {
  scene.inside()->world.iam.set_service_control_policies(account, documents);
}
std::string allowing_if(std::string_view condition) {
  return policy(R"("Effect":"Allow","Action":"*","Resource":"*","Condition":)" + std::string{condition});
}

// ---- Keys and sessions ----

std::vector<Behaviour> key_behaviours() {
  return {
      {"AUsersKeyWorks", "DOC aws.md 2.3", fine,
       [](Scene& scene) { return reads(scene, alice_with(scene, {allowing(get)})); }},
      {"AUsersSecondKeyWorks", "DOC aws.md 2.3", fine,
       [](Scene& scene) {
         alice_with(scene, {allowing(get)});
         const auto second = scene.inside()->world.iam.add_access_key(alice_arn);
         return reads(scene, *second);
       }},
      {"AnInactiveKeyIsUnknown", "REC spring-cloud-aws#492", invalid_token,
       [](Scene& scene) {
         const aws::Credentials key = alice_with(scene, {allowing(get)});
         scene.inside()->world.iam.set_access_key_active(key.access_key_id, false);
         return reads(scene, key);
       }},
      {"AnInactiveKeyIsUnknownToSts", "REC aws-sdk-go-v2#2567", invalid_token_of_sts,
       [](Scene& scene) {
         const aws::Credentials key = alice(scene);
         scene.inside()->world.iam.set_access_key_active(key.access_key_id, false);
         return identifies(scene, key);
       }},
      {"AnInactiveKeyIsToldBeforeAWrongSecret", "CHOICE aws.md 2.3", invalid_token,
       [](Scene& scene) {
         aws::Credentials key = alice_with(scene, {allowing(get)});
         scene.inside()->world.iam.set_access_key_active(key.access_key_id, false);
         key.secret_access_key.back() ^= 1;
         return reads(scene, key);
       }},
      {"AKeyThatIsActiveAgainWorks", "DOC aws.md 2.3", fine,
       [](Scene& scene) {
         const aws::Credentials key = alice_with(scene, {allowing(get)});
         scene.inside()->world.iam.set_access_key_active(key.access_key_id, false);
         scene.inside()->world.iam.set_access_key_active(key.access_key_id, true);
         return reads(scene, key);
       }},
      {"ADeletedKeyIsUnknown", "REC spring-cloud-aws#492", invalid_token,
       [](Scene& scene) {
         const aws::Credentials key = alice_with(scene, {allowing(get)});
         scene.inside()->world.iam.remove_access_key(key.access_key_id);
         return reads(scene, key);
       }},
      {"AKeyOfADeletedUserIsUnknown", "REC aws-sdk-go-v2#2567", invalid_token_of_sts,
       [](Scene& scene) {
         const aws::Credentials key = alice(scene);
         scene.inside()->world.iam.remove_principal(alice_arn);
         return identifies(scene, key);
       }},
      {"ASessionEndsWithItsRole", "REC spring-cloud-aws#492", invalid_token,
       [](Scene& scene) {
         const aws::Credentials made = session(scene);
         scene.inside()->world.iam.remove_principal(reader_arn);
         return reads(scene, made);
       }},
      {"ASessionEndsWithItsRoleForStsToo", "REC aws-sdk-go-v2#2567", invalid_token_of_sts,
       [](Scene& scene) {
         const aws::Credentials made = session(scene);
         scene.inside()->world.iam.remove_principal(reader_arn);
         return identifies(scene, made);
       }},
      {"ASessionIsNotOfTheRoleThatIsMadeAgain", "DOC aws.md 3", invalid_token,
       [](Scene& scene) {
         const aws::Credentials made = session(scene);
         scene.inside()->world.iam.add_role({.account = home,
                                             .name = "panther-secrets-access",
                                             .trust_policy = trusting(home),
                                             .policies = {allowing(get)}});
         return reads(scene, made);
       }},
      {"ASessionOfADeletedUserIsUnknown", "REC spring-cloud-aws#492", invalid_token,
       [](Scene& scene) {
         alice_with(scene, {allowing(get)});
         const aws::Credentials made = alices_session(scene, {.kind = CallerKind::user});
         scene.inside()->world.iam.remove_principal(alice_arn);
         return reads(scene, made);
       }},
      {"ASessionOfAUserHasHerPermissions", "DOC GetSessionToken", fine,
       [](Scene& scene) {
         alice_with(scene, {allowing(get)});
         return reads(scene, alices_session(scene, {.kind = CallerKind::user}));
       }},
      {"ASessionOfAUserIsTheUser", "DOC GetSessionToken", alice_refused(lacking("identity-based policy")),
       [](Scene& scene) {
         alice(scene);
         return reads(scene, alices_session(scene, {.kind = CallerKind::user}));
       }},
      {"ASessionsArnLeavesOutItsRolesPath", "DOC aws.md 2.2",
       refused_as("arn:aws:sts::444455556666:assumed-role/deep/rule-1", lacking("identity-based policy")),
       [](Scene& scene) {
         Scene::Inside inside = scene.inside();
         const std::string arn = inside->world.iam.add_role(
             {.account = home, .name = "deep", .path = "/a/b/", .trust_policy = trusting(home)});
         EXPECT_EQ(arn, "arn:aws:iam::444455556666:role/a/b/deep");
         const aws::Credentials made =
             inside->world.iam
                 .issue(*inside->world.iam.find(arn), "rule-1", scene.now(), std::chrono::hours{1})
                 .credentials;
         inside.entry.reset();
         return reads(scene, made);
       }},
      {"AnExpiredSessionIsRefused", "MEM aws.md 2.3",
       failure(Outcome::expired, 400, "ExpiredTokenException",
               "The security token included in the request is expired"),
       [](Scene& scene) {
         const aws::Credentials made = session(scene);
         scene.advance(std::chrono::hours{1});
         return reads(scene, made);
       }},
      {"AnExpiredSessionIsRefusedBySts", "REC aws-sdk-java-v2#1649",
       failure(Outcome::expired, 403, "ExpiredToken",
               "The security token included in the request is expired"),
       [](Scene& scene) {
         const aws::Credentials made = session(scene);
         scene.advance(std::chrono::hours{1});
         return identifies(scene, made);
       }},
      {"ASessionIsGoodToItsLastSecond", "DOC aws.md 2.2", fine,
       [](Scene& scene) {
         const aws::Credentials made = session(scene);
         scene.advance(std::chrono::hours{1} - std::chrono::seconds{1});
         return reads(scene, made);
       }},
      {"ExpiryIsToldBeforeAWrongSignature", "CHOICE aws.md 2.3",
       failure(Outcome::expired, 400, "ExpiredTokenException",
               "The security token included in the request is expired"),
       [](Scene& scene) {
         aws::Credentials made = session(scene);
         made.secret_access_key.back() ^= 1;
         scene.advance(std::chrono::hours{2});
         return reads(scene, made);
       }},
      {"ATokenBelongsToItsKey", "REC spring-cloud-aws#492", invalid_token,
       [](Scene& scene) {
         aws::Credentials mixed = session(scene);
         mixed.session_token = session(scene).session_token;
         return reads(scene, mixed);
       }},
      {"ALongTermKeyHasNoToken", "REC spring-cloud-aws#492", invalid_token,
       [](Scene& scene) {
         aws::Credentials key = alice_with(scene, {allowing(get)});
         key.session_token = session(scene).session_token;
         return reads(scene, key);
       }},
      {"ATokenWithPoliciesThatIsDamagedIsInvalid", "REC spring-cloud-aws#492", invalid_token,
       [](Scene& scene) {
         aws::Credentials made = session(scene, {.policies = {allowing("*")}});
         made.session_token[made.session_token.size() / 2] ^= 1;
         return reads(scene, made);
       }},
      {"NobodyIsDeniedToKnowWhoItIs", "DOC GetCallerIdentity", fine,
       [](Scene& scene) {
         restrain(scene, home, {denying("*")});
         return identifies(scene, alice_with(scene, {denying("*")}));
       }},
  };
}

// ---- Identity policies, boundaries, service control policies ----

std::vector<Behaviour> identity_behaviours() {
  return {
      {"WithoutAPolicyNothingIsAllowed", "REC aws.md 3", alice_refused(lacking("identity-based policy")),
       [](Scene& scene) { return reads(scene, alice(scene)); }},
      {"AGroupsPolicyIsItsMembers", "DOC aws.md 3 rule 1", fine,
       [](Scene& scene) {
         scene.inside()->world.iam.add_group({.account = home, .name = "soc", .policies = {allowing(get)}});
         return reads(scene, alice(scene, {.groups = {"soc"}}));
       }},
      {"AGroupsDenyIsItsMembers", "DOC aws.md 3 rule 1", alice_refused(denied_in("an identity-based policy")),
       [](Scene& scene) {
         scene.inside()->world.iam.add_group({.account = home, .name = "soc", .policies = {denying("*")}});
         return reads(scene, alice(scene, {.policies = {allowing("*")}, .groups = {"soc"}}));
       }},
      {"WhoLeavesAGroupLosesItsPolicies", "DOC aws.md 3 rule 1",
       alice_refused(lacking("identity-based policy")),
       [](Scene& scene) {
         scene.inside()->world.iam.add_group({.account = home, .name = "soc", .policies = {allowing(get)}});
         const aws::Credentials key = alice(scene, {.groups = {"soc"}});
         EXPECT_EQ(reads(scene, key), fine);
         scene.inside()->world.iam.remove_from_group(alice_arn, "soc");
         return reads(scene, key);
       }},
      {"AnAttachedPolicyApplies", "DOC aws.md 3 rule 1", fine,
       [](Scene& scene) {
         const std::string arn = managed(scene, allowing(get));
         return reads(scene, alice(scene, {.attached_policies = {arn}}));
       }},
      {"ADetachedPolicyNoLongerApplies", "DOC aws.md 3 rule 1",
       alice_refused(lacking("identity-based policy")),
       [](Scene& scene) {
         const std::string arn = managed(scene, allowing(get));
         const aws::Credentials key = alice(scene, {.attached_policies = {arn}});
         EXPECT_EQ(reads(scene, key), fine);
         scene.inside()->world.iam.detach_policy(alice_arn, arn);
         return reads(scene, key);
       }},
      {"AwssOwnPolicyForSecretsApplies", "DOC AWS managed policies", fine,
       [](Scene& scene) {
         return reads(
             scene, alice(scene, {.attached_policies = {"arn:aws:iam::aws:policy/SecretsManagerReadWrite"}}));
       }},
      {"AnAdministratorMayDoAll", "DOC AWS managed policies", fine,
       [](Scene& scene) {
         return reads(scene,
                      alice(scene, {.attached_policies = {"arn:aws:iam::aws:policy/AdministratorAccess"}}));
       }},
      {"ABoundaryCaps", "DOC aws.md 3 rule 2", alice_refused(lacking("permissions boundary")),
       [](Scene& scene) {
         const std::string arn = managed(scene, allowing("sts:*"));
         return reads(scene, alice(scene, {.policies = {allowing("*")}, .permissions_boundary = arn}));
       }},
      {"ABoundaryAloneAllowsNothing", "DOC aws.md 3 rule 2", alice_refused(lacking("identity-based policy")),
       [](Scene& scene) {
         return reads(scene, alice(scene, {.permissions_boundary = managed(scene, allowing("*"))}));
       }},
      {"WhatPolicyAndBoundaryAllowIsAllowed", "DOC aws.md 3 rule 2", fine,
       [](Scene& scene) {
         const std::string arn = managed(scene, allowing("secretsmanager:*"));
         return reads(scene, alice(scene, {.policies = {allowing("*")}, .permissions_boundary = arn}));
       }},
      {"ABoundaryMayDeny", "DOC aws.md 3 rule 1", alice_refused(denied_in("a permissions boundary")),
       [](Scene& scene) {
         const std::string arn = managed(scene, denying(get));
         return reads(scene, alice(scene, {.policies = {allowing("*")}, .permissions_boundary = arn}));
       }},
      {"ABoundaryOfARoleCapsItsSessions", "DOC aws.md 3 rule 2",
       session_refused(lacking("permissions boundary")),
       [](Scene& scene) {
         const aws::Credentials made = session(scene);
         EXPECT_EQ(reads(scene, made), fine);
         const std::string arn = managed(scene, allowing("sts:*"));
         scene.inside()->world.iam.set_boundary(reader_arn, arn);
         return reads(scene, made);
       }},
      {"ABoundaryThatIsTakenAwayCapsNoLonger", "DOC aws.md 3 rule 2", fine,
       [](Scene& scene) {
         const std::string arn = managed(scene, allowing("sts:*"));
         const aws::Credentials key =
             alice(scene, {.policies = {allowing("*")}, .permissions_boundary = arn});
         scene.inside()->world.iam.set_boundary(alice_arn, "");
         return reads(scene, key);
       }},
      {"AServiceControlPolicyMayDeny", "DOC aws.md 3 rule 1",
       alice_refused(denied_in("a service control policy")),
       [](Scene& scene) {
         restrain(scene, home, {allowing("*"), denying(get)});
         return reads(scene, alice_with(scene, {allowing("*")}));
       }},
      {"AServiceControlPolicyMustAllow", "DOC aws.md 3", alice_refused(lacking("service control policy")),
       [](Scene& scene) {
         restrain(scene, home, {allowing("sts:*")});
         return reads(scene, alice_with(scene, {allowing("*")}));
       }},
      {"AServiceControlPolicyGrantsNothing", "DOC aws.md 3", alice_refused(lacking("identity-based policy")),
       [](Scene& scene) {
         restrain(scene, home, {allowing("*")});
         return reads(scene, alice(scene));
       }},
      {"AnotherAccountsServiceControlPolicyDoesNotMatter", "DOC aws.md 3", fine,
       [](Scene& scene) {
         restrain(scene, away, {denying("*")});
         return reads(scene, alice_with(scene, {allowing(get)}));
       }},
      {"ServiceControlPoliciesThatAreGoneRestrainNobody", "DOC aws.md 3", fine,
       [](Scene& scene) {
         const aws::Credentials key = alice_with(scene, {allowing(get)});
         restrain(scene, home, {denying("*")});
         EXPECT_NE(reads(scene, key), fine);
         restrain(scene, home, {});
         return reads(scene, key);
       }},
      {"TheRootUserMayDoAll", "DOC aws.md 3 rule 4", fine,
       [](Scene& scene) { return reads(scene, root(scene)); }},
      {"AServiceControlPolicyRestrainsTheRootUser", "DOC aws.md 3 rule 4",
       refused_as("arn:aws:iam::444455556666:root", denied_in("a service control policy")),
       [](Scene& scene) {
         restrain(scene, home, {allowing("*"), denying(get)});
         return reads(scene, root(scene));
       }},
      {"ARootUserOfAnotherAccountNeedsTheResourcePolicy", "DOC aws.md 3 rules 3, 4",
       failure(Outcome::denied, 400, "AccessDeniedException",
               "because no resource-based policy allows the secretsmanager:DescribeSecret action"),
       [](Scene& scene) {
         return reason_of(
             outcome(scene.call(DescribeSecret{.secret_id = scene.secret_arn()}, root(scene, away))));
       }},
  };
}

// ---- Session policies ----

std::vector<Behaviour> session_behaviours() {
  return {
      {"ASessionPolicyMayDeny", "DOC aws.md 3 rule 1", session_refused(denied_in("a sessions policy")),
       [](Scene& scene) {
         return reads(scene, session(scene, {.policies = {allowing("*"), denying(get)}}));
       }},
      {"ASessionPolicyMustAllow", "DOC aws.md 3 rule 2", session_refused(lacking("session policy")),
       [](Scene& scene) { return reads(scene, session(scene, {.policies = {allowing("sts:*")}})); }},
      {"ASessionPolicyGrantsNothing", "DOC aws.md 3 rule 2",
       session_refused(lacking("identity-based policy")),
       [](Scene& scene) { return reads(scene, session(scene, {.policies = {allowing("*")}})); },
       [](PantherWorldOptions& options) { options.policy_covers_secret = false; }},
      {"WhatRoleAndSessionPolicyAllowIsAllowed", "DOC aws.md 3 rule 2", fine,
       [](Scene& scene) { return reads(scene, session(scene, {.policies = {allowing(get)}})); }},
      {"OneSessionDoesNotRestrainAnother", "DOC aws.md 3 rule 2", fine,
       [](Scene& scene) {
         EXPECT_NE(reads(scene, session(scene, {.policies = {denying("*")}})), fine);
         return reads(scene, session(scene));
       }},
      {"AnotherSessionsPermissionsAreNotRemembered", "DOC aws.md 3 rule 2",
       session_refused(denied_in("a sessions policy")),
       [](Scene& scene) {
         EXPECT_EQ(reads(scene, session(scene)), fine);
         return reads(scene, session(scene, {.policies = {denying("*")}}));
       }},
      {"AManagedSessionPolicyCounts", "DOC AssumeRole", session_refused(lacking("session policy")),
       [](Scene& scene) {
         const std::string arn = managed(scene, allowing("sts:*"));
         return reads(scene, session(scene, {.policy_arns = {arn}}));
       }},
      {"SessionPoliciesAllowTogether", "DOC AssumeRole", fine,
       [](Scene& scene) {
         const std::string arn = managed(scene, allowing(get));
         return reads(scene, session(scene, {.policies = {allowing("sts:*")}, .policy_arns = {arn}}));
       }},
      {"AManagedSessionPolicyThatIsDeletedAllowsNothing", "CHOICE fails closed",
       session_refused(lacking("session policy")),
       [](Scene& scene) {
         const std::string arn = managed(scene, allowing(get));
         const aws::Credentials made = session(scene, {.policy_arns = {arn}});
         EXPECT_EQ(reads(scene, made), fine);
         scene.inside()->world.iam.remove_managed_policy(arn);
         return reads(scene, made);
       }},
      {"ASessionPolicyMayHaveConditions", "DOC aws.md 3", session_refused(lacking("session policy")),
       [](Scene& scene) {
         const std::string day = R"({"DateLessThan":{"aws:CurrentTime":"2026-03-02T01:30:00Z"}})";
         const aws::Credentials made =
             session(scene, {.length = std::chrono::hours{2}, .policies = {allowing_if(day)}});
         EXPECT_EQ(reads(scene, made), fine);
         scene.advance(std::chrono::hours{1});
         return reads(scene, made);
       }},
      {"AFederatedUserWithoutASessionPolicyMayDoNothing", "DOC aws.md 2.2",
       refused_as("arn:aws:sts::444455556666:federated-user/carol", lacking("session policy")),
       [](Scene& scene) {
         alice_with(scene, {allowing("*")});
         return reads(scene, alices_session(scene, {.kind = CallerKind::federated_user, .name = "carol"}));
       }},
      {"WhatItsUserHasJustDoneDoesNotMatter", "DOC aws.md 2.2",
       refused_as("arn:aws:sts::444455556666:federated-user/carol", lacking("session policy")),
       [](Scene& scene) {
         const aws::Credentials key = alice_with(scene, {allowing("*")});
         EXPECT_EQ(reads(scene, key), fine);
         return reads(scene, alices_session(scene, {.kind = CallerKind::federated_user, .name = "carol"}));
       }},
      {"AFederatedUserMayDoWhatUserAndSessionPolicyAllow", "DOC aws.md 2.2", fine,
       [](Scene& scene) {
         alice_with(scene, {allowing(get)});
         return reads(scene, alices_session(scene, {.kind = CallerKind::federated_user,
                                                    .name = "carol",
                                                    .policies = {allowing("*")}}));
       }},
      {"AFederatedUserMayDoNoMoreThanItsUser", "DOC aws.md 2.2",
       refused_as("arn:aws:sts::444455556666:federated-user/carol", lacking("identity-based policy")),
       [](Scene& scene) {
         alice(scene);
         return reads(scene, alices_session(scene, {.kind = CallerKind::federated_user,
                                                    .name = "carol",
                                                    .policies = {allowing("*")}}));
       }},
      {"AFederatedUserMayBeNamedByAResourcePolicy", "DOC aws.md 2.2", fine,
       [](Scene& scene) {
         alice(scene);
         put_resource_policy(scene,
                             resource_policy("Allow", "arn:aws:sts::444455556666:federated-user/carol"));
         return reads(scene, alices_session(scene, {.kind = CallerKind::federated_user, .name = "carol"}));
       }},
      {"ASessionOfTheRootUserIsRoot", "DOC aws.md 3 rule 4", fine,
       [](Scene& scene) {
         Scene::Inside inside = scene.inside();
         const aws::Credentials made =
             inside->world.iam
                 .issue(inside->world.iam.root_of(home), {.kind = CallerKind::root, .now = scene.now()})
                 .credentials;
         inside.entry.reset();
         return reads(scene, made);
       }},
      {"ATaskOfTheRootUserIsNoMoreThanTheTask", "DOC AssumeRoot",
       refused_as("arn:aws:iam::444455556666:root", lacking("session policy")),
       [](Scene& scene) {
         Scene::Inside inside = scene.inside();
         const aws::Credentials made =
             inside->world.iam
                 .issue(inside->world.iam.root_of(home),
                        {.kind = CallerKind::root,
                         .now = scene.now(),
                         .policy_arns = {"arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}})
                 .credentials;
         inside.entry.reset();
         return reads(scene, made);
       }},
      {"AnEnlargedTokenIsAsGood", "DOC MinimumSessionTokenSize", fine,
       [](Scene& scene) { return reads(scene, session(scene, {.token_size_min = 4'096})); }},
  };
}

// ---- Resource policies ----

std::vector<Behaviour> resource_behaviours() {
  return {
      {"AResourcePolicyThatNamesTheUserIsEnough", "DOC aws.md 3 rule 2", fine,
       [](Scene& scene) {
         const aws::Credentials key = alice(scene);
         put_resource_policy(scene, resource_policy("Allow", alice_arn));
         return reads(scene, key);
       }},
      {"AResourcePolicyIsHeardAfterARefusalToo", "DOC aws.md 3 rule 2", fine,
       [](Scene& scene) {
         root(scene);  // now: a principal that is new would make all decisions be forgotten
         const aws::Credentials key = alice(scene);
         EXPECT_EQ(reads(scene, key), alice_refused(lacking("identity-based policy")));
         put_resource_policy(scene, resource_policy("Allow", alice_arn));
         return reads(scene, key);
       }},
      {"ItAlsoPassesHerBoundary", "DOC aws.md 3 rule 2", fine,
       [](Scene& scene) {
         const std::string arn = managed(scene, allowing("sts:*"));
         const aws::Credentials key = alice(scene, {.permissions_boundary = arn});
         put_resource_policy(scene, resource_policy("Allow", alice_arn));
         return reads(scene, key);
       }},
      {"AResourcePolicyThatNamesTheAccountOnlyDelegates", "DOC aws.md 3 rule 2",
       alice_refused(lacking("identity-based policy")),
       [](Scene& scene) {
         const aws::Credentials key = alice(scene);
         put_resource_policy(scene, resource_policy("Allow", home));
         return reads(scene, key);
       }},
      {"AResourcePolicyThatNamesTheRoleStandsInForItsOwn", "DOC aws.md 3 rule 2", fine,
       [](Scene& scene) {
         put_resource_policy(scene, resource_policy("Allow", reader_arn));
         return reads(scene, session(scene));
       },
       [](PantherWorldOptions& options) { options.policy_covers_secret = false; }},
      {"ButTheRolesBoundaryCapsIt", "DOC aws.md 3 rule 2", session_refused(lacking("permissions boundary")),
       [](Scene& scene) {
         const std::string arn = managed(scene, allowing("sts:*"));
         scene.inside()->world.iam.set_boundary(reader_arn, arn);
         put_resource_policy(scene, resource_policy("Allow", reader_arn));
         return reads(scene, session(scene));
       }},
      {"AndSoDoesItsSessionPolicy", "DOC aws.md 3 rule 2", session_refused(lacking("session policy")),
       [](Scene& scene) {
         put_resource_policy(scene, resource_policy("Allow", reader_arn));
         return reads(scene, session(scene, {.policies = {allowing("sts:*")}}));
       }},
      {"AResourcePolicyThatNamesTheSessionPassesThemAll", "DOC aws.md 3 rule 2", fine,
       [](Scene& scene) {
         put_resource_policy(scene, resource_policy("Allow", session_arn));
         return reads(scene, session(scene, {.policies = {allowing("sts:*")}}));
       },
       [](PantherWorldOptions& options) { options.policy_covers_secret = false; }},
      {"AResourcePolicyMayDeny", "DOC aws.md 3 rule 1", alice_refused(denied_in("a resource-based policy")),
       [](Scene& scene) {
         const aws::Credentials key = alice_with(scene, {allowing("*")});
         put_resource_policy(scene, resource_policy("Deny", alice_arn));
         return reads(scene, key);
       }},
      {"AResourcePolicyMayDenyTheRootUser", "DOC aws.md 3 rule 4",
       refused_as("arn:aws:iam::444455556666:root", denied_in("a resource-based policy")),
       [](Scene& scene) {
         const aws::Credentials key = root(scene);
         put_resource_policy(
             scene,
             policy(
                 R"("Effect":"Deny","Action":"secretsmanager:GetSecretValue","Resource":"*","Principal":"*")"));
         return reads(scene, key);
       }},
      {"AcrossAccountsTheCallersPolicyIsNotEnough", "DOC aws.md 3 rule 3",
       failure(Outcome::denied, 400, "AccessDeniedException",
               "because no resource-based policy allows the secretsmanager:DescribeSecret action"),
       [](Scene& scene) { return reason_of(bob_describes(scene, {allowing("*")})); }},
      {"AcrossAccountsTheResourcePolicyIsNotEnough", "DOC aws.md 3 rule 3",
       failure(Outcome::denied, 400, "AccessDeniedException",
               "because no identity-based policy allows the secretsmanager:DescribeSecret action"),
       [](Scene& scene) {
         put_resource_policy(scene, resource_policy("Allow", away));
         return reason_of(bob_describes(scene, {}));
       }},
      {"AcrossAccountsBothTogetherAre", "DOC aws.md 3 rule 3", fine,
       [](Scene& scene) {
         put_resource_policy(scene, resource_policy("Allow", away));
         return bob_describes(scene, {allowing("*")});
       }},
      {"ARoleThatIsMadeAgainIsNotTrusted", "DOC aws.md 3",
       failure(Outcome::denied, 403, "AccessDenied",
               "User: arn:aws:sts::111122223333:assumed-role/detections-engine/panther-rules-engine is not "
               "authorized to perform: sts:AssumeRole on resource: "
               "arn:aws:iam::444455556666:role/panther-secrets-access"),
       [](Scene& scene) {
         EXPECT_EQ(outcome(scene.call(scene.assume(), scene.engine())), fine);
         scene.inside()->world.iam.add_role({.account = away,
                                             .name = "detections-engine",
                                             .trust_policy = trusting(away),
                                             .policies = {allowing("*")}});
         return outcome(scene.call(scene.assume(), scene.engine()));
       }},
      {"ATrustPolicyThatIsPutAgainMeansTheNewRole", "DOC aws.md 3", fine,
       [](Scene& scene) {
         const std::string engine = scene.inside()->world.iam.add_role({.account = away,
                                                                        .name = "detections-engine",
                                                                        .trust_policy = trusting(away),
                                                                        .policies = {allowing("*")}});
         scene.inside()->world.iam.set_trust_policy(reader_arn, trusting(engine));
         return outcome(scene.call(scene.assume(), scene.engine()));
       }},
  };
}

// ---- The keys that tell who calls ----

/// alice reads where her policy has this condition.
template <std::size_t N>
Failure alice_reads_if(Scene& scene, const char (&condition)[N], NewUser wanted = {}) {
  wanted.policies = {allowing_if(condition)};
  return reads(scene, alice(scene, std::move(wanted)));
}
/// A session of hers does.
Failure alices_session_reads_if(Scene& scene, std::string_view condition, NewSession wanted) {
  alice(scene, {.policies = {allowing_if(condition)}, .tags = {{"team", "soc"}}});
  wanted.kind = CallerKind::user;
  return reads(scene, alices_session(scene, std::move(wanted)));
}

std::vector<Behaviour> key_value_behaviours() {
  const Failure not_allowed = alice_refused(lacking("identity-based policy"));
  return {
      {"TheArnIsTheUsers", "DOC aws:PrincipalArn", fine,
       [](Scene& scene) {
         return alice_reads_if(
             scene, R"({"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:user/alice"}})");
       }},
      {"TheArnOfASessionIsTheRoles", "DOC aws:PrincipalArn", fine,
       [](Scene& scene) {
         const std::string condition = R"({"ArnEquals":{"aws:PrincipalArn":")" + reader_arn + "\"}}";
         scene.inside()->world.iam.add_policy(reader_arn, allowing_if(condition));
         return reads(scene, session(scene));
       },
       [](PantherWorldOptions& options) { options.policy_covers_secret = false; }},
      {"TheAccountIsTheCallers", "DOC aws:PrincipalAccount", fine,
       [](Scene& scene) {
         return alice_reads_if(scene, R"({"StringEquals":{"aws:PrincipalAccount":"444455556666"}})");
       }},
      {"TheTypeOfAUserIsUser", "DOC aws:PrincipalType", fine,
       [](Scene& scene) {
         return alice_reads_if(scene, R"({"StringEquals":{"aws:PrincipalType":"User"}})");
       }},
      {"TheTypeOfARoleIsAssumedRole", "DOC aws:PrincipalType", fine,
       [](Scene& scene) {
         scene.inside()->world.iam.add_policy(
             reader_arn, allowing_if(R"({"StringEquals":{"aws:PrincipalType":"AssumedRole"}})"));
         return reads(scene, session(scene));
       },
       [](PantherWorldOptions& options) { options.policy_covers_secret = false; }},
      {"AUserHasAName", "DOC aws:username", fine,
       [](Scene& scene) { return alice_reads_if(scene, R"({"StringEquals":{"aws:username":"alice"}})"); }},
      {"ARoleHasNone", "DOC aws:username", fine,
       [](Scene& scene) {
         scene.inside()->world.iam.add_policy(reader_arn, allowing_if(R"({"Null":{"aws:username":"true"}})"));
         return reads(scene, session(scene));
       },
       [](PantherWorldOptions& options) { options.policy_covers_secret = false; }},
      {"TheIdOfAUserIsHerUniqueId", "DOC aws:userid", fine,
       [](Scene& scene) { return alice_reads_if(scene, R"({"StringLike":{"aws:userid":"AIDA?*"}})"); }},
      {"TheIdOfASessionEndsWithItsName", "DOC aws:userid", fine,
       [](Scene& scene) {
         scene.inside()->world.iam.add_policy(reader_arn,
                                              allowing_if(R"({"StringLike":{"aws:userid":"AROA*:rule-1"}})"));
         return reads(scene, session(scene));
       },
       [](PantherWorldOptions& options) { options.policy_covers_secret = false; }},
      {"TheIdOfAFederatedUserIsAccountAndName", "DOC aws:userid", fine,
       [](Scene& scene) {
         alice_with(scene, {allowing_if(R"({"StringEquals":{"aws:userid":"444455556666:carol"}})")});
         return reads(scene, alices_session(scene, {.kind = CallerKind::federated_user,
                                                    .name = "carol",
                                                    .policies = {allowing("*")}}));
       }},
      {"AUsersTagsAreHerPrincipalTags", "DOC aws:PrincipalTag", fine,
       [](Scene& scene) {
         return alice_reads_if(scene, R"({"StringEquals":{"aws:PrincipalTag/team":"soc"}})",
                               {.tags = {{"team", "soc"}}});
       }},
      {"ATagThatIsAbsentIsMissing", "DOC aws:PrincipalTag", not_allowed,
       [](Scene& scene) {
         return alice_reads_if(scene, R"({"StringEquals":{"aws:PrincipalTag/team":"soc"}})",
                               {.tags = {{"group", "soc"}}});
       }},
      {"ASessionTagOverridesThePrincipals", "DOC session tags", not_allowed,
       [](Scene& scene) {
         return alices_session_reads_if(scene, R"({"StringEquals":{"aws:PrincipalTag/team":"soc"}})",
                                        {.tags = {{.key = "Team", .value = "noc"}}});
       }},
      {"ASessionTagIsAPrincipalTag", "DOC session tags", fine,
       [](Scene& scene) {
         return alices_session_reads_if(
             scene, R"({"StringEquals":{"aws:PrincipalTag/team":"soc","aws:PrincipalTag/shift":"night"}})",
             {.tags = {{.key = "shift", .value = "night"}}});
       }},
      {"ASourceIdentityIsToldOn", "DOC aws:SourceIdentity", fine,
       [](Scene& scene) {
         return alices_session_reads_if(scene, R"({"StringEquals":{"aws:SourceIdentity":"dave"}})",
                                        {.source_identity = "dave"});
       }},
      {"ALongTermKeyDoesNotTellOfMfa", "DOC aws:MultiFactorAuthPresent", fine,
       [](Scene& scene) {
         return alice_reads_if(scene, R"({"Null":{"aws:MultiFactorAuthPresent":"true"}})");
       }},
      {"ASessionTellsThatItIsWithoutMfa", "DOC aws:MultiFactorAuthPresent", fine,
       [](Scene& scene) {
         return alices_session_reads_if(scene, R"({"Bool":{"aws:MultiFactorAuthPresent":"false"}})", {});
       }},
      {"ASessionTellsThatItIsWithMfa", "DOC aws:MultiFactorAuthPresent", fine,
       [](Scene& scene) {
         return alices_session_reads_if(
             scene,
             R"({"Bool":{"aws:MultiFactorAuthPresent":"true"},"NumericEquals":{"aws:MultiFactorAuthAge":0}})",
             {.is_multi_factor = true});
       }},
      {"ALongTermKeyHasNoIssueTime", "DOC aws:TokenIssueTime", fine,
       [](Scene& scene) { return alice_reads_if(scene, R"({"Null":{"aws:TokenIssueTime":"true"}})"); }},
      {"ASessionHasItsIssueTime", "DOC aws:TokenIssueTime", fine,
       [](Scene& scene) {
         return alices_session_reads_if(
             scene, R"({"DateEquals":{"aws:TokenIssueTime":"2026-03-02T01:00:00Z"}})", {});
       }},
      {"TheTimeIsTheRequests", "DOC aws:CurrentTime", fine,
       [](Scene& scene) {
         return alice_reads_if(scene, R"({"DateEquals":{"aws:CurrentTime":"2026-03-02T01:00:00Z"},)"
                                      R"("NumericEquals":{"aws:EpochTime":1772413200}})");
       }},
      {"TheRegionIsTheEndpoints", "DOC aws:RequestedRegion", fine,
       [](Scene& scene) {
         return alice_reads_if(scene, R"({"StringEquals":{"aws:RequestedRegion":"us-east-1"}})");
       }},
      {"NobodyCallsForAService", "DOC aws:ViaAWSService", fine,
       [](Scene& scene) {
         return alice_reads_if(
             scene, R"({"Bool":{"aws:ViaAWSService":"false","aws:PrincipalIsAWSService":"false"}})");
       }},
      {"AServiceControlPolicyMayReadTags", "DOC aws.md 3",
       alice_refused(denied_in("a service control policy")),
       [](Scene& scene) {
         restrain(scene, home,
                  {allowing("*"), policy(R"("Effect":"Deny","Action":"*","Resource":"*",)"
                                         R"("Condition":{"StringEquals":{"aws:PrincipalTag/team":"noc"}})")});
         return reads(scene, alice(scene, {.policies = {allowing("*")}, .tags = {{"team", "noc"}}}));
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(Keys, Conformance, on_every_way(key_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(Identity, Conformance, on_every_way(identity_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(Sessions, Conformance, on_every_way(session_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(Resources, Conformance, on_every_way(resource_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(KeyValues, Conformance, on_every_way(key_value_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
