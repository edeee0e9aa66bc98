#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Replaces the trust policy of a role.
struct UpdateAssumeRolePolicy {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "UpdateAssumeRolePolicy";
  static constexpr bool read_only = false;

  std::string role_name{};
  std::string policy_document{};  ///< JSON

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::UpdateAssumeRolePolicy> {
  using S = api::iam::UpdateAssumeRolePolicy;
  static constexpr std::array members{
      required<&S::role_name>("RoleName", length(1, 64)),
      required<&S::policy_document>("PolicyDocument",
                                    matching(policy_text_pattern, is_policy_text, length(1, 131072))),
  };
};

}  // namespace rushhour::aws
