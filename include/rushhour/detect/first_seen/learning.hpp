/// \file
/// First seen by learning and forgetting, as Datadog's "new value" detections do: silent at first, then a
/// signal for each value that was not learnt, which is learnt by it. It keeps no baseline of older documents
/// (Datadog's instantaneous baseline); first_seen/never_forgetting_set.hpp starts from one.
///
/// Window: as long as a value is seen often enough it stays known; it is forgotten when it was not seen for
/// `forget_after`. Warm-up: `learning`, from a group's first sighting. Late documents: as new as their
/// arrival. Cap: none. Cost a document: no request; state is in the stream's memory.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <iterator>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detect/detail/key_set.hpp>
#include <rushhour/detect/first_seen.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

struct LearningOptions {
  /// No signals for this long. Datadog has 0, 1 or 7 days [DOC, security monitoring API, learningDuration;
  /// its default is 0]. At 0 a group's first value is still silent.
  Duration learning{std::chrono::days{7}};
  /// Datadog has 1, 2, 7, 14, 21 or 28 days [DOC, forgetAfter].
  Duration forget_after{std::chrono::days{28}};
  /// What of a key is the group-by, whose groups learn each for themselves: for a key of user and country,
  /// the user. A sighting has only its key, so this is a function of it, and its text must lie in it. Without
  /// one, the whole rule learns at once from its first sighting.
  std::function<std::string_view(std::string_view key)> group{};
};

class Learning final : public FirstSeen {
 public:
  using Options = LearningOptions;

  explicit Learning(Options options = {}) : options_(std::move(options)) {
    RUSHHOUR_ASSERT(options_.learning >= Duration::zero(), "learning does not end before it begins");
    RUSHHOUR_ASSERT(options_.forget_after > Duration::zero(), "what is learnt is known for a while");
  }

  void see(const Sighting& sighting) override {
    const bool is_silent = is_learning(sighting);
    if (const auto found = index_.find(sighting.key); found != index_.end()) {
      found->second->last = sighting.arrival;
      values_.splice(values_.end(), values_, found->second);
      return;
    }
    values_.push_back({.key = std::string{sighting.key}, .last = sighting.arrival});
    index_.emplace(values_.back().key, std::prev(values_.end()));
    add_bytes(sighting.key);
    if (is_silent) return;
    alerts_.push_back({.document = sighting.document, .key = values_.back().key, .at = sighting.arrival});
  }

  void advance(Instant now) override {
    while (!values_.empty() && now - values_.front().last >= options_.forget_after) {
      costs_.bytes -= bytes_of(values_.front().key);
      index_.erase(values_.front().key);
      values_.pop_front();
    }
  }

  [[nodiscard]] std::vector<FirstSeenAlert> take_alerts() override { return std::exchange(alerts_, {}); }
  /// Bytes are those of the values and groups with an instant each, without the tables around them.
  [[nodiscard]] FirstSeenCosts costs() const override { return costs_; }

 private:
  struct Value {
    std::string key{};
    Instant last{};
  };

  [[nodiscard]] static std::size_t bytes_of(std::string_view key) { return key.size() + sizeof(Instant); }
  void add_bytes(std::string_view key) {
    costs_.bytes += bytes_of(key);
    costs_.bytes_max = std::max(costs_.bytes_max, costs_.bytes);
  }

  /// Whether the group is new or was new too recently.
  bool is_learning(const Sighting& sighting) {
    const std::string_view group = options_.group ? options_.group(sighting.key) : std::string_view{};
    const auto found = groups_.find(group);
    if (found != groups_.end()) return sighting.arrival - found->second < options_.learning;
    groups_.emplace(group, sighting.arrival);
    add_bytes(group);
    return true;
  }

  Options options_;
  std::list<Value> values_{};  ///< the one that was seen last is last
  std::unordered_map<std::string_view, std::list<Value>::iterator, detail::KeyHash> index_{};
  detail::KeyMap<Instant> groups_{};  ///< first sightings
  std::vector<FirstSeenAlert> alerts_{};
  FirstSeenCosts costs_{};
};

}  // namespace rushhour::detect
