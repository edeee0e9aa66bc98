/// \file
/// A scenario that is like a sample of somebody's own CloudTrail, and how like it is. Nothing of the sample
/// but numbers goes into it: no account, name, address, key or secret. How populations and arrivals are
/// estimated is event/profile's business.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/profile/arrival_fit.hpp>
#include <rushhour/event/profile/sample.hpp>
#include <rushhour/scenario/fitted_traffic.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

/// Records as files have them.
struct RecordedSample {
  event::profile::Sample sample{};
  std::uint64_t files{};
  std::uint64_t stamped{};  ///< files whose names tell when they were delivered
  std::uint64_t damaged{};  ///< records that were passed over
};

/// When a file was delivered, as CloudTrail names it: `..._20260302T1405Z_...` (CloudTrail User Guide,
/// "CloudTrail log file name format"). Nothing when the name says no such thing.
[[nodiscard]] std::optional<Instant> delivery_stamp(std::string_view file_name);

/// Files and folders, read once. Damaged records are counted and passed over.
/// \throws InputError when there are none, or no event is in them.
[[nodiscard]] RecordedSample read_sample(const std::vector<std::filesystem::path>& paths);

/// A rule and how many events of the sample it matched.
struct MatchedRule {
  std::string name{};
  std::uint64_t matches{};
};

/// A number of the sample and the same of the fitted scenario.
struct FitError {
  std::string what{};
  std::uint64_t sample{};
  std::uint64_t fitted{};

  /// In thousandths of the sample's, with its sign; 1000 where the sample has none and the scenario some.
  [[nodiscard]] std::int64_t per_mille() const {
    if (sample == 0) return fitted == 0 ? 0 : 1'000;
    const auto a = static_cast<std::int64_t>(sample);
    const std::int64_t off = (static_cast<std::int64_t>(fitted) - a) * 1'000;
    return (off + (off < 0 ? -a : a) / 2) / a;
  }
};

struct Profile {
  FittedTraffic traffic{};
  std::vector<std::string> guide_names{};           ///< eventNames that the guide's detection looks at
  std::vector<event::profile::ArrivalFit> tried{};  ///< the processes that passed their tests, in that order
  std::uint64_t seeds_tried{};                      ///< of the process taken
  std::pair<std::uint64_t, std::uint64_t> peaks{};  ///< the least and greatest peak minute among them
  std::vector<FitError> errors{};                   ///< of the traffic: peak minute, distinct ones
};

/// Of the processes that may have made the sample's times, the simplest with which some seed comes within a
/// twentieth of the sample's peak minute and distinct addresses; else what comes nearest.
[[nodiscard]] Profile fit_profile(const event::profile::Sample& sample);

/// The scenario as a file: the fitted traffic, and a detection for each rule that matched something, which
/// enriches its matches, or else the guide's on reads of secrets.
[[nodiscard]] std::string profile_scenario(const Profile& profile,
                                           const std::vector<MatchedRule>& rules = {});

/// The calls of each operation that the guide's detection makes of the recorded files and of the fitted
/// traffic, each in the same world.
[[nodiscard]] std::vector<FitError> call_errors(const Profile& profile,
                                                const std::vector<std::filesystem::path>& paths);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/profile_inl.hpp>
#endif
