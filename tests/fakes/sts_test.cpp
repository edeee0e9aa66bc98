#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include <rushhour/fakes/gtest.hpp>

#include "policies.hpp"

namespace rushhour::fakes {
namespace {

using api::secretsmanager::GetSecretValue;
using api::sts::AssumeRole;
using api::sts::GetCallerIdentity;
using ::testing::AllOf;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

const std::string ours = "123456789012";
const std::string user_arn = "arn:aws:iam::123456789012:user/alice";

class StsTest : public DetectionTest {
 protected:
  Result<AssumeRole::Output> assume_as_engine(std::optional<std::int64_t> seconds = {}) {
    auto client = sts();
    return client(AssumeRole{
        .role_arn = panther.customer_role_arn, .role_session_name = "rule", .duration_seconds = seconds});
  }
  /// A user with an access key, and a role that trusts it.
  Result<AssumeRole::Output> assume_as_user(Duration session_duration_max,
                                            std::optional<std::int64_t> seconds) {
    const aws::Credentials key = world().iam.add_user({.account = ours, .name = "alice"});
    const std::string role = world().iam.add_role({.account = ours,
                                                   .name = "reader",
                                                   .trust_policy = trusting(user_arn),
                                                   .session_duration_max = session_duration_max});
    auto client = sts(key);
    return client(AssumeRole{.role_arn = role, .role_session_name = "rule", .duration_seconds = seconds});
  }
  Result<GetCallerIdentity::Output> identity_of(const api::sts::Credentials& assumed) {
    auto client =
        sts(aws::Credentials{assumed.access_key_id, assumed.secret_access_key, assumed.session_token});
    return client(GetCallerIdentity{});
  }
};

// ---- AssumeRole ----

TEST_F(StsTest, AnswersWithCredentialsAndTheAssumedRole) {
  const AssumeRole::Output answer = assume_as_engine().value();
  EXPECT_EQ(answer.credentials.expiration, clock.now() + 1h);
  EXPECT_EQ(answer.assumed_role_user.arn,
            "arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule");
  EXPECT_EQ(answer.assumed_role_user.assumed_role_id,
            world().iam.find(panther.customer_role_arn)->unique_id + ":rule");
}

TEST_F(StsTest, LeavesThePathOfARoleOutOfItsSessionsArn) {
  const aws::Credentials key = world().iam.add_user({.account = ours, .name = "alice"});
  const std::string role = world().iam.add_role(
      {.account = ours, .name = "reader", .path = "/team/blue/", .trust_policy = trusting(user_arn)});
  EXPECT_EQ(role, "arn:aws:iam::123456789012:role/team/blue/reader");
  auto client = sts(key);
  const auto answer = client(AssumeRole{.role_arn = role, .role_session_name = "rule"}).value();
  EXPECT_EQ(answer.assumed_role_user.arn, "arn:aws:sts::123456789012:assumed-role/reader/rule");
}

TEST_F(StsTest, WritesExpirationsInWholeSeconds) {
  advance(700ms);
  EXPECT_EQ(assume_as_engine(900).value().credentials.expiration, clock.now() - 700ms + 15min);
}

TEST_F(StsTest, SessionsEndExactlyAtTheirExpiration) {
  const api::sts::Credentials assumed = assume_as_engine(900).value().credentials;
  advance(15min - 1ns);
  EXPECT_THAT(identity_of(assumed), Succeeds());
  auto secrets = secretsmanager(assumed);
  EXPECT_THAT(secrets(GetSecretValue{.secret_id = panther.secret_name}), Succeeds());

  advance(1ns);
  EXPECT_EQ(clock.now(), assumed.expiration);
  const Result<GetCallerIdentity::Output> late = identity_of(assumed);
  EXPECT_THAT(late, AllOf(FailsWith("ExpiredToken",
                                    HasSubstr("The security token included in the request is expired")),
                          HasOutcome(Outcome::expired)));
  EXPECT_EQ(late.failure().status, 403);
  const auto late_read = secrets(GetSecretValue{.secret_id = panther.secret_name});
  EXPECT_THAT(late_read, AllOf(FailsWith("ExpiredTokenException"), HasOutcome(Outcome::expired)));
  EXPECT_EQ(late_read.failure().status, 400);
}

TEST_F(StsTest, AnExpiredSessionIsExpiredWhateverItsSecret) {
  api::sts::Credentials assumed = assume_as_engine(900).value().credentials;
  assumed.secret_access_key = "wrong";
  EXPECT_THAT(identity_of(assumed), FailsWith("SignatureDoesNotMatch"));
  advance(15min);
  EXPECT_THAT(identity_of(assumed), FailsWith("ExpiredToken"));
}

TEST_F(StsTest, ARoleThatAssumesARoleGetsAnHourAtMost) {
  EXPECT_THAT(assume_as_engine(3600), Succeeds());
  EXPECT_THAT(assume_as_engine(3601),
              FailsWith("ValidationError",
                        "The requested DurationSeconds exceeds the 1 hour session limit for roles "
                        "assumed by role chaining."));
}

TEST_F(StsTest, ChainingCapsAtAnHourEvenWhereTheRoleAllowsMore) {
  const std::string role = world().iam.add_role({.account = "444455556666",
                                                 .name = "long",
                                                 .trust_policy = trusting(panther.engine_role_arn),
                                                 .session_duration_max = 12h});
  world().iam.add_policy(panther.engine_role_arn, allowing("sts:AssumeRole", role));
  auto client = sts();
  AssumeRole request{.role_arn = role, .role_session_name = "rule", .duration_seconds = 43'200};
  EXPECT_THAT(client(request), FailsWith("ValidationError", HasSubstr("role chaining")));
  request.duration_seconds = 3600;
  EXPECT_THAT(client(request), Succeeds());
}

TEST_F(StsTest, AUserWithAnAccessKeyGetsTwelveHoursWhereTheRoleAllows) {
  const AssumeRole::Output answer = assume_as_user(12h, 43'200).value();
  EXPECT_EQ(answer.credentials.expiration, clock.now() + 12h);
}

TEST_F(StsTest, NobodyGetsLongerThanTheRoleAllows) {
  EXPECT_THAT(assume_as_user(1h, 3601), FailsWith("ValidationError",
                                                  "The requested DurationSeconds exceeds the "
                                                  "MaxSessionDuration set for this role."));
  EXPECT_THAT(assume_as_user(2h, {}),
              Succeeds(Field(&AssumeRole::Output::credentials,
                             Field(&api::sts::Credentials::expiration, clock.now() + 1h))));
}

TEST_F(StsTest, HoldsRequestsAgainstTheServiceModelsConstraints) {
  auto client = sts();
  const auto refuses = [&](AssumeRole request, const std::string& text) {
    if (request.role_arn.empty()) request.role_arn = panther.customer_role_arn;
    if (request.role_session_name.empty()) request.role_session_name = "rule";
    EXPECT_THAT(client(request),
                AllOf(FailsWith("ValidationError", HasSubstr(text)), HasOutcome(Outcome::invalid)));
  };
  refuses({.duration_seconds = 899},
          "'durationSeconds' failed to satisfy constraint: Member must have value greater "
          "than or equal to 900");
  refuses({.duration_seconds = 43'201}, "less than or equal to 43200");
  refuses({.role_session_name = "a b"},
          "Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must "
          "satisfy regular expression pattern: [\\w+=,.@-]*");
  refuses({.role_session_name = "a"}, "Member must have length greater than or equal to 2");
  refuses({.role_session_name = std::string(65, 'a')}, "less than or equal to 64");
  refuses({.external_id = "x"}, "'externalId'");
  refuses({.role_arn = "panther-secrets-access"}, "panther-secrets-access is invalid");
}

TEST_F(StsTest, ARoleThatDoesNotExistAnswersLikeOneThatDoesNotTrust) {
  const std::string nobody = "arn:aws:iam::444455556666:role/nobody";
  auto client = sts();
  const auto missing = client(AssumeRole{.role_arn = nobody, .role_session_name = "rule"});
  EXPECT_THAT(
      missing,
      FailsWith("AccessDenied",
                "User: arn:aws:sts::111122223333:assumed-role/detections-engine/panther-rules-engine is not "
                "authorized to perform: sts:AssumeRole on resource: " +
                    nobody));
  EXPECT_EQ(missing.failure().status, 403);
  world().iam.add_role({.account = "444455556666", .name = "nobody", .trust_policy = trusting(user_arn)});
  EXPECT_EQ(client(AssumeRole{.role_arn = nobody, .role_session_name = "rule"}).failure(), missing.failure());
}

// ---- GetCallerIdentity ----

TEST_F(StsTest, TellsAUserAndASessionWhoTheyAre) {
  using Output = GetCallerIdentity::Output;
  auto user = sts(world().iam.add_user({.account = ours, .name = "alice"}));
  EXPECT_THAT(user(GetCallerIdentity{}),
              Succeeds(AllOf(Field(&Output::user_id, StartsWith("AIDA")), Field(&Output::account, ours),
                             Field(&Output::arn, user_arn))));
  EXPECT_THAT(
      identity_of(assume_as_engine().value().credentials),
      Succeeds(
          AllOf(Field(&Output::user_id, world().iam.find(panther.customer_role_arn)->unique_id + ":rule"),
                Field(&Output::account, "444455556666"),
                Field(&Output::arn, "arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule"))));
}

TEST_F(StsTest, NoPolicyCanForbidToAskWhoOneIs) {
  auto user = sts(world().iam.add_user({.account = ours, .name = "alice", .policies = {denying("*")}}));
  EXPECT_THAT(user(GetCallerIdentity{}), Succeeds());
}

// ---- Quota: 600 a second for an account ----

TEST_F(StsTest, ThrottlesThe601stCallOfASecondUntilTheNextWholeSecond) {
  advance(400ms);
  for (int i = 0; i < 600; ++i) ASSERT_THAT(assume_as_engine(), Succeeds()) << i;
  const Result<AssumeRole::Output> refused = assume_as_engine();
  EXPECT_THAT(refused, AllOf(FailsWith("Throttling", "Rate exceeded"), Throttled()));
  EXPECT_EQ(refused.failure().status, 400);

  advance(600ms - 1ns);
  EXPECT_THAT(assume_as_engine(), Throttled());
  advance(1ns);
  for (int i = 0; i < 600; ++i) ASSERT_THAT(assume_as_engine(), Succeeds()) << i;
  EXPECT_THAT(assume_as_engine(), Throttled());
}

TEST_F(StsTest, SharesTheQuotaBetweenItsOperations) {
  auto client = sts();
  for (int i = 0; i < 300; ++i) {
    ASSERT_THAT(client(GetCallerIdentity{}), Succeeds());
    ASSERT_THAT(assume_as_engine(), Succeeds());
  }
  EXPECT_THAT(client(GetCallerIdentity{}), Throttled());
  EXPECT_THAT(assume_as_engine(), Throttled());
}

TEST_F(StsTest, ChargesTheCallersAccountAndNotTheRoles) {
  const api::sts::Credentials customer = assume_as_engine().value().credentials;
  for (int i = 0; i < 599; ++i) ASSERT_THAT(assume_as_engine(), Succeeds());
  EXPECT_THAT(assume_as_engine(), Throttled());
  EXPECT_THAT(identity_of(customer), Succeeds());
}

TEST_F(StsTest, RefusedRequestsOfAKnownCallerAreChargedToo) {
  auto client = sts();
  for (int i = 0; i < 300; ++i) {
    ASSERT_THAT(client(AssumeRole{.role_arn = "x"}), FailsWith("ValidationError"));
    ASSERT_THAT(
        client(AssumeRole{.role_arn = "arn:aws:iam::444455556666:role/nobody", .role_session_name = "rule"}),
        FailsWith("AccessDenied"));
  }
  EXPECT_THAT(assume_as_engine(), Throttled());
}

TEST_F(StsTest, RequestsOfNobodyKnownAreChargedToNobody) {
  auto stranger = sts(aws::Credentials{"AKIAAAAAAAAAAAAAAAAA", "secret", ""});
  aws::Credentials forged = engine_credentials();
  forged.secret_access_key = "wrong";
  auto forger = sts(forged);
  for (int i = 0; i < 700; ++i) {
    ASSERT_THAT(stranger(GetCallerIdentity{}), FailsWith("InvalidClientTokenId"));
    ASSERT_THAT(forger(GetCallerIdentity{}), FailsWith("SignatureDoesNotMatch"));
  }
  EXPECT_THAT(assume_as_engine(), Succeeds());
}

}  // namespace
}  // namespace rushhour::fakes
