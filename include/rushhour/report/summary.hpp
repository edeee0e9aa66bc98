/// \file
/// What a reviewer needs of runs, in GitHub's Markdown: for a job's summary or a comment on a pull request.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include <rushhour/config.hpp>
#include <rushhour/report/judged.hpp>

namespace rushhour::report {

/// What GitHub takes of a step's summary: 1,024 KiB [DOC docs.github.com, "Workflow commands", "Step
/// isolation and limits"].
inline constexpr std::size_t summary_bytes_max = std::size_t{1'024} * 1'024;

/// The verdict; a table of the broken budgets, worst first, with what was measured, the limit, who is behind
/// it and what would mend it; and for each scenario its calls by operation, or over several seeds the numbers
/// with mean and extremes. Whatever would go beyond `bytes_max` is left out from the end on, whole lines, and
/// a last line says so.
///
/// Names and texts of the user are escaped, so that they are shown as they are.
[[nodiscard]] std::string summary(std::span<const Judged> scenarios,
                                  std::size_t bytes_max = summary_bytes_max);

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/summary_inl.hpp>
#endif
