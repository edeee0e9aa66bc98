#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/retry/urllib3.hpp>

#include "vectors.hpp"

namespace rushhour::retry {
namespace {

using namespace std::chrono_literals;
using testing::delays_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Failure too_many{Outcome::throttled, 429, "QuotaExceededError", ""};

TEST(Urllib3, GivesTheDelaysOfTheRealClient) {
  const nlohmann::json published =
      testing::vectors().at("requests Session Retry(total=4,backoff_factor=0.5,status_forcelist=[429])");
  Urllib3 policy;
  EXPECT_EQ(policy.max_attempts(), published.at("attempts"));
  EXPECT_EQ(delays_of(policy, too_many), testing::delays(published.at("sleeps_s")));
}

TEST(Urllib3, RetriesTheListedStatusesAndBrokenConnectionsOnly) {
  Urllib3 policy{{.status_forcelist = {429, 503}}};
  EXPECT_THAT(delays_of(policy, too_many), SizeIs(4));
  EXPECT_THAT(delays_of(policy, testing::unavailable), SizeIs(4));
  EXPECT_THAT(delays_of(policy, testing::reset), SizeIs(4));
  EXPECT_THAT(delays_of(policy, testing::timeout), SizeIs(4));
  EXPECT_THAT(delays_of(policy, testing::throttling), IsEmpty()) << "400";
  EXPECT_THAT(delays_of(policy, {Outcome::server_error, 500, "", ""}), IsEmpty());
  EXPECT_THAT(delays_of(policy, {Outcome::cancelled, 0, "", ""}), IsEmpty());
}

TEST(Urllib3, DoublesItsFactorUpToItsCap) {
  Urllib3 policy{{.max_attempts = 6, .backoff_factor = {3, 10}, .cap = 2s}};
  EXPECT_THAT(delays_of(policy, too_many), ElementsAre(0s, 600ms, 1200ms, 2s, 2s));
  Urllib3 patient{{.max_attempts = 200}};
  EXPECT_EQ(patient.before_retry(too_many, 8, {}, 0), 64s);
  EXPECT_EQ(patient.before_retry(too_many, 9, {}, 0), 120s);
  EXPECT_EQ(patient.before_retry(too_many, 130, {}, 0), 120s) << "no overflow";
}

}  // namespace
}  // namespace rushhour::retry
