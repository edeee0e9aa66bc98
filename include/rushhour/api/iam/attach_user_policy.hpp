#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Attaches a managed policy to a user. One that is attached already stays so.
struct AttachUserPolicy {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "AttachUserPolicy";
  static constexpr bool read_only = false;

  std::string user_name{};
  std::string policy_arn{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::AttachUserPolicy> {
  using S = api::iam::AttachUserPolicy;
  static constexpr std::array members{
      required<&S::user_name>("UserName", length(1, 64)),
      required<&S::policy_arn>("PolicyArn", length(20, 2048)),
  };
};

}  // namespace rushhour::aws
