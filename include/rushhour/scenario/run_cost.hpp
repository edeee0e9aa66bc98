/// \file
/// What a finished run used and what that costs. The arithmetic and the prices are in cost.hpp, which a
/// scenario can hold without knowing of runs.
#pragma once

#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/scenario/cost.hpp>

namespace rushhour::scenario {

struct Run;  // run.hpp, whose bodies call these

/// In the units that are billed. Lambda is used only by an engine with a queue: plain workers have no bill.
[[nodiscard]] Consumption consumption(const Run& run);

/// The run's consumption, at the scenario's prices where it declares some.
[[nodiscard]] std::vector<CostLine> cost(const Run& run);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/run_cost_inl.hpp>
#endif
