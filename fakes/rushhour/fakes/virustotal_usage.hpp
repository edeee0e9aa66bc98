/// \file
/// What each key of the fake of VirusTotal has used: answers by UTC day and endpoint, as api_usage tells
/// them, and calls charged in the present hour, day and month, as overall_quotas does. It refuses nothing:
/// the limiters do.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/names.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

class VirusTotalUsage {
 public:
  static constexpr std::size_t days_kept = 60;  ///< [DOC: api-usage]
  static constexpr std::size_t operations_max = 64;
  static_assert(api::OperationsOf<api::Service::virustotal>::Type::count <= operations_max,
                "each operation has a count of its own");

  /// Answers 200 of one UTC day, by the dense index of the operation.
  struct Day {
    std::chrono::sys_days date{};
    std::array<std::uint64_t, operations_max> answers{};
  };
  /// Calls that were charged, of which some may have failed.
  struct Charged {
    std::uint64_t hour{};
    std::uint64_t day{};
    std::uint64_t month{};
  };

  /// Some three nanoseconds: nothing is looked up, and the calendar is asked once an hour.
  void count(Name key, const api::Operation& operation, Instant now, bool is_ok, bool is_charged) {
    Key& of = key_of(key);
    if (now >= of.hour_end) [[unlikely]]
      advance(of, now);
    of.today.answers[operation.index] += is_ok ? 1 : 0;
    if (!is_charged) return;
    ++of.charged.hour;
    ++of.charged.day;
    ++of.charged.month;
  }

  /// Today last; only days with an answer.
  [[nodiscard]] std::vector<Day> days(Name key, Instant now) {
    Key& of = key_of(key);
    if (now >= of.hour_end) advance(of, now);
    std::vector<Day> out{of.past.begin(), of.past.end()};
    out.push_back(of.today);
    return out;
  }
  [[nodiscard]] Charged charged(Name key, Instant now) {
    Key& of = key_of(key);
    if (now >= of.hour_end) advance(of, now);
    return of.charged;
  }
  void clear() { keys_.clear(); }

 private:
  struct Key {
    Instant hour_end{Instant::min()};
    Day today{};
    std::chrono::year_month month{};
    Charged charged{};
    std::deque<Day> past{};
  };

  Key& key_of(Name key) {
    if (index(key) >= keys_.size()) keys_.resize(index(key) + 1);
    std::unique_ptr<Key>& place = keys_[index(key)];
    if (place == nullptr) place = std::make_unique<Key>();
    return *place;
  }
  /// To the hour that `now` is in.
  static void advance(Key& of, Instant now) {
    const auto hour = std::chrono::floor<std::chrono::hours>(now);
    const auto date = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day civil{date};
    const std::chrono::year_month month = civil.year() / civil.month();
    const bool is_new = of.hour_end == Instant::min();
    of.hour_end = hour + std::chrono::hours{1};
    of.charged.hour = 0;
    if (is_new || date != of.today.date) {
      const bool has_any =
          std::ranges::any_of(of.today.answers, [](std::uint64_t count) { return count > 0; });
      if (!is_new && has_any) of.past.push_back(of.today);
      while (!of.past.empty() && of.past.front().date + std::chrono::days{days_kept} <= date)
        of.past.pop_front();
      of.today = {.date = date};
      of.charged.day = 0;
    }
    if (month != of.month) of.charged.month = 0;
    of.month = month;
  }

  std::vector<std::unique_ptr<Key>> keys_;
};

}  // namespace rushhour::fakes
