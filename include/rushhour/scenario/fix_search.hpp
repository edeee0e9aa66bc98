/// \file
/// Looks for the smallest change of a scenario's own values that makes a broken budget hold: verdicts kept
/// for a while, credentials kept, another retry policy, more workers or fewer. The changes stand in a table,
/// those that cost little before those that cost more, each with what it may help; they are tried, one run
/// each, and a bounded number of runs is all that a search may take. It finds no change of a rule's own code.
///
/// Where the scenario's traffic is the same all the time, a change is first tried on a twelfth of it: one
/// that fails there is not tried at full length. What is reported has held at full length, with the same
/// seed.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/setting.hpp>

namespace rushhour::scenario {

/// Runs the scenario once more, with these settings after those that it has already.
/// \throws InputError when the scenario does not take them: the change is then passed over.
using TryScenario = std::function<std::unique_ptr<Run>(const std::vector<Setting>& settings)>;

struct FixSearchOptions {
  std::size_t runs_max{12};  ///< for each broken budget; runs of a twelfth count as well
};

/// Looks for a fix of each budget that fails the run, and keeps what it finds in JudgedBudget::fix. Runs that
/// one budget has needed are not made again for the next.
/// \returns how many runs it took
std::size_t find_fixes(Run& run, const TryScenario& try_scenario, const FixSearchOptions& options = {});

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/fix_search_inl.hpp>
#endif
