/// \file
/// A Service on a socket of this machine. It knows HTTP's framing, threads and the lock of the world; what is
/// answered is the service's business. Plain HTTP/1.1, loopback only; TLS and proxying are intercept.hpp's.
///
/// Each connection has a thread to itself while it lasts: an answer that is held back (Response::held_back)
/// holds up nobody else. It is as hard to exhaust as a server of tests need be: connections above the limit
/// are told 503 unless a silent one can go, a request that does not come whole in time is told 408, and
/// threads end when they have nothing to do. Answers leave at once (no Nagle: 43 ms an answer), are
/// compressed only where the service says so (Response::is_sent_as_gzip), and keep the connection whatever
/// their status, so that a storm of 429 is not one of reconnects (spec virustotal.md 5.5; cpp-httplib since
/// 0.28 closes it after 400 and more). It refuses by itself, and closes the connection: requests that are not
/// HTTP, and lines of more than 8 KB; Service::refuse() words the answer.
///
/// cpp-httplib reads the requests and writes the answers. Sockets and threads are ours, because its server
/// hands out no socket: it cannot refuse a connection, never gives up on a client that sends a byte every 4
/// s, and opens no tunnels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <rushhour/http/service.hpp>
#include <rushhour/time.hpp>

namespace rushhour::http {

struct ServerOptions {
  std::uint16_t port{};  ///< 0: any free one, see Server::port()
  const Clock* clock{};  ///< read inside the gate only; null: the wall clock
  /// At a time. At the limit a connection that has been silent for `silence_min` makes room for the next, as
  /// clients that keep theirs expect; where there is none, the next is told 503 and closed.
  std::size_t connections{256};
  Duration silence_min{std::chrono::seconds{1}};
  Duration idle_max{std::chrono::minutes{2}};  ///< how long a connection may wait for its next request
  /// How long a request may take from its first byte to its last, and an answer to be taken. Real time, as
  /// idle_max.
  Duration request_max{std::chrono::seconds{30}};
  /// The age of signatures is judged by the wall clock, as real clients sign by it; otherwise by `clock`.
  bool wall_time_for_signatures{false};
  /// Longer bodies never reach Service::handle(), but Service::refuse(). Up to 16 MB they are read to their
  /// end, so that the connection goes on; then, or where so much is announced, it ends with the answer.
  std::size_t body_size_max{std::size_t{1} << 20};
};

/// Serves from the constructor's end to stop(). Requests are handled by several threads, one at a time inside
/// the gate.
class Server {
 public:
  using Options = ServerOptions;

  /// `service` and the clock outlive the server. Throws std::runtime_error when the port is not to be had.
  explicit Server(Service& service, Options options = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  [[nodiscard]] std::uint16_t port() const;
  /// The gate that requests go through: for who looks into the world, or moves its clock, while it is served.
  [[nodiscard]] Gate& gate();

  /// Takes no more connections, breaks those whose answer is held back, gives other requests under way 2 s to
  /// finish, and returns when all threads have ended. Idempotent; not from within a request.
  void stop();

  /// Sockets and threads.
  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace rushhour::http

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/http/detail/server_inl.hpp>
#endif
