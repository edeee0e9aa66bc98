/// \file
/// For the tests of limiters: instants from text, Poisson arrivals, and estimates with their standard errors.
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::limit::testing {

/// An instant that the test's author knows to be well written.
[[nodiscard]] inline Instant at(std::string_view iso8601) { return parse_iso8601(iso8601).value(); }

/// Poisson arrivals from `start` on.
class PoissonArrivals {
 public:
  PoissonArrivals(std::uint64_t seed, Duration mean_gap, Instant start)
      : draws_(Random{seed}.stream("arrivals")), mean_gap_(mean_gap), now_(start) {}
  Instant next() { return now_ += exponential(draws_.next(), mean_gap_); }

 private:
  Draws draws_;
  Duration mean_gap_;
  Instant now_;
};

struct Estimate {
  double mean{};
  double standard_error{};
};

/// From the means of equally long batches, which are long enough to be as good as independent.
[[nodiscard]] inline Estimate estimate(const std::vector<double>& batch_means) {
  const auto count = static_cast<double>(batch_means.size());
  double sum = 0;
  for (const double mean : batch_means) sum += mean;
  double squares = 0;
  for (const double mean : batch_means) squares += (mean - sum / count) * (mean - sum / count);
  return {sum / count, std::sqrt(squares / (count - 1) / count)};
}

/// The share of Poisson arrivals that a limiter refuses once it is in its stride. A large bucket near
/// saturation remembers long, and so needs longer batches.
template <class Limiter>
[[nodiscard]] Estimate refused_share(Limiter limiter, std::uint64_t seed, Duration mean_gap) {
  const int batch_size = limiter.remaining({}) >= 50 ? 160'000 : 40'000;
  constexpr int batches = 40;
  PoissonArrivals arrivals(seed, mean_gap, at("2026-03-02T14:00:00Z"));
  std::vector<double> means;
  for (int batch = 0; batch <= batches; ++batch) {
    int refused = 0;
    for (int i = 0; i < batch_size; ++i) refused += limiter.try_acquire(arrivals.next()) ? 0 : 1;
    if (batch > 0) means.push_back(static_cast<double>(refused) / batch_size);  // the first one warms up
  }
  return estimate(means);
}

}  // namespace rushhour::limit::testing
