/// \file
/// What STS must be told besides IAM's principals, as data: identity providers, the organisation, trade-in
/// tokens, and the messages that DecodeAuthorizationMessage reads. What STS does with it: sts.hpp.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// An OpenID Connect provider of an account, as IAM's CreateOpenIDConnectProvider makes it. The real service
/// fetches the keys from the issuer; here they are given.
struct NewOidcProvider {
  std::string account{};  ///< 12 digits
  std::string url{};      ///< the tokens' `iss`: `https://token.actions.githubusercontent.com`
  std::vector<std::string> client_ids{};  ///< the audiences that it accepts
  std::string keys{};                     ///< a JWK set or a public key in PEM; a mistake throws InputError
  bool is_reachable{true};                ///< false: IDPCommunicationError
  /// `sub` of whom the provider has since refused: IDPRejectedClaim.
  std::vector<std::string> rejected_subjects{};
};

/// A SAML provider of an account.
struct NewSamlProvider {
  std::string account{};
  std::string name{};    ///< `arn:aws:iam::ACCOUNT:saml-provider/NAME`
  std::string issuer{};  ///< the entityID of its metadata
};

/// Who may call AssumeRoot, and for which accounts. Empty, as at the start: nobody.
struct Organization {
  std::string management_account{};
  std::vector<std::string> delegated_administrators{};  ///< for IAM
  std::vector<std::string> members{};                   ///< with centralised root access
};

/// A token that somebody was given to trade in at GetDelegatedAccessToken.
struct TradeInToken {
  std::string token{};
  std::string principal_arn{};             ///< the role or user that delegated its access
  std::string session_name{"delegated"};   ///< of a role's session
  Instant expires{};                       ///< of the trade-in token
  Duration length{std::chrono::hours{1}};  ///< of the credentials
  std::vector<std::string> policies{};     ///< session policies, JSON text
};

/// Why a request was refused, as DecodeAuthorizationMessage tells it.
struct AuthorizationMessage {
  bool is_explicit_deny{};
  std::string principal_id{};  ///< `AIDA...`
  std::string principal_name{};
  std::string principal_arn{};
  std::string action{};
  std::string resource{};
  std::vector<std::pair<std::string, std::string>> conditions{};  ///< keys of the request and their values
};

}  // namespace rushhour::fakes
