/// \file
/// The condition keys of a request to Secrets Manager, gathered when a policy asks. Which of them a policy
/// may name is said in condition_keys.hpp; keys of the caller are iam.hpp's.
///
/// Source: "Actions, resources, and condition keys for AWS Secrets Manager" (Service Authorization Reference,
/// spec tag DOC; spec aws.md 3).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/secrets_manager/shapes.hpp>
#include <rushhour/aws/context_values.hpp>
#include <rushhour/fakes/secret_store.hpp>

namespace rushhour::fakes::detail {

inline void add_flag(aws::ContextValues& values, std::string_view key, const std::optional<bool>& flag) {
  if (flag) values.add(key, *flag ? "true" : "false");
}
inline void add_text(aws::ContextValues& values, std::string_view key,
                     const std::optional<std::string>& text) {
  if (text) values.add(key, *text);
}

/// What a request itself says. A key is there only when the caller sent its member: VersionStage too, though
/// the operation reads AWSCURRENT without it [REC boto3#2957, aws-cli#5031].
template <class Op>
void add_request_keys(const Op& request, aws::ContextValues& values) {
  // As it was sent, name or ARN [MEM].
  if constexpr (requires { *request.secret_id; }) {
    add_text(values, "secretsmanager:SecretId", request.secret_id);
  } else if constexpr (requires { request.secret_id; }) {
    values.add("secretsmanager:SecretId", request.secret_id);
  }
  if constexpr (requires { request.name; }) values.add("secretsmanager:Name", request.name);
  if constexpr (requires { request.description; })
    add_text(values, "secretsmanager:Description", request.description);
  if constexpr (requires { request.kms_key_id; })
    add_text(values, "secretsmanager:KmsKeyId", request.kms_key_id);
  if constexpr (requires { request.type; }) add_text(values, "secretsmanager:Type", request.type);
  if constexpr (requires { request.version_id; })
    add_text(values, "secretsmanager:VersionId", request.version_id);
  if constexpr (requires { *request.version_stage; }) {
    add_text(values, "secretsmanager:VersionStage", request.version_stage);
  } else if constexpr (requires { request.version_stage; }) {
    values.add("secretsmanager:VersionStage", request.version_stage);
  }
  if constexpr (requires { request.recovery_window_in_days; }) {
    if (request.recovery_window_in_days) {
      values.add("secretsmanager:RecoveryWindowInDays", std::to_string(*request.recovery_window_in_days));
    }
  }
  if constexpr (requires { request.force_delete_without_recovery; })
    add_flag(values, "secretsmanager:ForceDeleteWithoutRecovery", request.force_delete_without_recovery);
  if constexpr (requires { request.force_overwrite_replica_secret; })
    add_flag(values, "secretsmanager:ForceOverwriteReplicaSecret", request.force_overwrite_replica_secret);
  if constexpr (requires { request.block_public_policy; })
    add_flag(values, "secretsmanager:BlockPublicPolicy", request.block_public_policy);
  if constexpr (requires { request.add_replica_regions; }) {
    for (const auto& replica : request.add_replica_regions) {
      values.add("secretsmanager:AddReplicaRegions", replica.region);
    }
  }
  if constexpr (requires { request.rotate_immediately; }) {
    add_flag(values, "secretsmanager:RotateImmediately", request.rotate_immediately);
    add_text(values, "secretsmanager:RotationLambdaARN", request.rotation_lambda_arn);
    add_text(values, "secretsmanager:ExternalSecretRotationRoleArn",
             request.external_secret_rotation_role_arn);
    values.add("secretsmanager:ModifyRotationRules", request.rotation_rules ? "true" : "false");
  }
  if constexpr (requires { request.tags; }) {
    for (const api::secretsmanager::Tag& tag : request.tags) {
      values.add_named("aws:RequestTag/" + tag.key, tag.value);
      values.add("aws:TagKeys", tag.key);
    }
  }
  if constexpr (requires { request.tag_keys; }) {
    for (const std::string& key : request.tag_keys) values.add("aws:TagKeys", key);
  }
}

/// What is known of the secret itself, apart from its account.
inline void add_secret_keys(const Secret& secret, const std::vector<api::secretsmanager::Tag>& tags,
                            aws::ContextValues& values) {
  values.add("secretsmanager:SecretPrimaryRegion",
             secret.primary_region.empty() ? secret.region : secret.primary_region);
  if (!secret.rotation.lambda_arn.empty()) {
    values.add("secretsmanager:resource/AllowRotationLambdaArn", secret.rotation.lambda_arn);
  }
  for (const api::secretsmanager::Tag& tag : tags) {
    values.add_named("secretsmanager:ResourceTag/" + tag.key, tag.value);
    values.add_named("aws:ResourceTag/" + tag.key, tag.value);
  }
}

/// Of one request and, where there is one, of the secret that it is about. Points to both.
template <class Op>
class SecretContext final : public aws::ContextSource {
 public:
  /// What there is beside the request and its secret.
  struct More {
    std::string_view new_in{};  ///< the account where a secret is to be made; empty: none is
    const std::vector<api::secretsmanager::Tag>* tags_instead{};  ///< not null: as if the secret had these
  };

  SecretContext(const Op& request, const Secret* secret, More more = {})
      : request_(request), secret_(secret), more_(more) {}

  void add_to(aws::ContextValues& values) const override {
    add_request_keys(request_, values);
    const std::string_view account = secret_ != nullptr ? secret_->account : more_.new_in;
    if (!account.empty()) values.add("aws:ResourceAccount", std::string{account});
    if (secret_ == nullptr) return;
    static const std::vector<api::secretsmanager::Tag> none;
    const auto& own = secret_->tags ? *secret_->tags : none;
    add_secret_keys(*secret_, more_.tags_instead != nullptr ? *more_.tags_instead : own, values);
  }

 private:
  const Op& request_;
  const Secret* secret_;
  More more_;
};

}  // namespace rushhour::fakes::detail
