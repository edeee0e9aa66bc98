// What queueing theory says of invocations that find all environments busy: O3 of the oracles, Erlang's loss
// formula, whatever the law of the service. Within 4 standard errors at fixed seeds.

#include <rushhour/sim/lambda_fleet.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/random.hpp>

#include "lambda_bench.hpp"
#include "oracles.hpp"

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;

enum class Service { exponential, constant };

/// Each event is a message, and each message an invocation, which is refused at the limit and never comes
/// back. \return batch means of the refused share
std::vector<double> refused_share(std::uint32_t environments, double load, Service service,
                                  std::uint64_t seed) {
  constexpr std::uint64_t batch = 5'000;
  constexpr std::uint64_t events = 41 * batch;
  const Stream services = Random{seed}.stream("services");
  LambdaBench bench;
  bench.engine.poller = {.batch_size = 1,
                         .batch_window = 0s,
                         .concurrency_initial = 2 * environments,
                         .concurrency_max = 2 * environments};
  bench.engine.lambda.concurrency_max = environments;
  bench.engine.lambda.environments_per_10s = 1'000'000;
  bench.engine.queue = {.visibility_timeout = std::chrono::days{365}, .receives_max = 1};
  bench.service = [&](std::uint64_t event) {
    return service == Service::constant ? Duration{1s} : exponential(services.at(event), 1s);
  };
  bench.run(poisson_arrivals(seed, load, events));
  EXPECT_EQ(bench.counts.throttled, bench.dead_lettered.size());
  EXPECT_EQ(bench.counts.invocations + bench.counts.throttled, events);
  EXPECT_EQ(bench.counts.concurrency_max, environments);
  EXPECT_EQ(bench.alive_max, static_cast<int>(environments));
  EXPECT_EQ(bench.counts.timed_out, 0U);

  std::vector<bool> refused(events + 1);
  for (const std::uint64_t event : bench.dead_lettered) refused[event] = true;
  Batches out{batch};
  for (std::uint64_t event = 1; event <= events; ++event) out.add(refused[event] ? 1 : 0);
  return out.means();
}

class ConcurrencyLimit : public ::testing::TestWithParam<Service> {};

TEST_P(ConcurrencyLimit, RefusesAsErlangSaysWhateverTheService) {
  constexpr std::uint64_t seed = 20'260'302;
  expect_within_4_standard_errors(refused_share(10, 8.0, GetParam(), seed), oracle("erlangB c=10 a=8.0"),
                                  seed);
}

INSTANTIATE_TEST_SUITE_P(For, ConcurrencyLimit, ::testing::Values(Service::exponential, Service::constant),
                         [](const auto& test) {
                           return std::string{test.param == Service::constant ? "Constant" : "Exponential"};
                         });

}  // namespace
}  // namespace rushhour::sim
