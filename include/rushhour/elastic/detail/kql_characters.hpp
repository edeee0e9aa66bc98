/// \file
/// The characters of KQL: white space, special ones, keywords, and UTF-8 as escapes and trimming need it. It
/// parses nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rushhour::elastic::detail {

/// Characters that stand unquoted only behind a backslash.
inline constexpr std::string_view kql_special = "\\():<>\"*{}";

/// A code point and the bytes it takes. A byte that is not UTF-8 is U+FFFD.
struct CodePoint {
  char32_t value{};
  std::size_t size{};
};

[[nodiscard]] inline CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  constexpr CodePoint broken{0xfffd, 1};
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4 || size > text.size() - at) return broken;
  char32_t value = first & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return broken;
    value = value << 6 | (byte(i) & 0x3fU);
  }
  // Longer than need be, a half of a surrogate pair, or beyond Unicode.
  if (value < (size == 2   ? 0x80U
               : size == 3 ? 0x800U
                           : 0x10000U) ||
      value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
    return broken;
  }
  return {value, size};
}

inline void append_utf8(std::string& out, char32_t value) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (value < 0x80) return put(value);
  if (value < 0x800) {
    put(0xc0 | value >> 6);
  } else {
    if (value < 0x10000) {
      put(0xe0 | value >> 12);
    } else {
      put(0xf0 | value >> 18);
      put(0x80 | (value >> 12 & 0x3f));
    }
    put(0x80 | (value >> 6 & 0x3f));
  }
  put(0x80 | (value & 0x3f));
}

/// The bytes of KQL's white space at a place: space, tab, \r, \n or U+00A0; 0 for anything else.
[[nodiscard]] inline std::size_t kql_space_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n') return 1;
  return text.substr(at).starts_with("\xc2\xa0") ? 2 : 0;
}

/// Behind all white space at a place.
[[nodiscard]] inline std::size_t skip_kql_space(std::string_view text, std::size_t at) {
  while (const std::size_t size = kql_space_at(text, at)) at += size;
  return at;
}

/// The word, which is in lower case, stands there in any case.
[[nodiscard]] inline bool word_at(std::string_view text, std::size_t at, std::string_view word) {
  if (text.size() < at + word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = text[at + i];
    if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != word[i]) return false;
  }
  return true;
}

/// Behind ` and ` or ` or ` with all its white space; 0 when it does not stand there.
[[nodiscard]] inline std::size_t skip_joining_word(std::string_view text, std::size_t at,
                                                   std::string_view word) {
  if (kql_space_at(text, at) == 0) return 0;
  const std::size_t word_start = skip_kql_space(text, at);
  const std::size_t word_end = word_start + word.size();
  if (!word_at(text, word_start, word) || kql_space_at(text, word_end) == 0) return 0;
  return skip_kql_space(text, word_end);
}

/// Behind `not ` with all its white space; 0 when it does not stand there.
[[nodiscard]] inline std::size_t skip_not(std::string_view text, std::size_t at) {
  if (!word_at(text, at, "not") || kql_space_at(text, at + 3) == 0) return 0;
  return skip_kql_space(text, at + 3);
}

/// What trim() of JavaScript takes off: more than the grammar's white space.
[[nodiscard]] constexpr bool is_trimmed(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
         c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

inline void trim_front(std::string& text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const CodePoint c = code_point_at(text, at);
    if (!is_trimmed(c.value)) break;
    at += c.size;
  }
  text.erase(0, at);
}

inline void trim_back(std::string& text) {
  std::size_t end = 0;  // behind the last character that stays
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    at += c.size;
    if (!is_trimmed(c.value)) end = at;
  }
  text.resize(end);
}

}  // namespace rushhour::elastic::detail
