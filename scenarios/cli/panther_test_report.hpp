/// \file
/// What `rushhour panther test` prints and writes: for people in the manner of panther_analysis_tool, for
/// machines as JSON and JUnit XML.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/panther/rule_pack.hpp>
#include <rushhour/panther/rule_test.hpp>

namespace rushhour::cli {

/// One rule and those of its tests that were run.
struct TestedRule {
  const panther::RuleSpec* rule{};
  std::vector<std::string> failures{};  ///< of the rule itself: too few tests, a module that does not load
  std::vector<panther::TestVerdict> tests{};

  [[nodiscard]] bool passed() const;
};

struct PantherTestReport {
  const panther::RulePack* pack{};
  std::vector<TestedRule> rules{};

  struct Counts {
    std::uint64_t passed{};  ///< tests
    std::uint64_t failed{};
    std::uint64_t failed_rules{};  ///< whose own failures are no test's
  };
  [[nodiscard]] Counts counts() const;
};

/// One rule with its tests, what each function returned and what was called.
[[nodiscard]] std::string to_text(const TestedRule& rule);
/// What comes behind all rules: sums, failures once more, what was left out and what is broken.
[[nodiscard]] std::string summary_text(const PantherTestReport& report);
/// `{"format": "rushhour.panther-test/1", ...}`, with all that functions returned.
[[nodiscard]] std::string to_json(const PantherTestReport& report);
/// A `testsuite` for each rule, a `testcase` for each test; a file that cannot be read is one with an error.
[[nodiscard]] std::string to_junit(const PantherTestReport& report);

}  // namespace rushhour::cli
