/// \file
/// What the tests of closed forms share: the oracles' values, and the comparison within 4 standard errors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/time.hpp>

#include "../limit/statistics.hpp"

namespace rushhour::sim {

/// A value of tests/conformance/queueing_oracles.json, whose keys say what it is.
inline double oracle(const std::string& name) {
#ifdef RUSHHOUR_CONFORMANCE_DIR
  const std::filesystem::path folder = RUSHHOUR_CONFORMANCE_DIR;
#else
  const std::filesystem::path folder =
      std::filesystem::path{__FILE__}.parent_path().parent_path() / "conformance";
#endif
  std::ifstream file(folder / "queueing_oracles.json");
  EXPECT_TRUE(file) << folder;
  const nlohmann::json oracles = nlohmann::json::parse(file);
  EXPECT_TRUE(oracles.contains(name)) << name;
  return oracles.value(name, 0.0);
}

/// \param share_max  how large a standard error may be, as a share of the expected value, for the comparison
/// to show
///                   anything
inline void expect_within_4_standard_errors(const std::vector<double>& batch_means, double expected,
                                            std::uint64_t seed, double share_max = 0.03) {
  const limit::testing::Estimate measured = limit::testing::estimate(batch_means);
  EXPECT_NEAR(measured.mean, expected, 4 * measured.standard_error)
      << "seed " << seed << ", measured " << measured.mean << " +- " << measured.standard_error;
  EXPECT_LT(measured.standard_error, share_max * expected) << "the run is too short to show anything";
  ::testing::Test::RecordProperty("standard_errors_off",
                                  std::to_string((measured.mean - expected) / measured.standard_error));
}

/// Gathers values in batches of a size; the first batch warms up and is left out.
class Batches {
 public:
  explicit Batches(std::uint64_t size) : size_(size) {}
  void add(double value) {
    sum_ += value;
    if (++count_ % size_ != 0) return;
    if (count_ > size_) means_.push_back(sum_ / static_cast<double>(size_));
    sum_ = 0;
  }
  [[nodiscard]] const std::vector<double>& means() const { return means_; }

 private:
  std::uint64_t size_;
  std::uint64_t count_{};
  double sum_{};
  std::vector<double> means_;
};

/// Poisson arrivals from the epoch on, `rate` a second.
inline std::vector<Instant> poisson_arrivals(std::uint64_t seed, double rate, std::uint64_t events) {
  limit::testing::PoissonArrivals arrivals{seed, Duration{static_cast<std::int64_t>(1e9 / rate + 0.5)},
                                           Instant{}};
  std::vector<Instant> out;
  for (std::uint64_t i = 0; i < events; ++i) out.push_back(arrivals.next());
  return out;
}

}  // namespace rushhour::sim
