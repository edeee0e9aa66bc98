/// \file
/// What stands between the log source and the engine's queue: it gathers arriving events in objects and
/// writes each at a mark of the clock, or when it is full. It judges nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/sim/engine.hpp>
#include <rushhour/sim/message_queue.hpp>
#include <rushhour/sim/monitor.hpp>
#include <rushhour/time.hpp>

namespace rushhour::sim {

/// Several processors take the events in turns; each has one object open. An object that is written becomes
/// one message. Panther's flushes every minute or at 50 MB (spec panther.md 1.4).
class LogProcessor {
 public:
  /// The source outlives it, and so does who is told of arrivals; null: nobody is.
  LogProcessor(event::traffic::Source& source, LogProcessorOptions options, Monitor* monitor = nullptr)
      : source_(source), options_(options), monitor_(monitor), open_(options.processors) {
    RUSHHOUR_ASSERT(options.processors > 0 && options.flush_every > Duration::zero(),
                    "there is at least one log processor, and it writes at times");
  }

  /// When it next has something to do: take an event or write an object. Null: never again, unless its source
  /// gets more.
  [[nodiscard]] const Instant* next() {
    const Instant* const arrival = source_.peek();
    if (arrival == nullptr && gathered_ == 0) return nullptr;
    if (gathered_ == 0) return arrival;
    // While nothing can fill up, arrivals wait in the source for the mark.
    if (arrival == nullptr || options_.object_events_max == 0) return &mark_;
    next_ = std::min(*arrival, mark_);
    return &next_;
  }

  /// Does what is due at `now`; each finished object goes to `write(std::unique_ptr<Message>)`.
  template <class Write>
  void run(Instant now, Write write) {
    take(now, write);
    if (gathered_ == 0 || now < mark_) return;
    for (auto& object : open_) {
      if (object) write(std::move(object));
    }
    gathered_ = 0;
    take(now, write);
  }

  /// What it still has open at the end of a run that was cut off.
  template <class Take>
  void drain(Take take) {
    for (auto& object : open_) {
      if (object) take(std::move(object));
    }
    gathered_ = 0;
  }

  [[nodiscard]] std::uint64_t taken() const { return taken_; }

 private:
  /// Takes what has arrived by `now`, as far as it belongs to the objects that are open.
  template <class Write>
  void take(Instant now, Write write) {
    for (const Instant* arrival = source_.peek(); arrival != nullptr && *arrival <= now;
         arrival = source_.peek()) {
      if (gathered_ == 0) mark_ = mark_after(*arrival);
      if (*arrival >= mark_) return;
      std::unique_ptr<Message>& object = open_[taken_++ % open_.size()];
      if (!object) object = std::make_unique<Message>();
      append(*object);
      ++gathered_;
      if (options_.object_events_max > 0 && object->size() >= options_.object_events_max) {
        gathered_ -= object->size();
        write(std::move(object));
      }
    }
  }
  void append(Message& object) {
    if (source_.recalls()) {
      event::traffic::EventKey key{};
      const bool there = source_.next_key(key);
      RUSHHOUR_ASSERT(there, "the source announced an event and has none");
      if (monitor_ != nullptr) monitor_->arrived(key.arrival, key.time);
      object.keys.push_back(key);
      return;
    }
    event::Event event;
    const bool there = source_.next(event);
    RUSHHOUR_ASSERT(there, "the source announced an event and has none");
    if (monitor_ != nullptr) monitor_->arrived(event.arrival(), event.time());
    object.events.push_back(std::move(event));
  }
  /// The first mark after the instant.
  [[nodiscard]] Instant mark_after(Instant instant) const {
    const std::int64_t every = options_.flush_every.count();
    const std::int64_t since = instant.time_since_epoch().count();
    const std::int64_t whole = since / every - (since % every < 0 ? 1 : 0);
    return Instant{Duration{(whole + 1) * every}};
  }

  event::traffic::Source& source_;
  LogProcessorOptions options_;
  Monitor* monitor_;
  std::vector<std::unique_ptr<Message>> open_;
  std::uint64_t gathered_{};  ///< events in open objects
  std::uint64_t taken_{};
  Instant mark_{};  ///< when the open objects are written
  Instant next_{};
};

}  // namespace rushhour::sim
