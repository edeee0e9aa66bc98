#include <gtest/gtest.h>

#include <rushhour/detect/call_log.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + 14h};

TEST(CallLog, AdmitsSoManyInAnyHour) {
  CallLog log;
  const auto call = [&](Duration at) {
    const bool admitted = log.admits(2, start + at);
    if (admitted) log.add(start + at);
    return admitted;
  };
  EXPECT_TRUE(call(0min));
  EXPECT_TRUE(call(30min));
  EXPECT_FALSE(call(59min));
  EXPECT_FALSE(call(1h - 1ns));
  EXPECT_TRUE(call(1h)) << "the first call is an hour old";
  EXPECT_FALSE(call(1h + 30min - 1ns));
  EXPECT_TRUE(call(1h + 30min));
  EXPECT_FALSE(log.admits(0, start + 100h)) << "a budget of nothing";
}

TEST(CallLog, StopsEachOfThoseWhoShareItAtItsOwnLimit) {
  CallLog log;
  log.add(start);
  log.add(start);
  EXPECT_FALSE(log.admits(2, start));
  EXPECT_TRUE(log.admits(3, start));
}

}  // namespace
}  // namespace rushhour::detect
