/// \file
/// The report as a page: one file that a browser opens from a disk, with its charts and all that they need,
/// and that asks the network for nothing. It holds report::json() and the curves of the runs; every number
/// that it shows is one of these. Drawing is the business of scenarios/page/, which is only put in place
/// here.
#pragma once

#include <span>
#include <string>

#include <rushhour/config.hpp>
#include <rushhour/report/page_parts.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::report {

/// The same runs and assets give the same bytes. Curves are those of Run::timeline, where it was kept.
/// \pre there is at least one run.
[[nodiscard]] std::string html(std::span<const scenario::Run* const> runs, const PageAssets& assets,
                               const PageExtras& extras = {});

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/html_inl.hpp>
#endif
