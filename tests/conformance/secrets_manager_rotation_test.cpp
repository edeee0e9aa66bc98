// How secrets rotate, and on what schedule.

#include <string>
#include <vector>

#include "secrets_manager_rotation.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::secretsmanager::CancelRotateSecret;
using api::secretsmanager::CreateSecret;
using api::secretsmanager::DeleteSecret;
using api::secretsmanager::DescribeSecret;
using api::secretsmanager::ListSecrets;
using api::secretsmanager::ListSecretVersionIds;
using api::secretsmanager::PutResourcePolicy;
using api::secretsmanager::PutSecretValue;
using api::secretsmanager::RotateSecret;
using api::secretsmanager::RotationRules;
using api::secretsmanager::UpdateSecret;
using api::secretsmanager::UpdateSecretVersionStage;
using std::chrono::hours;

Failure incomplete() {
  return invalid_request("A previous rotation isn't complete. That rotation will be reattempted.");
}

// ---- Rotation ----

/// What DescribeSecret and ListSecrets, which agree, say of a secret's rotation: `on`, `off` or `none`.
std::string switched(Bench& bench, const std::string& name) {
  const auto about = bench(DescribeSecret{.secret_id = name}).value();
  const auto list = bench(ListSecrets{.filters = {{.key = "name", .values = {name}}}}).value();
  EXPECT_EQ(list.secret_list.at(0).rotation_enabled, about.rotation_enabled) << name;
  if (!about.rotation_enabled) return "none";
  return *about.rotation_enabled ? "on" : "off";
}

std::vector<Behaviour> rotation_behaviours() {
  return {
      {"RotateWantsAToken", "REC aws.md 2.1",
       invalid_parameter("You must provide a ClientRequestToken value. We recommend a UUID-type value."),
       [](Scene& scene) { return outcome(Bench{scene}(RotateSecret{.secret_id = "nothing"})); }},
      {"WithoutAFunctionNothingRotates", "REC aws.md 2.1",
       invalid_request("No Lambda rotation function ARN is associated with this secret."),
       [](Scene& scene) {
         return outcome(Bench{scene}(RotateSecret{.secret_id = "db", .client_request_token = token(2)}));
       }},
      {"AFunctionThatCannotBeInvokedLeavesNoTrace", "REC aws.md 2.1",
       failure(Outcome::denied, 400, "AccessDeniedException",
               "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy "
               "grants access to the principal secretsmanager.amazonaws.com."),
       [](Scene& scene) {
         Bench bench{scene};
         const auto before = answer_json<DescribeSecret>(bench(DescribeSecret{.secret_id = "db"}));
         RotateSecret request = Bench::rotate(2, RotationRules{.automatically_after_days = 30});
         request.rotation_lambda_arn = "arn:aws:lambda:us-east-1:999988887777:function:none";
         const auto refused = bench(request);
         EXPECT_EQ(answer_json<DescribeSecret>(bench(DescribeSecret{.secret_id = "db"})), before);
         return outcome(refused);
       }},
      {"ARotationHasFourSteps", "REC aws.md 2.1", answer("createSecret setSecret testSecret finishSecret"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_EQ(bench(Bench::rotate(2)).value().version_id, token(2));
         EXPECT_EQ(bench.value(), "1");
         return answer(bench.steps());
       }},
      {"AfterARotationThePendingVersionIsCurrent", "DOC RotateSecret",
       answer("1:AWSPREVIOUS 2:AWSCURRENT,AWSPENDING"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(Bench::rotate(2)).ok());
         return answer(bench.labels());
       }},
      {"ARotationIsDescribed", "DOC DescribeSecret",
       answer("on, 30 days, last now, next 2026-04-01T23:59:59Z"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_EQ(bench.describe().rotation_enabled, std::nullopt) << "null until it was configured";
         EXPECT_TRUE(bench(Bench::rotate(2, RotationRules{.automatically_after_days = 30})).ok());
         const auto about = bench.describe();
         EXPECT_EQ(about.rotation_lambda_arn, lambda);
         const auto listed = bench(ListSecrets{}).value().secret_list.at(0);
         EXPECT_EQ(listed.rotation_lambda_arn, lambda);
         EXPECT_EQ(listed.next_rotation_date, about.next_rotation_date);
         return answer(std::string{about.rotation_enabled == true ? "on" : "off"} + ", " +
                       std::to_string(about.rotation_rules.value().automatically_after_days.value()) +
                       " days, last " + (about.last_rotated_date == scene.now() ? "now" : "never") +
                       ", next " + to_iso8601(about.next_rotation_date.value()));
       }},
      {"WaitingOnlyTestsTheFunction", "DOC RotateSecret", answer("testSecret"),
       [](Scene& scene) {
         Bench bench{scene};
         RotateSecret request = Bench::rotate(2, RotationRules{.automatically_after_days = 30});
         request.rotate_immediately = false;
         EXPECT_TRUE(bench(request).ok());
         EXPECT_EQ(bench.labels(), "1:AWSCURRENT") << "the temporary AWSPENDING is gone";
         EXPECT_EQ(bench.value(), "0");
         EXPECT_EQ(bench.next(), "2026-04-01T23:59:59Z");
         return answer(bench.steps());
       }},
      {"ARotationThatFailedStaysPending", "DOC RotateSecret", answer("1:AWSCURRENT 2:AWSPENDING"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.fail_at("setSecret");
         EXPECT_TRUE(bench(Bench::rotate(2)).ok()) << "rotation is asynchronous";
         EXPECT_EQ(bench.value(), "0");
         EXPECT_EQ(bench.describe().last_rotated_date, std::nullopt);
         return answer(bench.labels());
       }},
      {"APendingRotationMustEndFirst", "DOC aws.md 2.1, REC terraform-provider-aws#35023", incomplete(),
       [](Scene& scene) {
         Bench bench{scene};
         bench.fail_at("setSecret");
         EXPECT_TRUE(bench(Bench::rotate(2)).ok());
         return outcome(bench(Bench::rotate(3)));
       }},
      {"APendingRotationIsReattempted", "REC terraform-provider-aws#35023",
       answer("1:AWSPREVIOUS 2:AWSCURRENT,AWSPENDING"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.fail_at("testSecret");
         EXPECT_TRUE(bench(Bench::rotate(2)).ok());
         EXPECT_EQ(bench.value(), "0");
         bench.fail_at("");
         EXPECT_EQ(outcome(bench(Bench::rotate(3))), incomplete());
         EXPECT_EQ(bench.value(), "1");
         return answer(bench.labels());
       }},
      {"TheSameTokenGoesOnWithItsRotation", "DOC RotateSecret", answer("1"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.fail_at("createSecret");
         EXPECT_TRUE(bench(Bench::rotate(2)).ok());
         EXPECT_EQ(bench.value(), "0");
         bench.fail_at("");
         EXPECT_TRUE(bench(Bench::rotate(2)).ok());
         EXPECT_EQ(bench.value(), "1");
         EXPECT_TRUE(bench(Bench::rotate(2)).ok()) << "and does nothing when that is over";
         return answer(bench.value());
       }},
      {"APendingVersionIsFilledOnce", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         bench.fail_at("createSecret");
         EXPECT_TRUE(bench(Bench::rotate(2)).ok());
         PutSecretValue put{.secret_id = "db",
                            .client_request_token = token(2),
                            .secret_string = "mine",
                            .version_stages = {"AWSPENDING"}};
         EXPECT_EQ(outcome(bench(put)), fine);
         put.secret_string = "other";
         EXPECT_EQ(outcome(bench(put)).code, "ResourceExistsException");
         return fine;
       }},
      {"APendingVersionIsFilledUnderTheKeyOfTheDay", "DOC UpdateSecret: KmsKeyId encrypts new versions",
       answer("new"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.fail_at("createSecret");
         EXPECT_TRUE(bench(Bench::rotate(2)).ok());
         EXPECT_EQ(bench.labels(), "1:AWSCURRENT 2:AWSPENDING");
         // Without a label it is not encrypted anew with the others.
         UpdateSecretVersionStage label{
             .secret_id = "db", .version_stage = "AWSPENDING", .remove_from_version_id = token(2)};
         EXPECT_TRUE(bench(label).ok());
         EXPECT_TRUE(
             bench(UpdateSecret{.secret_id = "db", .client_request_token = token(3), .kms_key_id = "new"})
                 .ok());
         label.remove_from_version_id.reset();
         label.move_to_version_id = token(2);
         EXPECT_TRUE(bench(label).ok());
         const auto key = [&] {
           return bench(ListSecretVersionIds{.secret_id = "db"}).value().versions.at(1).kms_key_ids.at(0);
         };
         EXPECT_EQ(key(), "DefaultEncryptionKey");
         EXPECT_TRUE(bench(PutSecretValue{.secret_id = "db",
                                          .client_request_token = token(2),
                                          .secret_string = "mine",
                                          .version_stages = {"AWSPENDING"}})
                         .ok());
         return answer(key());
       }},
      {"ARotationTokenMustBeTheRunningOnes", "DOC PutSecretValue, RotationToken; text MEM",
       invalid_parameter("The RotationToken is not that of a rotation under way."),
       [](Scene& scene) {
         Bench bench{scene};
         PutSecretValue put{.secret_id = "db",
                            .client_request_token = token(5),
                            .secret_string = "5",
                            .version_stages = {"mine"},
                            .rotation_token = token(77)};
         const Failure refused = outcome(bench(put));
         scene.inside()->world.secretsmanager.options.checks_rotation_tokens = false;
         EXPECT_EQ(outcome(bench(put)), fine);
         return refused;
       }},
      {"AnotherAccountFillsAVersionByItsRotationTokenOnly", "DOC How rotation works; text MEM",
       invalid_parameter("You must provide the RotationToken to rotate a secret from another account."),
       [](Scene& scene) {
         Bench bench{scene};
         bench.fail_at("createSecret");
         EXPECT_TRUE(
             bench(UpdateSecret{
                       .secret_id = "db", .client_request_token = token(8), .kms_key_id = "alias/shared"})
                 .ok());
         EXPECT_TRUE(bench(PutResourcePolicy{.secret_id = "db",
                                             .resource_policy = statements(
                                                 R"({"Effect":"Allow","Principal":{"AWS":"888877776666"},)"
                                                 R"("Action":"secretsmanager:*","Resource":"*"})")})
                         .ok());
         EXPECT_TRUE(bench(Bench::rotate(2)).ok());
         const aws::Credentials other = scene.inside()->world.iam.add_user(
             {.account = "888877776666", .name = "rotator", .policies = {everything}});
         return outcome(scene.call(PutSecretValue{.secret_id = bench.arn,
                                                  .client_request_token = token(2),
                                                  .secret_string = "theirs",
                                                  .version_stages = {"AWSPENDING"}},
                                   other));
       }},
      {"ANewValueAbandonsTheRotation", "DOC retrieve-ct-entries, RotationAbandoned",
       answer("1:AWSPREVIOUS 5:AWSCURRENT"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.fail_at("setSecret");
         EXPECT_TRUE(bench(Bench::rotate(2)).ok());
         EXPECT_EQ(bench.value(), "0");
         EXPECT_TRUE(
             bench(PutSecretValue{.secret_id = "db", .client_request_token = token(5), .secret_string = "5"})
                 .ok());
         return answer(bench.labels());
       }},
      {"CancellingTurnsRotationOff", "DOC CancelRotateSecret", answer("off, none"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(Bench::rotate(2, RotationRules{.automatically_after_days = 30})).ok());
         EXPECT_EQ(bench(CancelRotateSecret{.secret_id = "db"}).value().version_id, "");
         scene.advance(hours{24 * 60});
         EXPECT_EQ(bench.value(), "1");
         const auto about = bench.describe();
         EXPECT_EQ(about.last_rotated_date, std::nullopt);
         return answer((about.rotation_enabled == false ? "off, " : "on, ") + bench.next());
       }},
      {"CancelledRotationIsOffNotAbsent", "DOC DescribeSecret, ListSecrets: RotationEnabled",
       answer("none, on, off; none, on, off"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(CreateSecret{.name = "partner",
                                        .client_request_token = token(9),
                                        .secret_string = "x",
                                        .type = "SalesforceClientSecret"})
                         .ok());
         // By a function without rules, and by a partner without either, then by its rules alone.
         RotateSecret by_partner{.secret_id = "partner", .client_request_token = token(2)};
         std::string seen = switched(bench, "db");
         EXPECT_TRUE(bench(Bench::rotate(2)).ok());
         seen += ", " + switched(bench, "db");
         EXPECT_TRUE(bench(CancelRotateSecret{.secret_id = "db"}).ok());
         seen += ", " + switched(bench, "db") + "; " + switched(bench, "partner");
         EXPECT_TRUE(bench(by_partner).ok());
         seen += ", " + switched(bench, "partner");
         by_partner.rotation_rules = RotationRules{.automatically_after_days = 30};
         EXPECT_TRUE(bench(by_partner).ok());
         EXPECT_TRUE(bench(CancelRotateSecret{.secret_id = "partner"}).ok());
         return answer(seen + ", " + switched(bench, "partner"));
       }},
      {"CancellingNamesThePendingVersionAndLeavesIt", "DOC CancelRotateSecret",
       answer("1:AWSPREVIOUS 3:AWSCURRENT,AWSPENDING"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.fail_at("setSecret");
         EXPECT_TRUE(bench(Bench::rotate(2)).ok());
         EXPECT_EQ(bench(CancelRotateSecret{.secret_id = "db"}).value().version_id, token(2));
         bench.fail_at("");
         EXPECT_EQ(bench.labels(), "1:AWSCURRENT 2:AWSPENDING");
         EXPECT_EQ(outcome(bench(Bench::rotate(3))), incomplete());
         EXPECT_EQ(bench.value(), "0") << "what was cancelled is not tried again";
         EXPECT_TRUE(
             bench(UpdateSecretVersionStage{
                       .secret_id = "db", .version_stage = "AWSPENDING", .remove_from_version_id = token(2)})
                 .ok());
         EXPECT_TRUE(bench(Bench::rotate(3)).ok());
         return answer(bench.labels());
       }},
      {"ASecretMarkedForDeletionDoesNotRotate", "REC aws.md 2.1",
       invalid_request("You can't perform this operation on the secret because it was marked for deletion."),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(Bench::rotate(2, RotationRules{.automatically_after_days = 1})).ok());
         EXPECT_EQ(bench.value(), "1");
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "db"}).ok());
         scene.advance(hours{48});
         EXPECT_EQ(bench.labels(), "1:AWSPREVIOUS 2:AWSCURRENT,AWSPENDING");
         return outcome(bench(Bench::rotate(3)));
       }},
      {"ExternalRotationIsStoredAndDescribed", "DOC aws.md A",
       answer("arn:aws:iam::999988887777:role/partner: orgId=7"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(CreateSecret{.name = "partner",
                                        .client_request_token = token(9),
                                        .secret_string = "x",
                                        .type = "SalesforceClientSecret"})
                         .ok());
         EXPECT_EQ(outcome(bench(RotateSecret{
                       .secret_id = "partner",
                       .client_request_token = token(2),
                       .rotation_rules = RotationRules{.automatically_after_days = 30},
                       .external_secret_rotation_metadata = {{.key = "orgId", .value = "7"}},
                       .external_secret_rotation_role_arn = "arn:aws:iam::999988887777:role/partner"})),
                   fine);
         const auto about = bench(DescribeSecret{.secret_id = "partner"}).value();
         const auto& item = about.external_secret_rotation_metadata.at(0);
         return answer(about.external_secret_rotation_role_arn + ": " + item.key + "=" + item.value);
       }},
      {"AConditionSeesTheFunction", "DOC aws.md 3",
       failure(
           Outcome::denied, 400, "AccessDeniedException",
           "User: arn:aws:iam::999988887777:user/admin is not authorized to perform: "
           "secretsmanager:RotateSecret on resource: db with an explicit deny in a resource-based policy"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(
             bench(
                 PutResourcePolicy{
                     .secret_id = "db",
                     .resource_policy = statements(
                         R"({"Effect":"Deny","Principal":"*","Action":"secretsmanager:RotateSecret",)"
                         R"("Resource":"*","Condition":{"StringNotEquals":{"secretsmanager:RotationLambdaARN":")" +
                         std::string{lambda} + R"("}}})")})
                 .ok());
         EXPECT_EQ(outcome(bench(Bench::rotate(2))), fine);
         RotateSecret other = Bench::rotate(3);
         other.rotation_lambda_arn = "arn:aws:lambda:us-east-1:999988887777:function:other";
         return outcome(bench(other));
       }},
  };
}

// ---- Schedules ----

std::vector<Behaviour> schedule_behaviours() {
  return {
      {"ASecretRotatesWhenItsWindowOpens", "DOC rotate-secrets_schedule", answer("1 1 2"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(Bench::rotate(2, RotationRules{.schedule_expression = "rate(10 days)"})).ok());
         std::string seen = bench.value();
         scene.advance(hours{10 * 24 - 2});  // it is 23:00 of the day before
         seen += " " + bench.value();
         scene.advance(hours{1});
         return answer(seen + " " + bench.value());
       }},
      {"TheNextDateIsTheEndOfTheWindow", "DOC describe-secret",
       answer("2026-03-12T23:59:59Z 2026-03-02T12:59:59Z 2026-03-15T17:59:59Z"),
       [](Scene& scene) {
         Bench bench{scene};
         std::string seen;
         int number = 1;
         for (const RotationRules& rules :
              {RotationRules{.schedule_expression = "rate(10 days)"},
               RotationRules{.schedule_expression = "rate(12 hours)"},
               RotationRules{.duration = "2h", .schedule_expression = "cron(0 16 1,15 * ? *)"}}) {
           EXPECT_TRUE(bench(Bench::rotate(++number, rules)).ok());
           seen += (seen.empty() ? "" : " ") + bench.next();
         }
         return answer(seen);
       }},
      {"DaysAreReckonedFromTheExpression", "DOC RotationRulesType", answer("10"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(Bench::rotate(2, RotationRules{.schedule_expression = "rate(10 days)"})).ok());
         EXPECT_TRUE(bench(Bench::rotate(3)).ok()) << "what was set before is kept";
         const RotationRules rules = bench.describe().rotation_rules.value();
         EXPECT_EQ(rules.schedule_expression, "rate(10 days)");
         return answer(std::to_string(rules.automatically_after_days.value()));
       }},
      {"AValuePutByHandCountsAsARotation", "DOC RotationRulesType",
       answer("2026-03-12T23:59:59Z 2026-03-21T23:59:59Z 8"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(Bench::rotate(2, RotationRules{.automatically_after_days = 10})).ok());
         std::string seen = bench.next();
         scene.advance(hours{10 * 24 - 2});
         EXPECT_TRUE(
             bench(PutSecretValue{.secret_id = "db", .client_request_token = token(7), .secret_string = "7"})
                 .ok());
         seen += " " + bench.next();
         scene.advance(hours{10 * 24 - 24});
         EXPECT_EQ(bench.value(), "7");
         scene.advance(hours{24});
         return answer(seen + " " + bench.value());
       }},
      {"DaysAndAnExpressionExcludeEachOther", "DOC RotationRulesType, the text is MEM",
       invalid_parameter(
           "You can't specify both AutomaticallyAfterDays and ScheduleExpression in RotationRules."),
       [](Scene& scene) {
         return outcome(Bench{scene}(Bench::rotate(
             2, RotationRules{.automatically_after_days = 10, .schedule_expression = "rate(10 days)"})));
       }},
      {"ASecretRotatesEveryFourHoursAtMost", "DOC rotate-secrets_schedule, the text is MEM",
       invalid_parameter("The rotation schedule in RotationRules is not valid."),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_EQ(
             outcome(bench(Bench::rotate(2, RotationRules{.schedule_expression = "cron(30 8 * * ? *)"})))
                 .code,
             "InvalidParameterException");
         EXPECT_EQ(
             outcome(bench(Bench::rotate(
                         2, RotationRules{.duration = "9h", .schedule_expression = "cron(0 16 * * ? *)"})))
                 .code,
             "InvalidParameterException")
             << "a window ends with the day";
         return outcome(bench(Bench::rotate(2, RotationRules{.schedule_expression = "rate(3 hours)"})));
       }},
      {"ThereAreAtMost1000Days", "DOC aws.md A",
       failure(
           Outcome::invalid, 400, "ValidationException",
           "1 validation error detected: Value '1001' at 'rotationRules.automaticallyAfterDays' failed to "
           "satisfy constraint: Member must have value less than or equal to 1000"),
       [](Scene& scene) {
         return outcome(Bench{scene}(Bench::rotate(2, RotationRules{.automatically_after_days = 1001})));
       }},
      {"AScheduledRotationTakesUpThePendingOne", "DOC aws.md 2.1",
       answer("1:AWSPREVIOUS 2:AWSCURRENT,AWSPENDING"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.fail_at("testSecret");
         EXPECT_TRUE(bench(Bench::rotate(2, RotationRules{.automatically_after_days = 1})).ok());
         EXPECT_EQ(bench.value(), "0");
         bench.fail_at("");
         scene.advance(hours{24});
         return answer(bench.labels());
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(SecretRotation, Conformance, on_every_way(rotation_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretSchedules, Conformance, on_every_way(schedule_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
