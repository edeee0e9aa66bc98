/// \file
/// What an IAM policy is made from, what it is asked, and what it answers: plain values. aws/policy.hpp
/// compiles and evaluates.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace rushhour::aws {

/// What a document is attached to, which decides the members that it must and must not have.
enum class PolicyKind : std::uint8_t {
  identity,  ///< of a user, group or role, and session policies: has Resource, no Principal
  resource,  ///< of a secret: has Principal and Resource
  trust      ///< of a role: has Principal, no Resource
};

struct PolicySource {
  PolicyKind kind{PolicyKind::identity};
  std::string_view text{};  ///< JSON
  /// The condition keys that evaluate() will be given when they are present, as `aws:SourceIp`. One that ends
  /// with `/` stands for all keys that begin with it: `aws:PrincipalTag/`. Any other key in the document is
  /// unsupported.
  std::span<const std::string_view> known_keys{};
  std::string_view file{};     ///< for errors: as the user named it
  std::string_view pointer{};  ///< for errors: JSON pointer of the document in that file
};

/// One key of the request context, with its one value. A key is present at most once and compared without
/// case.
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
  role,
  service,
  any,  ///< by `*`
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
