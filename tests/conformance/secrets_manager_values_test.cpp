// What secrets hold, how long they live, and who may touch them: twelve operations of Secrets Manager.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "behaviour.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::secretsmanager::BatchGetSecretValue;
using api::secretsmanager::CreateSecret;
using api::secretsmanager::DeleteSecret;
using api::secretsmanager::DescribeSecret;
using api::secretsmanager::GetSecretValue;
using api::secretsmanager::ListSecretVersionIds;
using api::secretsmanager::PutSecretValue;
using api::secretsmanager::RestoreSecret;
using api::secretsmanager::TagResource;
using api::secretsmanager::UntagResource;
using api::secretsmanager::UpdateSecret;
using api::secretsmanager::UpdateSecretVersionStage;
using api::secretsmanager::ValidateResourcePolicy;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

// ---- Texts ----

constexpr std::string_view invalid_name =
    "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: "
    "-/_+=.@!";
constexpr std::string_view no_token =
    "You must provide a ClientRequestToken value. We recommend a UUID-type value.";
constexpr std::string_view marked =
    "You can't perform this operation on the secret because it was marked for deletion.";
constexpr std::string_view not_there = "Secrets Manager can't find the specified secret.";
constexpr std::string_view default_key =
    "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS "
    "service key.";

Failure invalid_parameter(std::string_view text) {
  return failure(Outcome::invalid, 400, "InvalidParameterException", text);
}
Failure invalid_request(std::string_view text) {
  return failure(Outcome::invalid, 400, "InvalidRequestException", text);
}
Failure exists(std::string_view text) {
  return failure(Outcome::invalid, 400, "ResourceExistsException", text);
}
Failure not_found(std::string_view text = not_there) {
  return failure(Outcome::not_found, 400, "ResourceNotFoundException", text);
}
Failure malformed(std::string_view text) {
  return failure(Outcome::invalid, 400, "ValidationException", text);
}
Failure denied(std::string_view text) { return failure(Outcome::denied, 400, "AccessDeniedException", text); }

// ---- Who and what ----

constexpr std::string_view our_account = "444455556666";
constexpr std::string_view their_account = "999988887777";

std::string statement(std::string_view text) {
  return R"({"Version":"2012-10-17","Statement":[)" + std::string{text} + "]}";
}
const std::string everything = statement(R"({"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"})");

api::Identity user(Scene& scene, std::string_view account, std::string name, std::string policy) {
  return scene.inside()->world.iam.add_user(
      {.account = std::string{account}, .name = std::move(name), .policies = {std::move(policy)}});
}
/// May do everything in the account of the secrets.
api::Identity admin(Scene& scene) { return user(scene, our_account, "admin", everything); }
api::Identity stranger(Scene& scene) { return user(scene, their_account, "stranger", everything); }

/// Tokens that differ in their last digits: `11111111-1111-4111-8111-000000000007`.
std::string token(int number) {
  const std::string digits = std::to_string(number);
  return "11111111-1111-4111-8111-" + std::string(12 - digits.size(), '0') + digits;
}

CreateSecret new_secret(std::string value = "one") {
  return {.name = "prod/db", .client_request_token = token(1), .secret_string = std::move(value)};
}
PutSecretValue new_value(int number, std::string value, std::vector<std::string> stages = {}) {
  return {.secret_id = "prod/db",
          .client_request_token = token(number),
          .secret_string = std::move(value),
          .version_stages = std::move(stages)};
}
GetSecretValue get_value() { return {.secret_id = "prod/db"}; }

/// An administrator and his secret `prod/db`, whose first version is token(1) with the value `one`.
struct Bench {
  explicit Bench(Scene& at) : scene(at), me(admin(at)), arn((*this)(new_secret()).value().arn) {}

  template <api::IsOperation Op>
  Result<typename Op::Output> operator()(const Op& request) {
    return scene.call(request, me);
  }
  /// The labels of each version that has some, in the order of their ids: `1:AWSPREVIOUS 2:AWSCURRENT`.
  std::string labels() {
    std::string out;
    const auto about = (*this)(DescribeSecret{.secret_id = arn});
    for (const auto& [id, stages] : about.value().version_ids_to_stages) {
      if (!out.empty()) out += ' ';
      out += std::to_string(std::stoi(id.substr(24)));
      for (std::size_t i = 0; i < stages.size(); ++i) out += (i == 0 ? ":" : ",") + stages[i];
    }
    return out;
  }
  /// An answer with ARN instead of the secret's own, whose suffix is random.
  template <api::IsOperation Op>
  Failure shown(const Result<typename Op::Output>& result) const {
    Failure seen = answer_json<Op>(result);
    for (std::size_t at = seen.message.find(arn); at != std::string::npos; at = seen.message.find(arn)) {
      seen.message.replace(at, arn.size(), "ARN");
    }
    return seen;
  }

  Scene& scene;
  api::Identity me;
  std::string arn;
};

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

/// What every one of these calls gave, which must be the same.
Failure all_same(const std::vector<Failure>& outcomes) {
  for (const Failure& each : outcomes) EXPECT_EQ(each, outcomes.front());
  return outcomes.front();
}

// ---- The order of checks, names and tokens ----

std::vector<Behaviour> form_behaviours() {
  return {
      {"TenOperationsMindTheName", "REC aws.md 2.1", malformed(invalid_name),
       [](Scene& scene) {
         const api::Identity me = admin(scene);
         const std::string id = "prod db?";
         return all_same(
             {outcome(scene.call(CreateSecret{.name = id, .client_request_token = token(1)}, me)),
              outcome(scene.call(DeleteSecret{.secret_id = id}, me)),
              outcome(scene.call(DescribeSecret{.secret_id = id}, me)),
              outcome(scene.call(GetSecretValue{.secret_id = id}, me)),
              outcome(scene.call(ListSecretVersionIds{.secret_id = id}, me)),
              outcome(scene.call(
                  PutSecretValue{.secret_id = id, .client_request_token = token(1), .secret_string = "x"},
                  me)),
              outcome(scene.call(TagResource{.secret_id = id, .tags = {{.key = "a", .value = "b"}}}, me)),
              outcome(scene.call(UntagResource{.secret_id = id, .tag_keys = {"a"}}, me)),
              outcome(scene.call(UpdateSecret{.secret_id = id, .client_request_token = token(1)}, me)),
              outcome(scene.call(ValidateResourcePolicy{.secret_id = id, .resource_policy = "{}"}, me))});
       }},
      {"AnArnIsNoNameForANewSecret", "REC aws.md 2.1", malformed(invalid_name),
       [](Scene& scene) {
         return outcome(scene.call(
             CreateSecret{.name = "arn:aws:secretsmanager:us-east-1:444455556666:secret:prod/db-a1b2c3",
                          .client_request_token = token(1)},
             admin(scene)));
       }},
      {"AllCharactersOfNamesAreGood", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         return outcome(scene.call(CreateSecret{.name = "Az09/_+=.@!-", .client_request_token = token(1)},
                                   admin(scene)));
       }},
      {"ANameHas512Characters", "DOC aws.md A",
       malformed("1 validation error detected: Value '" + std::string(513, 'n') +
                 "' at 'name' failed to satisfy constraint: Member must have length less than or equal to "
                 "512"),
       [](Scene& scene) {
         const api::Identity me = admin(scene);
         EXPECT_TRUE(
             scene.call(CreateSecret{.name = std::string(512, 'n'), .client_request_token = token(1)}, me)
                 .ok());
         return outcome(
             scene.call(CreateSecret{.name = std::string(513, 'n'), .client_request_token = token(1)}, me));
       }},
      {"TheNameComesBeforeTheToken", "REC aws.md 2.1", malformed(invalid_name),
       [](Scene& scene) { return outcome(scene.call(CreateSecret{.name = "prod db"}, admin(scene))); }},
      {"CreateWantsAToken", "REC aws.md 2.1", invalid_request(no_token),
       [](Scene& scene) { return outcome(scene.call(CreateSecret{.name = "prod/db"}, admin(scene))); }},
      {"PutWantsATokenBeforeItLooksForTheSecret", "REC aws.md 2.1", invalid_request(no_token),
       [](Scene& scene) {
         return outcome(scene.call(PutSecretValue{.secret_id = "none", .secret_string = "x"}, admin(scene)));
       }},
      {"UpdateWantsAToken", "REC aws.md 2.1", invalid_request(no_token),
       [](Scene& scene) {
         return outcome(scene.call(UpdateSecret{.secret_id = "none", .description = "x"}, admin(scene)));
       }},
      {"AShortTokenIsRefused", "DOC aws.md A",
       malformed("1 validation error detected: Value 'short' at 'clientRequestToken' failed to satisfy "
                 "constraint: Member must have length greater than or equal to 32"),
       [](Scene& scene) {
         return outcome(
             scene.call(CreateSecret{.name = "prod/db", .client_request_token = "short"}, admin(scene)));
       }},
      {"PermissionComesBeforeExistence", "DOC aws.md 3",
       denied("User: arn:aws:iam::444455556666:user/nobody is not authorized to perform: "
              "secretsmanager:GetSecretValue on resource: none because no identity-based policy allows the "
              "secretsmanager:GetSecretValue action"),
       [](Scene& scene) {
         return outcome(scene.call(GetSecretValue{.secret_id = "none"},
                                   user(scene, our_account, "nobody",
                                        statement(R"({"Effect":"Allow","Action":"sts:*","Resource":"*"})"))));
       }},
  };
}

// ---- CreateSecret and the token ----

std::vector<Behaviour> token_behaviours() {
  return {
      {"TheTokenBecomesTheVersionId", "REC aws.md 2.1",
       answer(R"({"ARN":"ARN","Name":"prod/db","VersionId":"11111111-1111-4111-8111-000000000001"})"),
       [](Scene& scene) {
         Bench bench{scene};
         return bench.shown<CreateSecret>(bench(new_secret()));  // the second time: the same answer
       }},
      {"ASecretIsMadeWithoutAValue", "DOC aws.md A", answer(R"({"ARN":"ARN","Name":"empty"})"),
       [](Scene& scene) {
         Bench bench{scene};
         const auto made = bench(CreateSecret{.name = "empty", .client_request_token = token(1)});
         bench.arn = made.value().arn;
         EXPECT_EQ(outcome(bench(GetSecretValue{.secret_id = "empty"})).message,
                   "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT");
         return bench.shown<CreateSecret>(made);
       }},
      {"CreatingAgainWithAnotherValueFails", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_EQ(outcome(bench(new_secret("two"))),
                   exists("You can't use ClientRequestToken 11111111-1111-4111-8111-000000000001 because "
                          "that value is already in use for a version of secret " +
                          bench.arn + "."));
         return outcome(bench(get_value()));
       }},
      {"ANameIsTakenOnce", "REC aws.md 2.1",
       exists("The operation failed because the secret prod/db already exists."),
       [](Scene& scene) {
         Bench bench{scene};
         CreateSecret again = new_secret();
         again.client_request_token = token(2);
         return outcome(bench(again));
       }},
      {"ANameScheduledForDeletionIsStillTaken", "REC aws.md 2.1",
       invalid_request("You can't create this secret because a secret with this name is already scheduled "
                       "for deletion."),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "prod/db"}).ok());
         return outcome(bench(new_secret()));
       }},
      {"PuttingAgainChangesNothing", "REC aws.md 2.1",
       answer(R"({"ARN":"ARN","Name":"prod/db","VersionId":"11111111-1111-4111-8111-000000000002",)"
              R"("VersionStages":["AWSPREVIOUS"]})"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two")).ok());
         EXPECT_TRUE(bench(new_value(3, "three")).ok());
         const auto again = bench(new_value(2, "two"));
         EXPECT_EQ(bench.labels(), "2:AWSPREVIOUS 3:AWSCURRENT");
         return bench.shown<PutSecretValue>(again);
       }},
      {"PuttingAnotherValueWithTheTokenFails", "REC aws.md 2.1 (moto, verified against AWS)", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const Failure in_use = exists(
             "You can't use ClientRequestToken 11111111-1111-4111-8111-000000000001 because that "
             "value is already in use for a version of secret " +
             bench.arn + ".");
         EXPECT_EQ(outcome(bench(new_value(1, "two"))), in_use);
         EXPECT_EQ(outcome(bench(UpdateSecret{
                       .secret_id = bench.arn, .client_request_token = token(1), .secret_string = "two"})),
                   in_use);
         PutSecretValue bytes{.secret_id = bench.arn, .client_request_token = token(1)};
         bytes.secret_binary = aws::Blob{"one"};
         EXPECT_EQ(outcome(bench(bytes)), in_use) << "bytes are another value than the same text";
         return outcome(bench(new_value(1, "one")));
       }},
      {"AVersionThatARotationMadeIsFilled", "REC aws.md 2.1", answer("1:AWSCURRENT 2:AWSPENDING filled"),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string lambda = "arn:aws:lambda:us-east-1:444455556666:function:rotate";
         scene.inside()->world.secretsmanager.add_rotation_function(
             lambda, [](const RotationEvent&, RotationClient&) { return std::optional{"not yet"}; });
         EXPECT_TRUE(bench(api::secretsmanager::RotateSecret{.secret_id = bench.arn,
                                                             .client_request_token = token(2),
                                                             .rotation_lambda_arn = lambda})
                         .ok());
         GetSecretValue pending = get_value();
         pending.version_stage = "AWSPENDING";
         EXPECT_EQ(outcome(bench(pending)),
                   not_found("Secrets Manager can't find the specified secret value for staging label: "
                             "AWSPENDING"));
         EXPECT_TRUE(bench(new_value(2, "filled", {"AWSPENDING"})).ok());
         EXPECT_TRUE(bench(new_value(2, "filled", {"AWSPENDING"})).ok()) << "and again, which is nothing";
         EXPECT_EQ(outcome(bench(new_value(2, "otherwise", {"AWSPENDING"}))).code, "ResourceExistsException");
         return answer(bench.labels() + " " + bench(pending).value().secret_string);
       }},
      {"TextAndBytesExcludeEachOther", "REC aws.md 2.1",
       invalid_parameter("You can't specify both a binary secret value and a string secret value in the same "
                         "secret."),
       [](Scene& scene) {
         Bench bench{scene};
         CreateSecret both = new_secret();
         both.name = "both";
         both.secret_binary = aws::Blob{"x"};
         PutSecretValue put = new_value(2, "x");
         put.secret_binary = aws::Blob{"x"};
         UpdateSecret update{.secret_id = "prod/db", .client_request_token = token(2)};
         update.secret_string = "x";
         update.secret_binary = aws::Blob{"x"};
         return all_same({outcome(bench(both)), outcome(bench(put)), outcome(bench(update))});
       }},
      {"PutWantsAValue", "DOC PutSecretValue; text moto's",
       invalid_request("You must provide either SecretString or SecretBinary."),
       [](Scene& scene) {
         Bench bench{scene};
         return outcome(bench(PutSecretValue{.secret_id = "prod/db", .client_request_token = token(2)}));
       }},
      {"BytesComeBackAsBytes", "DOC aws.md A", fine,
       [](Scene& scene) {
         Bench bench{scene};
         PutSecretValue put{.secret_id = bench.arn, .client_request_token = token(2)};
         put.secret_binary = aws::Blob{std::string("\0\xff\n", 3)};
         EXPECT_TRUE(bench(put).ok());
         const auto got = bench(get_value());
         EXPECT_EQ(got.value().secret_binary, put.secret_binary);
         EXPECT_EQ(got.value().secret_string, "");
         return outcome(got);
       }},
      {"AValueHas65536Bytes", "DOC aws.md 4",
       malformed("1 validation error detected: Value '***' at 'secretString' failed to satisfy constraint: "
                 "Member must have length less than or equal to 65536"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, std::string(65'536, 'x'))).ok());
         std::string umlauts;
         for (int i = 0; i < 32'769; ++i) umlauts += "\u00e4";
         return all_same(
             {outcome(bench(new_value(3, std::string(65'537, 'x')))), outcome(bench(new_value(3, umlauts)))});
       }},
      {"BytesAreCountedToo", "DOC aws.md 4",
       malformed("1 validation error detected: Value '***' at 'secretBinary' failed to satisfy constraint: "
                 "Member must have length less than or equal to 65536"),
       [](Scene& scene) {
         Bench bench{scene};
         PutSecretValue put{.secret_id = bench.arn, .client_request_token = token(2)};
         put.secret_binary = aws::Blob{std::string(65'536, '\0')};
         EXPECT_TRUE(bench(put).ok());
         put.client_request_token = token(3);
         put.secret_binary->bytes += 'x';
         return outcome(bench(put));
       }},
      {"UpdateChangesWhatItIsGiven", "DOC aws.md A",
       answer(R"({"ARN":"ARN","Name":"prod/db","VersionId":"11111111-1111-4111-8111-000000000002"})"),
       [](Scene& scene) {
         Bench bench{scene};
         UpdateSecret update{.secret_id = "prod/db", .client_request_token = token(9)};
         update.description = "the database";
         update.type = "partner";
         EXPECT_EQ(bench.shown<UpdateSecret>(bench(update)).message, R"({"ARN":"ARN","Name":"prod/db"})");
         EXPECT_EQ(bench.labels(), "1:AWSCURRENT");
         update = {.secret_id = "prod/db", .client_request_token = token(2)};
         update.secret_string = "two";
         const auto updated = bench(update);
         const auto about = bench(DescribeSecret{.secret_id = "prod/db"});
         EXPECT_EQ(about.value().description, "the database");
         EXPECT_EQ(about.value().type, "partner");
         EXPECT_EQ(bench.labels(), "1:AWSPREVIOUS 2:AWSCURRENT");
         return bench.shown<UpdateSecret>(updated);
       }},
  };
}

// ---- Staging labels and versions ----

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
  };
}

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
  };
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

// ---- BatchGetSecretValue ----

std::vector<Behaviour> batch_behaviours() {
  return {
      {"ABatchReadsByName", "DOC BatchGetSecretValue",
       answer(R"({"SecretValues":[{"ARN":"ARN","Name":"prod/db",)"
              R"("VersionId":"11111111-1111-4111-8111-000000000001","SecretString":"one",)"
              R"("VersionStages":["AWSCURRENT"],"CreatedDate":1772413200.000}],"Errors":[]})"),
       [](Scene& scene) {
         Bench bench{scene};
         return bench.shown<BatchGetSecretValue>(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"}}));
       }},
      {"ABatchTellsOfEachFailure", "DOC aws.md 2.1",
       answer(R"({"SecretValues":[],"Errors":[)"
              R"({"SecretId":"none","ErrorCode":"ResourceNotFoundException",)"
              R"("Message":"Secrets Manager can't find the specified secret."},)"
              R"({"SecretId":"prod/db","ErrorCode":"InvalidRequestException",)"
              R"("Message":"You can't perform this operation on the secret because it was marked for )"
              R"(deletion."}]})"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "prod/db"}).ok());
         return bench.shown<BatchGetSecretValue>(
             bench(BatchGetSecretValue{.secret_id_list = {"none", "prod/db"}}));
       }},
      {"ABatchWantsPermissionForEach", "DOC aws.md 3",
       answer(R"({"SecretValues":[],"Errors":[{"SecretId":"prod/db","ErrorCode":"AccessDeniedException",)"
              R"("Message":"User: arn:aws:iam::444455556666:user/batcher is not authorized to perform: )"
              R"(secretsmanager:GetSecretValue on resource: prod/db because no identity-based policy allows )"
              R"(the secretsmanager:GetSecretValue action"}]})"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.me = user(scene, our_account, "batcher",
                         statement(R"({"Effect":"Allow","Action":"secretsmanager:BatchGetSecretValue",)"
                                   R"("Resource":"*"})"));
         return bench.shown<BatchGetSecretValue>(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"}}));
       }},
      {"ABatchWantsItsOwnPermission", "DOC aws.md 3",
       denied("User: arn:aws:iam::444455556666:user/getter is not authorized to perform: "
              "secretsmanager:BatchGetSecretValue because no identity-based policy allows the "
              "secretsmanager:BatchGetSecretValue action"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.me =
             user(scene, our_account, "getter",
                  statement(R"({"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"})"));
         return outcome(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"}}));
       }},
      {"FiltersWantListSecretsAsWell", "DOC aws.md 3",
       denied("User: arn:aws:iam::444455556666:user/batcher is not authorized to perform: "
              "secretsmanager:ListSecrets because no identity-based policy allows the "
              "secretsmanager:ListSecrets action"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.me = user(scene, our_account, "batcher",
                         statement(R"({"Effect":"Allow","Action":["secretsmanager:BatchGetSecretValue",)"
                                   R"("secretsmanager:GetSecretValue"],"Resource":"*"})"));
         EXPECT_TRUE(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"}}).ok());
         return outcome(bench(BatchGetSecretValue{.filters = {{.key = "name", .values = {"prod"}}}}));
       }},
      {"ABatchIsByNameOrByFilter", "DOC aws.md 2.1",
       invalid_parameter("Either 'SecretIdList' or 'Filters' must be provided, but not both."),
       [](Scene& scene) {
         Bench bench{scene};
         return all_same(
             {outcome(bench(BatchGetSecretValue{})),
              outcome(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"},
                                                .filters = {{.key = "name", .values = {"prod"}}}}))});
       }},
      {"MaxResultsIsForFilters", "DOC aws.md 2.1",
       invalid_parameter(
           "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided."),
       [](Scene& scene) {
         Bench bench{scene};
         return outcome(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"}, .max_results = 1}));
       }},
      {"ABatchHas20Names", "DOC aws.md A", fine,
       [](Scene& scene) {
         Bench bench{scene};
         BatchGetSecretValue batch{.secret_id_list = std::vector<std::string>(20, "prod/db")};
         const auto read = bench(batch);
         EXPECT_EQ(read.value().secret_values.size(), 20U);
         batch.secret_id_list.emplace_back("prod/db");
         EXPECT_THAT(outcome(bench(batch)).message,
                     testing::EndsWith("at 'secretIdList' failed to satisfy constraint: Member must have "
                                       "length less than or equal to 20"));
         return outcome(read);
       }},
      {"FiltersComeInPagesByAge", "DOC BatchGetSecretValue", answer("prod/db prod/b | prod/a |"),
       [](Scene& scene) {
         Bench bench{scene};
         for (const char* name : {"prod/b", "dev/c", "prod/gone", "prod/a"}) {
           EXPECT_TRUE(
               bench(CreateSecret{.name = name, .client_request_token = token(1), .secret_string = "x"})
                   .ok());
         }
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "prod/gone"}).ok());
         BatchGetSecretValue batch{.filters = {{.key = "name", .values = {"prod/"}}}, .max_results = 2};
         std::string seen;
         for (bool more = true; more;) {
           const auto page = bench(batch);
           for (const auto& secret : page.value().secret_values) seen += secret.name + " ";
           EXPECT_TRUE(page.value().errors.empty()) << "filters mean no secret that is marked for deletion";
           more = !page.value().next_token.empty();
           seen += more ? "| " : "|";
           batch.next_token = page.value().next_token;
         }
         return answer(seen);
       }},
      {"ABatchTakesNoTokenOfAnother", "DOC aws.md 1",
       failure(Outcome::invalid, 400, "InvalidNextTokenException", "The NextToken value is invalid."),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(CreateSecret{.name = "prod/a", .client_request_token = token(1)}).ok());
         BatchGetSecretValue batch{.filters = {{.key = "name", .values = {"prod"}}}, .max_results = 1};
         const std::string next = bench(batch).value().next_token;
         EXPECT_FALSE(next.empty());
         batch.next_token = next;
         EXPECT_TRUE(bench(batch).ok());
         batch.filters.at(0).values = {"pro"};
         const Failure other_question = outcome(bench(batch));
         batch.next_token = "made up";
         return all_same(
             {other_question, outcome(bench(batch)),
              outcome(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"}, .next_token = next}))});
       }},
  };
}

// ---- Other accounts ----

/// Shares the secret with the whole other account, for everything.
void share(Bench& bench) {
  const api::secretsmanager::PutResourcePolicy put{
      .secret_id = bench.arn,
      .resource_policy =
          statement(R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},)"
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
                                         statement(R"({"Effect":"Allow",)"
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
  };
}

// ---- Permissions ----

/// A user with one statement, who does something; his answer.
template <api::IsOperation Op>
Failure tried(Scene& scene, const std::string& statements, const Op& request) {
  return outcome(scene.call(request, user(scene, our_account, "limited", statement(statements))));
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
                         statement(R"({"Effect":"Allow","Action":"secretsmanager:*","Resource":"*",)"
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
  };
}

INSTANTIATE_TEST_SUITE_P(SecretForms, Conformance, on_every_way(form_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretTokens, Conformance, on_every_way(token_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretLabels, Conformance, on_every_way(label_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretIdentity, Conformance, on_every_way(identity_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretTags, Conformance, on_every_way(tag_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretDeletion, Conformance, on_every_way(deletion_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretRegions, Conformance,
                         testing::Combine(testing::ValuesIn(region_behaviours()),
                                          testing::Values(Way::direct)),
                         row_name);
INSTANTIATE_TEST_SUITE_P(SecretBatches, Conformance, on_every_way(batch_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretAccounts, Conformance, on_every_way(account_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretPermissions, Conformance, on_every_way(permission_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
