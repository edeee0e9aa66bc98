/// \file
/// Base64 with the alphabet of URLs and without padding (RFC 4648, section 5), as tokens are written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rushhour/detail/base64.hpp>

namespace rushhour::fakes::detail {

[[nodiscard]] inline std::string to_base64url(std::string_view bytes) {
  std::string out;
  rushhour::detail::append_base64(out, bytes);
  while (!out.empty() && out.back() == '=') out.pop_back();
  for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

/// Nothing when the text is none, or has padding.
[[nodiscard]] inline std::optional<std::string> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1 || text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string padded{text};
  for (char& c : padded) c = c == '-' ? '+' : c == '_' ? '/' : c;
  padded.append((4 - padded.size() % 4) % 4, '=');
  return rushhour::detail::decode_base64(padded);
}

}  // namespace rushhour::fakes::detail
