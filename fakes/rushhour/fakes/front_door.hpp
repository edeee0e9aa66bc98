/// \file
/// Where HTTP messages enter a World: it tells the services apart, checks signatures, runs the operation
/// through the one pipeline and words the answer as each service's protocol does. It opens no socket
/// (http/server.hpp does) and decides nothing about permissions, quotas or secrets (the fakes do).
///
/// Sources: spec aws.md 1 and 2.3 (protocols, codes), spec virustotal.md 1.7 and 2.4 (bodies and headers as
/// recorded).
#pragma once

#include <cstddef>
#include <memory>

#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/service.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

struct FrontDoorOptions {
  /// How far a client's clock may be off.
  Duration clock_tolerance{aws::default_clock_tolerance};
  /// Texts of VirusTotal reports kept for the next time, some 12 KB each.
  std::size_t reports_kept{1024};
  /// Signing keys shared with the signer. Only where one thread does both; null: own ones, for any number of
  /// threads.
  aws::SigningKeys* keys{};
};

/// Any number of threads may call handle(); it enters the gate for as long as it needs the world.
class FrontDoor final : public http::Service {
 public:
  using Options = FrontDoorOptions;

  /// `world` outlives the door.
  explicit FrontDoor(World& world, Options options = {});
  ~FrontDoor() override;

  /// Answers one request. A Response with status 0 means: send nothing, which is what a Fault asked for; its
  /// header `x-rushhour-outcome` says which kind, and `held_back` when the connection breaks, if ever. A
  /// request of a simulation (api::attribution_header) is told all this in an answer instead, so that its own
  /// clock can do the waiting.
  [[nodiscard]] http::Response handle(const http::Request& request, http::Gate& gate) override;

  /// All that the door keeps between requests.
  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/front_door_inl.hpp>
#endif
