#pragma once

#include <sys/socket.h>

#include <cctype>
#include <optional>
#include <utility>

#include <rushhour/http/detail/conversation.hpp>
#include <rushhour/http/detail/listener.hpp>
#include <rushhour/http/intercept.hpp>

namespace rushhour::http {

namespace detail {

/// `www.virustotal.com` of `www.virustotal.com:443`, `::1` of `[::1]:443`.
[[nodiscard]] RUSHHOUR_INLINE std::string_view host_of(std::string_view authority) {
  if (authority.starts_with('[')) {
    authority.remove_prefix(1);
    return authority.substr(0, authority.find(']'));
  }
  return authority.substr(0, authority.find(':'));
}

/// Of the target in absolute form, `http://host/path`: the host with its port. Nothing in any other form.
[[nodiscard]] RUSHHOUR_INLINE std::optional<std::string_view> authority_of(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() || !equals_ignoring_case(target.substr(0, scheme.size()), scheme))
      continue;
    target.remove_prefix(scheme.size());
    return target.substr(0, target.find_first_of("/?#"));
  }
  return std::nullopt;
}

/// Before the service: it takes the proxy's form off a request, and refuses hosts that nobody serves.
class HostGuard final : public Service {
 public:
  HostGuard(Service& inner, const InterceptorOptions& options) : inner_(inner), options_(options) {}

  [[nodiscard]] Response handle(const Request& request, Gate& gate) override {
    const auto authority = authority_of(request.target);
    if (!authority) return serve(request, gate);
    Request origin = request;
    origin.target.erase(
        0, static_cast<std::size_t>(authority->data() - request.target.data()) + authority->size());
    if (!origin.target.starts_with('/')) origin.target.insert(0, 1, '/');
    origin.set_header("Host", *authority);  // which goes before the header (RFC 9112, section 3.2.2)
    remove_header(origin.headers, "Proxy-Connection");
    return serve(origin, gate);
  }
  [[nodiscard]] Response refuse(const Request& request, Gate& gate, Unfit why) override {
    return inner_.refuse(request, gate, why);
  }

  [[nodiscard]] bool serves(std::string_view host) const {
    return is_loopback(host) || (options_.serves && options_.serves(host));
  }

  /// 502 is what proxies answer when they do not reach a host.
  [[nodiscard]] Response unknown(std::string_view host) const {
    std::string name;
    for (const char c : host.substr(0, 253)) name += c > ' ' && c < '\x7f' ? c : '?';
    if (options_.refused) options_.refused(name);
    std::string text =
        "rushhour: " + name +
        " is no host that rushhour serves, and nothing leaves this machine. Served are the endpoints of AWS "
        "STS, "
        "Secrets Manager and IAM, www.virustotal.com and loopback. If the program needs this host, answer "
        "for it on "
        "loopback, or mock the call.\n";
    return {
        .status = 502,
        .headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"X-Rushhour-Refused", "unknown host"}},
        .body = std::move(text)};
  }

 private:
  /// Without a Host, as HTTP/1.0 may be, it is whoever listens here that is meant.
  [[nodiscard]] Response serve(const Request& request, Gate& gate) {
    const std::string* const header = request.header("Host");
    const std::string_view host = header == nullptr ? "localhost" : host_of(*header);
    return serves(host) ? inner_.handle(request, gate) : unknown(host);
  }

  Service& inner_;
  const InterceptorOptions& options_;
};

}  // namespace detail

RUSHHOUR_INLINE bool is_loopback(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  constexpr std::string_view name = "localhost";
  const bool is_name = host.size() >= name.size() &&
                       equals_ignoring_case(host.substr(host.size() - name.size()), name) &&
                       (host.size() == name.size() || host[host.size() - name.size() - 1] == '.');
  const bool is_address =
      host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
  return is_name || is_address || host == "::1";
}

struct Interceptor::State {
  State(Service& service, Gate& the_gate, Options chosen)
      : options(std::move(chosen)),
        gate(the_gate),
        guard(service, options),
        conversations{.idle_max = options.idle_max,
                      .request_max = options.request_max,
                      .body_size_max = options.body_size_max,
                      .refuse_tunnel = [this](const Request& connect) -> std::optional<Response> {
                        const std::string_view host = detail::host_of(connect.target);
                        if (guard.serves(host)) return std::nullopt;
                        return guard.unknown(host);
                      }},
        listener({.port = options.port,
                  .connections_max = options.connections,
                  .silence_min = options.silence_min},
                 [this](int socket) { speak(socket); }) {}

  /// What a client takes this port for, its first byte tells: a ClientHello begins with 22 (RFC 8446, section
  /// 5.1), and no method of HTTP does. Nothing: it says nothing.
  [[nodiscard]] std::optional<bool> wants_tls(int socket) {
    if (!listener.wait_for_bytes(socket, detail::deadline_in(options.idle_max))) {
      return std::nullopt;
    }
    char first = 0;
    if (::recv(socket, &first, 1, MSG_PEEK) != 1) return std::nullopt;
    return first == 22;
  }

  void speak(int socket) {
    detail::SocketStream stream{socket};
    const auto tls = wants_tls(socket);
    if (!tls) return;
    if (*tls) return speak_tls(stream, socket, "localhost");
    detail::Conversation conversation{stream, socket, guard, gate, listener, conversations};
    const std::optional<Request> connect = conversation.run();
    if (!connect) return;
    if (conversation.has_bytes()) return;  // RFC 9110, section 9.3.6: nothing goes before the answer
    if (stream.send("HTTP/1.1 200 Connection Established\r\n\r\n",
                    detail::deadline_in(options.request_max))) {
      speak_in_tunnel(stream, socket, detail::host_of(connect->target));
    }
  }

  void speak_in_tunnel(detail::Stream& stream, int socket, std::string_view host) {
    const auto tls = wants_tls(socket);
    if (tls && *tls) speak_tls(stream, socket, host);
    if (tls && !*tls) speak_http(stream, socket);
  }

  void speak_tls(detail::Stream& below, int socket, std::string_view host) {
    const std::unique_ptr<detail::Stream> stream =
        authority.accept(below, host, detail::deadline_in(options.request_max));
    if (stream) speak_http(*stream, socket);
  }

  /// A tunnel has no tunnels.
  void speak_http(detail::Stream& stream, int socket) {
    detail::ConversationOptions inside = conversations;
    inside.refuse_tunnel = nullptr;
    detail::Conversation{stream, socket, guard, gate, listener, inside}.run();
  }

  const Options options;
  Gate& gate;
  detail::HostGuard guard;
  const CertificateAuthority authority;
  const detail::ConversationOptions conversations;
  detail::Listener listener;  // last: its threads use all of the above
};

RUSHHOUR_INLINE Interceptor::Interceptor(Service& service, Gate& gate, Options options)
    : state_(std::make_unique<State>(service, gate, std::move(options))) {}
RUSHHOUR_INLINE Interceptor::~Interceptor() = default;
RUSHHOUR_INLINE std::uint16_t Interceptor::port() const { return state_->listener.port(); }
RUSHHOUR_INLINE const CertificateAuthority& Interceptor::authority() const { return state_->authority; }
RUSHHOUR_INLINE void Interceptor::stop() { state_->listener.stop(); }

}  // namespace rushhour::http
