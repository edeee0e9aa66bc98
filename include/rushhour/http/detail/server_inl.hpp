#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <httplib.h>

#include <rushhour/http/detail/sockets.hpp>
#include <rushhour/http/server.hpp>

namespace rushhour::http {

namespace detail {

/// The one lock of a served world.
class LockedGate final : public Gate {
 public:
  LockedGate(const Clock& clock, bool wall_time_for_signatures)
      : clock_(clock), wall_time_for_signatures_(wall_time_for_signatures) {}

  [[nodiscard]] Entry enter() override {
    Entry entry{.lock = std::unique_lock{mutex_}};
    const Instant now = clock_.now();
    if (now > now_.load()) now_.store(now);  // a wall clock may be set back; the world's time is not
    entry.now = now_.load();
    return entry;
  }
  /// Of the latest entry, where it is the world's clock that counts: that clock is read inside the lock only.
  [[nodiscard]] Instant wall_time() const override {
    return wall_time_for_signatures_ ? RealClock{}.now() : now_.load();
  }

 private:
  const Clock& clock_;
  const bool wall_time_for_signatures_;
  std::mutex mutex_;
  std::atomic<Instant> now_{Instant::min()};
};

/// Headers that cpp-httplib 0.11 adds to a request to tell the addresses.
[[nodiscard]] inline bool is_httplib_header(std::string_view name) {
  return name == "REMOTE_ADDR" || name == "REMOTE_PORT" || name == "LOCAL_ADDR" || name == "LOCAL_PORT";
}

[[nodiscard]] inline Request from_httplib(const httplib::Request& from, std::string body) {
  Request request{.method = from.method,
                  .target = from.target,
                  .headers = {},
                  .body = std::move(body),
                  .remote_address = from.remote_addr};
  request.headers.reserve(from.headers.size());
  for (const auto& [name, value] : from.headers) {
    if (!is_httplib_header(name)) request.headers.push_back({name, value});
  }
  return request;
}

}  // namespace detail

struct Server::State {
  State(Service& the_service, const Options& options)
      : service(the_service),
        gate(options.clock != nullptr ? *options.clock : wall_clock, options.wall_time_for_signatures),
        body_size_max(options.body_size_max) {
    configure(options);
    configure_answers();
    bind(options.port);
    listener = std::thread{[this] {
      server.listen_after_bind();
      ended = true;
    }};
    // 0.11.4 has no wait_until_ready(), and stop() does nothing before it runs.
    while (!server.is_running()) std::this_thread::sleep_for(std::chrono::microseconds{100});
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { stop(); }

  void configure(const Options& options) {
    const std::size_t threads = options.connections;
    server.new_task_queue = [threads] { return new httplib::ThreadPool(threads); };
    server.set_tcp_nodelay(true);
    server.set_keep_alive_max_count(requests_max);
    server.set_keep_alive_timeout(std::chrono::ceil<std::chrono::seconds>(options.idle_max).count());
    // Instead of the default, which sets SO_REUSEPORT. The socket is kept for its backlog, see bind().
    server.set_socket_options([this](auto socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
      listening_socket = static_cast<int>(socket);
    });
  }

  void configure_answers() {
    // The last that httplib does for a request.
    server.set_logger(
        [this](const httplib::Request& request, const httplib::Response&) { under_way(request) = false; });
    using Handled = httplib::Server::HandlerResponse;
    server.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      under_way(request) = true;
      if (!has_body(request)) {
        answer(request, {}, response);
        return Handled::Handled;
      }
      if (announced(request) > read_size_max) {
        refuse(request, response, Unfit::body_too_long);
        return Handled::Handled;
      }
      // The body can only be read by a handler, and those are found by regular expression. All go to one,
      // whatever the path: the target keeps it. httplib owns the request and made it as no constant.
      const_cast<httplib::Request&>(request).path = "/";
      return Handled::Unhandled;
    });
    // Called for every status from 400 on; what is not under way is httplib's own refusal.
    server.set_error_handler(httplib::Server::HandlerWithResponse{
        [this](const httplib::Request& request, httplib::Response& response) {
          if (request.remote_port >= 0 && under_way(request)) return Handled::Unhandled;
          constexpr int payload_too_large = 413;
          constexpr int target_too_long = 414;
          const bool has_head = !request.version.empty();  // then it is a header that could not be read
          refuse(request, response,
                 response.status == payload_too_large             ? Unfit::body_too_long
                 : response.status == target_too_long || has_head ? Unfit::headers_too_long
                                                                  : Unfit::unreadable);
          return Handled::Handled;
        }});
    // Who asks first is spared a body that would be refused.
    server.set_expect_100_continue_handler(
        [this](const httplib::Request& request, httplib::Response& response) {
          if (announced(request) <= body_size_max) return 100;
          return response.status = 413;  // which the error handler words
        });
    // With a content reader, because a plain handler gets no form of more than 8 KB.
    const httplib::Server::HandlerWithContentReader with_body =
        [this](const httplib::Request& request, httplib::Response& response,
               const httplib::ContentReader& read) { answer_body(request, response, read); };
    server.Post("/", with_body).Put("/", with_body).Patch("/", with_body).Delete("/", with_body);
  }

  void answer_body(const httplib::Request& request, httplib::Response& response,
                   const httplib::ContentReader& read) {
    std::string body;
    std::size_t read_size = 0;
    const bool is_whole = read([&](const char* data, std::size_t size) {
      read_size += size;
      if (read_size <= body_size_max) body.append(data, size);
      return read_size <= read_size_max;
    });
    if (is_whole && read_size <= body_size_max) {
      answer(request, std::move(body), response);
    } else if (is_whole) {
      hand_over(request, service.refuse(detail::from_httplib(request, {}), gate, Unfit::body_too_long),
                response);
    } else {
      refuse(request, response, Unfit::body_too_long);
    }
  }

  void bind(std::uint16_t wanted) {
    constexpr const char* loopback = "127.0.0.1";
    if (wanted == 0) {
      const int any = server.bind_to_any_port(loopback);
      if (any > 0) bound_port = static_cast<std::uint16_t>(any);
    } else if (server.bind_to_port(loopback, wanted)) {
      bound_port = wanted;
    }
    if (bound_port == 0) {
      throw std::runtime_error("127.0.0.1:" + std::to_string(wanted) +
                               ", which is taken or not for this user");
    }
    // It listens already; a second call only makes room for clients that come at once.
    constexpr int backlog = 1024;
    ::listen(listening_socket, backlog);
  }

  /// Only these have bodies that httplib reads, and only where a header says so: without one it would wait
  /// for the connection to end (`curl -X POST`).
  [[nodiscard]] static bool has_body(const httplib::Request& request) {
    const std::string& method = request.method;
    if (method != "POST" && method != "PUT" && method != "PATCH" && method != "DELETE") return false;
    return request.has_header("Transfer-Encoding") ||
           (request.has_header("Content-Length") && request.get_header_value("Content-Length") != "0");
  }

  /// The length of the body that a request announces; 0 when it says none.
  [[nodiscard]] static std::size_t announced(const httplib::Request& request) {
    return static_cast<std::size_t>(request.get_header_value<std::uint64_t>("Content-Length"));
  }

  void answer(const httplib::Request& from, std::string body, httplib::Response& to) {
    hand_over(from, service.handle(detail::from_httplib(from, std::move(body)), gate), to);
  }

  void hand_over(const httplib::Request& from, Response response, httplib::Response& to) {
    if (!wait_out(from, response.held_back) || response.status == 0) {
      drop(from);
      return;
    }
    to.status = response.status;
    for (const Header& header : response.headers) to.set_header(header.name, header.value);
    to.body = std::move(response.body);
    // What httplib still reads of the request: it would compress by the one, and without the other newer
    // versions wait for the rest of a POST before they look at the next request.
    auto& headers = const_cast<httplib::Request&>(from).headers;
    headers.erase("Accept-Encoding");
    if (!has_body(from) && !from.has_header("Content-Length")) headers.emplace("Content-Length", "0");
  }

  /// Answers what was not read to its end, and ends the connection: what is left would be read as the next
  /// request. httplib has no call for that, but ends it behind a body whose provider fails.
  void refuse(const httplib::Request& from, httplib::Response& to, Unfit why) const {
    Response response = service.refuse(detail::from_httplib(from, {}), gate, why);
    to.status = response.status;
    to.headers.clear();
    std::string type = "text/plain";
    for (const Header& header : response.headers) {
      if (equals_ignoring_case(header.name, "Content-Type")) {
        type = header.value;
      } else {
        to.set_header(header.name, header.value);
      }
    }
    const_cast<httplib::Request&>(from).headers.erase("Accept-Encoding");
    if (response.body.empty()) response.body = "\n";
    const std::size_t size = response.body.size();
    to.set_content_provider(
        size, type,
        [body = std::move(response.body)](std::size_t offset, std::size_t, httplib::DataSink& sink) {
          sink.write(body.data() + offset, body.size() - offset);
          return false;
        });
  }

  /// Waits in this thread, which has the connection to itself. False: the client has gone, or the server
  /// stops.
  [[nodiscard]] bool wait_out(const httplib::Request& request, Duration length) const {
    if (length <= Duration::zero()) return true;
    const int connection =
        detail::connection_with(bound_port, static_cast<std::uint16_t>(request.remote_port));
    return connection >= 0 && detail::wait_out(connection, stopping, length);
  }

  /// Breaks the connection: what httplib then writes goes nowhere.
  void drop(const httplib::Request& request) const {
    detail::shut_down(bound_port, SHUT_RDWR,
                      [&](std::uint16_t client) { return client == request.remote_port; });
  }

  void stop() {
    if (!listener.joinable()) return;
    server.stop();
    stopping.give();
    // Its threads end by themselves after a request; those that wait for one must be woken, or 0.11.4 stays
    // until idle_max. Not the others, because httplib sends nothing on a socket that it cannot read from.
    const auto waited_for = [this](std::uint16_t client) { return !requests_under_way[client]; };
    for (int rounds = 0; !ended; ++rounds) {
      if (rounds < patience) {
        detail::shut_down(bound_port, SHUT_RD, waited_for);
      } else {
        detail::shut_down(bound_port, SHUT_RDWR, [](std::uint16_t) { return true; });
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    listener.join();
  }

  /// Whether the client at the other end waits for an answer.
  [[nodiscard]] std::atomic<bool>& under_way(const httplib::Request& request) {
    return requests_under_way[static_cast<std::uint16_t>(request.remote_port)];  // -1 of what nobody read
  }

  static constexpr int patience = 2'000;  ///< milliseconds that a request under way has to finish
  static constexpr std::size_t requests_max = 1'000'000;  ///< to a connection
  static constexpr std::size_t read_size_max = std::size_t{16}
                                               << 20;  ///< of a body, to refuse it in good order

  Service& service;
  const RealClock wall_clock{};
  mutable detail::LockedGate gate;
  const std::size_t body_size_max;
  httplib::Server server;
  int listening_socket = -1;
  std::uint16_t bound_port = 0;
  std::vector<std::atomic<bool>> requests_under_way =
      std::vector<std::atomic<bool>>(65'536);  ///< by the port of the client
  detail::Signal stopping;                     ///< wakes those who hold an answer back
  std::atomic<bool> ended = false;
  std::thread listener;
};

RUSHHOUR_INLINE Server::Server(Service& service, Options options)
    : state_(std::make_unique<State>(service, options)) {}
RUSHHOUR_INLINE Server::~Server() = default;
RUSHHOUR_INLINE std::uint16_t Server::port() const { return state_->bound_port; }
RUSHHOUR_INLINE Gate& Server::gate() { return state_->gate; }
RUSHHOUR_INLINE void Server::stop() { state_->stop(); }

}  // namespace rushhour::http
