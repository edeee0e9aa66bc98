/// \file
/// What a run's meters do not keep because nearly nobody asks for it: counts in a part of the run, and the
/// distribution of counts over windows. Each listens only when somebody asks, and a run pays for no other.
///
/// Memory: RangeMeters is as large as Meters. WindowCounts keeps a number for each different count; n calls
/// make at most sqrt(2n) of them (1,414 of a million). SlidingCount keeps 8 to 16 bytes for each call of the
/// fullest window.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/measure/meters.hpp>
#include <rushhour/names.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

/// When something counts: from `begin` for `length`, and again after every `period`.
struct Stretches {
  Instant begin{};
  Duration length{};
  Duration period{};  ///< at least as long as `length`; 0: once

  /// The number of the stretch that holds the instant, from 0; nothing between them.
  [[nodiscard]] std::optional<std::int64_t> number(Instant at) const {
    if (at < begin) return std::nullopt;
    const Duration since = at - begin;
    if (period == Duration::zero()) return since < length ? std::optional<std::int64_t>{0} : std::nullopt;
    return since % period < length ? std::optional<std::int64_t>{since / period} : std::nullopt;
  }
  [[nodiscard]] Instant begin_of(std::int64_t number) const { return begin + number * period; }
  /// Whether some of it lies from `from` to before `to`.
  [[nodiscard]] bool meets(Instant from, Instant to) const {
    if (number(from)) return from < to;
    if (from < begin) return begin < to;
    return period != Duration::zero() && begin_of((from - begin) / period + 1) < to;
  }
};

/// Meters that hear only of the calls in certain stretches.
class RangeMeters final : public Observer {
 public:
  RangeMeters(Names& names, Meters::LimitsOf limits_of, Stretches stretches)
      : meters_(names, std::move(limits_of)), stretches_(stretches) {}

  void on_call(const Call& call) override {
    if (stretches_.number(call.at)) meters_.on_call(call);
  }

  [[nodiscard]] const Meters& meters() const { return meters_; }
  [[nodiscard]] const Stretches& stretches() const { return stretches_; }

 private:
  Meters meters_;
  Stretches stretches_;
};

/// The cell that a call alone makes.
[[nodiscard]] inline Cell cell_of(const Call& call) {
  Cell out{.operation = call.operation,
           .account = call.account,
           .detection = call.detection,
           .function = call.function};
  out.counts.outcomes[static_cast<std::size_t>(call.outcome)] = 1;
  out.counts.calls = call.attempt <= 1 ? 1 : 0;
  const bool charged = call.outcome != Outcome::throttled && call.account != Name{};
  if (charged) out.subjects[static_cast<std::size_t>(call.subject)] = 1;
  return out;
}

/// Windows of one length, aligned to the UTC clock, by their numbers since the epoch.
struct WindowSpan {
  std::int64_t first{};
  std::int64_t last{};
  std::uint64_t count{};  ///< not all between the two need belong to it
};

/// Counts things that happen in order of time in aligned windows, and how many windows held how many.
class WindowCounts {
 public:
  explicit WindowCounts(Duration length) : length_(length) {
    RUSHHOUR_ASSERT(length > Duration::zero(), "a window takes some time");
  }

  void add(Instant at) {
    const std::int64_t number = number_of(at);
    if (open_.count == 0) first_.number = open_.number = number;
    if (number != open_.number) close(number);
    ++open_.count;
    ++total_;
    if (number == first_.number) ++first_.count;
  }

  [[nodiscard]] std::int64_t number_of(Instant at) const { return at.time_since_epoch() / length_; }
  [[nodiscard]] std::uint64_t total() const { return total_; }
  /// Of the window with this number, when it is the first or one of the last two that hold anything; else 0.
  [[nodiscard]] std::uint64_t count_of(std::int64_t number) const {
    for (const Held& each : {open_, closed_, first_}) {
      if (each.count != 0 && each.number == number) return each.count;
    }
    return 0;
  }
  /// Of the fullest window, whether it is over or not.
  [[nodiscard]] std::uint64_t max() const {
    return std::max(open_.count, windows_.empty() ? 0 : windows_.rbegin()->first);
  }
  /// The smallest count that `share` of the windows do not exceed (nearest rank). The windows are those of
  /// the span: at least one, and all that hold anything, but perhaps the one that is still open.
  [[nodiscard]] std::uint64_t percentile(Ratio share, const WindowSpan& span) const {
    std::map<std::uint64_t, std::uint64_t> held = windows_;
    if (open_.count != 0 && open_.number <= span.last) ++held[open_.count];
    std::uint64_t below = span.count;
    for (const auto& [count, windows] : held) below -= windows;
    using rushhour::detail::uint128;
    const uint128 ranked =
        (static_cast<uint128>(span.count) * share.numerator + share.denominator - 1) / share.denominator;
    const auto rank = std::max<std::uint64_t>(static_cast<std::uint64_t>(ranked), 1);
    if (rank <= below) return 0;
    for (const auto& [count, windows] : held) {
      below += windows;
      if (rank <= below) return count;
    }
    return max();
  }

 private:
  struct Held {
    std::int64_t number{};
    std::uint64_t count{};
  };

  void close(std::int64_t next) {
    RUSHHOUR_ASSERT(next > open_.number, "counts come in order of time");
    ++windows_[open_.count];
    closed_ = open_;
    open_ = {.number = next};
  }

  Duration length_;
  std::uint64_t total_{};
  Held first_{};   ///< the first that holds anything
  Held closed_{};  ///< the last that is over
  Held open_{};
  std::map<std::uint64_t, std::uint64_t> windows_{};  ///< that are over: how many held how many
};

/// The fullest window of one length that slides, exactly to the nanosecond: sliding.hpp, of any length.
class SlidingCount {
 public:
  explicit SlidingCount(Duration length) : length_(length) {
    RUSHHOUR_ASSERT(length > Duration::zero(), "a window takes some time");
  }

  /// Never before an earlier instant.
  void add(Instant at) {
    ring_[count_ & mask_] = at;
    // A window grows by at most one: the one after the fullest so far is full when that many fit before it.
    const bool fuller = count_ - since_ >= peak_ && ring_[(count_ - peak_) & mask_] > at - length_;
    ++count_;
    if (fuller && ++peak_ > mask_) grow();
  }
  /// No window reaches back to what was before.
  void restart() { since_ = count_; }

  [[nodiscard]] std::uint64_t peak() const { return peak_; }
  /// How many instants it has room for.
  [[nodiscard]] std::size_t capacity() const { return ring_.size(); }

 private:
  static constexpr std::size_t initial = 64;

  void grow() {
    const std::uint64_t mask = mask_ * 2 + 1;
    std::vector<Instant> ring(mask + 1);
    for (std::uint64_t i = count_ - ring_.size(); i < count_; ++i) ring[i & mask] = ring_[i & mask_];
    ring_ = std::move(ring);
    mask_ = mask;
  }

  Duration length_;
  std::uint64_t count_{};
  std::uint64_t since_{};  ///< the first that still counts
  std::uint64_t peak_{};
  std::uint64_t mask_{initial - 1};
  std::vector<Instant> ring_ = std::vector<Instant>(initial);
};

/// Counts the calls that somebody asks about, in aligned windows or in one that slides.
class Watch final : public Observer {
 public:
  struct Plan {
    std::function<bool(const Call&)> counts{};  ///< which calls
    Duration window{};
    bool slides{};
    std::optional<Stretches> within{};  ///< nothing: the whole run
  };

  explicit Watch(Plan plan) : plan_(std::move(plan)), windows_(plan_.window) {
    if (plan_.slides) sliding_.emplace(plan_.window);
  }

  /// Calls come in order of time.
  void on_call(const Call& call) override {
    const auto stretch = plan_.within ? plan_.within->number(call.at) : std::optional<std::int64_t>{0};
    if (!stretch || !plan_.counts(call)) return;
    if (!first_) first_ = call.at;
    last_ = call.at;
    if (!sliding_) {
      windows_.add(call.at);
      return;
    }
    if (*stretch != stretch_) sliding_->restart();
    stretch_ = *stretch;
    sliding_->add(call.at);
  }

  [[nodiscard]] const WindowCounts& windows() const { return windows_; }
  /// Of the fullest window that slides; 0 when none does.
  [[nodiscard]] std::uint64_t sliding_peak() const { return sliding_ ? sliding_->peak() : 0; }

  /// The aligned windows of a run that went on from `begin` to `end`: from the one in which it began to the
  /// last that was over before it ended, or the one in which both happened. Within the stretches, where there
  /// are some.
  [[nodiscard]] WindowSpan span(Instant begin, Instant end) const {
    if (first_) begin = std::min(begin, *first_);
    if (last_) end = std::max(end, *last_);
    WindowSpan all{.first = windows_.number_of(begin), .last = windows_.number_of(end)};
    if (all.last > all.first) --all.last;
    all.count = static_cast<std::uint64_t>(all.last - all.first + 1);
    if (!plan_.within) return all;
    return in_stretches(all, *plan_.within, end);
  }

 private:
  [[nodiscard]] WindowSpan in_stretches(const WindowSpan& all, const Stretches& within, Instant end) const {
    WindowSpan out;
    for (std::int64_t i = 0; within.begin_of(i) < end; ++i) {
      const std::int64_t first = std::max(all.first, windows_.number_of(within.begin_of(i)));
      const Instant last_instant = within.begin_of(i) + within.length - Duration{1};
      const std::int64_t last = std::min(all.last, windows_.number_of(last_instant));
      if (first <= last) {
        if (out.count == 0) out.first = first;
        out.last = last;
        out.count += static_cast<std::uint64_t>(last - first + 1);
      }
      if (within.period == Duration::zero()) break;
    }
    return out;
  }

  Plan plan_;
  WindowCounts windows_;
  std::optional<SlidingCount> sliding_{};
  std::int64_t stretch_{};
  std::optional<Instant> first_{};
  std::optional<Instant> last_{};
};

}  // namespace rushhour::measure
