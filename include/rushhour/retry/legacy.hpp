/// \file
/// botocore's retry mode `legacy`, its default for more than ten years: five attempts, full jitter without a
/// cap, no quota. Other modes are other files.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/config.hpp>
#include <rushhour/result.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/time.hpp>

namespace rushhour::retry {

struct LegacyOptions {
  /// In all, as AWS_MAX_ATTEMPTS counts; `Config(retries=)` counts only the retries. Nothing: 5, and 10 for
  /// DynamoDB.
  std::optional<unsigned> max_attempts{};
  std::optional<Duration> cap{};  ///< botocore has none; with one, a delay is a share of min(2^(i-1) s, cap)
  /// `sts` retries one code more, `dynamodb` one more and sooner; empty: any other service.
  std::string service{};
};

/// The delay before retry i is random() * 2^(i-1) s, and of DynamoDB 50 ms * 2^(i-1), without chance. A
/// failure is retried when a row below names it: what matters is the pair of status and code. So
/// `LimitExceededException` (400) and `AccessDenied` are not retried, and any 429 is. Source: botocore
/// `data/_retry.json` and `retryhandler.py`, 1.43.11; delays observed with the real client of
/// botocore 1.43.67 (tests/conformance/retry_vectors.json).
class Legacy final : public Policy {
 public:
  static constexpr std::string_view policy_name = "legacy";
  using Options = LegacyOptions;

  explicit Legacy(Options options = {}) : options_(std::move(options)) {
    RUSHHOUR_ASSERT(max_attempts() >= 1, "a call makes at least one attempt");
    RUSHHOUR_ASSERT(!options_.cap || *options_.cap >= Duration::zero(), "a delay cannot be negative");
  }

  [[nodiscard]] std::string_view name() const override { return policy_name; }
  [[nodiscard]] unsigned max_attempts() const override {
    return options_.max_attempts.value_or(is_dynamodb() ? 10 : 5);
  }
  [[nodiscard]] std::optional<Duration> before_retry(const Failure& failure, unsigned attempts_made,
                                                     Instant /*now*/, std::uint64_t random_bits) override {
    if (attempts_made >= max_attempts() || !retried(failure)) return std::nullopt;
    if (is_dynamodb()) return dynamodb_delay(attempts_made);
    return full_jitter(attempts_made, options_.cap, random_bits);
  }

 private:
  struct Row {
    int status{};
    std::string_view code{};     ///< empty: any
    std::string_view service{};  ///< empty: any
  };
  static constexpr std::array<Row, 13> rows{{{400, "Throttling", ""},
                                             {400, "ThrottlingException", ""},
                                             {400, "ThrottledException", ""},
                                             {400, "RequestThrottledException", ""},
                                             {400, "ProvisionedThroughputExceededException", ""},
                                             {400, "IDPCommunicationError", "sts"},
                                             {400, "TransactionInProgressException", "dynamodb"},
                                             {429, "", ""},
                                             {500, "", ""},
                                             {502, "", ""},
                                             {503, "", ""},
                                             {504, "", ""},
                                             {509, "", ""}}};

  [[nodiscard]] bool is_dynamodb() const { return options_.service == "dynamodb"; }
  [[nodiscard]] Duration dynamodb_delay(unsigned attempts_made) const {
    constexpr Duration first = std::chrono::milliseconds{50};
    const Duration delay = first * (std::int64_t{1} << std::min(attempts_made - 1, 30U));
    return options_.cap ? std::min(delay, *options_.cap) : delay;
  }

  [[nodiscard]] bool retried(const Failure& failure) const {
    if (failure.status == 0) {  // no answer: ConnectionError, ConnectionClosedError, ReadTimeoutError
      return failure.outcome == Outcome::reset || failure.outcome == Outcome::timeout;
    }
    return std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
      return row.status == failure.status && (row.code.empty() || row.code == failure.code) &&
             (row.service.empty() || row.service == options_.service);
    });
  }

  Options options_;
};

}  // namespace rushhour::retry
