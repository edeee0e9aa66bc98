
#include <gtest/gtest.h>

#include <rushhour/limit/token_bucket.hpp>
#include <rushhour/retry/adaptive.hpp>

#include "vectors.hpp"

namespace rushhour::retry {
namespace {

using namespace std::chrono_literals;
using testing::delays_of;
using testing::reset;
using testing::throttling;
using testing::timeout;
using testing::unavailable;

const Instant start{12h};

TEST(Adaptive, RetriesAsStandardDoes) {
  ASSERT_EQ(testing::vectors().at("botocore-1.43.67").at("adaptive").at("extends"), Standard::policy_name);
  Adaptive policy;
  Standard standard;
  EXPECT_EQ(policy.max_attempts(), standard.max_attempts());
  const Failure denied{Outcome::denied, 403, "AccessDenied", ""};
  for (const Failure& failure : {throttling, unavailable, reset, timeout, denied}) {
    EXPECT_EQ(delays_of(policy, failure), delays_of(standard, failure));
    EXPECT_EQ(policy.quota().available(), standard.quota().available());
  }
  policy.on_success(2, &timeout, Instant{});
  standard.on_success(2, &timeout, Instant{});
  EXPECT_EQ(policy.quota().available(), standard.quota().available());
}

TEST(Adaptive, EndsRetryingInATotalOutage) {
  Adaptive policy;
  const testing::Outage broken = testing::outage(policy, throttling);
  EXPECT_EQ(broken.retries, 100U);
  EXPECT_EQ(broken.first_refused, 50U);
}

TEST(Adaptive, HoldsAttemptsBackOnceOneIsThrottled) {
  Adaptive policy;
  EXPECT_EQ(policy.acquire(start), 0s);
  (void)policy.before_retry(unavailable, 1, start, 0);
  EXPECT_EQ(policy.acquire(start), 0s) << "a transient failure is none of the limiter's business";
  (void)policy.before_retry(throttling, 1, start, 0);
  EXPECT_EQ(policy.acquire(start), 2s);
  EXPECT_EQ(policy.acquire(start), 4s);
}

TEST(Adaptive, LearnsFromAFailureThatIsNotRetried) {
  Adaptive policy{{.max_attempts = 1}};
  EXPECT_EQ(policy.before_retry(throttling, 1, start, 0), std::nullopt);
  EXPECT_EQ(policy.acquire(start), 2s);
}

TEST(Adaptive, KeepsABackToBackClientAtTheServicesRate) {
  Adaptive policy{{.max_attempts = 1}};
  limit::TokenBucket server{{.limit = 5, .burst = 5}};
  unsigned ok = 0;
  unsigned throttled = 0;
  for (Instant now = start; now < start + 60s;) {
    now += policy.acquire(now);
    const bool admitted = server.try_acquire(now);
    now += 20ms;
    ++(admitted ? ok : throttled);
    if (admitted) {
      policy.on_success(1, nullptr, now);
    } else {
      EXPECT_EQ(policy.before_retry(throttling, 1, now, 0), std::nullopt);
    }
  }
  EXPECT_EQ(ok, 299U);
  EXPECT_EQ(throttled, 30U);
}

}  // namespace
}  // namespace rushhour::retry
