#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <rushhour/fault.hpp>

namespace rushhour {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t seed = 17;
const Instant start = parse_iso8601("2026-03-02T14:00:00Z").value();
const Failure unavailable{.outcome = Outcome::server_error, .status = 503};
const Failure reset{.outcome = Outcome::reset};

bool strikes(const Faults& faults, Instant now, const std::string& service = "sts",
             const std::string& operation = "AssumeRole") {
  return faults.strike(service, operation, now, 0) != nullptr;
}

std::vector<std::uint64_t> struck(const Faults& faults, const std::string& operation, std::uint64_t calls) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t i = 0; i < calls; ++i) {
    if (faults.strike("sts", operation, start, i) != nullptr) out.push_back(i);
  }
  return out;
}

TEST(Faults, AreNoneUnlessAdded) {
  Faults faults(Random{seed});
  EXPECT_TRUE(faults.empty());
  EXPECT_FALSE(strikes(faults, start));
}

TEST(Faults, StrikeTheirServiceAndOperationOnly) {
  Faults faults(Random{seed});
  faults.add({.service = "sts", .operation = "AssumeRole", .failure = unavailable});
  EXPECT_EQ(faults.strike("sts", "AssumeRole", start, 0)->failure, unavailable);
  EXPECT_FALSE(strikes(faults, start, "sts", "GetCallerIdentity"));
  EXPECT_FALSE(strikes(faults, start, "secretsmanager", "AssumeRole"));
}

TEST(Faults, WithoutAnOperationStrikeTheWholeService) {
  Faults faults(Random{seed});
  faults.add({.service = "sts", .failure = unavailable});
  EXPECT_TRUE(strikes(faults, start, "sts", "AssumeRole"));
  EXPECT_TRUE(strikes(faults, start, "sts", "GetCallerIdentity"));
  EXPECT_FALSE(strikes(faults, start, "virustotal", "files"));
}

TEST(Faults, StrikeFromTheirFirstInstantToJustBeforeTheirEnd) {
  Faults faults(Random{seed});
  faults.add({.service = "sts", .failure = unavailable, .from = start, .lasting = 5min});
  EXPECT_FALSE(strikes(faults, start - 1ns));
  EXPECT_TRUE(strikes(faults, start));
  EXPECT_TRUE(strikes(faults, start + 5min - 1ns));
  EXPECT_FALSE(strikes(faults, start + 5min));
}

TEST(Faults, LastForEverUnlessToldOtherwise) {
  Faults faults(Random{seed});
  faults.add({.service = "sts", .failure = unavailable});
  EXPECT_TRUE(strikes(faults, Instant{}));
  EXPECT_TRUE(strikes(faults, start + 24h * 365 * 200));
}

TEST(Faults, StrikeTheirShareOfCalls) {
  constexpr std::uint64_t calls = 200'000;
  for (const Ratio share : {Ratio{1, 100}, Ratio{1, 2}, Ratio{99, 100}}) {
    Faults faults(Random{seed});
    faults.add({.service = "sts", .share = share, .failure = unavailable});
    const double p = share.to_double();
    EXPECT_NEAR(static_cast<double>(struck(faults, "AssumeRole", calls).size()) / calls, p,
                4 * std::sqrt(p * (1 - p) / calls))
        << "seed " << seed;
  }
}

TEST(Faults, OfNoShareNeverStrike) {
  Faults faults(Random{seed});
  faults.add({.service = "sts", .share = {0, 1}, .failure = unavailable});
  EXPECT_TRUE(struck(faults, "AssumeRole", 1'000).empty());
}

TEST(Faults, AreDecidedByTheFirstThatStrikes) {
  Faults faults(Random{seed});
  faults.add({.service = "sts", .failure = reset, .from = start + 1min});
  faults.add({.service = "sts", .failure = unavailable});
  EXPECT_EQ(faults.strike("sts", "AssumeRole", start, 0)->failure, unavailable);
  EXPECT_EQ(faults.strike("sts", "AssumeRole", start + 1min, 0)->failure, reset);
}

TEST(Faults, DoNotChangeEachOther) {
  const Fault fault{.service = "sts", .operation = "AssumeRole", .share = {1, 10}, .failure = unavailable};
  Faults alone(Random{seed});
  alone.add(fault);
  Faults among_others(Random{seed});
  among_others.add({.service = "virustotal", .share = {1, 2}, .failure = reset});
  among_others.add(fault);
  among_others.add({.service = "sts", .operation = "GetCallerIdentity", .share = {1, 2}, .failure = reset});
  EXPECT_EQ(struck(alone, "AssumeRole", 10'000), struck(among_others, "AssumeRole", 10'000))
      << "seed " << seed;
}

TEST(Faults, OfOneOperationStrikeIndependently) {
  const Fault half{.service = "sts", .share = {1, 2}, .failure = unavailable};
  Faults faults(Random{seed});
  faults.add(half);
  faults.add(half);
  // Twice the same draw would leave half of the calls alone.
  EXPECT_NEAR(static_cast<double>(struck(faults, "AssumeRole", 40'000).size()) / 40'000, 0.75,
              4 * std::sqrt(0.75 * 0.25 / 40'000))
      << "seed " << seed;
}

TEST(Faults, AreListedAndRemovedByTheirNumbers) {
  Faults faults(Random{seed});
  const std::uint64_t first = faults.add({.service = "sts", .failure = unavailable});
  const std::uint64_t second = faults.add({.service = "virustotal", .failure = unavailable});
  EXPECT_TRUE(faults.remove(first));
  EXPECT_FALSE(faults.remove(first));
  std::vector<std::uint64_t> numbers;
  faults.for_each([&](std::uint64_t number, const Fault& fault) {
    numbers.push_back(number);
    EXPECT_EQ(fault.service, "virustotal");
  });
  EXPECT_EQ(numbers, std::vector{second});
  faults.clear();
  EXPECT_GT(faults.add({.service = "sts", .failure = unavailable}), second) << "no number is used twice";
}

TEST(Faults, AreGoneWhenCleared) {
  Faults faults(Random{seed});
  faults.add({.service = "sts", .failure = unavailable});
  faults.clear();
  EXPECT_TRUE(faults.empty());
  EXPECT_FALSE(strikes(faults, start));
}

}  // namespace
}  // namespace rushhour
