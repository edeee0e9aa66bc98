/// \file
/// What Secrets Manager may have against a resource policy, in its words. Reading and judging policies is
/// secrets_manager.hpp's.
///
/// Source of the texts: "Attach a permissions policy to a secret" (Secrets Manager User Guide, spec tag DOC),
/// and for the principal terraform-provider-aws, secret_policy.go (REC). Which code a lockout has, and the
/// names of checks, are [MEM].
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/aws/policy.hpp>
#include <rushhour/fakes/detail/secret_failures.hpp>
#include <rushhour/result.hpp>

namespace rushhour::fakes::detail {

enum class PolicyProblem : std::uint8_t {
  syntax,             ///< no policy document at all
  principal,          ///< a user or role that does not exist, or no principal of AWS
  service_principal,  ///< no service of AWS
  broad_access,       ///< anybody, under no condition that narrows it
  lockout             ///< the caller could not put another policy afterwards
};

struct PolicyWords {
  std::string_view check_name{};
  std::string_view text{};
  std::string_view code{};  ///< of PutResourcePolicy
};

/// In the order of PolicyProblem.
inline constexpr std::array<PolicyWords, 5> policy_words{{
    {"SyntaxCheck", "This resource policy contains a syntax error.", "MalformedPolicyDocumentException"},
    {"PrincipalCheck", "This resource policy contains an unsupported principal.",
     "MalformedPolicyDocumentException"},
    {"PrincipalCheck", "This resource policy contains an invalid service principal.",
     "MalformedPolicyDocumentException"},
    {"BroadAccessCheck",
     "This resource policy grants broad access to your secret. Secrets Manager does not allow creating and "
     "applying such policies in the console.",
     "PublicPolicyException"},
    {"LockoutCheck", "Your requested changes will not allow you to manage this secret in the future.",
     "InvalidParameterException"},
}};

[[nodiscard]] constexpr const PolicyWords& words_of(PolicyProblem problem) {
  return policy_words[static_cast<std::size_t>(problem)];
}

/// PutResourcePolicy's refusal.
[[nodiscard]] inline Failure policy_failure(PolicyProblem problem) {
  const PolicyWords& words = words_of(problem);
  // The console's text speaks of the console; this one is of the command line [DOC].
  const std::string_view text =
      problem == PolicyProblem::broad_access
          ? "You can't attach a resource-based policy that allows broad access to the secret."
          : words.text;
  return secret_failure(Outcome::invalid, words.code, std::string{text});
}

struct PolicyCheck {
  std::optional<aws::Policy> policy{};    ///< nothing: the document is malformed
  std::vector<PolicyProblem> problems{};  ///< in the order in which they are found

  [[nodiscard]] bool has(PolicyProblem problem) const {
    for (const PolicyProblem each : problems) {
      if (each == problem) return true;
    }
    return false;
  }
};

}  // namespace rushhour::fakes::detail
