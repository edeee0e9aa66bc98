/// \file
/// A client of one server on this machine that keeps its connection, by cpp-httplib. It knows nothing of what
/// it carries, follows no redirects and repeats nothing: a repeated call would be a second call in the
/// journal.
#pragma once

#include <cstdint>
#include <memory>

#include <rushhour/http/message.hpp>
#include <rushhour/time.hpp>

namespace rushhour::http {

struct ClientOptions {
  Duration connect_max{std::chrono::seconds{5}};
  Duration answer_max{std::chrono::seconds{30}};
};

/// Not synchronised: one for each thread.
class Client {
 public:
  using Options = ClientOptions;

  /// To 127.0.0.1:`port`. Connects with the first request, and again whenever the server has closed the
  /// connection.
  explicit Client(std::uint16_t port, Options options = {});
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  /// Sends one request and waits for the answer. Status 0: none came; the body says why, if it was the
  /// connecting that failed or the request could not be sent as it is. Adds Content-Length and, where
  /// missing, Host and Accept.
  [[nodiscard]] Response send(const Request& request);

  /// The httplib side.
  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace rushhour::http

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/http/detail/client_inl.hpp>
#endif
