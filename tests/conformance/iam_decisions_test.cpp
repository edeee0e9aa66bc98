// How identity policies, groups, boundaries, service control policies, session policies and resource policies
// combine for users, roles, federated users and root users.

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../fakes/policies.hpp"
#include "iam_bench.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::secretsmanager::DescribeSecret;
using api::secretsmanager::PutResourcePolicy;

const std::string away = "111122223333";
const std::string session_arn = "arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule-1";
Failure session_refused(std::string_view reason) { return refused_as(session_arn, reason); }

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

std::string resource_policy(std::string_view effect, std::string_view principal) {
  return policy(R"("Effect":")" + std::string{effect} + R"(","Action":"secretsmanager:*","Resource":"*",)" +
                R"("Principal":{"AWS":")" + std::string{principal} + "\"}");
}

void put_resource_policy(Scene& scene, const std::string& document) {
  ASSERT_TRUE(
      scene.call(PutResourcePolicy{.secret_id = scene.secret_arn(), .resource_policy = document}, root(scene))
          .ok());
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

INSTANTIATE_TEST_SUITE_P(Identity, Conformance, on_every_way(identity_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(Sessions, Conformance, on_every_way(session_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(Resources, Conformance, on_every_way(resource_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
