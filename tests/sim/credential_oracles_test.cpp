// How often c containers fetch one credential that each keeps for T: O18 of the oracles, lam / (1 + lam T /
// c) a second. Within 4 standard errors at fixed seeds.
//
// Each container sees Poisson events of rate lam / c: all c are always busy, with services that are
// exponential. From one fetch to the next it is T, and then until the next event, so the mean of that cycle
// is T + c / lam, and the containers together fetch c times in it.

#include <rushhour/sim/simulation.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/random.hpp>

#include "bench.hpp"
#include "oracles.hpp"

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;

/// The events of a million an hour, as the oracles write it.
constexpr double events_per_second = 277.8;

/// A module that keeps a credential.
struct Credential {
  std::optional<Instant> fetched{};

  /// Whether it must be fetched.
  bool expired(Instant now, Duration ttl) {
    if (fetched && now - *fetched < ttl) return false;
    fetched = now;
    return true;
  }
};
/// When a container last fetched, in a helper module, which outlives a reload of the rules.
struct LastFetch {
  std::optional<Instant> at{};
};

enum class KeptIn { helper_module, rule_module };

struct Case {
  std::size_t containers;
  Duration ttl;
  KeptIn kept_in;
  const char* oracle;             ///< its T
  std::uint64_t events{400'000};  ///< enough for a cycle of each container
};

struct Fetching {
  [[nodiscard]] std::string_view name() const { return "fetching"; }
  [[nodiscard]] bool rule(const event::Event&, detect::Context& context) {
    Credential& credential =
        of->kept_in == KeptIn::rule_module ? own : context.helpers().module<Credential>("credential");
    const Instant now = context.clock().now();
    if (credential.expired(now, of->ttl)) {
      std::optional<Instant>& last = context.helpers().module<LastFetch>("last fetch").at;
      if (last) cycles->push_back(static_cast<double>((now - *last).count()) / 1e9);
      last = now;
    }
    context.clock().sleep_for(exponential(context.random(), service));
    return false;
  }
  const Case* of{};
  Duration service{};
  std::vector<double>* cycles{};
  Credential own{};
};

class SharedCredential : public ::testing::TestWithParam<Case> {};

TEST_P(SharedCredential, IsFetchedAsOftenAsRenewalTheorySays) {
  const Case& of = GetParam();
  const double mean_service = static_cast<double>(of.containers) / events_per_second;
  const Duration service{static_cast<std::int64_t>(mean_service * 1e9)};
  std::vector<double> cycles;
  Bench bench{of.containers};
  ASSERT_EQ(bench.options.engine.rules_reload, Duration{5min});
  const auto result = bench.run({planned("fetching",
                                         [&] {
                                           return Fetching{&of, service, &cycles};
                                         })},
                                std::vector<Instant>(of.events, at(0s)));
  EXPECT_EQ(result.delivery.processed, of.events);

  const double per_hour =
      oracle("cred_calls_per_hour lam=277.8 c=" + std::to_string(of.containers) + " T=" + of.oracle);
  ASSERT_GE(cycles.size(), 100U);
  // The cycles are independent of each other: each is a batch.
  expect_within_4_standard_errors(cycles, static_cast<double>(of.containers) * 3600 / per_hour, bench_seed);
}

INSTANTIATE_TEST_SUITE_P(Kept, SharedCredential,
                         ::testing::Values(Case{100, 300s, KeptIn::helper_module, "300.0"},
                                           Case{1'000, 300s, KeptIn::helper_module, "300.0"},
                                           Case{100, 3600s, KeptIn::helper_module, "3600.0", 1'200'000},
                                           Case{100, 3600s, KeptIn::rule_module, "300.0"},
                                           Case{1'000, 3600s, KeptIn::rule_module, "300.0"},
                                           Case{1'000, 300s, KeptIn::rule_module, "300.0"}),
                         [](const auto& test) {
                           return std::string{test.param.kept_in == KeptIn::rule_module ? "InARuleModule"
                                                                                        : "InAHelperModule"} +
                                  "For" + rushhour::to_text(test.param.ttl) + "By" +
                                  std::to_string(test.param.containers);
                         });

}  // namespace
}  // namespace rushhour::sim
