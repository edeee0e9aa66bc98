/// \file
/// What the detections made of the events: alerts intact and degraded, detections missed, and how late they
/// were. The calls that this took are in measure/meters.hpp.
#pragma once

#include <cstdint>
#include <string>

#include <rushhour/detail/wide.hpp>
#include <rushhour/detect/detection.hpp>
#include <rushhour/time.hpp>

namespace rushhour::sim {

/// The outcomes of one detection.
struct Outcomes {
  std::string detection{};
  std::uint64_t events{};         ///< rule() was asked
  std::uint64_t alerts{};         ///< rule() said yes: intact + degraded
  std::uint64_t intact{};         ///< with the context that they should carry
  std::uint64_t degraded{};       ///< with `{"_error": ...}` in its place
  std::uint64_t missed{};         ///< rule() could not decide, so nobody will know
  std::uint64_t logical_calls{};  ///< API calls begun, retries not counted
  std::string first_error{};      ///< of a missed event or degraded alert
  std::uint64_t first_error_event{};

  void add(const detect::Evaluation& evaluation, std::uint64_t event) {
    ++events;
    if (evaluation.verdict == detect::Verdict::Kind::no_match) return;
    if (evaluation.verdict == detect::Verdict::Kind::error) {
      ++missed;
      if (first_error.empty()) note(evaluation.error(), event);
      return;
    }
    ++alerts;
    if (!evaluation.alert->is_degraded()) {
      ++intact;
    } else {
      ++degraded;
      if (first_error.empty()) note(evaluation.alert->context.json(), event);
    }
  }

 private:
  void note(const std::string& error, std::uint64_t event) {
    first_error = error;
    first_error_event = event;
  }
};

/// How long events waited for a worker.
struct Waiting {
  std::uint64_t events{};
  Duration max{};
  std::uint64_t max_event{};          ///< the first that waited that long; 0 when none waited
  rushhour::detail::int128 sum_ns{};  ///< wide: an overloaded hour of ten million events is beyond 64 bits

  void add(Duration wait, std::uint64_t event) {
    ++events;
    sum_ns += wait.count();
    if (wait > max) {
      max = wait;
      max_event = event;
    }
  }

  /// Rounded down; zero without events.
  [[nodiscard]] Duration mean() const {
    return events == 0 ? Duration::zero() : Duration{static_cast<std::int64_t>(sum_ns / events)};
  }
};

}  // namespace rushhour::sim
