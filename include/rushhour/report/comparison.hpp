/// \file
/// What a run changed against its baseline, as text for a terminal or a pull request. The comparison itself
/// is in scenario/baseline.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <rushhour/config.hpp>
#include <rushhour/scenario/baseline.hpp>

namespace rushhour::report {

struct ComparisonTextOptions {
  std::string_view scenario{};  ///< the file, for the command that accepts the change
  std::string_view baseline{};  ///< the file
  std::size_t changes_max{20};  ///< numbers shown; the others are counted
  std::size_t callers_max{12};  ///< lines of who calls otherwise; likewise
};

/// One line when nothing changed. Otherwise where the two runs part, what each decided there, who calls
/// otherwise, the numbers, and the command that accepts them.
[[nodiscard]] std::string text(const scenario::Comparison& comparison, const ComparisonTextOptions& options);

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/comparison_inl.hpp>
#endif
