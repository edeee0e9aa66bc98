#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Makes a replica a secret of its own. Called in the Region of the replica.
struct StopReplicationToReplica {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "StopReplicationToReplica";
  static constexpr bool read_only = false;

  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix

  struct Output {
    std::string arn{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::StopReplicationToReplica> {
  using S = api::secretsmanager::StopReplicationToReplica;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
  };
};

template <>
struct Described<api::secretsmanager::StopReplicationToReplica::Output> {
  using S = api::secretsmanager::StopReplicationToReplica::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
  };
};

}  // namespace rushhour::aws
