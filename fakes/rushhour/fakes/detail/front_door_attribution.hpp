/// \file
/// Whose call a message says it is (api::attribution_header). Used by front_door.hpp only.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <rushhour/api/http_endpoint.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/journal.hpp>

namespace rushhour::fakes::detail {

/// Bytes of a detection's name that are kept.
inline constexpr std::size_t detection_size_max = 256;

/// Bytes of a site that are kept: two lines of files with long paths.
inline constexpr std::size_t site_size_max = 1'024;

/// Reads `<detection name>;<event>;<attempt>`, with `;<function>` and `;@<site>` or without them, from the
/// right, since names may have semicolons.
struct ReadAttribution {
  explicit ReadAttribution(const http::Request& request) {
    const std::string* header = request.header(api::attribution_header);
    if (header == nullptr) return;
    is_simulated = true;
    std::string_view rest = *header;
    const std::string_view line = take_site(rest);
    const Function named = take_function(rest);
    std::uint64_t attempt_number = 0;
    std::uint64_t event_number = 0;
    if (!take_number(rest, attempt_number) || !take_number(rest, event_number) || attempt_number > 255)
      return;
    detection = rest.substr(0, detection_size_max);
    event = event_number;
    attempt = static_cast<std::uint8_t>(attempt_number);
    function = named;
    site = line.substr(0, site_size_max);
  }

  bool is_simulated{};  ///< the header is there, readable or not
  std::string_view detection{};
  std::uint64_t event{};
  std::uint8_t attempt{};
  Function function{};
  std::string_view site{};

 private:
  /// Takes nothing when the last part is no site.
  static std::string_view take_site(std::string_view& rest) {
    const std::size_t mark = rest.rfind(';');
    if (mark == std::string_view::npos || rest.substr(mark + 1, 1) != "@") return {};
    const std::string_view site = rest.substr(mark + 2);
    rest = rest.substr(0, mark);
    return site;
  }
  /// Takes nothing when the last part is no function: it is the attempt then.
  static Function take_function(std::string_view& rest) {
    const std::size_t mark = rest.rfind(';');
    if (mark == std::string_view::npos) return Function::unknown;
    for (int i = 1; i <= static_cast<int>(last_function); ++i) {
      if (rest.substr(mark + 1) != to_text(static_cast<Function>(i))) continue;
      rest = rest.substr(0, mark);
      return static_cast<Function>(i);
    }
    return Function::unknown;
  }
  static bool take_number(std::string_view& rest, std::uint64_t& number) {
    const std::size_t mark = rest.rfind(';');
    if (mark == std::string_view::npos) return false;
    const char* const end = rest.data() + rest.size();
    const auto read = std::from_chars(rest.data() + mark + 1, end, number);
    rest = rest.substr(0, mark);
    return read.ec == std::errc{} && read.ptr == end;
  }
};

}  // namespace rushhour::fakes::detail
