/// \file
/// What a run took for granted: every number and switch that it used and did not measure, how well each is
/// known, and from where. A reader who doubts a result finds here what to change.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/scenario/run.hpp>

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

/// Of the run itself, its traffic, its engine, its clients, the services that were called, and prices. A
/// value that the engine's profile or the default also has counts as theirs, though the scenario may repeat
/// it.
[[nodiscard]] std::vector<Assumption> assumptions(const Run& run);

/// Of an engine alone: each of its fields that applies, and what the simulation of it decides besides.
[[nodiscard]] std::vector<Assumption> assumptions(const sim::Engine& engine);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/assumptions_inl.hpp>
#endif
