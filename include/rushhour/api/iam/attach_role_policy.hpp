#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Attaches a managed policy to a role. One that is attached already stays so.
struct AttachRolePolicy {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "AttachRolePolicy";
  static constexpr bool read_only = false;

  std::string role_name{};
  std::string policy_arn{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::AttachRolePolicy> {
  using S = api::iam::AttachRolePolicy;
  static constexpr std::array members{
      required<&S::role_name>("RoleName", length(1, 64)),
      required<&S::policy_arn>("PolicyArn", length(20, 2048)),
  };
};

}  // namespace rushhour::aws
