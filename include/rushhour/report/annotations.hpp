/// \file
/// Broken budgets as workflow commands, which GitHub shows at a line of a pull request's files. It says what
/// broke; the run whole is what summary.hpp and the HTML report are for.
#pragma once

#include <span>
#include <string>

#include <rushhour/config.hpp>
#include <rushhour/report/judged.hpp>

namespace rushhour::report {

/// A line for each broken budget, `::error file=F,line=N,col=N,title=T::TEXT` (`::warning` of level `warn`):
/// at the line that makes the calls where it is known, else at the budget's line in the scenario. The worst
/// come first, and after ten errors or ten warnings a `::notice` says how many more there are, since GitHub
/// drops what is beyond ten of a type in a step [DOC docs.github.com, "Workflow commands" and "Usage
/// limits"].
///
/// Escapes as @actions/core writes them: `%`, line ends, and in properties also `:` and `,`.
[[nodiscard]] std::string annotations(std::span<const Judged> scenarios, const Checkout& checkout = {});

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/annotations_inl.hpp>
#endif
