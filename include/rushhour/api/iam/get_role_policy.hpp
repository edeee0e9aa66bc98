#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Reads an inline policy of a role.
struct GetRolePolicy {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "GetRolePolicy";
  static constexpr bool read_only = true;

  std::string role_name{};
  std::string policy_name{};

  struct Output {
    std::string role_name{};
    std::string policy_name{};
    std::string policy_document{};  ///< JSON, percent-encoded
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::GetRolePolicy> {
  using S = api::iam::GetRolePolicy;
  static constexpr std::array members{
      required<&S::role_name>("RoleName", length(1, 64)),
      required<&S::policy_name>("PolicyName", length(1, 128)),
  };
};

template <>
struct Described<api::iam::GetRolePolicy::Output> {
  using S = api::iam::GetRolePolicy::Output;
  static constexpr std::array members{
      required<&S::role_name>("RoleName"),
      required<&S::policy_name>("PolicyName"),
      required<&S::policy_document>("PolicyDocument"),
  };
};

}  // namespace rushhour::aws
