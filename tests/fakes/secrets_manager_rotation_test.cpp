#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/fakes/gtest.hpp>
#include <rushhour/fakes/rotation.hpp>
#include <rushhour/fakes/service_events.hpp>

#include "policies.hpp"

namespace rushhour::fakes {
namespace {

using api::secretsmanager::DeleteSecret;
using api::secretsmanager::DescribeSecret;
using api::secretsmanager::GetSecretValue;
using api::secretsmanager::ListSecrets;
using api::secretsmanager::PutSecretValue;
using api::secretsmanager::ReplicateSecretToRegions;
using api::secretsmanager::RotateSecret;
using api::secretsmanager::StopReplicationToReplica;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

const std::string ours = "123456789012";
const std::string lambda = "arn:aws:lambda:us-east-1:123456789012:function:rotate-db:live";
const std::string token = "11111111-1111-4111-8111-000000000002";

/// Writes down what the service tells: `RotationFailed: told to fail`.
class Notes final : public ServiceEvents {
 public:
  void on_service_event(const ServiceEvent& event) override {
    std::string line{event.name};
    if (!event.reason.empty()) line += ": " + std::string{event.reason};
    lines.push_back(std::move(line));
    last_arn = event.secret_arn;
    last_version = event.version_id;
    last_place = std::string{event.account} + " " + std::string{event.region};
    last_at = event.at;
  }
  std::vector<std::string> lines{};
  std::string last_arn{};
  std::string last_version{};
  std::string last_place{};
  Instant last_at{};
};

class RotationTest : public DetectionTest {
 protected:
  RotationTest() {
    fake().listen(notes);
    arn = fake().add_secret({.account = ours, .name = "db", .value = "0"}, clock.now());
  }
  ~RotationTest() override { fake().unlisten(notes); }

  SecretsManager& fake() { return world().secretsmanager; }
  template <api::IsOperation Op>
  Result<typename Op::Output> call(const Op& request) {
    auto client = secretsmanager(api::Identity{me});
    return client(request);
  }
  /// Registers the function, rotates with it, and lets the rotation run.
  void rotate_with(RotationFunction function, std::string_view role_arn = {}) {
    fake().add_rotation_function(lambda, std::move(function), role_arn);
    ASSERT_TRUE(call(RotateSecret{.secret_id = "db",
                                  .client_request_token = token,
                                  .rotation_lambda_arn = lambda,
                                  .rotation_rules = rules})
                    .ok());
    fake().run_due(clock.now());
  }
  static RotationFunction to(std::string value) {
    return rotation_to([value](std::string_view) { return value; });
  }
  std::string value() {
    const auto result = call(GetSecretValue{.secret_id = "db"});
    return result.ok() ? result->secret_string : result.failure().code;
  }

  aws::Credentials me =
      world().iam.add_user({.account = ours, .name = "alice", .policies = {allowing("secretsmanager:*")}});
  std::optional<api::secretsmanager::RotationRules> rules{};
  std::string arn{};
  Notes notes{};
};

// ---- What the function is told and may do ----

TEST_F(RotationTest, RunsAtTheNextRequestAndNotWithinItsOwn) {
  fake().add_rotation_function(lambda, to("1"));
  ASSERT_TRUE(
      call(RotateSecret{.secret_id = "db", .client_request_token = token, .rotation_lambda_arn = lambda})
          .ok());
  EXPECT_THAT(notes.lines, IsEmpty());
  EXPECT_EQ(value(), "1");
  EXPECT_THAT(notes.lines, ElementsAre("RotationStarted", "RotationSucceeded"));
  EXPECT_EQ(notes.last_arn, arn);
  EXPECT_EQ(notes.last_version, token);
  EXPECT_EQ(notes.last_place, "123456789012 us-east-1");
  EXPECT_EQ(notes.last_at, clock.now());
}

TEST_F(RotationTest, TellsEachStepTheSameArnAndTokens) {
  std::vector<RotationEvent> events;
  const RotationFunction real = to("1");
  rotate_with([&](const RotationEvent& event, RotationClient& client) {
    events.push_back(event);
    return real(event, client);
  });
  ASSERT_EQ(events.size(), 4U);
  for (const RotationEvent& event : events) {
    EXPECT_EQ(event.secret_id, arn);
    EXPECT_EQ(event.client_request_token, token);
    EXPECT_EQ(event.rotation_token, events.front().rotation_token);
    EXPECT_EQ(event.rotation_token.size(), 36U);
  }
}

TEST_F(RotationTest, ItsCallsAreInTheJournalUnderItsRole) {
  rotate_with(to("1"));
  EXPECT_EQ(calls().count("secretsmanager:PutSecretValue"), 1U);
  EXPECT_EQ(calls().count("secretsmanager:UpdateSecretVersionStage"), 1U);
  EXPECT_THAT(::testing::PrintToString(calls()),
              HasSubstr("arn:aws:iam::123456789012:role/service-role/rotate-db"));
}

TEST_F(RotationTest, ItsRoleMustBeAllowedTo) {
  const std::string role = world().iam.add_role({.account = ours,
                                                 .name = "reader",
                                                 .trust_policy = trusting(ours),
                                                 .policies = {allowing("secretsmanager:GetSecretValue")}});
  rotate_with(to("1"), role);
  ASSERT_EQ(notes.lines.size(), 2U);
  EXPECT_THAT(notes.lines[1], HasSubstr("RotationFailed: AccessDeniedException (400): User: "
                                        "arn:aws:sts::123456789012:assumed-role/reader/rotate-db is not "
                                        "authorized to perform: secretsmanager:PutSecretValue"));
  EXPECT_EQ(value(), "0");
}

TEST_F(RotationTest, ARoleThatIsGoneFailsTheRotation) {
  rotate_with(to("1"), "arn:aws:iam::123456789012:role/none");
  EXPECT_THAT(notes.lines, ElementsAre("RotationStarted",
                                       "RotationFailed: the execution role of the function does not exist"));
}

TEST_F(RotationTest, AnSdkErrorThatItThrowsIsItsFailure) {
  rotate_with([](const RotationEvent&, RotationClient& client) -> std::optional<std::string> {
    static_cast<void>(client(GetSecretValue{.secret_id = "none"}).value());
    return std::nullopt;
  });
  EXPECT_THAT(notes.lines, ElementsAre("RotationStarted",
                                       "RotationFailed: ResourceNotFoundException (400): Secrets Manager "
                                       "can't find the specified secret."));
}

TEST_F(RotationTest, AnyOtherExceptionGoesToWhoLetItRunAndNothingIsStuck) {
  fake().add_rotation_function(
      lambda, [](const RotationEvent&, RotationClient&) -> std::optional<std::string> { throw 7; });
  ASSERT_TRUE(
      call(RotateSecret{.secret_id = "db", .client_request_token = token, .rotation_lambda_arn = lambda})
          .ok());
  EXPECT_THROW(fake().run_due(clock.now()), int);
  EXPECT_EQ(value(), "0");
  fake().add_rotation_function(lambda, to("1"));
  ASSERT_TRUE(call(RotateSecret{.secret_id = "db", .client_request_token = token}).ok());
  EXPECT_EQ(value(), "1");
}

// ---- What the function may do to the secret meanwhile ----

TEST_F(RotationTest, MayDeleteTheSecretUnderItsHands) {
  fake().options.forced_deletion_length = Duration::zero();
  rotate_with([&](const RotationEvent& event, RotationClient& client) -> std::optional<std::string> {
    return client(DeleteSecret{.secret_id = event.secret_id, .force_delete_without_recovery = true}).ok()
               ? std::nullopt
               : std::optional<std::string>{"not deleted"};
  });
  EXPECT_EQ(value(), "ResourceNotFoundException");
  EXPECT_THAT(notes.lines, ElementsAre("RotationStarted"));
}

TEST_F(RotationTest, MayAddSecretsAndFunctions) {
  const RotationFunction real = to("1");
  rotate_with([&](const RotationEvent& event, RotationClient& client) {
    for (int i = 0; i < 100; ++i) {
      fake().add_secret({.account = ours, .name = event.step + std::to_string(i), .value = "x"},
                        client.now());
      fake().add_rotation_function(lambda + std::to_string(i), real, "arn:aws:iam::123456789012:role/any");
    }
    return real(event, client);
  });
  EXPECT_THAT(notes.lines, ElementsAre("RotationStarted", "RotationSucceeded"));
  EXPECT_EQ(value(), "1");
}

TEST_F(RotationTest, AStepThatTakesTheLabelAwayEndsTheRotation) {
  rotate_with([&](const RotationEvent& event, RotationClient& client) -> std::optional<std::string> {
    if (event.step != "createSecret") return "must not be called";
    const auto put = client(PutSecretValue{.secret_id = event.secret_id,
                                           .client_request_token = "11111111-1111-4111-8111-000000000003",
                                           .secret_string = "by hand"});
    return put.ok() ? std::nullopt : std::optional{put.failure().code};
  });
  EXPECT_THAT(notes.lines, ElementsAre("RotationStarted", HasSubstr("RotationAbandoned"),
                                       "RotationFailed: AWSPENDING was taken away before setSecret"));
  EXPECT_EQ(value(), "by hand");
}

TEST_F(RotationTest, AFunctionThatFinishesNothingHasFailed) {
  rotate_with([](const RotationEvent&, RotationClient&) { return std::optional<std::string>{}; });
  EXPECT_THAT(notes.lines, ElementsAre("RotationStarted",
                                       "RotationFailed: finishSecret did not make the version AWSCURRENT"));
}

// ---- Schedules on the clock ----

TEST_F(RotationTest, ASimulationMayRunEachWindowInTime) {
  rules = {.automatically_after_days = 1};
  int rotations = 0;
  rotate_with(rotation_to([&](std::string_view) { return std::to_string(++rotations); }));
  for (int day = 0; day < 5; ++day) {
    advance(24h);
    fake().run_due(clock.now());
  }
  EXPECT_EQ(rotations, 6);
  EXPECT_EQ(value(), "6");
}

TEST_F(RotationTest, WindowsThatNobodySawAreOneRotation) {
  rules = {.automatically_after_days = 1};
  int rotations = 0;
  rotate_with(rotation_to([&](std::string_view) { return std::to_string(++rotations); }));
  advance(24h * 30);
  EXPECT_EQ(value(), "2");
  EXPECT_EQ(call(DescribeSecret{.secret_id = "db"}).value().last_rotated_date, clock.now());
}

TEST_F(RotationTest, ATestTellsOfItselfAndLeavesNothing) {
  fake().add_rotation_function(
      lambda, [](const RotationEvent& event, RotationClient& client) -> std::optional<std::string> {
        const auto pending =
            client(GetSecretValue{.secret_id = event.secret_id, .version_stage = "AWSPENDING"});
        return pending.ok() && event.step == "testSecret" ? std::nullopt : std::optional<std::string>{"?"};
      });
  ASSERT_TRUE(call(RotateSecret{.secret_id = "db",
                                .client_request_token = token,
                                .rotation_lambda_arn = lambda,
                                .rotate_immediately = false})
                  .ok());
  EXPECT_EQ(call(DescribeSecret{.secret_id = "db"}).value().version_ids_to_stages.size(), 1U);
  EXPECT_THAT(notes.lines, ElementsAre("TestRotationStarted", "TestRotationSucceeded"));
}

TEST_F(RotationTest, WhoIsToldOffHearsNothing) {
  fake().unlisten(notes);
  rotate_with(to("1"));
  EXPECT_THAT(notes.lines, IsEmpty());
}

// ---- Replicas, called in their own Region ----

TEST_F(RotationTest, AReplicaIsCalledByNameInItsRegionAndRotatesWithItsPrimary) {
  const auto there = [&](const auto& request) {
    using Op = std::remove_cvref_t<decltype(request)>;
    Result<typename Op::Output> result{typename Op::Output{}};
    Failure failure;
    const api::Identity who{me};
    const bool ok = world().perform({.operation = api::operation_of<Op>,
                                     .input = &request,
                                     .output = &*result,
                                     .identity = who,
                                     .attribution = {},
                                     .failure = failure,
                                     .region = "eu-west-1"},
                                    clock.now());
    if (!ok) result = failure;
    return result;
  };
  ASSERT_TRUE(
      call(ReplicateSecretToRegions{.secret_id = "db", .add_replica_regions = {{.region = "eu-west-1"}}})
          .ok());
  advance(5s);
  EXPECT_EQ(there(GetSecretValue{.secret_id = "db"}).value().secret_string, "0");
  EXPECT_EQ(there(ListSecrets{}).value().secret_list.size(), 1U);
  rotate_with(to("1"));
  EXPECT_EQ(there(GetSecretValue{.secret_id = "db"}).value().secret_string, "1");
  EXPECT_EQ(there(StopReplicationToReplica{.secret_id = "db"}).value().arn,
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db" + arn.substr(arn.size() - 7));
  EXPECT_EQ(there(DescribeSecret{.secret_id = "db"}).value().primary_region, "eu-west-1");
}

}  // namespace
}  // namespace rushhour::fakes
