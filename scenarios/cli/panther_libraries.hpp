/// \file
/// Libraries of Panther's runtime that rules import and a machine has not: ours stand in for them, so that a
/// folder of rules runs as it is.
#pragma once

#include <string>
#include <string_view>

#include <rushhour/panther/rule_pack.hpp>

namespace rushhour::cli {

struct EmbeddedModule {
  std::string_view name{};
  std::string_view source{};
};

inline constexpr EmbeddedModule panther_libraries[] = {
#include "preload/panther_libraries.inc"
};

/// A pack's own helpers of the same name, and what is installed, go before them.
inline void add_panther_libraries(panther::RulePack& pack) {
  for (const EmbeddedModule& each : panther_libraries) {
    const std::string name{each.name};
    pack.libraries.push_back(
        {.name = name, .file = "<rushhour's " + name + ">", .source = std::string{each.source}});
  }
}

}  // namespace rushhour::cli
