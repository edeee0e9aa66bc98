/// \file
/// The SDKs' retry mode `adaptive`: everything that `standard` does, and a rate limiter of the client's own
/// that holds attempts back once the service has throttled one (client_rate_limiter.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <rushhour/result.hpp>
#include <rushhour/retry/classify.hpp>
#include <rushhour/retry/client_rate_limiter.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/retry/standard.hpp>
#include <rushhour/time.hpp>

namespace rushhour::retry {

/// Takes the options of Standard, and has its delays and its quota. The client counts as made at its first
/// attempt; that matters to the rates it measures in its first second. Source: botocore 1.43.11,
/// `retries/adaptive.py`, which is the limiter beside an unchanged standard mode.
class Adaptive final : public Policy {
 public:
  static constexpr std::string_view policy_name = "adaptive";
  using Options = StandardOptions;

  explicit Adaptive(Options options = {}) : standard_(std::move(options)) {}

  [[nodiscard]] std::string_view name() const override { return policy_name; }
  [[nodiscard]] unsigned max_attempts() const override { return standard_.max_attempts(); }
  [[nodiscard]] bool keeps_state() const override { return true; }
  [[nodiscard]] const Quota& quota() const { return standard_.quota(); }

  [[nodiscard]] Duration acquire(Instant now) override { return limiter(now).acquire(now); }
  [[nodiscard]] std::optional<Duration> before_retry(const Failure& failure, unsigned attempts_made,
                                                     Instant now, std::uint64_t random_bits) override {
    limiter(now).received(classify(failure) == FailureKind::throttling, now);
    return standard_.before_retry(failure, attempts_made, now, random_bits);
  }
  void on_success(unsigned attempts_made, const Failure* last_failure, Instant now) override {
    limiter(now).received(false, now);
    standard_.on_success(attempts_made, last_failure, now);
  }

 private:
  ClientRateLimiter& limiter(Instant now) {
    if (!limiter_) limiter_.emplace(now);
    return *limiter_;
  }

  Standard standard_;
  std::optional<ClientRateLimiter> limiter_{};
};

}  // namespace rushhour::retry
