#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Removes an inline policy from a group.
struct DeleteGroupPolicy {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "DeleteGroupPolicy";
  static constexpr bool read_only = false;

  std::string group_name{};
  std::string policy_name{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::DeleteGroupPolicy> {
  using S = api::iam::DeleteGroupPolicy;
  static constexpr std::array members{
      required<&S::group_name>("GroupName", length(1, 128)),
      required<&S::policy_name>("PolicyName", length(1, 128)),
  };
};

}  // namespace rushhour::aws
