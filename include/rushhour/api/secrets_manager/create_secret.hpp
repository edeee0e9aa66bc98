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

/// Makes a secret, and its first version when a value is given.
struct CreateSecret {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "CreateSecret";
  static constexpr bool read_only = false;

  std::string name{};
  std::optional<std::string> client_request_token{};  ///< becomes the id of the new version
  std::optional<std::string> description{};
  std::optional<std::string> kms_key_id{};
  std::optional<aws::Blob> secret_binary{};
  std::optional<std::string> secret_string{};
  std::vector<Tag> tags{};
  std::vector<ReplicaRegion> add_replica_regions{};
  std::optional<bool> force_overwrite_replica_secret{};  ///< a secret of that name in the Region is replaced
  std::optional<std::string> type{};

  struct Output {
    std::string arn{};
    std::string name{};
    std::string version_id{};
    std::vector<ReplicationStatus> replication_status{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::CreateSecret> {
  using S = api::secretsmanager::CreateSecret;
  static constexpr std::array members{
      required<&S::name>("Name", length(1, 512)),
      member<&S::client_request_token>("ClientRequestToken", length(32, 64)),
      member<&S::description>("Description", length(0, 2048)),
      member<&S::kms_key_id>("KmsKeyId", length(0, 2048)),
      sensitive(member<&S::secret_binary>("SecretBinary", length(1, 65536))),
      sensitive(member<&S::secret_string>("SecretString", length(1, 65536))),
      member<&S::tags>("Tags"),
      member<&S::add_replica_regions>("AddReplicaRegions", length(1, unbounded)),
      member<&S::force_overwrite_replica_secret>("ForceOverwriteReplicaSecret"),
      member<&S::type>("Type", length(0, 256)),
  };
};

template <>
struct Described<api::secretsmanager::CreateSecret::Output> {
  using S = api::secretsmanager::CreateSecret::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 256)),
      member<&S::version_id>("VersionId", length(32, 64)),
      member<&S::replication_status>("ReplicationStatus"),
  };
};

}  // namespace rushhour::aws
