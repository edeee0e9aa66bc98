/// \file
/// The number that two runs compare: every decision feeds it, in order. It detects differences; it is no
/// cryptographic hash.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <rushhour/detail/hex.hpp>

namespace rushhour {

/// The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): a bijection on 64 bits that changes about
/// half of the output bits for any change of the input.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// An order-sensitive 64-bit digest.
class Digest {
 public:
  /// Inlined whatever the compiler thinks of it: a million-event hour adds some eight million words.
  [[gnu::always_inline]] constexpr void add(std::uint64_t word) {
    state_ = mix(state_ ^ word) + 0x9e3779b97f4a7c15ULL;
  }
  constexpr void add(std::string_view text) {
    std::uint64_t word = 0;
    unsigned filled = 0;
    for (const char c : text) {
      word = word << 8 | static_cast<unsigned char>(c);
      if (++filled == 8) {
        add(word);
        word = 0;
        filled = 0;
      }
    }
    add(word);
    add(text.size());
  }

  [[nodiscard]] constexpr std::uint64_t value() const { return mix(state_); }
  /// 16 lower-case hexadecimal digits.
  [[nodiscard]] std::string text() const {
    std::string out;
    detail::append_hex(out, value());
    return out;
  }

 private:
  std::uint64_t state_ = 0x72757368686f7572ULL;  // "rushhour"
};

/// A 64-bit hash of a text, the same on every machine; for keys of random streams, not for untrusted input.
[[nodiscard]] constexpr std::uint64_t hash(std::string_view text) {
  Digest digest;
  digest.add(text);
  return digest.value();
}

}  // namespace rushhour
