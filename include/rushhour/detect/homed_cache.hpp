/// \file
/// A cache and where its author put it: in the rule's module, which dies when the engine reloads the rules,
/// or in a helper module, which lives as long as the container. It also tells misses of a fresh cache apart:
/// first time, rules reloaded, container new.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <rushhour/detect/context.hpp>
#include <rushhour/detect/strategy_counts.hpp>
#include <rushhour/detect/ttl_cache.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

/// Where a cache lives (spec panther.md 1.1).
enum class CacheHome : std::uint8_t {
  rule_module,   ///< in the detection: Panther imports its rules anew every 5 minutes
  helper_module  ///< in the container, for all its detections that ask under the same name
};

/// \code
///   HomedCache<std::string> secrets{
///       {.home = CacheHome::helper_module, .name = "secrets", .owner = "My.Rule"}};
///   if (const std::string* secret = secrets.find(id, context, counts)) return *secret;
///   std::string fetched = fetch();  // when it throws, nothing is cached
///   secrets.insert(id, fetched, context.clock().now() + std::chrono::hours{1}, context);
/// \endcode
template <class Value>
class HomedCache {
 public:
  struct Options {
    CacheHome home{};
    std::string name{};   ///< in a helper module, shared under this name
    std::string owner{};  ///< the detection, whose name no other has
    /// At least 1. Of detections that share a cache, the first to use it decides.
    std::size_t entries_max{10'000};
  };

  explicit HomedCache(Options options)
      : home_(options.home),
        entries_max_(options.entries_max),
        module_(options.home == CacheHome::helper_module
                    ? "cache " + std::move(options.name)
                    : "history of " + std::move(options.name) + " in " + std::move(options.owner)),
        own_(options.entries_max) {}

  /// The value, or null: counted as a hit or as a miss with its cause. The pointer holds until the next
  /// insert() into this cache, through whichever detection.
  [[nodiscard]] const Value* find(std::string_view key, Context& context, CacheCounts* counts) {
    const Instant now = context.clock().now();
    const typename Cache::Found found = cache(context).find(key, now);
    if (counts != nullptr)
      counts->add(found.look == CacheLook::cold ? why_cold(key, now, context) : found.look);
    return found.value;
  }

  /// Puts in what was fetched; it is good before `expires`.
  void insert(std::string_view key, Value value, Instant expires, Context& context) {
    if (home_ == CacheHome::rule_module) {
      context.helpers().template module<History>(module_).good_until.insert_or_assign(hash(key), expires);
    }
    cache(context).insert(key, std::move(value), expires);
  }

 private:
  using Cache = TtlCache<Value>;
  /// A helper module must be made without arguments.
  struct Shared {
    std::optional<Cache> cache{};
  };
  /// What a detection's rule modules fetched in this container, for telling what a reload lost. It holds no
  /// values: a measurement, nothing that the rule could use.
  struct History {
    std::unordered_map<std::uint64_t, Instant> good_until{};  ///< by hash of the key
  };

  [[nodiscard]] Cache& cache(Context& context) {
    if (home_ == CacheHome::rule_module) return own_;
    auto& shared = context.helpers().template module<Shared>(module_);
    if (!shared.cache) shared.cache.emplace(entries_max_);
    return *shared.cache;
  }

  /// Why this cache has never had the key.
  [[nodiscard]] CacheLook why_cold(std::string_view key, Instant now, Context& context) {
    if (home_ == CacheHome::helper_module) {
      return cache(context).was_filled() ? CacheLook::cold : CacheLook::reset;
    }
    const auto& fetched = context.helpers().template module<History>(module_).good_until;
    if (fetched.empty()) return CacheLook::reset;
    const auto before = fetched.find(hash(key));
    if (before == fetched.end()) return CacheLook::cold;
    return before->second <= now ? CacheLook::expired : CacheLook::reload;
  }

  CacheHome home_;
  std::size_t entries_max_;
  std::string module_;  ///< its name: of the shared cache, or of the own one's history
  Cache own_;
};

}  // namespace rushhour::detect
