#pragma once

#include <algorithm>
#include <utility>

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/detail/replica_regions.hpp>
#include <rushhour/fakes/detail/secret_dates.hpp>
#include <rushhour/fakes/detail/secret_values.hpp>
#include <rushhour/fakes/secrets_manager.hpp>

namespace rushhour::fakes {

// ---- CreateSecret ----

RUSHHOUR_INLINE std::optional<Failure> SecretsManager::check_form(
    const api::secretsmanager::CreateSecret& request) {
  if (auto refusal = detail::check_value(request.secret_string, request.secret_binary)) return refusal;
  if (auto refusal = detail::check_tags(request.tags)) return refusal;
  return detail::check_tag_count(request.tags);
}

RUSHHOUR_INLINE bool SecretsManager::authorize(const api::secretsmanager::CreateSecret& request,
                                               const Caller& caller, Instant now, Failure& failure) {
  static constexpr std::string_view tagging = "secretsmanager:TagResource";
  if (!may("secretsmanager:CreateSecret", request, caller, now, failure)) return false;
  if (!request.tags.empty()) {
    if (!may(tagging, request, caller, now, failure)) return false;
    const SecretStore::Place place = place_of(caller);
    Secret planned{.account = std::string{place.account}, .region = std::string{place.region}};
    planned.arn = aws::secret_arn({.region = place.region, .account = place.account, .name = request.name});
    if (!keeps_permission(tagging, request, caller, planned, request.tags, now, failure)) return false;
  }
  return request.add_replica_regions.empty() ||
         may("secretsmanager:ReplicateSecretToRegions", request, caller, now, failure);
}

RUSHHOUR_INLINE Result<api::secretsmanager::CreateSecret::Output> SecretsManager::on(
    const api::secretsmanager::CreateSecret& request, const Caller& caller, Instant now) {
  auto value = detail::value_of(request.secret_string, request.secret_binary);
  if (Secret* const existing = find(request.name, caller, now)) {
    if (existing->deleted) {  // [REC]
      return detail::invalid_request(
          "You can't create this secret because a secret with this name is already scheduled for deletion.");
    }
    const SecretVersion* const version = existing->find_version(*request.client_request_token);
    if (version == nullptr) {  // [REC]
      return detail::resource_exists("The operation failed because the secret " + request.name +
                                     " already exists.");
    }
    if (version->value != value) return detail::token_in_use(version->id, existing->arn);
    return api::secretsmanager::CreateSecret::Output{
        .arn = existing->arn,
        .name = existing->name,
        .version_id = version->id,
        .replication_status = replication_status_of(*existing, now)};
  }
  const SecretStore::Place place = place_of(caller);
  if (auto refusal = detail::check_replica_regions(request.add_replica_regions, place.region))
    return *refusal;
  Secret made{.account = std::string{place.account},
              .region = std::string{place.region},
              .name = request.name,
              .description = request.description,
              .type = request.type,
              .kms_key_id = detail::kms_key_of(request.kms_key_id.value_or("")),
              .created = detail::to_milliseconds(now)};
  made.changed = made.created;
  if (!request.tags.empty()) made.tags = request.tags;
  Secret& secret = store_.add(std::move(made));
  api::secretsmanager::CreateSecret::Output out{.arn = secret.arn, .name = secret.name};
  if (value) {
    SecretVersion& first = secret.add_version({.id = *request.client_request_token,
                                               .value = std::move(value),
                                               .created = secret.created,
                                               .kms_key_id = secret.kms_key_id},
                                              now);
    secret.move_stage(stage_current, first);
    out.version_id = first.id;
  }
  if (!request.add_replica_regions.empty()) {
    replicate(secret, request.add_replica_regions, request.force_overwrite_replica_secret.value_or(false),
              now);
    out.replication_status = replication_status_of(secret, now);
  }
  return out;
}

// ---- DescribeSecret ----

RUSHHOUR_INLINE Result<api::secretsmanager::DescribeSecret::Output> SecretsManager::on(
    const api::secretsmanager::DescribeSecret& request, const Caller& caller, Instant now) {
  const Secret* const secret = find(request.secret_id, caller, now);  // deleted ones too [REC]
  if (secret == nullptr) return detail::secret_not_found();
  const Rotation& rotation = secret->rotation;
  api::secretsmanager::DescribeSecret::Output out{
      .arn = secret->arn,
      .name = secret->name,
      .type = secret->type,
      .description = secret->description,
      .rotation_rules = rotation.rules,
      .external_secret_rotation_metadata = rotation.external_metadata,
      .external_secret_rotation_role_arn = rotation.external_role_arn,
      .last_rotated_date = rotation.last,
      .last_changed_date = secret->changed,
      .last_accessed_date = secret->accessed,
      .deleted_date = secret->gone,  // [DOC] the date it is scheduled for
      .next_rotation_date = rotation.next,
      .tags = secret->tags,
      .owning_service = secret->owning_service,
      .created_date = secret->created,
      .primary_region = secret->primary_region,
      .replication_status = replication_status_of(*secret, now)};
  if (!secret->kms_key_id.empty()) out.kms_key_id = secret->kms_key_id;
  // [REC] Absent until rotation was configured; null fields are left out.
  if (rotation.is_enabled || !rotation.lambda_arn.empty() || rotation.rules) {
    out.rotation_enabled = rotation.is_enabled;
  }
  if (!rotation.lambda_arn.empty()) out.rotation_lambda_arn = rotation.lambda_arn;
  for (const SecretVersion& version : secret->versions) {
    if (!version.stages.empty()) out.version_ids_to_stages[version.id] = version.stages;
  }
  return out;
}

// ---- DeleteSecret and RestoreSecret ----

namespace detail {

inline constexpr std::int64_t recovery_days_min = 7;  // [DOC], as are the next two
inline constexpr std::int64_t recovery_days_max = 30;
inline constexpr std::int64_t recovery_days_default = 30;

/// What is said to have been deleted when nothing was there.
[[nodiscard]] inline api::secretsmanager::DeleteSecret::Output nothing_deleted(const std::string& secret_id,
                                                                               SecretStore::Place place,
                                                                               Instant now) {
  static constexpr std::string_view kind = "secret:";
  const auto arn = aws::parse_arn(secret_id);
  if (arn && arn->resource.starts_with(kind)) {
    return {.arn = secret_id, .name = std::string{arn->resource.substr(kind.size())}, .deletion_date = now};
  }
  return {.arn = aws::secret_arn({.region = place.region, .account = place.account, .name = secret_id}),
          .name = secret_id,
          .deletion_date = now};
}

/// `[eu-central-1, us-west-2]`
[[nodiscard]] inline std::string regions_of(const std::vector<Replica>& replicas) {
  std::string out = "[";
  for (const Replica& replica : replicas) {
    if (out.size() > 1) out += ", ";
    out += replica.region;
  }
  return out + "]";
}

}  // namespace detail

RUSHHOUR_INLINE std::optional<Failure> SecretsManager::check_form(
    const api::secretsmanager::DeleteSecret& request) {
  const auto& days = request.recovery_window_in_days;
  if (days && request.force_delete_without_recovery.value_or(false)) {  // wording moto's
    return detail::invalid_parameter(
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  }
  if (days && (*days < detail::recovery_days_min || *days > detail::recovery_days_max)) {  // wording moto's
    return detail::invalid_parameter(
        "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
  }
  return std::nullopt;
}

RUSHHOUR_INLINE Result<api::secretsmanager::DeleteSecret::Output> SecretsManager::on(
    const api::secretsmanager::DeleteSecret& request, const Caller& caller, Instant now) {
  using Kind = detail::SecretTask::Kind;
  const bool by_force = request.force_delete_without_recovery.value_or(false);
  const Instant today = detail::to_milliseconds(now);
  Secret* const secret = find(request.secret_id, caller, now);
  if (secret == nullptr && by_force) {  // [REC]
    return detail::nothing_deleted(request.secret_id, place_of(caller), today);
  }
  if (secret == nullptr) return detail::secret_not_found();
  if (secret->is_replica()) return detail::replica_is_read_only();
  if (!secret->replicas.empty()) {  // [REC aws-nuke#1127]
    return detail::invalid_parameter("You can't delete secret " + secret->arn +
                                     " that still has replica regions " +
                                     detail::regions_of(secret->replicas) + ".");
  }
  if (secret->deleted && !by_force && !options.deletes_twice) return detail::marked_for_deletion();
  const bool again_by_force = secret->deleted && !secret->is_recoverable;
  if (!again_by_force) {
    const std::int64_t days = request.recovery_window_in_days.value_or(detail::recovery_days_default);
    secret->deleted = today;
    secret->gone = by_force ? now + options.forced_deletion_length : today + std::chrono::days{days};
    secret->is_recoverable = !by_force;
    changed(*secret, now);
    agenda_.add(now, {.kind = Kind::tell, .arn = secret->arn, .about = "StartSecretVersionDelete"});
    agenda_.add(*secret->gone, {.kind = Kind::remove, .arn = secret->arn});
  }
  return api::secretsmanager::DeleteSecret::Output{
      .arn = secret->arn, .name = secret->name, .deletion_date = by_force ? today : *secret->gone};
}

RUSHHOUR_INLINE Result<api::secretsmanager::RestoreSecret::Output> SecretsManager::on(
    const api::secretsmanager::RestoreSecret& request, const Caller& caller, Instant now) {
  Secret* const secret = find(request.secret_id, caller, now);
  if (secret == nullptr) return detail::secret_not_found();
  if (secret->is_replica()) return detail::replica_is_read_only();
  if (!secret->is_recoverable) return detail::marked_for_deletion();
  if (secret->deleted) {
    secret->deleted.reset();
    secret->gone.reset();
    changed(*secret, now);
    agenda_.add(
        now,
        {.kind = detail::SecretTask::Kind::tell, .arn = secret->arn, .about = "CancelSecretVersionDelete"});
  }
  return api::secretsmanager::RestoreSecret::Output{.arn = secret->arn, .name = secret->name};
}

RUSHHOUR_INLINE void SecretsManager::tell_of_versions(const detail::SecretTask& task, Instant due,
                                                      Instant now) {
  const Secret* const secret = options.tells_deletions ? store_.find(task.arn, {}, due) : nullptr;
  if (secret == nullptr) return;
  for (const SecretVersion& version : secret->versions) tell(task.about, *secret, version.id, {}, now);
}

RUSHHOUR_INLINE void SecretsManager::finish_deletion(const detail::SecretTask& task, Instant due,
                                                     Instant now) {
  const Instant before = due - Duration{1};  // since what is gone is not found
  const Secret* const secret = store_.find(task.arn, {}, before);
  if (secret == nullptr || secret->gone != due) return;  // restored, or deleted anew
  tell_of_versions({.arn = task.arn, .about = "EndSecretVersionDelete"}, before, now);
  store_.remove(*secret);
}

// ---- TagResource and UntagResource ----

RUSHHOUR_INLINE std::optional<Failure> SecretsManager::check_form(
    const api::secretsmanager::TagResource& request) {
  return detail::check_tags(request.tags);
}

RUSHHOUR_INLINE std::optional<Failure> SecretsManager::check_form(
    const api::secretsmanager::UntagResource& request) {
  for (const std::string& key : request.tag_keys) {
    if (auto refusal = detail::check_tag_key(key)) return refusal;
  }
  return std::nullopt;
}

// [DOC] Where policies read tags, a change by which the caller would lose its permission is refused as if it
// had none. [CHOICE] The permission that is asked for again is that of the operation itself.

RUSHHOUR_INLINE bool SecretsManager::authorize(const api::secretsmanager::TagResource& request,
                                               const Caller& caller, Instant now, Failure& failure) {
  static constexpr std::string_view action = "secretsmanager:TagResource";
  if (!may(action, request, caller, now, failure)) return false;
  const Secret* const secret = find(request.secret_id, caller, now);
  return secret == nullptr || keeps_permission(action, request, caller, *secret,
                                               detail::tags_with(*secret, request.tags), now, failure);
}

RUSHHOUR_INLINE bool SecretsManager::authorize(const api::secretsmanager::UntagResource& request,
                                               const Caller& caller, Instant now, Failure& failure) {
  static constexpr std::string_view action = "secretsmanager:UntagResource";
  if (!may(action, request, caller, now, failure)) return false;
  const Secret* const secret = find(request.secret_id, caller, now);
  return secret == nullptr || keeps_permission(action, request, caller, *secret,
                                               detail::tags_without(*secret, request.tag_keys), now, failure);
}

RUSHHOUR_INLINE Result<api::secretsmanager::TagResource::Output> SecretsManager::on(
    const api::secretsmanager::TagResource& request, const Caller& caller, Instant now) {
  const auto opened = open_primary(request.secret_id, caller, now);
  if (!opened.ok()) return opened.failure();
  Secret& secret = **opened;
  auto tags = detail::tags_with(secret, request.tags);
  if (auto refusal = detail::check_tag_count(tags)) return std::move(*refusal);
  secret.tags = std::move(tags);
  changed(secret, now);
  return api::secretsmanager::TagResource::Output{};
}

RUSHHOUR_INLINE Result<api::secretsmanager::UntagResource::Output> SecretsManager::on(
    const api::secretsmanager::UntagResource& request, const Caller& caller, Instant now) {
  const auto opened = open_primary(request.secret_id, caller, now);
  if (!opened.ok()) return opened.failure();
  Secret& secret = **opened;
  if (secret.tags) {  // [REC] none ever: stays absent; all taken off: []
    secret.tags = detail::tags_without(secret, request.tag_keys);
    changed(secret, now);
  }
  return api::secretsmanager::UntagResource::Output{};
}

}  // namespace rushhour::fakes
