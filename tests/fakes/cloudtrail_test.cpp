// Which accounts get a record of a call, and what it says. Shapes: spec aws.md 5.

#include <rushhour/fakes/cloudtrail.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/event/event.hpp>
#include <rushhour/fakes/gtest.hpp>
#include <rushhour/limit/profiles.hpp>

namespace rushhour::fakes {
namespace {

using api::secretsmanager::DescribeSecret;
using api::secretsmanager::GetSecretValue;
using api::sts::AssumeRole;
using api::sts::GetCallerIdentity;
using api::virustotal::GetIpAddress;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::string_view engine = "111122223333";
constexpr std::string_view customer = "444455556666";

/// A world whose records are kept, and shown as detections see them.
class Trail : private TrailObserver, private event::SlotMaker {
 public:
  explicit Trail(PantherWorldOptions options = {}) : bench({.panther = std::move(options)}) {
    trail.listen(*this);
  }
  ~Trail() override { trail.unlisten(*this); }

  /// In which accounts, in the order of writing.
  [[nodiscard]] std::vector<std::string> accounts() const {
    std::vector<std::string> out;
    out.reserve(records.size());
    for (const TrailRecord& record : records) {
      out.emplace_back(bench.panther.world.ledger.names().text(record.account));
    }
    return out;
  }
  [[nodiscard]] event::Event event(std::size_t at) {
    event::Event out;
    out.assign({.id = at + 1, .model = &trail.model()}, trail.layout_of(records.at(at)), *this);
    return out;
  }
  [[nodiscard]] json as_json(std::size_t at) { return json::parse(event(at).to_json()); }

  [[nodiscard]] Result<AssumeRole::Output> assume(std::string_view role) {
    auto sts = bench.sts();
    return sts(AssumeRole{.role_arn = std::string{role}, .role_session_name = "AssumeRoleSession1"});
  }
  [[nodiscard]] Result<AssumeRole::Output> assume() { return assume(bench.panther.customer_role_arn); }
  [[nodiscard]] Result<GetSecretValue::Output> secret(std::string name = "panther-secrets/virus-total") {
    auto secrets = bench.secretsmanager(assume().value().credentials);
    return secrets(GetSecretValue{.secret_id = std::move(name)});
  }

  TestBench bench;
  CloudTrail trail{bench.panther};
  std::vector<TrailRecord> records;

 private:
  void on_record(const TrailRecord& record) override { records.push_back(record); }
  [[nodiscard]] event::Value make(const event::Event& of, std::uint32_t slot,
                                  event::Arena& arena) const override {
    return trail.make(records.at(of.id() - 1), slot, arena);
  }
};

// ---- Who gets a record ----

TEST(CloudTrail, PutsCallsAtTheGlobalEndpointOfStsIntoVirginia) {
  Trail trail{{.world = {.region = "eu-west-1", .sts_endpoint = StsEndpoint::global}}};
  ASSERT_THAT(trail.assume(), Succeeds());
  EXPECT_THAT(trail.accounts(), ElementsAre(engine, customer));
  EXPECT_EQ(trail.as_json(0)["awsRegion"], "us-east-1");
  EXPECT_THAT(trail.bench.calls().count("sts:AssumeRole"), 1U);
}

TEST(CloudTrail, WritesARoleAssumedAcrossAccountsIntoBothWithOneSharedId) {
  Trail trail;
  ASSERT_THAT(trail.assume(), Succeeds());
  EXPECT_THAT(trail.accounts(), ElementsAre(engine, customer));
  const json caller = trail.as_json(0);
  const json role = trail.as_json(1);
  EXPECT_EQ(caller["sharedEventID"], role["sharedEventID"]);
  EXPECT_EQ(caller["requestID"], role["requestID"]) << "it is one call";
  EXPECT_NE(caller["eventID"], role["eventID"]);
  EXPECT_NE(caller["sharedEventID"], caller["eventID"]);
  EXPECT_EQ(caller["recipientAccountId"], engine);
  EXPECT_EQ(role["recipientAccountId"], customer);
  EXPECT_EQ(caller["userIdentity"]["type"], "AssumedRole");
  EXPECT_THAT(role["userIdentity"], (json{{"type", "AWSAccount"},
                                          {"principalId", caller["userIdentity"]["principalId"]},
                                          {"accountId", engine}}));
}

TEST(CloudTrail, WritesARoleAssumedInItsOwnAccountOnce) {
  Trail trail{{.customer_account = std::string{engine}}};
  ASSERT_THAT(trail.assume(), Succeeds());
  EXPECT_THAT(trail.accounts(), ElementsAre(engine));
  EXPECT_FALSE(trail.as_json(0).contains("sharedEventID"));
}

TEST(CloudTrail, WritesARefusedAssumeRoleIntoTheCallersAccountOnly) {
  Trail trail{{.trusts_engine = false}};
  ASSERT_THAT(trail.assume(), FailsWith("AccessDenied"));
  EXPECT_THAT(trail.accounts(), ElementsAre(engine));
  EXPECT_FALSE(trail.as_json(0).contains("sharedEventID"));
}

TEST(CloudTrail, WritesWhatASessionDoesIntoTheAccountOfItsRole) {
  Trail trail;
  const auto credentials = trail.assume().value().credentials;
  auto sts = trail.bench.sts();
  ASSERT_THAT(sts(GetCallerIdentity{}), Succeeds());
  auto secrets = trail.bench.secretsmanager(credentials);
  ASSERT_THAT(secrets(GetSecretValue{.secret_id = trail.bench.panther.secret_name}), Succeeds());
  ASSERT_THAT(secrets(DescribeSecret{.secret_id = trail.bench.panther.secret_name}), Succeeds());
  EXPECT_THAT(trail.accounts(), ElementsAre(engine, customer, engine, customer, customer));
  EXPECT_EQ(trail.trail.written(), 5U);
}

TEST(CloudTrail, WritesNothingOfVirusTotalNorOfWhoIsNotAuthenticated) {
  Trail trail;
  auto virustotal = trail.bench.virustotal("no such key");
  EXPECT_THAT(virustotal(GetIpAddress{.ip = "8.8.8.8"}), FailsWith("WrongCredentialsError"));
  auto sts = trail.bench.sts(aws::Credentials{"AKIA0000000000000000", "s", ""});
  EXPECT_THAT(sts(GetCallerIdentity{}), FailsWith("InvalidClientTokenId"));
  auto nobody = trail.bench.sts(api::Anonymous{});
  EXPECT_THAT(nobody(GetCallerIdentity{}), FailsWith("MissingAuthenticationToken"));
  EXPECT_THAT(trail.records, IsEmpty());

  const auto expiring = trail.assume().value().credentials;
  trail.bench.advance(2h);
  trail.records.clear();
  auto secrets = trail.bench.secretsmanager(expiring);
  EXPECT_THAT(secrets(GetSecretValue{.secret_id = "x"}), FailsWith("ExpiredTokenException"));
  EXPECT_THAT(trail.records, IsEmpty()) << "an expired session is nobody";
}

TEST(CloudTrail, WritesNothingOfACallThatAFaultAnsweredBeforeTheCallerWasKnown) {
  Trail trail;
  trail.bench.world().faults.add(
      {.service = "sts", .failure = {.outcome = Outcome::server_error, .status = 500}});
  EXPECT_FALSE(trail.assume().ok());
  EXPECT_THAT(trail.records, IsEmpty());
}

TEST(CloudTrail, WritesEachThrottledAttempt) {
  Trail trail;
  std::vector<limit::Profile> rows = limit::profiles::of("sts");
  for (limit::Profile& row : rows) row.limit = row.burst = 1;
  trail.bench.world().sts.quotas().replace(std::move(rows));
  std::size_t throttled = 0;
  for (int i = 0; i < 5; ++i) throttled += trail.assume().ok() ? 0U : 1U;
  ASSERT_GT(throttled, 0U);
  EXPECT_THAT(trail.records, SizeIs(2 * (5 - throttled) + throttled));
  const json last = trail.as_json(trail.records.size() - 1);
  EXPECT_EQ(last["errorCode"], "ThrottlingException") << "and not Throttling, as the answer";
  EXPECT_EQ(last["errorMessage"], "Rate exceeded");
  EXPECT_TRUE(last["requestParameters"].is_null());
}

TEST(CloudTrail, KnowsNothingOfTheRequestOfAThrottledCall) {
  Trail trail;
  const auto credentials = trail.assume().value().credentials;
  std::vector<limit::Profile> rows = limit::profiles::of("secretsmanager");
  for (limit::Profile& row : rows) row.limit = row.burst = 1;
  trail.bench.world().secretsmanager.quotas().replace(std::move(rows));
  auto secrets = trail.bench.secretsmanager(credentials);
  while (secrets(GetSecretValue{.secret_id = trail.bench.panther.secret_name}).ok()) {
  }
  const json last = trail.as_json(trail.records.size() - 1);
  EXPECT_EQ(last["eventName"], "GetSecretValue");
  EXPECT_EQ(last["errorCode"], "ThrottlingException");
  EXPECT_TRUE(last["requestParameters"].is_null());
  EXPECT_EQ(last["recipientAccountId"], customer);
}

TEST(CloudTrail, SaysOfEachRecordWhichEventAndDetectionItComesFrom) {
  Trail trail;
  struct Reads {
    static std::string_view name() { return "reads"; }
    static detect::Verdict rule(const event::Event&, detect::Context& context) {
      static_cast<void>(context.sts()(GetCallerIdentity{}));
      return false;
    }
  } reads;
  static_cast<void>(trail.bench.cloudtrail_event("{}"));
  const event::Event second = trail.bench.cloudtrail_event("{}");
  static_cast<void>(trail.bench.evaluate(reads, second));
  const Name name = trail.trail.names().intern("reads");
  EXPECT_THAT(
      trail.records,
      ElementsAre(AllOf(Field(&TrailRecord::event, 2U), Field(&TrailRecord::detection, name),
                        Field(&TrailRecord::attempt, 1), Field(&TrailRecord::at, trail.bench.clock.now()))));
}

TEST(CloudTrail, AssumesTheRoleOfTheCustomerThatADetectionWorksFor) {
  Trail trail{{.customers = {{.name = "acme", .account = "222233334444"},
                             {.name = "umbrella", .account = "555566667777"}}}};
  const Customer& umbrella = *trail.bench.panther.find_customer("umbrella");
  struct Assumes {
    std::string role;
    static std::string_view name() { return "assumes"; }
    [[nodiscard]] detect::Verdict rule(const event::Event&, detect::Context& context) const {
      static_cast<void>(context.sts()(AssumeRole{.role_arn = role, .role_session_name = "s1"}));
      return false;
    }
  } assumes{umbrella.role_arn};
  trail.trail.assign(trail.trail.names().intern("assumes"), umbrella);
  static_cast<void>(trail.bench.evaluate(assumes, trail.bench.cloudtrail_event("{}")));
  EXPECT_THAT(trail.accounts(), ElementsAre(engine, "555566667777"));
  EXPECT_EQ(trail.as_json(1)["requestParameters"]["roleArn"], umbrella.role_arn);

  auto secrets = trail.bench.secretsmanager(trail.assume(umbrella.role_arn).value().credentials);
  ASSERT_THAT(secrets(GetSecretValue{.secret_id = umbrella.secret_name}), Succeeds());
  EXPECT_EQ(trail.accounts().back(), "555566667777");
}

TEST(CloudTrail, StopsWithItsEnd) {
  TestBench bench;
  { const CloudTrail trail{bench.panther}; }
  auto sts = bench.sts();
  EXPECT_THAT(sts(GetCallerIdentity{}), Succeeds()) << "and reads no memory that is gone";
}

// ---- What it says ----

TEST(CloudTrail, RecordsAnAssumedRoleAsAwsDoes) {
  Trail trail;
  const AssumeRole::Output answer = trail.assume().value();
  json record = trail.as_json(0);
  const std::string role_id = trail.bench.world().iam.find(trail.bench.panther.customer_role_arn)->unique_id;
  const std::string engine_id = trail.bench.world().iam.find(trail.bench.panther.engine_role_arn)->unique_id;

  const json& credentials = record["responseElements"]["credentials"];
  EXPECT_TRUE(std::string{credentials["accessKeyId"]}.starts_with("ASIA"));
  EXPECT_FALSE(credentials.contains("secretAccessKey")) << "never the secret";
  EXPECT_EQ(credentials["expiration"], "Mar 2, 2026, 1:00:00 AM");
  EXPECT_EQ(record["responseElements"]["assumedRoleUser"]["arn"], answer.assumed_role_user.arn);
  EXPECT_EQ(record["responseElements"]["assumedRoleUser"]["assumedRoleId"],
            answer.assumed_role_user.assumed_role_id);
  EXPECT_EQ(answer.assumed_role_user.assumed_role_id, role_id + ":AssumeRoleSession1");
  EXPECT_EQ(std::string{record["eventID"]}.size(), 36U);
  EXPECT_EQ(std::string{record["userIdentity"]["accessKeyId"]}.size(), 20U);

  record.erase("responseElements");
  record.erase("eventID");
  record.erase("requestID");
  record.erase("sharedEventID");
  record["userIdentity"].erase("accessKeyId");
  EXPECT_EQ(record, json::parse(R"({
    "eventVersion": "1.08",
    "userIdentity": {
      "type": "AssumedRole",
      "principalId": ")" + engine_id +
                                R"(:panther-rules-engine",
      "arn": "arn:aws:sts::111122223333:assumed-role/detections-engine/panther-rules-engine",
      "accountId": "111122223333",
      "sessionContext": {
        "sessionIssuer": {
          "type": "Role",
          "principalId": ")" + engine_id +
                                R"(",
          "arn": "arn:aws:iam::111122223333:role/detections-engine",
          "accountId": "111122223333",
          "userName": "detections-engine"
        },
        "webIdFederationData": {},
        "attributes": {"creationDate": "2026-03-02T00:00:00Z", "mfaAuthenticated": "false"}
      }
    },
    "eventTime": "2026-03-02T00:00:00Z",
    "eventSource": "sts.amazonaws.com",
    "eventName": "AssumeRole",
    "awsRegion": "us-east-1",
    "sourceIPAddress": "3.80.0.17",
    "userAgent": ")" + CloudTrailOptions{}.user_agent +
                                R"(",
    "requestParameters": {
      "roleArn": "arn:aws:iam::444455556666:role/panther-secrets-access",
      "roleSessionName": "AssumeRoleSession1"
    },
    "readOnly": true,
    "resources": [{
      "accountId": "444455556666",
      "type": "AWS::IAM::Role",
      "ARN": "arn:aws:iam::444455556666:role/panther-secrets-access"
    }],
    "eventType": "AwsApiCall",
    "managementEvent": true,
    "recipientAccountId": "111122223333",
    "eventCategory": "Management",
    "tlsDetails": {
      "tlsVersion": "TLSv1.3",
      "cipherSuite": "TLS_AES_128_GCM_SHA256",
      "clientProvidedHostHeader": "sts.us-east-1.amazonaws.com"
    }
  })"));
}

TEST(CloudTrail, RecordsAReadSecretWithTheSessionThatWasMadeForIt) {
  Trail trail;
  ASSERT_THAT(trail.secret(), Succeeds());
  const json record = trail.as_json(2);
  EXPECT_EQ(record["eventVersion"], "1.09");
  EXPECT_EQ(record["eventSource"], "secretsmanager.amazonaws.com");
  EXPECT_EQ(record["eventName"], "GetSecretValue");
  EXPECT_EQ(record["requestParameters"], (json{{"secretId", "panther-secrets/virus-total"}}));
  EXPECT_TRUE(record["responseElements"].is_null());
  EXPECT_FALSE(record.contains("resources"));
  EXPECT_FALSE(record.contains("errorCode"));
  EXPECT_EQ(record["userIdentity"]["arn"],
            "arn:aws:sts::444455556666:assumed-role/panther-secrets-access/AssumeRoleSession1");
  EXPECT_EQ(record["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"], "panther-secrets-access");
  EXPECT_EQ(record["userIdentity"]["accessKeyId"],
            trail.as_json(0)["responseElements"]["credentials"]["accessKeyId"]);
}

TEST(CloudTrail, SaysWhyACallWasRefused) {
  Trail denied{{.trusts_engine = false}};
  const std::string said = denied.assume().failure().message;
  const json assume = denied.as_json(0);
  EXPECT_EQ(assume["errorCode"], "AccessDenied");
  EXPECT_EQ(assume["errorMessage"], said);
  EXPECT_TRUE(assume["requestParameters"].is_null());
  EXPECT_TRUE(assume["responseElements"].is_null());
  EXPECT_FALSE(assume.contains("resources"));

  Trail uncovered{{.policy_covers_secret = false}};
  const Failure failure = uncovered.secret().failure();
  const json secret = uncovered.as_json(2);
  EXPECT_EQ(failure.code, "AccessDeniedException");
  EXPECT_EQ(secret["errorCode"], "AccessDenied") << "records leave Exception out";
  EXPECT_EQ(secret["errorMessage"], failure.message);
  EXPECT_EQ(secret["requestParameters"]["secretId"], "panther-secrets/virus-total");
}

TEST(CloudTrail, RecordsCallsWithoutParametersAndFailuresWithoutDerivableText) {
  Trail trail;
  auto sts = trail.bench.sts();
  ASSERT_THAT(sts(GetCallerIdentity{}), Succeeds());
  EXPECT_TRUE(trail.as_json(0)["requestParameters"].is_null());
  EXPECT_EQ(trail.as_json(0)["eventName"], "GetCallerIdentity");

  EXPECT_THAT(sts(AssumeRole{.role_arn = "not an arn, but of 20 letters", .role_session_name = "s1"}),
              FailsWith("ValidationError"));
  EXPECT_EQ(trail.as_json(1)["errorCode"], "ValidationError");
  EXPECT_FALSE(trail.as_json(1).contains("errorMessage"));
}

TEST(CloudTrail, RecordsAnIamUser) {
  Trail trail;
  const aws::Credentials key =
      trail.bench.world().iam.add_user({.account = "777788889999", .name = "ada", .path = "/people/"});
  auto sts = trail.bench.sts(key);
  ASSERT_THAT(sts(GetCallerIdentity{}), Succeeds());
  EXPECT_THAT(trail.accounts(), ElementsAre("777788889999"));
  const json user = trail.as_json(0)["userIdentity"];
  EXPECT_EQ(user["type"], "IAMUser");
  EXPECT_EQ(user["arn"], "arn:aws:iam::777788889999:user/people/ada");
  EXPECT_EQ(user["userName"], "ada");
  EXPECT_TRUE(std::string{user["principalId"]}.starts_with("AIDA"));
  EXPECT_TRUE(std::string{user["accessKeyId"]}.starts_with("AKIA"));
  EXPECT_FALSE(user.contains("sessionContext"));
}

TEST(CloudTrail, GivesDetectionsTheCommonNames) {
  Trail trail;
  ASSERT_THAT(trail.assume(), Succeeds());
  EXPECT_EQ(trail.event(0).udm("source_ip").text_or(""), "3.80.0.17");
  EXPECT_EQ(trail.event(0).udm("actor_user").text_or(""), "detections-engine");
  EXPECT_EQ(trail.event(0).udm("event_type").text_or(""), "AssumeRole");
}

TEST(CloudTrail, SaysTheSameOfTheSameSeedAndDifferentIdsOfEachCall) {
  Trail once;
  Trail again;
  for (Trail* trail : {&once, &again}) {
    ASSERT_THAT(trail->secret(), Succeeds());
    ASSERT_THAT(trail->secret(), Succeeds());
  }
  for (std::size_t i = 0; i < once.records.size(); ++i) EXPECT_EQ(once.as_json(i), again.as_json(i));
  EXPECT_NE(once.as_json(0)["requestID"], once.as_json(3)["requestID"]);
  Trail other{{.world = {.seed = 2}}};
  ASSERT_THAT(other.assume(), Succeeds());
  EXPECT_NE(other.as_json(0)["eventID"], once.as_json(0)["eventID"]);
}

}  // namespace
}  // namespace rushhour::fakes
