/// \file
/// No retries: one attempt, whatever comes back. This is what `requests` and vt-py do.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <rushhour/result.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/time.hpp>

namespace rushhour::retry {

/// requests 2.28.1 makes one attempt even on 429 with Retry-After (`Retry(0, read=False)`); vt-py 0.22 raises
/// its APIError at once. Both observed against a loopback stub; spec simulation.md, section 2.
class None final : public Policy {
 public:
  static constexpr std::string_view policy_name = "none";

  [[nodiscard]] std::string_view name() const override { return policy_name; }
  [[nodiscard]] unsigned max_attempts() const override { return 1; }
  [[nodiscard]] std::optional<Duration> before_retry(const Failure& /*failure*/, unsigned /*attempts_made*/,
                                                     Instant /*now*/,
                                                     std::uint64_t /*random_bits*/) override {
    return std::nullopt;
  }
};

}  // namespace rushhour::retry
