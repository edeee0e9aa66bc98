#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Removes the permissions boundary of a user.
struct DeleteUserPermissionsBoundary {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "DeleteUserPermissionsBoundary";
  static constexpr bool read_only = false;

  std::string user_name{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::DeleteUserPermissionsBoundary> {
  using S = api::iam::DeleteUserPermissionsBoundary;
  static constexpr std::array members{
      required<&S::user_name>("UserName", length(1, 64)),
  };
};

}  // namespace rushhour::aws
