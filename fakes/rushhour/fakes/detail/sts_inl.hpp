#pragma once

#include <nlohmann/json.hpp>

#include <rushhour/detail/json_text.hpp>
#include <rushhour/fakes/detail/base64url.hpp>
#include <rushhour/fakes/detail/sts_answers.hpp>
#include <rushhour/fakes/sts.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::fakes {

RUSHHOUR_INLINE Dialect Sts::dialect() {
  // DOC: re:Post "iam-sts-throttling-error": the code is Throttling, not ThrottlingException.
  return {.throttled = {.outcome = Outcome::throttled,
                        .status = 400,
                        .code = "Throttling",
                        .message = "Rate exceeded"},
          .validation_code = "ValidationError"};
}

RUSHHOUR_INLINE bool Sts::authenticate(const Arrival& arrival, Instant now, Caller& caller) {
  return iam_.authenticate(arrival, now, caller, Iam::query_errors());
}

namespace detail {

/// DOC: IAM User Guide, "Compare AWS STS credentials": what the result of GetSessionToken or
/// GetFederationToken may not call. [MEM] The text, as [REC] of GetSessionToken and GetFederationToken.
RUSHHOUR_INLINE std::optional<Failure> refuse_session(const Caller& caller, std::string_view operation) {
  if (!caller.is_session || caller.kind == CallerKind::role) return std::nullopt;
  return sts_access_denied("Cannot call " + std::string{operation} + " with session credentials");
}

}  // namespace detail

RUSHHOUR_INLINE bool Sts::permits(const Caller& caller, std::string_view action, std::string_view resource,
                                  const aws::ContextSource* context, Instant now, Failure& failure) {
  if (auto refusal = detail::refuse_session(caller, action.substr(action.find(':') + 1))) {
    failure = std::move(*refusal);
    return false;
  }
  const aws::Verdict verdict =
      iam_.authorize(caller, {.action = action, .resource = resource, .context = context, .now = now});
  if (verdict.allowed) return true;
  // [REC 2023] of GetAccessKeyInfo and DecodeAuthorizationMessage, which have no resource.
  std::string text = "User: " + iam_.arn_of(caller) + " is not authorized to perform: " + std::string{action};
  if (resource != "*") text += " on resource: " + std::string{resource};
  failure = detail::sts_access_denied(text + " " + aws::refusal_reason(verdict, action));
  return false;
}

RUSHHOUR_INLINE Result<Session> Sts::issue(const Principal& subject, const NewSession& wanted,
                                           const Caller& caller) {
  if (!disabled_regions_.empty()) [[unlikely]] {
    const std::string region{ledger().names().text(caller.region)};
    if (disabled_regions_.contains({subject.account_id, region})) {
      return detail::sts_failure(403, "RegionDisabledException",  // [MEM] the text
                                 "STS is not activated in this region for account:" + subject.account_id +
                                     ". Your account administrator can activate STS in this region using the "
                                     "IAM Console.");
    }
  }
  const bool packs_nothing = wanted.policies.empty() && wanted.policy_arns.empty() && wanted.tags.empty();
  if (packs_nothing) return iam_.issue(subject, wanted);
  try {
    const std::int64_t size = iam_.packed_policy_size(wanted).value_or(0);
    if (size <= 100) return iam_.issue(subject, wanted);
    const bool only_tags = wanted.policies.empty() && wanted.policy_arns.empty();
    const std::string percent = std::to_string(size) + "%";
    return detail::sts_failure(
        400, "PackedPolicyTooLarge",
        only_tags ? "Packed size of session tags consumes " + percent + " of allotted space."  // [REC 2023]
                  : "Packed policy consumes " + percent +
                        " of allotted space, please use smaller policy.");  // [MEM]
  } catch (const InputError& error) {  // [MEM] the texts are those of IAM's own operations
    return detail::sts_failure(
        400, "MalformedPolicyDocument",
        error.mistake().line != 0 ? "This policy contains invalid Json" : "Syntax errors in policy.");
  }
}

RUSHHOUR_INLINE std::optional<Failure> Sts::take_policies(
    const std::optional<std::string>& inline_policy, const std::vector<api::sts::PolicyDescriptor>& managed,
    std::string_view account, NewSession& session) const {
  if (inline_policy) session.policies.push_back(*inline_policy);
  // DOC: up to 10, in the role's account. [MEM] the texts.
  if (managed.size() > 10) {
    return detail::sts_validation_error(
        "1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have "
        "length less than or equal to 10");
  }
  for (const api::sts::PolicyDescriptor& each : managed) {
    const std::string arn = each.arn.value_or("");
    const auto parsed = aws::parse_arn(arn);
    const bool is_ours = parsed && (parsed->account == account || parsed->account == "aws");
    if (!parsed || parsed->resource_type() != "policy") {
      return detail::sts_validation_error(arn + " is invalid");
    }
    if (!is_ours || iam_.find_managed_policy(arn) == nullptr) {
      return detail::sts_failure(400, "MalformedPolicyDocument",
                                 "Policy " + arn + " does not exist or is not attachable.");
    }
    session.policy_arns.push_back(arn);
  }
  return std::nullopt;
}

// ---- GetCallerIdentity, GetAccessKeyInfo ----

RUSHHOUR_INLINE Result<api::sts::GetCallerIdentity::Output> Sts::on(
    const api::sts::GetCallerIdentity& /*request*/, const Caller& caller, Instant /*now*/) {
  return api::sts::GetCallerIdentity::Output{.user_id = iam_.user_id_of(caller),
                                             .account = iam_.principal(caller).account_id,
                                             .arn = iam_.arn_of(caller)};
}

RUSHHOUR_INLINE bool Sts::authorize(const api::sts::GetAccessKeyInfo& /*request*/, const Caller& caller,
                                    Instant now, Failure& failure) {
  return permits(caller, "sts:GetAccessKeyInfo", "*", nullptr, now, failure);
}

RUSHHOUR_INLINE Result<api::sts::GetAccessKeyInfo::Output> Sts::on(const api::sts::GetAccessKeyInfo& request,
                                                                   const Caller& /*caller*/,
                                                                   Instant /*now*/) {
  auto account = iam_.account_of_key(request.access_key_id);
  if (account) return api::sts::GetAccessKeyInfo::Output{.account = std::move(*account)};
  return detail::sts_validation_error("The access key ID does not exist.");  // DOC "might"; [MEM] code, text
}

// ---- DecodeAuthorizationMessage ----

namespace detail {

RUSHHOUR_INLINE std::string text_of(const AuthorizationMessage& message) {
  // Shape: AWS CLI Command Reference, decode-authorization-message, and the EC2 User Guide's example.
  nlohmann::ordered_json conditions = nlohmann::ordered_json::array();
  for (const auto& [key, value] : message.conditions) {
    conditions.push_back({{"key", key}, {"values", {{"items", {{{"value", value}}}}}}});
  }
  const nlohmann::ordered_json empty{{"items", nlohmann::ordered_json::array()}};
  return nlohmann::ordered_json{
      {"allowed", false},
      {"explicitDeny", message.is_explicit_deny},
      {"matchedStatements", empty},
      {"failures", empty},
      {"context",
       {{"principal",
         {{"id", message.principal_id}, {"name", message.principal_name}, {"arn", message.principal_arn}}},
        {"action", message.action},
        {"resource", message.resource},
        {"conditions", {{"items", conditions}}}}}}
      .dump();
}

/// The text under a key that only the world knows: the same operation both ways.
RUSHHOUR_INLINE std::string masked(std::string text, Stream key) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<char>(static_cast<unsigned char>(text[i]) ^ (key.at(i / 8) >> i % 8 * 8 & 255));
  }
  return text;
}

RUSHHOUR_INLINE std::uint64_t seal_of(std::string_view text, Stream key) {
  Digest digest;
  digest.add(key.at(0));
  digest.add(text);
  return digest.value();
}

}  // namespace detail

RUSHHOUR_INLINE std::string Sts::encode(const AuthorizationMessage& message) const {
  std::string text = detail::text_of(message);
  const std::uint64_t seal = detail::seal_of(text, messages_);
  std::string bytes;
  for (unsigned shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(seal >> shift & 255);
  return detail::to_base64url(bytes + detail::masked(std::move(text), messages_.part(seal)));
}

RUSHHOUR_INLINE bool Sts::authorize(const api::sts::DecodeAuthorizationMessage& /*request*/,
                                    const Caller& caller, Instant now, Failure& failure) {
  return permits(caller, "sts:DecodeAuthorizationMessage", "*", nullptr, now, failure);
}

RUSHHOUR_INLINE Result<api::sts::DecodeAuthorizationMessage::Output> Sts::on(
    const api::sts::DecodeAuthorizationMessage& request, const Caller& /*caller*/, Instant /*now*/) {
  const auto bytes = detail::from_base64url(request.encoded_message);
  if (bytes && bytes->size() >= 8) {
    std::uint64_t seal = 0;
    for (std::size_t i = 8; i-- > 0;) seal = seal << 8 | static_cast<unsigned char>((*bytes)[i]);
    std::string text = detail::masked(bytes->substr(8), messages_.part(seal));
    if (detail::seal_of(text, messages_) == seal) {
      return api::sts::DecodeAuthorizationMessage::Output{.decoded_message = std::move(text)};
    }
  }
  return detail::sts_failure(400, "InvalidAuthorizationMessageException",  // [MEM] the text
                             "Message is not valid");
}

}  // namespace rushhour::fakes
