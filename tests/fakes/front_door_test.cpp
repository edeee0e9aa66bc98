// What the conformance table cannot see: the messages themselves, and requests that no client of ours sends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <rushhour/api/in_memory.hpp>
#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/world.hpp>

namespace rushhour::fakes {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

constexpr std::string_view form_type = "application/x-www-form-urlencoded";
http::Request form(std::string body) {
  return {.method = "POST", .headers = {{"Content-Type", std::string{form_type}}}, .body = std::move(body)};
}

constexpr std::string_view uuid = "[0-9a-f]+-[0-9a-f]+-4[0-9a-f]+-[89ab][0-9a-f]+-[0-9a-f]+";

class FrontDoorTest : public testing::Test {
 protected:
  explicit FrontDoorTest(PantherWorldOptions options = {}) : panther(std::move(options)) {
    engine = panther.engine_session(now).credentials;
  }

  struct Target {
    std::string host{"sts.us-east-1.amazonaws.com"};
    std::string service{"sts"};  ///< to sign for
    std::string region{"us-east-1"};
  };
  http::Response ask(const http::Request& request) {
    http::OpenGate gate{now};
    return door.handle(request, gate);
  }
  http::Response ask_signed(http::Request request, const Target& target) {
    request.set_header("Host", target.host);
    aws::sign(request, engine, {target.region, target.service}, signed_at);
    return ask(request);
  }
  http::Response ask_sts(std::string body, const Target& target) {
    return ask_signed(form(std::move(body)), target);
  }
  http::Response ask_sts(std::string body) { return ask_sts(std::move(body), Target{}); }
  http::Response ask_secrets(std::string operation, std::string body) {
    return ask_signed({.method = "POST",
                       .headers = {{"Content-Type", "application/x-amz-json-1.1"},
                                   {"X-Amz-Target", "secretsmanager." + std::move(operation)}},
                       .body = std::move(body)},
                      {.host = "secretsmanager.us-east-1.amazonaws.com", .service = "secretsmanager"});
  }
  http::Response ask_virustotal(std::string target, http::Headers headers) {
    return ask({.target = std::move(target), .headers = std::move(headers)});
  }
  http::Response ask_virustotal(std::string target) {
    return ask_virustotal(std::move(target), {{"x-apikey", PantherWorldOptions{}.api_key}});
  }
  [[nodiscard]] Call last_call() const { return panther.world.journal().calls().back(); }
  [[nodiscard]] std::string_view text(Name name) const { return panther.world.ledger.names().text(name); }

  PantherWorld panther;
  Instant now = panther.world.options.start + std::chrono::hours{14} + std::chrono::milliseconds{250};
  Instant signed_at = now;
  aws::Credentials engine;
  FrontDoor door{panther.world};
};

std::string code_of(const http::Response& response) {
  std::string_view rest = response.body;
  for (const auto& [before, after] :
       {std::pair{"<Code>", "<"}, {"\"__type\":\"", "\""}, {"\"code\": \"", "\""}}) {
    if (const auto at = rest.find(before); at != std::string_view::npos) {
      rest.remove_prefix(at + std::string_view{before}.size());
      return std::string{rest.substr(0, rest.find(after))};
    }
  }
  return {};
}

// ---- STS ----

constexpr const char* who_am_i = "Action=GetCallerIdentity&Version=2011-06-15";

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
  for (const char* target :
       {"/api/v3/files/abc", "/api/v3/ip_addresses", "/api/v3/ip_addresses/8.8.8.8/comments",
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
  const http::Response response = ask_virustotal("/api/v3/ip_addresses/8.8.8.8?relationships=comments");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(code_of(response), "BadRequestError");
  EXPECT_THAT(response.body, HasSubstr("relationships"));
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

// ---- Signatures ----

TEST_F(FrontDoorTest, MapsEachProblemOfASignatureToTheServicesCode) {
  http::Request unsigned_request = form(who_am_i);
  unsigned_request.set_header("Host", "sts.us-east-1.amazonaws.com");
  EXPECT_EQ(code_of(ask(unsigned_request)), "MissingAuthenticationToken");
  http::Request malformed = unsigned_request;
  malformed.set_header("Authorization", "AWS4-HMAC-SHA256 Credential");
  const http::Response response = ask(malformed);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(code_of(response), "IncompleteSignature");
  EXPECT_THAT(response.body, HasSubstr("not a valid key=value pair"));
  malformed.set_header("Host", "secretsmanager.us-east-1.amazonaws.com");
  malformed.set_header("Content-Type", "application/x-amz-json-1.1");
  malformed.set_header("X-Amz-Target", "secretsmanager.GetSecretValue");
  EXPECT_EQ(code_of(ask(malformed)), "IncompleteSignatureException");
}

TEST_F(FrontDoorTest, SeesWhatWasChangedAfterSigning) {
  http::Request request = form(who_am_i);
  aws::sign(request, engine, {"us-east-1", "sts"}, now);
  request.body += "&RoleArn=x";
  EXPECT_EQ(code_of(ask(request)), "SignatureDoesNotMatch");
}

TEST_F(FrontDoorTest, AllowsFiveMinutesOfClockSkew) {
  for (const int sign : {-1, 1}) {
    signed_at = now + sign * std::chrono::minutes{5};
    EXPECT_EQ(ask_sts(who_am_i).status, 200) << sign;
    signed_at = now + sign * std::chrono::seconds{301};
    const http::Response response = ask_sts(who_am_i);
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(code_of(response), "SignatureDoesNotMatch");
    EXPECT_THAT(response.body,
                HasSubstr(sign < 0 ? "Signature expired: 20260302T135459Z is now earlier than "
                                     "20260302T135500Z (20260302T140000Z - 5 min.)"
                                   : "Signature not yet current: 20260302T140501Z is still later than "
                                     "20260302T140500Z (20260302T140000Z + 5 min.)"));
  }
}

TEST_F(FrontDoorTest, JudgesSkewOnTheWallClockAndExpiryOnItsOwn) {
  class TwoClocks final : public http::Gate {
   public:
    TwoClocks(Instant service, Instant wall) : service_(service), wall_(wall) {}
    Entry enter() override { return {.lock = {}, .now = service_}; }
    [[nodiscard]] Instant wall_time() const override { return wall_; }

   private:
    Instant service_;
    Instant wall_;
  };
  http::Request request = form(who_am_i);
  aws::sign(request, engine, {"us-east-1", "sts"}, now);
  TwoClocks advanced{now + std::chrono::hours{11}, now};
  EXPECT_EQ(door.handle(request, advanced).status, 200);
  TwoClocks too_far{now + std::chrono::hours{12}, now};
  EXPECT_EQ(code_of(door.handle(request, too_far)), "ExpiredToken");
  TwoClocks late{now + std::chrono::hours{12}, now + std::chrono::hours{12}};
  EXPECT_EQ(code_of(door.handle(request, late)), "ExpiredToken") << "expiry comes before the signature";
}

TEST_F(FrontDoorTest, WantsTheServiceInTheScope) {
  const http::Response response = ask_sts(who_am_i, {.service = "secretsmanager"});
  EXPECT_EQ(code_of(response), "SignatureDoesNotMatch");
  EXPECT_THAT(response.body, HasSubstr("Credential should be scoped to correct service: 'sts'."));
}

/// What an observer of a service sees of a request.
class Watcher final : public RequestObserver {
 public:
  explicit Watcher(Service& service) : service_(service) { service_.listen(*this); }
  ~Watcher() override { service_.unlisten(*this); }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  void on_request(const Arrival& arrival, const Caller& caller, const Call& /*call*/) override {
    region = arrival.region;
    caller_region = caller.region;
    source_ip = arrival.origin->source_ip;
    user_agent = arrival.origin->user_agent;
    host = arrival.origin->host;
    request_id = arrival.origin->request_id;
    is_secure = arrival.origin->is_secure;
  }

  std::string region, source_ip, user_agent, host, request_id;
  Name caller_region{};
  bool is_secure{};

 private:
  Service& service_;
};

TEST_F(FrontDoorTest, TellsTheRegionThatWasSignedFor) {
  Watcher seen{panther.world.sts};
  for (const char* host : {"sts.eu-west-1.amazonaws.com", "127.0.0.1:8080"}) {
    EXPECT_EQ(ask_sts(who_am_i, {.host = host, .region = "eu-west-1"}).status, 200);
    EXPECT_EQ(seen.region, "eu-west-1");
    EXPECT_EQ(text(seen.caller_region), "eu-west-1");
  }
  EXPECT_EQ(ask_sts(who_am_i, {.host = "sts.amazonaws.com"}).status, 200);
  EXPECT_EQ(seen.region, "") << "the world's own";
  EXPECT_EQ(text(seen.caller_region), "us-east-1");
  const http::Response wrong = ask_sts(who_am_i, {.host = "sts.eu-west-1.amazonaws.com"});
  EXPECT_EQ(wrong.status, 403);
  EXPECT_THAT(wrong.body, HasSubstr("Credential should be scoped to a valid region, not 'us-east-1'. "));
  EXPECT_EQ(seen.region, "") << "of a request that is not authentic nothing is certain";
}

TEST_F(FrontDoorTest, TakesNoRegionThatHasNotTheFormOfOne) {
  for (const char* region : {"local", "eu_west_1", "eu-west", "us-east-1a", "EU-WEST-1", "e-west-1", ""}) {
    EXPECT_EQ(ask_sts(who_am_i, {.host = "127.0.0.1", .region = region}).status, 403) << region;
  }
}

TEST_F(FrontDoorTest, RemembersABoundedNumberOfRegions) {
  const std::size_t before = panther.world.ledger.names().size();
  int taken = 0;
  for (int i = 0; i < 500; ++i) {
    const std::string region =
        "eu-" + std::string(2, static_cast<char>('a' + i % 26)) + "-" + std::to_string(i / 26 + 1);
    taken += ask_sts(who_am_i, {.host = "127.0.0.1", .region = region}).status == 200 ? 1 : 0;
  }
  EXPECT_EQ(taken, 64);
  EXPECT_LE(panther.world.ledger.names().size() - before, 140U);
}

TEST_F(FrontDoorTest, TellsWhereARequestCameFrom) {
  Watcher seen{panther.world.sts};
  http::Request request = form(who_am_i);
  request.remote_address = "127.0.0.1";
  request.set_header("User-Agent", "aws-cli/2 \xff");
  const http::Response response = ask_signed(std::move(request), {});
  EXPECT_EQ(seen.source_ip, "127.0.0.1");
  EXPECT_EQ(seen.user_agent, "aws-cli/2 \xef\xbf\xbd");
  EXPECT_EQ(seen.host, "sts.us-east-1.amazonaws.com");
  EXPECT_EQ(seen.request_id, *response.header("x-amzn-RequestId"));
  EXPECT_TRUE(seen.is_secure);
  static_cast<void>(ask_sts(who_am_i));
  EXPECT_EQ(seen.source_ip, "") << "in memory there is no address";
  EXPECT_NE(seen.request_id, *response.header("x-amzn-RequestId"));
}

class FrankfurtDoorTest : public FrontDoorTest {
 protected:
  FrankfurtDoorTest()
      : FrontDoorTest(PantherWorldOptions{.world = {.region = "eu-central-1", .regions = {"eu-central-1"}}}) {
  }
};

TEST_F(FrankfurtDoorTest, WantsOneOfItsRegionsInTheScope) {
  const std::string regional = "sts.eu-central-1.amazonaws.com";
  EXPECT_EQ(ask_sts(who_am_i, {.host = regional, .region = "eu-central-1"}).status, 200);
  const http::Response response = ask_sts(who_am_i, {.host = regional, .region = "us-east-1"});
  EXPECT_EQ(response.status, 403);
  EXPECT_THAT(response.body, HasSubstr("Credential should be scoped to a valid region, not 'us-east-1'."));
  EXPECT_EQ(ask_sts(who_am_i, {.host = "sts.eu-west-1.amazonaws.com", .region = "eu-west-1"}).status, 403);
  EXPECT_EQ(ask_sts(who_am_i, {.host = "127.0.0.1", .region = "eu-west-1"}).status, 403);
}

TEST_F(FrankfurtDoorTest, TakesTheGlobalEndpointsRegionWhereItMayBeMeant) {
  EXPECT_EQ(ask_sts(who_am_i, {.host = "sts.amazonaws.com"}).status, 200);
  EXPECT_EQ(ask_sts(who_am_i, {.host = "127.0.0.1:8080"}).status, 200);
  EXPECT_EQ(ask_sts(who_am_i, {.host = "sts.amazonaws.com", .region = "eu-west-1"}).status, 403);
  EXPECT_EQ(ask_sts(who_am_i, {.host = "sts.amazonaws.com", .region = "eu-central-1"}).status, 403);
}

class AnywhereDoorTest : public FrontDoorTest {
 protected:
  AnywhereDoorTest() : FrontDoorTest(PantherWorldOptions{.world = {.region = ""}}) {}
};

TEST_F(AnywhereDoorTest, TakesAnyRegion) {
  EXPECT_EQ(ask_sts(who_am_i, {.host = "127.0.0.1", .region = "ap-south-1"}).status, 200);
  EXPECT_EQ(ask_sts(who_am_i, {.host = "127.0.0.1", .service = "s3", .region = "ap-south-1"}).status, 403)
      << "but no other service";
}

// ---- Presigned ----

TEST_F(FrontDoorTest, AnswersATokenOfEksForFifteenMinutes) {
  http::Request token{.target = std::string{"/?"} + who_am_i,
                      .headers = {{"Host", "sts.eu-west-1.amazonaws.com"}, {"x-k8s-aws-id", "demo"}}};
  aws::presign(token, engine, {"eu-west-1", "sts"}, now, std::chrono::seconds{60});
  EXPECT_EQ(ask(token).status, 200);
  now += std::chrono::minutes{15};
  EXPECT_EQ(ask(token).status, 200);
  FrontDoor honours{panther.world, {.time = {.honours_expires = true}}};
  http::OpenGate gate{now};
  const http::Response late = honours.handle(token, gate);
  EXPECT_EQ(late.status, 400);
  EXPECT_EQ(code_of(late), "RequestExpired");
  now += std::chrono::seconds{1};
  EXPECT_EQ(code_of(ask(token)), "SignatureDoesNotMatch");
  token.set_header("x-k8s-aws-id", "other");
  EXPECT_EQ(code_of(ask(token)), "SignatureDoesNotMatch");
}

TEST_F(FrontDoorTest, TakesAPresignedPostOfJson) {
  http::Request request{.method = "POST",
                        .headers = {{"Host", "secretsmanager.us-east-1.amazonaws.com"},
                                    {"Content-Type", "application/x-amz-json-1.1"},
                                    {"X-Amz-Target", "secretsmanager.GetSecretValue"}},
                        .body = R"({"SecretId":"none"})"};
  aws::presign(request, engine, {"us-east-1", "secretsmanager"}, now, std::chrono::minutes{1});
  EXPECT_EQ(code_of(ask(request)), "AccessDeniedException");
  request.body = R"({"SecretId":"another"})";
  EXPECT_EQ(code_of(ask(request)), "InvalidSignatureException");
}

TEST_F(FrontDoorTest, WantsNoSignatureWhereAnAssertionStandsForIt) {
  const std::string request =
      "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" + panther.customer_role_arn +
      "&RoleSessionName=rule&WebIdentityToken=abcd";
  http::Request unsigned_request = form(request);
  unsigned_request.set_header("Host", "sts.eu-west-1.amazonaws.com");
  const std::string code = code_of(ask(unsigned_request));
  EXPECT_NE(code, "MissingAuthenticationToken");
  unsigned_request.set_header("Authorization", "nonsense");
  EXPECT_EQ(code_of(ask(unsigned_request)), code) << "and looks at none that is there";
}

// ---- Messages that no SDK sends ----

TEST_F(FrontDoorTest, RefusesWhatIsNoQueryInXml) {
  struct Row {
    http::Request request;
    int status;
    const char* code;
  };
  const std::string version = "&Version=2011-06-15";
  const Row rows[] = {
      {form("Version=2011-06-15"), 400, "MissingAction"},
      {form(""), 400, "MissingAction"},
      {form("Action=" + version), 400, "MissingAction"},
      {{.method = "POST", .headers = {{"Content-Type", "application/json"}}, .body = who_am_i},
       400,
       "MissingAction"},
      {{.method = "POST", .body = who_am_i}, 400, "MissingAction"},
      {form("Action=GetCallerIdentity%" + version), 404, "MalformedQueryString"},
      {form("Action=GetCallerIdentity&=x" + version), 404, "MalformedQueryString"},
      {form("Action=GetCallerIdentity&A=%ff" + version), 404, "MalformedQueryString"},
      {{.method = "PUT", .target = std::string{"/?"} + who_am_i}, 400, "InvalidAction"},
      {{.method = "GET", .target = std::string{"/x?"} + who_am_i}, 400, "InvalidAction"},
  };
  for (const Row& row : rows) {
    const http::Response response = ask_signed(row.request, {});
    EXPECT_EQ(response.status, row.status) << row.request.target << " " << row.request.body;
    EXPECT_EQ(code_of(response), row.code) << row.request.target << " " << row.request.body;
    EXPECT_EQ(*response.header("Content-Type"), "text/xml");
    EXPECT_EQ(response.header("x-rushhour-outcome"), nullptr);
  }
}

TEST_F(FrontDoorTest, RefusesWhatIsNoJsonCallInJson) {
  const http::Request right{.method = "POST",
                            .headers = {{"Content-Type", "application/x-amz-json-1.1; charset=utf-8"},
                                        {"X-Amz-Target", "secretsmanager.ListSecrets"}},
                            .body = "{}"};
  const Target target{.host = "secretsmanager.us-east-1.amazonaws.com", .service = "secretsmanager"};
  EXPECT_NE(code_of(ask_signed(right, target)), "UnknownOperationException");
  const auto wrong = [&](void (*spoil)(http::Request& request)) {
    http::Request request = right;
    spoil(request);
    const http::Response response = ask_signed(request, target);
    EXPECT_EQ(*response.header("Content-Type"), "application/x-amz-json-1.1");
    EXPECT_EQ(response.status, 400);
    return code_of(response);
  };
  const std::string unknown = "UnknownOperationException";
  EXPECT_EQ(wrong([](http::Request& request) { request.method = "GET"; }), unknown);
  EXPECT_EQ(wrong([](http::Request& request) { request.target = "/x"; }), unknown);
  EXPECT_EQ(wrong([](http::Request& request) { request.set_header("X-Amz-Target", "sts.ListSecrets"); }),
            unknown);
  EXPECT_EQ(wrong([](http::Request& request) { http::remove_header(request.headers, "X-Amz-Target"); }),
            unknown);
  EXPECT_EQ(wrong([](http::Request& request) { request.set_header("Content-Type", "application/json"); }),
            unknown);
  EXPECT_EQ(wrong([](http::Request& request) { http::remove_header(request.headers, "Content-Type"); }),
            unknown);
  EXPECT_EQ(wrong([](http::Request& request) { request.body = "{\"SecretId\":\"\xff\"}"; }),
            "SerializationException");
  EXPECT_EQ(wrong([](http::Request& request) { request.body.clear(); }), "SerializationException");
  EXPECT_EQ(wrong([](http::Request& request) { request.body = R"({"Tags":)" + std::string(100, '['); }),
            "SerializationException");
}

TEST_F(FrontDoorTest, IgnoresUnknownMembersWhereAsked) {
  FrontDoor lax{panther.world, {.ignores_unknown_members = true}};
  http::OpenGate gate{now};
  http::Request request = form(std::string{who_am_i} + "&Colour=red");
  aws::sign(request, engine, {"us-east-1", "sts"}, now);
  EXPECT_EQ(lax.handle(request, gate).status, 200);
  EXPECT_EQ(ask(request).status, 400);
}

TEST_F(FrontDoorTest, RefusesWhatIsTooLarge) {
  http::Request request = form(std::string((1U << 20) + 1, 'a'));
  const http::Response body = ask_signed(request, {});
  EXPECT_EQ(body.status, 413);
  EXPECT_EQ(code_of(body), "RequestEntityTooLargeException");
  request.body = who_am_i;
  for (int i = 0; i < 4; ++i) request.set_header("X-Long-" + std::to_string(i), std::string(4096, 'a'));
  const http::Response head = ask_signed(request, {});
  EXPECT_EQ(head.status, 400);
  EXPECT_EQ(code_of(head), "MalformedHttpRequestException");
  request.set_header("X-Amz-Target", "secretsmanager.GetSecretValue");
  EXPECT_THAT(ask_signed(request, {.host = "127.0.0.1", .service = "secretsmanager"}).body,
              StartsWith(R"({"__type":"MalformedHttpRequestException")"));
  request = {
      .method = "POST", .target = "/api/v3/ip_addresses/8.8.8.8", .body = std::string((1U << 20) + 1, 'a')};
  EXPECT_EQ(code_of(ask(request)), "BadRequestError");
}

TEST_F(FrontDoorTest, EchoesNothingThatIsNoText) {
  http::Request request = form(who_am_i);
  request.set_header("Host", "sts.us-east-1.amazonaws.com");
  request.set_header("Authorization", "\x01\xff");
  const http::Response response = ask(request);
  EXPECT_EQ(code_of(response), "IncompleteSignature");
  EXPECT_THAT(response.body, HasSubstr("Authorization=\xef\xbf\xbd\xef\xbf\xbd<"));
}

// ---- Attribution, faults, request ids ----

TEST_F(FrontDoorTest, JournalsWhoseCallItWas) {
  static_cast<void>(ask_virustotal("/api/v3/ip_addresses/8.8.8.8", {{"x-rushhour-call", "a;b;77;2"}}));
  EXPECT_EQ(text(last_call().detection), "a;b");
  EXPECT_EQ(last_call().event, 77U);
  EXPECT_EQ(last_call().attempt, 2);
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
