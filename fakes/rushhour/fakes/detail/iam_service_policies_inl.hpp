#pragma once

#include <algorithm>
#include <array>

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/iam_service.hpp>

namespace rushhour::fakes {

namespace detail {

/// What the policies of one role, user or group may take ("IAM and AWS STS quotas", DOC).
struct PolicyQuota {
  std::string_view kind{};
  std::size_t inline_size_max{};  ///< characters of all inline policies together
  std::size_t attached_max{};
  std::string_view attached_quota{};
};
inline constexpr std::array policy_quotas{PolicyQuota{"role", 10'240, 10, "PoliciesPerRole"},
                                          PolicyQuota{"user", 2'048, 10, "PoliciesPerUser"},
                                          PolicyQuota{"group", 5'120, 10, "PoliciesPerGroup"}};
/// Whose AWS's own policies are: `arn:aws:iam::aws:policy/...`.
inline constexpr std::string_view aws_owned_account = "aws";
inline constexpr std::size_t managed_policy_size_max = 6'144;

[[nodiscard]] RUSHHOUR_INLINE const PolicyQuota& quota_of(std::string_view kind) {
  const auto row = std::find_if(policy_quotas.begin(), policy_quotas.end(),
                                [&](const PolicyQuota& quota) { return quota.kind == kind; });
  RUSHHOUR_ASSERT(row != policy_quotas.end(), "policies belong to a role, a user or a group");
  return *row;
}

[[nodiscard]] RUSHHOUR_INLINE bool is_policy_arn(std::string_view text) {
  const auto arn = aws::parse_arn(text);
  return arn && arn->service == "iam" && arn->resource_type() == "policy";
}

/// [CHOICE] A policy that is somebody's boundary only is not attached.
[[nodiscard]] RUSHHOUR_INLINE bool is_listed(const api::iam::ListPolicies& request,
                                             const api::iam::Policy& policy) {
  if (request.only_attached.value_or(false) && policy.attachment_count == 0) return false;
  if (!request.policy_usage_filter) return true;
  return *request.policy_usage_filter == "PermissionsPolicy" ? policy.attachment_count > 0
                                                             : policy.permissions_boundary_usage_count > 0;
}

/// `Policy arn:... was not found.` [MEM]
[[nodiscard]] RUSHHOUR_INLINE Failure no_such_policy(std::string_view policy_arn) {
  return no_such_entity("Policy " + std::string{policy_arn} + " was not found.");
}
/// [REC: LocalStack's recordings of 2023-09-14]
[[nodiscard]] RUSHHOUR_INLINE std::optional<Failure> check_policy_arn(std::string_view policy_arn) {
  if (is_policy_arn(policy_arn)) return std::nullopt;
  return invalid_input("ARN " + std::string{policy_arn} + " is not valid.");
}

}  // namespace detail

// Another account's policy is nobody's business here; AWS's own are everybody's, to read.
RUSHHOUR_INLINE detail::IamTarget IamService::target_of_policy(const std::string& arn, bool is_read,
                                                               const Caller& caller) {
  IamTarget out{.arn = arn, .shown = "policy " + arn};
  const auto parts = aws::parse_arn(arn);
  const bool is_foreign = parts && parts->account != account_of(caller) &&
                          !(is_read && parts->account == detail::aws_owned_account);
  if (is_foreign) out.account = parts->account;
  if (const ManagedPolicy* found = iam_.managed_policy(arn)) out.tags = &found->tags;
  return out;
}

// ---- Of roles, users and groups ----

RUSHHOUR_INLINE IamService::Refusal IamService::check_attachable(const std::string& policy_arn,
                                                                 std::string_view account,
                                                                 std::string_view what) const {
  if (auto refusal = detail::check_policy_arn(policy_arn)) return refusal;
  const ManagedPolicy* const found = iam_.managed_policy(policy_arn);
  if (found != nullptr && (found->account_id == account || found->account_id == detail::aws_owned_account)) {
    return std::nullopt;
  }
  return detail::no_such_entity(std::string{what} + policy_arn + " does not exist or is not attachable.");
}

// [REC hashicorp/boundary#4255] `Scope ARN: arn:... does not exist or is not attachable.`
RUSHHOUR_INLINE IamService::Refusal IamService::check_boundary(const std::optional<std::string>& policy_arn,
                                                               const Caller& caller) {
  return policy_arn ? check_attachable(*policy_arn, account_of(caller), "Scope ARN: ") : std::nullopt;
}

RUSHHOUR_INLINE IamService::Refusal IamService::put_policy(const Owner& owner, const std::string& name,
                                                           const std::string& document) {
  const detail::PolicyQuota& quota = detail::quota_of(owner.kind);
  std::size_t size = detail::document_size(document);
  for (const PolicyDocument& other : owner.policies->inline_policies) {
    if (other.name != name) size += detail::document_size(other.text);
  }
  if (size > quota.inline_size_max) {
    return detail::iam_limit_exceeded("Maximum policy size of " + std::to_string(quota.inline_size_max) +
                                      " bytes exceeded for " + std::string{owner.kind} + " " +
                                      owner.name);  // MEM
  }
  try {
    static_cast<void>(iam_.put_inline_policy(owner.arn, name, document));
  } catch (const InputError& error) {
    return detail::malformed_document(error);
  }
  return std::nullopt;
}

RUSHHOUR_INLINE IamService::Refusal IamService::delete_policy(const Owner& owner, const std::string& name) {
  if (iam_.remove_inline_policy(owner.arn, name)) return std::nullopt;
  return detail::not_found_by_name(std::string{owner.kind} + " policy", name);
}

RUSHHOUR_INLINE IamService::Refusal IamService::attach_policy(const Owner& owner,
                                                              const std::string& policy_arn) {
  if (auto refusal = check_attachable(policy_arn, owner.account, "Policy ")) return refusal;
  const std::vector<std::string>& attached = owner.policies->attached;
  const detail::PolicyQuota& quota = detail::quota_of(owner.kind);
  const bool is_attached = std::find(attached.begin(), attached.end(), policy_arn) != attached.end();
  if (!is_attached && attached.size() >= quota.attached_max) {
    return detail::quota_exceeded(quota.attached_quota, quota.attached_max);  // [REC eks-hybrid#741]
  }
  static_cast<void>(iam_.attach_policy(owner.arn, policy_arn));
  return std::nullopt;
}

RUSHHOUR_INLINE IamService::Refusal IamService::detach_policy(const Owner& owner,
                                                              const std::string& policy_arn) {
  if (auto refusal = detail::check_policy_arn(policy_arn)) return refusal;
  if (iam_.detach_policy(owner.arn, policy_arn)) return std::nullopt;
  return detail::no_such_policy(policy_arn);
}

RUSHHOUR_INLINE IamService::Refusal IamService::put_boundary(const Owner& owner,
                                                             const std::string& policy_arn) {
  if (auto refusal = check_attachable(policy_arn, owner.account, "Scope ARN: ")) return refusal;
  static_cast<void>(iam_.set_boundary(owner.arn, policy_arn));
  return std::nullopt;
}

// [MEM] The model has NoSuchEntity for it; the text is not recorded.
RUSHHOUR_INLINE IamService::Refusal IamService::delete_boundary(const Owner& owner) {
  if (owner.boundary_arn.empty()) {
    return detail::no_such_entity("The " + std::string{owner.kind} + " with name " + owner.name +
                                  " has no permissions boundary.");
  }
  static_cast<void>(iam_.set_boundary(owner.arn, {}));
  return std::nullopt;
}

RUSHHOUR_INLINE std::vector<api::iam::AttachedPolicy> IamService::attached_to(
    const Owner& owner, std::string_view path_prefix) const {
  std::vector<api::iam::AttachedPolicy> out;
  for (const std::string& arn : owner.policies->attached) {
    const ManagedPolicy* const policy = iam_.managed_policy(arn);
    if (policy == nullptr || !policy->path.starts_with(path_prefix)) continue;
    out.push_back({.policy_name = policy->name, .policy_arn = arn});
  }
  return out;
}

// ---- Managed ones ----

RUSHHOUR_INLINE api::iam::Policy IamService::policy_of(const ManagedPolicy& policy) const {
  const Instant created = detail::to_seconds(policy.created);
  return {.policy_name = policy.name,
          .policy_id = policy.unique_id,
          .arn = policy.arn,
          .path = policy.path,
          .default_version_id = "v1",
          .attachment_count = static_cast<std::int64_t>(iam_.attachments(policy.arn)),
          .permissions_boundary_usage_count = static_cast<std::int64_t>(iam_.boundary_uses(policy.arn)),
          .is_attachable = true,
          .create_date = created,
          .update_date = created};
}

RUSHHOUR_INLINE Result<api::iam::CreatePolicy::Output> IamService::on(const api::iam::CreatePolicy& request,
                                                                      const Caller& caller, Instant now) {
  const std::string_view account = account_of(caller);
  for (const ManagedPolicy* known : iam_.managed_policies(account)) {
    // [REC kubefirst#855]
    if (http::equals_ignoring_case(known->name, request.policy_name)) {
      return detail::entity_already_exists("A policy called " + request.policy_name +
                                           " already exists. Duplicate names are not allowed.");
    }
  }
  if (detail::document_size(request.policy_document) > detail::managed_policy_size_max) {
    // [REC cloud-platform-environments#14473]
    return detail::quota_exceeded("PolicySize", detail::managed_policy_size_max);
  }
  std::string arn;
  try {
    arn = iam_.add_managed_policy({.account = std::string{account},
                                   .name = request.policy_name,
                                   .path = request.path.value_or("/"),
                                   .document = request.policy_document,
                                   .description = request.description.value_or(""),
                                   .tags = detail::to_tags(request.tags),
                                   .created = detail::to_seconds(now)});
  } catch (const InputError& error) {
    return detail::malformed_document(error);
  }
  api::iam::CreatePolicy::Output out{.policy = policy_of(*iam_.managed_policy(arn))};
  out.policy.tags = request.tags;
  return out;
}

RUSHHOUR_INLINE Result<api::iam::GetPolicy::Output> IamService::on(const api::iam::GetPolicy& request,
                                                                   const Caller& /*caller*/,
                                                                   Instant /*now*/) {
  if (auto refusal = detail::check_policy_arn(request.policy_arn)) return std::move(*refusal);
  const ManagedPolicy* const found = iam_.managed_policy(request.policy_arn);
  if (found == nullptr) return detail::no_such_policy(request.policy_arn);
  api::iam::GetPolicy::Output out{.policy = policy_of(*found)};
  // DOC: API reference, Policy: lists leave the description out, and so does CreatePolicy's answer.
  if (!found->description.empty()) out.policy.description = found->description;
  out.policy.tags = detail::tags_of(found->tags);
  return out;
}

RUSHHOUR_INLINE Result<api::iam::GetPolicyVersion::Output> IamService::on(
    const api::iam::GetPolicyVersion& request, const Caller& /*caller*/, Instant /*now*/) {
  if (auto refusal = detail::check_policy_arn(request.policy_arn)) return std::move(*refusal);
  const ManagedPolicy* const found = iam_.managed_policy(request.policy_arn);
  if (found == nullptr) return detail::no_such_policy(request.policy_arn);
  if (request.version_id != "v1") {
    return detail::no_such_entity("Policy " + request.policy_arn + " version " + request.version_id +
                                  " does not exist or is not attachable.");  // MEM
  }
  return api::iam::GetPolicyVersion::Output{
      .policy_version = {.document = detail::encoded_document(found->document.text),
                         .version_id = "v1",
                         .is_default_version = true,
                         .create_date = detail::to_seconds(found->created)}};
}

RUSHHOUR_INLINE Result<api::iam::ListPolicies::Output> IamService::on(const api::iam::ListPolicies& request,
                                                                      const Caller& caller, Instant /*now*/) {
  const std::string scope = request.scope.value_or("All");
  std::vector<const ManagedPolicy*> known;
  if (scope != "AWS") known = iam_.managed_policies(account_of(caller));
  if (scope != "Local") {
    for (const ManagedPolicy* policy : iam_.managed_policies(detail::aws_owned_account))
      known.push_back(policy);
  }
  api::iam::ListPolicies::Output out;
  for (const ManagedPolicy* policy : known) {
    if (!policy->path.starts_with(request.path_prefix.value_or("/"))) continue;
    api::iam::Policy listed = policy_of(*policy);
    if (detail::is_listed(request, listed)) out.policies.push_back(std::move(listed));
  }
  const auto key = [](const api::iam::Policy& listed) -> const std::string& { return listed.arn; };
  if (auto refusal = detail::cut_page(request, key, out.policies, out)) return std::move(*refusal);
  return out;
}

RUSHHOUR_INLINE Result<api::iam::DeletePolicy::Output> IamService::on(const api::iam::DeletePolicy& request,
                                                                      const Caller& /*caller*/,
                                                                      Instant /*now*/) {
  if (auto refusal = detail::check_policy_arn(request.policy_arn)) return std::move(*refusal);
  if (iam_.managed_policy(request.policy_arn) == nullptr) return detail::no_such_policy(request.policy_arn);
  if (iam_.attachments(request.policy_arn) + iam_.boundary_uses(request.policy_arn) > 0) {
    return detail::delete_conflict("Cannot delete a policy attached to entities.");  // [REC iamy#22]
  }
  static_cast<void>(iam_.remove_managed_policy(request.policy_arn));
  return api::iam::DeletePolicy::Output{};
}

}  // namespace rushhour::fakes
