/// \file
/// Holds the tiers of clients.hpp against each other: the same Python code on the same event, on each tier in
/// a world of its own with the same seed, and what came of it: results, calls, clients, time. It says what
/// differs and judges nothing; a run samples its events with it.
#pragma once

#include <rushhour/panther/object.hpp>
#include <rushhour/panther/python_thread.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <rushhour/api/client.hpp>
#include <rushhour/api/latency.hpp>
#include <rushhour/detect/context.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/service.hpp>
#include <rushhour/panther/client_tier.hpp>
#include <rushhour/panther/clients.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::panther {

/// A service on a port of 127.0.0.1, as long as it lives: http::Server, which not everybody links.
class ServedPort {
 public:
  ServedPort() = default;
  ServedPort(const ServedPort&) = delete;
  ServedPort& operator=(const ServedPort&) = delete;
  virtual ~ServedPort() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
};

/// Serves on the clock's time. Both outlive what it returns.
using ServeOnPort = std::function<std::unique_ptr<ServedPort>(http::Service& service, const Clock& clock)>;

/// What one tier made of it.
struct TierResult {
  ClientTier tier{};
  std::string result{};  ///< Python's repr() of what was returned, or `Type: message` of what was raised
  std::vector<std::string> calls{};  ///< `sts:AssumeRole ok, attempt 1`, in the order of the journal
  std::uint64_t clients_made{};      ///< api::Session::clients_made
  std::uint64_t logical_calls{};     ///< retries not counted
  Duration lasted{};                 ///< virtual time

  friend bool operator==(const TierResult&, const TierResult&) = default;
};

struct TierComparison {
  std::vector<TierResult> tiers{};  ///< the API level first
  /// In words, each against the API level: `http: call 3 is virustotal:ip_addresses throttled, attempt 1; at
  /// the API level it is virustotal:ip_addresses ok, attempt 1`. Empty: all agree.
  std::vector<std::string> differences{};
};

struct TierProofOptions {
  /// Makes the world, the same each time: seed, quotas, faults.
  std::function<std::unique_ptr<fakes::PantherWorld>()> make_world{};
  /// For the wire; empty: it is left out.
  ServeOnPort serve{};
  api::Latencies latencies{};
  api::Timeouts timeouts{};
  detect::MakePolicy make_policy{};
  bool clients_per_call{};
  std::string detection{"tier-proof"};  ///< whose calls they are
  /// Of the events, as a simulation has it: an event's draws are those of its number and the detection's
  /// name.
  Stream events{Random{1}.stream("simulation.events")};
};

class TierProof {
 public:
  using Options = TierProofOptions;
  /// Runs the code, inside Python, and returns what it returned. A rule keeps state in its modules, so it
  /// loads them anew.
  using Evaluate = std::function<Object(ClientTier tier)>;

  /// `clients` outlive it.
  TierProof(Clients& clients, Options options) : clients_(clients), options_(std::move(options)) {}

  /// Runs the code on each tier at `at`, for the event of this number. Outside Python; the clients' route is
  /// afterwards what it was. The virtual time that Python code itself asks for needs rushhour::panther_clock,
  /// without which signatures of requests by HTTP are out of date.
  [[nodiscard]] TierComparison compare(PythonHost& host, Instant at, std::uint64_t event,
                                       const Evaluate& evaluate);

 private:
  [[nodiscard]] TierResult run(PythonHost& host, ClientTier tier, Instant at, std::uint64_t event,
                               const Evaluate& evaluate);

  Clients& clients_;
  Options options_;
};

/// What differs between two tiers, in words.
[[nodiscard]] std::vector<std::string> differences(const TierResult& api, const TierResult& other);

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/tier_proof_inl.hpp>
#endif
