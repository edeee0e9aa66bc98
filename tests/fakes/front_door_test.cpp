// What the conformance table cannot see: the messages themselves, and whose they are.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <rushhour/api/in_memory.hpp>

#include "front_door_fixture.hpp"

namespace rushhour::fakes {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

// ---- STS ----

TEST_F(FrontDoorTest, AnswersStsInXml) {
  const http::Response response = ask_sts(who_am_i);
  EXPECT_EQ(response.status, 200);
  const std::string id = *response.header("x-amzn-RequestId");
  EXPECT_THAT(id, MatchesRegex(std::string{uuid}));
  EXPECT_EQ(id.size(), 36U);
  EXPECT_EQ(*response.header("Content-Type"), "text/xml");
  EXPECT_EQ(*response.header("Date"), "Mon, 02 Mar 2026 14:00:00 GMT");
  const std::string user_id{panther.world.iam.find(panther.engine_role_arn)->unique_id};
  EXPECT_EQ(
      response.body,
      R"(<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>)"
      "<UserId>" +
          user_id +
          ":panther-rules-engine</UserId><Account>111122223333</Account>"
          "<Arn>arn:aws:sts::111122223333:assumed-role/detections-engine/panther-rules-engine</Arn>"
          "</GetCallerIdentityResult><ResponseMetadata><RequestId>" +
          id + "</RequestId></ResponseMetadata></GetCallerIdentityResponse>");
}

TEST_F(FrontDoorTest, AnswersStsErrorsInXml) {
  const http::Response response = ask_sts(
      "Action=AssumeRole&Version=2011-06-15&RoleArn=%3Cnot+an+arn+%26+yet+long%3E&RoleSessionName=rule");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(*response.header("Content-Type"), "text/xml");
  EXPECT_EQ(response.body,
            R"(<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>)"
            "<Code>ValidationError</Code><Message>&lt;not an arn &amp; yet long&gt; is "
            "invalid</Message></Error><RequestId>" +
                *response.header("x-amzn-RequestId") + "</RequestId></ErrorResponse>");
}

TEST_F(FrontDoorTest, CallsTheReceiverAtFaultForServerErrors) {
  panther.world.faults.add(
      {.service = "sts", .failure = {Outcome::server_error, 500, "InternalFailure", "oh"}});
  EXPECT_THAT(ask_sts(who_am_i).body, HasSubstr("<Type>Receiver</Type>"));
}

TEST_F(FrontDoorTest, TakesStsParametersFromTheUrlToo) {
  EXPECT_EQ(ask_signed({.target = std::string{"/?"} + who_am_i}, {}).status, 200);
}

TEST_F(FrontDoorTest, RefusesAnUnknownActionAndJournalsIt) {
  const http::Response response = ask_sts("Action=AssumeNothing&Version=2011-06-15");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(code_of(response), "InvalidAction");
  EXPECT_THAT(response.body, HasSubstr("Could not find operation AssumeNothing for version 2011-06-15"));
  EXPECT_EQ(text(last_call().operation), "sts:unknown");
  EXPECT_EQ(text(last_call().code), "InvalidAction");
  EXPECT_EQ(last_call().status, 400);
}

TEST_F(FrontDoorTest, KnowsOneVersionOfSts) {
  EXPECT_THAT(ask_sts("Action=GetCallerIdentity&Version=2010-01-01").body,
              HasSubstr("Could not find operation GetCallerIdentity for version 2010-01-01"));
  EXPECT_THAT(ask_sts("Action=GetCallerIdentity").body, HasSubstr("for version NO_VERSION_SPECIFIED"));
}

TEST_F(FrontDoorTest, RefusesAMemberThatIsNotModelled) {
  const http::Response response =
      ask_sts("Action=AssumeRole&Version=2011-06-15&RoleArn=" + panther.customer_role_arn +
              "&RoleSessionName=rule&Labels.member.1.Key=a&Labels.member.1.Value=b");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("AssumeRole does not model 'Labels'"));
}

// ---- Secrets Manager ----

TEST_F(FrontDoorTest, AnswersSecretsManagerInJson) {
  panther.world.iam.add_policy(
      panther.engine_role_arn,
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"}]})");
  const std::string arn = panther.world.secretsmanager.add_secret(
      {.account = "111122223333", .name = "mine", .value = "a \"b\""}, now);
  const http::Response response = ask_secrets("GetSecretValue", R"({"SecretId": "mine"})");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(*response.header("Content-Type"), "application/x-amz-json-1.1");
  EXPECT_THAT(*response.header("x-amzn-RequestId"), MatchesRegex(std::string{uuid}));
  EXPECT_THAT(
      response.body,
      MatchesRegex(
          R"(\{"ARN":")" + arn +
          R"(","Name":"mine","VersionId":"[-0-9a-f]+",)"
          R"("SecretString":"a \\"b\\"","VersionStages":\["AWSCURRENT"\],"CreatedDate":[0-9]+\.250\})"));
}

TEST_F(FrontDoorTest, WritesModelledErrorsWithACapitalMessage) {
  panther.world.iam.add_policy(
      panther.engine_role_arn,
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"}]})");
  const http::Response response = ask_secrets("GetSecretValue", R"({"SecretId":"none"})");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"__type":"ResourceNotFoundException",)"
                           R"("Message":"Secrets Manager can't find the specified secret."})");
}

TEST_F(FrontDoorTest, WritesAuthenticationAndThrottlingErrorsWithASmallMessage) {
  engine.session_token += "x";
  EXPECT_EQ(
      ask_secrets("GetSecretValue", R"({"SecretId":"none"})").body,
      R"({"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."})");
  engine = panther.engine_session(now).credentials;
  auto rows = limit::profiles::of("secretsmanager");
  for (limit::Profile& row : rows) row.limit = 1;
  panther.world.secretsmanager.quotas().replace(std::move(rows));
  static_cast<void>(ask_secrets("GetSecretValue", R"({"SecretId":"none"})"));
  EXPECT_EQ(ask_secrets("GetSecretValue", R"({"SecretId":"none"})").body,
            R"({"__type":"ThrottlingException","message":"Rate exceeded"})");
}

TEST_F(FrontDoorTest, RefusesAnUnknownOperationAndJournalsIt) {
  const http::Response response = ask_secrets("ReadMyMind", "{}");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"__type":"UnknownOperationException"})");
  EXPECT_EQ(text(last_call().operation), "secretsmanager:unknown");
}

TEST_F(FrontDoorTest, RefusesABodyThatIsNoJson) {
  const http::Response response = ask_secrets("GetSecretValue", "SecretId=none");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"__type":"SerializationException"})");
  EXPECT_EQ(
      ask_secrets("GetSecretValue", R"({"SecretId":7})").body,
      R"({"__type":"SerializationException","Message":"NUMBER_VALUE can not be converted to a String"})");
}

// ---- VirusTotal ----

TEST_F(FrontDoorTest, AnswersThe429AsItWasRecorded) {
  http::Response response;
  for (int i = 0; i < 5; ++i) response = ask_virustotal("/api/v3/ip_addresses/8.8.8.8");
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.body, R"({
    "error": {
        "code": "QuotaExceededError",
        "message": "Quota exceeded"
    }
})");
  EXPECT_EQ(response.body.size(), 98U) << "the recorded Content-Length";
  std::vector<std::string> names;
  for (const http::Header& header : response.headers) names.push_back(header.name);
  EXPECT_THAT(names, testing::ElementsAre("Cache-Control", "Content-Type", "X-Cloud-Trace-Context", "Date",
                                          "Server"));
  EXPECT_EQ(*response.header("Cache-Control"), "no-cache");
  EXPECT_EQ(*response.header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(*response.header("Server"), "Google Frontend");
  EXPECT_THAT(*response.header("X-Cloud-Trace-Context"), MatchesRegex("[0-9a-f]+"));
  EXPECT_EQ(response.header("X-Cloud-Trace-Context")->size(), 32U);
}

TEST_F(FrontDoorTest, WritesErrorsAsLongAsTheRecordedOnes) {
  // 138 bytes for a domain; the same message about an address has another length, the frame of 66 bytes is
  // the same.
  const http::Response response = ask_virustotal("/api/v3/ip_addresses/1.2.3");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body.size(),
            66 + std::string_view{R"(InvalidArgumentError\"1.2.3\" is not a valid IP address)"}.size());
}

TEST_F(FrontDoorTest, TakesTheKeyInAnyCase) {
  EXPECT_EQ(
      ask_virustotal("/api/v3/ip_addresses/8.8.8.8", {{"X-ApiKey", PantherWorldOptions{}.api_key}}).status,
      200);
}

TEST_F(FrontDoorTest, GivesTheSameReportTwiceWhetherKeptOrNot) {
  FrontDoor forgetful{panther.world, {.reports_kept = 0}};
  const http::Request request{.target = "/api/v3/ip_addresses/8.8.8.8",
                              .headers = {{"x-apikey", PantherWorldOptions{}.api_key}}};
  http::OpenGate gate{now};
  const std::string fresh = forgetful.handle(request, gate).body;
  EXPECT_THAT(fresh, StartsWith(R"({"data":{"type":"ip_address","id":"8.8.8.8")"));
  EXPECT_EQ(door.handle(request, gate).body, fresh);
  EXPECT_EQ(door.handle(request, gate).body, fresh);
}

TEST_F(FrontDoorTest, FindsNothingElsewhere) {
  for (const char* target : {"/api/v3/graphs/abc", "/api/v3/ip_addresses", "/api/v3/private/files/abc",
                             "/api/v2/ip-address/report", "/", "/favicon.ico"}) {
    const http::Response response = ask_virustotal(target);
    EXPECT_EQ(response.status, 404) << target;
    EXPECT_THAT(response.body, HasSubstr(R"("message": "Resource not found.")")) << target;
    EXPECT_EQ(text(last_call().operation), "virustotal:unknown") << target;
  }
  EXPECT_EQ(ask({.method = "DELETE", .target = "/api/v3/ip_addresses/8.8.8.8"}).status, 404);
  EXPECT_EQ(ask_virustotal("/api/v3/ip_addresses/8.8.8.8").status, 200) << "none of them cost quota";
}

TEST_F(FrontDoorTest, RefusesAQueryThatIsNotModelled) {
  const http::Response response = ask_virustotal("/api/v3/ip_addresses/8.8.8.8?fields=asn");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(code_of(response), "BadRequestError");
  EXPECT_THAT(response.body, HasSubstr("fields"));
}

// ---- Which service a request is for ----

TEST_F(FrontDoorTest, TellsTheServicesApartWithoutTheirHosts) {
  const std::string here = "127.0.0.1:8080";
  EXPECT_EQ(ask_sts(who_am_i, {.host = here}).status, 200);
  EXPECT_EQ(code_of(ask_signed({.method = "POST", .target = "/", .body = "{}"}, {.host = here})),
            "MissingAction");
  EXPECT_EQ(code_of(ask_signed({.method = "POST", .target = "/", .body = "{}"},
                               {.host = here, .service = "secretsmanager"})),
            "UnknownOperationException");
  EXPECT_EQ(
      code_of(ask(
          {.method = "POST", .target = "/", .headers = {{"Content-Type", "application/x-amz-json-1.1"}}})),
      "UnknownOperationException");
  EXPECT_EQ(
      code_of(ask({.method = "POST", .target = "/", .headers = {{"Content-Type", std::string{form_type}}}})),
      "MissingAction");
  EXPECT_EQ(code_of(ask_signed({.method = "POST",
                                .headers = {{"Content-Type", "application/x-amz-json-1.1"},
                                            {"X-Amz-Target", "secretsmanager.GetSecretValue"}},
                                .body = R"({"SecretId":"none"})"},
                               {.host = here, .service = "secretsmanager"})),
            "AccessDeniedException");
}

TEST_F(FrontDoorTest, KnowsTheHostsOfAws) {
  for (const char* host :
       {"sts.eu-west-1.amazonaws.com", "STS.eu-west-1.amazonaws.com:443", "sts-fips.eu-west-1.amazonaws.com",
        "sts.eu-west-1.api.aws", "vpce-0a1b-2c3d.sts.eu-west-1.vpce.amazonaws.com",
        "vpce-0a1b-2c3d-eu-west-1a.sts.eu-west-1.vpce.amazonaws.com"}) {
    EXPECT_EQ(ask_sts(who_am_i, {.host = host, .region = "eu-west-1"}).status, 200) << host;
    EXPECT_EQ(ask_sts(who_am_i, {.host = host, .region = "eu-west-2"}).status, 403) << host;
    EXPECT_EQ(ask_sts(who_am_i, {.host = host}).status, 403) << host;
  }
  EXPECT_EQ(ask_sts(who_am_i, {.host = "sts.cn-north-1.amazonaws.com.cn", .region = "cn-north-1"}).status,
            200);
  EXPECT_EQ(ask_sts(who_am_i, {.host = "sts.localhost", .region = "eu-west-1"}).status, 200);
}

// ---- Attribution, faults, request ids ----

TEST_F(FrontDoorTest, JournalsWhoseCallItWas) {
  static_cast<void>(ask_virustotal("/api/v3/ip_addresses/8.8.8.8", {{"x-rushhour-call", "a;b;77;2"}}));
  EXPECT_EQ(text(last_call().detection), "a;b");
  EXPECT_EQ(last_call().event, 77U);
  EXPECT_EQ(last_call().attempt, 2);
}

TEST_F(FrontDoorTest, JournalsWhichLineCalled) {
  for (const char* value : {"a;77;2;@rules/x.py:31", "a;77;2;rule;@rules/x.py:31"}) {
    static_cast<void>(ask_virustotal("/api/v3/ip_addresses/8.8.8.8", {{"x-rushhour-call", value}}));
    EXPECT_EQ(text(last_call().site), "rules/x.py:31") << value;
    EXPECT_EQ(text(last_call().detection), "a") << value;
    EXPECT_EQ(last_call().attempt, 2) << value;
  }
  EXPECT_EQ(last_call().function, Function::rule);
  static_cast<void>(ask_virustotal("/api/v3/ip_addresses/8.8.8.8", {{"x-rushhour-call", "a;77;2"}}));
  EXPECT_EQ(text(last_call().site), "");
}

TEST_F(FrontDoorTest, IgnoresAnAttributionThatItCannotRead) {
  for (const char* value : {"", "a", "a;1", "a;x;1", "a;1;x", "a;1;256", "a;1;", "a;-1;1", "a;1 ;1"}) {
    static_cast<void>(ask_virustotal("/api/v3/ip_addresses/8.8.8.8", {{"x-rushhour-call", value}}));
    EXPECT_EQ(text(last_call().detection), "") << value;
    EXPECT_EQ(last_call().event, 0U) << value;
    EXPECT_EQ(last_call().attempt, 0) << value;
  }
}

TEST_F(FrontDoorTest, RemembersABoundedNumberOfDetections) {
  const std::size_t before = panther.world.ledger.names().size();
  for (int i = 0; i < 12'000; ++i) {
    static_cast<void>(
        ask_virustotal("/nowhere", {{"x-rushhour-call", "rule-" + std::to_string(i) + ";1;1"}}));
  }
  EXPECT_LE(panther.world.ledger.names().size() - before, 10'010U);
  EXPECT_EQ(text(last_call().detection), "");
  static_cast<void>(ask_virustotal("/nowhere", {{"x-rushhour-call", "rule-7;1;1"}}));
  EXPECT_EQ(text(last_call().detection), "rule-7");
}

TEST_F(FrontDoorTest, SendsNoAnswerWhereAFaultSaysSo) {
  panther.world.faults.add(
      {.service = "virustotal", .failure = {.outcome = Outcome::timeout, .message = "after 5s"}});
  const http::Response response = ask_virustotal("/api/v3/ip_addresses/8.8.8.8");
  EXPECT_EQ(response.status, 0);
  EXPECT_EQ(*response.header("x-rushhour-outcome"), "timeout");
  EXPECT_EQ(response.body, "after 5s");
}

TEST_F(FrontDoorTest, HoldsBackWhatAFaultDelaysExceptForASimulation) {
  panther.world.faults.add(
      {.service = "virustotal", .failure = {.outcome = Outcome::ok}, .delay = std::chrono::seconds{5}});
  EXPECT_EQ(ask_virustotal("/api/v3/ip_addresses/8.8.8.8").held_back, std::chrono::seconds{5});
  const http::Response told =
      ask({.target = "/api/v3/ip_addresses/8.8.8.8",
           .headers = {{"x-apikey", PantherWorldOptions{}.api_key}, {"x-rushhour-call", ";0;0"}}});
  EXPECT_EQ(told.held_back, Duration::zero());
  EXPECT_EQ(*told.header("x-rushhour-delay-ns"), "5000000000");
  EXPECT_EQ(told.status, 200);
}

TEST_F(FrontDoorTest, HoldsAConnectionForEverWhereAFaultSaysSoExceptForASimulation) {
  panther.world.faults.add({.service = "virustotal",
                            .failure = {.outcome = Outcome::timeout, .message = "silence"},
                            .delay = std::chrono::seconds{5}});
  EXPECT_EQ(ask_virustotal("/api/v3/ip_addresses/8.8.8.8").held_back, Duration::max());
  const http::Response told =
      ask({.target = "/api/v3/ip_addresses/8.8.8.8", .headers = {{"x-rushhour-call", ";0;0"}}});
  EXPECT_EQ(told.held_back, Duration::zero());
  EXPECT_EQ(told.status, 504);
  EXPECT_EQ(*told.header("x-rushhour-no-answer"), "timeout");
  EXPECT_EQ(told.body, "silence");
}

TEST_F(FrontDoorTest, JournalsWhichFunctionCalled) {
  for (const auto& [value, detection, function] :
       {std::tuple{"a;b;77;2;alert_context", "a;b", Function::alert_context},
        std::tuple{"a;b;77;2", "a;b", Function::unknown},
        std::tuple{"rule;77;2;rule", "rule", Function::rule},
        std::tuple{"a;77;2;main", "", Function::unknown}, std::tuple{"rule", "", Function::unknown},
        std::tuple{"a;rule", "", Function::unknown}}) {
    static_cast<void>(ask_virustotal("/api/v3/ip_addresses/8.8.8.8", {{"x-rushhour-call", value}}));
    EXPECT_EQ(text(last_call().detection), detection) << value;
    EXPECT_EQ(last_call().function, function) << value;
  }
}

TEST_F(FrontDoorTest, NamesTheOutcomeOnlyWhereCodeAndStatusDoNot) {
  panther.world.faults.add({.service = "virustotal",
                            .share = {1, 1},
                            .failure = {Outcome::server_error, 503, "TransientError", ""}});
  EXPECT_EQ(ask_virustotal("/api/v3/ip_addresses/8.8.8.8").header("x-rushhour-outcome"), nullptr);
  panther.world.faults.clear();
  panther.world.faults.add(
      {.service = "virustotal", .failure = {Outcome::throttled, 503, "TransientError", ""}});
  EXPECT_EQ(*ask_virustotal("/api/v3/ip_addresses/8.8.8.8").header("x-rushhour-outcome"), "throttled");
}

TEST_F(FrontDoorTest, GivesEachRequestItsIdAndEachRunTheSame) {
  const auto id = [](const http::Response& response) { return *response.header("x-amzn-RequestId"); };
  const std::string first = id(ask_sts(who_am_i));
  const std::string second = id(ask_sts(who_am_i));
  EXPECT_NE(first, second);
  FrontDoor again{panther.world};
  http::Request request = form(who_am_i);
  aws::sign(request, engine, {"us-east-1", "sts"}, now);
  http::OpenGate gate{now};
  EXPECT_EQ(id(again.handle(request, gate)), first);
  EXPECT_EQ(id(again.handle(request, gate)), second);
}

TEST_F(FrontDoorTest, HasTheSameDigestWhateverElseAWorldNamed) {
  PantherWorld other;
  for (int i = 0; i < 10; ++i) other.world.ledger.names().intern("detection " + std::to_string(i));
  FrontDoor other_door{other.world};
  const http::Request request{.target = "/api/v3/ip_addresses/8.8.8.8",
                              .headers = {{"x-apikey", PantherWorldOptions{}.api_key}}};
  http::OpenGate gate{now};
  EXPECT_EQ(door.handle(request, gate).status, other_door.handle(request, gate).status);
  EXPECT_EQ(panther.world.ledger.digest().text(), other.world.ledger.digest().text());
}

TEST_F(FrontDoorTest, SharesSigningKeysWithASignerOnItsThread) {
  aws::SigningKeys keys;
  FrontDoor sharing{panther.world, {.keys = &keys}};
  api::InMemory endpoint{sharing, panther.world.ledger.names(), {.keys = &keys}};
  const api::sts::GetCallerIdentity request;
  api::sts::GetCallerIdentity::Output output;
  const api::Attribution attribution;
  for (const bool right : {true, false, true}) {
    aws::Credentials credentials = engine;
    if (!right) credentials.secret_access_key += "x";
    const api::Identity identity = credentials;
    Failure failure;
    EXPECT_EQ(endpoint.perform({api::operation_of<api::sts::GetCallerIdentity>, &request, &output, identity,
                                attribution, failure},
                               now),
              right);
    EXPECT_THAT(failure.code, right ? "" : "SignatureDoesNotMatch");
  }
}

}  // namespace
}  // namespace rushhour::fakes
