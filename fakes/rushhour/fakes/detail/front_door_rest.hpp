/// \file
/// VirusTotal's REST protocol at the front door.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/detail/virustotal_requests.hpp>
#include <rushhour/api/virustotal_routes.hpp>
#include <rushhour/detail/hex.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/fakes/detail/front_door_message.hpp>
#include <rushhour/fakes/detail/virustotal_failures.hpp>
#include <rushhour/fakes/virustotal_options.hpp>
#include <rushhour/http/service.hpp>

namespace rushhour::fakes::detail {

[[nodiscard]] inline bool is_rest(const Message& message) {
  const http::Request& request = message.request;
  return request.target.starts_with(api::virustotal::base_path) ||
         request.target.starts_with(api::virustotal::detail::outside) ||
         (!message.host.service && starts_ignoring_case(header_of(request, "Host"), api::virustotal::host));
}

/// A file for VirusTotal, which may be longer than other bodies.
[[nodiscard]] inline bool is_upload(const Message& message) {
  const std::string_view path = message.request.path();
  return message.request.method == "POST" &&
         (path == "/api/v3/files" || path.starts_with(api::virustotal::detail::outside));
}

/// Whether the answer to this request is compressed.
[[nodiscard]] inline bool takes_gzip(const http::Request& request, VirusTotalCompression compression) {
  if (compression == VirusTotalCompression::none) return false;
  const bool is_meant = compression == VirusTotalCompression::any_agent ||
                        header_of(request, "User-Agent").find("gzip") != std::string_view::npos;
  return is_meant && http::accepts_gzip(header_of(request, "Accept-Encoding"));
}

inline void read_rest_message(Message& message) {
  message.match = api::virustotal::detail::find_route(message.request);
  if (message.match.route != nullptr) message.operation = message.match.route->operation;
}

[[nodiscard]] inline Failure unknown_path(const Message& /*message*/) { return no_resource(); }

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
  return api::virustotal::detail::read_request(
      rest.match, rest.request,
      {.ignores_unknown = rest.ignores_unknown, .takes_bare_objects = rest.takes_bare_objects}, input);
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
  response.is_sent_as_gzip = wording.is_gzip;
}

inline void write_rest_answer(Wording& wording, const void* output, http::Response& response) {
  begin_rest_answer(wording, response);
  using namespace api::virustotal;
  const api::Operation* const operation = wording.operation;
  if (operation == &api::operation_of<GetIpAddress>) {
    wording.reports->append(response.body, *static_cast<const IpAddressReport*>(output), *wording.objects);
  } else if (operation == &api::operation_of<GetDomain>) {
    append_whole(response.body, *static_cast<const DomainReport*>(output), *wording.objects);
  } else if (operation == &api::operation_of<GetUrl>) {
    append_whole(response.body, *static_cast<const UrlReport*>(output), *wording.objects);
  } else if (operation == &api::operation_of<GetFile>) {
    append_whole(response.body, *static_cast<const FileReport*>(output), *wording.objects);
  } else {
    routes[operation->index].append_answer(response.body, output);
  }
}

/// [REC 2020-09-30] Four spaces of indentation, no final newline: 98 bytes for the 429. The lengths of the
/// recorded 400 and 401 fit this form too.
inline void write_rest_failure(Wording& wording, const Failure& failure, http::Response& response) {
  begin_rest_answer(wording, response);
  if (failure.status == 429 && !wording.is_quota_error_gzip) response.is_sent_as_gzip = false;
  if (failure.status == 429 && wording.retry_after > Duration::zero()) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wording.retry_after);
    response.headers.push_back({"Retry-After", std::to_string(seconds.count())});
  }
  std::string& body = response.body;
  body.reserve(160);
  body += "{\n    \"error\": {\n        \"code\": ";
  rushhour::detail::append_json_string(body, failure.code);
  body += ",\n        \"message\": ";
  rushhour::detail::append_json_string(body, failure.message);
  body += "\n    }\n}";
}

}  // namespace rushhour::fakes::detail
