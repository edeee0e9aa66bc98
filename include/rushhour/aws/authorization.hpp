/// \file
/// How the policies that apply to one request combine into a decision, and how AWS words a refusal. It knows
/// no accounts and no requests: who gathers the policies is fakes/iam.hpp.
///
/// Sources: "Policy evaluation logic", "Cross-account policy evaluation logic", "Troubleshoot access denied
/// error messages" (IAM User Guide, spec tag DOC; spec aws.md 3, rules 1 to 4).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <rushhour/aws/policy.hpp>
#include <rushhour/aws/policy_request.hpp>

namespace rushhour::aws {

/// The kinds of policies that have a say.
enum class Judge : std::uint8_t { identity, resource, boundary, service_control, session };

/// What applies to a request. A pointer or span that is empty: no policy of that kind.
struct PolicySets {
  std::span<const Policy> identity{};         ///< the principal's own and its groups': one Allow is enough
  std::span<const Policy> service_control{};  ///< of the account's organisation: none, or one must allow
  std::span<const Policy> session{};          ///< given when the session was made
  const Policy* boundary{};
  const Policy* resource{};  ///< of the secret; of a role, its trust policy
  bool same_account{true};   ///< the resource is in the caller's account
  /// The resource policy is a trust policy: without an Allow in it nobody gets in, in its own account
  /// neither.
  bool resource_must_allow{};
  bool is_root{};               ///< the root user, whom only Deny, SCPs, session policies and others restrain
  bool needs_session_policy{};  ///< federated users have no permissions beyond their session policies
};

struct Verdict {
  bool allowed{};
  bool explicit_deny{};
  Judge judge{};  ///< whose Deny it is, or whose Allow is lacking

  friend constexpr bool operator==(const Verdict&, const Verdict&) = default;
};

/// Any matching Deny wins. In one account a resource policy that names the user or session grants directly;
/// one that names the role, or everybody, is capped by boundary and session policies; one that names the
/// account only delegates. Across accounts both sides must allow, and so must a trust policy in any account.
/// The root user needs no policy of its own, but a session of it (AssumeRoot) has no more than its session
/// policies. Of several refusals the first counts, in this order: service control, identity, boundary,
/// session, resource.
[[nodiscard]] Verdict authorize(const PolicySets& policies, const RequestContext& request);

/// `because no identity-based policy allows the secretsmanager:GetSecretValue action`, `with an explicit deny
/// in a resource-based policy`.
[[nodiscard]] std::string refusal_reason(const Verdict& verdict, std::string_view action);

}  // namespace rushhour::aws

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/aws/detail/authorization_inl.hpp>
#endif
