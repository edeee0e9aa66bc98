/// \file
/// The way in through full HTTP messages without a socket: signatures, forms, XML and JSON as on the wire, in
/// one thread and at the instant of the caller.
#pragma once

#include <utility>

#include <rushhour/api/http_endpoint.hpp>
#include <rushhour/http/service.hpp>

namespace rushhour::api {

class InMemory final : public HttpEndpoint {
 public:
  /// `service` and `names` outlive the endpoint.
  InMemory(http::Service& service, const Names& names, Options options = {})
      : HttpEndpoint(names, std::move(options)), service_(service) {}

 private:
  [[nodiscard]] http::Response exchange(const http::Request& request, Instant now) override {
    http::OpenGate gate{now};
    return service_.handle(request, gate);
  }

  http::Service& service_;
};

}  // namespace rushhour::api
