/// \file
/// Scenarios under several seeds, for a terminal of 80 columns: what is the scenario's, and what the seed's.
/// A run whole is what text.hpp is for.
#pragma once

#include <span>
#include <string>

#include <rushhour/config.hpp>
#include <rushhour/report/text_options.hpp>
#include <rushhour/scenario/seeds.hpp>

namespace rushhour::report {

/// For each scenario its verdict over the seeds, its budgets (with how many seeds each holds, and of a broken
/// one with which seed it is broken most), and mean and extremes of the numbers that are not 0 throughout.
/// Then for each scenario but the first by how much it differs from the first, seed by seed. Below them the
/// command for one seed alone, and a line where rules in Python had the seeds run one after the other.
[[nodiscard]] std::string seeds(std::span<const scenario::SeededRuns> scenarios,
                                const TextOptions& options = {});

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/seeds_inl.hpp>
#endif
