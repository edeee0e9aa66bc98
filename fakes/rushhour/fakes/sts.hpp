/// \file
/// The fake of AWS STS, all eleven operations: temporary credentials for roles, users, federated users and
/// root users, under trust policies and duration caps; who the caller is; and tokens for services outside
/// AWS. Who may do what is decided with iam.hpp; what STS must be told besides is federation.hpp. Spec:
/// aws.md 1, 2.2, 3.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/sts.hpp>
#include <rushhour/fakes/federation.hpp>
#include <rushhour/fakes/iam.hpp>
#include <rushhour/fakes/json_web_token.hpp>
#include <rushhour/fakes/service.hpp>
#include <rushhour/random.hpp>

namespace rushhour::fakes {

struct SamlAssertion;

/// What becomes of SAML assertions, whose signatures the fake cannot check.
enum class SamlSignatures : std::uint8_t {
  not_verified,  ///< anybody may write one: for tests of what happens afterwards
  refused        ///< every assertion is InvalidIdentityToken "Response signature invalid"
};

/// Where AWS says nothing, or memory says it: each with the stricter answer as its default.
struct StsOptions {
  /// [MEM; REC 2020-2026 several public logs: "Roles may not be assumed by root accounts."]
  bool root_may_assume_roles{};
  SamlSignatures saml_signatures{SamlSignatures::not_verified};
  /// Bytes of the claims of a GetWebIdentityToken; beyond: JWTPayloadSizeExceededException. [CHOICE] AWS
  /// names no number.
  std::size_t web_identity_claims_max{8192};
};

class Sts final : public Service {
 public:
  using Options = StsOptions;

  /// \param random  of the world: issuers, token ids and encoded messages are drawn from it
  Sts(Ledger& ledger, Faults& faults, Iam& iam, Random random = Random{1})
      : Service(api::Service::sts, ledger, faults, dialect(), behaviours(),
                Quotas{api::Service::sts, limit::profiles::of("sts")}),
        iam_(iam),
        tokens_(random.stream("sts.web_identity_tokens")),
        messages_(random.stream("sts.authorization_messages")) {}

  // ---- What a test sets up ----

  [[nodiscard]] Options& options() { return options_; }

  /// Returns its ARN, `arn:aws:iam::ACCOUNT:oidc-provider/HOST/PATH`. One of that URL is replaced.
  std::string add_oidc_provider(const NewOidcProvider& provider);
  /// Returns its ARN. One of that name is replaced.
  std::string add_saml_provider(const NewSamlProvider& provider);
  void set_organization(Organization organization) { organization_ = std::move(organization); }
  void add_trade_in_token(TradeInToken token) { trade_in_tokens_.push_back(std::move(token)); }
  /// Lets the account's principals call GetWebIdentityToken; returns the issuer of their tokens.
  std::string enable_web_identity_tokens(std::string_view account);
  /// `https://UUID.tokens.sts.global.api.aws`, the account's own.
  [[nodiscard]] std::string web_identity_issuer(std::string_view account) const;
  /// From now on the account's credentials are RegionDisabledException there.
  void disable_region(std::string_view account, std::string_view region) {
    disabled_regions_.emplace(account, region);
  }
  /// What DecodeAuthorizationMessage gives back as JSON.
  [[nodiscard]] std::string encode(const AuthorizationMessage& message) const;

  /// Takes all of that back but the options.
  void clear() {
    oidc_providers_.clear();
    saml_providers_.clear();
    organization_ = {};
    trade_in_tokens_.clear();
    web_identity_accounts_.clear();
    disabled_regions_.clear();
  }

  // ---- The operations ----

  [[nodiscard]] std::optional<Failure> check(const api::sts::AssumeRole& request) const;
  [[nodiscard]] std::optional<Failure> check(const api::sts::AssumeRoleWithSAML& request) const;
  [[nodiscard]] std::optional<Failure> check(const api::sts::AssumeRoleWithWebIdentity& request) const;
  [[nodiscard]] std::optional<Failure> check(const api::sts::AssumeRoot& request) const;
  [[nodiscard]] std::optional<Failure> check(const api::sts::GetFederationToken& request) const;
  [[nodiscard]] std::optional<Failure> check(const api::sts::GetSessionToken& request) const;
  [[nodiscard]] std::optional<Failure> check(const api::sts::GetWebIdentityToken& request) const;

  [[nodiscard]] bool authorize(const api::sts::AssumeRole& request, const Caller& caller, Instant now,
                               Failure& failure);
  [[nodiscard]] bool authorize(const api::sts::AssumeRoot& request, const Caller& caller, Instant now,
                               Failure& failure);
  [[nodiscard]] bool authorize(const api::sts::DecodeAuthorizationMessage& request, const Caller& caller,
                               Instant now, Failure& failure);
  [[nodiscard]] bool authorize(const api::sts::GetAccessKeyInfo& request, const Caller& caller, Instant now,
                               Failure& failure);
  [[nodiscard]] bool authorize(const api::sts::GetDelegatedAccessToken& request, const Caller& caller,
                               Instant now, Failure& failure);
  [[nodiscard]] bool authorize(const api::sts::GetFederationToken& request, const Caller& caller, Instant now,
                               Failure& failure);
  [[nodiscard]] bool authorize(const api::sts::GetSessionToken& request, const Caller& caller, Instant now,
                               Failure& failure);
  [[nodiscard]] bool authorize(const api::sts::GetWebIdentityToken& request, const Caller& caller,
                               Instant now, Failure& failure);

  [[nodiscard]] bool on(const api::sts::AssumeRole& request, const Caller& caller, Instant now,
                        api::sts::AssumeRole::Output& answer, Failure& failure);
  [[nodiscard]] Result<api::sts::AssumeRoleWithSAML::Output> on(const api::sts::AssumeRoleWithSAML& request,
                                                                const Caller& caller, Instant now);
  [[nodiscard]] Result<api::sts::AssumeRoleWithWebIdentity::Output> on(
      const api::sts::AssumeRoleWithWebIdentity& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::sts::AssumeRoot::Output> on(const api::sts::AssumeRoot& request,
                                                        const Caller& caller, Instant now);
  [[nodiscard]] Result<api::sts::DecodeAuthorizationMessage::Output> on(
      const api::sts::DecodeAuthorizationMessage& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::sts::GetAccessKeyInfo::Output> on(const api::sts::GetAccessKeyInfo& request,
                                                              const Caller& caller, Instant now);
  [[nodiscard]] Result<api::sts::GetCallerIdentity::Output> on(const api::sts::GetCallerIdentity& request,
                                                               const Caller& caller, Instant now);
  [[nodiscard]] Result<api::sts::GetDelegatedAccessToken::Output> on(
      const api::sts::GetDelegatedAccessToken& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::sts::GetFederationToken::Output> on(const api::sts::GetFederationToken& request,
                                                                const Caller& caller, Instant now);
  [[nodiscard]] Result<api::sts::GetSessionToken::Output> on(const api::sts::GetSessionToken& request,
                                                             const Caller& caller, Instant now);
  [[nodiscard]] Result<api::sts::GetWebIdentityToken::Output> on(const api::sts::GetWebIdentityToken& request,
                                                                 const Caller& caller, Instant now);

 private:
  struct OidcProvider {
    NewOidcProvider made{};
    std::string arn{};
    JsonWebKeys keys{};
  };
  struct SamlProvider {
    NewSamlProvider made{};
    std::string arn{};
  };
  /// A web identity or a SAML subject that asks for a role: who vouches for it, what it brings, and what the
  /// trust policy may ask for.
  struct Applicant {
    std::string_view role_arn{};
    std::string_view provider_arn{};
    std::string_view action{};  ///< `sts:AssumeRoleWithSAML`
    std::string_view session_name{};
    std::string source_identity{};
    std::vector<SessionTag> tags{};
    std::vector<std::pair<std::string, std::string>> keys{};  ///< condition keys: `saml:aud`
    std::optional<std::int64_t> duration_seconds{};
    std::optional<Instant> until{};  ///< the session ends then at the latest
    std::size_t token_size_min{};
  };
  /// A session and the role that it is of.
  struct Assumed {
    const Principal* role{};
    Session session{};
  };

  static Dialect dialect();
  static std::span<const Behaviour> behaviours() {
    static constexpr auto rows = behaviours_of<Sts>(api::OperationsOf<api::Service::sts>::Type{});
    return rows;
  }
  friend class Service;

  bool authenticate(const Arrival& arrival, Instant now, Caller& caller) override;

  /// What the trust policy and, where it does not name the caller in its own account, the caller's policies
  /// say of one action on the role (spec aws.md 3, rule 3).
  [[nodiscard]] bool may(const Caller& caller, const Principal& role, std::string_view action,
                         const aws::ContextSource& context, Instant now);
  /// An action that needs no more than the caller's policies.
  [[nodiscard]] bool permits(const Caller& caller, std::string_view action, std::string_view resource,
                             const aws::ContextSource* context, Instant now, Failure& failure);
  [[nodiscard]] bool has_valid_code(const Caller& caller, const std::optional<std::string>& serial,
                                    const std::optional<std::string>& code, Instant now, Failure& failure);
  /// Nothing, or why the session policies of a request cannot be used.
  [[nodiscard]] std::optional<Failure> take_policies(const std::optional<std::string>& inline_policy,
                                                     const std::vector<api::sts::PolicyDescriptor>& managed,
                                                     std::string_view account, NewSession& session) const;
  /// Issues it, unless its policies are none or too large, or the account has no such Region.
  [[nodiscard]] Result<Session> issue(const Principal& subject, const NewSession& wanted,
                                      const Caller& caller);
  [[nodiscard]] Result<Assumed> assume(const Applicant& applicant,
                                       const std::optional<std::string>& inline_policy,
                                       const std::vector<api::sts::PolicyDescriptor>& managed,
                                       const Caller& caller, Instant now);
  [[nodiscard]] bool trusts(const Principal& role, const Applicant& applicant, std::string_view action) const;
  [[nodiscard]] const OidcProvider* find_oidc_provider(std::string_view account,
                                                       std::string_view issuer) const;
  [[nodiscard]] Result<JsonWebToken> verified_token(const api::sts::AssumeRoleWithWebIdentity& request) const;
  [[nodiscard]] std::optional<Failure> refuse_assertion(const SamlAssertion& assertion,
                                                        const SamlProvider* provider, Instant now) const;
  [[nodiscard]] std::string claims_of(const api::sts::GetWebIdentityToken& request, const Caller& caller,
                                      Instant now, Instant expires);

  Iam& iam_;
  Stream tokens_;
  Stream messages_;
  Options options_{};
  std::uint64_t web_identity_tokens_issued_ = 0;
  std::map<std::string, OidcProvider, std::less<>> oidc_providers_;  // by ARN
  std::map<std::string, SamlProvider, std::less<>> saml_providers_;  // by ARN
  Organization organization_{};
  std::vector<TradeInToken> trade_in_tokens_;
  std::set<std::string, std::less<>> web_identity_accounts_;
  std::set<std::pair<std::string, std::string>> disabled_regions_;
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/sts_assume_inl.hpp>
#include <rushhour/fakes/detail/sts_federation_inl.hpp>
#include <rushhour/fakes/detail/sts_inl.hpp>
#include <rushhour/fakes/detail/sts_tokens_inl.hpp>
#endif
