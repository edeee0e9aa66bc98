#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Attaches a resource policy to a secret.
struct PutResourcePolicy {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "PutResourcePolicy";
  static constexpr bool read_only = false;

  std::string secret_id{};                    ///< name, ARN, or ARN without its six-character suffix
  std::string resource_policy{};              ///< JSON, up to 20,480 characters
  std::optional<bool> block_public_policy{};  ///< false unless given: refuse one that lets everybody in

  struct Output {
    std::string arn{};
    std::string name{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::PutResourcePolicy> {
  using S = api::secretsmanager::PutResourcePolicy;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
      required<&S::resource_policy>("ResourcePolicy", length(1, 20480)),
      member<&S::block_public_policy>("BlockPublicPolicy"),
  };
};

template <>
struct Described<api::secretsmanager::PutResourcePolicy::Output> {
  using S = api::secretsmanager::PutResourcePolicy::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 512)),
  };
};

}  // namespace rushhour::aws
