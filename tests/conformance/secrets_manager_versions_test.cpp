// The versions of a secret and their staging labels.

#include <string>
#include <vector>

#include "secrets_manager_values.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::secretsmanager::ListSecretVersionIds;
using api::secretsmanager::UpdateSecret;
using api::secretsmanager::UpdateSecretVersionStage;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<Behaviour> label_behaviours() {
  return {
      {"PutMakesTheCurrentVersion", "REC aws.md 2.1",
       answer(R"({"ARN":"ARN","Name":"prod/db","VersionId":"11111111-1111-4111-8111-000000000002",)"
              R"("VersionStages":["AWSCURRENT"]})"),
       [](Scene& scene) {
         Bench bench{scene};
         const auto put = bench(new_value(2, "two"));
         EXPECT_EQ(bench(get_value()).value().secret_string, "two");
         EXPECT_EQ(bench.labels(), "1:AWSPREVIOUS 2:AWSCURRENT");
         return bench.shown<PutSecretValue>(put);
       }},
      {"AVersionsDateHasMilliseconds", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         scene.advance(milliseconds{1} + Duration{999'999});
         EXPECT_TRUE(bench(new_value(2, "two")).ok());
         const auto got = bench(get_value());
         EXPECT_EQ(got.value().created_date, scene.now() - Duration{999'999});
         return outcome(got);
       }},
      {"TheFirstVersionIsAlwaysTheCurrentOne", "REC aws.md 2.1",
       answer(R"({"ARN":"ARN","Name":"empty","VersionId":"11111111-1111-4111-8111-000000000002",)"
              R"("VersionStages":["AWSCURRENT","GREEN"]})"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.arn = bench(CreateSecret{.name = "empty", .client_request_token = token(1)}).value().arn;
         PutSecretValue put = new_value(2, "x", {"GREEN"});
         put.secret_id = "empty";
         return bench.shown<PutSecretValue>(bench(put));
       }},
      {"ALabelIsOnOneVersion", "REC aws.md 2.1", answer("1:AWSCURRENT 3:GREEN"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two", {"GREEN"})).ok());
         EXPECT_TRUE(bench(new_value(3, "three", {"GREEN"})).ok());
         return answer(bench.labels());
       }},
      {"CustomLabelsStayWhereTheyAre", "REC aws.md 2.1", answer("1:AWSPREVIOUS,GREEN 2:AWSCURRENT"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(
             bench(UpdateSecretVersionStage{
                       .secret_id = bench.arn, .version_stage = "GREEN", .move_to_version_id = token(1)})
                 .ok());
         EXPECT_TRUE(bench(new_value(2, "two")).ok());
         return answer(bench.labels());
       }},
      {"ThePreviousLabelFollowsByPut", "REC aws.md 2.1", answer("2:AWSPREVIOUS 3:AWSCURRENT"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two")).ok());
         EXPECT_TRUE(bench(new_value(3, "three")).ok());
         return answer(bench.labels());
       }},
      {"ThePreviousLabelFollowsByUpdate", "REC aws.md 2.1", answer("2:AWSPREVIOUS 3:AWSCURRENT"),
       [](Scene& scene) {
         Bench bench{scene};
         for (const int number : {2, 3}) {
           UpdateSecret update{.secret_id = bench.arn, .client_request_token = token(number)};
           update.secret_string = std::to_string(number);
           EXPECT_TRUE(bench(update).ok());
         }
         return answer(bench.labels());
       }},
      {"ThePreviousLabelFollowsByUpdateSecretVersionStage", "REC aws.md 2.1",
       answer("1:AWSCURRENT 3:AWSPREVIOUS"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two")).ok());
         EXPECT_TRUE(bench(new_value(3, "three")).ok());
         EXPECT_TRUE(bench(UpdateSecretVersionStage{.secret_id = bench.arn,
                                                    .version_stage = "AWSCURRENT",
                                                    .remove_from_version_id = token(3),
                                                    .move_to_version_id = token(1)})
                         .ok());
         EXPECT_EQ(bench(get_value()).value().secret_string, "one");
         return answer(bench.labels());
       }},
      {"TheDemotedVersionLosesThePendingLabel", "REC undocumented aws.md 2.1",
       answer("1:AWSPREVIOUS 2:AWSCURRENT"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(
             bench(UpdateSecretVersionStage{
                       .secret_id = bench.arn, .version_stage = "AWSPENDING", .move_to_version_id = token(1)})
                 .ok());
         EXPECT_EQ(bench.labels(), "1:AWSCURRENT,AWSPENDING");
         EXPECT_TRUE(bench(new_value(2, "two")).ok());
         return answer(bench.labels());
       }},
      {"APendingVersionElsewhereStaysPending", "REC aws.md 2.1",
       answer("1:AWSPREVIOUS 2:AWSPENDING 3:AWSCURRENT"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two", {"AWSPENDING"})).ok());
         EXPECT_TRUE(bench(new_value(3, "three")).ok());
         return answer(bench.labels());
       }},
      {"AVersionWithoutLabelsIsListedOnlyWhenAsked", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two")).ok());
         EXPECT_TRUE(bench(new_value(3, "three")).ok());
         EXPECT_EQ(bench(ListSecretVersionIds{.secret_id = bench.arn}).value().versions.size(), 2U);
         const auto all = bench(ListSecretVersionIds{.secret_id = bench.arn, .include_deprecated = true});
         EXPECT_EQ(all.value().versions.size(), 3U);
         EXPECT_EQ(all.value().versions.at(0).version_id, token(1));
         EXPECT_TRUE(all.value().versions.at(0).version_stages.empty());
         GetSecretValue by_id = get_value();
         by_id.version_id = token(1);
         EXPECT_EQ(bench(by_id).value().secret_string, "one");
         EXPECT_TRUE(bench(by_id).value().version_stages.empty());
         return outcome(all);
       }},
      {"VersionsAreListedWithTheirKey", "REC aws.md 2.1",
       answer(R"({"Versions":[{"VersionId":"11111111-1111-4111-8111-000000000001",)"
              R"("VersionStages":["AWSCURRENT"],"LastAccessedDate":1772409600.000,)"
              R"("CreatedDate":1772413200.000,"KmsKeyIds":["DefaultEncryptionKey"]}],)"
              R"("ARN":"ARN","Name":"prod/db"})"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(get_value()).ok());
         return bench.shown<ListSecretVersionIds>(bench(ListSecretVersionIds{.secret_id = "prod/db"}));
       }},
      {"ANewKeyEncryptsTheLabelledVersionsAnew", "DOC UpdateSecret", answer("mine mine DefaultEncryptionKey"),
       [](Scene& scene) {
         Bench bench{scene};
         for (const int number : {2, 3}) EXPECT_TRUE(bench(new_value(number, "x" + token(number))).ok());
         UpdateSecret update{.secret_id = bench.arn, .client_request_token = token(9)};
         update.kms_key_id = "mine";
         EXPECT_TRUE(bench(update).ok());
         const auto all = bench(ListSecretVersionIds{.secret_id = bench.arn, .include_deprecated = true});
         const auto& versions = all.value().versions;
         return answer(versions.at(2).kms_key_ids.at(0) + " " + versions.at(1).kms_key_ids.at(0) + " " +
                       versions.at(0).kms_key_ids.at(0));
       }},
      {"ASecretHas20Labels", "DOC aws.md 2.1",
       failure(Outcome::invalid, 400, "LimitExceededException",
               "The request failed because it would exceed one of the Secrets Manager quotas."),
       [](Scene& scene) {
         Bench bench{scene};
         std::vector<std::string> labels;
         for (int i = 0; i < 18; ++i) labels.push_back("label-" + std::to_string(i));
         EXPECT_TRUE(bench(new_value(2, "two", labels)).ok());
         EXPECT_TRUE(bench(new_value(3, "three", {"label-20"})).ok());
         EXPECT_TRUE(bench(new_value(4, "four", {"label-0"})).ok()) << "no new label";
         return all_same(
             {outcome(bench(new_value(5, "five", {"one-too-many"}))),
              outcome(bench(UpdateSecretVersionStage{
                  .secret_id = bench.arn, .version_stage = "one-too-many", .move_to_version_id = token(1)})),
              outcome(bench(new_value(5, "five")))});  // AWSPREVIOUS would be the 21st
       }},
      {"TheDaysVersionsAreKeptWhateverTheirNumber", "DOC aws.md 2.1", answer("110 100"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(
             bench(UpdateSecretVersionStage{
                       .secret_id = bench.arn, .version_stage = "KEPT", .move_to_version_id = token(1)})
                 .ok());
         for (int i = 2; i <= 110; ++i) {
           scene.advance(seconds{1});  // 50 a second is the quota
           EXPECT_TRUE(bench(new_value(i, std::to_string(i))).ok());
         }
         const auto count = [&] {
           std::size_t versions = 0;
           ListSecretVersionIds list{.secret_id = bench.arn, .include_deprecated = true};
           for (bool more = true; more;) {
             const auto page = bench(list);
             versions += page.value().versions.size();
             more = !page.value().next_token.empty();
             list.next_token = page.value().next_token;
           }
           return std::to_string(versions);
         };
         const std::string before = count();
         scene.advance(hours{24});
         EXPECT_TRUE(bench(new_value(111, "x")).ok());
         GetSecretValue first = get_value();
         first.version_id = token(1);
         EXPECT_TRUE(bench(first).ok()) << "it has a label";
         first.version_id = token(2);
         EXPECT_EQ(outcome(bench(first)).message,
                   "Secrets Manager can't find the specified secret value for VersionId: " + token(2));
         return answer(before + " " + count());
       }},
      {"TheCurrentLabelIsTakenFromWhomItIsSaidToBe", "REC aws.md 2.1 (moto, verified against AWS)",
       invalid_parameter("The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is "
                         "currently attached to version 11111111-1111-4111-8111-000000000002, so you must "
                         "explicitly reference that version in RemoveFromVersionId."),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two")).ok());
         return outcome(bench(UpdateSecretVersionStage{
             .secret_id = bench.arn, .version_stage = "AWSCURRENT", .move_to_version_id = token(1)}));
       }},
      {"ALabelIsNotTakenFromAnother", "DOC UpdateSecretVersionStage", fine,
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two", {"GREEN"})).ok());
         UpdateSecretVersionStage move{.secret_id = bench.arn,
                                       .version_stage = "GREEN",
                                       .remove_from_version_id = token(1),
                                       .move_to_version_id = token(1)};
         EXPECT_EQ(outcome(bench(move)).code, "InvalidParameterException");
         move.version_stage = "BLUE";
         EXPECT_EQ(outcome(bench(move)).code, "InvalidParameterException") << "nobody has it";
         move.version_stage = "GREEN";
         move.remove_from_version_id = token(2);
         const auto moved = bench(move);
         EXPECT_EQ(bench.labels(), "1:AWSCURRENT,GREEN");
         move.move_to_version_id.reset();
         move.remove_from_version_id = token(1);
         EXPECT_TRUE(bench(move).ok());
         EXPECT_EQ(bench.labels(), "1:AWSCURRENT");
         return outcome(moved);
       }},
      {"TheCurrentLabelIsNeverOnlyTakenOff", "REC terraform-provider-aws",
       invalid_parameter(
           "You can only move staging label AWSCURRENT to a different secret version. It can\u2019t "
           "be completely removed."),
       [](Scene& scene) {
         Bench bench{scene};
         return outcome(bench(UpdateSecretVersionStage{
             .secret_id = bench.arn, .version_stage = "AWSCURRENT", .remove_from_version_id = token(1)}));
       }},
      {"ALabelGoesSomewhere", "MEM aws.md 2.1",
       invalid_parameter("You must specify MoveToVersionId, RemoveFromVersionId, or both."),
       [](Scene& scene) {
         Bench bench{scene};
         return outcome(bench(UpdateSecretVersionStage{.secret_id = bench.arn, .version_stage = "GREEN"}));
       }},
      {"ALabelMovesToAVersionThatIsThere", "REC aws.md 2.1",
       not_found("Secrets Manager can't find the specified secret value for VersionId: "
                 "11111111-1111-4111-8111-000000000007"),
       [](Scene& scene) {
         Bench bench{scene};
         return all_same(
             {outcome(bench(UpdateSecretVersionStage{
                  .secret_id = bench.arn, .version_stage = "GREEN", .move_to_version_id = token(7)})),
              outcome(bench(UpdateSecretVersionStage{
                  .secret_id = bench.arn, .version_stage = "GREEN", .remove_from_version_id = token(7)}))});
       }},
      {"AMissingVersionIsNotFound", "REC aws.md 2.1",
       not_found("Secrets Manager can't find the specified secret value for VersionId: "
                 "11111111-1111-4111-8111-000000000007"),
       [](Scene& scene) {
         Bench bench{scene};
         GetSecretValue request = get_value();
         request.version_id = token(7);
         return outcome(bench(request));
       }},
      {"VersionsComeInPages", "DOC ListSecretVersionIds", answer("1 2 | 3 |"),
       [](Scene& scene) {
         Bench bench{scene};
         for (const int number : {2, 3}) EXPECT_TRUE(bench(new_value(number, token(number))).ok());
         ListSecretVersionIds list{.secret_id = bench.arn, .max_results = 2, .include_deprecated = true};
         std::string seen;
         for (bool more = true; more;) {
           const auto page = bench(list);
           for (const auto& version : page.value().versions) seen += version.version_id.back(), seen += ' ';
           seen += more && !page.value().next_token.empty() ? "| " : "|";
           more = !page.value().next_token.empty();
           list.next_token = page.value().next_token;
         }
         return answer(seen);
       }},
      {"AMadeUpNextTokenIsRefused", "DOC aws.md 1",
       failure(Outcome::invalid, 400, "InvalidNextTokenException", "The NextToken value is invalid."),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two")).ok());
         ListSecretVersionIds list{.secret_id = bench.arn, .max_results = 1};
         const std::string next = bench(list).value().next_token;
         EXPECT_FALSE(next.empty());
         std::vector<Failure> refused;
         for (const std::string& wrong : {std::string{"made up"}, next + "=", "A" + next.substr(1)}) {
           list.next_token = wrong;
           refused.push_back(outcome(bench(list)));
         }
         list.next_token = next;
         list.include_deprecated = true;  // another question
         refused.push_back(outcome(bench(list)));
         return all_same(refused);
       }},
      {"ALabelMovedFromAPendingVersionLeavesItPending", "REC aws.md 2.1",
       answer("1:AWSCURRENT 2:AWSPENDING 3:GREEN"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two", {"AWSPENDING", "GREEN"})).ok());
         EXPECT_TRUE(bench(new_value(3, "three", {"GREEN"})).ok());
         return answer(bench.labels());
       }},
      {"ALabelThatIsOnNoVersionIsNotTakenOff", "DOC UpdateSecretVersionStage; MEM text",
       invalid_parameter("Staging label GREEN isn't attached to version "
                         "11111111-1111-4111-8111-000000000001."),
       [](Scene& scene) {
         return outcome(Bench{scene}(UpdateSecretVersionStage{
             .secret_id = "prod/db", .version_stage = "GREEN", .remove_from_version_id = token(1)}));
       }},
      {"ALabelIsTakenFromItsHolderOnly", "REC aws.md 2.1 (moto, verified), DOC the wrong version",
       invalid_parameter("The parameter RemoveFromVersionId can't be 11111111-1111-4111-8111-000000000001. "
                         "Staging label AWSCURRENT is currently attached to version "
                         "11111111-1111-4111-8111-000000000002, so you must explicitly reference that "
                         "version in RemoveFromVersionId."),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two")).ok());
         return outcome(bench(UpdateSecretVersionStage{.secret_id = "prod/db",
                                                       .version_stage = "AWSCURRENT",
                                                       .remove_from_version_id = token(1),
                                                       .move_to_version_id = token(1)}));
       }},
      {"ALabelMayStayWhereItIs", "MEM", answer("1:AWSCURRENT"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(
             bench(UpdateSecretVersionStage{
                       .secret_id = "prod/db", .version_stage = "AWSCURRENT", .move_to_version_id = token(1)})
                 .ok());
         return answer(bench.labels());
       }},
      {"LabelsAreMovedUpTo20", "DOC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const auto label = [&](std::string stage) {
           return outcome(bench(UpdateSecretVersionStage{
               .secret_id = "prod/db", .version_stage = std::move(stage), .move_to_version_id = token(1)}));
         };
         for (int i = 1; i < 20; ++i) EXPECT_EQ(label("stage-" + std::to_string(i)), fine) << i;
         EXPECT_EQ(label("one-more").code, "LimitExceededException");
         return label("stage-1");
       }},
      {"APageOfVersionsBelongsToItsQuestion", "DOC aws.md 1",
       failure(Outcome::invalid, 400, "InvalidNextTokenException", "The NextToken value is invalid."),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two")).ok());
         const auto first = bench(ListSecretVersionIds{.secret_id = "prod/db", .max_results = 1});
         return outcome(bench(ListSecretVersionIds{
             .secret_id = "prod/db", .next_token = first.value().next_token, .include_deprecated = true}));
       }},
      {"APageHas100VersionsUnlessItSays", "MEM the default", answer("100 of 101"),
       [](Scene& scene) {
         Bench bench{scene};
         for (int i = 2; i <= 101; ++i) {
           EXPECT_TRUE(bench(new_value(i, std::to_string(i))).ok());
           scene.advance(seconds{1});
         }
         const auto page = bench(ListSecretVersionIds{.secret_id = "prod/db", .include_deprecated = true});
         return answer(std::to_string(page.value().versions.size()) +
                       (page.value().next_token.empty() ? "" : " of 101"));
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(SecretLabels, Conformance, on_every_way(label_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
