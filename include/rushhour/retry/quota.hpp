/// \file
/// The retry quota of one client, as the AWS SDKs keep it: each retry takes tokens out, success brings some
/// back, and an empty quota ends retrying for all calls of the client alike. What a retry costs is said by
/// the policies.
#pragma once

#include <algorithm>

#include <rushhour/config.hpp>

namespace rushhour::retry {

/// A quota of 500 tokens, full at first. It lives as long as its client: a client that is made anew for each
/// call never runs out. Source: botocore 1.43.11, `retries/quota.py` and `RetryQuotaChecker`; the JavaScript
/// and C++ SDKs keep the same (spec simulation.md, section 2).
class Quota {
 public:
  static constexpr unsigned capacity = 500;
  static constexpr unsigned increment = 1;  ///< what a success without a retry brings back

  [[nodiscard]] unsigned available() const { return available_; }

  /// Pays for one retry. False when there is too little left, and then nothing is taken.
  [[nodiscard]] bool acquire(unsigned cost) {
    if (cost > available_) return false;
    available_ -= cost;
    return true;
  }
  /// Brings back what a success earns: the cost of the call's last retry, however many it had, or `increment`
  /// when it had none. A call that fails brings back nothing. What does not fit is lost.
  void release(unsigned amount) {
    RUSHHOUR_ASSERT(amount <= capacity, "a success earns no more than a full quota");
    available_ = std::min(capacity, available_ + amount);
  }

 private:
  unsigned available_{capacity};
};

}  // namespace rushhour::retry
