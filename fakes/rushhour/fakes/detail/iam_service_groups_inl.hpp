#pragma once

#include <algorithm>

#include <rushhour/fakes/iam_service.hpp>

namespace rushhour::fakes {

namespace detail {

/// ("IAM and AWS STS quotas", DOC)
inline constexpr std::size_t groups_per_user_max = 10;

}  // namespace detail

RUSHHOUR_INLINE Result<const Group*> IamService::group(std::string_view name, const Caller& caller) {
  const Group* const found = iam_.find_group(account_of(caller), name);
  if (found == nullptr) return detail::not_found_by_name("group", name);
  return found;
}

RUSHHOUR_INLINE Result<api::iam::CreateGroup::Output> IamService::on(const api::iam::CreateGroup& request,
                                                                     const Caller& caller, Instant now) {
  if (group(request.group_name, caller).ok()) return detail::exists_by_name("Group", request.group_name);
  const std::string account{account_of(caller)};
  static_cast<void>(iam_.add_group({.account = account,
                                    .name = request.group_name,
                                    .path = request.path.value_or("/"),
                                    .created = detail::to_seconds(now)}));
  const Group& added = *iam_.find_group(account, request.group_name);
  return api::iam::CreateGroup::Output{.group = {.path = added.path,
                                                 .group_name = added.name,
                                                 .group_id = added.unique_id,
                                                 .arn = added.arn,
                                                 .create_date = detail::to_seconds(added.created)}};
}

RUSHHOUR_INLINE Result<api::iam::DeleteGroup::Output> IamService::on(const api::iam::DeleteGroup& request,
                                                                     const Caller& caller, Instant /*now*/) {
  const auto found = group(request.group_name, caller);
  if (!found) return found.failure();
  if (!iam_.members_of(**found).empty()) return detail::cannot_delete_before("remove users from group");
  if (!(*found)->own.attached.empty()) return detail::cannot_delete_before("detach all policies");
  if (!(*found)->own.inline_policies.empty()) return detail::cannot_delete_before("delete policies");
  static_cast<void>(iam_.remove_group(account_of(caller), request.group_name));
  return api::iam::DeleteGroup::Output{};
}

RUSHHOUR_INLINE Result<api::iam::AddUserToGroup::Output> IamService::on(
    const api::iam::AddUserToGroup& request, const Caller& caller, Instant /*now*/) {
  const auto joined = group(request.group_name, caller);
  if (!joined) return joined.failure();
  const auto found = user(std::string_view{request.user_name}, caller);
  if (!found) return found.failure();
  const std::vector<std::string>& groups = (*found)->groups;
  const bool is_member = std::find(groups.begin(), groups.end(), (*joined)->name) != groups.end();
  if (!is_member && groups.size() >= detail::groups_per_user_max) {
    return detail::quota_exceeded("GroupsPerUser", detail::groups_per_user_max);
  }
  static_cast<void>(iam_.add_to_group((*found)->arn, (*joined)->name));
  return api::iam::AddUserToGroup::Output{};
}

RUSHHOUR_INLINE Result<api::iam::RemoveUserFromGroup::Output> IamService::on(
    const api::iam::RemoveUserFromGroup& request, const Caller& caller, Instant /*now*/) {
  const auto left = group(request.group_name, caller);
  if (!left) return left.failure();
  const auto found = user(std::string_view{request.user_name}, caller);
  if (!found) return found.failure();
  static_cast<void>(iam_.remove_from_group((*found)->arn, (*left)->name));
  return api::iam::RemoveUserFromGroup::Output{};
}

}  // namespace rushhour::fakes
