/// \file
/// Who exists and who may do what: accounts' users and roles, their policies, sessions, and the decisions
/// that STS and Secrets Manager ask for. It is no service: nothing calls it over HTTP, and it charges no
/// quota. Spec: aws.md 2.3, 3.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/sts.hpp>
#include <rushhour/aws/policy.hpp>
#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/caller.hpp>
#include <rushhour/fakes/detail/session_token.hpp>
#include <rushhour/fakes/service.hpp>
#include <rushhour/fakes/text_map.hpp>
#include <rushhour/names.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// A role to make. Policies are IAM policy documents, JSON text; a mistake in one throws InputError.
struct NewRole {
  std::string account{};  ///< 12 digits
  std::string name{};
  std::string path{"/"};
  std::string trust_policy{};
  std::vector<std::string> policies{};
  Duration session_duration_max{std::chrono::hours{1}};
};

struct NewUser {
  std::string account{};
  std::string name{};
  std::string path{"/"};
  std::vector<std::string> policies{};
};

/// A role or user, as the fakes see it.
struct Principal {
  enum class Kind : std::uint8_t { role, user };
  Kind kind{};
  std::uint32_t index{};
  std::string arn{};
  std::string account_id{};
  std::string name{};
  std::string unique_id{};  ///< `AROA...` or `AIDA...`
  Name arn_name{};
  Name account{};
  Duration session_duration_max{};
  std::optional<aws::Policy> trust{};
  std::vector<aws::Policy> policies{};
};

/// Temporary credentials and their end.
struct Session {
  aws::Credentials credentials{};
  Instant expires{};  ///< in whole seconds, as answers write it
};

class Iam {
 public:
  enum class Decision : std::uint8_t { allowed, not_allowed, denied };

  /// How a protocol names the failures of authentication.
  struct AuthenticationErrors {
    Failure missing{};
    Failure malformed{};
    Failure unknown_key{};
    Failure expired{};
    Failure mismatch{};
  };
  [[nodiscard]] static const AuthenticationErrors& query_errors();
  [[nodiscard]] static const AuthenticationErrors& json_errors();

  Iam(Names& names, Random random)
      : names_(names),
        tokens_(random.stream("iam.sessions")),
        identifiers_(random.stream("iam.identifiers")) {}

  /// Returns the role's ARN. An ARN that exists is replaced, with a new unique id.
  std::string add_role(const NewRole& role);
  /// Returns the user's access key.
  aws::Credentials add_user(const NewUser& user);
  /// Adds a policy to a role or user.
  void add_policy(std::string_view principal_arn, std::string_view document);
  /// Replaces a role's trust policy.
  void set_trust_policy(std::string_view role_arn, std::string_view document);

  /// Null when there is none. The one that was found last is looked at first.
  [[nodiscard]] const Principal* find(std::string_view arn);

  [[nodiscard]] const Principal& principal(const Caller& caller) const { return principals_[caller.subject]; }
  /// The caller's ARN as errors and GetCallerIdentity show it: of a session, the assumed role's.
  [[nodiscard]] std::string arn_of(const Caller& caller) const;

  /// A session of a role without asking anyone, as a compute service hands it to the code that it runs.
  [[nodiscard]] Session issue(const Principal& role, std::string_view session_name, Instant now,
                              Duration length);

  /// The secret that a signature with this key must have been made with; nothing when the key is unknown.
  [[nodiscard]] std::optional<std::string> secret_of(std::string_view access_key_id,
                                                     std::string_view session_token) const;

  /// Establishes who the caller is: key, token, expiry, and the signature where the request is a message.
  [[nodiscard]] bool authenticate(const Arrival& arrival, Instant now, Caller& caller,
                                  const AuthenticationErrors& errors);

  /// What the caller's own policies say of an action on a resource.
  [[nodiscard]] Decision authorize(const Caller& caller, std::string_view action, std::string_view resource,
                                   std::span<const aws::ContextValue> values = {});
  /// Whether the caller may assume the role: its trust policy must allow it, and across accounts, or where
  /// the trust policy names only the account, the caller's own policies as well (spec aws.md 3, rule 3).
  [[nodiscard]] bool may_assume(const Caller& caller, const api::sts::AssumeRole& request);

 private:
  struct AccessKey {
    std::string secret{};
    std::uint32_t user{};
  };
  /// A decision of the caller's own policies that no condition can change.
  struct Remembered {
    bool used{};
    std::uint32_t subject{};
    std::string action{};
    std::string resource{};
    Decision decision{};
  };

  /// arn_of() without building it anew for the caller of the last time.
  [[nodiscard]] std::string_view remembered_arn(const Caller& caller);
  Principal& add(Principal principal);
  [[nodiscard]] std::string unique_id(std::string_view prefix);
  [[nodiscard]] Decision evaluate(const Caller& caller, std::string_view action, std::string_view resource,
                                  std::span<const aws::ContextValue> values);

  Names& names_;
  detail::SessionTokens tokens_;
  Stream identifiers_;
  std::uint64_t identifiers_drawn_ = 0;
  std::uint64_t sessions_issued_ = 0;
  std::vector<Principal> principals_;
  TextMap<std::uint32_t> by_arn_;
  TextMap<AccessKey> access_keys_;
  std::array<Remembered, 256> remembered_{};
  std::uint32_t last_found_ = 0;
  struct {
    std::uint32_t subject{};
    std::string session{};
    std::string arn{};
  } last_arn_{};
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/iam_inl.hpp>
#endif
