#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Attaches a managed policy to a group. One that is attached already stays so.
struct AttachGroupPolicy {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "AttachGroupPolicy";
  static constexpr bool read_only = false;

  std::string group_name{};
  std::string policy_arn{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::AttachGroupPolicy> {
  using S = api::iam::AttachGroupPolicy;
  static constexpr std::array members{
      required<&S::group_name>("GroupName", length(1, 128)),
      required<&S::policy_arn>("PolicyArn", length(20, 2048)),
  };
};

}  // namespace rushhour::aws
