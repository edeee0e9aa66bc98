#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/iam/patterns.hpp>
#include <rushhour/api/iam/shapes.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Makes a group, which has no users yet.
struct CreateGroup {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "CreateGroup";
  static constexpr bool read_only = false;

  std::string group_name{};
  std::optional<std::string> path{};  ///< `/` unless given

  struct Output {
    Group group{};
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::CreateGroup> {
  using S = api::iam::CreateGroup;
  static constexpr std::array members{
      required<&S::group_name>("GroupName", length(1, 128)),
      member<&S::path>("Path", matching(api::iam::path_pattern, api::iam::is_path, length(1, 512))),
  };
};

template <>
struct Described<api::iam::CreateGroup::Output> {
  using S = api::iam::CreateGroup::Output;
  static constexpr std::array members{
      required<&S::group>("Group"),
  };
};

}  // namespace rushhour::aws
