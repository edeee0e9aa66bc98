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

/// Gives temporary credentials to a federated user, within the permissions of the IAM user who calls.
struct GetFederationToken {
  static constexpr Service service = Service::sts;
  static constexpr std::string_view operation_name = "GetFederationToken";
  static constexpr bool read_only = false;

  std::string name{};
  std::optional<std::string> policy{};  ///< a session policy: JSON, and never more than the caller may do
  std::vector<PolicyDescriptor> policy_arns{};     ///< managed policies as session policies
  std::optional<std::int64_t> duration_seconds{};  ///< 900 to 129600
  std::vector<Tag> tags{};
  std::optional<std::int64_t> minimum_session_token_size{};  ///< bytes that the token is filled up to

  struct Output {
    Credentials credentials{};
    FederatedUser federated_user{};
    std::optional<std::int64_t> packed_policy_size{};         ///< percent of what policies and tags may take
    std::optional<std::int64_t> session_token_size{};         ///< bytes
    std::optional<std::int64_t> session_token_utilization{};  ///< percent of the largest session token
  };
};

}  // namespace rushhour::api::sts

namespace rushhour::aws {

template <>
struct Described<api::sts::GetFederationToken> {
  using S = api::sts::GetFederationToken;
  static constexpr std::array members{
      required<&S::name>("Name", matching(session_name_pattern, is_session_name, length(2, 32))),
      member<&S::policy>("Policy", matching(policy_text_pattern, is_policy_text, length(1, 2048))),
      member<&S::policy_arns>("PolicyArns"),
      member<&S::duration_seconds>("DurationSeconds", range(900, 129600)),
      member<&S::tags>("Tags", length(0, 50)),
      member<&S::minimum_session_token_size>("MinimumSessionTokenSize", range(0, 4096)),
  };
};

template <>
struct Described<api::sts::GetFederationToken::Output> {
  using S = api::sts::GetFederationToken::Output;
  static constexpr std::array members{
      member<&S::credentials>("Credentials"),
      member<&S::federated_user>("FederatedUser"),
      member<&S::packed_policy_size>("PackedPolicySize", range(0, unbounded)),
      member<&S::session_token_size>("SessionTokenSize", range(0, unbounded)),
      member<&S::session_token_utilization>("SessionTokenUtilization", range(0, unbounded)),
  };
};

}  // namespace rushhour::aws
