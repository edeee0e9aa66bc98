#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Removes the resource policy of a secret.
struct DeleteResourcePolicy {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "DeleteResourcePolicy";
  static constexpr bool read_only = false;

  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix

  struct Output {
    std::string arn{};
    std::string name{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::DeleteResourcePolicy> {
  using S = api::secretsmanager::DeleteResourcePolicy;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
  };
};

template <>
struct Described<api::secretsmanager::DeleteResourcePolicy::Output> {
  using S = api::secretsmanager::DeleteResourcePolicy::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 512)),
  };
};

}  // namespace rushhour::aws
