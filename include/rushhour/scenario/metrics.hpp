/// \file
/// The numbers of a run by the names that budgets use, and the limits that apply to them. It adds nothing to
/// what measure/ has counted.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/measure/meters.hpp>
#include <rushhour/scenario/expression.hpp>
#include <rushhour/sim/outcomes.hpp>

namespace rushhour::scenario {

/// A limit that applies to an operation, and how close the run came to it.
struct Pressure {
  limit::Profile limit{};
  std::uint64_t
      peak{};  ///< attempts, of all operations that it is charged for, in the fullest window of its size
  Instant peak_begin{};

  /// limit / peak: 1 at the edge, below 1 beyond it. Nothing without attempts.
  [[nodiscard]] std::optional<Ratio> headroom() const {
    return peak == 0 ? std::nullopt : std::optional{Ratio{limit.limit, peak}};
  }
};

/// Measures of a service or operation: calls, attempts, accepted, throttled (each in total and by windows),
/// ok, errors, amplification. Of `detections`: events, alerts, intact, degraded, missed, calls.
class RunMetrics final : public Metrics {
 public:
  /// All outlive the metrics. `accounts` says whose quota each service charges.
  using Accounts = std::array<Name, api::service_count>;
  RunMetrics(fakes::World& world, const measure::Meters& meters, const std::vector<sim::Outcomes>& detections,
             const Accounts& accounts)
      : world_(world), meters_(meters), detections_(detections), accounts_(accounts) {}

  [[nodiscard]] std::optional<Ratio> find(const Selector& selector) const override;
  [[nodiscard]] std::optional<Ratio> limit(const Selector& selector) const override;
  [[nodiscard]] std::vector<std::string> known() const override;
  [[nodiscard]] bool never_called(const Selector& selector) const override;

  /// The limits of an operation, each with its pressure.
  [[nodiscard]] std::vector<Pressure> pressures(const api::Operation& operation) const;
  /// The meter of an operation; null when it was never called.
  [[nodiscard]] const measure::Meter* meter(const api::Operation& operation) const {
    return meters_.find(api::to_text(operation));
  }

 private:
  /// The attempts that a row which applies to the operation was asked about. There is no meter of a row: it
  /// is the service's where the row covers all that was called of it, else the operation's own.
  [[nodiscard]] const measure::Meter* charged_meter(const api::Operation& operation,
                                                    const limit::Profile& row) const;

  fakes::World& world_;
  const measure::Meters& meters_;
  const std::vector<sim::Outcomes>& detections_;
  Accounts accounts_;
};

/// Every operation that the fakes have, service by service.
[[nodiscard]] std::vector<const api::Operation*> all_operations();

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/metrics_inl.hpp>
#endif
