/// \file
/// The way in for programs that were written for the real hosts: one port of this machine that is a proxy, a
/// TLS server for any name, and a plain server, whichever a client takes it for. The requests inside reach a
/// Service as they would on http/server.hpp, Host and all. It lets nothing out: other hosts are refused.
///
///     CONNECT www.virustotal.com:443      a tunnel, with TLS or plain HTTP in it
///     TLS at once                         the host is the one that the client names in it (SNI)
///     GET http://sts.amazonaws.com/ ...   as clients ask a proxy (RFC 9112, section 3.2.2)
///     GET / ...                           the host is that of the header
///
/// What a program needs to know to come this way is in child_environment.hpp, and what it trusts then is the
/// authority of certificates.hpp.
///
/// Source: spec virustotal.md 5.2 and 5.3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <rushhour/config.hpp>
#include <rushhour/http/certificates.hpp>
#include <rushhour/http/service.hpp>
#include <rushhour/time.hpp>

namespace rushhour::http {

struct InterceptorOptions {
  std::uint16_t port{};  ///< 0: any free one, see Interceptor::port()
  /// Whether a host, without its port, is one whose requests the service answers. Loopback's names are
  /// beside it. Called by several threads. Empty: loopback alone.
  std::function<bool(std::string_view host)> serves{};
  /// Told of each request for another host. Called by several threads. Empty: nobody is.
  std::function<void(std::string_view host)> refused{};
  /// At a time. At the limit a connection that has been silent for `silence_min` makes room for the next, as
  /// clients that keep theirs expect; where there is none, the next is told 503 and closed.
  std::size_t connections{256};
  Duration silence_min{std::chrono::seconds{1}};
  Duration idle_max{std::chrono::minutes{2}};  ///< how long a connection may wait for its next request
  /// How long a handshake may take, and a request from its first byte to its last. Real time, as idle_max.
  Duration request_max{std::chrono::seconds{30}};
  std::size_t body_size_max{std::size_t{1} << 20};  ///< as http::ServerOptions
};

/// Serves from the constructor's end to stop(). Requests are handled by several threads, one at a time inside
/// the gate.
class Interceptor {
 public:
  using Options = InterceptorOptions;

  /// `service` and `gate` outlive it; the gate is that of the service's http::Server, where it has one
  /// (Server::gate()). Throws std::runtime_error when the port is not to be had.
  Interceptor(Service& service, Gate& gate, Options options = {});
  Interceptor(const Interceptor&) = delete;
  Interceptor& operator=(const Interceptor&) = delete;
  ~Interceptor();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] const CertificateAuthority& authority() const;

  /// As Server::stop(). Idempotent; not from within a request.
  void stop();

  /// Sockets and threads.
  struct State;

 private:
  std::unique_ptr<State> state_;
};

/// `127.0.0.1`, other addresses of 127/8, `::1`, with brackets or without, and `localhost`, whatever stands
/// before it.
[[nodiscard]] bool is_loopback(std::string_view host);

}  // namespace rushhour::http

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/http/detail/intercept_inl.hpp>
#endif
