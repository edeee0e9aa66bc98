/// \file
/// The way in over a socket: signed requests to a server on this machine (http/server.hpp, `rushhour serve`).
#pragma once

#include <cstdint>
#include <utility>

#include <rushhour/api/http_endpoint.hpp>
#include <rushhour/http/client.hpp>

namespace rushhour::api {

/// Signs for the instant that perform() is given; what the server decides on is its own clock. A connection
/// that breaks by accident is Outcome::reset; faults are told in headers, so that they are what they were.
class SignedHttp final : public HttpEndpoint {
 public:
  /// `names` outlives the endpoint.
  SignedHttp(std::uint16_t port, const Names& names, Options options = {},
             http::ClientOptions connection = {})
      : HttpEndpoint(names, std::move(options)), client_(port, connection) {}

 private:
  [[nodiscard]] http::Response exchange(const http::Request& request, Instant /*now*/) override {
    return client_.send(request);
  }

  http::Client client_;
};

}  // namespace rushhour::api
