#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/retry/standard.hpp>

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

nlohmann::json published() { return testing::vectors().at("botocore-1.43.67").at("standard"); }

struct Row {
  std::string what;
  Failure failure;
  std::string vector;  ///< the member of the vectors' "standard"
};

class StandardVectors : public ::testing::TestWithParam<Row> {};

TEST_P(StandardVectors, GiveTheDelaysOfTheRealClient) {
  Standard policy;
  EXPECT_EQ(delays_of(policy, GetParam().failure), testing::delays(published().at(GetParam().vector)));
}

INSTANTIATE_TEST_SUITE_P(
    Retry, StandardVectors,
    ::testing::Values(
        Row{"Throttling", throttling, "throttle_delays_s"},
        Row{"TooManyRequests",
            {Outcome::throttled, 429, "TooManyRequestsException", ""},
            "throttle_delays_s"},
        Row{"Status500", {Outcome::server_error, 500, "InternalFailure", ""}, "http500_delays_s"},
        Row{"Status503", unavailable, "http500_delays_s"}, Row{"Reset", reset, "http500_delays_s"},
        Row{"Timeout", timeout, "http500_delays_s"},
        Row{"UnknownCode429", {Outcome::throttled, 429, "NobodyKnowsThisCode", ""}, "http429_unknown_code"},
        Row{"LimitExceeded",
            {Outcome::invalid, 400, "LimitExceededException", ""},
            "LimitExceededException"}),
    [](const auto& test) { return test.param.what; });

TEST(Standard, MakesThreeAttemptsByDefaultAndAsManyAsAsked) {
  EXPECT_EQ(Standard{}.max_attempts(), published().at("attempts"));
  Standard five{{.max_attempts = 5}};
  EXPECT_THAT(delays_of(five, throttling), ElementsAre(100ms, 500ms, 2s, 6s));
  Standard one{{.max_attempts = 1}};
  EXPECT_THAT(delays_of(one, throttling), IsEmpty());
  EXPECT_EQ(one.quota().available(), 500U) << "the last attempt costs nothing";
}

TEST(Standard, WaitsNoLongerThanItsCap) {
  constexpr std::uint64_t almost_one = std::numeric_limits<std::uint64_t>::max();
  const auto cap = std::chrono::seconds{published().at("max_backoff_s").get<int>()};
  Standard patient{{.max_attempts = 90}};
  EXPECT_EQ(patient.before_retry(throttling, 5, {}, almost_one), 16s - 1ns);
  EXPECT_EQ(patient.before_retry(throttling, 6, {}, almost_one), cap - 1ns);
  EXPECT_EQ(patient.before_retry(throttling, 80, {}, almost_one), cap - 1ns);
  Standard hasty{{.max_attempts = 9, .cap = 3s}};
  EXPECT_EQ(hasty.before_retry(throttling, 6, {}, almost_one), 3s - 1ns);
}

TEST(Standard, IgnoresWhatTheServiceAsksFor) {
  Failure asking = throttling;
  asking.retry_after = 1500ms;
  Standard policy;
  EXPECT_THAT(delays_of(policy, asking), ElementsAre(100ms, 500ms));
}

TEST(Standard, RetriesAnIdentityProviderThatDoesNotAnswerOnlyForSts) {
  const Failure idp{Outcome::server_error, 400, "IDPCommunicationError", ""};
  Standard sts{{.service = "sts"}};
  EXPECT_THAT(delays_of(sts, idp), ElementsAre(100ms, 500ms));
  Standard secrets{{.service = "secretsmanager"}};
  EXPECT_THAT(delays_of(secrets, idp), IsEmpty());
}

TEST(Standard, EndsRetryingInATotalOutage) {
  Standard throttled;
  const Outage of_throttled = outage(throttled, throttling);
  EXPECT_EQ(of_throttled.retries, 100U);
  EXPECT_EQ(of_throttled.first_refused, 50U);
  Standard silent;
  const Outage of_silent = outage(silent, timeout);
  EXPECT_EQ(of_silent.retries, 50U);
  EXPECT_EQ(of_silent.first_refused, 25U);
}

TEST(Standard, PaysByTheFailureAndIsRefundedByTheLast) {
  EXPECT_EQ(Standard::retry_cost, published().at("quota").at("cost"));
  EXPECT_EQ(Standard::timeout_cost, published().at("quota").at("timeout_cost"));
  Standard policy;
  ASSERT_TRUE(policy.before_retry(timeout, 1, {}, 0));
  EXPECT_EQ(policy.quota().available(), 490U);
  ASSERT_TRUE(policy.before_retry(reset, 2, {}, 0));
  EXPECT_EQ(policy.quota().available(), 485U);
  policy.on_success(3, &reset, {});
  EXPECT_EQ(policy.quota().available(), 490U) << "the timeout's 10 are gone";
  policy.on_success(1, nullptr, {});
  EXPECT_EQ(policy.quota().available(), 491U);
  EXPECT_FALSE(policy.before_retry({Outcome::denied, 403, "AccessDenied", ""}, 1, {}, 0));
  EXPECT_EQ(policy.quota().available(), 491U) << "what is not retried costs nothing";
  ASSERT_TRUE(policy.before_retry(timeout, 1, {}, 0));
  policy.on_success(2, &timeout, {});
  EXPECT_EQ(policy.quota().available(), 491U);
}

}  // namespace
}  // namespace rushhour::retry
