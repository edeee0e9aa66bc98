/// \file
/// The verifying half of aws/sigv4.hpp.
#pragma once

#include <charconv>
#include <cstdint>
#include <memory>
#include <utility>

#include <rushhour/aws/detail/canonical_request.hpp>
#include <rushhour/aws/detail/sha256.hpp>
#include <rushhour/aws/detail/sigv4_parts.hpp>
#include <rushhour/aws/sigv4.hpp>

namespace rushhour::aws {

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

/// The seven parameters as they stand in the query, encoded; null where absent.
struct PresignedQuery {
  std::string_view algorithm{}, credential{}, date{}, expires{}, signed_headers{}, token{}, signature{};
  bool is_repeated{};

  /// Reads them; false when the query has none of the three that say a request is presigned.
  bool read(std::string_view query) {
    if (query.find("X-Amz-") == std::string_view::npos) return false;
    while (const auto field = http::take_field(query)) {
      if (std::string_view* const place = place_of(field->name)) {
        is_repeated = is_repeated || place->data() != nullptr;
        *place = field->has_value ? field->value : field->name.substr(field->name.size());
      }
    }
    return algorithm.data() != nullptr || credential.data() != nullptr || signature.data() != nullptr;
  }

 private:
  std::string_view* place_of(std::string_view name) {
    if (!is_presigned_parameter(name)) return nullptr;
    switch (name[sizeof "X-Amz-" - 1]) {
      case 'A':
        return &algorithm;
      case 'C':
        return &credential;
      case 'D':
        return &date;
      case 'E':
        return &expires;
      default:
        return name == "X-Amz-SignedHeaders" ? &signed_headers
               : name == signature_parameter ? &signature
                                             : &token;
    }
  }
};

/// Decodes all into one text that the views then point into: it never grows beyond what it reserves.
RUSHHOUR_INLINE void decode_presigned(PresignedQuery& query, Authorization& out) {
  out.decoded = std::make_unique<std::string>();
  std::size_t size = 0;
  std::string_view* const all[] = {&query.algorithm,      &query.credential, &query.date,     &query.expires,
                                   &query.signed_headers, &query.token,      &query.signature};
  for (const std::string_view* part : all) size += part->size();
  out.decoded->reserve(size);
  for (std::string_view* part : all) {
    const std::size_t from = out.decoded->size();
    http::detail::append_decoded(*out.decoded, *part, false);
    *part = {out.decoded->data() + from, out.decoded->size() - from};
  }
  out.is_presigned = true;
  out.signed_headers = query.signed_headers;
  out.signature = query.signature;
  out.session_token = query.token;
}

/// The limit: S3 User Guide, "sigv4-query-string-auth" [DOC]. The texts are S3's [MEM].
RUSHHOUR_INLINE std::optional<VerifyFailure> read_lifetime(std::string_view text, Duration& out) {
  std::int64_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
    return malformed("X-Amz-Expires should be a number");
  if (seconds < 0) return malformed("X-Amz-Expires must be non-negative");
  if (seconds > std::chrono::floor<std::chrono::seconds>(presigned_lifetime_max).count()) {
    return malformed(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less "
        "than 604800 seconds");
  }
  out = std::chrono::seconds{seconds};
  return std::nullopt;
}

[[nodiscard]] inline VerifyFailure bad_date(std::string_view date) {
  return malformed("Date must be in ISO-8601 'basic format'. Got '" + std::string{date} +
                   "'. See http://en.wikipedia.org/wiki/ISO_8601.");
}
[[nodiscard]] inline VerifyFailure bad_algorithm(std::string_view text) {
  return malformed("Unsupported AWS 'algorithm': '" + std::string{text} + "'.");
}

RUSHHOUR_INLINE std::optional<VerifyFailure> read_presigned(PresignedQuery& query, Authorization& out) {
  if (query.is_repeated) return malformed("AWS query-string parameters must not be repeated.");
  decode_presigned(query, out);
  std::string lacking;
  for (const auto& [name, value] : {std::pair{"X-Amz-Algorithm", query.algorithm},
                                    {"X-Amz-Credential", query.credential},
                                    {"X-Amz-Signature", query.signature},
                                    {"X-Amz-SignedHeaders", query.signed_headers},
                                    {"X-Amz-Date", query.date},
                                    {"X-Amz-Expires", query.expires}}) {
    if (!value.empty()) continue;
    lacking += "AWS query-string parameters must include '";
    lacking += name;
    lacking += "'. ";
  }
  if (!lacking.empty()) return malformed(lacking + "Re-examine the query-string parameters.");
  if (query.algorithm != algorithm) return bad_algorithm(query.algorithm);
  if (auto failure = read_credential(query.credential, out)) return failure;
  if (auto failure = read_lifetime(query.expires, out.lifetime)) return failure;
  const std::optional<Instant> signed_at = query.date.size() == 16 ? parse_iso8601(query.date) : std::nullopt;
  if (!signed_at) return bad_date(query.date);
  out.signed_at = *signed_at;
  return std::nullopt;
}

}  // namespace detail

RUSHHOUR_INLINE std::optional<VerifyFailure> read_authorization(const http::Request& request,
                                                                Authorization& out) {
  const std::string* header = request.header("Authorization");
  out = {};
  detail::PresignedQuery query;
  if (query.read(request.query())) {
    if (header == nullptr) return detail::read_presigned(query, out);
    return detail::malformed(  // S3's text [MEM]
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
        "parameter or the Authorization header should be specified");
  }
  if (header == nullptr) return VerifyFailure{VerifyFailure::Kind::missing, "Missing Authentication Token"};
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
    return detail::bad_algorithm(algorithm);
  }
  if (auto failure = detail::read_credential(credential, out)) return failure;
  const std::optional<Instant> signed_at = detail::parse_signing_time(*date);
  if (!signed_at) return detail::bad_date(*date);
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
                                                        const TimeRules& rules) {
  const Instant second = std::chrono::floor<std::chrono::seconds>(now);
  const Duration past = authorization.is_presigned ? rules.presigned_lifetime : rules.tolerance;
  const bool by_expires = authorization.is_presigned && rules.honours_expires;
  if (by_expires && authorization.signed_at < second - authorization.lifetime) {
    return VerifyFailure{VerifyFailure::Kind::request_expired, "Request has expired."};
  }
  const bool expired = !by_expires && authorization.signed_at < second - past;
  if (!expired && authorization.signed_at <= second + rules.tolerance) return std::nullopt;
  const Duration allowed = expired ? past : rules.tolerance;
  const detail::Timestamp limit{expired ? second - allowed : second + allowed};
  std::string message = expired ? "Signature expired: " : "Signature not yet current: ";
  message += detail::Timestamp{authorization.signed_at}.text();
  message += expired ? " is now earlier than " : " is still later than ";
  message += limit.text();
  message += " (";
  message += detail::Timestamp{second}.text();
  message += expired ? " - " : " + ";
  message += std::to_string(std::chrono::floor<std::chrono::minutes>(allowed).count());
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
  if (auto failure = check_time(authorization, verification.now, verification.time)) return failure;
  return check_signature(request, authorization, secret_access_key, verification.keys);
}

}  // namespace rushhour::aws
