/// \file
/// The retry mode that the SDKs take up in 2026: as `standard`, but transient failures are retried sooner and
/// cost more, and the service may ask for a delay. DynamoDB's variant of it is left out.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <rushhour/config.hpp>
#include <rushhour/result.hpp>
#include <rushhour/retry/classify.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/retry/quota.hpp>
#include <rushhour/retry/standard.hpp>
#include <rushhour/time.hpp>

namespace rushhour::retry {

/// The client's own delay before retry i is t = random() * min(x * 2^(i-1), cap), with x = 1 s after
/// throttling and 50 ms after a transient failure. A service that sends x-amz-retry-after: h gets
/// max(t, min(h, t + 5 s)), so it may pass the cap; one that is not valid is ignored. A retry costs 5 tokens
/// of the quota after throttling, else 14. Sources: AWS Developer Tools Blog, "Announcing updated retry
/// behavior for AWS SDKs and Tools"; botocore 1.43.11, `retries/standard.py` with AWS_NEW_RETRIES_2026=true;
/// delays observed with the real client of botocore 1.43.67 (tests/conformance/retry_vectors.json).
class Standard2026 final : public Policy {
 public:
  static constexpr std::string_view policy_name = "standard-2026";
  static constexpr unsigned throttling_cost = 5;
  static constexpr unsigned transient_cost = 14;
  static constexpr Duration throttling_base = std::chrono::seconds{1};
  static constexpr Duration transient_base = std::chrono::milliseconds{50};
  static constexpr Duration retry_after_excess_max = std::chrono::seconds{5};
  using Options = StandardOptions;

  explicit Standard2026(Options options = {}) : options_(std::move(options).checked()) {}

  [[nodiscard]] std::string_view name() const override { return policy_name; }
  [[nodiscard]] unsigned max_attempts() const override { return options_.max_attempts; }
  [[nodiscard]] bool keeps_state() const override { return true; }
  [[nodiscard]] const Quota& quota() const { return quota_; }

  [[nodiscard]] std::optional<Duration> before_retry(const Failure& failure, unsigned attempts_made,
                                                     Instant /*now*/, std::uint64_t random_bits) override {
    if (attempts_made >= options_.max_attempts) return std::nullopt;
    const FailureKind kind = classify(failure, options_.service);
    if (kind == FailureKind::final || !quota_.acquire(cost(kind))) return std::nullopt;
    const Duration base = kind == FailureKind::throttling ? throttling_base : transient_base;
    const Duration own = full_jitter(attempts_made, options_.cap, random_bits, base);
    // Without an answer there was no header.
    const Duration asked = failure.status == 0 ? own : failure.retry_after.value_or(own);
    return asked <= own ? own : own + std::min(asked - own, retry_after_excess_max);
  }
  void on_success(unsigned /*attempts_made*/, const Failure* last_failure, Instant /*now*/) override {
    quota_.release(last_failure == nullptr ? Quota::increment
                                           : cost(classify(*last_failure, options_.service)));
  }

 private:
  static unsigned cost(FailureKind kind) {
    return kind == FailureKind::throttling ? throttling_cost : transient_cost;
  }

  Options options_;
  Quota quota_;
};

}  // namespace rushhour::retry
