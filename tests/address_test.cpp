#include <rushhour/address.hpp>

#include <arpa/inet.h>

#include <string>

#include <gtest/gtest.h>

#include <rushhour/random.hpp>

namespace rushhour {
namespace {

struct Row {
  std::string_view text;
  AddressClass kind;
};

class ClassifyAddress : public testing::TestWithParam<Row> {};

TEST_P(ClassifyAddress, GivesTheClass) {
  EXPECT_EQ(to_text(classify_address(GetParam().text)), to_text(GetParam().kind))
      << '"' << GetParam().text << '"';
}

using enum AddressClass;

INSTANTIATE_TEST_SUITE_P(
    Ipv4, ClassifyAddress,
    testing::Values(
        Row{"35.216.199.51", public_ipv4}, Row{"1.0.0.0", public_ipv4}, Row{"9.255.255.255", public_ipv4},
        Row{"10.0.0.0", private_ipv4}, Row{"10.255.255.255", private_ipv4}, Row{"11.0.0.0", public_ipv4},
        Row{"172.15.255.255", public_ipv4}, Row{"172.16.0.0", private_ipv4},
        Row{"172.31.255.255", private_ipv4}, Row{"172.32.0.0", public_ipv4}, Row{"192.168.0.1", private_ipv4},
        Row{"192.169.0.0", public_ipv4}, Row{"0.1.2.3", reserved_ipv4}, Row{"100.63.255.255", public_ipv4},
        Row{"100.64.0.0", reserved_ipv4}, Row{"100.127.255.255", reserved_ipv4},
        Row{"100.128.0.0", public_ipv4}, Row{"127.0.0.1", reserved_ipv4},
        Row{"169.254.169.254", reserved_ipv4}, Row{"192.0.0.8", reserved_ipv4},
        Row{"192.0.2.1", reserved_ipv4}, Row{"192.0.1.1", public_ipv4}, Row{"192.88.99.1", reserved_ipv4},
        Row{"198.17.255.255", public_ipv4}, Row{"198.18.0.1", reserved_ipv4},
        Row{"198.19.255.255", reserved_ipv4}, Row{"198.20.0.0", public_ipv4},
        Row{"198.51.100.7", reserved_ipv4}, Row{"203.0.113.9", reserved_ipv4},
        Row{"223.255.255.255", public_ipv4}, Row{"224.0.0.1", reserved_ipv4}, Row{"240.0.0.1", reserved_ipv4},
        Row{"255.255.255.255", reserved_ipv4}));

INSTANTIATE_TEST_SUITE_P(Ipv6, ClassifyAddress,
                         testing::Values(Row{"2600:1f18::1", public_ipv6},
                                         Row{"2001:4860:4860::8888", public_ipv6},
                                         Row{"2001:200::1", public_ipv6}, Row{"2001:0:1::1", reserved_ipv6},
                                         Row{"2001:db8::1", reserved_ipv6}, Row{"2001:db9::1", public_ipv6},
                                         Row{"2002:c000:204::1", reserved_ipv6},
                                         Row{"3fff:fff::1", reserved_ipv6}, Row{"3fff:1000::1", public_ipv6},
                                         Row{"4000::1", reserved_ipv6}, Row{"::", reserved_ipv6},
                                         Row{"::1", reserved_ipv6}, Row{"::ffff:8.8.8.8", reserved_ipv6},
                                         Row{"fc00::1", reserved_ipv6}, Row{"fdff::1", reserved_ipv6},
                                         Row{"fe80::1", reserved_ipv6}, Row{"ff02::1", reserved_ipv6},
                                         Row{"64:ff9b::1.2.3.4", reserved_ipv6}));

INSTANTIATE_TEST_SUITE_P(
    Others, ClassifyAddress,
    testing::Values(Row{"cloudtrail.amazonaws.com", service_name}, Row{"AWS Internal", service_name},
                    Row{"a-b.example.c0m.org", service_name}, Row{"", missing}, Row{"localhost", malformed},
                    Row{"999.1.2.3", malformed}, Row{"1.2.3", malformed}, Row{"1.2.3.4.5", malformed},
                    Row{"1.2.3.4 ", malformed}, Row{" 1.2.3.4", malformed}, Row{"1.2.3.04", malformed},
                    Row{"00.1.2.3", malformed}, Row{"1..2.3", malformed}, Row{"1.2.3.", malformed},
                    Row{"1.2.3.4a", malformed}, Row{"1.2.3.4444444444", malformed}, Row{"-a.com", malformed},
                    Row{"a-.com", malformed}, Row{"a..com", malformed}, Row{".com", malformed},
                    Row{"a.com.", malformed}, Row{"AWS External", malformed}, Row{"1::2::3", malformed},
                    Row{":1::2", malformed}, Row{"1:2", malformed}, Row{"fe80::1%eth0", malformed},
                    Row{"1:2:3:4:5:6:7:8:9", malformed}, Row{"1:2:3:4:5:6:7::8", malformed},
                    Row{"::12345", malformed}, Row{"1:2:3:4:5:6:7:", malformed}, Row{"[::1]", malformed},
                    Row{"::1.2.3.256", malformed}, Row{"1:2:3:4:5:6:7:1.2.3.4", malformed},
                    Row{"2600::g", malformed}));

TEST(ParseIpv6, AgreesWithInetPtonOnMutilatedTexts) {
  constexpr std::uint64_t seed = 4291;
  SCOPED_TRACE("seed " + std::to_string(seed));
  static constexpr std::string_view alphabet = "0123456789abcdefABCDEF::::::...";
  Draws draws{Random{seed}.stream("address_test")};
  int good = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = "2001:db8:0:0:1::192.0.2.33";
    if (i % 2 == 0) text = "1:22::333:4444:0:0:a";
    for (std::uint64_t changes = draws.next() % 4; changes > 0; --changes) {
      const std::size_t at = uniform_below(draws.next(), text.size());
      const char c = alphabet[uniform_below(draws.next(), alphabet.size())];
      switch (draws.next() % 3) {
        case 0:
          text[at] = c;
          break;
        case 1:
          text.erase(at, 1);
          break;
        default:
          text.insert(at, 1, c);
      }
    }
    Ipv6 expected{};
    const bool valid = inet_pton(AF_INET6, text.c_str(), expected.data()) == 1;
    const std::optional<Ipv6> parsed = parse_ipv6(text);
    ASSERT_EQ(parsed.has_value(), valid) << text;
    if (!parsed) continue;
    ++good;
    ASSERT_EQ(*parsed, expected) << text;
    ASSERT_EQ(parse_ipv6(address_text(*parsed)), parsed) << text;
  }
  EXPECT_GT(good, 10'000);
}

TEST(ParseIpv4, AgreesWithInetPtonOnMutilatedTexts) {
  constexpr std::uint64_t seed = 791;
  SCOPED_TRACE("seed " + std::to_string(seed));
  static constexpr std::string_view alphabet = "0123456789.";
  Draws draws{Random{seed}.stream("address_test")};
  for (int i = 0; i < 200'000; ++i) {
    std::string text(7 + draws.next() % 6, '1');
    for (char& c : text) c = alphabet[uniform_below(draws.next(), alphabet.size())];
    in_addr expected{};
    const bool valid = inet_pton(AF_INET, text.c_str(), &expected) == 1;
    const std::optional<Ipv4> parsed = parse_ipv4(text);
    ASSERT_EQ(parsed.has_value(), valid) << text;
    if (!parsed) continue;
    ASSERT_EQ(*parsed, ntohl(expected.s_addr)) << text;
    ASSERT_EQ(address_text(*parsed), text);
  }
}

TEST(CanonicalAddress, IsTheFormOfRfc5952) {
  EXPECT_EQ(canonical_address("2001:DB8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
  EXPECT_EQ(canonical_address("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(canonical_address("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");
  EXPECT_EQ(canonical_address("0:0:0:0:0:0:0:0"), "::");
  EXPECT_EQ(canonical_address("0:0:0:0:0:0:0:1"), "::1");
  EXPECT_EQ(canonical_address("2600:0:0:0:0:0:0:0"), "2600::");
  EXPECT_EQ(canonical_address("::FFFF:c000:0201"), "::ffff:192.0.2.1");
  EXPECT_EQ(canonical_address("00ab:0001::"), "ab:1::");
  EXPECT_EQ(canonical_address("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(canonical_address("192.0.2.01"), std::nullopt);
  EXPECT_EQ(canonical_address("sts.amazonaws.com"), std::nullopt);
}

TEST(AddressText, CanBeClassifiedAtCompileTime) {
  static_assert(classify_address("8.8.8.8") == AddressClass::public_ipv4);
  static_assert(classify_address("2600::1") == AddressClass::public_ipv6);
  EXPECT_EQ(address_text(Ipv4{0x0a0000fe}), "10.0.0.254");
}

}  // namespace
}  // namespace rushhour
