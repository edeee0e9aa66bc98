/// \file
/// The connections of a server in this process, found by their addresses: cpp-httplib hands out no socket, in
/// no version, and some things can only be done to one. POSIX.
#pragma once

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <vector>

#include <rushhour/time.hpp>

namespace rushhour::http::detail {

/// The file descriptors open in this process. `/dev/fd` is there on Linux, BSD and macOS.
[[nodiscard]] inline std::vector<int> open_descriptors() {
  std::vector<int> out;
  DIR* const folder = ::opendir("/dev/fd");
  if (folder == nullptr) return out;
  while (const dirent* const entry = ::readdir(folder)) {
    int descriptor = 0;
    const char* const end = entry->d_name + std::strlen(entry->d_name);
    if (std::from_chars(entry->d_name, end, descriptor).ptr == end) out.push_back(descriptor);
  }
  ::closedir(folder);
  return out;
}

/// The port at one end of an IPv4 connection; 0 when there is none. `end` is getsockname or getpeername.
template <class End>
[[nodiscard]] std::uint16_t port_at(int descriptor, End end) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (end(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0 || address.sin_family != AF_INET)
    return 0;
  return ntohs(address.sin_port);
}

/// Shuts down the connections of the server on this port whose client, known by its port, is one that `which`
/// names: SHUT_RD wakes who waits for a request, SHUT_RDWR also keeps answers from leaving. Who reads from
/// the socket closes it.
template <class Which>
void shut_down(std::uint16_t server_port, int how, Which which) {
  for (const int descriptor : open_descriptors()) {
    if (port_at(descriptor, ::getsockname) != server_port) continue;
    const std::uint16_t client = port_at(descriptor, ::getpeername);  // 0: the listening socket
    if (client != 0 && which(client)) ::shutdown(descriptor, how);
  }
}

/// The server's end of the connection with the client on this port; -1 when it is gone.
[[nodiscard]] inline int connection_with(std::uint16_t server_port, std::uint16_t client_port) {
  for (const int descriptor : open_descriptors()) {
    if (port_at(descriptor, ::getsockname) == server_port &&
        port_at(descriptor, ::getpeername) == client_port) {
      return descriptor;
    }
  }
  return -1;
}

/// Given once, and heard by everyone who waits for it, now or later.
class Signal {
 public:
  Signal() {
    if (::pipe(ends_.data()) != 0) ends_ = {-1, -1};  // then nobody hears it: poll() passes over -1
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
