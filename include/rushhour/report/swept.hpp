/// \file
/// A run among others of one scenario with another value each, in the few numbers that charts over all of
/// them need. A run whole is what json.hpp is for; here the run may go once these are kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::report {

/// Of all operations of a service together.
struct SweptService {
  std::string service{};
  std::uint64_t calls{};
  std::uint64_t attempts{};
  std::uint64_t accepted{};
  std::uint64_t throttled{};
  std::uint64_t goodput{};  ///< calls that were answered
};

struct SweptRun {
  std::string value{};        ///< what it has in place of the scenario's: `1/4`, `standard`
  bool as_it_is{};            ///< this one has the scenario's own value
  std::uint64_t events{};     ///< that reached the engine
  std::uint64_t seconds{};    ///< from the start until the last worker was done, rounded up
  std::uint64_t processed{};  ///< of these
  bool budgets_hold{};
  std::uint64_t missed{};
  std::uint64_t degraded{};
  std::uint64_t dead_lettered{};
  std::optional<Ratio> p99_seconds{};       ///< from the event to its verdict
  std::optional<bool> recovered{};          ///< when the scenario declares a trigger
  std::optional<Ratio> recovery_seconds{};  ///< the same
  std::vector<SweptService> services{};     ///< those that were called
};

[[nodiscard]] SweptRun swept(const scenario::Run& run, std::string value);

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/swept_inl.hpp>
#endif
