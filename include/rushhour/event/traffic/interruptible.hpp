/// \file
/// A source that somebody else can end early: what is on its way is then still worked off, as at the end of
/// the hour, so that a run that is interrupted has whole numbers of what it saw.
#pragma once

#include <atomic>
#include <cstdint>

#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::traffic {

/// The events of another source until a flag is set, which a signal handler or another thread may do. An
/// event that peek() has announced still comes.
class Interruptible final : public Source {
 public:
  Interruptible(Source& source, const std::atomic<bool>& stop) : source_(source), stop_(stop) {}

  [[nodiscard]] const Instant* peek() override {
    if (!announced_ && stopped()) return nullptr;
    const Instant* const next = source_.peek();
    announced_ = next != nullptr;
    return next;
  }
  [[nodiscard]] bool next(Event& into) override { return !ends() && source_.next(into); }
  [[nodiscard]] std::uint64_t size_hint() const override { return source_.size_hint(); }
  [[nodiscard]] bool recalls() const override { return source_.recalls(); }
  [[nodiscard]] bool next_key(EventKey& into) override { return !ends() && source_.next_key(into); }
  void recall(const EventKey& key, Event& into) override { source_.recall(key, into); }

  /// Whether it ended before the other source did.
  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  [[nodiscard]] bool stopped() {
    if (!interrupted_ && stop_.load(std::memory_order_relaxed)) interrupted_ = source_.peek() != nullptr;
    return interrupted_;
  }
  [[nodiscard]] bool ends() {
    if (!announced_) return stopped();
    announced_ = false;
    return false;
  }

  Source& source_;
  const std::atomic<bool>& stop_;
  bool announced_{};
  bool interrupted_{};
};

}  // namespace rushhour::event::traffic
