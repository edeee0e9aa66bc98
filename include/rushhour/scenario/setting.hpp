/// \file
/// One value of a scenario's document in place of another, as the command line gives it:
/// `world.retry.sts=standard`. It changes the document before anything is read from it, so what it says is
/// checked like the rest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/scenario/document.hpp>

namespace rushhour::scenario {

/// Keys from the root on with dots between; an element of an array by its number from 0, or all by `*`:
/// `detections.0.match.share`, `detections.*.cache.ttl`.
struct Setting {
  std::string path{};
  std::string value{};  ///< JSON; what is no JSON is a text: `standard`, `5m`

  friend bool operator==(const Setting&, const Setting&) = default;
};

/// Reads `PATH=VALUE`.
/// \throws InputError when there is no path or no value.
[[nodiscard]] Setting parse_setting(std::string_view text);

/// Reads `PATH=VALUE,VALUE,...`: a setting for each value. Commas inside quotes, brackets and braces are part
/// of a value. \throws InputError likewise; when a value is empty or is there twice.
[[nodiscard]] std::vector<Setting> parse_variation(std::string_view text);

/// Puts the value where the path leads. A key that is not there is added, and objects on the way to it.
/// \throws InputError when the path leads through a text or number, or to no element of an array.
void apply(const Setting& setting, Document& document);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/setting_inl.hpp>
#endif
