/// \file
/// What a run of a rule takes and gives: the ranges of time that it looks at, and the alerts that it writes.
/// Planning the ranges is schedule.hpp's business.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <rushhour/time.hpp>

namespace rushhour::elastic {

namespace detail {

/// Elasticsearch's dates count milliseconds.
[[nodiscard]] inline std::int64_t to_ms(Instant instant) {
  return std::chrono::floor<std::chrono::milliseconds>(instant).time_since_epoch().count();
}

}  // namespace detail

/// A range that one search of a run covers, both ends included. A run that has to catch up has several.
struct Tuple {
  Instant from{};
  Instant to{};
  Instant history_start{};  ///< of new-terms rules
};

/// An alert is identified by what it is about: its document and its terms. Running again over the same
/// documents writes it no second time.
struct RuleAlert {
  std::uint64_t document{};  ///< as Event::id()
  std::string terms{};       ///< a key of term_key.hpp; empty when the rule has no terms

  friend bool operator==(const RuleAlert&, const RuleAlert&) = default;
};

/// What one run came to.
struct Execution {
  Instant started{};
  std::vector<RuleAlert> alerts{};  ///< in the order in which they were written
  bool truncated{};                 ///< there were more than max_signals in one of its tuples
  Duration gap{};                   ///< before its oldest tuple, and looked at by no run
  std::uint64_t searches{};         ///< `_search` and `_msearch` requests, the look-ups of alerts included
};

}  // namespace rushhour::elastic
