/// \file
/// What the detections made of the events: matches intact and degraded, detections missed, and how late they
/// were. The calls that this took are in measure/meters.hpp.
#pragma once

#include <cstdint>
#include <string>

#include <rushhour/detail/wide.hpp>
#include <rushhour/detect/strategy_counts.hpp>
#include <rushhour/histogram.hpp>
#include <rushhour/time.hpp>

namespace rushhour::sim {

/// The outcomes of one detection.
///
///     matches = intact + degraded + skipped + without_context
///
/// An event that is delivered again counts once for each time that the engine kept the outcome.
struct Outcomes {
  std::string detection{};
  std::uint64_t events{};           ///< rule() was asked
  std::uint64_t matches{};          ///< rule() said yes
  std::uint64_t intact{};           ///< with the context that they should carry
  std::uint64_t degraded{};         ///< with `{"_error": ...}` in its place
  std::uint64_t skipped{};          ///< without enrichment, by the detection's own choice
  std::uint64_t without_context{};  ///< of an open alert, whose context the engine did not ask for
  std::uint64_t missed{};           ///< rule() could not decide, so nobody will know
  std::uint64_t alerts{};           ///< delivered: matches with one dedup string in its window make one
  std::uint64_t windows{};          ///< opened; those that stayed below a threshold delivered nothing
  std::uint64_t error_alerts{};     ///< of the rule's own errors: those of one class in its window make one
  std::uint64_t duplicates{};       ///< matches written a second time, after redelivery
  std::uint64_t lost{};  ///< matching events that ended in the dead-letter queue or were never finished
  std::uint64_t logical_calls{};  ///< API calls begun, retries not counted
  std::uint64_t clients_made{};   ///< `boto3.client()` and the like
  std::uint64_t cpu_ns{};  ///< processor time, where somebody measures it; for no report that is compared
  detect::StrategyCounts strategy{};
};

/// How long events waited for a worker, from arrival to the first look at them.
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

/// Where every event of the run ended: delivered = processed + dead_lettered + unserved.
struct Delivery {
  std::uint64_t delivered{};      ///< events that reached the engine
  std::uint64_t processed{};      ///< judged, in an invocation that ended well
  std::uint64_t dead_lettered{};  ///< given up after too many receives
  std::uint64_t unserved{};       ///< left when the run ended: in hand of a worker that hangs, or nobody's
  std::uint64_t looks{};          ///< how often an event was judged, redeliveries included
};

/// What the queue before the engine did; all zero without one.
struct QueueCounts {
  std::uint64_t messages{};       ///< sent
  std::uint64_t receives{};       ///< by an invocation, first ones and again
  std::uint64_t redelivered{};    ///< receives beyond a message's first
  std::uint64_t deleted{};        ///< processed
  std::uint64_t dead_lettered{};  ///< messages
  std::uint64_t backlog_max{};    ///< messages waiting, at most
  Instant backlog_max_at{};
  std::uint64_t backlog_events_max{};  ///< events in waiting messages, at most
  Duration age_max{};                  ///< longest from sending to the end: processed, or given up
  Instant drained_at{};                ///< when the last message left
};

/// What the compute service did.
struct FleetCounts {
  std::uint64_t invocations{};
  std::uint64_t timed_out{};  ///< of these: killed at the timeout
  std::uint64_t throttled{};  ///< refused: no environment to be had
  std::uint64_t cold_starts{};
  std::uint64_t resets{};           ///< environments lost to a timeout, with all that they kept
  std::uint64_t reclaimed{};        ///< environments lost to idleness
  std::uint64_t reloads{};          ///< of the rules, in any container, the first load not counted
  std::uint64_t concurrency_max{};  ///< environments or workers busy at a time
  Instant concurrency_max_at{};
  Instant last_timeout{};              ///< when the last invocation was killed; only with timed_out
  rushhour::detail::int128 busy_ns{};  ///< summed over environments or workers
  std::uint64_t billed_ms{};  ///< each invocation rounded up to whole milliseconds, cold start included
};

}  // namespace rushhour::sim
