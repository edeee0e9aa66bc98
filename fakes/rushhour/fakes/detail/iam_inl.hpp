#pragma once

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/iam.hpp>

namespace rushhour::fakes {

// Codes and statuses: spec aws.md 2.3, from recordings (REC), documentation (DOC) and, where it says so,
// memory (MEM).

RUSHHOUR_INLINE const Iam::AuthenticationErrors& Iam::query_errors() {
  static const AuthenticationErrors errors{
      .missing = {.outcome = Outcome::denied, .status = 403, .code = "MissingAuthenticationToken"},
      .malformed = {.outcome = Outcome::denied, .status = 400, .code = "IncompleteSignature"},
      .unknown_key = {.outcome = Outcome::denied, .status = 403, .code = "InvalidClientTokenId"},
      // [REC aws-sdk-java-v2#1649] The model says 400 ExpiredTokenException, the wire does not.
      .expired = {.outcome = Outcome::expired, .status = 403, .code = "ExpiredToken"},
      .mismatch = {.outcome = Outcome::denied, .status = 403, .code = "SignatureDoesNotMatch"}};
  return errors;
}

RUSHHOUR_INLINE const Iam::AuthenticationErrors& Iam::json_errors() {
  static const AuthenticationErrors errors{
      .missing = {.outcome = Outcome::denied,
                  .status = 400,
                  .code = "MissingAuthenticationTokenException"},  // MEM
      .malformed = {.outcome = Outcome::denied,
                    .status = 400,
                    .code = "IncompleteSignatureException"},  // MEM
      .unknown_key = {.outcome = Outcome::denied, .status = 400, .code = "UnrecognizedClientException"},
      .expired = {.outcome = Outcome::expired, .status = 400, .code = "ExpiredTokenException"},  // MEM
      .mismatch = {.outcome = Outcome::denied, .status = 400, .code = "InvalidSignatureException"}};
  return errors;
}

namespace detail {

RUSHHOUR_INLINE bool refuse(const Arrival& arrival, const Iam::AuthenticationErrors& errors,
                            const aws::VerifyFailure& why) {
  using Kind = aws::VerifyFailure::Kind;
  const Failure& style = why.kind == Kind::missing           ? errors.missing
                         : why.kind == Kind::malformed       ? errors.malformed
                         : why.kind == Kind::unknown_key     ? errors.unknown_key
                         : why.kind == Kind::expired_session ? errors.expired
                                                             : errors.mismatch;
  arrival.failure = style;
  arrival.failure.message = why.message;
  return false;
}

}  // namespace detail

namespace detail {

/// The condition keys that the fakes give to policies when the request has them.
inline constexpr std::array<std::string_view, 4> condition_keys{"aws:PrincipalAccount", "aws:PrincipalArn",
                                                                "sts:ExternalId", "sts:RoleSessionName"};

RUSHHOUR_INLINE aws::Policy compile_policy(aws::PolicyKind kind, std::string_view text,
                                           std::string_view owner) {
  const std::string file =
      std::string{kind == aws::PolicyKind::trust ? "trust policy of " : "policy of "} + std::string{owner};
  return aws::Policy::compile({.kind = kind, .text = text, .known_keys = condition_keys, .file = file});
}

RUSHHOUR_INLINE aws::PrincipalIdentity identity_of(const Principal& subject, std::string_view arn) {
  const bool is_role = subject.kind == Principal::Kind::role;
  return {.arn = arn,
          .role_arn = is_role ? std::string_view{subject.arn} : std::string_view{},
          .account_id = subject.account_id};
}

}  // namespace detail

RUSHHOUR_INLINE Principal& Iam::add(Principal principal) {
  RUSHHOUR_ASSERT(aws::is_account_id(principal.account_id), "an account id has 12 digits");
  principal.index = static_cast<std::uint32_t>(principals_.size());
  principal.arn_name = names_.intern(principal.arn);
  principal.account = names_.intern(principal.account_id);
  by_arn_.insert_or_assign(principal.arn, principal.index);
  last_found_ = principal.index;
  remembered_.fill({});
  return principals_.emplace_back(std::move(principal));
}

RUSHHOUR_INLINE std::string Iam::unique_id(std::string_view prefix) {
  using Tokens = detail::SessionTokens;
  return std::string{prefix} +
         Tokens::letters(identifiers_.part(identifiers_drawn_++), 0, 17, Tokens::base32, 5);
}

RUSHHOUR_INLINE std::string Iam::add_role(const NewRole& role) {
  Principal made{.kind = Principal::Kind::role,
                 .arn = aws::role_arn({.account = role.account, .name = role.name, .path = role.path}),
                 .account_id = role.account,
                 .name = role.name,
                 .unique_id = unique_id("AROA"),
                 .session_duration_max = role.session_duration_max};
  made.trust = detail::compile_policy(aws::PolicyKind::trust, role.trust_policy, made.arn);
  for (const std::string& document : role.policies) {
    made.policies.push_back(detail::compile_policy(aws::PolicyKind::identity, document, made.arn));
  }
  return add(std::move(made)).arn;
}

RUSHHOUR_INLINE aws::Credentials Iam::add_user(const NewUser& user) {
  Principal made{.kind = Principal::Kind::user,
                 .arn = aws::user_arn({.account = user.account, .name = user.name, .path = user.path}),
                 .account_id = user.account,
                 .name = user.name,
                 .unique_id = unique_id("AIDA")};
  for (const std::string& document : user.policies) {
    made.policies.push_back(detail::compile_policy(aws::PolicyKind::identity, document, made.arn));
  }
  using Tokens = detail::SessionTokens;
  const Stream letters = identifiers_.part(identifiers_drawn_++);
  aws::Credentials key{.access_key_id = "AKIA" + Tokens::letters(letters, 0, 16, Tokens::base32, 5),
                       .secret_access_key = Tokens::letters(letters, 16, 40, Tokens::base64, 6)};
  const Principal& added = add(std::move(made));
  access_keys_.insert_or_assign(key.access_key_id, AccessKey{key.secret_access_key, added.index});
  return key;
}

RUSHHOUR_INLINE void Iam::add_policy(std::string_view principal_arn, std::string_view document) {
  const auto known = by_arn_.find(principal_arn);
  RUSHHOUR_ASSERT(known != by_arn_.end(), "no such role or user");
  principals_[known->second].policies.push_back(
      detail::compile_policy(aws::PolicyKind::identity, document, principal_arn));
  remembered_.fill({});
}

RUSHHOUR_INLINE void Iam::set_trust_policy(std::string_view role_arn, std::string_view document) {
  const auto known = by_arn_.find(role_arn);
  RUSHHOUR_ASSERT(known != by_arn_.end(), "no such role");
  principals_[known->second].trust = detail::compile_policy(aws::PolicyKind::trust, document, role_arn);
}

RUSHHOUR_INLINE const Principal* Iam::find(std::string_view arn) {
  if (last_found_ < principals_.size() && principals_[last_found_].arn == arn)
    return &principals_[last_found_];
  const auto known = by_arn_.find(arn);
  if (known == by_arn_.end()) return nullptr;
  last_found_ = known->second;
  return &principals_[last_found_];
}

RUSHHOUR_INLINE std::string Iam::arn_of(const Caller& caller) const {
  const Principal& subject = principal(caller);
  if (!caller.is_session) return subject.arn;
  return aws::assumed_role_arn(
      {.account = subject.account_id, .role = subject.name, .session = caller.session.text()});
}

RUSHHOUR_INLINE std::string_view Iam::remembered_arn(const Caller& caller) {
  if (!caller.is_session) return principal(caller).arn;
  if (last_arn_.subject != caller.subject || last_arn_.session != caller.session.text() ||
      last_arn_.arn.empty()) {
    last_arn_ = {caller.subject, std::string{caller.session.text()}, arn_of(caller)};
  }
  return last_arn_.arn;
}

RUSHHOUR_INLINE Session Iam::issue(const Principal& role, std::string_view session_name, Instant now,
                                   Duration length) {
  RUSHHOUR_ASSERT(role.kind == Principal::Kind::role, "only roles have sessions");
  const detail::SessionClaims claims{.role = role.index,
                                     .serial = ++sessions_issued_,
                                     .issued = now,
                                     .expires = std::chrono::floor<std::chrono::seconds>(now + length),
                                     .name = SessionName{session_name}};
  return {.credentials = tokens_.issue(claims), .expires = claims.expires};
}

RUSHHOUR_INLINE std::optional<std::string> Iam::secret_of(std::string_view access_key_id,
                                                          std::string_view session_token) const {
  if (!session_token.empty()) {
    const auto claims = tokens_.read(access_key_id, session_token);
    return claims ? std::optional{tokens_.secret(claims->serial)} : std::nullopt;
  }
  const auto known = access_keys_.find(access_key_id);
  return known == access_keys_.end() ? std::nullopt : std::optional{known->second.secret};
}

RUSHHOUR_INLINE bool Iam::authenticate(const Arrival& arrival, Instant now, Caller& caller,
                                       const AuthenticationErrors& errors) {
  using Kind = aws::VerifyFailure::Kind;
  if (arrival.signature != nullptr &&
      (arrival.signature->kind == Kind::missing || arrival.signature->kind == Kind::malformed)) {
    return detail::refuse(arrival, errors, *arrival.signature);
  }
  const auto* credentials = std::get_if<aws::Credentials>(&arrival.identity);
  if (credentials == nullptr) {
    return detail::refuse(arrival, errors, {Kind::missing, "Missing Authentication Token"});
  }
  const bool is_message = arrival.decode != nullptr;
  const auto identify = [&](std::uint32_t subject) {
    caller.subject = subject;
    caller.principal = principals_[subject].arn_name;
    caller.account = principals_[subject].account;
  };
  if (!credentials->session_token.empty()) {
    auto claims = is_message ? tokens_.read(credentials->access_key_id, credentials->session_token)
                             : tokens_.check(*credentials);
    const bool secret_is_wrong = !claims && !is_message;
    if (secret_is_wrong) claims = tokens_.read(credentials->access_key_id, credentials->session_token);
    if (!claims || claims->role >= principals_.size()) {
      return detail::refuse(arrival, errors, aws::VerifyFailure::unknown_key());
    }
    identify(claims->role);
    if (now >= claims->expires) return detail::refuse(arrival, errors, aws::VerifyFailure::expired_session());
    if (secret_is_wrong) return detail::refuse(arrival, errors, aws::VerifyFailure::mismatch());
    caller.is_session = true;
    caller.session = claims->name;
  } else {
    const auto known = access_keys_.find(credentials->access_key_id);
    if (known == access_keys_.end())
      return detail::refuse(arrival, errors, aws::VerifyFailure::unknown_key());
    identify(known->second.user);
    if (!is_message && known->second.secret != credentials->secret_access_key) {
      return detail::refuse(arrival, errors, aws::VerifyFailure::mismatch());
    }
  }
  if (arrival.signature != nullptr) return detail::refuse(arrival, errors, *arrival.signature);
  return true;
}

RUSHHOUR_INLINE Iam::Decision Iam::evaluate(const Caller& caller, std::string_view action,
                                            std::string_view resource,
                                            std::span<const aws::ContextValue> values) {
  const aws::PrincipalIdentity identity = detail::identity_of(principal(caller), remembered_arn(caller));
  bool allowed = false;
  for (const aws::Policy& policy : principal(caller).policies) {
    const aws::Decision said =
        policy.evaluate({.action = action, .resource = resource, .principal = &identity, .values = values});
    if (said.effect == aws::Effect::deny) return Decision::denied;
    allowed = allowed || said.effect == aws::Effect::allow;
  }
  return allowed ? Decision::allowed : Decision::not_allowed;
}

RUSHHOUR_INLINE Iam::Decision Iam::authorize(const Caller& caller, std::string_view action,
                                             std::string_view resource,
                                             std::span<const aws::ContextValue> values) {
  // The slot need only spread: what it holds is compared.
  const auto end = static_cast<unsigned char>(resource.empty() ? 0 : resource.back());
  Remembered& slot =
      remembered_[(caller.subject * 31 + action.size() * 7 + resource.size() + end) % remembered_.size()];
  if (slot.used && slot.subject == caller.subject && slot.resource == resource && slot.action == action) {
    return slot.decision;
  }
  const Decision decision = evaluate(caller, action, resource, values);
  for (const aws::Policy& policy : principal(caller).policies) {
    if (policy.reads_conditions()) return decision;
  }
  slot = {true, caller.subject, std::string{action}, std::string{resource}, decision};
  return decision;
}

RUSHHOUR_INLINE bool Iam::may_assume(const Caller& caller, const api::sts::AssumeRole& request) {
  const Principal* role = find(request.role_arn);
  if (role == nullptr || !role->trust) return false;
  const Principal& subject = principal(caller);
  const aws::PrincipalIdentity identity = detail::identity_of(subject, remembered_arn(caller));
  const std::string_view external_id = request.external_id ? std::string_view{*request.external_id} : "";
  const std::array<aws::ContextValue, 4> values{{{"sts:RoleSessionName", request.role_session_name},
                                                 {"aws:PrincipalArn", subject.arn},
                                                 {"aws:PrincipalAccount", subject.account_id},
                                                 {"sts:ExternalId", external_id}}};
  const std::span<const aws::ContextValue> present{values.data(), request.external_id ? values.size() : 3};
  const aws::Decision trust = role->trust->evaluate(
      {.action = "sts:AssumeRole", .resource = role->arn, .principal = &identity, .values = present});
  if (trust.effect != aws::Effect::allow) return false;
  const Decision own = authorize(caller, "sts:AssumeRole", role->arn, present);
  if (own == Decision::denied) return false;
  const bool same_account = subject.account_id == role->account_id;
  return own == Decision::allowed || (same_account && trust.principal > aws::PrincipalMatch::account);
}

}  // namespace rushhour::fakes
