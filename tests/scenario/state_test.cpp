// The state of a served world, from a file: what is in the world then, and what a mistake is told.

#include <rushhour/scenario/state.hpp>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::scenario {
namespace {

using api::secretsmanager::DescribeSecret;
using api::secretsmanager::GetSecretValue;
using api::sts::AssumeRole;
using api::sts::GetCallerIdentity;
using testing::HasSubstr;
using Json = nlohmann::json;

constexpr const char* shipped = "scenarios/states/two-accounts.json";
constexpr std::string_view reader_arn = "arn:aws:iam::345678901234:role/secrets-reader";

class StateTest : public testing::Test {
 protected:
  LoadedState load(const std::string& text) {
    const Document document = parse_document(text, "x.json");
    return load_state(document, world, now);
  }
  /// The message of the mistake in an account with this in it.
  std::string mistake(const std::string& members) {
    try {
      load(R"({"accounts": [{"id": "111111111111", )" + members + "}]}");
    } catch (const InputError& error) {
      return error.what();
    }
    return "no mistake";
  }
  template <class Op>
  Result<typename Op::Output> call(const Op& request, const aws::Credentials& key) {
    typename Op::Output output{};
    Failure failure;
    const api::Identity identity = key;
    if (!world.perform({api::operation_of<Op>, &request, &output, identity, {}, failure}, now))
      return failure;
    return output;
  }
  [[nodiscard]] static aws::Credentials ada() {
    return {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};
  }
  /// The role in the other account, as an analyst assumes it.
  aws::Credentials reader() {
    const auto answer = call(AssumeRole{.role_arn = std::string{reader_arn},
                                        .role_session_name = "analysis",
                                        .duration_seconds = 4 * 3600,
                                        .external_id = "blue"},
                             ada());
    if (!answer.ok()) {
      ADD_FAILURE() << to_text(answer.failure());
      return {};
    }
    const api::sts::Credentials& made = answer.value().credentials;
    return {made.access_key_id, made.secret_access_key, made.session_token};
  }

  fakes::World world;
  const Instant now = world.options.start + std::chrono::hours{1};
};

TEST_F(StateTest, LetsTheAnalystReadTheSecretThroughTheRole) {
  read_state(shipped, world, now);
  const auto secret =
      call(GetSecretValue{.secret_id = "prod/database", .version_id = "11111111-1111-4111-8111-111111111111"},
           reader());
  ASSERT_TRUE(secret.ok()) << to_text(secret.failure());
  EXPECT_EQ(secret.value().secret_string, R"({"username":"app","password":"correct horse"})");
  EXPECT_THAT(secret.value().version_stages, testing::ElementsAre("AWSPREVIOUS"));
  const auto current = call(GetSecretValue{.secret_id = "prod/database"}, reader());
  EXPECT_EQ(current.value().secret_string, "battery staple");
  const auto pending =
      call(GetSecretValue{.secret_id = "prod/database", .version_stage = "AWSPENDING"}, reader());
  EXPECT_EQ(pending.value().secret_binary->bytes, std::string("\x00\x01\x02\xff", 4));
}

TEST_F(StateTest, GivesASecretAllThatItSays) {
  read_state(shipped, world, now);
  const auto secret = call(DescribeSecret{.secret_id = "prod/database"}, reader());
  ASSERT_TRUE(secret.ok()) << to_text(secret.failure());
  EXPECT_EQ(secret.value().description, "The application's own user.");
  EXPECT_EQ(secret.value().kms_key_id, "alias/prod");
  EXPECT_EQ(secret.value().tags->at(0).value, "prod");
  EXPECT_EQ(secret.value().created_date, now);
}

TEST_F(StateTest, RestrainsWhatItSays) {
  read_state(shipped, world, now);
  // The boundary of the role allows no writing, though its own policy does.
  const auto written =
      call(api::secretsmanager::PutSecretValue{.secret_id = "prod/database",
                                               .client_request_token = "33333333-3333-4333-8333-333333333333",
                                               .secret_string = "x"},
           reader());
  EXPECT_EQ(written.failure().code, "AccessDeniedException");
  EXPECT_THAT(written.failure().message, HasSubstr("no permissions boundary allows"));
  AssumeRole without_external_id{.role_arn = std::string{reader_arn}, .role_session_name = "analysis"};
  EXPECT_EQ(call(without_external_id, ada()).failure().code, "AccessDenied");
  // Ada's account forbids everybody in it to delete secrets, whatever else they may.
  world.iam.put_inline_policy(
      "arn:aws:iam::210987654321:user/people/ada", "all",
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})");
  EXPECT_THAT(call(api::secretsmanager::DeleteSecret{.secret_id = "any"}, ada()).failure().message,
              HasSubstr("with an explicit deny in a service control policy"));
}

TEST_F(StateTest, TellsTheKeysAndMakesTheMissingOnes) {
  const LoadedState state = read_state(shipped, world, now);
  EXPECT_THAT(state.accounts, testing::ElementsAre("210987654321", "345678901234"));
  std::vector<std::string> owners;
  for (const StateKey& key : state.keys) owners.push_back(key.principal_arn);
  EXPECT_THAT(owners, testing::ElementsAre(
                          "arn:aws:iam::210987654321:user/people/ada",
                          "arn:aws:iam::210987654321:user/people/ada", "arn:aws:iam::210987654321:user/grace",
                          "arn:aws:iam::210987654321:root", "arn:aws:iam::345678901234:user/deploy"));
  EXPECT_EQ(call(GetCallerIdentity{}, state.keys[0].credentials).value().arn, owners[0]);
  EXPECT_EQ(call(GetCallerIdentity{}, state.keys[1].credentials).failure().code, "InvalidClientTokenId")
      << "an inactive key";
  EXPECT_EQ(call(GetCallerIdentity{}, state.keys[2].credentials).value().arn, owners[2]);
  EXPECT_EQ(call(GetCallerIdentity{}, state.keys[3].credentials).value().arn, owners[3]);
}

TEST_F(StateTest, AddsVirusTotalKeys) {
  read_state(shipped, world, now);
  EXPECT_NE(world.virustotal.find_key("soc"), nullptr);
  EXPECT_TRUE(world.virustotal.find_key("lab")->is_public());
}

// ---- Rotation functions ----

class StateRotationTest : public StateTest {
 protected:
  StateRotationTest() { state = read_state(shipped, world, now); }

  static std::string function(const std::string& name) {
    return "arn:aws:lambda:us-east-1:345678901234:function:" + name;
  }
  /// As an administrator of the workload account; what is due runs before the next call.
  template <class Op>
  Result<typename Op::Output> administer(const Op& request) {
    return call(request, administrator);
  }
  Result<api::secretsmanager::RotateSecret::Output> rotate(const std::string& name) {
    return administer(api::secretsmanager::RotateSecret{
        .secret_id = "app", .client_request_token = token, .rotation_lambda_arn = function(name)});
  }
  std::string value(const std::string& stage) {
    const auto got = administer(GetSecretValue{.secret_id = "app", .version_stage = stage});
    return got.ok() ? got->secret_string : to_text(got.failure());
  }
  void create(const std::string& text) {
    const auto made = administer(
        api::secretsmanager::CreateSecret{.name = "app",
                                          .client_request_token = "33333333-3333-4333-8333-333333333333",
                                          .secret_string = text});
    ASSERT_TRUE(made.ok()) << to_text(made.failure());
  }

  LoadedState state{};
  const std::string token = "44444444-4444-4444-8444-444444444444";
  const aws::Credentials administrator =
      world.iam.add_user({.account = "345678901234",
                          .name = "administrator",
                          .policies = {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
                                       R"("Action":"secretsmanager:*","Resource":"*"}]})"}});
};

TEST_F(StateRotationTest, TellsTheArnsOfFunctions) {
  EXPECT_THAT(state.rotation_functions,
              testing::ElementsAre(function("new-password"), function("new-text"), function("fails-once")));
}

TEST_F(StateRotationTest, PutsAPasswordUnderItsKeyAndLeavesTheRest) {
  create(R"({"username": "app", "password": "old", "port": 5432})");
  EXPECT_EQ(rotate("new-password")->version_id, token);
  EXPECT_THAT(value("AWSCURRENT"),
              testing::MatchesRegex(R"(\{"username": "app", "password": "[^"/@']+", "port": 5432\})"));
  EXPECT_EQ(Json::parse(value("AWSCURRENT"))["password"].get<std::string>().size(), 24U);
  EXPECT_THAT(value("AWSPREVIOUS"), HasSubstr("\"old\""));
}

TEST_F(StateRotationTest, PutsAPasswordInPlaceOfTheSecretAsItsOwnRole) {
  create("old");
  ASSERT_TRUE(rotate("new-text").ok());
  EXPECT_EQ(value("AWSCURRENT").size(), 32U);
  EXPECT_EQ(value("AWSPREVIOUS"), "old");
  std::vector<std::string> callers;
  const Calls calls = world.calls();
  for (const auto& made : calls) callers.emplace_back(made.principal);
  EXPECT_THAT(callers, testing::Contains("arn:aws:iam::345678901234:role/rotator"));
}

TEST_F(StateRotationTest, FailsAsOftenAsItSaysAndLeavesThePendingVersion) {
  create("old");
  ASSERT_TRUE(rotate("fails-once").ok());
  EXPECT_EQ(value("AWSCURRENT"), "old");
  EXPECT_EQ(value("AWSPENDING").size(), 32U);
  ASSERT_TRUE(rotate("fails-once").ok()) << "with the same token it is tried again";
  EXPECT_EQ(value("AWSPREVIOUS"), "old");
}

TEST_F(StateRotationTest, ASecretWithoutTheKeyFails) {
  create("no JSON");
  ASSERT_TRUE(rotate("new-password").ok());
  EXPECT_EQ(value("AWSCURRENT"), "no JSON");
  EXPECT_THAT(value("AWSPENDING"), HasSubstr("ResourceNotFoundException")) << "it was never filled";
}

TEST_F(StateTest, RewordsRefusals) {
  read_state(shipped, world, now);
  const aws::Credentials me = world.iam.add_user(
      {.account = "345678901234",
       .name = "auditor",
       .policies = {
           R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})"}});
  const auto answer = call(api::sts::GetAccessKeyInfo{.access_key_id = "AKIANOBODYHASTHISONE"}, me);
  EXPECT_EQ(to_text(answer.failure()), "NoSuchKey (404): It does not exist, this key.");
}

TEST_F(StateTest, LeavesNoTraceInTheJournal) {
  read_state(shipped, world, now);
  EXPECT_EQ(world.journal().total(), 0U);
}

TEST_F(StateTest, ShowsMistakesWhereTheyStand) {
  EXPECT_EQ(
      mistake("\"users\": [{\n\"nam\": \"a\"}]"),
      "x.json:1:48: at /accounts/0/users/0: expected the key \"name\", saw no such key; add for example "
      "\"name\": \"...\"; or is \"nam\" on line 2 meant?");
  EXPECT_THAT(mistake("\"groups\": [{\"name\": \"a\", \"policies\": {\"p\": {\"Version\": \"2012-10-17\",\n"
                      " \"Statement\": [{\"Effect\": \"Alow\", \"Action\": \"*\", \"Resource\": \"*\"}]}}}]"),
              testing::StartsWith("x.json:2:27: at /accounts/0/groups/0/policies/p/Statement/0/Effect: "));
  EXPECT_THAT(mistake(R"("roles": [{"name": "r", "trust": "{}"}])"), HasSubstr("/accounts/0/roles/0/trust"));
  EXPECT_THAT(mistake(R"("users": [{"name": "u", "groups": ["nobody"]}])"),
              HasSubstr("/accounts/0/users/0/groups/0: expected the name of a group of this account"));
  EXPECT_THAT(mistake(R"("users": [{"name": "u", "managed_policies": ["arn:aws:iam::aws:policy/No"]}])"),
              HasSubstr("expected the ARN of a managed policy"));
  EXPECT_THAT(mistake(R"("rotation_functions": [{"name": "f", "role": "arn:aws:iam::111111111111:role/r"}])"),
              HasSubstr("/accounts/0/rotation_functions/0/role: expected the ARN of a role of this file"));
  EXPECT_THAT(mistake(R"("users": [{"name": "u", "boundary": "arn:aws:iam::111111111111:policy/No"}])"),
              HasSubstr("expected the ARN of a managed policy"));
  EXPECT_THAT(mistake(R"("users": [{"name": "two words"}])"),
              HasSubstr("/accounts/0/users/0/name: expected 1 to 128 letters, digits and _+=,.@-"));
  EXPECT_THAT(mistake(R"("users": [{"name": "u", "path": "p"}])"),
              HasSubstr("/accounts/0/users/0/path: expected a path that begins and ends with /"));
  EXPECT_THAT(mistake(R"("users": [{"name": "u", "access_keys": [{"id": "short", "secret": "s"}]}])"),
              HasSubstr("/access_keys/0/id: expected 16 to 128 letters, digits and underscores"));
  EXPECT_THAT(mistake(R"("users": [{"name": "u", "access_keys": [{"id": "AKIAIOSFODNN7EXAMPLE"}]}])"),
              HasSubstr("expected \"id\" and \"secret\", or neither, saw one of them"));
  EXPECT_THAT(mistake(R"("secrets": [{"name": "a b", "value": "x"}])"), HasSubstr("Invalid name"));
  EXPECT_THAT(mistake(R"("secrets": [{"name": "a", "value": "x"}, {"name": "a", "value": "y"}])"),
              HasSubstr("ResourceExistsException"));
  EXPECT_THAT(mistake(R"("secrets": [{"name": "a", "binary": "?"}])"), HasSubstr("expected base64"));
  EXPECT_THAT(
      mistake(R"("users": [{"name": "u", "access_keys": [{"id": "AKIAIOSFODNN7EXAMPLE", "secret": "a"},
                                    {"id": "AKIAIOSFODNN7EXAMPLE", "secret": "b"}]}])"),
      HasSubstr("expected an id that no other key has"));
}

TEST_F(StateTest, RefusesWhatTheSchemaRefuses) {
  const auto read = [](const std::string& path) {
    return Json::parse(std::ifstream{path}, nullptr, true, true);
  };
  const Json base = read(shipped);
  for (const Json& change : read("tests/scenario/data/refused_states.json")) {
    const Json::json_pointer at{change.at("at").get<std::string>()};
    Json changed = base;
    if (change.contains("value")) {
      changed[at] = change.at("value");
    } else {
      changed[at.parent_pointer()].erase(at.back());
    }
    fakes::World fresh;
    const Document document = parse_document(changed.dump(), "x.json");
    EXPECT_THROW(load_state(document, fresh, now), InputError) << change;
  }
}

}  // namespace
}  // namespace rushhour::scenario
