/// \file
/// A library for LD_PRELOAD: a program into which it is loaded comes to the interceptor of `rushhour exec
/// --preload`, whatever proxies and hosts it knows. It is not part of the library rushhour, and needs none of
/// it at run time.
///
///   * getaddrinfo() and gethostbyname() of a host that the fakes answer for give an address that nobody has
///     (redirect_address, of loopback), without asking any name server;
///   * connect() to that address, and to port 443 or 80 of any machine but this one, connects to the
///     interceptor, which refuses hosts that are not served.
///
/// Programs that call the kernel themselves, statically linked Go above all, do not notice. Which port the
/// interceptor has says RUSHHOUR_INTERCEPT_PORT; without it nothing changes.

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <rushhour/fakes/hosts.hpp>

namespace {

/// 127.82.72.1, for "RH": no service of this machine's own listens there, as one may at 127.0.0.1:443.
constexpr const char* redirect_name = "127.82.72.1";
constexpr std::uint32_t redirect_address = 0x7F'52'48'01;

/// The function of the same name that would be called without this library.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

/// 0: nobody intercepts.
std::uint16_t interceptor_port() {
  const char* const text = std::getenv("RUSHHOUR_INTERCEPT_PORT");
  const long port = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  return port > 0 && port < 65'536 ? static_cast<std::uint16_t>(port) : std::uint16_t{0};
}

bool is_redirected(const char* host) {
  return host != nullptr && interceptor_port() != 0 && rushhour::fakes::is_served_host(host);
}

bool is_stream(int socket) {
  int type = 0;
  socklen_t size = sizeof type;
  return ::getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

bool is_web(std::uint16_t port) { return port == 443 || port == 80; }

bool is_redirected(const sockaddr_in& to) {
  const std::uint32_t address = ntohl(to.sin_addr.s_addr);
  const bool is_loopback = address >> 24 == 127;
  return is_web(ntohs(to.sin_port)) && (!is_loopback || address == redirect_address);
}

bool is_redirected(const sockaddr_in6& to) {
  return is_web(ntohs(to.sin6_port)) && !IN6_IS_ADDR_LOOPBACK(&to.sin6_addr);
}

}  // namespace

extern "C" {

__attribute__((visibility("default"))) int getaddrinfo(const char* node, const char* service,
                                                       const addrinfo* hints, addrinfo** result) {
  static auto* const real = next<decltype(getaddrinfo)>("getaddrinfo");
  if (!is_redirected(node)) return real(node, service, hints, result);
  addrinfo changed{};
  if (hints != nullptr) changed = *hints;
  if (changed.ai_family == AF_INET6) return EAI_NONAME;  // the interceptor has no address there
  return real(redirect_name, service, &changed, result);
}

__attribute__((visibility("default"))) hostent* gethostbyname(const char* name) {
  static auto* const real = next<hostent*(const char*)>("gethostbyname");
  return real(is_redirected(name) ? redirect_name : name);
}

__attribute__((visibility("default"))) int connect(int socket, const sockaddr* to, socklen_t size) {
  static auto* const real = next<decltype(connect)>("connect");
  const std::uint16_t port = interceptor_port();
  if (port == 0 || to == nullptr || !is_stream(socket)) return real(socket, to, size);
  if (to->sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
    sockaddr_in changed{};
    std::memcpy(&changed, to, sizeof changed);
    if (!is_redirected(changed)) return real(socket, to, size);
    changed.sin_port = htons(port);
    changed.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return real(socket, reinterpret_cast<const sockaddr*>(&changed), sizeof changed);
  }
  if (to->sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    sockaddr_in6 changed{};
    std::memcpy(&changed, to, sizeof changed);
    if (!is_redirected(changed)) return real(socket, to, size);
    errno = ENETUNREACH;  // clients then take the address of the other family
    return -1;
  }
  return real(socket, to, size);
}

}  // extern "C"
