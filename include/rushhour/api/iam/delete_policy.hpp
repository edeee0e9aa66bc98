#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Deletes a managed policy that is attached to nobody any more.
struct DeletePolicy {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "DeletePolicy";
  static constexpr bool read_only = false;

  std::string policy_arn{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::DeletePolicy> {
  using S = api::iam::DeletePolicy;
  static constexpr std::array members{
      required<&S::policy_arn>("PolicyArn", length(20, 2048)),
  };
};

}  // namespace rushhour::aws
