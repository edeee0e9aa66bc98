#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/limit/token_bucket.hpp>
#include <rushhour/retry/client_rate_limiter.hpp>

#include "vectors.hpp"

namespace rushhour::retry {
namespace {

using namespace std::chrono_literals;

nlohmann::json published() { return testing::vectors().at("botocore-1.43.67").at("adaptive"); }

/// Published numbers of calls per second, to six places.
CallsPerGigasecond rate_of(const nlohmann::json& per_second) {
  return static_cast<CallsPerGigasecond>(std::llround(per_second.get<double>() * 1e6)) * 1000;
}
Instant after(double seconds) { return Instant{std::chrono::milliseconds{std::llround(seconds * 1000)}}; }

TEST(Cubic, IsBackAtItsRateAtThePublishedInstant) {
  Cubic cubic{Instant{}};
  EXPECT_EQ(cubic.crossing(), 0ns);
  (void)cubic.throttled(10 * call_per_second, after(5));
  EXPECT_EQ(cubic.crossing().count(), std::llround(published().at("K(w_max=10)").get<double>() * 1e9));
  (void)cubic.throttled(call_rate_max, after(6));
  EXPECT_EQ(cubic.crossing().count(), std::llround(std::cbrt(0.75e9L) * 1e9L));
}

TEST(Cubic, FallsAndGrowsAsPublished) {
  Cubic cubic{Instant{}};
  EXPECT_EQ(cubic.throttled(10 * call_per_second, after(5)),
            rate_of(published().at("after_error_rate10_at_t5")));
  const nlohmann::json rates = published().at("success_rate_at");
  for (const auto& [seconds, rate] : rates.items()) {
    const CallsPerGigasecond grown = cubic.success(after(std::stod(seconds)));
    EXPECT_EQ((grown + 500) / 1000 * 1000, rate_of(rate)) << "at " << seconds << " s";
  }
}

TEST(Cubic, GrowsFromNothingBeforeTheFirstThrottledCall) {
  const Cubic cubic{after(7)};
  EXPECT_EQ(cubic.success(after(7)), 0U);
  EXPECT_EQ(cubic.success(after(9)), 3'200'000'000U) << "0.4 * 2^3 calls per second";
  EXPECT_EQ(cubic.success(after(7) + 1200us), 1U) << "0.69e-9 calls per second, rounded to nine places";
}

TEST(Cubic, StopsAtTheLargestRateHoweverLongItGrows) {
  Cubic cubic{Instant{}};
  EXPECT_EQ(cubic.success(Instant::max()), call_rate_max);
  EXPECT_EQ(cubic.throttled(call_rate_max, after(1)), call_rate_max / 10 * 7);
  EXPECT_EQ(cubic.success(Instant::max()), call_rate_max);
}

TEST(RateClocker, MeasuresAsPublished) {
  RateClocker clocker{Instant{}};
  Instant now{};
  const nlohmann::json rates = published().at("rate_clocker_10rps_first_20");
  for (const nlohmann::json& expected : rates) {
    now += 100ms;
    EXPECT_EQ(clocker.record(now), rate_of(expected)) << to_text(now.time_since_epoch());
  }
  EXPECT_EQ(now, after(2));
}

TEST(RateClocker, SpreadsCallsOverTheHalfSecondsThatPassed) {
  RateClocker clocker{after(10.7)};
  EXPECT_EQ(clocker.record(after(10.8)), call_per_second * 8 / 5) << "0.8 * 1 call per 0.5 s, since 10 s";
  EXPECT_EQ(clocker.record(after(10.9)), call_per_second * 8 / 5);
  EXPECT_EQ(clocker.record(after(12.6)), call_per_second * 112 / 100) << "0.8 * 2 calls per 2 s + 0.2 * 1.6";
}

TEST(RateClocker, CountsHalfSecondsBeforeTheEpochToo) {
  RateClocker clocker{after(-10)};
  EXPECT_EQ(clocker.record(after(-9.6)), 0U);
  EXPECT_EQ(clocker.record(after(-9.5)), call_per_second * 16 / 5);
  RateClocker between{after(-9.7)};
  EXPECT_EQ(between.record(after(-9.6)), 0U) << "it began at -10 s";
}

TEST(ClientRateLimiter, HoldsNobodyBackUntilACallIsThrottled) {
  ClientRateLimiter limiter{Instant{}};
  Instant now{};
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(limiter.acquire(now), 0ns);
    limiter.received(false, now += 1ms);
  }
  EXPECT_FALSE(limiter.enabled());
  limiter.received(true, now += 1ms);
  EXPECT_TRUE(limiter.enabled());
  limiter.received(false, now += 1ms);
  EXPECT_TRUE(limiter.enabled()) << "for good";
}

/// A client that was throttled at `at`, before it had measured anything: it sends at the least rate.
ClientRateLimiter throttled_at_once(Instant at) {
  ClientRateLimiter limiter{at};
  limiter.received(true, at);
  return limiter;
}

TEST(ClientRateLimiter, SendsAtTheLeastRateWhileItHasMeasuredNothing) {
  const Instant start{12h};
  ClientRateLimiter limiter = throttled_at_once(start);
  EXPECT_EQ(limiter.fill_rate(), ClientRateLimiter::fill_rate_min);
  EXPECT_EQ(limiter.fill_rate(), rate_of(published().at("min_fill_rate")));
  EXPECT_EQ(limiter.acquire(start), 2s);
  EXPECT_EQ(limiter.acquire(start + 2s), 2s);
  EXPECT_EQ(limiter.acquire(start + 7s), 0s) << "a token came at 6 s, and 1 is all it holds";
  EXPECT_EQ(limiter.acquire(start + 7s), 2s);
}

TEST(ClientRateLimiter, LetsSeveralWorkersGoInTheOrderInWhichTheyAsk) {
  const Instant start{12h};
  ClientRateLimiter limiter = throttled_at_once(start);
  EXPECT_EQ(limiter.acquire(start), 2s);
  EXPECT_EQ(limiter.acquire(start), 4s);
  EXPECT_EQ(limiter.acquire(start + 1s), 5s);
  // The rate grows while they wait; who asks then still goes last.
  for (Instant now = start + 1s; now < start + 5s; now += 10ms) limiter.received(false, now);
  EXPECT_GT(limiter.fill_rate(), 10 * call_per_second);
  EXPECT_EQ(limiter.acquire(start + 5s), 1s);
}

TEST(ClientRateLimiter, GrowsToTwiceTheMeasuredRateAtMost) {
  ClientRateLimiter limiter = throttled_at_once(Instant{});
  for (Instant now{}; now < after(60); now += 500ms) limiter.received(false, now);
  EXPECT_NEAR(static_cast<double>(limiter.measured_rate()), 2e9, 1);
  EXPECT_EQ(limiter.fill_rate(), 2 * limiter.measured_rate());
}

TEST(ClientRateLimiter, SlowsDownFromTheRateItSendsAt) {
  ClientRateLimiter limiter{Instant{}};
  Instant now{};
  for (int i = 0; i < 1000; ++i) limiter.received(false, now += 100ms);
  ASSERT_EQ(limiter.measured_rate(), 10 * call_per_second);
  limiter.received(true, now += 100ms);
  EXPECT_EQ(limiter.fill_rate(), 7 * call_per_second);
  limiter.received(true, now += 1ms);
  EXPECT_EQ(limiter.fill_rate(), 49 * call_per_second / 10) << "of the rate it was allowed, now the lower";
}

TEST(ClientRateLimiter, KeepsNoMoreTokensThanASecondOfItsRate) {
  ClientRateLimiter limiter{Instant{}};
  Instant now{};
  for (int i = 0; i < 1000; ++i) limiter.received(false, now += 100ms);
  limiter.received(true, now += 100ms);
  ASSERT_EQ(limiter.fill_rate(), 7 * call_per_second);
  now += 10s;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limiter.acquire(now), 0s) << i;
  limiter.received(true, now);
  ASSERT_LT(limiter.fill_rate(), 2 * call_per_second) << "it has been idle";
  EXPECT_EQ(limiter.acquire(now), 0s);
  EXPECT_GT(limiter.acquire(now), 0s) << "2 of 7 were left, of which there is room for less";
}

TEST(ClientRateLimiter, RoundsAWaitUpToTheNanosecond) {
  ClientRateLimiter limiter{Instant{}};
  Instant now{};
  for (int i = 0; i < 1000; ++i) limiter.received(false, now += 100ms);
  limiter.received(true, now += 100ms);
  ASSERT_EQ(limiter.fill_rate(), 7 * call_per_second);
  now += 10s;
  for (int i = 0; i < 7; ++i) EXPECT_EQ(limiter.acquire(now), 0s) << i;
  EXPECT_EQ(limiter.acquire(now), 142'857'143ns);
}

TEST(ClientRateLimiter, FillsAtTheRateThatWasUntilItChanges) {
  const Instant start{12h};
  ClientRateLimiter limiter = throttled_at_once(start);
  EXPECT_EQ(limiter.acquire(start), 2s);
  Instant now = start + 3s;
  for (int i = 0; i < 100; ++i) limiter.received(false, now);
  ASSERT_GT(limiter.fill_rate(), call_per_second);
  // Half a token has come in the second since, at 0.5/s.
  EXPECT_NEAR(static_cast<double>(limiter.acquire(now).count()),
              0.5e18 / static_cast<double>(limiter.fill_rate()), 1);
}

struct Sent {
  unsigned ok{};
  unsigned throttled{};
};

/// For a minute from `start` on, one client makes a call as soon as the one before has ended, 20 ms after it
/// was sent. The service admits 5 calls a second, 5 at once.
Sent send_back_to_back(Instant start) {
  ClientRateLimiter limiter{start};
  limit::TokenBucket server{{.limit = 5, .burst = 5}};
  Sent out;
  for (Instant now = start; now < start + 60s;) {
    now += limiter.acquire(now);
    const bool admitted = server.try_acquire(now);
    ++(admitted ? out.ok : out.throttled);
    limiter.received(!admitted, now += 20ms);
  }
  return out;
}

TEST(ClientRateLimiter, KeepsABackToBackClientAtTheServicesRate) {
  // The same loop around the real classes of botocore 1.43.11, on a clock of its own, counts the same.
  const Sent sent = send_back_to_back(Instant{});
  EXPECT_EQ(sent.ok, 299U);
  EXPECT_EQ(sent.throttled, 30U);
  EXPECT_NEAR(sent.ok / (5.0 * 60 + 5), 0.98, 0.005);
  EXPECT_EQ(send_back_to_back(after(0.3)).ok, 298U);
  EXPECT_EQ(send_back_to_back(after(0.3)).throttled, 31U);
  EXPECT_EQ(send_back_to_back(after(0.7)).ok, 298U);
  EXPECT_EQ(send_back_to_back(after(0.7)).throttled, 30U);
}

}  // namespace
}  // namespace rushhour::retry
