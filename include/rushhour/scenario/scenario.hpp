/// \file
/// Reads scenarios. What one consists of is in plan.hpp, its parts are read in detail/read_*.hpp, and the
/// file format is described in scenarios/schema.json.
#pragma once

#include <string>
#include <string_view>

#include <rushhour/config.hpp>
#include <rushhour/scenario/plan.hpp>

namespace rushhour::scenario {

/// Reads a scenario. \throws InputError for every mistake in it, with file, line, column and JSON pointer.
[[nodiscard]] Scenario load_scenario(const std::string& path, const Overrides& overrides = {});

/// The same from text; `file` is what messages call it, and its folder is where recorded paths begin.
[[nodiscard]] Scenario parse_scenario(std::string_view text, const std::string& file,
                                      const Overrides& overrides = {});

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/scenario_inl.hpp>
#endif
