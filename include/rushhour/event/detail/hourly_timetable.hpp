/// \file
/// When the events of several groups happen, drawn hour by hour: how many a group has up to any hour is
/// counted in closed form, so an event's number leads to its hour, its group and its place there without what
/// came before. What the events are is for whoever asks.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::detail {

/// The events that a group has in each hour: exactly floor(h * rate) in the first h hours of either stretch.
struct HourlyGroup {
  Ratio history{0, 1};   ///< events an hour, in the hours of history
  Ratio measured{0, 1};  ///< and in those after it
  /// Halves the wait for the first measured event of a group that has less than one an hour.
  bool from_the_middle{};
};

/// Hours, groups and events: a table of the hour that is asked for, and of three others of late.
class HourlyTimetable {
 public:
  /// Of an hour that has at most this many events.
  static constexpr std::uint64_t events_in_hour_max = (std::uint64_t{1} << 22) - 1;
  static constexpr Duration hour_length = std::chrono::hours{1};

  /// Which event it is.
  struct Place {
    std::uint64_t hour{};  ///< from 0, history included
    std::size_t group{};
    std::uint64_t index{};    ///< in its group and hour, from 0
    std::uint64_t ordinal{};  ///< in its group, from 0
    Duration offset{};        ///< from the start of the hour, and below an hour
  };
  /// The offset of an event in its hour: a function of hour, group and index alone.
  using Offset = std::function<Duration(std::uint64_t hour, std::size_t group, std::uint64_t index)>;

  HourlyTimetable(std::vector<HourlyGroup> groups, std::uint64_t history_hours, std::uint64_t measured_hours,
                  Offset offset)
      : groups_(std::move(groups)), history_hours_(history_hours), offset_(std::move(offset)) {
    before_.push_back(0);
    for (std::uint64_t hour = 0; hour < history_hours + measured_hours; ++hour) {
      std::uint64_t events = 0;
      for (std::size_t group = 0; group < groups_.size(); ++group) events += count(group, hour);
      fullest_ = std::max(fullest_, events);
      before_.push_back(before_.back() + events);
    }
  }

  [[nodiscard]] std::uint64_t events() const { return before_.back(); }
  [[nodiscard]] std::uint64_t hours() const { return before_.size() - 1; }
  /// Events in the hour that has most. Above events_in_hour_max, places must not be asked for.
  [[nodiscard]] std::uint64_t fullest() const { return fullest_; }
  /// Events in the hours before this one.
  [[nodiscard]] std::uint64_t events_before(std::uint64_t hour) const { return before_[hour]; }
  /// Events of a group in the hours before this one.
  [[nodiscard]] std::uint64_t events_before(std::size_t group, std::uint64_t hour) const {
    const HourlyGroup& rates = groups_[group];
    const std::uint64_t measured = hour > history_hours_ ? hour - history_hours_ : 0;
    const auto half =
        static_cast<rushhour::detail::uint128>(rates.from_the_middle ? rates.measured.denominator / 2 : 0);
    const auto numerator = static_cast<rushhour::detail::uint128>(measured) * rates.measured.numerator + half;
    return rates.history.of(std::min(hour, history_hours_)) +
           static_cast<std::uint64_t>(numerator / rates.measured.denominator);
  }

  /// The event with this place in time, from 0 to events() - 1.
  [[nodiscard]] Place at(std::uint64_t position) const {
    RUSHHOUR_ASSERT(position < events(), "the timetable has no such event");
    const auto after = std::ranges::upper_bound(before_, position);
    const auto hour = static_cast<std::uint64_t>(after - before_.begin()) - 1;
    const Hour& table = table_of(hour);
    const std::uint64_t entry = table.entries[position - before_[hour]];
    const std::uint64_t number = entry & events_in_hour_max;
    std::size_t group = 0;
    while (number >= table.ends[group]) ++group;
    const std::uint64_t index = number - (group == 0 ? 0 : table.ends[group - 1]);
    return {.hour = hour,
            .group = group,
            .index = index,
            .ordinal = events_before(group, hour) + index,
            .offset = Duration{static_cast<std::int64_t>(entry >> number_bits)}};
  }
  /// Held for the tables of hours.
  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = 0;
    for (const Hour& table : tables_) {
      sum += (table.entries.capacity() + table.ends.capacity()) * sizeof(std::uint64_t);
    }
    return sum;
  }

 private:
  /// An hour's events in order of time: 42 bits of offset in nanoseconds, then 22 bits of number. Numbers run
  /// through one group after the other.
  struct Hour {
    std::uint64_t hour = ~std::uint64_t{0};
    std::vector<std::uint64_t> ends{};  // of the groups' numbers
    std::vector<std::uint64_t> entries{};
  };
  static constexpr int number_bits = 22;

  [[nodiscard]] std::uint64_t count(std::size_t group, std::uint64_t hour) const {
    return events_before(group, hour + 1) - events_before(group, hour);
  }
  /// Events are read by those who are a little late, too: the hour before stays at hand.
  [[nodiscard]] const Hour& table_of(std::uint64_t hour) const {
    Hour& table = tables_[hour % tables_.size()];
    if (table.hour == hour) return table;
    RUSHHOUR_ASSERT(fullest_ <= events_in_hour_max, "the hour has more events than a timetable can hold");
    table.hour = hour;
    table.ends.clear();
    table.entries.clear();
    for (std::size_t group = 0; group < groups_.size(); ++group) {
      const std::uint64_t events = count(group, hour);
      for (std::uint64_t index = 0; index < events; ++index) {
        const Duration offset = offset_(hour, group, index);
        RUSHHOUR_ASSERT(offset >= Duration::zero() && offset < hour_length, "an event leaves its hour");
        table.entries.push_back(static_cast<std::uint64_t>(offset.count()) << number_bits |
                                table.entries.size());
      }
      table.ends.push_back(table.entries.size());
    }
    std::ranges::sort(table.entries);
    return table;
  }

  std::vector<HourlyGroup> groups_;
  std::uint64_t history_hours_;
  Offset offset_;
  std::vector<std::uint64_t> before_;  // events before each hour, and in all
  std::uint64_t fullest_ = 0;
  mutable std::array<Hour, 4> tables_{};  // by the hour's last two bits
};

}  // namespace rushhour::event::detail
