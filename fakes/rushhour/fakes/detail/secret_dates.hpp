/// \file
/// How fine the dates of Secrets Manager are.
#pragma once

#include <chrono>

#include <rushhour/time.hpp>

namespace rushhour::fakes::detail {

/// CreatedDate, LastChangedDate and deletion dates [REC].
[[nodiscard]] inline Instant to_milliseconds(Instant now) {
  return std::chrono::floor<std::chrono::milliseconds>(now);
}
/// LastAccessedDate: midnight UTC of the day [REC].
[[nodiscard]] inline Instant to_midnight(Instant now) { return std::chrono::floor<std::chrono::days>(now); }

}  // namespace rushhour::fakes::detail
