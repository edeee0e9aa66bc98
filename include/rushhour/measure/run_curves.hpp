/// \file
/// What goes on inside an engine as curves: events that arrive, wait and are judged, containers, messages,
/// looks into caches and outcomes of detections. The calls are in call_curves.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>

#include <rushhour/detect/strategy_counts.hpp>
#include <rushhour/measure/timeline_rows.hpp>
#include <rushhour/sim/monitor.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

/// Writes into the rows of a timeline what a simulation tells. Events that wait for a worker are counted
/// exactly, which takes 8 bytes for each that waits.
class RunCurves final : public sim::Monitor {
 public:
  /// Both outlive it.
  /// \param counts  what the detections' caches count into while the run goes on
  RunCurves(TimelineRows& rows, std::span<const detect::StrategyCounts> counts)
      : rows_(rows), counts_(counts), looks_at_(rows.begin()) {}

  void arrived(Instant arrival, Instant time) override {
    TimelineRow& row = rows_.past(arrival);
    ++row.arrived;
    if (arrival <= time) return;
    row.lag_sum_ns += (arrival - time).count();
    row.lag_max = std::max(row.lag_max, arrival - time);
  }
  void taken(Instant arrival, Instant now) override {
    // Those before it that were taken until it arrived are gone; the others wait with it.
    while (!waiting_until_.empty() && waiting_until_.front() <= arrival) waiting_until_.pop_front();
    if (now == arrival) return;
    waiting_until_.push_back(now);
    TimelineRow& row = rows_.past(arrival);
    ++row.waiting;
    std::uint64_t& most = row.levels[static_cast<std::size_t>(sim::Level::queued)];
    most = std::max<std::uint64_t>(most, waiting_until_.size());
    is_line_used_ = true;
    // A wait that ends when a row begins was none in that row.
    if (now != Instant::max()) --rows_.now(now - Duration{1}).waiting;
  }
  void looked_at(Instant now, Duration waited) override {
    TimelineRow& row = rows_.now(now);
    row.wait_max = std::max(row.wait_max, waited);
  }
  void judging(Instant now) override {
    if (now < looks_end_) [[likely]]
      return;
    settle_looks();
    looks_at_ = now;
    looks_end_ = rows_.begin_of(rows_.place_of(now) + 1);
  }
  void happened(sim::Tally what, Instant now) override {
    ++rows_.now(now).tallies[static_cast<std::size_t>(what)];
  }
  void changed(sim::Level level, Instant now, std::uint64_t to) override {
    const auto at = static_cast<std::size_t>(level);
    Held& held = held_[at];
    if (now >= held.row_end) [[unlikely]]
      carry(at, now);
    held.value = to;
    held.since = now;
    std::uint64_t& most = rows_.now(now).levels[at];
    most = std::max(most, to);
  }

  /// The run ended then, not before it began.
  void finish(Instant end) {
    const Instant last = std::max(rows_.begin(), end - Duration{1});
    rows_.place_of(last);  // the row is there
    for (std::size_t level = 0; level < held_.size(); ++level) {
      if (held_[level].row_end != Instant::min()) carry(level, last);
    }
    settle_looks();
    if (is_line_used_) carry_line();
  }

 private:
  /// A level as it was told last.
  struct Held {
    std::uint64_t value{};
    Instant since{};
    Instant row_end{Instant::min()};  ///< of the row that it was told in; before the first time of none
  };

  /// The level holds in all rows from the one in which it was told to the one that holds `now`, but not in
  /// that when it begins with `now`.
  void carry(std::size_t level, Instant now) {
    Held& held = held_[level];
    const std::size_t until = rows_.place_of(now);
    if (held.row_end != Instant::min()) {
      for (std::size_t place = rows_.place_of(held.since) + 1; place <= until; ++place) {
        if (rows_.begin_of(place) == now) break;
        std::uint64_t& most = rows_[place].levels[level];
        most = std::max(most, held.value);
      }
    }
    held.row_end = rows_.begin_of(until + 1);
  }
  /// Who waits at the end of a row still does when the next begins.
  void carry_line() {
    std::int64_t waiting = 0;
    for (std::size_t place = 0; place < rows_.size(); ++place) {
      std::uint64_t& most = rows_[place].levels[static_cast<std::size_t>(sim::Level::queued)];
      most = std::max(most, static_cast<std::uint64_t>(waiting));
      waiting += rows_[place].waiting;
    }
  }
  /// What the caches have counted since was counted in the row of the last look.
  void settle_looks() {
    detect::CacheCounts sum;
    for (const detect::StrategyCounts& each : counts_) {
      sum.add(each.credentials);
      sum.add(each.secret);
      sum.add(each.verdicts);
    }
    const std::array<std::uint64_t, 6> looks{sum.hits,    sum.cold,   sum.expired,
                                             sum.evicted, sum.reload, sum.reset};
    TimelineRow& row = rows_[rows_.place_of(looks_at_)];
    for (std::size_t i = 0; i < looks.size(); ++i) row.cache_looks[i] += looks[i] - looks_[i];
    looks_ = looks;
  }

  TimelineRows& rows_;
  std::span<const detect::StrategyCounts> counts_;
  std::deque<Instant> waiting_until_{};  ///< of the events that waited when the last one arrived
  bool is_line_used_{};                  ///< an event has waited for a worker
  std::array<Held, sim::level_count> held_{};
  std::array<std::uint64_t, 6> looks_{};  ///< all that were settled
  Instant looks_at_;                      ///< of the row that the next belong to
  Instant looks_end_{Instant::min()};     ///< of that row
};

}  // namespace rushhour::measure
