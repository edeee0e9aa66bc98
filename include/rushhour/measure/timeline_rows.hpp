/// \file
/// What a timeline is made of while a run goes on: a row of numbers for each stretch, in memory that is
/// bounded whatever the run does. Who writes into the rows is the business of call_curves.hpp and
/// run_curves.hpp; which curves come of them that of scenario/timeline.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/measure/timeline.hpp>
#include <rushhour/sim/monitor.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

/// A number that nobody has said.
inline constexpr std::uint64_t unsaid = std::numeric_limits<std::uint64_t>::max();

/// What happened in one stretch. Unless they say otherwise numbers are sums.
struct TimelineRow {
  /// At one service.
  struct AtService {
    std::uint64_t calls{};     ///< first attempts
    std::uint64_t attempts{};  ///< all of them
    std::uint64_t throttled{};
    std::uint64_t ok{};
    std::uint64_t tokens{unsaid};  ///< the least, in thousandths of the bucket
  };

  std::array<AtService, api::detection_service_count> services{};
  std::uint64_t quota_day_left{unsaid};    ///< at the end of the stretch
  std::uint64_t quota_month_left{unsaid};  ///< likewise
  std::uint64_t arrived{};                 ///< events
  std::int64_t waiting{};                  ///< events that began to wait for a worker, less those that ended
  rushhour::detail::int128 lag_sum_ns{};   ///< of the arrived, from their own time
  Duration lag_max{};                      ///< the greatest
  Duration wait_max{};                     ///< the greatest, of those looked at
  std::array<std::uint64_t, sim::tally_count> tallies{};
  std::array<std::uint64_t, sim::level_count> levels{};  ///< the greatest
  std::array<std::uint64_t, 6> cache_looks{};            ///< by detect::CacheLook
  std::uint64_t new_terms_alerts{};
  std::uint64_t new_terms_missed{};

  /// Takes in the stretch that follows.
  void add(const TimelineRow& later) {
    for (std::size_t i = 0; i < services.size(); ++i) {
      services[i].calls += later.services[i].calls;
      services[i].attempts += later.services[i].attempts;
      services[i].throttled += later.services[i].throttled;
      services[i].ok += later.services[i].ok;
      services[i].tokens = std::min(services[i].tokens, later.services[i].tokens);
    }
    if (later.quota_day_left != unsaid) quota_day_left = later.quota_day_left;
    if (later.quota_month_left != unsaid) quota_month_left = later.quota_month_left;
    arrived += later.arrived;
    waiting += later.waiting;
    lag_sum_ns += later.lag_sum_ns;
    lag_max = std::max(lag_max, later.lag_max);
    wait_max = std::max(wait_max, later.wait_max);
    for (std::size_t i = 0; i < tallies.size(); ++i) tallies[i] += later.tallies[i];
    for (std::size_t i = 0; i < levels.size(); ++i) levels[i] = std::max(levels[i], later.levels[i]);
    for (std::size_t i = 0; i < cache_looks.size(); ++i) cache_looks[i] += later.cache_looks[i];
    new_terms_alerts += later.new_terms_alerts;
    new_terms_missed += later.new_terms_missed;
  }
};

/// Rows of one width. How long the run will be is not known, so they begin at a second each; when there are
/// too many of them they are added up to rows of a width that goes into every one that stretch_width() could
/// then still choose.
class TimelineRows {
 public:
  /// 18 hours of seconds, and some 25 MB. Rows after the last that was written are not there.
  static constexpr std::size_t rows_max = std::size_t{1} << 16;

  /// What happens before `begin` belongs to the first row.
  explicit TimelineRows(Instant begin) : begin_(begin) {}

  /// The row that holds the instant. Both cost a comparison while the instants stay in one row: the first is
  /// for what happens as it is told, the second for what is told later.
  [[nodiscard]] TimelineRow& now(Instant at) { return row(at, now_); }
  [[nodiscard]] TimelineRow& past(Instant at) { return row(at, past_); }

  [[nodiscard]] Instant begin() const { return begin_; }
  [[nodiscard]] std::chrono::seconds width() const { return widths[width_]; }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] TimelineRow& operator[](std::size_t place) { return rows_[place]; }
  /// The number of the row that holds the instant; the row is there from then on.
  std::size_t place_of(Instant at) {
    Cursor cursor;
    static_cast<void>(row(at, cursor));
    return cursor.place;
  }
  [[nodiscard]] Instant begin_of(std::size_t place) const {
    return begin_ + Duration{width()} * static_cast<std::int64_t>(place);
  }

  /// The rows of a run of this length, or as long as the rows that were written: as many as
  /// stretch_width() says. They are added up for good.
  struct Finished {
    std::chrono::seconds width{};
    std::vector<TimelineRow> rows{};
  };
  [[nodiscard]] Finished finish(Duration length) {
    const Duration written = Duration{width()} * static_cast<std::int64_t>(rows_.size());
    const Duration all = std::max(length, written);
    Finished out{.width = stretch_width(all)};
    add_up(static_cast<std::size_t>(out.width / width()));
    out.rows = std::move(rows_);
    out.rows.resize(std::max(out.rows.size(), stretches_of(all, out.width)));
    rows_.clear();
    return out;
  }

 private:
  /// Each goes into the next, and into all of stretch_widths that a run of more than rows_max rows can have.
  static constexpr auto widths = std::to_array<std::chrono::seconds>(
      {std::chrono::seconds{1}, std::chrono::seconds{30}, std::chrono::minutes{5}, std::chrono::hours{1},
       std::chrono::days{1}});
  struct Cursor {
    Instant begin{};
    Instant end{};
    TimelineRow* row{};
    std::size_t place{};
  };

  TimelineRow& row(Instant at, Cursor& cursor) {
    if (at < cursor.end && at >= cursor.begin) [[likely]]
      return *cursor.row;
    return move(at, cursor);
  }
  TimelineRow& move(Instant at, Cursor& cursor) {
    std::size_t place = 0;
    for (;;) {
      place = at <= begin_ ? 0 : static_cast<std::size_t>((at - begin_) / width());
      if (place < rows_max) break;
      if (width_ + 1 == widths.size()) {
        place = rows_max - 1;
        break;
      }
      const auto rows = static_cast<std::size_t>(widths[width_ + 1] / width());
      ++width_;
      add_up(rows);
    }
    if (place >= rows_.size()) {
      rows_.resize(place + 1);
      forget_cursors();
    }
    cursor = {.begin = place == 0 ? Instant::min() : begin_of(place),
              .end = begin_of(place + 1),
              .row = &rows_[place],
              .place = place};
    return *cursor.row;
  }
  void add_up(std::size_t rows) {
    forget_cursors();
    if (rows <= 1) return;
    for (std::size_t i = 1; i < rows_.size(); ++i) {
      if (i % rows == 0) {
        rows_[i / rows] = rows_[i];
      } else {
        rows_[i / rows].add(rows_[i]);
      }
    }
    rows_.resize((rows_.size() + rows - 1) / rows);
  }
  void forget_cursors() { now_ = past_ = {}; }

  Instant begin_;
  std::size_t width_{};  ///< its place among the widths
  std::vector<TimelineRow> rows_;
  Cursor now_;
  Cursor past_;
};

}  // namespace rushhour::measure
