#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Reads an inline policy of a user.
struct GetUserPolicy {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "GetUserPolicy";
  static constexpr bool read_only = true;

  std::string user_name{};
  std::string policy_name{};

  struct Output {
    std::string user_name{};
    std::string policy_name{};
    std::string policy_document{};  ///< JSON, percent-encoded
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::GetUserPolicy> {
  using S = api::iam::GetUserPolicy;
  static constexpr std::array members{
      required<&S::user_name>("UserName", length(1, 128)),
      required<&S::policy_name>("PolicyName", length(1, 128)),
  };
};

template <>
struct Described<api::iam::GetUserPolicy::Output> {
  using S = api::iam::GetUserPolicy::Output;
  static constexpr std::array members{
      required<&S::user_name>("UserName"),
      required<&S::policy_name>("PolicyName"),
      required<&S::policy_document>("PolicyDocument"),
  };
};

}  // namespace rushhour::aws
