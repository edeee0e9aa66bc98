// What queueing theory says of events that wait for one of a fixed number of workers: O1 and O2 of the
// oracles. Within 4 standard errors at fixed seeds.

#include <rushhour/sim/fleet.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/random.hpp>
#include <rushhour/sim/event_loop.hpp>

#include "listed_source.hpp"
#include "oracles.hpp"

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;

/// How long events waited, in services of a second on average: batch means of the share that waited at all,
/// and of the wait.
struct Waits {
  Batches waited;
  Batches seconds;
};

constexpr int batches = 40;

/// Lets `workers` take Poisson arrivals, `load` a second; each event takes as long as `service(event)`.
template <class Service>
Waits waits(std::size_t workers, double load, std::uint64_t seed, std::uint64_t batch, Service service) {
  Waits out{Batches{batch}, Batches{batch}};
  ListedSource source{poisson_arrivals(seed, load, (batches + 1) * batch)};
  EventLoop loop;
  Fleet fleet{loop, source};
  fleet.start(workers, [&](std::size_t) {
    return [&](const event::Event& event) {
      const Duration wait = loop.now() - event.arrival();
      out.waited.add(wait > Duration::zero() ? 1 : 0);
      out.seconds.add(static_cast<double>(wait.count()) / 1e9);
      loop.sleep_for(service(event.id()));
    };
  });
  loop.run();
  return out;
}

struct ErlangC {
  std::size_t workers;
  const char* load;  ///< as the oracles write it
  std::uint64_t batch;
};

class PoissonArrivalsAndExponentialServices : public ::testing::TestWithParam<ErlangC> {};

TEST_P(PoissonArrivalsAndExponentialServices, WaitAsErlangSays) {
  const auto [workers, load, batch] = GetParam();
  const std::uint64_t seed = 20'260'302 + workers;
  const Stream services = Random{seed}.stream("services");
  const Waits measured = waits(workers, std::stod(load), seed, batch,
                               [&](std::uint64_t event) { return exponential(services.at(event), 1s); });
  const std::string row = "c=" + std::to_string(workers) + " a=" + load;
  expect_within_4_standard_errors(measured.waited.means(), oracle("erlangC " + row), seed, 0.04);
  expect_within_4_standard_errors(measured.seconds.means(), oracle("MMc Wq(mu=1) " + row), seed, 0.08);
}

// A batch is as long as some hundred times what the queue remembers, 1 / (sqrt(c) - sqrt(a))^2 services.
INSTANTIATE_TEST_SUITE_P(Of, PoissonArrivalsAndExponentialServices,
                         ::testing::Values(ErlangC{2, "1.5", 10'000}, ErlangC{10, "8.0", 10'000},
                                           ErlangC{100, "90.0", 20'000}),
                         [](const auto& test) { return std::to_string(test.param.workers) + "Workers"; });

struct Utilisation {
  const char* rho;
  std::uint64_t batch;
};

class PoissonArrivalsAndConstantServices : public ::testing::TestWithParam<Utilisation> {};

TEST_P(PoissonArrivalsAndConstantServices, WaitAsPollaczekAndKhinchinSay) {
  const auto [rho, batch] = GetParam();
  constexpr std::uint64_t seed = 20'260'302;
  const Waits measured = waits(1, std::stod(rho), seed, batch, [](std::uint64_t) { return 1s; });
  expect_within_4_standard_errors(measured.seconds.means(), oracle(std::string{"MD1 Wq/D rho="} + rho), seed,
                                  0.04);
}

INSTANTIATE_TEST_SUITE_P(At, PoissonArrivalsAndConstantServices,
                         ::testing::Values(Utilisation{"0.5", 5'000}, Utilisation{"0.8", 10'000},
                                           Utilisation{"0.9", 20'000}),
                         [](const auto& test) {
                           return "Utilisation0" + std::string{test.param.rho}.substr(2);
                         });

}  // namespace
}  // namespace rushhour::sim
