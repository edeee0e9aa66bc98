// The policy language through the real fakes: who may assume the guide's role under which trust policy, and
// what the role may read under which identity policy.

#include <string>
#include <string_view>
#include <vector>

#include "behaviour.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::sts::AssumeRole;

constexpr std::string_view customer_account = "444455556666";
const Failure engine_refused =
    failure(Outcome::denied, 403, "AccessDenied",
            "User: arn:aws:sts::111122223333:assumed-role/detections-engine/panther-rules-engine is not "
            "authorized to perform: sts:AssumeRole on resource: "
            "arn:aws:iam::444455556666:role/panther-secrets-access");
const Failure alice_refused =
    failure(Outcome::denied, 403, "AccessDenied",
            "User: arn:aws:iam::444455556666:user/alice is not authorized to perform: sts:AssumeRole on "
            "resource: arn:aws:iam::444455556666:role/panther-secrets-access");

Failure read_refused(std::string_view reason) {
  return failure(Outcome::denied, 400, "AccessDeniedException",
                 "User: arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule-1 is not "
                 "authorized to perform: secretsmanager:GetSecretValue on resource: "
                 "panther-secrets/virus-total " +
                     std::string{reason});
}
const Failure nothing_allows_reading =
    read_refused("because no identity-based policy allows the secretsmanager:GetSecretValue action");
const Failure reading_is_denied = read_refused("with an explicit deny in an identity-based policy");

constexpr const char* the_engine = R"({"AWS":"arn:aws:iam::111122223333:role/detections-engine"})";

/// A document of the current version around one statement or a list of them.
std::string document(std::string_view statements) {
  return R"({"Version":"2012-10-17","Statement":)" + std::string{statements} + "}";
}
std::string trust(std::string_view principal, std::string_view condition = "{}",
                  std::string_view effect = "Allow") {
  return R"({"Effect":")" + std::string{effect} + R"(","Principal":)" + std::string{principal} +
         R"(,"Action":"sts:AssumeRole","Condition":)" + std::string{condition} + "}";
}
void set_trust(Scene& scene, std::string_view statements) {
  Scene::Inside inside = scene.inside();
  inside->world.iam.set_trust_policy(inside->customer_role_arn, document(statements));
}

/// The engine assumes the role while the trust policy is this.
Failure engine_assumes(Scene& scene, std::string_view statements) {
  set_trust(scene, statements);
  return outcome(scene.call(scene.assume(), scene.engine()));
}
Failure engine_assumes_if(Scene& scene, std::string_view condition, const char* external_id = nullptr) {
  set_trust(scene, trust(the_engine, condition));
  AssumeRole request = scene.assume();
  if (external_id != nullptr) request.external_id = external_id;
  return outcome(scene.call(request, scene.engine()));
}

/// The user alice of the customer's own account assumes the role.
Failure alice_assumes(Scene& scene, std::string_view statements, std::vector<std::string> policies = {}) {
  set_trust(scene, statements);
  const api::Identity alice = scene.inside()->world.iam.add_user(
      {.account = std::string{customer_account}, .name = "alice", .policies = std::move(policies)});
  return outcome(scene.call(scene.assume(), alice));
}

/// The role reads the secret with one more statement in its policies.
Failure role_reads(Scene& scene, std::string_view statements) {
  {
    Scene::Inside inside = scene.inside();
    inside->world.iam.add_policy(inside->customer_role_arn, document(statements));
  }
  return outcome(scene.call(scene.get(), scene.customer()));
}
Failure role_reads_if(Scene& scene, std::string_view condition, std::string_view effect = "Allow") {
  return role_reads(scene, R"({"Effect":")" + std::string{effect} +
                               R"(","Action":"secretsmanager:*","Resource":"*","Condition":)" +
                               std::string{condition} + "}");
}
Failure role_reads_on(Scene& scene, std::string_view resource) {
  return role_reads(scene, R"({"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":")" +
                               std::string{resource} + R"("})");
}

void without_policy(PantherWorldOptions& options) { options.policy_covers_secret = false; }
void unregistered(PantherWorldOptions& options) { options.registered = false; }

constexpr const char* secrets = "arn:aws:secretsmanager:us-east-1:444455556666:secret:";

std::vector<Behaviour> trust_policies() {
  return {
      {"AMatchingDenyWins", "DOC aws.md 3 rule 1", engine_refused,
       [](Scene& scene) {
         return engine_assumes(
             scene, "[" + trust(the_engine) + "," + trust(R"({"AWS":"111122223333"})", "{}", "Deny") + "]");
       }},
      {"ADenyOfTheCallersOwnWins", "DOC aws.md 3 rule 1", engine_refused,
       [](Scene& scene) {
         {
           Scene::Inside inside = scene.inside();
           inside->world.iam.add_policy(inside->engine_role_arn,
                                        document(R"({"Effect":"Deny","Action":"sts:*","Resource":"*"})"));
         }
         return outcome(scene.call(scene.assume(), scene.engine()));
       }},
      {"ADenyForSomebodyElseDoesNotMatter", "DOC aws.md 3 rule 1", fine,
       [](Scene& scene) {
         return engine_assumes(
             scene, "[" + trust(the_engine) + "," + trust(R"({"AWS":"222233334444"})", "{}", "Deny") + "]");
       }},
      {"AnExternalIdThatIsLeftOutIsMissed", "DOC aws.md 3", engine_refused,
       [](Scene& scene) { return engine_assumes_if(scene, R"({"StringEquals":{"sts:ExternalId":"x-1"}})"); }},
      {"AWrongExternalIdIsRefused", "DOC aws.md 3", engine_refused,
       [](Scene& scene) {
         return engine_assumes_if(scene, R"({"StringEquals":{"sts:ExternalId":"x-1"}})", "X-1");
       }},
      {"TheRightExternalIdIsTaken", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return engine_assumes_if(scene, R"({"StringEquals":{"sts:ExternalId":["x-0","x-1"]}})", "x-1");
       }},
      {"AnExternalIdThatNobodyAskedForIsFine", "REC aws-sdk-js#3869", fine,
       [](Scene& scene) { return engine_assumes_if(scene, "{}", "x-1"); }},
      {"StringLikeMustMatch", "DOC aws.md 3", engine_refused,
       [](Scene& scene) {
         return engine_assumes_if(scene, R"({"StringLike":{"sts:RoleSessionName":"rule-?-*"}})");
       }},
      {"StringLikeMatchesWildcards", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return engine_assumes_if(scene, R"({"StringLike":{"sts:RoleSessionName":"r*-?"}})");
       }},
      {"StringEqualsKnowsNoWildcards", "DOC aws.md 3", engine_refused,
       [](Scene& scene) {
         return engine_assumes_if(scene, R"({"StringEquals":{"sts:RoleSessionName":"r*-?"}})");
       }},
      {"AMissingKeySatisfiesANegatedOperator", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return engine_assumes_if(scene, R"({"StringNotEquals":{"sts:ExternalId":"x-1"}})");
       }},
      {"AMatchFailsANegatedOperator", "DOC aws.md 3", engine_refused,
       [](Scene& scene) {
         return engine_assumes_if(scene, R"({"StringNotEquals":{"sts:ExternalId":"x-1"}})", "x-1");
       }},
      {"AMissingKeySatisfiesIfExists", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return engine_assumes_if(scene, R"({"StringEqualsIfExists":{"sts:ExternalId":"x-1"}})");
       }},
      {"APresentKeyMustSatisfyIfExists", "DOC aws.md 3", engine_refused,
       [](Scene& scene) {
         return engine_assumes_if(scene, R"({"StringEqualsIfExists":{"sts:ExternalId":"x-1"}})", "x-2");
       }},
      {"NullWantsTheKeyAbsent", "DOC aws.md 3", engine_refused,
       [](Scene& scene) { return engine_assumes_if(scene, R"({"Null":{"sts:ExternalId":"true"}})", "x-1"); }},
      {"NullWantsTheKeyPresent", "DOC aws.md 3", engine_refused,
       [](Scene& scene) { return engine_assumes_if(scene, R"({"Null":{"sts:ExternalId":"false"}})"); }},
      {"NullHoldsForAnAbsentKey", "DOC aws.md 3", fine,
       [](Scene& scene) { return engine_assumes_if(scene, R"({"Null":{"sts:ExternalId":"true"}})"); }},
      {"AllOperatorsMustHold", "DOC aws.md 3", engine_refused,
       [](Scene& scene) {
         return engine_assumes_if(scene,
                                  R"({"StringEquals":{"sts:ExternalId":"x-1"},)"
                                  R"("StringLike":{"sts:RoleSessionName":"other*"}})",
                                  "x-1");
       }},
      {"AnUnknownOperatorAllowsNothing", "DOC aws.md 3", engine_refused,
       [](Scene& scene) {
         return engine_assumes_if(scene, R"({"StringMatches":{"sts:ExternalId":"x-1"}})", "x-1");
       }},
      {"AnUnknownKeyAllowsNothing", "DOC aws.md 3", engine_refused,
       [](Scene& scene) {
         return engine_assumes_if(scene, R"({"StringNotEquals":{"sts:NoSuchKey":"x-1"}})", "x-1");
       }},
      {"AnUnknownOperatorDeniesAllTheSame", "DOC aws.md 3", engine_refused,
       [](Scene& scene) {
         return engine_assumes(
             scene, "[" + trust(the_engine) + "," +
                        trust(R"("*")", R"({"StringMatches":{"sts:ExternalId":"x-1"}})", "Deny") + "]");
       }},
      {"AnotherPartOfAnArnIsMatchedApart", "DOC aws.md 3", engine_refused,
       [](Scene& scene) {
         return engine_assumes(
             scene, trust(R"("*")", R"({"ArnLike":{"aws:PrincipalArn":"arn:aws:*:role/detections-*:*:*"}})"));
       }},
      {"EverybodyIsNarrowedByTheirArn", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return engine_assumes(
             scene,
             trust(R"("*")",
                   R"({"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/detections-*"}})"));
       }},
      {"ASessionIsTrustedByItsArn", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return engine_assumes(
             scene,
             trust(
                 R"({"AWS":"arn:aws:sts::111122223333:assumed-role/detections-engine/panther-rules-engine"})"));
       }},
      {"AnotherSessionOfTheRoleIsNot", "DOC aws.md 3", engine_refused,
       [](Scene& scene) {
         return engine_assumes(
             scene, trust(R"({"AWS":"arn:aws:sts::111122223333:assumed-role/detections-engine/other"})"));
       }},
      {"AnotherRoleOfTheAccountIsNotTrusted", "DOC aws.md 3", engine_refused,
       [](Scene& scene) {
         return engine_assumes(scene, trust(R"({"AWS":"arn:aws:iam::111122223333:role/unit-tests"})"));
       }},
      {"AServiceIsNotItsRole", "DOC aws.md 3", engine_refused,
       [](Scene& scene) { return engine_assumes(scene, trust(R"({"Service":"lambda.amazonaws.com"})")); }},
      {"AnIdentityProviderIsNobodyWhoSigns", "DOC aws.md 3", engine_refused,
       [](Scene& scene) { return engine_assumes(scene, trust(R"({"Federated":"accounts.google.com"})")); }},
      {"AcrossAccountsTheTrustPolicyAloneIsNotEnough", "DOC aws.md 3 rule 3", engine_refused,
       [](Scene& scene) { return engine_assumes(scene, trust(the_engine)); }, unregistered},
      {"AUserOfTheAccountIsTrustedDirectly", "DOC aws.md 3 rule 3", fine,
       [](Scene& scene) {
         return alice_assumes(scene, trust(R"({"AWS":"arn:aws:iam::444455556666:user/alice"})"));
       }},
      {"AnotherUsersTrustIsNotHers", "DOC aws.md 3 rule 3", alice_refused,
       [](Scene& scene) {
         return alice_assumes(scene, trust(R"({"AWS":"arn:aws:iam::444455556666:user/bob"})"));
       }},
      {"HerOwnPolicyIsNoTrust", "DOC aws.md 3 rule 3", alice_refused,
       [](Scene& scene) {
         return alice_assumes(scene, trust(R"({"AWS":"arn:aws:iam::444455556666:user/bob"})"),
                              {document(R"({"Effect":"Allow","Action":"*","Resource":"*"})")});
       }},
      {"TrustInTheAccountOnlyDelegates", "DOC aws.md 3 rule 3", alice_refused,
       [](Scene& scene) {
         return alice_assumes(scene, trust(R"({"AWS":"arn:aws:iam::444455556666:root"})"));
       }},
      {"TrustInTheAccountDelegatesToHerPolicy", "DOC aws.md 3 rule 3", fine,
       [](Scene& scene) {
         return alice_assumes(
             scene, trust(R"({"AWS":"arn:aws:iam::444455556666:root"})"),
             {document(
                 R"({"Effect":"Allow","Action":"sts:assumerole","Resource":"arn:aws:iam::*:role/panther-*"})")});
       }},
  };
}

std::vector<Behaviour> identity_policies() {
  return {
      {"AMatchingDenyWinsOverAnyAllow", "DOC aws.md 3 rule 1", reading_is_denied,
       [](Scene& scene) {
         return role_reads(scene, R"([{"Effect":"Deny","Action":"secretsmanager:Get*","Resource":"*"},)"
                                  R"({"Effect":"Allow","Action":"*","Resource":"*"}])");
       }},
      {"ADenyOfAnotherActionDoesNotMatter", "DOC aws.md 3 rule 1", fine,
       [](Scene& scene) {
         return role_reads(scene, R"({"Effect":"Deny","Action":"secretsmanager:Put*","Resource":"*"})");
       }},
      {"NothingAllowsWhatNoPolicyNames", "REC aws.md 3", nothing_allows_reading,
       [](Scene& scene) { return outcome(scene.call(scene.get(), scene.customer())); }, without_policy},
      {"ActionsHaveNoCaseAndWildcards", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return role_reads(scene,
                           R"({"Effect":"Allow","Action":"SECRETSMANAGER:get?ecret*","Resource":"*"})");
       },
       without_policy},
      {"NotActionExceptsItsActions", "DOC aws.md 3", nothing_allows_reading,
       [](Scene& scene) {
         return role_reads(
             scene, R"({"Effect":"Allow","NotAction":"secretsmanager:GetSecretValue","Resource":"*"})");
       },
       without_policy},
      {"NotActionAllowsAllOthers", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return role_reads(scene, R"({"Effect":"Allow","NotAction":["iam:*","sts:*"],"Resource":"*"})");
       },
       without_policy},
      {"ResourcesHaveCase", "DOC aws.md 3", nothing_allows_reading,
       [](Scene& scene) {
         return role_reads_on(scene, std::string{secrets} + "Panther-Secrets/virus-total-??????");
       },
       without_policy},
      {"ResourcesHaveWildcards", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return role_reads_on(scene, std::string{secrets} + "panther-secrets/virus-total-??????");
       },
       without_policy},
      {"AQuestionMarkIsOneCharacter", "DOC aws.md 3", nothing_allows_reading,
       [](Scene& scene) {
         return role_reads_on(scene, std::string{secrets} + "panther-secrets/virus-total-?????");
       },
       without_policy},
      {"AnArnWithoutItsSuffixIsAnotherSecret", "DOC aws.md 3", nothing_allows_reading,
       [](Scene& scene) {
         return role_reads_on(scene, std::string{secrets} + "panther-secrets/virus-total");
       },
       without_policy},
      {"NotResourceExceptsItsResources", "DOC aws.md 3", nothing_allows_reading,
       [](Scene& scene) {
         return role_reads(scene, R"({"Effect":"Allow","Action":"*","NotResource":")" + std::string{secrets} +
                                      R"(panther-secrets/*"})");
       },
       without_policy},
      {"NotResourceAllowsAllOthers", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return role_reads(scene, R"({"Effect":"Allow","Action":"*","NotResource":")" + std::string{secrets} +
                                      R"(other-secrets/*"})");
       },
       without_policy},
      {"AVariableIsFilledInInAResource", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return role_reads_on(scene,
                              "arn:aws:secretsmanager:us-east-1:*:secret:panther-secrets/"
                              "${sts:ExternalId, 'virus-total'}-*");
       },
       without_policy},
      {"AnEscapedWildcardIsACharacter", "DOC aws.md 3", nothing_allows_reading,
       [](Scene& scene) {
         return role_reads_on(scene, std::string{secrets} + "panther-secrets/virus-total-${*}");
       },
       without_policy},
      {"AVariableWithoutAValueMatchesNothing", "DOC aws.md 3", nothing_allows_reading,
       [](Scene& scene) {
         return role_reads_if(scene, R"({"StringEquals":{"aws:PrincipalAccount":"${sts:ExternalId}"}})");
       },
       without_policy},
      {"AVariableMeansTheRequestsValue", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return role_reads_if(
             scene, R"({"StringLike":{"aws:PrincipalArn":"arn:aws:iam::${aws:PrincipalAccount}:role/*"}})");
       },
       without_policy},
      {"ADefaultStandsInForAMissingValue", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return role_reads_if(
             scene, R"({"StringEquals":{"aws:PrincipalAccount":"${sts:ExternalId, '444455556666'}"}})");
       },
       without_policy},
      {"AVariableOfTheOldVersionIsAText", "DOC aws.md 3", nothing_allows_reading,
       [](Scene& scene) {
         {
           Scene::Inside inside = scene.inside();
           inside->world.iam.add_policy(
               inside->customer_role_arn,
               R"({"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*",)"
               R"("Condition":{"StringEquals":{"aws:PrincipalAccount":"${aws:PrincipalAccount}"}}}})");
         }
         return outcome(scene.call(scene.get(), scene.customer()));
       },
       without_policy},
      {"AMissingKeyFailsAPositiveOperator", "DOC aws.md 3", nothing_allows_reading,
       [](Scene& scene) { return role_reads_if(scene, R"({"StringLike":{"sts:ExternalId":"*"}})"); },
       without_policy},
      {"AMissingKeyHoldsForANegatedOperator", "DOC aws.md 3", fine,
       [](Scene& scene) { return role_reads_if(scene, R"({"StringNotLike":{"sts:ExternalId":"*"}})"); },
       without_policy},
      {"AMissingKeyDeniesByANegatedOperator", "DOC aws.md 3", reading_is_denied,
       [](Scene& scene) {
         return role_reads_if(scene, R"({"NotIpAddress":{"sts:ExternalId":"10.0.0.0/8"}})", "Deny");
       }},
      {"ForAllValuesHoldsForAMissingKey", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return role_reads_if(scene, R"({"ForAllValues:StringEquals":{"sts:ExternalId":"x"}})");
       },
       without_policy},
      {"ForAnyValueFailsForAMissingKey", "DOC aws.md 3", nothing_allows_reading,
       [](Scene& scene) {
         return role_reads_if(scene, R"({"ForAnyValue:StringNotEquals":{"sts:ExternalId":"x"}})");
       },
       without_policy},
      {"NumbersAreComparedAsNumbers", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return role_reads_if(scene, R"({"NumericEquals":{"aws:PrincipalAccount":"0444455556666.0"}})");
       },
       without_policy},
      {"ValuesAreAlternatives", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return role_reads_if(scene,
                              R"({"StringEquals":{"aws:principalaccount":["111122223333","444455556666"]}})");
       },
       without_policy},
      {"AnUnknownOperatorAllowsNoReading", "DOC aws.md 3", nothing_allows_reading,
       [](Scene& scene) {
         return role_reads_if(scene, R"({"StringIs":{"aws:PrincipalAccount":"444455556666"}})");
       },
       without_policy},
      {"AnUnknownOperatorDeniesReading", "DOC aws.md 3", reading_is_denied,
       [](Scene& scene) {
         return role_reads_if(scene, R"({"StringIs":{"aws:PrincipalAccount":"1"}})", "Deny");
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(TrustPolicies, Conformance, on_every_way(trust_policies()), row_name);
INSTANTIATE_TEST_SUITE_P(IdentityPolicies, Conformance, on_every_way(identity_policies()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
