// Who may touch a secret: other Regions, other accounts, and the permission of each operation.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "secrets_manager_values.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::secretsmanager::CancelRotateSecret;
using api::secretsmanager::DeleteResourcePolicy;
using api::secretsmanager::DeleteSecret;
using api::secretsmanager::GetResourcePolicy;
using api::secretsmanager::ListSecretVersionIds;
using api::secretsmanager::PutResourcePolicy;
using api::secretsmanager::RemoveRegionsFromReplication;
using api::secretsmanager::ReplicateSecretToRegions;
using api::secretsmanager::RestoreSecret;
using api::secretsmanager::RotateSecret;
using api::secretsmanager::StopReplicationToReplica;
using api::secretsmanager::TagResource;
using api::secretsmanager::UntagResource;
using api::secretsmanager::UpdateSecret;
using api::secretsmanager::UpdateSecretVersionStage;
using api::secretsmanager::ValidateResourcePolicy;
using std::chrono::hours;

constexpr std::string_view default_key =
    "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS "
    "service key.";
constexpr std::string_view their_account = "999988887777";
api::Identity stranger(Scene& scene) { return user(scene, their_account, "stranger", everything); }

/// The same request to another Region.
template <api::IsOperation Op>
Result<typename Op::Output> call_in(Scene& scene, std::string_view region, const Op& request,
                                    const api::Identity& who) {
  typename Op::Output output{};
  Failure refused;
  const bool ok = scene.endpoint().perform({.operation = api::operation_of<Op>,
                                            .input = &request,
                                            .output = &output,
                                            .identity = who,
                                            .attribution = {},
                                            .failure = refused,
                                            .region = region},
                                           scene.now());
  if (!ok) return refused;
  return output;
}

// ---- Other Regions: typed calls only, since the messages of one endpoint are signed for one Region ----

std::vector<Behaviour> region_behaviours() {
  return {
      {"AnArnOfAnotherRegionMisses", "MEM aws.md 2.1", not_found(),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string elsewhere = scene.inside()->world.secretsmanager.add_secret(
             {.account = std::string{our_account}, .region = "eu-central-1", .name = "far", .value = "x"},
             scene.now());
         EXPECT_TRUE(call_in(scene, "eu-central-1", GetSecretValue{.secret_id = elsewhere}, bench.me).ok());
         const Failure missed = outcome(bench(GetSecretValue{.secret_id = elsewhere}));
         scene.inside()->world.secretsmanager.options.finds_other_regions = true;
         EXPECT_TRUE(bench(GetSecretValue{.secret_id = elsewhere}).ok());
         return missed;
       }},
      {"AReplicaIsNotWrittenTo", "REC cloud-nuke#435",
       invalid_parameter("Operation not permitted on a replica secret. Call must be made in primary secret's "
                         "region."),
       [](Scene& scene) {
         Bench bench{scene};
         CreateSecret create{.name = "far", .client_request_token = token(1), .secret_string = "x"};
         create.add_replica_regions = {{.region = "eu-central-1"}};
         EXPECT_TRUE(bench(create).ok());
         scene.advance(hours{1});
         const auto refused = [&](const auto& request) {
           return outcome(call_in(scene, "eu-central-1", request, bench.me));
         };
         EXPECT_EQ(refused(GetSecretValue{.secret_id = "far"}), fine);
         PutSecretValue put = new_value(2, "two");
         put.secret_id = "far";
         return all_same(
             {refused(put), refused(UpdateSecret{.secret_id = "far", .client_request_token = token(2)}),
              refused(UpdateSecretVersionStage{
                  .secret_id = "far", .version_stage = "GREEN", .move_to_version_id = token(1)}),
              refused(TagResource{.secret_id = "far", .tags = {{.key = "a", .value = "b"}}}),
              refused(UntagResource{.secret_id = "far", .tag_keys = {"a"}}),
              refused(DeleteSecret{.secret_id = "far"}), refused(RestoreSecret{.secret_id = "far"})});
       }},
  };
}

// ---- Other accounts ----

/// Shares the secret with the whole other account, for everything.
void share(Bench& bench) {
  const PutResourcePolicy put{.secret_id = bench.arn,
                              .resource_policy = statements(
                                  R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},)"
                                  R"("Action":"secretsmanager:*","Resource":"*"})")};
  EXPECT_TRUE(bench(put).ok());
}

void use_own_key(Bench& bench) {
  UpdateSecret update{.secret_id = bench.arn, .client_request_token = token(9)};
  update.kms_key_id = "arn:aws:kms:us-east-1:444455556666:key/mine";
  EXPECT_TRUE(bench(update).ok());
}

std::vector<Behaviour> account_behaviours() {
  return {
      {"AnotherAccountNeedsAResourcePolicy", "DOC aws.md 3", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const api::Identity them = stranger(scene);
         EXPECT_EQ(outcome(scene.call(GetSecretValue{.secret_id = bench.arn}, them)),
                   denied("User: arn:aws:iam::999988887777:user/stranger is not authorized to perform: "
                          "secretsmanager:GetSecretValue on resource: " +
                          bench.arn +
                          " because no resource-based policy allows the secretsmanager:GetSecretValue "
                          "action"));
         share(bench);
         use_own_key(bench);
         return outcome(scene.call(GetSecretValue{.secret_id = bench.arn}, them));
       }},
      {"AnotherAccountNeedsItsOwnPolicyToo", "DOC aws.md 3", fine,
       [](Scene& scene) {
         Bench bench{scene};
         share(bench);
         use_own_key(bench);
         const api::Identity them = user(scene, their_account, "poor",
                                         statements(R"({"Effect":"Allow",)"
                                                    R"("Action":"sts:*",)"
                                                    R"("Resource":"*"})"));
         EXPECT_EQ(outcome(scene.call(GetSecretValue{.secret_id = bench.arn}, them)),
                   denied("User: arn:aws:iam::999988887777:user/poor is not authorized to perform: "
                          "secretsmanager:GetSecretValue on resource: " +
                          bench.arn +
                          " because no identity-based policy allows the secretsmanager:GetSecretValue "
                          "action"));
         return fine;
       }},
      {"TheDefaultKeyServesNoOtherAccount", "REC aws.md 2.1", invalid_request(default_key),
       [](Scene& scene) {
         Bench bench{scene};
         share(bench);
         const api::Identity them = stranger(scene);
         PutSecretValue put = new_value(2, "two");
         put.secret_id = bench.arn;
         return all_same({outcome(scene.call(GetSecretValue{.secret_id = bench.arn}, them)),
                          outcome(scene.call(put, them))});
       }},
      {"TheDefaultKeyHindersNothingElse", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         share(bench);
         const api::Identity them = stranger(scene);
         return all_same(
             {outcome(scene.call(DescribeSecret{.secret_id = bench.arn}, them)),
              outcome(scene.call(ListSecretVersionIds{.secret_id = bench.arn}, them)),
              outcome(scene.call(TagResource{.secret_id = bench.arn, .tags = {{.key = "a", .value = "b"}}},
                                 them)),
              outcome(scene.call(UntagResource{.secret_id = bench.arn, .tag_keys = {"a"}}, them)),
              outcome(scene.call(DeleteSecret{.secret_id = bench.arn}, them)),
              outcome(scene.call(RestoreSecret{.secret_id = bench.arn}, them))});
       }},
      {"AnotherAccountNeedsTheWholeArn", "DOC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         share(bench);
         const std::string partial = bench.arn.substr(0, bench.arn.size() - 7);
         const api::Identity them = stranger(scene);
         EXPECT_EQ(outcome(scene.call(DescribeSecret{.secret_id = partial}, them)).code,
                   "AccessDeniedException");
         EXPECT_EQ(outcome(scene.call(DescribeSecret{.secret_id = "prod/db"}, them)), not_found())
             << "a name is looked for at home";
         return outcome(scene.call(DescribeSecret{.secret_id = bench.arn}, them));
       }},
      {"AnArnOfAnotherAccountsThatIsMissing", "DOC aws.md 3, the order is MEM",
       denied("User: arn:aws:iam::999988887777:user/stranger is not authorized to perform: "
              "secretsmanager:GetSecretValue on resource: "
              "arn:aws:secretsmanager:us-east-1:444455556666:secret:none-a1b2c3 because no resource-based "
              "policy allows the secretsmanager:GetSecretValue action"),
       [](Scene& scene) {
         return outcome(scene.call(
             GetSecretValue{.secret_id = "arn:aws:secretsmanager:us-east-1:444455556666:secret:none-a1b2c3"},
             stranger(scene)));
       }},
      {"AnotherAccountWritesUnderAnOwnKey", "DOC aws.md 2.1", invalid_request(default_key),
       [](Scene& scene) {
         Bench bench{scene};
         share(bench);
         const api::Identity them = stranger(scene);
         const UpdateSecret update{
             .secret_id = bench.arn, .client_request_token = token(3), .secret_string = "three"};
         const Failure refused = outcome(scene.call(update, them));
         use_own_key(bench);
         PutSecretValue put = new_value(2, "two");
         put.secret_id = bench.arn;
         EXPECT_EQ(outcome(scene.call(put, them)), fine);
         EXPECT_EQ(outcome(scene.call(update, them)), fine);
         return refused;
       }},
      {"APolicyThatIsDeletedLetsNobodyIn", "DOC DeleteResourcePolicy", fine,
       [](Scene& scene) {
         Bench bench{scene};
         share(bench);
         const api::Identity them = stranger(scene);
         EXPECT_EQ(outcome(scene.call(DescribeSecret{.secret_id = bench.arn}, them)), fine);
         EXPECT_TRUE(bench(DeleteResourcePolicy{.secret_id = bench.arn}).ok());
         EXPECT_EQ(outcome(scene.call(DescribeSecret{.secret_id = bench.arn}, them)).code,
                   "AccessDeniedException");
         return fine;
       }},
  };
}

// ---- Permissions ----

/// A user with one statement, who does something; his answer.
template <api::IsOperation Op>
Failure tried(Scene& scene, const std::string& statement, const Op& request) {
  return outcome(scene.call(request, user(scene, our_account, "limited", statements(statement))));
}

/// What every operation that names a secret says of this one.
std::vector<std::pair<std::string_view, Failure>> each_operation(Scene& scene, const std::string& id,
                                                                 const api::Identity& who) {
  const auto said = [&](const auto& request) { return outcome(scene.call(request, who)); };
  const std::string policy =
      statements(R"({"Effect":"Deny","Principal":{"AWS":"444455556666"},"Action":"s3:*","Resource":"*"})");
  return {
      {"CancelRotateSecret", said(CancelRotateSecret{.secret_id = id})},
      {"DeleteResourcePolicy", said(DeleteResourcePolicy{.secret_id = id})},
      {"DeleteSecret", said(DeleteSecret{.secret_id = id})},
      {"DescribeSecret", said(DescribeSecret{.secret_id = id})},
      {"GetResourcePolicy", said(GetResourcePolicy{.secret_id = id})},
      {"GetSecretValue", said(GetSecretValue{.secret_id = id})},
      {"ListSecretVersionIds", said(ListSecretVersionIds{.secret_id = id})},
      {"PutResourcePolicy", said(PutResourcePolicy{.secret_id = id, .resource_policy = policy})},
      {"PutSecretValue",
       said(PutSecretValue{.secret_id = id, .client_request_token = token(7), .secret_string = "x"})},
      {"RemoveRegionsFromReplication",
       said(RemoveRegionsFromReplication{.secret_id = id, .remove_replica_regions = {"eu-west-1"}})},
      {"ReplicateSecretToRegions",
       said(ReplicateSecretToRegions{.secret_id = id, .add_replica_regions = {{.region = "eu-west-1"}}})},
      {"RestoreSecret", said(RestoreSecret{.secret_id = id})},
      {"RotateSecret", said(RotateSecret{.secret_id = id, .client_request_token = token(7)})},
      {"StopReplicationToReplica", said(StopReplicationToReplica{.secret_id = id})},
      {"TagResource", said(TagResource{.secret_id = id, .tags = {{.key = "a", .value = "b"}}})},
      {"UntagResource", said(UntagResource{.secret_id = id, .tag_keys = {"a"}})},
      {"UpdateSecret", said(UpdateSecret{.secret_id = id, .client_request_token = token(7)})},
      {"UpdateSecretVersionStage",
       said(UpdateSecretVersionStage{
           .secret_id = id, .version_stage = "GREEN", .move_to_version_id = token(1)})},
      {"ValidateResourcePolicy", said(ValidateResourcePolicy{.secret_id = id, .resource_policy = policy})},
  };
}

std::vector<Behaviour> permission_behaviours() {
  return {
      {"TagsOnCreationNeedTagResource", "DOC aws.md 3",
       denied("User: arn:aws:iam::444455556666:user/limited is not authorized to perform: "
              "secretsmanager:TagResource on resource: tagged because no identity-based policy allows the "
              "secretsmanager:TagResource action"),
       [](Scene& scene) {
         const std::string creates =
             R"({"Effect":"Allow","Action":"secretsmanager:CreateSecret","Resource":"*"})";
         CreateSecret create{.name = "plain", .client_request_token = token(1)};
         EXPECT_EQ(tried(scene, creates, create), fine);
         create.name = "tagged";
         create.tags = {{.key = "team", .value = "blue"}};
         return tried(scene, creates, create);
       }},
      {"ReplicasOnCreationNeedReplicateSecretToRegions", "DOC aws.md 3",
       denied("User: arn:aws:iam::444455556666:user/limited is not authorized to perform: "
              "secretsmanager:ReplicateSecretToRegions on resource: far because no identity-based policy "
              "allows the secretsmanager:ReplicateSecretToRegions action"),
       [](Scene& scene) {
         CreateSecret create{.name = "far", .client_request_token = token(1), .secret_string = "x"};
         create.add_replica_regions = {{.region = "eu-central-1"}};
         return tried(scene, R"({"Effect":"Allow","Action":"secretsmanager:CreateSecret","Resource":"*"})",
                      create);
       }},
      {"NobodyMakesASecretThatHeMayNotTag", "DOC CreateSecret", fine,
       [](Scene& scene) {
         CreateSecret create{.name = "tagged", .client_request_token = token(1)};
         create.tags = {{.key = "team", .value = "locked"}};
         const auto tags_when = [](std::string_view effect, std::string_view value) {
           return R"({"Effect":"Allow","Action":"secretsmanager:CreateSecret","Resource":"*"},)"
                  R"({"Effect":")" +
                  std::string{effect} +
                  R"(","Action":"secretsmanager:TagResource","Resource":"*","Condition":{"StringEquals":)"
                  R"({"aws:ResourceTag/team":")" +
                  std::string{value} + R"("}}})";
         };
         EXPECT_EQ(tried(scene, tags_when("Allow", "locked"), create).code, "AccessDeniedException")
             << "a secret that is not there yet has no tags";
         const std::string tags_all =
             R"(,{"Effect":"Allow","Action":"secretsmanager:TagResource","Resource":"*"})";
         EXPECT_EQ(tried(scene, tags_when("Deny", "locked") + tags_all, create).code,
                   "AccessDeniedException");
         return tried(scene, tags_when("Deny", "other") + tags_all, create);
       }},
      {"TheStageIsAKeyOnlyWhenSent", "REC boto3#2957", fine,
       [](Scene& scene) {
         Bench bench{scene};
         bench.me = user(scene, our_account, "stager",
                         statements(R"({"Effect":"Allow","Action":"secretsmanager:*","Resource":"*",)"
                                    R"("Condition":{"StringEquals":)"
                                    R"({"secretsmanager:VersionStage":"AWSCURRENT"}}})"));
         EXPECT_EQ(outcome(bench(get_value())).code, "AccessDeniedException");
         GetSecretValue request = get_value();
         request.version_stage = "AWSCURRENT";
         return outcome(bench(request));
       }},
      {"TheSecretsTagsAreKeys", "DOC aws.md 3", fine,
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(
             bench(TagResource{.secret_id = "prod/db", .tags = {{.key = "team", .value = "x"}}}).ok());
         for (const char* key : {"secretsmanager:ResourceTag/team", "aws:ResourceTag/team"}) {
           const auto equals = [key](std::string_view value) {
             return R"({"Effect":"Allow","Action":"secretsmanager:*","Resource":"*","Condition":)"
                    R"({"StringEquals":{")" +
                    std::string{key} + R"(":")" + std::string{value} + R"("}}})";
           };
           EXPECT_EQ(tried(scene, equals("x"), get_value()), fine) << key;
           EXPECT_EQ(tried(scene, equals("y"), get_value()).code, "AccessDeniedException") << key;
         }
         return fine;
       }},
      {"TheRequestsMembersAreKeys", "DOC aws.md 3", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const auto when = [](std::string_view condition) {
           return R"({"Effect":"Allow","Action":"secretsmanager:*","Resource":"*","Condition":{)" +
                  std::string{condition} + "}}";
         };
         const auto may = [&](std::string_view condition, const auto& request) {
           EXPECT_NE(tried(scene, when(condition), request).code, "AccessDeniedException") << condition;
         };
         const auto may_not = [&](std::string_view condition, const auto& request) {
           EXPECT_EQ(tried(scene, when(condition), request).code, "AccessDeniedException") << condition;
         };
         CreateSecret create{.name = "team/a", .client_request_token = token(1)};
         create.description = "for all";
         create.kms_key_id = "mine";
         create.tags = {{.key = "team", .value = "a"}};
         may(R"("StringLike":{"secretsmanager:Name":"team/*"})", create);
         may(R"("StringEquals":{"secretsmanager:Description":"for all"})", create);
         may(R"("StringEquals":{"secretsmanager:KmsKeyId":"mine"})", create);
         may(R"("StringEquals":{"aws:RequestTag/team":"a"})", create);
         may(R"("ForAllValues:StringEquals":{"aws:TagKeys":["team"]})", create);
         may_not(R"("StringEquals":{"secretsmanager:KmsKeyId":"other"})", create);
         may(R"("StringEquals":{"aws:ResourceAccount":"444455556666"})", create);
         may(R"("StringEquals":{"aws:ResourceAccount":"444455556666"})", get_value());
         may_not(R"("StringNotEquals":{"aws:ResourceAccount":"444455556666"})", get_value());
         CreateSecret replicated = create;
         replicated.add_replica_regions = {{.region = "eu-central-1"}};
         may(R"("ForAllValues:StringLike":{"secretsmanager:AddReplicaRegions":"eu-*"})", replicated);
         may_not(R"("ForAllValues:StringLike":{"secretsmanager:AddReplicaRegions":"us-*"})", replicated);
         may_not(R"("StringEquals":{"aws:RequestTag/team":"b"})", create);
         may(R"("StringEquals":{"secretsmanager:SecretId":"prod/db"})", get_value());
         may(R"("StringEquals":{"secretsmanager:SecretPrimaryRegion":"us-east-1"})", get_value());
         may(R"("DateLessThan":{"aws:CurrentTime":"2026-03-02T01:00:01Z"})", get_value());
         may_not(R"("DateLessThan":{"aws:CurrentTime":"2026-03-02T01:00:00Z"})", get_value());
         GetSecretValue by_id = get_value();
         by_id.version_id = token(1);
         may(R"("StringEquals":{"secretsmanager:VersionId":")" + token(1) + R"("})", by_id);
         may_not(R"("StringEquals":{"secretsmanager:VersionId":")" + token(2) + R"("})", by_id);
         const DeleteSecret force{.secret_id = "none", .force_delete_without_recovery = true};
         may_not(R"("Bool":{"secretsmanager:ForceDeleteWithoutRecovery":"false"})", force);
         may(R"("Bool":{"secretsmanager:ForceDeleteWithoutRecovery":"true"})", force);
         const DeleteSecret week{.secret_id = "none", .recovery_window_in_days = 7};
         may(R"("NumericGreaterThanEquals":{"secretsmanager:RecoveryWindowInDays":"7"})", week);
         may_not(R"("NumericGreaterThanEquals":{"secretsmanager:RecoveryWindowInDays":"14"})", week);
         return fine;
       }},
      {"NobodyTagsHimselfOut", "DOC TagResource",
       denied("User: arn:aws:iam::444455556666:user/limited is not authorized to perform: "
              "secretsmanager:TagResource on resource: prod/db because no identity-based policy allows the "
              "secretsmanager:TagResource action"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(
             bench(TagResource{.secret_id = "prod/db", .tags = {{.key = "team", .value = "x"}}}).ok());
         const std::string own_team =
             R"({"Effect":"Allow","Action":"secretsmanager:*","Resource":"*","Condition":)"
             R"({"StringEquals":{"secretsmanager:ResourceTag/team":"x"}}})";
         EXPECT_EQ(tried(scene, own_team,
                         TagResource{.secret_id = "prod/db", .tags = {{.key = "a", .value = "b"}}}),
                   fine);
         EXPECT_EQ(tried(scene, own_team, UntagResource{.secret_id = "prod/db", .tag_keys = {"team"}}).code,
                   "AccessDeniedException");
         return tried(scene, own_team,
                      TagResource{.secret_id = "prod/db", .tags = {{.key = "team", .value = "y"}}});
       }},
      {"EachOperationNeedsItsPermission", "DOC aws.md 3", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const api::Identity nobody =
             user(scene, our_account, "nobody",
                  statements(R"({"Effect":"Allow","Action":"sts:*","Resource":"*"})"));
         const auto refused = [](std::string_view operation, std::string_view resource) {
           const std::string action = "secretsmanager:" + std::string{operation};
           return denied(
               "User: arn:aws:iam::444455556666:user/nobody is not authorized to perform: " + action +
               std::string{resource} + " because no identity-based policy allows the " + action + " action");
         };
         for (const auto& [operation, seen] : each_operation(scene, "prod/db", nobody)) {
           EXPECT_EQ(seen, refused(operation, " on resource: prod/db"));
         }
         CreateSecret create = new_secret();
         create.name = "web";
         EXPECT_EQ(outcome(scene.call(create, nobody)), refused("CreateSecret", " on resource: web"));
         return fine;
       }},
      {"EachOperationWantsASecretThatIsThere", "REC aws.md 2.1", not_found(),
       [](Scene& scene) {
         const api::Identity me = admin(scene);
         const auto all = each_operation(scene, "none", me);
         for (const auto& [operation, seen] : all) EXPECT_EQ(seen, not_found()) << operation;
         return all.front().second;
       }},
      {"AMissingArnIsJudgedAsItself", "DOC aws.md 3, the order is MEM", not_found(),
       [](Scene& scene) {
         const std::string arn = "arn:aws:secretsmanager:us-east-1:444455556666:secret:none-a1b2c3";
         return tried(
             scene,
             R"({"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":")" + arn + "\"}",
             GetSecretValue{.secret_id = arn});
       }},
      {"NobodyTagsHimselfIn", "DOC aws.md 3: aws:ResourceTag is the tag that is there", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const std::string of_blue =
             R"({"Effect":"Allow","Action":"secretsmanager:TagResource","Resource":"*",)"
             R"("Condition":{"StringEquals":{"aws:ResourceTag/team":"blue"}}})";
         EXPECT_EQ(tried(scene, of_blue,
                         TagResource{.secret_id = "prod/db", .tags = {{.key = "team", .value = "blue"}}})
                       .code,
                   "AccessDeniedException");
         return fine;
       }},
      {"NobodyUntagsHimselfIn", "DOC aws.md 3: aws:ResourceTag is the tag that is there", fine,
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(TagResource{.secret_id = "prod/db",
                                       .tags = {{.key = "team", .value = "red"}, {.key = "a", .value = "b"}}})
                         .ok());
         const auto untags_unless = [&](std::string_view team, std::string key) {
           return tried(scene,
                        R"({"Effect":"Allow","Action":"secretsmanager:UntagResource","Resource":"*",)"
                        R"("Condition":{"StringNotEquals":{"aws:ResourceTag/team":")" +
                            std::string{team} + R"("}}})",
                        UntagResource{.secret_id = "prod/db", .tag_keys = {std::move(key)}});
         };
         EXPECT_EQ(untags_unless("red", "team").code, "AccessDeniedException");
         return untags_unless("blue", "a");
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(SecretRegions, Conformance,
                         testing::Combine(testing::ValuesIn(region_behaviours()),
                                          testing::Values(Way::direct)),
                         row_name);
INSTANTIATE_TEST_SUITE_P(SecretAccounts, Conformance, on_every_way(account_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretPermissions, Conformance, on_every_way(permission_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
