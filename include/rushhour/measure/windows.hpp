/// \file
/// Counts in aligned windows of time: how many in all, and the fullest second, ten seconds, minute, hour and
/// day. It keeps one number a window size, not a time series, so its size does not depend on the run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <rushhour/config.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

/// The window sizes, aligned to the UTC clock. Each is a multiple of the one before.
inline constexpr std::array<std::chrono::seconds, 5> window_sizes{
    std::chrono::seconds{1}, std::chrono::seconds{10}, std::chrono::minutes{1}, std::chrono::hours{1},
    std::chrono::days{1}};

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
  void add(std::int64_t second) {
    if (second != second_) advance(second);
    ++open_[0];
  }

  [[nodiscard]] std::uint64_t total() const { return closed_ + open_[0]; }
  /// The fullest window of window_sizes[size] so far; of equals the first.
  [[nodiscard]] Peak peak(std::size_t size) const {
    Peak best = peaks_[size];
    std::uint64_t open = 0;
    for (std::size_t i = 0; i <= size; ++i) open += open_[i];
    if (open > best.count) best = {open, begin_of(size)};
    return best;
  }

 private:
  /// Closes the windows that end before `second`, from the smallest up, each into the next larger.
  void advance(std::int64_t second) {
    RUSHHOUR_ASSERT(second > second_, "counts come in order of time");
    closed_ += open_[0];
    for (std::size_t size = 0; size < window_sizes.size(); ++size) {
      const std::int64_t length = window_sizes[size].count();
      if (second / length == second_ / length) break;
      if (open_[size] > peaks_[size].count) peaks_[size] = {open_[size], begin_of(size)};
      if (size + 1 < window_sizes.size()) open_[size + 1] += open_[size];
      open_[size] = 0;
    }
    second_ = second;
  }
  [[nodiscard]] Instant begin_of(std::size_t size) const {
    const std::int64_t length = window_sizes[size].count();
    return Instant{std::chrono::seconds{second_ / length * length}};
  }

  std::int64_t second_ = -1;
  std::uint64_t closed_ = 0;  ///< in seconds that have ended
  std::array<std::uint64_t, window_sizes.size()>
      open_{};  ///< per size: in its window, without the smaller open ones
  std::array<Peak, window_sizes.size()> peaks_{};
};

}  // namespace rushhour::measure
