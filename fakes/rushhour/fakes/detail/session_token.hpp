/// \file
/// Session tokens that carry their session: who, since when, until when, under which session policies and
/// tags, signed with the world's seed. So the fake keeps no table of sessions, and its memory stays flat
/// however many roles are assumed; the real service does likewise.
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
#include <rushhour/detail/base64.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/fakes/caller.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes::detail {

/// What a session token says, but for its extras.
struct SessionClaims {
  std::uint32_t subject{};  ///< index of the principal
  std::uint64_t serial{};
  std::uint64_t account{};  ///< its number: part of the access key id
  Instant issued{};
  Instant expires{};
  CallerKind kind{CallerKind::role};
  bool is_multi_factor{};
  bool has_extras{};
  SessionName name{};
};

/// Makes and reads the tokens, keys and secrets of one world. The secrecy is that of a test: the seed.
class SessionTokens {
 public:
  explicit SessionTokens(Stream key) : key_(key) {}

  static constexpr std::size_t extras_size_max = 8'192;
  static constexpr std::size_t token_size_max = 16 + (38 + 64 + extras_size_max + 8 + 2) / 3 * 4;

  /// \param extras    what else the token carries, for extras_of()
  /// \param size_min  characters that the token is filled up to
  [[nodiscard]] aws::Credentials issue(const SessionClaims& claims, std::string_view extras = {},
                                       std::size_t size_min = 0) {
    aws::Credentials credentials{.access_key_id = access_key_id(claims),
                                 .secret_access_key = secret(claims.serial),
                                 .session_token = encode(claims, extras, size_min)};
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
    const auto bytes = decode(token);
    if (!bytes) return std::nullopt;
    std::size_t at = 0;
    SessionClaims claims = claims_of(*bytes, at);
    if (this->access_key_id(claims) != access_key_id) return std::nullopt;
    return claims;
  }

  /// The extras of a token that read() has accepted.
  [[nodiscard]] std::string extras_of(std::string_view token) const {
    const auto bytes = decode(token);
    if (!bytes) return {};
    std::size_t at = 0;
    static_cast<void>(claims_of(*bytes, at));
    const auto size = std::size_t{get<std::uint16_t>(*bytes, at)};
    return bytes->substr(at, size);
  }

  /// 40 characters of base64, as the real ones have.
  [[nodiscard]] std::string secret(std::uint64_t serial) const {
    return letters(key_.part(serial), 16, 40, base64, 6);
  }
  [[nodiscard]] std::string access_key_id(const SessionClaims& claims) const {
    return key_id("ASIA", claims.account, key_.part(claims.serial));
  }

  /// A prefix of four letters and 80 bits in base32: 1, the account's number in 40 bits, the rest drawn. So
  /// do AWS's own ids since 2019 [REC: T. Be'ery, "A short note on AWS KEY ID", 2023].
  [[nodiscard]] static std::string key_id(std::string_view prefix, std::uint64_t account, Stream stream) {
    const std::uint64_t drawn = stream.at(0);
    const std::uint64_t first = std::uint64_t{1} << 39 | account >> 1;  // 40 bits: 8 letters
    const std::uint64_t last = (account & 1) << 39 | (drawn & ((std::uint64_t{1} << 39) - 1));
    std::string out(20, 'A');
    std::copy_n(prefix.begin(), 4, out.begin());
    for (std::size_t i = 0; i < 8; ++i) {
      out[4 + i] = base32[first >> (35 - 5 * i) & 31];
      out[12 + i] = base32[last >> (35 - 5 * i) & 31];
    }
    return out;
  }
  /// The account's number in such an id; nothing for what is none.
  [[nodiscard]] static std::optional<std::uint64_t> account_in(std::string_view access_key_id) {
    if (access_key_id.size() != 20) return std::nullopt;
    std::uint64_t bits = 0;
    for (const char c : access_key_id.substr(4, 9)) {
      const std::size_t value = base32.find(c);
      if (value == std::string_view::npos) return std::nullopt;
      bits = bits << 5 | value;
    }
    return bits >> 4 & ((std::uint64_t{1} << 40) - 1);
  }
  [[nodiscard]] static std::uint64_t account_number(std::string_view account_id) {
    std::uint64_t number = 0;
    for (const char c : account_id) number = number * 10 + static_cast<std::uint64_t>(c - '0');
    return number;
  }
  [[nodiscard]] static std::string account_id(std::uint64_t number) {
    std::string out(12, '0');
    for (std::size_t i = out.size(); i-- > 0; number /= 10) out[i] = static_cast<char>('0' + number % 10);
    return out;
  }

  /// `count` letters of an alphabet of 2^bits, drawn from counter `from` on.
  [[nodiscard]] static std::string letters(Stream stream, std::uint64_t from, std::size_t count,
                                           std::string_view alphabet, unsigned bits) {
    std::string out(count, '\0');
    std::uint64_t word = 0;
    unsigned left = 0;
    for (char& letter : out) {
      if (left < bits) {
        word = stream.at(from++);
        left = 64;
      }
      letter = alphabet[word & ((1U << bits) - 1)];
      word >>= bits;
      left -= bits;
    }
    return out;
  }

  static constexpr std::string_view base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  static constexpr std::string_view base64 = rushhour::detail::base64_alphabet;

 private:
  /// How tokens of AWS begin today [REC].
  static constexpr std::string_view prefix = "IQoJb3JpZ2luX2Vj";
  static constexpr std::size_t fixed_size = 4 + 8 + 8 + 8 + 8 + 1 + 1;
  static constexpr std::size_t mac_size = 8;
  static constexpr std::uint8_t multi_factor_flag = 16;
  static constexpr std::uint8_t extras_flag = 32;

  /// Credentials in use now, in one piece of memory. Bounded, so that it stays flat however many sessions
  /// there are, and small, so that it stays in the processor's cache.
  struct Recent {
    void remember(const aws::Credentials& credentials, const SessionClaims& of) {
      sizes = {credentials.access_key_id.size(), credentials.secret_access_key.size(),
               credentials.session_token.size()};
      if (sizes[0] + sizes[1] + sizes[2] > text.size()) {
        sizes = {};  // with session policies: such credentials are read anew each time
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

  /// Numbers in the machine's own order: a token never leaves the process that made it, except as a text that
  /// comes back.
  template <class T>
  static void put(std::string& bytes, T value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    bytes.append(raw, sizeof value);
  }
  template <class T>
  static T get(std::string_view bytes, std::size_t& at) {
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    at += sizeof value;
    return value;
  }

  [[nodiscard]] std::uint64_t mac(std::string_view bytes) const {
    Digest digest;
    digest.add(key_.at(0));
    digest.add(bytes);
    return digest.value();
  }

  [[nodiscard]] std::string encode(const SessionClaims& claims, std::string_view extras,
                                   std::size_t size_min) {
    const std::string_view name = claims.name.text();
    std::array<char, fixed_size> fixed{};
    char* to = fixed.data();
    const auto put_fixed = [&to](auto value) {
      std::memcpy(to, &value, sizeof value);
      to += sizeof value;
    };
    put_fixed(claims.subject);
    put_fixed(claims.serial);
    put_fixed(claims.account);
    put_fixed(claims.issued.time_since_epoch().count());
    put_fixed(claims.expires.time_since_epoch().count());
    put_fixed(static_cast<std::uint8_t>(static_cast<unsigned>(claims.kind) |
                                        (claims.is_multi_factor ? multi_factor_flag : 0U) |
                                        (extras.empty() ? 0U : extras_flag)));
    put_fixed(static_cast<std::uint8_t>(name.size()));
    std::string& bytes = bytes_;  // kept: the next token needs no memory
    bytes.assign(fixed.data(), fixed.size());
    bytes += name;
    if (!extras.empty()) {
      put(bytes, static_cast<std::uint16_t>(extras.size()));
      bytes += extras;
    }
    if (size_min > prefix.size()) {
      const std::size_t wanted = (size_min - prefix.size() + 3) / 4 * 3;
      const Stream filling = key_.part(claims.serial);
      for (std::uint64_t i = 32; bytes.size() + mac_size < wanted; ++i) {
        put(bytes, static_cast<std::uint8_t>(filling.at(i)));
      }
    }
    put(bytes, mac(bytes));
    std::string out;
    out.reserve(prefix.size() + (bytes.size() + 2) / 3 * 4);
    out = prefix;
    rushhour::detail::append_base64(out, bytes);
    return out;
  }

  /// All but the MAC, which is right; nothing else is certain but that the claims are whole.
  [[nodiscard]] std::optional<std::string> decode(std::string_view token) const {
    if (!token.starts_with(prefix) || token.size() > token_size_max) return std::nullopt;
    auto bytes = rushhour::detail::decode_base64(token.substr(prefix.size()));
    if (!bytes || bytes->size() < fixed_size + mac_size) return std::nullopt;
    std::size_t at = bytes->size() - mac_size;
    const std::size_t end = at;
    const auto claimed = get<std::uint64_t>(*bytes, at);
    bytes->resize(end);
    if (claimed != mac(*bytes)) return std::nullopt;
    return bytes;
  }

  static SessionClaims claims_of(std::string_view bytes, std::size_t& at) {
    SessionClaims claims;
    claims.subject = get<std::uint32_t>(bytes, at);
    claims.serial = get<std::uint64_t>(bytes, at);
    claims.account = get<std::uint64_t>(bytes, at);
    claims.issued = Instant{Duration{get<std::int64_t>(bytes, at)}};
    claims.expires = Instant{Duration{get<std::int64_t>(bytes, at)}};
    const auto flags = get<std::uint8_t>(bytes, at);
    claims.kind = static_cast<CallerKind>(flags & 15U);
    claims.is_multi_factor = (flags & multi_factor_flag) != 0;
    claims.has_extras = (flags & extras_flag) != 0;
    const auto size = std::size_t{get<std::uint8_t>(bytes, at)};
    claims.name = SessionName{bytes.substr(at, size)};
    at += size;
    return claims;
  }

  Stream key_;
  std::vector<Recent> recent_ = std::vector<Recent>(recent_count);
  std::string bytes_{};
};

}  // namespace rushhour::fakes::detail
