// What queueing theory says of retries, within 4 standard errors at fixed seeds: a small loop in virtual time
// drives the policies against a token bucket.

#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/limit/token_bucket.hpp>
#include <rushhour/random.hpp>
#include <rushhour/retry/legacy.hpp>
#include <rushhour/retry/standard.hpp>
#include <rushhour/retry/standard_2026.hpp>

#include "../limit/statistics.hpp"
#include "vectors.hpp"

namespace rushhour::retry {
namespace {

using namespace std::chrono_literals;
using limit::testing::Estimate;
using limit::testing::estimate;
using testing::throttling;
using testing::unavailable;

using Policies = std::vector<std::unique_ptr<Policy>>;

template <class Kind>
Policies clients_of(std::size_t count, typename Kind::Options options = {}) {
  Policies out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(std::make_unique<Kind>(options));
  return out;
}

void expect_within_4_standard_errors(const Estimate& measured, double expected, const std::string& what) {
  EXPECT_NEAR(measured.mean, expected, 4 * measured.standard_error + 1e-9)
      << what << ": measured " << measured.mean << " +- " << measured.standard_error;
  EXPECT_LT(measured.standard_error, 0.005) << what << ": the run is too short to show anything";
}

/// What a run measured of its attempts.
struct Measured {
  Estimate amplification{};  ///< attempts per call
  Estimate failing{};        ///< failed attempts per attempt
  Estimate goodput{};        ///< successful calls per call
};

/// Counts of one batch of equally many calls.
struct Batch {
  double calls{};
  double attempts{};
  double failed{};
};

Measured measured(const std::vector<Batch>& batches) {
  std::vector<double> amplification;
  std::vector<double> failing;
  std::vector<double> goodput;
  for (const Batch& batch : batches) {
    amplification.push_back(batch.attempts / batch.calls);
    failing.push_back(batch.failed / batch.attempts);
    goodput.push_back((batch.attempts - batch.failed) / batch.calls);
  }
  return {estimate(amplification), estimate(failing), estimate(goodput)};
}

constexpr std::size_t batch_count = 40;
constexpr std::uint64_t batch_calls = 40'000;

// --- O10: attempts fail independently -------------------------------------------------------------------

/// Calls one after another whose attempts fail with the chance `share`, whatever else happens.
Measured fail_independently(Policy& policy, Ratio share, std::uint64_t seed) {
  Draws draws{Random{seed}.stream("attempts")};
  std::vector<Batch> batches(batch_count);
  for (Batch& batch : batches) {
    for (std::uint64_t call = 0; call < batch_calls; ++call) {
      ++batch.calls;
      for (unsigned attempts = 1;; ++attempts) {
        ++batch.attempts;
        if (!chance(draws.next(), share)) {
          policy.on_success(attempts, attempts > 1 ? &throttling : nullptr, Instant{});
          break;
        }
        ++batch.failed;
        if (!policy.before_retry(throttling, attempts, Instant{}, draws.next())) break;
      }
    }
  }
  return measured(batches);
}

void expect_geometric(Policy& policy, Ratio share, std::uint64_t seed) {
  const double p = share.to_double();
  const double lost = std::pow(p, policy.max_attempts());
  const Measured run = fail_independently(policy, share, seed);
  const std::string what = std::string{policy.name()} + ", seed " + std::to_string(seed);
  expect_within_4_standard_errors(run.amplification, (1 - lost) / (1 - p), what);
  expect_within_4_standard_errors(run.goodput, 1 - lost, what);
}

TEST(RetryClosedForms, IndependentFailuresMakeAGeometricSum) {
  Legacy three{{.max_attempts = 3}};
  expect_geometric(three, {1, 2}, 101);
  Legacy five;
  expect_geometric(five, {1, 2}, 102);
  expect_geometric(five, {9, 10}, 103);
}

TEST(RetryClosedForms, AQuotaIsNotFeltWhileFewAttemptsFail) {
  Standard standard;
  expect_geometric(standard, {1, 10}, 104);
  Standard2026 standard_2026;
  expect_geometric(standard_2026, {1, 10}, 105);
}

// --- O11, O12: overload -----------------------------------------------------------------------------------

struct Overload {
  std::uint64_t demand_percent{200};  ///< R, calls per token that flows in
  Failure failure{};                  ///< what the service answers when it has none left
  std::uint64_t seed{};
};

/// Poisson calls, spread over the clients, at a service that admits 1,000 a second. Answers take no time. A
/// second of jitter is long against the millisecond between tokens, so retries come as if independent.
Measured overload(Policies clients, const Overload& options) {
  struct Attempt {
    Instant at{};
    std::uint64_t call{};
    unsigned number{1};
    bool operator>(const Attempt& other) const { return std::tie(at, call) > std::tie(other.at, other.call); }
  };
  limit::TokenBucket service{{.limit = 1000, .burst = 10}};
  limit::testing::PoissonArrivals arrivals{options.seed, Duration{100'000'000 / options.demand_percent},
                                           Instant{}};
  Draws draws{Random{options.seed}.stream("jitter")};
  std::priority_queue<Attempt, std::vector<Attempt>, std::greater<>> waiting;
  std::vector<Batch> batches;
  waiting.push({.at = arrivals.next(), .call = 0});
  for (std::uint64_t calls = 1; batches.size() <= batch_count;) {
    const Attempt attempt = waiting.top();
    waiting.pop();
    if (attempt.number == 1) {
      if (attempt.call % batch_calls == 0) batches.emplace_back();
      ++batches.back().calls;
      waiting.push({.at = arrivals.next(), .call = calls++});
    }
    ++batches.back().attempts;
    Policy& policy = *clients[attempt.call % clients.size()];
    if (service.try_acquire(attempt.at)) {
      policy.on_success(attempt.number, attempt.number > 1 ? &options.failure : nullptr, attempt.at);
      continue;
    }
    ++batches.back().failed;
    const auto delay = policy.before_retry(options.failure, attempt.number, attempt.at, draws.next());
    if (delay) waiting.push({attempt.at + *delay, attempt.call, attempt.number + 1});
  }
  batches.erase(batches.begin());  // it warms up
  batches.pop_back();              // it has only begun
  return measured(batches);
}

/// O11: each attempt fails with p = (1 - 1/R)^(1/n).
TEST(RetryClosedForms, OverloadWithoutAQuotaIsAmplified) {
  struct Row {
    std::uint64_t demand_percent;
    unsigned attempts;
    double failing;
    double amplification;
  };
  std::uint64_t seed = 200;
  for (const Row& row : {Row{200, 3, 0.793700526, 2.423661}, Row{200, 5, 0.8705505633, 3.862512},
                         Row{150, 3, 0.6933612743, 2.174111}}) {
    const std::string what = std::to_string(row.attempts) + " attempts at " +
                             std::to_string(row.demand_percent) + " %, seed " + std::to_string(++seed);
    const double ratio = static_cast<double>(row.demand_percent) / 100;
    const Measured run =
        overload(clients_of<Legacy>(1, {.max_attempts = row.attempts}),
                 {.demand_percent = row.demand_percent, .failure = throttling, .seed = seed});
    ASSERT_NEAR(std::pow(1 - 1 / ratio, 1.0 / row.attempts), row.failing, 1e-9) << what;
    expect_within_4_standard_errors(run.failing, row.failing, what);
    expect_within_4_standard_errors(run.amplification, row.amplification, what);
    expect_within_4_standard_errors(run.goodput, 1 / ratio, what);
  }
}

struct QuotaRow {
  std::string what;
  std::function<Policies()> clients;
  Failure failure;
  unsigned cost;
  std::uint64_t demand_percent;
  double amplification;  ///< as published, to four places
};

class OverloadWithQuota : public ::testing::TestWithParam<QuotaRow> {};

/// O12: with A attempts and R calls per token of the service, (A - R)(A - 1) = R / c, where c is what a retry
/// costs. So many clients share it makes no difference.
TEST_P(OverloadWithQuota, IsAmplifiedAsItsTokenBalanceSays) {
  constexpr std::uint64_t seed = 300;
  const QuotaRow& row = GetParam();
  const double r = static_cast<double>(row.demand_percent) / 100;
  const double a = ((1 + r) + std::sqrt((1 + r) * (1 + r) - 4 * r + 4 * r / row.cost)) / 2;
  ASSERT_NEAR(a / r, row.amplification, 5e-5);
  const Measured run =
      overload(row.clients(), {.demand_percent = row.demand_percent, .failure = row.failure, .seed = seed});
  const std::string what = "seed " + std::to_string(seed);
  expect_within_4_standard_errors(run.amplification, a / r, what);
  expect_within_4_standard_errors(run.failing, 1 - 1 / a, what);
}

const auto one_standard = [] { return clients_of<Standard>(1); };
INSTANTIATE_TEST_SUITE_P(
    Retry, OverloadWithQuota,
    ::testing::Values(QuotaRow{"Standard200Percent", one_standard, throttling, 5, 200, 1.1531},
                      QuotaRow{"Standard150Percent", one_standard, throttling, 5, 150, 1.2347},
                      QuotaRow{"Standard500Percent", one_standard, throttling, 5, 500, 1.0472},
                      QuotaRow{"Standard50Clients", [] { return clients_of<Standard>(50); }, throttling, 5,
                               200, 1.1531},
                      QuotaRow{"Standard2026Throttled", [] { return clients_of<Standard2026>(1); },
                               throttling, 5, 200, 1.1531},
                      QuotaRow{"Standard2026Unavailable", [] { return clients_of<Standard2026>(1); },
                               unavailable, 14, 200, 1.0634}),
    [](const auto& test) { return test.param.what; });

// --- O13: where the quota neither fills nor empties -------------------------------------------------------

/// How much a call takes out of the quota on average, or brings in, when it is neither full nor empty.
template <class Kind>
Estimate drift(const Failure& failure, Ratio share, std::uint64_t seed) {
  Draws draws{Random{seed}.stream("attempts")};
  std::vector<double> means;
  for (int run = 0; run < 4000; ++run) {
    Kind policy;
    while (policy.quota().available() > Quota::capacity / 2)
      (void)policy.before_retry(failure, 1, Instant{}, 0);
    const unsigned before = policy.quota().available();
    constexpr int calls = 50;  // too few to fill the quota or to empty it
    for (int call = 0; call < calls; ++call) {
      unsigned attempts = 1;
      bool ok = !chance(draws.next(), share);
      while (!ok && policy.before_retry(failure, attempts, Instant{}, 0)) {
        ++attempts;
        ok = !chance(draws.next(), share);
      }
      if (ok) policy.on_success(attempts, attempts > 1 ? &failure : nullptr, Instant{});
    }
    EXPECT_GT(policy.quota().available(), 0U);
    EXPECT_LT(policy.quota().available(), Quota::capacity);
    means.push_back((static_cast<double>(policy.quota().available()) - before) / calls);
  }
  return estimate(means);
}

/// Of three attempts the quota gains 1 - p, and loses c p^2 + c p^3: the cost of each retry that fails.
void expect_break_even(const std::function<Estimate(Ratio, std::uint64_t)>& drift_at, unsigned cost,
                       std::uint64_t ten_thousandths) {
  const auto expected = [&](double p) { return 1 - p - cost * p * p * (1 + p); };
  ASSERT_NEAR(expected(static_cast<double>(ten_thousandths) / 10'000), 0, 1e-3);
  for (const std::uint64_t share : {ten_thousandths - 500, ten_thousandths, ten_thousandths + 500}) {
    const std::uint64_t seed = 400 + share;
    const Estimate run = drift_at({share, 10'000}, seed);
    EXPECT_NEAR(run.mean, expected(static_cast<double>(share) / 10'000), 4 * run.standard_error)
        << "cost " << cost << ", share " << share << "/10000, seed " << seed;
    EXPECT_LT(run.standard_error, 0.02) << "the run is too short to show anything";
  }
}

TEST(RetryClosedForms, AQuotaBreaksEvenWhereItsDriftIsZero) {
  expect_break_even([](Ratio p, std::uint64_t seed) { return drift<Standard>(throttling, p, seed); },
                    Standard::retry_cost, 3207);
  expect_break_even([](Ratio p, std::uint64_t seed) { return drift<Standard>(testing::timeout, p, seed); },
                    Standard::timeout_cost, 2460);
  expect_break_even([](Ratio p, std::uint64_t seed) { return drift<Standard2026>(unavailable, p, seed); },
                    Standard2026::transient_cost, 2149);
}

}  // namespace
}  // namespace rushhour::retry
