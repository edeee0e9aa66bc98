/// \file
/// When the quota of a UTC day or month is used up, or would be if the run went on as it did. It counts what
/// is charged; what a limiter refuses is the limiter's business.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/measure/windows.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

/// One limit per UTC day or calendar month, of one account or key.
class Exhaustion {
 public:
  /// Whether a row is such a limit.
  [[nodiscard]] static bool applies(const limit::Profile& row) {
    return row.calendar_month || row.window == std::chrono::days{1};
  }

  /// What the row says is used already counts in the window that holds `used_at`.
  explicit Exhaustion(const limit::Profile& row) : row_(row) {
    RUSHHOUR_ASSERT(applies(row), "the limit is of a day or a month");
    if (row.used == 0) return;
    end_ = end_of(row.used_at);
    used_ = row.used;
    if (used_ >= row.limit) reached(row.used_at);
  }

  /// A call that is charged. Never before an earlier one.
  void add(Instant at) {
    if (at >= end_) {
      end_ = end_of(at);
      used_ = 0;
    }
    ++charged_;
    if (++used_ == row_.limit) reached(at);
  }

  [[nodiscard]] const limit::Profile& row() const { return row_; }
  /// When the limit was first reached: from then to the end of that day or month every call is one too many.
  [[nodiscard]] std::optional<Instant> first() const { return first_; }
  /// In how many days or months it was.
  [[nodiscard]] std::uint64_t windows() const { return windows_; }
  /// How many calls of the run were charged, in all.
  [[nodiscard]] std::uint64_t charged() const { return charged_; }
  /// How many calls of the window that holds `now` are used, those before the run included. `now` is not
  /// before the last call.
  [[nodiscard]] std::uint64_t used(Instant now) const { return now < end_ ? std::min(used_, row_.limit) : 0; }

  /// When the limit will be reached in the window that holds `to`, if calls are charged on as they were on
  /// average between `from` and `to`, the run's begin and end. Nothing when the window ends before, or
  /// nothing was charged; `to` itself when the limit is reached already.
  [[nodiscard]] std::optional<Instant> projected(Instant from, Instant to) const {
    using rushhour::detail::int128;
    const std::uint64_t before = used(to);
    if (before >= row_.limit) return to;
    if (charged_ == 0 || to <= from) return std::nullopt;
    const auto left = static_cast<int128>(row_.limit - before);
    const int128 wait = (left * (to - from).count() + charged_ - 1) / charged_;
    if (wait >= (end_of(to) - to).count()) return std::nullopt;
    return to + Duration{static_cast<std::int64_t>(wait)};
  }

 private:
  [[nodiscard]] Instant end_of(Instant at) const {
    if (row_.calendar_month) return month_of(at).end;
    return std::chrono::floor<std::chrono::days>(at) + std::chrono::days{1};
  }
  void reached(Instant at) {
    ++windows_;
    if (!first_) first_ = at;
  }

  limit::Profile row_;
  std::uint64_t used_{};     ///< in the window that ends at end_
  std::uint64_t charged_{};  ///< in the run
  std::uint64_t windows_{};
  Instant end_{Instant::min()};  ///< of the window that used_ counts; before the first call, of none
  std::optional<Instant> first_{};
};

}  // namespace rushhour::measure
