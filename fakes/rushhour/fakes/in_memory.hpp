/// \file
/// A world behind its front door, on one thread: every call becomes a signed HTTP message and is read back
/// from the answer, without a socket. The direct way in is the World itself, the wire http/server.hpp.
#pragma once

#include <rushhour/api/endpoint.hpp>
#include <rushhour/api/in_memory.hpp>
#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/world.hpp>

namespace rushhour::fakes {

class InMemoryWorld final : public api::Endpoint {
 public:
  /// `world` outlives it.
  explicit InMemoryWorld(World& world)
      : door_(world, {.keys = &keys_}),
        endpoint_(
            door_, world.ledger.names(),
            {.region = world.options.region, .sts_region = std::string{world.sts_region()}, .keys = &keys_}) {
  }

  bool perform(const api::Exchange& exchange, Instant now) override {
    return endpoint_.perform(exchange, now);
  }

 private:
  aws::SigningKeys keys_;  // one cache for both ends: a new session's key is derived once
  FrontDoor door_;
  api::InMemory endpoint_;
};

}  // namespace rushhour::fakes
