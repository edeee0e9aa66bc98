/// \file
/// AWS Secrets Manager, API version 2017-10-17: the operations and their member tables, a file each. What the
/// service does with them is the fake's business (fakes/secrets_manager.hpp). Members and constraints:
/// botocore 1.43.11.
#pragma once

#include <rushhour/api/operation.hpp>
#include <rushhour/api/secrets_manager/batch_get_secret_value.hpp>
#include <rushhour/api/secrets_manager/cancel_rotate_secret.hpp>
#include <rushhour/api/secrets_manager/create_secret.hpp>
#include <rushhour/api/secrets_manager/delete_resource_policy.hpp>
#include <rushhour/api/secrets_manager/delete_secret.hpp>
#include <rushhour/api/secrets_manager/describe_secret.hpp>
#include <rushhour/api/secrets_manager/get_random_password.hpp>
#include <rushhour/api/secrets_manager/get_resource_policy.hpp>
#include <rushhour/api/secrets_manager/get_secret_value.hpp>
#include <rushhour/api/secrets_manager/list_secret_version_ids.hpp>
#include <rushhour/api/secrets_manager/list_secrets.hpp>
#include <rushhour/api/secrets_manager/put_resource_policy.hpp>
#include <rushhour/api/secrets_manager/put_secret_value.hpp>
#include <rushhour/api/secrets_manager/remove_regions_from_replication.hpp>
#include <rushhour/api/secrets_manager/replicate_secret_to_regions.hpp>
#include <rushhour/api/secrets_manager/restore_secret.hpp>
#include <rushhour/api/secrets_manager/rotate_secret.hpp>
#include <rushhour/api/secrets_manager/stop_replication_to_replica.hpp>
#include <rushhour/api/secrets_manager/tag_resource.hpp>
#include <rushhour/api/secrets_manager/untag_resource.hpp>
#include <rushhour/api/secrets_manager/update_secret.hpp>
#include <rushhour/api/secrets_manager/update_secret_version_stage.hpp>
#include <rushhour/api/secrets_manager/validate_resource_policy.hpp>

namespace rushhour::api {

/// In the order of their dense index: the journal and the limiters know them by it.
template <>
struct OperationsOf<Service::secretsmanager> {
  using Type = Operations<
      secretsmanager::BatchGetSecretValue, secretsmanager::CancelRotateSecret, secretsmanager::CreateSecret,
      secretsmanager::DeleteResourcePolicy, secretsmanager::DeleteSecret, secretsmanager::DescribeSecret,
      secretsmanager::GetRandomPassword, secretsmanager::GetResourcePolicy, secretsmanager::GetSecretValue,
      secretsmanager::ListSecretVersionIds, secretsmanager::ListSecrets, secretsmanager::PutResourcePolicy,
      secretsmanager::PutSecretValue, secretsmanager::RemoveRegionsFromReplication,
      secretsmanager::ReplicateSecretToRegions, secretsmanager::RestoreSecret, secretsmanager::RotateSecret,
      secretsmanager::StopReplicationToReplica, secretsmanager::TagResource, secretsmanager::UntagResource,
      secretsmanager::UpdateSecret, secretsmanager::UpdateSecretVersionStage,
      secretsmanager::ValidateResourcePolicy>;
};

}  // namespace rushhour::api
