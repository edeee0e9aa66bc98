#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include <rushhour/fakes/gtest.hpp>

#include "policies.hpp"

namespace rushhour::fakes {
namespace {

using api::secretsmanager::DescribeSecret;
using api::secretsmanager::GetSecretValue;
using api::sts::AssumeRole;
using api::sts::GetCallerIdentity;
using api::virustotal::GetIpAddress;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

/// A bench whose world leaves some gates shut.
class Gates {
 public:
  explicit Gates(PantherWorldOptions options = {}) : bench_({.panther = std::move(options)}) {}

  Result<AssumeRole::Output> assume_as(const aws::Credentials& who) {
    auto sts = bench_.sts(who);
    return sts(AssumeRole{.role_arn = bench_.panther.customer_role_arn, .role_session_name = "rule"});
  }
  Result<AssumeRole::Output> engine() { return assume_as(bench_.engine_credentials()); }
  Result<AssumeRole::Output> unit_tests() { return assume_as(bench_.unit_tests_credentials()); }
  Result<GetSecretValue::Output> secret() {
    auto secrets = bench_.secretsmanager(engine().value().credentials);
    return secrets(GetSecretValue{.secret_id = bench_.panther.secret_name});
  }
  Result<DescribeSecret::Output> description() {
    auto secrets = bench_.secretsmanager(engine().value().credentials);
    return secrets(DescribeSecret{.secret_id = bench_.panther.secret_name});
  }
  TestBench& bench() { return bench_; }

 private:
  TestBench bench_;
};

// ---- The guide's gates: each shut alone ----

TEST(PantherWorld, WithAllGatesOpenTheEnginesRoleReachesTheReport) {
  Gates gates;
  EXPECT_THAT(gates.engine(), Succeeds());
  EXPECT_THAT(gates.unit_tests(), Succeeds());
  EXPECT_THAT(gates.description(), Succeeds());
  auto virustotal = gates.bench().virustotal(gates.secret().value().secret_string);
  EXPECT_THAT(virustotal(GetIpAddress{.ip = "35.216.199.51"}), Succeeds());
}

TEST(PantherWorld, ARoleThatTheBackendDoesNotListCannotBeAssumed) {
  Gates gates{{.registered = false}};
  const auto refused = gates.engine();
  EXPECT_THAT(
      refused,
      FailsWith("AccessDenied",
                "User: arn:aws:sts::111122223333:assumed-role/detections-engine/panther-rules-engine is "
                "not authorized to perform: sts:AssumeRole on resource: "
                "arn:aws:iam::444455556666:role/panther-secrets-access"));
  EXPECT_EQ(refused.failure().status, 403);
  EXPECT_THAT(gates.unit_tests(), FailsWith("AccessDenied"));
}

TEST(PantherWorld, ARoleThatDoesNotTrustTheEngineCannotBeAssumedByIt) {
  Gates gates{{.trusts_engine = false}};
  EXPECT_THAT(gates.engine(), FailsWith("AccessDenied"));
  EXPECT_THAT(gates.unit_tests(), Succeeds());
}

TEST(PantherWorld, ARoleThatLeavesOutTheUnitTestsWorksInProductionAlone) {
  Gates gates{{.trusts_unit_tests = false}};
  EXPECT_THAT(gates.engine(), Succeeds());
  EXPECT_THAT(gates.unit_tests(),
              FailsWith("AccessDenied", HasSubstr("assumed-role/unit-tests/panther-unit-tests")));
}

TEST(PantherWorld, ARoleThatTrustsNobodyOpensToNobody) {
  Gates gates{{.trusts_engine = false, .trusts_unit_tests = false}};
  EXPECT_THAT(gates.engine(), FailsWith("AccessDenied"));
  EXPECT_THAT(gates.unit_tests(), FailsWith("AccessDenied"));
}

TEST(PantherWorld, ASecretOutsideTheRolesPolicyIsNotRead) {
  Gates gates{{.policy_covers_secret = false}};
  EXPECT_THAT(gates.engine(), Succeeds());
  const auto refused = gates.secret();
  EXPECT_THAT(
      refused,
      FailsWith(
          "AccessDeniedException",
          "User: arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule is not authorized to "
          "perform: secretsmanager:GetSecretValue on resource: panther-secrets/virus-total because no "
          "identity-based policy allows the secretsmanager:GetSecretValue action"));
  EXPECT_EQ(refused.failure().status, 400);
  EXPECT_THAT(gates.description(), FailsWith("AccessDeniedException"));
}

TEST(PantherWorld, TheRoleReadsItsOneSecretOnly) {
  Gates gates;
  World& world = gates.bench().world();
  world.secretsmanager.add_secret({.account = "444455556666", .name = "prod/db", .value = "x"},
                                  world.options.start);
  auto secrets = gates.bench().secretsmanager(gates.engine().value().credentials);
  EXPECT_THAT(secrets(GetSecretValue{.secret_id = "prod/db"}), FailsWith("AccessDeniedException"));
}

TEST(PantherWorld, TheEngineItselfMayNotReadTheSecret) {
  Gates gates;
  auto secrets = gates.bench().secretsmanager(api::Identity{gates.bench().engine_credentials()});
  EXPECT_THAT(secrets(GetSecretValue{.secret_id = gates.bench().panther.secret_arn}),
              FailsWith("AccessDeniedException"));
}

TEST(PantherWorld, AStrangerIsNobodyAnywhere) {
  Gates gates;
  EXPECT_THAT(gates.assume_as({"AKIAAAAAAAAAAAAAAAAA", "secret", ""}), FailsWith("InvalidClientTokenId"));
}

// ---- Several customers ----

PantherWorldOptions two_customers() {
  return {.customers = {{.name = "emea", .account = "000000000001"},
                        {.name = "apac",
                         .account = "000000000002",
                         .role = "reads",
                         .secret_name = "vt/apac",
                         .key = "lab",
                         .secret_format = SecretFormat::key_value}},
          .virustotal_keys = {{.key = "key of the soc", .name = "soc"},
                              {.key = "key of the lab", .name = "lab"}}};
}

/// What a rule does for one customer, as far as the key.
Result<GetSecretValue::Output> secret_of(TestBench& bench, const Customer& customer) {
  auto sts = bench.sts();
  const auto role = sts(AssumeRole{.role_arn = customer.role_arn, .role_session_name = "rule"});
  if (!role.ok()) return role.failure();
  auto secrets = bench.secretsmanager(role.value().credentials);
  return secrets(GetSecretValue{.secret_id = customer.secret_name});
}

TEST(PantherWorld, HasOneCustomerUnlessToldOtherwise) {
  const PantherWorld panther;
  ASSERT_THAT(panther.customers, SizeIs(1));
  EXPECT_EQ(panther.find_customer(""), &panther.customers[0]);
  EXPECT_EQ(panther.find_customer("customer"), &panther.customers[0]);
  EXPECT_EQ(panther.find_customer("emea"), nullptr);
  EXPECT_EQ(panther.customers[0].role_arn, panther.customer_role_arn);
  EXPECT_EQ(panther.customers[0].secret_name, panther.secret_name);
  EXPECT_EQ(panther.customers[0].secret_arn, panther.secret_arn);
  EXPECT_EQ(panther.customers[0].account, "444455556666");
  EXPECT_EQ(panther.customers[0].key, "virustotal-key");
}

TEST(PantherWorld, HasTheCustomersItIsGiven) {
  TestBench bench{{.panther = two_customers()}};
  const PantherWorld& panther = bench.panther;
  EXPECT_EQ(panther.customer_role_arn, "arn:aws:iam::000000000001:role/panther-secrets-access");
  EXPECT_EQ(panther.find_customer("apac")->role_arn, "arn:aws:iam::000000000002:role/reads");
  EXPECT_EQ(secret_of(bench, *panther.find_customer("emea")).value().secret_string, "key of the soc");
  EXPECT_EQ(secret_of(bench, *panther.find_customer("apac")).value().secret_string,
            R"({"API_KEY":"key of the lab"})");
  std::vector<std::string> charged;
  for (const JournalEntry& call : bench.calls()) {
    if (call.operation == "secretsmanager:GetSecretValue") charged.emplace_back(call.account);
  }
  EXPECT_THAT(charged, ElementsAre("000000000001", "000000000002")) << "each customer's account pays";
}

TEST(PantherWorld, LetsNoCustomersRoleReadAnothersSecret) {
  TestBench bench{{.panther = two_customers()}};
  Customer mixed = *bench.panther.find_customer("emea");
  mixed.secret_name = bench.panther.find_customer("apac")->secret_arn;
  EXPECT_THAT(secret_of(bench, mixed), FailsWith("AccessDeniedException"));
}

TEST(PantherWorld, HasASecretThatIsAWrongKeyWhenSentWhole) {
  TestBench bench{{.panther = two_customers()}};
  const std::string secret = secret_of(bench, *bench.panther.find_customer("apac")).value().secret_string;
  auto virustotal = bench.virustotal(secret);
  const auto answer = virustotal(GetIpAddress{.ip = "8.8.8.8"});
  EXPECT_THAT(answer, FailsWith("WrongCredentialsError", "Wrong API key"));
  EXPECT_EQ(answer.failure().status, 401);
}

// ---- One world: journal, digest, reset ----

class WorldTest : public DetectionTest {
 protected:
  Result<GetCallerIdentity::Output> call() { return call_as(engine_credentials()); }
  Result<GetCallerIdentity::Output> call_as(const aws::Credentials& who) {
    auto client = sts(who);
    return client(GetCallerIdentity{});
  }
};

TEST_F(WorldTest, JournalsWhoCalledWhatAndWhoseQuotaItUsed) {
  auto client = sts();
  const auto role =
      client(AssumeRole{.role_arn = panther.customer_role_arn, .role_session_name = "rule"}).value();
  advance(1s);
  auto secrets = secretsmanager(role.credentials);
  EXPECT_THAT(secrets(GetSecretValue{.secret_id = "prod/db"}), FailsWith("AccessDeniedException"));

  const Calls all = calls();
  ASSERT_THAT(all, SizeIs(2));
  const JournalEntry assume = *all.begin();
  EXPECT_EQ(assume.operation, "sts:AssumeRole");
  EXPECT_EQ(assume.principal, panther.engine_role_arn);
  EXPECT_EQ(assume.account, "111122223333");
  EXPECT_EQ(assume.at, world().options.start);
  EXPECT_EQ(assume.code, "");
  EXPECT_EQ(assume.status, 200);
  const JournalEntry read = *(all.begin() + 1);
  EXPECT_EQ(read.operation, "secretsmanager:GetSecretValue");
  EXPECT_EQ(read.principal, panther.customer_role_arn);
  EXPECT_EQ(read.account, "444455556666");
  EXPECT_EQ(read.at, world().options.start + 1s);
  EXPECT_EQ(read.code, "AccessDeniedException");
  EXPECT_EQ(read.status, 400);
  EXPECT_EQ(read.outcome, Outcome::denied);
}

TEST_F(WorldTest, JournalsACallerThatIsNotAuthenticatedWithoutAName) {
  EXPECT_THAT(call_as({"AKIAAAAAAAAAAAAAAAAA", "secret", ""}), FailsWith("InvalidClientTokenId"));
  EXPECT_THAT(calls(),
              ElementsAre(AllOf(Field(&JournalEntry::principal, ""), Field(&JournalEntry::account, ""),
                                Field(&JournalEntry::code, "InvalidClientTokenId"))));
}

TEST_F(WorldTest, KeepsAsManyCallsAsItWasAskedTo) {
  TestBench small{{.panther = {.world = {.journal_capacity = 2}}}};
  for (int i = 0; i < 5; ++i) EXPECT_THAT(small.sts()(GetCallerIdentity{}), Succeeds());
  EXPECT_THAT(small.calls(), AllOf(SizeIs(2), Called("sts:GetCallerIdentity", 5)));
}

TEST_F(WorldTest, ResetFillsQuotasAndForgetsCallsAndFaultsButNothingThatExists) {
  const aws::Credentials before = engine_credentials();
  for (int i = 0; i < 600; ++i) ASSERT_THAT(call(), Succeeds());
  EXPECT_THAT(call(), Throttled());
  world().faults.add({.service = "sts", .failure = {.outcome = Outcome::server_error, .status = 503}});

  world().reset();
  EXPECT_THAT(calls(), IsEmpty());
  EXPECT_EQ(world().ledger.digest().value(), Digest{}.value());
  for (int i = 0; i < 600; ++i) ASSERT_THAT(call_as(before), Succeeds()) << i;
  EXPECT_THAT(call(), Throttled());
  EXPECT_EQ(panther.world.iam.find(panther.engine_role_arn)->arn, panther.engine_role_arn);
}

/// The digest of a world in which this happened.
template <class Story>
std::uint64_t digest_of(Story story, std::uint64_t seed = 1) {
  TestBench bench{{.panther = {.world = {.seed = seed}}}};
  story(bench);
  return bench.world().ledger.digest().value();
}

void one_call(TestBench& bench) { EXPECT_THAT(bench.sts()(GetCallerIdentity{}), Succeeds()); }

TEST(WorldDigest, IsEqualForEqualRuns) {
  const auto story = [](TestBench& bench) {
    for (int i = 0; i < 700; ++i) {
      (void)bench.sts()(GetCallerIdentity{});
      bench.advance(1ms);
    }
  };
  EXPECT_EQ(digest_of(story), digest_of(story));
}

TEST(WorldDigest, DiffersWhenOneDecisionDoes) {
  const std::uint64_t reference = digest_of(one_call);
  EXPECT_NE(digest_of([](TestBench&) {}), reference);
  EXPECT_NE(digest_of([](TestBench& bench) {
              one_call(bench);
              one_call(bench);
            }),
            reference)
      << "one call more";
  EXPECT_NE(digest_of([](TestBench& bench) {
              bench.advance(1ns);
              one_call(bench);
            }),
            reference)
      << "later";
  EXPECT_NE(digest_of([](TestBench& bench) { (void)bench.sts()(AssumeRole{.role_arn = "x"}); }), reference)
      << "another operation";
  EXPECT_NE(digest_of([](TestBench& bench) {
              bench.world().faults.add({.service = "sts", .failure = {.outcome = Outcome::reset}});
              (void)bench.sts()(GetCallerIdentity{});
            }),
            reference)
      << "another outcome";
}

TEST(WorldDigest, TellsRefusalsOfOneStatusApartByTheirCode) {
  const auto read_as = [](auto make_identity) {
    return digest_of([&](TestBench& bench) {
      auto secrets = bench.secretsmanager(api::Identity{make_identity(bench)});
      EXPECT_THAT(secrets(GetSecretValue{.secret_id = "x"}), HasOutcome(Outcome::denied));
    });
  };
  EXPECT_NE(read_as([](TestBench& bench) { return bench.engine_credentials(); }), read_as([](TestBench&) {
              return aws::Credentials{"AKIAAAAAAAAAAAAAAAAA", "secret", ""};
            }));
}

TEST(WorldDigest, OfTheSameDecisionsIsTheSameWithAnotherSeed) {
  EXPECT_EQ(digest_of(one_call, 1), digest_of(one_call, 2));
}

TEST(Worlds, ShareNothing) {
  TestBench one;
  TestBench other;
  for (int i = 0; i < 600; ++i) ASSERT_THAT(one.sts()(GetCallerIdentity{}), Succeeds());
  EXPECT_THAT(one.sts()(GetCallerIdentity{}), Throttled());
  EXPECT_THAT(other.calls(), IsEmpty());
  EXPECT_THAT(other.sts()(GetCallerIdentity{}), Succeeds());
}

TEST(Worlds, OfOneSeedAreAlikeAndOfAnotherAreNot) {
  TestBench one;
  TestBench same;
  TestBench other{{.panther = {.world = {.seed = 2}}}};
  EXPECT_EQ(one.panther.secret_arn, same.panther.secret_arn);
  EXPECT_EQ(one.engine_credentials().session_token, same.engine_credentials().session_token);
  EXPECT_NE(one.panther.secret_arn, other.panther.secret_arn);
  EXPECT_NE(one.engine_credentials().session_token, other.engine_credentials().session_token);
}

// ---- The bench itself ----

TEST(TestBench, KeepsTheEnginesCredentialsFresh) {
  TestBench bench;
  for (int hours = 0; hours < 100; ++hours) {
    ASSERT_THAT(bench.sts()(GetCallerIdentity{}), Succeeds()) << hours;
    bench.advance(1h);
  }
}

TEST(TestBench, MakesEventsThatArriveNow) {
  TestBench bench;
  bench.advance(5s);
  const event::Event first = bench.cloudtrail_event(R"({"sourceIPAddress":"8.8.8.8","nested":{"n":1}})");
  const event::Event second = bench.log_event(R"({"source_ip":"9.9.9.9"})", "Custom.Log");
  EXPECT_EQ(first.id(), 1U);
  EXPECT_EQ(first.arrival(), bench.clock.now());
  EXPECT_EQ(first.log_type(), "AWS.CloudTrail");
  EXPECT_EQ(first.udm("source_ip").text_or(""), "8.8.8.8");
  EXPECT_EQ(first.deep_get("nested", "n").as_integer(), 1);
  EXPECT_EQ(second.id(), 2U);
  EXPECT_EQ(second.udm("source_ip").text_or(""), "9.9.9.9");
}

TEST(TestBench, RefusesAnEventThatIsNoJsonObject) {
  TestBench bench;
  EXPECT_THROW((void)bench.cloudtrail_event("[1]"), InputError);
  try {
    (void)bench.cloudtrail_event("{\"a\": 1,\n \"b\" 2}");
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(error.mistake().line, 2U);
    EXPECT_EQ(error.mistake().column, 6U);
    EXPECT_EQ(error.mistake().seen, "'2'");
  }
}

TEST(TestBench, RetriesAsItIsTold) {
  TestBench bench{{.retry_policy = "legacy"}};
  bench.world().faults.add({.service = "sts", .failure = {.outcome = Outcome::server_error, .status = 503}});
  EXPECT_THAT(bench.sts()(GetCallerIdentity{}), FailsWith(Outcome::server_error));
  EXPECT_THAT(bench.calls(), Called("sts:GetCallerIdentity", 5));
  bench.use_retry_policy("none");
  EXPECT_THAT(bench.sts()(GetCallerIdentity{}), FailsWith(Outcome::server_error));
  EXPECT_THAT(bench.calls(), Called("sts:GetCallerIdentity", 6));
  EXPECT_THROW(bench.use_retry_policy("sometimes"), InputError);
}

TEST(TestBench, LetsAnswersTakeTime) {
  TestBench bench;
  bench.latencies.set(api::Service::sts, {.low = 120ms});
  EXPECT_THAT(bench.sts()(GetCallerIdentity{}), Succeeds());
  EXPECT_EQ(bench.clock.now(), bench.world().options.start + 120ms);
}

}  // namespace
}  // namespace rushhour::fakes
