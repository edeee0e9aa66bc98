/// \file
/// Where events come from, one at a time. A worker pulls the next event when it is free, so no event waits in
/// memory: an hour of ten million costs as much of it as one of a hundred thousand.
#pragma once

#include <cstdint>

#include <rushhour/event/event.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::traffic {

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
};

}  // namespace rushhour::event::traffic
