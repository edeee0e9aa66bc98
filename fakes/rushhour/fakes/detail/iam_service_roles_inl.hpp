#pragma once

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/iam_service.hpp>

namespace rushhour::fakes {

namespace detail {

/// What lists say of a role, and every other answer too.
RUSHHOUR_INLINE api::iam::Role role_of(const Principal& role) {
  api::iam::Role out{.path = role.path,
                     .role_name = role.name,
                     .role_id = role.unique_id,
                     .arn = role.arn,
                     .create_date = to_seconds(role.created),
                     .assume_role_policy_document = encoded_document(role.trust_document)};
  if (!role.description.empty()) out.description = role.description;
  return out;
}
[[nodiscard]] RUSHHOUR_INLINE std::int64_t session_seconds_max(const Principal& role) {
  return std::chrono::duration_cast<std::chrono::seconds>(role.session_duration_max).count();
}

/// [REC terraform-provider-aws] The default of a role's largest trust policy, in characters ("IAM and AWS
/// STS quotas", DOC).
inline constexpr std::size_t trust_size_max = 2'048;
[[nodiscard]] RUSHHOUR_INLINE std::optional<Failure> check_trust_size(std::string_view document) {
  if (document_size(document) <= trust_size_max) return std::nullopt;
  return quota_exceeded("ACLSizePerRole", trust_size_max);
}

inline constexpr std::size_t tags_max = 50;

}  // namespace detail

RUSHHOUR_INLINE bool IamService::authorize_on(const Access& access, const Caller& caller, Instant now,
                                              Failure& failure) {
  const aws::Verdict verdict = iam_.authorize(caller, {.action = access.action,
                                                       .resource = access.target.arn,
                                                       .resource_account = access.target.account,
                                                       .context = access.context,
                                                       .now = now});
  if (verdict.allowed) return true;
  failure = {.outcome = Outcome::denied,
             .status = 403,
             .code = "AccessDenied",
             .message = "User: " + iam_.arn_of(caller) + " is not authorized to perform: " +
                        std::string{access.action} + " on resource: " + access.target.shown + " " +
                        aws::refusal_reason(verdict, access.action)};
  return false;
}

RUSHHOUR_INLINE detail::IamTarget IamService::target_of_role(std::string_view name, const Caller& caller) {
  IamTarget out{.shown = "role " + std::string{name}};
  if (const auto found = role(name, caller)) {
    out.arn = (*found)->arn;
    out.boundary_arn = (*found)->boundary_arn;
    out.tags = &(*found)->tags;
  } else {
    out.arn = aws::role_arn({.account = account_of(caller), .name = name});
  }
  return out;
}

RUSHHOUR_INLINE Result<const Principal*> IamService::role(std::string_view name, const Caller& caller) {
  const Principal* const found = iam_.find_named(Principal::Kind::role, account_of(caller), name);
  if (found == nullptr) return detail::not_found_by_name("role", name);
  return found;
}

RUSHHOUR_INLINE IamService::Owner IamService::owner_of(const Principal& principal) {
  return {.arn = principal.arn,
          .account = principal.account_id,
          .kind = principal.kind == Principal::Kind::role ? "role" : "user",
          .name = principal.name,
          .policies = &principal.own,
          .boundary_arn = principal.boundary_arn};
}

RUSHHOUR_INLINE Result<api::iam::CreateRole::Output> IamService::on(const api::iam::CreateRole& request,
                                                                    const Caller& caller, Instant now) {
  if (role(request.role_name, caller).ok()) return detail::exists_by_name("Role", request.role_name);
  if (auto refusal = check_boundary(request.permissions_boundary, caller)) return std::move(*refusal);
  if (auto refusal = detail::check_trust_size(request.assume_role_policy_document))
    return std::move(*refusal);
  NewRole made{.account = std::string{account_of(caller)},
               .name = request.role_name,
               .path = request.path.value_or("/"),
               .trust_policy = request.assume_role_policy_document,
               .permissions_boundary = request.permissions_boundary.value_or(""),
               .description = request.description.value_or(""),
               .tags = detail::to_tags(request.tags),
               .created = detail::to_seconds(now)};
  if (request.max_session_duration) {
    made.session_duration_max = std::chrono::seconds{*request.max_session_duration};
  }
  std::string arn;
  try {
    iam_.check_policy(aws::PolicyKind::trust, made.trust_policy);
    arn = iam_.add_role(made);
  } catch (const InputError& error) {
    return detail::malformed_document(error);
  }
  const Principal& added = *iam_.find_role(arn);
  api::iam::CreateRole::Output out{.role = detail::role_of(added)};
  // [REC: LocalStack's recordings of 2023-09-14] Said only when it was asked for, unlike in GetRole.
  out.role.max_session_duration = request.max_session_duration;
  out.role.permissions_boundary = detail::boundary_of(added.boundary_arn);
  out.role.tags = request.tags;
  return out;
}

RUSHHOUR_INLINE Result<api::iam::GetRole::Output> IamService::on(const api::iam::GetRole& request,
                                                                 const Caller& caller, Instant /*now*/) {
  const auto found = role(request.role_name, caller);
  if (!found) return found.failure();
  api::iam::GetRole::Output out{.role = detail::role_of(**found)};
  out.role.max_session_duration = detail::session_seconds_max(**found);
  out.role.permissions_boundary = detail::boundary_of((*found)->boundary_arn);
  out.role.tags = detail::tags_of((*found)->tags);
  out.role.role_last_used.emplace();  // [REC, same recordings] there, and empty while it was never used
  return out;
}

RUSHHOUR_INLINE Result<api::iam::ListRoles::Output> IamService::on(const api::iam::ListRoles& request,
                                                                   const Caller& caller, Instant /*now*/) {
  api::iam::ListRoles::Output out;
  for (const Principal* known : iam_.list(Principal::Kind::role, account_of(caller))) {
    if (!known->path.starts_with(request.path_prefix.value_or("/"))) continue;
    api::iam::Role& listed = out.roles.emplace_back(detail::role_of(*known));
    listed.max_session_duration = detail::session_seconds_max(*known);
  }
  const auto key = [](const api::iam::Role& listed) -> const std::string& { return listed.role_name; };
  if (auto refusal = detail::cut_page(request, key, out.roles, out)) return std::move(*refusal);
  return out;
}

RUSHHOUR_INLINE Result<api::iam::DeleteRole::Output> IamService::on(const api::iam::DeleteRole& request,
                                                                    const Caller& caller, Instant /*now*/) {
  const auto found = role(request.role_name, caller);
  if (!found) return found.failure();
  if (!(*found)->own.attached.empty()) return detail::cannot_delete_before("detach all policies");
  if (!(*found)->own.inline_policies.empty()) return detail::cannot_delete_before("delete policies");
  static_cast<void>(iam_.remove_principal(std::string{(*found)->arn}));
  return api::iam::DeleteRole::Output{};
}

RUSHHOUR_INLINE Result<api::iam::UpdateRole::Output> IamService::on(const api::iam::UpdateRole& request,
                                                                    const Caller& caller, Instant /*now*/) {
  const auto found = role(request.role_name, caller);
  if (!found) return found.failure();
  const std::string arn = (*found)->arn;
  if (request.description) static_cast<void>(iam_.set_description(arn, *request.description));
  if (request.max_session_duration) {
    static_cast<void>(
        iam_.set_session_duration_max(arn, std::chrono::seconds{*request.max_session_duration}));
  }
  return api::iam::UpdateRole::Output{};
}

RUSHHOUR_INLINE Result<api::iam::UpdateAssumeRolePolicy::Output> IamService::on(
    const api::iam::UpdateAssumeRolePolicy& request, const Caller& caller, Instant /*now*/) {
  const auto found = role(request.role_name, caller);
  if (!found) return found.failure();
  if (auto refusal = detail::check_trust_size(request.policy_document)) return std::move(*refusal);
  try {
    iam_.check_policy(aws::PolicyKind::trust, request.policy_document);
    static_cast<void>(iam_.set_trust_policy((*found)->arn, request.policy_document));
  } catch (const InputError& error) {
    return detail::malformed_document(error);
  }
  return api::iam::UpdateAssumeRolePolicy::Output{};
}

RUSHHOUR_INLINE Result<api::iam::TagRole::Output> IamService::on(const api::iam::TagRole& request,
                                                                 const Caller& caller, Instant /*now*/) {
  const auto found = role(request.role_name, caller);
  if (!found) return found.failure();
  std::size_t added = 0;
  for (const api::iam::Tag& tag : request.tags) {
    const auto& known = (*found)->tags;
    added += std::none_of(known.begin(), known.end(), [&](const IamTag& other) {
      return http::equals_ignoring_case(other.key, tag.key);
    });
  }
  if ((*found)->tags.size() + added > detail::tags_max) {
    return detail::iam_limit_exceeded("The number of tags has reached the maximum limit.");  // MEM
  }
  const std::string arn = (*found)->arn;
  for (const api::iam::Tag& tag : request.tags) static_cast<void>(iam_.tag(arn, {tag.key, tag.value}));
  return api::iam::TagRole::Output{};
}

RUSHHOUR_INLINE Result<api::iam::UntagRole::Output> IamService::on(const api::iam::UntagRole& request,
                                                                   const Caller& caller, Instant /*now*/) {
  const auto found = role(request.role_name, caller);
  if (!found) return found.failure();
  const std::string arn = (*found)->arn;
  for (const std::string& key : request.tag_keys) static_cast<void>(iam_.untag(arn, key));
  return api::iam::UntagRole::Output{};
}

RUSHHOUR_INLINE Result<api::iam::ListRoleTags::Output> IamService::on(const api::iam::ListRoleTags& request,
                                                                      const Caller& caller, Instant /*now*/) {
  const auto found = role(request.role_name, caller);
  if (!found) return found.failure();
  api::iam::ListRoleTags::Output out{.tags = detail::tags_of((*found)->tags)};
  const auto key = [](const api::iam::Tag& tag) -> const std::string& { return tag.key; };
  if (auto refusal = detail::cut_page(request, key, out.tags, out)) return std::move(*refusal);
  return out;
}

}  // namespace rushhour::fakes
