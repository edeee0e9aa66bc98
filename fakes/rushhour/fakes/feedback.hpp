/// \file
/// The loop that detections close: the CloudTrail records of their own calls come back to them as events of
/// the same run, and may make them call again. It adds events to those of another source and counts; who
/// looks at them, and which records there are, is decided elsewhere (cloudtrail.hpp).
#pragma once

#include <algorithm>
#include <bitset>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/cloudtrail.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/fakes/cloudtrail.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

struct FeedbackOptions {
  /// From a call to the arrival of its record: CloudTrail delivers "on average ... within 5 minutes of an API
  /// call" (CloudTrail User Guide, "What is AWS CloudTrail?", 2024). Above 0: the loop would go round at one
  /// instant else.
  Duration delay{std::chrono::minutes{5}};
  /// Above 0: records arrive at multiples of this since 1970-01-01T00:00:00Z only, each at the first that is
  /// at least `delay` after its call; as with FileDeliveryOptions::fixed_lateness.
  Duration mark{};
  /// No record arrives after this, so that the run ends; with a gain of 1 or more it would not otherwise.
  Instant until{Instant::max()};
  /// Accounts whose trails the detections see; empty: all.
  std::vector<std::string> trails{};
  /// Whether an event matters to any detection, so that it makes calls for it. Asked once for each event,
  /// when it is taken. Empty: there is no gain to be told.
  std::function<bool(const event::Event&)> concerns{};
};

/// What has gone round. Only trails that the detections see count, but for the first number.
struct FeedbackCounts {
  std::uint64_t records_unseen{};         ///< written to trails that no detection sees
  std::uint64_t records_written{};        ///< delivered, not delivered, or on their way
  std::uint64_t records_delivered{};      ///< taken as events
  std::uint64_t records_not_delivered{};  ///< they would have arrived after the end
  std::uint64_t records_matching{};       ///< of those delivered: that concern a detection
  std::uint64_t records_of_matching{};    ///< of those written: because of an event that concerns a detection
  std::uint64_t matching_events{};        ///< taken events that concern a detection, records among them
};

namespace detail {

/// Which of many numbers, most of them close together: a bit for each, in pages.
class NumberSet {
 public:
  void insert(std::uint64_t number) { pages_[number / page].set(number % page); }
  [[nodiscard]] bool contains(std::uint64_t number) const {
    const auto found = pages_.find(number / page);
    return found != pages_.end() && found->second.test(number % page);
  }

 private:
  static constexpr std::uint64_t page = 4096;
  std::unordered_map<std::uint64_t, std::bitset<page>> pages_;
};

}  // namespace detail

/// The events of another source and the records, in order of arrival; at equal instants the other source's
/// first. A call can make peek() give an earlier answer than before.
///
/// Events of records have ids from the other source's size_hint() + 1 on, in order of arrival; from 2^40 + 1
/// on when that is not known. size_hint() is 0: what will be called is not known.
///
/// Give it a source that is already as late as it should be: a FileDelivery around this one would take events
/// ahead, before the calls whose records come earlier.
///
/// Memory: one TrailRecord (56 bytes) for each record that is delivered or will be, kept to the end, because
/// an event makes its fields when they are read; and with `concerns` a bit for each event.
///
/// \code
///   fakes::CloudTrail trail{world};
///   fakes::FeedbackSource source{base, trail, {.delay = 5min, .until = end, .trails = {"444455556666"}}};
///   simulation.run(source);  // source.counts(), source.gain()
/// \endcode
class FeedbackSource final : public event::traffic::Source, private TrailObserver, private event::SlotMaker {
 public:
  using Options = FeedbackOptions;

  /// Both outlive it, and nobody else takes the base's events. Throws InputError when the delay is not above
  /// 0 or the mark is below 0.
  FeedbackSource(event::traffic::Source& base, CloudTrail& trail, Options options)
      : base_(base),
        trail_(trail),
        options_((check(options), std::move(options))),
        ids_from_((base.size_hint() > 0 ? base.size_hint() : std::uint64_t{1} << 40) + 1) {
    for (const std::string& account : options_.trails) trails_.push_back(trail.names().intern(account));
    trail_.listen(*this);
  }
  ~FeedbackSource() override { trail_.unlisten(*this); }

  [[nodiscard]] const Instant* peek() override {
    const Instant* const base = base_.peek();
    return is_first(base) ? &arrival_ : base;
  }
  [[nodiscard]] bool next(event::Event& into) override {
    if (is_first(base_.peek())) {
      recall(take(), into);
    } else {
      if (!base_.next(into)) return false;
      RUSHHOUR_ASSERT(into.id() < ids_from_, "a source has no more events than it said");
    }
    note(into);
    return true;
  }
  [[nodiscard]] std::uint64_t size_hint() const override { return 0; }

  [[nodiscard]] bool recalls() const override { return base_.recalls(); }
  [[nodiscard]] bool next_key(event::traffic::EventKey& into) override {
    if (!recalls()) return false;
    if (is_first(base_.peek())) {
      into = take();
    } else {
      if (!base_.next_key(into)) return false;
      RUSHHOUR_ASSERT(into.id < ids_from_, "a source has no more events than it said");
    }
    if (options_.concerns) {
      recall(into, noted_);
      note(noted_);
    }
    return true;
  }
  void recall(const event::traffic::EventKey& key, event::Event& into) override {
    if (key.id < ids_from_) return base_.recall(key, into);
    into.assign({.id = key.id,
                 .arrival = key.arrival,
                 .time = key.time,
                 .log_type = event::cloudtrail::log_type,
                 .model = &trail_.model()},
                trail_.layout_of(record(key.id)), *this);
  }

  /// Whether an event is a record of the fakes' calls.
  [[nodiscard]] bool is_record(const event::Event& event) const { return event.id() >= ids_from_; }
  /// What such an event tells of: which event, detection and call it comes from.
  [[nodiscard]] const TrailRecord& record(std::uint64_t id) const {
    RUSHHOUR_ASSERT(id >= ids_from_ && id - ids_from_ < records_.size(), "the event is of another source");
    return records_[id - ids_from_];
  }

  [[nodiscard]] const FeedbackCounts& counts() const { return counts_; }

  /// How many matching events one matching event leads to in the next round:
  ///
  ///     gain = (records written because of matching events / matching events) * (matching records /
  ///     delivered ones)
  ///
  /// The first factor is how many records a matching event puts into the trails that the detections see; each
  /// of them becomes an event, and the second is the share of those that match again. So m matching events
  /// are followed, a delay later, by m * gain, then m * gain^2: below 1 the loop adds a bounded m * gain / (1
  /// - gain), at 1 every round is as large as the one before and the load sustains itself, above 1 it grows
  /// until quotas or compute stop it. Retries that CloudTrail records are in it, and what a message given
  /// again makes its events call.
  ///
  /// Both factors are counts, so it is exact for what happened. Records that came too late to be delivered
  /// are in the first factor and not in the second. Nothing when that is too little to tell: no `concerns`,
  /// no matching event, or records but none delivered.
  [[nodiscard]] std::optional<Ratio> gain() const {
    if (counts_.matching_events == 0) return std::nullopt;
    if (counts_.records_of_matching == 0) return Ratio{0, 1};
    if (counts_.records_delivered == 0) return std::nullopt;
    // Reduced crosswise, so that the products stay small.
    const Ratio a = Ratio{counts_.records_of_matching, counts_.records_delivered}.reduced();
    const Ratio b = Ratio{counts_.records_matching, counts_.matching_events}.reduced();
    return Ratio{a.numerator * b.numerator, a.denominator * b.denominator}.reduced();
  }

 private:
  static void check(const Options& options) {
    if (options.delay <= Duration::zero()) {
      throw InputError({.expected = "a delay of feedback above 0", .seen = to_text(options.delay)});
    }
    if (options.mark < Duration::zero()) {
      throw InputError({.expected = "a mark of feedback from 0", .seen = to_text(options.mark)});
    }
  }

  void on_record(const TrailRecord& record) override {
    if (!trails_.empty() && std::find(trails_.begin(), trails_.end(), record.account) == trails_.end()) {
      ++counts_.records_unseen;
      return;
    }
    ++counts_.records_written;
    if (record.event != 0 && matching_.contains(record.event)) ++counts_.records_of_matching;
    const Instant arrival = arrival_of(record);
    if (arrival > options_.until) {
      ++counts_.records_not_delivered;
      return;
    }
    RUSHHOUR_ASSERT(records_.empty() || record.at >= records_.back().at, "calls are made in order of time");
    records_.push_back(record);
    if (counts_.records_delivered + 1 == records_.size()) arrival_ = arrival;
  }

  [[nodiscard]] Instant arrival_of(const TrailRecord& record) const {
    const Instant earliest = record.at + options_.delay;
    if (options_.mark == Duration::zero()) return earliest;
    const Duration over = earliest.time_since_epoch() % options_.mark;
    if (over == Duration::zero()) return earliest;
    return earliest - over + (over < Duration::zero() ? Duration::zero() : options_.mark);
  }

  /// Whether a record comes before what the base has next, given when that arrives.
  [[nodiscard]] bool is_first(const Instant* base) const {
    return counts_.records_delivered < records_.size() && (base == nullptr || arrival_ < *base);
  }
  [[nodiscard]] event::traffic::EventKey take() {
    const TrailRecord& record = records_[counts_.records_delivered];
    const event::traffic::EventKey key{.id = ids_from_ + counts_.records_delivered,
                                       .arrival = arrival_,
                                       .time = std::chrono::floor<std::chrono::seconds>(record.at)};
    ++counts_.records_delivered;
    if (counts_.records_delivered < records_.size()) {
      arrival_ = arrival_of(records_[counts_.records_delivered]);
    }
    return key;
  }
  void note(const event::Event& event) {
    if (!options_.concerns || !options_.concerns(event)) return;
    ++counts_.matching_events;
    if (is_record(event)) ++counts_.records_matching;
    matching_.insert(event.id());
  }

  [[nodiscard]] event::Value make(const event::Event& event, std::uint32_t slot,
                                  event::Arena& arena) const override {
    return trail_.make(record(event.id()), slot, arena);
  }

  event::traffic::Source& base_;
  CloudTrail& trail_;
  Options options_;
  std::uint64_t ids_from_;
  std::vector<Name> trails_;
  std::deque<TrailRecord> records_;  ///< in order of arrival, the delivered ones first
  Instant arrival_{};                ///< of the first that is not delivered
  FeedbackCounts counts_;
  detail::NumberSet matching_;  ///< ids of events
  event::Event noted_;
};

}  // namespace rushhour::fakes
