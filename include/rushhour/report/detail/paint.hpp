/// \file
/// Colours of a text report, for terminals only: a word is painted after it was laid out, so that what is
/// counted in columns stays what is seen.
#pragma once

#include <string>
#include <string_view>

namespace rushhour::report::detail {

/// As SGR codes of ECMA-48 say it. They are from the sixteen colours that every terminal's theme has.
enum class Paint : unsigned char { good, warning, bad, strong };

inline std::string painted(std::string_view text, Paint paint, bool colour) {
  if (!colour) return std::string{text};
  std::string out = paint == Paint::good      ? "\033[32m"
                    : paint == Paint::warning ? "\033[33m"
                    : paint == Paint::bad     ? "\033[1;31m"
                                              : "\033[1m";
  out += text;
  return out += "\033[0m";
}

}  // namespace rushhour::report::detail
