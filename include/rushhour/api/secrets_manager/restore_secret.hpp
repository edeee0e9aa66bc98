#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Takes back the deletion of a secret within its recovery window.
struct RestoreSecret {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "RestoreSecret";
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
struct Described<api::secretsmanager::RestoreSecret> {
  using S = api::secretsmanager::RestoreSecret;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
  };
};

template <>
struct Described<api::secretsmanager::RestoreSecret::Output> {
  using S = api::secretsmanager::RestoreSecret::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 256)),
  };
};

}  // namespace rushhour::aws
