// Who a request is from: every failure of spec aws.md 2.3 in both protocols, byte for byte, in memory and on
// a socket. Typed calls have no signature: what they can show of this stands in the guide's table.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/client.hpp>
#include <rushhour/http/server.hpp>

namespace rushhour::fakes::conformance {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

enum class Protocol { query, json };
enum class Door { memory, wire };

constexpr std::string_view bad_signature =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
    "Access Key and signing method. Consult the service documentation for details.";
constexpr std::string_view bad_token = "The security token included in the request is invalid.";

/// A world in which the customer's role may read its secret, and a request of it in one of the protocols.
class Setting {
 public:
  Setting(Protocol protocol, FrontDoorOptions options) : protocol_(protocol), door_(panther.world, options) {
    panther.world.iam.add_policy(panther.customer_role_arn,
                                 R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
                                 R"("Action":"secretsmanager:*","Resource":"*"}]})");
    who = panther.world.iam
              .issue(*panther.world.iam.find(panther.customer_role_arn), "rule", now(), std::chrono::hours{1})
              .credentials;
  }

  [[nodiscard]] std::string service() const {
    return protocol_ == Protocol::query ? "sts" : "secretsmanager";
  }
  [[nodiscard]] http::Request request() const {
    const std::string host = service() + ".us-east-1.amazonaws.com";
    if (protocol_ == Protocol::query) {
      return {.method = "POST",
              .headers = {{"Host", host}, {"Content-Type", "application/x-www-form-urlencoded"}},
              .body = "Action=GetCallerIdentity&Version=2011-06-15"};
    }
    return {.method = "POST",
            .headers = {{"Host", host},
                        {"Content-Type", "application/x-amz-json-1.1"},
                        {"X-Amz-Target", "secretsmanager.GetSecretValue"}},
            .body = R"({"SecretId":")" + panther.secret_name + R"("})"};
  }
  [[nodiscard]] http::Request sign(http::Request unsigned_request) const {
    aws::sign(unsigned_request, who, {region, signing_name.empty() ? service() : signing_name}, signed_at());
    return unsigned_request;
  }
  [[nodiscard]] http::Request signed_request() const { return sign(request()); }
  [[nodiscard]] http::Request presigned(Duration lifetime = seconds{60}) const {
    http::Request link = request();
    aws::presign(link, who, {region, service()}, signed_at(), lifetime);
    return link;
  }
  /// With a text of the signature replaced, in the header or in the link.
  [[nodiscard]] static http::Request with(http::Request request, std::string_view from, std::string_view to) {
    std::string text =
        request.header("Authorization") != nullptr ? *request.header("Authorization") : request.target;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from << " in " << text;
    text.replace(at, from.size(), to);
    if (request.header("Authorization") != nullptr) {
      request.set_header("Authorization", text);
    } else {
      request.target = text;
    }
    return request;
  }

  [[nodiscard]] Instant now() const { return clock_.now(); }
  [[nodiscard]] Instant signed_at() const { return now() + skew; }
  void advance(Duration length) { clock_.advance(length); }

  http::Response send(const http::Request& message, Door way) {
    if (way == Door::memory) {
      http::OpenGate gate{now()};
      return door_.handle(message, gate);
    }
    const http::Server server{door_, {.clock = &clock_, .connections = 2}};
    http::Client client{server.port()};
    return client.send(message);
  }

  PantherWorld panther;
  aws::Credentials who;
  std::string region{"us-east-1"};
  std::string signing_name{};  ///< empty: the right one
  Duration skew{};

 private:
  Protocol protocol_;
  FrontDoor door_;
  VirtualClock clock_{panther.world.options.start + std::chrono::hours{14}};
};

struct Refusal {
  int status;
  std::string_view code;  ///< empty: none, the call goes well
};

/// How AWS names one kind of failure in each protocol.
struct Names {
  Refusal query;
  Refusal json;
};
constexpr Names fine{{200, ""}, {200, ""}};
constexpr Names missing{{403, "MissingAuthenticationToken"}, {400, "MissingAuthenticationTokenException"}};
constexpr Names malformed{{400, "IncompleteSignature"}, {400, "IncompleteSignatureException"}};
constexpr Names unknown_key{{403, "InvalidClientTokenId"}, {400, "UnrecognizedClientException"}};
constexpr Names mismatch{{403, "SignatureDoesNotMatch"}, {400, "InvalidSignatureException"}};
constexpr Names expired{{403, "ExpiredToken"}, {400, "ExpiredTokenException"}};
constexpr Names request_expired{{400, "RequestExpired"}, {400, "RequestExpired"}};

struct Row {
  std::string_view name;
  std::string_view source;  ///< spec tag and page
  Names names;
  std::string_view text;  ///< `{service}` stands for the signing name
  http::Request (*make)(Setting& setting);
  FrontDoorOptions options{};
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name << " [" << row.source << "]"; }

std::vector<Row> header_rows() {
  return {
      {"ASignedRequestIsAnswered", "DOC IAM User Guide, Create a signed AWS API request", fine, "",
       [](Setting& setting) { return setting.signed_request(); }},
      {"NoAuthorization", "DOC CommonErrors (STS), MEM (Secrets Manager, text)", missing,
       "Missing Authentication Token", [](Setting& setting) { return setting.request(); }},
      {"AParameterWithoutAValue", "REC cloud9-sync#10", malformed,
       "'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: "
       "'AWS4-HMAC-SHA256 Credential'.",
       [](Setting& setting) {
         http::Request request = setting.signed_request();
         request.set_header("Authorization", "AWS4-HMAC-SHA256 Credential");
         return request;
       }},
      {"NoParameters", "REC amazon-elasticsearch-service-with-authentication#4", malformed,
       "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' "
       "parameter. Authorization header requires 'SignedHeaders' parameter. Authorization=Bearer a=b",
       [](Setting& setting) {
         http::Request request = setting.signed_request();
         request.set_header("Authorization", "Bearer a=b");
         return request;
       }},
      {"NoDate", "REC amazon-elasticsearch-service-with-authentication#4", malformed,
       "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
       "Authorization=AWS4-HMAC-SHA256 Credential=A/b/c/d/e, SignedHeaders=f, Signature=g",
       [](Setting& setting) {
         http::Request request = setting.request();
         request.set_header("Authorization",
                            "AWS4-HMAC-SHA256 Credential=A/b/c/d/e, SignedHeaders=f, Signature=g");
         return request;
       }},
      {"ACredentialOfTwoParts", "REC mhart/aws4#97", malformed,
       "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got "
       "'A/b'",
       [](Setting& setting) {
         http::Request request = setting.signed_request();
         request.set_header("Authorization",
                            "AWS4-HMAC-SHA256 Credential=A/b, SignedHeaders=host, Signature=0");
         return request;
       }},
      {"AnUnknownKey", "REC aws-sdk-go-v2#2567, spring-cloud-aws#492", unknown_key, bad_token,
       [](Setting& setting) {
         setting.who = {"AKIAIOSFODNN7EXAMPLE", "secret", ""};
         return setting.signed_request();
       }},
      {"AWrongToken", "REC aws-sdk-go-v2#2567, spring-cloud-aws#492", unknown_key, bad_token,
       [](Setting& setting) {
         setting.who.session_token += "x";
         return setting.signed_request();
       }},
      {"AMissingToken", "REC aws-sdk-go-v2#2567, spring-cloud-aws#492", unknown_key, bad_token,
       [](Setting& setting) {
         setting.who.session_token.clear();
         return setting.signed_request();
       }},
      {"AWrongSecret", "DOC IAM User Guide, Troubleshoot signed requests", mismatch, bad_signature,
       [](Setting& setting) {
         setting.who.secret_access_key += "x";
         return setting.signed_request();
       }},
      {"ABodyThatWasChanged", "DOC IAM User Guide, Troubleshoot signed requests", mismatch, bad_signature,
       [](Setting& setting) {
         http::Request request = setting.signed_request();
         request.body += request.body.front() == '{' ? ' ' : '&';  // which change nothing else
         return request;
       }},
      {"AnUnsignedPayload", "CHOICE UNSIGNED-PAYLOAD is S3's", mismatch, bad_signature,
       [](Setting& setting) {
         http::Request request = setting.signed_request();
         request.set_header("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD");
         return request;
       }},
      {"FiveMinutesLate", "REC botocore#3587, boto3#4716", fine, "",
       [](Setting& setting) {
         setting.skew = -minutes{5};
         return setting.signed_request();
       }},
      {"ASecondMore", "REC botocore#3587, boto3#4716", mismatch,
       "Signature expired: 20260302T135459Z is now earlier than 20260302T135500Z (20260302T140000Z - 5 min.)",
       [](Setting& setting) {
         setting.skew = -seconds{301};
         return setting.signed_request();
       }},
      {"FiveMinutesEarly", "REC aws-sdk-android#88", fine, "",
       [](Setting& setting) {
         setting.skew = minutes{5};
         return setting.signed_request();
       }},
      {"ASecondEarlier", "REC aws-sdk-android#88", mismatch,
       "Signature not yet current: 20260302T140501Z is still later than 20260302T140500Z (20260302T140000Z + "
       "5 "
       "min.)",
       [](Setting& setting) {
         setting.skew = seconds{301};
         return setting.signed_request();
       }},
      {"AScopeOfAnotherRegion", "DOC aws.md 2.3, REC aws-signing-proxy#25", mismatch,
       "Credential should be scoped to a valid region, not 'eu-west-1'. ",
       [](Setting& setting) {
         setting.region = "eu-west-1";
         return setting.signed_request();
       }},
      {"AScopeOfAnotherService", "DOC aws.md 2.3, REC aws-es-curl#15", mismatch,
       "Credential should be scoped to correct service: '{service}'. ",
       [](Setting& setting) {
         setting.signing_name = "es";
         return setting.signed_request();
       }},
      {"AScopeOfAnotherTerminator", "DOC aws.md 2.3", mismatch,
       "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws3_request'. ",
       [](Setting& setting) {
         return Setting::with(setting.signed_request(), "aws4_request", "aws3_request");
       }},
      {"AScopeOfAnotherDay", "DOC aws.md 2.3", mismatch,
       "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260301' "
       "!= "
       "'20260302', from '20260302T140000Z'. ",
       [](Setting& setting) { return Setting::with(setting.signed_request(), "/20260302/", "/20260301/"); }},
      {"ASessionThatIsOver", "REC aws-sdk-java-v2#1649 (STS), MEM (Secrets Manager)", expired,
       "The security token included in the request is expired",
       [](Setting& setting) {
         setting.advance(std::chrono::hours{1});
         return setting.signed_request();
       }},
      {"AFipsHostNamesItsRegionToo", "DOC AWS General Reference, Service endpoints", mismatch,
       "Credential should be scoped to a valid region, not 'eu-west-1'. ",
       [](Setting& setting) {
         setting.region = "eu-west-1";
         http::Request request = setting.request();
         request.set_header("Host", setting.service() + "-fips.us-east-1.amazonaws.com");
         return setting.sign(request);
       }},
      {"AHostOfAnotherRegion", "DOC AWS General Reference, Service endpoints", fine, "",
       [](Setting& setting) {
         setting.region = "eu-west-1";
         http::Request request = setting.request();
         request.set_header("Host", setting.service() + "-fips.eu-west-1.amazonaws.com");
         setting.panther.world.secretsmanager.add_secret({.account = "444455556666",
                                                          .region = "eu-west-1",
                                                          .name = setting.panther.secret_name,
                                                          .value = "there"},
                                                         setting.now());
         return setting.sign(request);
       }},
  };
}

std::vector<Row> presigned_rows() {
  return {
      {"ALinkIsAnswered", "DOC IAM User Guide, Create a signed AWS API request", fine, "",
       [](Setting& setting) { return setting.presigned(); }},
      {"ALinkLivesForFifteenMinutes", "REC aws-sdk-go#2167, aws-iam-authenticator#160", fine, "",
       [](Setting& setting) {
         setting.skew = -minutes{15};
         return setting.presigned();
       }},
      {"AndNoSecondMore", "REC aws-sdk-go#2167, aws-iam-authenticator#160", mismatch,
       "Signature expired: 20260302T134459Z is now earlier than 20260302T134500Z (20260302T140000Z - 15 "
       "min.)",
       [](Setting& setting) {
         setting.skew = -seconds{901};
         return setting.presigned(std::chrono::hours{1});
       }},
      {"ALinkOfTheFuture", "REC aws-sdk-android#88", mismatch,
       "Signature not yet current: 20260302T140501Z is still later than 20260302T140500Z (20260302T140000Z + "
       "5 "
       "min.)",
       [](Setting& setting) {
         setting.skew = seconds{301};
         return setting.presigned();
       }},
      {"ALinkWhoseTimeIsHonoured",
       "DOC CommonErrors, RequestExpired (switch honours_expires)",
       request_expired,
       "Request has expired.",
       [](Setting& setting) {
         setting.skew = -seconds{61};
         return setting.presigned();
       },
       {.time = {.honours_expires = true}}},
      {"ALinkWithoutADate", "DOC CommonErrors, IncompleteSignature; MEM text", malformed,
       "AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
       [](Setting& setting) { return Setting::with(setting.presigned(), "X-Amz-Date", "X-Amz-Day"); }},
      {"ALinkForEightDays", "DOC S3 User Guide, sigv4-query-string-auth; MEM text", malformed,
       "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less "
       "than "
       "604800 seconds",
       [](Setting& setting) { return Setting::with(setting.presigned(), "Expires=60", "Expires=691200"); }},
      {"ALinkOfAnUnknownKey", "REC aws-sdk-go-v2#2567, spring-cloud-aws#492", unknown_key, bad_token,
       [](Setting& setting) {
         return Setting::with(setting.presigned(), "Credential=ASIA", "Credential=ASIX");
       }},
      {"ALinkThatWasChanged", "DOC IAM User Guide, Troubleshoot signed requests", mismatch, bad_signature,
       [](Setting& setting) { return Setting::with(setting.presigned(), "Expires=60", "Expires=61"); }},
      {"ALinkWithoutItsHeader", "REC aws-iam-authenticator#168", mismatch, bad_signature,
       [](Setting& setting) {
         http::Request request = setting.request();
         request.set_header("x-k8s-aws-id", "demo");
         aws::presign(request, setting.who, {"us-east-1", setting.service()}, setting.now(), minutes{1});
         http::remove_header(request.headers, "x-k8s-aws-id");
         return request;
       }},
      {"ALinkForAnotherRegion", "DOC aws.md 2.3", mismatch,
       "Credential should be scoped to a valid region, not 'eu-west-1'. ",
       [](Setting& setting) {
         setting.region = "eu-west-1";
         return setting.presigned();
       }},
      {"ALinkOfASessionThatIsOver", "REC aws-sdk-java-v2#1649 (STS), MEM (Secrets Manager)", expired,
       "The security token included in the request is expired",
       [](Setting& setting) {
         setting.advance(std::chrono::hours{1});
         return setting.presigned();
       }},
      {"ALinkAndAHeader", "CHOICE", malformed,
       "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
       "parameter or the Authorization header should be specified",
       [](Setting& setting) {
         http::Request request = setting.presigned();
         request.set_header("Authorization", *setting.signed_request().header("Authorization"));
         return request;
       }},
  };
}

/// The whole body of a refusal.
std::string body_of(Protocol protocol, const Refusal& refusal, std::string text,
                    const std::string& request_id) {
  if (protocol == Protocol::json) {
    return R"({"__type":")" + std::string{refusal.code} + R"(","message":")" + text + R"("})";
  }
  return R"(<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>)" +
         std::string{refusal.code} + "</Code><Message>" + text + "</Message></Error><RequestId>" +
         request_id + "</RequestId></ErrorResponse>";
}

class Authentication : public testing::TestWithParam<std::tuple<Row, Protocol, Door>> {};

TEST_P(Authentication, IsWordedAsAwsDoes) {
  const auto& [row, protocol, door] = GetParam();
  Setting setting{protocol, row.options};
  const Refusal& expected = protocol == Protocol::query ? row.names.query : row.names.json;
  std::string text{row.text};
  if (const std::size_t at = text.find("{service}"); at != std::string::npos) {
    text.replace(at, std::string_view{"{service}"}.size(), setting.service());
  }

  const http::Request request = row.make(setting);
  const http::Response response = setting.send(request, door);

  EXPECT_EQ(response.status, expected.status) << response.body << "\nsource: " << row.source;
  ASSERT_NE(response.header("x-amzn-RequestId"), nullptr);
  const std::string& request_id = *response.header("x-amzn-RequestId");
  EXPECT_EQ(request_id.size(), 36U);
  EXPECT_EQ(*response.header("Content-Type"),
            protocol == Protocol::query ? "text/xml" : "application/x-amz-json-1.1");
  EXPECT_EQ(*response.header("Date"), http::to_http_date(setting.now()));
  if (!expected.code.empty()) {
    EXPECT_EQ(response.body, body_of(protocol, expected, text, request_id)) << "source: " << row.source;
  }
  if (door == Door::wire) {
    EXPECT_EQ(*response.header("Content-Length"), std::to_string(response.body.size()));
  }
}

std::string row_name(const testing::TestParamInfo<std::tuple<Row, Protocol, Door>>& info) {
  const auto& [row, protocol, door] = info.param;
  return std::string{row.name} + (protocol == Protocol::query ? "_query" : "_json") +
         (door == Door::memory ? "_memory" : "_wire");
}

auto in_both_protocols(std::vector<Row> rows) {
  return testing::Combine(testing::ValuesIn(std::move(rows)),
                          testing::Values(Protocol::query, Protocol::json),
                          testing::Values(Door::memory, Door::wire));
}

INSTANTIATE_TEST_SUITE_P(Header, Authentication, in_both_protocols(header_rows()), row_name);
INSTANTIATE_TEST_SUITE_P(Presigned, Authentication, in_both_protocols(presigned_rows()), row_name);

// ---- What is no request of its protocol ----

struct OddRequest {
  std::string_view name;
  std::string_view source;
  Protocol protocol;
  int status;
  std::string body;  ///< with `{id}` for the request id
  void (*spoil)(http::Request& request);
};

void PrintTo(const OddRequest& row, std::ostream* out) { *out << row.name << " [" << row.source << "]"; }

/// The whole body of a refusal in XML, with `{id}`.
std::string xml(std::string_view code, std::string_view text) {
  return body_of(Protocol::query, {0, code}, std::string{text}, "{id}");
}

std::vector<OddRequest> odd_requests() {
  const std::string unknown = R"({"__type":"UnknownOperationException"})";
  return {
      {"AnUnknownAction", "DOC CommonErrors, InvalidAction; MEM text", Protocol::query, 400,
       xml("InvalidAction", "Could not find operation GetMyMind for version 2011-06-15"),
       [](http::Request& request) { request.body = "Action=GetMyMind&Version=2011-06-15"; }},
      {"NoVersion", "DOC CommonErrors, InvalidAction; MEM text", Protocol::query, 400,
       xml("InvalidAction", "Could not find operation GetCallerIdentity for version NO_VERSION_SPECIFIED"),
       [](http::Request& request) { request.body = "Action=GetCallerIdentity"; }},
      {"NoAction", "DOC CommonErrors, MissingAction", Protocol::query, 400,
       xml("MissingAction", "The request is missing an action or a required parameter."),
       [](http::Request& request) { request.body = "Version=2011-06-15"; }},
      {"AFormThatIsNone", "DOC CommonErrors, MalformedQueryString", Protocol::query, 404,
       xml("MalformedQueryString", "The query string contains a syntax error."),
       [](http::Request& request) { request.body += "&A=%zz"; }},
      {"ALongForm", "DOC CommonErrors, RequestEntityTooLargeException; CHOICE the limit", Protocol::query,
       413, xml("RequestEntityTooLargeException", "The request entity is too large."),
       [](http::Request& request) { request.body += "&A=" + std::string(1U << 20, 'a'); }},
      {"LongHeaders", "DOC CommonErrors, MalformedHttpRequestException; CHOICE the limit", Protocol::query,
       400, xml("MalformedHttpRequestException", "The header section of the request is too large."),
       [](http::Request& request) {
         for (const char* name : {"X-A", "X-B", "X-C"}) request.set_header(name, std::string(6'000, 'a'));
       }},
      {"AnUnknownTarget", "MEM aws.md 2.3", Protocol::json, 400, unknown,
       [](http::Request& request) { request.set_header("X-Amz-Target", "secretsmanager.ReadMyMind"); }},
      {"NoTarget", "MEM", Protocol::json, 400, unknown,
       [](http::Request& request) { http::remove_header(request.headers, "X-Amz-Target"); }},
      {"AnotherContentType", "MEM", Protocol::json, 400, unknown,
       [](http::Request& request) { request.set_header("Content-Type", "application/json"); }},
      {"AnotherMethod", "MEM", Protocol::json, 400, unknown,
       [](http::Request& request) {
         request.method = "GET";
         request.body.clear();
       }},
      {"AnotherPath", "MEM", Protocol::json, 400, unknown,
       [](http::Request& request) { request.target = "/secrets"; }},
      {"ABodyThatIsNoJson", "REC aws-sdk-unity#54", Protocol::json, 400,
       R"({"__type":"SerializationException"})", [](http::Request& request) { request.body = "SecretId=a"; }},
      {"AStringForAnInteger", "REC aws-cdk#27087", Protocol::json, 400,
       R"({"__type":"SerializationException","Message":"STRING_VALUE can not be converted to an Integer"})",
       [](http::Request& request) {
         request.set_header("X-Amz-Target", "secretsmanager.ListSecrets");
         request.body = R"({"MaxResults":"7"})";
       }},
      {"ALongBody", "DOC CommonErrors, RequestEntityTooLargeException; CHOICE the limit", Protocol::json, 413,
       R"({"__type":"RequestEntityTooLargeException","message":"The request entity is too large."})",
       [](http::Request& request) { request.body += std::string(1U << 20, ' '); }},
  };
}

class OddMessage : public testing::TestWithParam<std::tuple<OddRequest, Door>> {};

TEST_P(OddMessage, IsRefusedInTheFormOfItsService) {
  const auto& [row, door] = GetParam();
  Setting setting{row.protocol, {}};
  http::Request request = setting.request();
  row.spoil(request);

  const http::Response response = setting.send(setting.sign(request), door);

  EXPECT_EQ(response.status, row.status) << "source: " << row.source;
  std::string expected = row.body;
  if (const std::size_t at = expected.find("{id}"); at != std::string::npos) {
    expected.replace(at, 4, *response.header("x-amzn-RequestId"));
  }
  EXPECT_EQ(response.body, expected) << "source: " << row.source;
  EXPECT_EQ(response.header("x-rushhour-outcome"), nullptr) << "real clients are told nothing more";
}

std::string odd_name(const testing::TestParamInfo<std::tuple<OddRequest, Door>>& info) {
  const auto& [row, door] = info.param;
  return std::string{row.name} + (door == Door::memory ? "_memory" : "_wire");
}

INSTANTIATE_TEST_SUITE_P(Protocols, OddMessage,
                         testing::Combine(testing::ValuesIn(odd_requests()),
                                          testing::Values(Door::memory, Door::wire)),
                         odd_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
