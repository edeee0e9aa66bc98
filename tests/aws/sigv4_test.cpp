#include <rushhour/aws/sigv4.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "signed_requests.hpp"

namespace rushhour::aws {
namespace {

using ::testing::Optional;

// "Create a signed AWS API request" and its predecessor in the AWS General Reference.
TEST(SigningKey, IsTheOneOfTheAwsDocumentation) {
  const auto hex = [](const std::array<unsigned char, 32>& key) {
    std::string out;
    for (const unsigned char byte : key) {
      out += "0123456789abcdef"[byte >> 4];
      out += "0123456789abcdef"[byte & 15];
    }
    return out;
  };
  constexpr SigningScope iam{.region = "us-east-1", .service = "iam"};

  EXPECT_EQ(hex(signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", iam)),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
  EXPECT_EQ(hex(signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20120215", iam)),
            "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d");
}

http::Request list_users() {
  http::Request request{.target = "/?Action=ListUsers&Version=2010-05-08",
                        .headers = {{"Host", "iam.amazonaws.com"},
                                    {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}}};
  sign(request, long_term, {.region = "us-east-1", .service = "iam"}, at("20150830T123600Z"));
  return request;
}

TEST(Sign, GivesTheSignatureOfTheListUsersExample) {
  EXPECT_EQ(*list_users().header("Authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(CanonicalRequest, IsTheOneOfTheListUsersExample) {
  EXPECT_EQ(canonical_request(list_users(), "content-type;host;x-amz-date"),
            "GET\n/\nAction=ListUsers&Version=2010-05-08\n"
            "content-type:application/x-www-form-urlencoded; charset=utf-8\n"
            "host:iam.amazonaws.com\nx-amz-date:20150830T123600Z\n\n"
            "content-type;host;x-amz-date\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

struct Vector {
  const char* what;
  const Credentials& who;
  const char* when;
  const char* method;
  const char* target;
  http::Headers headers;
  const char* body;
  const char* region;
  const char* service;
  const char* signed_headers;
  const char* signature;
};

// Made with botocore 1.29.27: AWSRequest(method, url="https://" + Host + target, data=body), the headers
// added one by one, SigV4Auth(Credentials(...), service, region).add_auth(request) with datetime.utcnow()
// replaced by a fixed time.
// clang-format off
const std::vector<Vector>& vectors() {
  static const std::vector<Vector> all{
    Vector{"a form by POST", long_term, "2026-03-02T14:00:00Z", "POST", "/",
           {{"Host", "sts.us-east-1.amazonaws.com"}, {"Content-Type", form}},
           "Action=GetCallerIdentity&Version=2011-06-15", "us-east-1", "sts",
           "content-type;host;x-amz-date",
           "89051d744dbba58c41f965d5e71066a7e4b168a1900c254b4488e49cced1fc6c"},
    Vector{"a form with a session token", temporary, "2026-03-02T23:59:59Z", "POST", "/",
           {{"Host", "sts.eu-central-1.amazonaws.com"}, {"Content-Type", form}},
           "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FReader&RoleSessionName=s-1", "eu-central-1", "sts",
           "content-type;host;x-amz-date;x-amz-security-token",
           "335192d6686e3110ff238b7f68237bbf4d79060bad45dd3aeb8b0613b733daaa"},
    Vector{"JSON by POST", long_term, "2026-01-01T00:00:00Z", "POST", "/",
           {{"Host", "secretsmanager.us-east-1.amazonaws.com"}, {"X-Amz-Target", "secretsmanager.GetSecretValue"}, {"Content-Type", json}},
           "{\"SecretId\": \"panther-secrets/virus-total\"}", "us-east-1", "secretsmanager",
           "content-type;host;x-amz-date;x-amz-target",
           "6854afd44d0cc515c68dca858ec464ed56692bb08d1a01492051156ee091bcb0"},
    Vector{"JSON with a session token", temporary, "2026-12-31T12:00:01Z", "POST", "/",
           {{"Host", "secretsmanager.ap-southeast-2.amazonaws.com"}, {"X-Amz-Target", "secretsmanager.PutSecretValue"}, {"Content-Type", json}},
           "{\"SecretId\":\"s\",\"SecretString\":\"gr\303\274\303\237e\"}", "ap-southeast-2", "secretsmanager",
           "content-type;host;x-amz-date;x-amz-security-token;x-amz-target",
           "1a427319f8d38d977443830886ce86d93eeef896d67c6270085bb661ba7d7197"},
    Vector{"an empty body", long_term, "2026-03-02T14:00:00Z", "GET", "/",
           {{"Host", "example.amazonaws.com"}},
           "", "us-east-1", "service",
           "host;x-amz-date",
           "3b1131f823c884775bf4862ad07efeb3acfa17d839560d4562c33e4edabe2fb2"},
    Vector{"a query out of order", long_term, "2026-03-02T14:00:00Z", "GET", "/?b=2&a=2&a=1&aa=0&A=9",
           {{"Host", "example.amazonaws.com"}},
           "", "us-east-1", "service",
           "host;x-amz-date",
           "097f039efa9fcce07e1ade67824faa9842604243c00e8db0cdd30048e2f543f6"},
    Vector{"a query with odd characters", long_term, "2026-03-02T14:00:00Z", "GET", "/?q=%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3D%3F%40%5B%5D&u=-._~",
           {{"Host", "example.amazonaws.com"}},
           "", "us-east-1", "service",
           "host;x-amz-date",
           "6095045d28f90270f8d688d52c9a33ddae598683276154981ddecdf6622e50f7"},
    Vector{"a query without values", long_term, "2026-03-02T14:00:00Z", "GET", "/?flag&empty=&%E1%88%B4=%C3%BC",
           {{"Host", "example.amazonaws.com"}},
           "", "us-east-1", "service",
           "host;x-amz-date",
           "286cf0f9d52033e78ff4bc5381e5ae50a075c9d9c3aa744722ec0d4c62071d62"},
    Vector{"a path with encoded spaces", long_term, "2026-03-02T14:00:00Z", "GET", "/example%20space/",
           {{"Host", "example.amazonaws.com"}},
           "", "us-east-1", "service",
           "host;x-amz-date",
           "8b1aeb9b1bdb6188c32bbb19543268a0c9a0854bb927dacc8796b86db1a53cd9"},
    Vector{"a path with raw unicode", long_term, "2026-03-02T14:00:00Z", "GET", "/\341\210\264",
           {{"Host", "example.amazonaws.com"}},
           "", "us-east-1", "service",
           "host;x-amz-date",
           "e8e3e20feade563e7b332433104ae5b76475c9adb72ede6a20a1150ebb63af04"},
    Vector{"a path with dots and slashes", long_term, "2026-03-02T14:00:00Z", "GET", "/./a//b/../c~d/(e)/",
           {{"Host", "example.amazonaws.com"}},
           "", "us-east-1", "service",
           "host;x-amz-date",
           "3e0190d5b7aa0500576632cd2bb17564bc3565b4c2f4f5b2e654c1bc70557818"},
    Vector{"a path of dots alone", long_term, "2026-03-02T14:00:00Z", "GET", "/a/..",
           {{"Host", "example.amazonaws.com"}},
           "", "us-east-1", "service",
           "host;x-amz-date",
           "3b1131f823c884775bf4862ad07efeb3acfa17d839560d4562c33e4edabe2fb2"},
    Vector{"header values with spaces", long_term, "2026-03-02T14:00:00Z", "POST", "/",
           {{"Host", "example.amazonaws.com"}, {"My-Header1", "  a   b\tc  "}, {"my-header2", "\"a   b\""}},
           "x", "us-west-2", "service",
           "host;my-header1;my-header2;x-amz-date",
           "4e2a8586727cc3510739e4ee0627274e90845b00c2dee8cd37903d61fc7811ab"},
    Vector{"a long header value with spaces", long_term, "2026-03-02T14:00:00Z", "GET", "/",
           {{"Host", "example.amazonaws.com"}, {"X-Long", "a longer   value, with runs  of spaces and no tab"}},
           "", "us-east-1", "service",
           "host;x-amz-date;x-long",
           "299efd666f3f6c5a6c2c9b68ae90234f0a3b96cdc76330dd8d3217df528f95b9"},
    Vector{"a repeated header", long_term, "2026-03-02T14:00:00Z", "GET", "/",
           {{"Host", "example.amazonaws.com"}, {"X-List", "v4 "}, {"x-list", "v1"}, {"X-LIST", " v2  v3"}},
           "", "us-east-1", "service",
           "host;x-amz-date;x-list",
           "a91d190a18fe4b92fb420eeaf20835bfe9fb823d7301bf71b4157850d161b207"},
    Vector{"headers that are not signed", long_term, "2026-03-02T14:00:00Z", "GET", "/",
           {{"Host", "example.amazonaws.com"}, {"User-Agent", "aws-cli/2"}, {"Expect", "100-continue"}, {"X-Amzn-Trace-Id", "Root=1"}},
           "", "us-east-1", "service",
           "host;x-amz-date",
           "3b1131f823c884775bf4862ad07efeb3acfa17d839560d4562c33e4edabe2fb2"},
    Vector{"a method in lower case", long_term, "2026-03-02T14:00:00Z", "delete", "/x",
           {{"Host", "example.amazonaws.com"}},
           "", "cn-north-1", "service",
           "host;x-amz-date",
           "e1c1c5deb605d32f6beef826cd71c70cc1ea5508a9dda35b253df3989d9ccead"},
  };
  return all;
}
// clang-format on

class BotocoreVector : public ::testing::TestWithParam<Vector> {};

TEST_P(BotocoreVector, IsSignedAlikeAndVerifies) {
  const Vector& vector = GetParam();
  SCOPED_TRACE(vector.what);
  http::Request request{
      .method = vector.method, .target = vector.target, .headers = vector.headers, .body = vector.body};
  const SigningScope scope{.region = vector.region, .service = vector.service};

  sign(request, vector.who, scope, at(vector.when));

  EXPECT_EQ(signed_part(request, "SignedHeaders="), vector.signed_headers);
  EXPECT_EQ(signed_part(request, "Signature="), vector.signature);
  EXPECT_EQ(verify(request, vector.who.secret_access_key, {.scope = scope, .now = at(vector.when)}),
            std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Sigv4, BotocoreVector, ::testing::ValuesIn(vectors()), [](const auto& test) {
  std::string name;
  for (const char c : std::string{test.param.what}) name += c == ' ' ? '_' : c;
  return name;
});

TEST(Sign, AddsTheHostOfTheRegionalEndpointWhenThereIsNone) {
  http::Request request;
  sign(request, long_term, {.region = "eu-west-1", .service = "secretsmanager"}, at("2026-03-02T14:00:00Z"));
  EXPECT_EQ(*request.header("host"), "secretsmanager.eu-west-1.amazonaws.com");

  http::Request chinese;
  sign(chinese, long_term, {.region = "cn-north-1", .service = "sts"}, at("2026-03-02T14:00:00Z"));
  EXPECT_EQ(*chinese.header("host"), "sts.cn-north-1.amazonaws.com.cn");
}

TEST(Sign, ReplacesAnEarlierSignatureCompletely) {
  http::Request again = signed_call("2026-03-02T13:00:00Z", temporary);
  sign(again, long_term, sts, at("2026-03-02T14:00:00Z"));
  EXPECT_EQ(again, signed_call());
}

TEST(Sign, RewritesADateHeaderInsteadOfAddingXAmzDate) {
  http::Request request = call();
  request.set_header("Date", "Mon, 01 Jan 2001 00:00:00 GMT");
  sign(request, long_term, sts, at("2026-03-02T14:00:00Z"));
  EXPECT_EQ(*request.header("Date"), "Mon, 02 Mar 2026 14:00:00 GMT");
  EXPECT_EQ(request.header("X-Amz-Date"), nullptr);
  EXPECT_EQ(signed_part(request, "SignedHeaders="), "content-type;date;host");
  EXPECT_EQ(verified(request), std::nullopt);
}

TEST(Sign, OverwritesAContentHashWithTheRealOne) {
  http::Request request = call();
  request.set_header("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
  sign(request, long_term, sts, at("2026-03-02T14:00:00Z"));
  EXPECT_EQ(*request.header("X-Amz-Content-SHA256"),
            "ab821ae955788b0e33ebd34c208442ccfc2d406e2edc5e7a39bd6458fbb4f843");
  EXPECT_EQ(verified(request), std::nullopt);
}

// Each field of the key varies alone and through more values than there are slots, so that entries which
// differ in nothing else take each other's slot.
TEST(SigningKeys, ChangeNoSignatureHoweverManyKeysShareThem) {
  SigningKeys keys;
  for (int field = 0; field < 4; ++field) {
    for (int i = 0; i < 600; ++i) {
      const std::string varied = "x" + std::to_string(i);
      const Credentials who{.access_key_id = "AKID", .secret_access_key = field == 0 ? varied : "secret"};
      const std::string region = field == 1 ? varied : "us-east-1";
      const std::string service = field == 2 ? varied : "sts";
      const SigningScope scope{.region = region, .service = service};
      const Instant now = at("2026-03-02T14:00:00Z") + std::chrono::days{field == 3 ? i : 0};
      http::Request cached = call();
      http::Request derived = call();
      sign(cached, who, scope, now, &keys);
      sign(derived, who, scope, now);
      ASSERT_EQ(cached, derived) << "field " << field << ", value " << i;
      const Verification verification{.scope = scope, .now = now, .keys = &keys};
      ASSERT_EQ(verify(cached, who.secret_access_key, verification), std::nullopt);
      ASSERT_EQ(verify(cached, "another", verification), VerifyFailure::mismatch());
    }
  }
}

TEST(ReadAuthorization, GivesEveryPart) {
  const http::Request request = signed_call("2026-03-02T14:00:00Z", temporary);
  Authorization authorization;
  ASSERT_EQ(read_authorization(request, authorization), std::nullopt);
  EXPECT_EQ(authorization.access_key_id, "ASIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(authorization.date, "20260302");
  EXPECT_EQ(authorization.region, "us-east-1");
  EXPECT_EQ(authorization.service, "sts");
  EXPECT_EQ(authorization.terminator, "aws4_request");
  EXPECT_EQ(authorization.signed_headers, "content-type;host;x-amz-date;x-amz-security-token");
  EXPECT_EQ(authorization.signature.size(), 64U);
  EXPECT_EQ(authorization.session_token, temporary.session_token);
  EXPECT_EQ(authorization.signed_at, at("2026-03-02T14:00:00Z"));
}

TEST(ReadAuthorization, TakesParametersInAnyOrderWithoutSpaces) {
  http::Request request = signed_call();
  request.set_header("Authorization", "AWS4-HMAC-SHA256 Signature=" + signed_part(request, "Signature=") +
                                          ",SignedHeaders=content-type;host;x-amz-date,"
                                          "Credential=AKIDEXAMPLE/20260302/us-east-1/sts/aws4_request");
  EXPECT_EQ(verified(request), std::nullopt);
}

TEST(ReadAuthorization, MissesTheHeader) {
  EXPECT_THAT(verified(call()), Optional(VerifyFailure{Kind::missing, "Missing Authentication Token"}));
}

struct Malformed {
  const char* authorization;
  const char* message;
};

class MalformedAuthorization : public ::testing::TestWithParam<Malformed> {};

TEST_P(MalformedAuthorization, IsRefusedWithTheTextOfAws) {
  http::Request request = call();
  request.set_header("X-Amz-Date", "20260302T140000Z");
  request.set_header("Authorization", GetParam().authorization);
  EXPECT_THAT(verified(request), Optional(VerifyFailure{Kind::malformed, GetParam().message}));
}

INSTANTIATE_TEST_SUITE_P(
    Sigv4, MalformedAuthorization,
    ::testing::Values(
        Malformed{
            "",
            "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' "
            "parameter. Authorization header requires 'SignedHeaders' parameter. Authorization="},
        Malformed{
            "Bearer abc",
            "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer abc'."},
        Malformed{
            "Basic dTpw=",
            "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' "
            "parameter. Authorization header requires 'SignedHeaders' parameter. Authorization=Basic dTpw="},
        Malformed{"AWS4-HMAC-SHA256 Credential=A/20260302/us-east-1/sts/aws4_request, SignedHeaders=host",
                  "Authorization header requires 'Signature' parameter. Authorization=AWS4-HMAC-SHA256 "
                  "Credential=A/20260302/us-east-1/sts/aws4_request, SignedHeaders=host"},
        Malformed{"AWS4-HMAC-SHA512 Credential=A/20260302/us-east-1/sts/aws4_request, SignedHeaders=host, "
                  "Signature=0",
                  "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'."},
        Malformed{"AWS4-HMAC-SHA256 Credential=A/20260302/us-east-1/sts, SignedHeaders=host, Signature=0",
                  "Credential must have exactly 5 slash-delimited elements, e.g. "
                  "keyid/date/region/service/term, got "
                  "'A/20260302/us-east-1/sts'"},
        Malformed{"AWS4-HMAC-SHA256 Credential=A/B/20260302/us-east-1/sts/aws4_request, SignedHeaders=host, "
                  "Signature=0",
                  "Credential must have exactly 5 slash-delimited elements, e.g. "
                  "keyid/date/region/service/term, got "
                  "'A/B/20260302/us-east-1/sts/aws4_request'"}));

TEST(ReadAuthorization, NeedsADate) {
  http::Request request = signed_call();
  http::remove_header(request.headers, "X-Amz-Date");
  EXPECT_THAT(
      verified(request),
      Optional(VerifyFailure{Kind::malformed,
                             "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' "
                             "header. Authorization=" +
                                 *request.header("Authorization")}));
  request.set_header("X-Amz-Date", "2026-03-02T14:00:00Z");  // the extended form
  EXPECT_THAT(
      verified(request),
      Optional(VerifyFailure{Kind::malformed,
                             "Date must be in ISO-8601 'basic format'. Got '2026-03-02T14:00:00Z'. See "
                             "http://en.wikipedia.org/wiki/ISO_8601."}));
}

TEST(CheckScope, NamesEachPartThatIsWrong) {
  const auto failure = [](std::string_view credential) {
    http::Request request = call();
    request.set_header("X-Amz-Date", "20260302T140000Z");
    request.set_header("Authorization", "AWS4-HMAC-SHA256 Credential=" + std::string{credential} +
                                            ", SignedHeaders=host, Signature=0");
    Authorization authorization;
    EXPECT_EQ(read_authorization(request, authorization), std::nullopt);
    return check_scope(authorization, sts);
  };

  EXPECT_EQ(failure("A/20260302/us-east-1/sts/aws4_request"), std::nullopt);
  EXPECT_THAT(failure("A/20260302/eu-west-1/sts/aws4_request"),
              Optional(VerifyFailure{Kind::scope_region,
                                     "Credential should be scoped to a valid region, not 'eu-west-1'. "}));
  EXPECT_THAT(failure("A/20260302/us-east-1/es/aws4_request"),
              Optional(VerifyFailure{Kind::scope_service,
                                     "Credential should be scoped to correct service: 'sts'. "}));
  EXPECT_THAT(failure("A/20260302/us-east-1/sts/aws3"),
              Optional(VerifyFailure{
                  Kind::scope_terminator,
                  "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws3'. "}));
  EXPECT_THAT(failure("A/20260301/us-east-1/sts/aws4_request"),
              Optional(VerifyFailure{
                  Kind::scope_date,
                  "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
                  "HTTP: '20260301' != '20260302', from '20260302T140000Z'. "}));
  EXPECT_THAT(
      failure("A/20260302/eu-west-1/es/aws4_request"),
      Optional(VerifyFailure{Kind::scope_region,
                             "Credential should be scoped to a valid region, not 'eu-west-1'. Credential "
                             "should be scoped to correct service: 'sts'. "}));
}

TEST(CheckTime, TakesFiveMinutesEitherWayAndNoSecondMore) {
  const http::Request request = signed_call("2026-03-02T14:00:00Z");
  EXPECT_EQ(verified(request, "2026-03-02T14:05:00Z"), std::nullopt);
  EXPECT_EQ(verified(request, "2026-03-02T14:05:00.999Z"), std::nullopt) << "now counts in whole seconds";
  EXPECT_EQ(verified(request, "2026-03-02T13:55:00Z"), std::nullopt);
  EXPECT_THAT(
      verified(request, "2026-03-02T14:05:01Z"),
      Optional(VerifyFailure{Kind::expired,
                             "Signature expired: 20260302T140000Z is now earlier than 20260302T140001Z "
                             "(20260302T140501Z - 5 min.)"}));
  EXPECT_THAT(verified(request, "2026-03-02T13:54:59Z"),
              Optional(VerifyFailure{Kind::not_yet_current,
                                     "Signature not yet current: 20260302T140000Z is still later than "
                                     "20260302T135959Z (20260302T135459Z + 5 min.)"}));
}

TEST(CheckTime, PrintsAnotherTolerance) {
  const http::Request request = signed_call("2026-03-02T14:00:00Z");
  const auto failure = verify(
      request, long_term.secret_access_key,
      {.scope = sts, .now = at("2026-03-02T14:15:01Z"), .time = {.tolerance = std::chrono::minutes{15}}});
  EXPECT_THAT(failure, Optional(VerifyFailure{Kind::expired,
                                              "Signature expired: 20260302T140000Z is now earlier than "
                                              "20260302T140001Z (20260302T141501Z - 15 min.)"}));
}

struct Tampering {
  const char* what;
  void (*tamper)(http::Request& request);
};

class TamperedRequest : public ::testing::TestWithParam<Tampering> {};

TEST_P(TamperedRequest, DoesNotMatch) {
  http::Request request = signed_call();
  ASSERT_EQ(verified(request), std::nullopt);
  GetParam().tamper(request);
  EXPECT_THAT(verified(request), Optional(VerifyFailure::mismatch()));
}

void replace_in_authorization(http::Request& request, std::string_view from, std::string_view to) {
  std::string header = *request.header("Authorization");
  header.replace(header.find(from), from.size(), to);
  request.set_header("Authorization", header);
}

INSTANTIATE_TEST_SUITE_P(
    Sigv4, TamperedRequest,
    ::testing::Values(
        Tampering{"method", [](http::Request& request) { request.method = "PUT"; }},
        Tampering{"path", [](http::Request& request) { request.target = "/x"; }},
        Tampering{"query", [](http::Request& request) { request.target = "/?a=1"; }},
        Tampering{"body", [](http::Request& request) { request.body += ' '; }},
        Tampering{"signed_header",
                  [](http::Request& request) { request.set_header("Content-Type", "text/plain"); }},
        Tampering{"second_signed_header",
                  [](http::Request& request) {
                    request.headers.push_back({"Host", "b"});
                  }},
        Tampering{"signed_header_removed",
                  [](http::Request& request) { http::remove_header(request.headers, "Content-Type"); }},
        Tampering{"time",
                  [](http::Request& request) { request.set_header("X-Amz-Date", "20260302T140001Z"); }},
        Tampering{"access_key_secret",
                  [](http::Request& request) {
                    sign(request, {.access_key_id = "AKIDEXAMPLE", .secret_access_key = "wrong"}, sts,
                         at("2026-03-02T14:00:00Z"));
                  }},
        Tampering{"signature_in_upper_case",
                  [](http::Request& request) {
                    const std::string signature = signed_part(request, "Signature=");
                    std::string upper = signature;
                    for (char& c : upper) c = c >= 'a' ? static_cast<char>(c - 32) : c;
                    replace_in_authorization(request, signature, upper);
                  }},
        Tampering{"signed_headers_out_of_order",
                  [](http::Request& request) {
                    replace_in_authorization(request, "content-type;host", "host;content-type");
                  }},
        Tampering{"signed_headers_twice",
                  [](http::Request& request) { replace_in_authorization(request, "host;", "host;host;"); }},
        Tampering{"signed_headers_in_upper_case",
                  [](http::Request& request) {
                    replace_in_authorization(request, "content-type", "Content-Type");
                  }},
        Tampering{
            "signed_headers_with_an_empty_name",
            [](http::Request& request) { replace_in_authorization(request, "x-amz-date", "x-amz-date;"); }},
        Tampering{
            "content_hash_of_another_body",
            [](http::Request& request) { request.set_header("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"); }}),
    [](const auto& test) { return std::string{test.param.what}; });

TEST(CheckSignature, WantsTheHostSigned) {
  http::Request request = signed_call();
  const VerifyFailure expected{Kind::mismatch,
                               "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."};
  replace_in_authorization(request, "content-type;host;", "content-type;hostess;");
  EXPECT_THAT(verified(request), Optional(expected));
  replace_in_authorization(request, "content-type;hostess;x-amz-date", "content-type");
  EXPECT_THAT(verified(request), Optional(expected));
}

TEST(CheckSignature, TakesABodyAndHeadersLargerThanItsBuffer) {
  http::Request request = call();
  request.body.assign(100'000, 'b');
  request.set_header("X-Large", std::string(5'000, 'a'));
  for (int i = 0; i < 100; ++i) request.set_header("X-Header-" + std::to_string(i), "value");
  sign(request, long_term, sts, at("2026-03-02T14:00:00Z"));
  EXPECT_EQ(verified(request), std::nullopt);
  request.set_header("X-Large", std::string(4'999, 'a') + 'b');
  EXPECT_THAT(verified(request), Optional(VerifyFailure::mismatch()));
}

TEST(CanonicalRequest, IsTheSameForEveryWayOfWritingAQuery) {
  const http::Request one{.target = "/?b=%2f&a=%41&c"};
  const http::Request other{.target = "/?a=A&c=&b=/"};
  EXPECT_EQ(canonical_request(one, "host"), canonical_request(other, "host"));
  EXPECT_THAT(canonical_request(one, "host"), ::testing::StartsWith("GET\n/\na=A&b=%2F&c=\n"));
}

}  // namespace
}  // namespace rushhour::aws
