/// \file
/// A small cache as helper modules of detections have it: values by key, good for a while from when they were
/// put in, so many at most. It fetches nothing and keeps no failures; where it lives is homed_cache.hpp's
/// business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <rushhour/config.hpp>
#include <rushhour/detect/strategy_counts.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

/// Being used makes an entry no younger: it ends at the instant it was given when it was put in (spec
/// simulation.md O15). When the cache is full the entry that was used least recently gives way, whether it is
/// still good or not (O17).
///
/// So that a miss can be told from another, the cache remembers of each evicted key a hash and an instant,
/// some 40 bytes.
template <class Value>
class TtlCache {
 public:
  /// \param entries_max  at least 1
  explicit TtlCache(std::size_t entries_max = 10'000) : entries_max_(entries_max) {
    RUSHHOUR_ASSERT(entries_max > 0, "a cache has room for at least one entry");
  }
  TtlCache(const TtlCache&) = delete;  // the index points into the list
  TtlCache& operator=(const TtlCache&) = delete;
  TtlCache(TtlCache&&) noexcept = default;
  TtlCache& operator=(TtlCache&&) noexcept = default;
  ~TtlCache() = default;

  /// The value, or null and why: cold (never put in during this cache's life), expired or evicted.
  struct Found {
    const Value* value{};
    CacheLook look{CacheLook::hit};
  };

  /// The pointer holds until the next insert().
  [[nodiscard]] Found find(std::string_view key, Instant now) {
    const auto at = index_.find(key);
    if (at == index_.end()) return {nullptr, why_missing(key, now)};
    if (at->second->expires <= now) return {nullptr, CacheLook::expired};
    entries_.splice(entries_.begin(), entries_, at->second);
    return {&entries_.front().value, CacheLook::hit};
  }

  /// Puts a value in, in the place of the key's old one; it is good before `expires` and no longer at it.
  void insert(std::string_view key, Value value, Instant expires) {
    was_filled_ = true;
    if (const auto at = index_.find(key); at != index_.end()) {
      at->second->value = std::move(value);
      at->second->expires = expires;
      entries_.splice(entries_.begin(), entries_, at->second);
      return;
    }
    if (entries_.size() == entries_max_) evict();
    entries_.push_front({std::string{key}, std::move(value), expires});
    index_.emplace(entries_.front().key, entries_.begin());
    evicted_.erase(hash(key));
  }

  /// Expired entries included.
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// Whether anything was ever put in.
  [[nodiscard]] bool was_filled() const { return was_filled_; }

 private:
  struct Entry {
    std::string key{};
    Value value{};
    Instant expires{};
  };

  [[nodiscard]] CacheLook why_missing(std::string_view key, Instant now) const {
    const auto past = evicted_.find(hash(key));
    if (past == evicted_.end()) return CacheLook::cold;
    return past->second <= now ? CacheLook::expired : CacheLook::evicted;
  }

  void evict() {
    const Entry& last = entries_.back();
    evicted_.insert_or_assign(hash(last.key), last.expires);
    index_.erase(last.key);
    entries_.pop_back();
  }

  std::size_t entries_max_;
  std::list<Entry> entries_{};  ///< the most recently used first
  std::unordered_map<std::string_view, typename std::list<Entry>::iterator> index_{};
  std::unordered_map<std::uint64_t, Instant> evicted_{};  ///< by hash of the key: until when it was good
  bool was_filled_ = false;
};

}  // namespace rushhour::detect
