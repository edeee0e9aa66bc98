/// \file
/// Requests to STS as the tests of signatures sign and verify them.
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include <rushhour/aws/sigv4.hpp>

namespace rushhour::aws {

inline void PrintTo(const VerifyFailure& failure, std::ostream* out) {
  *out << "kind " << static_cast<int>(failure.kind) << ", \"" << failure.message << '"';
}

using Kind = VerifyFailure::Kind;

// The keys of AWS's documentation; neither opens anything.
inline const Credentials long_term{.access_key_id = "AKIDEXAMPLE",
                                   .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
inline const Credentials temporary{.access_key_id = "ASIAIOSFODNN7EXAMPLE",
                                   .secret_access_key = "bPxRfiCYEXAMPLEKEYwJalrXUtnFEMI/K7MDENG+",
                                   .session_token = "IQoJb3JpZ2luX2VjEXAMPLE//token=="};
inline const std::string form = "application/x-www-form-urlencoded; charset=utf-8";
inline const std::string json = "application/x-amz-json-1.1";

constexpr SigningScope sts{.region = "us-east-1", .service = "sts"};

inline Instant at(std::string_view text) { return parse_iso8601(text).value(); }

inline http::Request call() {
  return {.method = "POST",
          .target = "/",
          .headers = {{"Host", "sts.us-east-1.amazonaws.com"}, {"Content-Type", form}},
          .body = "Action=GetCallerIdentity&Version=2011-06-15"};
}

inline http::Request signed_call(std::string_view when = "2026-03-02T14:00:00Z",
                                 const Credentials& who = long_term) {
  http::Request request = call();
  sign(request, who, sts, at(when));
  return request;
}

inline std::string signed_part(const http::Request& request, std::string_view name) {
  const std::string& header = *request.header("Authorization");
  const std::size_t start = header.find(name) + name.size();
  return header.substr(start, header.find(',', start) - start);
}

inline std::optional<VerifyFailure> verified(const http::Request& request,
                                             std::string_view now = "2026-03-02T14:00:00Z") {
  return verify(request, long_term.secret_access_key, {.scope = sts, .now = at(now)});
}

}  // namespace rushhour::aws
