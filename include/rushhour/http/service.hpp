/// \file
/// What answers HTTP requests, and the gate through which they come into its world one at a time. Sockets,
/// threads and parsing from bytes are http/server.hpp's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>

#include <rushhour/http/message.hpp>
#include <rushhour/time.hpp>

namespace rushhour::http {

/// Lets one request at a time into a world, and says when it came in. A service does what needs no state
/// (parsing, hashing a body) before it enters.
class Gate {
 public:
  /// Held while a request decides. `now` never decreases from one entry to the next, which limiters assert.
  struct Entry {
    std::unique_lock<std::mutex> lock{};
    Instant now{};
  };

  Gate() = default;
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  virtual ~Gate() = default;

  [[nodiscard]] virtual Entry enter() = 0;
  /// The time on the caller's wall clock, against which the age of a signature is judged.
  [[nodiscard]] virtual Instant wall_time() const = 0;
};

/// The gate of a world that only one thread knows: nothing to lock, and one clock for everything.
class OpenGate final : public Gate {
 public:
  explicit OpenGate(Instant now) : now_(now) {}
  [[nodiscard]] Entry enter() override { return {.now = now_}; }
  [[nodiscard]] Instant wall_time() const override { return now_; }

 private:
  Instant now_;
};

/// Why a request is refused before anybody looks at what it asks for.
enum class Unfit : std::uint8_t {
  unreadable,        ///< no HTTP, as far as it came
  headers_too_long,  ///< the line of the request, or a header
  body_too_long
};

class Service {
 public:
  Service() = default;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  virtual ~Service() = default;

  [[nodiscard]] virtual Response handle(const Request& request, Gate& gate) = 0;

  /// Words the refusal of a request that was not received as a whole: what is known of it is in `request`.
  /// Unless overridden: 400, 431 or 413, and no body.
  [[nodiscard]] virtual Response refuse(const Request& /*request*/, Gate& /*gate*/, Unfit why) {
    constexpr int statuses[] = {400, 431, 413};
    return {.status = statuses[static_cast<std::size_t>(why)], .headers = {}, .body = {}};
  }
};

}  // namespace rushhour::http
