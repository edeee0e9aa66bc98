#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/fakes/gtest.hpp>

#include "policies.hpp"

namespace rushhour::fakes {
namespace {

using api::secretsmanager::CreateSecret;
using api::secretsmanager::DescribeSecret;
using api::secretsmanager::GetSecretValue;
using api::secretsmanager::ListSecretVersionIds;
using api::secretsmanager::PutSecretValue;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using namespace std::chrono_literals;

const std::string ours = "123456789012";
const std::string theirs = "210987654321";

/// A user who may do everything in Secrets Manager, unless a test says otherwise.
class SecretsManagerTest : public DetectionTest {
 protected:
  aws::Credentials reader(std::string policy = allowing("secretsmanager:*")) {
    return world().iam.add_user({.account = ours, .name = "alice", .policies = {std::move(policy)}});
  }
  std::string add(std::string name, std::string value = "value", std::string account = ours,
                  std::string region = "") {
    return world().secretsmanager.add_secret({.account = std::move(account),
                                              .region = std::move(region),
                                              .name = std::move(name),
                                              .value = std::move(value)},
                                             clock.now());
  }
  Result<GetSecretValue::Output> get(const aws::Credentials& who, GetSecretValue request) {
    auto client = secretsmanager(api::Identity{who});
    return client(request);
  }
  Result<DescribeSecret::Output> describe(const aws::Credentials& who, const std::string& secret_id) {
    auto client = secretsmanager(api::Identity{who});
    return client(DescribeSecret{.secret_id = secret_id});
  }
  static auto HasValue(std::string value) {
    return Succeeds(Field(&GetSecretValue::Output::secret_string, value));
  }
};

// ---- Where an answer goes ----

TEST_F(SecretsManagerTest, AnAnswerLeavesNothingOfTheOneBeforeIt) {
  const api::Identity who = reader();
  auto client = secretsmanager(who);
  const auto binary = client(CreateSecret{.name = "binary", .secret_binary = aws::Blob{"bytes"}});
  ASSERT_THAT(binary, Succeeds());
  add("text", "value");
  GetSecretValue::Output answer;
  const auto get_into_answer = [&](const std::string& secret_id) {
    const GetSecretValue request{.secret_id = secret_id};
    Failure failure;
    const api::Attribution attribution;
    return world().perform({.operation = api::operation_of<GetSecretValue>,
                            .input = &request,
                            .output = &answer,
                            .identity = who,
                            .attribution = attribution,
                            .failure = failure},
                           clock.now());
  };
  ASSERT_TRUE(get_into_answer("text"));
  ASSERT_TRUE(get_into_answer("binary"));
  EXPECT_EQ(answer.secret_binary, aws::Blob{"bytes"});
  EXPECT_EQ(answer.secret_string, "");
  ASSERT_TRUE(get_into_answer("text"));
  EXPECT_EQ(answer.secret_binary, std::nullopt);
  EXPECT_EQ(answer.secret_string, "value");
  EXPECT_THAT(answer.version_stages, ElementsAre("AWSCURRENT"));
}

// ---- What a secret is called ----

TEST_F(SecretsManagerTest, FindsASecretByNameArnAndPartialArn) {
  const aws::Credentials key = reader();
  const std::string arn = add("prod/db", "hunter2");
  EXPECT_THAT(arn, MatchesRegex("arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-[A-Za-z0-9]+"));
  const std::string partial = arn.substr(0, arn.size() - 7);
  for (const std::string& id : {std::string{"prod/db"}, arn, partial}) {
    EXPECT_THAT(get(key, {.secret_id = id}), HasValue("hunter2")) << id;
  }
  EXPECT_THAT(get(key, {.secret_id = arn.substr(arn.find("prod/db"))}),
              FailsWith("ResourceNotFoundException"))
      << "a name with the suffix is no name";
}

TEST_F(SecretsManagerTest, TakesAPartialArnThatEndsLikeASuffixForACompleteOne) {
  const aws::Credentials key = reader();
  const std::string arn = add("prod/db-a1b2c3", "hunter2");
  EXPECT_THAT(get(key, {.secret_id = arn.substr(0, arn.size() - 7)}), FailsWith("ResourceNotFoundException"));
  EXPECT_THAT(get(key, {.secret_id = arn}), HasValue("hunter2"));
  EXPECT_THAT(get(key, {.secret_id = "prod/db-a1b2c3"}), HasValue("hunter2"));
}

TEST_F(SecretsManagerTest, ASecretMadeAgainHasAnotherArnAndLosesTheFormer) {
  const aws::Credentials key = reader();
  const std::string before = add("prod/db", "old");
  const std::string after = add("prod/db", "new");
  EXPECT_NE(before, after);
  EXPECT_THAT(get(key, {.secret_id = "prod/db"}), HasValue("new"));
  EXPECT_THAT(get(key, {.secret_id = after}), HasValue("new"));
  EXPECT_THAT(get(key, {.secret_id = before}), FailsWith("ResourceNotFoundException"));
}

TEST_F(SecretsManagerTest, NamesAreLookedUpInTheCallersAccountAndTheFakesRegion) {
  const aws::Credentials key = reader();
  add("prod/db", "here");
  add("prod/db", "of another account", theirs);
  add("prod/db", "of another Region", ours, "eu-central-1");
  add("only/there", "of another Region", ours, "eu-central-1");
  EXPECT_THAT(get(key, {.secret_id = "prod/db"}), HasValue("here"));
  EXPECT_THAT(get(key, {.secret_id = "only/there"}), FailsWith("ResourceNotFoundException"));
}

TEST_F(SecretsManagerTest, SaysWhatItCannotFind) {
  const aws::Credentials key = reader();
  const std::string text = "Secrets Manager can't find the specified secret.";
  EXPECT_THAT(get(key, {.secret_id = "nothing"}), FailsWith("ResourceNotFoundException", text));
  EXPECT_THAT(describe(key, "nothing"), FailsWith("ResourceNotFoundException", text));
  const Failure failure = get(key, {.secret_id = "nothing"}).failure();
  EXPECT_EQ(failure.status, 400) << "not 404, as fakes often have it";
  EXPECT_EQ(failure.outcome, Outcome::not_found);
}

TEST_F(SecretsManagerTest, RefusesACharacterThatNoNameHasBeforeAskingWhoMay) {
  EXPECT_THAT(
      get(reader(denying("*")), {.secret_id = "prod db"}),
      FailsWith("ValidationException",
                "Invalid name. Must be a valid name containing alphanumeric characters, or any of the "
                "following: -/_+=.@!"));
  EXPECT_THAT(describe(reader(), "prod\ndb"), FailsWith("ValidationException"));
  EXPECT_THAT(get(reader(), {.secret_id = ""}), FailsWith("ValidationException", HasSubstr("secretId")));
}

// ---- Who may ----

TEST_F(SecretsManagerTest, SaysWhoMayNotDoWhatOnWhatWasSent) {
  add("prod/db");
  const aws::Credentials key = reader(allowing("secretsmanager:DescribeSecret"));
  const auto refused = get(key, {.secret_id = "prod/db"});
  EXPECT_THAT(refused,
              FailsWith("AccessDeniedException",
                        "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
                        "secretsmanager:GetSecretValue on resource: prod/db because no identity-based policy "
                        "allows the secretsmanager:GetSecretValue action"));
  EXPECT_EQ(refused.failure().status, 400);
  EXPECT_THAT(describe(key, "prod/db"), Succeeds());
}

TEST_F(SecretsManagerTest, AnExplicitDenyWinsAndIsNamed) {
  add("prod/db");
  const aws::Credentials key = reader();
  world().iam.add_policy("arn:aws:iam::123456789012:user/alice", denying("secretsmanager:GetSecretValue"));
  EXPECT_THAT(
      get(key, {.secret_id = "prod/db"}),
      FailsWith("AccessDeniedException", HasSubstr("with an explicit deny in an identity-based policy")));
}

TEST_F(SecretsManagerTest, TellsNobodyOfASecretThatHeMayNotRead) {
  const aws::Credentials key =
      reader(allowing("secretsmanager:*", "arn:aws:secretsmanager:us-east-1:123456789012:secret:dev/*"));
  add("prod/db");
  EXPECT_THAT(get(key, {.secret_id = "prod/db"}), FailsWith("AccessDeniedException"));
  EXPECT_THAT(get(key, {.secret_id = "prod/none"}), FailsWith("AccessDeniedException"));
  EXPECT_THAT(get(key, {.secret_id = "dev/none"}), FailsWith("ResourceNotFoundException"));
}

TEST_F(SecretsManagerTest, PoliciesSpeakOfTheWholeArnWhateverNameWasSent) {
  const std::string arn = add("prod/db");
  const aws::Credentials key = reader(allowing("secretsmanager:GetSecretValue", arn));
  EXPECT_THAT(get(key, {.secret_id = "prod/db"}), Succeeds());
  EXPECT_THAT(get(key, {.secret_id = arn.substr(0, arn.size() - 7)}), Succeeds());
}

TEST_F(SecretsManagerTest, ASecretOfAnotherAccountNeedsAResourcePolicy) {
  const std::string foreign = add("prod/db", "value", theirs);
  EXPECT_THAT(get(reader(), {.secret_id = foreign}),
              FailsWith("AccessDeniedException", HasSubstr("because no resource-based policy allows")));
}

TEST_F(SecretsManagerTest, WordsFailedAuthenticationItsOwnWay) {
  const auto text_of = [&](const api::Identity& who) {
    auto client = secretsmanager(who);
    return client(GetSecretValue{.secret_id = "prod/db"}).failure();
  };
  EXPECT_THAT(text_of(api::Anonymous{}), FailsWith("MissingAuthenticationTokenException"));
  const Failure unknown = text_of(aws::Credentials{"AKIAAAAAAAAAAAAAAAAA", "secret", ""});
  EXPECT_THAT(unknown, FailsWith("UnrecognizedClientException",
                                 "The security token included in the request is invalid."));
  EXPECT_EQ(unknown.status, 400);
  aws::Credentials key = reader();
  key.secret_access_key = "wrong";
  EXPECT_THAT(text_of(key), FailsWith("InvalidSignatureException"));
}

// ---- Versions ----

TEST_F(SecretsManagerTest, GivesTheCurrentVersionUnlessAskedForAnother) {
  const aws::Credentials key = reader();
  const std::string arn = add("prod/db", "first");
  const std::string first_id = get(key, {.secret_id = arn}).value().version_id;
  EXPECT_THAT(first_id, MatchesRegex("[0-9a-f]+-[0-9a-f]+-4[0-9a-f]+-[89ab][0-9a-f]+-[0-9a-f]+"));
  EXPECT_EQ(first_id.size(), 36U);
  advance(1h);
  ASSERT_TRUE(world().secretsmanager.put_value(arn, "second", clock.now()));

  const GetSecretValue::Output current = get(key, {.secret_id = arn}).value();
  EXPECT_EQ(current.secret_string, "second");
  EXPECT_EQ(current.created_date, clock.now());
  EXPECT_THAT(current.version_stages, ElementsAre("AWSCURRENT"));
  EXPECT_THAT(get(key, {.secret_id = arn, .version_stage = "AWSPREVIOUS"}), HasValue("first"));
  EXPECT_THAT(get(key, {.secret_id = arn, .version_id = first_id}), HasValue("first"));
  EXPECT_THAT(get(key, {.secret_id = arn, .version_id = first_id, .version_stage = "AWSPREVIOUS"}),
              HasValue("first"));
}

TEST_F(SecretsManagerTest, SaysWhichVersionIsMissingOrDisagrees) {
  const aws::Credentials key = reader();
  const std::string arn = add("prod/db");
  const std::string unknown = "01234567-89ab-4cde-8f01-23456789abcd";
  EXPECT_THAT(
      get(key, {.secret_id = arn, .version_stage = "AWSPENDING"}),
      FailsWith("ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for staging label: AWSPENDING"));
  EXPECT_THAT(get(key, {.secret_id = arn, .version_id = unknown}),
              FailsWith("ResourceNotFoundException",
                        "Secrets Manager can't find the specified secret value for VersionId: " + unknown));
  const std::string id = get(key, {.secret_id = arn}).value().version_id;
  EXPECT_THAT(get(key, {.secret_id = arn, .version_id = id, .version_stage = "AWSPREVIOUS"}),
              FailsWith("InvalidRequestException",
                        "You provided a VersionStage that is not associated to the provided VersionId."));
}

TEST_F(SecretsManagerTest, LabelsTheLastTwoVersionsOnly) {
  const aws::Credentials key = reader();
  const std::string arn = add("prod/db", "first");
  for (const char* value : {"second", "third"})
    ASSERT_TRUE(world().secretsmanager.put_value(arn, value, clock.now()));
  EXPECT_THAT(get(key, {.secret_id = arn, .version_stage = "AWSPREVIOUS"}), HasValue("second"));
  EXPECT_THAT(describe(key, arn).value().version_ids_to_stages,
              UnorderedElementsAre(Pair(SizeIs(36), ElementsAre("AWSPREVIOUS")),
                                   Pair(SizeIs(36), ElementsAre("AWSCURRENT"))));
  EXPECT_FALSE(world().secretsmanager.put_value(
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:none-abcdef", "x", clock.now()));
}

TEST_F(SecretsManagerTest, SetsUpSecretsUnderAKeyOfTheirOwn) {
  const std::string arn = world().secretsmanager.add_secret(
      {.account = ours, .name = "prod/db", .value = "x", .kms_key_id = "mine"}, clock.now());
  const aws::Credentials key = reader();
  auto client = secretsmanager(api::Identity{key});
  const auto versions = client(ListSecretVersionIds{.secret_id = arn});
  EXPECT_THAT(versions.value().versions.at(0).kms_key_ids, ElementsAre("mine"));
  EXPECT_EQ(describe(key, arn).value().kms_key_id, "mine");
}

// ---- Clients ----

TEST_F(SecretsManagerTest, AClientFillsInTheTokenAsSdksDo) {
  auto client = secretsmanager(api::Identity{reader()});
  const auto made = client(CreateSecret{.name = "prod/db", .secret_string = "one"});
  EXPECT_THAT(made.value().version_id,
              MatchesRegex("[0-9a-f]+-[0-9a-f]+-4[0-9a-f]+-[89ab][0-9a-f]+-[0-9a-f]+"));
  const auto put = client(PutSecretValue{.secret_id = "prod/db", .secret_string = "two"});
  EXPECT_EQ(put.value().version_id.size(), 36U);
  EXPECT_NE(put.value().version_id, made.value().version_id);
  const std::string own(32, 't');
  EXPECT_EQ(client(PutSecretValue{.secret_id = "prod/db", .client_request_token = own, .secret_string = "3"})
                .value()
                .version_id,
            own);
}

/// Loses the first answer, and keeps the tokens.
class LossyEndpoint final : public api::Endpoint {
 public:
  bool perform(const api::Exchange& exchange, Instant /*now*/) override {
    tokens.push_back(static_cast<const PutSecretValue*>(exchange.input)->client_request_token.value_or(""));
    exchange.failure = {.outcome = Outcome::server_error, .status = 500};
    return tokens.size() > 1;
  }
  std::vector<std::string> tokens;
};

TEST_F(SecretsManagerTest, AttemptsOfOneCallHaveOneToken) {
  LossyEndpoint endpoint;
  api::Session session{.endpoint = &endpoint, .clock = &clock};
  api::Client client{session, api::Identity{api::Anonymous{}}, retry::make("standard")};
  EXPECT_THAT(client(PutSecretValue{.secret_id = "prod/db", .secret_string = "two"}), Succeeds());
  ASSERT_THAT(endpoint.tokens, SizeIs(2));
  EXPECT_EQ(endpoint.tokens[0], endpoint.tokens[1]);
  EXPECT_EQ(endpoint.tokens[0].size(), 36U);
}

// ---- DescribeSecret ----

TEST_F(SecretsManagerTest, DescribesASecretWithoutItsValue) {
  world().secretsmanager.add_secret({.account = ours,
                                     .name = "prod/db",
                                     .value = "hunter2",
                                     .description = "the database",
                                     .tags = {{.key = "team", .value = "blue"}}},
                                    clock.now());
  const Instant created = clock.now();
  advance(1h);
  const auto answer = describe(reader(), "prod/db");
  const DescribeSecret::Output& about = answer.value();
  EXPECT_EQ(about.name, "prod/db");
  EXPECT_EQ(about.description, "the database");
  EXPECT_EQ(about.created_date, created);
  EXPECT_EQ(about.last_changed_date, created);
  ASSERT_TRUE(about.tags);
  ASSERT_THAT(*about.tags, SizeIs(1));
  EXPECT_EQ(about.tags->front().value, "blue");
  EXPECT_THAT(about.version_ids_to_stages, SizeIs(1));
  EXPECT_EQ(::testing::PrintToString(answer).find("hunter2"), std::string::npos);
}

TEST_F(SecretsManagerTest, DatesTheLastReadByDaysOnceThereWasOne) {
  const aws::Credentials key = reader();
  add("prod/db");
  EXPECT_EQ(describe(key, "prod/db").value().last_accessed_date, std::nullopt);
  EXPECT_EQ(describe(key, "prod/db").value().last_accessed_date, std::nullopt) << "describing is no reading";
  advance(30h);
  EXPECT_THAT(get(key, {.secret_id = "prod/db"}), Succeeds());
  EXPECT_EQ(describe(key, "prod/db").value().last_accessed_date, world().options.start + 24h);
}

// ---- Quota: 10,000 reads a second for an account ----

TEST_F(SecretsManagerTest, ThrottlesReadsByTheCallersAccountBothOperationsTogether) {
  add("prod/db");
  const aws::Credentials key = reader();
  const aws::Credentials other =
      world().iam.add_user({.account = theirs, .name = "bob", .policies = {allowing("secretsmanager:*")}});
  for (int i = 0; i < 5'000; ++i) {
    ASSERT_THAT(get(key, {.secret_id = "prod/db"}), Succeeds());
    ASSERT_THAT(describe(key, "prod/db"), Succeeds());
  }
  const auto refused = get(key, {.secret_id = "prod/db"});
  EXPECT_THAT(refused, AllOf(FailsWith("ThrottlingException", "Rate exceeded"), Throttled()));
  EXPECT_EQ(refused.failure().status, 400);
  EXPECT_THAT(describe(key, "prod/db"), Throttled());
  EXPECT_THAT(get(other, {.secret_id = "prod/db"}), FailsWith("ResourceNotFoundException"))
      << "another account's calls have a quota of their own";
  advance(1s);
  EXPECT_THAT(get(key, {.secret_id = "prod/db"}), Succeeds());
}

TEST_F(SecretsManagerTest, ChargesTheReadersAccountAndNotTheSecrets) {
  const std::string foreign = add("prod/db", "value", theirs);
  const aws::Credentials key = reader();
  const aws::Credentials owner =
      world().iam.add_user({.account = theirs, .name = "bob", .policies = {allowing("secretsmanager:*")}});
  for (int i = 0; i < 10'000; ++i)
    ASSERT_THAT(get(key, {.secret_id = foreign}), FailsWith("AccessDeniedException"));
  EXPECT_THAT(get(key, {.secret_id = foreign}), Throttled());
  EXPECT_THAT(get(owner, {.secret_id = foreign}), Succeeds());
}

}  // namespace
}  // namespace rushhour::fakes
