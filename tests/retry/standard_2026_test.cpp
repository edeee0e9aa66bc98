#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/retry/standard_2026.hpp>

#include "vectors.hpp"

namespace rushhour::retry {
namespace {

using namespace std::chrono_literals;
using testing::delays_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::outage;
using testing::Outage;
using testing::reset;
using testing::throttling;
using testing::timeout;
using testing::unavailable;

constexpr std::uint64_t almost_one = std::numeric_limits<std::uint64_t>::max();

nlohmann::json published() { return testing::vectors().at("botocore-1.43.67").at("standard-2026"); }

Failure asking(Failure failure, Duration retry_after) {
  failure.retry_after = retry_after;
  return failure;
}

struct Row {
  std::string what;
  Failure failure;
  std::string vector;  ///< the member of the vectors' "standard-2026"
};

class Standard2026Vectors : public ::testing::TestWithParam<Row> {};

TEST_P(Standard2026Vectors, GiveTheDelaysOfTheRealClient) {
  Standard2026 policy;
  EXPECT_EQ(delays_of(policy, GetParam().failure), testing::delays(published().at(GetParam().vector)));
}

INSTANTIATE_TEST_SUITE_P(
    Retry, Standard2026Vectors,
    ::testing::Values(
        Row{"Throttling", throttling, "throttle_delays_s"},
        Row{"LimitExceeded", {Outcome::invalid, 400, "LimitExceededException", ""}, "throttle_delays_s"},
        Row{"Status500", {Outcome::server_error, 500, "InternalFailure", ""}, "http500_delays_s"},
        Row{"Status503", unavailable, "http500_delays_s"}, Row{"Reset", reset, "http500_delays_s"},
        Row{"Timeout", timeout, "http500_delays_s"},
        Row{"UnknownCode429", {Outcome::throttled, 429, "NobodyKnowsThisCode", ""}, "http429_unknown_code"},
        Row{"RetryAfter", asking(unavailable, 1500ms), "retry_after_1500ms"}),
    [](const auto& test) { return test.param.what; });

TEST(Standard2026, MakesThreeAttemptsByDefaultAndAsManyAsAsked) {
  EXPECT_EQ(Standard2026{}.max_attempts(), published().at("attempts"));
  Standard2026 four{{.max_attempts = 4}};
  EXPECT_THAT(delays_of(four, throttling), ElementsAre(100ms, 500ms, 2s));
  EXPECT_THAT(delays_of(four, unavailable), ElementsAre(5ms, 25ms, 100ms));
}

TEST(Standard2026, DoublesATransientDelayUpToTheCap) {
  Standard2026 policy{{.max_attempts = 90}};
  unsigned retry = 0;
  const nlohmann::json bounds = published().at("upper_bounds_transient_s");
  for (const nlohmann::json& bound : bounds) {
    ++retry;
    const auto expected = std::chrono::milliseconds{testing::thousandths(bound).numerator} - 1ns;
    EXPECT_EQ(policy.before_retry(unavailable, retry, {}, almost_one), expected) << retry;
    policy.on_success(retry + 1, &unavailable, {});
  }
  EXPECT_EQ(retry, 11U);
  Standard2026 hasty{{.max_attempts = 90, .cap = 150ms}};
  EXPECT_EQ(hasty.before_retry(unavailable, 9, {}, almost_one), 150ms - 1ns);
}

TEST(Standard2026, FollowsTheServiceUpToFiveSecondsBeyondItsOwnDelay) {
  Standard2026 policy;
  const auto delay = [&](const Failure& failure) {
    const auto out = policy.before_retry(failure, 1, {}, almost_one);
    policy.on_success(2, &failure, {});
    return out;
  };
  const Duration own = 50ms - 1ns;
  EXPECT_EQ(delay(unavailable), own);
  EXPECT_EQ(delay(asking(unavailable, 1500ms)), 1500ms);
  EXPECT_EQ(delay(asking(unavailable, 10s)), own + 5s);
  EXPECT_EQ(delay(asking(unavailable, Duration::max())), own + 5s);
  EXPECT_EQ(delay(asking(unavailable, 0s)), own);
  EXPECT_EQ(delay(asking(unavailable, -1ms)), own);
  EXPECT_EQ(delay(asking(unavailable, Duration::min())), own);
  EXPECT_EQ(delay(asking(throttling, 10s)), 6s - 1ns);
  EXPECT_EQ(delay(asking(reset, 10s)), own) << "no answer, no header";
}

TEST(Standard2026, RetriesAnIdentityProviderThatDoesNotAnswerOnlyForSts) {
  const Failure idp{Outcome::server_error, 400, "IDPCommunicationError", ""};
  Standard2026 sts{{.service = "sts"}};
  EXPECT_THAT(delays_of(sts, idp), ElementsAre(5ms, 25ms)) << "transient";
  EXPECT_EQ(sts.quota().available(), 500U - 28);
  sts.on_success(3, &idp, {});
  EXPECT_EQ(sts.quota().available(), 500U - 14);
  Standard2026 secrets;
  EXPECT_THAT(delays_of(secrets, idp), IsEmpty());
}

TEST(Standard2026, EndsRetryingInATotalOutage) {
  for (const Failure& failure : {unavailable, reset, timeout}) {
    Standard2026 policy;
    const Outage broken = outage(policy, failure);
    EXPECT_EQ(broken.retries, 35U);
    EXPECT_EQ(broken.first_refused, 17U);
    EXPECT_EQ(policy.quota().available(), 10U);
  }
  Standard2026 policy;
  const Outage throttled = outage(policy, throttling);
  EXPECT_EQ(throttled.retries, 100U);
  EXPECT_EQ(throttled.first_refused, 50U);
}

TEST(Standard2026, PaysByTheFailureAndIsRefundedByTheLast) {
  EXPECT_EQ(Standard2026::transient_cost, published().at("quota").at("cost"));
  EXPECT_EQ(Standard2026::throttling_cost, published().at("quota").at("throttling_cost"));
  Standard2026 policy;
  ASSERT_TRUE(policy.before_retry(throttling, 1, {}, 0));
  EXPECT_EQ(policy.quota().available(), 495U);
  ASSERT_TRUE(policy.before_retry(unavailable, 2, {}, 0));
  EXPECT_EQ(policy.quota().available(), 481U);
  policy.on_success(3, &unavailable, {});
  EXPECT_EQ(policy.quota().available(), 495U) << "the throttled attempt's 5 are gone";
  policy.on_success(1, nullptr, {});
  EXPECT_EQ(policy.quota().available(), 496U);
  EXPECT_FALSE(policy.before_retry({Outcome::denied, 403, "AccessDenied", ""}, 1, {}, 0));
  EXPECT_EQ(policy.quota().available(), 496U) << "what is not retried costs nothing";
}

}  // namespace
}  // namespace rushhour::retry
