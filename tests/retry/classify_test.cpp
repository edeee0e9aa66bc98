#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/retry/classify.hpp>

namespace rushhour::retry {
namespace {

struct Row {
  std::string what;
  Failure failure;
  FailureKind kind;
  std::string service{};
};

class Classified : public ::testing::TestWithParam<Row> {};

TEST_P(Classified, AsTheSdksDo) {
  EXPECT_EQ(classify(GetParam().failure, GetParam().service), GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(
    Retry, Classified,
    ::testing::Values(
        Row{"Status500", {Outcome::server_error, 500, "InternalFailure", ""}, FailureKind::transient},
        Row{"Status501", {Outcome::server_error, 501, "", ""}, FailureKind::final},
        Row{"Status502", {Outcome::server_error, 502, "", ""}, FailureKind::transient},
        Row{"Status503", {Outcome::server_error, 503, "", ""}, FailureKind::transient},
        Row{"Status504", {Outcome::timeout, 504, "", ""}, FailureKind::transient},
        Row{"Status509", {Outcome::server_error, 509, "", ""}, FailureKind::final},
        Row{"SlowDown503", {Outcome::throttled, 503, "SlowDown", ""}, FailureKind::throttling},
        Row{"UnknownCode429", {Outcome::throttled, 429, "QuotaExceededError", ""}, FailureKind::final},
        Row{"RequestTimeout", {Outcome::timeout, 400, "RequestTimeout", ""}, FailureKind::transient},
        Row{"RequestTimeoutException",
            {Outcome::timeout, 408, "RequestTimeoutException", ""},
            FailureKind::transient},
        Row{"IdentityProviderForSts",
            {Outcome::server_error, 400, "IDPCommunicationError", ""},
            FailureKind::transient,
            "sts"},
        Row{"IdentityProviderElsewhere",
            {Outcome::server_error, 400, "IDPCommunicationError", ""},
            FailureKind::final,
            "secretsmanager"},
        Row{"AccessDenied", {Outcome::denied, 403, "AccessDenied", ""}, FailureKind::final},
        Row{"NoSuchThing", {Outcome::not_found, 400, "ResourceNotFoundException", ""}, FailureKind::final},
        Row{"Reset", {Outcome::reset, 0, "", ""}, FailureKind::transient},
        Row{"Timeout", {Outcome::timeout, 0, "", ""}, FailureKind::transient},
        Row{"Cancelled", {Outcome::cancelled, 0, "", ""}, FailureKind::final}),
    [](const auto& test) { return test.param.what; });

class Throttling : public ::testing::TestWithParam<const char*> {};

TEST_P(Throttling, IsKnownByItsCodeWhateverTheStatus) {
  for (const int status : {400, 403, 429, 503})
    EXPECT_EQ(classify({Outcome::throttled, status, GetParam(), ""}), FailureKind::throttling) << status;
}

// Written out once more, so that a slip of the pen in the header shows.
const std::vector<const char*> known{"Throttling",
                                     "ThrottlingException",
                                     "ThrottledException",
                                     "RequestThrottledException",
                                     "TooManyRequestsException",
                                     "ProvisionedThroughputExceededException",
                                     "TransactionInProgressException",
                                     "RequestLimitExceeded",
                                     "BandwidthLimitExceeded",
                                     "LimitExceededException",
                                     "RequestThrottled",
                                     "SlowDown",
                                     "PriorRequestNotComplete",
                                     "EC2ThrottledException"};
INSTANTIATE_TEST_SUITE_P(Retry, Throttling, ::testing::ValuesIn(known),
                         [](const auto& test) { return std::string{test.param}; });

TEST(Classify, KnowsFourteenCodesOfThrottling) { EXPECT_EQ(throttling_codes.size(), known.size()); }

TEST(Classify, TellsATimeoutFromAnAnswerThatSpeaksOfOne) {
  EXPECT_TRUE(timed_out({Outcome::timeout, 0, "", ""}));
  EXPECT_FALSE(timed_out({Outcome::timeout, 504, "", ""}));
  EXPECT_FALSE(timed_out({Outcome::reset, 0, "", ""}));
}

}  // namespace
}  // namespace rushhour::retry
