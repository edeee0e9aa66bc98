/// \file
/// The curve of a run in bounded memory: counts per second at first, per two, four, eight ... seconds as the
/// run grows longer. It is for sparklines and charts; peaks are exact in windows.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

/// What happened in one bucket of a series.
struct Bucket {
  std::uint64_t attempts{};
  std::uint64_t throttled{};
  std::uint64_t calls{};  ///< logical calls: first attempts
  std::uint64_t ok{};

  /// Attempts that no limit refused.
  [[nodiscard]] std::uint64_t accepted() const { return attempts - throttled; }

  void add(const Bucket& other) {
    attempts += other.attempts;
    throttled += other.throttled;
    calls += other.calls;
    ok += other.ok;
  }
  friend bool operator==(const Bucket&, const Bucket&) = default;
};

/// Buckets of one width, which is 1 s times a power of two; each begins at a multiple of it since the epoch,
/// so that two series of a run fit onto each other.
class Series {
 public:
  static constexpr std::size_t buckets_max = 4'096;

  /// `second` since the epoch; never before the first one.
  void add(std::int64_t second, const Bucket& counts) {
    if (buckets_.empty()) first_ = second;
    RUSHHOUR_ASSERT(second >= first_, "a series does not grow backwards");
    while ((second - first_) / width_ >= static_cast<std::int64_t>(buckets_max)) widen();
    const auto at = static_cast<std::size_t>((second - first_) / width_);
    if (at >= buckets_.size()) buckets_.resize(at + 1);
    buckets_[at].add(counts);
  }

  /// From the first bucket with anything in it to the last; those between may be empty.
  [[nodiscard]] const std::vector<Bucket>& buckets() const { return buckets_; }
  /// Of every bucket.
  [[nodiscard]] std::chrono::seconds width() const { return std::chrono::seconds{width_}; }
  /// Where the first bucket begins; the epoch without any.
  [[nodiscard]] Instant begin() const { return Instant{std::chrono::seconds{first_}}; }

 private:
  /// Doubles the width: pairs of buckets become one, as they lie to multiples of the new width.
  void widen() {
    const std::int64_t width = width_ * 2;
    const std::int64_t first = first_ / width * width;
    const auto shift = static_cast<std::size_t>((first_ - first) / width_);
    std::vector<Bucket> buckets((buckets_.size() + shift + 1) / 2);
    for (std::size_t i = 0; i < buckets_.size(); ++i) buckets[(i + shift) / 2].add(buckets_[i]);
    buckets_ = std::move(buckets);
    width_ = width;
    first_ = first;
  }

  std::int64_t width_ = 1;  ///< in seconds
  std::int64_t first_ = 0;  ///< where the first bucket begins, in seconds since the epoch
  std::vector<Bucket> buckets_;
};

}  // namespace rushhour::measure
