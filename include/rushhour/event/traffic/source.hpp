/// \file
/// Where events come from, one at a time. A worker pulls the next event when it is free, so no event waits in
/// memory: an hour of ten million costs as much of it as one of a hundred thousand.
#pragma once

#include <cstdint>

#include <rushhour/config.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::traffic {

/// What is enough to make an event again, where its source can: 24 bytes to hold for an event that waits,
/// instead of the event.
struct EventKey {
  std::uint64_t id{1};  ///< as Event::id()
  Instant arrival{};
  Instant time{};
};

/// A stream of events in order of arrival. Events refer to their source, which outlives them.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  /// When the next event arrives; nullptr at the end. Throws InputError when the source meets a mistake in
  /// its input that it was told not to pass over.
  [[nodiscard]] virtual const Instant* peek() = 0;
  /// Makes `into` the next event; false, and `into` untouched, at the end. Throws as peek().
  [[nodiscard]] virtual bool next(Event& into) = 0;
  /// How many events there are in all; 0 when that is not known.
  [[nodiscard]] virtual std::uint64_t size_hint() const = 0;

  /// Whether events can be made again from their keys: when each is a function of its key, as synthetic
  /// ones are and recorded ones are not.
  [[nodiscard]] virtual bool recalls() const { return false; }
  /// Takes the next event as next() does, but gives its key and does not make it. False, and `into`
  /// untouched, at the end or when this source cannot recall events. Throws as peek().
  [[nodiscard]] virtual bool next_key(EventKey& into) {
    static_cast<void>(into);
    return false;
  }
  /// Makes `into` the event of a key that next_key() gave, any number of times and in any order; what is
  /// next stays next. The event has the key's arrival, so a key that arrives later gives the same event
  /// arriving later. Only when recalls().
  virtual void recall(const EventKey& key, Event& into) {
    static_cast<void>(key);
    static_cast<void>(into);
    RUSHHOUR_ASSERT(false, "this source cannot make an event again");
  }
};

}  // namespace rushhour::event::traffic
