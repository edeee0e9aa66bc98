#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/detail/rotation_schedule.hpp>
#include <rushhour/fakes/detail/secret_dates.hpp>
#include <rushhour/fakes/detail/secret_failures.hpp>
#include <rushhour/fakes/secrets_manager.hpp>

namespace rushhour::fakes {

namespace detail {

/// [REC]
[[nodiscard]] RUSHHOUR_INLINE Failure lambda_missing() {
  return invalid_request("No Lambda rotation function ARN is associated with this secret.");
}
/// [REC]
[[nodiscard]] RUSHHOUR_INLINE Failure lambda_not_invocable() {
  return secret_failure(
      Outcome::denied, "AccessDeniedException",
      "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants "
      "access to the principal secretsmanager.amazonaws.com.");
}
/// [REC terraform-provider-aws#35023, aws-cdk#28539]
[[nodiscard]] RUSHHOUR_INLINE Failure rotation_incomplete() {
  return invalid_request("A previous rotation isn't complete. That rotation will be reattempted.");
}

/// The schedule as it was set: what DescribeSecret reckons out of an expression is no second one.
[[nodiscard]] RUSHHOUR_INLINE std::optional<RotationSchedule> schedule_of(
    std::optional<api::secretsmanager::RotationRules> rules) {
  if (!rules) return std::nullopt;
  if (rules->schedule_expression) rules->automatically_after_days.reset();
  return RotationSchedule::parse(*rules);
}

/// AWSPENDING that is not on the current version: a rotation under way, or one that failed [DOC].
[[nodiscard]] RUSHHOUR_INLINE SecretVersion* pending_of(Secret& secret) {
  SecretVersion* const pending = secret.find_stage(stage_pending);
  return pending == nullptr || pending->has_stage(stage_current) ? nullptr : pending;
}

/// The name of the function of a Lambda ARN, which may end with a version or an alias.
[[nodiscard]] RUSHHOUR_INLINE std::string function_name_of(std::string_view lambda_arn) {
  const auto arn = aws::parse_arn(lambda_arn);
  std::string_view name = arn ? arn->resource_id() : lambda_arn;
  name = name.substr(0, name.find(':'));
  return std::string{name.size() < 2 ? std::string_view{"rotation"} : name.substr(0, 64)};
}

/// The account where a function is; [CHOICE] one that is no ARN belongs to the account of zeros.
[[nodiscard]] RUSHHOUR_INLINE std::string account_of_function(std::string_view lambda_arn) {
  const auto arn = aws::parse_arn(lambda_arn);
  return arn && aws::is_account_id(arn->account) ? std::string{arn->account} : "000000000000";
}

}  // namespace detail

// ---- Set-up ----

RUSHHOUR_INLINE void SecretsManager::add_rotation_function(std::string_view lambda_arn,
                                                           RotationFunction function,
                                                           std::string_view role_arn) {
  std::string role{role_arn};
  if (role.empty()) {
    const std::string account = detail::account_of_function(lambda_arn);
    role = iam_.add_role(
        {.account = account,
         .name = detail::function_name_of(lambda_arn),
         .path = "/service-role/",
         .trust_policy = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
                         R"("Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]})",
         .policies = {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
                      R"("Action":"secretsmanager:*","Resource":"*"}]})"}});
  }
  rotation_functions_.insert_or_assign(std::string{lambda_arn},
                                       RotationLambda{std::move(function), std::move(role)});
}

// ---- What is due ----

RUSHHOUR_INLINE void SecretsManager::run_due(Instant now) {
  using Kind = detail::SecretTask::Kind;
  if (now < agenda_.due()) return;
  const detail::SecretAgenda::Work work{agenda_};
  while (auto entry = agenda_.take(now)) {
    detail::SecretTask& task = entry->task;
    if (task.kind == Kind::replicate) {
      finish_replication(task, now);
    } else if (task.kind == Kind::tell) {
      tell_of_versions(task, entry->at - Duration{1}, now);  // it may be gone at once
    } else if (task.kind == Kind::remove) {
      finish_deletion(task, entry->at, now);
    } else if (task.kind == Kind::test) {
      test_rotation(task, now);
    } else if (task.kind == Kind::rotate) {
      rotate(task, now);
    } else if (Secret* const secret = store_.find(task.arn, {}, now);
               secret != nullptr && secret->rotation.due == entry->at) {
      schedule(*secret, now);
      const SecretVersion* const pending = detail::pending_of(*secret);  // one that failed is tried again
      task.about = pending != nullptr ? pending->id : store_.new_uuid();
      if (secret->deleted) continue;
      if (pending == nullptr) begin_rotation(*secret, task.about, now);
      rotate(task, now);
    }
  }
}

RUSHHOUR_INLINE void SecretsManager::schedule(Secret& secret, Instant reference) {
  Rotation& rotation = secret.rotation;
  rotation.due.reset();
  rotation.next.reset();
  const auto plan = detail::schedule_of(rotation.rules);
  if (!rotation.is_enabled || !plan) return;
  const detail::RotationWindow window = plan->next(reference);
  rotation.due = window.opens;
  rotation.next = window.closes - std::chrono::seconds{1};  // [DOC] "on or before this date"
  if (rotation.rules->schedule_expression && rotation.last) {
    // [DOC] Reckoned from the schedule after every rotation.
    using std::chrono::days;
    const auto span = std::chrono::floor<days>(window.opens) - std::chrono::floor<days>(*rotation.last);
    rotation.rules->automatically_after_days = std::max<std::int64_t>(1, span.count());
  }
  agenda_.add(window.opens, {.kind = detail::SecretTask::Kind::scheduled, .arn = secret.arn});
}

RUSHHOUR_INLINE void SecretsManager::begin_rotation(Secret& secret, const std::string& token, Instant now) {
  SecretVersion& version = secret.add_version(
      {.id = token, .created = detail::to_milliseconds(now), .kms_key_id = secret.kms_key_id}, now);
  secret.move_stage(stage_pending, version);
  changed(secret, now);
}

RUSHHOUR_INLINE void SecretsManager::follow_new_value(Secret& secret, Instant now) {
  const SecretVersion* const current = secret.find_stage(stage_current);
  if (current == nullptr) return;
  const Rotation& rotation = secret.rotation;
  SecretVersion* const pending = rotation.is_enabled ? detail::pending_of(secret) : nullptr;
  if (pending != nullptr && pending < current) {  // oldest first: somebody made a newer one current [DOC]
    std::erase(pending->stages, stage_pending);
    tell("RotationAbandoned", secret, pending->id, "a new version was created by hand", now);
  }
  const bool counts_days = rotation.rules && !rotation.rules->schedule_expression;
  if (rotation.is_enabled && counts_days && current->created == detail::to_milliseconds(now)) {
    schedule(secret, now);
  }
}

// ---- The four steps ----

RUSHHOUR_INLINE std::optional<std::string> SecretsManager::run_step(std::string_view step,
                                                                    const detail::SecretTask& task,
                                                                    const std::string& rotation_token,
                                                                    Instant now) {
  const Secret* const secret = store_.find(task.arn, {}, now);
  if (secret == nullptr) return "the secret is gone";
  const auto found = rotation_functions_.find(secret->rotation.lambda_arn);
  if (found == rotation_functions_.end()) return detail::lambda_not_invocable().message;
  const RotationLambda lambda = found->second;  // a copy: the function may register others
  const Principal* const role = iam_.find(lambda.role_arn);
  if (role == nullptr) return "the execution role of the function does not exist";
  const Session session =
      iam_.issue(*role, detail::function_name_of(secret->rotation.lambda_arn), now, std::chrono::hours{1});
  RotationClient client{*this, {.identity = session.credentials, .region = secret->region, .now = now}};
  try {
    return lambda.run({.step = std::string{step},
                       .secret_id = task.arn,
                       .client_request_token = task.about,
                       .rotation_token = rotation_token},
                      client);
  } catch (const api::Error& error) {
    return error.what();
  }
}

RUSHHOUR_INLINE void SecretsManager::rotate(const detail::SecretTask& task, Instant now) {
  static constexpr std::array<std::string_view, 4> steps{"createSecret", "setSecret", "testSecret",
                                                         "finishSecret"};
  const std::string rotation_token = store_.new_uuid();
  if (Secret* const secret = store_.find(task.arn, {}, now)) secret->rotation.token = rotation_token;
  std::optional<std::string> reason;
  for (const std::string_view step : steps) {
    Secret* const secret = store_.find(task.arn, {}, now);
    if (secret == nullptr) return;
    const SecretVersion* const version = secret->find_version(task.about);
    const bool goes_on =
        secret->rotation.is_enabled && version != nullptr && version->has_stage(stage_pending);
    if (step == steps.front()) {
      if (!goes_on) return;  // cancelled, or abandoned for a newer value
      tell("RotationStarted", *secret, task.about, {}, now);
    } else if (!goes_on) {
      reason = "AWSPENDING was taken away before " + std::string{step};
      break;
    }
    reason = run_step(step, task, rotation_token, now);
    if (reason) break;
  }
  Secret* const secret = store_.find(task.arn, {}, now);
  if (secret == nullptr) return;
  secret->rotation.token.clear();
  const SecretVersion* const version = secret->find_version(task.about);
  if (!reason && (version == nullptr || !version->has_stage(stage_current))) {
    reason = "finishSecret did not make the version AWSCURRENT";
  }
  if (reason) return tell("RotationFailed", *secret, task.about, *reason, now);
  secret->rotation.last = detail::to_milliseconds(now);
  schedule(*secret, now);
  tell("RotationSucceeded", *secret, task.about, {}, now);
}

RUSHHOUR_INLINE void SecretsManager::test_rotation(const detail::SecretTask& task, Instant now) {
  Secret* secret = store_.find(task.arn, {}, now);
  if (secret == nullptr || secret->deleted || detail::pending_of(*secret) != nullptr) return;
  const SecretVersion* const current = secret->find_stage(stage_current);
  if (current == nullptr || secret->find_version(task.about) != nullptr) return;
  tell("TestRotationStarted", *secret, task.about, {}, now);
  // [DOC] A temporary AWSPENDING version; [CHOICE] it holds what the current one holds, to be tested.
  SecretVersion temporary = *current;
  temporary.id = task.about;
  temporary.stages.clear();
  secret->move_stage(stage_pending, secret->add_version(std::move(temporary), now));
  const auto reason = run_step("testSecret", task, store_.new_uuid(), now);
  secret = store_.find(task.arn, {}, now);
  if (secret == nullptr) return;
  std::erase_if(secret->versions, [&task](const SecretVersion& each) {
    return each.id == task.about && !each.has_stage(stage_current);
  });
  tell(reason ? "TestRotationFailed" : "TestRotationSucceeded", *secret, task.about, reason.value_or(""),
       now);
}

RUSHHOUR_INLINE void SecretsManager::tell(std::string_view event, const Secret& secret,
                                          std::string_view version_id, std::string_view why,
                                          Instant now) const {
  for (ServiceEvents* const observer : event_observers_) {
    observer->on_service_event({.name = event,
                                .secret_arn = secret.arn,
                                .version_id = version_id,
                                .reason = why,
                                .at = now,
                                .account = secret.account,
                                .region = secret.region});
  }
}

// ---- Operations ----

RUSHHOUR_INLINE std::optional<Failure> SecretsManager::check_form(
    const api::secretsmanager::RotateSecret& request) {
  if (!request.rotation_rules) return std::nullopt;
  const api::secretsmanager::RotationRules& rules = *request.rotation_rules;
  if (rules.automatically_after_days && rules.schedule_expression) {  // [DOC] not both; the text is [MEM]
    return detail::invalid_parameter(
        "You can't specify both AutomaticallyAfterDays and ScheduleExpression in RotationRules.");
  }
  if (detail::RotationSchedule::parse(rules)) return std::nullopt;
  return detail::invalid_parameter("The rotation schedule in RotationRules is not valid.");  // [MEM]
}

RUSHHOUR_INLINE Result<api::secretsmanager::RotateSecret::Output> SecretsManager::on(
    const api::secretsmanager::RotateSecret& request, const Caller& caller, Instant now) {
  using Kind = detail::SecretTask::Kind;
  const auto opened = open_primary(request.secret_id, caller, now);
  if (!opened.ok()) return opened.failure();
  Secret& secret = **opened;
  const std::string& token = *request.client_request_token;
  const std::string& given = request.rotation_lambda_arn ? *request.rotation_lambda_arn : std::string{};
  const std::string lambda = given.empty() ? secret.rotation.lambda_arn : given;
  // [DOC] A secret of a partner's type is rotated by the partner, without a function.
  const bool is_external = secret.type.has_value() && lambda.empty();
  if (lambda.empty() && !is_external) return detail::lambda_missing();
  api::secretsmanager::RotateSecret::Output out{.arn = secret.arn, .name = secret.name};
  const SecretVersion* const pending = detail::pending_of(secret);
  if (pending != nullptr && pending->id != token) {
    agenda_.add(now, {.kind = Kind::rotate, .arn = secret.arn, .about = pending->id});
    return detail::rotation_incomplete();
  }
  if (!is_external && !rotation_functions_.contains(lambda)) return detail::lambda_not_invocable();
  Rotation& rotation = secret.rotation;
  rotation.is_enabled = true;
  rotation.lambda_arn = lambda;
  if (request.rotation_rules) rotation.rules = request.rotation_rules;
  if (!request.external_secret_rotation_metadata.empty()) {
    rotation.external_metadata = request.external_secret_rotation_metadata;
  }
  if (request.external_secret_rotation_role_arn) {
    rotation.external_role_arn = *request.external_secret_rotation_role_arn;
  }
  schedule(secret, now);
  changed(secret, now);
  if (is_external) return out;
  if (!request.rotate_immediately.value_or(true)) {
    agenda_.add(now, {.kind = Kind::test, .arn = secret.arn, .about = token});
    return out;
  }
  out.version_id = token;
  if (pending == nullptr) {
    if (secret.find_version(token) != nullptr) return out;  // this rotation is over: nothing happens
    begin_rotation(secret, token, now);
  }
  agenda_.add(now, {.kind = Kind::rotate, .arn = secret.arn, .about = token});
  return out;
}

RUSHHOUR_INLINE Result<api::secretsmanager::CancelRotateSecret::Output> SecretsManager::on(
    const api::secretsmanager::CancelRotateSecret& request, const Caller& caller, Instant now) {
  const auto opened = open_primary(request.secret_id, caller, now);
  if (!opened.ok()) return opened.failure();
  Secret& secret = **opened;
  Rotation& rotation = secret.rotation;
  if (rotation.lambda_arn.empty() && !rotation.rules) return detail::lambda_missing();  // [MEM]
  rotation.is_enabled = false;
  rotation.last.reset();  // [DOC] null where rotation has been disabled, as is NextRotationDate
  schedule(secret, now);
  api::secretsmanager::CancelRotateSecret::Output out{.arn = secret.arn, .name = secret.name};
  // [DOC] Of the rotation under way, which may be incomplete; its AWSPENDING stays.
  if (const SecretVersion* const pending = detail::pending_of(secret)) out.version_id = pending->id;
  changed(secret, now);
  return out;
}

}  // namespace rushhour::fakes
