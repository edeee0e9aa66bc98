#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/detail/session_extras.hpp>
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
  if (why.kind == Kind::request_expired) {  // DOC: "Common Errors"; the same in both protocols
    arrival.failure = {Outcome::expired, 400, "RequestExpired", why.message};
    return false;
  }
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

// ---- Sessions ----

RUSHHOUR_INLINE Session Iam::issue(const Principal& role, std::string_view session_name, Instant now,
                                   Duration length) {
  RUSHHOUR_ASSERT(role.kind == Principal::Kind::role, "only roles have such sessions");
  return issue(role, {.name = session_name, .now = now, .length = length});
}

RUSHHOUR_INLINE Session Iam::issue(const Principal& subject, const NewSession& wanted) {
  const detail::SessionClaims claims{
      .subject = subject.index,
      .serial = ++sessions_issued_,
      .account = subject.account_number,
      .issued = wanted.now,
      .expires = std::chrono::floor<std::chrono::seconds>(wanted.now + wanted.length),
      .kind = wanted.kind,
      .is_multi_factor = wanted.is_multi_factor,
      .has_extras = detail::has_extras(wanted),
      .name = SessionName{wanted.name}};
  if (!claims.has_extras) {
    return {.credentials = tokens_.issue(claims, {}, wanted.token_size_min),
            .expires = claims.expires,
            .packed_policy_size = {}};
  }
  const std::string extras = detail::pack_extras(wanted);
  RUSHHOUR_ASSERT(extras.size() <= detail::SessionTokens::extras_size_max,
                  "packed_policy_size() is over 100");
  learn(claims, extras);  // a mistake in a policy shows now
  return {.credentials = tokens_.issue(claims, extras, wanted.token_size_min),
          .expires = claims.expires,
          .packed_policy_size = packed_policy_size(wanted)};
}

RUSHHOUR_INLINE std::optional<std::int64_t> Iam::packed_policy_size(const NewSession& wanted) const {
  if (!detail::has_packed_policies(wanted)) return std::nullopt;
  const std::size_t size = detail::pack_policies(wanted).size();
  const std::size_t whole = options_.packed_policy_bytes_max;
  return static_cast<std::int64_t>((100 * size + whole - 1) / whole);
}

RUSHHOUR_INLINE const SessionFacts& Iam::learn(const detail::SessionClaims& claims, std::string_view extras) {
  SessionFacts facts{.is_multi_factor = claims.is_multi_factor};
  detail::for_each_extra(extras, [&](detail::Extra kind, std::string_view text) {
    switch (kind) {
      case detail::Extra::policy:
        facts.is_confined = true;
        facts.policies.push_back(compile(aws::PolicyKind::identity, text, "a session"));
        break;
      case detail::Extra::policy_arn:
        facts.is_confined = true;
        if (const ManagedPolicy* const found = managed_policy(text)) {
          facts.policies.push_back(found->document.compiled);
        }
        break;
      case detail::Extra::tag:
      case detail::Extra::transitive_tag: {
        const std::size_t end = text.find('\0');
        facts.tags.push_back({.key = std::string{text.substr(0, end)},
                              .value = std::string{text.substr(end + 1)},
                              .is_transitive = kind == detail::Extra::transitive_tag});
        break;
      }
      case detail::Extra::source_identity:
        facts.source_identity = text;
        break;
    }
  });
  facts.reads_conditions = std::any_of(facts.policies.begin(), facts.policies.end(),
                                       [](const aws::Policy& policy) { return policy.reads_conditions(); });
  Known& slot = known_[claims.serial % known_.size()];
  slot = {.serial = claims.serial, .generation = generation(), .facts = std::move(facts)};
  return slot.facts;
}

RUSHHOUR_INLINE const SessionFacts* Iam::facts_of(const detail::SessionClaims& claims,
                                                  std::string_view token) {
  if (!claims.has_extras && !claims.is_multi_factor) return nullptr;
  const Known& slot = known_[claims.serial % known_.size()];
  if (slot.serial == claims.serial && slot.generation == generation()) return &slot.facts;
  return &learn(claims, claims.has_extras ? tokens_.extras_of(token) : std::string{});
}

// ---- Who calls ----

RUSHHOUR_INLINE bool Iam::is_live(const detail::SessionClaims& claims) const {
  return claims.subject < size() && at(claims.subject).exists;
}

RUSHHOUR_INLINE std::optional<std::string> Iam::secret_of(std::string_view access_key_id,
                                                          std::string_view session_token) const {
  if (!session_token.empty()) {
    const auto claims = tokens_.read(access_key_id, session_token);
    return claims && is_live(*claims) ? std::optional{tokens_.secret(claims->serial)} : std::nullopt;
  }
  const AccessKey* const known = find_access_key(access_key_id);
  return known != nullptr && known->is_active ? std::optional{known->secret} : std::nullopt;
}

RUSHHOUR_INLINE bool Iam::authenticate(const Arrival& arrival, Instant now, Caller& caller,
                                       const AuthenticationErrors& errors) {
  using Kind = aws::VerifyFailure::Kind;
  if (arrival.signature != nullptr &&
      (arrival.signature->kind == Kind::missing || arrival.signature->kind == Kind::malformed)) {
    return detail::refuse(arrival, errors, *arrival.signature);
  }
  caller.at = now;
  const auto* credentials = std::get_if<aws::Credentials>(&arrival.identity);
  if (credentials == nullptr) {
    return detail::refuse(arrival, errors, {Kind::missing, "Missing Authentication Token"});
  }
  const bool is_known = credentials->session_token.empty()
                            ? authenticate_key(arrival, *credentials, caller, errors)
                            : authenticate_session(arrival, *credentials, now, caller, errors);
  if (!is_known) return false;
  if (arrival.signature != nullptr) return detail::refuse(arrival, errors, *arrival.signature);
  return true;
}

RUSHHOUR_INLINE void Iam::identify(std::uint32_t subject, const aws::Credentials& credentials,
                                   Caller& caller) const {
  const Principal& known = at(subject);
  caller.subject = subject;
  caller.principal = known.arn_name;
  caller.account = known.account;
  caller.access_key_id = credentials.access_key_id;
}

RUSHHOUR_INLINE bool Iam::authenticate_session(const Arrival& arrival, const aws::Credentials& credentials,
                                               Instant now, Caller& caller,
                                               const AuthenticationErrors& errors) {
  const bool is_message = arrival.decode != nullptr;
  auto claims = is_message ? tokens_.read(credentials.access_key_id, credentials.session_token)
                           : tokens_.check(credentials);
  const bool secret_is_wrong = !claims && !is_message;
  if (secret_is_wrong) claims = tokens_.read(credentials.access_key_id, credentials.session_token);
  if (!claims || !is_live(*claims)) {
    return detail::refuse(arrival, errors, aws::VerifyFailure::unknown_key());
  }
  identify(claims->subject, credentials, caller);
  caller.kind = claims->kind;
  caller.is_session = true;
  caller.session = claims->name;
  caller.session_start = claims->issued;
  caller.session_end = claims->expires;
  caller.facts = facts_of(*claims, credentials.session_token);
  if (now >= claims->expires) return detail::refuse(arrival, errors, aws::VerifyFailure::expired_session());
  if (secret_is_wrong) return detail::refuse(arrival, errors, aws::VerifyFailure::mismatch());
  return true;
}

RUSHHOUR_INLINE bool Iam::authenticate_key(const Arrival& arrival, const aws::Credentials& credentials,
                                           Caller& caller, const AuthenticationErrors& errors) {
  const AccessKey* const known = find_access_key(credentials.access_key_id);
  if (known == nullptr || !known->is_active) {
    return detail::refuse(arrival, errors, aws::VerifyFailure::unknown_key());
  }
  identify(known->owner, credentials, caller);
  caller.kind = principal(caller).kind == Principal::Kind::root ? CallerKind::root : CallerKind::user;
  if (arrival.decode == nullptr && known->secret != credentials.secret_access_key) {
    return detail::refuse(arrival, errors, aws::VerifyFailure::mismatch());
  }
  return true;
}

RUSHHOUR_INLINE std::string Iam::arn_of(const Caller& caller) const {
  const Principal& subject = principal(caller);
  if (caller.kind == CallerKind::role) {
    return aws::assumed_role_arn(
        {.account = subject.account_id, .role = subject.name, .session = caller.session.text()});
  }
  if (caller.kind == CallerKind::federated_user) {
    return aws::detail::joined(
        {"arn:aws:sts::", subject.account_id, ":federated-user/", caller.session.text()});
  }
  return subject.arn;
}

RUSHHOUR_INLINE std::string_view Iam::remembered_arn(const Caller& caller) {
  if (caller.kind != CallerKind::role && caller.kind != CallerKind::federated_user) {
    return principal(caller).arn;
  }
  if (last_arn_.arn.empty() || last_arn_.kind != caller.kind || last_arn_.subject != caller.subject ||
      last_arn_.session != caller.session.text()) {
    last_arn_ = {caller.kind, caller.subject, std::string{caller.session.text()}, arn_of(caller)};
  }
  return last_arn_.arn;
}

RUSHHOUR_INLINE std::string Iam::user_id_of(const Caller& caller) const {
  const Principal& subject = principal(caller);
  if (caller.kind == CallerKind::role) {
    return aws::detail::joined({subject.unique_id, ":", caller.session.text()});
  }
  if (caller.kind == CallerKind::federated_user) {
    return aws::detail::joined({subject.account_id, ":", caller.session.text()});
  }
  return subject.unique_id;
}

RUSHHOUR_INLINE aws::PrincipalIdentity Iam::identity_of(const Caller& caller) {
  const Principal& subject = principal(caller);
  const bool is_role = caller.kind == CallerKind::role;
  const bool is_of_user = caller.kind == CallerKind::federated_user && subject.kind == Principal::Kind::user;
  return {.arn = remembered_arn(caller),
          .role_arn = is_role ? std::string_view{subject.arn} : std::string_view{},
          .account_id = subject.account_id,
          .unique_id = subject.unique_id,
          .user_arn = is_of_user ? std::string_view{subject.arn} : std::string_view{}};
}

RUSHHOUR_INLINE std::optional<std::string> Iam::account_of_key(std::string_view access_key_id) const {
  if (const AccessKey* const known = find_access_key(access_key_id)) return at(known->owner).account_id;
  const auto number = detail::SessionTokens::account_in(access_key_id);
  if (!number) return std::nullopt;
  std::string id = detail::SessionTokens::account_id(*number);
  return has_account(id) ? std::optional{std::move(id)} : std::nullopt;
}

}  // namespace rushhour::fakes
