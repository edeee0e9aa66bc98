#pragma once

#include <algorithm>

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/secrets_manager.hpp>

namespace rushhour::fakes {

namespace detail {

RUSHHOUR_INLINE Failure secret_not_found(std::string what = "the specified secret.") {
  return {.outcome = Outcome::not_found,
          .status = 400,
          .code = "ResourceNotFoundException",
          .message = "Secrets Manager can't find " + std::move(what)};
}

[[nodiscard]] constexpr bool is_secret_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"-/_+=.@!"}.find(c) != std::string_view::npos;
}

/// A hyphen and six letters or digits.
[[nodiscard]] constexpr bool ends_like_a_suffix(std::string_view name) {
  if (name.size() < 7 || name[name.size() - 7] != '-') return false;
  const std::string_view last = name.substr(name.size() - 6);
  return std::all_of(last.begin(), last.end(), [](char c) {
    return is_secret_name_character(c) && std::string_view{"-/_+=.@!"}.find(c) == std::string_view::npos;
  });
}

}  // namespace detail

RUSHHOUR_INLINE Dialect SecretsManager::dialect() {
  return {.throttled = {.outcome = Outcome::throttled,
                        .status = 400,
                        .code = "ThrottlingException",
                        .message = "Rate exceeded"},
          .validation_code = "ValidationException"};
}

RUSHHOUR_INLINE bool SecretsManager::authenticate(const Arrival& arrival, Instant now, Caller& caller) {
  return iam_.authenticate(arrival, now, caller, Iam::json_errors());
}

RUSHHOUR_INLINE std::string SecretsManager::add_secret(NewSecret secret, Instant now) {
  now = std::chrono::floor<std::chrono::milliseconds>(now);  // as fine as the dates are [REC]
  last_found_ = {};                                          // a name may now mean another secret
  static constexpr std::string_view alphabet =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::string suffix;
  for (int i = 0; i < 6; ++i) {
    suffix += alphabet[uniform_below(identifiers_.at(identifiers_drawn_++), alphabet.size())];
  }
  if (secret.region.empty()) secret.region = region_;
  aws::SecretName parts{.region = secret.region, .account = secret.account, .name = secret.name};
  Secret made{
      .account = secret.account, .partial_arn = aws::secret_arn(parts), .created = now, .changed = now};
  parts.suffix = suffix;
  made.arn = aws::secret_arn(parts);
  made.name = secret.name;
  made.description = std::move(secret.description);
  made.tags = std::move(secret.tags);
  made.versions.push_back(
      {.id = new_version_id(), .value = std::move(secret.value), .stages = {"AWSCURRENT"}, .created = now});
  const std::size_t at = secrets_.size();
  for (const Secret& former : secrets_) {
    if (former.partial_arn == made.partial_arn) index_.erase(former.arn);
  }
  index_.insert_or_assign(made.arn, at);
  // [REC] A partial ARN that ends like a complete one is taken for that, and misses.
  if (!detail::ends_like_a_suffix(made.name)) index_.insert_or_assign(made.partial_arn, at);
  if (secret.region == region_) index_.insert_or_assign(made.account + "/" + made.name, at);
  return secrets_.emplace_back(std::move(made)).arn;
}

RUSHHOUR_INLINE bool SecretsManager::put_value(std::string_view arn, std::string value, Instant now) {
  now = std::chrono::floor<std::chrono::milliseconds>(now);
  const auto known = index_.find(arn);
  if (known == index_.end()) return false;
  Secret& secret = secrets_[known->second];
  for (Version& version : secret.versions) {
    std::erase(version.stages, "AWSPREVIOUS");
    std::replace(version.stages.begin(), version.stages.end(), std::string{"AWSCURRENT"},
                 std::string{"AWSPREVIOUS"});
  }
  std::erase_if(secret.versions, [](const Version& version) { return version.stages.empty(); });
  secret.versions.push_back(
      {.id = new_version_id(), .value = std::move(value), .stages = {"AWSCURRENT"}, .created = now});
  secret.changed = now;
  return true;
}

RUSHHOUR_INLINE std::string SecretsManager::new_version_id() {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  std::uint64_t bits = 0;
  for (int i = 0; i < 32; ++i) {
    if (i % 16 == 0) bits = identifiers_.at(identifiers_drawn_++);
    if (i == 8 || i == 12 || i == 16 || i == 20) out += '-';
    const std::uint64_t digit = i == 12 ? 4 : i == 16 ? (bits & 3) | 8 : bits & 15;  // RFC 9562, version 4
    out += digits[digit];
    bits >>= 4;
  }
  return out;
}

RUSHHOUR_INLINE std::optional<Failure> SecretsManager::check_name(std::string_view secret_id) {
  if (secret_id.starts_with("arn:")) return std::nullopt;
  if (std::all_of(secret_id.begin(), secret_id.end(), detail::is_secret_name_character)) return std::nullopt;
  return Failure{.outcome = Outcome::invalid,  // [REC]
                 .status = 400,
                 .code = "ValidationException",
                 .message =
                     "Invalid name. Must be a valid name containing alphanumeric characters, or any of the "
                     "following: -/_+=.@!"};
}

RUSHHOUR_INLINE SecretsManager::Secret* SecretsManager::find(std::string_view secret_id,
                                                             std::string_view account) {
  if (last_found_.secret_id == secret_id && last_found_.account == account && !secret_id.empty()) {
    return &secrets_[last_found_.at];
  }
  auto known = index_.end();
  if (secret_id.starts_with("arn:")) {
    known = index_.find(secret_id);
  } else {
    std::string key{account};
    key += '/';
    key += secret_id;
    known = index_.find(key);
  }
  if (known == index_.end()) return nullptr;
  last_found_ = {std::string{secret_id}, std::string{account}, known->second};
  return &secrets_[known->second];
}

RUSHHOUR_INLINE bool SecretsManager::authorize_on(std::string_view action, const std::string& secret_id,
                                                  const Caller& caller, Failure& failure) {
  const std::string_view account = ledger().names().text(caller.account);
  const Secret* secret = find(secret_id, account);
  // Authorization comes before existence: a name that nobody has is judged as the ARN it would have.
  std::string missing;
  if (secret == nullptr) {
    missing = secret_id.starts_with("arn:")
                  ? secret_id
                  : aws::secret_arn({.region = region_, .account = account, .name = secret_id});
  }
  const std::string& resource = secret != nullptr ? secret->arn : missing;
  const Iam::Decision decision = iam_.authorize(caller, action, resource);
  // A secret of another account needs a resource policy as well, and there are none yet: stricter, never
  // laxer.
  const bool foreign = secret != nullptr && secret->account != account;
  if (decision == Iam::Decision::allowed && !foreign) return true;
  std::string reason = decision == Iam::Decision::denied ? "with an explicit deny in an identity-based policy"
                       : decision == Iam::Decision::allowed
                           ? "because no resource-based policy allows the " + std::string{action} + " action"
                           : "because no identity-based policy allows the " + std::string{action} + " action";
  failure = {.outcome = Outcome::denied,
             .status = 400,
             .code = "AccessDeniedException",
             .message = "User: " + iam_.arn_of(caller) + " is not authorized to perform: " +
                        std::string{action} + " on resource: " + secret_id + " " + std::move(reason)};
  return false;
}

RUSHHOUR_INLINE Result<api::secretsmanager::GetSecretValue::Output> SecretsManager::on(
    const api::secretsmanager::GetSecretValue& request, const Caller& caller, Instant now) {
  Secret* secret = find(request.secret_id, ledger().names().text(caller.account));
  if (secret == nullptr) return detail::secret_not_found();
  const std::string_view stage =
      request.version_stage ? std::string_view{*request.version_stage} : std::string_view{"AWSCURRENT"};
  const Version* found = nullptr;
  for (const Version& version : secret->versions) {
    const bool has_stage =
        std::find(version.stages.begin(), version.stages.end(), stage) != version.stages.end();
    if (request.version_id ? version.id == *request.version_id : has_stage) found = &version;
    if (found != &version || !request.version_id || !request.version_stage || has_stage) continue;
    return Failure{
        .outcome = Outcome::invalid,
        .status = 400,
        .code = "InvalidRequestException",
        .message = "You provided a VersionStage that is not associated to the provided VersionId."};
  }
  if (found == nullptr) {
    return detail::secret_not_found(
        request.version_id ? "the specified secret value for VersionId: " + *request.version_id
                           : "the specified secret value for staging label: " + std::string{stage});
  }
  secret->accessed = std::chrono::floor<std::chrono::days>(now);
  return api::secretsmanager::GetSecretValue::Output{.arn = secret->arn,
                                                     .name = secret->name,
                                                     .version_id = found->id,
                                                     .secret_string = found->value,
                                                     .version_stages = found->stages,
                                                     .created_date = found->created};
}

RUSHHOUR_INLINE Result<api::secretsmanager::DescribeSecret::Output> SecretsManager::on(
    const api::secretsmanager::DescribeSecret& request, const Caller& caller, Instant /*now*/) {
  const Secret* secret = find(request.secret_id, ledger().names().text(caller.account));
  if (secret == nullptr) return detail::secret_not_found();
  api::secretsmanager::DescribeSecret::Output out{.arn = secret->arn,
                                                  .name = secret->name,
                                                  .last_changed_date = secret->changed,
                                                  .last_accessed_date = secret->accessed,
                                                  .tags = secret->tags,
                                                  .created_date = secret->created};
  if (!secret->description.empty()) out.description = secret->description;
  for (const Version& version : secret->versions) out.version_ids_to_stages[version.id] = version.stages;
  return out;
}

}  // namespace rushhour::fakes
