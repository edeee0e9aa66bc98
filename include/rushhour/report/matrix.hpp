/// \file
/// Runs of one scenario with other values, a row each: what a table of 80 columns shows of what changed. Each
/// run whole is what text.hpp and json.hpp are for.
#pragma once

#include <memory>
#include <span>
#include <string>

#include <rushhour/config.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::report {

/// The values that vary, whether the budgets hold, and the numbers that matter: attempts, what was throttled,
/// missed, degraded and given up, the time to a verdict that 99 of 100 events keep to, and after a trigger
/// the recovery. Columns in which no run has anything are left out. Below it, which budgets broke where.
[[nodiscard]] std::string matrix(std::span<const scenario::Run* const> runs);

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/matrix_inl.hpp>
#endif
