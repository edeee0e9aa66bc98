#pragma once

#include <algorithm>
#include <utility>

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/detail/aws_managed_policies.hpp>
#include <rushhour/fakes/detail/principal_keys.hpp>
#include <rushhour/fakes/detail/session_token.hpp>
#include <rushhour/fakes/detail/totp.hpp>
#include <rushhour/fakes/principal_store.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::fakes {

RUSHHOUR_INLINE PrincipalStore::PrincipalStore(Names& names, Stream identifiers, Instant start)
    : names_(names), identifiers_(identifiers), start_(start) {
  add_policies_of_aws();
}

RUSHHOUR_INLINE std::size_t PrincipalStore::clear() {
  const std::size_t count = principals_.size();
  ++generation_;
  identifiers_drawn_ = 0;
  last_found_ = 0;
  principals_.clear();
  by_arn_.clear();
  promised_.clear();
  by_name_.clear();
  groups_.clear();
  managed_.clear();
  accounts_.clear();
  access_keys_.clear();
  add_policies_of_aws();
  return count;
}

RUSHHOUR_INLINE void PrincipalStore::retire(std::size_t count) {
  while (principals_.size() < count) principals_.emplace_back().exists = false;
}

RUSHHOUR_INLINE void PrincipalStore::add_policies_of_aws() {
  for (const detail::AwsManagedPolicy& row : detail::aws_managed_policies) {
    std::string arn = detail::iam_arn("policy", "aws", row.path, row.name);
    PolicyDocument document{.name = {},
                            .text = std::string{row.document},
                            .compiled = compile(aws::PolicyKind::identity, row.document, arn)};
    // AWS's own ids are AWS's: a draw for each would shift those of the world.
    managed_.emplace(arn, ManagedPolicy{.arn = arn,
                                        .account_id = "aws",
                                        .name = std::string{row.name},
                                        .path = std::string{row.path},
                                        .description = std::string{row.description},
                                        .unique_id = "ANPA" + detail::SessionTokens::letters(
                                                                  Stream{hash(row.name)}, 0, 17,
                                                                  detail::SessionTokens::base32, 5),
                                        .created = start_,
                                        .document = std::move(document)});
  }
}

// ---- How principals are kept ----

RUSHHOUR_INLINE PrincipalStore::Account& PrincipalStore::account(std::string_view id) {
  RUSHHOUR_ASSERT(aws::is_account_id(id), "an account id has 12 digits");
  const auto known = accounts_.find(id);
  return known != accounts_.end() ? known->second : accounts_.try_emplace(std::string{id}).first->second;
}

RUSHHOUR_INLINE Principal& PrincipalStore::add(Principal principal) {
  static_cast<void>(account(principal.account_id));
  principal.index = static_cast<std::uint32_t>(principals_.size());
  principal.account_number = detail::SessionTokens::account_number(principal.account_id);
  principal.arn_name = names_.intern(principal.arn);
  principal.account = names_.intern(principal.account_id);
  by_arn_.insert_or_assign(principal.arn, principal.index);
  by_name_.insert_or_assign(detail::name_key(principal.kind, principal.account_id, principal.name),
                            principal.index);
  last_found_ = principal.index;
  Principal& added = principals_.emplace_back(std::move(principal));
  refresh(added);
  return added;
}

RUSHHOUR_INLINE std::string PrincipalStore::unique_id(std::string_view prefix) {
  using Tokens = detail::SessionTokens;
  return std::string{prefix} +
         Tokens::letters(identifiers_.part(identifiers_drawn_++), 0, 17, Tokens::base32, 5);
}

RUSHHOUR_INLINE aws::Policy PrincipalStore::compile(aws::PolicyKind kind, std::string_view text,
                                                    std::string_view owner) const {
  const std::string file =
      std::string{kind == aws::PolicyKind::trust ? "trust policy of " : "policy of "} + std::string{owner};
  return aws::Policy::compile(
      {.kind = kind, .text = text, .known_keys = condition_keys, .directory = &expected_, .file = file});
}

RUSHHOUR_INLINE void PrincipalStore::check_policy(aws::PolicyKind kind, std::string_view document) const {
  static_cast<void>(aws::Policy::compile(
      {.kind = kind, .text = document, .known_keys = condition_keys, .directory = &existing_}));
}

RUSHHOUR_INLINE std::optional<std::string> PrincipalStore::Directory::unique_id_of(
    std::string_view arn) const {
  if (const Principal* const known = store_.mutable_find(arn)) return known->unique_id;
  if (!promises_) return std::nullopt;
  const auto promised = store_.promised_.find(arn);
  if (promised != store_.promised_.end()) return promised->second;
  const auto parts = aws::parse_arn(arn);
  const bool is_role = parts && parts->resource_type() == "role";
  std::string id = store_.unique_id(is_role ? "AROA" : "AIDA");
  store_.promised_.emplace(arn, id);
  return id;
}

RUSHHOUR_INLINE std::string PrincipalStore::unique_id_for(const Principal& principal) {
  if (const auto promised = promised_.find(principal.arn); promised != promised_.end()) {
    std::string id = std::move(promised->second);
    promised_.erase(promised);
    return id;
  }
  return unique_id(principal.kind == Principal::Kind::role ? "AROA" : "AIDA");
}

RUSHHOUR_INLINE Principal* PrincipalStore::mutable_find(std::string_view arn) {
  const auto known = by_arn_.find(arn);
  return known == by_arn_.end() ? nullptr : &principals_[known->second];
}

RUSHHOUR_INLINE Group* PrincipalStore::mutable_group(std::string_view arn) {
  const auto parts = aws::parse_arn(arn);
  if (!parts || parts->resource_type() != "group") return nullptr;
  const auto known = groups_.find(detail::account_key(parts->account, parts->name()));
  return known == groups_.end() || known->second.arn != arn ? nullptr : &known->second;
}

RUSHHOUR_INLINE PolicyList* PrincipalStore::policies_of(std::string_view arn) {
  if (Principal* const principal = mutable_find(arn)) return &principal->own;
  Group* const group = mutable_group(arn);
  return group == nullptr ? nullptr : &group->own;
}

RUSHHOUR_INLINE void PrincipalStore::collect(const PolicyList& list, std::vector<aws::Policy>& into) const {
  for (const PolicyDocument& each : list.inline_policies) into.push_back(each.compiled);
  for (const std::string& arn : list.attached) into.push_back(managed_.find(arn)->second.document.compiled);
}

RUSHHOUR_INLINE void PrincipalStore::refresh(Principal& principal) {
  principal.policies.clear();
  collect(principal.own, principal.policies);
  for (const std::string& name : principal.groups) {
    collect(find_group(principal.account_id, name)->own, principal.policies);
  }
  if (principal.kind == Principal::Kind::root) {
    principal.policies.push_back(
        managed_policy("arn:aws:iam::aws:policy/AdministratorAccess")->document.compiled);
  }
  principal.boundary.reset();
  if (!principal.boundary_arn.empty()) {
    principal.boundary = managed_policy(principal.boundary_arn)->document.compiled;
  }
  principal.reads_conditions =
      account(principal.account_id).reads_conditions ||
      (principal.boundary && principal.boundary->reads_conditions()) ||
      std::any_of(principal.policies.begin(), principal.policies.end(),
                  [](const aws::Policy& policy) { return policy.reads_conditions(); });
  ++generation_;
}

RUSHHOUR_INLINE void PrincipalStore::refresh_all() {
  for (Principal& principal : principals_) {
    if (principal.exists) refresh(principal);
  }
}

// ---- Roles and users ----

RUSHHOUR_INLINE std::string PrincipalStore::add_role(const NewRole& role) {
  Principal made{.kind = Principal::Kind::role,
                 .arn = aws::role_arn({.account = role.account, .name = role.name, .path = role.path}),
                 .account_id = role.account,
                 .name = role.name,
                 .session_duration_max = role.session_duration_max,
                 .path = role.path,
                 .description = role.description,
                 .trust_document = role.trust_policy,
                 .boundary_arn = role.permissions_boundary,
                 .tags = role.tags,
                 .created = date(role.created)};
  made.trust = compile(aws::PolicyKind::trust, role.trust_policy, made.arn);
  fill(made.own, made.arn, role.policies, role.attached_policies);
  RUSHHOUR_ASSERT(made.boundary_arn.empty() || managed_policy(made.boundary_arn) != nullptr,
                  "no such managed policy");
  if (const Principal* const former = find_named(made.kind, made.account_id, made.name)) {
    remove_principal(former->arn);
  }
  made.unique_id = unique_id_for(made);
  return add(std::move(made)).arn;
}

RUSHHOUR_INLINE std::string PrincipalStore::add_user_without_key(const NewUser& user) {
  Principal made{.kind = Principal::Kind::user,
                 .arn = aws::user_arn({.account = user.account, .name = user.name, .path = user.path}),
                 .account_id = user.account,
                 .name = user.name,
                 .path = user.path,
                 .boundary_arn = user.permissions_boundary,
                 .groups = user.groups,
                 .tags = user.tags,
                 .created = date(user.created)};
  fill(made.own, made.arn, user.policies, user.attached_policies);
  RUSHHOUR_ASSERT(made.boundary_arn.empty() || managed_policy(made.boundary_arn) != nullptr,
                  "no such managed policy");
  for (const std::string& name : made.groups) {
    RUSHHOUR_ASSERT(find_group(made.account_id, name) != nullptr, "no such group");
  }
  if (const Principal* const former = find_named(made.kind, made.account_id, made.name)) {
    remove_principal(former->arn);
  }
  made.unique_id = unique_id_for(made);
  return add(std::move(made)).arn;
}

RUSHHOUR_INLINE aws::Credentials PrincipalStore::add_user(const NewUser& user) {
  return *add_access_key(add_user_without_key(user), user.created);
}

RUSHHOUR_INLINE bool PrincipalStore::remove_principal(std::string_view arn) {
  Principal* const principal = mutable_find(arn);
  if (principal == nullptr || principal->kind == Principal::Kind::root) return false;
  for (const std::string& id : principal->access_keys) access_keys_.erase(id);
  principal->exists = false;
  principal->access_keys.clear();
  principal->mfa_devices.clear();
  principal->groups.clear();
  principal->own = {};
  principal->policies.clear();
  by_name_.erase(detail::name_key(principal->kind, principal->account_id, principal->name));
  by_arn_.erase(principal->arn);
  ++generation_;
  return true;
}

RUSHHOUR_INLINE const Principal* PrincipalStore::find(std::string_view arn) {
  if (last_found_ < principals_.size()) {
    const Principal& last = principals_[last_found_];
    if (last.exists && last.arn == arn) return &last;
  }
  const auto known = by_arn_.find(arn);
  if (known == by_arn_.end()) return nullptr;
  last_found_ = known->second;
  return &principals_[last_found_];
}

RUSHHOUR_INLINE const Principal* PrincipalStore::find_role(std::string_view arn) {
  const Principal* const found = find(arn);
  return found != nullptr && found->kind == Principal::Kind::role ? found : nullptr;
}

RUSHHOUR_INLINE const Principal* PrincipalStore::find_named(Principal::Kind kind, std::string_view account,
                                                            std::string_view name) const {
  const auto known = by_name_.find(detail::name_key(kind, account, name));
  return known == by_name_.end() ? nullptr : &principals_[known->second];
}

RUSHHOUR_INLINE std::vector<const Principal*> PrincipalStore::list(Principal::Kind kind,
                                                                   std::string_view account) const {
  const std::string prefix = detail::name_key(kind, account, {});
  std::vector<const Principal*> out;
  for (auto at = by_name_.lower_bound(prefix); at != by_name_.end() && at->first.starts_with(prefix); ++at) {
    out.push_back(&principals_[at->second]);
  }
  return out;
}

RUSHHOUR_INLINE const Principal& PrincipalStore::root_of(std::string_view account_id) {
  Account& owner = account(account_id);
  if (!owner.root) {
    owner.root = static_cast<std::uint32_t>(principals_.size());
    add({.kind = Principal::Kind::root,
         .arn = aws::root_arn({.account = account_id}),
         .account_id = std::string{account_id},
         .unique_id = std::string{account_id},
         .created = start_});
  }
  return principals_[*owner.root];
}

RUSHHOUR_INLINE bool PrincipalStore::set_trust_policy(std::string_view role_arn, std::string_view document) {
  Principal* const role = mutable_find(role_arn);
  if (role == nullptr || role->kind != Principal::Kind::role) return false;
  role->trust = compile(aws::PolicyKind::trust, document, role_arn);
  role->trust_document = document;
  ++generation_;
  return true;
}

RUSHHOUR_INLINE bool PrincipalStore::set_description(std::string_view role_arn, std::string_view text) {
  Principal* const role = mutable_find(role_arn);
  if (role == nullptr) return false;
  role->description = text;
  return true;
}

RUSHHOUR_INLINE bool PrincipalStore::set_session_duration_max(std::string_view role_arn, Duration length) {
  Principal* const role = mutable_find(role_arn);
  if (role == nullptr || role->kind != Principal::Kind::role) return false;
  role->session_duration_max = length;
  return true;
}

RUSHHOUR_INLINE bool PrincipalStore::set_boundary(std::string_view principal_arn,
                                                  std::string_view policy_arn) {
  Principal* const principal = mutable_find(principal_arn);
  if (principal == nullptr || (!policy_arn.empty() && managed_policy(policy_arn) == nullptr)) return false;
  principal->boundary_arn = policy_arn;
  refresh(*principal);
  return true;
}

// ---- Access keys ----

RUSHHOUR_INLINE aws::Credentials PrincipalStore::new_key(std::string_view account_id) {
  using Tokens = detail::SessionTokens;
  const Stream letters = identifiers_.part(identifiers_drawn_++);
  return {.access_key_id = Tokens::key_id("AKIA", Tokens::account_number(account_id), letters),
          .secret_access_key = Tokens::letters(letters, 16, 40, Tokens::base64, 6),
          .session_token = {}};
}

RUSHHOUR_INLINE std::optional<aws::Credentials> PrincipalStore::add_access_key(
    std::string_view principal_arn, std::optional<Instant> created) {
  const Principal* const owner = mutable_find(principal_arn);
  if (owner == nullptr) return std::nullopt;
  aws::Credentials key = new_key(owner->account_id);
  return put_access_key(principal_arn, key, created) ? std::optional{std::move(key)} : std::nullopt;
}

RUSHHOUR_INLINE aws::Credentials PrincipalStore::add_root_key(std::string_view account_id) {
  return *add_access_key(root_of(account_id).arn);
}

RUSHHOUR_INLINE bool PrincipalStore::put_access_key(std::string_view principal_arn,
                                                    const aws::Credentials& chosen,
                                                    std::optional<Instant> created) {
  Principal* const owner = mutable_find(principal_arn);
  if (owner == nullptr || owner->kind == Principal::Kind::role) return false;
  remove_access_key(chosen.access_key_id);
  access_keys_.insert_or_assign(chosen.access_key_id, AccessKey{.id = chosen.access_key_id,
                                                                .secret = chosen.secret_access_key,
                                                                .owner = owner->index,
                                                                .created = date(created)});
  owner->access_keys.push_back(chosen.access_key_id);
  return true;
}

RUSHHOUR_INLINE bool PrincipalStore::set_access_key_active(std::string_view access_key_id, bool is_active) {
  const auto found = access_keys_.find(access_key_id);
  if (found == access_keys_.end()) return false;
  found->second.is_active = is_active;
  return true;
}

RUSHHOUR_INLINE bool PrincipalStore::remove_access_key(std::string_view access_key_id) {
  const auto found = access_keys_.find(access_key_id);
  if (found == access_keys_.end()) return false;
  std::erase(principals_[found->second.owner].access_keys, found->first);
  access_keys_.erase(found);
  return true;
}

RUSHHOUR_INLINE const AccessKey* PrincipalStore::find_access_key(std::string_view access_key_id) const {
  const auto found = access_keys_.find(access_key_id);
  return found == access_keys_.end() ? nullptr : &found->second;
}

// ---- MFA devices ----

RUSHHOUR_INLINE bool PrincipalStore::add_mfa_device(std::string_view principal_arn, const MfaDevice& device) {
  Principal* const owner = mutable_find(principal_arn);
  if (owner == nullptr || owner->kind == Principal::Kind::role) return false;
  remove_mfa_device(device.serial);
  owner->mfa_devices.push_back(device);
  return true;
}

RUSHHOUR_INLINE bool PrincipalStore::remove_mfa_device(std::string_view serial) {
  for (Principal& principal : principals_) {
    auto& devices = principal.mfa_devices;
    if (const auto found = detail::find_by(devices, &MfaDevice::serial, serial); found != devices.end()) {
      devices.erase(found);
      return true;
    }
  }
  return false;
}

RUSHHOUR_INLINE std::optional<std::string> PrincipalStore::mfa_code(std::string_view serial,
                                                                    Instant now) const {
  for (const Principal& principal : principals_) {
    for (const MfaDevice& device : principal.mfa_devices) {
      if (device.serial == serial) return detail::one_time_password(device.secret, now);
    }
  }
  return std::nullopt;
}

RUSHHOUR_INLINE bool PrincipalStore::is_mfa_code(const Principal& principal, std::string_view serial,
                                                 std::string_view code, Instant now) const {
  return std::any_of(
      principal.mfa_devices.begin(), principal.mfa_devices.end(), [&](const MfaDevice& device) {
        return device.serial == serial && detail::one_time_password(device.secret, now) == code;
      });
}

}  // namespace rushhour::fakes
