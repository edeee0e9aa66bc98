#include <utility>

#include <rushhour/api/signed_http.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/in_memory.hpp>
#include <rushhour/http/server.hpp>

#include "running.hpp"

namespace rushhour::cli {

namespace {

/// Signed messages over loopback, to a server that decides on the simulation's clock.
class WireTransport final : public api::Endpoint {
 public:
  WireTransport(fakes::World& world, Clock& clock)
      : door_(world),
        server_(door_, {.clock = &clock, .connections = 4}),
        endpoint_(server_.port(), world.ledger.names(),
                  {.region = world.options.region, .sts_region = std::string{world.sts_region()}}) {}
  bool perform(const api::Exchange& exchange, Instant now) override {
    return endpoint_.perform(exchange, now);
  }

 private:
  fakes::FrontDoor door_;
  http::Server server_;
  api::SignedHttp endpoint_;
};

}  // namespace

scenario::MakeEndpoint make_transport(const std::string& name) {
  if (name == "memory") {
    return [](fakes::World& world, Clock&) { return std::make_unique<fakes::InMemoryWorld>(world); };
  }
  if (name == "wire") {
    return [](fakes::World& world, Clock& clock) { return std::make_unique<WireTransport>(world, clock); };
  }
  return {};
}

}  // namespace rushhour::cli
