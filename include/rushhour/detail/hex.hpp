/// \file
/// Hexadecimal digits, both ways. Whole numbers in text, addresses and encodings are their callers' business.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rushhour::detail {

/// 0 to 15, or -1 for what is no digit.
[[nodiscard]] constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Appends the lowest `digits` digits of `bits`, highest first, in lower case.
inline void append_hex(std::string& out, std::uint64_t bits, unsigned digits = 16) {
  constexpr std::string_view alphabet = "0123456789abcdef";
  for (unsigned shift = digits * 4; shift != 0;) out += alphabet[bits >> (shift -= 4) & 15];
}

}  // namespace rushhour::detail
