// How secrets rotate and on what schedule, and their replicas in other Regions.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/fakes/rotation.hpp>

#include "behaviour.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::secretsmanager::CancelRotateSecret;
using api::secretsmanager::CreateSecret;
using api::secretsmanager::DeleteResourcePolicy;
using api::secretsmanager::DeleteSecret;
using api::secretsmanager::DescribeSecret;
using api::secretsmanager::GetResourcePolicy;
using api::secretsmanager::GetSecretValue;
using api::secretsmanager::ListSecrets;
using api::secretsmanager::PutResourcePolicy;
using api::secretsmanager::PutSecretValue;
using api::secretsmanager::RemoveRegionsFromReplication;
using api::secretsmanager::ReplicateSecretToRegions;
using api::secretsmanager::RotateSecret;
using api::secretsmanager::RotationRules;
using api::secretsmanager::StopReplicationToReplica;
using api::secretsmanager::TagResource;
using api::secretsmanager::UpdateSecretVersionStage;
using std::chrono::hours;
using std::chrono::seconds;

constexpr std::string_view account = "999988887777";
constexpr std::string_view lambda = "arn:aws:lambda:us-east-1:999988887777:function:rotate-db";

std::string statements(std::string_view text) {
  return R"({"Version":"2012-10-17","Statement":[)" + std::string{text} + "]}";
}
const std::string everything = statements(R"({"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"})");

Failure invalid_parameter(std::string_view text) {
  return failure(Outcome::invalid, 400, "InvalidParameterException", text);
}
Failure invalid_request(std::string_view text) {
  return failure(Outcome::invalid, 400, "InvalidRequestException", text);
}
Failure read_only() {
  return invalid_parameter(
      "Operation not permitted on a replica secret. Call must be made in primary secret's region.");
}
Failure incomplete() {
  return invalid_request("A previous rotation isn't complete. That rotation will be reattempted.");
}

/// Tokens that differ in their last digits.
std::string token(int number) {
  const std::string digits = std::to_string(number);
  return "11111111-1111-4111-8111-" + std::string(12 - digits.size(), '0') + digits;
}

/// What the steps of a rotation were told, and which of them fails.
struct Script {
  std::string seen{};
  std::string failing_step{};
};

/// An administrator, his secret `db` with the value `0`, and a function that counts it up.
struct Bench {
  explicit Bench(Scene& at)
      : scene(at),
        me(at.inside()->world.iam.add_user(
            {.account = std::string{account}, .name = "admin", .policies = {everything}})) {
    scene.inside()->world.secretsmanager.options.finds_other_regions = true;  // one endpoint, all Regions
    EXPECT_TRUE(
        (*this)(CreateSecret{.name = "db", .client_request_token = token(1), .secret_string = "0"}).ok());
    arn = describe().arn;
    scene.inside()->world.secretsmanager.add_rotation_function(lambda, function());
  }

  template <api::IsOperation Op>
  Result<typename Op::Output> operator()(const Op& request) {
    return scene.call(request, me);
  }
  [[nodiscard]] RotationFunction function() const {
    const RotationFunction counting = rotation_to(
        [](std::string_view current) { return std::to_string(std::stoi(std::string{current}) + 1); });
    return [counting, script = script](const RotationEvent& event,
                                       RotationClient& client) -> std::optional<std::string> {
      script->seen += (script->seen.empty() ? "" : " ") + event.step;
      if (event.step == script->failing_step) return "told to fail";
      return counting(event, client);
    };
  }
  /// A request to rotate with the function.
  [[nodiscard]] static RotateSecret rotate(int number, std::optional<RotationRules> rules = {}) {
    return {.secret_id = "db",
            .client_request_token = token(number),
            .rotation_lambda_arn = std::string{lambda},
            .rotation_rules = std::move(rules)};
  }
  DescribeSecret::Output describe() { return (*this)(DescribeSecret{.secret_id = "db"}).value(); }
  std::string value(const std::string& secret_id = "db") {
    const auto result = (*this)(GetSecretValue{.secret_id = secret_id});
    return result.ok() ? result->secret_string : result.failure().code;
  }
  /// The labels of each version that has some: `1:AWSPREVIOUS 2:AWSCURRENT`.
  std::string labels(const std::string& secret_id = "db") {
    std::string out;
    const auto about = (*this)(DescribeSecret{.secret_id = secret_id}).value();
    for (const auto& [id, stages] : about.version_ids_to_stages) {
      if (!out.empty()) out += ' ';
      out += id.starts_with("11111111") ? std::to_string(std::stoi(id.substr(24))) : "new";
      for (std::size_t i = 0; i < stages.size(); ++i) out += (i == 0 ? ":" : ",") + stages[i];
    }
    return out;
  }
  std::string steps() {
    const auto gate = scene.inside();
    return script->seen;
  }
  void fail_at(std::string step) {
    const auto gate = scene.inside();
    script->failing_step = std::move(step);
  }
  std::string next() {
    const auto date = describe().next_rotation_date;
    return date ? to_iso8601(*date) : "none";
  }

  Scene& scene;
  api::Identity me;
  std::shared_ptr<Script> script = std::make_shared<Script>();
  std::string arn{};
};

// ---- Rotation ----

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

// ---- Replicas ----

const std::string there = "eu-west-1";

ReplicateSecretToRegions to_region(bool overwrites = false, std::string region = there) {
  return {.secret_id = "db",
          .add_replica_regions = {{.region = std::move(region)}},
          .force_overwrite_replica_secret = overwrites};
}
std::string in_region(std::string arn, std::string_view region = there) {
  return arn.replace(arn.find("us-east-1"), 9, region);
}
/// What the primary knows of its replica: `InSync Replication succeeded`.
std::string status(Bench& bench) {
  const auto all = bench.describe().replication_status;
  return all.empty()
             ? "none"
             : all.at(0).status + (all.at(0).status_message.empty() ? "" : ": ") + all.at(0).status_message;
}
/// A secret of that name in the other Region.
std::string occupy(Bench& bench) {
  return bench.scene.inside()->world.secretsmanager.add_secret(
      {.account = std::string{account}, .region = there, .name = "db", .value = "theirs"}, bench.scene.now());
}
/// Replicates and waits.
std::string replicate(Bench& bench, bool overwrites = false) {
  EXPECT_TRUE(bench(to_region(overwrites)).ok());
  bench.scene.advance(seconds{5});
  return in_region(bench.arn);
}

std::vector<Behaviour> replica_behaviours() {
  return {
      {"AReplicaHasTheArnWithItsRegion", "REC aws.md 2.1", answer("0"),
       [](Scene& scene) {
         Bench bench{scene};
         return answer(bench.value(replicate(bench)));
       }},
      {"ReplicationTakesAMoment", "DOC aws.md 2.1, how long is MEM",
       answer("InProgress; InSync: Replication succeeded"),
       [](Scene& scene) {
         Bench bench{scene};
         const auto begun = bench(to_region()).value().replication_status.at(0);
         EXPECT_EQ(begun.status, "InProgress");
         EXPECT_EQ(begun.region, there);
         EXPECT_EQ(begun.kms_key_id, "alias/aws/secretsmanager");
         const std::string before = status(bench);
         EXPECT_EQ(bench.value(in_region(bench.arn)), "ResourceNotFoundException");
         scene.advance(seconds{5});
         return answer(before + "; " + status(bench));
       }},
      {"ASecretIsReplicatedAsItIsMade", "DOC CreateSecret", answer("InProgress"),
       [](Scene& scene) {
         const auto made = Bench{scene}(CreateSecret{.name = "web",
                                                     .client_request_token = token(3),
                                                     .secret_string = "x",
                                                     .add_replica_regions = {{.region = there}}});
         return answer(made.value().replication_status.at(0).status);
       }},
      {"AnExistingNameFailsTheReplication", "DOC aws.md 2.1, wording moto's",
       answer("Failed: Replication failed: Secret name db already exists in region eu-west-1."),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string theirs = occupy(bench);
         replicate(bench);
         EXPECT_EQ(bench.value(theirs), "theirs");
         return answer(status(bench));
       }},
      {"AnExistingNameIsOverwrittenWhenForced", "DOC ReplicateSecretToRegions", answer("0"),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string theirs = occupy(bench);
         const std::string replica = replicate(bench, true);
         EXPECT_EQ(bench.value(theirs), "ResourceNotFoundException");
         return answer(bench.value(replica));
       }},
      {"AFailedReplicationIsTriedAgain", "DOC aws.md 2.1", answer("InSync: Replication succeeded"),
       [](Scene& scene) {
         Bench bench{scene};
         occupy(bench);
         replicate(bench);
         replicate(bench, true);
         return answer(status(bench));
       }},
      {"BothNameThePrimaryRegion", "DOC aws.md 2.1", answer("us-east-1 us-east-1"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_EQ(bench.describe().primary_region, "");
         const std::string replica = replicate(bench);
         return answer(bench.describe().primary_region + " " +
                       bench(DescribeSecret{.secret_id = replica}).value().primary_region);
       }},
      {"SecretsAreFilteredByTheirPrimaryRegion", "DOC Filter", answer("db"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(CreateSecret{.name = "web", .client_request_token = token(3)}).ok());
         replicate(bench);
         const auto found = [&](std::string region) {
           std::string out;
           const auto list =
               bench(ListSecrets{.filters = {{.key = "primary-region", .values = {std::move(region)}}}});
           for (const auto& entry : list.value().secret_list) {
             out += entry.name;
           }
           return out;
         };
         EXPECT_EQ(found("eu-"), "");
         return answer(found("us-east"));
       }},
      {"AReplicaFollowsItsPrimary", "DOC aws.md 2.1", answer("1:AWSPREVIOUS 2:AWSCURRENT"),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string replica = replicate(bench);
         const std::string policy = statements(
             R"({"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"secretsmanager:*","Resource":"*"})");
         EXPECT_TRUE(bench(PutSecretValue{
                               .secret_id = "db", .client_request_token = token(2), .secret_string = "new"})
                         .ok());
         EXPECT_TRUE(bench(TagResource{.secret_id = "db", .tags = {{.key = "k", .value = "v"}}}).ok());
         EXPECT_TRUE(bench(PutResourcePolicy{.secret_id = "db", .resource_policy = policy}).ok());
         EXPECT_EQ(bench.value(replica), "new");
         EXPECT_EQ(bench(DescribeSecret{.secret_id = replica}).value().tags.value().at(0).value, "v");
         EXPECT_EQ(bench(GetResourcePolicy{.secret_id = replica}).value().resource_policy, policy);
         return answer(bench.labels(replica));
       }},
      {"AReplicaIsReadOnItsOwn", "DOC ReplicationStatusType", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const std::string replica = replicate(bench);
         EXPECT_EQ(bench.value(replica), "0");
         const auto about = bench.describe();
         EXPECT_EQ(about.last_accessed_date, std::nullopt);
         EXPECT_EQ(about.replication_status.at(0).last_accessed_date,
                   std::chrono::floor<std::chrono::days>(scene.now()));
         return fine;
       }},
      {"NothingIsConfiguredOnAReplica", "REC cloud-nuke#435, terraform-aws-secrets-manager#188", read_only(),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string replica = replicate(bench);
         RotateSecret rotate = Bench::rotate(2);
         rotate.secret_id = replica;
         ReplicateSecretToRegions further = to_region(false, "eu-west-2");
         further.secret_id = replica;
         EXPECT_EQ(outcome(bench(rotate)), read_only());
         EXPECT_EQ(outcome(bench(further)), read_only());
         EXPECT_EQ(outcome(bench(CancelRotateSecret{.secret_id = replica})), read_only());
         EXPECT_EQ(outcome(bench(DeleteResourcePolicy{.secret_id = replica})), read_only());
         EXPECT_EQ(outcome(bench(RemoveRegionsFromReplication{.secret_id = replica,
                                                              .remove_replica_regions = {there}})),
                   read_only());
         return outcome(bench(PutResourcePolicy{
             .secret_id = replica,
             .resource_policy = statements(
                 R"({"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"*","Resource":"*"})")}));
       }},
      {"APromotedReplicaIsASecretOfItsOwn", "DOC StopReplicationToReplica", answer("0 mine none"),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string replica = replicate(bench);
         EXPECT_EQ(bench(StopReplicationToReplica{.secret_id = replica}).value().arn, replica);
         EXPECT_TRUE(
             bench(PutSecretValue{
                       .secret_id = replica, .client_request_token = token(2), .secret_string = "mine"})
                 .ok());
         return answer(bench.value() + " " + bench.value(replica) + " " + status(bench));
       }},
      {"OnlyAReplicaIsPromoted", "MEM",
       invalid_parameter(
           "Operation not permitted on a primary secret. Call must be made in the replica secret's region."),
       [](Scene& scene) { return outcome(Bench{scene}(StopReplicationToReplica{.secret_id = "db"})); }},
      {"ARegionIsRemovedWithItsReplica", "DOC RemoveRegionsFromReplication", answer("none"),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string replica = replicate(bench);
         const RemoveRegionsFromReplication request{.secret_id = "db", .remove_replica_regions = {there}};
         EXPECT_EQ(bench(request).value().replication_status.size(), 0U);
         EXPECT_EQ(bench.value(replica), "ResourceNotFoundException");
         EXPECT_EQ(outcome(bench(request)),
                   invalid_parameter("The secret is not replicated to region eu-west-1."));
         return answer(status(bench));
       }},
      {"ASecretIsNotReplicatedToItsOwnRegion", "REC aws-cdk preflight, terraform",
       invalid_parameter("Invalid replica region."),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_EQ(outcome(bench(CreateSecret{.name = "web",
                                              .client_request_token = token(3),
                                              .secret_string = "x",
                                              .add_replica_regions = {{.region = "us-east-1"}}})),
                   invalid_parameter("Invalid replica region."));
         return outcome(bench(to_region(false, "us-east-1")));
       }},
      {"ARegionIsTakenOnce", "MEM",
       invalid_parameter("The secret is already replicated to region eu-west-1."),
       [](Scene& scene) {
         Bench bench{scene};
         replicate(bench);
         return outcome(bench(to_region()));
       }},
      {"AConditionSeesTheRegions", "DOC aws.md 3",
       failure(Outcome::denied, 400, "AccessDeniedException",
               "User: arn:aws:iam::999988887777:user/admin is not authorized to perform: "
               "secretsmanager:ReplicateSecretToRegions on resource: db with an explicit deny in a "
               "resource-based policy"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(
             bench(
                 PutResourcePolicy{
                     .secret_id = "db",
                     .resource_policy = statements(
                         R"({"Effect":"Deny","Principal":"*",)"
                         R"("Action":"secretsmanager:ReplicateSecretToRegions","Resource":"*",)"
                         R"("Condition":{"StringEquals":{"secretsmanager:AddReplicaRegions":"eu-west-1"}}})")})
                 .ok());
         EXPECT_EQ(outcome(bench(to_region(false, "eu-west-2"))), fine);
         return outcome(bench(to_region()));
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(SecretRotation, Conformance, on_every_way(rotation_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretSchedules, Conformance, on_every_way(schedule_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretReplicas, Conformance, on_every_way(replica_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
