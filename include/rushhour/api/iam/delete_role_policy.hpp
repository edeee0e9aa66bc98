#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Removes an inline policy from a role.
struct DeleteRolePolicy {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "DeleteRolePolicy";
  static constexpr bool read_only = false;

  std::string role_name{};
  std::string policy_name{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::DeleteRolePolicy> {
  using S = api::iam::DeleteRolePolicy;
  static constexpr std::array members{
      required<&S::role_name>("RoleName", length(1, 64)),
      required<&S::policy_name>("PolicyName", length(1, 128)),
  };
};

}  // namespace rushhour::aws
