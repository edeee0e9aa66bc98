/// \file
/// What the strategies of a detection saved and what they cost: looks into caches by outcome, calls not made,
/// answers from a table and how old they were. The detection adds; whoever runs it owns the numbers, as they
/// outlive containers and reloads of rules.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <rushhour/detail/wide.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

/// What a look into a cache came to: a hit, or why it was a miss.
enum class CacheLook : std::uint8_t {
  hit,
  cold,     ///< the first time that this container asks for the key, into a cache that holds or held others
  expired,  ///< fetched before in this container, and too long ago
  evicted,  ///< fetched before and still good, but entries used later took its place
  reload,   ///< fetched before in this container and still good, but gone with the rule module that was
            ///< reloaded
  reset     ///< the container was new: nothing had been fetched in it for this cache
};

/// The looks into one cache, by what they came to. Counted when the key is looked for: a fetch that fails
/// after a miss fills no cache, and the next look is a miss again.
struct CacheCounts {
  std::uint64_t hits{};
  std::uint64_t cold{};
  std::uint64_t expired{};
  std::uint64_t evicted{};
  std::uint64_t reload{};
  std::uint64_t reset{};

  [[nodiscard]] std::uint64_t misses() const { return cold + expired + evicted + reload + reset; }
  [[nodiscard]] std::uint64_t looks() const { return hits + misses(); }

  void add(CacheLook look) {
    std::uint64_t CacheCounts::*const counters[] = {&CacheCounts::hits,    &CacheCounts::cold,
                                                    &CacheCounts::expired, &CacheCounts::evicted,
                                                    &CacheCounts::reload,  &CacheCounts::reset};
    ++(this->*counters[static_cast<std::size_t>(look)]);
  }
  void add(const CacheCounts& other) {
    hits += other.hits;
    cold += other.cold;
    expired += other.expired;
    evicted += other.evicted;
    reload += other.reload;
    reset += other.reset;
  }

  friend bool operator==(const CacheCounts&, const CacheCounts&) = default;
};

/// One for each detection of a run. A cache that is off leaves its counts at 0.
struct StrategyCounts {
  CacheCounts credentials{};  ///< of the assumed role
  CacheCounts secret{};       ///< with the API key
  CacheCounts verdicts{};     ///< by address

  std::uint64_t skipped_private{};  ///< not looked up, because the address is not public
  std::uint64_t over_budget{};      ///< not looked up, because the container's calls of the hour were used up

  std::uint64_t lookups{};          ///< in the look-up table
  std::uint64_t lookups_covered{};  ///< of these: the table had the address
  /// Age of the verdicts found; wide, as days times a million are.
  rushhour::detail::int128 staleness_sum_ns{};
  Duration staleness_max{};

  /// Rounded down; zero when the table had nothing.
  [[nodiscard]] Duration staleness_mean() const {
    return lookups_covered == 0
               ? Duration::zero()
               : Duration{static_cast<std::int64_t>(staleness_sum_ns /
                                                    static_cast<rushhour::detail::int128>(lookups_covered))};
  }

  void add(const StrategyCounts& other) {
    credentials.add(other.credentials);
    secret.add(other.secret);
    verdicts.add(other.verdicts);
    skipped_private += other.skipped_private;
    over_budget += other.over_budget;
    lookups += other.lookups;
    lookups_covered += other.lookups_covered;
    staleness_sum_ns += other.staleness_sum_ns;
    staleness_max = std::max(staleness_max, other.staleness_max);
  }

  friend bool operator==(const StrategyCounts&, const StrategyCounts&) = default;
};

}  // namespace rushhour::detect
