/// \file
/// The connections of a server in this process, found by their addresses: cpp-httplib hands out no socket, in
/// no version, and some things can only be done to one. POSIX.
#pragma once

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <charconv>
#include <cstdint>
#include <cstring>
#include <vector>

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

}  // namespace rushhour::http::detail
