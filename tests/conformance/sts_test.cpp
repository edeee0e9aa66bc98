// AWS STS, all eleven operations: spec aws.md 1 (wire codes), 2.2, 3 (rule 3) and Appendix A.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/aws/arn.hpp>
#include <rushhour/detail/base64.hpp>
#include <rushhour/fakes/detail/base64url.hpp>

#include "behaviour.hpp"

namespace rushhour::fakes::conformance {
namespace {

using namespace api::sts;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view ours = "123456789012";
constexpr std::string_view theirs = "210987654321";
constexpr std::string_view alice_arn = "arn:aws:iam::123456789012:user/alice";
constexpr std::string_view reader_arn = "arn:aws:iam::123456789012:role/reader";
constexpr std::string_view writer_arn = "arn:aws:iam::123456789012:role/writer";
constexpr std::string_view far_arn = "arn:aws:iam::210987654321:role/reader";

// ---- What rows are made of ----

std::string document(std::string_view statements) {
  return R"({"Version":"2012-10-17","Statement":[)" + std::string{statements} + "]}";
}
std::string allow(std::string_view actions, std::string_view more = "") {
  return R"({"Effect":"Allow","Action":)" + std::string{actions} + R"(,"Resource":"*")" + std::string{more} +
         "}";
}
std::string trust(std::string_view principal, std::string_view actions = R"("sts:AssumeRole")",
                  std::string_view more = "") {
  return document(R"({"Effect":"Allow","Principal":)" + std::string{principal} + R"(,"Action":)" +
                  std::string{actions} + std::string{more} + "}");
}
std::string aws_principal(std::string_view arn) { return R"({"AWS":")" + std::string{arn} + R"("})"; }
std::string trust_alice(std::string_view actions = R"("sts:AssumeRole")", std::string_view more = "") {
  return trust(aws_principal(alice_arn), actions, more);
}
constexpr std::string_view all_of_it = R"(["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"])";

/// A user of our account with these policies.
api::Identity alice(Scene& scene, std::vector<std::string> policies = {}) {
  return scene.inside()->world.iam.add_user(
      {.account = std::string{ours}, .name = "alice", .policies = std::move(policies)});
}
api::Identity root(Scene& scene) { return scene.inside()->world.iam.add_root_key(ours); }

void add_role(Scene& scene, std::string_view arn, std::string trust_policy,
              std::vector<std::string> policies = {}, Duration longest = hours{1}) {
  const auto parsed = *aws::parse_arn(arn);
  scene.inside()->world.iam.add_role({.account = std::string{parsed.account},
                                      .name = std::string{parsed.name()},
                                      .trust_policy = std::move(trust_policy),
                                      .policies = std::move(policies),
                                      .session_duration_max = longest});
}

AssumeRole assume(std::string_view arn = reader_arn) {
  return {.role_arn = std::string{arn}, .role_session_name = "work"};
}

api::Identity identity(const Credentials& made) {
  return aws::Credentials{made.access_key_id, made.secret_access_key, made.session_token};
}
/// The session that the request gives; a failure throws.
template <class Op>
api::Identity session(Scene& scene, const Op& request, const api::Identity& who) {
  const auto answer = scene.call(request, who);
  return identity(answer.value().credentials);
}

/// The answer as JSON without what is drawn: credentials and unique ids.
template <class Op>
Failure facts(const Result<typename Op::Output>& result) {
  if (!result.ok()) return result.failure();
  std::string text;
  aws::append_json(text, api::operation_of<Op>.output, &*result);
  auto json = nlohmann::ordered_json::parse(text);
  for (const char* drawn : {"Credentials", "SessionTokenSize", "SessionTokenUtilization"}) json.erase(drawn);
  return answer(json.dump());
}

Failure who_am_i(Scene& scene, const api::Identity& who) {
  const auto said = scene.call(GetCallerIdentity{}, who);
  return said.ok() ? answer(said->arn) : said.failure();
}
template <class T>
Failure length_of(Scene& scene, const Result<T>& result) {
  if (!result.ok()) return result.failure();
  return answer(std::to_string((result->credentials.expiration - scene.now()) / seconds{1}));
}

Failure denied(std::string_view text) { return failure(Outcome::denied, 403, "AccessDenied", text); }
Failure refused(std::string_view action, std::string_view resource, std::string_view who = alice_arn) {
  return denied("User: " + std::string{who} + " is not authorized to perform: " + std::string{action} +
                " on resource: " + std::string{resource});
}
Failure invalid(std::string_view text) { return failure(Outcome::invalid, 400, "ValidationError", text); }
Failure bad_tag(std::string_view text) {
  return failure(Outcome::invalid, 400, "InvalidParameterValue", text);
}
Failure bad_identity(std::string_view text) {
  return failure(Outcome::invalid, 400, "InvalidIdentityToken", text);
}

constexpr std::string_view reader_session = "arn:aws:sts::123456789012:assumed-role/reader/work";

// ---- AssumeRole: the form of a request ----

Failure with_role_arn(Scene& scene, std::string_view arn) {
  return outcome(scene.call(assume(arn), alice(scene)));
}

Failure with_tags(Scene& scene, std::vector<Tag> tags, std::vector<std::string> transitive) {
  const api::Identity who = alice(scene);
  add_role(scene, reader_arn, trust_alice(all_of_it));
  AssumeRole request = assume();
  request.tags = std::move(tags);
  request.transitive_tag_keys = std::move(transitive);
  return outcome(scene.call(request, who));
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
       [](Scene& scene) {
         AssumeRole request = assume();
         request.role_session_name = "Session1:2";
         return outcome(scene.call(request, alice(scene)));
       }},
      {"ASessionNameOf65", "REC LocalStack test_sts.snapshot.json 2026-02-09",
       invalid(
           "1 validation error detected: Value "
           "'sssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss' at 'roleSessionName' failed "
           "to satisfy constraint: Member must have length less than or equal to 64"),
       [](Scene& scene) {
         AssumeRole request = assume();
         request.role_session_name.assign(65, 's');
         return outcome(scene.call(request, alice(scene)));
       }},
      {"ASessionNameOfOne", "DOC aws.md A",
       invalid("1 validation error detected: Value 's' at 'roleSessionName' failed to satisfy constraint: "
               "Member must have length greater than or equal to 2"),
       [](Scene& scene) {
         AssumeRole request = assume();
         request.role_session_name = "s";
         return outcome(scene.call(request, alice(scene)));
       }},
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
  };
}

// ---- AssumeRole: who may ----

Failure by_alice(Scene& scene, std::string trust_policy, std::vector<std::string> policies = {},
                 AssumeRole request = assume()) {
  const api::Identity who = alice(scene, std::move(policies));
  add_role(scene, request.role_arn, std::move(trust_policy));
  return facts<AssumeRole>(scene.call(request, who)).outcome == Outcome::ok
             ? fine
             : outcome(scene.call(request, who));
}
constexpr std::string_view external_id_wanted = R"(,"Condition":{"StringEquals":{"sts:ExternalId":"x-123"}})";

AssumeRole with_external_id(std::string id) {
  AssumeRole request = assume();
  request.external_id = std::move(id);
  return request;
}
AssumeRole with_tag(std::string key, std::string value) {
  AssumeRole request = assume();
  request.tags = {{std::move(key), std::move(value)}};
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
  };
}

// ---- AssumeRole: what comes of it ----

Failure secret_with(Scene& scene, std::string session_policy) {
  const api::Identity engine = scene.engine();
  AssumeRole request = scene.assume();
  request.policy = std::move(session_policy);
  const auto made = scene.call(request, engine);
  if (!made.ok()) return made.failure();
  return outcome(scene.call(scene.get(), identity(made->credentials)));
}

std::vector<Behaviour> results() {
  return {
      {"TheAnswer", "REC LocalStack test_sts.snapshot.json 2024-06-05: no PackedPolicySize",
       answer(R"({"AssumedRoleUser":{"AssumedRoleId":"ROLE:work","Arn":)"
              R"("arn:aws:sts::123456789012:assumed-role/reader/work"}})"),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice());
         auto said = scene.call(assume(), who);
         if (said.ok()) said->assumed_role_user.assumed_role_id.replace(0, 21, "ROLE");
         return facts<AssumeRole>(said);
       }},
      {"TheLooksOfCredentials", "REC aws.md 2.2", answer("ASIA 20 40 IQoJb3JpZ2luX2Vj AROA 21"),
       [](Scene& scene) {
         const auto said = scene.call(scene.assume(), scene.engine());
         if (!said.ok()) return said.failure();
         const Credentials& made = said->credentials;
         const std::string& id = said->assumed_role_user.assumed_role_id;
         return answer(made.access_key_id.substr(0, 4) + " " + std::to_string(made.access_key_id.size()) +
                       " " + std::to_string(made.secret_access_key.size()) + " " +
                       made.session_token.substr(0, 16) + " " + id.substr(0, 4) + " " +
                       std::to_string(id.find(':')));
       }},
      {"ThePathIsNotInTheSessionsArn", "REC aws.md 2.2",
       answer("arn:aws:sts::123456789012:assumed-role/reader/work"),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         scene.inside()->world.iam.add_role({.account = std::string{ours},
                                             .name = "reader",
                                             .path = "/team/blue/",
                                             .trust_policy = trust_alice()});
         const auto said = scene.call(assume("arn:aws:iam::123456789012:role/team/blue/reader"), who);
         return said.ok() ? answer(said->assumed_role_user.arn) : said.failure();
       }},
      {"ASessionPolicyLimits", "DOC aws.md 3 rule 2",
       failure(
           Outcome::denied, 400, "AccessDeniedException",
           "User: arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule-1 is not authorized to "
           "perform: secretsmanager:GetSecretValue on resource: panther-secrets/virus-total because no "
           "session policy allows the secretsmanager:GetSecretValue action"),
       [](Scene& scene) {
         return secret_with(scene, document(allow(R"("secretsmanager:DescribeSecret")")));
       }},
      {"ASessionPolicyThatAllows", "DOC aws.md 3 rule 2", fine,
       [](Scene& scene) { return secret_with(scene, document(allow(R"("secretsmanager:*")"))); }},
      {"ASessionPolicyThatIsNoJson", "DOC aws.md 1: MalformedPolicyDocument; MEM text",
       failure(Outcome::invalid, 400, "MalformedPolicyDocument", "This policy contains invalid Json"),
       [](Scene& scene) { return secret_with(scene, "{"); }},
      {"ASessionPolicyThatIsNoPolicy", "DOC aws.md 1: MalformedPolicyDocument; MEM text",
       failure(Outcome::invalid, 400, "MalformedPolicyDocument", "Syntax errors in policy."),
       [](Scene& scene) { return secret_with(scene, R"({"Version":"2012-10-17"})"); }},
      {"TagsThatTakeTooMuch", "DOC aws.md 1: PackedPolicyTooLarge; text REC session tags 2023",
       failure(Outcome::invalid, 400, "PackedPolicyTooLarge",
               "Packed size of session tags consumes 472% of allotted space."),
       [](Scene& scene) {
         std::vector<Tag> tags;
         for (int i = 0; i < 50; ++i) tags.push_back({"key-" + std::to_string(i), std::string(256, 'v')});
         return with_tags(scene, std::move(tags), {});
       }},
      {"AManagedSessionPolicyLimits", "DOC API_AssumeRole",
       failure(
           Outcome::denied, 400, "AccessDeniedException",
           "User: arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule-1 is not authorized to "
           "perform: secretsmanager:GetSecretValue on resource: panther-secrets/virus-total because no "
           "session policy allows the secretsmanager:GetSecretValue action"),
       [](Scene& scene) {
         AssumeRole request = scene.assume();
         request.policy_arns = {{scene.inside()->world.iam.add_managed_policy(
             {.account = "444455556666",
              .name = "describe",
              .document = document(allow(R"("secretsmanager:DescribeSecret")"))})}};
         const auto made = scene.call(request, scene.engine());
         if (!made.ok()) return made.failure();
         return outcome(scene.call(scene.get(), identity(made->credentials)));
       }},
      {"TheTokenIsFilledUp", "DOC client-sts 3.1169", answer("4096 100"),
       [](Scene& scene) {
         AssumeRole request = scene.assume();
         request.minimum_session_token_size = 4096;
         const auto said = scene.call(request, scene.engine());
         if (!said.ok()) return said.failure();
         if (*said->session_token_size != static_cast<std::int64_t>(said->credentials.session_token.size())) {
           return answer("another size than it says");
         }
         return answer(std::to_string(*said->session_token_size) + " " +
                       std::to_string(*said->session_token_utilization));
       }},
      {"ADisabledRegion", "DOC aws.md 1: RegionDisabledException; MEM text",
       failure(Outcome::denied, 403, "RegionDisabledException",
               "STS is not activated in this region for account:444455556666. Your account administrator can "
               "activate STS in this region using the IAM Console."),
       [](Scene& scene) {
         scene.inside()->world.sts.disable_region("444455556666", "us-east-1");
         return outcome(scene.call(scene.assume(), scene.engine()));
       }},
  };
}

// ---- MFA ----

constexpr std::string_view device = "arn:aws:iam::123456789012:mfa/alice";

/// Alice with a device, and what it shows; or another code.
template <class Op>
Op with_code(Scene& scene, Op request, bool is_right = true) {
  auto inside = scene.inside();
  Iam& iam = inside->world.iam;
  if (!iam.mfa_code(device, scene.now())) {
    static_cast<void>(
        iam.add_mfa_device(alice_arn, {.serial = std::string{device}, .secret = "12345678901234567890"}));
  }
  std::string code = *iam.mfa_code(device, scene.now());
  if (!is_right) code[5] = code[5] == '0' ? '1' : '0';
  request.serial_number = device;
  request.token_code = std::move(code);
  return request;
}
constexpr std::string_view multi_factor_wanted =
    R"(,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}})";

std::vector<Behaviour> multi_factor() {
  return {
      {"WithoutACode", "DOC aws.md 3 keys", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) { return by_alice(scene, trust_alice(R"("sts:AssumeRole")", multi_factor_wanted)); }},
      {"WithTheCode", "DOC aws.md 3 keys", fine,
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(R"("sts:AssumeRole")", multi_factor_wanted));
         return outcome(scene.call(with_code(scene, assume()), who));
       }},
      {"WithAWrongCode", "REC public logs",
       denied("MultiFactorAuthentication failed with invalid MFA one time pass code."),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice());
         return outcome(scene.call(with_code(scene, assume(), false), who));
       }},
      {"WithAnotherDevice", "REC public logs",
       denied("MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial "
              "number is valid and associated with this user."),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         GetSessionToken request = with_code(scene, GetSessionToken{});
         request.serial_number = "arn:aws:iam::123456789012:mfa/bob";
         return outcome(scene.call(request, who));
       }},
      {"ASessionOfAUserWithMfa", "DOC aws.md 3 keys", fine,
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(R"("sts:AssumeRole")", multi_factor_wanted));
         const api::Identity mine = session(scene, with_code(scene, GetSessionToken{}), who);
         return outcome(scene.call(assume(), mine));
       }},
      {"ASessionOfAUserWithoutMfa", "DOC aws.md 3 keys", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(R"("sts:AssumeRole")", multi_factor_wanted));
         return outcome(scene.call(assume(), session(scene, GetSessionToken{}, who)));
       }},
  };
}

// ---- GetCallerIdentity, GetSessionToken, GetFederationToken ----

GetFederationToken federate(std::optional<std::string> policy = {}) {
  return {.name = "bob", .policy = std::move(policy)};
}
std::vector<std::string> may_federate() {
  return {document(allow(R"(["sts:GetFederationToken","sts:TagSession","secretsmanager:*"])"))};
}
constexpr std::string_view bob_arn = "arn:aws:sts::123456789012:federated-user/bob";

/// What a federated user of Alice's, who may read every secret, gets from one.
Failure read_as_bob(Scene& scene, std::optional<std::string> session_policy) {
  {
    auto inside = scene.inside();
    static_cast<void>(inside->world.secretsmanager.add_secret(
        {.account = std::string{ours}, .name = "db", .value = "s3cr3t"}, scene.now()));
  }
  const api::Identity bob = session(scene, federate(std::move(session_policy)), alice(scene, may_federate()));
  return outcome(scene.call(api::secretsmanager::GetSecretValue{.secret_id = "db"}, bob));
}

std::vector<Behaviour> own_sessions() {
  return {
      {"WhoAUserIs", "REC LocalStack test_sts.snapshot.json 2026-02-09",
       answer(R"({"UserId":"AIDA","Account":"123456789012","Arn":"arn:aws:iam::123456789012:user/alice"})"),
       [](Scene& scene) {
         auto said = scene.call(GetCallerIdentity{}, alice(scene));
         if (said.ok()) said->user_id.resize(4);
         return facts<GetCallerIdentity>(said);
       }},
      {"WhoASessionIs", "REC LocalStack test_sts.snapshot.json 2026-02-09",
       answer(R"({"UserId":"AROA:work","Account":"123456789012",)"
              R"("Arn":"arn:aws:sts::123456789012:assumed-role/reader/work"})"),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice());
         auto said = scene.call(GetCallerIdentity{}, session(scene, assume(), who));
         if (said.ok()) said->user_id.erase(4, 17);
         return facts<GetCallerIdentity>(said);
       }},
      {"WhoTheRootUserIs", "DOC API_GetCallerIdentity",
       answer(R"({"UserId":"123456789012","Account":"123456789012","Arn":"arn:aws:iam::123456789012:root"})"),
       [](Scene& scene) { return facts<GetCallerIdentity>(scene.call(GetCallerIdentity{}, root(scene))); }},
      {"WhoAFederatedUserIs", "DOC aws.md 2.2",
       answer(R"({"UserId":"123456789012:bob","Account":"123456789012",)"
              R"("Arn":"arn:aws:sts::123456789012:federated-user/bob"})"),
       [](Scene& scene) {
         const api::Identity bob = session(scene, federate(), alice(scene, may_federate()));
         return facts<GetCallerIdentity>(scene.call(GetCallerIdentity{}, bob));
       }},
      {"NoDenyForbidsToAskWhoOneIs", "DOC aws.md 2.2", answer(std::string{alice_arn}),
       [](Scene& scene) {
         return who_am_i(scene, alice(scene, {document(R"({"Effect":"Deny","Action":"*","Resource":"*"})")}));
       }},

      {"ASessionTokenIsTheUsers", "DOC aws.md 2.2", answer(std::string{alice_arn}),
       [](Scene& scene) { return who_am_i(scene, session(scene, GetSessionToken{}, alice(scene))); }},
      {"ASessionTokenLastsTwelveHours", "DOC aws.md 2.2", answer("43200"),
       [](Scene& scene) { return length_of(scene, scene.call(GetSessionToken{}, alice(scene))); }},
      {"ASessionTokenLastsThirtySixHoursAtMost", "DOC aws.md 2.2",
       invalid(
           "1 validation error detected: Value '129601' at 'durationSeconds' failed to satisfy constraint: "
           "Member must have value less than or equal to 129600"),
       [](Scene& scene) {
         return outcome(scene.call(GetSessionToken{.duration_seconds = 129'601}, alice(scene)));
       }},
      {"ASessionTokenOfRootLastsAnHour", "DOC API_GetSessionToken", answer("3600"),
       [](Scene& scene) {
         return length_of(scene, scene.call(GetSessionToken{.duration_seconds = 129'600}, root(scene)));
       }},
      {"ASessionTokenNeedsNoPermission", "DOC API_GetSessionToken", fine,
       [](Scene& scene) {
         return outcome(
             scene.call(GetSessionToken{},
                        alice(scene, {document(R"({"Effect":"Deny","Action":"sts:*","Resource":"*"})")})));
       }},
      {"NoSessionTokenForASession", "REC public logs",
       denied("Cannot call GetSessionToken with session credentials"),
       [](Scene& scene) { return outcome(scene.call(GetSessionToken{}, scene.engine())); }},
      {"ASessionTokenMayAssumeARole", "DOC aws.md 2.2", fine,
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice());
         return outcome(scene.call(assume(), session(scene, GetSessionToken{}, who)));
       }},
      {"ASessionTokenMayCallNothingElseOfSts", "DOC aws.md 2.2; MEM text",
       denied("Cannot call GetAccessKeyInfo with session credentials"),
       [](Scene& scene) {
         const api::Identity who = alice(scene, {document(allow(R"("sts:*")"))});
         return outcome(scene.call(GetAccessKeyInfo{.access_key_id = "AKIAIOSFODNN7EXAMPLE"},
                                   session(scene, GetSessionToken{}, who)));
       }},

      {"AFederatedUser", "REC LocalStack test_sts.snapshot.json 2024-06-05",
       answer(R"({"FederatedUser":{"FederatedUserId":"123456789012:bob",)"
              R"("Arn":"arn:aws:sts::123456789012:federated-user/bob"},"PackedPolicySize":0})"),
       [](Scene& scene) {
         return facts<GetFederationToken>(scene.call(federate(), alice(scene, may_federate())));
       }},
      {"AFederatedUserForTwelveHours", "DOC aws.md 2.2", answer("43200"),
       [](Scene& scene) { return length_of(scene, scene.call(federate(), alice(scene, may_federate()))); }},
      {"AFederatedUserOfRootForAnHour", "DOC API_GetFederationToken", answer("3600"),
       [](Scene& scene) {
         GetFederationToken request = federate();
         request.duration_seconds = 7200;
         return length_of(scene, scene.call(request, root(scene)));
       }},
      {"FederatingNeedsPermission", "DOC API_GetFederationToken",
       denied("User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
              "sts:GetFederationToken on resource: arn:aws:sts::123456789012:federated-user/bob because no "
              "identity-based policy allows the sts:GetFederationToken action"),
       [](Scene& scene) { return outcome(scene.call(federate(), alice(scene))); }},
      {"NoFederationBySessions", "REC jenkinsci pipeline-cloudwatch-logs-plugin",
       denied("Cannot call GetFederationToken with session credentials"),
       [](Scene& scene) { return outcome(scene.call(federate(), scene.engine())); }},
      {"AFederatedUserWithoutPolicyMayNothing", "DOC aws.md 2.2",
       failure(Outcome::denied, 400, "AccessDeniedException",
               "User: arn:aws:sts::123456789012:federated-user/bob is not authorized to perform: "
               "secretsmanager:GetSecretValue on resource: db because no session policy allows the "
               "secretsmanager:GetSecretValue action"),
       [](Scene& scene) { return read_as_bob(scene, {}); }},
      {"AFederatedUserWithAPolicy", "DOC aws.md 2.2", fine,
       [](Scene& scene) {
         return read_as_bob(scene, document(allow(R"("secretsmanager:GetSecretValue")")));
       }},
      {"AFederatedUserMayCallNothingElseOfSts", "DOC Compare AWS STS credentials; MEM text",
       denied("Cannot call AssumeRole with session credentials"),
       [](Scene& scene) {
         const api::Identity bob =
             session(scene, federate(document(allow(R"("*")"))), alice(scene, may_federate()));
         add_role(scene, reader_arn, trust(aws_principal(bob_arn)));
         return outcome(scene.call(assume(), bob));
       }},
      {"AFederatedUsersNameOf33", "DOC aws.md A",
       invalid("1 validation error detected: Value 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' at 'name' failed to "
               "satisfy constraint: Member must have length less than or equal to 32"),
       [](Scene& scene) {
         GetFederationToken request = federate();
         request.name.assign(33, 'b');
         return outcome(scene.call(request, alice(scene, may_federate())));
       }},
  };
}

// ---- GetAccessKeyInfo, DecodeAuthorizationMessage, AssumeRoot, GetDelegatedAccessToken ----

std::vector<std::string> may_anything_of_sts() { return {document(allow(R"("sts:*")"))}; }

Failure assume_root(Scene& scene, std::string target, std::string task, std::vector<std::string> policies) {
  scene.inside()->world.sts.set_organization(
      {.management_account = std::string{ours}, .members = {std::string{theirs}}});
  const auto said =
      scene.call(AssumeRoot{.target_principal = std::move(target),
                            .task_policy_arn = {"arn:aws:iam::aws:policy/root-task/" + std::move(task)}},
                 alice(scene, std::move(policies)));
  if (!said.ok()) return said.failure();
  const Failure who = who_am_i(scene, identity(said->credentials));
  return answer(who.message + " for " + length_of(scene, said).message);
}

std::string denied_stop() {
  return R"({"allowed":false,"explicitDeny":true,"matchedStatements":{"items":[]},"failures":{"items":[]},)"
         R"("context":{"principal":{"id":"AIDACKCEVSQ6C2EXAMPLE","name":"Bob",)"
         R"("arn":"arn:aws:iam::123456789012:user/Bob"},"action":"ec2:StopInstances",)"
         R"("resource":"arn:aws:ec2:us-east-1:123456789012:instance/i-dd01c9bd","conditions":{"items":[)"
         R"({"key":"ec2:Tenancy","values":{"items":[{"value":"default"}]}}]}}})";
}
Failure decode(Scene& scene, bool is_damaged, std::vector<std::string> policies) {
  std::string encoded =
      scene.inside()->world.sts.encode({.is_explicit_deny = true,
                                        .principal_id = "AIDACKCEVSQ6C2EXAMPLE",
                                        .principal_name = "Bob",
                                        .principal_arn = "arn:aws:iam::123456789012:user/Bob",
                                        .action = "ec2:StopInstances",
                                        .resource = "arn:aws:ec2:us-east-1:123456789012:instance/i-dd01c9bd",
                                        .conditions = {{"ec2:Tenancy", "default"}}});
  if (is_damaged) encoded[20] = encoded[20] == 'A' ? 'B' : 'A';
  const auto said =
      scene.call(DecodeAuthorizationMessage{.encoded_message = encoded}, alice(scene, std::move(policies)));
  return said.ok() ? answer(said->decoded_message) : said.failure();
}

Failure trade_in(Scene& scene, std::string token, Duration valid_for) {
  const api::Identity who = alice(scene, may_anything_of_sts());
  add_role(scene, reader_arn, trust_alice());
  scene.inside()->world.sts.add_trade_in_token(
      {.token = "traded", .principal_arn = std::string{reader_arn}, .expires = scene.now() + valid_for});
  const auto said = scene.call(GetDelegatedAccessToken{.trade_in_token = std::move(token)}, who);
  if (!said.ok()) return said.failure();
  return answer(said->assumed_principal + " " + who_am_i(scene, identity(said->credentials)).message);
}

std::vector<Behaviour> other_operations() {
  return {
      {"TheAccountOfAKey", "DOC API_GetAccessKeyInfo", answer("111122223333"),
       [](Scene& scene) {
         const auto key = std::get<aws::Credentials>(scene.engine()).access_key_id;
         const auto said =
             scene.call(GetAccessKeyInfo{.access_key_id = key}, alice(scene, may_anything_of_sts()));
         return said.ok() ? answer(said->account) : said.failure();
       }},
      {"TheAccountOfAKeyNeedsPermission", "REC Hacky Easter 2023",
       denied("User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:GetAccessKeyInfo "
              "because no identity-based policy allows the sts:GetAccessKeyInfo action"),
       [](Scene& scene) {
         return outcome(scene.call(GetAccessKeyInfo{.access_key_id = "AKIAIOSFODNN7EXAMPLE"}, alice(scene)));
       }},
      {"AMessageIsDecoded", "DOC decode-authorization-message", answer(denied_stop()),
       [](Scene& scene) { return decode(scene, false, may_anything_of_sts()); }},
      {"DecodingNeedsPermission", "REC public logs 2022-2023",
       denied("User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
              "sts:DecodeAuthorizationMessage because no identity-based policy allows the "
              "sts:DecodeAuthorizationMessage action"),
       [](Scene& scene) { return decode(scene, false, {}); }},
      {"AMessageOfNobodyIsRefused", "DOC aws.md 1: InvalidAuthorizationMessageException; MEM text",
       failure(Outcome::invalid, 400, "InvalidAuthorizationMessageException", "Message is not valid"),
       [](Scene& scene) { return decode(scene, true, may_anything_of_sts()); }},

      {"RootOfAMember", "DOC aws.md 2.2: 900 s", answer("arn:aws:iam::210987654321:root for 900"),
       [](Scene& scene) {
         return assume_root(scene, std::string{theirs}, "IAMAuditRootUserCredentials", may_anything_of_sts());
       }},
      {"RootOfAMemberByArn", "DOC API_AssumeRoot", answer("arn:aws:iam::210987654321:root for 900"),
       [](Scene& scene) {
         return assume_root(scene, "arn:aws:iam::210987654321:root", "S3UnlockBucketPolicy",
                            may_anything_of_sts());
       }},
      {"RootForNoOtherTask", "DOC API_AssumeRoot; MEM text",
       invalid("arn:aws:iam::aws:policy/root-task/AdministratorAccess is not a valid task policy"),
       [](Scene& scene) {
         return assume_root(scene, std::string{theirs}, "AdministratorAccess", may_anything_of_sts());
       }},
      {"RootNeedsPermission", "REC cloudposse/atmos",
       refused("sts:AssumeRoot", "arn:aws:iam::210987654321:root"),
       [](Scene& scene) { return assume_root(scene, std::string{theirs}, "SQSUnlockQueuePolicy", {}); }},
      {"RootOfNoMember", "DOC API_AssumeRoot", refused("sts:AssumeRoot", "arn:aws:iam::444455556666:root"),
       [](Scene& scene) {
         return assume_root(scene, "444455556666", "SQSUnlockQueuePolicy", may_anything_of_sts());
       }},
      {"RootFor901Seconds", "DOC aws.md 2.2",
       invalid("1 validation error detected: Value '901' at 'durationSeconds' failed to satisfy constraint: "
               "Member must have value less than or equal to 900"),
       [](Scene& scene) {
         AssumeRoot request{.target_principal = std::string{theirs},
                            .task_policy_arn = {"arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"},
                            .duration_seconds = 901};
         return outcome(scene.call(request, alice(scene)));
       }},

      {"ATokenIsTradedIn", "DOC API_GetDelegatedAccessToken",
       answer("arn:aws:sts::123456789012:assumed-role/reader/delegated "
              "arn:aws:sts::123456789012:assumed-role/reader/delegated"),
       [](Scene& scene) { return trade_in(scene, "traded", minutes{5}); }},
      {"AnExpiredTradeInToken", "DOC aws.md 1: ExpiredTradeInTokenException; MEM text",
       failure(Outcome::expired, 400, "ExpiredTradeInTokenException",
               "The provided trade-in token has expired"),
       [](Scene& scene) { return trade_in(scene, "traded", Duration{}); }},
      {"ATradeInTokenOfNobody", "MEM",
       failure(Outcome::invalid, 400, "InvalidParameterValue", "The provided trade-in token is invalid"),
       [](Scene& scene) { return trade_in(scene, "other", minutes{5}); }},
  };
}

// ---- AssumeRoleWithWebIdentity ----

constexpr std::string_view github = "https://token.actions.githubusercontent.com";
constexpr std::string_view github_arn =
    "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";

std::string trust_github(std::string_view actions = R"("sts:AssumeRoleWithWebIdentity")") {
  return trust(R"({"Federated":")" + std::string{github_arn} + R"("})", actions,
               R"(,"Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":)"
               R"("sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":)"
               R"("repo:panther/*"}})");
}

/// What a GitHub workflow brings; members of it can be replaced.
struct Workflow {
  std::string issuer{github};
  std::string audience{"sts.amazonaws.com"};
  std::string subject{"repo:panther/detections:ref:refs/heads/main"};
  Duration lasts{minutes{5}};
  std::string more{};
  TokenAlgorithm algorithm{TokenAlgorithm::rs256};

  [[nodiscard]] std::string token(Instant now) const {
    const auto at = [](Instant instant) {
      return std::to_string(std::chrono::floor<seconds>(instant).time_since_epoch().count());
    };
    return signed_json_web_token(algorithm, R"({"iss":")" + issuer + R"(","aud":")" + audience +
                                                R"(","sub":")" + subject + R"(","iat":)" + at(now) +
                                                R"(,"exp":)" + at(now + lasts) + more + "}");
  }
};

/// Sets provider and role up, unless the row has done so, and asks.
Result<AssumeRoleWithWebIdentity::Output> run(Scene& scene, const Workflow& workflow,
                                              NewOidcProvider provider = {}, std::string trust_policy = {}) {
  provider.account = ours;
  provider.url = github;
  provider.client_ids = {"sts.amazonaws.com"};
  if (provider.keys.empty()) provider.keys = own_json_web_keys();
  static_cast<void>(scene.inside()->world.sts.add_oidc_provider(provider));
  add_role(scene, reader_arn, trust_policy.empty() ? trust_github() : std::move(trust_policy));
  return scene.call(AssumeRoleWithWebIdentity{.role_arn = std::string{reader_arn},
                                              .role_session_name = "work",
                                              .web_identity_token = workflow.token(scene.now())},
                    api::Anonymous{});
}

const Failure no_web_identity = denied("Not authorized to perform sts:AssumeRoleWithWebIdentity");

std::vector<Behaviour> web_identities() {
  return {
      {"ATokenForARole", "DOC API_AssumeRoleWithWebIdentity",
       answer(R"({"SubjectFromWebIdentityToken":"repo:panther/detections:ref:refs/heads/main",)"
              R"("AssumedRoleUser":{"AssumedRoleId":"ROLE:work","Arn":)"
              R"("arn:aws:sts::123456789012:assumed-role/reader/work"},)"
              R"("Provider":"https://token.actions.githubusercontent.com","Audience":"sts.amazonaws.com"})"),
       [](Scene& scene) {
         auto said = run(scene, {});
         if (said.ok()) said->assumed_role_user.assumed_role_id.replace(0, 21, "ROLE");
         return facts<AssumeRoleWithWebIdentity>(said);
       }},
      {"ItsCredentialsAreTheRoles", "DOC aws.md 2.2", answer(std::string{reader_session}),
       [](Scene& scene) { return who_am_i(scene, identity(run(scene, {}).value().credentials)); }},
      {"ATokenSignedWithES384", "DOC API_AssumeRoleWithWebIdentity", fine,
       [](Scene& scene) { return outcome(run(scene, {.algorithm = TokenAlgorithm::es384})); }},
      {"TheSubjectIsNotTrusted", "REC public logs", no_web_identity,
       [](Scene& scene) { return outcome(run(scene, {.subject = "repo:somebody/detections:main"})); }},
      {"AnotherPrincipalIsTrusted", "REC public logs", no_web_identity,
       [](Scene& scene) { return outcome(run(scene, {}, {}, trust_alice())); }},
      {"AProviderThatTheAccountHasNot", "REC re:Post, EKS IRSA",
       bad_identity("No OpenIDConnect provider found in your account for https://gitlab.example.com"),
       [](Scene& scene) { return outcome(run(scene, {.issuer = "https://gitlab.example.com"})); }},
      {"AnotherAudience", "REC IRSA", bad_identity("Incorrect token audience"),
       [](Scene& scene) { return outcome(run(scene, {.audience = "https://kubernetes.default.svc"})); }},
      {"AnExpiredToken", "REC Envoy aws_credentials tests 2025",
       failure(Outcome::expired, 400, "ExpiredTokenException",
               "Token expired: current date/time 1772413200 must be before the expiration date/time "
               "1772413199"),
       [](Scene& scene) { return outcome(run(scene, {.lasts = -seconds{1}})); }},
      {"TextThatIsNoToken", "REC public logs",
       bad_identity("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access "
                    "Token)"),
       [](Scene& scene) {
         return outcome(scene.call(AssumeRoleWithWebIdentity{.role_arn = std::string{reader_arn},
                                                             .role_session_name = "work",
                                                             .web_identity_token = "gho_16C7e42F292c6912E7"},
                                   api::Anonymous{}));
       }},
      {"AKeyThatIsNotTheProviders", "REC GitLab documentation, dbt-athena#259",
       bad_identity("Couldn't retrieve verification key from your identity provider,  please reference "
                    "AssumeRoleWithWebIdentity documentation for requirements"),
       [](Scene& scene) { return outcome(run(scene, {}, {.keys = R"({"keys":[]})"})); }},
      {"AnArnThatIsNoRoles", "REC aws-actions/configure-aws-credentials", invalid("Request ARN is invalid"),
       [](Scene& scene) {
         return outcome(scene.call(AssumeRoleWithWebIdentity{.role_arn = std::string{github_arn},
                                                             .role_session_name = "work",
                                                             .web_identity_token = "e30.e30."},
                                   api::Anonymous{}));
       }},
      {"AProviderThatCannotBeReached", "DOC aws.md 1: IDPCommunicationError; MEM text",
       failure(Outcome::invalid, 400, "IDPCommunicationError",
               "The identity provider https://token.actions.githubusercontent.com could not be reached."),
       [](Scene& scene) { return outcome(run(scene, {}, {.is_reachable = false})); }},
      {"AClaimThatTheProviderRejects", "DOC aws.md 1: IDPRejectedClaim; MEM text",
       failure(Outcome::denied, 403, "IDPRejectedClaim", "The identity provider rejected the claim."),
       [](Scene& scene) {
         return outcome(
             run(scene, {}, {.rejected_subjects = {"repo:panther/detections:ref:refs/heads/main"}}));
       }},
      {"TagsInTheTokenNeedTagSession", "DOC Passing session tags", no_web_identity,
       [](Scene& scene) {
         return outcome(
             run(scene, {.more = R"(,"https://aws.amazon.com/tags":{"principal_tags":{"team":["blue"]}})"}));
       }},
      {"TagsInTheToken", "DOC Passing session tags", fine,
       [](Scene& scene) {
         return outcome(
             run(scene, {.more = R"(,"https://aws.amazon.com/tags":{"principal_tags":{"team":["blue"]}})"},
                 {}, trust_github(R"(["sts:AssumeRoleWithWebIdentity","sts:TagSession"])")));
       }},
      {"ASourceIdentityInTheToken", "DOC Monitor and control actions taken with assumed roles",
       answer("alice"),
       [](Scene& scene) {
         const auto said = run(scene, {.more = R"(,"https://aws.amazon.com/source_identity":"alice")"}, {},
                               trust_github(R"(["sts:AssumeRoleWithWebIdentity","sts:SetSourceIdentity"])"));
         return said.ok() ? answer(said->source_identity) : said.failure();
       }},
      {"ItUsesNoQuota", "DOC aws.md 4", fine,
       [](Scene& scene) {
         {
           auto inside = scene.inside();
           limit_to(inside->world.sts, "sts", 1);
         }
         static_cast<void>(run(scene, {}));
         return outcome(run(scene, {}));
       }},
  };
}

// ---- AssumeRoleWithSAML ----

constexpr std::string_view saml_arn = "arn:aws:iam::123456789012:saml-provider/MySAMLIdP";

struct Assertion {
  std::string issuer{"https://example.com/saml"};
  std::string subject{
      R"(<NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">alice</NameID>)"};
  std::string session_name{
      R"(<Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName"><AttributeValue>alice@example.com</AttributeValue></Attribute>)"};
  std::string role{reader_arn};
  Duration age{};

  [[nodiscard]] std::string text(Instant now) const {
    const std::string xml =
        R"(<?xml version="1.0"?><samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">)"
        R"(<Assertion IssueInstant=")" +
        to_iso8601(now - age) + R"("><Issuer>)" + issuer + "</Issuer><Subject>" + subject +
        R"(<SubjectConfirmation><SubjectConfirmationData Recipient="https://signin.aws.amazon.com/saml" )"
        R"(NotOnOrAfter=")" +
        to_iso8601(now - age + minutes{10}) +
        R"("/></SubjectConfirmation></Subject><AttributeStatement>)"
        R"(<Attribute Name="https://aws.amazon.com/SAML/Attributes/Role"><AttributeValue>)" +
        role + "," + std::string{saml_arn} + "</AttributeValue></Attribute>" + session_name +
        "</AttributeStatement></Assertion></samlp:Response>";
    std::string out;
    rushhour::detail::append_base64(out, xml);
    return out;
  }
};

Result<AssumeRoleWithSAML::Output> run(Scene& scene, const Assertion& assertion,
                                       std::string trust_policy = {}, std::optional<std::string> text = {}) {
  static_cast<void>(scene.inside()->world.sts.add_saml_provider(
      {.account = std::string{ours}, .name = "MySAMLIdP", .issuer = "https://example.com/saml"}));
  if (trust_policy.empty()) {
    trust_policy =
        trust(R"({"Federated":")" + std::string{saml_arn} + R"("})", R"("sts:AssumeRoleWithSAML")",
              R"(,"Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}})");
  }
  add_role(scene, reader_arn, std::move(trust_policy));
  return scene.call(AssumeRoleWithSAML{.role_arn = std::string{reader_arn},
                                       .principal_arn = std::string{saml_arn},
                                       .saml_assertion = text ? *text : assertion.text(scene.now())},
                    api::Anonymous{});
}
const Failure no_saml = denied("Not authorized to perform sts:AssumeRoleWithSAML");

std::vector<Behaviour> saml() {
  return {
      {"AnAssertionForARole", "DOC API_AssumeRoleWithSAML: NameQualifier, Subject, Audience",
       answer(
           R"({"AssumedRoleUser":{"AssumedRoleId":"ROLE:alice@example.com","Arn":)"
           R"("arn:aws:sts::123456789012:assumed-role/reader/alice@example.com"},"Subject":"alice",)"
           R"("SubjectType":"persistent","Issuer":"https://example.com/saml",)"
           R"("Audience":"https://signin.aws.amazon.com/saml","NameQualifier":"1uAJanUnBc2XeUkHURMht+xam2c="})"),
       [](Scene& scene) {
         auto said = run(scene, Assertion{});
         if (said.ok()) said->assumed_role_user.assumed_role_id.replace(0, 21, "ROLE");
         return facts<AssumeRoleWithSAML>(said);
       }},
      {"ATrustPolicyForAnotherAudience", "DOC Troubleshoot SAML federation", no_saml,
       [](Scene& scene) {
         return outcome(
             run(scene, Assertion{},
                 trust(R"({"Federated":")" + std::string{saml_arn} + R"("})", R"("sts:AssumeRoleWithSAML")",
                       R"(,"Condition":{"StringEquals":{"SAML:aud":"https://other"}})")));
       }},
      {"ARoleThatTheAssertionDoesNotOffer", "DOC Troubleshoot SAML federation", no_saml,
       [](Scene& scene) {
         Assertion assertion;
         assertion.role = writer_arn;
         return outcome(run(scene, assertion));
       }},
      {"AnAssertionWithoutNameId", "DOC Troubleshoot SAML federation", no_saml,
       [](Scene& scene) {
         Assertion assertion;
         assertion.subject.clear();
         return outcome(run(scene, assertion));
       }},
      {"AnAssertionWithoutSessionName", "DOC Troubleshoot SAML federation",
       bad_identity("RoleSessionName is required in AuthnResponse"),
       [](Scene& scene) {
         Assertion assertion;
         assertion.session_name.clear();
         return outcome(run(scene, assertion));
       }},
      {"AnAssertionWithAWrongSessionName", "DOC Troubleshoot SAML federation",
       bad_identity("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"),
       [](Scene& scene) {
         Assertion assertion;
         assertion.session_name.replace(assertion.session_name.find("alice@"), 6, "two words ");
         return outcome(run(scene, assertion));
       }},
      {"AnotherIssuer", "DOC Troubleshoot SAML federation",
       bad_identity("Issuer not present in specified provider (Service: AWSOpenIdDiscoveryService; Status "
                    "Code: 400; Error Code: AuthSamlInvalidSamlResponseException)"),
       [](Scene& scene) {
         Assertion assertion;
         assertion.issuer = "https://somebody.example.com";
         return outcome(run(scene, assertion));
       }},
      {"AnAssertionSixMinutesOld", "REC public logs",
       failure(Outcome::expired, 400, "ExpiredTokenException",
               "Token must be redeemed within 5 minutes of issuance"),
       [](Scene& scene) {
         Assertion assertion;
         assertion.age = minutes{6};
         return outcome(run(scene, assertion));
       }},
      {"TextThatIsNoAssertion", "REC jenkinsci pipeline-aws-plugin",
       bad_identity(
           "Invalid base64 SAMLResponse (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error "
           "Code: AuthSamlInvalidSamlResponseException)"),
       [](Scene& scene) { return outcome(run(scene, Assertion{}, {}, "base64SAML")); }},
      {"AProviderThatIsNotThere", "REC jenkinsci pipeline-aws-plugin",
       bad_identity("Specified provider doesn't exist (Service: AWSOpenIdDiscoveryService; Status Code: 400; "
                    "Error Code: AuthSamlManifestNotFoundException)"),
       [](Scene& scene) {
         return outcome(scene.call(AssumeRoleWithSAML{.role_arn = std::string{reader_arn},
                                                      .principal_arn = std::string{saml_arn},
                                                      .saml_assertion = Assertion{}.text(scene.now())},
                                   api::Anonymous{}));
       }},
      {"SignaturesThatAreRefused", "DOC Troubleshoot SAML federation; a switch of the fake",
       bad_identity("Response signature invalid"),
       [](Scene& scene) {
         scene.inside()->world.sts.options().saml_signatures = SamlSignatures::refused;
         return outcome(run(scene, Assertion{}));
       }},
  };
}

// ---- GetWebIdentityToken ----

GetWebIdentityToken token_request() {
  return {.audience = {"https://api.example.com"}, .signing_algorithm = "RS256"};
}

/// The token's claims, if its signature is that of the keys which the fakes publish.
Failure claims_in(const Result<GetWebIdentityToken::Output>& said) {
  if (!said.ok()) return said.failure();
  const auto token = read_json_web_token(said->web_identity_token);
  if (!token || !JsonWebKeys::read(own_json_web_keys()).verify(*token)) return answer("no such signature");
  auto claims = nlohmann::ordered_json::parse(token->claims);
  claims.erase("jti");
  claims["iss"] = claims["iss"].get<std::string>().substr(44);  // https:// and a UUID
  return answer(token->algorithm + " " + claims.dump());
}
Failure token_of(Scene& scene, const GetWebIdentityToken& request, std::vector<std::string> policies) {
  static_cast<void>(scene.inside()->world.sts.enable_web_identity_tokens(ours));
  return claims_in(scene.call(request, alice(scene, std::move(policies))));
}
std::vector<std::string> may_get_tokens(std::string_view condition = "") {
  return {document(allow(R"(["sts:GetWebIdentityToken","sts:TagGetWebIdentityToken"])", condition))};
}

std::vector<Behaviour> web_identity_tokens() {
  return {
      {"TheClaimsOfAUser", "DOC Understanding token claims",
       answer(R"(RS256 {"iss":".tokens.sts.global.api.aws","aud":"https://api.example.com",)"
              R"("sub":"arn:aws:iam::123456789012:user/alice","iat":1772413200,"exp":1772413500,)"
              R"("https://sts.amazonaws.com/":{"aws_account":"123456789012","source_region":"us-east-1"}})"),
       [](Scene& scene) { return token_of(scene, token_request(), may_get_tokens()); }},
      {"TheClaimsOfASession", "DOC Understanding token claims",
       answer(R"(ES384 {"iss":".tokens.sts.global.api.aws","aud":["one","two"],)"
              R"("sub":"arn:aws:iam::123456789012:role/reader","iat":1772413200,"exp":1772416800,)"
              R"("https://sts.amazonaws.com/":{"aws_account":"123456789012","source_region":"us-east-1",)"
              R"("principal_tags":{"team":"blue"},"original_session_exp":"2026-03-02T02:00:00Z",)"
              R"("source_identity":"alice","request_tags":{"job":"7"}}})"),
       [](Scene& scene) {
         static_cast<void>(scene.inside()->world.sts.enable_web_identity_tokens(ours));
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(all_of_it), may_get_tokens());
         AssumeRole request = with_tag("team", "blue");
         request.source_identity = "alice";
         GetWebIdentityToken wanted{.audience = {"one", "two"},
                                    .duration_seconds = 3600,
                                    .signing_algorithm = "ES384",
                                    .tags = {{"job", "7"}}};
         return claims_in(scene.call(wanted, session(scene, request, who)));
       }},
      {"NotEnabled", "DOC aws.md 1: OutboundWebIdentityFederationDisabledException; MEM text",
       failure(Outcome::denied, 403, "OutboundWebIdentityFederationDisabledException",
               "The outbound web identity federation feature is not enabled for this account."),
       [](Scene& scene) { return outcome(scene.call(token_request(), alice(scene, may_get_tokens()))); }},
      {"LongerThanItsSession", "DOC aws.md 1: SessionDurationEscalationException; MEM text",
       failure(Outcome::denied, 403, "SessionDurationEscalationException",
               "The requested token duration would extend the session beyond its original expiration time."),
       [](Scene& scene) {
         static_cast<void>(scene.inside()->world.sts.enable_web_identity_tokens(ours));
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(), may_get_tokens());
         AssumeRole request = assume();
         request.duration_seconds = 900;
         GetWebIdentityToken wanted = token_request();
         wanted.duration_seconds = 901;
         return outcome(scene.call(wanted, session(scene, request, who)));
       }},
      {"TooManyClaims", "DOC aws.md 1: JWTPayloadSizeExceededException; MEM text",
       failure(Outcome::invalid, 400, "JWTPayloadSizeExceededException",
               "The requested token payload size exceeds the maximum allowed size."),
       [](Scene& scene) {
         GetWebIdentityToken request = token_request();
         request.audience.assign(10, std::string(1000, 'a'));
         return token_of(scene, request, may_get_tokens());
       }},
      {"NeedsPermission", "DOC Getting started with outbound identity federation",
       denied("User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
              "sts:GetWebIdentityToken because no identity-based policy allows the sts:GetWebIdentityToken "
              "action"),
       [](Scene& scene) { return token_of(scene, token_request(), {}); }},
      {"ForAnotherAudience", "DOC Getting started with outbound identity federation",
       denied("User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
              "sts:GetWebIdentityToken because no identity-based policy allows the sts:GetWebIdentityToken "
              "action"),
       [](Scene& scene) {
         return token_of(scene, token_request(),
                         may_get_tokens(R"(,"Condition":{"ForAllValues:StringEquals":)"
                                        R"({"sts:IdentityTokenAudience":"https://other.example.com"}})"));
       }},
      {"LongerThanThePolicyAllows", "DOC Getting started with outbound identity federation",
       denied("User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
              "sts:GetWebIdentityToken because no identity-based policy allows the sts:GetWebIdentityToken "
              "action"),
       [](Scene& scene) {
         return token_of(
             scene, token_request(),
             may_get_tokens(R"(,"Condition":{"NumericLessThanEquals":{"sts:DurationSeconds":"299"}})"));
       }},
      {"AnotherAlgorithm", "DOC API_GetWebIdentityToken; MEM text",
       invalid(
           "1 validation error detected: Value 'ES256' at 'signingAlgorithm' failed to satisfy constraint: "
           "Member must satisfy enum value set: [ES384, RS256]"),
       [](Scene& scene) {
         GetWebIdentityToken request = token_request();
         request.signing_algorithm = "ES256";
         return token_of(scene, request, may_get_tokens());
       }},
      {"For59Seconds", "DOC aws.md 2.2",
       invalid("1 validation error detected: Value '59' at 'durationSeconds' failed to satisfy constraint: "
               "Member must have value greater than or equal to 60"),
       [](Scene& scene) {
         GetWebIdentityToken request = token_request();
         request.duration_seconds = 59;
         return token_of(scene, request, may_get_tokens());
       }},
      {"ItIsNoTokenForAssumeRoleWithWebIdentity", "DOC Getting started with outbound identity federation",
       bad_identity("No OpenIDConnect provider found in your account for "),
       [](Scene& scene) {
         static_cast<void>(scene.inside()->world.sts.enable_web_identity_tokens(ours));
         const auto said = scene.call(token_request(), alice(scene, may_get_tokens()));
         if (!said.ok()) return said.failure();
         Failure seen =
             outcome(scene.call(AssumeRoleWithWebIdentity{.role_arn = std::string{reader_arn},
                                                          .role_session_name = "work",
                                                          .web_identity_token = said->web_identity_token},
                                api::Anonymous{}));
         seen.message.resize(seen.message.find("https://"));
         return seen;
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(AssumeRoleForm, Conformance, on_every_way(forms()), row_name);
INSTANTIATE_TEST_SUITE_P(AssumeRoleTrust, Conformance, on_every_way(trusts()), row_name);
INSTANTIATE_TEST_SUITE_P(AssumeRoleLength, Conformance, on_every_way(lengths()), row_name);
INSTANTIATE_TEST_SUITE_P(AssumeRoleResult, Conformance, on_every_way(results()), row_name);
INSTANTIATE_TEST_SUITE_P(MultiFactor, Conformance, on_every_way(multi_factor()), row_name);
INSTANTIATE_TEST_SUITE_P(OwnSessions, Conformance, on_every_way(own_sessions()), row_name);
INSTANTIATE_TEST_SUITE_P(OtherOperations, Conformance, on_every_way(other_operations()), row_name);
INSTANTIATE_TEST_SUITE_P(AssumeRoleWithWebIdentity, Conformance, on_every_way(web_identities()), row_name);
INSTANTIATE_TEST_SUITE_P(AssumeRoleWithSAML, Conformance, on_every_way(saml()), row_name);
INSTANTIATE_TEST_SUITE_P(GetWebIdentityToken, Conformance, on_every_way(web_identity_tokens()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
