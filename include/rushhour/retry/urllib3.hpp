/// \file
/// What Python code does that mounts urllib3's Retry on a session of `requests`: exponential back-off without
/// jitter. It does not read Retry-After, which urllib3 would follow.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/result.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/time.hpp>

namespace rushhour::retry {

struct Urllib3Options {
  unsigned max_attempts{5};                 ///< in all; `Retry(total=)` counts only the retries
  Ratio backoff_factor{1, 2};               ///< in seconds
  std::vector<int> status_forcelist{429};   ///< the statuses that are retried
  Duration cap{std::chrono::seconds{120}};  ///< of a single delay: BACKOFF_MAX
};

/// The first retry does not wait; retry i waits min(backoff_factor * 2^(i-1) s, cap). Retried are the listed
/// statuses, timeouts and broken connections, for idempotent methods, which the caller is taken to use.
/// Source: urllib3 1.26.12, `util/retry.py`; delays observed with requests 2.28.1 and Retry(total=4,
/// backoff_factor=0.5, status_forcelist=[429]) (tests/conformance/retry_vectors.json).
class Urllib3 final : public Policy {
 public:
  static constexpr std::string_view policy_name = "urllib3";
  using Options = Urllib3Options;

  explicit Urllib3(Options options = {}) : options_(std::move(options)) {
    RUSHHOUR_ASSERT(options_.max_attempts >= 1, "a call makes at least one attempt");
    RUSHHOUR_ASSERT(options_.cap >= Duration::zero(), "a delay cannot be negative");
    RUSHHOUR_ASSERT(options_.backoff_factor.denominator != 0, "a ratio has a denominator");
  }

  [[nodiscard]] std::string_view name() const override { return policy_name; }
  [[nodiscard]] unsigned max_attempts() const override { return options_.max_attempts; }
  [[nodiscard]] std::optional<Duration> before_retry(const Failure& failure, unsigned attempts_made,
                                                     Instant /*now*/,
                                                     std::uint64_t /*random_bits*/) override {
    if (attempts_made >= options_.max_attempts || !retried(failure)) return std::nullopt;
    return attempts_made == 1 ? Duration::zero() : delay(attempts_made);
  }

 private:
  [[nodiscard]] bool retried(const Failure& failure) const {
    if (failure.status == 0) return failure.outcome == Outcome::reset || failure.outcome == Outcome::timeout;
    const std::vector<int>& listed = options_.status_forcelist;
    return std::find(listed.begin(), listed.end(), failure.status) != listed.end();
  }
  [[nodiscard]] Duration delay(unsigned retry) const {
    const std::uint64_t factor = options_.backoff_factor.of(1'000'000'000);  // in nanoseconds
    const unsigned doublings = std::min(retry - 1, 63U);
    const auto cap = static_cast<std::uint64_t>(options_.cap.count());
    const auto uncapped = static_cast<rushhour::detail::uint128>(factor) << doublings;
    return Duration{static_cast<std::int64_t>(std::min<rushhour::detail::uint128>(uncapped, cap))};
  }

  Options options_;
};

}  // namespace rushhour::retry
