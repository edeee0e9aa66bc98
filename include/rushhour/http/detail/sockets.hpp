/// \file
/// Sockets: the addresses at their ends, and waiting on one until something else happens. Linux and the BSDs.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <string>

#include <rushhour/time.hpp>

namespace rushhour::http::detail {

/// The port at one end of an IPv4 connection; 0 when there is none. `end` is getsockname or getpeername.
template <class End>
[[nodiscard]] std::uint16_t port_at(int descriptor, End end) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (end(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0 || address.sin_family != AF_INET)
    return 0;
  return ntohs(address.sin_port);
}

/// The address of the other end of an IPv4 connection: `127.0.0.1`; empty when there is none.
[[nodiscard]] inline std::string address_of(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  std::array<char, INET_ADDRSTRLEN> text{};
  return ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size()) == nullptr ? "" : text.data();
}

/// Given once, and heard by everyone who waits for it, now or later.
class Signal {
 public:
  Signal() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0)
      ends_ = {-1, -1};  // then nobody hears it: poll() passes over -1
  }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  ~Signal() {
    for (const int end : ends_) ::close(end);
  }

  /// The byte stays in the pipe, so that all see it.
  void give() const {
    const char byte = 0;
    static_cast<void>(!::write(ends_[1], &byte, 1));
  }
  [[nodiscard]] int descriptor() const { return ends_[0]; }

 private:
  std::array<int, 2> ends_{-1, -1};
};

/// Waits for as long as it is told, Duration::max() for ever, in real time. False: before that the client
/// hung up (or closed its half, after which httplib would send it nothing), or the signal was given.
[[nodiscard]] inline bool wait_out(int connection, const Signal& signal, Duration length) {
#ifdef POLLRDHUP
  constexpr short hung_up = POLLRDHUP;
#else
  constexpr short hung_up = 0;  // poll() tells POLLHUP unasked
#endif
  using SteadyClock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds at_once_max = std::chrono::hours{1};  // poll() counts in an int
  const bool for_ever = length == Duration::max();
  const SteadyClock::time_point begin = SteadyClock::now();
  for (;;) {
    const Duration left = for_ever ? Duration::max() : length - (SteadyClock::now() - begin);
    if (left <= Duration::zero()) return true;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(std::min<Duration>(left, at_once_max));
    std::array<pollfd, 2> waited_for{{{.fd = connection, .events = hung_up, .revents = 0},
                                      {.fd = signal.descriptor(), .events = POLLIN, .revents = 0}}};
    const int woken = ::poll(waited_for.data(), waited_for.size(), static_cast<int>(wait.count()));
    if (woken > 0 || (woken < 0 && errno != EINTR)) return false;
  }
}

}  // namespace rushhour::http::detail
