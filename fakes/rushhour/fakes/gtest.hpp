/// \file
/// The fixture for unit tests of detections in GoogleTest: a test bench whose seed comes from the
/// environment, and which says after a failure what was called and how to run the test again. The matchers
/// are rushhour/gtest.hpp.
#pragma once

#include <gtest/gtest.h>

#include <iostream>
#include <string>
#include <utility>

#include <rushhour/fakes/test_bench.hpp>
#include <rushhour/gtest.hpp>

namespace rushhour::fakes {

/// Each test has a world of its own. Derive to change it:
///
/// \code
///   class WithRetries : public rushhour::fakes::DetectionTest {
///    protected:
///     WithRetries() : DetectionTest({.retry_policy = "legacy"}) {}
///   };
/// \endcode
class DetectionTest : public ::testing::Test, public TestBench {
 protected:
  /// RUSHHOUR_SEED, where it is set, takes the place of the options' seed.
  explicit DetectionTest(TestBench::Options options = {}) : TestBench(with_seed(std::move(options))) {}

  void TearDown() override {
    if (HasFailure()) std::cout << report_unless_said();
  }

 private:
  static TestBench::Options with_seed(TestBench::Options options) {
    std::uint64_t& seed = options.panther.world.seed;
    seed = seed_from_environment(seed);
    return options;
  }

  /// The calls and the seed; nothing when a failed assertion on the calls has printed them.
  [[nodiscard]] std::string report_unless_said() const {
    const std::string line = reproduce_line(panther.world.options.seed);
    const ::testing::TestResult& result = *::testing::UnitTest::GetInstance()->current_test_info()->result();
    for (int i = 0; i < result.total_part_count(); ++i) {
      if (std::string_view{result.GetTestPartResult(i).message()}.find(line) != std::string_view::npos)
        return {};
    }
    return ::testing::PrintToString(calls()) + "\n";
  }
};

}  // namespace rushhour::fakes
