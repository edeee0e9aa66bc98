// Whose keys are good, and what conditions see of who calls.

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../fakes/policies.hpp"
#include "iam_bench.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::sts::GetCallerIdentity;

const Failure invalid_token = failure(Outcome::denied, 400, "UnrecognizedClientException",
                                      "The security token included in the request is invalid.");
const Failure invalid_token_of_sts = failure(Outcome::denied, 403, "InvalidClientTokenId",
                                             "The security token included in the request is invalid.");

Failure identifies(Scene& scene, const api::Identity& identity) {
  return outcome(scene.call(GetCallerIdentity{}, identity));
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
      {"TheGlobalEndpointIsInVirginia", "DOC AWS Security Blog 2025", fine,
       [](Scene& scene) {
         const api::Identity reader = alice(
             scene,
             {.policies = {policy(R"("Effect":"Allow","Action":"sts:GetAccessKeyInfo","Resource":"*",)"
                                  R"("Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}})")}});
         const api::sts::GetAccessKeyInfo request{.access_key_id = "AKIAIOSFODNN7EXAMPLE"};
         EXPECT_EQ(outcome(scene.call_at("eu-west-1", request, reader)).code, "AccessDenied");
         const Failure answered = outcome(scene.call_at(aws::global_endpoint, request, reader));
         return answered.code == "AccessDenied" ? answered : fine;
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
INSTANTIATE_TEST_SUITE_P(KeyValues, Conformance, on_every_way(key_value_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
