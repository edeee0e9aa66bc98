/// \file
/// The delay between an event and its arrival where logs come as files: CloudTrail delivers a file every few
/// minutes, with what happened since and some of what happened before. It decides when events arrive and in
/// which order, and changes nothing in them.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::traffic {

/// How long after its events a file is delivered: file stamp minus eventTime. The defaults are measured on
/// 2,900 real CloudTrail events in 55 files (spec of the simulation, section 5). Between them the inverse of
/// the distribution is linear, and it begins at 0.
struct LatenessQuantiles {
  Duration p10{std::chrono::seconds{96}};
  Duration p50{std::chrono::seconds{201}};
  Duration p90{std::chrono::seconds{419}};
  Duration p99{std::chrono::seconds{505}};
  Duration max{std::chrono::seconds{594}};
};

/// Events in a file, of the same 55 files; between them the inverse of the distribution is linear. Its mean
/// is 68, where the files' was 53.
struct FileSizes {
  std::uint64_t min{1};
  std::uint64_t p50{20};
  std::uint64_t p90{156};
  std::uint64_t max{394};
};

struct FileDeliveryOptions {
  /// Files are delivered at multiples of this since 1970-01-01T00:00:00Z and at no other instant: all of the
  /// 55 files were stamped at full five minutes. AWS promises "about every 5 minutes ... not guaranteed".
  Duration mark{std::chrono::minutes{5}};  ///< 1 s to 1 day
  LatenessQuantiles lateness{};            ///< each at least 1 ms above the one before, up to 1 day
  /// Instead of the quantiles: every event is in the first file that is delivered at least so long after it.
  std::optional<Duration> fixed_lateness{};  ///< 0 to 1 day
  FileSizes sizes{};                         ///< from 1, none below the one before, up to 10^9
};

/// Gives the events of another source as files deliver them: in order of delivery, each with its own time()
/// and id(), and arrival() the instant of delivery. None is lost, none comes twice.
///
/// An event can be delivered only at a mark, and only once it has arrived in the other source. Of the marks
/// that are left to it, one is drawn in proportion to the density that the measured lateness has there: the
/// measured chance of that lateness, given how far away the marks are. Hence where events lie between the
/// marks as the measured ones did, lateness has exactly the quantiles that were asked for. Evenly spread
/// events cannot have those: 40 percent of the measured lie between p10 and p50, in 105 of 300 s, and evenly
/// spread ones have only 35 percent there at most. They come to 83, 240, 401, 542 and 594 s. Where the
/// density is 0 at every mark left, the first is taken.
///
/// A mark has as many files as its events fill, their sizes drawn. Which event is in which file, and in which
/// place of it, is by chance: a real account has a file for each region, and 33 of the 55 were not sorted.
///
/// Randomness: lateness and place are functions of stream and event id, sizes of stream and mark. Memory:
/// what the other source has given and no mark has delivered, and the files of the mark that is being
/// delivered; 40 to 80 bytes for each event when the other source recalls its events, otherwise the Event
/// too (some 6 KiB). With the defaults that is at most the events of ten minutes.
class FileDelivery final : public Source {
 public:
  using Options = FileDeliveryOptions;

  /// `base` outlives it, and nobody else takes its events. The stream is the delivery's own. Throws
  /// InputError when an option is out of range.
  FileDelivery(Source& base, Options options, Stream stream)
      : base_(base),
        options_((check(options), options)),
        lateness_(stream.part(1)),
        place_(stream.part(2)),
        size_(stream.part(3)) {
    if (options_.fixed_lateness) return;
    const LatenessQuantiles& late = options_.lateness;
    const std::array ends{late.p10, late.p50, late.p90, late.p99, late.max};
    constexpr std::array<std::uint64_t, 5> percents{10, 40, 40, 9, 1};
    Duration start{};
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const auto width = static_cast<std::uint64_t>((ends[i] - start).count());
      steps_[i] = {ends[i], (percents[i] << density_bits) / width};
      start = ends[i];
    }
  }

  [[nodiscard]] const Instant* peek() override { return deliver() ? &due_[given_].key.arrival : nullptr; }
  [[nodiscard]] bool next(Event& into) override {
    if (!deliver()) return false;
    Held& held = due_[given_];
    if (base_.recalls()) {
      base_.recall(held.key, into);
    } else {
      into = std::move(*held.event);
      into.arrive(held.key.arrival);
      held.event.reset();
    }
    count_one();
    return true;
  }
  [[nodiscard]] std::uint64_t size_hint() const override { return base_.size_hint(); }

  [[nodiscard]] bool recalls() const override { return base_.recalls(); }
  [[nodiscard]] bool next_key(EventKey& into) override {
    if (!recalls() || !deliver()) return false;
    into = due_[given_].key;
    count_one();
    return true;
  }
  void recall(const EventKey& key, Event& into) override { base_.recall(key, into); }

  /// The file that the last event given was in, counted from 1 over all marks; 0 before the first.
  [[nodiscard]] std::uint64_t file() const { return file_; }
  /// How many events are held back, or delivered and not yet given.
  [[nodiscard]] std::uint64_t held() const { return held_; }

 private:
  struct Held {
    EventKey key{};
    std::uint64_t place{};
    std::unique_ptr<Event> event{};  // of a source that cannot make it again
  };
  /// A stretch of the distribution of lateness, up to `end` and with it.
  struct Step {
    Duration end{};
    std::uint64_t density{};  // in percent for each nanosecond, times 2^56
  };
  static constexpr int density_bits = 56;

  static void check(const Options& options);

  /// Has an event at due_[given_]; false at the end.
  bool deliver() {
    if (given_ < due_.size()) return true;
    due_.clear();
    given_ = 0;
    while (const Instant* const arrival = base_.peek()) {
      // An event that arrives after a mark is delivered after it: the mark has all its events.
      if (!waiting_.empty() && *arrival > waiting_.begin()->first) break;
      if (!hold_back()) break;
    }
    if (waiting_.empty()) return false;
    const Instant mark = waiting_.begin()->first;
    due_ = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    std::ranges::sort(due_, [](const Held& a, const Held& b) {
      return a.place != b.place ? a.place < b.place : a.key.id < b.key.id;
    });
    sizes_ = Draws{size_.part(static_cast<std::uint64_t>(mark.time_since_epoch() / options_.mark))};
    left_in_file_ = 0;
    return true;
  }
  /// Takes the next event of the other source; false when there is none after all.
  bool hold_back() {
    Held held;
    if (base_.recalls()) {
      if (!base_.next_key(held.key)) return false;
    } else {
      held.event = std::make_unique<Event>();
      if (!base_.next(*held.event)) return false;
      held.key = {.id = held.event->id(), .arrival = held.event->arrival(), .time = held.event->time()};
    }
    held.place = place_.at(held.key.id);
    held.key.arrival = delivery_of(held.key);
    waiting_[held.key.arrival].push_back(std::move(held));
    ++held_;
    return true;
  }
  /// The first mark at or after an instant.
  [[nodiscard]] Instant mark_from(Instant at) const {
    const Duration over = at.time_since_epoch() % options_.mark;
    if (over == Duration::zero()) return at;
    return at - over + (over < Duration::zero() ? Duration::zero() : options_.mark);
  }
  [[nodiscard]] std::uint64_t density(Duration late) const {
    const auto step = std::ranges::find_if(steps_, [&](const Step& each) { return late <= each.end; });
    return step == steps_.end() ? 0 : step->density;
  }
  /// The key still has the arrival in the other source.
  [[nodiscard]] Instant delivery_of(const EventKey& key) const {
    if (options_.fixed_lateness) return mark_from(std::max(key.arrival, key.time + *options_.fixed_lateness));
    const Instant first = mark_from(std::max(key.arrival, key.time));
    const Instant last = key.time + options_.lateness.max;
    std::uint64_t sum = 0;  // below 2^59: a day has 86,400 marks at most, and no density is above 2^42
    for (Instant mark = first; mark <= last; mark += options_.mark) sum += density(mark - key.time);
    if (sum == 0) return first;
    std::uint64_t drawn = uniform_below(lateness_.at(key.id), sum);
    for (Instant mark = first;; mark += options_.mark) {
      const std::uint64_t here = density(mark - key.time);
      if (drawn < here) return mark;
      drawn -= here;
    }
  }

  void count_one() {
    if (left_in_file_ == 0) {
      ++file_;
      left_in_file_ = size_of_file(sizes_.next());
    }
    --left_in_file_;
    ++given_;
    --held_;
  }
  [[nodiscard]] std::uint64_t size_of_file(std::uint64_t bits) const {
    const FileSizes& sizes = options_.sizes;
    constexpr std::uint64_t whole = 1'000'000'000;  // shares in billionths
    const std::uint64_t share = uniform_below(bits, whole);
    struct Stretch {
      std::uint64_t share, size, next_share, next_size;
    };
    for (const Stretch& on : {Stretch{0, sizes.min, whole / 2, sizes.p50},
                              Stretch{whole / 2, sizes.p50, whole / 10 * 9, sizes.p90},
                              Stretch{whole / 10 * 9, sizes.p90, whole, sizes.max}}) {
      if (share >= on.next_share) continue;
      const std::uint64_t length = on.next_share - on.share;
      return on.size +
             ((on.next_size - on.size) * (share - on.share) + length / 2) / length;  // to the nearest
    }
    return sizes.max;
  }

  Source& base_;
  Options options_;
  Stream lateness_, place_, size_;
  std::array<Step, 5> steps_{};
  std::map<Instant, std::vector<Held>> waiting_;  // by the mark that delivers them
  std::vector<Held> due_;                         // of the mark that is being delivered, in order
  std::size_t given_ = 0;                         // of those
  Draws sizes_{size_};                            // of its files
  std::uint64_t left_in_file_ = 0;
  std::uint64_t file_ = 0;
  std::uint64_t held_ = 0;
};

inline void FileDelivery::check(const Options& options) {
  constexpr Duration day = std::chrono::hours{24};
  if (options.mark < std::chrono::seconds{1} || options.mark > day) {
    throw InputError({.expected = "marks of delivery from 1s to 1d apart", .seen = to_text(options.mark)});
  }
  if (options.fixed_lateness) {
    if (*options.fixed_lateness < Duration::zero() || *options.fixed_lateness > day) {
      throw InputError(
          {.expected = "a fixed lateness from 0s to 1d", .seen = to_text(*options.fixed_lateness)});
    }
  } else {
    const LatenessQuantiles& late = options.lateness;
    Duration before{};
    for (const Duration each : {late.p10, late.p50, late.p90, late.p99, late.max}) {
      if (each > day || each - before < std::chrono::milliseconds{1}) {
        throw InputError(
            {.expected = "quantiles of lateness up to 1d, each at least 1ms above the one before",
             .seen = to_text(each) + " after " + to_text(before)});
      }
      before = each;
    }
  }
  const FileSizes& sizes = options.sizes;
  constexpr std::uint64_t size_max = 1'000'000'000;
  if (sizes.min == 0 || sizes.p50 < sizes.min || sizes.p90 < sizes.p50 || sizes.max < sizes.p90 ||
      sizes.max > size_max) {
    throw InputError({.expected = "rising file sizes from 1 to " + std::to_string(size_max),
                      .seen = std::to_string(sizes.min) + ", " + std::to_string(sizes.p50) + ", " +
                              std::to_string(sizes.p90) + ", " + std::to_string(sizes.max)});
  }
}

}  // namespace rushhour::event::traffic
