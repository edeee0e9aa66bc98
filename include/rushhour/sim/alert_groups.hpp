/// \file
/// Which matches become one alert: those of a rule with the same dedup string within a window that opens with
/// the first. It keeps no alert, only when each window opened.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include <rushhour/digest.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::sim {

/// Panther's alert merger (spec panther.md 1.3): a window is anchored at its first match, by the time of
/// processing and not of the event, and does not slide. A match exactly one window later still belongs to it:
/// the merger opens a new window when the last is older than that.
class AlertGroups {
 public:
  using Key = std::uint64_t;

  explicit AlertGroups(Duration window) : window_(window) {}

  [[nodiscard]] static Key key(std::uint64_t detection, std::string_view dedup) {
    return mix(hash(dedup) ^ detection);
  }
  [[nodiscard]] bool is_open(Key group, Instant now) const {
    const auto found = opened_.find(group);
    return window_ > Duration::zero() && found != opened_.end() && now - found->second <= window_;
  }
  /// A match of the group at `now`; true: it opens a window, and so makes a new alert.
  bool add(Key group, Instant now) {
    if (is_open(group, now)) return false;
    if (opened_.size() >= prune_at_) prune(now);
    opened_.insert_or_assign(group, now);
    return true;
  }

 private:
  /// Closed windows are of no use; without this an hour of distinct dedup strings would stay for ever.
  void prune(Instant now) {
    std::erase_if(opened_, [&](const auto& entry) { return now - entry.second > window_; });
    prune_at_ = opened_.size() * 2 + 1024;
  }

  Duration window_;
  std::unordered_map<Key, Instant> opened_;
  std::size_t prune_at_{1024};
};

}  // namespace rushhour::sim
