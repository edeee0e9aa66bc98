/// \file
/// Events that arrive later than they would: some of them, those of one region, or all of a stretch in which
/// the delivery stood still. It decides when events arrive and in which order, and changes nothing in them.
/// How late files are on an ordinary day is for file_delivery.hpp, which it can stand behind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/path.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/random.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::traffic {

/// One thing that goes wrong with the delivery.
struct Delay {
  /// It concerns the events that would arrive from this instant...
  Instant from{Instant::min()};
  /// ...and before this one: all of them, when nothing else is said.
  Instant until{Instant::max()};
  Ratio share{1, 1};  ///< of those, each drawn for itself
  /// So much later each of them arrives, 0 to 366 days. Nothing: the delivery stands still, and they arrive
  /// from `until` on.
  std::optional<Duration> by{};
  /// How long those take that were held: the stretch runs off in this time, in order and in proportion. 0:
  /// all arrive together. Up to the length of the stretch.
  Duration catch_up{};
  /// Of these events alone, such as those of a region; empty: of all. See where().
  std::function<bool(const Event&)> only{};
};

/// Events in which a path has this text: `where("awsRegion", "eu-west-1")`.
[[nodiscard]] inline std::function<bool(const Event&)> where(std::string_view path, std::string text) {
  return [path = Path{path}, text = std::move(text)](const Event& event) {
    const Value value = path(event);
    return value.is_text() && value.text_or("") == text;
  };
}

/// Gives the events of another source in order of arrival, some of them later. None is lost, none comes
/// twice. The first delay that concerns an event decides, the others do not add to it.
///
/// Randomness: which are late is a function of stream, delay and event id. Memory: the events that are late
/// and have not arrived, some 80 bytes each when the other source recalls its events, otherwise the Event too
/// (some 6 KiB).
class LateDelivery final : public Source {
 public:
  /// `base` outlives it, and nobody else takes its events. The stream is the delivery's own. Throws
  /// InputError when a delay is out of range.
  LateDelivery(Source& base, std::vector<Delay> delays, Stream stream)
      : base_(base), delays_((check(delays), std::move(delays))), stream_(stream) {}

  [[nodiscard]] const Instant* peek() override { return find() ? &due_ : nullptr; }
  [[nodiscard]] bool next(Event& into) override {
    if (!find()) return false;
    Held held = take();
    if (base_.recalls()) {
      base_.recall(held.key, into);
    } else {
      std::swap(into, *held.event);
      into.arrive(held.key.arrival);
      spare_ = std::move(held.event);
    }
    return true;
  }
  [[nodiscard]] std::uint64_t size_hint() const override { return base_.size_hint(); }

  [[nodiscard]] bool recalls() const override { return base_.recalls(); }
  [[nodiscard]] bool next_key(EventKey& into) override {
    if (!recalls() || !find()) return false;
    into = take().key;
    return true;
  }
  void recall(const EventKey& key, Event& into) override { base_.recall(key, into); }

  /// How many events a delay has concerned so far.
  [[nodiscard]] std::uint64_t delayed() const { return delayed_; }
  /// How many events are late and have not been given.
  [[nodiscard]] std::size_t held() const { return late_.size(); }

 private:
  struct Held {
    EventKey key{};                  // with the arrival here
    std::unique_ptr<Event> event{};  // of a source that cannot make it again
  };

  static void check(const std::vector<Delay>& delays);

  /// Has the next event in `next_`, or at the front of `late_`, and its arrival in `due_`; false at the end.
  bool find() {
    while (!next_) {
      const Instant* const arrival = base_.peek();
      if (!late_.empty() && (arrival == nullptr || late_.begin()->first <= *arrival)) {
        due_ = late_.begin()->first;
        return true;
      }
      if (arrival == nullptr || !pull()) return false;
    }
    due_ = next_->key.arrival;
    return true;
  }
  /// Takes an event of the other source; false when there is none after all.
  bool pull() {
    Held held;
    if (base_.recalls()) {
      if (!base_.next_key(held.key)) return false;
    } else {
      held.event = spare_ ? std::move(spare_) : std::make_unique<Event>();
      if (!base_.next(*held.event)) return false;
      held.key = {.id = held.event->id(), .arrival = held.event->arrival(), .time = held.event->time()};
    }
    const Instant arrival = arrival_of(held);
    if (arrival == held.key.arrival) {
      next_ = std::move(held);
      return true;
    }
    held.key.arrival = arrival;
    late_.emplace(arrival, std::move(held));  // behind those that arrive with it
    return true;
  }
  Held take() {
    if (next_) {
      Held held = std::move(*next_);
      next_.reset();
      return held;
    }
    return std::move(late_.extract(late_.begin()).mapped());
  }

  /// The key still has the arrival in the other source.
  Instant arrival_of(const Held& held) {
    const Instant arrival = held.key.arrival;
    for (std::size_t i = 0; i < delays_.size(); ++i) {
      const Delay& delay = delays_[i];
      if (arrival < delay.from || arrival >= delay.until) continue;
      if (!chance(stream_.part(i).at(held.key.id), delay.share)) continue;
      if (delay.only && !delay.only(event_of(held))) continue;
      ++delayed_;
      if (delay.by) return arrival + *delay.by;
      const auto into = static_cast<rushhour::detail::int128>((arrival - delay.from).count());
      return delay.until + Duration{static_cast<std::int64_t>(into * delay.catch_up.count() /
                                                              (delay.until - delay.from).count())};
    }
    return arrival;
  }
  const Event& event_of(const Held& held) {
    if (held.event) return *held.event;
    base_.recall(held.key, seen_);
    return seen_;
  }

  Source& base_;
  std::vector<Delay> delays_;
  Stream stream_;
  std::optional<Held> next_{};           // in time
  std::multimap<Instant, Held> late_{};  // by arrival
  Instant due_{};                        // of whichever is next
  Event seen_{};                         // by the delays that look at events
  std::unique_ptr<Event> spare_{};       // its memory is used again
  std::uint64_t delayed_ = 0;
};

inline void LateDelivery::check(const std::vector<Delay>& delays) {
  constexpr Duration year = std::chrono::hours{8'784};
  for (const Delay& delay : delays) {
    if (delay.until <= delay.from) {
      throw InputError({.expected = "a delay that ends after its start, " + to_iso8601(delay.from),
                        .seen = to_iso8601(delay.until)});
    }
    if (delay.share.denominator == 0 || Ratio{1, 1} < delay.share) {
      throw InputError(
          {.expected = "a share of late events from 0 to 1",
           .seen = std::to_string(delay.share.numerator) + " / " + std::to_string(delay.share.denominator)});
    }
    if (delay.by && (*delay.by < Duration::zero() || *delay.by > year)) {
      throw InputError({.expected = "a delay by 0s to 366d", .seen = to_text(*delay.by)});
    }
    if (delay.by && delay.catch_up != Duration::zero()) {
      throw InputError({.expected = "no time to catch up where each event is late by the same",
                        .seen = to_text(delay.catch_up)});
    }
    if (delay.by) continue;
    const bool is_bounded =
        delay.from > Instant::min() && delay.until < Instant::max() &&
        delay.until.time_since_epoch() / 2 - delay.from.time_since_epoch() / 2 <= year / 2;
    if (!is_bounded) {
      throw InputError({.expected = "a delivery that stands still for up to 366d",
                        .seen = "one without start or end, or longer",
                        .advice = "say from when until when, or by how much events are late"});
    }
    if (delay.catch_up < Duration::zero() || delay.catch_up > delay.until - delay.from) {
      throw InputError(
          {.expected = "a time to catch up from 0s to the stretch's " + to_text(delay.until - delay.from),
           .seen = to_text(delay.catch_up)});
    }
  }
}

}  // namespace rushhour::event::traffic
