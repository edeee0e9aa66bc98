/// \file
/// Random UUIDs as text.
#pragma once

#include <cstdint>
#include <string>

#include <rushhour/detail/hex.hpp>

namespace rushhour::detail {

/// Of RFC 9562, version 4, from 128 random bits: `f81d4fae-7dec-4d0a-a765-00a0c91e6bf6`.
[[nodiscard]] inline std::string uuid_text(std::uint64_t high, std::uint64_t low) {
  std::string out;
  out.reserve(36);
  append_hex(out, high >> 32, 8);
  out += '-';
  append_hex(out, high >> 16, 4);
  out += "-4";
  append_hex(out, high, 3);
  out += '-';
  append_hex(out, (low >> 48 & 0x3fff) | 0x8000, 4);
  out += '-';
  append_hex(out, low, 12);
  return out;
}

}  // namespace rushhour::detail
