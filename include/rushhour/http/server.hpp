/// \file
/// A Service on a socket of this machine, by cpp-httplib 0.11.4 or newer. It knows HTTP's framing, threads
/// and the lock of the world; what is answered is the service's business. Plain HTTP, loopback only. An
/// answer that is held back (Response::held_back) keeps its connection and that connection's thread, and no
/// other.
///
/// What cpp-httplib does by itself, and this server does not (spec performance.md 1, each measured):
///   * Nagle's algorithm: 43 ms an answer;
///   * a pool of 8 threads, each bound to one connection, so that the ninth client waits 5 s: here the pool
///   has as many
///     threads as connections are promised;
///   * 5 requests to a connection, then a reconnect; a backlog of 5 connections not yet accepted;
///   * an address that a second server may share (SO_REUSEPORT) and then takes half of the requests;
///   * compressed answers for who accepts them;
///   * routing by regular expressions;
///   * waiting for idle clients when stopped.
/// It refuses by itself, and closes the connection: requests that are not HTTP, and lines of more than 8 KB;
/// Service::refuse() words the answer.
/// Since 0.28 it closes the connection after every status of 400 or more: clients then reconnect (spec
/// virustotal.md 5.5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <rushhour/http/service.hpp>
#include <rushhour/time.hpp>

namespace rushhour::http {

struct ServerOptions {
  std::uint16_t port{};                        ///< 0: any free one, see Server::port()
  const Clock* clock{};                        ///< read inside the gate only; null: the wall clock
  std::size_t connections{64};                 ///< kept alive at a time; those beyond wait for one to end
  Duration idle_max{std::chrono::minutes{2}};  ///< how long a connection may wait for its next request
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

  /// The httplib side.
  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace rushhour::http

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/http/detail/server_inl.hpp>
#endif
