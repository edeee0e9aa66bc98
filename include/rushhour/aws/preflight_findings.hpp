/// \file
/// What the preflight is asked and what it answers: plain values. aws/preflight.hpp does the looking.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rushhour::aws {

enum class Severity : std::uint8_t {
  warning,  ///< works, but for more than it should, or only under conditions
  error     ///< does not work in AWS, or is a placeholder that somebody else might own
};

struct Finding {
  Severity severity{};
  std::string file{};      ///< as the user named it
  std::uint64_t line{};    ///< from 1, of text that is no JSON; else 0
  std::uint64_t column{};  ///< from 1, in bytes
  std::string pointer{};   ///< JSON pointer (RFC 6901) into the file
  std::string what{};
  std::string fix{};

  friend bool operator==(const Finding&, const Finding&) = default;
};

/// A document as it was read.
struct PreflightFile {
  std::string_view text{};  ///< JSON
  std::string_view name{};  ///< as the user named it
};

struct PreflightOptions {
  std::optional<PreflightFile> trust{};   ///< of the role that reads the secret
  std::optional<PreflightFile> policy{};  ///< of the same role
  /// ARNs of roles, users or sessions that must get in: Panther's detections engine, its unit tests. None:
  /// those that the trust policy names.
  std::vector<std::string> principals{};
  std::string secret{};  ///< whole ARN of the secret that must be readable; empty: those of the policy
};

}  // namespace rushhour::aws
