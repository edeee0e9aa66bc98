// The delays that the real clients were seen to make (tests/conformance/retry_vectors.json), and the retry
// table.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/retry/legacy.hpp>
#include <rushhour/retry/none.hpp>
#include <rushhour/retry/policies.hpp>
#include <rushhour/retry/policy.hpp>

#include "vectors.hpp"

namespace rushhour::retry {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using testing::delays;
using testing::delays_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::reset;
using ::testing::SizeIs;
using testing::throttling;
using testing::timeout;
using testing::vectors;

struct Row {
  std::string what;
  Failure failure;
  std::string vector;  ///< the member of the vectors' "legacy"
};

class LegacyVectors : public ::testing::TestWithParam<Row> {};

TEST_P(LegacyVectors, GiveTheDelaysOfTheRealClient) {
  const nlohmann::json legacy = vectors().at("botocore-1.43.67").at("legacy");
  Legacy policy;
  const std::vector<Duration> expected = delays(legacy.at(GetParam().vector));
  EXPECT_EQ(delays_of(policy, GetParam().failure), expected);
  if (!expected.empty()) {
    EXPECT_EQ(expected.size() + 1, legacy.at("attempts"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Retry, LegacyVectors,
    ::testing::Values(
        Row{"Throttling", throttling, "throttle_delays_s"},
        Row{"ThrottlingException", {Outcome::throttled, 400, "ThrottlingException", ""}, "throttle_delays_s"},
        Row{"ThrottledException", {Outcome::throttled, 400, "ThrottledException", ""}, "throttle_delays_s"},
        Row{"RequestThrottledException",
            {Outcome::throttled, 400, "RequestThrottledException", ""},
            "throttle_delays_s"},
        Row{"ProvisionedThroughput",
            {Outcome::throttled, 400, "ProvisionedThroughputExceededException", ""},
            "throttle_delays_s"},
        Row{"Status500", {Outcome::server_error, 500, "InternalFailure", ""}, "http500_delays_s"},
        Row{"Status502", {Outcome::server_error, 502, "", ""}, "http500_delays_s"},
        Row{"Status503", {Outcome::server_error, 503, "ServiceUnavailable", ""}, "http500_delays_s"},
        Row{"Status504", {Outcome::server_error, 504, "", ""}, "http500_delays_s"},
        Row{"Status509", {Outcome::server_error, 509, "", ""}, "http500_delays_s"},
        Row{"Reset", reset, "connection_closed"}, Row{"Timeout", timeout, "connection_closed"},
        Row{"Status429", {Outcome::throttled, 429, "NobodyKnowsThisCode", ""}, "http429_any_code"},
        Row{"LimitExceeded", {Outcome::invalid, 400, "LimitExceededException", ""}, "LimitExceededException"},
        Row{"AccessDenied403", {Outcome::denied, 403, "AccessDenied", ""}, "AccessDenied"},
        Row{"AccessDenied400", {Outcome::denied, 400, "AccessDeniedException", ""}, "AccessDenied"}),
    [](const auto& test) { return test.param.what; });

TEST(Legacy, MakesFiveAttemptsByDefaultAndAsManyAsAsked) {
  Legacy usual;
  EXPECT_EQ(usual.max_attempts(), vectors().at("botocore-1.43.67").at("legacy").at("attempts"));
  Legacy three{{.max_attempts = 3}};
  EXPECT_EQ(three.max_attempts(), 3U);
  EXPECT_THAT(delays_of(three, throttling), ElementsAre(100ms, 500ms));
  Legacy one{{.max_attempts = 1}};
  EXPECT_THAT(delays_of(one, throttling), IsEmpty());
}

TEST(Legacy, HasNoCapUnlessOneIsAsked) {
  Legacy capped{{.cap = 3s}};
  EXPECT_THAT(delays_of(capped, throttling), ElementsAre(100ms, 500ms, 1500ms, 2250ms));
  Legacy uncapped{{.max_attempts = 60}};
  constexpr std::uint64_t almost_one = std::numeric_limits<std::uint64_t>::max();
  EXPECT_GT(uncapped.before_retry(throttling, 33, Instant{}, almost_one), std::chrono::hours{24 * 365 * 130});
  EXPECT_GT(uncapped.before_retry(throttling, 59, Instant{}, almost_one), std::chrono::hours{24 * 365 * 290})
      << "no overflow";
}

TEST(Legacy, RetriesAnIdentityProviderThatDoesNotAnswerOnlyForSts) {
  const Failure idp{Outcome::server_error, 400, "IDPCommunicationError", ""};
  Legacy sts{{.service = "sts"}};
  Legacy secrets{{.service = "secretsmanager"}};
  EXPECT_THAT(delays_of(sts, idp), ElementsAre(100ms, 500ms, 2s, 6s));
  EXPECT_THAT(delays_of(secrets, idp), IsEmpty());
}

TEST(Legacy, TriesDynamoDbTenTimesWithoutChance) {
  // botocore, data/_retry.json: dynamodb has max_attempts 10, base 0.05 and growth_factor 2.
  const Failure throttled{
      .outcome = Outcome::throttled, .status = 400, .code = "ProvisionedThroughputExceededException"};
  Legacy policy{{.service = "dynamodb"}};
  EXPECT_EQ(policy.max_attempts(), 10U);
  for (unsigned made = 1; made < 10; ++made) {
    EXPECT_EQ(policy.before_retry(throttled, made, Instant{}, 0), 50ms * (1 << (made - 1)));
    EXPECT_EQ(policy.before_retry(throttled, made, Instant{}, UINT64_MAX), 50ms * (1 << (made - 1)));
  }
  EXPECT_EQ(policy.before_retry(throttled, 10, Instant{}, 0), std::nullopt);
  Legacy capped{{.max_attempts = 3, .cap = 70ms, .service = "dynamodb"}};
  EXPECT_EQ(capped.before_retry(throttled, 2, Instant{}, 0), 70ms);
  EXPECT_EQ(capped.before_retry(throttled, 3, Instant{}, 0), std::nullopt);
}

TEST(Legacy, LooksAtStatusAndCodeTogether) {
  Legacy policy;
  EXPECT_THAT(delays_of(policy, {Outcome::throttled, 403, "Throttling", ""}), IsEmpty());
  EXPECT_THAT(delays_of(policy, {Outcome::throttled, 400, "SlowDown", ""}), IsEmpty())
      << "standard retries it";
  EXPECT_THAT(delays_of(policy, {Outcome::server_error, 501, "", ""}), IsEmpty());
  EXPECT_THAT(delays_of(policy, {Outcome::cancelled, 0, "", ""}), IsEmpty());
  EXPECT_THAT(delays_of(policy, {Outcome::not_found, 404, "", ""}), IsEmpty());
}

TEST(None, MakesOneAttempt) {
  None policy;
  EXPECT_EQ(policy.max_attempts(), vectors().at("requests-2.28.1").at("attempts"));
  for (const Failure& failure : {throttling, reset, timeout, Failure{Outcome::throttled, 429, "", ""}}) {
    EXPECT_THAT(delays_of(policy, failure), IsEmpty());
  }
}

TEST(Policy, NeitherHoldsBackNorCountsUnlessItSaysSo) {
  Legacy policy;
  EXPECT_EQ(policy.acquire(Instant{5s}), 0ns);
  policy.on_success(2, &throttling, Instant{6s});
  EXPECT_FALSE(policy.keeps_state());
  EXPECT_THAT(delays_of(policy, throttling), ElementsAre(100ms, 500ms, 2s, 6s));
}

TEST(FullJitter, IsExactToTheNanosecondRoundedDown) {
  EXPECT_EQ(full_jitter(1, {}, bits_of({1, 3})), 333'333'333ns);
  EXPECT_EQ(full_jitter(2, {}, bits_of({2, 3})), 1'333'333'333ns);
  for (std::uint64_t thousandth = 0; thousandth < 1000; ++thousandth) {
    for (unsigned retry = 1; retry <= 10; ++retry) {
      const auto expected = std::chrono::milliseconds{thousandth << (retry - 1)};
      ASSERT_EQ(full_jitter(retry, {}, bits_of({thousandth, 1000})), expected)
          << thousandth << "/1000, " << retry;
    }
  }
}

TEST(FullJitter, StaysBelowItsBound) {
  constexpr std::uint64_t almost_one = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(full_jitter(1, {}, 0), 0ns);
  EXPECT_EQ(full_jitter(1, {}, almost_one), 999'999'999ns);
  EXPECT_EQ(full_jitter(5, 2s, almost_one), 1'999'999'999ns);
  EXPECT_EQ(full_jitter(5, 0s, almost_one), 0ns);
}

TEST(FullJitter, DoublesWhateverBaseItIsGiven) {
  EXPECT_EQ(full_jitter(1, {}, bits_of({1, 2}), 50ms), 25ms);
  EXPECT_EQ(full_jitter(4, {}, bits_of({1, 2}), 50ms), 200ms);
  EXPECT_EQ(full_jitter(4, 300ms, bits_of({1, 2}), 50ms), 150ms);
  EXPECT_EQ(full_jitter(130, {}, bits_of({1, 2}), 50ms), Duration::max() / 2) << "no overflow";
  EXPECT_EQ(full_jitter(100, {}, bits_of({1, 2}), 0ms), 0ms);
}

TEST(Policies, AreFoundByName) {
  for (const PolicyRow& row : policies) EXPECT_EQ(make(row.name)->name(), row.name);
  EXPECT_TRUE(std::is_sorted(policies.begin(), policies.end(),
                             [](const PolicyRow& a, const PolicyRow& b) { return a.name < b.name; }));
  EXPECT_EQ(make("legacy")->max_attempts(), 5U);
  EXPECT_EQ(make("legacy", {.max_attempts = 7})->max_attempts(), 7U);
  EXPECT_EQ(make("none")->max_attempts(), 1U);
  const auto capped = make("legacy", {.cap = 3s});
  EXPECT_THAT(delays_of(*capped, throttling), ElementsAre(100ms, 500ms, 1500ms, 2250ms));
}

TEST(Policies, PassTheirSettingsOn) {
  for (const std::string_view name : {"adaptive", "standard", "standard-2026"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(make(name)->max_attempts(), 3U);
    const auto capped = make(name, {.max_attempts = 4, .cap = 1s, .service = "sts"});
    EXPECT_EQ(capped->max_attempts(), 4U);
    EXPECT_THAT(delays_of(*capped, throttling), ElementsAre(100ms, 250ms, 500ms));
    EXPECT_THAT(delays_of(*capped, {Outcome::server_error, 400, "IDPCommunicationError", ""}), SizeIs(3));
  }
  const auto urllib3 = make("urllib3", {.max_attempts = 6, .cap = 3s});
  EXPECT_THAT(delays_of(*urllib3, {Outcome::throttled, 429, "", ""}), ElementsAre(0s, 1s, 2s, 3s, 3s));
}

TEST(Policies, SayWhetherTheyRememberCalls) {
  for (const std::string_view name : {"adaptive", "standard", "standard-2026"})
    EXPECT_TRUE(make(name)->keeps_state()) << name;
  for (const std::string_view name : {"legacy", "none", "urllib3"})
    EXPECT_FALSE(make(name)->keeps_state()) << name;
}

std::string mistake(std::string_view name, const Settings& settings = {}) {
  try {
    static_cast<void>(make(name, settings));
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Policies, NameThoseThereAreWhenOneIsUnknown) {
  const std::string known = R"("adaptive", "legacy", "none", "standard", "standard-2026", "urllib3")";
  EXPECT_EQ(mistake("botocore"), "expected a retry policy: one of " + known + R"(, saw "botocore")");
  EXPECT_EQ(mistake(""), "expected a retry policy: one of " + known + R"(, saw "")");
}

TEST(Policies, RefuseSettingsThatMakeNoSense) {
  EXPECT_THAT(mistake("legacy", {.max_attempts = 0}), AllOf(HasSubstr("at least 1"), HasSubstr("saw 0")));
  EXPECT_THAT(mistake("legacy", {.cap = -1s}), AllOf(HasSubstr("at least 0s"), HasSubstr("saw -1s")));
  EXPECT_THAT(mistake("none", {.max_attempts = 3}), HasSubstr("it makes one attempt"));
}

}  // namespace
}  // namespace rushhour::retry
