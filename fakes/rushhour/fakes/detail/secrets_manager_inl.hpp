#pragma once

#include <algorithm>

#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/fakes/detail/secret_dates.hpp>
#include <rushhour/fakes/secrets_manager.hpp>

namespace rushhour::fakes {

RUSHHOUR_INLINE Dialect SecretsManager::dialect() {
  return {.throttled = {.outcome = Outcome::throttled,
                        .status = 400,
                        .code = "ThrottlingException",
                        .message = "Rate exceeded"},
          .validation_code = "ValidationException",
          .malformed_code = "SerializationException"};
}

RUSHHOUR_INLINE bool SecretsManager::authenticate(const Arrival& arrival, Instant now, Caller& caller) {
  // What is due happens before any call that could notice; the rotation functions' own calls come here too.
  if (now >= agenda_.due()) run_due(now);
  return iam_.authenticate(arrival, now, caller, Iam::json_errors());
}

// ---- Set-up ----

RUSHHOUR_INLINE std::string SecretsManager::add_secret(NewSecret secret, Instant now) {
  now = detail::to_milliseconds(now);
  Secret made{.account = std::move(secret.account),
              .region = secret.region.empty() ? region_ : std::move(secret.region),
              .name = std::move(secret.name),
              .kms_key_id = std::move(secret.kms_key_id),
              .created = now,
              .changed = now};
  if (!secret.description.empty()) made.description = std::move(secret.description);
  if (!secret.tags.empty()) made.tags = std::move(secret.tags);
  Secret& added = store_.add(std::move(made));
  SecretVersion& first = added.add_version({.id = store_.new_uuid(),
                                            .value = SecretValue{.bytes = std::move(secret.value)},
                                            .created = now,
                                            .kms_key_id = added.kms_key_id},
                                           now);
  added.move_stage(stage_current, first);
  return added.arn;
}

RUSHHOUR_INLINE bool SecretsManager::put_value(std::string_view arn, std::string value, Instant now) {
  now = detail::to_milliseconds(now);
  Secret* const secret = store_.find(arn, {}, now);
  if (secret == nullptr) return false;
  SecretVersion& added = secret->add_version({.id = store_.new_uuid(),
                                              .value = SecretValue{.bytes = std::move(value)},
                                              .created = now,
                                              .kms_key_id = secret->kms_key_id},
                                             now);
  secret->move_stage(stage_current, added);
  changed(*secret, now);
  return true;
}

// ---- What the sections share ----

RUSHHOUR_INLINE std::optional<Failure> SecretsManager::check_name(std::string_view secret_id,
                                                                  bool may_be_arn) {
  // [REC] of ten operations; taken for all that name a secret.
  if ((may_be_arn && secret_id.starts_with("arn:")) || aws::is_secret_name(secret_id)) return std::nullopt;
  return detail::invalid_secret_name();
}

RUSHHOUR_INLINE bool SecretsManager::judge(const Access& access, const Caller& caller, Instant now,
                                           Failure& failure) {
  const SecretStore::Place place = place_of(caller);
  // Authorization comes before existence: a name that nobody has is judged as the ARN it would have, without
  // the suffix [MEM], and the ARN of another account's as one that nobody shares.
  std::string missing = "*";
  std::string_view owner;
  if (access.secret != nullptr) {
    if (access.secret->account != place.account) owner = access.secret->account;
  } else if (access.sent != nullptr && access.sent->starts_with("arn:")) {
    missing = *access.sent;
    const auto arn = aws::parse_arn(*access.sent);
    if (arn && arn->account != place.account) owner = arn->account;
  } else if (access.sent != nullptr) {
    missing = aws::secret_arn({.region = place.region, .account = place.account, .name = *access.sent});
  }
  const aws::Policy* policy = access.policy_instead;
  if (policy == nullptr && access.secret != nullptr && access.secret->policy)
    policy = &*access.secret->policy;
  const aws::Verdict verdict =
      iam_.authorize(caller, {.action = access.action,
                              .resource = access.secret != nullptr ? access.secret->arn : missing,
                              .resource_account = owner,
                              .resource_policy = policy,
                              .context = access.context,
                              .now = now});
  if (verdict.allowed) return true;
  // [REC] The resource as it was sent, a bare name too; a call without one names none.
  failure = detail::secret_failure(Outcome::denied, "AccessDeniedException",
                                   "User: " + iam_.arn_of(caller) +
                                       " is not authorized to perform: " + std::string{access.action} +
                                       (access.sent != nullptr ? " on resource: " + *access.sent : "") + " " +
                                       aws::refusal_reason(verdict, access.action));
  return false;
}

RUSHHOUR_INLINE Result<Secret*> SecretsManager::open(std::string_view secret_id, const Caller& caller,
                                                     Instant now) {
  Secret* const secret = find(secret_id, caller, now);
  if (secret == nullptr) return detail::secret_not_found();
  if (secret->deleted) return detail::marked_for_deletion();
  return secret;
}

RUSHHOUR_INLINE Result<Secret*> SecretsManager::open_primary(std::string_view secret_id, const Caller& caller,
                                                             Instant now) {
  auto opened = open(secret_id, caller, now);
  if (opened.ok() && (*opened)->is_replica()) return detail::replica_is_read_only();
  return opened;
}

RUSHHOUR_INLINE void SecretsManager::changed(Secret& secret, Instant now) {
  secret.changed = detail::to_milliseconds(now);
  follow_new_value(secret, now);
  sync_replicas(secret);
}

}  // namespace rushhour::fakes
