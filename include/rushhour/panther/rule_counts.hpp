/// \file
/// What one rule did in a run, as far as the simulation's own numbers do not say it: which of its functions
/// failed and how, and what it waited for. Its calls are in measure/meters.hpp, by the name of
/// the detection.
#pragma once

#include <rushhour/panther/object.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <rushhour/detail/wide.hpp>
#include <rushhour/panther/rule.hpp>
#include <rushhour/time.hpp>

namespace rushhour::panther {

/// All errors of one function with one exception at one line.
struct RuleErrorRow {
  RuleFunction function{};
  std::string type{};  ///< `KeyError`
  std::string text{};  ///< of the first: `KeyError: 'data'`
  std::string file{};  ///< empty where no line of the pack raised it
  int line{};
  std::uint64_t count{};
  std::uint64_t first_event{};
};

/// The counts of one rule, over all containers. Redelivered events count each time that they are looked at.
struct RuleCounts {
  std::string rule{};       ///< the RuleID
  std::string detection{};  ///< the name in the run
  std::uint64_t events{};   ///< of its log types: rule() was called
  std::uint64_t matches{};
  std::uint64_t rule_errors{};     ///< rule() could not decide
  std::uint64_t context_errors{};  ///< matches with `{"_error": ...}` as their context
  std::array<std::uint64_t, rule_function_count> errors{};  ///< by function
  std::vector<RuleErrorRow> error_rows{};                   ///< in the order of their first
  std::uint64_t loads{};                 ///< its module was executed: by container and reload
  rushhour::detail::int128 waited_ns{};  ///< virtual time that its functions took

  void add(const FunctionError& error, std::uint64_t event) {
    ++errors[static_cast<std::size_t>(error.function)];
    const auto found = std::find_if(error_rows.begin(), error_rows.end(), [&](const RuleErrorRow& row) {
      return row.function == error.function && row.line == error.line && row.type == error.type &&
             row.file == error.file;
    });
    if (found != error_rows.end()) {
      ++found->count;
      return;
    }
    error_rows.push_back({.function = error.function,
                          .type = error.type,
                          .text = error.text,
                          .file = error.file,
                          .line = error.line,
                          .count = 1,
                          .first_event = event});
  }
};

}  // namespace rushhour::panther
