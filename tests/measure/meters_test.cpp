#include <rushhour/measure/meters.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <rushhour/gtest.hpp>
#include <rushhour/names.hpp>
#include <rushhour/random.hpp>

namespace rushhour::measure {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

struct Attempt {
  Duration at{};
  std::uint8_t attempt{1};
  Outcome outcome{Outcome::ok};
};

class MetersTest : public ::testing::Test {
 protected:
  void add(std::string_view operation, Attempt attempt) {
    meters_.on_call({.at = start + attempt.at,
                     .operation = names_.intern(operation),
                     .outcome = attempt.outcome,
                     .attempt = attempt.attempt});
  }

  Names names_;
  Meters meters_{names_};
};

TEST_F(MetersTest, KnowOnlyWhatWasCalled) {
  names_.intern("sts:GetCallerIdentity");
  EXPECT_EQ(meters_.find("sts"), nullptr);
  add("sts:AssumeRole", {});
  EXPECT_NE(meters_.find("sts"), nullptr);
  EXPECT_NE(meters_.find("sts:AssumeRole"), nullptr);
  EXPECT_EQ(meters_.find("sts:GetCallerIdentity"), nullptr) << "a name that is known, but was not called";
  EXPECT_EQ(meters_.find("AssumeRole"), nullptr);
  EXPECT_EQ(meters_.find(""), nullptr);
}

TEST_F(MetersTest, CountWhatBecameOfEachAttempt) {
  add("sts:AssumeRole", {.outcome = Outcome::ok});
  add("sts:AssumeRole", {.outcome = Outcome::throttled});
  add("sts:AssumeRole", {.attempt = 2, .outcome = Outcome::ok});
  add("sts:AssumeRole", {.outcome = Outcome::denied});
  add("sts:AssumeRole", {.outcome = Outcome::timeout});
  const Meter& meter = *meters_.find("sts:AssumeRole");
  EXPECT_EQ(meter.calls.total(), 4U);
  EXPECT_EQ(meter.attempts.total(), 5U);
  EXPECT_EQ(meter.accepted.total(), 4U) << "a limit refused one; what came of the others is another matter";
  EXPECT_EQ(meter.throttled.total(), 1U);
  EXPECT_EQ(meter.ok, 2U);
  EXPECT_EQ(meter.errors, 2U);
}

TEST_F(MetersTest, CountOneCallForAnAttemptOfUnknownNumber) {
  add("virustotal:ip_addresses", {.attempt = 0});
  add("virustotal:ip_addresses", {.attempt = 0});
  EXPECT_EQ(meters_.find("virustotal")->calls.total(), 2U);
}

TEST_F(MetersTest, AmplifyAttemptsPerCall) {
  EXPECT_EQ(Meter{}.amplification(), std::nullopt);
  add("sts:AssumeRole", {.outcome = Outcome::throttled});
  add("sts:AssumeRole", {.attempt = 2, .outcome = Outcome::throttled});
  add("sts:AssumeRole", {.attempt = 3});
  add("sts:AssumeRole", {});
  EXPECT_EQ(meters_.find("sts")->amplification(), (Ratio{2, 1}));
}

TEST_F(MetersTest, RememberTheFirstThrottle) {
  add("sts:AssumeRole", {.at = 1s});
  EXPECT_EQ(meters_.find("sts")->first_throttle, std::nullopt);
  add("sts:AssumeRole", {.at = 2'500ms, .outcome = Outcome::throttled});
  add("sts:GetCallerIdentity", {.at = 3s, .outcome = Outcome::throttled});
  EXPECT_EQ(meters_.find("sts")->first_throttle, start + 2'500ms);
  EXPECT_EQ(meters_.find("sts:AssumeRole")->first_throttle, start + 2'500ms);
  EXPECT_EQ(meters_.find("sts:GetCallerIdentity")->first_throttle, start + 3s);
}

TEST_F(MetersTest, AddOperationsUpToTheirService) {
  add("secretsmanager:GetSecretValue", {.at = 0s});
  add("secretsmanager:DescribeSecret", {.at = 0s});
  add("sts:AssumeRole", {.at = 0s});
  add("secretsmanager:GetSecretValue", {.at = 999ms});
  EXPECT_EQ(meters_.find("secretsmanager")->attempts.total(), 3U);
  EXPECT_EQ(meters_.find("secretsmanager")->attempts.peak(0).count, 3U);
  EXPECT_EQ(meters_.find("secretsmanager:GetSecretValue")->attempts.peak(0).count, 2U);
  EXPECT_EQ(meters_.find("sts")->attempts.total(), 1U);
}

TEST_F(MetersTest, PeakBySecondsOfTheInstant) {
  add("sts:AssumeRole", {.at = 999'999'999ns});
  add("sts:AssumeRole", {.at = 1s});
  add("sts:AssumeRole", {.at = 1'999'999'999ns});
  const Peak peak = meters_.find("sts")->attempts.peak(0);
  EXPECT_EQ(peak.count, 2U);
  EXPECT_EQ(peak.begin, start + 1s);
}

TEST_F(MetersTest, ConserveEveryAttempt) {
  constexpr std::uint64_t seed = 11;
  Draws draws{Random{seed}.stream("attempts")};
  const std::array<std::string, 4> operations{"sts:AssumeRole", "sts:GetCallerIdentity",
                                              "secretsmanager:GetSecretValue", "virustotal:ip_addresses"};
  std::map<std::string, std::uint64_t> expected;
  Duration at{};
  for (int i = 0; i < 20'000; ++i) {
    at += Duration{static_cast<std::int64_t>(uniform_below(draws.next(), 300'000'000))};
    const std::string& operation = operations[uniform_below(draws.next(), operations.size())];
    add(operation, {.at = at,
                    .attempt = static_cast<std::uint8_t>(1 + uniform_below(draws.next(), 3)),
                    .outcome = static_cast<Outcome>(uniform_below(draws.next(), outcome_count))});
    ++expected[operation];
    ++expected[operation.substr(0, operation.find(':'))];
  }
  for (const auto& [name, attempts] : expected) {
    const Meter* const meter = meters_.find(name);
    ASSERT_NE(meter, nullptr) << name;
    EXPECT_EQ(meter->attempts.total(), attempts) << name << ", seed " << seed;
    EXPECT_EQ(meter->attempts.total(), meter->accepted.total() + meter->throttled.total()) << name;
    EXPECT_EQ(meter->accepted.total(), meter->ok + meter->errors) << name;
    EXPECT_LE(meter->calls.total(), meter->attempts.total()) << name;
    EXPECT_GE(meter->attempts.peak(4).count, meter->attempts.peak(0).count) << name;
  }
}

}  // namespace
}  // namespace rushhour::measure
