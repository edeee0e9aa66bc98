/// \file
/// The SDKs' retry mode `standard`: three attempts, full jitter up to 20 s, and a retry quota. It reads no
/// x-amz-retry-after; the mode of 2026 does (standard_2026.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/config.hpp>
#include <rushhour/result.hpp>
#include <rushhour/retry/classify.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/retry/quota.hpp>
#include <rushhour/time.hpp>

namespace rushhour::retry {

/// Of `standard`, `standard-2026` and `adaptive`.
struct StandardOptions {
  unsigned max_attempts{3};                ///< in all, as AWS_MAX_ATTEMPTS counts
  Duration cap{std::chrono::seconds{20}};  ///< of the client's own delays
  std::string service{};                   ///< `sts` retries one code more; empty: any other service

  /// Themselves; asserts that they make sense.
  [[nodiscard]] StandardOptions checked() && {
    RUSHHOUR_ASSERT(max_attempts >= 1, "a call makes at least one attempt");
    RUSHHOUR_ASSERT(cap >= Duration::zero(), "a delay cannot be negative");
    return std::move(*this);
  }
};

/// The delay before retry i is random() * min(2^(i-1) s, cap). What is retried is in classify.hpp. A retry
/// costs 5 tokens of the quota, 10 after a timeout. Source: botocore 1.43.11, `retries/standard.py`; delays
/// observed with the real client of botocore 1.43.67 (tests/conformance/retry_vectors.json).
class Standard final : public Policy {
 public:
  static constexpr std::string_view policy_name = "standard";
  static constexpr unsigned retry_cost = 5;
  static constexpr unsigned timeout_cost = 10;
  using Options = StandardOptions;

  explicit Standard(Options options = {}) : options_(std::move(options).checked()) {}

  [[nodiscard]] std::string_view name() const override { return policy_name; }
  [[nodiscard]] unsigned max_attempts() const override { return options_.max_attempts; }
  [[nodiscard]] bool keeps_state() const override { return true; }
  [[nodiscard]] const Quota& quota() const { return quota_; }

  [[nodiscard]] std::optional<Duration> before_retry(const Failure& failure, unsigned attempts_made,
                                                     Instant /*now*/, std::uint64_t random_bits) override {
    if (attempts_made >= options_.max_attempts) return std::nullopt;
    if (classify(failure, options_.service) == FailureKind::final) return std::nullopt;
    if (!quota_.acquire(cost(failure))) return std::nullopt;
    return full_jitter(attempts_made, options_.cap, random_bits);
  }
  void on_success(unsigned /*attempts_made*/, const Failure* last_failure, Instant /*now*/) override {
    quota_.release(last_failure == nullptr ? Quota::increment : cost(*last_failure));
  }

 private:
  static unsigned cost(const Failure& failure) { return timed_out(failure) ? timeout_cost : retry_cost; }

  Options options_;
  Quota quota_;
};

}  // namespace rushhour::retry
