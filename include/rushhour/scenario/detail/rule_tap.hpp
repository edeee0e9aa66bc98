/// \file
/// Lets the rules of a run see its events on their way to the detections. The detections do not see the
/// history that comes before the run.
#pragma once

#include <algorithm>
#include <cstdint>

#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/scenario/rule_trials.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario::detail {

class RuleTap final : public event::traffic::Source {
 public:
  /// Reads the whole history at once.
  RuleTap(event::traffic::Source& source, RuleTrials& rules, Instant start) : source_(source), rules_(rules) {
    for (const Instant* next = source.peek(); next != nullptr && *next < start; next = source.peek()) {
      static_cast<void>(source_.next(seen_));
      rules_.see(seen_);
      ++history_;
    }
  }

  [[nodiscard]] const Instant* peek() override { return source_.peek(); }
  [[nodiscard]] bool next(event::Event& into) override {
    if (!source_.next(into)) return false;
    last_arrival_ = into.arrival();
    rules_.see(into);
    return true;
  }
  [[nodiscard]] std::uint64_t size_hint() const override {
    return source_.size_hint() - std::min(history_, source_.size_hint());
  }
  [[nodiscard]] bool recalls() const override { return source_.recalls(); }
  [[nodiscard]] bool next_key(event::traffic::EventKey& into) override {
    if (!source_.next_key(into)) return false;
    last_arrival_ = into.arrival;
    source_.recall(into, seen_);
    rules_.see(seen_);
    return true;
  }
  void recall(const event::traffic::EventKey& key, event::Event& into) override { source_.recall(key, into); }

  [[nodiscard]] std::uint64_t history() const { return history_; }
  /// The latest so far; the epoch before any.
  [[nodiscard]] Instant last_arrival() const { return last_arrival_; }

 private:
  event::traffic::Source& source_;
  RuleTrials& rules_;
  event::Event seen_{};
  std::uint64_t history_ = 0;
  Instant last_arrival_{};
};

}  // namespace rushhour::scenario::detail
