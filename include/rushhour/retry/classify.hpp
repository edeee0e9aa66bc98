/// \file
/// What kind of failure the SDKs' newer retry modes see: throttling, transient, or one that is not retried.
/// Legacy keeps rows of its own.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include <rushhour/result.hpp>

namespace rushhour::retry {

enum class FailureKind : std::uint8_t {
  final,      ///< not retried
  transient,  ///< may pass by itself
  throttling  ///< the service asks for fewer calls
};

/// The same 14 in botocore (1.43.11, `ThrottledRetryableChecker`), the JavaScript and the C++ SDK; spec
/// simulation.md, section 2. LimitExceededException is about how many resources there may be, and yet it is
/// here. An unknown code is not throttling, whatever its status: a bare 429 is not retried.
inline constexpr std::array<std::string_view, 14> throttling_codes{"Throttling",
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

/// Retried whatever their status. PriorRequestNotComplete would be a third, but it counts as throttling.
inline constexpr std::array<std::string_view, 2> transient_codes{"RequestTimeout", "RequestTimeoutException"};
inline constexpr std::array transient_statuses{500, 502, 503, 504};

/// Whether the client waited for an answer in vain, which is dearer than other failures: botocore's
/// ConnectTimeoutError and ReadTimeoutError, not an answer such as 504.
[[nodiscard]] inline bool timed_out(const Failure& failure) {
  return failure.status == 0 && failure.outcome == Outcome::timeout;
}

/// The kind of a failure of `service`, which may be empty. Source: botocore 1.43.11, `retries/standard.py`
/// and `special.py`; no error shape of STS or Secrets Manager is modelled as retryable.
[[nodiscard]] inline FailureKind classify(const Failure& failure, std::string_view service = {}) {
  const auto is_one_of = [](const auto& values, const auto& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
  };
  if (failure.status == 0) {  // no answer: what is left is whether there was a connection, or an end
    const bool broken = failure.outcome == Outcome::reset || failure.outcome == Outcome::timeout;
    return broken ? FailureKind::transient : FailureKind::final;
  }
  if (is_one_of(throttling_codes, failure.code)) return FailureKind::throttling;
  const bool transient = is_one_of(transient_codes, failure.code) ||
                         is_one_of(transient_statuses, failure.status) ||
                         (service == "sts" && failure.code == "IDPCommunicationError");
  return transient ? FailureKind::transient : FailureKind::final;
}

}  // namespace rushhour::retry
