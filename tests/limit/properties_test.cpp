// What holds for every limiter, whatever it counts.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <rushhour/limit/composite.hpp>
#include <rushhour/limit/fixed_window.hpp>
#include <rushhour/limit/gcra.hpp>
#include <rushhour/limit/overdraft_bucket.hpp>
#include <rushhour/limit/sliding_counter.hpp>
#include <rushhour/limit/sliding_log.hpp>
#include <rushhour/limit/token_bucket.hpp>
#include <rushhour/random.hpp>

#include "statistics.hpp"

namespace rushhour::limit {
namespace {

using namespace std::chrono_literals;
using testing::at;

constexpr std::uint64_t seed = 20'260'302;
const Instant start = at("2026-03-02T14:00:00Z");

struct Subject {
  std::string name;
  std::shared_ptr<const Limiter> limiter;
  Duration mean_gap;  // of calls that strain it
  Duration shift;     // by which all decisions may be moved
};

template <class Limiter>
Subject subject(std::string name, Limiter limiter, Duration mean_gap, Duration shift) {
  return {std::move(name), std::make_shared<const Limiter>(std::move(limiter)), mean_gap, shift};
}

std::vector<Subject> subjects() {
  constexpr Duration any{12'345'678'901'234'567};
  constexpr Duration years_28 = 24h * 10'227;  // after which the calendar repeats, between 1901 and 2099
  return {
      subject("TokenBucket", TokenBucket({.limit = 7, .window = 3s, .burst = 5}), 400ms, any),
      subject("DiscreteTokenBucket", DiscreteTokenBucket({.limit = 5, .window = 1s, .burst = 12}), 180ms,
              24h * 400),
      subject("Gcra", Gcra({.limit = 7, .window = 3s, .burst = 5}), 400ms, any),
      subject("FixedWindow", FixedWindow({.limit = 6, .window = 7s}), 1s, 7s * 1'000'003),
      subject("FixedWindowOfAMonth", FixedWindow({.limit = 6, .calendar_month = true}), 96h, years_28),
      subject("FixedWindowRejectedCount", FixedWindow({.limit = 6, .window = 7s, .rejected_count = true}), 1s,
              7s * 1'000'003),
      subject("OverdraftBucket", OverdraftBucket({.limit = 7, .window = 3s, .burst = 5, .lag = 1s}), 400ms,
              any),
      subject("OverdraftBucketWithoutALag", OverdraftBucket({.limit = 7, .window = 3s, .burst = 5}), 400ms,
              any),
      subject("SlidingCounter", SlidingCounter({.limit = 6, .window = 7s}), 1s, 7s * 1'000'003),
      subject("SlidingCounterRejectedCount",
              SlidingCounter({.limit = 6, .window = 7s, .rejected_count = true}), 1100ms, 7s * 1'000'003),
      subject("SlidingLog", SlidingLog({.limit = 6, .window = 7s}), 1s, any),
      subject("SlidingLogRejectedCount", SlidingLog({.limit = 6, .window = 7s, .rejected_count = true}),
              1100ms, any),
      subject(
          "Composite",
          Composite::of(SlidingLog({.limit = 4, .window = 1min}), FixedWindow({.limit = 150, .window = 1h}),
                        TokenBucket({.limit = 1, .window = 10s, .burst = 3})),
          12s, 1h * 100'003),
  };
}

/// Calls that strain the limiter: Poisson, and every fourth comes together with the one before.
std::vector<Instant> strain(const Subject& subject, int count) {
  Draws draws(Random{seed}.stream(subject.name));
  std::vector<Instant> calls;
  Instant now = start;
  for (int i = 0; i < count; ++i) {
    if (draws.next() % 4 != 0) now += exponential(draws.next(), subject.mean_gap);
    calls.push_back(now);
  }
  return calls;
}

std::vector<bool> decide(const Limiter& fresh, const std::vector<Instant>& calls, Duration shift = {}) {
  const auto limiter = fresh.clone();
  std::vector<bool> out;
  out.reserve(calls.size());
  for (const Instant call : calls) out.push_back(limiter->try_acquire(call + shift));
  return out;
}

class EveryLimiter : public ::testing::TestWithParam<Subject> {
 protected:
  const Subject& subject = GetParam();
  const Limiter& fresh = *subject.limiter;
};

TEST_P(EveryLimiter, IsStrainedByTheseTests) {
  const std::vector<bool> decisions = decide(fresh, strain(subject, 20'000));
  const auto admitted = std::count(decisions.begin(), decisions.end(), true);
  EXPECT_GT(admitted, 2'000) << "seed " << seed;
  EXPECT_LT(admitted, 19'000) << "seed " << seed;
}

TEST_P(EveryLimiter, TakesOneOfWhatRemainsForACallThatPasses) {
  const auto limiter = fresh.clone();
  for (const Instant call : strain(subject, 20'000)) {
    const std::uint64_t before = limiter->remaining(call);
    const bool admitted = limiter->try_acquire(call);
    ASSERT_EQ(admitted, before > 0) << "seed " << seed;
    const bool taken = admitted && before != UINT64_MAX;  // one of any number leaves any number
    ASSERT_EQ(limiter->remaining(call), before - (taken ? 1 : 0)) << "seed " << seed;
  }
}

TEST_P(EveryLimiter, AdmitsWhatItSaysRemains) {
  const auto limiter = fresh.clone();
  for (const Instant call : strain(subject, 5'000)) {
    const auto copy = limiter->clone();
    constexpr std::uint64_t tried = 500;
    std::uint64_t passed = 0;
    while (passed < tried && copy->try_acquire(call)) ++passed;
    ASSERT_EQ(std::min(limiter->remaining(call), tried), passed) << "seed " << seed;
    (void)limiter->try_acquire(call);
  }
}

TEST_P(EveryLimiter, AdmitsAtTheInstantItNamesAndNotANanosecondEarlier) {
  const auto limiter = fresh.clone();
  for (const Instant call : strain(subject, 5'000)) {
    const Instant next = limiter->next_admission(call);
    ASSERT_GE(next, call);
    if (next > call) {
      ASSERT_FALSE(limiter->clone()->admits(next - 1ns)) << "seed " << seed;
    }
    ASSERT_TRUE(limiter->clone()->admits(next)) << "seed " << seed;
    (void)limiter->try_acquire(call);
  }
}

TEST_P(EveryLimiter, DecidesAlikeHoweverOftenItIsAsked) {
  const std::vector<Instant> calls = strain(subject, 20'000);
  const std::vector<bool> expected = decide(fresh, calls);
  const auto limiter = fresh.clone();
  Draws draws(Random{seed}.stream("between"));
  Instant last = start;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto gap = static_cast<std::uint64_t>((calls[i] - last).count());
    const Instant between = last + Duration{static_cast<std::int64_t>(uniform_below(draws.next(), gap + 1))};
    (void)limiter->admits(between);
    (void)limiter->remaining(calls[i]);
    (void)limiter->levels(calls[i]);
    ASSERT_EQ(limiter->try_acquire(calls[i]), expected[i]) << "seed " << seed << ", call " << i;
    last = calls[i];
  }
}

TEST_P(EveryLimiter, DecidesAlikeAtAnotherTime) {
  const std::vector<Instant> calls = strain(subject, 2'000);
  EXPECT_EQ(decide(fresh, calls), decide(fresh, calls, subject.shift)) << "seed " << seed;
}

TEST_P(EveryLimiter, AdmitsAsManyHoweverTheCallsAreSplitBetweenCallers) {
  const std::vector<Instant> calls = strain(subject, 20'000);
  const std::vector<bool> merged = decide(fresh, calls);
  for (const std::uint64_t callers : {2U, 7U}) {
    const Stream owner = Random{seed}.stream("owner").part(callers);
    std::vector<std::vector<Instant>> streams(callers);
    for (std::size_t i = 0; i < calls.size(); ++i)
      streams[uniform_below(owner.at(i), callers)].push_back(calls[i]);
    const auto limiter = fresh.clone();
    std::vector<std::size_t> next(callers);
    std::ptrdiff_t admitted = 0;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      std::size_t earliest = callers;
      for (std::size_t caller = 0; caller < callers; ++caller) {
        if (next[caller] == streams[caller].size()) continue;
        if (earliest == callers || streams[caller][next[caller]] < streams[earliest][next[earliest]])
          earliest = caller;
      }
      admitted += limiter->try_acquire(streams[earliest][next[earliest]++]) ? 1 : 0;
    }
    EXPECT_EQ(admitted, std::count(merged.begin(), merged.end(), true)) << "seed " << seed;
  }
}

TEST_P(EveryLimiter, HoldsAfterAnyRestItsBurstAndNoMore) {
  const auto limiter = fresh.clone();
  std::uint64_t burst = UINT64_MAX;
  for (const Rate& rate : limiter->rates()) burst = std::min(burst, rate.burst);
  if (fresh.remaining(start) == UINT64_MAX) burst = UINT64_MAX;  // an overdraft adds to it any number
  EXPECT_EQ(limiter->remaining(start), burst);
  for (const Instant call : strain(subject, 500)) {
    ASSERT_LE(limiter->remaining(call), burst);
    (void)limiter->try_acquire(call);
  }
  EXPECT_EQ(limiter->remaining(start + 24h * 365 * 100), burst);
}

TEST_P(EveryLimiter, HasForgottenAllAfterALongRest) {
  const std::vector<Instant> calls = strain(subject, 1'000);
  ASSERT_LT(calls.back(), start + subject.shift / 2);
  const auto limiter = fresh.clone();
  for (const Instant call : calls) (void)limiter->try_acquire(call);
  EXPECT_EQ(decide(*limiter, calls, subject.shift), decide(fresh, calls)) << "seed " << seed;
}

TEST_P(EveryLimiter, IsLeftAloneByItsCopies) {
  const std::vector<Instant> calls = strain(subject, 2'000);
  const auto limiter = fresh.clone();
  std::vector<bool> decisions;
  for (const Instant call : calls) {
    const auto copy = limiter->clone();
    for (int i = 0; i < 5; ++i) (void)copy->try_acquire(call + 1s);
    decisions.push_back(limiter->try_acquire(call));
  }
  EXPECT_EQ(decisions, decide(fresh, calls)) << "seed " << seed;
}

TEST_P(EveryLimiter, IsIndifferentToTheEndsOfCalls) {
  const std::vector<Instant> calls = strain(subject, 2'000);
  const auto limiter = fresh.clone();
  std::vector<bool> decisions;
  for (const Instant call : calls) {
    decisions.push_back(limiter->try_acquire(call));
    if (decisions.back()) limiter->release(call);
  }
  EXPECT_EQ(decisions, decide(fresh, calls)) << "seed " << seed;
}

TEST_P(EveryLimiter, SaysOneLevelForEachRate) {
  const std::vector<Level> levels = fresh.levels(start);
  ASSERT_EQ(levels.size(), fresh.rates().size());
  for (std::size_t i = 0; i < levels.size(); ++i) EXPECT_EQ(levels[i].rate, fresh.rates()[i]);
}

using EveryLimiterDeathTest = EveryLimiter;

TEST_P(EveryLimiterDeathTest, DoesNotGoBackInTime) {
  const auto limiter = fresh.clone();
  (void)limiter->try_acquire(start);
  EXPECT_DEATH((void)limiter->try_acquire(start - 1ns), "a limiter's time does not go back");
  EXPECT_DEATH((void)limiter->remaining(start - 1ns), "a limiter's time does not go back");
}

const auto by_name = [](const ::testing::TestParamInfo<Subject>& info) { return info.param.name; };
INSTANTIATE_TEST_SUITE_P(Limiters, EveryLimiter, ::testing::ValuesIn(subjects()), by_name);
INSTANTIATE_TEST_SUITE_P(Limiters, EveryLimiterDeathTest, ::testing::ValuesIn(subjects()), by_name);

template <class Limiter>
std::ptrdiff_t admitted_of(TokenBucketOptions options) {
  const std::vector<Instant> calls =
      strain({.name = "monotone", .limiter = nullptr, .mean_gap = 100ms, .shift = {}}, 20'000);
  const std::vector<bool> decisions =
      decide(Limiter({.limit = options.limit, .window = options.window, .burst = options.burst}), calls);
  return std::count(decisions.begin(), decisions.end(), true);
}

template <class Limiter>
class EveryBucket : public ::testing::Test {};
/// The overdraft bucket without a lag. With one it is not monotone: a larger burst empties, and so lends,
/// later.
using Buckets = ::testing::Types<TokenBucket, DiscreteTokenBucket, Gcra, OverdraftBucket>;
TYPED_TEST_SUITE(EveryBucket, Buckets);

TYPED_TEST(EveryBucket, AdmitsNoFewerCallsWithALargerBurst) {
  std::ptrdiff_t last = 0;
  for (const std::uint64_t burst : {1U, 2U, 3U, 5U, 8U, 13U, 50U, 200U}) {
    const std::ptrdiff_t admitted = admitted_of<TypeParam>({.limit = 9, .window = 1s, .burst = burst});
    EXPECT_GE(admitted, last) << "seed " << seed << ", burst " << burst;
    last = admitted;
  }
}

TYPED_TEST(EveryBucket, AdmitsNoFewerCallsAtAHigherRate) {
  std::ptrdiff_t last = 0;
  for (const std::uint64_t limit : {1U, 2U, 3U, 5U, 8U, 9U, 10U, 13U, 40U}) {
    const std::ptrdiff_t admitted = admitted_of<TypeParam>({.limit = limit, .window = 1s, .burst = 6});
    EXPECT_GE(admitted, last) << "seed " << seed << ", limit " << limit;
    last = admitted;
  }
}

TYPED_TEST(EveryBucket, AdmitsNoMoreThanItsBurstAndWhatFlowsIn) {
  const std::vector<Instant> calls =
      strain({.name = "conserved", .limiter = nullptr, .mean_gap = 100ms, .shift = {}}, 20'000);
  TypeParam bucket({.limit = 7, .window = 3s, .burst = 5});
  std::vector<Instant> admitted;
  for (const Instant call : calls) {
    if (bucket.try_acquire(call)) admitted.push_back(call);
  }
  // In any stretch, of which these begin at every tenth call. A window that has begun may have flowed in
  // whole.
  for (std::size_t first = 0; first < admitted.size(); first += 10) {
    for (std::size_t last = first; last < admitted.size(); last += 10) {
      const Duration flowing = admitted[last] - admitted[first] + Duration{3s};
      ASSERT_LE(static_cast<std::int64_t>(last - first + 1), 5 + 7 * flowing.count() / Duration{3s}.count())
          << "seed " << seed << ", from " << first << " to " << last;
    }
  }
}

}  // namespace
}  // namespace rushhour::limit
