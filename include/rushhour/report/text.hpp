/// \file
/// The report on a terminal, 80 columns wide: one column a scenario, so that two designs stand side by side.
/// It only writes down what a Run holds.
#pragma once

#include <span>
#include <string>

#include <rushhour/report/text_options.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::report {

/// The verdict of each run, then what was assumed, the table of one or more runs, what was lost and why, and
/// at last the budgets, so that what is to be done stands above the prompt. More than three columns continue
/// below. Rows about what no run has, a queue or a cache, are left out.
[[nodiscard]] std::string text(std::span<const scenario::Run* const> runs, const TextOptions& options = {});

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/text_inl.hpp>
#endif
