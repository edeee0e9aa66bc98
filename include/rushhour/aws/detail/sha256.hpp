/// \file
/// SHA-256 and HMAC-SHA-256 with states that can be copied midway, the only use of OpenSSL's hashes in the
/// library. It hashes; it does not know what a signature is.
///
/// Why the functions that OpenSSL 3 marks deprecated: SHA256_CTX is a plain struct, so a state lives on the
/// stack, a copy is 112 bytes, and an HMAC key keeps the states behind its two pads. Hashing 100 bytes on an
/// AMD EPYC (SHA extensions, OpenSSL 3.0): 103-133 ns so, 122-159 ns through EVP with a prefetched algorithm,
/// 280 ns through EVP with EVP_sha256(). Verifying a request of 100 bytes with a cached and a new key: 0.9
/// and 1.6 us so, 3 and 7 us with the EVP class below, which serves where those functions are gone (OpenSSL
/// 4, or a build without deprecated functions).
#pragma once

#include <openssl/evp.h>
#include <openssl/opensslv.h>
#include <openssl/sha.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <rushhour/config.hpp>

namespace rushhour::aws::detail {

using Hash = std::array<unsigned char, 32>;

[[nodiscard]] inline std::string_view bytes(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

#if OPENSSL_VERSION_MAJOR < 4 && !defined(OPENSSL_NO_DEPRECATED_3_0)

// A pragma rather than OPENSSL_SUPPRESS_DEPRECATED, which would work only if nobody included <openssl/sha.h>
// before.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

class Sha256 {
 public:
  Sha256() { SHA256_Init(&state_); }
  void add(std::string_view text) { SHA256_Update(&state_, text.data(), text.size()); }
  /// The hash of all that was added. The object is used up.
  [[nodiscard]] Hash finish() {
    Hash hash;
    SHA256_Final(hash.data(), &state_);
    return hash;
  }

 private:
  SHA256_CTX state_;
};

#pragma GCC diagnostic pop

#else

class Sha256 {
 public:
  Sha256() : state_(EVP_MD_CTX_new()) {
    RUSHHOUR_ASSERT(state_ != nullptr && EVP_DigestInit_ex(state_, EVP_sha256(), nullptr) == 1,
                    "OpenSSL has no SHA-256");
  }
  Sha256(const Sha256& other) : state_(EVP_MD_CTX_new()) { *this = other; }
  Sha256& operator=(const Sha256& other) {
    if (this == &other) return *this;
    RUSHHOUR_ASSERT(state_ != nullptr && EVP_MD_CTX_copy_ex(state_, other.state_) == 1,
                    "OpenSSL copies no SHA-256");
    return *this;
  }
  ~Sha256() { EVP_MD_CTX_free(state_); }

  void add(std::string_view text) { EVP_DigestUpdate(state_, text.data(), text.size()); }
  /// The hash of all that was added. The object is used up.
  [[nodiscard]] Hash finish() {
    Hash hash;
    EVP_DigestFinal_ex(state_, hash.data(), nullptr);
    return hash;
  }

 private:
  EVP_MD_CTX* state_;
};

#endif

[[nodiscard]] inline Hash sha256(std::string_view text) {
  Sha256 hash;
  hash.add(text);
  return hash.finish();
}

/// An HMAC-SHA-256 key (RFC 2104), kept as the two hash states that every message begins with: two of the
/// four or more blocks of a short message are hashed once per key instead of once per message.
class HmacKey {
 public:
  /// Only for keys that are replaced before use.
  HmacKey() = default;
  explicit HmacKey(std::string_view secret) {
    std::array<char, 64> pad{};
    if (secret.size() > pad.size()) {
      const Hash hash = sha256(secret);
      std::memcpy(pad.data(), hash.data(), hash.size());
    } else if (!secret.empty()) {
      std::memcpy(pad.data(), secret.data(), secret.size());
    }
    for (char& c : pad) c = static_cast<char>(c ^ 0x36);
    inner_.add({pad.data(), pad.size()});
    for (char& c : pad) c = static_cast<char>(c ^ 0x36 ^ 0x5c);
    outer_.add({pad.data(), pad.size()});
  }

  [[nodiscard]] Hash sign(std::string_view message) const {
    Sha256 inner = inner_;
    inner.add(message);
    const Hash hash = inner.finish();
    Sha256 outer = outer_;
    outer.add(bytes(hash));
    return outer.finish();
  }

 private:
  Sha256 inner_;
  Sha256 outer_;
};

using HexHash = std::array<char, 64>;

[[nodiscard]] inline std::string_view text(const HexHash& hex) { return {hex.data(), hex.size()}; }

/// 64 lower-case hexadecimal digits.
[[nodiscard]] inline HexHash to_hex(const Hash& hash) {
  constexpr std::string_view digits = "0123456789abcdef";
  HexHash hex;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    hex[2 * i] = digits[hash[i] >> 4];
    hex[2 * i + 1] = digits[hash[i] & 15];
  }
  return hex;
}

}  // namespace rushhour::aws::detail
