/// \file
/// Policies as the tests of documents write them: with single quotes, and keys of the sort that fakes know.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/aws/policy.hpp>

namespace rushhour::aws {

constexpr std::array<std::string_view, 6> keys{"sts:ExternalId",      "aws:PrincipalArn",
                                               "aws:SecureTransport", "aws:PrincipalTag/",
                                               "aws:username",        "secretsmanager:VersionStage"};

/// Lets a test write JSON with single quotes.
inline std::string quoted(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c == '\'' ? '"' : c;
  return out;
}

/// The policy of a text in single quotes.
inline Policy compiled(PolicyKind kind, std::string_view text) {
  const std::string json = quoted(text);
  return Policy::compile({.kind = kind, .text = json, .known_keys = keys});
}

}  // namespace rushhour::aws
