#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <httplib.h>

#include <rushhour/http/client.hpp>

namespace rushhour::http {

namespace detail {

/// A line break in a header would make two headers of it. Python's requests refuses to send it too.
[[nodiscard]] inline bool can_be_sent(const Headers& headers) {
  return std::all_of(headers.begin(), headers.end(), [](const Header& line) {
    return line.value.find_first_of(std::string_view{"\r\n\0", 3}) == std::string::npos;
  });
}

/// Targets are encoded already. The setter has another name since 0.26.
template <class Client>
void take_targets_as_they_are(Client& client) {
  if constexpr (requires { client.set_path_encode(false); }) {
    client.set_path_encode(false);
  } else {
    client.set_url_encode(false);
  }
}

}  // namespace detail

struct Client::State {
  State(std::uint16_t port, const Options& options) : client("127.0.0.1", port) {
    client.set_keep_alive(true);
    client.set_tcp_nodelay(true);
    client.set_follow_location(false);
    client.set_connection_timeout(std::chrono::ceil<std::chrono::milliseconds>(options.connect_max));
    client.set_read_timeout(std::chrono::ceil<std::chrono::milliseconds>(options.answer_max));
    client.set_write_timeout(std::chrono::ceil<std::chrono::milliseconds>(options.answer_max));
    detail::take_targets_as_they_are(client);
  }

  httplib::Client client;
};

RUSHHOUR_INLINE Client::Client(std::uint16_t port, Options options)
    : state_(std::make_unique<State>(port, options)) {}
RUSHHOUR_INLINE Client::~Client() = default;

RUSHHOUR_INLINE Response Client::send(const Request& request) {
  if (!detail::can_be_sent(request.headers)) {
    return {.status = 0, .headers = {}, .body = "a header of the request has a line break"};
  }
  httplib::Request to;
  to.method = request.method;
  to.path = request.target;
  for (const Header& header : request.headers) to.headers.emplace(header.name, header.value);
  to.body = request.body;
  httplib::Response from;
  auto error = httplib::Error::Success;
  if (!state_->client.send(to, from, error)) {
    const bool never_sent = error == httplib::Error::Connection || error == httplib::Error::ConnectionTimeout;
    return {.status = 0, .headers = {}, .body = never_sent ? "no connection to 127.0.0.1" : ""};
  }
  Response response{.status = from.status, .headers = {}, .body = std::move(from.body)};
  response.headers.reserve(from.headers.size());
  for (const auto& [name, value] : from.headers) response.headers.push_back({name, value});
  return response;
}

}  // namespace rushhour::http
