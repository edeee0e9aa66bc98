/// \file
/// Who wants to know when things happen inside an engine: events arrive, wait and are judged, containers come
/// and go. A result says how often, once the run is over; calls to services are in the ledger (journal.hpp).
#pragma once

#include <cstddef>
#include <cstdint>

#include <rushhour/time.hpp>

namespace rushhour::sim {

/// What happens once, and is counted.
enum class Tally : std::uint8_t {
  processed,        ///< an event was judged, in an invocation that ended well
  redelivered,      ///< a message was received that had been received before
  dead_lettered,    ///< a message was received too often and given up
  intact,           ///< a match was written with its context
  degraded,         ///< with an error in place of its context
  skipped,          ///< without, by the detection's own choice
  without_context,  ///< without, as the engine did not ask for it
  missed,           ///< a rule could not decide, and that was written
  duplicate,        ///< a match was written that an earlier receive had written
  lost              ///< nobody will judge an event that a detection would have wanted to
};
inline constexpr std::size_t tally_count = 10;

/// What there is so much of at a time.
enum class Level : std::uint8_t {
  queued,     ///< events in messages that wait in the queue; only with one
  busy,       ///< environments with an invocation, or workers with an event
  containers  ///< environments that exist, cold starts included, or workers
};
inline constexpr std::size_t level_count = 3;

/// Hears of a run while it goes on. It changes nothing of it: whoever listens draws no random numbers, moves
/// no clock and throws nothing. A run without a monitor pays a branch for each place that would tell one.
///
/// Every `now` is the loop's, so none is before the last.
class Monitor {
 public:
  Monitor() = default;
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;
  virtual ~Monitor() = default;

  /// An event arrived, of something that happened at `time`. Told once for each event, in order of arrival,
  /// when it is taken from its source: that may be later, and a source holds events back that find nobody.
  virtual void arrived(Instant arrival, Instant time) = 0;
  /// Only of an engine without a queue, after arrived(): a worker takes the event at `now`; Instant::max():
  /// nobody ever will. Until then it waits in its source.
  virtual void taken(Instant arrival, Instant now) = 0;
  /// An event is looked at for the first time, so long after its arrival.
  virtual void looked_at(Instant now, Duration waited) = 0;
  /// A detection begins to judge an event. What it does in its caches comes after.
  virtual void judging(Instant now) = 0;
  virtual void happened(Tally what, Instant now) = 0;
  /// A level is now `to`. Several changes of one instant may be told as one, but for the highest.
  virtual void changed(Level level, Instant now, std::uint64_t to) = 0;
};

}  // namespace rushhour::sim
