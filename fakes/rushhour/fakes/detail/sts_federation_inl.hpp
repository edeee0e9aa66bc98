#pragma once

#include <openssl/evp.h>

#include <array>
#include <nlohmann/json.hpp>

#include <rushhour/detail/base64.hpp>
#include <rushhour/fakes/condition_keys.hpp>
#include <rushhour/fakes/detail/sts_answers.hpp>
#include <rushhour/fakes/saml_assertion.hpp>
#include <rushhour/fakes/sts.hpp>

namespace rushhour::fakes {

namespace detail {

/// What names a provider in ARNs and condition keys: `token.actions.githubusercontent.com`.
RUSHHOUR_INLINE std::string_view without_scheme(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  return url.starts_with(scheme) ? url.substr(scheme.size()) : url;
}

RUSHHOUR_INLINE std::string account_of(std::string_view arn) {
  const auto parsed = aws::parse_arn(arn);
  return parsed ? std::string{parsed->account} : std::string{};
}

/// The claims of a token, as far as STS reads them.
class Claims {
 public:
  explicit Claims(const std::string& text) : json_(nlohmann::json::parse(text, nullptr, false)) {}

  [[nodiscard]] std::string text(const char* name) const {
    const auto found = json_.find(name);
    return found != json_.end() && found->is_string() ? found->get<std::string>() : std::string{};
  }
  [[nodiscard]] std::optional<std::int64_t> number(const char* name) const {
    const auto found = json_.find(name);
    if (found == json_.end() || !found->is_number()) return std::nullopt;
    if (found->is_number_integer()) return found->get<std::int64_t>();
    const auto seconds = found->get<double>();  // NumericDate may have a fraction, which is cut off
    if (!(seconds > -1e11 && seconds < 1e11)) return std::nullopt;
    return static_cast<std::int64_t>(seconds);
  }
  /// A text, or each text of a list.
  [[nodiscard]] std::vector<std::string> texts(const char* name) const { return texts_of(json_, name); }

  /// The audience that is one of these; empty: none is. DOC: `azp`, where it is there, stands for `aud`.
  [[nodiscard]] std::string audience_among(const std::vector<std::string>& accepted) const {
    std::vector<std::string> audiences = texts("azp");
    if (audiences.empty()) audiences = texts("aud");
    for (std::string& each : audiences) {
      if (std::find(accepted.begin(), accepted.end(), each) != accepted.end()) return std::move(each);
    }
    return {};
  }

  /// `https://aws.amazon.com/tags` (DOC "Passing session tags using AssumeRoleWithWebIdentity").
  [[nodiscard]] std::vector<SessionTag> tags() const {
    std::vector<SessionTag> out;
    const auto claim = json_.find("https://aws.amazon.com/tags");
    if (claim == json_.end() || !claim->is_object()) return out;
    const auto pairs = claim->find("principal_tags");
    if (pairs == claim->end() || !pairs->is_object()) return out;
    const std::vector<std::string> transitive = texts_of(*claim, "transitive_tag_keys");
    for (const auto& item : pairs->items()) {
      const std::vector<std::string> values = texts_of(*pairs, item.key().c_str());
      const bool goes_on = std::find(transitive.begin(), transitive.end(), item.key()) != transitive.end();
      out.push_back(
          {.key = item.key(), .value = values.empty() ? "" : values.front(), .is_transitive = goes_on});
    }
    return out;
  }

 private:
  static std::vector<std::string> texts_of(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end()) return {};
    if (found->is_string()) return {found->get<std::string>()};
    std::vector<std::string> out;
    for (const nlohmann::json& each : *found) {
      if (each.is_string()) out.push_back(each.get<std::string>());
    }
    return out;
  }

  nlohmann::json json_;
};

/// The claims that are condition keys of every provider, `PROVIDER:sub`.
inline constexpr std::array<const char*, 4> claims_as_keys{"sub", "amr", "email", "azp"};

RUSHHOUR_INLINE Failure unreachable_provider(std::string_view provider) {  // [MEM] the text
  return sts_failure(400, "IDPCommunicationError",
                     aws::detail::joined({"The identity provider ", provider, " could not be reached."}));
}

/// Nothing, or what is wrong with a token that its provider did sign.
RUSHHOUR_INLINE std::optional<Failure> refuse_claims(const Claims& claims, const std::string& audience,
                                                     const std::vector<std::string>& rejected, Instant now) {
  const auto expires = claims.number("exp");
  const std::string subject = claims.text("sub");
  if (!expires || subject.empty()) {  // [MEM]
    return invalid_identity_token(std::string{"Missing a required claim: "} + (expires ? "sub" : "exp"));
  }
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  if (seconds >= *expires) {  // [REC Envoy's aws_credentials tests, 2025]
    return sts_failure(400, "ExpiredTokenException",
                       "Token expired: current date/time " + std::to_string(seconds) +
                           " must be before the expiration date/time " + std::to_string(*expires));
  }
  if (audience.empty()) return invalid_identity_token("Incorrect token audience");  // [REC]
  if (std::find(rejected.begin(), rejected.end(), subject) == rejected.end()) return std::nullopt;
  return sts_failure(403, "IDPRejectedClaim", "The identity provider rejected the claim.");  // [MEM] the text
}

RUSHHOUR_INLINE Failure saml_failure(std::string_view text, std::string_view code) {
  return invalid_identity_token(aws::detail::joined(
      {text, " (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: ", code, ")"}));
}

/// DOC of AssumeRoleWithSAML: BASE64 ( SHA1 ( "https://example.com/saml" + "123456789012" + "/MySAMLIdP" ) )
RUSHHOUR_INLINE std::string name_qualifier(std::string_view issuer, std::string_view account,
                                           std::string_view provider) {
  const std::string text = aws::detail::joined({issuer, account, "/", provider});
  std::string digest(20, '\0');
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha1(),
             nullptr);
  std::string out;
  rushhour::detail::append_base64(out, digest);
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE std::string Sts::add_oidc_provider(const NewOidcProvider& provider) {
  std::string arn = aws::detail::joined(
      {"arn:aws:iam::", provider.account, ":oidc-provider/", detail::without_scheme(provider.url)});
  oidc_providers_.insert_or_assign(
      arn, OidcProvider{.made = provider, .arn = arn, .keys = JsonWebKeys::read(provider.keys)});
  return arn;
}

RUSHHOUR_INLINE std::string Sts::add_saml_provider(const NewSamlProvider& provider) {
  std::string arn =
      aws::detail::joined({"arn:aws:iam::", provider.account, ":saml-provider/", provider.name});
  saml_providers_.insert_or_assign(arn, SamlProvider{.made = provider, .arn = arn});
  return arn;
}

RUSHHOUR_INLINE const Sts::OidcProvider* Sts::find_oidc_provider(std::string_view account,
                                                                 std::string_view issuer) const {
  const auto found = oidc_providers_.find(
      aws::detail::joined({"arn:aws:iam::", account, ":oidc-provider/", detail::without_scheme(issuer)}));
  return found == oidc_providers_.end() ? nullptr : &found->second;
}

/// The document is compiled anew, since a provider's keys bear its name and none but its own are known.
RUSHHOUR_INLINE bool Sts::trusts(const Principal& role, const Applicant& applicant,
                                 std::string_view action) const {
  std::vector<std::string_view> known{condition_keys.begin(), condition_keys.end()};
  aws::ContextValues values;
  for (const auto& [key, value] : applicant.keys) {
    known.push_back(key);
    values.add(key, value);
  }
  // A condition on a claim that this token lacks is known as well.
  const std::string provider{applicant.provider_arn.substr(applicant.provider_arn.find('/') + 1)};
  std::vector<std::string> lacking;
  for (const char* claim : detail::claims_as_keys) lacking.push_back(provider + ":" + claim);
  known.insert(known.end(), lacking.begin(), lacking.end());
  values.add("sts:RoleSessionName", std::string{applicant.session_name});
  values.add("aws:FederatedProvider", std::string{applicant.provider_arn});
  if (!applicant.source_identity.empty()) values.add("sts:SourceIdentity", applicant.source_identity);
  detail::add_tag_keys(applicant.tags, values);
  for (const SessionTag& tag : applicant.tags) {
    if (tag.is_transitive) values.add("sts:TransitiveTagKeys", tag.key);
  }
  const aws::PrincipalIdentity identity{.federated = applicant.provider_arn};
  const aws::Policy trust = aws::Policy::compile({.kind = aws::PolicyKind::trust,
                                                  .text = role.trust_document,
                                                  .known_keys = known,
                                                  .unknown_principal = aws::UnknownPrincipal::note});
  const auto decision = trust.evaluate(
      {.action = action, .resource = role.arn, .principal = &identity, .values = values.view()});
  return decision.effect == aws::Effect::allow;
}

RUSHHOUR_INLINE Result<Sts::Assumed> Sts::assume(const Applicant& applicant,
                                                 const std::optional<std::string>& inline_policy,
                                                 const std::vector<api::sts::PolicyDescriptor>& managed,
                                                 const Caller& caller, Instant now) {
  const Principal* const role = iam_.find_role(applicant.role_arn);
  const auto allows = [&](std::string_view action) {
    return role != nullptr && role->trust && trusts(*role, applicant, action);
  };
  if (!allows(applicant.action) || (!applicant.tags.empty() && !allows("sts:TagSession")) ||
      (!applicant.source_identity.empty() && !allows("sts:SetSourceIdentity"))) {
    // [REC many public logs; DOC "Troubleshoot SAML federation"] One text, whatever is lacking.
    return detail::sts_access_denied("Not authorized to perform " + std::string{applicant.action});
  }
  const std::chrono::seconds length{applicant.duration_seconds.value_or(3600)};
  if (length > role->session_duration_max) {  // [REC public logs]
    return detail::sts_validation_error(
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  NewSession wanted{.kind = CallerKind::role,
                    .name = applicant.session_name,
                    .now = now,
                    .length = length,
                    .tags = applicant.tags,
                    .source_identity = applicant.source_identity,
                    .token_size_min = applicant.token_size_min};
  if (applicant.until) wanted.length = std::min(wanted.length, *applicant.until - now);
  if (auto refusal = take_policies(inline_policy, managed, role->account_id, wanted)) {
    return std::move(*refusal);
  }
  Result<Session> session = issue(*role, wanted, caller);
  if (!session.ok()) return std::move(session).failure();
  return Assumed{.role = role, .session = std::move(*session)};
}

// ---- AssumeRoleWithWebIdentity ----

RUSHHOUR_INLINE std::optional<Failure> Sts::check(const api::sts::AssumeRoleWithWebIdentity& request) const {
  if (detail::is_role_arn(request.role_arn)) return std::nullopt;
  return detail::sts_validation_error(
      "Request ARN is invalid");  // [REC aws-actions/configure-aws-credentials]
}

/// Who signed it, for whom: nothing of what the claims say is looked at but the issuer.
RUSHHOUR_INLINE Result<JsonWebToken> Sts::verified_token(
    const api::sts::AssumeRoleWithWebIdentity& request) const {
  if (request.provider_id) {  // DOC: for access tokens of www.amazon.com and graph.facebook.com only
    return detail::unreachable_provider(*request.provider_id);
  }
  auto token = read_json_web_token(request.web_identity_token);
  if (!token) {  // [REC]
    return detail::invalid_identity_token(
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
  }
  const std::string issuer = detail::Claims{token->claims}.text("iss");
  const OidcProvider* const provider = find_oidc_provider(detail::account_of(request.role_arn), issuer);
  if (provider == nullptr) {  // [REC]
    return detail::invalid_identity_token("No OpenIDConnect provider found in your account for " + issuer);
  }
  if (!provider->made.is_reachable) return detail::unreachable_provider(issuer);
  if (!provider->keys.verify(*token)) {  // [REC]
    return detail::invalid_identity_token(
        "Couldn't retrieve verification key from your identity provider,  please reference "
        "AssumeRoleWithWebIdentity documentation for requirements");
  }
  return std::move(*token);
}

RUSHHOUR_INLINE Result<api::sts::AssumeRoleWithWebIdentity::Output> Sts::on(
    const api::sts::AssumeRoleWithWebIdentity& request, const Caller& caller, Instant now) {
  const Result<JsonWebToken> token = verified_token(request);
  if (!token.ok()) return token.failure();
  const detail::Claims claims{token->claims};
  const std::string issuer = claims.text("iss");
  const std::string subject = claims.text("sub");
  const OidcProvider& provider = *find_oidc_provider(detail::account_of(request.role_arn), issuer);
  const std::string audience = claims.audience_among(provider.made.client_ids);
  if (auto refusal = detail::refuse_claims(claims, audience, provider.made.rejected_subjects, now)) {
    return std::move(*refusal);
  }
  const std::string prefix = std::string{detail::without_scheme(issuer)} + ":";
  Applicant applicant{.role_arn = request.role_arn,
                      .provider_arn = provider.arn,
                      .action = "sts:AssumeRoleWithWebIdentity",
                      .session_name = request.role_session_name,
                      .source_identity = claims.text("https://aws.amazon.com/source_identity"),
                      .tags = claims.tags(),
                      .keys = {{prefix + "aud", audience}},
                      .duration_seconds = request.duration_seconds,
                      .token_size_min = detail::token_size_min(request.minimum_session_token_size)};
  for (const char* claim : detail::claims_as_keys) {
    for (std::string& value : claims.texts(claim)) {
      applicant.keys.emplace_back(prefix + claim, std::move(value));
    }
  }
  Result<Assumed> assumed = assume(applicant, request.policy, request.policy_arns, caller, now);
  if (!assumed.ok()) return std::move(assumed).failure();
  api::sts::AssumeRoleWithWebIdentity::Output output{
      .subject_from_web_identity_token = subject,
      .assumed_role_user = detail::assumed_role_user(*assumed->role, request.role_session_name),
      .packed_policy_size = assumed->session.packed_policy_size,
      .provider = issuer,
      .audience = audience,
      .source_identity = std::move(applicant.source_identity)};
  detail::give_token_size(assumed->session, output);
  detail::give(assumed->session, output.credentials);
  return output;
}

// ---- AssumeRoleWithSAML ----

RUSHHOUR_INLINE std::optional<Failure> Sts::check(const api::sts::AssumeRoleWithSAML& request) const {
  if (detail::is_role_arn(request.role_arn)) return std::nullopt;
  return detail::sts_validation_error(request.role_arn + " is invalid");  // [MEM], as of AssumeRole
}

/// DOC "Troubleshoot SAML federation with IAM", each text, unless it says otherwise.
RUSHHOUR_INLINE std::optional<Failure> Sts::refuse_assertion(const SamlAssertion& assertion,
                                                             const SamlProvider* provider,
                                                             Instant now) const {
  if (provider == nullptr) {  // [REC jenkinsci pipeline-aws-plugin's tests]
    return detail::saml_failure("Specified provider doesn't exist", "AuthSamlManifestNotFoundException");
  }
  if (options_.saml_signatures == SamlSignatures::refused) {
    return detail::invalid_identity_token("Response signature invalid");
  }
  if (assertion.issuer != provider->made.issuer) {
    return detail::saml_failure("Issuer not present in specified provider",
                                "AuthSamlInvalidSamlResponseException");
  }
  const bool is_late = (assertion.not_on_or_after && now >= *assertion.not_on_or_after) ||
                       !assertion.issued || now >= *assertion.issued + std::chrono::minutes{5};
  if (is_late) {  // [REC public logs]
    return detail::sts_failure(400, "ExpiredTokenException",
                               "Token must be redeemed within 5 minutes of issuance");
  }
  if (!assertion.role_session_name) {
    return detail::invalid_identity_token("RoleSessionName is required in AuthnResponse");
  }
  const std::string& name = *assertion.role_session_name;
  if (name.size() < 2 || name.size() > 64 || !aws::is_session_name(name)) {
    return detail::invalid_identity_token(
        "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}");
  }
  return std::nullopt;
}

RUSHHOUR_INLINE Result<api::sts::AssumeRoleWithSAML::Output> Sts::on(
    const api::sts::AssumeRoleWithSAML& request, const Caller& caller, Instant now) {
  const auto assertion = read_saml_assertion(request.saml_assertion);
  if (!assertion) {  // [REC] the real text goes on with a request id
    return detail::saml_failure("Invalid base64 SAMLResponse", "AuthSamlInvalidSamlResponseException");
  }
  const auto found = saml_providers_.find(request.principal_arn);
  const SamlProvider* const provider = found == saml_providers_.end() ? nullptr : &found->second;
  if (auto refusal = refuse_assertion(*assertion, provider, now)) return std::move(*refusal);
  const std::pair<std::string, std::string> wanted{request.role_arn, request.principal_arn};
  const bool is_offered =
      std::find(assertion->roles.begin(), assertion->roles.end(), wanted) != assertion->roles.end();
  const bool is_one_account =
      detail::account_of(request.role_arn) == detail::account_of(request.principal_arn);
  if (!is_offered || !is_one_account || assertion->subject.empty()) {  // DOC
    return detail::sts_access_denied("Not authorized to perform sts:AssumeRoleWithSAML");
  }
  Applicant applicant{.role_arn = request.role_arn,
                      .provider_arn = request.principal_arn,
                      .action = "sts:AssumeRoleWithSAML",
                      .session_name = *assertion->role_session_name,
                      .source_identity = assertion->source_identity,
                      .keys = {{"saml:aud", assertion->recipient},
                               {"saml:iss", assertion->issuer},
                               {"saml:sub", assertion->subject},
                               {"saml:sub_type", assertion->subject_type}},
                      .duration_seconds = request.duration_seconds,
                      .until = assertion->session_not_on_or_after,
                      .token_size_min = detail::token_size_min(request.minimum_session_token_size)};
  for (const auto& [key, value] : assertion->principal_tags) {
    const auto& keys = assertion->transitive_tag_keys;
    applicant.tags.push_back({.key = key,
                              .value = value,
                              .is_transitive = std::find(keys.begin(), keys.end(), key) != keys.end()});
  }
  Result<Assumed> assumed = assume(applicant, request.policy, request.policy_arns, caller, now);
  if (!assumed.ok()) return std::move(assumed).failure();
  api::sts::AssumeRoleWithSAML::Output output{
      .assumed_role_user = detail::assumed_role_user(*assumed->role, applicant.session_name),
      .packed_policy_size = assumed->session.packed_policy_size,
      .subject = assertion->subject,
      .subject_type = assertion->subject_type,
      .issuer = assertion->issuer,
      .audience = assertion->recipient,
      .name_qualifier =
          detail::name_qualifier(assertion->issuer, provider->made.account, provider->made.name),
      .source_identity = assertion->source_identity};
  detail::give_token_size(assumed->session, output);
  detail::give(assumed->session, output.credentials);
  return output;
}

}  // namespace rushhour::fakes
