/// \file
/// Terms as bytes: the values of a rule's fields, one after the other, so that comparing bytes is what
/// Elasticsearch's sorting by keys is: field by field, texts by their bytes, numbers by size. Which documents
/// have which terms is sighting.hpp's business.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::elastic {

namespace detail {

/// What a value in a key begins with, in the order in which kinds are sorted. One field has values of one
/// kind, so that order matters to nobody.
enum class KeyTag : char { boolean_false = 1, boolean_true, integer, real, text };

inline void append_big_endian(std::string& out, std::uint64_t word) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(word >> shift & 0xff);
}

[[nodiscard]] inline std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t word = 0;
  for (const char c : bytes.substr(0, 8)) word = word << 8 | static_cast<unsigned char>(c);
  return word;
}

inline constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

/// Texts end with 0 1; a zero byte inside one is written 0 2, which sorts behind the end.
inline void append_key_text(std::string& key, std::string_view text) {
  key += static_cast<char>(KeyTag::text);
  for (std::size_t at = 0;;) {
    const std::size_t zero = text.find('\0', at);
    key += text.substr(at, zero - at);
    key += '\0';
    if (zero == std::string_view::npos) break;
    key += '\2';
    at = zero + 1;
  }
  key += '\1';
}

}  // namespace detail

/// Appends one value of a field: a text, a number or a boolean. Anything else is no term. 1.0 is the term 1.
inline void append_term(std::string& key, const event::Value& value) {
  using detail::KeyTag;
  using Kind = event::Value::Kind;
  switch (value.kind()) {
    case Kind::boolean:
      key += static_cast<char>(*value.as_bool() ? KeyTag::boolean_true : KeyTag::boolean_false);
      return;
    case Kind::integer:
      key += static_cast<char>(KeyTag::integer);
      detail::append_big_endian(key, static_cast<std::uint64_t>(*value.as_integer()) ^ detail::sign_bit);
      return;
    case Kind::real: {
      constexpr double limit = 9007199254740992.0;  // 2^53: below it, whole reals are integers
      const double number = *value.as_real();
      if (number > -limit && number < limit &&
          number == static_cast<double>(static_cast<std::int64_t>(number)))
        return append_term(key, static_cast<std::int64_t>(number));
      // Bits of positive numbers sort as they are once the sign is set, those of negative ones reversed.
      const auto bits = std::bit_cast<std::uint64_t>(*value.as_real());
      key += static_cast<char>(KeyTag::real);
      detail::append_big_endian(key, (bits & detail::sign_bit) != 0 ? ~bits : bits | detail::sign_bit);
      return;
    }
    case Kind::text:
      detail::append_key_text(key, *value.as_text());
      return;
    default:
      RUSHHOUR_ASSERT(false, "terms are texts, numbers and booleans");
  }
}

/// The values of a key, texts in the arena.
[[nodiscard]] inline std::vector<event::Value> terms_of(std::string_view key, event::Arena& arena) {
  using detail::KeyTag;
  std::vector<event::Value> out;
  while (!key.empty()) {
    const auto tag = static_cast<KeyTag>(key.front());
    key.remove_prefix(1);
    if (tag == KeyTag::boolean_false || tag == KeyTag::boolean_true) {
      out.emplace_back(tag == KeyTag::boolean_true);
    } else if (tag == KeyTag::integer) {
      out.emplace_back(static_cast<std::int64_t>(detail::big_endian(key) ^ detail::sign_bit));
      key.remove_prefix(8);
    } else if (tag == KeyTag::real) {
      const std::uint64_t word = detail::big_endian(key);
      out.emplace_back(
          std::bit_cast<double>((word & detail::sign_bit) != 0 ? word ^ detail::sign_bit : ~word));
      key.remove_prefix(8);
    } else {
      std::string text;
      std::size_t at = 0;
      while (key[at] != '\0' || key[at + 1] != '\1') {
        text += key[at];
        at += std::size_t{key[at] == '\0' ? 2U : 1U};
      }
      out.emplace_back(arena.copy(text));
      key.remove_prefix(at + 2);
    }
  }
  return out;
}

/// The values of a key as people read them: `AIDAEXAMPLE`, `111122223333, ada`.
[[nodiscard]] inline std::string terms_text(std::string_view key) {
  event::Arena arena;
  std::string out;
  const std::vector<event::Value> values = terms_of(key, arena);
  for (const event::Value& value : values) {
    if (&value != values.data()) out += ", ";
    if (const auto text = value.as_text()) {
      out += *text;
    } else {
      out += event::to_json(value);
    }
  }
  return out;
}

}  // namespace rushhour::elastic
