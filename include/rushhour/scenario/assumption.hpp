/// \file
/// One thing that a run took for granted, and the words for how well it is known. Which of them a run has is
/// assumptions.hpp's business.
#pragma once

#include <string>
#include <string_view>

namespace rushhour::scenario {

/// One thing taken for granted.
struct Assumption {
  std::string name{};   ///< as the scenario file would set it: `fleet.lambda.cold_start`; or what it is about
  std::string value{};  ///< with its unit: `2s`
  std::string tag{};    ///< how well it is known: one of assumption_tags
  std::string source{};  ///< the page that says so, or why it was chosen

  friend bool operator==(const Assumption&, const Assumption&) = default;
};

/// `REC`: seen from the real service or client. `DOC`: its documentation or source says so. `MEM`: from
/// memory, not verified. `CHOICE`: unpublished, so chosen. `user`: the scenario or the command line says so.
namespace assumption_tags {
inline constexpr std::string_view recorded = "REC";
inline constexpr std::string_view documented = "DOC";
inline constexpr std::string_view from_memory = "MEM";
inline constexpr std::string_view choice = "CHOICE";
inline constexpr std::string_view user = "user";
}  // namespace assumption_tags

}  // namespace rushhour::scenario
