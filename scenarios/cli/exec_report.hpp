/// \file
/// What a command called, in words, as JSON and as JUnit XML; and whether it kept to what it may cost. The
/// measuring is measure/'s, the judging of budgets scenario/'s.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <rushhour/fakes/world.hpp>
#include <rushhour/measure/meters.hpp>
#include <rushhour/scenario/metrics.hpp>
#include <rushhour/scenario/scenario.hpp>
#include <rushhour/time.hpp>

#include "max_calls.hpp"

namespace rushhour::cli {

/// What was asked of the command, and whether it is so: a budget, or a --max-calls.
struct Demand {
  std::string text{};  ///< `virustotal.attempts.per_minute.max <= 4`
  bool holds{};
  bool warns{};           ///< broken, it fails nothing
  std::string finding{};  ///< `fails: 5 is not <= 4`
};

struct ExecReport {
  /// The attempts of one account, or key, at one operation.
  struct Row {
    std::string operation{};
    std::string account{};  ///< empty: nobody was authenticated
    measure::Counts counts{};
  };

  std::vector<std::string> command{};
  std::string scenario{};  ///< its file; empty: none
  int exit_code{};
  Duration lasted{};  ///< on the wall clock
  std::vector<Row> rows{};
  std::vector<scenario::Pressure> pressures{};  ///< none where the world was reset, which fills all quotas
  std::vector<Section> sections{};
  std::map<std::string, std::uint64_t> refused_hosts{};  ///< and how often each was asked for
  std::vector<Demand> demands{};
  std::vector<std::string> not_judged{};  ///< budgets on what only a simulation measures

  [[nodiscard]] bool holds() const;
};

/// What exec knows when its command has ended.
struct ExecFacts {
  fakes::World& world;
  const measure::Meters& meters;
  const scenario::Scenario* scenario{};  ///< null: none
  const std::vector<MaxCalls>& max_calls;
  const std::vector<Section>& sections;
  std::uint64_t resets{};
  Instant begin{};
  Instant end{};
};

/// Fills rows, pressures, demands and what was not judged.
void measure_and_judge(ExecReport& report, const ExecFacts& facts);

[[nodiscard]] std::string text(const ExecReport& report);
[[nodiscard]] std::string json(const ExecReport& report);
[[nodiscard]] std::string junit(const ExecReport& report);

}  // namespace rushhour::cli
