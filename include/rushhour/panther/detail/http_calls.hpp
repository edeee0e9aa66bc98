/// \file
/// Requests that botocore and requests have made themselves, in memory and over the wire: which operation one
/// is, whose, and how long its answer takes. It does for them what api::Client does for typed calls, in the
/// same order of draws. Used by clients_inl.hpp only.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/client.hpp>
#include <rushhour/api/detail/virustotal_requests.hpp>
#include <rushhour/api/http_endpoint.hpp>
#include <rushhour/aws/json_1_1.hpp>
#include <rushhour/aws/query_xml.hpp>
#include <rushhour/fakes/detail/front_door_hosts.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/http/service.hpp>
#include <rushhour/panther/detail/aws_calls.hpp>
#include <rushhour/panther/detail/client_state.hpp>

namespace rushhour::panther::detail {

/// The service that a host stands for; nothing: none that is simulated.
[[nodiscard]] inline std::optional<api::Service> service_of(std::string_view host) {
  if (http::equals_ignoring_case(host, api::virustotal::host)) return api::Service::virustotal;
  if (!host.ends_with(".amazonaws.com") && !host.ends_with(".amazonaws.com.cn")) return std::nullopt;
  return fakes::detail::read_host(host).service;
}

[[nodiscard]] inline http::Headers headers_of(PyObject* list) {
  http::Headers out;
  const Object pairs = Object::steal(PySequence_Fast(list, "headers are a sequence of pairs"));
  const Py_ssize_t size = PySequence_Fast_GET_SIZE(pairs.get());
  out.reserve(static_cast<std::size_t>(size) + 1);
  for (Py_ssize_t i = 0; i < size; ++i) {
    PyObject* const pair = PySequence_Fast_GET_ITEM(pairs.get(), i);
    out.push_back({std::string{view(PyTuple_GetItem(pair, 0))}, std::string{view(PyTuple_GetItem(pair, 1))}});
  }
  return out;
}

[[nodiscard]] inline std::string bytes_of(PyObject* bytes) {
  char* text = nullptr;
  Py_ssize_t size = 0;
  checked(PyBytes_AsStringAndSize(bytes, &text, &size));
  return {text, static_cast<std::size_t>(size)};
}

/// What a request asks for; null: nothing that the service has.
[[nodiscard]] inline const api::Operation* operation_of(api::Service service, const http::Request& request) {
  if (service == api::Service::virustotal) {
    const api::virustotal::detail::Match match = api::virustotal::detail::find_route(request);
    return match.route == nullptr ? nullptr : match.route->operation;
  }
  for (const PythonService& row : python_services) {
    if (row.service != service) continue;
    if (const std::string* const target = request.header("X-Amz-Target")) {
      return row.find(std::string_view{*target}.substr(target->rfind('.') + 1));
    }
    std::string_view form = request.body;
    while (const auto field = http::take_field(form)) {
      if (field->name == "Action") return row.find(field->value);
    }
  }
  return nullptr;
}

/// The two draws that a typed call with a ClientRequestToken begins with: botocore makes the token itself.
inline void draw_token(api::Session& session, const api::Operation* operation) {
  if (operation == nullptr) return;
  for (const aws::Member& member : operation->input) {
    if (member.name == "ClientRequestToken") session.draws += 2;
  }
}

/// `begin(host, method, target, headers, body, attempt)`: `((header, value), port)`, the header that says
/// whose call it is and the port to send it to, 0: to handle(). None when nothing stands for the host.
inline PyObject* begin(ClientState& state, PyObject* const* arguments, Py_ssize_t /*count*/) {
  detect::Context& context = *running_context();
  api::Session& session = context.session();
  const std::optional<api::Service> service = service_of(view(arguments[0]));
  if (!service || state.route.world == nullptr) return none();
  const http::Request request{.method = std::string{view(arguments[1])},
                              .target = std::string{view(arguments[2])},
                              .headers = headers_of(arguments[3]),
                              .body = bytes_of(arguments[4])};
  const long attempt = std::clamp(PyLong_AsLong(arguments[5]), 1L, 255L);
  HttpCall& call = state.http_calls[PythonThread::current()];
  call.service = *service;
  call.operation = operation_of(*service, request);
  call.sent = session.clock->now();
  ++state.counts.http_attempts;
  if (attempt == 1) {
    ++session.logical_calls;
    call.before = session.last_failure;
    draw_token(session, call.operation);
  }
  api::Attribution attribution = session.attribution;
  attribution.attempt = static_cast<std::uint8_t>(attempt);
  const Names& names = state.route.world->ledger.names();
  std::string text;
  api::write_attribution(text, attribution, names.text(attribution.detection),
                         names.text(state.sites.of_running_code()));
  return Py_BuildValue("((ss)i)", std::string{api::attribution_header}.c_str(), text.c_str(),
                       state.route.tier == ClientTier::wire ? state.route.port : 0);
}

/// `handle(method, target, headers, body, attribution)`: `(status, headers, body)`.
inline PyObject* handle(ClientState& state, PyObject* const* arguments, Py_ssize_t /*count*/) {
  http::Request request{.method = std::string{view(arguments[0])},
                        .target = std::string{view(arguments[1])},
                        .headers = headers_of(arguments[2]),
                        .body = bytes_of(arguments[3])};
  request.headers.push_back({std::string{view(PyTuple_GetItem(arguments[4], 0))},
                             std::string{view(PyTuple_GetItem(arguments[4], 1))}});
  if (!state.door) state.door.emplace(*state.route.world, fakes::FrontDoor::Options{.keys = &state.keys});
  http::OpenGate gate{running_context()->clock().now()};
  const http::Response response = state.door->handle(request, gate);
  const Object headers = Object::steal(PyList_New(0));
  for (const http::Header& line : response.headers) {
    const Object pair = Object::steal(Py_BuildValue("(ss)", line.name.c_str(), line.value.c_str()));
    checked(PyList_Append(headers.get(), pair.get()));
  }
  const Object body = bytes_object(response.body);
  return Py_BuildValue("(iOO)", response.status, headers.get(), body.get());
}

/// What an answer means, and what its own clock has to do with it.
struct Received {
  Outcome outcome{Outcome::ok};
  Duration delay{};
  bool is_answer{true};  ///< false: it stands for none at all
};

[[nodiscard]] inline Received received(const HttpCall& call, int status, const http::Headers& headers,
                                       std::string_view body) {
  Received out;
  if (const std::string* const delay = http::find_header(headers, api::delay_header)) {
    std::int64_t nanoseconds = 0;
    std::from_chars(delay->data(), delay->data() + delay->size(), nanoseconds);
    out.delay = Duration{nanoseconds};
  }
  if (const std::string* const kind = http::find_header(headers, api::no_answer_header)) {
    out.is_answer = false;
    out.outcome = *kind == to_text(Outcome::timeout) ? Outcome::timeout : Outcome::reset;
  } else if (status < 200 || status > 299) {
    std::string code;
    if (call.service != api::Service::virustotal) {
      const bool is_json = body.starts_with('{');
      code = (is_json ? aws::read_json_error(body) : aws::read_xml_error(body)).code;
    }
    out.outcome = api::outcome_of(call.service, status, code);
  }
  return out;
}

/// What a client waits for: what the code names, else what the session says, else botocore's default.
[[nodiscard]] inline std::optional<Duration> patience_of(const api::Session& session, api::Service service,
                                                         std::optional<Duration> named) {
  const bool is_default = service != api::Service::virustotal && named == default_read_timeout;
  if ((named && !is_default) || session.timeouts == nullptr) return named;
  return (*session.timeouts)[static_cast<std::size_t>(service)];
}

/// Waits for what was received as api::Client does: false when the client's patience ends first.
inline bool await(api::Session& session, const HttpCall& call, Received& got,
                  std::optional<Duration> patience) {
  const bool never = !got.is_answer && got.outcome == Outcome::timeout;
  if (session.latencies != nullptr && call.operation != nullptr) {
    got.delay += session.latencies->of(*call.operation).sample(session.next_random());
  }
  if (!never && (!patience || got.delay <= *patience)) {
    session.clock->sleep_until(call.sent + got.delay);
    return true;
  }
  session.last_failure = {call.operation, Outcome::timeout, session.attribution.function};
  if (patience) {
    session.clock->sleep_until(call.sent + *patience);
  } else if (session.waits_for_ever) {
    session.clock->sleep_until(Instant::max());
  }
  got.outcome = Outcome::timeout;
  return false;
}

/// `finish(status, headers, body, timeout)`: waits for the answer as long as it takes. `"timeout"` and
/// `"reset"` stand for the exceptions of those names, None for an answer.
inline PyObject* finish(ClientState& state, PyObject* const* arguments, Py_ssize_t /*count*/) {
  api::Session& session = running_context()->session();
  HttpCall& call = state.http_calls[PythonThread::current()];
  const auto status = static_cast<int>(PyLong_AsLong(arguments[0]));
  Received got = received(call, status, headers_of(arguments[1]), bytes_of(arguments[2]));
  const std::optional<Duration> patience = patience_of(session, call.service, seconds_of(arguments[3]));
  if (got.outcome != Outcome::ok)
    session.last_failure = {call.operation, got.outcome, session.attribution.function};
  {
    const Outside outside;
    await(session, call, got, patience);
  }
  if (got.outcome == Outcome::ok) {
    session.last_failure = call.before;
    return none();
  }
  call.jitter = session.next_random();
  if (got.outcome == Outcome::timeout) return PyUnicode_FromString("timeout");
  return got.is_answer ? none() : PyUnicode_FromString("reset");
}

/// `jitter()`: the draw for what follows the attempt that failed, from 0 up to 1; None outside a rule.
inline PyObject* jitter(ClientState& state, PyObject* const* /*arguments*/, Py_ssize_t /*count*/) {
  if (running_context() == nullptr) return none();
  const std::uint64_t bits = state.http_calls[PythonThread::current()].jitter;
  return PyFloat_FromDouble(static_cast<double>(bits >> 11) * 0x1p-53);
}

}  // namespace rushhour::panther::detail
