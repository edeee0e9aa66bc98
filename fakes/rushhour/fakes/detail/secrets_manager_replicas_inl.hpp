#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/detail/replica_regions.hpp>
#include <rushhour/fakes/detail/secret_dates.hpp>
#include <rushhour/fakes/detail/secret_failures.hpp>
#include <rushhour/fakes/secrets_manager.hpp>

namespace rushhour::fakes {

namespace detail {

/// What answers call the key of a replica that was given none [DOC: AWS CLI reference,
/// replicate-secret-to-regions].
inline constexpr std::string_view default_key_alias = "alias/aws/secretsmanager";

[[nodiscard]] RUSHHOUR_INLINE Replica* find_region(Secret& primary, std::string_view region) {
  const auto found = std::find_if(primary.replicas.begin(), primary.replicas.end(),
                                  [region](const Replica& each) { return each.region == region; });
  return found == primary.replicas.end() ? nullptr : &*found;
}

/// What a replica has from its primary. Its key, and when it was read, are its own [DOC].
RUSHHOUR_INLINE void copy_secret(const Secret& primary, Secret& replica) {
  std::vector<SecretVersion> versions = primary.versions;
  for (SecretVersion& version : versions) {
    const SecretVersion* const before = replica.find_version(version.id);
    version.accessed = before != nullptr ? before->accessed : std::nullopt;
    version.kms_key_id = replica.kms_key_id;
  }
  replica.versions = std::move(versions);
  replica.description = primary.description;
  replica.type = primary.type;
  replica.owning_service = primary.owning_service;
  replica.tags = primary.tags;
  replica.policy = primary.policy;
  replica.policy_text = primary.policy_text;
  replica.created = primary.created;
  replica.changed = primary.changed;
}

}  // namespace detail

RUSHHOUR_INLINE Secret* SecretsManager::find_replica(const Secret& primary, std::string_view region,
                                                     Instant now) {
  const std::string arn =
      aws::secret_arn({.region = region,
                       .account = primary.account,
                       .name = primary.name,
                       .suffix = std::string_view{primary.arn}.substr(primary.arn.size() - 6)});
  Secret* const found = store_.find(arn, {}, now);
  return found != nullptr && found->is_replica() && found->primary_region == primary.region ? found : nullptr;
}

RUSHHOUR_INLINE void SecretsManager::replicate(Secret& primary,
                                               const std::vector<api::secretsmanager::ReplicaRegion>& regions,
                                               bool overwrite, Instant now) {
  primary.primary_region = primary.region;
  for (const api::secretsmanager::ReplicaRegion& each : regions) {
    const Replica planned{.region = each.region,
                          .kms_key_id = each.kms_key_id.value_or(""),
                          .in_sync_at = now + options.replication_length};
    if (Replica* const failed = detail::find_region(primary, each.region)) {
      *failed = planned;
    } else {
      primary.replicas.push_back(planned);
    }
    agenda_.add(planned.in_sync_at, {.kind = detail::SecretTask::Kind::replicate,
                                     .arn = primary.arn,
                                     .about = each.region,
                                     .overwrites = overwrite});
  }
}

RUSHHOUR_INLINE void SecretsManager::finish_replication(const detail::SecretTask& task, Instant now) {
  Secret* const primary = store_.find(task.arn, {}, now);
  Replica* const replica = primary == nullptr ? nullptr : detail::find_region(*primary, task.about);
  if (replica == nullptr || replica->status != "InProgress") return;
  const SecretStore::Place there{.account = primary->account, .region = replica->region};
  if (!task.overwrites && store_.find(primary->name, there, now) != nullptr) {
    replica->status = "Failed";
    replica->status_message = "Replication failed: Secret name " + primary->name +
                              " already exists in region " + replica->region + ".";  // wording moto's
    return;
  }
  Secret& made = store_.add_replica(
      {.region = replica->region, .kms_key_id = replica->kms_key_id, .primary_region = primary->region},
      *primary);
  detail::copy_secret(*primary, made);
  replica->status = "InSync";
  replica->status_message = "Replication succeeded";
}

RUSHHOUR_INLINE void SecretsManager::sync_replicas(Secret& primary) {
  for (const Replica& replica : primary.replicas) {
    if (replica.status != "InSync") continue;
    Secret* const copy = find_replica(primary, replica.region, Instant::min());
    if (copy != nullptr) detail::copy_secret(primary, *copy);
  }
}

RUSHHOUR_INLINE std::vector<api::secretsmanager::ReplicationStatus> SecretsManager::replication_status_of(
    const Secret& secret, Instant now) {
  std::vector<api::secretsmanager::ReplicationStatus> out;
  for (const Replica& replica : secret.replicas) {
    const Secret* const copy = find_replica(secret, replica.region, now);
    out.push_back({.region = replica.region,
                   .kms_key_id = replica.kms_key_id.empty() ? std::string{detail::default_key_alias}
                                                            : replica.kms_key_id,
                   .status = replica.status,
                   .status_message = replica.status_message,
                   .last_accessed_date = copy == nullptr ? std::nullopt : copy->accessed});
  }
  return out;
}

// ---- Operations ----

RUSHHOUR_INLINE std::optional<Failure> SecretsManager::check_form(
    const api::secretsmanager::ReplicateSecretToRegions& request) {
  return detail::check_replica_regions(request.add_replica_regions, {});
}

RUSHHOUR_INLINE Result<api::secretsmanager::ReplicateSecretToRegions::Output> SecretsManager::on(
    const api::secretsmanager::ReplicateSecretToRegions& request, const Caller& caller, Instant now) {
  const auto opened = open_primary(request.secret_id, caller, now);
  if (!opened.ok()) return opened.failure();
  Secret& secret = **opened;
  if (auto refusal = detail::check_replica_regions(request.add_replica_regions, secret.region))
    return *refusal;
  for (const api::secretsmanager::ReplicaRegion& each : request.add_replica_regions) {
    const Replica* const known = detail::find_region(secret, each.region);
    if (known != nullptr && known->status != "Failed") {  // [MEM]
      return detail::invalid_parameter("The secret is already replicated to region " + each.region + ".");
    }
  }
  replicate(secret, request.add_replica_regions, request.force_overwrite_replica_secret.value_or(false), now);
  return api::secretsmanager::ReplicateSecretToRegions::Output{
      .arn = secret.arn, .replication_status = replication_status_of(secret, now)};
}

RUSHHOUR_INLINE Result<api::secretsmanager::RemoveRegionsFromReplication::Output> SecretsManager::on(
    const api::secretsmanager::RemoveRegionsFromReplication& request, const Caller& caller, Instant now) {
  const auto opened = open_primary(request.secret_id, caller, now);
  if (!opened.ok()) return opened.failure();
  Secret& secret = **opened;
  for (const std::string& region : request.remove_replica_regions) {
    if (detail::find_region(secret, region) == nullptr) {  // [MEM]
      return detail::invalid_parameter("The secret is not replicated to region " + region + ".");
    }
  }
  for (const std::string& region : request.remove_replica_regions) {
    const Secret* const copy = find_replica(secret, region, now);
    if (copy != nullptr) store_.remove(*copy);
    std::erase_if(secret.replicas, [&region](const Replica& each) { return each.region == region; });
  }
  return api::secretsmanager::RemoveRegionsFromReplication::Output{
      .arn = secret.arn, .replication_status = replication_status_of(secret, now)};
}

RUSHHOUR_INLINE Result<api::secretsmanager::StopReplicationToReplica::Output> SecretsManager::on(
    const api::secretsmanager::StopReplicationToReplica& request, const Caller& caller, Instant now) {
  const auto opened = open(request.secret_id, caller, now);
  if (!opened.ok()) return opened.failure();
  Secret& replica = **opened;
  if (!replica.is_replica()) {  // [MEM]
    return detail::invalid_parameter(
        "Operation not permitted on a primary secret. Call must be made in the replica secret's region.");
  }
  const std::string primary_arn =
      aws::secret_arn({.region = replica.primary_region,
                       .account = replica.account,
                       .name = replica.name,
                       .suffix = std::string_view{replica.arn}.substr(replica.arn.size() - 6)});
  if (Secret* const primary = store_.find(primary_arn, {}, now)) {
    std::erase_if(primary->replicas, [&](const Replica& each) { return each.region == replica.region; });
  }
  replica.primary_region = replica.region;
  replica.changed = detail::to_milliseconds(now);
  return api::secretsmanager::StopReplicationToReplica::Output{.arn = replica.arn};
}

}  // namespace rushhour::fakes
