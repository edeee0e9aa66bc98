#include <rushhour/aws/sigv4.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "signed_requests.hpp"

namespace rushhour::aws {
namespace {

using ::testing::Optional;

struct PresignedVector {
  const char* what;
  const Credentials& who;
  const char* when;
  const char* target;  ///< before signing
  http::Headers headers;
  const char* region;
  const char* service;
  int lifetime_seconds;
  const char* signature;
};

// The first three: "query-signed-request" of AWS's signing test suite (awslabs/aws-c-auth,
// tests/aws-signing-test-suite/v4: get-vanilla-query-order-encoded, get-header-value-trim, get-utf8). The
// others were made with botocore 1.43.11: SigV4QueryAuth(credentials, service, region, expires).
const std::vector<PresignedVector>& presigned_vectors() {
  static const std::vector<PresignedVector> all{
      {"the query in another order",
       long_term,
       "2015-08-30T12:36:00Z",
       "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
       {{"Host", "example.amazonaws.com"}},
       "us-east-1",
       "service",
       3600,
       "c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787"},
      {"headers with spaces",
       long_term,
       "2015-08-30T12:36:00Z",
       "/",
       {{"Host", "example.amazonaws.com"}, {"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
       "us-east-1",
       "service",
       3600,
       "e7bb0fd515e125e1aec2ecc4c0c17484fb06f6846b927c35e46005dd3df3acd4"},
      {"a path with raw unicode",
       long_term,
       "2015-08-30T12:36:00Z",
       "/\341\210\264",
       {{"Host", "example.amazonaws.com"}},
       "us-east-1",
       "service",
       3600,
       "10eae3f14a260bd3911cc6d008d3c576d143b05b62f09782a7a4b37f52178e44"},
      {"who am i",
       long_term,
       "2026-11-22T04:15:22Z",
       "/?Action=GetCallerIdentity&Version=2011-06-15",
       {{"Host", "sts.us-east-1.amazonaws.com"}},
       "us-east-1",
       "sts",
       3600,
       "1b6fe80f299af8be73f7da5e57eca9a696b5a840ca4cbf564d0953397511c2de"},
      {"a token of EKS",
       temporary,
       "2026-11-22T04:15:22Z",
       "/?Action=GetCallerIdentity&Version=2011-06-15",
       {{"Host", "sts.eu-west-1.amazonaws.com"}, {"x-k8s-aws-id", "demo cluster"}},
       "eu-west-1",
       "sts",
       60,
       "dc1d701ee46ec8fb3b1629f29f14a2ab0ad75a2af100bca12a8e67aa182f62b4"},
      {"a week with a session token",
       temporary,
       "2026-11-22T04:15:22Z",
       "/?Action=GetCallerIdentity&Version=2011-06-15",
       {{"Host", "sts.amazonaws.com"}},
       "us-east-1",
       "sts",
       604800,
       "42b347d4a5904850b1c00af359271777a2dc1cfe7fe59875b8ae3b7fd1a957be"},
      {"odd characters",
       long_term,
       "2026-11-22T04:15:22Z",
       "/a%20b/?z=%20%2B&a=1&flag=",
       {{"Host", "example.amazonaws.com"}},
       "us-east-1",
       "service",
       1,
       "f3d4ea0df3da39553b7758592e188198ced1bfd26968798abface44f34e20302"},
  };
  return all;
}

class Presigned : public ::testing::TestWithParam<PresignedVector> {};

TEST_P(Presigned, IsSignedAlikeAndVerifies) {
  const PresignedVector& vector = GetParam();
  http::Request request{.target = vector.target, .headers = vector.headers};
  const SigningScope scope{.region = vector.region, .service = vector.service};

  presign(request, vector.who, scope, at(vector.when), std::chrono::seconds{vector.lifetime_seconds});

  EXPECT_TRUE(request.target.ends_with("&X-Amz-Signature=" + std::string{vector.signature}))
      << request.target;
  EXPECT_EQ(verify(request, vector.who.secret_access_key, {.scope = scope, .now = at(vector.when)}),
            std::nullopt);
  const http::Request once = request;
  presign(request, vector.who, scope, at(vector.when), std::chrono::seconds{vector.lifetime_seconds});
  EXPECT_EQ(request, once) << "signing again replaces the signature";
}

INSTANTIATE_TEST_SUITE_P(Sigv4, Presigned, ::testing::ValuesIn(presigned_vectors()), [](const auto& test) {
  std::string name;
  for (const char c : std::string{test.param.what}) name += c == ' ' ? '_' : c;
  return name;
});

constexpr SigningScope ireland{.region = "eu-west-1", .service = "sts"};

/// As `aws eks get-token` makes it.
http::Request eks_token() {
  http::Request request{.target = "/?Action=GetCallerIdentity&Version=2011-06-15",
                        .headers = {{"Host", "sts.eu-west-1.amazonaws.com"}, {"x-k8s-aws-id", "demo"}}};
  presign(request, temporary, ireland, at("2026-03-02T14:00:00Z"), std::chrono::seconds{60});
  return request;
}
std::optional<VerifyFailure> verified_token(const http::Request& request,
                                            std::string_view now = "2026-03-02T14:00:00Z",
                                            TimeRules rules = {}) {
  return verify(request, temporary.secret_access_key, {.scope = ireland, .now = at(now), .time = rules});
}

TEST(ReadAuthorization, GivesEveryPartOfAPresignedQuery) {
  const http::Request request = eks_token();
  Authorization read;
  ASSERT_EQ(read_authorization(request, read), std::nullopt);
  const Authorization moved = std::move(read);
  EXPECT_TRUE(moved.is_presigned);
  EXPECT_EQ(moved.access_key_id, "ASIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(moved.date, "20260302");
  EXPECT_EQ(moved.region, "eu-west-1");
  EXPECT_EQ(moved.service, "sts");
  EXPECT_EQ(moved.terminator, "aws4_request");
  EXPECT_EQ(moved.signed_headers, "host;x-k8s-aws-id");
  EXPECT_EQ(moved.signature.size(), 64U);
  EXPECT_EQ(moved.session_token, temporary.session_token);
  EXPECT_EQ(moved.signed_at, at("2026-03-02T14:00:00Z"));
  EXPECT_EQ(moved.lifetime, std::chrono::minutes{1});
}

TEST(CheckTime, GivesAPresignedRequestFifteenMinutesWhateverItAskedFor) {
  const http::Request request = eks_token();
  EXPECT_EQ(verified_token(request, "2026-03-02T14:15:00Z"), std::nullopt);
  EXPECT_THAT(verified_token(request, "2026-03-02T14:15:01Z"),
              Optional(VerifyFailure{Kind::expired,
                                     "Signature expired: 20260302T140000Z is now earlier than "
                                     "20260302T140001Z (20260302T141501Z - 15 min.)"}));
  EXPECT_EQ(verified_token(request, "2026-03-02T13:55:00Z"), std::nullopt);
  EXPECT_THAT(verified_token(request, "2026-03-02T13:54:59Z"),
              Optional(VerifyFailure{Kind::not_yet_current,
                                     "Signature not yet current: 20260302T140000Z is still later than "
                                     "20260302T135959Z (20260302T135459Z + 5 min.)"}));
}

TEST(CheckTime, HonoursExpiresWhereAsked) {
  const http::Request request = eks_token();
  const TimeRules rules{.honours_expires = true};
  EXPECT_EQ(verified_token(request, "2026-03-02T14:01:00Z", rules), std::nullopt);
  EXPECT_THAT(verified_token(request, "2026-03-02T14:01:01Z", rules),
              Optional(VerifyFailure{Kind::request_expired, "Request has expired."}));
  EXPECT_EQ(verified_token(request, "2026-03-02T13:54:59Z", rules)->kind, Kind::not_yet_current);
}

struct PresignedTampering {
  const char* what;
  const char* from;
  const char* to;
  Kind kind;
  const char* message;  ///< empty: the mismatch's
};

class TamperedLink : public ::testing::TestWithParam<PresignedTampering> {};

TEST_P(TamperedLink, IsRefused) {
  const PresignedTampering& row = GetParam();
  http::Request request = eks_token();
  const std::size_t place = request.target.find(row.from);
  ASSERT_NE(place, std::string::npos);
  request.target.replace(place, std::string_view{row.from}.size(), row.to);
  const std::string message = *row.message == 0 ? VerifyFailure::mismatch().message : row.message;
  EXPECT_THAT(verified_token(request), Optional(VerifyFailure{row.kind, message}));
}

INSTANTIATE_TEST_SUITE_P(
    Sigv4, TamperedLink,
    ::testing::Values(
        PresignedTampering{"parameter", "GetCallerIdentity", "GetSessionToken", Kind::mismatch, ""},
        PresignedTampering{"added_parameter", "&Version", "&A=b&Version", Kind::mismatch, ""},
        PresignedTampering{"lifetime", "Expires=60", "Expires=61", Kind::mismatch, ""},
        PresignedTampering{"token", "IQoJ", "IQoK", Kind::mismatch, ""},
        PresignedTampering{"key", "ASIA", "ASIB", Kind::mismatch, ""},
        PresignedTampering{"signature", "Signature=", "Signature=0", Kind::mismatch, ""},
        PresignedTampering{"signed_headers", "host%3Bx-k8s-aws-id", "host", Kind::mismatch, ""},
        PresignedTampering{"host_not_signed", "host%3Bx-k8s-aws-id", "x-k8s-aws-id", Kind::mismatch,
                           "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."},
        PresignedTampering{"algorithm", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1", Kind::malformed,
                           "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'."},
        PresignedTampering{"no_date", "X-Amz-Date", "x-amz-date", Kind::malformed,
                           "AWS query-string parameters must include 'X-Amz-Date'. Re-examine the "
                           "query-string parameters."},
        PresignedTampering{"extended_date", "20260302T140000Z", "2026-03-02T14:00:00Z", Kind::malformed,
                           "Date must be in ISO-8601 'basic format'. Got '2026-03-02T14:00:00Z'. See "
                           "http://en.wikipedia.org/wiki/ISO_8601."},
        PresignedTampering{"no_expires", "X-Amz-Expires=60&", "", Kind::malformed,
                           "AWS query-string parameters must include 'X-Amz-Expires'. Re-examine the "
                           "query-string parameters."},
        PresignedTampering{"too_long", "Expires=60", "Expires=604801", Kind::malformed,
                           "X-Amz-Expires must be less than a week (in seconds); that is, the given "
                           "X-Amz-Expires must be less than 604800 seconds"},
        PresignedTampering{"negative", "Expires=60", "Expires=-1", Kind::malformed,
                           "X-Amz-Expires must be non-negative"},
        PresignedTampering{"no_number", "Expires=60", "Expires=1h", Kind::malformed,
                           "X-Amz-Expires should be a number"},
        PresignedTampering{"credential_of_four", "%2Faws4_request", "", Kind::malformed,
                           "Credential must have exactly 5 slash-delimited elements, e.g. "
                           "keyid/date/region/service/term, got "
                           "'ASIAIOSFODNN7EXAMPLE/20260302/eu-west-1/sts'"},
        PresignedTampering{"repeated", "&X-Amz-Expires=60", "&X-Amz-Expires=60&X-Amz-Expires=60",
                           Kind::malformed, "AWS query-string parameters must not be repeated."},
        PresignedTampering{"region", "eu-west-1", "eu-west-2", Kind::scope_region,
                           "Credential should be scoped to a valid region, not 'eu-west-2'. "},
        PresignedTampering{"day", "%2F20260302%2F", "%2F20260301%2F", Kind::scope_date,
                           "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date "
                           "from HTTP: '20260301' != '20260302', from '20260302T140000Z'. "}),
    [](const auto& test) { return std::string{test.param.what}; });

TEST(ReadAuthorization, TakesOneMechanismOnly) {
  http::Request request = eks_token();
  request.set_header("Authorization", "AWS4-HMAC-SHA256 Credential=A");
  EXPECT_EQ(verified_token(request)->kind, Kind::malformed);
}

TEST(CheckSignature, WantsTheHeadersOfALink) {
  http::Request other = eks_token();
  other.set_header("x-k8s-aws-id", "production");
  EXPECT_THAT(verified_token(other), Optional(VerifyFailure::mismatch()));
  http::Request without = eks_token();
  http::remove_header(without.headers, "x-k8s-aws-id");
  EXPECT_THAT(verified_token(without), Optional(VerifyFailure::mismatch()));
  http::Request more = eks_token();
  more.set_header("Accept", "application/json");
  EXPECT_EQ(verified_token(more), std::nullopt) << "what is not signed may change";
  http::Request posted = eks_token();
  posted.method = "POST";
  EXPECT_THAT(verified_token(posted), Optional(VerifyFailure::mismatch()));
}

TEST(Presign, SignsTheBodyOfAPost) {
  http::Request request = call();
  presign(request, long_term, sts, at("2026-03-02T14:00:00Z"), std::chrono::minutes{15});
  EXPECT_EQ(verified(request), std::nullopt);
  request.body += ' ';
  EXPECT_THAT(verified(request), Optional(VerifyFailure::mismatch()));
}

}  // namespace
}  // namespace rushhour::aws
