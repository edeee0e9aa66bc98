// Secrets' replicas in other Regions.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "secrets_manager_rotation.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::secretsmanager::CancelRotateSecret;
using api::secretsmanager::CreateSecret;
using api::secretsmanager::DeleteResourcePolicy;
using api::secretsmanager::DescribeSecret;
using api::secretsmanager::GetResourcePolicy;
using api::secretsmanager::ListSecrets;
using api::secretsmanager::ListSecretVersionIds;
using api::secretsmanager::PutResourcePolicy;
using api::secretsmanager::PutSecretValue;
using api::secretsmanager::RemoveRegionsFromReplication;
using api::secretsmanager::ReplicateSecretToRegions;
using api::secretsmanager::RotateSecret;
using api::secretsmanager::StopReplicationToReplica;
using api::secretsmanager::TagResource;
using api::secretsmanager::UpdateSecret;
using std::chrono::seconds;

Failure read_only() {
  return invalid_parameter(
      "Operation not permitted on a replica secret. Call must be made in primary secret's region.");
}

const std::string there = "eu-west-1";

ReplicateSecretToRegions to_region(bool overwrites = false, std::string region = there) {
  return {.secret_id = "db",
          .add_replica_regions = {{.region = std::move(region)}},
          .force_overwrite_replica_secret = overwrites};
}
std::string in_region(std::string arn, std::string_view region = there) {
  return arn.replace(arn.find("us-east-1"), 9, region);
}
/// What the primary knows of its replica: `InSync Replication succeeded`.
std::string status(Bench& bench) {
  const auto all = bench.describe().replication_status;
  return all.empty()
             ? "none"
             : all.at(0).status + (all.at(0).status_message.empty() ? "" : ": ") + all.at(0).status_message;
}
/// A secret of that name in the other Region.
std::string occupy(Bench& bench) {
  return bench.scene.inside()->world.secretsmanager.add_secret(
      {.account = std::string{Bench::account}, .region = there, .name = "db", .value = "theirs"},
      bench.scene.now());
}
/// Replicates and waits.
std::string replicate(Bench& bench, bool overwrites = false) {
  EXPECT_TRUE(bench(to_region(overwrites)).ok());
  bench.scene.advance(seconds{5});
  return in_region(bench.arn);
}

std::vector<Behaviour> replica_behaviours() {
  return {
      {"AReplicaHasTheArnWithItsRegion", "REC aws.md 2.1", answer("0"),
       [](Scene& scene) {
         Bench bench{scene};
         return answer(bench.value(replicate(bench)));
       }},
      {"ReplicationTakesAMoment", "DOC aws.md 2.1, how long is MEM",
       answer("InProgress; InSync: Replication succeeded"),
       [](Scene& scene) {
         Bench bench{scene};
         const auto begun = bench(to_region()).value().replication_status.at(0);
         EXPECT_EQ(begun.status, "InProgress");
         EXPECT_EQ(begun.region, there);
         EXPECT_EQ(begun.kms_key_id, "alias/aws/secretsmanager");
         const std::string before = status(bench);
         EXPECT_EQ(bench.value(in_region(bench.arn)), "ResourceNotFoundException");
         scene.advance(seconds{5});
         return answer(before + "; " + status(bench));
       }},
      {"ASecretIsReplicatedAsItIsMade", "DOC CreateSecret", answer("InProgress"),
       [](Scene& scene) {
         const auto made = Bench{scene}(CreateSecret{.name = "web",
                                                     .client_request_token = token(3),
                                                     .secret_string = "x",
                                                     .add_replica_regions = {{.region = there}}});
         return answer(made.value().replication_status.at(0).status);
       }},
      {"AnExistingNameFailsTheReplication", "DOC aws.md 2.1, wording moto's",
       answer("Failed: Replication failed: Secret name db already exists in region eu-west-1."),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string theirs = occupy(bench);
         replicate(bench);
         EXPECT_EQ(bench.value(theirs), "theirs");
         return answer(status(bench));
       }},
      {"AnExistingNameIsOverwrittenWhenForced", "DOC ReplicateSecretToRegions", answer("0"),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string theirs = occupy(bench);
         const std::string replica = replicate(bench, true);
         EXPECT_EQ(bench.value(theirs), "ResourceNotFoundException");
         return answer(bench.value(replica));
       }},
      {"AFailedReplicationIsTriedAgain", "DOC aws.md 2.1", answer("InSync: Replication succeeded"),
       [](Scene& scene) {
         Bench bench{scene};
         occupy(bench);
         replicate(bench);
         replicate(bench, true);
         return answer(status(bench));
       }},
      {"BothNameThePrimaryRegion", "DOC aws.md 2.1", answer("us-east-1 us-east-1"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_EQ(bench.describe().primary_region, "");
         const std::string replica = replicate(bench);
         return answer(bench.describe().primary_region + " " +
                       bench(DescribeSecret{.secret_id = replica}).value().primary_region);
       }},
      {"SecretsAreFilteredByTheirPrimaryRegion", "DOC Filter", answer("db"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(CreateSecret{.name = "web", .client_request_token = token(3)}).ok());
         replicate(bench);
         const auto found = [&](std::string region) {
           std::string out;
           const auto list =
               bench(ListSecrets{.filters = {{.key = "primary-region", .values = {std::move(region)}}}});
           for (const auto& entry : list.value().secret_list) {
             out += entry.name;
           }
           return out;
         };
         EXPECT_EQ(found("eu-"), "");
         return answer(found("us-east"));
       }},
      {"AReplicaFollowsItsPrimary", "DOC aws.md 2.1", answer("1:AWSPREVIOUS 2:AWSCURRENT"),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string replica = replicate(bench);
         const std::string policy = statements(
             R"({"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"secretsmanager:*","Resource":"*"})");
         EXPECT_TRUE(bench(PutSecretValue{
                               .secret_id = "db", .client_request_token = token(2), .secret_string = "new"})
                         .ok());
         EXPECT_TRUE(bench(TagResource{.secret_id = "db", .tags = {{.key = "k", .value = "v"}}}).ok());
         EXPECT_TRUE(bench(PutResourcePolicy{.secret_id = "db", .resource_policy = policy}).ok());
         EXPECT_EQ(bench.value(replica), "new");
         EXPECT_EQ(bench(DescribeSecret{.secret_id = replica}).value().tags.value().at(0).value, "v");
         EXPECT_EQ(bench(GetResourcePolicy{.secret_id = replica}).value().resource_policy, policy);
         return answer(bench.labels(replica));
       }},
      {"AReplicasPolicyIsJudgedAsItsOwn", "DOC aws.md 2.1: policies follow the primary",
       answer("AccessDeniedException AccessDeniedException; 0 AccessDeniedException"),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string replica = replicate(bench);
         EXPECT_EQ(bench.value(replica), "0");
         EXPECT_TRUE(
             bench(PutResourcePolicy{
                       .secret_id = "db",
                       .resource_policy = statements(
                           R"({"Effect":"Deny","Principal":"*","Action":"secretsmanager:GetSecretValue",)"
                           R"("Resource":"*"})")})
                 .ok());
         const auto values = [&] { return bench.value() + " " + bench.value(replica); };
         const std::string both = values();
         EXPECT_TRUE(bench(StopReplicationToReplica{.secret_id = replica}).ok());
         EXPECT_TRUE(bench(DeleteResourcePolicy{.secret_id = "db"}).ok());
         return answer(both + "; " + values());
       }},
      {"AReplicaIsReadOnItsOwn", "DOC ReplicationStatusType", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const std::string replica = replicate(bench);
         EXPECT_EQ(bench.value(replica), "0");
         const auto about = bench.describe();
         EXPECT_EQ(about.last_accessed_date, std::nullopt);
         EXPECT_EQ(about.replication_status.at(0).last_accessed_date,
                   std::chrono::floor<std::chrono::days>(scene.now()));
         return fine;
       }},
      {"NothingIsConfiguredOnAReplica", "REC cloud-nuke#435, terraform-aws-secrets-manager#188", read_only(),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string replica = replicate(bench);
         RotateSecret rotate = Bench::rotate(2);
         rotate.secret_id = replica;
         ReplicateSecretToRegions further = to_region(false, "eu-west-2");
         further.secret_id = replica;
         EXPECT_EQ(outcome(bench(rotate)), read_only());
         EXPECT_EQ(outcome(bench(further)), read_only());
         EXPECT_EQ(outcome(bench(CancelRotateSecret{.secret_id = replica})), read_only());
         EXPECT_EQ(outcome(bench(DeleteResourcePolicy{.secret_id = replica})), read_only());
         EXPECT_EQ(outcome(bench(RemoveRegionsFromReplication{.secret_id = replica,
                                                              .remove_replica_regions = {there}})),
                   read_only());
         return outcome(bench(PutResourcePolicy{
             .secret_id = replica,
             .resource_policy = statements(
                 R"({"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"*","Resource":"*"})")}));
       }},
      {"APromotedReplicaIsASecretOfItsOwn", "DOC StopReplicationToReplica", answer("0 mine none"),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string replica = replicate(bench);
         EXPECT_EQ(bench(StopReplicationToReplica{.secret_id = replica}).value().arn, replica);
         EXPECT_TRUE(
             bench(PutSecretValue{
                       .secret_id = replica, .client_request_token = token(2), .secret_string = "mine"})
                 .ok());
         return answer(bench.value() + " " + bench.value(replica) + " " + status(bench));
       }},
      {"OnlyAReplicaIsPromoted", "MEM",
       invalid_parameter(
           "Operation not permitted on a primary secret. Call must be made in the replica secret's region."),
       [](Scene& scene) { return outcome(Bench{scene}(StopReplicationToReplica{.secret_id = "db"})); }},
      {"ARegionIsRemovedWithItsReplica", "DOC RemoveRegionsFromReplication", answer("none"),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string replica = replicate(bench);
         const RemoveRegionsFromReplication request{.secret_id = "db", .remove_replica_regions = {there}};
         EXPECT_EQ(bench(request).value().replication_status.size(), 0U);
         EXPECT_EQ(bench.value(replica), "ResourceNotFoundException");
         EXPECT_EQ(outcome(bench(request)),
                   invalid_parameter("The secret is not replicated to region eu-west-1."));
         return answer(status(bench));
       }},
      {"ASecretIsNotReplicatedToItsOwnRegion", "REC aws-cdk preflight, terraform",
       invalid_parameter("Invalid replica region."),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_EQ(outcome(bench(CreateSecret{.name = "web",
                                              .client_request_token = token(3),
                                              .secret_string = "x",
                                              .add_replica_regions = {{.region = "us-east-1"}}})),
                   invalid_parameter("Invalid replica region."));
         return outcome(bench(to_region(false, "us-east-1")));
       }},
      {"ARegionIsTakenOnce", "MEM",
       invalid_parameter("The secret is already replicated to region eu-west-1."),
       [](Scene& scene) {
         Bench bench{scene};
         replicate(bench);
         return outcome(bench(to_region()));
       }},
      {"AConditionSeesTheRegions", "DOC aws.md 3",
       failure(Outcome::denied, 400, "AccessDeniedException",
               "User: arn:aws:iam::999988887777:user/admin is not authorized to perform: "
               "secretsmanager:ReplicateSecretToRegions on resource: db with an explicit deny in a "
               "resource-based policy"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(
             bench(
                 PutResourcePolicy{
                     .secret_id = "db",
                     .resource_policy = statements(
                         R"({"Effect":"Deny","Principal":"*",)"
                         R"("Action":"secretsmanager:ReplicateSecretToRegions","Resource":"*",)"
                         R"("Condition":{"StringEquals":{"secretsmanager:AddReplicaRegions":"eu-west-1"}}})")})
                 .ok());
         EXPECT_EQ(outcome(bench(to_region(false, "eu-west-2"))), fine);
         return outcome(bench(to_region()));
       }},
      {"AReplicaIsDescribedAsItsPrimaryIs", "DOC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(UpdateSecret{.secret_id = "db",
                                        .client_request_token = token(2),
                                        .description = "the database",
                                        .type = "Example"})
                         .ok());
         const std::string replica = replicate(bench);
         scene.advance(seconds{1});
         EXPECT_TRUE(bench(TagResource{.secret_id = "db", .tags = {{.key = "k", .value = "v"}}}).ok());
         const auto ours = bench.describe();
         const auto theirs = bench(DescribeSecret{.secret_id = replica}).value();
         EXPECT_EQ(theirs.description, "the database");
         EXPECT_EQ(theirs.type, "Example");
         EXPECT_EQ(theirs.created_date, ours.created_date);
         EXPECT_EQ(theirs.last_changed_date, ours.last_changed_date);
         EXPECT_EQ(ours.last_changed_date, scene.now());
         return fine;
       }},
      {"AReplicaHasAKeyAndReadersOfItsOwn", "DOC ReplicateSecretToRegions", answer("mine"),
       [](Scene& scene) {
         Bench bench{scene};
         ReplicateSecretToRegions request = to_region();
         request.add_replica_regions.at(0).kms_key_id = "mine";
         EXPECT_TRUE(bench(request).ok());
         scene.advance(seconds{5});
         const std::string replica = in_region(bench.arn);
         EXPECT_EQ(bench.value(replica), "0");
         EXPECT_TRUE(bench(TagResource{.secret_id = "db", .tags = {{.key = "k", .value = "v"}}}).ok());
         const auto listed = bench(ListSecretVersionIds{.secret_id = replica}).value().versions.at(0);
         EXPECT_EQ(listed.last_accessed_date, std::chrono::floor<std::chrono::days>(scene.now()))
             << "a change of the primary forgets no reader";
         return answer(listed.kms_key_ids.at(0));
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(SecretReplicas, Conformance, on_every_way(replica_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
