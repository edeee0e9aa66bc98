#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/iam/shapes.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Reads a role, its trust policy included.
struct GetRole {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "GetRole";
  static constexpr bool read_only = true;

  std::string role_name{};

  struct Output {
    Role role{};
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::GetRole> {
  using S = api::iam::GetRole;
  static constexpr std::array members{
      required<&S::role_name>("RoleName", length(1, 64)),
  };
};

template <>
struct Described<api::iam::GetRole::Output> {
  using S = api::iam::GetRole::Output;
  static constexpr std::array members{
      required<&S::role>("Role"),
  };
};

}  // namespace rushhour::aws
