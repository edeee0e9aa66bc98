/// \file
/// What exists in IAM, as data: users, groups, roles and the root users of accounts, their policies, keys,
/// tags and devices, and the structs that one makes them with. Who keeps them: principal_store.hpp; who
/// decides with them: iam.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/aws/policy.hpp>
#include <rushhour/names.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// A tag of a role, user or managed policy. Keys are compared without case, as IAM does.
struct IamTag {
  std::string key{};
  std::string value{};

  friend bool operator==(const IamTag&, const IamTag&) = default;
};

// ---- What to make ----

/// A role to make. Policies are IAM policy documents, JSON text; a mistake in one throws InputError.
struct NewRole {
  std::string account{};  ///< 12 digits
  std::string name{};
  std::string path{"/"};
  std::string trust_policy{};
  std::vector<std::string> policies{};  ///< inline ones, which get the names `policy-1`, `policy-2`, ...
  Duration session_duration_max{std::chrono::hours{1}};
  std::vector<std::string> attached_policies{};  ///< ARNs of managed policies
  std::string permissions_boundary{};            ///< ARN of a managed policy; empty: none
  std::string description{};
  std::vector<IamTag> tags{};
  std::optional<Instant> created{};  ///< nothing: at the start of the world
};

struct NewUser {
  std::string account{};
  std::string name{};
  std::string path{"/"};
  std::vector<std::string> policies{};
  std::vector<std::string> groups{};  ///< names, of the same account
  std::vector<std::string> attached_policies{};
  std::string permissions_boundary{};
  std::vector<IamTag> tags{};
  std::optional<Instant> created{};
};

struct NewGroup {
  std::string account{};
  std::string name{};
  std::string path{"/"};
  std::vector<std::string> policies{};
  std::vector<std::string> attached_policies{};
  std::optional<Instant> created{};
};

/// A customer managed policy to make.
struct NewManagedPolicy {
  std::string account{};
  std::string name{};
  std::string path{"/"};
  std::string document{};
  std::string description{};
  std::vector<IamTag> tags{};
  std::optional<Instant> created{};
};

// ---- What there is ----

struct PolicyDocument {
  std::string name{};  ///< of an inline policy
  std::string text{};  ///< JSON, as it was given
  aws::Policy compiled;
};

/// The policies of one user, group or role.
struct PolicyList {
  std::vector<PolicyDocument> inline_policies{};  ///< by name, no two of one name
  std::vector<std::string> attached{};            ///< ARNs of managed policies, in the order of attaching
};

/// A customer's or one of AWS's own (`arn:aws:iam::aws:policy/...`). It has one version, `v1`.
struct ManagedPolicy {
  std::string arn{};
  std::string account_id{};  ///< `aws` for AWS's own
  std::string name{};
  std::string path{"/"};
  std::string description{};
  std::string unique_id{};  ///< `ANPA...`
  Instant created{};
  std::vector<IamTag> tags{};
  PolicyDocument document;
};

/// A long-term key.
struct AccessKey {
  std::string id{};
  std::string secret{};
  std::uint32_t owner{};  ///< index of the principal
  bool is_active{true};   ///< one that is not is refused as if it were unknown
  Instant created{};
};

/// A virtual MFA device: RFC 6238 with HMAC-SHA-1, six digits, steps of 30 seconds, as authenticator apps
/// have it.
struct MfaDevice {
  std::string serial{};  ///< ARN: `arn:aws:iam::123456789012:mfa/alice`
  std::string secret{};  ///< bytes, not base32
};

/// A role, a user, or the root user of an account. Deleted ones stay, so that what named them can tell.
struct Principal {
  enum class Kind : std::uint8_t { role, user, root };
  Kind kind{};
  bool exists{true};
  std::uint32_t index{};
  std::string arn{};
  std::string account_id{};
  std::uint64_t account_number{};  ///< the same as a number
  std::string name{};              ///< empty for root users
  std::string unique_id{};         ///< `AROA...` or `AIDA...`; of a root user the account id
  Name arn_name{};
  Name account{};
  Duration session_duration_max{};
  std::optional<aws::Policy> trust{};
  /// All identity policies that apply, compiled: its own, attached ones and its groups'.
  std::vector<aws::Policy> policies{};
  std::optional<aws::Policy> boundary{};

  std::string path{"/"};
  std::string description{};
  std::string trust_document{};
  PolicyList own{};
  std::string boundary_arn{};
  std::vector<std::string> groups{};       ///< names, in the order of joining
  std::vector<std::string> access_keys{};  ///< ids, oldest first
  std::vector<IamTag> tags{};
  std::vector<MfaDevice> mfa_devices{};
  Instant created{};
  /// Whether a condition or variable in `policies`, the boundary or the account's service control policies
  /// may change a decision.
  bool reads_conditions{};
};

struct Group {
  std::string arn{};
  std::string account_id{};
  std::string name{};
  std::string path{"/"};
  std::string unique_id{};  ///< `AGPA...`
  Instant created{};
  PolicyList own{};
};

}  // namespace rushhour::fakes
