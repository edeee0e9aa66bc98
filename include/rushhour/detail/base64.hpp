/// \file
/// Base64 as RFC 4648, section 4 has it: with padding, without line breaks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rushhour::detail {

inline constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

inline void append_base64(std::string& out, std::string_view bytes) {
  const std::size_t begin = out.size();
  out.resize(begin + (bytes.size() + 2) / 3 * 4, '=');
  char* to = out.data() + begin;
  const auto byte = [bytes](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(bytes[at])}; };
  const std::size_t whole = bytes.size() / 3 * 3;
  for (std::size_t i = 0; i < whole; i += 3, to += 4) {
    const std::uint32_t word = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    to[0] = base64_alphabet[word >> 18];
    to[1] = base64_alphabet[word >> 12 & 63];
    to[2] = base64_alphabet[word >> 6 & 63];
    to[3] = base64_alphabet[word & 63];
  }
  if (whole == bytes.size()) return;
  const bool has_two = bytes.size() - whole == 2;
  const std::uint32_t word = byte(whole) << 16 | (has_two ? byte(whole + 1) << 8 : 0U);
  to[0] = base64_alphabet[word >> 18];
  to[1] = base64_alphabet[word >> 12 & 63];
  if (has_two) to[2] = base64_alphabet[word >> 6 & 63];
}

/// The bytes; nothing when the text is no base64 of full length.
[[nodiscard]] inline std::optional<std::string> decode_base64(std::string_view text) {
  static constexpr auto values = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(255);
    for (std::size_t i = 0; i < base64_alphabet.size(); ++i) {
      table[static_cast<unsigned char>(base64_alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return table;
  }();
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.size() > padding && text[text.size() - 1 - padding] == '=') ++padding;
  std::string out(text.size() / 4 * 3, '\0');
  char* to = out.data();
  std::uint32_t invalid = 0;
  for (std::size_t i = 0; i < text.size(); i += 4, to += 3) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::uint32_t value =
          i + k < text.size() - padding ? values[static_cast<unsigned char>(text[i + k])] : std::uint32_t{0};
      invalid |= value & 0x80;
      word = word << 6 | (value & 63);
    }
    to[0] = static_cast<char>(word >> 16 & 255);
    to[1] = static_cast<char>(word >> 8 & 255);
    to[2] = static_cast<char>(word & 255);
  }
  if (invalid != 0) return std::nullopt;
  out.resize(out.size() - padding);
  return out;
}

}  // namespace rushhour::detail
