/// \file
/// A queue as SQS is one: messages wait, are received by whoever asks, come back when they are not deleted in
/// time, and go to the dead-letter queue after so many receives. It moves no time and knows no consumer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/sim/engine.hpp>
#include <rushhour/sim/losses.hpp>
#include <rushhour/sim/outcomes.hpp>
#include <rushhour/time.hpp>

namespace rushhour::sim {

/// One message: the events of an object, as keys where their source can make them again, else the events
/// themselves.
struct Message {
  std::vector<event::traffic::EventKey> keys{};
  std::vector<event::Event> events{};
  std::uint32_t receives{};
  Instant sent{};
  Instant visible_since{};
  std::size_t looked_at{};  ///< how many of its events were looked at, in whatever receive
  /// The matches and rule errors that an earlier receive has written, as (event's place * detections +
  /// detection) * 2, and 1 more for an error; only filled by engines that write alerts at once. Sorted.
  std::vector<std::uint64_t> written{};
  Cause killed_by{};  ///< what the last invocation that was killed with it waited for

  [[nodiscard]] std::size_t size() const { return keys.size() + events.size(); }
};

/// First sent, first received, as far as nothing comes back (a standard queue promises no order; this is its
/// best effort). Every instant given is not before the last.
class MessageQueue {
 public:
  using Held = std::unique_ptr<Message>;

  explicit MessageQueue(QueueOptions options) : options_(options) {}

  void send(Held message, Instant now) {
    message->sent = now;
    ++counts_.messages;
    show(std::move(message), now);
  }

  /// How many could be received.
  [[nodiscard]] std::size_t visible() const { return visible_.size(); }
  /// How many events are in those.
  [[nodiscard]] std::uint64_t visible_events() const { return visible_events_; }
  /// Since when the oldest of them could. Not on an empty queue.
  [[nodiscard]] Instant oldest_visible_since() const { return visible_.front()->visible_since; }
  /// When the next message comes back or is given up; null when none is away with a time to return.
  [[nodiscard]] const Instant* next_return() const {
    return returning_.empty() ? nullptr : &returning_.front().at;
  }

  /// The oldest visible message, from now on invisible to others.
  [[nodiscard]] Held receive() {
    RUSHHOUR_ASSERT(!visible_.empty(), "nothing to receive");
    Held message = std::move(visible_.front());
    visible_.pop_front();
    visible_events_ -= message->size();
    ++message->receives;
    ++counts_.receives;
    if (message->receives > 1) ++counts_.redelivered;
    return message;
  }
  /// It was processed.
  void remove(const Held& message, Instant now) {
    ++counts_.deleted;
    leave(*message, now);
  }
  /// It was not: it comes back at `at`, or goes to the dead-letter queue then.
  void give_back(Held message, Instant at) {
    returning_.push_back({at, order_++, std::move(message)});
    std::push_heap(returning_.begin(), returning_.end(), later);
  }
  /// Shows what is due to come back at `now`. `give_up(Held)` takes what has been received too often.
  template <class GiveUp>
  void bring_back(Instant now, GiveUp give_up) {
    while (!returning_.empty() && returning_.front().at <= now) {
      std::pop_heap(returning_.begin(), returning_.end(), later);
      Held message = std::move(returning_.back().message);
      returning_.pop_back();
      if (message->receives < options_.receives_max) {
        show(std::move(message), now);
        continue;
      }
      ++counts_.dead_lettered;
      leave(*message, now);
      give_up(std::move(message));
    }
  }

  [[nodiscard]] const QueueCounts& counts() const { return counts_; }
  /// What is in it at the end of a run that was cut off: waiting, or on the way back.
  template <class Take>
  void drain(Take take) {
    for (Held& message : visible_) take(std::move(message));
    for (Returning& returning : returning_) take(std::move(returning.message));
    visible_.clear();
    returning_.clear();
  }

 private:
  struct Returning {
    Instant at{};
    std::uint64_t order{};
    Held message{};
  };
  static bool later(const Returning& a, const Returning& b) {
    return a.at != b.at ? a.at > b.at : a.order > b.order;
  }

  void show(Held message, Instant now) {
    message->visible_since = now;
    visible_events_ += message->size();
    visible_.push_back(std::move(message));
    counts_.backlog_events_max = std::max(counts_.backlog_events_max, visible_events_);
    if (visible_.size() > counts_.backlog_max) {
      counts_.backlog_max = visible_.size();
      counts_.backlog_max_at = now;
    }
  }
  void leave(const Message& message, Instant now) {
    counts_.age_max = std::max(counts_.age_max, now - message.sent);
    counts_.drained_at = now;
  }

  QueueOptions options_;
  std::deque<Held> visible_;
  std::vector<Returning> returning_;
  std::uint64_t order_{};
  std::uint64_t visible_events_{};
  QueueCounts counts_;
};

}  // namespace rushhour::sim
