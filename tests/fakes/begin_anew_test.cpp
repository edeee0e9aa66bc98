// A world that begins anew: what its set-up makes exists again, with the same ids, and nothing else does.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include <rushhour/fakes/gtest.hpp>

#include "policies.hpp"

namespace rushhour::fakes {
namespace {

using api::secretsmanager::CreateSecret;
using api::secretsmanager::DeleteSecret;
using api::secretsmanager::GetSecretValue;
using api::sts::AssumeRole;
using api::sts::GetCallerIdentity;
using api::virustotal::GetIpAddress;
using namespace std::chrono_literals;

class BeginAnewTest : public testing::Test {
 protected:
  PantherWorld& panther = bench.panther;
  World& world = panther.world;
  const std::string engine_account{"111122223333"};
  const std::string another_role{"arn:aws:iam::111122223333:role/another"};

  std::string add_another_role() {
    return world.iam.add_role({.account = engine_account,
                               .name = "another",
                               .trust_policy = trusting(engine_account),
                               .policies = {allowing("*")}});
  }
  Result<GetCallerIdentity::Output> who_is(const aws::Credentials& credentials) {
    return bench.sts(credentials)(GetCallerIdentity{});
  }

  TestBench bench;
};

TEST_F(BeginAnewTest, PutsBackWhatTheSetUpMade) {
  const std::string secret_arn = panther.secret_arn;
  const std::string role_id = world.iam.find(panther.customer_role_arn)->unique_id;
  ASSERT_TRUE(world.secretsmanager.put_value(secret_arn, "another key", bench.clock.now()));
  ASSERT_TRUE(world.iam.remove_principal(panther.customer_role_arn));
  ASSERT_TRUE(world.virustotal.remove_key("virustotal-key"));

  panther.begin_anew();

  EXPECT_EQ(panther.secret_arn, secret_arn);
  EXPECT_EQ(world.iam.find(panther.customer_role_arn)->unique_id, role_id);
  EXPECT_EQ(panther.customers.size(), 1U);
  const auto role = bench.sts(bench.engine_credentials())(
      AssumeRole{.role_arn = panther.customer_role_arn, .role_session_name = "rule"});
  const auto secret =
      bench.secretsmanager(role.value().credentials)(GetSecretValue{.secret_id = panther.secret_name});
  EXPECT_EQ(secret.value().secret_string, PantherWorldOptions{}.api_key);
  EXPECT_TRUE(bench.virustotal(secret.value().secret_string)(GetIpAddress{.ip = "8.8.8.8"}).ok());
}

TEST_F(BeginAnewTest, CredentialsOfBeforeStayGood) {
  const aws::Credentials engine = panther.engine_session(bench.clock.now()).credentials;
  ASSERT_TRUE(who_is(engine).ok());
  panther.begin_anew();
  EXPECT_EQ(who_is(engine).value().arn,
            "arn:aws:sts::111122223333:assumed-role/detections-engine/panther-rules-engine");
  EXPECT_NE(panther.engine_session(bench.clock.now()).credentials.access_key_id, engine.access_key_id)
      << "sessions are numbered on";
}

TEST_F(BeginAnewTest, NobodyIsThereWhomTheSetUpDidNotMake) {
  add_another_role();
  const aws::Credentials session =
      world.iam.issue(*world.iam.find(another_role), "s", bench.clock.now(), 1h).credentials;
  const aws::Credentials user = world.iam.add_user({.account = engine_account, .name = "ada"});
  ASSERT_TRUE(who_is(session).ok());
  ASSERT_TRUE(who_is(user).ok());

  panther.begin_anew();

  EXPECT_EQ(world.iam.find(another_role), nullptr);
  EXPECT_FALSE(who_is(session).ok());
  EXPECT_FALSE(who_is(user).ok());
  add_another_role();
  EXPECT_FALSE(who_is(session).ok()) << "its namesake takes no session of its over";
  world.iam.add_user({.account = engine_account, .name = "grace"});
  EXPECT_FALSE(who_is(session).ok()) << "nor does a newcomer";
}

TEST_F(BeginAnewTest, AddsWhatTheServerAdded) {
  const auto add = [this] { add_another_role(); };
  panther.begin_anew(add);
  const aws::Credentials session =
      world.iam.issue(*world.iam.find(another_role), "s", bench.clock.now(), 1h).credentials;
  panther.begin_anew(add);
  EXPECT_TRUE(who_is(session).ok());
}

TEST_F(BeginAnewTest, SecretsAndWhatWasStillToBeDoneWithThemAreGone) {
  add_another_role();
  const aws::Credentials session =
      world.iam.issue(*world.iam.find(another_role), "s", bench.clock.now(), 1h).credentials;
  auto secrets = bench.secretsmanager(session);
  const auto made = secrets(CreateSecret{
      .name = "made", .client_request_token = "11111111-1111-4111-8111-111111111111", .secret_string = "x"});
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE(secrets(DeleteSecret{.secret_id = "made"}).ok());

  panther.begin_anew([this] { add_another_role(); });

  bench.advance(31 * 24h);  // when it would have been removed
  world.secretsmanager.run_due(bench.clock.now());
  const aws::Credentials later =
      world.iam.issue(*world.iam.find(another_role), "s", bench.clock.now(), 1h).credentials;
  EXPECT_EQ(bench.secretsmanager(later)(GetSecretValue{.secret_id = "made"}).failure().code,
            "ResourceNotFoundException");
}

TEST_F(BeginAnewTest, VirusTotalForgetsKeysGroupsAndWhatWasFixed) {
  world.virustotal.address("8.8.8.8").malicious(40);
  world.virustotal.add_group({.name = "company"});
  world.virustotal.add_key({.key = "k", .name = "virustotal-key", .group = "company"});
  world.virustotal.rewordings().add({.code = "WrongCredentialsError", .as = {.code = "Other"}});

  panther.begin_anew();

  EXPECT_NE(world.virustotal.report("8.8.8.8")->last_analysis_stats.malicious, 40);
  EXPECT_TRUE(world.virustotal.groups().empty());
  ASSERT_EQ(world.virustotal.keys().size(), 1U);
  EXPECT_EQ(world.virustotal.keys().front().key, PantherWorldOptions{}.api_key);
  EXPECT_EQ(bench.virustotal("k")(GetIpAddress{.ip = "8.8.8.8"}).failure().code, "WrongCredentialsError");
}

TEST_F(BeginAnewTest, CallsQuotasAndFaultsAreAsAfterAReset) {
  auto virustotal = bench.virustotal(PantherWorldOptions{}.api_key);
  for (int i = 0; i < 5; ++i) static_cast<void>(virustotal(GetIpAddress{.ip = "8.8.8.8"}));
  world.faults.add({.service = "virustotal", .failure = {.outcome = Outcome::reset}});
  panther.begin_anew();
  EXPECT_EQ(world.journal().total(), 0U);
  EXPECT_TRUE(virustotal(GetIpAddress{.ip = "8.8.8.8"}).ok());
}

}  // namespace
}  // namespace rushhour::fakes
