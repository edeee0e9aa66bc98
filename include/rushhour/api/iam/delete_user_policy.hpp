#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Removes an inline policy from a user.
struct DeleteUserPolicy {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "DeleteUserPolicy";
  static constexpr bool read_only = false;

  std::string user_name{};
  std::string policy_name{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::DeleteUserPolicy> {
  using S = api::iam::DeleteUserPolicy;
  static constexpr std::array members{
      required<&S::user_name>("UserName", length(1, 128)),
      required<&S::policy_name>("PolicyName", length(1, 128)),
  };
};

}  // namespace rushhour::aws
