/// \file
/// Lambda behind an SQS queue: objects of events wait as messages, a poller invokes environments with batches
/// of them, and an invocation that outlasts its timeout loses its environment and gives its whole batch back.
/// What the environments do with an event is not its business.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/limit/token_bucket.hpp>
#include <rushhour/sim/container_clock.hpp>
#include <rushhour/sim/engine.hpp>
#include <rushhour/sim/environment.hpp>
#include <rushhour/sim/event_loop.hpp>
#include <rushhour/sim/log_processor.hpp>
#include <rushhour/sim/message_queue.hpp>
#include <rushhour/sim/monitor.hpp>
#include <rushhour/sim/outcomes.hpp>
#include <rushhour/time.hpp>

namespace rushhour::sim {

/// How many batches the poller may have in flight: a few at first, more the longer messages wait. Lambda says
/// "up to" so many more a minute (Lambda Developer Guide, "Configuring scaling behavior for SQS event source
/// mappings"); that the growth is even, and that it is forgotten once the queue is empty and no more than the
/// first few are busy, is a choice.
class PollerRamp {
 public:
  explicit PollerRamp(PollerOptions options) : options_(options) {}

  [[nodiscard]] std::uint32_t allowed(Instant now) const {
    if (!since_) return std::min(options_.concurrency_initial, options_.concurrency_max);
    const auto grown = static_cast<rushhour::detail::int128>((now - *since_).count()) *
                       options_.concurrency_per_minute / Duration{std::chrono::minutes{1}}.count();
    return static_cast<std::uint32_t>(
        std::min<rushhour::detail::int128>(options_.concurrency_max, options_.concurrency_initial + grown));
  }
  /// Messages wait although all that is allowed is in flight.
  void saturated(Instant now) {
    if (!since_) since_ = now;
  }
  void relaxed() { since_.reset(); }
  /// Whether messages have waited in vain, and it has not been relaxed since.
  [[nodiscard]] bool grows() const { return since_.has_value(); }
  /// When allowed() next grows; Instant::max(): not by itself.
  [[nodiscard]] Instant next_step(Instant now) const {
    const std::uint32_t present = allowed(now);
    if (!since_ || present >= options_.concurrency_max || options_.concurrency_per_minute == 0) {
      return Instant::max();
    }
    const std::int64_t minute = Duration{std::chrono::minutes{1}}.count();
    const std::int64_t steps = std::int64_t{present} + 1 - options_.concurrency_initial;
    return *since_ +
           Duration{(steps * minute + options_.concurrency_per_minute - 1) / options_.concurrency_per_minute};
  }

 private:
  PollerOptions options_;
  std::optional<Instant> since_{};
};

/// The whole way from arriving events to processed or dead-lettered messages.
class LambdaFleet final : private Arrivals {
 public:
  /// Hears of each message that leaves: processed, or given up (dead letter, or left at the end of the run).
  struct Listener {
    Listener() = default;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    virtual ~Listener() = default;
    virtual void on_processed(const Message& message) = 0;
    virtual void on_given_up(const Message& message, bool dead_lettered) = 0;
  };

  /// All outlive the fleet; the fleet outlives the loop's run.
  /// \param monitor  null: nobody is told
  LambdaFleet(EventLoop& loop, event::traffic::Source& source, const Engine& engine, MakeEnvironment make,
              Listener& listener, Monitor* monitor = nullptr)
      : loop_(loop),
        source_(source),
        engine_(engine),
        make_(std::move(make)),
        listener_(listener),
        monitor_(monitor),
        log_processor_(source, engine.log_processor, monitor),
        queue_(engine.queue),
        invisible_(effective_visibility(engine)),
        ramp_(engine.poller),
        creation_({.limit = engine.lambda.environments_per_10s, .window = std::chrono::seconds{10}}) {
    RUSHHOUR_ASSERT(engine.poller.batch_size > 0, "a batch has at least one message");
    loop_.set_arrivals(this);
  }
  ~LambdaFleet() override { loop_.set_arrivals(nullptr); }

  /// After the loop's run: hands over what was never sent or never left the queue, and what hangs in an
  /// invocation.
  void finish() {
    const auto give_up = [this](MessageQueue::Held message) { listener_.on_given_up(*message, false); };
    log_processor_.drain(give_up);
    queue_.drain(give_up);
    for (Slot& slot : slots_) {
      for (MessageQueue::Held& message : slot.batch) give_up(std::move(message));
      slot.batch.clear();
    }
  }

  [[nodiscard]] const QueueCounts& queue() const { return queue_.counts(); }
  [[nodiscard]] const FleetCounts& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t events_taken() const { return log_processor_.taken(); }

 private:
  /// One place for an environment, and the worker that runs what is in it. A place is used again when its
  /// environment is gone.
  struct Slot {
    std::unique_ptr<Environment> environment{};
    std::optional<WorkerId> worker{};
    std::vector<MessageQueue::Held> batch{};
    Instant since{};  ///< when its invocation began, or ended
  };

  // ---- Arrivals: everything that happens by the clock. ----

  const Instant* next() override {
    if (failure_) return &at_once_;
    try {
      next_ = Instant::max();
      const auto consider = [this](const Instant* at) {
        if (at != nullptr && *at < next_) next_ = *at;
      };
      consider(log_processor_.next());
      consider(queue_.next_return());
      const Instant poll = next_poll();
      consider(&poll);
      return next_ == Instant::max() ? nullptr : &next_;
    } catch (...) {
      // Asked from inside a sleeping worker too: thrown there it would go through a detection.
      failure_ = std::current_exception();
      return &at_once_;
    }
  }
  void deliver() override {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    const Instant now = loop_.now();
    queue_.bring_back(now, [&](MessageQueue::Held message) {
      if (monitor_ != nullptr) monitor_->happened(Tally::dead_lettered, now);
      listener_.on_given_up(*message, true);
    });
    log_processor_.run(now, [&](MessageQueue::Held object) { queue_.send(std::move(object), now); });
    tell_queue(now);
    poll(now);
    tell_queue(now);
  }
  void tell_queue(Instant now) const {
    if (monitor_ != nullptr) monitor_->changed(Level::queued, now, queue_.visible_events());
  }

  // ---- The poller. ----

  /// When the messages that wait are a batch. Not on an empty queue.
  [[nodiscard]] Instant batch_due() const {
    return queue_.visible() >= engine_.poller.batch_size
               ? queue_.oldest_visible_since()
               : queue_.oldest_visible_since() + engine_.poller.batch_window;
  }
  /// When the poller has next something to do without anything else happening before: a batch to begin, or to
  /// note that it waits in vain.
  [[nodiscard]] Instant next_poll() const {
    if (queue_.visible() == 0) return Instant::max();
    const Instant now = loop_.now();
    const Instant due = batch_due();
    if (due > now || !ramp_.grows() || in_flight_ < ramp_.allowed(now)) return due;
    return ramp_.next_step(now);
  }

  void poll(Instant now) {
    if (loop_.stopped()) return;
    while (queue_.visible() > 0) {
      if (now < batch_due()) break;
      if (in_flight_ >= ramp_.allowed(now)) {
        ramp_.saturated(now);
        return;
      }
      std::vector<MessageQueue::Held> batch;
      while (queue_.visible() > 0 && batch.size() < engine_.poller.batch_size) {
        batch.push_back(queue_.receive());
        if (monitor_ != nullptr && batch.back()->receives > 1) monitor_->happened(Tally::redelivered, now);
      }
      invoke(std::move(batch), now);
    }
    if (queue_.visible() == 0 && in_flight_ <= engine_.poller.concurrency_initial) ramp_.relaxed();
  }

  // ---- Lambda. ----

  void invoke(std::vector<MessageQueue::Held> batch, Instant now) {
    Slot* const slot = find_slot(now);
    if (slot == nullptr) {
      tell_fleet(now);
      ++counts_.throttled;
      for (MessageQueue::Held& message : batch) queue_.give_back(std::move(message), now + invisible_);
      return;
    }
    ++counts_.invocations;
    if (++in_flight_ > counts_.concurrency_max) {
      counts_.concurrency_max = in_flight_;
      counts_.concurrency_max_at = now;
    }
    tell_fleet(now);
    slot->batch = std::move(batch);
    if (!slot->worker) {
      slot->worker = loop_.spawn([this, slot] { work(*slot); });
    } else if (loop_.idle(*slot->worker)) {
      loop_.wake(*slot->worker, now);
    }  // else it is the worker that polls: it goes on by itself
  }

  /// The environment that was used last, a new one in a free place, or a new place; null: throttled.
  [[nodiscard]] Slot* find_slot(Instant now) {
    reclaim(now);
    if (!idle_.empty()) {
      Slot* const slot = idle_.back();
      idle_.pop_back();
      return slot;
    }
    if (in_flight_ >= engine_.lambda.concurrency_max || !creation_.try_acquire(now)) return nullptr;
    if (!empty_.empty()) {
      Slot* const slot = empty_.back();
      empty_.pop_back();
      return slot;
    }
    return &slots_.emplace_back();
  }
  /// Takes away what has been idle for too long; those are the first, since the last used is used again
  /// first.
  void reclaim(Instant now) {
    while (!idle_.empty() && now - idle_.front()->since > engine_.lambda.idle_lifetime) {
      Slot* const slot = idle_.front();
      idle_.pop_front();
      slot->environment.reset();
      empty_.push_back(slot);
      ++counts_.reclaimed;
    }
  }

  /// The worker of a place: one invocation after the other.
  void work(Slot& slot) {
    for (;;) {
      if (slot.batch.empty()) loop_.park_idle();
      const bool done = run(slot);
      const Instant now = loop_.now();
      --in_flight_;
      for (MessageQueue::Held& message : slot.batch) {
        if (done) {
          queue_.remove(message, now);
          listener_.on_processed(*message);
        } else {
          queue_.give_back(std::move(message), std::max(now, slot.since + invisible_));
        }
      }
      slot.batch.clear();
      if (done) {
        slot.since = now;
        idle_.push_back(&slot);
      } else {
        slot.environment.reset();
        empty_.push_back(&slot);
        ++counts_.resets;
      }
      tell_fleet(now);
      poll(now);
      tell_queue(now);
    }
  }
  void tell_fleet(Instant now) const {
    if (monitor_ == nullptr) return;
    monitor_->changed(Level::busy, now, in_flight_);
    monitor_->changed(Level::containers, now, slots_.size() - empty_.size());
  }

  /// Runs the batch of a place; false when it was killed.
  [[nodiscard]] bool run(Slot& slot) {
    const Instant begin = loop_.now();
    slot.since = begin;
    bool done = false;
    try {
      if (!slot.environment) {
        ++counts_.cold_starts;
        loop_.sleep_for(engine_.lambda.cold_start);
        slot.environment = make_(environments_++);
      }
      slot.environment->begin_invocation(loop_.now() + engine_.lambda.timeout);
      process(slot);
      slot.environment->end_invocation();
      done = true;
    } catch (const InvocationTimedOut&) {
      ++counts_.timed_out;
      counts_.last_timeout = loop_.now();
      for (MessageQueue::Held& message : slot.batch) message->killed_by = slot.environment->waited_for();
    }
    const Duration busy = loop_.now() - begin;
    counts_.busy_ns += busy.count();
    counts_.billed_ms +=
        static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::milliseconds>(busy).count());
    return done;
  }
  void process(Slot& slot) {
    event::Event made;
    for (const MessageQueue::Held& message : slot.batch) {
      for (std::size_t place = 0; place < message->keys.size(); ++place) {
        source_.recall(message->keys[place], made);
        slot.environment->handle(made, message.get(), place);
      }
      for (std::size_t place = 0; place < message->events.size(); ++place) {
        slot.environment->handle(message->events[place], message.get(), place);
      }
    }
  }

  EventLoop& loop_;
  event::traffic::Source& source_;
  const Engine& engine_;
  MakeEnvironment make_;
  Listener& listener_;
  Monitor* monitor_;
  LogProcessor log_processor_;
  MessageQueue queue_;
  Duration invisible_;  ///< how long a batch that was not processed stays away
  PollerRamp ramp_;
  limit::TokenBucket creation_;
  std::deque<Slot> slots_;    ///< a deque: workers keep their addresses
  std::deque<Slot*> idle_;    ///< with an environment, longest idle first
  std::vector<Slot*> empty_;  ///< without one
  std::size_t environments_{};
  std::uint32_t in_flight_{};
  FleetCounts counts_;
  Instant next_{};
  std::exception_ptr failure_{};  ///< of the source, not yet thrown
  const Instant at_once_{Instant::min()};
};

}  // namespace rushhour::sim
