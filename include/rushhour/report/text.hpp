/// \file
/// The report on a terminal, 80 columns wide: one column a scenario, so that two designs stand side by side.
/// It only writes down what a Run holds.
#pragma once

#include <span>
#include <string>

#include <rushhour/scenario/run.hpp>

namespace rushhour::report {

/// What was assumed, the table of one or more runs, what was lost and why, and at last the budgets: what
/// matters most stands last, above the prompt. More than three columns continue below. Rows about what no run
/// has, a queue or a cache, are left out.
[[nodiscard]] std::string text(std::span<const scenario::Run* const> runs);

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/text_inl.hpp>
#endif
