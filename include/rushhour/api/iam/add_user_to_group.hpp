#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Puts a user into a group.
struct AddUserToGroup {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "AddUserToGroup";
  static constexpr bool read_only = false;

  std::string group_name{};
  std::string user_name{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::AddUserToGroup> {
  using S = api::iam::AddUserToGroup;
  static constexpr std::array members{
      required<&S::group_name>("GroupName", length(1, 128)),
      required<&S::user_name>("UserName", length(1, 128)),
  };
};

}  // namespace rushhour::aws
