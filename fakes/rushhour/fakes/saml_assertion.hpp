/// \file
/// What a SAML 2.0 response says that AWS reads. Its signature is not looked at: XML signatures need a
/// canonical form of XML, which the fakes do not carry (see StsOptions::saml_signatures).
///
/// Source: "Configure SAML assertions for the authentication response" (IAM User Guide, spec tag DOC).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

struct SamlAssertion {
  std::string issuer{};
  std::string subject{};       ///< NameID; empty: there is none
  std::string subject_type{};  ///< its Format, without `urn:oasis:names:tc:SAML:2.0:nameid-format:`
  std::string recipient{};     ///< of SubjectConfirmationData: what AWS calls the audience
  std::optional<Instant> issued{};
  std::optional<Instant> not_on_or_after{};          ///< of SubjectConfirmationData
  std::optional<Instant> session_not_on_or_after{};  ///< of AuthnStatement

  // Attributes of https://aws.amazon.com/SAML/Attributes/:
  std::vector<std::pair<std::string, std::string>> roles{};  ///< role ARN and provider ARN
  std::optional<std::string> role_session_name{};
  std::string source_identity{};
  std::vector<std::pair<std::string, std::string>> principal_tags{};
  std::vector<std::string> transitive_tag_keys{};
};

/// A Response with one Assertion, or an Assertion, in base64; nothing for what cannot be read.
[[nodiscard]] std::optional<SamlAssertion> read_saml_assertion(std::string_view base64);

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/saml_assertion_inl.hpp>
#endif
