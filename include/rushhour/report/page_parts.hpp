/// \file
/// What a page of html.hpp is put together from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/report/swept.hpp>
#include <rushhour/scenario/baseline.hpp>

namespace rushhour::report {

/// What the page is made of. All of it is text in UTF-8.
struct PageAssets {
  /// HTML with `{{title}}`, `{{policy}}`, `{{style}}`, `{{library}}`, `{{script}}`, `{{data}}`, `{{text}}`
  /// and `{{version}}` where these belong.
  std::string_view page{};
  std::string_view style{};    ///< CSS
  std::string_view library{};  ///< Chart.js 3 or 4, whole, with its licence
  std::string_view script{};   ///< that draws with it
  std::string_view version{};  ///< of rushhour
};

/// A run and its baseline.
struct PageComparison {
  std::string file{};  ///< of the baseline
  scenario::Baseline before{};
  scenario::Baseline after{};
  scenario::Comparison found{};
};

/// Runs of the same scenario with other values. Empty: not asked for.
struct PageSweeps {
  std::vector<SweptRun> demand{};    ///< with more and fewer events, fewest first
  std::vector<SweptRun> policies{};  ///< by how the clients of AWS retry
};

/// What a page shows of a run that the run does not hold.
struct PageExtras {
  std::vector<std::optional<PageComparison>> comparisons{};  ///< one for each run, or none at all
  std::vector<PageSweeps> sweeps{};                          ///< one for each run, or none at all
};

}  // namespace rushhour::report
