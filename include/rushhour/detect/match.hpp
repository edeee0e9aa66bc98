/// \file
/// Which events concern a detection: an exact share of a stream, or records with certain event names.
/// Scenarios use it to say how much of the traffic a rule looks at, without writing the rule.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/event/event.hpp>
#include <rushhour/event/path.hpp>
#include <rushhour/random.hpp>
#include <rushhour/ratio.hpp>

namespace rushhour::detect {

class Match {
 public:
  /// Exactly floor(share * events) of the events with ids 1 to `events`, spread by a seeded permutation; of
  /// those beyond, as many as the permutation of the next `events` says.
  [[nodiscard]] static Match share(Ratio share, std::uint64_t events, Stream stream) {
    Match match;
    match.events_ = events;
    match.matching_ = share.of(events);
    match.permutation_.emplace(stream, events);
    return match;
  }
  /// Records whose `eventName` is one of these.
  [[nodiscard]] static Match event_names(std::vector<std::string> names) {
    Match match;
    match.names_ = std::move(names);
    return match;
  }

  [[nodiscard]] bool operator()(const event::Event& event) const {
    if (permutation_) return (*permutation_)((event.id() - 1) % events_) < matching_;
    const std::string_view name = path_(event).text_or("");
    for (const std::string& wanted : names_) {
      if (name == wanted) return true;
    }
    return false;
  }

 private:
  Match() = default;

  std::optional<Permutation> permutation_{};
  std::uint64_t events_{1};
  std::uint64_t matching_{};
  std::vector<std::string> names_{};
  event::Path path_{"eventName"};
};

}  // namespace rushhour::detect
