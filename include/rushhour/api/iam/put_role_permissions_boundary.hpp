#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Sets the permissions boundary of a role, or replaces it.
struct PutRolePermissionsBoundary {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "PutRolePermissionsBoundary";
  static constexpr bool read_only = false;

  std::string role_name{};
  std::string permissions_boundary{};  ///< ARN of a managed policy

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::PutRolePermissionsBoundary> {
  using S = api::iam::PutRolePermissionsBoundary;
  static constexpr std::array members{
      required<&S::role_name>("RoleName", length(1, 64)),
      required<&S::permissions_boundary>("PermissionsBoundary", length(20, 2048)),
  };
};

}  // namespace rushhour::aws
