// Signatures at the front door, and requests that no client of ours sends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include "front_door_fixture.hpp"

namespace rushhour::fakes {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

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
  EXPECT_EQ(seen.region, "aws-global") << "which has quotas of its own";
  EXPECT_EQ(text(seen.caller_region), "aws-global");
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

}  // namespace
}  // namespace rushhour::fakes
