/// \file
/// What goes to and fro on one connection: cpp-httplib reads a request and writes the answer, a service says
/// what it is, until one side has enough. Whose connection it is and how many there may be is listener.hpp's
/// business.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <httplib.h>

#include <rushhour/http/detail/gzip.hpp>
#include <rushhour/http/detail/httplib_stream.hpp>
#include <rushhour/http/detail/listener.hpp>
#include <rushhour/http/detail/sockets.hpp>
#include <rushhour/http/detail/stream.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/http/service.hpp>
#include <rushhour/time.hpp>

namespace rushhour::http::detail {

struct ConversationOptions {
  Duration idle_max{};     ///< to wait for the first byte of a request
  Duration request_max{};  ///< from there to its last byte; and for an answer to go out
  std::size_t body_size_max{};
  /// Where tunnels are opened: what is wrong with a CONNECT; nothing ends the conversation, for whoever opens
  /// them. Null: a CONNECT is a request like any other.
  std::function<std::optional<Response>(const Request&)> refuse_tunnel{};
};

/// httplib's server without its sockets, threads and routes. One a connection, because its handlers are not
/// told whose request it is.
class Conversation final : private httplib::Server {
 public:
  /// All outlive it. `socket` is the one below `stream`.
  Conversation(http::detail::Stream& stream, int socket, Service& service, Gate& gate, Listener& listener,
               const ConversationOptions& options)
      : wire_(stream, socket, address_of(socket)),
        socket_(socket),
        service_(service),
        gate_(gate),
        listener_(listener),
        options_(options) {
    // Told to the client; nobody counts.
    set_keep_alive_max_count(1'000'000);
    set_keep_alive_timeout(std::chrono::ceil<std::chrono::seconds>(options.idle_max).count());
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      return before_body(request, response) ? HandlerResponse::Handled : HandlerResponse::Unhandled;
    });
    // Called for every status from 400 on; what nobody has answered is httplib's own refusal.
    set_error_handler(
        HandlerWithResponse{[this](const httplib::Request& request, httplib::Response& response) {
          if (is_answered_) return HandlerResponse::Unhandled;
          if (wire_.is_late()) {
            tell_late(request, response);
          } else {
            refuse(request, response, why_unfit(request, response.status));
          }
          return HandlerResponse::Handled;
        }});
    // Who asks first is spared a body that would be refused.
    set_expect_100_continue_handler([this](const httplib::Request& request, httplib::Response& response) {
      if (announced(request) <= options_.body_size_max) return 100;
      return response.status = payload_too_large;  // which the error handler words
    });
    // With a content reader, because a plain handler gets no form of more than 8 KB.
    const HandlerWithContentReader with_body =
        [this](const httplib::Request& request, httplib::Response& response,
               const httplib::ContentReader& read) { answer_body(request, response, read); };
    Post("/", with_body).Put("/", with_body).Patch("/", with_body).Delete("/", with_body);
  }

  /// Until it has ended. The CONNECT with which it did, where there are tunnels.
  std::optional<Request> run() {
    while (wire_.has_bytes() || listener_.wait_for_bytes(socket_, deadline_in(options_.idle_max))) {
      wire_.begin(deadline_in(options_.request_max));
      is_answered_ = ends_ = false;
      bool closes = false;
      const bool is_written = process(closes);
      if (connect_) return std::exchange(connect_, std::nullopt);
      if (!wire_.flush(deadline_in(options_.request_max)) || !is_written || closes || ends_) break;
    }
    return std::nullopt;
  }

  /// Bytes behind the last request have come already.
  [[nodiscard]] bool has_bytes() const { return wire_.has_bytes(); }

 private:
  static constexpr int payload_too_large = 413;
  static constexpr int target_too_long = 414;
  /// Where the type of a form of several parts is while httplib reads its body.
  static constexpr const char* hidden_type = "x-rushhour-content-type";
  /// Of a body, to refuse it in good order.
  [[nodiscard]] std::size_t read_size_max() const {
    return std::max(std::size_t{16} << 20, options_.body_size_max);
  }

  /// Of one request, in the words of the version of httplib that is there.
  bool process(bool& closes) {
    const std::function<void(httplib::Request&)> as_it_is = [](httplib::Request&) {};
    return process_in(*this, closes, as_it_is);
  }
  template <class Self, class SetUp>
  static bool process_in(Self& self, bool& closes, const SetUp& as_it_is) {
    if constexpr (requires { self.process_request(self.wire_, false, closes, as_it_is); }) {
      return self.process_request(self.wire_, false, closes, as_it_is);
    } else {
      const std::string address;
      return self.process_request(self.wire_, address, 0, address, 0, false, closes, as_it_is);
    }
  }

  /// Whether the request needs no body to be answered; then it is.
  bool before_body(const httplib::Request& request, httplib::Response& response) {
    if (request.method == "CONNECT" && options_.refuse_tunnel) {
      Request connect = from_httplib(request, {});
      if (auto refusal = options_.refuse_tunnel(connect)) {
        end_after(request);
        hand_over(request, std::move(*refusal), response);
      } else {
        connect_ = std::move(connect);
        is_answered_ = true;
        wire_.mute();
      }
      return true;
    }
    if (!has_body(request)) {
      answer(request, {}, response);
      return true;
    }
    if (announced(request) > read_size_max()) {
      refuse(request, response, Unfit::body_too_long);
      return true;
    }
    // The body can only be read by a handler, and those are found by regular expression. All go to one,
    // whatever the path: the target keeps it. httplib owns the request and made it as no constant.
    auto& own = const_cast<httplib::Request&>(request);
    own.path = "/";
    hide_form(own);
    return false;
  }

  void answer_body(const httplib::Request& request, httplib::Response& response,
                   const httplib::ContentReader& read) {
    std::string body;
    std::size_t read_size = 0;
    const bool is_whole = read([&](const char* data, std::size_t size) {
      read_size += size;
      if (read_size <= options_.body_size_max) body.append(data, size);
      return read_size <= read_size_max();
    });
    if (is_whole && read_size <= options_.body_size_max) {
      answer(request, std::move(body), response);
    } else if (is_whole) {
      hand_over(request, service_.refuse(from_httplib(request, {}), gate_, Unfit::body_too_long), response);
    } else if (wire_.is_late()) {
      tell_late(request, response);
    } else {
      refuse(request, response, read_size > read_size_max() ? Unfit::body_too_long : Unfit::unreadable);
    }
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
  [[nodiscard]] static Unfit why_unfit(const httplib::Request& request, int status) {
    if (status == payload_too_large) return Unfit::body_too_long;
    const bool has_head = !request.version.empty();  // then it is a header that could not be read
    return status == target_too_long || has_head ? Unfit::headers_too_long : Unfit::unreadable;
  }

  /// httplib would take a form of several parts apart; a service is handed bodies as they came.
  static void hide_form(httplib::Request& request) {
    const auto type = request.headers.find("Content-Type");
    if (type == request.headers.end() || !request.is_multipart_form_data()) return;
    request.headers.emplace(hidden_type, type->second);
    request.headers.erase("Content-Type");
  }
  [[nodiscard]] static Request from_httplib(const httplib::Request& from, std::string body) {
    Request request{.method = from.method,
                    .target = from.target,
                    .headers = {},
                    .body = std::move(body),
                    .remote_address = from.remote_addr};
    request.headers.reserve(from.headers.size());
    for (const auto& [name, value] : from.headers) {
      if (!is_httplib_header(name))
        request.headers.push_back({name == hidden_type ? "Content-Type" : name, value});
    }
    return request;
  }
  /// Headers that 0.11 adds to a request to tell the addresses.
  [[nodiscard]] static bool is_httplib_header(std::string_view name) {
    return name == "REMOTE_ADDR" || name == "REMOTE_PORT" || name == "LOCAL_ADDR" || name == "LOCAL_PORT";
  }

  /// A service that throws has a bug; its client is told, and the next one is served.
  void answer(const httplib::Request& from, std::string body, httplib::Response& to) {
    Response response;
    try {
      response = service_.handle(from_httplib(from, std::move(body)), gate_);
    } catch (const std::exception& error) {
      response = {.status = 500,
                  .headers = {{"Content-Type", "text/plain"}},
                  .body = std::string{"rushhour: internal error: "} + error.what() + "\n"};
    }
    hand_over(from, std::move(response), to);
  }

  void hand_over(const httplib::Request& from, Response response, httplib::Response& to) {
    is_answered_ = true;
    const bool is_there =
        response.held_back <= Duration::zero() || wait_out(socket_, listener_.stopping(), response.held_back);
    if (!is_there || response.status == 0) return give_up();
    to.status = response.status;
    to.headers.clear();
    for (const Header& header : response.headers) to.set_header(header.name, header.value);
    to.body = std::move(response.body);
    if (response.is_sent_as_gzip) compress(to);
    // What httplib still reads of the request: it would compress by the one, and without the other newer
    // versions wait for the rest of a POST before they look at the next request.
    auto& headers = const_cast<httplib::Request&>(from).headers;
    headers.erase("Accept-Encoding");
    if (!has_body(from) && !from.has_header("Content-Length")) headers.emplace("Content-Length", "0");
  }

  static void compress(httplib::Response& response) {
    auto compressed = gzip(response.body);
    if (!compressed) return;
    response.body = *std::move(compressed);
    response.set_header("Content-Encoding", "gzip");
  }

  /// Answers what was not read to its end, and ends the connection: what is left would be read as the next
  /// request.
  void refuse(const httplib::Request& from, httplib::Response& to, Unfit why) {
    end_after(from);
    hand_over(from, service_.refuse(from_httplib(from, {}), gate_, why), to);
  }
  void tell_late(const httplib::Request& from, httplib::Response& to) {
    end_after(from);
    hand_over(
        from,
        {.status = 408, .headers = {{"Content-Type", "text/plain"}}, .body = "the request took too long\n"},
        to);
  }
  /// The answer says so too: httplib writes it where the request had asked for it.
  void end_after(const httplib::Request& request) {
    ends_ = true;
    auto& headers = const_cast<httplib::Request&>(request).headers;
    headers.erase("Connection");
    headers.emplace("Connection", "close");
  }
  /// Ends the connection without an answer.
  void give_up() {
    ends_ = true;
    wire_.mute();
  }

  HttplibStream wire_;
  const int socket_;
  Service& service_;
  Gate& gate_;
  Listener& listener_;
  const ConversationOptions& options_;
  std::optional<Request> connect_;
  bool is_answered_{};  ///< by us; otherwise by httplib, if at all
  bool ends_{};         ///< with the request at hand
};

}  // namespace rushhour::http::detail
