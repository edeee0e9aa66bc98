/// \file
/// The numbers that matter of each scenario (scenario::told_numbers) for services that draw numbers from
/// commit to commit and warn of jumps. A simulated number has no noise: with one seed, any threshold of
/// change is the code's. Neither form can hold a budget's verdict.
#pragma once

#include <span>
#include <string>

#include <rushhour/config.hpp>
#include <rushhour/report/judged.hpp>

namespace rushhour::report {

/// What github-action-benchmark reads with `tool: customSmallerIsBetter` [DOC its README, "Minimal setup"]:
/// an array of name, unit and value, over several seeds the mean with the extremes as `range`. Numbers of
/// which less is not better, such as alerts, are left out, and those of services that are never called.
[[nodiscard]] std::string benchmark_action(std::span<const Judged> scenarios);

/// Bencher Metric Format (BMF) [DOC bencher.dev, "Bencher Metric Format"]: a benchmark a scenario, a measure
/// a number, over several seeds the mean with its extremes as lower and upper value. Services that are never
/// called are left out.
[[nodiscard]] std::string bencher(std::span<const Judged> scenarios);

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/benchmark_inl.hpp>
#endif
