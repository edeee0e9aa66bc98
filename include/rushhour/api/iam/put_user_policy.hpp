#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Adds an inline policy to a user, or replaces the one of that name.
struct PutUserPolicy {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "PutUserPolicy";
  static constexpr bool read_only = false;

  std::string user_name{};
  std::string policy_name{};
  std::string policy_document{};  ///< JSON

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::PutUserPolicy> {
  using S = api::iam::PutUserPolicy;
  static constexpr std::array members{
      required<&S::user_name>("UserName", length(1, 128)),
      required<&S::policy_name>("PolicyName", length(1, 128)),
      required<&S::policy_document>("PolicyDocument",
                                    matching(policy_text_pattern, is_policy_text, length(1, 131072))),
  };
};

}  // namespace rushhour::aws
