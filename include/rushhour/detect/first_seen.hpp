/// \file
/// Detections of the first time: how products remember which terms they have seen, behind one interface, so
/// that they can be judged on the same documents. Each strategy is a header in first_seen/; whether an alert
/// is right, score.hpp says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/time.hpp>

namespace rushhour::detect {

/// A term of a document that matches, as it reaches the detection. A document with several combinations of
/// values is seen once for each.
struct Sighting {
  std::uint64_t document{};  ///< as Event::id()
  Instant time{};            ///< when what the document tells of happened
  Instant ingested{};        ///< event.ingested, in whole seconds
  Instant arrival{};         ///< when the detection can first see it
  std::string_view key{};    ///< the term; lives during the call
};

struct FirstSeenAlert {
  std::uint64_t document{};
  std::string key{};
  Instant at{};  ///< when it was written

  friend bool operator==(const FirstSeenAlert&, const FirstSeenAlert&) = default;
};

/// What a strategy has cost so far.
struct FirstSeenCosts {
  std::uint64_t reads{};      ///< requests that only read: searches, look-ups
  std::uint64_t writes{};     ///< requests that change state
  std::size_t bytes{};        ///< of state, now
  std::size_t bytes_max{};    ///< at most
  std::uint64_t truncated{};  ///< runs that had more alerts than they may write
};

class FirstSeen {
 public:
  FirstSeen() = default;
  FirstSeen(const FirstSeen&) = delete;
  FirstSeen& operator=(const FirstSeen&) = delete;
  virtual ~FirstSeen() = default;

  /// Sightings come in order of arrival, each after advance() to it.
  virtual void see(const Sighting& sighting) = 0;
  /// Does what is due until then: runs, expiries, updates. Time never goes back.
  virtual void advance(Instant now) = 0;
  /// What it has alerted of since it was last asked, in order of writing.
  [[nodiscard]] virtual std::vector<FirstSeenAlert> take_alerts() = 0;
  [[nodiscard]] virtual FirstSeenCosts costs() const = 0;
};

}  // namespace rushhour::detect
