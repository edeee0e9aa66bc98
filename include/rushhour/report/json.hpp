/// \file
/// The report as JSON, for machines: `"format": "rushhour.report/1"`, units in names, only integers, ratios
/// as
/// `[numerator, denominator]`, no wall clock. Two runs of one scenario and seed give the same bytes.
#pragma once

#include <span>
#include <string>

#include <rushhour/scenario/run.hpp>

namespace rushhour::report {

/// Pretty-printed, with a final newline. Schema: scenarios/report.schema.json.
[[nodiscard]] std::string json(std::span<const scenario::Run* const> runs);

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/json_inl.hpp>
#endif
