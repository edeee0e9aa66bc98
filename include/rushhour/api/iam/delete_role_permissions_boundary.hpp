#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Removes the permissions boundary of a role.
struct DeleteRolePermissionsBoundary {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "DeleteRolePermissionsBoundary";
  static constexpr bool read_only = false;

  std::string role_name{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::DeleteRolePermissionsBoundary> {
  using S = api::iam::DeleteRolePermissionsBoundary;
  static constexpr std::array members{
      required<&S::role_name>("RoleName", length(1, 64)),
  };
};

}  // namespace rushhour::aws
