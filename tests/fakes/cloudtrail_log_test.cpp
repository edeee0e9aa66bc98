#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/api/iam.hpp>
#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/fakes/cloudtrail_log.hpp>
#include <rushhour/fakes/world.hpp>

namespace rushhour::fakes {
namespace {

using Json = nlohmann::json;
using api::secretsmanager::BatchGetSecretValue;
using api::secretsmanager::CreateSecret;
using api::secretsmanager::DeleteSecret;
using api::secretsmanager::GetSecretValue;
using api::secretsmanager::ListSecrets;
using api::secretsmanager::PutSecretValue;
using api::sts::AssumeRole;
using api::sts::AssumeRoleWithSAML;
using api::sts::AssumeRoleWithWebIdentity;
using api::sts::GetCallerIdentity;
using api::sts::GetFederationToken;

constexpr std::string_view customer_account = "444455556666";

api::sts::Credentials made_credentials() {
  return {.access_key_id = "ASIAIOSFODNN7EXAMPLE",
          .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
          .session_token = "IQoJb3JpZ2luX2VjEXAMPLE",
          .expiration = Instant{std::chrono::seconds{1'722'375'975}}};  // 2024-07-30T21:46:15Z
}

/// A log of the guide's world, told of calls by hand: what records say depends on nothing else.
class CloudTrailLogTest : public testing::Test {
 protected:
  CloudTrailLogTest() {
    key = panther.world.iam.add_user({.account = std::string{customer_account}, .name = "christophe"});
  }

  [[nodiscard]] Name name(std::string_view text) { return panther.world.ledger.names().intern(text); }
  /// What the user is as a caller, with its own key.
  [[nodiscard]] Caller user() {
    const Principal& subject = *panther.world.iam.find("arn:aws:iam::444455556666:user/christophe");
    return {.kind = CallerKind::user,
            .subject = subject.index,
            .principal = subject.arn_name,
            .account = subject.account,
            .region = name("us-east-1"),
            .access_key_id = key.access_key_id};
  }
  [[nodiscard]] Caller session(CallerKind kind, std::string_view session_name) {
    Caller out = user();
    out.kind = kind;
    out.is_session = true;
    out.session_start = start;
    out.session = SessionName{session_name};
    out.access_key_id = "ASIAIOSFODNN7EXAMPLE";
    return out;
  }

  template <class Op>
  std::vector<Json> tell(const Op& request, typename Op::Output output, Failure failure, const Caller& caller,
                         const Origin* origin = nullptr) {
    const std::size_t before = log.records().size();
    Op input = request;
    const Arrival arrival{.operation = api::operation_of<Op>,
                          .identity = nobody,
                          .attribution = nothing,
                          .input = &input,
                          .output = &output,
                          .failure = failure,
                          .origin = origin};
    log.on_request(arrival, caller, {.at = start, .outcome = failure.outcome});
    std::vector<Json> out;
    for (std::size_t i = before; i < log.records().size(); ++i)
      out.push_back(Json::parse(log.records()[i].json));
    return out;
  }
  template <class Op>
  Json ok(const Op& request, typename Op::Output output = {}) {
    return tell(request, std::move(output), {.outcome = Outcome::ok}, user()).at(0);
  }
  template <class Op>
  Json failed(const Op& request, Failure failure) {
    return tell(request, {}, std::move(failure), user()).at(0);
  }

  [[nodiscard]] AssumeRole assume() const {
    return {.role_arn = "arn:aws:iam::444455556666:role/reader", .role_session_name = "rule-1"};
  }
  [[nodiscard]] static AssumeRole::Output assumed() {
    return {.credentials = made_credentials(),
            .assumed_role_user = {.assumed_role_id = "AROAEXAMPLE:rule-1",
                                  .arn = "arn:aws:sts::444455556666:assumed-role/reader/rule-1"}};
  }

  PantherWorld panther;
  CloudTrailLog log{panther.world};
  aws::Credentials key;
  const api::Identity nobody{};
  const api::Attribution nothing{};
  const Instant start = panther.world.options.start + std::chrono::milliseconds{1234};
};

TEST_F(CloudTrailLogTest, WritesWhatTheRealServiceWrites) {
  Json record = ok(GetSecretValue{.secret_id = "prod/key", .version_stage = "AWSCURRENT"});
  for (const char* id : {"requestID", "eventID"}) {
    EXPECT_THAT(record[id].get<std::string>(),
                testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    record.erase(id);
  }
  EXPECT_NE(record["userIdentity"]["principalId"].get<std::string>().find("AIDA"), std::string::npos);
  record["userIdentity"].erase("principalId");
  EXPECT_EQ(record, Json::parse(R"({"eventVersion":"1.09",
      "userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::444455556666:user/christophe",
        "accountId":"444455556666","accessKeyId":")" +
                                key.access_key_id + R"(","userName":"christophe"},
      "eventTime":"2026-03-02T00:00:01Z","eventSource":"secretsmanager.amazonaws.com",
      "eventName":"GetSecretValue","awsRegion":"us-east-1","sourceIPAddress":"3.80.0.17","userAgent":")" +
                                CloudTrailLogOptions{}.user_agent + R"(",
      "requestParameters":{"secretId":"prod/key","versionStage":"AWSCURRENT"},"responseElements":null,
      "readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"444455556666",
      "eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.3",
        "cipherSuite":"TLS_AES_128_GCM_SHA256",
        "clientProvidedHostHeader":"secretsmanager.us-east-1.amazonaws.com"}})"));
}

TEST_F(CloudTrailLogTest, TakesWhatAMessageTellsOfItself) {
  const Origin origin{.source_ip = "198.51.100.7",
                      .user_agent = "aws-cli/2",
                      .host = "sts.eu-west-1.amazonaws.com",
                      .request_id = "c6104cbe-af31-11e0-8154-cbc7ccf896c7"};
  const Json record = tell(GetCallerIdentity{}, {}, {.outcome = Outcome::ok}, user(), &origin).at(0);
  EXPECT_EQ(record["sourceIPAddress"], "198.51.100.7");
  EXPECT_EQ(record["userAgent"], "aws-cli/2");
  EXPECT_EQ(record["requestID"], "c6104cbe-af31-11e0-8154-cbc7ccf896c7");
  EXPECT_EQ(record["tlsDetails"]["clientProvidedHostHeader"], "sts.eu-west-1.amazonaws.com");
}

TEST_F(CloudTrailLogTest, SaysWhereACallWasSent) {
  Caller caller = user();
  caller.region = name("eu-west-1");
  const Failure fine{.outcome = Outcome::ok};
  EXPECT_EQ(tell(GetCallerIdentity{}, {}, fine, caller).at(0)["awsRegion"], "eu-west-1");
  EXPECT_EQ(tell(api::iam::CreateRole{}, {}, fine, caller).at(0)["awsRegion"], "us-east-1")
      << "IAM is one for all Regions";
}

TEST_F(CloudTrailLogTest, NeverWritesASecret) {
  ok(CreateSecret{.name = "a", .secret_string = "the-secret-string"});
  ok(PutSecretValue{.secret_id = "a", .secret_binary = aws::Blob{"the-secret-bytes"}});
  ok(GetSecretValue{.secret_id = "a"}, {.secret_string = "the-secret-string"});
  ok(assume(), assumed());
  for (const CloudTrailRecord& record : log.records()) {
    for (const char* secret : {"the-secret", "dGhlLXNlY3JldC1ieXRlcw", "wJalrXUtnFEMI", "ecret_string"}) {
      EXPECT_EQ(record.json.find(secret), std::string::npos) << record.json;
    }
    EXPECT_FALSE(Json::parse(record.json)["requestParameters"].contains("secretString"));
  }
}

TEST_F(CloudTrailLogTest, ShowsASessionWithItsIssuer) {
  Caller caller = session(CallerKind::role, "rule-1");
  const Principal& role = *panther.world.iam.find(panther.customer_role_arn);
  caller.subject = role.index;
  const SessionFacts facts{.source_identity = "ada", .is_multi_factor = true};
  caller.facts = &facts;
  const Json identity = tell(GetCallerIdentity{}, {}, {.outcome = Outcome::ok}, caller).at(0)["userIdentity"];
  EXPECT_EQ(identity, Json::parse(R"({"type":"AssumedRole","principalId":")" + role.unique_id +
                                  R"(:rule-1",
      "arn":"arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule-1",
      "accountId":"444455556666","accessKeyId":"ASIAIOSFODNN7EXAMPLE","sessionContext":{
        "sessionIssuer":{"type":"Role","principalId":")" +
                                  role.unique_id + R"(",
          "arn":"arn:aws:iam::444455556666:role/panther-secrets-access","accountId":"444455556666",
          "userName":"panther-secrets-access"},
        "webIdFederationData":{},"attributes":{"creationDate":"2026-03-02T00:00:01Z","mfaAuthenticated":"true"},
        "sourceIdentity":"ada"}})"));
}

TEST_F(CloudTrailLogTest, ShowsAFederatedUserWithTheUserWhoIssuedIt) {
  const Json identity =
      tell(GetCallerIdentity{}, {}, {.outcome = Outcome::ok}, session(CallerKind::federated_user, "stratus"))
          .at(0)["userIdentity"];
  EXPECT_EQ(identity["type"], "FederatedUser");
  EXPECT_EQ(identity["principalId"], "444455556666:stratus");
  EXPECT_EQ(identity["arn"], "arn:aws:sts::444455556666:federated-user/stratus");
  EXPECT_EQ(identity["sessionContext"]["sessionIssuer"]["type"], "IAMUser");
  EXPECT_EQ(identity["sessionContext"]["sessionIssuer"]["userName"], "christophe");
  Caller of_root = session(CallerKind::federated_user, "stratus");
  of_root.subject = panther.world.iam.root_of(customer_account).index;
  EXPECT_EQ(tell(GetCallerIdentity{}, {}, {.outcome = Outcome::ok}, of_root)
                .at(0)["userIdentity"]["sessionContext"]["sessionIssuer"],
            Json::parse(R"({"type":"Root","principalId":"444455556666",
                "arn":"arn:aws:iam::444455556666:root","accountId":"444455556666"})"));
}

TEST_F(CloudTrailLogTest, ShowsTheRootUserByItsAccount) {
  Caller root = user();
  root.kind = CallerKind::root;
  root.subject = panther.world.iam.root_of(customer_account).index;
  const Json identity = tell(GetCallerIdentity{}, {}, {.outcome = Outcome::ok}, root).at(0)["userIdentity"];
  EXPECT_EQ(identity, Json::parse(R"({"type":"Root","principalId":"444455556666",
      "arn":"arn:aws:iam::444455556666:root","accountId":"444455556666","accessKeyId":")" +
                                  key.access_key_id + R"("})"));
  const Json assumed_root =
      tell(GetCallerIdentity{}, {}, {.outcome = Outcome::ok}, session(CallerKind::root, ""))
          .at(0)["userIdentity"];
  EXPECT_EQ(assumed_root["sessionContext"]["assumedRoot"], "true");
}

TEST_F(CloudTrailLogTest, ShowsWhoStandsBehindAToken) {
  Caller unsigned_caller{.region = name("us-east-1")};
  const Json web = tell(AssumeRoleWithWebIdentity{.role_arn = assume().role_arn,
                                                  .role_session_name = "ci",
                                                  .web_identity_token = "eyJ.the-token.x"},
                        {.credentials = made_credentials(),
                         .subject_from_web_identity_token = "repo:a/b",
                         .provider = "https://token.actions.githubusercontent.com",
                         .audience = "sts.amazonaws.com"},
                        {.outcome = Outcome::ok}, unsigned_caller)
                       .at(0);
  const std::string provider = "arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com";
  EXPECT_EQ(web["userIdentity"], (Json{{"type", "WebIdentityUser"},
                                       {"principalId", provider + ":sts.amazonaws.com:repo:a/b"},
                                       {"userName", "repo:a/b"},
                                       {"identityProvider", provider}}));
  EXPECT_EQ(web["recipientAccountId"], customer_account);
  EXPECT_FALSE(web["requestParameters"].contains("webIdentityToken"));
  const Json saml = tell(AssumeRoleWithSAML{.role_arn = assume().role_arn,
                                            .principal_arn = "arn:aws:iam::444455556666:saml-provider/idp",
                                            .saml_assertion = "PHNhbWw+"},
                         {.credentials = made_credentials(), .subject = "ada", .name_qualifier = "bdGOn="},
                         {.outcome = Outcome::ok}, unsigned_caller)
                        .at(0);
  EXPECT_EQ(saml["userIdentity"], (Json{{"type", "SAMLUser"},
                                        {"principalId", "bdGOn=:ada"},
                                        {"userName", "ada"},
                                        {"identityProvider", "bdGOn="}}));
  EXPECT_EQ(saml["resources"][1]["type"], "AWS::IAM::SAMLProvider");
}

TEST_F(CloudTrailLogTest, KeepsTheRequestOfARefusedToken) {
  const Json record = tell(AssumeRoleWithWebIdentity{.role_arn = assume().role_arn,
                                                     .role_session_name = "ci",
                                                     .web_identity_token = "eyJ"},
                           {},
                           {.outcome = Outcome::denied,
                            .status = 403,
                            .code = "AccessDenied",
                            .message = "Not authorized to perform sts:AssumeRoleWithWebIdentity"},
                           Caller{.region = name("us-east-1")})
                          .at(0);
  EXPECT_EQ(record["userIdentity"], (Json{{"type", "WebIdentityUser"}}));
  EXPECT_EQ(record["requestParameters"]["roleSessionName"], "ci");
}

TEST_F(CloudTrailLogTest, WritesBothAccountsOfACrossAccountCall) {
  AssumeRole request = assume();
  request.role_arn = "arn:aws:iam::777788889999:role/reader";
  const std::vector<Json> both = tell(request, assumed(), {.outcome = Outcome::ok}, user());
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0]["sharedEventID"], both[1]["sharedEventID"]);
  EXPECT_EQ(both[0]["requestID"], both[1]["requestID"]);
  EXPECT_NE(both[0]["eventID"], both[1]["eventID"]);
  EXPECT_EQ(both[0]["recipientAccountId"], customer_account);
  EXPECT_EQ(both[1]["recipientAccountId"], "777788889999");
  EXPECT_EQ(both[1]["userIdentity"], (Json{{"type", "AWSAccount"},
                                           {"principalId", both[0]["userIdentity"]["principalId"]},
                                           {"accountId", customer_account}}));
  EXPECT_EQ(ok(assume(), assumed()).contains("sharedEventID"), false);
}

TEST_F(CloudTrailLogTest, LeavesOutWhatFailsAuthentication) {
  for (const Iam::AuthenticationErrors* errors : {&Iam::query_errors(), &Iam::json_errors()}) {
    for (const Failure& failure : {errors->unknown_key, errors->expired, errors->mismatch}) {
      EXPECT_TRUE(tell(GetCallerIdentity{}, {}, failure, user()).empty()) << failure.code;
    }
  }
  EXPECT_TRUE(tell(GetCallerIdentity{}, {},
                   {.outcome = Outcome::server_error, .status = 503, .code = "ServiceUnavailable"},
                   Caller{.region = name("us-east-1")})
                  .empty())
      << "a fault that strikes before anybody is known";
}

TEST_F(CloudTrailLogTest, CallsThrottlingByOneNameAndReadsNothingOfIt) {
  for (const char* code : {"Throttling", "ThrottlingException"}) {
    const Json record = failed(GetSecretValue{.secret_id = "a"},
                               {.outcome = Outcome::throttled, .status = 400, .code = code});
    EXPECT_EQ(record["errorCode"], "ThrottlingException");
    EXPECT_EQ(record["requestParameters"], nullptr);
  }
  CloudTrailLog silent{panther.world, {.records_throttled = false}};
  panther.world.sts.quotas().replace(limit::profiles::of("sts"));
  EXPECT_EQ(silent.written(), 0U);
}

TEST_F(CloudTrailLogTest, WritesEachSecretOfABatch) {
  const BatchGetSecretValue request{.secret_id_list = {"a", "b"}};
  const BatchGetSecretValue::Output output{
      .secret_values = {{.arn = "arn:aws:secretsmanager:us-east-1:444455556666:secret:a-AbCdEf",
                         .secret_string = "the-secret"}},
      .errors = {{.secret_id = "b", .error_code = "AccessDeniedException", .message = "no"}}};
  const std::vector<Json> records = tell(request, output, {.outcome = Outcome::ok}, user());
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0]["eventName"], "BatchGetSecretValue");
  EXPECT_EQ(records[0]["requestParameters"], (Json{{"secretIdList", {"a", "b"}}}));
  EXPECT_EQ(records[1]["eventName"], "GetSecretValue");
  EXPECT_EQ(records[1]["requestParameters"]["secretId"], output.secret_values[0].arn);
  EXPECT_EQ(records[2]["errorCode"], "AccessDenied");
  EXPECT_EQ(records[2]["requestParameters"]["secretId"], "b");
}

TEST_F(CloudTrailLogTest, WritesWhatTheServiceDoesByItself) {
  log.on_service_event({.name = "RotationSucceeded",
                        .secret_arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:db-WoDpmU",
                        .version_id = "7ac47c8c-f328-423b-9698-6926dd1f293e",
                        .at = start,
                        .account = "123456789012",
                        .region = "us-west-2"});
  Json record = Json::parse(log.records().back().json);
  record.erase("eventID");
  EXPECT_EQ(record, Json::parse(R"({"eventVersion":"1.08",
      "userIdentity":{"accountId":"123456789012","invokedBy":"secretsmanager.amazonaws.com"},
      "eventTime":"2026-03-02T00:00:01Z","eventSource":"secretsmanager.amazonaws.com",
      "eventName":"RotationSucceeded","awsRegion":"us-west-2",
      "sourceIPAddress":"secretsmanager.amazonaws.com","userAgent":"secretsmanager.amazonaws.com",
      "requestParameters":null,"responseElements":null,
      "additionalEventData":{"SecretId":"arn:aws:secretsmanager:us-west-2:123456789012:secret:db-WoDpmU"},
      "requestID":"Rotation-arn:aws:secretsmanager:us-west-2:123456789012:secret:db-WoDpmU-7ac47c8c-f328-423b-9698-6926dd1f293e",
      "readOnly":false,"eventType":"AwsServiceEvent","managementEvent":true,
      "recipientAccountId":"123456789012","eventCategory":"Management"})"));
}

TEST_F(CloudTrailLogTest, FollowsItsSwitches) {
  const auto last = [this](CloudTrailLogOptions options, const auto& request, auto output, Failure failure) {
    CloudTrailLog other{panther.world, std::move(options)};
    auto input = request;
    const Arrival arrival{.operation = api::operation_of<std::remove_cvref_t<decltype(request)>>,
                          .identity = nobody,
                          .attribution = nothing,
                          .input = &input,
                          .output = &output,
                          .failure = failure};
    other.on_request(arrival, user(), {.at = start, .outcome = failure.outcome});
    return other.records().empty() ? Json{} : Json::parse(other.records().back().json);
  };
  const Failure fine{.outcome = Outcome::ok};
  const Failure denied{.outcome = Outcome::denied, .status = 400, .code = "AccessDeniedException"};
  const GetSecretValue get{.secret_id = "a"};
  const GetSecretValue::Output nothing_read{};
  EXPECT_EQ(last({.shortens_access_denied = false}, get, nothing_read, denied)["errorCode"],
            "AccessDeniedException");
  EXPECT_EQ(last({.keeps_parameters_of_failures = false}, get, nothing_read, denied)["requestParameters"],
            nullptr);
  EXPECT_EQ(last({.records_throttled = false}, get, nothing_read, {.outcome = Outcome::throttled}), nullptr);
  EXPECT_EQ(last({.records_each_of_batch = false}, BatchGetSecretValue{},
                 BatchGetSecretValue::Output{.secret_values = {{.arn = "x"}}}, fine)["eventName"],
            "BatchGetSecretValue");
  const AssumeRole::Output sized{.credentials = made_credentials(), .session_token_size = 356};
  EXPECT_FALSE(last({}, assume(), sized, fine)["responseElements"].contains("sessionTokenSize"));
  EXPECT_EQ(last({.shows_token_sizes = true}, assume(), sized, fine)["responseElements"]["sessionTokenSize"],
            356);
  EXPECT_FALSE(last({.tells_endpoint = false}, assume(), sized, fine).contains("additionalEventData"));
  EXPECT_EQ(last({.create_secret_answers = true}, CreateSecret{.name = "a"},
                 CreateSecret::Output{.arn = "x", .name = "a"}, fine)["responseElements"],
            (Json{{"arn", "x"}, {"name", "a"}}));
  EXPECT_EQ(last({.create_secret_answers = true, .arn_member = "aRN"}, CreateSecret{.name = "a"},
                 CreateSecret::Output{.arn = "x", .name = "a"}, fine)["responseElements"],
            (Json{{"aRN", "x"}, {"name", "a"}}));
}

TEST_F(CloudTrailLogTest, KeepsNoMoreThanItsCapacity) {
  CloudTrailLog small{panther.world, {.capacity = 2}};
  const std::string before = panther.world.ledger.digest().text();
  for (int i = 0; i < 3; ++i) {
    small.on_service_event({.name = "RotationStarted", .at = start, .account = "123456789012"});
  }
  EXPECT_EQ(small.written(), 3U);
  ASSERT_EQ(small.records().size(), 2U);
  EXPECT_EQ(small.records().front().number, 2U);
  EXPECT_EQ(panther.world.ledger.digest().text(), before) << "records decide nothing";
}

TEST_F(CloudTrailLogTest, HearsTheServicesThemselves) {
  const api::Identity engine = panther.engine_session(start).credentials;
  AssumeRole::Output output;
  Failure failure;
  const AssumeRole request{.role_arn = panther.customer_role_arn, .role_session_name = "rule-1"};
  EXPECT_TRUE(panther.world.perform(
      {api::operation_of<AssumeRole>, &request, &output, engine, nothing, failure}, start));
  ASSERT_EQ(log.records().size(), 2U);
  const Json record = Json::parse(log.records()[0].json);
  EXPECT_EQ(record["responseElements"]["credentials"]["accessKeyId"], output.credentials.access_key_id);
  EXPECT_EQ(record["userIdentity"]["accessKeyId"], std::get<aws::Credentials>(engine).access_key_id);
  EXPECT_EQ(log.records()[1].account, customer_account);
}

// ---- Against records that real calls left, which are no part of the project ----

/// All paths of members below a value; elements of arrays are `[]`. What differs between calls by what was
/// sent is left to the call.
void add_paths(const Json& value, const std::string& at, std::set<std::string>& out) {
  if (value.is_object()) {
    out.insert(at + "{}");
    for (const auto& [key, member] : value.items()) add_paths(member, at + "/" + key, out);
  } else if (value.is_array()) {
    for (const Json& element : value) add_paths(element, at + "/[]", out);
  } else {
    out.insert(at + ":" +
               (value.is_null()      ? "null"
                : value.is_boolean() ? "boolean"
                : value.is_number()  ? "number"
                                     : "text"));
  }
}

TEST_F(CloudTrailLogTest, HasTheMembersOfRealRecords) {
  const char* folder = std::getenv("RUSHHOUR_REAL_CLOUDTRAIL");
  if (folder == nullptr)
    GTEST_SKIP() << "set RUSHHOUR_REAL_CLOUDTRAIL to the folder of real records to run this";
  AssumeRole timed = assume();
  timed.duration_seconds = 900;
  const api::secretsmanager::Filter filter{.key = "tag-key", .values = {"StratusRedTeam"}};
  const GetFederationToken::Output federated{
      .credentials = made_credentials(),
      .federated_user = {.federated_user_id = "444455556666:me",
                         .arn = "arn:aws:sts::444455556666:federated-user/me"},
      .packed_policy_size = 4};
  Caller role = session(CallerKind::role, "rule-1");
  role.subject = panther.world.iam.find(panther.customer_role_arn)->index;
  const std::vector<Json> ours{
      ok(GetCallerIdentity{}),
      tell(GetCallerIdentity{}, {}, {.outcome = Outcome::ok}, role).at(0),
      ok(assume(), assumed()),
      ok(timed, assumed()),
      failed(assume(), {.outcome = Outcome::denied, .status = 403, .code = "AccessDenied", .message = "no"}),
      tell(GetCallerIdentity{}, {}, {.outcome = Outcome::ok}, session(CallerKind::federated_user, "me"))
          .at(0),
      ok(GetFederationToken{.name = "me", .policy = "{}"}, federated),
      ok(GetSecretValue{.secret_id = "a"}),
      ok(ListSecrets{.max_results = 100, .filters = {filter}}),
      ok(BatchGetSecretValue{.filters = {filter}})};
  std::map<std::string, std::set<std::set<std::string>>> made;
  for (const Json& record : ours) {
    std::set<std::string> paths;
    add_paths(record, "", paths);
    made[record.at("eventName").get<std::string>()].insert(paths);
  }
  std::size_t compared = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file{entry.path()};
    for (Json record : Json::parse(file)) {
      const std::string source = record.at("eventSource");
      const std::string event = record.at("eventName");
      if (source != "sts.amazonaws.com" && source != "secretsmanager.amazonaws.com") continue;
      if (record.at("userIdentity").at("type") == "AWSService" || made.count(event) == 0) continue;
      // Of the roles that EC2 hands to its machines, which the fakes do not imitate.
      if (record["userIdentity"].contains("sessionContext"))
        record["userIdentity"]["sessionContext"].erase("ec2RoleDelivery");
      std::set<std::string> paths;
      add_paths(record, "", paths);
      bool found = false;
      for (const std::set<std::string>& each : made[event]) found = found || each == paths;
      EXPECT_TRUE(found) << "no record of ours has exactly the members of " << record.dump(1)
                         << "\nours: " << testing::PrintToString(*made[event].begin());
      ++compared;
    }
  }
  EXPECT_GE(compared, 30U);
}

}  // namespace
}  // namespace rushhour::fakes
