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

/// Gives temporary credentials of a role for a SAML assertion. The request is not signed.
struct AssumeRoleWithSAML {
  static constexpr Service service = Service::sts;
  static constexpr std::string_view operation_name = "AssumeRoleWithSAML";
  static constexpr bool read_only = true;
  static constexpr bool is_signed = false;

  std::string role_arn{};
  std::string principal_arn{};
  std::string saml_assertion{};
  std::vector<PolicyDescriptor> policy_arns{};  ///< managed policies as session policies
  std::optional<std::string> policy{};  ///< a session policy: JSON, and never more than the caller may do
  std::optional<std::int64_t> duration_seconds{};            ///< 900 to 43200
  std::optional<std::int64_t> minimum_session_token_size{};  ///< bytes that the token is filled up to

  struct Output {
    Credentials credentials{};
    AssumedRoleUser assumed_role_user{};
    std::optional<std::int64_t> packed_policy_size{};  ///< percent of what policies and tags may take
    std::string subject{};
    std::string subject_type{};
    std::string issuer{};
    std::string audience{};
    std::string name_qualifier{};
    std::string source_identity{};                            ///< stays with sessions assumed from this one
    std::optional<std::int64_t> session_token_size{};         ///< bytes
    std::optional<std::int64_t> session_token_utilization{};  ///< percent of the largest session token
  };
};

}  // namespace rushhour::api::sts

namespace rushhour::aws {

template <>
struct Described<api::sts::AssumeRoleWithSAML> {
  using S = api::sts::AssumeRoleWithSAML;
  static constexpr std::array members{
      required<&S::role_arn>("RoleArn", matching(printable_pattern, is_printable, length(20, 2048))),
      required<&S::principal_arn>("PrincipalArn",
                                  matching(printable_pattern, is_printable, length(20, 2048))),
      sensitive(required<&S::saml_assertion>("SAMLAssertion", length(4, 100000))),
      member<&S::policy_arns>("PolicyArns"),
      member<&S::policy>("Policy", matching(policy_text_pattern, is_policy_text, length(1, 2048))),
      member<&S::duration_seconds>("DurationSeconds", range(900, 43200)),
      member<&S::minimum_session_token_size>("MinimumSessionTokenSize", range(0, 4096)),
  };
};

template <>
struct Described<api::sts::AssumeRoleWithSAML::Output> {
  using S = api::sts::AssumeRoleWithSAML::Output;
  static constexpr std::array members{
      member<&S::credentials>("Credentials"),
      member<&S::assumed_role_user>("AssumedRoleUser"),
      member<&S::packed_policy_size>("PackedPolicySize", range(0, unbounded)),
      member<&S::subject>("Subject"),
      member<&S::subject_type>("SubjectType"),
      member<&S::issuer>("Issuer"),
      member<&S::audience>("Audience"),
      member<&S::name_qualifier>("NameQualifier"),
      member<&S::source_identity>("SourceIdentity",
                                  matching(session_name_pattern, is_session_name, length(2, 64))),
      member<&S::session_token_size>("SessionTokenSize", range(0, unbounded)),
      member<&S::session_token_utilization>("SessionTokenUtilization", range(0, unbounded)),
  };
};

}  // namespace rushhour::aws
