/// \file
/// The report on a terminal, 80 columns wide: one column a scenario, so that two designs stand side by side.
/// It only writes down what a Run holds.
#pragma once

#include <span>
#include <string>

#include <rushhour/scenario/run.hpp>

namespace rushhour::report {

/// The limits assumed, the table of one or more runs, then their budgets: what matters most stands last, above the
/// prompt. More than three columns continue below.
[[nodiscard]] std::string text(std::span<const scenario::Run* const> runs);

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/text_inl.hpp>
#endif
