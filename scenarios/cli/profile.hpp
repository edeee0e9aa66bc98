/// \file
/// What `rushhour profile` asks of a build with Python: which events a pack's rules match.
#pragma once

#include <string>
#include <vector>

#include <rushhour/scenario/profile.hpp>

namespace rushhour::cli {

/// Each enabled rule of the pack, over the recorded events as they arrive.
/// \throws InputError in a build without rushhour::panther; for what panther_run() refuses.
[[nodiscard]] std::vector<scenario::MatchedRule> matched_rules(const std::string& folder,
                                                               const std::vector<std::string>& events);

}  // namespace rushhour::cli
