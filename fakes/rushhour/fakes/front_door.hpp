/// \file
/// Where HTTP messages enter a World: it tells the services apart, checks signatures, runs the operation
/// through the one pipeline and words the answer as each service's protocol does. It opens no socket
/// (http/server.hpp does) and decides nothing about permissions, quotas or secrets (the fakes do).
///
/// The Region of a request is the one in its signature's scope; it must be the Host's, where the Host names
/// one.
///
/// Sources: spec aws.md 1 and 2.3 (protocols, codes), spec virustotal.md 1.7 and 2.4 (bodies and headers as
/// recorded).
#pragma once

#include <cstddef>
#include <memory>

#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/stubs.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/service.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

struct FrontDoorOptions {
  /// Asked before the services; null: none. It outlives the door. Requests that are too large reach no stub.
  Stubs* stubs{};
  /// How old and how new a signature may be, and whether X-Amz-Expires counts.
  aws::TimeRules time{};
  /// Texts of VirusTotal reports kept for the next time, some 12 KB each.
  std::size_t reports_kept{1024};
  /// Signing keys shared with the signer. Only where one thread does both; null: own ones, for any number of
  /// threads.
  aws::SigningKeys* keys{};
  /// Members and parameters that no operation has are ignored, as AWS does [MEM]. Otherwise refused: all
  /// members of the current service models are known here, so another one is a mistake that AWS would hide.
  bool ignores_unknown_members{};
  /// Whether requests count as sent over TLS, for `aws:SecureTransport` and CloudTrail. AWS's endpoints take
  /// no others; a fake is reached without, and policies that want TLS should not bar it.
  bool is_secure{true};
  /// Larger requests are refused, bodies by 413, heads (target and headers) by 400. [CHOICE] the numbers.
  std::size_t body_size_max{std::size_t{1} << 20};
  std::size_t head_size_max{std::size_t{16} << 10};
  /// Of bodies with files for VirusTotal [DOC: 32 MB; by an upload URL 650 MB, which the fake does not take].
  /// A server before the door has a limit of its own (http::ServerOptions).
  std::size_t upload_size_max{std::size_t{33} << 20};
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
  /// In the form of the service that the request was meant for, as far as that can be told.
  [[nodiscard]] http::Response refuse(const http::Request& request, http::Gate& gate,
                                      http::Unfit why) override;

  /// All that the door keeps between requests.
  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/front_door_inl.hpp>
#endif
