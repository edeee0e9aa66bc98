#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/iam/shapes.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Reads what is known about a managed policy, but not its document.
struct GetPolicy {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "GetPolicy";
  static constexpr bool read_only = true;

  std::string policy_arn{};

  struct Output {
    Policy policy{};
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::GetPolicy> {
  using S = api::iam::GetPolicy;
  static constexpr std::array members{
      required<&S::policy_arn>("PolicyArn", length(20, 2048)),
  };
};

template <>
struct Described<api::iam::GetPolicy::Output> {
  using S = api::iam::GetPolicy::Output;
  static constexpr std::array members{
      member<&S::policy>("Policy"),
  };
};

}  // namespace rushhour::aws
