#pragma once

#include <algorithm>
#include <utility>

#include <rushhour/fakes/detail/secret_dates.hpp>
#include <rushhour/fakes/detail/secret_filters.hpp>
#include <rushhour/fakes/detail/secret_values.hpp>
#include <rushhour/fakes/secrets_manager.hpp>

namespace rushhour::fakes {

// ---- GetSecretValue ----

RUSHHOUR_INLINE bool SecretsManager::on(const api::secretsmanager::GetSecretValue& request,
                                        const Caller& caller, Instant now,
                                        api::secretsmanager::GetSecretValue::Output& answer,
                                        Failure& failure) {
  const auto refuse = [&failure](Failure why) {
    failure = std::move(why);
    return false;
  };
  Secret* const secret = find(request.secret_id, caller, now);
  if (secret == nullptr) return refuse(detail::secret_not_found());
  if (secret->deleted) return refuse(detail::marked_for_deletion());
  const std::string_view stage =
      request.version_stage ? std::string_view{*request.version_stage} : stage_current;
  SecretVersion* const found =
      request.version_id ? secret->find_version(*request.version_id) : secret->find_stage(stage);
  if (found == nullptr || !found->value) {
    return refuse(request.version_id ? detail::version_not_found(*request.version_id)
                                     : detail::stage_not_found(stage));
  }
  if (request.version_id && request.version_stage && !found->has_stage(stage)) {
    return refuse(detail::invalid_request(  // [REC]
        "You provided a VersionStage that is not associated to the provided VersionId."));
  }
  if (found->kms_key_id.empty() && is_foreign(*secret, caller)) {
    return refuse(detail::default_key_is_not_shared());
  }
  secret->accessed = detail::to_midnight(now);
  found->accessed = secret->accessed;
  answer.arn = secret->arn;
  answer.name = secret->name;
  answer.version_id = found->id;
  answer.version_stages = found->stages;
  answer.created_date = found->created;
  answer.secret_binary.reset();
  answer.secret_string.clear();
  if (found->value->is_binary) {
    answer.secret_binary = aws::Blob{found->value->bytes};
  } else {
    answer.secret_string = found->value->bytes;
  }
  return true;
}

// ---- BatchGetSecretValue ----

RUSHHOUR_INLINE std::optional<Failure> SecretsManager::check_form(
    const api::secretsmanager::BatchGetSecretValue& request) {
  const bool by_id = !request.secret_id_list.empty();
  if (by_id != request.filters.empty()) {  // both or none; wording moto's
    return detail::invalid_parameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
  }
  if (by_id && request.max_results) {  // [DOC]; wording moto's
    return detail::invalid_parameter(
        "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.");
  }
  if (by_id && request.next_token) return detail::invalid_next_token();
  return std::nullopt;
}

RUSHHOUR_INLINE bool SecretsManager::authorize(const api::secretsmanager::BatchGetSecretValue& request,
                                               const Caller& caller, Instant now, Failure& failure) {
  return may("secretsmanager:BatchGetSecretValue", request, caller, now, failure) &&
         (request.filters.empty() || may("secretsmanager:ListSecrets", request, caller, now, failure));
}

RUSHHOUR_INLINE Result<api::secretsmanager::BatchGetSecretValue::Output> SecretsManager::on(
    const api::secretsmanager::BatchGetSecretValue& request, const Caller& caller, Instant now) {
  api::secretsmanager::BatchGetSecretValue::Output out;
  const auto may_read_more = [&] {
    constexpr const api::Operation& read = api::operation_of<api::secretsmanager::GetSecretValue>;
    return !options.batch_counts_secrets ||
           quotas().admit(ledger().quota_account(caller.account, caller.region), read, now);
  };
  // Each secret is read as GetSecretValue would, permission included; what fails stands beside the rest.
  const auto read = [&](const std::string& secret_id) {
    const api::secretsmanager::GetSecretValue one{.secret_id = secret_id};
    api::secretsmanager::GetSecretValue::Output answer;
    Failure failure;
    if (!may_read_more()) {
      failure = dialect().throttled;
    } else if (may("secretsmanager:GetSecretValue", one, caller, now, failure) &&
               on(one, caller, now, answer, failure)) {
      out.secret_values.push_back(detail::batch_entry(std::move(answer)));
      return;
    }
    out.errors.push_back({.secret_id = secret_id,
                          .error_code = std::move(failure.code),
                          .message = std::move(failure.message)});
  };
  if (!request.secret_id_list.empty()) {
    for (const std::string& secret_id : request.secret_id_list) read(secret_id);
    return out;
  }
  const SecretStore::Place place = place_of(caller);
  const std::string scope = detail::page_scope(
      {"BatchGetSecretValue", place.account, place.region, detail::text_of(request.filters)});
  auto left = static_cast<std::size_t>(request.max_results.value_or(20));  // [DOC]
  bool begun = !request.next_token;
  const auto after = begun ? std::nullopt : pages_.read(scope, *request.next_token);
  if (!begun && !after) return detail::invalid_next_token();
  std::string last;
  for (const Secret* const secret : store_.all(place, now)) {
    if (!begun) {
      begun = secret->arn == *after;
      continue;
    }
    if (secret->deleted || !detail::matches(*secret, request.filters)) continue;
    if (left-- == 0) {
      out.next_token = pages_.issue(scope, last);
      return out;
    }
    last = secret->arn;
    read(last);
  }
  if (!begun) return detail::invalid_next_token();  // the secret that it speaks of is gone
  return out;
}

// ---- PutSecretValue and UpdateSecret ----

RUSHHOUR_INLINE std::optional<Failure> SecretsManager::check_form(
    const api::secretsmanager::PutSecretValue& request) {
  if (!request.secret_string && !request.secret_binary) {  // wording moto's
    return detail::invalid_request("You must provide either SecretString or SecretBinary.");
  }
  return detail::check_value(request.secret_string, request.secret_binary);
}

RUSHHOUR_INLINE std::optional<Failure> SecretsManager::check_form(
    const api::secretsmanager::UpdateSecret& request) {
  return detail::check_value(request.secret_string, request.secret_binary);
}

RUSHHOUR_INLINE Result<SecretVersion*> SecretsManager::add_version(Secret& secret, SecretVersion wanted,
                                                                   Instant now) {
  SecretVersion* version = secret.find_version(wanted.id);
  if (version != nullptr && version->value == wanted.value) return version;  // nothing happens [REC]
  const bool may_fill = version != nullptr && !version->value && version->has_stage(stage_pending);
  if (version != nullptr && !may_fill) return detail::token_in_use(wanted.id, secret.arn);
  // [REC] The first version is always the current one as well.
  std::vector<std::string> stages = std::move(wanted.stages);
  const SecretVersion* const current = secret.find_stage(stage_current);
  if (current == nullptr) stages.emplace_back(stage_current);
  const bool demotes = current != nullptr && current != version && detail::contains(stages, stage_current);
  if (detail::stage_count_with(secret, stages, demotes) > stages_max) return detail::quota_exceeded();
  if (version != nullptr) {
    version->value = std::move(wanted.value);
    version->kms_key_id = std::move(wanted.kms_key_id);
  } else {
    wanted.created = detail::to_milliseconds(now);
    version = &secret.add_version(std::move(wanted), now);
  }
  for (const std::string& stage : stages) {
    SecretVersion* const demoted = secret.move_stage(stage, *version);
    // [REC, undocumented] A new current version ends a rotation that is under way on the former one.
    if (stage == stage_current && demoted != nullptr) std::erase(demoted->stages, stage_pending);
  }
  changed(secret, now);
  return version;
}

RUSHHOUR_INLINE std::optional<Failure> SecretsManager::check_rotation_token(
    const api::secretsmanager::PutSecretValue& request, Secret& secret, const Caller& caller) {
  if (!options.checks_rotation_tokens) return std::nullopt;
  if (request.rotation_token) {
    if (*request.rotation_token == secret.rotation.token) return std::nullopt;
    return detail::invalid_parameter("The RotationToken is not that of a rotation under way.");  // [MEM]
  }
  const SecretVersion* const version = secret.find_version(*request.client_request_token);
  const bool fills = version != nullptr && !version->value && version->has_stage(stage_pending);
  if (!fills || !is_foreign(secret, caller)) return std::nullopt;
  return detail::invalid_parameter(  // [DOC] of a function in another account; [MEM] the text
      "You must provide the RotationToken to rotate a secret from another account.");
}

RUSHHOUR_INLINE Result<api::secretsmanager::PutSecretValue::Output> SecretsManager::on(
    const api::secretsmanager::PutSecretValue& request, const Caller& caller, Instant now) {
  const auto opened = open_primary(request.secret_id, caller, now);
  if (!opened.ok()) return opened.failure();
  Secret& secret = **opened;
  if (secret.kms_key_id.empty() && is_foreign(secret, caller)) return detail::default_key_is_not_shared();
  if (auto refusal = check_rotation_token(request, secret, caller)) return std::move(*refusal);
  const auto added =
      add_version(secret,
                  {.id = *request.client_request_token,
                   .value = detail::value_of(request.secret_string, request.secret_binary),
                   .stages = request.version_stages.empty() ? std::vector{std::string{stage_current}}
                                                            : request.version_stages,
                   .kms_key_id = secret.kms_key_id},
                  now);
  if (!added.ok()) return added.failure();
  return api::secretsmanager::PutSecretValue::Output{
      .arn = secret.arn, .name = secret.name, .version_id = (*added)->id, .version_stages = (*added)->stages};
}

RUSHHOUR_INLINE Result<api::secretsmanager::UpdateSecret::Output> SecretsManager::on(
    const api::secretsmanager::UpdateSecret& request, const Caller& caller, Instant now) {
  const auto opened = open_primary(request.secret_id, caller, now);
  if (!opened.ok()) return opened.failure();
  Secret& secret = **opened;
  const std::string key = request.kms_key_id ? detail::kms_key_of(*request.kms_key_id) : secret.kms_key_id;
  api::secretsmanager::UpdateSecret::Output out{.arn = secret.arn, .name = secret.name};
  if (auto value = detail::value_of(request.secret_string, request.secret_binary)) {
    // [REC] of PutSecretValue, which this is.
    if (secret.kms_key_id.empty() && is_foreign(secret, caller)) return detail::default_key_is_not_shared();
    const auto added = add_version(secret,
                                   {.id = *request.client_request_token,
                                    .value = std::move(value),
                                    .stages = {std::string{stage_current}},
                                    .kms_key_id = key},
                                   now);
    if (!added.ok()) return added.failure();
    out.version_id = (*added)->id;
  }
  if (request.description) secret.description = *request.description;
  if (request.type) secret.type = *request.type;
  if (key != secret.kms_key_id) {
    secret.kms_key_id = key;
    for (SecretVersion& version : secret.versions) {  // [DOC] these are encrypted anew
      const bool is_live = version.has_stage(stage_current) || version.has_stage(stage_pending) ||
                           version.has_stage(stage_previous);
      if (is_live) version.kms_key_id = key;
    }
  }
  changed(secret, now);
  return out;
}

// ---- UpdateSecretVersionStage ----

RUSHHOUR_INLINE std::optional<Failure> SecretsManager::check_form(
    const api::secretsmanager::UpdateSecretVersionStage& request) {
  if (request.move_to_version_id) return std::nullopt;
  if (request.version_stage == stage_current) {  // [REC terraform-provider-aws, secret_version.go]
    return detail::invalid_parameter(
        "You can only move staging label AWSCURRENT to a different secret version. It can\u2019t be "
        "completely removed.");
  }
  if (request.remove_from_version_id) return std::nullopt;
  return detail::invalid_parameter(  // [MEM]
      "You must specify MoveToVersionId, RemoveFromVersionId, or both.");
}

RUSHHOUR_INLINE Result<api::secretsmanager::UpdateSecretVersionStage::Output> SecretsManager::on(
    const api::secretsmanager::UpdateSecretVersionStage& request, const Caller& caller, Instant now) {
  const auto opened = open_primary(request.secret_id, caller, now);
  if (!opened.ok()) return opened.failure();
  Secret& secret = **opened;
  const auto& from_id = request.remove_from_version_id;
  const auto& to_id = request.move_to_version_id;
  const std::string& stage = request.version_stage;
  SecretVersion* const to = to_id ? secret.find_version(*to_id) : nullptr;
  if (to_id && to == nullptr) return detail::version_not_found(*to_id);
  if (from_id && secret.find_version(*from_id) == nullptr) return detail::version_not_found(*from_id);
  SecretVersion* const holder = secret.find_stage(stage);
  if (holder == nullptr && from_id) {  // [DOC] that it fails; text [MEM]
    return detail::invalid_parameter("Staging label " + stage + " isn't attached to version " + *from_id +
                                     ".");
  }
  if (holder != nullptr && holder != to && (!from_id || *from_id != holder->id)) {
    return detail::invalid_parameter(  // [REC] when it is absent, [DOC] when it is another
        "The parameter RemoveFromVersionId can't be " + std::string{from_id ? *from_id : "empty"} +
        ". Staging label " + stage + " is currently attached to version " + holder->id +
        ", so you must explicitly reference that version in RemoveFromVersionId.");
  }
  if (to != nullptr) {
    const bool demotes = stage == stage_current && holder != nullptr && holder != to;
    if (detail::stage_count_with(secret, {stage}, demotes) > stages_max) return detail::quota_exceeded();
    secret.move_stage(stage, *to);
  } else {
    std::erase(holder->stages, stage);
  }
  changed(secret, now);
  return api::secretsmanager::UpdateSecretVersionStage::Output{.arn = secret.arn, .name = secret.name};
}

// ---- ListSecretVersionIds ----

RUSHHOUR_INLINE Result<api::secretsmanager::ListSecretVersionIds::Output> SecretsManager::on(
    const api::secretsmanager::ListSecretVersionIds& request, const Caller& caller, Instant now) {
  // [DOC] It has no InvalidRequestException: a secret that is marked for deletion is listed as well.
  const Secret* const secret = find(request.secret_id, caller, now);
  if (secret == nullptr) return detail::secret_not_found();
  const bool all = request.include_deprecated.value_or(false);
  const std::string scope =
      detail::page_scope({"ListSecretVersionIds", secret->arn, all ? "all" : "labelled"});
  api::secretsmanager::ListSecretVersionIds::Output out{.arn = secret->arn, .name = secret->name};
  auto from = secret->versions.begin();
  if (request.next_token) {
    const auto after = pages_.read(scope, *request.next_token);
    if (!after) return detail::invalid_next_token();
    from = std::find_if(from, secret->versions.end(),
                        [&after](const SecretVersion& each) { return each.id == *after; });
    if (from == secret->versions.end()) return detail::invalid_next_token();  // forgotten meanwhile
    ++from;
  }
  const auto page = static_cast<std::size_t>(request.max_results.value_or(100));
  for (; from != secret->versions.end(); ++from) {
    if (from->stages.empty() && !all) continue;
    if (out.versions.size() == page) {
      out.next_token = pages_.issue(scope, out.versions.back().version_id);
      break;
    }
    out.versions.push_back({.version_id = from->id,
                            .version_stages = from->stages,
                            .last_accessed_date = from->accessed,
                            .created_date = from->created,
                            .kms_key_ids = {detail::shown_key(from->kms_key_id)}});
  }
  return out;
}

}  // namespace rushhour::fakes
