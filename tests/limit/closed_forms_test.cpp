// What queueing theory says of each limiter under Poisson arrivals, within 4 standard errors at fixed seeds.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <queue>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/limit/concurrency.hpp>
#include <rushhour/limit/fixed_window.hpp>
#include <rushhour/limit/gcra.hpp>
#include <rushhour/limit/sliding_log.hpp>
#include <rushhour/limit/token_bucket.hpp>
#include <rushhour/random.hpp>

#include "statistics.hpp"

namespace rushhour::limit {
namespace {

using namespace std::chrono_literals;
using testing::Estimate;
using testing::refused_share;

nlohmann::json read_oracles() {
#ifdef RUSHHOUR_CONFORMANCE_DIR
  const std::filesystem::path folder = RUSHHOUR_CONFORMANCE_DIR;
#else
  const std::filesystem::path folder =
      std::filesystem::path{__FILE__}.parent_path().parent_path() / "conformance";
#endif
  std::ifstream file(folder / "queueing_oracles.json");
  EXPECT_TRUE(file) << folder;
  return nlohmann::json::parse(file);
}

/// The mean gap of `rate` arrivals per `window`.
Duration gap(Duration window, double rate) {
  return Duration{std::llround(static_cast<double>(window.count()) / rate)};
}

void expect_within_4_standard_errors(const Estimate& measured, double expected, std::uint64_t seed) {
  // A share too small to be seen at all in a run of some million arrivals has no batch variance either.
  const double tolerance = 4 * measured.standard_error + 1e-6;
  EXPECT_NEAR(measured.mean, expected, tolerance)
      << "seed " << seed << ", measured " << measured.mean << " +- " << measured.standard_error;
  EXPECT_LT(measured.standard_error, 0.04 * expected + 1e-6) << "the run is too short to show anything";
}

/// Calls `check(numbers, expected, seed)` for each oracle whose name `format` reads; how many there were.
template <std::size_t Count, class Check>
std::size_t for_each_oracle(const char* format, Check check) {
  std::uint64_t seed = 20'260'302;
  std::size_t found = 0;
  const nlohmann::json oracles = read_oracles();
  for (const auto& [name, expected] : oracles.items()) {
    std::array<double, 3> numbers{};
    if (std::sscanf(name.c_str(), format, &numbers[0], &numbers[1], &numbers[2]) != static_cast<int>(Count))
      continue;
    SCOPED_TRACE(name);
    check(numbers, expected.template get<double>(), ++seed);
    ++found;
  }
  return found;
}

TEST(ClosedForms, TokenBucketLosesAsAQueueMd1b) {
  const std::size_t rows =
      for_each_oracle<2>("token_bucket_loss rho=%lf b=%lf", [](auto n, double expected, auto seed) {
        const TokenBucket bucket({.limit = 1, .window = 1s, .burst = static_cast<std::uint64_t>(n[1])});
        expect_within_4_standard_errors(refused_share(bucket, seed, gap(1s, n[0])), expected, seed);
      });
  EXPECT_EQ(rows, 10U);
}

TEST(ClosedForms, TokenBucketLossDependsOnTheRatioOfRatesOnly) {
  const double expected = read_oracles().at("token_bucket_loss rho=0.9 b=10").get<double>();
  constexpr std::uint64_t seed = 4;
  const TokenBucket bucket({.limit = 600, .window = 1s, .burst = 10});
  expect_within_4_standard_errors(refused_share(bucket, seed, gap(1s, 0.9 * 600)), expected, seed);
}

TEST(ClosedForms, DiscreteBucketLosesAsItsMarkovChain) {
  const std::size_t rows =
      for_each_oracle<3>("discrete_bucket_loss lam=%lf r=%lf b=%lf", [](auto n, double expected, auto seed) {
        const DiscreteTokenBucket bucket({.limit = static_cast<std::uint64_t>(n[1]),
                                          .window = 1s,
                                          .burst = static_cast<std::uint64_t>(n[2])});
        expect_within_4_standard_errors(refused_share(bucket, seed, gap(1s, n[0])), expected, seed);
      });
  EXPECT_EQ(rows, 6U);
}

TEST(ClosedForms, FixedWindowLosesThePoissonExcess) {
  const std::size_t rows =
      for_each_oracle<2>("fixed_window_loss m=%lf L=%lf", [](auto n, double expected, auto seed) {
        const FixedWindow window({.limit = static_cast<std::uint64_t>(n[1]), .window = 1min});
        expect_within_4_standard_errors(refused_share(window, seed, gap(1min, n[0])), expected, seed);
      });
  EXPECT_EQ(rows, 5U);
}

TEST(ClosedForms, SlidingLogLosesAsErlangB) {
  const std::size_t rows =
      for_each_oracle<2>("sliding_log_loss m=%lf L=%lf", [](auto n, double expected, auto seed) {
        const SlidingLog log({.limit = static_cast<std::uint64_t>(n[1]), .window = 1min});
        expect_within_4_standard_errors(refused_share(log, seed, gap(1min, n[0])), expected, seed);
      });
  EXPECT_EQ(rows, 3U);
}

/// The share of Poisson arrivals that find `limit` calls in flight, each of which takes what `service` says
/// of 64 uniform bits.
template <class Service>
Estimate lost_share(std::uint64_t limit, Duration mean_gap, std::uint64_t seed, Service service) {
  const int batch_size = limit >= 1'000 ? 400'000 : 20'000;
  constexpr int batches = 40;
  Concurrency concurrency({.limit = limit});
  testing::PoissonArrivals arrivals(seed, mean_gap, testing::at("2026-03-02T14:00:00Z"));
  Draws draws(Random{seed}.stream("service"));
  std::priority_queue<Instant, std::vector<Instant>, std::greater<>> ends;
  std::vector<double> means;
  for (int batch = 0; batch <= batches; ++batch) {
    int lost = 0;
    for (int i = 0; i < batch_size; ++i) {
      const Instant now = arrivals.next();
      for (; !ends.empty() && ends.top() <= now; ends.pop()) concurrency.release(ends.top());
      if (concurrency.try_acquire(now)) {
        ends.push(now + service(draws.next()));
      } else {
        ++lost;
      }
    }
    if (batch > 0) means.push_back(static_cast<double>(lost) / batch_size);  // the first one warms up
  }
  return testing::estimate(means);
}

TEST(ClosedForms, ConcurrencyLosesAsErlangBHoweverLongEachCallTakes) {
  const std::size_t rows = for_each_oracle<2>("erlangB c=%lf a=%lf", [](auto n, double expected, auto seed) {
    const auto limit = static_cast<std::uint64_t>(n[0]);
    const auto random_length = [](std::uint64_t bits) { return exponential(bits, 1s); };
    const auto same_length = [](std::uint64_t) { return Duration{1s}; };
    expect_within_4_standard_errors(lost_share(limit, gap(1s, n[1]), seed, random_length), expected, seed);
    expect_within_4_standard_errors(lost_share(limit, gap(1s, n[1]), seed, same_length), expected, seed);
  });
  EXPECT_EQ(rows, 7U);
}

TEST(ClosedForms, TimeToExhaustionIsBurstOverExcessRate) {
  const double expected = read_oracles().at("time_to_exhaustion b=600 r=600 lam=1000.0").get<double>();
  TokenBucket bucket({.limit = 600, .window = 1s, .burst = 600});
  const Instant start = testing::at("2026-03-02T14:00:00Z");
  Instant now = start;
  while (bucket.try_acquire(now)) now += 1ms;
  // The fluid model has neither the call at the very start nor the last whole token: one gap of 1 ms each
  // way.
  EXPECT_NEAR(static_cast<double>((now - start).count()) / 1e9, expected, 0.003);
}

}  // namespace
}  // namespace rushhour::limit
