// What each group of operations may be called in a second, whom a call is charged to, and how a refusal
// reads. Every row spends a published quota to its end and asks for one call more.

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/iam.hpp>

#include "../fakes/policies.hpp"
#include "behaviour.hpp"

namespace rushhour::fakes::conformance {
namespace {

using namespace api::secretsmanager;
using api::sts::AssumeRole;
using api::sts::GetCallerIdentity;

const Failure secrets_throttled = failure(Outcome::throttled, 400, "ThrottlingException", "Rate exceeded");
const Failure sts_throttled = failure(Outcome::throttled, 400, "Throttling", "Rate exceeded");

constexpr std::string_view ours = "444455556666";
constexpr std::string_view theirs = "111122223333";

/// A user who may do everything, of our account unless another is named.
api::Identity user(Scene& scene, std::string_view account = ours) {
  return scene.inside()->world.iam.add_user(
      {.account = std::string{account}, .name = "spender", .policies = {allowing("*")}});
}

/// Uses up what the published rows give the group of an operation in this second, by calls of it. The last
/// two of a large quota are real calls; the others are charged without one, for speed.
template <class Op>
void spend(Scene& scene, const Op& request, const api::Identity& who, std::uint64_t limit,
           std::string_view account = ours) {
  {
    Scene::Inside inside = scene.inside();
    World& world = inside->world;
    const Name charged = world.ledger.names().intern(account);
    for (std::uint64_t i = 2; i < limit; ++i) {
      EXPECT_TRUE(world.service(Op::service).quotas().admit(charged, api::operation_of<Op>, scene.now()));
    }
  }
  for (int i = 0; i < 2; ++i) {
    EXPECT_NE(outcome(scene.call(request, who)).outcome, Outcome::throttled)
        << "call " << limit - 1 << " + " << i;
  }
}

/// The call after the last one of a second, and again one second later.
template <class Op, std::uint64_t limit>
Failure refused_after(Scene& scene, const Op& request) {
  const api::Identity who = user(scene);
  spend(scene, request, who, limit);
  const Failure refusal = outcome(scene.call(request, who));
  scene.advance(std::chrono::seconds{1});
  EXPECT_NE(outcome(scene.call(request, who)).outcome, Outcome::throttled) << "refilled each second";
  return refusal;
}

/// What another operation of the same group meets then.
template <class Op, std::uint64_t limit, class Other>
Failure shared_with(Scene& scene, const Op& request, const Other& other) {
  const api::Identity who = user(scene);
  spend(scene, request, who, limit);
  return outcome(scene.call(other, who));
}

constexpr std::string_view secret = "panther-secrets/virus-total";
const std::string id{secret};

std::vector<Behaviour> secrets_manager_quotas() {
  return {
      {"ReadsAre10000", "DOC reference_limits", secrets_throttled,
       [](Scene& scene) { return refused_after<GetSecretValue, 10'000>(scene, {.secret_id = id}); }},
      {"DescriptionsAreReads", "DOC reference_limits", secrets_throttled,
       [](Scene& scene) {
         return shared_with<GetSecretValue, 10'000>(scene, {.secret_id = id},
                                                    DescribeSecret{.secret_id = id});
       }},
      {"BatchesAre100", "DOC reference_limits", secrets_throttled,
       [](Scene& scene) { return refused_after<BatchGetSecretValue, 100>(scene, {.secret_id_list = {id}}); }},
      {"BatchesAreNoReads", "CHOICE aws.md 4: not stated", fine,
       [](Scene& scene) {
         return shared_with<BatchGetSecretValue, 100>(scene, {.secret_id_list = {id}},
                                                      GetSecretValue{.secret_id = id});
       }},
      {"SecretsOfABatchMayCountAsReads", "CHOICE aws.md 4: not stated", secrets_throttled,
       [](Scene& scene) {
         {
           const Scene::Inside gate = scene.inside();
           auto rows = limit::profiles::of("secretsmanager");
           for (limit::Profile& row : rows) {
             if (row.group == "secret-read") row.limit = 2;
           }
           gate.panther.world.secretsmanager.quotas().replace(std::move(rows));
           gate.panther.world.secretsmanager.options.batch_counts_secrets = true;
         }
         const api::Identity who = user(scene);
         const auto batch = scene.call(BatchGetSecretValue{.secret_id_list = {id, "none", id}}, who);
         EXPECT_EQ(batch->secret_values.size(), 1U);
         EXPECT_EQ(batch->errors.size(), 2U) << "one that is not there, and one too many";
         EXPECT_EQ(batch->errors.back().error_code, "ThrottlingException");
         return outcome(scene.call(GetSecretValue{.secret_id = id}, who));
       }},
      {"ResourcePoliciesAre50", "DOC reference_limits", secrets_throttled,
       [](Scene& scene) { return refused_after<GetResourcePolicy, 50>(scene, {.secret_id = id}); }},
      {"AllFourOfResourcePoliciesCountTogether", "DOC reference_limits", secrets_throttled,
       [](Scene& scene) {
         const Failure read = shared_with<GetResourcePolicy, 50>(
             scene, {.secret_id = id},
             ValidateResourcePolicy{.resource_policy = allowing("secretsmanager:GetSecretValue")});
         EXPECT_EQ(outcome(scene.call(DeleteResourcePolicy{.secret_id = id}, user(scene))), read);
         EXPECT_EQ(
             outcome(scene.call(PutResourcePolicy{.secret_id = id, .resource_policy = "{}"}, user(scene))),
             read);
         return read;
       }},
      {"WritesAre50", "DOC reference_limits", secrets_throttled,
       [](Scene& scene) { return refused_after<UpdateSecret, 50>(scene, {.secret_id = id}); }},
      {"AllSixWritesCountTogether", "DOC reference_limits", secrets_throttled,
       [](Scene& scene) {
         const Failure put = shared_with<UpdateSecret, 50>(
             scene, {.secret_id = id}, PutSecretValue{.secret_id = id, .secret_string = "x"});
         const api::Identity who = user(scene);
         EXPECT_EQ(put,
                   outcome(scene.call(UpdateSecretVersionStage{.secret_id = id, .version_stage = "x"}, who)));
         EXPECT_EQ(put, outcome(scene.call(StopReplicationToReplica{.secret_id = id}, who)));
         EXPECT_EQ(put, outcome(scene.call(RemoveRegionsFromReplication{.secret_id = id}, who)));
         EXPECT_EQ(put, outcome(scene.call(ReplicateSecretToRegions{.secret_id = id}, who)));
         return put;
       }},
      {"RestoresAre50", "DOC reference_limits", secrets_throttled,
       [](Scene& scene) { return refused_after<RestoreSecret, 50>(scene, {.secret_id = id}); }},
      {"RotationsAre50", "DOC reference_limits", secrets_throttled,
       [](Scene& scene) { return refused_after<CancelRotateSecret, 50>(scene, {.secret_id = id}); }},
      {"RotatingAndCancellingCountTogether", "DOC reference_limits", secrets_throttled,
       [](Scene& scene) {
         return shared_with<CancelRotateSecret, 50>(scene, {.secret_id = id}, RotateSecret{.secret_id = id});
       }},
      {"TagsAre50", "DOC reference_limits", secrets_throttled,
       [](Scene& scene) {
         return refused_after<TagResource, 50>(scene, {.secret_id = id, .tags = {{"a", "b"}}});
       }},
      {"TaggingAndUntaggingCountTogether", "DOC reference_limits", secrets_throttled,
       [](Scene& scene) {
         return shared_with<TagResource, 50>(scene, {.secret_id = id, .tags = {{"a", "b"}}},
                                             UntagResource{.secret_id = id, .tag_keys = {"a"}});
       }},
      {"CreatesAre50", "DOC reference_limits of 2022-08-03", secrets_throttled,
       [](Scene& scene) { return refused_after<CreateSecret, 50>(scene, {.name = "new"}); }},
      {"DeletesAre50", "DOC reference_limits of 2022-08-03", secrets_throttled,
       [](Scene& scene) { return refused_after<DeleteSecret, 50>(scene, {.secret_id = "none"}); }},
      {"CreatesAreNoDeletes", "DOC reference_limits of 2022-08-03", fine,
       [](Scene& scene) {
         const Failure other =
             shared_with<CreateSecret, 50>(scene, {.name = "new"}, DeleteSecret{.secret_id = "none"});
         return other == secrets_throttled ? other : fine;
       }},
      {"RandomPasswordsAre50", "DOC reference_limits of 2022-08-03", secrets_throttled,
       [](Scene& scene) { return refused_after<GetRandomPassword, 50>(scene, {}); }},
      {"ListsAre50", "DOC reference_limits of 2022-08-03; split later: MEM", secrets_throttled,
       [](Scene& scene) { return refused_after<ListSecrets, 50>(scene, {}); }},
      {"BothListsCountTogether", "DOC reference_limits of 2022-08-03; split later: MEM", secrets_throttled,
       [](Scene& scene) {
         return shared_with<ListSecrets, 50>(scene, {}, ListSecretVersionIds{.secret_id = id});
       }},
      {"ReadsGoOnWhileWritesAreRefused", "DOC reference_limits", fine,
       [](Scene& scene) {
         return shared_with<UpdateSecret, 50>(scene, {.secret_id = id}, GetSecretValue{.secret_id = id});
       }},
  };
}

std::vector<Behaviour> sts_quotas() {
  return {
      {"StsRequestsAre600", "DOC IAM User Guide, STS request quotas", sts_throttled,
       [](Scene& scene) { return refused_after<GetCallerIdentity, 600>(scene, {}); }},
      {"StsRequestsCountTogether", "DOC IAM User Guide, STS request quotas", sts_throttled,
       [](Scene& scene) {
         const Failure assumed = shared_with<GetCallerIdentity, 600>(scene, {}, scene.assume());
         const api::Identity who = user(scene);
         EXPECT_EQ(assumed, outcome(scene.call(api::sts::GetSessionToken{}, who)));
         EXPECT_EQ(assumed, outcome(scene.call(api::sts::GetFederationToken{.name = "bob"}, who)));
         EXPECT_EQ(assumed, outcome(scene.call(
                                api::sts::GetAccessKeyInfo{.access_key_id = "AKIAIOSFODNN7EXAMPLE"}, who)));
         EXPECT_EQ(assumed,
                   outcome(scene.call(api::sts::DecodeAuthorizationMessage{.encoded_message = "x"}, who)));
         return assumed;
       }},
      {"UnsignedCallsCostNothing", "DOC IAM User Guide, STS request quotas", fine,
       [](Scene& scene) {
         const api::sts::AssumeRoleWithWebIdentity unsigned_call{
             .role_arn = scene.assume().role_arn, .role_session_name = "rule", .web_identity_token = "none"};
         const Failure answered = shared_with<GetCallerIdentity, 600>(scene, {}, unsigned_call);
         // Not even where a quota is for all that is called: nobody is known yet to charge.
         auto rows = limit::profiles::of("sts");
         rows.front().operations = "*";
         rows.front().limit = 1;
         scene.inside()->world.sts.quotas().replace(std::move(rows));
         for (int i = 0; i < 3; ++i) {
           EXPECT_NE(outcome(scene.call(unsigned_call, user(scene))).outcome, Outcome::throttled);
         }
         return answered.outcome == Outcome::throttled ? answered : fine;
       }},
      {"TheGlobalEndpointCountsApart", "DOC AWS Security Blog 2025; aws.md 4", fine,
       [](Scene& scene) {
         limit_to(scene.inside()->world.sts, "sts", 1);
         const api::Identity who = user(scene);
         EXPECT_EQ(outcome(scene.call_at(aws::global_endpoint, GetCallerIdentity{}, who)), fine);
         EXPECT_EQ(outcome(scene.call_at(aws::global_endpoint, GetCallerIdentity{}, who)), sts_throttled);
         EXPECT_EQ(outcome(scene.call_at("eu-west-1", GetCallerIdentity{}, who)), fine);
         return outcome(scene.call(GetCallerIdentity{}, who));
       }},
      {"StsAndSecretsManagerCountApart", "DOC both pages", fine,
       [](Scene& scene) {
         return shared_with<GetCallerIdentity, 600>(scene, {}, GetSecretValue{.secret_id = id});
       }},
      {"AccountsCountApart", "DOC IAM User Guide, STS request quotas", fine,
       [](Scene& scene) {
         spend(scene, GetCallerIdentity{}, user(scene), 600);
         EXPECT_EQ(outcome(scene.call(GetCallerIdentity{}, user(scene))), sts_throttled);
         return outcome(scene.call(GetCallerIdentity{}, user(scene, theirs)));
       }},
      {"AssumingAcrossAccountsIsChargedToTheCaller", "DOC IAM User Guide, STS request quotas", sts_throttled,
       [](Scene& scene) {
         const api::Identity engine = scene.engine();
         spend(scene, scene.assume(), engine, 600, theirs);
         EXPECT_EQ(outcome(scene.call(GetCallerIdentity{}, user(scene))), fine) << "the role's account";
         return outcome(scene.call(scene.assume(), engine));
       }},
      {"ReadingAcrossAccountsIsChargedToTheCaller", "DOC aws.md 4", secrets_throttled,
       [](Scene& scene) {
         // Whether it may read or not: what it asks for costs its own account, and is counted first.
         const api::Identity stranger = user(scene, theirs);
         const GetSecretValue request{.secret_id = scene.secret_arn()};
         spend(scene, request, stranger, 10'000, theirs);
         EXPECT_EQ(outcome(scene.call(GetSecretValue{.secret_id = id}, user(scene))), fine)
             << "the secret's account";
         return outcome(scene.call(request, stranger));
       }},
      {"BadSignaturesCostNothing", "CHOICE", fine,
       [](Scene& scene) {
         api::Identity wrong = user(scene);
         std::get<aws::Credentials>(wrong).secret_access_key.back() ^= 1;
         limit_to(scene.inside()->world.sts, "sts", 1);
         for (int i = 0; i < 3; ++i) EXPECT_FALSE(scene.call(GetCallerIdentity{}, wrong).ok());
         return outcome(scene.call(GetCallerIdentity{}, user(scene)));
       }},
      {"WhatIsRefusedForItsFormCosts", "CHOICE", sts_throttled,
       [](Scene& scene) {
         limit_to(scene.inside()->world.sts, "sts", 1);
         AssumeRole malformed = scene.assume();
         malformed.role_session_name = "a b";
         EXPECT_EQ(outcome(scene.call(malformed, user(scene))).code, "ValidationError");
         return outcome(scene.call(GetCallerIdentity{}, user(scene)));
       }},
      {"IamHasNoQuota", "CHOICE AWS publishes none", fine,
       [](Scene& scene) {
         const api::Identity who = user(scene);
         for (int i = 0; i < 200; ++i) EXPECT_TRUE(scene.call(api::iam::GetUser{}, who).ok());
         return outcome(scene.call(api::iam::GetUser{}, who));
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(SecretsManagerQuotas, Conformance, on_every_way(secrets_manager_quotas()), row_name);
INSTANTIATE_TEST_SUITE_P(StsQuotas, Conformance, on_every_way(sts_quotas()), row_name);

// ---- Regions: typed calls name theirs ----

/// One call of a user in a Region.
Failure called_in(World& world, std::string_view region, const aws::Credentials& key, Instant now) {
  const GetCallerIdentity request;
  GetCallerIdentity::Output output;
  Failure seen = fine;
  const api::Identity identity = key;
  const api::Attribution attribution;
  const bool ok = world.perform({.operation = api::operation_of<GetCallerIdentity>,
                                 .input = &request,
                                 .output = &output,
                                 .identity = identity,
                                 .attribution = attribution,
                                 .failure = seen,
                                 .region = region},
                                now);
  return ok ? fine : seen;
}

// [DOC] 600 a second for an account in a Region.
TEST(QuotasOfRegions, CountApart) {
  PantherWorld panther;
  World& world = panther.world;
  const aws::Credentials key = world.iam.add_user({.account = std::string{ours}, .name = "spender"});
  const Instant now = world.options.start + std::chrono::hours{1};
  limit_to(world.sts, "sts", 2);
  for (const std::string_view region : {"us-east-1", "eu-west-1"}) {
    for (int i = 0; i < 2; ++i) EXPECT_EQ(called_in(world, region, key, now), fine) << region;
    EXPECT_EQ(called_in(world, region, key, now), sts_throttled) << region;
  }
  EXPECT_EQ(called_in(world, "", key, now), sts_throttled) << "the world's own Region is us-east-1";
  EXPECT_EQ(called_in(world, "eu-west-1", key, now + std::chrono::seconds{1}), fine);
}

}  // namespace
}  // namespace rushhour::fakes::conformance
