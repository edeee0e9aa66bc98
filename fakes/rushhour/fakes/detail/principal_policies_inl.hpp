#pragma once

#include <algorithm>
#include <utility>

#include <rushhour/fakes/detail/principal_keys.hpp>
#include <rushhour/fakes/principal_store.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::fakes {

// ---- Policies ----

RUSHHOUR_INLINE void PrincipalStore::put(PolicyList& list, std::string_view owner, std::string_view name,
                                         std::string_view document) const {
  PolicyDocument made{.name = std::string{name},
                      .text = std::string{document},
                      .compiled = compile(aws::PolicyKind::identity, document, owner)};
  auto& all = list.inline_policies;
  if (const auto former = detail::find_by(all, &PolicyDocument::name, name); former != all.end()) {
    *former = std::move(made);
    return;
  }
  const auto after = [](const PolicyDocument& each, std::string_view wanted) { return each.name < wanted; };
  all.insert(std::lower_bound(all.begin(), all.end(), name, after), std::move(made));
}

RUSHHOUR_INLINE void PrincipalStore::fill(PolicyList& list, std::string_view owner,
                                          const std::vector<std::string>& documents,
                                          const std::vector<std::string>& attached) const {
  for (std::size_t i = 0; i < documents.size(); ++i) {
    put(list, owner, "policy-" + std::to_string(i + 1), documents[i]);
  }
  for (const std::string& arn : attached) {
    RUSHHOUR_ASSERT(managed_policy(arn) != nullptr, "no such managed policy");
    list.attached.push_back(arn);
  }
}

RUSHHOUR_INLINE void PrincipalStore::add_policy(std::string_view arn, std::string_view document) {
  const PolicyList* const list = policies_of(arn);
  RUSHHOUR_ASSERT(list != nullptr, "no such role, user or group");
  std::size_t number = list->inline_policies.size() + 1;
  while (find_inline_policy(arn, "policy-" + std::to_string(number)) != nullptr) ++number;
  put_inline_policy(arn, "policy-" + std::to_string(number), document);
}

RUSHHOUR_INLINE bool PrincipalStore::put_inline_policy(std::string_view arn, std::string_view name,
                                                       std::string_view document) {
  PolicyList* const list = policies_of(arn);
  if (list == nullptr) return false;
  put(*list, arn, name, document);
  refresh_holder(arn);
  return true;
}

RUSHHOUR_INLINE bool PrincipalStore::remove_inline_policy(std::string_view arn, std::string_view name) {
  PolicyList* const list = policies_of(arn);
  if (list == nullptr) return false;
  auto& all = list->inline_policies;
  const auto found = detail::find_by(all, &PolicyDocument::name, name);
  if (found == all.end()) return false;
  all.erase(found);
  refresh_holder(arn);
  return true;
}

RUSHHOUR_INLINE const PolicyDocument* PrincipalStore::find_inline_policy(std::string_view arn,
                                                                         std::string_view name) {
  PolicyList* const list = policies_of(arn);
  if (list == nullptr) return nullptr;
  const auto found = detail::find_by(list->inline_policies, &PolicyDocument::name, name);
  return found == list->inline_policies.end() ? nullptr : &*found;
}

RUSHHOUR_INLINE void PrincipalStore::refresh_holder(std::string_view arn) {
  if (Principal* const principal = mutable_find(arn)) {
    refresh(*principal);
  } else {
    refresh_all();  // a group: whoever is in it
  }
}

RUSHHOUR_INLINE std::string PrincipalStore::add_managed_policy(const NewManagedPolicy& policy) {
  static_cast<void>(account(policy.account));
  const std::string arn = detail::iam_arn("policy", policy.account, policy.path, policy.name);
  ManagedPolicy made{.arn = arn,
                     .account_id = policy.account,
                     .name = policy.name,
                     .path = policy.path,
                     .description = policy.description,
                     .unique_id = unique_id("ANPA"),
                     .created = date(policy.created),
                     .tags = policy.tags,
                     .document = {.name = {},
                                  .text = policy.document,
                                  .compiled = compile(aws::PolicyKind::identity, policy.document, arn)}};
  managed_.insert_or_assign(arn, std::move(made));
  refresh_all();
  return arn;
}

RUSHHOUR_INLINE bool PrincipalStore::remove_managed_policy(std::string_view policy_arn) {
  const auto found = managed_.find(policy_arn);
  if (found == managed_.end() || found->second.account_id == "aws") return false;
  if (attachments(policy_arn) + boundary_uses(policy_arn) > 0) return false;
  managed_.erase(found);
  ++generation_;
  return true;
}

RUSHHOUR_INLINE const ManagedPolicy* PrincipalStore::managed_policy(std::string_view policy_arn) const {
  const auto found = managed_.find(policy_arn);
  return found == managed_.end() ? nullptr : &found->second;
}

RUSHHOUR_INLINE const std::string* PrincipalStore::find_managed_policy(std::string_view policy_arn) const {
  const ManagedPolicy* const found = managed_policy(policy_arn);
  return found == nullptr ? nullptr : &found->document.text;
}

RUSHHOUR_INLINE std::vector<const ManagedPolicy*> PrincipalStore::managed_policies(
    std::string_view account_id) const {
  std::vector<const ManagedPolicy*> out;
  for (const auto& [arn, policy] : managed_) {
    if (policy.account_id == account_id) out.push_back(&policy);
  }
  return out;
}

RUSHHOUR_INLINE bool PrincipalStore::attach_policy(std::string_view arn, std::string_view policy_arn) {
  PolicyList* const list = policies_of(arn);
  if (list == nullptr || managed_policy(policy_arn) == nullptr) return false;
  auto& attached = list->attached;
  if (std::find(attached.begin(), attached.end(), policy_arn) == attached.end()) {
    attached.emplace_back(policy_arn);
    refresh_holder(arn);
  }
  return true;
}

RUSHHOUR_INLINE bool PrincipalStore::detach_policy(std::string_view arn, std::string_view policy_arn) {
  PolicyList* const list = policies_of(arn);
  if (list == nullptr || std::erase(list->attached, policy_arn) == 0) return false;
  refresh_holder(arn);
  return true;
}

RUSHHOUR_INLINE std::size_t PrincipalStore::attachments(std::string_view policy_arn) const {
  const auto count = [policy_arn](const PolicyList& list) {
    return static_cast<std::size_t>(std::count(list.attached.begin(), list.attached.end(), policy_arn));
  };
  std::size_t sum = 0;
  for (const Principal& principal : principals_) sum += count(principal.own);
  for (const auto& [key, group] : groups_) sum += count(group.own);
  return sum;
}

RUSHHOUR_INLINE std::size_t PrincipalStore::boundary_uses(std::string_view policy_arn) const {
  return static_cast<std::size_t>(
      std::count_if(principals_.begin(), principals_.end(), [policy_arn](const Principal& principal) {
        return principal.exists && principal.boundary_arn == policy_arn;
      }));
}

RUSHHOUR_INLINE void PrincipalStore::set_service_control_policies(std::string_view account_id,
                                                                  const std::vector<std::string>& documents) {
  Account& owner = account(account_id);
  Account changed{.root = owner.root};
  for (const std::string& document : documents) {
    changed.service_control.push_back(compile(aws::PolicyKind::identity, document, account_id));
    changed.reads_conditions |= changed.service_control.back().reads_conditions();
  }
  owner = std::move(changed);
  refresh_all();
}

RUSHHOUR_INLINE std::span<const aws::Policy> PrincipalStore::service_control_of(
    const Principal& principal) const {
  return accounts_.find(principal.account_id)->second.service_control;
}

// ---- Groups ----

RUSHHOUR_INLINE std::string PrincipalStore::add_group(const NewGroup& group) {
  static_cast<void>(account(group.account));
  Group made{.arn = detail::iam_arn("group", group.account, group.path, group.name),
             .account_id = group.account,
             .name = group.name,
             .path = group.path,
             .created = date(group.created)};
  fill(made.own, made.arn, group.policies, group.attached_policies);
  remove_group(group.account, group.name);
  made.unique_id = unique_id("AGPA");
  std::string arn = made.arn;
  groups_.insert_or_assign(detail::account_key(group.account, group.name), std::move(made));
  return arn;
}

RUSHHOUR_INLINE bool PrincipalStore::remove_group(std::string_view account_id, std::string_view name) {
  const auto found = groups_.find(detail::account_key(account_id, name));
  if (found == groups_.end()) return false;
  for (const Principal* const member : members_of(found->second)) {
    remove_from_group(member->arn, found->second.name);
  }
  groups_.erase(found);
  return true;
}

RUSHHOUR_INLINE const Group* PrincipalStore::find_group(std::string_view account_id,
                                                        std::string_view name) const {
  const auto found = groups_.find(detail::account_key(account_id, name));
  return found == groups_.end() ? nullptr : &found->second;
}

RUSHHOUR_INLINE std::vector<const Group*> PrincipalStore::groups_of(std::string_view account_id) const {
  const std::string prefix = detail::account_key(account_id, {});
  std::vector<const Group*> out;
  for (auto at = groups_.lower_bound(prefix); at != groups_.end() && at->first.starts_with(prefix); ++at) {
    out.push_back(&at->second);
  }
  return out;
}

RUSHHOUR_INLINE std::vector<const Principal*> PrincipalStore::members_of(const Group& group) const {
  std::vector<const Principal*> out;
  for (const Principal* const user : list(Principal::Kind::user, group.account_id)) {
    const auto& names = user->groups;
    if (std::find(names.begin(), names.end(), group.name) != names.end()) out.push_back(user);
  }
  return out;
}

RUSHHOUR_INLINE bool PrincipalStore::add_to_group(std::string_view user_arn, std::string_view group_name) {
  Principal* const user = mutable_find(user_arn);
  if (user == nullptr || user->kind != Principal::Kind::user) return false;
  const Group* const group = find_group(user->account_id, group_name);
  if (group == nullptr) return false;
  if (std::find(user->groups.begin(), user->groups.end(), group->name) == user->groups.end()) {
    user->groups.push_back(group->name);
    refresh(*user);
  }
  return true;
}

RUSHHOUR_INLINE bool PrincipalStore::remove_from_group(std::string_view user_arn,
                                                       std::string_view group_name) {
  Principal* const user = mutable_find(user_arn);
  if (user == nullptr) return false;
  const Group* const group = find_group(user->account_id, group_name);
  if (group == nullptr || std::erase(user->groups, group->name) == 0) return false;
  refresh(*user);
  return true;
}

// ---- Tags ----

RUSHHOUR_INLINE std::vector<IamTag>* PrincipalStore::tags_of(std::string_view arn) {
  if (Principal* const principal = mutable_find(arn)) return &principal->tags;
  const auto policy = managed_.find(arn);
  return policy == managed_.end() ? nullptr : &policy->second.tags;
}

RUSHHOUR_INLINE bool PrincipalStore::tag(std::string_view arn, const IamTag& tag) {
  std::vector<IamTag>* const tags = tags_of(arn);
  if (tags == nullptr) return false;
  for (IamTag& each : *tags) {
    if (http::equals_ignoring_case(each.key, tag.key)) {
      each = tag;
      return true;
    }
  }
  tags->push_back(tag);
  return true;
}

RUSHHOUR_INLINE bool PrincipalStore::untag(std::string_view arn, std::string_view key) {
  std::vector<IamTag>* const tags = tags_of(arn);
  if (tags == nullptr) return false;
  std::erase_if(*tags, [key](const IamTag& each) { return http::equals_ignoring_case(each.key, key); });
  return true;
}

}  // namespace rushhour::fakes
