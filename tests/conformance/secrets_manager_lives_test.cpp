// From creation to recovery: ARNs, dates, tags and deletion of secrets.

#include <chrono>
#include <string>
#include <vector>

#include "secrets_manager_values.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::secretsmanager::BatchGetSecretValue;
using api::secretsmanager::DeleteSecret;
using api::secretsmanager::ListSecretVersionIds;
using api::secretsmanager::RestoreSecret;
using api::secretsmanager::TagResource;
using api::secretsmanager::UntagResource;
using api::secretsmanager::UpdateSecret;
using api::secretsmanager::UpdateSecretVersionStage;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

// ---- ARNs and dates ----

std::vector<Behaviour> identity_behaviours() {
  return {
      {"AnArnEndsWithSixRandomCharacters", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_THAT(bench.arn, testing::MatchesRegex("arn:aws:secretsmanager:us-east-1:444455556666:secret:"
                                                      "prod/db-[A-Za-z0-9]+"));
         EXPECT_EQ(bench.arn.size() - bench.arn.rfind('-'), 7U);
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = bench.arn, .force_delete_without_recovery = true}).ok());
         scene.advance(seconds{10});
         const auto again = bench(new_secret());
         EXPECT_NE(again.value().arn, bench.arn);
         EXPECT_EQ(outcome(bench(GetSecretValue{.secret_id = bench.arn})), not_found());
         return outcome(again);
       }},
      {"ASecretIsFoundByNameArnAndPartialArn", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const std::string partial = bench.arn.substr(0, bench.arn.size() - 7);
         return all_same({outcome(bench(GetSecretValue{.secret_id = "prod/db"})),
                          outcome(bench(GetSecretValue{.secret_id = bench.arn})),
                          outcome(bench(GetSecretValue{.secret_id = partial}))});
       }},
      {"APartialArnThatEndsLikeAWholeOneMisses", "REC aws.md 2.1", not_found(),
       [](Scene& scene) {
         Bench bench{scene};
         const auto made = bench(CreateSecret{
             .name = "Invalid/_+=.@-Name-a1b2c3", .client_request_token = token(1), .secret_string = "x"});
         const std::string arn = made.value().arn;
         EXPECT_TRUE(bench(GetSecretValue{.secret_id = arn}).ok());
         EXPECT_TRUE(bench(GetSecretValue{.secret_id = "Invalid/_+=.@-Name-a1b2c3"}).ok());
         return outcome(bench(GetSecretValue{.secret_id = arn.substr(0, arn.size() - 7)}));
       }},
      {"ANameWithTheSuffixMisses", "DOC aws.md 2.1", not_found(),
       [](Scene& scene) {
         Bench bench{scene};
         return outcome(bench(GetSecretValue{.secret_id = bench.arn.substr(bench.arn.find("prod/db"))}));
       }},
      {"ANewSecretIsDescribedWithoutNulls", "REC aws.md 2.1",
       answer(R"({"ARN":"ARN","Name":"prod/db","LastChangedDate":1772413200.001,)"
              R"("VersionIdsToStages":{"11111111-1111-4111-8111-000000000001":["AWSCURRENT"]},)"
              R"("CreatedDate":1772413200.001})"),
       [](Scene& scene) {
         scene.advance(Duration{1'999'999});
         Bench bench{scene};
         return bench.shown<DescribeSecret>(bench(DescribeSecret{.secret_id = "prod/db"}));
       }},
      {"AllThatWasGivenIsDescribed", "DOC aws.md A",
       answer(R"({"ARN":"ARN","Name":"full","Type":"partner","Description":"all of it","KmsKeyId":"mine",)"
              R"("LastChangedDate":1772413200.000,"Tags":[{"Key":"team","Value":"blue"}],)"
              R"("VersionIdsToStages":{"11111111-1111-4111-8111-000000000001":["AWSCURRENT"]},)"
              R"("CreatedDate":1772413200.000})"),
       [](Scene& scene) {
         Bench bench{scene};
         CreateSecret full{.name = "full", .client_request_token = token(1)};
         full.description = "all of it";
         full.kms_key_id = "mine";
         full.type = "partner";
         full.secret_string = "x";
         full.tags = {{.key = "team", .value = "blue"}};
         bench.arn = bench(full).value().arn;
         return bench.shown<DescribeSecret>(bench(DescribeSecret{.secret_id = "full"}));
       }},
      {"TheDefaultKeyHasNoName", "DOC DescribeSecret", fine,
       [](Scene& scene) {
         Bench bench{scene};
         UpdateSecret update{.secret_id = bench.arn, .client_request_token = token(9)};
         update.kms_key_id = "alias/aws/secretsmanager";
         EXPECT_TRUE(bench(update).ok());
         const auto about = bench(DescribeSecret{.secret_id = bench.arn});
         EXPECT_EQ(about.value().kms_key_id, std::nullopt);
         return outcome(about);
       }},
      {"TheLastReadIsDatedByTheDay", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two")).ok());
         EXPECT_EQ(bench(DescribeSecret{.secret_id = bench.arn}).value().last_accessed_date, std::nullopt);
         scene.advance(hours{30});
         EXPECT_TRUE(bench(get_value()).ok());
         const Instant midnight = scene.inside()->world.options.start + days{1};
         scene.advance(days{1});
         const auto versions = bench(ListSecretVersionIds{.secret_id = bench.arn});
         EXPECT_EQ(versions.value().versions.at(0).last_accessed_date, std::nullopt)
             << "the other one was read";
         EXPECT_EQ(versions.value().versions.at(1).last_accessed_date, midnight);
         const auto about = bench(DescribeSecret{.secret_id = bench.arn});
         EXPECT_EQ(about.value().last_accessed_date, midnight) << "describing and listing are no reading";
         return outcome(about);
       }},
      {"ABatchIsAReadingToo", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(BatchGetSecretValue{.secret_id_list = {bench.arn}}).ok());
         const auto about = bench(DescribeSecret{.secret_id = bench.arn});
         EXPECT_EQ(about.value().last_accessed_date, scene.inside()->world.options.start);
         return outcome(about);
       }},
      {"EveryWriteIsAChange", "DOC DescribeSecret", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const auto last_changed = [&] {
           return *bench(DescribeSecret{.secret_id = bench.arn}).value().last_changed_date;
         };
         const auto changes = [&](const auto& request) {
           scene.advance(milliseconds{1} + Duration{1});
           EXPECT_TRUE(bench(request).ok());
           EXPECT_EQ(last_changed(), std::chrono::floor<milliseconds>(scene.now()));
         };
         UpdateSecret update{.secret_id = bench.arn, .client_request_token = token(9)};
         update.description = "x";
         changes(update);
         changes(new_value(2, "two", {"GREEN"}));
         changes(UpdateSecretVersionStage{
             .secret_id = bench.arn, .version_stage = "GREEN", .remove_from_version_id = token(2)});
         changes(TagResource{.secret_id = bench.arn, .tags = {{.key = "a", .value = "b"}}});
         changes(UntagResource{.secret_id = bench.arn, .tag_keys = {"a"}});
         const auto about = bench(DescribeSecret{.secret_id = bench.arn});
         EXPECT_EQ(about.value().created_date, scene.inside()->world.options.start + hours{1});
         return outcome(about);
       }},
  };
}

// ---- Tags ----

std::vector<Behaviour> tag_behaviours() {
  return {
      {"TagsAreAbsentUntilTheFirstAndThenEmpty", "REC aws.md 2.1", answer("absent [] absent"),
       [](Scene& scene) {
         Bench bench{scene};
         const auto tags = [&]() -> std::string {
           const auto about = bench(DescribeSecret{.secret_id = bench.arn});
           const std::string text = answer_json<DescribeSecret>(about).message;
           if (text.find("\"Tags\"") == std::string::npos) return "absent";
           return text.find("\"Tags\":[]") != std::string::npos ? "[]" : "some";
         };
         EXPECT_TRUE(bench(UntagResource{.secret_id = bench.arn, .tag_keys = {"team"}}).ok());
         const std::string before = tags();
         EXPECT_TRUE(
             bench(TagResource{.secret_id = bench.arn, .tags = {{.key = "team", .value = "x"}}}).ok());
         EXPECT_EQ(tags(), "some");
         EXPECT_TRUE(bench(UntagResource{.secret_id = bench.arn, .tag_keys = {"team", "other"}}).ok());
         const std::string after = tags();
         bench.arn = bench(CreateSecret{.name = "other", .client_request_token = token(1)}).value().arn;
         return answer(before + " " + after + " " + tags());
       }},
      {"ATagIsAddedOrChanged", "DOC TagResource", answer(R"(team=red colour=blue)"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(
             bench(TagResource{.secret_id = bench.arn, .tags = {{.key = "team", .value = "x"}}}).ok());
         EXPECT_TRUE(
             bench(TagResource{.secret_id = bench.arn,
                               .tags = {{.key = "colour", .value = "blue"}, {.key = "team", .value = "red"}}})
                 .ok());
         std::string seen;
         const auto about = bench(DescribeSecret{.secret_id = bench.arn});
         for (const auto& tag : *about.value().tags) {
           seen += (seen.empty() ? "" : " ") + tag.key + "=" + tag.value;
         }
         return answer(seen);
       }},
      {"SystemTagsAreNobodys", "REC cloud-custodian#9093",
       invalid_parameter("You can't modify system tags. Tag key: 'aws:cloudformation:stack-name'."),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string key = "aws:cloudformation:stack-name";
         CreateSecret create = new_secret();
         create.tags = {{.key = key, .value = "x"}};
         return all_same(
             {outcome(bench(TagResource{.secret_id = bench.arn, .tags = {{.key = key, .value = "x"}}})),
              outcome(bench(UntagResource{.secret_id = bench.arn, .tag_keys = {key}})),
              outcome(bench(create))});
       }},
      {"ASecretHas50Tags", "DOC aws.md 1", invalid_parameter("A secret can't have more than 50 tags."),
       [](Scene& scene) {
         Bench bench{scene};
         TagResource tag{.secret_id = bench.arn};
         for (int i = 0; i < 50; ++i) tag.tags.push_back({.key = "k" + std::to_string(i), .value = "v"});
         EXPECT_TRUE(bench(tag).ok());
         EXPECT_TRUE(bench(tag).ok()) << "the same 50";
         CreateSecret create{.name = "other", .client_request_token = token(1), .tags = tag.tags};
         EXPECT_TRUE(bench(create).ok());
         create.name = "another";
         create.tags.push_back({.key = "k50", .value = "v"});
         return all_same(
             {outcome(bench(TagResource{.secret_id = bench.arn, .tags = {{.key = "k50", .value = "v"}}})),
              outcome(bench(create))});
       }},
      {"ATagHasLimits", "DOC aws.md A",
       malformed(
           "2 validation errors detected: Value '" + std::string(129, 'k') +
           "' at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or "
           "equal to 128; Value '" +
           std::string(257, 'v') +
           "' at 'tags.1.member.value' failed to satisfy constraint: Member must have length less than "
           "or equal to 256"),
       [](Scene& scene) {
         Bench bench{scene};
         return outcome(
             bench(TagResource{.secret_id = bench.arn,
                               .tags = {{.key = std::string(129, 'k'), .value = std::string(257, 'v')}}}));
       }},
  };
}

// ---- Deletion and recovery ----

std::vector<Behaviour> deletion_behaviours() {
  return {
      {"DeletionIsIn30Days", "DOC aws.md 2.1",
       answer(R"({"ARN":"ARN","Name":"prod/db","DeletionDate":1775005200.000})"),
       [](Scene& scene) {
         Bench bench{scene};
         return bench.shown<DeleteSecret>(bench(DeleteSecret{.secret_id = "prod/db"}));
       }},
      {"TheWindowMayBeChosen", "REC aws.md 2.1",
       answer(R"({"ARN":"ARN","Name":"prod/db","DeletionDate":1773018000.000})"),
       [](Scene& scene) {
         Bench bench{scene};
         return bench.shown<DeleteSecret>(
             bench(DeleteSecret{.secret_id = "prod/db", .recovery_window_in_days = 7}));
       }},
      {"TheWindowHas7To30Days", "DOC aws.md 2.1; text moto's",
       invalid_parameter("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."),
       [](Scene& scene) {
         Bench bench{scene};
         const Failure refused =
             all_same({outcome(bench(DeleteSecret{.secret_id = "prod/db", .recovery_window_in_days = 6})),
                       outcome(bench(DeleteSecret{.secret_id = "prod/db", .recovery_window_in_days = 31}))});
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "prod/db", .recovery_window_in_days = 30}).ok());
         return refused;
       }},
      {"ForceAndWindowExcludeEachOther", "DOC DeleteSecret",
       invalid_parameter(
           "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."),
       [](Scene& scene) {
         Bench bench{scene};
         return outcome(bench(DeleteSecret{
             .secret_id = "prod/db", .recovery_window_in_days = 7, .force_delete_without_recovery = true}));
       }},
      {"ADeletedSecretIsClosed", "REC 2026-01-29 aws.md 2.1", invalid_request(marked),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "prod/db"}).ok());
         return all_same(
             {outcome(bench(get_value())), outcome(bench(new_value(2, "two"))),
              outcome(bench(UpdateSecret{.secret_id = "prod/db", .client_request_token = token(2)})),
              outcome(bench(UpdateSecretVersionStage{
                  .secret_id = "prod/db", .version_stage = "GREEN", .move_to_version_id = token(1)})),
              outcome(bench(TagResource{.secret_id = "prod/db", .tags = {{.key = "a", .value = "b"}}})),
              outcome(bench(UntagResource{.secret_id = "prod/db", .tag_keys = {"a"}}))});
       }},
      {"ADeletedSecretIsDescribedWithItsDate", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const auto deleted = bench(DeleteSecret{.secret_id = "prod/db", .recovery_window_in_days = 7});
         const auto about = bench(DescribeSecret{.secret_id = "prod/db"});
         EXPECT_EQ(about.value().deleted_date, deleted.value().deletion_date);
         EXPECT_TRUE(bench(ListSecretVersionIds{.secret_id = "prod/db"}).ok());
         return outcome(about);
       }},
      {"ASecretGoesWhenItsWindowEnds", "DOC aws.md 2.1", not_found(),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "prod/db", .recovery_window_in_days = 7}).ok());
         scene.advance(days{7} - milliseconds{1});
         EXPECT_TRUE(bench(DescribeSecret{.secret_id = "prod/db"}).ok());
         scene.advance(milliseconds{1});
         EXPECT_EQ(outcome(bench(RestoreSecret{.secret_id = "prod/db"})), not_found());
         const Failure gone = outcome(bench(DescribeSecret{.secret_id = "prod/db"}));
         EXPECT_TRUE(bench(new_secret()).ok()) << "the name is free again";
         return gone;
       }},
      {"ASecretIsRestored", "REC aws.md 2.1", answer(R"({"ARN":"ARN","Name":"prod/db"})"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "prod/db", .recovery_window_in_days = 7}).ok());
         scene.advance(days{6});
         const auto restored = bench(RestoreSecret{.secret_id = "prod/db"});
         EXPECT_EQ(bench(DescribeSecret{.secret_id = "prod/db"}).value().deleted_date, std::nullopt);
         scene.advance(days{6});
         EXPECT_EQ(bench(get_value()).value().secret_string, "one");
         return bench.shown<RestoreSecret>(restored);
       }},
      {"WhatIsNotThereIsNotDeletedNorRestored", "REC aws.md 2.1", not_found(),
       [](Scene& scene) {
         const api::Identity me = admin(scene);
         return all_same({outcome(scene.call(DeleteSecret{.secret_id = "none"}, me)),
                          outcome(scene.call(RestoreSecret{.secret_id = "none"}, me))});
       }},
      {"ForceDeletesWhatIsNotThere", "REC aws.md 2.1",
       answer(R"({"ARN":"arn:aws:secretsmanager:us-east-1:444455556666:secret:none","Name":"none",)"
              R"("DeletionDate":1772413200.000})"),
       [](Scene& scene) {
         return answer_json<DeleteSecret>(scene.call(
             DeleteSecret{.secret_id = "none", .force_delete_without_recovery = true}, admin(scene)));
       }},
      {"ForceDeletesWhatIsMarkedAlready", "REC aws.md 2.1", not_found(),
       [](Scene& scene) {
         Bench bench{scene};
         const DeleteSecret force{.secret_id = "prod/db", .force_delete_without_recovery = true};
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "prod/db"}).ok());
         EXPECT_TRUE(bench(force).ok());
         scene.advance(seconds{9});
         EXPECT_TRUE(bench(force).ok()) << "once more, which does not prolong it";
         scene.advance(seconds{1});
         return outcome(bench(DescribeSecret{.secret_id = "prod/db"}));
       }},
      {"ForcedDeletionTakesAMoment", "REC comment aws.md 2.1", invalid_request(marked),
       [](Scene& scene) {
         Bench bench{scene};
         const auto deleted =
             bench(DeleteSecret{.secret_id = "prod/db", .force_delete_without_recovery = true});
         EXPECT_EQ(deleted.value().deletion_date, scene.now()) << "its own date is at once";
         scene.advance(seconds{10} - milliseconds{1});
         EXPECT_EQ(outcome(bench(new_secret())).code, "InvalidRequestException");
         const Failure still =
             all_same({outcome(bench(get_value())), outcome(bench(RestoreSecret{.secret_id = "prod/db"}))});
         scene.advance(milliseconds{1});
         EXPECT_EQ(outcome(bench(get_value())), not_found());
         EXPECT_TRUE(bench(new_secret()).ok());
         return still;
       }},
      {"ForcedDeletionMayTakeNoTime", "CHOICE", not_found(),
       [](Scene& scene) {
         scene.inside()->world.secretsmanager.options.forced_deletion_length = {};
         Bench bench{scene};
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "prod/db", .force_delete_without_recovery = true}).ok());
         return outcome(bench(get_value()));
       }},
      {"DeletingTwiceFails", "MEM aws.md, not settled", invalid_request(marked),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "prod/db"}).ok());
         const Failure refused = outcome(bench(DeleteSecret{.secret_id = "prod/db"}));
         scene.inside()->world.secretsmanager.options.deletes_twice = true;
         scene.advance(days{1});
         const auto again = bench(DeleteSecret{.secret_id = "prod/db", .recovery_window_in_days = 7});
         EXPECT_EQ(again.value().deletion_date, scene.now() + days{7});
         return refused;
       }},
      {"APrimaryWithReplicasStays", "REC aws-nuke#1127", fine,
       [](Scene& scene) {
         Bench bench{scene};
         CreateSecret create{.name = "far", .client_request_token = token(1), .secret_string = "x"};
         create.add_replica_regions = {{.region = "eu-central-1"}, {.region = "us-west-2"}};
         const auto made = bench(create);
         EXPECT_EQ(outcome(bench(DeleteSecret{.secret_id = "far"})),
                   invalid_parameter("You can't delete secret " + made.value().arn +
                                     " that still has replica regions [eu-central-1, us-west-2]."));
         return outcome(made);
       }},
      {"DeletionAndRecoveryAreChanges", "DOC DescribeSecret LastChangedDate", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const auto changed = [&] {
           return bench(DescribeSecret{.secret_id = bench.arn}).value().last_changed_date;
         };
         const auto restore = [&] { return bench(RestoreSecret{.secret_id = bench.arn}).ok(); };
         const Instant made = scene.now();
         scene.advance(hours{1});
         EXPECT_TRUE(restore()) << "of a secret that nobody deleted";
         EXPECT_EQ(changed(), made);
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = bench.arn}).ok());
         EXPECT_EQ(changed(), scene.now());
         scene.advance(hours{1});
         EXPECT_TRUE(restore());
         EXPECT_EQ(changed(), scene.now());
         return fine;
       }},
      {"AMissingArnIsDeletedByForce", "REC aws.md 2.1",
       answer("arn:aws:secretsmanager:us-east-1:444455556666:secret:none-a1b2c3 none-a1b2c3"),
       [](Scene& scene) {
         const auto said = scene.call(
             DeleteSecret{.secret_id = "arn:aws:secretsmanager:us-east-1:444455556666:secret:none-a1b2c3",
                          .force_delete_without_recovery = true},
             admin(scene));
         return said.ok() ? answer(said->arn + " " + said->name) : said.failure();
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(SecretIdentity, Conformance, on_every_way(identity_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretTags, Conformance, on_every_way(tag_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretDeletion, Conformance, on_every_way(deletion_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
