/// \file
/// VirusTotal's REST protocol at the front door.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/virustotal_routes.hpp>
#include <rushhour/detail/hex.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/fakes/detail/front_door_message.hpp>
#include <rushhour/http/service.hpp>

namespace rushhour::fakes::detail {

[[nodiscard]] inline bool is_rest(const Message& message) {
  const http::Request& request = message.request;
  return request.target.starts_with(api::virustotal::base_path) ||
         (!message.host.service && starts_ignoring_case(header_of(request, "Host"), api::virustotal::host));
}

inline void read_rest_message(Message& message) {
  std::string_view path = message.request.path();
  if (!path.starts_with(api::virustotal::base_path)) return;
  path.remove_prefix(api::virustotal::base_path.size());
  for (const api::virustotal::Route& route : api::virustotal::routes) {
    if (!path.starts_with(route.path) || message.request.method != route.method) continue;
    const std::string_view id = path.substr(route.path.size());
    if (id.find('/') != std::string_view::npos) continue;  // a relationship of the object: another operation
    message.operation = route.operation;
    message.id = id;
  }
}

/// [REC: vt-py tests] of an unknown path.
[[nodiscard]] inline Failure unknown_path(const Message& /*message*/) {
  return {.outcome = Outcome::not_found,
          .status = 404,
          .code = "NotFoundError",
          .message = "Resource not found."};
}

/// [CHOICE]
[[nodiscard]] inline Failure rest_unfit(http::Unfit why) {
  return {.outcome = Outcome::invalid,
          .status = 400,
          .code = "BadRequestError",
          .message = why == http::Unfit::body_too_long      ? "The body of the request is too large."
                     : why == http::Unfit::headers_too_long ? "The headers of the request are too large."
                                                            : "The request is not valid HTTP."};
}

inline aws::Read decode_rest_message(const void* message, void* input) {
  const Message& rest = *static_cast<const Message*>(message);
  api::virustotal::routes[rest.operation->index].set_id(input, http::percent_decode(rest.id));
  aws::Read read;
  std::string_view query = rest.request.query();
  while (const auto field = http::take_field(query)) read.unknown.push_back(http::form_decode(field->name));
  return read;
}

/// The headers that all recorded answers have (spec virustotal.md 1.7).
inline void begin_rest_answer(Wording& wording, http::Response& response) {
  std::string trace;
  trace.reserve(32);
  rushhour::detail::append_hex(trace, wording.identity.at(0), 16);
  rushhour::detail::append_hex(trace, wording.identity.at(1), 16);
  response.headers.reserve(6);
  response.headers.push_back({"Cache-Control", "no-cache"});
  response.headers.push_back({"Content-Type", "application/json; charset=utf-8"});
  response.headers.push_back({"X-Cloud-Trace-Context", std::move(trace)});
  response.headers.push_back({"Date", http::to_http_date(wording.now)});
  response.headers.push_back({"Server", "Google Frontend"});
}

inline void write_rest_answer(Wording& wording, const void* output, http::Response& response) {
  begin_rest_answer(wording, response);
  if (wording.operation == &api::operation_of<api::virustotal::GetIpAddress>) {
    wording.reports->append(response.body, *static_cast<const api::virustotal::IpAddressReport*>(output));
  } else {
    api::virustotal::routes[wording.operation->index].append_answer(response.body, output);
  }
}

/// [REC 2020-09-30] Four spaces of indentation, no final newline: 98 bytes for the 429. The lengths of the
/// recorded 400 and 401 fit this form too.
inline void write_rest_failure(Wording& wording, const Failure& failure, http::Response& response) {
  begin_rest_answer(wording, response);
  std::string& body = response.body;
  body.reserve(160);
  body += "{\n    \"error\": {\n        \"code\": ";
  rushhour::detail::append_json_string(body, failure.code);
  body += ",\n        \"message\": ";
  rushhour::detail::append_json_string(body, failure.message);
  body += "\n    }\n}";
}

}  // namespace rushhour::fakes::detail
