/// \file
/// Counts in aligned windows of time: how many in all, the fullest second, ten seconds, minute, hour, day and
/// month, and how many windows were beyond a limit. It keeps a few numbers a window size, not a time series,
/// so its size does not depend on the run; series.hpp draws curves, sliding.hpp counts in windows that slide.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <rushhour/config.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

/// The window sizes, aligned to the UTC clock. Each is a multiple of the one before.
inline constexpr std::array<std::chrono::seconds, 5> window_sizes{
    std::chrono::seconds{1}, std::chrono::seconds{10}, std::chrono::minutes{1}, std::chrono::hours{1},
    std::chrono::days{1}};
/// After the sizes: the UTC calendar month, which has no fixed length.
inline constexpr std::size_t month_window = window_sizes.size();

/// The UTC calendar month that holds an instant: where it begins, and where the next one does.
struct Month {
  Instant begin{};
  Instant end{};
};
[[nodiscard]] inline Month month_of(Instant instant) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(instant)};
  const auto month = date.year() / date.month();
  return {Instant{std::chrono::sys_days{month / 1}},
          Instant{std::chrono::sys_days{(month + std::chrono::months{1}) / 1}}};
}

/// The fullest window of a size, and when it began.
struct Peak {
  std::uint64_t count{};
  Instant begin{};

  friend bool operator==(const Peak&, const Peak&) = default;
};

/// Counts things that happen in order of time.
class Windows {
 public:
  /// `second` since the epoch; never before an earlier one.
  void add(std::int64_t second, std::uint64_t count = 1) {
    if (second != second_) advance(second);
    open_[0] += count;
  }

  /// From now on windows of window_sizes[size], or of `month_window`, with more than `limit` are counted.
  void set_limit(std::size_t size, std::uint64_t limit) { limits_[size] = limit; }

  [[nodiscard]] std::uint64_t total() const { return closed_ + open_[0]; }
  /// The fullest window of window_sizes[size], or of `month_window`, so far; of equals the first.
  [[nodiscard]] Peak peak(std::size_t size) const {
    const std::uint64_t open = in_open(size);
    return open > peaks_[size].count ? Peak{open, begin_of(size)} : peaks_[size];
  }
  /// How many windows of the size held more than its limit; 0 without one.
  [[nodiscard]] std::uint64_t over(std::size_t size) const {
    return over_[size] + (in_open(size) > limits_[size] ? 1 : 0);
  }
  /// The same as time: their summed length. Not for `month_window`.
  [[nodiscard]] std::chrono::seconds time_over(std::size_t size) const {
    return window_sizes[size] * static_cast<std::int64_t>(over(size));
  }

 private:
  static constexpr std::size_t sizes = window_sizes.size() + 1;
  static constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

  void advance(std::int64_t second) {
    RUSHHOUR_ASSERT(second > second_, "counts come in order of time");
    closed_ += open_[0];
    close(0);
    if (second >= ends_[1]) close_larger(second);
    second_ = second;
    ends_[0] = second + 1;
  }
  /// Closes the windows that end before `second`, from the second smallest up.
  void close_larger(std::int64_t second) {
    for (std::size_t size = 1; size < sizes && second >= ends_[size]; ++size) {
      close(size);
      ends_[size] = end_of(size, second);
    }
  }
  /// Adds a window that has ended to the next larger one.
  void close(std::size_t size) {
    if (open_[size] > peaks_[size].count) peaks_[size] = {open_[size], begin_of(size)};
    if (open_[size] > limits_[size]) ++over_[size];
    if (size + 1 < sizes) open_[size + 1] += open_[size];
    open_[size] = 0;
  }
  [[nodiscard]] static std::int64_t end_of(std::size_t size, std::int64_t second) {
    if (size == month_window) {
      return std::chrono::floor<std::chrono::seconds>(
                 month_of(Instant{std::chrono::seconds{second}}).end.time_since_epoch())
          .count();
    }
    const std::int64_t length = window_sizes[size].count();
    return (second / length + 1) * length;
  }
  [[nodiscard]] Instant begin_of(std::size_t size) const {
    const Instant open{std::chrono::seconds{second_}};
    if (size == month_window) return month_of(open).begin;
    return Instant{std::chrono::seconds{ends_[size]} - window_sizes[size]};
  }
  /// What the window of this size that is open holds, its smaller open windows included.
  [[nodiscard]] std::uint64_t in_open(std::size_t size) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i <= size; ++i) sum += open_[i];
    return sum;
  }

  std::int64_t second_ = -1;
  std::uint64_t closed_ = 0;                 ///< in seconds that have ended
  std::array<std::uint64_t, sizes> open_{};  ///< per size: in its window, without the smaller open ones
  std::array<std::int64_t, sizes> ends_{};   ///< of the open windows, in seconds since the epoch
  std::array<Peak, sizes> peaks_{};
  std::array<std::uint64_t, sizes> limits_{no_limit, no_limit, no_limit, no_limit, no_limit, no_limit};
  std::array<std::uint64_t, sizes> over_{};
};

}  // namespace rushhour::measure
