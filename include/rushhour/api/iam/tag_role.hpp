#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/iam/shapes.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Adds tags to a role, or changes their values.
struct TagRole {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "TagRole";
  static constexpr bool read_only = false;

  std::string role_name{};
  std::vector<Tag> tags{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::TagRole> {
  using S = api::iam::TagRole;
  static constexpr std::array members{
      required<&S::role_name>("RoleName", length(1, 64)),
      required<&S::tags>("Tags", length(0, 50)),
  };
};

}  // namespace rushhour::aws
