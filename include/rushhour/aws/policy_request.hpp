/// \file
/// What an IAM policy is made from, what it is asked, and what it answers: plain values. aws/policy.hpp
/// compiles and evaluates.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rushhour::aws {

/// What a document is attached to, which decides the members that it must and must not have.
enum class PolicyKind : std::uint8_t {
  identity,  ///< of a user, group or role, and session policies: has Resource, no Principal
  resource,  ///< of a secret: has Principal and Resource
  trust      ///< of a role: has Principal, no Resource
};

/// Knows which roles and users exist, so that a Principal element means who had the ARN when the policy was
/// put, not who has it now.
class PrincipalDirectory {
 public:
  PrincipalDirectory() = default;
  PrincipalDirectory(const PrincipalDirectory&) = delete;
  PrincipalDirectory& operator=(const PrincipalDirectory&) = delete;
  virtual ~PrincipalDirectory() = default;
  /// `AROA...` or `AIDA...` of the role or user; nothing when there is none.
  [[nodiscard]] virtual std::optional<std::string> unique_id_of(std::string_view arn) const = 0;
};

/// What becomes of a document that names a role or user which the directory does not know.
enum class UnknownPrincipal : std::uint8_t {
  refuse,  ///< InputError "Invalid principal in policy", as IAM answers MalformedPolicyDocument [MEM]
  note     ///< in Policy::unsupported(): an Allow is not for it, a Deny is for whoever has the ARN
};

struct PolicySource {
  PolicyKind kind{PolicyKind::identity};
  std::string_view text{};  ///< JSON
  /// The condition keys that evaluate() will be given when they are present, as `aws:SourceIp`. One that ends
  /// with `/` stands for all keys that begin with it: `aws:PrincipalTag/`. Any other key in the document is
  /// unsupported.
  std::span<const std::string_view> known_keys{};
  /// Null: a Principal element means whoever has the ARN.
  const PrincipalDirectory* directory{};
  UnknownPrincipal unknown_principal{UnknownPrincipal::refuse};
  std::string_view file{};     ///< for errors: as the user named it
  std::string_view pointer{};  ///< for errors: JSON pointer of the document in that file
};

/// One key of the request context with a value; a key with several values (`aws:TagKeys`) stands there once
/// for each. Keys are compared without case.
struct ContextValue {
  std::string_view key{};
  std::string_view value{};
};

/// Who calls. Views, so that a call builds no string.
struct PrincipalIdentity {
  std::string_view arn{};         ///< of the session (`arn:aws:sts::...:assumed-role/R/S`), user or root user
  std::string_view role_arn{};    ///< of the role behind a session, path included; empty for users
  std::string_view account_id{};  ///< 12 digits
  std::string_view service{};     ///< `lambda.amazonaws.com` when a service calls for itself; else empty
  /// `AROA...` or `AIDA...` of the role or user, also behind a session. Elements that are bound to an id mean
  /// no caller without it.
  std::string_view unique_id{};
  /// Of the user behind a federated user's session, whom GetFederationToken made; else empty.
  std::string_view user_arn{};
  /// The provider that vouches for who assumes a role with SAML or a web identity: its ARN, or
  /// `accounts.google.com`; else empty.
  std::string_view federated{};
};

struct RequestContext {
  std::string_view action{};       ///< `secretsmanager:GetSecretValue`
  std::string_view resource{"*"};  ///< whole ARN; `*` for calls without a resource. Trust policies ignore it
  const PrincipalIdentity* principal{};    ///< null: an anonymous caller, whom only `*` means
  std::span<const ContextValue> values{};  ///< keys that are absent from the request are absent here
};

enum class Effect : std::uint8_t { none, allow, deny };

/// How a Principal element named the caller. In this order because it matters in a resource policy: an
/// account only delegates to its identity policies, a role stays capped by boundary and session policies, and
/// what follows grants directly (spec section 3, rules 2 and 3).
enum class PrincipalMatch : std::uint8_t {
  none,     ///< not at all, or the document has no Principal elements
  account,  ///< by 12 digits or the root ARN
  role,     ///< or the user behind a federated session
  service,
  federated,  ///< by the identity provider
  any,        ///< by `*`
  user,
  session
};

/// What a document says about a request. For `allow` the match is the strongest of all statements that allow.
struct Decision {
  Effect effect{};
  PrincipalMatch principal{};

  friend constexpr bool operator==(const Decision&, const Decision&) = default;
};

}  // namespace rushhour::aws
