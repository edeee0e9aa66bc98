/// \file
/// Session tokens that carry their session: who, since when, until when, signed with the world's seed. So the
/// fake keeps no table of sessions, and its memory stays flat however many roles are assumed; the real
/// service does likewise.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/aws/sigv4.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/fakes/caller.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes::detail {

/// What a session token says.
struct SessionClaims {
  std::uint32_t role{};  ///< index of the principal
  std::uint64_t serial{};
  Instant issued{};
  Instant expires{};
  SessionName name{};
};

/// Makes and reads the tokens, keys and secrets of one world. The secrecy is that of a test: the seed.
class SessionTokens {
 public:
  explicit SessionTokens(Stream key) : key_(key) {}

  [[nodiscard]] aws::Credentials issue(const SessionClaims& claims) {
    aws::Credentials credentials{.access_key_id = access_key_id(claims.serial),
                                 .secret_access_key = secret(claims.serial),
                                 .session_token = encode(claims)};
    recent_[slot_of(credentials.session_token)].remember(credentials, claims);
    return credentials;
  }

  /// What these credentials claim; nothing when they are not of this world, or the secret is wrong.
  /// Credentials that were issued or checked a moment ago are known by heart, which is what makes a simulated
  /// call cheap.
  [[nodiscard]] std::optional<SessionClaims> check(const aws::Credentials& credentials) {
    Recent& recent = recent_[slot_of(credentials.session_token)];
    if (recent.is(credentials)) return recent.claims;
    const auto claims = read(credentials.access_key_id, credentials.session_token);
    if (!claims || secret(claims->serial) != credentials.secret_access_key) return std::nullopt;
    recent.remember(credentials, *claims);
    return claims;
  }

  /// Nothing when the token is not of this world, or was issued with another access key.
  [[nodiscard]] std::optional<SessionClaims> read(std::string_view access_key_id,
                                                  std::string_view token) const {
    if (!token.starts_with(prefix)) return std::nullopt;
    Bytes bytes;
    if (!decode(token.substr(prefix.size()), bytes) || bytes.size < fixed_size + mac_size)
      return std::nullopt;
    const std::size_t end = bytes.size - mac_size;
    std::size_t at = end;
    if (get<std::uint64_t>(bytes, at) != mac(bytes, end)) return std::nullopt;
    at = 0;
    SessionClaims claims;
    claims.role = get<std::uint32_t>(bytes, at);
    claims.serial = get<std::uint64_t>(bytes, at);
    claims.issued = Instant{Duration{get<std::int64_t>(bytes, at)}};
    claims.expires = Instant{Duration{get<std::int64_t>(bytes, at)}};
    const auto size = std::size_t{get<std::uint8_t>(bytes, at)};
    if (at + size != end) return std::nullopt;
    claims.name = SessionName{{reinterpret_cast<const char*>(bytes.data.data()) + at, size}};
    if (this->access_key_id(claims.serial) != access_key_id) return std::nullopt;
    return claims;
  }

  /// 40 characters of base64, as the real ones have.
  [[nodiscard]] std::string secret(std::uint64_t serial) const {
    return letters(key_.part(serial), 16, 40, base64, 6);
  }
  [[nodiscard]] std::string access_key_id(std::uint64_t serial) const {
    std::string out = "ASIA0123456789ABCDEF";
    fill(out.data() + 4, 16, key_.part(serial), 0, base32, 5);
    return out;
  }

  /// `count` letters of an alphabet of 2^bits, drawn from counter `from` on.
  [[nodiscard]] static std::string letters(Stream stream, std::uint64_t from, std::size_t count,
                                           std::string_view alphabet, unsigned bits) {
    std::string out(count, '\0');
    fill(out.data(), count, stream, from, alphabet, bits);
    return out;
  }

  static constexpr std::string_view base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  static constexpr std::string_view base64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

 private:
  /// How tokens of AWS begin today [REC].
  static constexpr std::string_view prefix = "IQoJb3JpZ2luX2Vj";
  static constexpr std::size_t fixed_size = 4 + 8 + 8 + 8 + 1;
  static constexpr std::size_t mac_size = 8;

  static void fill(char* to, std::size_t count, Stream stream, std::uint64_t from, std::string_view alphabet,
                   unsigned bits) {
    std::uint64_t word = 0;
    unsigned left = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (left < bits) {
        word = stream.at(from++);
        left = 64;
      }
      to[i] = alphabet[word & ((1U << bits) - 1)];
      word >>= bits;
      left -= bits;
    }
  }

  /// Credentials in use now, in one piece of memory. Bounded, so that it stays flat however many sessions
  /// there are, and small, so that it stays in the processor's cache.
  struct Recent {
    void remember(const aws::Credentials& credentials, const SessionClaims& of) {
      sizes = {credentials.access_key_id.size(), credentials.secret_access_key.size(),
               credentials.session_token.size()};
      if (sizes[0] + sizes[1] + sizes[2] > text.size()) {
        sizes = {};  // no credentials of this world are so long
        return;
      }
      char* to = std::copy_n(credentials.access_key_id.data(), sizes[0], text.data());
      to = std::copy_n(credentials.secret_access_key.data(), sizes[1], to);
      std::copy_n(credentials.session_token.data(), sizes[2], to);
      claims = of;
    }
    [[nodiscard]] bool is(const aws::Credentials& credentials) const {
      const std::string_view all{text.data(), text.size()};
      return sizes[2] != 0 && all.substr(0, sizes[0]) == credentials.access_key_id &&
             all.substr(sizes[0], sizes[1]) == credentials.secret_access_key &&
             all.substr(sizes[0] + sizes[1], sizes[2]) == credentials.session_token;
    }

    std::array<std::size_t, 3> sizes{};
    std::array<char, 256> text{};
    SessionClaims claims{};
  };
  static constexpr std::size_t recent_count = 128;

  /// By the characters that hold the serial number.
  static std::size_t slot_of(std::string_view token) {
    std::uint64_t word = 0;
    if (token.size() >= prefix.size() + 5 + sizeof word) {
      std::memcpy(&word, token.data() + prefix.size() + 5, sizeof word);
    }
    return mix(word) % recent_count;
  }

  struct Bytes {
    std::array<unsigned char, fixed_size + 64 + mac_size + 3> data{};
    std::size_t size{};
  };

  /// Numbers in the machine's own order: a token never leaves the process that made it, except as a text that
  /// comes back.
  template <class T>
  static void put(Bytes& bytes, T value) {
    std::memcpy(bytes.data.data() + bytes.size, &value, sizeof value);
    bytes.size += sizeof value;
  }
  template <class T>
  static T get(const Bytes& bytes, std::size_t& at) {
    T value{};
    std::memcpy(&value, bytes.data.data() + at, sizeof value);
    at += sizeof value;
    return value;
  }

  [[nodiscard]] std::uint64_t mac(const Bytes& bytes, std::size_t size) const {
    Digest digest;
    digest.add(key_.at(0));
    digest.add(std::string_view{reinterpret_cast<const char*>(bytes.data.data()), size});
    return digest.value();
  }

  [[nodiscard]] std::string encode(const SessionClaims& claims) const {
    Bytes bytes;
    const std::string_view name = claims.name.text();
    put(bytes, claims.role);
    put(bytes, claims.serial);
    put(bytes, claims.issued.time_since_epoch().count());
    put(bytes, claims.expires.time_since_epoch().count());
    put(bytes, static_cast<std::uint8_t>(name.size()));
    std::memcpy(bytes.data.data() + bytes.size, name.data(), name.size());
    bytes.size += name.size();
    put(bytes, mac(bytes, bytes.size));
    std::string out(prefix.size() + (bytes.size + 2) / 3 * 4, '=');
    char* to = std::copy(prefix.begin(), prefix.end(), out.data());
    for (std::size_t i = 0; i < bytes.size; i += 3, to += 4) {  // the array has room for reading past the end
      const std::uint32_t word = static_cast<std::uint32_t>(bytes.data[i]) << 16 |
                                 static_cast<std::uint32_t>(bytes.data[i + 1]) << 8 | bytes.data[i + 2];
      to[0] = base64[word >> 18];
      to[1] = base64[word >> 12 & 63];
      if (bytes.size - i > 1) to[2] = base64[word >> 6 & 63];
      if (bytes.size - i > 2) to[3] = base64[word & 63];
    }
    return out;
  }

  static bool decode(std::string_view text, Bytes& bytes) {
    static constexpr auto values = [] {
      std::array<std::uint8_t, 256> table{};
      table.fill(255);
      for (std::size_t i = 0; i < base64.size(); ++i) {
        table[static_cast<unsigned char>(base64[i])] = static_cast<std::uint8_t>(i);
      }
      return table;
    }();
    if (text.size() % 4 != 0 || text.size() / 4 * 3 > bytes.data.size()) return false;
    std::size_t padding = 0;
    while (padding < 2 && text.size() > padding && text[text.size() - 1 - padding] == '=') ++padding;
    std::uint32_t invalid = 0;
    unsigned char* to = bytes.data.data();
    for (std::size_t i = 0; i < text.size(); i += 4, to += 3) {
      std::uint32_t word = 0;
      for (std::size_t k = 0; k < 4; ++k) {
        const std::uint32_t value = i + k < text.size() - padding
                                        ? values[static_cast<unsigned char>(text[i + k])]
                                        : std::uint32_t{0};
        invalid |= value & 0x80;
        word = word << 6 | (value & 63);
      }
      to[0] = static_cast<unsigned char>(word >> 16);
      to[1] = static_cast<unsigned char>(word >> 8);
      to[2] = static_cast<unsigned char>(word);
    }
    if (invalid != 0) return false;
    bytes.size = text.size() / 4 * 3;
    bytes.size -= padding;
    return true;
  }

  Stream key_;
  std::vector<Recent> recent_ = std::vector<Recent>(recent_count);
};

}  // namespace rushhour::fakes::detail
