/// \file
/// Signature Version 4, in the Authorization header or in the query (presigned), from both ends: signing as
/// botocore does, and verifying in steps, so that each failure can get the code and status that a service
/// gives it. It does not know which access keys exist, and neither chunked uploads, SigV4A nor S3's own rules
/// for paths and bodies (UNSIGNED-PAYLOAD).
///
/// Sources: "Create a signed AWS API request", "Troubleshoot signed requests" (IAM User Guide, spec tag DOC);
/// botocore/auth.py 1.43; texts of failures from public recordings (REC), named at VerifyFailure. MEM where
/// it says so.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/aws/signing_scope.hpp>
#include <rushhour/config.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/time.hpp>

namespace rushhour::aws {

struct Credentials {
  std::string access_key_id{};
  std::string secret_access_key{};
  std::string session_token{};  ///< empty for long-term keys

  friend bool operator==(const Credentials&, const Credentials&) = default;
};

/// Derived keys of the latest signatures, so that a key which signs again costs four HMACs less. Bounded: 256
/// slots of about 400 bytes, the newcomer takes its slot. One cache serves any number of worlds, since an
/// entry is found by the secret itself. Not synchronised.
class SigningKeys {
 public:
  SigningKeys();
  SigningKeys(SigningKeys&&) noexcept;
  SigningKeys& operator=(SigningKeys&&) noexcept;
  ~SigningKeys();

  struct Table;
  /// For the functions of this header.
  [[nodiscard]] Table& table() { return *table_; }

 private:
  std::unique_ptr<Table> table_;
};

/// Signs in place. Sets X-Amz-Date (or rewrites Date, if the request has one), X-Amz-Security-Token and
/// Authorization, and adds `Host: <service>.<region>.amazonaws.com` when there is no Host. Signing again
/// replaces the signature, as a retry needs it. All headers are signed but those that proxies and connections
/// change: Authorization, Connection, Expect, Transfer-Encoding, User-Agent, X-Amzn-Trace-Id.
///
/// The body is always hashed: an X-Amz-Content-SHA256 header is overwritten with the real hash, never
/// trusted.
void sign(http::Request& request, const Credentials& credentials, const SigningScope& scope, Instant now,
          SigningKeys* keys = nullptr);

/// Signs in place into the query, for a link that anyone who has it may use: appends X-Amz-Algorithm,
/// X-Amz-Credential, X-Amz-Date, X-Amz-Expires, X-Amz-SignedHeaders, X-Amz-Security-Token (with temporary
/// credentials) and X-Amz-Signature to the target, in botocore's order, and replaces those that are there.
/// Removes the headers Authorization, X-Amz-Date and X-Amz-Security-Token. All other headers are signed as by
/// sign(): who uses the link must send them too, as EKS's tokens want `x-k8s-aws-id`.
/// \param lifetime  in whole seconds, 1 s to 7 days; a service need not honour it (TimeRules)
void presign(http::Request& request, const Credentials& credentials, const SigningScope& scope, Instant now,
             Duration lifetime, SigningKeys* keys = nullptr);

/// Whether this is one of the seven parameters that presigning adds, and so no member of any operation.
[[nodiscard]] constexpr bool is_presigned_parameter(std::string_view name) {
  constexpr std::string_view prefix = "X-Amz-";
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  return name == "Algorithm" || name == "Credential" || name == "Date" || name == "Expires" ||
         name == "SignedHeaders" || name == "Security-Token" || name == "Signature";
}

/// Why a request is not authentic. A service's fake maps each kind to its own code and status (spec,
/// section 2.3).
struct VerifyFailure {
  enum class Kind : std::uint8_t {
    missing,          ///< neither an Authorization header nor a presigned query
    malformed,        ///< one that cannot be read, or no usable date
    unknown_key,      ///< no such access key, or not with this session token: found by the caller, not here
    expired_session,  ///< temporary credentials after their time: found by the caller, not here
    scope_region,     ///< the four parts of the credential scope
    scope_service,
    scope_terminator,
    scope_date,
    expired,          ///< signed too long ago
    not_yet_current,  ///< signed too far in the future
    request_expired,  ///< presigned, and used after the time that X-Amz-Expires gave it
    mismatch          ///< another secret, or a request changed after signing
  };
  Kind kind{};
  std::string message{};  ///< the text as AWS words it

  /// "The security token included in the request is invalid." REC: aws-sdk-go-v2#2567, spring-cloud-aws#492.
  [[nodiscard]] static VerifyFailure unknown_key() {
    return {Kind::unknown_key, "The security token included in the request is invalid."};
  }
  /// "The security token included in the request is expired" REC: aws-sdk-java-v2#1649.
  [[nodiscard]] static VerifyFailure expired_session() {
    return {Kind::expired_session, "The security token included in the request is expired"};
  }
  /// DOC: "Troubleshoot signed requests"; the sentences after the first in recordings (aws4fetch#73).
  [[nodiscard]] static VerifyFailure mismatch() {
    return {Kind::mismatch,
            "The request signature we calculated does not match the signature you provided. Check your AWS "
            "Secret Access Key and signing method. Consult the service documentation for details."};
  }

  friend bool operator==(const VerifyFailure&, const VerifyFailure&) = default;
};

/// What a signed request claims, as views into its headers, and of a presigned one into `decoded`: valid
/// until these change.
struct Authorization {
  std::string_view access_key_id{};
  std::string_view date{};  ///< `20150830`, as are the next three from the credential scope
  std::string_view region{};
  std::string_view service{};
  std::string_view terminator{};  ///< `aws4_request` in all that verify
  std::string_view signed_headers{};
  std::string_view signature{};
  std::string_view session_token{};  ///< X-Amz-Security-Token; empty when there is none
  Instant signed_at{};               ///< from X-Amz-Date, else Date
  Duration lifetime{};               ///< X-Amz-Expires of a presigned request
  bool is_presigned{};
  std::unique_ptr<std::string> decoded{};  ///< the texts of a presigned query; null otherwise
};

/// How far a client's clock may be off. REC: botocore#3587, boto3#4716 (2026); older recordings
/// also show 15 (aws-cli#6676, 2022).
inline constexpr Duration default_clock_tolerance = std::chrono::minutes{5};

/// The longest X-Amz-Expires: seven days (botocore; S3 User Guide, "sigv4-query-string-auth").
inline constexpr Duration presigned_lifetime_max = std::chrono::seconds{604'800};

/// When a signature is too old or too new.
struct TimeRules {
  Duration tolerance{default_clock_tolerance};  ///< of the Authorization header; of all for the future
  /// How long a presigned request is good, whatever X-Amz-Expires says: STS ignores that. REC:
  /// aws-sdk-go#2167, aws-sdk-ruby#2887, aws-iam-authenticator#160 and #258.
  Duration presigned_lifetime{std::chrono::minutes{15}};
  /// X-Amz-Expires counts instead, as S3 has it, and its end is Kind::request_expired. DOC: CommonErrors,
  /// RequestExpired.
  bool honours_expires{};
};

/// Step 1. Reads Authorization, X-Amz-Date or Date, and X-Amz-Security-Token into `out`; without that header,
/// the X-Amz-* parameters of the query.
///
/// Texts: missing "Missing Authentication Token" [MEM]; malformed "'x' not a valid key=value pair (missing
/// equal-sign) in Authorization header: '...'." [REC: cloud9-sync#10], "Authorization header requires
/// 'Credential' parameter. ..." [REC: amazon-elasticsearch-service-with-authentication#4], "Credential must
/// have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'x'" [REC:
/// mhart/aws4#97]; of an unknown algorithm or date [MEM]. Presigned: "AWS query-string parameters must
/// include 'X-Amz-Date'. Re-examine the query-string parameters." [MEM]; X-Amz-Expires as S3 words it, and so
/// stricter than STS, which does not look at it; header and query at once, or a parameter twice, are
/// malformed [CHOICE].
[[nodiscard]] std::optional<VerifyFailure> read_authorization(const http::Request& request,
                                                              Authorization& out);

/// Step 2. Region, service, terminator and date of the credential scope. The kind is that of the first that
/// is wrong, in this order; the message has a sentence for each, and each ends with a space, as in recordings
/// (REC: aws-signing-proxy#25, aws-es-curl#15; terminator and the end of the date's sentence MEM).
[[nodiscard]] std::optional<VerifyFailure> check_scope(const Authorization& authorization,
                                                       const SigningScope& expected);

/// Step 3. "Signature expired: 20160610T180547Z is now earlier than 20160610T180612Z (20160610T181112Z - 5
/// min.)" [REC: artillery-dino#2], "Signature not yet current: 20301206T194311Z is still later than
/// 20160105T194814Z (20160105T194314Z + 5 min.)" [REC: aws-sdk-android#88]. The text counts in whole minutes;
/// the limit itself is in time. `now` counts in whole seconds, as the signature does.
[[nodiscard]] std::optional<VerifyFailure> check_time(const Authorization& authorization, Instant now,
                                                      const TimeRules& rules = {});

/// Step 4. Signs again what was received, with the body hashed anew. A mismatch also: signed headers that are
/// missing, not in lower case or not in order, an X-Amz-Content-SHA256 that is not the body's hash
/// (`UNSIGNED-PAYLOAD` is S3's), and a Host that is not signed, with a text of its own [REC:
/// aws-sdk-php#2469]. Not refused, and so laxer than AWS's documentation: other unsigned X-Amz-* headers,
/// since a service is known to have taken an unsigned token (soto-core#99).
[[nodiscard]] std::optional<VerifyFailure> check_signature(const http::Request& request,
                                                           const Authorization& authorization,
                                                           std::string_view secret_access_key,
                                                           SigningKeys* keys = nullptr);

struct Verification {
  SigningScope scope{};
  Instant now{};
  TimeRules time{};
  SigningKeys* keys{};
};

/// The four steps in order, for who has one secret to compare with.
[[nodiscard]] std::optional<VerifyFailure> verify(const http::Request& request,
                                                  std::string_view secret_access_key,
                                                  const Verification& verification);

/// The text that is hashed and signed, for comparing with what another signer prints. `signed_headers` as in
/// the Authorization header: `host;x-amz-date`.
[[nodiscard]] std::string canonical_request(const http::Request& request, std::string_view signed_headers);

/// The key that signs for one day, Region and service. `date` is `20150830`.
[[nodiscard]] std::array<unsigned char, 32> signing_key(std::string_view secret_access_key,
                                                        std::string_view date, const SigningScope& scope);

}  // namespace rushhour::aws

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/aws/detail/sigv4_inl.hpp>
#include <rushhour/aws/detail/sigv4_verify_inl.hpp>
#endif
