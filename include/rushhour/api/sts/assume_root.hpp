#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/sts/shapes.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::sts {

/// Gives the management account, or a delegated administrator, a short session of a member account's root
/// user.
struct AssumeRoot {
  static constexpr Service service = Service::sts;
  static constexpr std::string_view operation_name = "AssumeRoot";
  static constexpr bool read_only = false;

  std::string target_principal{};                            ///< account id or ARN of the member account
  PolicyDescriptor task_policy_arn{};                        ///< what the session may do
  std::optional<std::int64_t> duration_seconds{};            ///< 0 to 900
  std::optional<std::int64_t> minimum_session_token_size{};  ///< bytes that the token is filled up to

  struct Output {
    Credentials credentials{};
    std::string source_identity{};                            ///< stays with sessions assumed from this one
    std::optional<std::int64_t> session_token_size{};         ///< bytes
    std::optional<std::int64_t> session_token_utilization{};  ///< percent of the largest session token
  };
};

}  // namespace rushhour::api::sts

namespace rushhour::aws {

template <>
struct Described<api::sts::AssumeRoot> {
  using S = api::sts::AssumeRoot;
  static constexpr std::array members{
      required<&S::target_principal>("TargetPrincipal", length(12, 2048)),
      required<&S::task_policy_arn>("TaskPolicyArn"),
      member<&S::duration_seconds>("DurationSeconds", range(0, 900)),
      member<&S::minimum_session_token_size>("MinimumSessionTokenSize", range(0, 4096)),
  };
};

template <>
struct Described<api::sts::AssumeRoot::Output> {
  using S = api::sts::AssumeRoot::Output;
  static constexpr std::array members{
      member<&S::credentials>("Credentials"),
      member<&S::source_identity>("SourceIdentity",
                                  matching(session_name_pattern, is_session_name, length(2, 64))),
      member<&S::session_token_size>("SessionTokenSize", range(0, unbounded)),
      member<&S::session_token_utilization>("SessionTokenUtilization", range(0, unbounded)),
  };
};

}  // namespace rushhour::aws
