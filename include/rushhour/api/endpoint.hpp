/// \file
/// The seam between a client and a service: one virtual function. Behind it stands a fake called directly, a
/// fake behind HTTP messages in memory, or a server on a socket; the client cannot tell, and the behaviour is
/// one.
#pragma once

#include <cstdint>
#include <source_location>
#include <string>
#include <string_view>
#include <variant>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/sigv4.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/names.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api {

struct Anonymous {};

/// A VirusTotal API key, as the `x-apikey` header carries it.
struct ApiKey {
  std::string key{};
};

/// Who a client says it is.
using Identity = std::variant<Anonymous, aws::Credentials, ApiKey>;

/// Whose call it is, for journals and reports.
struct Attribution {
  Name detection{};
  std::uint64_t event{};   ///< from 1; 0: none
  std::uint8_t attempt{};  ///< from 1; 0: unknown
  Function function{};     ///< of the detection
  std::source_location where{};
  /// In place of `where`, of code that is not C++ or not of this process: a Site's text (site.hpp), as a name
  /// of the world that answers.
  Name site{};
};

/// One attempt of one call: the request as its typed struct, and where the answer goes.
struct Exchange {
  const Operation& operation;
  const void* input;
  void* output;
  const Identity& identity;
  const Attribution& attribution;
  Failure& failure;
  Duration* delay{};          ///< not null: where to add what a fault makes the answer take longer
  std::string_view region{};  ///< where it is sent; empty: the Region of whoever answers
};

class Endpoint {
 public:
  Endpoint() = default;
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;
  virtual ~Endpoint() = default;

  /// Performs one attempt at `now`. True: `exchange.output` is filled; false: `exchange.failure` is.
  virtual bool perform(const Exchange& exchange, Instant now) = 0;
};

}  // namespace rushhour::api
