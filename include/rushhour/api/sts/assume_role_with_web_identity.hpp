#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/sts/shapes.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::sts {

/// Gives temporary credentials of a role for a token of an OpenID Connect provider. The request is not
/// signed.
struct AssumeRoleWithWebIdentity {
  static constexpr Service service = Service::sts;
  static constexpr std::string_view operation_name = "AssumeRoleWithWebIdentity";
  static constexpr bool read_only = true;
  static constexpr bool is_signed = false;

  std::string role_arn{};
  std::string role_session_name{};
  std::string web_identity_token{};
  std::optional<std::string> provider_id{};
  std::vector<PolicyDescriptor> policy_arns{};  ///< managed policies as session policies
  std::optional<std::string> policy{};  ///< a session policy: JSON, and never more than the caller may do
  std::optional<std::int64_t> duration_seconds{};            ///< 900 to 43200
  std::optional<std::int64_t> minimum_session_token_size{};  ///< bytes that the token is filled up to

  struct Output {
    Credentials credentials{};
    std::string subject_from_web_identity_token{};
    AssumedRoleUser assumed_role_user{};
    std::optional<std::int64_t> packed_policy_size{};  ///< percent of what policies and tags may take
    std::string provider{};
    std::string audience{};
    std::string source_identity{};                            ///< stays with sessions assumed from this one
    std::optional<std::int64_t> session_token_size{};         ///< bytes
    std::optional<std::int64_t> session_token_utilization{};  ///< percent of the largest session token
  };
};

}  // namespace rushhour::api::sts

namespace rushhour::aws {

template <>
struct Described<api::sts::AssumeRoleWithWebIdentity> {
  using S = api::sts::AssumeRoleWithWebIdentity;
  static constexpr std::array members{
      required<&S::role_arn>("RoleArn", matching(printable_pattern, is_printable, length(20, 2048))),
      required<&S::role_session_name>("RoleSessionName",
                                      matching(session_name_pattern, is_session_name, length(2, 64))),
      sensitive(required<&S::web_identity_token>("WebIdentityToken", length(4, 20000))),
      member<&S::provider_id>("ProviderId", length(4, 2048)),
      member<&S::policy_arns>("PolicyArns"),
      member<&S::policy>("Policy", matching(policy_text_pattern, is_policy_text, length(1, 2048))),
      member<&S::duration_seconds>("DurationSeconds", range(900, 43200)),
      member<&S::minimum_session_token_size>("MinimumSessionTokenSize", range(0, 4096)),
  };
};

template <>
struct Described<api::sts::AssumeRoleWithWebIdentity::Output> {
  using S = api::sts::AssumeRoleWithWebIdentity::Output;
  static constexpr std::array members{
      member<&S::credentials>("Credentials"),
      member<&S::subject_from_web_identity_token>("SubjectFromWebIdentityToken", length(6, 255)),
      member<&S::assumed_role_user>("AssumedRoleUser"),
      member<&S::packed_policy_size>("PackedPolicySize", range(0, unbounded)),
      member<&S::provider>("Provider"),
      member<&S::audience>("Audience"),
      member<&S::source_identity>("SourceIdentity",
                                  matching(session_name_pattern, is_session_name, length(2, 64))),
      member<&S::session_token_size>("SessionTokenSize", range(0, unbounded)),
      member<&S::session_token_utilization>("SessionTokenUtilization", range(0, unbounded)),
  };
};

}  // namespace rushhour::aws
