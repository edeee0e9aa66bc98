/// \file
/// What a run did to the services: calls, attempts, throttles and errors per operation and service, and their
/// peaks. It listens to the world's ledger; what detections made of the answers is in sim/outcomes.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <rushhour/journal.hpp>
#include <rushhour/measure/windows.hpp>
#include <rushhour/names.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

/// The counts of one operation, or of a service. Attempts are HTTP requests; a call is an attempt and its
/// retries.
struct Meter {
  Windows calls{};      ///< logical calls: first attempts
  Windows attempts{};   ///< all attempts
  Windows accepted{};   ///< attempts that no limit refused
  Windows throttled{};  ///< attempts that a limit refused
  std::uint64_t ok{};
  std::uint64_t errors{};  ///< neither ok nor throttled
  std::optional<Instant> first_throttle{};

  void add(const Call& call, std::int64_t second) {
    attempts.add(second);
    if (call.attempt <= 1) calls.add(second);
    if (call.outcome == Outcome::throttled) {
      throttled.add(second);
      if (!first_throttle) first_throttle = call.at;
      return;
    }
    accepted.add(second);
    ++(call.outcome == Outcome::ok ? ok : errors);
  }

  /// Attempts per logical call; nothing without calls.
  [[nodiscard]] std::optional<Ratio> amplification() const {
    if (calls.total() == 0) return std::nullopt;
    return Ratio{attempts.total(), calls.total()};
  }
};

/// Meters for each operation and service that was called. One per run: it listens while it lives.
class Meters final : public Observer {
 public:
  /// `names` is the table of the calls' names.
  explicit Meters(Names& names) : names_(names) {}

  void on_call(const Call& call) override {
    const std::int64_t second = std::chrono::floor<std::chrono::seconds>(call.at.time_since_epoch()).count();
    Row& operation = row(call.operation);
    operation.meter.add(call, second);
    rows_[operation.service].meter.add(call, second);
  }

  /// The meter of an operation (`sts:AssumeRole`) or a service (`sts`); null when it was never called.
  [[nodiscard]] const Meter* find(std::string_view name) const {
    const auto known = names_.find(name);
    if (!known || index(*known) >= rows_.size() || !rows_[index(*known)].used) return nullptr;
    return &rows_[index(*known)].meter;
  }

 private:
  struct Row {
    bool used{};
    std::uint32_t service{};  ///< the row of its service
    Meter meter{};
  };

  Row& row(Name operation) {
    if (index(operation) >= rows_.size() || !rows_[index(operation)].used) open(operation);
    return rows_[index(operation)];
  }
  void open(Name operation) {
    const std::string_view text = names_.text(operation);
    const Name service = names_.intern(text.substr(0, text.find(':')));
    rows_.resize(std::max<std::size_t>(rows_.size(), std::max(index(operation), index(service)) + 1));
    rows_[index(service)].used = true;
    rows_[index(operation)] = {.used = true, .service = index(service)};
  }

  Names& names_;
  std::vector<Row> rows_;
};

}  // namespace rushhour::measure
