// The caches against what theory says of them: spec simulation.md O15 and O18. Doubles are fine here: nothing
// of it is reported.

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/detect/detection.hpp>
#include <rushhour/detect/virustotal_enrichment.hpp>
#include <rushhour/event/cloudtrail.hpp>
#include <rushhour/event/json.hpp>
#include <rushhour/event/udm.hpp>
#include <rushhour/fakes/role_credentials.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/random.hpp>
#include <rushhour/retry/policies.hpp>

#include "../limit/statistics.hpp"

namespace rushhour::detect {
namespace {

using limit::testing::estimate;
using limit::testing::Estimate;
using namespace std::chrono_literals;

constexpr std::uint64_t seed = 2026;

/// Containers without fibers: each takes the events that chance gives it, one after another, on one clock.
class Containers {
 public:
  Containers(std::size_t count, const EnrichmentOptions& enrichment)
      : clock_(panther_.world.options.start),
        engine_(panther_.world.iam, panther_.engine_role_arn, "panther-rules-engine") {
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      policies_[i] = retry::make("none", {.service = std::string{to_text(static_cast<api::Service>(i))}});
      shared_policies_[i] = policies_[i].get();
    }
    for (std::size_t i = 0; i < count; ++i)
      containers_.push_back(std::make_unique<Container>(*this, enrichment));
  }

  /// An event at this instant, in this container.
  void take(std::size_t container, Instant arrival, const std::string& source) {
    clock_.sleep_until(arrival);
    const event::Event event =
        event::from_json(R"({"eventName":"GetSecretValue","sourceIPAddress":")" + source + "\"}",
                         {.id = ++events_,
                          .arrival = arrival,
                          .time = arrival,
                          .log_type = event::cloudtrail::log_type,
                          .model = &model_});
    Container& at = *containers_[container];
    static_cast<void>(evaluate(at.detection, event, at.context, &nobody_reads_));
  }

  [[nodiscard]] const StrategyCounts& counts() const { return counts_; }
  [[nodiscard]] Instant start() const { return panther_.world.options.start; }

 private:
  /// Spares the texts of contexts: the look-up is in the rule.
  struct Nobody final : ContextWanted {
    [[nodiscard]] bool wants(const Alert& /*alert*/) override { return false; }
  };
  struct Container {
    Container(Containers& owner, EnrichmentOptions enrichment)
        : session{.endpoint = &owner.panther_.world, .clock = &owner.clock_},
          context(session, owner.engine_, owner.shared_policies_),
          detection(options(owner, std::move(enrichment))) {}
    static VirusTotalDetection::Options options(Containers& owner, EnrichmentOptions enrichment) {
      enrichment.role_arn = owner.panther_.customer_role_arn;
      return {.name = "Test.ClosedForms",
              .strategy = Strategy::call_in_rule,
              .match = Match::event_names({"GetSecretValue"}),
              .enrichment = std::move(enrichment),
              .counts = &owner.counts_};
    }
    api::Session session;
    Context context;
    VirusTotalDetection detection;
  };

  fakes::PantherWorld panther_{{.world = {.journal_capacity = 0}, .virustotal_quota = {}}};
  VirtualClock clock_;
  fakes::RoleCredentials engine_;
  std::array<std::unique_ptr<retry::Policy>, api::service_count> policies_{};
  RetryPolicies shared_policies_{};
  event::DataModel model_ = event::cloudtrail_data_model();
  StrategyCounts counts_{};
  Nobody nobody_reads_{};
  std::uint64_t events_ = 0;
  std::vector<std::unique_ptr<Container>> containers_{};
};

/// Of what one batch of arrivals added to a count, so many times; the first batch warms up.
template <class Arrive, class Count>
Estimate per_event(int batches, int batch_size, Arrive arrive, Count count) {
  std::vector<double> means;
  for (int batch = 0; batch <= batches; ++batch) {
    const std::uint64_t before = count();
    for (int i = 0; i < batch_size; ++i) arrive();
    if (batch > 0) means.push_back(static_cast<double>(count() - before) / batch_size);
  }
  return estimate(means);
}

struct Fleet {
  std::size_t containers{};
  Duration mean_gap{};
};

class SharedCredentials : public ::testing::TestWithParam<Fleet> {};

// O18: each container renews on the first event after its credentials' end, and waits for that event c /
// lambda in the mean.
TEST_P(SharedCredentials, AreFetchedAtTheRateOfTheClosedForm) {
  const auto [containers, mean_gap] = GetParam();
  Containers fleet{containers, {.credentials_cache = {{.home = CacheHome::helper_module}}}};
  limit::testing::PoissonArrivals arrivals(seed, mean_gap, fleet.start());
  Draws chooses{Random{seed}.stream("containers")};
  const Estimate fetched = per_event(
      40, 4'000, [&] { fleet.take(uniform_below(chooses.next(), containers), arrivals.next(), "8.8.8.8"); },
      [&] { return fleet.counts().credentials.misses(); });
  const double lambda = 1.0 / std::chrono::duration<double>(mean_gap).count();
  const double lifetime = std::chrono::duration<double>(1h - credentials_renewal_margin).count();
  const double expected = 1.0 / (1.0 + lambda * lifetime / static_cast<double>(containers));
  EXPECT_NEAR(fetched.mean, expected, 4 * fetched.standard_error) << "seed " << seed;
  EXPECT_LT(fetched.standard_error, expected / 20) << "a test that could not fail";
  EXPECT_EQ(fleet.counts().credentials.reset, containers) << "each container's first";
  EXPECT_EQ(fleet.counts().credentials.cold, 0U);
}

INSTANTIATE_TEST_SUITE_P(ClosedForms, SharedCredentials, ::testing::Values(Fleet{10, 30s}, Fleet{100, 10s}),
                         [](const ::testing::TestParamInfo<Fleet>& test) {
                           return std::to_string(test.param.containers) + "Containers";
                         });

// O15: an address that is asked for l times a second is in the cache l T / (1 + l T) of the times.
TEST(CachedVerdicts, HitAsOftenAsTheClosedFormSays) {
  constexpr std::uint32_t addresses = 1'000;
  constexpr Duration mean_gap = 10ms;
  constexpr Duration ttl = 30s;
  const Ratio exponent{1, 1};
  Containers one{1, {.verdict_cache = {{.home = CacheHome::helper_module, .ttl = ttl}}}};
  limit::testing::PoissonArrivals arrivals(seed, mean_gap, one.start());
  const AliasTable zipf = AliasTable::of_zipf(addresses, exponent);
  Draws chooses{Random{seed}.stream("addresses")};
  const Estimate hits = per_event(
      40, 10'000,
      [&] { one.take(0, arrivals.next(), address_text(Ipv4{0x08000000} + zipf(chooses.next()))); },
      [&] { return one.counts().verdicts.hits; });

  double weights = 0;
  for (std::uint32_t rank = 1; rank <= addresses; ++rank) weights += 1.0 / rank;
  const double used_in_ttl = std::chrono::duration<double>(ttl) / std::chrono::duration<double>(mean_gap);
  double expected = 0;
  for (std::uint32_t rank = 1; rank <= addresses; ++rank) {
    const double share = 1.0 / rank / weights;
    expected += share * share * used_in_ttl / (1.0 + share * used_in_ttl);
  }
  EXPECT_NEAR(hits.mean, expected, 4 * hits.standard_error) << "seed " << seed;
  EXPECT_LT(hits.standard_error, expected / 100) << "a test that could not fail";
  EXPECT_EQ(one.counts().verdicts.evicted, 0U);
  EXPECT_EQ(one.counts().verdicts.reset, 1U);
  EXPECT_EQ(one.counts().verdicts.cold, addresses - 1);
}

}  // namespace
}  // namespace rushhour::detect
