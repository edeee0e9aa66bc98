/// \file
/// Bodies of aws/sigv4.hpp. Signing and verifying go through one signature(), so they cannot disagree.
#pragma once

#include <algorithm>
#include <memory_resource>
#include <utility>
#include <vector>

#include <rushhour/aws/detail/canonical_request.hpp>
#include <rushhour/aws/detail/sha256.hpp>
#include <rushhour/aws/sigv4.hpp>
#include <rushhour/digest.hpp>

namespace rushhour::aws {

namespace detail {

inline constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view scope_terminator = "aws4_request";

}  // namespace detail

RUSHHOUR_INLINE std::array<unsigned char, 32> signing_key(std::string_view secret_access_key,
                                                          std::string_view date, const SigningScope& scope) {
  std::string seed = "AWS4";
  seed += secret_access_key;
  detail::Hash key = detail::HmacKey{seed}.sign(date);
  for (const std::string_view part : {scope.region, scope.service, detail::scope_terminator}) {
    key = detail::HmacKey{detail::bytes(key)}.sign(part);
  }
  return key;
}

struct SigningKeys::Table {
  struct Slot {
    std::string secret;
    std::string date;
    std::string region;
    std::string service;
    detail::HmacKey key;
  };
  static constexpr std::size_t size = 256;

  /// The derived key, from its slot or into it. Valid until the next call.
  const detail::HmacKey& get(std::string_view secret, std::string_view date, const SigningScope& scope) {
    Digest digest;
    digest.add(secret);
    digest.add(date);
    digest.add(scope.region);
    digest.add(scope.service);
    Slot& slot = slots[digest.value() % size];
    if (slot.secret != secret || slot.date != date || slot.region != scope.region ||
        slot.service != scope.service || slot.date.empty()) {
      slot.key = detail::HmacKey{detail::bytes(signing_key(secret, date, scope))};
      slot.secret = secret;
      slot.date = date;
      slot.region = scope.region;
      slot.service = scope.service;
    }
    return slot.key;
  }

  std::vector<Slot> slots = std::vector<Slot>(size);
};

RUSHHOUR_INLINE SigningKeys::SigningKeys() : table_(std::make_unique<Table>()) {}
RUSHHOUR_INLINE SigningKeys::SigningKeys(SigningKeys&&) noexcept = default;
RUSHHOUR_INLINE SigningKeys& SigningKeys::operator=(SigningKeys&&) noexcept = default;
RUSHHOUR_INLINE SigningKeys::~SigningKeys() = default;

namespace detail {

struct SignatureParts {
  std::string_view secret{};
  std::string_view timestamp{};
  std::string_view date{};
  SigningScope scope{};
  std::string_view signed_headers{};
};

/// The signature of a request; nothing when `signed_headers` does not fit it.
RUSHHOUR_INLINE std::optional<HexHash> signature(const http::Request& request, const HexHash& body_hash,
                                                 const SignatureParts& parts, SigningKeys* keys) {
  HashWriter canonical;
  if (!append_canonical_request(canonical, request, parts.signed_headers, text(body_hash)))
    return std::nullopt;
  const HexHash canonical_hash = to_hex(canonical.finish());
  std::string to_sign;
  to_sign.reserve(256);
  to_sign += algorithm;
  to_sign += '\n';
  to_sign += parts.timestamp;
  to_sign += '\n';
  for (const std::string_view part : {parts.date, parts.scope.region, parts.scope.service}) {
    to_sign += part;
    to_sign += '/';
  }
  to_sign += scope_terminator;
  to_sign += '\n';
  to_sign += text(canonical_hash);
  if (keys == nullptr)
    return to_hex(HmacKey{bytes(signing_key(parts.secret, parts.date, parts.scope))}.sign(to_sign));
  return to_hex(keys->table().get(parts.secret, parts.date, parts.scope).sign(to_sign));
}

[[nodiscard]] inline bool is_signed(std::string_view header) {
  for (const std::string_view unsigned_header :
       {"authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id"}) {
    if (http::equals_ignoring_case(header, unsigned_header)) return false;
  }
  return true;
}

/// Appends `content-type;host;x-amz-date`.
RUSHHOUR_INLINE void append_signed_headers(std::string& out, const http::Headers& headers) {
  std::array<std::byte, 512> memory;
  std::pmr::monotonic_buffer_resource arena{memory.data(), memory.size()};
  std::pmr::vector<std::string_view> names{&arena};
  names.reserve(headers.size());
  for (const http::Header& line : headers) {
    if (is_signed(line.name)) names.push_back(line.name);
  }
  std::sort(names.begin(), names.end(), [](std::string_view a, std::string_view b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [](char x, char y) { return lower(x) < lower(y); });
  });
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0 && http::equals_ignoring_case(names[i], names[i - 1])) continue;
    if (i != 0) out += ';';
    for (const char c : names[i]) out += lower(c);
  }
}

RUSHHOUR_INLINE void set_signing_headers(http::Request& request, const Credentials& credentials,
                                         const SigningScope& scope, Instant now) {
  if (request.header("Host") == nullptr) {
    std::string host{scope.service};
    host += '.';
    host += scope.region;
    host += scope.region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
    request.set_header("Host", host);
  }
  if (request.header("Date") != nullptr) {
    request.set_header("Date", http::to_http_date(now));
    http::remove_header(request.headers, "X-Amz-Date");
  } else {
    request.set_header("X-Amz-Date", Timestamp{now}.text());
  }
  if (credentials.session_token.empty()) {
    http::remove_header(request.headers, "X-Amz-Security-Token");
  } else {
    request.set_header("X-Amz-Security-Token", credentials.session_token);
  }
}

}  // namespace detail

RUSHHOUR_INLINE void sign(http::Request& request, const Credentials& credentials, const SigningScope& scope,
                          Instant now, SigningKeys* keys) {
  detail::set_signing_headers(request, credentials, scope, now);
  const detail::HexHash body_hash = detail::to_hex(detail::sha256(request.body));
  if (request.header("X-Amz-Content-SHA256") != nullptr) {
    request.set_header("X-Amz-Content-SHA256", detail::text(body_hash));
  }
  const detail::Timestamp timestamp{now};
  std::string authorization;
  authorization.reserve(320);
  authorization += detail::algorithm;
  authorization += " Credential=";
  for (const std::string_view part :
       {std::string_view{credentials.access_key_id}, timestamp.date(), scope.region, scope.service}) {
    authorization += part;
    authorization += '/';
  }
  authorization += detail::scope_terminator;
  authorization += ", SignedHeaders=";
  const std::size_t list = authorization.size();
  detail::append_signed_headers(authorization, request.headers);
  const auto signature = detail::signature(request, body_hash,
                                           {.secret = credentials.secret_access_key,
                                            .timestamp = timestamp.text(),
                                            .date = timestamp.date(),
                                            .scope = scope,
                                            .signed_headers = std::string_view{authorization}.substr(list)},
                                           keys);
  RUSHHOUR_ASSERT(signature.has_value(), "a request has a header without a name");
  authorization += ", Signature=";
  authorization += detail::text(*signature);
  request.set_header("Authorization", authorization);
}

namespace detail {

RUSHHOUR_INLINE VerifyFailure malformed(std::string message) {
  return {VerifyFailure::Kind::malformed, std::move(message)};
}

[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// Reads `keyid/date/region/service/term`.
RUSHHOUR_INLINE std::optional<VerifyFailure> read_credential(std::string_view credential,
                                                             Authorization& out) {
  std::string_view rest = credential;
  std::size_t count = 1;
  for (std::string_view Authorization::*part : {&Authorization::access_key_id, &Authorization::date,
                                                &Authorization::region, &Authorization::service}) {
    const std::size_t slash = rest.find('/');
    out.*part = rest.substr(0, slash);
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
    ++count;
  }
  out.terminator = rest;
  if (count == 5 && rest.find('/') == std::string_view::npos) return std::nullopt;
  return malformed(
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" +
      std::string{credential} + "'");
}

/// The time of signing; nothing when the text is in no form that AWS takes.
[[nodiscard]] inline std::optional<Instant> parse_signing_time(std::string_view text) {
  if (text.size() == 16) return parse_iso8601(text);
  return http::parse_http_date(text);
}

/// Splits ` Credential=..., SignedHeaders=..., Signature=...` into its three texts, empty where absent.
RUSHHOUR_INLINE std::optional<VerifyFailure> read_parameters(std::string_view parameters,
                                                             const std::string& header,
                                                             std::string_view& credential,
                                                             Authorization& out) {
  while (!parameters.empty()) {
    const std::size_t comma = parameters.find(',');
    const std::string_view pair = trimmed(parameters.substr(0, comma));
    parameters.remove_prefix(comma == std::string_view::npos ? parameters.size() : comma + 1);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) {
      return malformed("'" + std::string{pair} +
                       "' not a valid key=value pair (missing equal-sign) in Authorization " + "header: '" +
                       header + "'.");
    }
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value = pair.substr(equals + 1);
    if (name == "Credential") credential = value;
    if (name == "SignedHeaders") out.signed_headers = value;
    if (name == "Signature") out.signature = value;
  }
  return std::nullopt;
}

}  // namespace detail

RUSHHOUR_INLINE std::optional<VerifyFailure> read_authorization(const http::Request& request,
                                                                Authorization& out) {
  const std::string* header = request.header("Authorization");
  if (header == nullptr) return VerifyFailure{VerifyFailure::Kind::missing, "Missing Authentication Token"};
  out = {};
  const std::string_view text = detail::trimmed(*header);
  const std::size_t space = text.find(' ');
  const std::string_view algorithm = text.substr(0, space);
  const std::string_view parameters =
      space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
  std::string_view credential;
  if (auto failure = detail::read_parameters(parameters, *header, credential, out)) return failure;

  const std::string* date = request.header("X-Amz-Date");
  if (date == nullptr) date = request.header("Date");
  std::string lacking;
  if (credential.empty()) lacking += "Authorization header requires 'Credential' parameter. ";
  if (out.signature.empty()) lacking += "Authorization header requires 'Signature' parameter. ";
  if (out.signed_headers.empty()) lacking += "Authorization header requires 'SignedHeaders' parameter. ";
  if (date == nullptr) {
    lacking += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (!lacking.empty()) return detail::malformed(lacking + "Authorization=" + *header);
  if (algorithm != detail::algorithm) {
    return detail::malformed("Unsupported AWS 'algorithm': '" + std::string{algorithm} + "'.");
  }
  if (auto failure = detail::read_credential(credential, out)) return failure;
  const std::optional<Instant> signed_at = detail::parse_signing_time(*date);
  if (!signed_at) {
    return detail::malformed("Date must be in ISO-8601 'basic format'. Got '" + *date +
                             "'. See http://en.wikipedia.org/wiki/ISO_8601.");
  }
  out.signed_at = *signed_at;
  if (const std::string* token = request.header("X-Amz-Security-Token")) out.session_token = *token;
  return std::nullopt;
}

RUSHHOUR_INLINE std::optional<VerifyFailure> check_scope(const Authorization& authorization,
                                                         const SigningScope& expected) {
  const detail::Timestamp timestamp{authorization.signed_at};
  if (authorization.region == expected.region && authorization.service == expected.service &&
      authorization.terminator == detail::scope_terminator && authorization.date == timestamp.date()) {
    return std::nullopt;
  }
  std::optional<VerifyFailure> failure;
  const auto add = [&failure](VerifyFailure::Kind kind, std::initializer_list<std::string_view> sentence) {
    if (!failure) failure = VerifyFailure{kind, {}};
    for (const std::string_view part : sentence) failure->message += part;
  };
  if (authorization.region != expected.region) {
    add(VerifyFailure::Kind::scope_region,
        {"Credential should be scoped to a valid region, not '", authorization.region, "'. "});
  }
  if (authorization.service != expected.service) {
    add(VerifyFailure::Kind::scope_service,
        {"Credential should be scoped to correct service: '", expected.service, "'. "});
  }
  if (authorization.terminator != detail::scope_terminator) {
    add(VerifyFailure::Kind::scope_terminator,
        {"Credential should be scoped with a valid terminator: 'aws4_request', "
         "not '",
         authorization.terminator, "'. "});
  }
  if (authorization.date != timestamp.date()) {
    add(VerifyFailure::Kind::scope_date,
        {"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '",
         authorization.date, "' != '", timestamp.date(), "', from '", timestamp.text(), "'. "});
  }
  return failure;
}

RUSHHOUR_INLINE std::optional<VerifyFailure> check_time(const Authorization& authorization, Instant now,
                                                        Duration tolerance) {
  const Instant second = std::chrono::floor<std::chrono::seconds>(now);
  const bool expired = authorization.signed_at < second - tolerance;
  if (!expired && authorization.signed_at <= second + tolerance) return std::nullopt;
  const detail::Timestamp limit{expired ? second - tolerance : second + tolerance};
  std::string message = expired ? "Signature expired: " : "Signature not yet current: ";
  message += detail::Timestamp{authorization.signed_at}.text();
  message += expired ? " is now earlier than " : " is still later than ";
  message += limit.text();
  message += " (";
  message += detail::Timestamp{second}.text();
  message += expired ? " - " : " + ";
  message += std::to_string(std::chrono::floor<std::chrono::minutes>(tolerance).count());
  message += " min.)";
  return VerifyFailure{expired ? VerifyFailure::Kind::expired : VerifyFailure::Kind::not_yet_current,
                       message};
}

namespace detail {

[[nodiscard]] inline bool has_host(std::string_view signed_headers) {
  while (true) {
    const std::size_t end = signed_headers.find(';');
    if (signed_headers.substr(0, end) == "host") return true;
    if (end == std::string_view::npos) return false;
    signed_headers.remove_prefix(end + 1);
  }
}

}  // namespace detail

RUSHHOUR_INLINE std::optional<VerifyFailure> check_signature(const http::Request& request,
                                                             const Authorization& authorization,
                                                             std::string_view secret_access_key,
                                                             SigningKeys* keys) {
  if (!detail::has_host(authorization.signed_headers)) {
    return VerifyFailure{VerifyFailure::Kind::mismatch,
                         "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."};
  }
  const detail::HexHash body_hash = detail::to_hex(detail::sha256(request.body));
  const std::string* claimed = request.header("X-Amz-Content-SHA256");
  if (claimed != nullptr && *claimed != detail::text(body_hash)) return VerifyFailure::mismatch();
  const auto signature = detail::signature(request, body_hash,
                                           {.secret = secret_access_key,
                                            .timestamp = detail::Timestamp{authorization.signed_at}.text(),
                                            .date = authorization.date,
                                            .scope = {authorization.region, authorization.service},
                                            .signed_headers = authorization.signed_headers},
                                           keys);
  if (!signature || authorization.signature != detail::text(*signature)) return VerifyFailure::mismatch();
  return std::nullopt;
}

RUSHHOUR_INLINE std::optional<VerifyFailure> verify(const http::Request& request,
                                                    std::string_view secret_access_key,
                                                    const Verification& verification) {
  Authorization authorization;
  if (auto failure = read_authorization(request, authorization)) return failure;
  if (auto failure = check_scope(authorization, verification.scope)) return failure;
  if (auto failure = check_time(authorization, verification.now, verification.tolerance)) return failure;
  return check_signature(request, authorization, secret_access_key, verification.keys);
}

RUSHHOUR_INLINE std::string canonical_request(const http::Request& request, std::string_view signed_headers) {
  std::string out;
  const detail::HexHash body_hash = detail::to_hex(detail::sha256(request.body));
  static_cast<void>(detail::append_canonical_request(out, request, signed_headers, detail::text(body_hash)));
  return out;
}

}  // namespace rushhour::aws
