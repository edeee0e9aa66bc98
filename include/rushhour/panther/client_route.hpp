/// \file
/// Where the calls of Python code go, and how many there were: what a Clients (clients.hpp) is told, and
/// tells.
#pragma once

#include <cstdint>
#include <string>

#include <rushhour/panther/client_tier.hpp>

namespace rushhour::fakes {
class World;
}

namespace rushhour::panther {

/// Where the calls go.
struct ClientRoute {
  ClientTier tier{ClientTier::api};
  /// Who answers HTTP requests, and words VirusTotal's answers; it outlives the route. At the API level calls
  /// go to the endpoint of the context's session, which is the same world by whichever way in.
  fakes::World* world{};
  std::uint16_t port{};  ///< of a server on 127.0.0.1 before the world, for ClientTier::wire
  /// From where the lines that call are told in the world's journal; empty: as Python knows its files.
  std::string folder{};
};

/// What was made and called since the hooks are there. Clients that code makes are also counted where calls
/// are, in api::Session::clients_made.
struct ClientCounts {
  std::uint64_t clients{};        ///< asked for by code: `boto3.client()`, `requests.get()` outside a Session
  std::uint64_t real_clients{};   ///< that botocore made for it; at the API level one serves for many
  std::uint64_t api_calls{};      ///< calls at the API level, their retries not counted
  std::uint64_t http_attempts{};  ///< requests that were sent, in memory or over the wire
  std::uint64_t refused{};        ///< calls to hosts or services that are not simulated
};

}  // namespace rushhour::panther
