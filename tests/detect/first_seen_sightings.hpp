// Sightings for tests of first-seen strategies, one at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/detect/first_seen.hpp>

namespace rushhour::detect {

inline Instant hour(std::int64_t count) { return Instant{std::chrono::hours{count}}; }
inline Instant day(std::int64_t count) { return Instant{std::chrono::days{count}}; }

/// A document arrives, `late` after what it tells of.
inline void arrive(FirstSeen& strategy, std::uint64_t document, std::string_view key, Instant at,
                   Duration late = {}) {
  strategy.advance(at);
  strategy.see({.document = document,
                .time = at - late,
                .ingested = std::chrono::floor<std::chrono::seconds>(at),
                .arrival = at,
                .key = key});
}

/// `key document@hour`, as many as there are.
inline std::vector<std::string> told(FirstSeen& strategy) {
  std::vector<std::string> out;
  for (const FirstSeenAlert& alert : strategy.take_alerts()) {
    out.push_back(
        alert.key + ' ' + std::to_string(alert.document) + '@' +
        std::to_string(std::chrono::floor<std::chrono::hours>(alert.at.time_since_epoch()).count()));
  }
  return out;
}

}  // namespace rushhour::detect
