/// \file
/// What the operations that give secrets values have in common: the forms of values, tags, keys and labels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/secrets_manager/get_secret_value.hpp>
#include <rushhour/api/secrets_manager/shapes.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/fakes/detail/secret_failures.hpp>
#include <rushhour/fakes/secret_store.hpp>
#include <rushhour/result.hpp>

namespace rushhour::fakes::detail {

using SecretTags = std::vector<api::secretsmanager::Tag>;

// ---- Failures ----

/// [moto aws_verified]
[[nodiscard]] inline Failure token_in_use(const std::string& token, const std::string& arn) {
  return resource_exists("You can't use ClientRequestToken " + token +
                         " because that value is already in use for a version of secret " + arn + ".");
}
/// [DOC: the error's description in the service model]
[[nodiscard]] inline Failure quota_exceeded() {
  return limit_exceeded("The request failed because it would exceed one of the Secrets Manager quotas.");
}

// ---- Values ----

inline constexpr std::size_t value_bytes_max = 65'536;  ///< DOC: "AWS Secrets Manager quotas", User Guide

/// Not both [REC]; and no more bytes than the quota, however few characters they are [DOC].
[[nodiscard]] inline std::optional<Failure> check_value(const std::optional<std::string>& text,
                                                        const std::optional<aws::Blob>& binary) {
  if (text && binary) {
    return invalid_parameter(
        "You can't specify both a binary secret value and a string secret value in the same secret.");
  }
  if (text && text->size() > value_bytes_max) {
    return validation_failure(
        "1 validation error detected: Value '***' at 'secretString' failed to satisfy constraint: Member "
        "must have length less than or equal to 65536");
  }
  return std::nullopt;
}

[[nodiscard]] inline std::optional<SecretValue> value_of(const std::optional<std::string>& text,
                                                         const std::optional<aws::Blob>& binary) {
  if (text) return SecretValue{.bytes = *text};
  if (binary) return SecretValue{.bytes = binary->bytes, .is_binary = true};
  return std::nullopt;
}

[[nodiscard]] inline api::secretsmanager::SecretValueEntry batch_entry(
    api::secretsmanager::GetSecretValue::Output one) {
  return {.arn = std::move(one.arn),
          .name = std::move(one.name),
          .version_id = std::move(one.version_id),
          .secret_binary = std::move(one.secret_binary),
          .secret_string = std::move(one.secret_string),
          .version_stages = std::move(one.version_stages),
          .created_date = one.created_date};
}

// ---- Keys ----

/// The default key has no name in answers, whichever way it was asked for [DOC].
[[nodiscard]] inline std::string kms_key_of(const std::string& wanted) {
  return wanted == "alias/aws/secretsmanager" ? std::string{} : wanted;
}
/// As ListSecretVersionIds shows it [REC].
[[nodiscard]] inline std::string shown_key(const std::string& key) {
  return key.empty() ? "DefaultEncryptionKey" : key;
}

// ---- Staging labels ----

[[nodiscard]] inline bool contains(const std::vector<std::string>& texts, std::string_view text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

/// How many labels a secret has once some version has these too.
/// \param demotes  a version loses AWSCURRENT by it, and gets AWSPREVIOUS
[[nodiscard]] inline std::size_t stage_count_with(Secret& secret, std::vector<std::string> stages,
                                                  bool demotes) {
  if (demotes) stages.emplace_back(stage_previous);
  std::sort(stages.begin(), stages.end());
  stages.erase(std::unique(stages.begin(), stages.end()), stages.end());
  const auto is_new = [&secret](const std::string& stage) { return secret.find_stage(stage) == nullptr; };
  return secret.stage_count() + static_cast<std::size_t>(std::count_if(stages.begin(), stages.end(), is_new));
}

// ---- Tags ----

/// [REC cloud-custodian#9093] Also of taking them off.
[[nodiscard]] inline std::optional<Failure> check_tag_key(std::string_view key) {
  if (!key.starts_with("aws:")) return std::nullopt;
  return invalid_parameter("You can't modify system tags. Tag key: '" + std::string{key} + "'.");
}
[[nodiscard]] inline std::optional<Failure> check_tags(const SecretTags& tags) {
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (auto refusal = check_tag_key(tags[i].key)) return refusal;
    const auto same = [&](const api::secretsmanager::Tag& other) { return other.key == tags[i].key; };
    if (std::any_of(tags.begin(), tags.begin() + static_cast<std::ptrdiff_t>(i), same)) {
      return invalid_parameter("You can't use the tag key '" + tags[i].key + "' more than once.");  // [MEM]
    }
  }
  return std::nullopt;
}
/// 50 [DOC]; code and text [MEM].
[[nodiscard]] inline std::optional<Failure> check_tag_count(const SecretTags& tags) {
  if (tags.size() <= tags_max) return std::nullopt;
  return invalid_parameter("A secret can't have more than 50 tags.");
}

[[nodiscard]] inline SecretTags tags_with(const Secret& secret, const SecretTags& added) {
  SecretTags tags = secret.tags.value_or(SecretTags{});
  for (const api::secretsmanager::Tag& tag : added) {
    const auto same = std::find_if(tags.begin(), tags.end(),
                                   [&](const api::secretsmanager::Tag& each) { return each.key == tag.key; });
    if (same != tags.end()) {
      same->value = tag.value;
    } else {
      tags.push_back(tag);
    }
  }
  return tags;
}
[[nodiscard]] inline SecretTags tags_without(const Secret& secret, const std::vector<std::string>& keys) {
  SecretTags tags = secret.tags.value_or(SecretTags{});
  std::erase_if(tags, [&keys](const api::secretsmanager::Tag& each) { return contains(keys, each.key); });
  return tags;
}

// ---- Filters ----

/// For the scope of a page token: filters that differ give texts that do.
[[nodiscard]] inline std::string text_of(const std::vector<api::secretsmanager::Filter>& filters) {
  std::string out;
  const auto add = [&out](std::string_view text) {
    out += std::to_string(text.size());
    out += ':';
    out += text;
  };
  for (const api::secretsmanager::Filter& filter : filters) {
    add(filter.key);
    out += std::to_string(filter.values.size()) + '=';
    for (const std::string& value : filter.values) add(value);
  }
  return out;
}

}  // namespace rushhour::fakes::detail
