/// \file
/// What a source address is: public or private, IPv4 or IPv6, the name of a service, or nothing of the kind.
/// It resolves no names and knows no owners; it reads texts.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/detail/hex.hpp>

namespace rushhour {

/// The classes that a look-up service or a detection treats differently.
enum class AddressClass : std::uint8_t {
  public_ipv4,
  private_ipv4,   ///< 10/8, 172.16/12, 192.168/16 (RFC 1918)
  reserved_ipv4,  ///< every other IPv4 block that no host on the Internet has: loopback, link-local,
                  ///< multicast, ...
  public_ipv6,
  reserved_ipv6,  ///< unique local, link-local, loopback, documentation, mapped IPv4, outside 2000::/3, ...
  service_name,   ///< `cloudtrail.amazonaws.com`, `AWS Internal`: CloudTrail's source when AWS itself called
  missing,        ///< no text at all
  malformed       ///< anything else, `10.0.0.07` and `999.1.2.3` included
};

inline constexpr std::size_t address_class_count = 8;

[[nodiscard]] constexpr std::string_view to_text(AddressClass kind) {
  constexpr std::array<std::string_view, address_class_count> texts{
      "public_ipv4",   "private_ipv4", "reserved_ipv4", "public_ipv6",
      "reserved_ipv6", "service_name", "missing",       "malformed"};
  return texts[static_cast<std::size_t>(kind)];
}

/// An IPv4 address in host order: 10.0.0.1 is 0x0a000001.
using Ipv4 = std::uint32_t;
/// An IPv6 address in network order.
using Ipv6 = std::array<std::uint8_t, 16>;

/// Four decimal numbers up to 255 without leading zeros, as inet_pton and Python's ipaddress read them.
[[nodiscard]] constexpr std::optional<Ipv4> parse_ipv4(std::string_view text) {
  Ipv4 address = 0;
  std::size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    if (part != 0 && (at >= text.size() || text[at++] != '.')) return std::nullopt;
    const std::size_t first = at;
    std::uint32_t number = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && at - first < 4; ++at) {
      number = number * 10 + static_cast<std::uint32_t>(text[at] - '0');
    }
    const bool leading_zero = at - first > 1 && text[first] == '0';
    if (at == first || number > 255 || leading_zero) return std::nullopt;
    address = address << 8 | number;
  }
  if (at != text.size()) return std::nullopt;
  return address;
}

namespace detail {

/// Reads one group of 1 to 4 hexadecimal digits; -1 when there is none or it is longer.
[[nodiscard]] constexpr int read_group(std::string_view text, std::size_t& at) {
  int group = 0;
  const std::size_t first = at;
  for (; at < text.size() && hex_digit(text[at]) >= 0; ++at) {
    if (at - first == 4) return -1;
    group = group * 16 + hex_digit(text[at]);
  }
  return at == first ? -1 : group;
}

/// `address` is inside the block of the first `bits` bits of `prefix`.
[[nodiscard]] constexpr bool in_block(Ipv4 address, Ipv4 prefix, int bits) {
  return (address ^ prefix) >> (32 - bits) == 0;
}

}  // namespace detail

/// The text forms of RFC 4291 section 2.2, an embedded IPv4 tail included; no zone (`%eth0`) and no brackets.
[[nodiscard]] constexpr std::optional<Ipv6> parse_ipv6(std::string_view text) {
  std::array<std::uint16_t, 8> groups{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;  // how many groups stand before `::`
  std::size_t at = 0;
  if (text.starts_with("::")) {
    gap = 0;
    at = 2;
  }
  while (at < text.size()) {
    if (count == 8) return std::nullopt;
    const std::size_t first = at;
    const int group = detail::read_group(text, at);
    if (at < text.size() && text[at] == '.' && count <= 6) {
      const std::optional<Ipv4> tail = parse_ipv4(text.substr(first));
      if (!tail) return std::nullopt;
      groups[count++] = static_cast<std::uint16_t>(*tail >> 16);
      groups[count++] = static_cast<std::uint16_t>(*tail);
      break;
    }
    if (group < 0) return std::nullopt;
    groups[count++] = static_cast<std::uint16_t>(group);
    if (at == text.size()) break;
    if (text[at++] != ':' || at == text.size()) return std::nullopt;
    if (text[at] != ':') continue;
    if (gap) return std::nullopt;
    gap = count;
    ++at;
  }
  if (gap ? count > 7 : count != 8) return std::nullopt;
  Ipv6 address{};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place = gap && i >= *gap ? 8 - count + i : i;
    address[place * 2] = static_cast<std::uint8_t>(groups[i] >> 8);
    address[place * 2 + 1] = static_cast<std::uint8_t>(groups[i]);
  }
  return address;
}

/// `192.0.2.1`.
[[nodiscard]] inline std::string address_text(Ipv4 address) {
  std::string out;
  out.reserve(15);
  for (int shift = 24; shift >= 0; shift -= 8) {
    const unsigned part = address >> shift & 255;
    if (part >= 100) out += static_cast<char>('0' + part / 100);
    if (part >= 10) out += static_cast<char>('0' + part / 10 % 10);
    out += static_cast<char>('0' + part % 10);
    if (shift != 0) out += '.';
  }
  return out;
}

/// The one canonical text of RFC 5952: lower case, no leading zeros, the longest (first) run of two or more
/// zero groups as `::`, a mapped IPv4 address in dotted form.
[[nodiscard]] inline std::string address_text(const Ipv6& address) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) {
    groups[i] = static_cast<unsigned>(address[i * 2] << 8 | address[i * 2 + 1]);
  }
  std::size_t run_at = 8;
  std::size_t run_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > run_length) {
      run_at = i;
      run_length = end - i;
    }
  }
  if (run_at == 0 && run_length == 5 && groups[5] == 0xffff) {
    return "::ffff:" + address_text(static_cast<Ipv4>(groups[6] << 16 | groups[7]));
  }
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(39);
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == run_at) {
      out += "::";
      i += run_length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    bool leading = true;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const unsigned digit = groups[i] >> shift & 15;
      leading = leading && digit == 0 && shift != 0;
      if (!leading) out += digits[digit];
    }
  }
  return out;
}

/// Blocks from the IANA IPv4 special-purpose registry (read 2026), those not globally reachable, and
/// multicast.
[[nodiscard]] constexpr AddressClass classify_ipv4(Ipv4 address) {
  struct Block {
    Ipv4 prefix;
    int bits;
    AddressClass kind;
  };
  constexpr std::array<Block, 15> blocks{
      {{0x0a000000, 8, AddressClass::private_ipv4},     // 10/8
       {0xac100000, 12, AddressClass::private_ipv4},    // 172.16/12
       {0xc0a80000, 16, AddressClass::private_ipv4},    // 192.168/16
       {0x00000000, 8, AddressClass::reserved_ipv4},    // this network
       {0x64400000, 10, AddressClass::reserved_ipv4},   // 100.64/10, carriers
       {0x7f000000, 8, AddressClass::reserved_ipv4},    // loopback
       {0xa9fe0000, 16, AddressClass::reserved_ipv4},   // link-local
       {0xc0000000, 24, AddressClass::reserved_ipv4},   // 192.0.0/24, protocols
       {0xc0000200, 24, AddressClass::reserved_ipv4},   // documentation
       {0xc0586300, 24, AddressClass::reserved_ipv4},   // 6to4 relay, retired
       {0xc6120000, 15, AddressClass::reserved_ipv4},   // benchmarking
       {0xc6336400, 24, AddressClass::reserved_ipv4},   // documentation
       {0xcb007100, 24, AddressClass::reserved_ipv4},   // documentation
       {0xe0000000, 4, AddressClass::reserved_ipv4},    // multicast
       {0xf0000000, 4, AddressClass::reserved_ipv4}}};  // future use, broadcast
  for (const Block& block : blocks) {
    if (detail::in_block(address, block.prefix, block.bits)) return block.kind;
  }
  return AddressClass::public_ipv4;
}

/// Global unicast is 2000::/3 (RFC 4291); of it, the IANA IPv6 special-purpose registry (read 2026) takes out
/// 2001::/23 (protocols, Teredo), 2001:db8::/32 and 3fff::/20 (documentation) and 2002::/16 (6to4).
[[nodiscard]] constexpr AddressClass classify_ipv6(const Ipv6& address) {
  const unsigned first = static_cast<unsigned>(address[0] << 8 | address[1]);
  const unsigned second = static_cast<unsigned>(address[2] << 8 | address[3]);
  const bool special = first >> 13 != 1 || (first == 0x2001 && (second < 0x0200 || second == 0x0db8)) ||
                       first == 0x2002 || (first == 0x3fff && second < 0x1000);
  return special ? AddressClass::reserved_ipv6 : AddressClass::public_ipv6;
}

/// A host name with at least two labels (letters, digits, inner hyphens), the last of letters only; or `AWS
/// Internal`.
[[nodiscard]] constexpr bool is_service_name(std::string_view text) {
  if (text == "AWS Internal") return true;
  std::size_t label = 0;
  bool last_is_alphabetic = true;
  bool has_dot = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : '.';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c == '.') {
      if (i == label || text[label] == '-' || text[i - 1] == '-') return false;
      if (i == text.size()) break;
      has_dot = true;
      label = i + 1;
      last_is_alphabetic = true;
      continue;
    }
    if (!letter && c != '-' && (c < '0' || c > '9')) return false;
    last_is_alphabetic = last_is_alphabetic && letter;
  }
  return has_dot && last_is_alphabetic;
}

/// The class of a text as it stands in a log: no trimming, no mercy for leading zeros.
[[nodiscard]] constexpr AddressClass classify_address(std::string_view text) {
  if (text.empty()) return AddressClass::missing;
  if (const std::optional<Ipv4> ipv4 = parse_ipv4(text)) return classify_ipv4(*ipv4);
  if (text.find(':') != std::string_view::npos) {
    const std::optional<Ipv6> ipv6 = parse_ipv6(text);
    return ipv6 ? classify_ipv6(*ipv6) : AddressClass::malformed;
  }
  return is_service_name(text) ? AddressClass::service_name : AddressClass::malformed;
}

/// The text by which an address is one and the same: IPv6 in the form of RFC 5952, IPv4 as it is; nothing for
/// what is no address.
[[nodiscard]] inline std::optional<std::string> canonical_address(std::string_view text) {
  if (parse_ipv4(text)) return std::string{text};
  if (const std::optional<Ipv6> ipv6 = parse_ipv6(text)) return address_text(*ipv6);
  return std::nullopt;
}

}  // namespace rushhour
