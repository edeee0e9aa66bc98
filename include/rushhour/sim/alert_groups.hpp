/// \file
/// Which matches become one alert: those of a rule with the same dedup string within a window that opens with
/// the first, once they are as many as the rule's threshold. It keeps no alert, only when each window closes
/// and what it has counted.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <rushhour/digest.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::sim {

/// What one rule says of its alerts.
struct Grouping {
  std::optional<Duration> window{};  ///< DedupPeriodMinutes; nothing: the engine's
  /// What a window counts before its alert is created. The alert comes with the batch that reaches it; a
  /// window below it delivers nothing.
  std::uint64_t threshold{1};
  bool creates_alerts{true};  ///< CreateAlert: without it matches are signals that nobody is alerted to
};

/// What a match counts for.
struct CountedMatch {
  /// Its rule has unique(): the threshold counts distinct values in place of matches. They are counted
  /// exactly; Panther estimates them, HyperLogLog-style (AGENTS.md 7.1 of panther-analysis, DOC), so near the
  /// threshold its alert may come a few values sooner or later.
  bool by_value{};
  std::optional<std::uint64_t> value{};  ///< hash of what unique() returned; nothing: None, which counts none
};

/// Panther's alert merger (spec panther.md 1.3): a window is anchored at its first match, by the time of
/// processing and not of the event, and does not slide. A match exactly one window later still belongs to it:
/// the merger opens a new window when the last is older than that.
class AlertGroups {
 public:
  using Key = std::uint64_t;

  /// What a match did to its group.
  struct Joined {
    bool opened{};   ///< it is the first of a window, which takes a number whether it alerts or not
    bool alerted{};  ///< with it the window has reached the threshold
  };

  /// \param window  of rules that name none
  explicit AlertGroups(Duration window) : window_(window) {}

  [[nodiscard]] static Key key(std::uint64_t detection, std::string_view dedup) {
    return mix(hash(dedup) ^ detection);
  }
  /// Of a rule's own errors, which are grouped by the class of the exception, apart from its matches.
  [[nodiscard]] static Key error_key(std::uint64_t detection, std::string_view exception_class) {
    return mix(key(detection, exception_class) ^ error_mark);
  }
  [[nodiscard]] bool is_open(Key group, Instant now, const Grouping& grouping = {}) const {
    const auto found = groups_.find(group);
    return window_of(grouping) > Duration::zero() && found != groups_.end() && now <= found->second.closes;
  }
  /// A match of the group, written at `now`. A batch writes its matches at one instant, so that they count
  /// one by one is the same as all at once.
  Joined add(Key group, Instant now, const Grouping& grouping = {}, const CountedMatch& match = {}) {
    const bool opens = !is_open(group, now, grouping);
    if (opens) open(group, now, grouping);
    if (opens && match.by_value) values_.erase(group);
    if (grouping.threshold <= 1 && !match.by_value) [[likely]]
      return {.opened = opens, .alerted = opens};
    Group& counted = groups_.find(group)->second;
    const bool counts = !match.by_value || (match.value && values_[group].insert(*match.value).second);
    if (counts) ++counted.count;
    return {.opened = opens,
            .alerted = counts && counted.count == std::max<std::uint64_t>(grouping.threshold, 1)};
  }

 private:
  struct Group {
    Instant closes{};  ///< the last instant of the window
    std::uint64_t count{};
  };
  static constexpr std::uint64_t error_mark = hash(":error");

  [[nodiscard]] Duration window_of(const Grouping& grouping) const {
    return grouping.window ? *grouping.window : window_;
  }
  void open(Key group, Instant now, const Grouping& grouping) {
    if (groups_.size() >= prune_at_) prune(now);
    const Duration window = window_of(grouping);
    const bool is_endless = window > Instant::max() - now;
    groups_.insert_or_assign(group, Group{.closes = is_endless ? Instant::max() : now + window});
  }
  /// Closed windows are of no use; without this an hour of distinct dedup strings would stay for ever.
  void prune(Instant now) {
    std::erase_if(groups_, [&](const auto& entry) { return now > entry.second.closes; });
    std::erase_if(values_, [&](const auto& entry) { return !groups_.contains(entry.first); });
    prune_at_ = groups_.size() * 2 + 1024;
  }

  Duration window_;
  std::unordered_map<Key, Group> groups_;
  std::unordered_map<Key, std::unordered_set<std::uint64_t>> values_;  ///< of groups that count unique ones
  std::size_t prune_at_{1024};
};

}  // namespace rushhour::sim
