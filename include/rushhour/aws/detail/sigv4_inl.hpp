/// \file
/// The signing half of aws/sigv4.hpp. Signing and verifying go through one signature(), so they cannot
/// disagree.
#pragma once

#include <algorithm>
#include <memory_resource>
#include <utility>
#include <vector>

#include <rushhour/aws/detail/canonical_request.hpp>
#include <rushhour/aws/detail/sha256.hpp>
#include <rushhour/aws/detail/sigv4_parts.hpp>
#include <rushhour/aws/sigv4.hpp>
#include <rushhour/digest.hpp>

namespace rushhour::aws {

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

RUSHHOUR_INLINE void set_host(http::Request& request, const SigningScope& scope) {
  std::string host{scope.service};
  host += '.';
  host += scope.region;
  host += scope.region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  request.set_header("Host", host);
}

RUSHHOUR_INLINE void set_signing_headers(http::Request& request, const Credentials& credentials,
                                         const SigningScope& scope, Instant now) {
  if (request.header("Host") == nullptr) set_host(request, scope);
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

RUSHHOUR_INLINE void remove_presigned_parameters(std::string& target) {
  const std::size_t mark = target.find('?');
  if (mark == std::string::npos) return;
  const std::string query = target.substr(mark + 1);
  target.resize(mark);
  std::string_view rest = query;
  while (const auto field = http::take_field(rest)) {
    if (is_presigned_parameter(field->name)) continue;
    target += target.size() == mark ? '?' : '&';
    target += field->name;
    if (field->has_value) target += '=';
    target += field->value;
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

RUSHHOUR_INLINE void presign(http::Request& request, const Credentials& credentials,
                             const SigningScope& scope, Instant now, Duration lifetime, SigningKeys* keys) {
  RUSHHOUR_ASSERT(lifetime >= std::chrono::seconds{1} && lifetime <= presigned_lifetime_max,
                  "a presigned request lives for 1 s to 7 days");
  for (const std::string_view header : {"Authorization", "X-Amz-Date", "X-Amz-Security-Token"}) {
    http::remove_header(request.headers, header);
  }
  if (request.header("Host") == nullptr) detail::set_host(request, scope);
  detail::remove_presigned_parameters(request.target);
  const detail::Timestamp timestamp{now};
  std::string credential = credentials.access_key_id;
  for (const std::string_view part :
       {timestamp.date(), scope.region, scope.service, detail::scope_terminator}) {
    credential += '/';
    credential += part;
  }
  std::string signed_headers;
  detail::append_signed_headers(signed_headers, request.headers);
  const auto append = [&target = request.target](std::string_view name, std::string_view value) {
    target += target.find('?') == std::string::npos ? '?' : '&';
    target += name;
    target += '=';
    http::append_percent_encoded(target, value);
  };
  append("X-Amz-Algorithm", detail::algorithm);
  append("X-Amz-Credential", credential);
  append("X-Amz-Date", timestamp.text());
  append("X-Amz-Expires", std::to_string(std::chrono::floor<std::chrono::seconds>(lifetime).count()));
  append("X-Amz-SignedHeaders", signed_headers);
  if (!credentials.session_token.empty()) append("X-Amz-Security-Token", credentials.session_token);
  const auto signature = detail::signature(request, detail::to_hex(detail::sha256(request.body)),
                                           {.secret = credentials.secret_access_key,
                                            .timestamp = timestamp.text(),
                                            .date = timestamp.date(),
                                            .scope = scope,
                                            .signed_headers = signed_headers},
                                           keys);
  RUSHHOUR_ASSERT(signature.has_value(), "a request has a header without a name");
  append(detail::signature_parameter, detail::text(*signature));
}

RUSHHOUR_INLINE std::string canonical_request(const http::Request& request, std::string_view signed_headers) {
  std::string out;
  const detail::HexHash body_hash = detail::to_hex(detail::sha256(request.body));
  static_cast<void>(detail::append_canonical_request(out, request, signed_headers, detail::text(body_hash)));
  return out;
}

}  // namespace rushhour::aws
