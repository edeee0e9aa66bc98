/// \file
/// The fullest windows that slide: how many calls at most lay in any (t-W, t], exactly to the nanosecond.
/// Windows aligned to the clock are windows.hpp's.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <rushhour/time.hpp>

namespace rushhour::measure {

/// The lengths of the windows that slide, shortest first.
inline constexpr std::array<std::chrono::seconds, 3> sliding_sizes{
    std::chrono::seconds{1}, std::chrono::seconds{10}, std::chrono::minutes{1}};

/// The fullest window that slides, and when it was first so full: its last instant, which it includes. Its
/// begin, a window's length earlier, it does not.
struct SlidingPeak {
  std::uint64_t count{};
  Instant end{};

  friend bool operator==(const SlidingPeak&, const SlidingPeak&) = default;
};

/// Counts things that happen in order of time. A window grows by at most one with each of them, so a new
/// greatest number P+1 is reached exactly when the one P before is still in the window: one look a size, and
/// no more instants kept than the fullest of the longest windows held.
class Sliding {
 public:
  /// Never before an earlier instant.
  void add(Instant at) {
    ring_[count_ & mask_] = at;
    for (std::size_t size = 0; size < sliding_sizes.size(); ++size) {
      SlidingPeak& peak = peaks_[size];
      if (ring_[(count_ - peak.count) & mask_] > at - sliding_sizes[size]) {
        ++peak.count;
        peak.end = at;
      }
    }
    ++count_;
    if (peaks_.back().count > mask_) grow();
  }

  /// Of sliding_sizes[size].
  [[nodiscard]] SlidingPeak peak(std::size_t size) const { return peaks_[size]; }
  /// How many instants it has room for.
  [[nodiscard]] std::size_t capacity() const { return ring_.size(); }

 private:
  static constexpr std::size_t initial = 64;

  /// Twice the room, each instant at its place in the larger ring.
  void grow() {
    const std::uint64_t mask = mask_ * 2 + 1;
    std::vector<Instant> ring(mask + 1);
    for (std::uint64_t i = count_ - ring_.size(); i < count_; ++i) ring[i & mask] = ring_[i & mask_];
    ring_ = std::move(ring);
    mask_ = mask;
  }

  std::uint64_t count_{};
  std::uint64_t mask_{initial - 1};
  std::vector<Instant> ring_ = std::vector<Instant>(initial);
  std::array<SlidingPeak, sliding_sizes.size()> peaks_{};
};

}  // namespace rushhour::measure
