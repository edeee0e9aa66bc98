/// \file
/// Who calls and who may do what: authentication, sessions, and the decisions that the services ask for. What
/// exists, and how a test sets it up, is principal_store.hpp's; it is no service: iam_service.hpp lets HTTP
/// at it. Spec: aws.md 2.2 (sessions), 2.3, 3.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/authorization.hpp>
#include <rushhour/aws/context_values.hpp>
#include <rushhour/aws/policy.hpp>
#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/caller.hpp>
#include <rushhour/fakes/detail/session_token.hpp>
#include <rushhour/fakes/principal_store.hpp>
#include <rushhour/fakes/principals.hpp>
#include <rushhour/fakes/service.hpp>
#include <rushhour/names.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

struct IamOptions {
  /// When what names no date of its own was created.
  Instant start{};
  /// Bytes that session policies and tags may take together in a token: 100 % of PackedPolicySize. [CHOICE]
  /// AWS does not publish its packed form. With this one a token never has more than 4,096 characters, the
  /// most that MinimumSessionTokenSize may ask for. At most 8,000.
  std::size_t packed_policy_bytes_max{2'816};
};

/// Temporary credentials to make.
struct NewSession {
  CallerKind kind{CallerKind::role};  ///< role, user, federated_user or root, as the subject is
  std::string_view name{};  ///< of the role session or the federated user; empty for users and root users
  Instant now{};
  Duration length{std::chrono::hours{1}};
  std::vector<std::string> policies{};  ///< session policies, JSON text; a mistake throws InputError
  std::vector<SessionTag> tags{};
  std::string source_identity{};
  bool is_multi_factor{};
  std::size_t token_size_min{};  ///< characters that the token is filled up to, at most 4,096
  /// ARNs of managed session policies. The token holds the ARNs; one that is deleted later allows nothing.
  std::vector<std::string> policy_arns{};
};

/// Temporary credentials and their end.
struct Session {
  aws::Credentials credentials{};
  Instant expires{};  ///< in whole seconds, as answers write it
  /// Percent of what session policies and tags may take; nothing when there are none.
  std::optional<std::int64_t> packed_policy_size{};
};

/// What is asked of the policies that apply to a caller.
struct Question {
  std::string_view action{};             ///< `secretsmanager:GetSecretValue`
  std::string_view resource{"*"};        ///< whole ARN; `*` for calls without a resource
  std::string_view resource_account{};   ///< whose the resource is; empty: the caller's
  const aws::Policy* resource_policy{};  ///< null: none
  const aws::ContextSource* context{};   ///< the request's own condition keys; null: none
  std::optional<Instant> now{};          ///< for aws:CurrentTime and its kin; nothing: when the caller called
};

class Iam final : public PrincipalStore {
 public:
  using Options = IamOptions;

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

  Iam(Names& names, Random random, Options options = {})
      : PrincipalStore(names, random.stream("iam.identifiers"), options.start),
        options_(options),
        tokens_(random.stream("iam.sessions")) {}

  /// As PrincipalStore::clear(). Serial numbers of sessions go on, so that no two sessions have the same.
  std::size_t clear() {
    last_arn_ = {};
    return PrincipalStore::clear();
  }

  // ---- Sessions ----

  /// A session of a role without asking anyone, as a compute service hands it to the code that it runs.
  [[nodiscard]] Session issue(const Principal& role, std::string_view session_name, Instant now,
                              Duration length);
  /// A session of any kind, of a role, user or root user. What it packs takes at most 100 %.
  [[nodiscard]] Session issue(const Principal& subject, const NewSession& wanted);
  /// Percent of what policies and tags may take, rounded up: above 100 it is too large. Nothing when there
  /// are none. [CHOICE] Insignificant white space of policies does not count.
  [[nodiscard]] std::optional<std::int64_t> packed_policy_size(const NewSession& wanted) const;

  // ---- Who calls ----

  /// Establishes who the caller is, in this order: a key at all, known and active, its token, its time, and
  /// the signature where the request is a message.
  [[nodiscard]] bool authenticate(const Arrival& arrival, Instant now, Caller& caller,
                                  const AuthenticationErrors& errors);
  /// The secret that a signature with this key must have been made with; nothing when the key is unknown,
  /// inactive, or not of this token.
  [[nodiscard]] std::optional<std::string> secret_of(std::string_view access_key_id,
                                                     std::string_view session_token) const;

  /// The role, user or root user behind the caller; of a federated user the user who federated it.
  [[nodiscard]] const Principal& principal(const Caller& caller) const { return at(caller.subject); }
  /// The caller's ARN as errors and GetCallerIdentity show it: of a session the assumed role's, without the
  /// role's path, or the federated user's.
  [[nodiscard]] std::string arn_of(const Caller& caller) const;
  /// `AIDA...`, `AROA...:session`, `123456789012:Name` of a federated user, the account id of a root user.
  [[nodiscard]] std::string user_id_of(const Caller& caller) const;
  [[nodiscard]] static bool is_session_of_role(const Caller& caller) {
    return caller.is_session && caller.kind == CallerKind::role;
  }
  /// For aws::Policy. Views: valid while the caller is, and until the next question about another caller.
  [[nodiscard]] aws::PrincipalIdentity identity_of(const Caller& caller);
  /// Of a long-term key that exists or existed in an account of this world, or of a session's: the account is
  /// part of the id, as it is in AWS's own since 2019 [REC: T. Be'ery, "A short note on AWS KEY ID", 2023].
  [[nodiscard]] std::optional<std::string> account_of_key(std::string_view access_key_id) const;

  // ---- What it may do ----

  /// What all policies that apply say together.
  [[nodiscard]] aws::Verdict authorize(const Caller& caller, const Question& question);
  /// Every condition key that tells who calls, from where and when; not what is asked for.
  void add_caller_keys(const Caller& caller, Instant now, aws::ContextValues& values) const;

 private:
  /// A decision of the caller's own policies that no condition can change.
  struct Remembered {
    std::uint64_t generation{};
    std::uint32_t subject{};
    bool used{};
    std::string action{};
    std::string resource{};
    aws::Verdict verdict{};
  };
  /// The facts of a session, read from its token.
  struct Known {
    std::uint64_t serial{};  ///< 0: none
    std::uint64_t generation{};
    SessionFacts facts{};
  };

  [[nodiscard]] bool authenticate_session(const Arrival& arrival, const aws::Credentials& credentials,
                                          Instant now, Caller& caller, const AuthenticationErrors& errors);
  [[nodiscard]] bool authenticate_key(const Arrival& arrival, const aws::Credentials& credentials,
                                      Caller& caller, const AuthenticationErrors& errors);
  /// The principal of the session still exists.
  [[nodiscard]] bool is_live(const detail::SessionClaims& claims) const;
  void identify(std::uint32_t subject, const aws::Credentials& credentials, Caller& caller) const;
  /// Null for a plain session.
  [[nodiscard]] const SessionFacts* facts_of(const detail::SessionClaims& claims, std::string_view token);
  const SessionFacts& learn(const detail::SessionClaims& claims, std::string_view extras);
  void add_tags(const Caller& caller, aws::ContextValues& values) const;
  void add_session_keys(const Caller& caller, Instant now, aws::ContextValues& values) const;
  /// arn_of() without building it anew for the caller of the last time.
  [[nodiscard]] std::string_view remembered_arn(const Caller& caller);
  [[nodiscard]] aws::Verdict evaluate(const Caller& caller, const Question& question);

  Options options_;
  detail::SessionTokens tokens_;
  std::uint64_t sessions_issued_ = 0;
  std::array<Remembered, 256> remembered_{};
  std::vector<Known> known_ = std::vector<Known>(64);
  struct {
    CallerKind kind{};
    std::uint32_t subject{};
    std::string session{};
    std::string arn{};
  } last_arn_{};
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/iam_authentication_inl.hpp>
#include <rushhour/fakes/detail/iam_inl.hpp>
#endif
