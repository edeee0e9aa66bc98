#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include <rushhour/fakes/gtest.hpp>

#include "policies.hpp"

namespace rushhour::fakes {
namespace {

using api::secretsmanager::GetSecretValue;
using api::sts::AssumeRole;
using api::sts::GetCallerIdentity;
using api::virustotal::GetIpAddress;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::SizeIs;
using namespace std::chrono_literals;

const Failure unavailable{.outcome = Outcome::server_error, .status = 503, .code = "ServiceUnavailable"};

/// The order of the pipeline: fault, authenticate, limit, validate, authorize, behave.
class ServiceTest : public DetectionTest {
 protected:
  Result<GetCallerIdentity::Output> identity_of(const api::Identity& who) {
    auto client = sts(who);
    return client(GetCallerIdentity{});
  }
  Result<GetCallerIdentity::Output> identity() { return identity_of(engine_credentials()); }
  void exhaust_sts() {
    for (int i = 0; i < 600; ++i) ASSERT_THAT(identity(), Succeeds());
  }
};

TEST_F(ServiceTest, AFaultStrikesBeforeAnybodyIsAskedWhoHeIs) {
  world().faults.add({.service = "sts", .failure = unavailable});
  EXPECT_THAT(identity_of(api::Anonymous{}), FailsWith("ServiceUnavailable"));
}

TEST_F(ServiceTest, AFaultChargesNoQuota) {
  world().faults.add({.service = "sts", .failure = unavailable, .from = clock.now(), .lasting = 100ms});
  for (int i = 0; i < 1'000; ++i) ASSERT_THAT(identity(), FailsWith("ServiceUnavailable"));
  advance(100ms);
  exhaust_sts();
  EXPECT_THAT(identity(), Throttled());
}

TEST_F(ServiceTest, WhoIsUnknownIsToldSoEvenWhenTheQuotaIsSpent) {
  exhaust_sts();
  EXPECT_THAT(identity_of(aws::Credentials{"AKIAAAAAAAAAAAAAAAAA", "secret", ""}),
              FailsWith("InvalidClientTokenId"));
}

TEST_F(ServiceTest, TheQuotaIsChargedBeforeTheRequestIsRead) {
  exhaust_sts();
  auto client = sts();
  EXPECT_THAT(client(AssumeRole{.role_arn = "x"}), Throttled());
}

TEST_F(ServiceTest, TheRequestIsReadBeforePermissionsAre) {
  auto client = sts(world().iam.add_user({.account = "123456789012", .name = "alice"}));
  EXPECT_THAT(client(AssumeRole{.role_arn = panther.customer_role_arn, .role_session_name = "a b"}),
              FailsWith("ValidationError"));
  EXPECT_THAT(client(AssumeRole{.role_arn = panther.customer_role_arn, .role_session_name = "a-b"}),
              FailsWith("AccessDenied"));
}

TEST_F(ServiceTest, PermissionsAreReadBeforeTheRestOfTheRequest) {
  auto client = sts(world().iam.add_user({.account = "123456789012", .name = "alice"}));
  EXPECT_THAT(
      client(AssumeRole{
          .role_arn = panther.customer_role_arn, .role_session_name = "rule", .duration_seconds = 43'200}),
      FailsWith("AccessDenied"));
}

TEST_F(ServiceTest, EachRequestLeavesOneEntryWhateverComesOfIt) {
  (void)identity_of(api::Anonymous{});
  (void)identity();
  world().faults.add({.service = "sts", .failure = {.outcome = Outcome::reset}});
  (void)identity();
  EXPECT_THAT(calls(),
              ElementsAre(HasOutcome(Outcome::denied), HasOutcome(Outcome::ok), HasOutcome(Outcome::reset)));
}

TEST_F(ServiceTest, AnAnswerThatNeverCameHasNoStatus) {
  world().faults.add({.service = "virustotal", .failure = {.outcome = Outcome::timeout}});
  EXPECT_THAT(virustotal("any")(GetIpAddress{.ip = "8.8.8.8"}), FailsWith(Outcome::timeout));
  EXPECT_THAT(calls(), ElementsAre(AllOf(Field(&JournalEntry::status, 0), Field(&JournalEntry::code, ""),
                                         HasOutcome(Outcome::timeout))));
}

TEST_F(ServiceTest, FaultsStrikeTheirServiceAndOperationOnly) {
  world().faults.add({.service = "sts", .operation = "AssumeRole", .failure = unavailable});
  auto client = sts();
  EXPECT_THAT(client(AssumeRole{.role_arn = panther.customer_role_arn, .role_session_name = "rule"}),
              FailsWith("ServiceUnavailable"));
  EXPECT_THAT(client(GetCallerIdentity{}), Succeeds());
}

TEST_F(ServiceTest, FaultsStrikeTheirShareOfTheCallsTheSameOnesInEveryRun) {
  constexpr int total = 10'000;
  const auto struck = [](TestBench& bench) {
    bench.world().sts.quotas().replace({});
    bench.world().faults.add({.service = "sts", .share = {1, 4}, .failure = unavailable});
    std::vector<int> out;
    for (int i = 0; i < total; ++i) {
      if (!bench.sts()(GetCallerIdentity{})) out.push_back(i);
    }
    return out;
  };
  TestBench again{{.panther = {.world = {.seed = world().options.seed}}}};
  TestBench other{{.panther = {.world = {.seed = world().options.seed + 1}}}};
  const std::vector<int> first = struck(*this);
  // 4 standard errors of 10,000 draws of 1 in 4: sqrt(10,000 * 3 / 16) is 43.3.
  EXPECT_NEAR(static_cast<double>(first.size()), total / 4.0, 174);
  EXPECT_EQ(struck(again), first);
  EXPECT_NE(struck(other), first);
}

/// Notes whose calls it heard of.
class Listener : public Observer {
 public:
  void on_call(const Call& call) override { heard.push_back(call.outcome); }
  std::vector<Outcome> heard{};
};

TEST_F(ServiceTest, ObserversHearOfEachCallUntilTheyAreToldOff) {
  Listener listener;
  world().ledger.listen(listener);
  (void)identity();
  (void)identity_of(api::Anonymous{});
  world().ledger.unlisten(listener);
  (void)identity();
  EXPECT_THAT(listener.heard, ElementsAre(Outcome::ok, Outcome::denied));
}

TEST_F(ServiceTest, HasAWayInForMessagesThatReadsThemOnlyOnceTheQuotaIsPaid) {
  // What a server does: an empty request, and a decoder that would fill it.
  AssumeRole request;
  AssumeRole::Output output;
  Failure failure;
  const api::Identity who = engine_credentials();
  static int decoded;
  decoded = 0;
  const Arrival arrival{.operation = api::operation_of<AssumeRole>,
                        .identity = who,
                        .attribution = {},
                        .input = &request,
                        .output = &output,
                        .failure = failure,
                        .decode = [](const void* /*message*/, void* /*input*/) {
                          ++decoded;
                          return aws::Read{.unknown = {"Policy"}};
                        }};
  EXPECT_FALSE(world().sts.perform(arrival, clock.now()));
  EXPECT_EQ(decoded, 1);
  EXPECT_THAT(failure, FailsWith("ValidationError",
                                 "AssumeRole does not model 'Policy' yet; the fake refuses it rather "
                                 "than ignore it"));
  for (int i = 0; i < 599; ++i) ASSERT_THAT(identity(), Succeeds());
  EXPECT_FALSE(world().sts.perform(arrival, clock.now()));
  EXPECT_THAT(failure, Throttled());
  EXPECT_EQ(decoded, 1);
}

TEST_F(ServiceTest, RefusesAMessageThatCannotBeReadOrLacksSomething) {
  GetSecretValue request;
  GetSecretValue::Output output;
  Failure failure;
  const api::Identity who = engine_credentials();
  const auto arrive = [&](aws::Read (*decode)(const void*, void*)) {
    const Arrival arrival{.operation = api::operation_of<GetSecretValue>,
                          .identity = who,
                          .attribution = {},
                          .input = &request,
                          .output = &output,
                          .failure = failure,
                          .decode = decode};
    return world().secretsmanager.perform(arrival, clock.now());
  };
  EXPECT_FALSE(arrive([](const void*, void*) { return aws::Read{.malformed = "not JSON"}; }));
  EXPECT_THAT(failure, FailsWith("SerializationException", "not JSON"));
  EXPECT_FALSE(arrive([](const void*, void*) { return aws::Read{.absent = {"SecretId"}}; }));
  EXPECT_THAT(failure, FailsWith("ValidationException",
                                 "1 validation error detected: Value null at 'secretId' failed to "
                                 "satisfy constraint: Member must not be null"));
}

}  // namespace
}  // namespace rushhour::fakes
