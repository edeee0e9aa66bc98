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

/// Gives temporary credentials of a role to who its trust policy names.
struct AssumeRole {
  static constexpr Service service = Service::sts;
  static constexpr std::string_view operation_name = "AssumeRole";
  static constexpr bool read_only = true;

  std::string role_arn{};
  std::string role_session_name{};
  std::vector<PolicyDescriptor> policy_arns{};  ///< managed policies as session policies
  std::optional<std::string> policy{};  ///< a session policy: JSON, and never more than the caller may do
  std::optional<std::int64_t> duration_seconds{};  ///< 900 to 43200
  std::vector<Tag> tags{};
  std::vector<std::string> transitive_tag_keys{};  ///< that sessions assumed from this one keep
  std::optional<std::string> external_id{};
  std::optional<std::string> serial_number{};    ///< of the MFA device
  std::optional<std::string> token_code{};       ///< six digits that it shows
  std::optional<std::string> source_identity{};  ///< stays with sessions assumed from this one
  std::vector<ProvidedContext> provided_contexts{};
  std::optional<std::int64_t> minimum_session_token_size{};  ///< bytes that the token is filled up to

  struct Output {
    Credentials credentials{};
    AssumedRoleUser assumed_role_user{};
    std::optional<std::int64_t> packed_policy_size{};         ///< percent of what policies and tags may take
    std::string source_identity{};                            ///< stays with sessions assumed from this one
    std::optional<std::int64_t> session_token_size{};         ///< bytes
    std::optional<std::int64_t> session_token_utilization{};  ///< percent of the largest session token
  };
};

}  // namespace rushhour::api::sts

namespace rushhour::aws {

template <>
struct Described<api::sts::AssumeRole> {
  using S = api::sts::AssumeRole;
  static constexpr std::array members{
      required<&S::role_arn>("RoleArn", matching(printable_pattern, is_printable, length(20, 2048))),
      required<&S::role_session_name>("RoleSessionName",
                                      matching(session_name_pattern, is_session_name, length(2, 64))),
      member<&S::policy_arns>("PolicyArns"),
      member<&S::policy>("Policy", matching(policy_text_pattern, is_policy_text, length(1, unbounded))),
      member<&S::duration_seconds>("DurationSeconds", range(900, 43200)),
      member<&S::tags>("Tags", length(0, 50)),
      each(member<&S::transitive_tag_keys>("TransitiveTagKeys", length(0, 50)),
           matching(tag_text_pattern, is_tag_text, length(1, 128))),
      member<&S::external_id>("ExternalId", matching(external_id_pattern, is_external_id, length(2, 1224))),
      member<&S::serial_number>("SerialNumber",
                                matching(serial_number_pattern, is_serial_number, length(9, 256))),
      member<&S::token_code>("TokenCode", matching(digits_pattern, is_digits, length(6, 6))),
      member<&S::source_identity>("SourceIdentity",
                                  matching(session_name_pattern, is_session_name, length(2, 64))),
      member<&S::provided_contexts>("ProvidedContexts", length(1, 5)),
      member<&S::minimum_session_token_size>("MinimumSessionTokenSize", range(0, 4096)),
  };
};

template <>
struct Described<api::sts::AssumeRole::Output> {
  using S = api::sts::AssumeRole::Output;
  static constexpr std::array members{
      member<&S::credentials>("Credentials"),
      member<&S::assumed_role_user>("AssumedRoleUser"),
      member<&S::packed_policy_size>("PackedPolicySize", range(0, unbounded)),
      member<&S::source_identity>("SourceIdentity",
                                  matching(session_name_pattern, is_session_name, length(2, 64))),
      member<&S::session_token_size>("SessionTokenSize", range(0, unbounded)),
      member<&S::session_token_utilization>("SessionTokenUtilization", range(0, unbounded)),
  };
};

}  // namespace rushhour::aws
