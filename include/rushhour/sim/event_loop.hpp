/// \file
/// The loop that owns virtual time: workers are plain blocking code, a sleeping worker is parked, and whoever
/// wakes earliest runs next. It decides the order and nothing else: which worker takes which event is the
/// fleet's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/sim/fiber.hpp>
#include <rushhour/time.hpp>

namespace rushhour::sim {

/// A worker's number in its loop, from 0 in the order of creation. It is never given to another.
enum class WorkerId : std::uint32_t {};

[[nodiscard]] constexpr std::uint32_t index(WorkerId id) { return static_cast<std::uint32_t>(id); }

/// What can be parked and resumed: all that the loop knows of a worker. A FiberWorker runs native code and
/// rules in Python alike.
class Worker {
 public:
  Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  virtual ~Worker() = default;

  /// Runs it until it parks (true) or ends (false); throws what left its function, and then it has ended.
  virtual bool resume() = 0;
  /// From inside: gives control back until the next resume(). Once cancelled it throws Cancelled at every
  /// call, except while an exception unwinds the worker, when it returns at once.
  virtual void park() = 0;
  /// Makes park() throw and runs the worker to its end. One that never ran does not start. Throws as resume()
  /// does.
  virtual void cancel() = 0;
};

/// A worker on a fiber.
class FiberWorker final : public Worker {
 public:
  template <class Function>
  FiberWorker(Function function, std::size_t stack_bytes) : fiber_(std::move(function), stack_bytes) {}

  bool resume() override { return fiber_.resume(); }
  void park() override { fiber_.park(); }
  void cancel() override { fiber_.cancel(); }

 private:
  Fiber fiber_;
};

/// Events that reach the simulation from outside, in order, without a place in the queue each.
class Arrivals {
 public:
  Arrivals() = default;
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;
  virtual ~Arrivals() = default;

  /// When the next event arrives; null when none will. The loop asks often, so keep the answer at hand; it
  /// may change between calls (an event that a detection causes may come before those already known). One
  /// earlier than the loop's now() arrives now. Must not throw: it is also asked from inside a sleeping
  /// worker.
  [[nodiscard]] virtual const Instant* next() = 0;
  /// It has arrived. Called outside any worker, at the loop's now(): may spawn() and wake(), not sleep. What
  /// it throws ends the run.
  virtual void deliver() = 0;
};

namespace detail {

/// Who wakes when: a 4-ary heap of 16-byte entries, first by instant, then in the order of asking. Measured
/// (spec performance.md, 2): replacing the top of 1,000 costs half of a binary heap's push and pop.
///
/// The top can be taken without being removed: its place is kept for the next push, because a worker that is
/// resumed nearly always sleeps again, and one pass down the heap then does for two.
class WakeQueue {
 public:
  struct Entry {
    Instant instant{};
    std::uint64_t order{};  ///< 40 bits of sequence number, 24 bits of worker id

    [[nodiscard]] WorkerId worker() const {
      return WorkerId{static_cast<std::uint32_t>(order & (max_workers - 1))};
    }
    friend bool operator==(const Entry&, const Entry&) = default;
    friend bool operator<(const Entry& a, const Entry& b) { return a.key() < b.key(); }

   private:
    /// One wide integer, so that a comparison is two subtractions and no branch.
    [[nodiscard]] rushhour::detail::int128 key() const {
      return static_cast<rushhour::detail::int128>(instant.time_since_epoch().count()) << 64 | order;
    }
  };
  static constexpr std::uint64_t max_workers = std::uint64_t{1} << 24;
  /// Ever pushed: 15 hours of running at 50 ns each.
  static constexpr std::uint64_t max_entries = std::uint64_t{1} << 40;

  void reserve(std::size_t workers) { entries_.reserve(workers); }
  void clear() {
    entries_.clear();
    taken_ = false;
  }

  /// Not between take() and the push() or settle() that follows it.
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] const Entry& top() const { return entries_.front(); }

  Entry push(Instant instant, WorkerId worker) {
    RUSHHOUR_ASSERT(sequence_ < max_entries, "the loop's sequence numbers are used up");
    const Entry entry{instant, sequence_++ << 24 | index(worker)};
    if (taken_) {
      taken_ = false;
      sift_down(entry);
    } else {
      entries_.push_back(entry);
      sift_up(entry);
    }
    return entry;
  }
  void take() { taken_ = true; }
  /// Removes what was taken, if no push has used its place.
  void settle() {
    if (!taken_) return;
    taken_ = false;
    const Entry last = entries_.back();
    entries_.pop_back();
    if (!entries_.empty()) sift_down(last);
  }

 private:
  void sift_up(const Entry& entry) {
    std::size_t at = entries_.size() - 1;
    for (; at > 0 && entry < entries_[(at - 1) / 4]; at = (at - 1) / 4) entries_[at] = entries_[(at - 1) / 4];
    entries_[at] = entry;
  }
  /// From the root, whose present entry is given up.
  void sift_down(const Entry& entry) {
    std::size_t at = 0;
    for (std::size_t child = 1; child < entries_.size(); child = 4 * at + 1) {
      const std::size_t best = earliest(child);
      if (!(entries_[best] < entry)) break;
      entries_[at] = entries_[best];
      at = best;
    }
    entries_[at] = entry;
  }
  /// Of up to four siblings from `first` on.
  [[nodiscard]] std::size_t earliest(std::size_t first) const {
    if (first + 4 <= entries_.size()) {
      // Sums, because a branch here is taken at random: mispredicting it would cost more than the rest.
      const Entry* const four = entries_.data() + first;
      const auto left = static_cast<std::size_t>(four[1] < four[0]);
      const std::size_t right = 2 + static_cast<std::size_t>(four[3] < four[2]);
      return first + left + (right - left) * static_cast<std::size_t>(four[right] < four[left]);
    }
    std::size_t best = first;
    for (std::size_t i = first + 1; i < entries_.size(); ++i) best = entries_[i] < entries_[best] ? i : best;
    return best;
  }

  std::vector<Entry> entries_;
  std::uint64_t sequence_{};
  bool taken_{};
};

}  // namespace detail

struct EventLoopOptions {
  Instant start{};                                      ///< now() before anything runs
  std::size_t stack_bytes{Fiber::default_stack_bytes};  ///< of each worker made by spawn(); virtual memory
};

/// Virtual time and the workers that live in it, on one thread.
///
/// \code
///   EventLoop loop;
///   loop.spawn([&] { loop.sleep_for(20ms); order += "b"; });
///   loop.spawn([&] { loop.sleep_for(10ms); order += "a"; });
///   loop.run();  // order == "ab", loop.now() == 20 ms
/// \endcode
///
/// The order is total and repeatable: by instant; at equal instants due wake-ups before arrivals (who frees
/// capacity at an instant does so before the event that needs it then); wake-ups in the order in which they
/// were asked for; arrivals as Arrivals orders them. A wake-up asked for during an arrival comes before the
/// next arrival.
class EventLoop final : public Clock {
 public:
  using Options = EventLoopOptions;

  explicit EventLoop(Options options = {}) : options_(options), now_(options.start) {}
  /// Cancels who is still parked, as stop() does. What a worker throws then is lost: stop() reports it.
  ~EventLoop() override {
    stopped_ = true;
    static_cast<void>(cancel_all());
  }

  [[nodiscard]] Instant now() const override { return now_; }

  /// From inside a worker: parks it until `wake`; at once when that is not later than now(). When nothing
  /// else comes first, only the time moves and no stack is switched: the order is the same. When the
  /// simulation has ended it throws Cancelled, or, while an exception unwinds the worker, returns at once
  /// with cancelled() true.
  void sleep_until(Instant wake) override {
    Worker& worker = running_worker();
    if (cancelling_) [[unlikely]] {
      worker.park();
      return;
    }
    if (wake <= now_) return;
    const detail::WakeQueue::Entry entry = queue_.push(wake, running_);
    if (!stopped_ && queue_.top() == entry && top_is_next(next_arrival())) {
      queue_.take();
      now_ = wake;
      return;
    }
    worker.park();
  }

  /// From inside a worker: parks it until someone calls wake() for it. Ends as sleep_until() does.
  void park_idle() {
    Worker& worker = running_worker();
    if (!cancelling_) slots_[index(running_)].idle = true;
    worker.park();
  }
  /// Resumes an idle worker at `instant`, not before now(). The order among equals is that of the calls, so
  /// it is the fleet that decides who is woken. Nothing happens once the simulation has been stopped.
  void wake(WorkerId id, Instant instant) {
    if (stopped_) return;
    RUSHHOUR_ASSERT(idle(id), "only an idle worker can be woken");
    RUSHHOUR_ASSERT(instant >= now_, "a worker cannot wake in the past");
    slots_[index(id)].idle = false;
    queue_.push(instant, id);
  }
  /// True between its park_idle() and the wake() for it.
  [[nodiscard]] bool idle(WorkerId id) const { return index(id) < slots_.size() && slots_[index(id)].idle; }

  /// A new worker on a fiber, which runs `function` first at now(), after what is already due then.
  template <class Function>
  WorkerId spawn(Function function) {
    return add(std::make_unique<FiberWorker>(std::move(function), options_.stack_bytes));
  }
  /// The same for another kind of worker.
  WorkerId add(std::unique_ptr<Worker> worker) {
    RUSHHOUR_ASSERT(!stopped_, "the simulation has been stopped");
    RUSHHOUR_ASSERT(slots_.size() < detail::WakeQueue::max_workers, "a loop has at most 2^24 workers");
    const WorkerId id{static_cast<std::uint32_t>(slots_.size())};
    slots_.push_back({std::move(worker)});
    queue_.reserve(slots_.capacity());
    queue_.push(now_, id);
    return id;
  }
  /// From now on events come from `arrivals`, which the caller keeps alive; null: from nowhere.
  void set_arrivals(Arrivals* arrivals) { arrivals_ = arrivals; }

  /// Runs to the end: until nobody waits for an instant and nothing arrives, or stop() was called. Who sleeps
  /// until Instant::max() hangs, and nobody waits for him. Then it cancels who is still parked. What leaves a
  /// worker's function is thrown here, in the middle of the run.
  void run() {
    run_due(Instant::max() - Duration{1});
    stop();
  }
  /// Runs what is due up to and at `limit`; then now() is `limit`, unless stop() was called. Who is parked
  /// stays so.
  void run_until(Instant limit) {
    run_due(limit);
    if (stopped_) {
      stop();
    } else if (limit > now_) {
      now_ = limit;
    }
  }
  /// Ends the simulation at now(): every parked worker is cancelled, in the order of ids, so that destructors
  /// run. From inside a worker or an arrival this happens as soon as that has parked or returned. Afterwards
  /// nothing can be spawned. Throws the first thing other than Cancelled that left a worker, when all have
  /// ended.
  void stop() {
    stopped_ = true;
    if (running_inside_) return;
    if (const std::exception_ptr failure = cancel_all()) std::rethrow_exception(failure);
  }
  [[nodiscard]] bool stopped() const { return stopped_; }
  /// Whether the running worker is being cancelled: then what it asks for while it unwinds is not done.
  [[nodiscard]] bool cancelled() const override { return cancelling_; }

  [[nodiscard]] bool inside_worker() const { return running_ != nobody; }
  /// From inside a worker: its id.
  [[nodiscard]] WorkerId current() const {
    RUSHHOUR_ASSERT(inside_worker(), "no worker is running");
    return running_;
  }

 private:
  static constexpr WorkerId nobody{std::numeric_limits<std::uint32_t>::max()};

  struct Slot {
    std::unique_ptr<Worker> worker{};  ///< null once it has ended
    bool idle{};
  };

  [[nodiscard]] Worker& running_worker() const {
    RUSHHOUR_ASSERT(inside_worker(), "only a worker can wait on a simulated clock; spawn() one");
    return *slots_[index(running_)].worker;
  }
  [[nodiscard]] const Instant* next_arrival() const {
    return arrivals_ == nullptr ? nullptr : arrivals_->next();
  }
  /// Whether the first of the queue is what happens next. The one place that orders wake-ups and arrivals.
  [[nodiscard]] bool top_is_next(const Instant* arrival) const {
    const Instant instant = queue_.top().instant;
    return instant <= limit_ && (arrival == nullptr || instant <= *arrival);
  }

  void run_due(Instant limit) {
    RUSHHOUR_ASSERT(!running_inside_, "the loop is already running");
    const Inside inside{*this};
    limit_ = limit;
    while (!stopped_) {
      const Instant* const arrival = next_arrival();
      if (!queue_.empty() && top_is_next(arrival)) {
        resume_top();
      } else if (arrival != nullptr && *arrival <= limit) {
        now_ = *arrival > now_ ? *arrival : now_;
        arrivals_->deliver();
      } else {
        break;
      }
    }
  }

  void resume_top() {
    const Running running{*this, queue_.top().worker()};
    now_ = queue_.top().instant;
    queue_.take();
    running.alive = slots_[index(running_)].worker->resume();
  }

  /// The first exception other than Cancelled that left a worker.
  [[nodiscard]] std::exception_ptr cancel_all() {
    const Inside inside{*this};
    queue_.clear();
    cancelling_ = true;
    std::exception_ptr first;
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].worker == nullptr) continue;
      slots_[i].idle = false;
      const Running running{*this, WorkerId{i}};
      try {
        slots_[i].worker->cancel();
      } catch (...) {
        if (!first) first = std::current_exception();
      }
    }
    cancelling_ = false;
    return first;
  }

  /// While the loop is working, so that stop() and run() know where they were called from.
  struct Inside {
    explicit Inside(EventLoop& owner) : loop(owner) { loop.running_inside_ = true; }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    ~Inside() { loop.running_inside_ = false; }
    EventLoop& loop;
  };
  /// While a worker runs. Restores the loop also when the worker's function throws, which ends it.
  struct Running {
    Running(EventLoop& owner, WorkerId id) : loop(owner) { loop.running_ = id; }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() {
      const WorkerId id = std::exchange(loop.running_, nobody);
      loop.queue_.settle();
      if (!alive) loop.slots_[index(id)].worker.reset();
    }
    EventLoop& loop;
    mutable bool alive{};
  };

  Options options_;
  Instant now_;
  Instant limit_{};
  WorkerId running_{nobody};
  bool running_inside_{};
  bool stopped_{};
  bool cancelling_{};
  Arrivals* arrivals_{};
  detail::WakeQueue queue_;
  std::vector<Slot> slots_;
};

}  // namespace rushhour::sim
