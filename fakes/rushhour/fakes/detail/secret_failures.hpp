/// \file
/// The refusals of Secrets Manager that more than one operation gives, in its words. All are answers with
/// HTTP status 400, ResourceNotFound too [REC]. It decides nothing: the operations do.
///
/// Source: spec aws.md 2.1, from recordings (REC), documentation (DOC) and, where it says so, memory (MEM).
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <rushhour/result.hpp>

namespace rushhour::fakes::detail {

[[nodiscard]] inline Failure secret_failure(Outcome outcome, std::string_view code, std::string message) {
  return {.outcome = outcome, .status = 400, .code = std::string{code}, .message = std::move(message)};
}

[[nodiscard]] inline Failure invalid_parameter(std::string message) {
  return secret_failure(Outcome::invalid, "InvalidParameterException", std::move(message));
}
[[nodiscard]] inline Failure invalid_request(std::string message) {
  return secret_failure(Outcome::invalid, "InvalidRequestException", std::move(message));
}
[[nodiscard]] inline Failure resource_exists(std::string message) {
  return secret_failure(Outcome::invalid, "ResourceExistsException", std::move(message));
}
[[nodiscard]] inline Failure limit_exceeded(std::string message) {
  return secret_failure(Outcome::invalid, "LimitExceededException", std::move(message));
}
[[nodiscard]] inline Failure validation_failure(std::string message) {
  return secret_failure(Outcome::invalid, "ValidationException", std::move(message));
}

/// \param what  `the specified secret.`, `the specified secret value for staging label: X` [REC]
[[nodiscard]] inline Failure secret_not_found(std::string_view what = "the specified secret.") {
  return secret_failure(Outcome::not_found, "ResourceNotFoundException",
                        "Secrets Manager can't find " + std::string{what});
}
[[nodiscard]] inline Failure version_not_found(std::string_view version_id) {
  return secret_not_found("the specified secret value for VersionId: " + std::string{version_id});
}
[[nodiscard]] inline Failure stage_not_found(std::string_view stage) {
  return secret_not_found("the specified secret value for staging label: " + std::string{stage});
}

/// [REC 2026-01-29] of Tag and UntagResource; taken for all others.
[[nodiscard]] inline Failure marked_for_deletion() {
  return invalid_request(
      "You can't perform this operation on the secret because it was marked for deletion.");
}
/// [REC cloud-nuke#435, terraform-aws-secrets-manager#188]
[[nodiscard]] inline Failure replica_is_read_only() {
  return invalid_parameter(
      "Operation not permitted on a replica secret. Call must be made in primary secret's region.");
}
/// Of a call without ClientRequestToken, which SDKs and the command line fill in [REC].
/// \param code  InvalidParameterException for RotateSecret, InvalidRequestException for all others
[[nodiscard]] inline Failure token_missing(std::string_view code = "InvalidRequestException") {
  return secret_failure(Outcome::invalid, code,
                        "You must provide a ClientRequestToken value. We recommend a UUID-type value.");
}
/// [REC] Across accounts, Get and Put only.
[[nodiscard]] inline Failure default_key_is_not_shared() {
  return invalid_request(
      "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS "
      "service key.");
}
/// [DOC: the error's description in the service model]
[[nodiscard]] inline Failure invalid_next_token() {
  return secret_failure(Outcome::invalid, "InvalidNextTokenException", "The NextToken value is invalid.");
}
[[nodiscard]] inline Failure invalid_secret_name() {
  return validation_failure(  // [REC]
      "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: "
      "-/_+=.@!");
}

}  // namespace rushhour::fakes::detail
