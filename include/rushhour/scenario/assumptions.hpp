/// \file
/// What a run took for granted: every number and switch that it used and did not measure, how well each is
/// known, and from where. A reader who doubts a result finds here what to change.
#pragma once

#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/scenario/assumption.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::scenario {

/// Of the run itself, its traffic, its engine, its clients, the services that were called, and prices. A
/// value that the engine's profile or the default also has counts as theirs, though the scenario may repeat
/// it.
[[nodiscard]] std::vector<Assumption> assumptions(const Run& run);

/// Of an engine alone: each of its fields that applies, and what the simulation of it decides besides.
[[nodiscard]] std::vector<Assumption> assumptions(const sim::Engine& engine);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/assumptions_inl.hpp>
#endif
