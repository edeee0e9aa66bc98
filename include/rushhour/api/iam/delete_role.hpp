#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Deletes a role that has no policies any more, inline or attached.
struct DeleteRole {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "DeleteRole";
  static constexpr bool read_only = false;

  std::string role_name{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::DeleteRole> {
  using S = api::iam::DeleteRole;
  static constexpr std::array members{
      required<&S::role_name>("RoleName", length(1, 64)),
  };
};

}  // namespace rushhour::aws
