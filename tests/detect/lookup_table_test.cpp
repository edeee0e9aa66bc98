#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include <rushhour/address.hpp>
#include <rushhour/detect/lookup_table.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + 14h};

TEST(LookupTable, CoversItsShareOfTheAddressesBySeed) {
  constexpr std::uint64_t seed = 5;
  const Stream stream = Random{seed}.stream("lookup_table");
  const LookupTable most{{.coverage = {9, 10}, .stream = stream}};
  const LookupTable half{{.coverage = {1, 2}, .stream = stream}};
  int in_most = 0;
  int only_in_half = 0;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    const std::string address = address_text(Ipv4{0x08000000 + i});
    in_most += most.covers(address) ? 1 : 0;
    only_in_half += half.covers(address) && !most.covers(address) ? 1 : 0;
  }
  EXPECT_NEAR(in_most, 9'000, 120) << "4 standard errors: sqrt(10,000 * 0.9 * 0.1) is 30; seed " << seed;
  EXPECT_EQ(only_in_half, 0);
  const LookupTable whole{{.coverage = {1, 1}}};
  const LookupTable none{{.coverage = {0, 1}}};
  EXPECT_TRUE(whole.covers("8.8.8.8"));
  EXPECT_FALSE(none.covers("8.8.8.8"));
}

TEST(LookupTable, IsRefreshedInStepWithTheClockOfUtc) {
  const LookupTable daily{{.refresh = 24h}};
  EXPECT_EQ(to_iso8601(daily.refreshed(start)), "2026-03-02T00:00:00Z");
  EXPECT_EQ(to_iso8601(daily.refreshed(start + 10h - 1ns)), "2026-03-02T00:00:00Z");
  EXPECT_EQ(to_iso8601(daily.refreshed(start + 10h)), "2026-03-03T00:00:00Z");
  EXPECT_EQ(daily.refreshed(Instant{-1ns}), Instant{-24h});
}

}  // namespace
}  // namespace rushhour::detect
