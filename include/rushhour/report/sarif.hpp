/// \file
/// Broken budgets as SARIF 2.1.0 (OASIS), which code hosts and editors show at the lines that cause them and
/// follow from run to run. It says what is wrong with the code; what a run measured is in the other reports.
#pragma once

#include <span>
#include <string>

#include <rushhour/config.hpp>
#include <rushhour/report/judged.hpp>

namespace rushhour::report {

struct SarifOptions {
  std::string version{};  ///< rushhour's; empty: not told
  Checkout checkout{};
};

/// One rule a budget, `SCENARIO/EXPRESSION`, and one result for each that is broken: at the line that makes
/// the calls where it is known, with the budget's own line beside it, else at the budget's. Of several
/// callers the others' lines are related locations. Its fingerprint is that of scenario and expression, so
/// that a budget that stays broken is one alert wherever its caller moves.
///
/// Names of files are percent-encoded (RFC 3986) and relative to `%SRCROOT%`, or `file:` where they are
/// absolute.
[[nodiscard]] std::string sarif(std::span<const Judged> scenarios, const SarifOptions& options = {});

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/sarif_inl.hpp>
#endif
