/// \file
/// First seen as Panther's rules write it: a string set for each key in a key-value store; get it, and when
/// it is empty put it and alert. The store is modelled, not called: what it answers follows from the times of
/// the puts. What calls cost in time and quota, the simulation's fakes say.
///
/// Window: the TTL, from the put on and not refreshed by sightings, so that a key that is seen every day
/// alerts again every 90 days. Warm-up: none; every key's first document alerts. Late documents: as new as
/// their arrival. Cap: none; Panther groups alerts by their dedup string, which alert.hpp is for. Cost a
/// document: 1 read, and 1 write when it alerts.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detect/detail/key_set.hpp>
#include <rushhour/detect/first_seen.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

/// Matano's remote cache is the same with a TTL of an hour [DOC matano.dev, remote cache: 3600 seconds].
struct StringSetOptions {
  /// From the put on, in whole seconds [REC panther_detection_helpers, caching.py, read 2026: 90 days].
  Duration ttl{std::chrono::days{90}};
  /// get_string_set's force_ttl_check: what has expired counts as gone although the store still has it. Off,
  /// as there [REC]: new keys are missed until the store deletes.
  bool checks_expiry{};
  /// How long after its expiry an item stays in the store. DynamoDB deletes within a few days [DOC, time to
  /// live], typically two [DOC, in 2022]; until then it returns the item.
  Duration deletion_delay{std::chrono::days{2}};
  /// After the get of a document that finds nothing, others in other containers find nothing either for this
  /// long, and alert too: until the put is done [CHOICE: two requests of 10 ms]. As if every document had a
  /// container of its own, the stricter assumption; get_item is not even consistent with finished puts.
  Duration race_window{std::chrono::milliseconds{20}};
};

class StringSet final : public FirstSeen {
 public:
  using Options = StringSetOptions;

  explicit StringSet(Options options = {}) : options_(options) {
    RUSHHOUR_ASSERT(options_.ttl > Duration::zero(), "an item lives for a while");
    RUSHHOUR_ASSERT(options_.deletion_delay >= Duration::zero(), "nothing is deleted before it expires");
    RUSHHOUR_ASSERT(options_.race_window >= Duration::zero(), "a put ends after its get");
  }

  void see(const Sighting& sighting) override {
    ++costs_.reads;
    const Instant now = sighting.arrival;
    auto found = items_.find(sighting.key);
    if (found == items_.end()) {
      found = items_.emplace(sighting.key, Item{.found_from = now + options_.race_window}).first;
      costs_.bytes += item_bytes(sighting.key);
      costs_.bytes_max = std::max(costs_.bytes_max, costs_.bytes);
    } else if (found->second.found_from <= now) {
      if (!options_.checks_expiry || now < found->second.expires) return;
      found->second.found_from = now + options_.race_window;
    }
    ++costs_.writes;
    found->second.expires = std::chrono::floor<std::chrono::seconds>(now) + options_.ttl;
    ++found->second.puts;
    deletions_.push_back({.at = found->second.expires + options_.deletion_delay, .item = &*found});
    alerts_.push_back({.document = sighting.document, .key = std::string{sighting.key}, .at = now});
  }

  void advance(Instant now) override {
    for (; !deletions_.empty() && deletions_.front().at <= now; deletions_.pop_front()) {
      Items::value_type& item = *deletions_.front().item;
      if (--item.second.puts != 0) continue;  // put again since, with a later end
      costs_.bytes -= item_bytes(item.first);
      items_.erase(items_.find(item.first));
    }
  }

  [[nodiscard]] std::vector<FirstSeenAlert> take_alerts() override { return std::exchange(alerts_, {}); }
  [[nodiscard]] FirstSeenCosts costs() const override { return costs_; }

  /// Of an item in DynamoDB, as storage is counted [DOC, item sizes and formats]: 100 bytes, the names `key`,
  /// `stringSet` and `expiresAt`, a number of ten digits (6), a set (3) of one string (1) of one letter.
  [[nodiscard]] static constexpr std::size_t item_bytes(std::string_view key) {
    return 100 + 3 + 9 + 9 + 6 + 3 + 1 + 1 + key.size();
  }

 private:
  struct Item {
    Instant found_from{};  ///< its first put that is not over is done
    Instant expires{};
    std::uint32_t puts{};  ///< whose end has not come yet
  };
  using Items = detail::KeyMap<Item>;
  struct Deletion {
    Instant at{};
    Items::value_type* item{};  ///< stays where it is until its last put's end
  };

  Options options_;
  Items items_{};
  std::deque<Deletion> deletions_{};  ///< by time
  std::vector<FirstSeenAlert> alerts_{};
  FirstSeenCosts costs_{};
};

}  // namespace rushhour::detect
