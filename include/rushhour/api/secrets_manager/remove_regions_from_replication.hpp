#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/secrets_manager/shapes.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Deletes the replicas of a secret in some Regions.
struct RemoveRegionsFromReplication {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "RemoveRegionsFromReplication";
  static constexpr bool read_only = false;

  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix
  std::vector<std::string> remove_replica_regions{};

  struct Output {
    std::string arn{};
    std::vector<ReplicationStatus> replication_status{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::RemoveRegionsFromReplication> {
  using S = api::secretsmanager::RemoveRegionsFromReplication;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
      each(required<&S::remove_replica_regions>("RemoveReplicaRegions", length(1, unbounded)),
           matching(region_pattern, is_region, length(1, 128))),
  };
};

template <>
struct Described<api::secretsmanager::RemoveRegionsFromReplication::Output> {
  using S = api::secretsmanager::RemoveRegionsFromReplication::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::replication_status>("ReplicationStatus"),
  };
};

}  // namespace rushhour::aws
