#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/secrets_manager/shapes.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Copies a secret to other Regions and keeps the copies in step.
struct ReplicateSecretToRegions {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "ReplicateSecretToRegions";
  static constexpr bool read_only = false;

  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix
  std::vector<ReplicaRegion> add_replica_regions{};
  std::optional<bool> force_overwrite_replica_secret{};  ///< a secret of that name in the Region is replaced

  struct Output {
    std::string arn{};
    std::vector<ReplicationStatus> replication_status{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::ReplicateSecretToRegions> {
  using S = api::secretsmanager::ReplicateSecretToRegions;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
      required<&S::add_replica_regions>("AddReplicaRegions", length(1, unbounded)),
      member<&S::force_overwrite_replica_secret>("ForceOverwriteReplicaSecret"),
  };
};

template <>
struct Described<api::secretsmanager::ReplicateSecretToRegions::Output> {
  using S = api::secretsmanager::ReplicateSecretToRegions::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::replication_status>("ReplicationStatus"),
  };
};

}  // namespace rushhour::aws
