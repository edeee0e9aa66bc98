#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

#include <rushhour/api/latency.hpp>
#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/random.hpp>

namespace rushhour::api {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t seed = 23;
constexpr Latency fixed{.low = 120ms};
constexpr Latency uniform{.kind = Latency::Kind::uniform, .low = 100ms, .high = 300ms};
constexpr Latency exponential_tail{.kind = Latency::Kind::exponential, .low = 50ms, .high = 80ms};

/// The mean of many samples in nanoseconds, and the extremes.
struct Sampled {
  double mean_ns{};
  Duration least{Duration::max()};
  Duration most{};
};

Sampled sample(const Latency& latency, std::uint64_t count) {
  Sampled out;
  const Stream stream{seed};
  for (std::uint64_t i = 0; i < count; ++i) {
    const Duration drawn = latency.sample(stream.at(i));
    out.mean_ns += static_cast<double>(drawn.count()) / static_cast<double>(count);
    out.least = std::min(out.least, drawn);
    out.most = std::max(out.most, drawn);
  }
  return out;
}

TEST(Latency, FixedIsAlwaysTheSame) {
  EXPECT_EQ(fixed.sample(0), 120ms);
  EXPECT_EQ(fixed.sample(UINT64_MAX), 120ms);
}

TEST(Latency, UniformIncludesBothEnds) {
  EXPECT_EQ(uniform.sample(0), 100ms);
  EXPECT_EQ(uniform.sample(UINT64_MAX), 300ms);
  constexpr Latency point{.kind = Latency::Kind::uniform, .low = 5ns, .high = 5ns};
  EXPECT_EQ(point.sample(UINT64_MAX), 5ns);
}

TEST(Latency, UniformHasItsMeanInTheMiddle) {
  // 4 standard errors: 200 ms / sqrt(12) / sqrt(100,000) is 0.183 ms.
  EXPECT_NEAR(sample(uniform, 100'000).mean_ns, 200e6, 0.73e6) << "seed " << seed;
}

TEST(Latency, ExponentialStartsAtItsFloorAndHasItsMeanAboveIt) {
  const Sampled sampled = sample(exponential_tail, 100'000);
  EXPECT_GE(sampled.least, 50ms);
  EXPECT_GT(sampled.most, 50ms + 5 * 80ms) << "a tail";
  // 4 standard errors: 80 ms / sqrt(100,000) is 0.253 ms.
  EXPECT_NEAR(sampled.mean_ns, 130e6, 1.02e6) << "seed " << seed;
}

TEST(Latencies, AreZeroUnlessSet) { EXPECT_EQ(Latencies{}.of(operation_of<sts::AssumeRole>).sample(7), 0ns); }

TEST(Latencies, AreSetForAServiceOrForOneOperation) {
  Latencies latencies;
  latencies.set(Service::sts, fixed);
  latencies.set(operation_of<sts::AssumeRole>, {.low = 1s});
  EXPECT_EQ(latencies.of(operation_of<sts::AssumeRole>).sample(7), 1s);
  EXPECT_EQ(latencies.of(operation_of<sts::GetCallerIdentity>).sample(7), 120ms);
  EXPECT_EQ(latencies.of(operation_of<secretsmanager::GetSecretValue>).sample(7), 0ns);
}

}  // namespace
}  // namespace rushhour::api
