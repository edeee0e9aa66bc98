#pragma once

#include <rushhour/aws/global_endpoint.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/detail/uuid.hpp>
#include <rushhour/fakes/detail/sts_answers.hpp>
#include <rushhour/fakes/sts.hpp>

namespace rushhour::fakes {

namespace detail {

/// DOC of GetFederationToken and GetSessionToken: 12 hours, of a root user one, whatever it asks for.
RUSHHOUR_INLINE Duration user_session_length(const std::optional<std::int64_t>& wanted,
                                             const Caller& caller) {
  constexpr std::int64_t root_seconds_max = 3600;
  const std::int64_t seconds = wanted.value_or(43'200);
  return std::chrono::seconds{caller.kind == CallerKind::root ? std::min(seconds, root_seconds_max)
                                                              : seconds};
}

class RequestTagKeys final : public aws::ContextSource {
 public:
  explicit RequestTagKeys(const std::vector<api::sts::Tag>& tags) : tags_(tags) {}
  void add_to(aws::ContextValues& values) const override { add_tag_keys(session_tags(tags_, {}), values); }

 private:
  const std::vector<api::sts::Tag>& tags_;
};

class WebIdentityTokenKeys final : public aws::ContextSource {
 public:
  explicit WebIdentityTokenKeys(const api::sts::GetWebIdentityToken& request) : request_(request) {}
  void add_to(aws::ContextValues& values) const override {
    for (const std::string& audience : request_.audience) values.add("sts:IdentityTokenAudience", audience);
    values.add("sts:SigningAlgorithm", request_.signing_algorithm);
    values.add("sts:DurationSeconds", std::to_string(request_.duration_seconds.value_or(seconds_default)));
    add_tag_keys(session_tags(request_.tags, {}), values);
  }
  static constexpr std::int64_t seconds_default = 300;

 private:
  const api::sts::GetWebIdentityToken& request_;
};

/// `{"key":"value",...}`
RUSHHOUR_INLINE void append_tags(std::string& out, const std::vector<SessionTag>& tags) {
  out += '{';
  bool first = true;
  for (const SessionTag& tag : tags) {
    rushhour::detail::append_json_key(out, tag.key, first);
    rushhour::detail::append_json_string(out, tag.value);
  }
  out += '}';
}

/// Whole seconds since 1970, as NumericDate counts them.
RUSHHOUR_INLINE std::int64_t numeric_date(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

}  // namespace detail

// ---- GetSessionToken: no permission is asked for, and no policy can forbid it (DOC) ----

RUSHHOUR_INLINE std::optional<Failure> Sts::check(const api::sts::GetSessionToken& /*request*/) const {
  return std::nullopt;
}

RUSHHOUR_INLINE bool Sts::authorize(const api::sts::GetSessionToken& request, const Caller& caller,
                                    Instant now, Failure& failure) {
  if (caller.is_session) {  // [REC many public logs]
    failure = detail::sts_access_denied("Cannot call GetSessionToken with session credentials");
    return false;
  }
  return (!request.serial_number && !request.token_code) ||
         has_valid_code(caller, request.serial_number, request.token_code, now, failure);
}

RUSHHOUR_INLINE Result<api::sts::GetSessionToken::Output> Sts::on(const api::sts::GetSessionToken& request,
                                                                  const Caller& caller, Instant now) {
  Result<Session> session =
      issue(iam_.principal(caller),
            {.kind = caller.kind,
             .now = now,
             .length = detail::user_session_length(request.duration_seconds, caller),
             .is_multi_factor = request.token_code.has_value(),
             .token_size_min = detail::token_size_min(request.minimum_session_token_size)},
            caller);
  if (!session.ok()) return std::move(session).failure();
  api::sts::GetSessionToken::Output output;
  detail::give_token_size(*session, output);
  detail::give(*session, output.credentials);
  return output;
}

// ---- GetFederationToken ----

RUSHHOUR_INLINE std::optional<Failure> Sts::check(const api::sts::GetFederationToken& request) const {
  return detail::check_tags(request.tags, {});
}

RUSHHOUR_INLINE bool Sts::authorize(const api::sts::GetFederationToken& request, const Caller& caller,
                                    Instant now, Failure& failure) {
  if (caller.is_session) {  // [REC jenkinsci pipeline-cloudwatch-logs-plugin and others]
    failure = detail::sts_access_denied("Cannot call GetFederationToken with session credentials");
    return false;
  }
  const std::string resource = aws::detail::joined(
      {"arn:aws:sts::", iam_.principal(caller).account_id, ":federated-user/", request.name});
  const detail::RequestTagKeys keys{request.tags};
  return permits(caller, "sts:GetFederationToken", resource, &keys, now, failure) &&
         (request.tags.empty() || permits(caller, "sts:TagSession", resource, &keys, now, failure));
}

RUSHHOUR_INLINE Result<api::sts::GetFederationToken::Output> Sts::on(
    const api::sts::GetFederationToken& request, const Caller& caller, Instant now) {
  const Principal& user = iam_.principal(caller);
  NewSession wanted{.kind = CallerKind::federated_user,
                    .name = request.name,
                    .now = now,
                    .length = detail::user_session_length(request.duration_seconds, caller),
                    .tags = detail::session_tags(request.tags, {}),
                    .token_size_min = detail::token_size_min(request.minimum_session_token_size)};
  if (auto refusal = take_policies(request.policy, request.policy_arns, user.account_id, wanted)) {
    return std::move(*refusal);
  }
  Result<Session> session = issue(user, wanted, caller);
  if (!session.ok()) return std::move(session).failure();
  api::sts::GetFederationToken::Output output{
      .federated_user = {.federated_user_id = user.account_id + ":" + request.name,
                         .arn = aws::detail::joined(
                             {"arn:aws:sts::", user.account_id, ":federated-user/", request.name})},
      // [REC LocalStack's snapshot, 2024-06-05] 0 where nothing is packed; AssumeRole leaves it out.
      .packed_policy_size = session->packed_policy_size.value_or(0)};
  detail::give_token_size(*session, output);
  detail::give(*session, output.credentials);
  return output;
}

// ---- GetDelegatedAccessToken ----

RUSHHOUR_INLINE bool Sts::authorize(const api::sts::GetDelegatedAccessToken& /*request*/,
                                    const Caller& caller, Instant now, Failure& failure) {
  return permits(caller, "sts:GetDelegatedAccessToken", "*", nullptr, now, failure);
}

RUSHHOUR_INLINE Result<api::sts::GetDelegatedAccessToken::Output> Sts::on(
    const api::sts::GetDelegatedAccessToken& request, const Caller& caller, Instant now) {
  const auto token =
      std::find_if(trade_in_tokens_.begin(), trade_in_tokens_.end(),
                   [&](const TradeInToken& each) { return each.token == request.trade_in_token; });
  const Principal* const delegating =
      token == trade_in_tokens_.end() ? nullptr : iam_.find(token->principal_arn);
  if (delegating == nullptr) {  // [MEM] code and text
    return detail::sts_failure(400, "InvalidParameterValue", "The provided trade-in token is invalid");
  }
  if (now >= token->expires) {  // DOC; [MEM] the text
    return detail::sts_failure(400, "ExpiredTradeInTokenException",
                               "The provided trade-in token has expired");
  }
  const bool is_role = delegating->kind == Principal::Kind::role;
  const NewSession wanted{.kind = is_role                                     ? CallerKind::role
                                  : delegating->kind == Principal::Kind::root ? CallerKind::root
                                                                              : CallerKind::user,
                          .name = is_role ? std::string_view{token->session_name} : std::string_view{},
                          .now = now,
                          .length = token->length,
                          .policies = token->policies};
  Result<Session> session = issue(*delegating, wanted, caller);
  if (!session.ok()) return std::move(session).failure();
  api::sts::GetDelegatedAccessToken::Output output{
      .packed_policy_size = session->packed_policy_size,
      .assumed_principal =
          is_role ? detail::assumed_role_user(*delegating, token->session_name).arn : delegating->arn};
  detail::give(*session, output.credentials);
  return output;
}

// ---- GetWebIdentityToken ----

RUSHHOUR_INLINE std::string Sts::web_identity_issuer(std::string_view account) const {
  const Stream own = tokens_.part(hash(account));
  return "https://" + rushhour::detail::uuid_text(own.at(0), own.at(1)) + ".tokens.sts.global.api.aws";
}

RUSHHOUR_INLINE std::string Sts::enable_web_identity_tokens(std::string_view account) {
  web_identity_accounts_.emplace(account);
  return web_identity_issuer(account);
}

RUSHHOUR_INLINE std::optional<Failure> Sts::check(const api::sts::GetWebIdentityToken& request) const {
  const auto algorithm = token_algorithm(request.signing_algorithm);
  if (algorithm != TokenAlgorithm::rs256 && algorithm != TokenAlgorithm::es384) {  // DOC; [MEM] the text
    return detail::sts_validation_error("1 validation error detected: Value '" + request.signing_algorithm +
                                        "' at 'signingAlgorithm' failed to satisfy constraint: Member must "
                                        "satisfy enum value set: [ES384, RS256]");
  }
  return detail::check_tags(request.tags, {});
}

RUSHHOUR_INLINE bool Sts::authorize(const api::sts::GetWebIdentityToken& request, const Caller& caller,
                                    Instant now, Failure& failure) {
  const detail::WebIdentityTokenKeys keys{request};
  return permits(caller, "sts:GetWebIdentityToken", "*", &keys, now, failure) &&
         (request.tags.empty() || permits(caller, "sts:TagGetWebIdentityToken", "*", &keys, now, failure));
}

/// DOC: IAM User Guide, "Understanding token claims".
RUSHHOUR_INLINE std::string Sts::claims_of(const api::sts::GetWebIdentityToken& request, const Caller& caller,
                                           Instant now, Instant expires) {
  using rushhour::detail::append_integer;
  using rushhour::detail::append_json_key;
  using rushhour::detail::append_json_string;
  const Principal& principal = iam_.principal(caller);
  const Stream own = tokens_.part(++web_identity_tokens_issued_);
  std::string out = "{";
  bool first = true;
  const auto add = [&](std::string_view key, std::string_view value) {
    append_json_key(out, key, first);
    append_json_string(out, value);
  };
  add("iss", web_identity_issuer(principal.account_id));
  append_json_key(out, "aud", first);
  const bool has_several = request.audience.size() > 1;
  out += has_several ? "[" : "";
  for (std::size_t i = 0; i < request.audience.size(); ++i) {
    out += i == 0 ? "" : ",";
    append_json_string(out, request.audience[i]);
  }
  out += has_several ? "]" : "";
  add("sub", principal.arn);
  append_json_key(out, "iat", first);
  append_integer(out, detail::numeric_date(now));
  append_json_key(out, "exp", first);
  append_integer(out, detail::numeric_date(expires));
  add("jti", rushhour::detail::uuid_text(own.at(0), own.at(1)));
  append_json_key(out, "https://sts.amazonaws.com/", first);
  out += '{';
  first = true;
  add("aws_account", principal.account_id);
  add("source_region", aws::region_of(ledger().names().text(caller.region)));
  std::vector<SessionTag> tags;
  for (const IamTag& tag : principal.tags) tags.push_back({.key = tag.key, .value = tag.value});
  // DOC: where the principal and its session have tags, the session's are there.
  if (caller.facts != nullptr && !caller.facts->tags.empty()) tags = caller.facts->tags;
  if (!tags.empty()) {
    append_json_key(out, "principal_tags", first);
    detail::append_tags(out, tags);
  }
  if (Iam::is_session_of_role(caller)) add("original_session_exp", to_iso8601(caller.session_end));
  if (caller.facts != nullptr && !caller.facts->source_identity.empty()) {
    add("source_identity", caller.facts->source_identity);
  }
  if (!request.tags.empty()) {
    append_json_key(out, "request_tags", first);
    detail::append_tags(out, detail::session_tags(request.tags, {}));
  }
  return out + "}}";
}

RUSHHOUR_INLINE Result<api::sts::GetWebIdentityToken::Output> Sts::on(
    const api::sts::GetWebIdentityToken& request, const Caller& caller, Instant now) {
  if (!web_identity_accounts_.contains(iam_.principal(caller).account_id)) {  // DOC; [MEM] the text
    return detail::sts_failure(
        403, "OutboundWebIdentityFederationDisabledException",
        "The outbound web identity federation feature is not enabled for this account.");
  }
  const std::int64_t seconds =
      request.duration_seconds.value_or(detail::WebIdentityTokenKeys::seconds_default);
  const Instant expires = std::chrono::floor<std::chrono::seconds>(now) + std::chrono::seconds{seconds};
  if (caller.is_session && expires > caller.session_end) {  // DOC; [MEM] the text
    return detail::sts_failure(403, "SessionDurationEscalationException",
                               "The requested token duration would extend the session beyond its original "
                               "expiration time.");
  }
  const std::string claims = claims_of(request, caller, now, expires);
  if (claims.size() > options_.web_identity_claims_max) {  // DOC; [MEM] the text
    return detail::sts_failure(400, "JWTPayloadSizeExceededException",
                               "The requested token payload size exceeds the maximum allowed size.");
  }
  return api::sts::GetWebIdentityToken::Output{
      .web_identity_token = signed_json_web_token(*token_algorithm(request.signing_algorithm), claims),
      .expiration = expires};
}

}  // namespace rushhour::fakes
