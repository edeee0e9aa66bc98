#pragma once

#include <rushhour/fakes/detail/aws_managed_policies.hpp>
#include <rushhour/fakes/detail/sts_answers.hpp>
#include <rushhour/fakes/sts.hpp>

namespace rushhour::fakes {

namespace detail {

/// DOC: IAM User Guide, "Methods to assume a role": a role that assumes a role gets an hour at most.
inline constexpr std::int64_t chained_seconds_max = 3600;
inline constexpr std::int64_t role_seconds_default = 3600;

/// What the request brings to the role's trust policy.
class AssumeRoleKeys final : public aws::ContextSource {
 public:
  explicit AssumeRoleKeys(const api::sts::AssumeRole& request, bool is_multi_factor)
      : request_(request), is_multi_factor_(is_multi_factor) {}
  void add_to(aws::ContextValues& values) const override {
    values.add("sts:RoleSessionName", request_.role_session_name);
    if (request_.external_id) values.add("sts:ExternalId", *request_.external_id);
    if (request_.source_identity) values.add("sts:SourceIdentity", *request_.source_identity);
    for (const std::string& key : request_.transitive_tag_keys) values.add("sts:TransitiveTagKeys", key);
    add_tag_keys(session_tags(request_.tags, {}), values);
    for (const api::sts::ProvidedContext& each : request_.provided_contexts) {
      values.add("sts:RequestContextProviders", each.provider_arn.value_or(""));
    }
    if (!is_multi_factor_) return;
    values.add("aws:MultiFactorAuthPresent", "true");
    values.add("aws:MultiFactorAuthAge", "0");
  }

 private:
  const api::sts::AssumeRole& request_;
  bool is_multi_factor_;
};

/// Tags that go on from the calling session.
RUSHHOUR_INLINE bool has_transitive_tags(const Caller& caller) {
  return caller.facts != nullptr && std::any_of(caller.facts->tags.begin(), caller.facts->tags.end(),
                                                [](const SessionTag& tag) { return tag.is_transitive; });
}

RUSHHOUR_INLINE bool overrides_transitive_tag(const api::sts::AssumeRole& request, const Caller& caller) {
  if (caller.facts == nullptr) return false;
  for (const SessionTag& inherited : caller.facts->tags) {
    if (!inherited.is_transitive) continue;
    for (const api::sts::Tag& tag : request.tags) {
      if (http::equals_ignoring_case(tag.key, inherited.key)) return true;
    }
  }
  return false;
}

RUSHHOUR_INLINE std::string_view source_identity_of(const Caller& caller) {
  return caller.facts == nullptr ? std::string_view{} : std::string_view{caller.facts->source_identity};
}

/// The account of a member: 12 digits or the ARN of its root user.
RUSHHOUR_INLINE std::string_view target_account(std::string_view principal) {
  if (aws::is_account_id(principal)) return principal;
  const auto arn = aws::parse_arn(principal);
  return arn && arn->service == "iam" && arn->resource == "root" ? arn->account : std::string_view{};
}

class AssumeRootKeys final : public aws::ContextSource {
 public:
  explicit AssumeRootKeys(const std::string& task_policy_arn) : task_policy_arn_(task_policy_arn) {}
  void add_to(aws::ContextValues& values) const override {
    values.add("sts:TaskPolicyArn", task_policy_arn_);
  }

 private:
  const std::string& task_policy_arn_;
};

}  // namespace detail

// ---- AssumeRole ----

RUSHHOUR_INLINE std::optional<Failure> Sts::check(const api::sts::AssumeRole& request) const {
  // The ARN of a role that exists is one: that is quicker to know than to read it.
  if (iam_.find_role(request.role_arn) == nullptr && !aws::parse_arn(request.role_arn)) {
    return detail::sts_validation_error(request.role_arn + " is invalid");  // [REC]
  }
  if (!request.tags.empty() || !request.transitive_tag_keys.empty()) {
    if (auto refusal = detail::check_tags(request.tags, request.transitive_tag_keys)) return refusal;
  }
  for (const api::sts::ProvidedContext& each : request.provided_contexts) {
    const std::string provider = each.provider_arn.value_or("");
    const auto arn = aws::parse_arn(provider);
    if (!arn || arn->resource_type() != "contextProvider" || !each.context_assertion) {
      return detail::sts_validation_error("The provided context is invalid");  // [MEM] code and text
    }
  }
  return std::nullopt;
}

RUSHHOUR_INLINE bool Sts::may(const Caller& caller, const Principal& role, std::string_view action,
                              const aws::ContextSource& context, Instant now) {
  const aws::PrincipalIdentity identity = iam_.identity_of(caller);
  std::optional<aws::ContextValues> values;
  if (role.trust->reads_conditions()) {
    values.emplace();
    context.add_to(*values);
    iam_.add_caller_keys(caller, now, *values);
  }
  const aws::Decision trust =
      role.trust->evaluate({.action = action,
                            .resource = role.arn,
                            .principal = &identity,
                            .values = values ? values->view() : std::span<const aws::ContextValue>{}});
  if (trust.effect != aws::Effect::allow) return false;  // never by the caller's policies alone
  const aws::Verdict own =
      iam_.authorize(caller, {.action = action, .resource = role.arn, .context = &context, .now = now});
  if (own.allowed || own.explicit_deny) return own.allowed;
  const bool same_account = iam_.principal(caller).account_id == role.account_id;
  if (!same_account || trust.principal <= aws::PrincipalMatch::account) return false;
  // Named in its own account: the trust policy grants, within boundary and session policies where it does so
  // by the role.
  return iam_
      .authorize(caller, {.action = action,
                          .resource = role.arn,
                          .resource_account = role.account_id,
                          .resource_policy = &*role.trust,
                          .context = &context,
                          .now = now})
      .allowed;
}

RUSHHOUR_INLINE bool Sts::has_valid_code(const Caller& caller, const std::optional<std::string>& serial,
                                         const std::optional<std::string>& code, Instant now,
                                         Failure& failure) {
  const auto refuse = [&failure](Failure why) {
    failure = std::move(why);
    return false;
  };
  if (!serial || !code) {  // [MEM]
    return refuse(detail::sts_validation_error("Both SerialNumber and TokenCode are required"));
  }
  if (caller.is_session && caller.kind != CallerKind::user) {  // [MEM] a role has no device
    return refuse(detail::sts_access_denied("Cannot use MFA with session credentials"));
  }
  const Principal& user = iam_.principal(caller);
  const auto shown = iam_.mfa_code(*serial, now);
  if (shown && iam_.is_mfa_code(user, *serial, *code, now)) return true;
  const bool is_own = std::any_of(user.mfa_devices.begin(), user.mfa_devices.end(),
                                  [&serial](const MfaDevice& device) { return device.serial == *serial; });
  return refuse(detail::sts_access_denied(  // [REC many public logs]
      is_own
          ? "MultiFactorAuthentication failed with invalid MFA one time pass code."
          : "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial "
            "number is valid and associated with this user."));
}

RUSHHOUR_INLINE bool Sts::authorize(const api::sts::AssumeRole& request, const Caller& caller, Instant now,
                                    Failure& failure) {
  const auto refuse = [&failure](Failure why) {
    failure = std::move(why);
    return false;
  };
  if (caller.kind == CallerKind::root && !options_.root_may_assume_roles) {
    return refuse(detail::sts_access_denied("Roles may not be assumed by root accounts."));
  }
  if (caller.kind == CallerKind::federated_user) {
    return refuse(detail::sts_access_denied("Cannot call AssumeRole with session credentials"));
  }
  if (detail::overrides_transitive_tag(request, caller)) {  // [REC LocalStack's snapshot, 2025-04-10]
    return refuse(detail::sts_failure(400, "InvalidParameterValue",
                                      "One of the specified transitive tag keys can't be set because it "
                                      "conflicts with a transitive tag key from the calling session."));
  }
  const bool is_multi_factor = request.serial_number || request.token_code;
  if (is_multi_factor && !has_valid_code(caller, request.serial_number, request.token_code, now, failure)) {
    return false;
  }
  // [REC 2024] A role that does not exist and one that does not trust the caller answer the same.
  const Principal* const role = iam_.find_role(request.role_arn);
  const detail::AssumeRoleKeys keys{request, is_multi_factor};
  const auto needs = [&](std::string_view action) {
    if (role != nullptr && role->trust && may(caller, *role, action, keys, now)) return true;
    return refuse(detail::sts_not_authorized(iam_.arn_of(caller), action, request.role_arn));
  };
  if (!needs("sts:AssumeRole")) return false;
  // DOC "Passing session tags": inherited ones too [REC EKS Pod Identity chains].
  if ((!request.tags.empty() || detail::has_transitive_tags(caller)) && !needs("sts:TagSession"))
    return false;
  const std::string_view inherited = detail::source_identity_of(caller);
  if (request.source_identity || !inherited.empty()) {
    // DOC "Monitor and control actions taken with assumed roles": once set, it cannot be changed. [MEM] how
    // that is said.
    const bool changes =
        request.source_identity && !inherited.empty() && *request.source_identity != inherited;
    if (changes) {
      return refuse(
          detail::sts_not_authorized(iam_.arn_of(caller), "sts:SetSourceIdentity", request.role_arn));
    }
    if (!needs("sts:SetSourceIdentity")) return false;
  }
  return request.provided_contexts.empty() || needs("sts:SetContext");
}

RUSHHOUR_INLINE bool Sts::on(const api::sts::AssumeRole& request, const Caller& caller, Instant now,
                             api::sts::AssumeRole::Output& answer, Failure& failure) {
  const auto refuse = [&failure](Failure why) {
    failure = std::move(why);
    return false;
  };
  const Principal& role = *iam_.find_role(request.role_arn);  // authorize() has seen it
  const std::int64_t seconds = request.duration_seconds.value_or(detail::role_seconds_default);
  if (caller.is_session && seconds > detail::chained_seconds_max) {
    return refuse(detail::sts_validation_error(  // [REC eks-anywhere#9485, prowler#7721]
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
        "chaining."));
  }
  if (std::chrono::seconds{seconds} > role.session_duration_max) {
    return refuse(detail::sts_validation_error(  // [REC public logs since 2018]
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."));
  }
  NewSession wanted{.kind = CallerKind::role,
                    .name = request.role_session_name,
                    .now = now,
                    .length = std::chrono::seconds{seconds},
                    .is_multi_factor = request.token_code.has_value(),
                    .token_size_min = detail::token_size_min(request.minimum_session_token_size)};
  if (!request.tags.empty()) wanted.tags = detail::session_tags(request.tags, request.transitive_tag_keys);
  if (caller.facts != nullptr) {
    for (const SessionTag& tag : caller.facts->tags) {
      if (tag.is_transitive) wanted.tags.push_back(tag);
    }
    wanted.source_identity = caller.facts->source_identity;
  }
  if (request.source_identity) wanted.source_identity = *request.source_identity;
  if (request.policy || !request.policy_arns.empty()) {
    if (auto refusal = take_policies(request.policy, request.policy_arns, role.account_id, wanted)) {
      return refuse(std::move(*refusal));
    }
  }
  Result<Session> session = issue(role, wanted, caller);
  if (!session.ok()) return refuse(std::move(session).failure());
  answer.assumed_role_user = detail::assumed_role_user(role, request.role_session_name);
  answer.packed_policy_size = session->packed_policy_size;
  answer.source_identity = std::move(wanted.source_identity);
  detail::give_token_size(*session, answer);
  detail::give(*session, answer.credentials);
  return true;
}

// ---- AssumeRoot ----

RUSHHOUR_INLINE std::optional<Failure> Sts::check(const api::sts::AssumeRoot& request) const {
  if (detail::target_account(request.target_principal).empty()) {
    return detail::sts_validation_error(request.target_principal + " is invalid");  // [MEM]
  }
  const std::string arn = request.task_policy_arn.arn.value_or("");
  if (detail::find_root_task_policy(arn) != nullptr) return std::nullopt;
  return detail::sts_validation_error(arn + " is not a valid task policy");  // DOC the five; [MEM] the text
}

RUSHHOUR_INLINE bool Sts::authorize(const api::sts::AssumeRoot& request, const Caller& caller, Instant now,
                                    Failure& failure) {
  const std::string target{detail::target_account(request.target_principal)};
  const std::string resource = aws::root_arn({.account = target});
  const std::string& account = iam_.principal(caller).account_id;
  const auto contains = [](const std::vector<std::string>& accounts, std::string_view wanted) {
    return std::find(accounts.begin(), accounts.end(), wanted) != accounts.end();
  };
  // DOC: the management account or a delegated administrator's, never a root user.
  const bool administers = account == organization_.management_account ||
                           contains(organization_.delegated_administrators, account);
  if (caller.kind == CallerKind::root || !administers || !contains(organization_.members, target)) {
    failure = detail::sts_not_authorized(iam_.arn_of(caller), "sts:AssumeRoot", resource);
    return false;
  }
  const detail::AssumeRootKeys keys{*request.task_policy_arn.arn};
  Failure reason;
  if (permits(caller, "sts:AssumeRoot", resource, &keys, now, reason)) return true;
  failure = detail::sts_not_authorized(iam_.arn_of(caller), "sts:AssumeRoot", resource);
  return false;
}

RUSHHOUR_INLINE Result<api::sts::AssumeRoot::Output> Sts::on(const api::sts::AssumeRoot& request,
                                                             const Caller& caller, Instant now) {
  const Principal& root = iam_.root_of(detail::target_account(request.target_principal));
  NewSession wanted{.kind = CallerKind::root,
                    .now = now,
                    .length = std::chrono::seconds{request.duration_seconds.value_or(900)},
                    .source_identity = std::string{detail::source_identity_of(caller)},
                    .token_size_min = detail::token_size_min(request.minimum_session_token_size)};
  wanted.policies.emplace_back(detail::find_root_task_policy(*request.task_policy_arn.arn)->document);
  Result<Session> session = issue(root, wanted, caller);
  if (!session.ok()) return std::move(session).failure();
  api::sts::AssumeRoot::Output output{.source_identity = std::move(wanted.source_identity)};
  detail::give_token_size(*session, output);
  detail::give(*session, output.credentials);
  return output;
}

}  // namespace rushhour::fakes
