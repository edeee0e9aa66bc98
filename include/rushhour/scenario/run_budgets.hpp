/// \file
/// The budgets of a run, before and after it. What they mean is expression.hpp's business.
#pragma once

#include <rushhour/config.hpp>

namespace rushhour::scenario {

struct Run;         // run.hpp, whose bodies call these
struct RunOptions;  // likewise

/// Before the run: its metrics listen for what the budgets ask.
/// \throws InputError when a budget names what cannot be measured, or a baseline that there is not.
void expect_budgets(Run& run, const RunOptions& options);

/// After it: Run::budgets, with those who are behind the term that broke each.
void judge_budgets(Run& run, const RunOptions& options);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/run_budgets_inl.hpp>
#endif
