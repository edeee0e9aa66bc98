/// \file
/// Blocks of IP addresses in CIDR notation, as IpAddress conditions compare them. Single addresses are read
/// by address.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <rushhour/address.hpp>

namespace rushhour::aws::detail {

/// An address of either family with the number of leading bits that count.
struct IpNetwork {
  Ipv6 address{};  ///< an IPv4 address stands in the first four bytes
  bool is_v6{};
  int bits{};

  /// An IPv4 block holds no IPv6 address, mapped ones included, nor the other way round.
  [[nodiscard]] constexpr bool contains(const IpNetwork& other) const {
    if (is_v6 != other.is_v6 || other.bits < bits) return false;
    for (int bit = 0; bit < bits; ++bit) {
      const auto byte = static_cast<std::size_t>(bit / 8);
      const unsigned mask = 0x80U >> (bit % 8);
      if (((address[byte] ^ other.address[byte]) & mask) != 0) return false;
    }
    return true;
  }
};

/// `10.0.0.0/8`, `2001:db8::/32`, or an address alone, which is a block of one. Bits of the host may be set
/// and are ignored. [MEM] IAM takes `10.0.0.1/8` for `10.0.0.0/8`.
[[nodiscard]] constexpr std::optional<IpNetwork> parse_ip_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view host = text.substr(0, slash);
  IpNetwork network;
  if (const auto v4 = parse_ipv4(host)) {
    for (std::size_t i = 0; i < 4; ++i) {
      network.address[i] = static_cast<std::uint8_t>(*v4 >> (24 - 8 * i) & 255);
    }
    network.bits = 32;
  } else if (const auto v6 = parse_ipv6(host)) {
    network = {.address = *v6, .is_v6 = true, .bits = 128};
  } else {
    return std::nullopt;
  }
  if (slash == std::string_view::npos) return network;
  const std::string_view digits = text.substr(slash + 1);
  if (digits.empty() || digits.size() > 3) return std::nullopt;
  int bits = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    bits = bits * 10 + (c - '0');
  }
  if (bits > network.bits) return std::nullopt;
  network.bits = bits;
  return network;
}

[[nodiscard]] constexpr bool is_ip_network(std::string_view text) {
  return parse_ip_network(text).has_value();
}
[[nodiscard]] constexpr bool in_ip_network(std::string_view network, std::string_view address) {
  const auto wanted = parse_ip_network(network);
  const auto actual = parse_ip_network(address);
  return wanted && actual && wanted->contains(*actual);
}

}  // namespace rushhour::aws::detail
