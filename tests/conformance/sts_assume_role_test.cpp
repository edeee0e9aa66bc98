// AssumeRole: the form of a request, who may, and how long it lasts (spec aws.md 2.2, 3 rule 3, Appendix A).

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sts_bench.hpp"

namespace rushhour::fakes::conformance {
namespace {

using namespace api::sts;

constexpr std::string_view far_arn = "arn:aws:iam::210987654321:role/reader";

Failure bad_tag(std::string_view text) {
  return failure(Outcome::invalid, 400, "InvalidParameterValue", text);
}

// ---- AssumeRole: the form of a request ----

Failure with_role_arn(Scene& scene, std::string_view arn) {
  return outcome(scene.call(assume(arn), alice(scene)));
}

Failure with_session_name(Scene& scene, std::string name) {
  AssumeRole request = assume();
  request.role_session_name = std::move(name);
  return outcome(scene.call(request, alice(scene)));
}

std::vector<Behaviour> forms() {
  return {
      {"TextThatIsNoArn", "REC LocalStack test_sts.snapshot.json 2025-07-21",
       invalid("nothing-valid-in-here is invalid"),
       [](Scene& scene) { return with_role_arn(scene, "nothing-valid-in-here"); }},
      {"AnArnWithoutPartition", "REC LocalStack test_sts.snapshot.json 2025-07-21",
       invalid("arn::b:::something/test-role is invalid"),
       [](Scene& scene) { return with_role_arn(scene, "arn::b:::something/test-role"); }},
      {"AnArnWithoutService", "REC LocalStack test_sts.snapshot.json 2025-07-21",
       invalid("arn:a::::something/test-role is invalid"),
       [](Scene& scene) { return with_role_arn(scene, "arn:a::::something/test-role"); }},
      {"AnArnWithTooFewColons", "REC LocalStack test_sts.snapshot.json 2025-07-21",
       invalid("arn:a:::something/test-role is invalid"),
       [](Scene& scene) { return with_role_arn(scene, "arn:a:::something/test-role"); }},
      {"AnArnWithoutResource", "REC LocalStack test_sts.snapshot.json 2025-07-21",
       invalid("arn:a:a::aaaaaaaaaa: is invalid"),
       [](Scene& scene) { return with_role_arn(scene, "arn:a:a::aaaaaaaaaa:"); }},
      {"ASessionNameWithAColon", "REC LocalStack test_sts.snapshot.json 2025-07-21",
       invalid("1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy "
               "constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"),
       [](Scene& scene) { return with_session_name(scene, "Session1:2"); }},
      {"ASessionNameOf65", "REC LocalStack test_sts.snapshot.json 2026-02-09",
       invalid(
           "1 validation error detected: Value "
           "'sssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss' at 'roleSessionName' failed "
           "to satisfy constraint: Member must have length less than or equal to 64"),
       [](Scene& scene) { return with_session_name(scene, std::string(65, 's')); }},
      {"ASessionNameOfOne", "DOC aws.md A",
       invalid("1 validation error detected: Value 's' at 'roleSessionName' failed to satisfy constraint: "
               "Member must have length greater than or equal to 2"),
       [](Scene& scene) { return with_session_name(scene, "s"); }},
      {"ADurationOver12Hours", "DOC aws.md A",
       invalid(
           "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: "
           "Member must have value less than or equal to 43200"),
       [](Scene& scene) {
         AssumeRole request = assume();
         request.duration_seconds = 43'201;
         return outcome(scene.call(request, alice(scene)));
       }},
      {"ATokenSizeOver4096", "DOC client-sts 3.1169",
       invalid("1 validation error detected: Value '4097' at 'minimumSessionTokenSize' failed to satisfy "
               "constraint: Member must have value less than or equal to 4096"),
       [](Scene& scene) {
         AssumeRole request = assume();
         request.minimum_session_token_size = 4097;
         return outcome(scene.call(request, alice(scene)));
       }},
      {"TagKeysThatDifferInCaseOnly", "REC LocalStack test_sts.snapshot.json 2025-04-10",
       bad_tag("Duplicate tag keys found. Please note that Tag keys are case insensitive."),
       [](Scene& scene) {
         return with_tags(scene, {{"team", "blue"}, {"TEAM", "red"}}, {});
       }},
      {"ATransitiveKeyWithoutItsTag", "REC LocalStack test_sts.snapshot.json 2025-04-10",
       bad_tag("The specified transitive tag key must be included in the requested tags."),
       [](Scene& scene) {
         return with_tags(scene, {{"team", "blue"}}, {"unit"});
       }},
      {"ATransitiveKeyInAnotherCase", "REC LocalStack test_sts.snapshot.json 2025-04-10", fine,
       [](Scene& scene) {
         return with_tags(scene, {{"Team", "blue"}}, {"TEAM"});
       }},
      {"ATransitiveKeyWithoutAnyTag", "REC LocalStack test_sts.snapshot.json 2025-04-10",
       bad_tag("The specified transitive tag key must be included in the requested tags."),
       [](Scene& scene) { return with_tags(scene, {}, {"unit"}); }},
      {"AContextOfWhatIsNoProvider", "DOC API_AssumeRole ProvidedContexts; MEM text",
       invalid("The provided context is invalid"),
       [](Scene& scene) {
         AssumeRole request = assume();
         request.provided_contexts = {
             {.provider_arn = std::string{reader_arn}, .context_assertion = "assertion"}};
         return outcome(scene.call(request, alice(scene)));
       }},
  };
}

constexpr std::string_view external_id_wanted = R"(,"Condition":{"StringEquals":{"sts:ExternalId":"x-123"}})";

AssumeRole with_external_id(std::string id) {
  AssumeRole request = assume();
  request.external_id = std::move(id);
  return request;
}

AssumeRole with_source_identity(std::string name) {
  AssumeRole request = assume();
  request.source_identity = std::move(name);
  return request;
}

std::vector<Behaviour> trusts() {
  return {
      {"AUserNamedInItsAccountNeedsNoPolicy", "DOC aws.md 3 rule 3", fine,
       [](Scene& scene) { return by_alice(scene, trust_alice()); }},
      {"TheAccountRootDelegates", "DOC aws.md 3 rule 3", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) { return by_alice(scene, trust(aws_principal("arn:aws:iam::123456789012:root"))); }},
      {"TheAccountRootAndAPolicy", "DOC aws.md 3 rule 3", fine,
       [](Scene& scene) {
         return by_alice(scene, trust(aws_principal("123456789012")),
                         {document(allow(R"("sts:AssumeRole")"))});
       }},
      {"APolicyAloneIsNotEnough", "DOC aws.md 3 rule 3", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) {
         return by_alice(scene, trust(aws_principal("arn:aws:iam::123456789012:root"), R"("sts:TagSession")"),
                         {document(allow(R"("sts:*")"))});
       }},
      {"AnotherAccountNeedsBothSides", "DOC aws.md 3 rule 3", refused("sts:AssumeRole", far_arn),
       [](Scene& scene) { return by_alice(scene, trust_alice(), {}, assume(far_arn)); }},
      {"AnotherAccountWithBothSides", "DOC aws.md 3 rule 3", fine,
       [](Scene& scene) {
         return by_alice(scene, trust_alice(), {document(allow(R"("sts:AssumeRole")"))}, assume(far_arn));
       }},
      {"ADenyOfTheCallersOwnWins", "DOC aws.md 3 rule 1", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) {
         return by_alice(scene, trust_alice(),
                         {document(R"({"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*"})")});
       }},
      {"ADenyOfTheTrustPolicyWins", "DOC aws.md 3 rule 1", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) {
         return by_alice(
             scene,
             document(R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},)"
                      R"({"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::123456789012:user/alice"},)"
                      R"("Action":"sts:AssumeRole"})"),
             {document(allow(R"("sts:AssumeRole")"))});
       }},
      {"ARoleThatIsNotThere", "REC 2024 aws.md 2.2", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) {
         return outcome(scene.call(assume(), alice(scene, {document(allow(R"("sts:*")"))})));
       }},
      {"AUserIsNoRole", "REC 2024 aws.md 2.2", refused("sts:AssumeRole", alice_arn),
       [](Scene& scene) {
         return outcome(scene.call(assume(alice_arn), alice(scene, {document(allow(R"("sts:*")"))})));
       }},
      {"TheExternalIdMustBeThere", "DOC aws.md 2.2, moto lets it pass", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) { return by_alice(scene, trust_alice(R"("sts:AssumeRole")", external_id_wanted)); }},
      {"TheExternalIdMustBeRight", "DOC aws.md 2.2", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) {
         return by_alice(scene, trust_alice(R"("sts:AssumeRole")", external_id_wanted), {},
                         with_external_id("x-124"));
       }},
      {"TheRightExternalId", "DOC aws.md 2.2", fine,
       [](Scene& scene) {
         return by_alice(scene, trust_alice(R"("sts:AssumeRole")", external_id_wanted), {},
                         with_external_id("x-123"));
       }},
      {"AnExternalIdThatNobodyAskedFor", "REC aws-sdk-js#3869", fine,
       [](Scene& scene) { return by_alice(scene, trust_alice(), {}, with_external_id("anything")); }},
      {"TheSessionNameAsCondition", "DOC aws.md 3", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) {
         return by_alice(scene,
                         trust_alice(R"("sts:AssumeRole")",
                                     R"(,"Condition":{"StringLike":{"sts:RoleSessionName":"team-*"}})"));
       }},
      {"TagsNeedTagSession", "DOC aws.md 2.2; text REC Karpenter, actions-runner",
       refused("sts:TagSession", reader_arn),
       [](Scene& scene) { return by_alice(scene, trust_alice(), {}, with_tag("team", "blue")); }},
      {"TagsWithTagSession", "DOC aws.md 2.2", fine,
       [](Scene& scene) { return by_alice(scene, trust_alice(all_of_it), {}, with_tag("team", "blue")); }},
      {"TagsAsCondition", "DOC aws.md 3", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) {
         return by_alice(
             scene, trust_alice(all_of_it, R"(,"Condition":{"StringEquals":{"aws:RequestTag/team":"red"}})"),
             {}, with_tag("team", "blue"));
       }},
      {"TagKeysAsCondition", "DOC aws.md 3", fine,
       [](Scene& scene) {
         return by_alice(
             scene,
             trust_alice(all_of_it, R"(,"Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["team"]},)"
                                    R"("StringEquals":{"aws:RequestTag/team":"blue"}})"),
             {}, with_tag("team", "blue"));
       }},
      {"TransitiveTagKeysAsCondition", "DOC aws.md 3", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) {
         AssumeRole request = with_tag("team", "blue");
         request.transitive_tag_keys = {"team"};
         return by_alice(scene,
                         trust_alice(all_of_it, R"(,"Condition":{"Null":{"sts:TransitiveTagKeys":"true"}})"),
                         {}, request);
       }},
      {"ASourceIdentityNeedsItsAction", "DOC aws.md 2.2; text REC cluster-api-provider-aws",
       refused("sts:SetSourceIdentity", reader_arn),
       [](Scene& scene) { return by_alice(scene, trust_alice(), {}, with_source_identity("alice")); }},
      {"ASourceIdentityWithItsAction", "DOC aws.md 2.2",
       answer(R"({"AssumedRoleUser":{"AssumedRoleId":"ROLE:work","Arn":)"
              R"("arn:aws:sts::123456789012:assumed-role/reader/work"},)"
              R"("SourceIdentity":"alice"})"),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(all_of_it));
         auto said = scene.call(with_source_identity("alice"), who);
         if (said.ok()) said->assumed_role_user.assumed_role_id.replace(0, 21, "ROLE");
         return facts<AssumeRole>(said);
       }},
      {"ASourceIdentityAsCondition", "DOC aws.md 3", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) {
         return by_alice(scene,
                         trust_alice(all_of_it, R"(,"Condition":{"StringLike":{"sts:SourceIdentity":"*"}})"));
       }},
      {"TheRootUserAssumesNoRole", "MEM aws.md 2.2; text REC public logs 2020-2026",
       denied("Roles may not be assumed by root accounts."),
       [](Scene& scene) {
         add_role(scene, reader_arn, trust(aws_principal("123456789012")));
         return outcome(scene.call(assume(), root(scene)));
       }},
      {"WhatTheRequestBringsAsConditions", "DOC aws.md 3 keys", fine,
       [](Scene& scene) {
         AssumeRole request = with_source_identity("alice");
         request.provided_contexts = {{.provider_arn = "arn:aws:iam::aws:contextProvider/IdentityCenter",
                                       .context_assertion = "a.jwt"}};
         return by_alice(scene,
                         trust_alice(R"(["sts:AssumeRole","sts:SetSourceIdentity","sts:SetContext"])",
                                     R"(,"Condition":{"StringEquals":{"sts:RoleSessionName":"work",)"
                                     R"("sts:SourceIdentity":"alice","sts:RequestContextProviders":)"
                                     R"("arn:aws:iam::aws:contextProvider/IdentityCenter"}})"),
                         {}, request);
       }},
      {"AContextNeedsItsAction", "DOC API_AssumeRole ProvidedContexts", refused("sts:SetContext", reader_arn),
       [](Scene& scene) {
         AssumeRole request = assume();
         request.provided_contexts = {{.provider_arn = "arn:aws:iam::aws:contextProvider/IdentityCenter",
                                       .context_assertion = "a.jwt"}};
         return by_alice(scene, trust_alice(), {}, request);
       }},
  };
}

// ---- AssumeRole: how long, and chains ----

Failure for_seconds(Scene& scene, const api::Identity& who, std::optional<std::int64_t> wanted,
                    Duration longest) {
  add_role(scene, reader_arn, trust(aws_principal("123456789012")), {}, longest);
  AssumeRole request = assume();
  request.duration_seconds = wanted;
  return length_of(scene, scene.call(request, who));
}

std::vector<std::string> may_assume() { return {document(allow(all_of_it))}; }

/// A session of `writer`, which may assume `reader`; both trust the account.
api::Identity chained(Scene& scene, AssumeRole first) {
  const api::Identity who = alice(scene, may_assume());
  add_role(scene, writer_arn, trust(aws_principal("123456789012"), all_of_it), may_assume());
  add_role(scene, reader_arn, trust(aws_principal("123456789012"), all_of_it), {}, hours{12});
  first.role_arn = writer_arn;
  return session(scene, first, who);
}

constexpr std::string_view one_hour_only =
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";

AssumeRole transitive(std::string key, std::string value) {
  AssumeRole request = with_tag(key, std::move(value));
  request.transitive_tag_keys = {std::move(key)};
  return request;
}

std::vector<Behaviour> lengths() {
  return {
      {"AnHourUnlessItSays", "DOC aws.md 2.2", answer("3600"),
       [](Scene& scene) { return for_seconds(scene, alice(scene, may_assume()), {}, hours{12}); }},
      {"TwelveHoursWhereTheRoleAllows", "DOC aws.md 2.2", answer("43200"),
       [](Scene& scene) { return for_seconds(scene, alice(scene, may_assume()), 43'200, hours{12}); }},
      {"NoLongerThanTheRoleAllows", "MEM aws.md 2.2; text REC public logs",
       invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role."),
       [](Scene& scene) { return for_seconds(scene, alice(scene, may_assume()), 3601, hours{1}); }},
      {"AChainIsCappedAtAnHour", "REC eks-anywhere#9485, prowler#7721", invalid(one_hour_only),
       [](Scene& scene) {
         AssumeRole request = assume();
         request.duration_seconds = 3601;
         return outcome(scene.call(request, chained(scene, assume())));
       }},
      {"AnHourInAChain", "REC prowler#7721", answer("3600"),
       [](Scene& scene) {
         AssumeRole request = assume();
         request.duration_seconds = 3600;
         return length_of(scene, scene.call(request, chained(scene, assume())));
       }},
      {"GetSessionTokenCountsAsChaining", "REC coinbase/assume-role#24, aws-runas#11", invalid(one_hour_only),
       [](Scene& scene) {
         const api::Identity mine = session(scene, GetSessionToken{}, alice(scene, may_assume()));
         return for_seconds(scene, mine, 3601, hours{12});
       }},
      {"TransitiveTagsGoOn", "DOC Passing session tags", answer("blue"),
       [](Scene& scene) {
         const api::Identity first = chained(scene, transitive("team", "blue"));
         add_role(scene, reader_arn,
                  trust(aws_principal("123456789012"), all_of_it,
                        R"(,"Condition":{"StringEquals":{"aws:PrincipalTag/team":"blue"}})"),
                  {document(allow(all_of_it))});
         const api::Identity second = session(scene, assume(), first);
         add_role(scene, far_arn,
                  trust(aws_principal("123456789012"), all_of_it,
                        R"(,"Condition":{"StringEquals":{"aws:PrincipalTag/team":"blue"}})"));
         const auto third = scene.call(assume(far_arn), second);
         return third.ok() ? answer("blue") : third.failure();
       }},
      {"InheritedTagsNeedTagSession", "REC EKS Pod Identity chains",
       refused("sts:TagSession", reader_arn, "arn:aws:sts::123456789012:assumed-role/writer/work"),
       [](Scene& scene) {
         const api::Identity first = chained(scene, transitive("team", "blue"));
         add_role(scene, reader_arn, trust(aws_principal("123456789012")));
         return outcome(scene.call(assume(), first));
       }},
      {"OtherTagsDoNotGoOn", "DOC Passing session tags", refused("sts:AssumeRole", far_arn, reader_session),
       [](Scene& scene) {
         const api::Identity first = chained(scene, with_tag("team", "blue"));
         add_role(scene, reader_arn, trust(aws_principal("123456789012"), all_of_it),
                  {document(allow(all_of_it))});
         const api::Identity second = session(scene, assume(), first);
         add_role(scene, far_arn,
                  trust(aws_principal("123456789012"), all_of_it,
                        R"(,"Condition":{"StringEquals":{"aws:PrincipalTag/team":"blue"}})"));
         return outcome(scene.call(assume(far_arn), second));
       }},
      {"AnInheritedTagCannotBeOverridden", "REC LocalStack test_sts.snapshot.json 2025-04-10",
       bad_tag("One of the specified transitive tag keys can't be set because it conflicts with a transitive "
               "tag key from the calling session."),
       [](Scene& scene) {
         const api::Identity first = chained(scene, transitive("team", "blue"));
         return outcome(scene.call(with_tag("team", "red"), first));
       }},
      {"AnInheritedTagCannotBeOverriddenInAnotherCase", "REC LocalStack test_sts.snapshot.json 2025-04-10",
       bad_tag("One of the specified transitive tag keys can't be set because it conflicts with a transitive "
               "tag key from the calling session."),
       [](Scene& scene) {
         const api::Identity first = chained(scene, transitive("team", "blue"));
         return outcome(scene.call(with_tag("TEAM", "blue"), first));
       }},
      {"TheSourceIdentityGoesOn", "DOC aws.md 2.2", answer("alice"),
       [](Scene& scene) {
         const auto said = scene.call(assume(), chained(scene, with_source_identity("alice")));
         return said.ok() ? answer(said->source_identity) : said.failure();
       }},
      {"TheSourceIdentityCannotChange", "DOC Monitor and control actions taken with assumed roles",
       refused("sts:SetSourceIdentity", reader_arn, "arn:aws:sts::123456789012:assumed-role/writer/work"),
       [](Scene& scene) {
         return outcome(
             scene.call(with_source_identity("bob"), chained(scene, with_source_identity("alice"))));
       }},
      {"AnInheritedSourceIdentityNeedsItsAction", "DOC Monitor and control actions taken with assumed roles",
       refused("sts:SetSourceIdentity", reader_arn, "arn:aws:sts::123456789012:assumed-role/writer/work"),
       [](Scene& scene) {
         const api::Identity first = chained(scene, with_source_identity("alice"));
         add_role(scene, reader_arn, trust(aws_principal("123456789012")));
         return outcome(scene.call(assume(), first));
       }},
      {"ATagThatDoesNotGoOnIsSetAnew", "DOC Passing session tags", fine,
       [](Scene& scene) {
         return outcome(scene.call(with_tag("team", "red"), chained(scene, with_tag("team", "blue"))));
       }},
      {"AnotherTagBesideATransitiveOne", "DOC Passing session tags", fine,
       [](Scene& scene) {
         return outcome(scene.call(with_tag("unit", "red"), chained(scene, transitive("team", "blue"))));
       }},
      {"TheSourceIdentityMayBeRepeated", "DOC Monitor and control actions taken with assumed roles",
       answer("alice"),
       [](Scene& scene) {
         const auto said =
             scene.call(with_source_identity("alice"), chained(scene, with_source_identity("alice")));
         return said.ok() ? answer(said->source_identity) : said.failure();
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(AssumeRoleForm, Conformance, on_every_way(forms()), row_name);
INSTANTIATE_TEST_SUITE_P(AssumeRoleTrust, Conformance, on_every_way(trusts()), row_name);
INSTANTIATE_TEST_SUITE_P(AssumeRoleLength, Conformance, on_every_way(lengths()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
