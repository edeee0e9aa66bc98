/// \file
/// What the signing and the verifying half of aws/sigv4.hpp share.
#pragma once

#include <optional>
#include <string_view>

#include <rushhour/aws/detail/sha256.hpp>
#include <rushhour/aws/signing_scope.hpp>
#include <rushhour/config.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::aws {
class SigningKeys;
}  // namespace rushhour::aws

namespace rushhour::aws::detail {

inline constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view scope_terminator = "aws4_request";

struct SignatureParts {
  std::string_view secret{};
  std::string_view timestamp{};
  std::string_view date{};
  SigningScope scope{};
  std::string_view signed_headers{};
};

/// The signature of a request; nothing when `signed_headers` does not fit it.
RUSHHOUR_INLINE std::optional<HexHash> signature(const http::Request& request, const HexHash& body_hash,
                                                 const SignatureParts& parts, SigningKeys* keys);

}  // namespace rushhour::aws::detail
