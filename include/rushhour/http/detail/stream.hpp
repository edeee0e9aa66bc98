/// \file
/// One end of a connection as bytes that come and go by a deadline, and its plain form: a socket. It knows
/// nothing of what the bytes say (httplib does, see conversation.hpp), nor of TLS (tls_stream.hpp). Linux and
/// the BSDs.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <string_view>

#include <rushhour/http/detail/sockets.hpp>
#include <rushhour/time.hpp>

namespace rushhour::http::detail {

/// Real time: a client that dawdles does so on its own clock, whatever the world's says.
using Deadline = std::chrono::steady_clock::time_point;

/// Duration::max() is never.
[[nodiscard]] inline Deadline deadline_in(Duration length) {
  const Deadline now = std::chrono::steady_clock::now();
  return length >= Deadline::max() - now ? Deadline::max() : now + length;
}

enum class Ready { yes, late, stopped };

/// Waits until the socket can be read or written (`events`), the deadline passes, or the signal is given,
/// which goes before. An error on the socket counts as ready: the next call on it tells.
[[nodiscard]] inline Ready wait_for(int socket, short events, Deadline deadline,
                                    const Signal* stopping = nullptr) {
  constexpr std::chrono::milliseconds at_once_max = std::chrono::hours{1};  // poll() counts in an int
  for (;;) {
    const auto left = deadline - std::chrono::steady_clock::now();
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(
        std::clamp<Duration>(left, Duration::zero(), at_once_max));
    std::array<pollfd, 2> waited_for{
        {{.fd = socket, .events = events, .revents = 0},
         {.fd = stopping == nullptr ? -1 : stopping->descriptor(), .events = POLLIN, .revents = 0}}};
    const int woken = ::poll(waited_for.data(), waited_for.size(), static_cast<int>(wait.count()));
    if (woken < 0 && errno != EINTR) return Ready::late;
    if (woken > 0) return waited_for[1].revents != 0 ? Ready::stopped : Ready::yes;
    if (woken == 0 && std::chrono::steady_clock::now() >= deadline) return Ready::late;
  }
}

class Stream {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  /// How many bytes came, at least one; 0: the other end has closed; below 0: it failed, or the deadline
  /// passed.
  [[nodiscard]] virtual std::ptrdiff_t receive(char* to, std::size_t size, Deadline deadline) = 0;
  /// Whether all of it went out.
  [[nodiscard]] virtual bool send(std::string_view bytes, Deadline deadline) = 0;
  /// Whether bytes have come that the socket no longer holds.
  [[nodiscard]] virtual bool has_more() const { return false; }
};

/// A non-blocking socket, which somebody else closes.
class SocketStream final : public Stream {
 public:
  explicit SocketStream(int socket) : socket_(socket) {}

  [[nodiscard]] std::ptrdiff_t receive(char* to, std::size_t size, Deadline deadline) override {
    for (;;) {
      const ssize_t got = ::recv(socket_, to, size, 0);
      if (got >= 0) return got;
      if (errno == EINTR) continue;
      if (!would_block() || wait_for(socket_, POLLIN, deadline) != Ready::yes) return -1;
    }
  }

  [[nodiscard]] bool send(std::string_view bytes, Deadline deadline) override {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno != EINTR) {
        if (!would_block() || wait_for(socket_, POLLOUT, deadline) != Ready::yes) return false;
      }
    }
    return true;
  }

 private:
  [[nodiscard]] static bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

  int socket_;
};

}  // namespace rushhour::http::detail
