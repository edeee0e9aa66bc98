#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Deletes a group that has no users and no policies any more.
struct DeleteGroup {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "DeleteGroup";
  static constexpr bool read_only = false;

  std::string group_name{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::DeleteGroup> {
  using S = api::iam::DeleteGroup;
  static constexpr std::array members{
      required<&S::group_name>("GroupName", length(1, 128)),
  };
};

}  // namespace rushhour::aws
