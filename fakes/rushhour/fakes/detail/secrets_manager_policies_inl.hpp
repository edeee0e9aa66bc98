#pragma once

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/aws/policy.hpp>
#include <rushhour/fakes/condition_keys.hpp>
#include <rushhour/fakes/detail/resource_policy.hpp>
#include <rushhour/fakes/secrets_manager.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::fakes {

namespace detail {

/// A string, or the strings of a list.
template <class Use>
void for_each_policy_text(const nlohmann::json& value, Use use) {
  if (value.is_string()) use(value.get_ref<const std::string&>());
  if (!value.is_array()) return;
  for (const nlohmann::json& each : value) for_each_policy_text(each, use);
}

template <class Use>
void for_each_statement(const nlohmann::json& document, Use use) {
  const nlohmann::json& statements = document.at("Statement");
  if (statements.is_object()) return use(statements);
  for (const nlohmann::json& statement : statements) use(statement);
}

/// Keys of which a fixed value makes "everybody" a few. Sources: "Attach a permissions policy to a secret"
/// (Secrets Manager User Guide) for the first four, and "The meaning of public" (Amazon S3 User Guide), to
/// which it refers, for the rest (spec tag DOC).
inline constexpr std::array<std::string_view, 11> narrowing_keys{
    "aws:SourceArn",      "aws:SourceVpc", "aws:SourceVpce",       "aws:SourceAccount",
    "aws:SourceOwner",    "aws:SourceIp",  "aws:PrincipalArn",     "aws:PrincipalAccount",
    "aws:PrincipalOrgID", "aws:userid",    "aws:PrincipalOrgPaths"};

/// Operators that hold for the named values only: no negation, and none that holds without the key.
[[nodiscard]] RUSHHOUR_INLINE bool is_narrowing_operator(std::string_view name) {
  static constexpr std::string_view any = "ForAnyValue:";
  if (name.starts_with(any)) name.remove_prefix(any.size());
  static constexpr std::array<std::string_view, 6> narrowing{
      "StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress"};
  return std::find(narrowing.begin(), narrowing.end(), name) != narrowing.end();
}

/// Neither a wildcard nor a variable, and not every address.
[[nodiscard]] RUSHHOUR_INLINE bool is_fixed_value(std::string_view text) {
  return !text.empty() && text.find_first_of("*?") == std::string_view::npos &&
         text.find("${") == std::string_view::npos && !text.ends_with("/0");
}

[[nodiscard]] RUSHHOUR_INLINE bool is_narrowed(const nlohmann::json& statement) {
  const auto conditions = statement.find("Condition");
  if (conditions == statement.end()) return false;
  for (const auto& block : conditions->items()) {
    if (!is_narrowing_operator(block.key())) continue;
    for (const auto& item : block.value().items()) {
      if (std::none_of(narrowing_keys.begin(), narrowing_keys.end(), [&item](std::string_view key) {
            return http::equals_ignoring_case(key, item.key());
          })) {
        continue;
      }
      bool all_fixed = true;
      for_each_policy_text(item.value(),
                           [&all_fixed](const std::string& text) { all_fixed &= is_fixed_value(text); });
      if (all_fixed) return true;
    }
  }
  return false;
}

[[nodiscard]] RUSHHOUR_INLINE bool means_everybody(const nlohmann::json& principal) {
  if (principal == "*") return true;
  const auto aws = principal.find("AWS");
  bool everybody = false;
  if (aws != principal.end()) {
    for_each_policy_text(*aws, [&everybody](const std::string& text) { everybody |= text == "*"; });
  }
  return everybody;
}

/// Whether a valid resource policy lets everybody in, as far as it shows: `*` as principal, and no condition
/// that names who, or from where. What AWS's automated reasoning concludes beyond that is not copied.
[[nodiscard]] RUSHHOUR_INLINE bool grants_broad_access(const nlohmann::json& document) {
  bool broad = false;
  for_each_statement(document, [&broad](const nlohmann::json& statement) {
    broad |= statement.at("Effect") == "Allow" && means_everybody(statement.at("Principal")) &&
             !is_narrowed(statement);
  });
  return broad;
}

/// Whether a valid resource policy names a service that is not called as AWS's are. That its users and roles
/// exist is the compiler's to find.
[[nodiscard]] RUSHHOUR_INLINE bool names_other_service(const nlohmann::json& document) {
  bool found = false;
  for_each_statement(document, [&found](const nlohmann::json& statement) {
    const nlohmann::json& principal = statement.at("Principal");
    const auto services = principal.find("Service");
    if (services == principal.end()) return;
    for_each_policy_text(*services, [&found](const std::string& text) {
      found |= !text.ends_with(".amazonaws.com") && !text.ends_with(".amazonaws.com.cn");
    });
  });
  return found;
}

/// What the compiler stumbled over.
[[nodiscard]] RUSHHOUR_INLINE PolicyProblem problem_of(const InputError& error) {
  const std::string_view pointer = error.mistake().pointer;
  if (pointer.find("/Principal/Service") != std::string_view::npos) return PolicyProblem::service_principal;
  // The member itself may have no valid form, which is syntax; what it names may be no principal.
  if (pointer.find("/Principal/AWS") != std::string_view::npos) return PolicyProblem::principal;
  return PolicyProblem::syntax;
}

}  // namespace detail

RUSHHOUR_INLINE detail::PolicyCheck SecretsManager::read_policy(const std::string& text) {
  detail::PolicyCheck check;
  try {
    check.policy = aws::Policy::compile({.kind = aws::PolicyKind::resource,
                                         .text = text,
                                         .known_keys = condition_keys,
                                         .directory = &iam_.directory()});
  } catch (const InputError& error) {
    check.problems.push_back(detail::problem_of(error));
    return check;
  }
  const nlohmann::json document = nlohmann::json::parse(text);
  if (detail::names_other_service(document)) {
    check.problems.push_back(detail::PolicyProblem::service_principal);
  }
  if (detail::grants_broad_access(document)) check.problems.push_back(detail::PolicyProblem::broad_access);
  return check;
}

// ---- Operations ----

RUSHHOUR_INLINE bool SecretsManager::authorize(const api::secretsmanager::ValidateResourcePolicy& request,
                                               const Caller& caller, Instant now, Failure& failure) {
  return may("secretsmanager:ValidateResourcePolicy", request, caller, now, failure) &&
         may("secretsmanager:PutResourcePolicy", request, caller, now, failure);
}

RUSHHOUR_INLINE Result<api::secretsmanager::PutResourcePolicy::Output> SecretsManager::on(
    const api::secretsmanager::PutResourcePolicy& request, const Caller& caller, Instant now) {
  const auto opened = open_primary(request.secret_id, caller, now);
  if (!opened.ok()) return opened.failure();
  Secret& secret = **opened;
  detail::PolicyCheck check = check_policy(request, &secret, caller, now);
  const bool blocks = request.block_public_policy.value_or(false);  // [DOC] false unless given
  for (const detail::PolicyProblem problem : check.problems) {
    if (problem != detail::PolicyProblem::broad_access || blocks) return detail::policy_failure(problem);
  }
  secret.policy = std::move(check.policy);
  secret.policy_text = request.resource_policy;
  changed(secret, now);
  return api::secretsmanager::PutResourcePolicy::Output{.arn = secret.arn, .name = secret.name};
}

RUSHHOUR_INLINE Result<api::secretsmanager::GetResourcePolicy::Output> SecretsManager::on(
    const api::secretsmanager::GetResourcePolicy& request, const Caller& caller, Instant now) {
  const auto opened = open(request.secret_id, caller, now);
  if (!opened.ok()) return opened.failure();
  const Secret& secret = **opened;
  return api::secretsmanager::GetResourcePolicy::Output{
      .arn = secret.arn, .name = secret.name, .resource_policy = secret.policy_text};
}

RUSHHOUR_INLINE Result<api::secretsmanager::DeleteResourcePolicy::Output> SecretsManager::on(
    const api::secretsmanager::DeleteResourcePolicy& request, const Caller& caller, Instant now) {
  const auto opened = open_primary(request.secret_id, caller, now);
  if (!opened.ok()) return opened.failure();
  Secret& secret = **opened;
  secret.policy.reset();
  secret.policy_text.clear();
  changed(secret, now);
  return api::secretsmanager::DeleteResourcePolicy::Output{.arn = secret.arn, .name = secret.name};
}

RUSHHOUR_INLINE Result<api::secretsmanager::ValidateResourcePolicy::Output> SecretsManager::on(
    const api::secretsmanager::ValidateResourcePolicy& request, const Caller& caller, Instant now) {
  const Secret* secret = nullptr;
  if (request.secret_id) {
    const auto opened = open(*request.secret_id, caller, now);
    if (!opened.ok()) return opened.failure();
    secret = *opened;
  }
  api::secretsmanager::ValidateResourcePolicy::Output out;
  for (const detail::PolicyProblem problem : check_policy(request, secret, caller, now).problems) {
    const detail::PolicyWords& words = detail::words_of(problem);
    out.validation_errors.push_back(
        {.check_name = std::string{words.check_name}, .error_message = std::string{words.text}});
  }
  out.policy_validation_passed = out.validation_errors.empty();
  return out;
}

}  // namespace rushhour::fakes
