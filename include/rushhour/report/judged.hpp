/// \file
/// What reports for a CI server look at: a scenario and its budgets as judged, whether by one run or over
/// several seeds. It judges nothing itself.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/seeds.hpp>

namespace rushhour::report {

/// Where the user's files are, for reports that name them from the root of the checkout, as code hosts do.
struct Checkout {
  std::string root{};    ///< absolute; empty: files are named as the user and the rules name them
  std::string folder{};  ///< absolute: where relative names begin
};

/// Looks into runs that outlive it.
struct Judged {
  const scenario::Run* run{};                         ///< of several seeds the first
  std::span<const scenario::JudgedBudget> budgets{};  ///< over all seeds
  const scenario::SeededRuns* seeded{};               ///< null: one run, judged by itself
};

[[nodiscard]] inline std::vector<Judged> judged(std::span<const scenario::Run* const> runs) {
  std::vector<Judged> out;
  out.reserve(runs.size());
  for (const scenario::Run* run : runs) out.push_back({.run = run, .budgets = run->budgets});
  return out;
}

[[nodiscard]] inline std::vector<Judged> judged(std::span<const scenario::SeededRuns> scenarios) {
  std::vector<Judged> out;
  out.reserve(scenarios.size());
  for (const scenario::SeededRuns& each : scenarios) {
    out.push_back({.run = each.first.get(), .budgets = each.budgets, .seeded = &each});
  }
  return out;
}

}  // namespace rushhour::report
