#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/http_endpoint.hpp>
#include <rushhour/api/in_memory.hpp>
#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/site.hpp>

namespace rushhour::api {
namespace {

using secretsmanager::GetSecretValue;
using sts::AssumeRole;
using sts::GetCallerIdentity;
using testing::ElementsAre;
using testing::HasSubstr;
using virustotal::GetIpAddress;

const Instant now = Instant{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}} + std::chrono::hours{14};

const aws::Credentials session{"ASIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "token=="};
const aws::Credentials user{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};

/// Keeps what it is sent and answers what it is told to.
class Recorder final : public HttpEndpoint {
 public:
  explicit Recorder(const Names& names, Options options = {}) : HttpEndpoint(names, std::move(options)) {}

  std::vector<http::Request> requests;
  http::Response answer{};

 private:
  http::Response exchange(const http::Request& request, Instant) override {
    requests.push_back(request);
    return answer;
  }
};

class HttpEndpointTest : public testing::Test {
 protected:
  template <IsOperation Op>
  Result<typename Op::Output> call(const Op& request, const Identity& identity) {
    typename Op::Output output{};
    Failure failure;
    if (endpoint.perform({operation_of<Op>, &request, &output, identity, attribution, failure}, now))
      return output;
    return failure;
  }
  /// The failure that this answer becomes.
  Failure failure_of(http::Response answer) {
    endpoint.answer = std::move(answer);
    return call(GetIpAddress{.ip = "8.8.8.8"}, ApiKey{"key"}).failure();
  }
  [[nodiscard]] const http::Request& sent() const { return endpoint.requests.back(); }

  Names names;
  Recorder endpoint{names};
  Attribution attribution{.detection = names.intern("My.Rule"), .event = 41, .attempt = 3};
};

std::vector<std::string> header_names(const http::Request& request) {
  std::vector<std::string> out;
  for (const http::Header& header : request.headers) out.push_back(header.name);
  return out;
}

TEST_F(HttpEndpointTest, SendsStsAForm) {
  static_cast<void>(call(AssumeRole{.role_arn = "arn:aws:iam::123456789012:role/a b",
                                    .role_session_name = "rule",
                                    .duration_seconds = 900},
                         session));
  EXPECT_EQ(sent().method, "POST");
  EXPECT_EQ(sent().target, "/");
  EXPECT_EQ(sent().body,
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa%20b"
            "&RoleSessionName=rule&DurationSeconds=900");
  EXPECT_EQ(*sent().header("Host"), "sts.us-east-1.amazonaws.com");
  EXPECT_EQ(*sent().header("Content-Type"), "application/x-www-form-urlencoded; charset=utf-8");
  EXPECT_EQ(*sent().header("X-Amz-Date"), "20260302T140000Z");
  EXPECT_EQ(*sent().header("X-Amz-Security-Token"), "token==");
}

TEST_F(HttpEndpointTest, SendsSecretsManagerJson) {
  static_cast<void>(call(GetSecretValue{.secret_id = "panther-secrets/virus-total"}, session));
  EXPECT_EQ(sent().method, "POST");
  EXPECT_EQ(sent().target, "/");
  EXPECT_EQ(sent().body, R"({"SecretId":"panther-secrets/virus-total"})");
  EXPECT_EQ(*sent().header("Host"), "secretsmanager.us-east-1.amazonaws.com");
  EXPECT_EQ(*sent().header("Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(*sent().header("X-Amz-Target"), "secretsmanager.GetSecretValue");
}

TEST_F(HttpEndpointTest, SendsVirusTotalAPathAndAKey) {
  static_cast<void>(call(GetIpAddress{.ip = "2001:db8::/ ?"}, ApiKey{"0123abcd"}));
  EXPECT_EQ(sent().method, "GET");
  EXPECT_EQ(sent().target, "/api/v3/ip_addresses/2001%3Adb8%3A%3A%2F%20%3F");
  EXPECT_EQ(sent().body, "");
  EXPECT_THAT(
      sent().headers,
      ElementsAre(http::Header{"Host", "www.virustotal.com"}, http::Header{"Accept", "application/json"},
                  http::Header{"x-apikey", "0123abcd"}, http::Header{"x-rushhour-call", "My.Rule;41;3"}));
}

TEST_F(HttpEndpointTest, SendsToTheRegionOfTheCall) {
  const auto call_in = [&](std::string_view region) {
    const GetCallerIdentity request;
    GetCallerIdentity::Output output;
    const Identity identity = user;
    Failure failure;
    endpoint.perform({.operation = operation_of<GetCallerIdentity>,
                      .input = &request,
                      .output = &output,
                      .identity = identity,
                      .attribution = attribution,
                      .failure = failure,
                      .region = region},
                     now);
  };
  for (const char* region : {"eu-west-1", "cn-north-1", "us-east-1"}) {
    call_in(region);
    const std::string host = region[0] == 'c' ? "sts.cn-north-1.amazonaws.com.cn"
                                              : "sts." + std::string{region} + ".amazonaws.com";
    EXPECT_EQ(*sent().header("Host"), host);
    EXPECT_EQ(aws::verify(sent(), user.secret_access_key, {.scope = {region, "sts"}, .now = now}),
              std::nullopt);
  }
  call_in("eu-west-1");
  call_in("");
  EXPECT_EQ(*sent().header("Host"), "sts.us-east-1.amazonaws.com");
}

TEST_F(HttpEndpointTest, SignsNothingThatCarriesAnAssertion) {
  static_cast<void>(call(sts::AssumeRoleWithWebIdentity{}, session));
  EXPECT_EQ(sent().header("Authorization"), nullptr);
  EXPECT_EQ(sent().header("X-Amz-Security-Token"), nullptr);
  static_cast<void>(call(GetCallerIdentity{}, session));
  EXPECT_NE(sent().header("Authorization"), nullptr);
}

TEST_F(HttpEndpointTest, SignsWhatAwsGets) {
  for (const aws::Credentials& credentials : {session, user, session}) {
    static_cast<void>(call(GetSecretValue{.secret_id = "a"}, credentials));
    EXPECT_EQ(aws::verify(sent(), credentials.secret_access_key,
                          {.scope = {"us-east-1", "secretsmanager"}, .now = now}),
              std::nullopt);
    static_cast<void>(call(GetCallerIdentity{}, credentials));
    EXPECT_EQ(aws::verify(sent(), credentials.secret_access_key, {.scope = {"us-east-1", "sts"}, .now = now}),
              std::nullopt);
  }
}

TEST_F(HttpEndpointTest, LeavesNothingOfTheCallBefore) {
  static_cast<void>(call(AssumeRole{.role_arn = "long", .role_session_name = "long"}, session));
  static_cast<void>(call(GetCallerIdentity{}, user));
  EXPECT_EQ(sent().body, "Action=GetCallerIdentity&Version=2011-06-15");
  EXPECT_EQ(sent().header("X-Amz-Security-Token"), nullptr);
  static_cast<void>(call(GetCallerIdentity{}, session));
  static_cast<void>(call(GetCallerIdentity{}, Anonymous{}));
  EXPECT_THAT(header_names(sent()), ElementsAre("Host", "Accept", "Content-Type", "x-rushhour-call"));
  static_cast<void>(call(GetIpAddress{.ip = "8.8.8.8"}, ApiKey{"key"}));
  static_cast<void>(call(GetIpAddress{.ip = "8.8.8.8"}, user));
  EXPECT_THAT(header_names(sent()), ElementsAre("Host", "Accept", "x-rushhour-call"));
}

TEST_F(HttpEndpointTest, AttributesOutsideTheSignature) {
  static_cast<void>(call(GetCallerIdentity{}, session));
  EXPECT_EQ(*sent().header("x-rushhour-call"), "My.Rule;41;3");
  EXPECT_THAT(*sent().header("Authorization"), testing::Not(HasSubstr("x-rushhour-call")));
  attribution = {};
  static_cast<void>(call(GetCallerIdentity{}, session));
  EXPECT_EQ(*sent().header("x-rushhour-call"), ";0;0");
}

TEST_F(HttpEndpointTest, AttributesToTheFunctionWhereItIsKnown) {
  attribution.function = Function::alert_context;
  static_cast<void>(call(GetCallerIdentity{}, session));
  EXPECT_EQ(*sent().header("x-rushhour-call"), "My.Rule;41;3;alert_context");
}

TEST_F(HttpEndpointTest, AttributesToTheLineWhereItIsKnown) {
  attribution.where = std::source_location::current();
  static_cast<void>(call(GetCallerIdentity{}, session));
  EXPECT_EQ(*sent().header("x-rushhour-call"),
            "My.Rule;41;3;@" + site_text(shown_file(__FILE__), __LINE__ - 3));
  attribution.function = Function::rule;
  attribution.site = names.intern("rules/a;b.py:31");
  static_cast<void>(call(GetCallerIdentity{}, session));
  EXPECT_EQ(*sent().header("x-rushhour-call"), "My.Rule;41;3;rule;@rules/a_b.py:31");
}

TEST_F(HttpEndpointTest, KeepsLineBreaksOutOfHeaders) {
  attribution.detection = names.intern("two\r\nlines");
  static_cast<void>(call(GetCallerIdentity{}, session));
  EXPECT_EQ(*sent().header("x-rushhour-call"), "two  lines;41;3");
}

TEST_F(HttpEndpointTest, GoesToItsRegion) {
  Recorder frankfurt{names, {.region = "eu-central-1"}};
  Recorder beijing{names, {.region = "cn-north-1"}};
  const GetCallerIdentity request;
  GetCallerIdentity::Output output;
  Failure failure;
  const Identity identity = session;
  for (Recorder* endpoint_there : {&frankfurt, &beijing}) {
    endpoint_there->perform(
        {operation_of<GetCallerIdentity>, &request, &output, identity, attribution, failure}, now);
  }
  EXPECT_EQ(*frankfurt.requests[0].header("Host"), "sts.eu-central-1.amazonaws.com");
  EXPECT_THAT(*frankfurt.requests[0].header("Authorization"),
              HasSubstr("/20260302/eu-central-1/sts/aws4_request"));
  EXPECT_EQ(*beijing.requests[0].header("Host"), "sts.cn-north-1.amazonaws.com.cn");
}

TEST_F(HttpEndpointTest, ReadsAnAnswerInXml) {
  endpoint.answer.body =
      R"(<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>)"
      R"(<UserId>AIDA</UserId><Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/me</Arn>)"
      R"(</GetCallerIdentityResult></GetCallerIdentityResponse>)";
  EXPECT_EQ(call(GetCallerIdentity{}, session).value().arn, "arn:aws:iam::123456789012:user/me");
}

TEST_F(HttpEndpointTest, ReadsAnAnswerInJson) {
  endpoint.answer.body =
      R"({"Name":"a","SecretString":"b","VersionStages":["AWSCURRENT"],"CreatedDate":1.5})";
  const auto output = call(GetSecretValue{.secret_id = "a"}, session).value();
  EXPECT_EQ(output.secret_string, "b");
  EXPECT_EQ(output.created_date, Instant{std::chrono::milliseconds{1500}});
}

TEST_F(HttpEndpointTest, FailsOnAnAnswerThatIsNone) {
  endpoint.answer = {.status = 200, .headers = {}, .body = "<html>captive portal</html>"};
  for (const Failure& failure : {call(GetCallerIdentity{}, session).failure(),
                                 call(GetSecretValue{.secret_id = "a"}, session).failure(),
                                 call(GetIpAddress{.ip = "8.8.8.8"}, ApiKey{"key"}).failure()}) {
    EXPECT_EQ(failure.outcome, Outcome::server_error);
    EXPECT_EQ(failure.status, 200);
    EXPECT_THAT(failure.message, HasSubstr("cannot be read"));
  }
}

TEST_F(HttpEndpointTest, ReadsTheErrorsOfEachProtocol) {
  endpoint.answer = {
      .status = 400,
      .headers = {},
      .body =
          "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error>"
          "</ErrorResponse>"};
  EXPECT_EQ(call(GetCallerIdentity{}, session).failure(),
            (Failure{Outcome::throttled, 400, "Throttling", "Rate exceeded"}));
  endpoint.answer.body = R"({"__type":"ThrottlingException","message":"Rate exceeded"})";
  EXPECT_EQ(call(GetSecretValue{.secret_id = "a"}, session).failure(),
            (Failure{Outcome::throttled, 400, "ThrottlingException", "Rate exceeded"}));
  EXPECT_EQ(
      failure_of(
          {.status = 429,
           .headers = {},
           .body = R"({"error":{"extra":[{}],"message":"Quota exceeded","code":"QuotaExceededError"}})"}),
      (Failure{Outcome::throttled, 429, "QuotaExceededError", "Quota exceeded"}));
}

TEST_F(HttpEndpointTest, ClassifiesAnErrorWithoutABodyByItsStatus) {
  EXPECT_EQ(failure_of({.status = 502, .headers = {}, .body = "<html>"}),
            (Failure{Outcome::server_error, 502, "", ""}));
  EXPECT_EQ(failure_of({.status = 404, .headers = {}, .body = ""}),
            (Failure{Outcome::not_found, 404, "", ""}));
  EXPECT_EQ(failure_of({.status = 302, .headers = {}, .body = ""}).outcome, Outcome::invalid);
}

TEST_F(HttpEndpointTest, CallsNoAnswerAResetOrWhatItIsTold) {
  EXPECT_EQ(failure_of({.status = 0, .headers = {}, .body = ""}), (Failure{.outcome = Outcome::reset}));
  EXPECT_EQ(failure_of({.status = 0, .headers = {{"x-rushhour-outcome", "timeout"}}, .body = "after 5s"}),
            (Failure{.outcome = Outcome::timeout, .message = "after 5s"}));
  EXPECT_EQ(failure_of({.status = 504, .headers = {{"X-Rushhour-Outcome", "timeout"}}, .body = ""}).outcome,
            Outcome::timeout);
  EXPECT_EQ(failure_of({.status = 504, .headers = {{"x-rushhour-outcome", "nonsense"}}, .body = ""}).outcome,
            Outcome::server_error);
}

TEST_F(HttpEndpointTest, TakesAnAnswerForNoneWhereItSaysSo) {
  EXPECT_EQ(failure_of({.status = 504, .headers = {{"x-rushhour-no-answer", "timeout"}}, .body = "silence"}),
            (Failure{.outcome = Outcome::timeout, .message = "silence"}));
  EXPECT_EQ(failure_of({.status = 504, .headers = {{"x-rushhour-no-answer", "reset"}}, .body = ""}),
            (Failure{.outcome = Outcome::reset}));
}

TEST_F(HttpEndpointTest, AddsTheDelayThatAnAnswerTells) {
  const auto delay_of = [this](std::string_view header) {
    endpoint.answer = {.status = 429, .headers = {{"x-rushhour-delay-ns", std::string{header}}}, .body = {}};
    const GetIpAddress request{.ip = "8.8.8.8"};
    GetIpAddress::Output output;
    const Identity key = ApiKey{"key"};
    Failure failure;
    Duration delay{7};
    endpoint.perform({operation_of<GetIpAddress>, &request, &output, key, attribution, failure, &delay}, now);
    return delay.count();
  };
  EXPECT_EQ(delay_of("5000000000"), 5'000'000'007);
  for (const char* nonsense : {"", "5s", "-5", "5000000000000000000000"}) {
    EXPECT_EQ(delay_of(nonsense), 7) << nonsense;
  }
}

TEST(OutcomeOf, GoesByCodeBeforeStatus) {
  EXPECT_EQ(outcome_of(Service::sts, 403, "ExpiredToken"), Outcome::expired);
  EXPECT_EQ(outcome_of(Service::sts, 403, "AccessDenied"), Outcome::denied);
  EXPECT_EQ(outcome_of(Service::sts, 400, "IncompleteSignature"), Outcome::denied);
  EXPECT_EQ(outcome_of(Service::sts, 400, "ValidationError"), Outcome::invalid);
  EXPECT_EQ(outcome_of(Service::sts, 503, "SlowDown"), Outcome::throttled);
  EXPECT_EQ(outcome_of(Service::secretsmanager, 400, "ResourceNotFoundException"), Outcome::not_found);
  EXPECT_EQ(outcome_of(Service::secretsmanager, 400, "AccessDeniedException"), Outcome::denied);
  EXPECT_EQ(outcome_of(Service::secretsmanager, 400, "UnrecognizedClientException"), Outcome::denied);
  EXPECT_EQ(outcome_of(Service::secretsmanager, 400, "ExpiredTokenException"), Outcome::expired);
  EXPECT_EQ(outcome_of(Service::secretsmanager, 400, "LimitExceededException"), Outcome::invalid);
  EXPECT_EQ(outcome_of(Service::secretsmanager, 500, "InternalServiceError"), Outcome::server_error);
  EXPECT_EQ(outcome_of(Service::virustotal, 400, "InvalidArgumentError"), Outcome::invalid);
  EXPECT_EQ(outcome_of(Service::virustotal, 401, "WrongCredentialsError"), Outcome::denied);
  EXPECT_EQ(outcome_of(Service::virustotal, 503, "TransientError"), Outcome::server_error);
}

TEST(OutcomeOf, KeepsTheServicesApart) {
  EXPECT_EQ(outcome_of(Service::virustotal, 400, "Throttling"), Outcome::invalid);
  EXPECT_EQ(outcome_of(Service::sts, 400, "QuotaExceededError"), Outcome::invalid);
}

TEST(InMemory, HandsTheRequestToTheServiceAtTheCallersInstant) {
  class Clockwork final : public http::Service {
   public:
    http::Response handle(const http::Request& request, http::Gate& gate) override {
      target = request.target;
      at = gate.enter().now;
      wall = gate.wall_time();
      return {.status = 429, .headers = {}, .body = ""};
    }
    std::string target;
    Instant at;
    Instant wall;
  } service;
  const Names names;
  InMemory endpoint{service, names};
  const GetIpAddress request{.ip = "8.8.8.8"};
  GetIpAddress::Output output;
  const Identity identity = ApiKey{"key"};
  const Attribution attribution;
  Failure failure;
  EXPECT_FALSE(
      endpoint.perform({operation_of<GetIpAddress>, &request, &output, identity, attribution, failure}, now));
  EXPECT_EQ(service.target, "/api/v3/ip_addresses/8.8.8.8");
  EXPECT_EQ(service.at, now);
  EXPECT_EQ(service.wall, now);
  EXPECT_EQ(failure.outcome, Outcome::throttled);
}

}  // namespace
}  // namespace rushhour::api
