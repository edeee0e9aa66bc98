/// \file
/// A source of what happened before in front of the source that is measured, so that rules of new terms have
/// something to compare with. It makes no events and changes none.
#pragma once

#include <cstdint>

#include <rushhour/config.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::traffic {

/// The events of both sources in order of arrival; of two that arrive together the history's is first. So the
/// history comes before all else when its events arrive before, and where it overruns, as the last of a
/// Poisson process may, nothing goes back in time.
///
/// Ids tell to which of the two an event belongs, and stay what they are, because events are made from them:
/// the history has those up to `history_events`, the measured source those above. A SyntheticCloudTrail
/// counts from there on with `ids_after`. One in which everybody has been seen before, but for five
/// newcomers:
///
///     SyntheticCloudTrail history{{.events = 240'000, .start = start - 240h, .duration = 240h,
///                                  .user_exponent = {0, 1}, .exact_name = "GetSecretValue",
///                                  .exact_share = {1, 1}, .sessions_since = start}, random};
///     SyntheticCloudTrail hour{{.events = 1'000'000, .start = start, .users = 1'005,
///                               .ids_after = 240'000, .sessions_since = start}, random};
///     WithHistory traffic{history, 240'000, hour};
///
/// By Zipf's law those who are rare would be missing in a history of fewer events than the hour; with
/// exponent 0 all are as frequent there, and they are the same users.
class WithHistory final : public Source {
 public:
  /// Both sources outlive it, and nobody else takes their events. An id on the wrong side of
  /// `history_events` breaks the contract.
  WithHistory(Source& history, std::uint64_t history_events, Source& measured)
      : history_(history), history_events_(history_events), measured_(measured) {}

  [[nodiscard]] const Instant* peek() override {
    const Instant* const before = history_.peek();
    const Instant* const measured = measured_.peek();
    return before == nullptr || (measured != nullptr && *measured < *before) ? measured : before;
  }
  [[nodiscard]] bool next(Event& into) override {
    Source& source = next_source();
    if (!source.next(into)) return false;
    check(source, into.id());
    return true;
  }
  /// 0 when that of either is not known.
  [[nodiscard]] std::uint64_t size_hint() const override {
    const std::uint64_t measured = measured_.size_hint();
    return history_.size_hint() == 0 || measured == 0 ? 0 : history_.size_hint() + measured;
  }

  [[nodiscard]] bool recalls() const override { return history_.recalls() && measured_.recalls(); }
  [[nodiscard]] bool next_key(EventKey& into) override {
    if (!recalls()) return false;
    Source& source = next_source();
    if (!source.next_key(into)) return false;
    check(source, into.id);
    return true;
  }
  void recall(const EventKey& key, Event& into) override {
    (is_history(key.id) ? history_ : measured_).recall(key, into);
  }

  /// Whether the event with this id came from the history.
  [[nodiscard]] bool is_history(std::uint64_t id) const { return id <= history_events_; }
  [[nodiscard]] std::uint64_t history_events() const { return history_events_; }

 private:
  [[nodiscard]] Source& next_source() {
    const Instant* const due = peek();
    return due == nullptr || due != measured_.peek() ? history_ : measured_;
  }
  void check(const Source& source, std::uint64_t id) const {
    RUSHHOUR_ASSERT((&source == &history_) == is_history(id),
                    "the ids of the history and of what follows it are on the two sides of a number");
  }

  Source& history_;
  std::uint64_t history_events_;
  Source& measured_;
};

}  // namespace rushhour::event::traffic
