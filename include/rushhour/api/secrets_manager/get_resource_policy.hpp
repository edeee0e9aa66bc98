#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Reads the resource policy of a secret.
struct GetResourcePolicy {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "GetResourcePolicy";
  static constexpr bool read_only = true;

  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix

  struct Output {
    std::string arn{};
    std::string name{};
    std::string resource_policy{};  ///< as it was put; absent where there is none
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::GetResourcePolicy> {
  using S = api::secretsmanager::GetResourcePolicy;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
  };
};

template <>
struct Described<api::secretsmanager::GetResourcePolicy::Output> {
  using S = api::secretsmanager::GetResourcePolicy::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 512)),
      member<&S::resource_policy>("ResourcePolicy", length(1, 20480)),
  };
};

}  // namespace rushhour::aws
