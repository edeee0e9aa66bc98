/// \file
/// Many connections at a time, and what they cost this process, for the tests of this room.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace rushhour::http {

/// Whether this process may have so many descriptors, after it has asked for them.
[[nodiscard]] inline bool may_open(std::size_t descriptors) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  if (limit.rlim_cur >= descriptors) return true;
  limit.rlim_cur =
      limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= descriptors ? descriptors : limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= descriptors;
}

/// Pages that this process has in memory, in bytes. Linux.
[[nodiscard]] inline std::size_t resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  std::size_t all = 0;
  std::size_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// Clients that connect and say nothing.
class Crowd {
 public:
  Crowd() = default;
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd() {
    for (const int socket : sockets_) ::close(socket);
  }

  /// Whether one more has connected.
  [[nodiscard]] bool add(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return false;
    sockets_.push_back(socket);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  [[nodiscard]] std::size_t size() const { return sockets_.size(); }

  /// How many have been told 503 so far.
  [[nodiscard]] std::size_t refused() const {
    std::size_t count = 0;
    for (const int socket : sockets_) {
      std::array<char, 16> bytes{};
      const ssize_t got = ::recv(socket, bytes.data(), bytes.size() - 1, MSG_PEEK | MSG_DONTWAIT);
      if (got > 0 && std::string{bytes.data()}.starts_with("HTTP/1.1 503 ")) ++count;
    }
    return count;
  }
  /// How many the server has closed without a word.
  [[nodiscard]] std::size_t closed() const {
    std::size_t count = 0;
    for (const int socket : sockets_) {
      char byte = 0;
      const ssize_t got = ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
      if (got == 0 || (got < 0 && errno == ECONNRESET)) ++count;
    }
    return count;
  }
  /// Sends the same on every connection that takes it.
  void send(const std::string& text) const {
    for (const int socket : sockets_)
      static_cast<void>(!::send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  }

 private:
  std::vector<int> sockets_;
};

}  // namespace rushhour::http
