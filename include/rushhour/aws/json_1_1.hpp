/// \file
/// The AWS JSON 1.1 protocol over shapes, and 1.0 as far as it is the same: objects to text and back. It
/// knows no service; headers and status codes are its callers' business. Dates are epoch seconds with three
/// decimals, as Secrets Manager writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/aws/shape.hpp>

namespace rushhour::aws {

/// Appends `{"SecretId":"...",...}`; absent members are left out.
void append_json(std::string& out, Members members, const void* object);

/// Reads an object of these members from JSON text. Values of the wrong kind make it malformed, with the text
/// that AWS has for it; what is no JSON, nests deeper than 64 or is no object does so without a text
/// [REC: aws-sdk-unity#54].
[[nodiscard]] Read read_json(std::string_view text, Members members, void* object);

/// The code and message of an error answer: `__type` (what stands behind a `#`), and `message` or `Message`.
struct ErrorText {
  std::string code{};
  std::string message{};
  std::string details{};  ///< as Failure::details; read_json_error() leaves it empty
};
[[nodiscard]] ErrorText read_json_error(std::string_view text);

}  // namespace rushhour::aws

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/aws/detail/json_1_1_inl.hpp>
#endif
