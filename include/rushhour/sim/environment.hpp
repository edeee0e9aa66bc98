/// \file
/// What a compute service runs: an execution environment that looks at events and keeps state between them.
/// The fleets know nothing more of detections.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include <rushhour/event/event.hpp>
#include <rushhour/sim/losses.hpp>
#include <rushhour/sim/message_queue.hpp>
#include <rushhour/time.hpp>

namespace rushhour::sim {

/// A container with what its rules keep. It is destroyed when the service takes it away, and its state with
/// it.
class Environment {
 public:
  Environment() = default;
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  virtual ~Environment() = default;

  /// An invocation begins that is killed at `deadline` (Instant::max(): never): a wait then throws
  /// InvocationTimedOut.
  virtual void begin_invocation(Instant deadline) = 0;
  /// Looks at an event; may wait.
  /// \param message  where it came in, and its place there; null without a queue
  virtual void handle(const event::Event& event, Message* message, std::size_t place) = 0;
  /// The invocation has looked at everything: what it found is written.
  virtual void end_invocation() = 0;
  /// What it waited for when it was killed.
  [[nodiscard]] virtual Cause waited_for() const = 0;
};

/// Makes the environment with this number, from 0; each number is given once.
using MakeEnvironment = std::function<std::unique_ptr<Environment>(std::size_t number)>;

}  // namespace rushhour::sim
