#pragma once

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/iam_service.hpp>

namespace rushhour::fakes {

namespace detail {

RUSHHOUR_INLINE api::iam::User user_of(const Principal& user) {
  return {.path = user.path,
          .user_name = user.name,
          .user_id = user.unique_id,
          .arn = user.arn,
          .create_date = to_seconds(user.created)};
}

/// Active and inactive ones ("IAM and AWS STS quotas", DOC).
inline constexpr std::size_t access_keys_max = 2;

}  // namespace detail

RUSHHOUR_INLINE detail::IamTarget IamService::target_of_user(std::string_view name, const Caller& caller) {
  IamTarget out{.shown = "user " + std::string{name}};
  if (const auto found = user(name, caller)) {
    out.arn = (*found)->arn;
    out.boundary_arn = (*found)->boundary_arn;
    out.tags = &(*found)->tags;
  } else {
    out.arn = aws::user_arn({.account = account_of(caller), .name = name});
  }
  return out;
}

RUSHHOUR_INLINE Result<const Principal*> IamService::user(std::string_view name, const Caller& caller) {
  const Principal* const found = iam_.find_named(Principal::Kind::user, account_of(caller), name);
  if (found == nullptr) return detail::not_found_by_name("user", name);
  return found;
}

RUSHHOUR_INLINE Result<const Principal*> IamService::user(const std::optional<std::string>& name,
                                                          const Caller& caller) {
  if (name) return user(std::string_view{*name}, caller);
  if (caller.kind != CallerKind::user && caller.kind != CallerKind::root) {
    return detail::invalid_iam_value("Must specify userName when calling with non-User credentials");  // MEM
  }
  return &iam_.principal(caller);
}

RUSHHOUR_INLINE Result<api::iam::CreateUser::Output> IamService::on(const api::iam::CreateUser& request,
                                                                    const Caller& caller, Instant now) {
  if (user(std::string_view{request.user_name}, caller).ok()) {
    return detail::exists_by_name("User", request.user_name);
  }
  if (auto refusal = check_boundary(request.permissions_boundary, caller)) return std::move(*refusal);
  const std::string arn =
      iam_.add_user_without_key({.account = std::string{account_of(caller)},
                                 .name = request.user_name,
                                 .path = request.path.value_or("/"),
                                 .permissions_boundary = request.permissions_boundary.value_or(""),
                                 .tags = detail::to_tags(request.tags),
                                 .created = detail::to_seconds(now)});
  const Principal& added = *iam_.find(arn);
  api::iam::CreateUser::Output out{.user = detail::user_of(added)};
  out.user.permissions_boundary = detail::boundary_of(added.boundary_arn);
  out.user.tags = request.tags;
  return out;
}

RUSHHOUR_INLINE Result<api::iam::GetUser::Output> IamService::on(const api::iam::GetUser& request,
                                                                 const Caller& caller, Instant /*now*/) {
  const auto found = user(request.user_name, caller);
  if (!found) return found.failure();
  api::iam::GetUser::Output out{.user = detail::user_of(**found)};
  out.user.permissions_boundary = detail::boundary_of((*found)->boundary_arn);
  out.user.tags = detail::tags_of((*found)->tags);
  return out;
}

RUSHHOUR_INLINE Result<api::iam::ListUsers::Output> IamService::on(const api::iam::ListUsers& request,
                                                                   const Caller& caller, Instant /*now*/) {
  api::iam::ListUsers::Output out;
  for (const Principal* known : iam_.list(Principal::Kind::user, account_of(caller))) {
    if (known->path.starts_with(request.path_prefix.value_or("/"))) {
      out.users.push_back(detail::user_of(*known));
    }
  }
  const auto key = [](const api::iam::User& listed) -> const std::string& { return listed.user_name; };
  if (auto refusal = detail::cut_page(request, key, out.users, out)) return std::move(*refusal);
  return out;
}

RUSHHOUR_INLINE Result<api::iam::DeleteUser::Output> IamService::on(const api::iam::DeleteUser& request,
                                                                    const Caller& caller, Instant /*now*/) {
  const auto found = user(std::string_view{request.user_name}, caller);
  if (!found) return found.failure();
  // In which order IAM looks is not published [CHOICE].
  if (!(*found)->own.attached.empty()) return detail::cannot_delete_before("detach all policies");
  if (!(*found)->own.inline_policies.empty()) return detail::cannot_delete_before("delete policies");
  if (!(*found)->access_keys.empty()) return detail::cannot_delete_before("delete access keys");  // MEM
  if (!(*found)->groups.empty()) return detail::cannot_delete_before("remove users from group");
  if (!(*found)->mfa_devices.empty()) return detail::cannot_delete_before("delete MFA device");  // MEM
  static_cast<void>(iam_.remove_principal(std::string{(*found)->arn}));
  return api::iam::DeleteUser::Output{};
}

RUSHHOUR_INLINE Result<const AccessKey*> IamService::key_of(const Principal& user,
                                                            const std::string& access_key_id) {
  const AccessKey* const found = iam_.find_access_key(access_key_id);
  if (found == nullptr || found->owner != user.index) {
    return detail::no_such_entity("The Access Key with id " + access_key_id + " cannot be found.");  // MEM
  }
  return found;
}

RUSHHOUR_INLINE Result<api::iam::CreateAccessKey::Output> IamService::on(
    const api::iam::CreateAccessKey& request, const Caller& caller, Instant now) {
  const auto found = user(request.user_name, caller);
  if (!found) return found.failure();
  if ((*found)->access_keys.size() >= detail::access_keys_max) {
    return detail::quota_exceeded("AccessKeysPerUser", detail::access_keys_max);
  }
  const Instant created = detail::to_seconds(now);
  const auto key = iam_.add_access_key((*found)->arn, created);
  RUSHHOUR_ASSERT(key.has_value(), "a user that exists gets a key");
  return api::iam::CreateAccessKey::Output{.access_key = {.user_name = (*found)->name,
                                                          .access_key_id = key->access_key_id,
                                                          .status = "Active",
                                                          .secret_access_key = key->secret_access_key,
                                                          .create_date = created}};
}

RUSHHOUR_INLINE Result<api::iam::UpdateAccessKey::Output> IamService::on(
    const api::iam::UpdateAccessKey& request, const Caller& caller, Instant /*now*/) {
  const auto found = user(request.user_name, caller);
  if (!found) return found.failure();
  const auto key = key_of(**found, request.access_key_id);
  if (!key) return key.failure();
  static_cast<void>(iam_.set_access_key_active(request.access_key_id, request.status == "Active"));
  return api::iam::UpdateAccessKey::Output{};
}

RUSHHOUR_INLINE Result<api::iam::ListAccessKeys::Output> IamService::on(
    const api::iam::ListAccessKeys& request, const Caller& caller, Instant /*now*/) {
  const auto found = user(request.user_name, caller);
  if (!found) return found.failure();
  api::iam::ListAccessKeys::Output out;
  for (const std::string& id : (*found)->access_keys) {
    const AccessKey& key = *iam_.find_access_key(id);
    out.access_key_metadata.push_back({.user_name = (*found)->name,
                                       .access_key_id = id,
                                       .status = key.is_active ? "Active" : "Inactive",
                                       .create_date = detail::to_seconds(key.created)});
  }
  const auto key = [](const api::iam::AccessKeyMetadata& listed) -> const std::string& {
    return listed.access_key_id;
  };
  if (auto refusal = detail::cut_page(request, key, out.access_key_metadata, out)) return std::move(*refusal);
  return out;
}

RUSHHOUR_INLINE Result<api::iam::DeleteAccessKey::Output> IamService::on(
    const api::iam::DeleteAccessKey& request, const Caller& caller, Instant /*now*/) {
  const auto found = user(request.user_name, caller);
  if (!found) return found.failure();
  const auto key = key_of(**found, request.access_key_id);
  if (!key) return key.failure();
  static_cast<void>(iam_.remove_access_key(request.access_key_id));
  return api::iam::DeleteAccessKey::Output{};
}

}  // namespace rushhour::fakes
