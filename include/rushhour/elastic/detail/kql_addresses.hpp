/// \file
/// Addresses as Elasticsearch's ip fields compare them: all of 16 bytes, IPv4 as mapped IPv6 (RFC 4291,
/// 2.5.5.2), so that `::ffff:10.0.0.1` is 10.0.0.1. [MEM] Lucene's InetAddressPoint.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/elastic/detail/kql_value_tests.hpp>

namespace rushhour::elastic::detail {

/// An address as a number.
using AddressNumber = rushhour::detail::uint128;

[[nodiscard]] constexpr std::optional<AddressNumber> parse_address(std::string_view text) {
  if (const std::optional<Ipv4> v4 = parse_ipv4(text)) return AddressNumber{0xffff} << 32 | *v4;
  const std::optional<Ipv6> v6 = parse_ipv6(text);
  if (!v6) return std::nullopt;
  AddressNumber out = 0;
  for (const std::uint8_t byte : *v6) out = out << 8 | byte;
  return out;
}

/// From one address to another, both included.
struct AddressRange {
  AddressNumber first{};
  AddressNumber last{};
};

/// `10.0.0.0/8`, `2001:db8::/32`, or an address alone. Bits behind the prefix are ignored.
[[nodiscard]] constexpr std::optional<AddressRange> parse_address_range(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view host = text.substr(0, slash);
  const std::optional<AddressNumber> address = parse_address(host);
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return AddressRange{*address, *address};
  const std::string_view digits = text.substr(slash + 1);
  if (digits.empty() || digits.size() > 3) return std::nullopt;
  unsigned prefix = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    prefix = prefix * 10 + static_cast<unsigned>(c - '0');
  }
  const unsigned bits = host.find(':') == std::string_view::npos ? 32 : 128;
  if (prefix > bits) return std::nullopt;
  const unsigned free_bits = bits - prefix;
  const AddressNumber rest = free_bits == 128 ? ~AddressNumber{0} : (AddressNumber{1} << free_bits) - 1;
  return AddressRange{*address & ~rest, *address | rest};
}

/// Texts that are addresses of one of some ranges.
class Addresses final : public ValueTest {
 public:
  explicit Addresses(AddressRange range) : ranges_{range} {}
  /// Lists of blocks are long, and one reading of the address is enough.
  [[nodiscard]] bool absorb(const ValueTest& other) override {
    const auto* const addresses = dynamic_cast<const Addresses*>(&other);
    if (addresses == nullptr) return false;
    ranges_.insert(ranges_.end(), addresses->ranges_.begin(), addresses->ranges_.end());
    return true;
  }
  [[nodiscard]] bool operator()(const event::Value& value, const Judging&) const override {
    const std::optional<AddressNumber> address = parse_address(value.text_or({}));
    return address && std::ranges::any_of(ranges_, [&](const AddressRange& range) {
             return *address >= range.first && *address <= range.last;
           });
  }
  [[nodiscard]] unsigned cost() const override { return 30; }

 private:
  std::vector<AddressRange> ranges_;
};

/// Texts that are addresses above or below one.
class AddressOrder final : public ValueTest {
 public:
  AddressOrder(KqlNode::Operator op, AddressNumber bound) : op_(op), bound_(bound) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging&) const override {
    const std::optional<AddressNumber> address = parse_address(value.text_or({}));
    return address && satisfies(*address <=> bound_, op_);
  }
  [[nodiscard]] unsigned cost() const override { return 30; }

 private:
  KqlNode::Operator op_;
  AddressNumber bound_;
};

}  // namespace rushhour::elastic::detail
