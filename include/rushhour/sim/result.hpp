/// \file
/// What a run came to: where the events went, what the detections made of them, how late, and what the queue
/// and the fleet did. The calls are in measure/.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <rushhour/histogram.hpp>
#include <rushhour/sim/engine.hpp>
#include <rushhour/sim/losses.hpp>
#include <rushhour/sim/outcomes.hpp>
#include <rushhour/time.hpp>

namespace rushhour::sim {

struct SimulationResult {
  Instant first_arrival{};
  Instant last_arrival{};
  Instant end{};  ///< when the last worker was done
  Delivery delivery{};
  Waiting waiting{};
  Histogram event_to_verdict{};    ///< from the event's own time to the end of its last rule, for events kept
  Histogram arrival_to_verdict{};  ///< from its arrival
  std::vector<Outcomes> detections{};
  Losses losses{};
  QueueCounts queue{};
  FleetCounts fleet{};
};

}  // namespace rushhour::sim
