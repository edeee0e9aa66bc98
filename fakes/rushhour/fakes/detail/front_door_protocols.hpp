/// \file
/// How each service's messages are read and its answers worded: one row of functions a service. Used by
/// front_door.hpp only. Reading never fails here: what cannot be read becomes a Failure of the pipeline or of
/// the row.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/http_endpoint.hpp>
#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal_routes.hpp>
#include <rushhour/aws/json_1_1.hpp>
#include <rushhour/aws/query_xml.hpp>
#include <rushhour/detail/hex.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/random.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes::detail {

/// A request as its protocol reads it, before any member of it is decoded.
struct Message {
  const http::Request& request;
  const api::Operation* operation{};         ///< null: none that the fake has
  std::vector<aws::Parameter> parameters{};  ///< of a Query request: from the URL, then from the body
  std::string_view id{};                     ///< last segment of a REST path, encoded
};

/// The texts of reports, which are long and asked for again and again. Bounded; a newcomer takes its slot.
class ReportTexts {
 public:
  explicit ReportTexts(std::size_t capacity) : slots_(capacity) {}

  void append(std::string& out, const api::virustotal::IpAddressReport& report) {
    if (slots_.empty()) return api::virustotal::append_answer(out, report);
    Slot& slot = slots_[hash(report.address) % slots_.size()];
    {
      const std::lock_guard lock{mutex_};
      if (!slot.text.empty() && slot.report == report) {
        out += slot.text;
        return;
      }
    }
    std::string text;
    api::virustotal::append_answer(text, report);
    out += text;
    const std::lock_guard lock{mutex_};
    slot = {report, std::move(text)};
  }

 private:
  struct Slot {
    api::virustotal::IpAddressReport report{};
    std::string text{};
  };
  std::mutex mutex_;
  std::vector<Slot> slots_;
};

/// What an answer is worded from.
struct Wording {
  const api::Operation* operation{};  ///< null in refusals of what is no operation
  Instant now{};
  Stream identity{0};  ///< of this one request: its ids are drawn from it
  ReportTexts* reports{};
};

using rushhour::detail::append_hex;

/// A random UUID (RFC 9562, version 4), as AWS's request ids are.
[[nodiscard]] inline std::string uuid_text(Stream draws) {
  const std::uint64_t high = draws.at(0);
  const std::uint64_t low = draws.at(1);
  std::string out;
  out.reserve(36);
  append_hex(out, high >> 32, 8);
  out += '-';
  append_hex(out, high >> 16, 4);
  out += "-4";
  append_hex(out, high, 3);
  out += '-';
  append_hex(out, (low >> 48 & 0x3fff) | 0x8000, 4);
  out += '-';
  append_hex(out, low, 12);
  return out;
}

template <class... Ops>
[[nodiscard]] constexpr auto rows_of(api::Operations<Ops...> /*operations*/) {
  return std::array{&api::operation_of<Ops>...};
}

/// The operation of a service by the name on the wire; null when the fake has none.
template <api::Service service>
[[nodiscard]] const api::Operation* find_operation(std::string_view name) {
  static constexpr auto rows = rows_of(typename api::OperationsOf<service>::Type{});
  for (const api::Operation* row : rows) {
    if (row->name == name) return row;
  }
  return nullptr;
}

[[nodiscard]] inline std::string_view host_of(const http::Request& request) {
  const std::string* host = request.header("Host");
  return host == nullptr ? std::string_view{} : *host;
}

[[nodiscard]] inline bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
  return http::equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

inline void begin_aws_answer(const Wording& wording, std::string_view content_type,
                             const std::string& request_id, http::Response& response) {
  response.headers.reserve(4);
  response.headers.push_back({"x-amzn-RequestId", request_id});
  response.headers.push_back({"Content-Type", std::string{content_type}});
  response.headers.push_back({"Date", http::to_http_date(wording.now)});
}

// ---- AWS Query: STS ----

inline constexpr std::string_view query_version = "2011-06-15";
inline constexpr std::string_view query_namespace = R"( xmlns="https://sts.amazonaws.com/doc/2011-06-15/">)";

[[nodiscard]] inline bool is_query(const http::Request& request) {
  if (starts_ignoring_case(host_of(request), "sts.")) return true;
  return request.path() == "/" &&
         (request.body.starts_with("Action=") || request.query().starts_with("Action=") ||
          request.body.find("&Action=") != std::string::npos);
}

[[nodiscard]] inline std::string_view parameter(const Message& message, std::string_view name) {
  for (const aws::Parameter& parameter : message.parameters) {
    if (parameter.first == name) return parameter.second;
  }
  return {};
}

/// Most names and values are nothing but themselves, and then need no look at each character.
[[nodiscard]] inline std::string form_text(std::string_view encoded) {
  const bool plain =
      std::none_of(encoded.begin(), encoded.end(), [](char c) { return c == '%' || c == '+'; });
  return plain ? std::string{encoded} : http::form_decode(encoded);
}

inline void read_query_message(Message& message) {
  message.parameters.reserve(8);
  for (std::string_view rest : {message.request.query(), std::string_view{message.request.body}}) {
    while (const auto field = http::take_field(rest)) {
      message.parameters.emplace_back(form_text(field->name), form_text(field->value));
    }
  }
  if (message.request.path() != "/" || parameter(message, "Version") != query_version) return;
  message.operation = find_operation<api::Service::sts>(parameter(message, "Action"));
}

/// [MEM] the wording; 400 InvalidAction: spec aws.md 2.3.
[[nodiscard]] inline Failure unknown_action(const Message& message) {
  std::string_view version = parameter(message, "Version");
  if (version.empty()) version = "NO_VERSION_SPECIFIED";
  return {.outcome = Outcome::invalid,
          .status = 400,
          .code = "InvalidAction",
          .message = "Could not find operation " + std::string{parameter(message, "Action")} +
                     " for version " + std::string{version}};
}

inline aws::Read decode_query_message(const void* message, void* input) {
  const Message& query = *static_cast<const Message*>(message);
  return aws::read_query(query.parameters, query.operation->input, input);
}

inline void write_query_answer(const Wording& wording, const void* output, http::Response& response) {
  const std::string request_id = uuid_text(wording.identity);
  begin_aws_answer(wording, "text/xml", request_id, response);
  const std::string_view name = wording.operation->name;
  std::string& body = response.body;
  body.reserve(1024);
  body += '<';
  body += name;
  body += "Response";
  body += query_namespace;
  body += '<';
  body += name;
  body += "Result>";
  aws::append_xml(body, wording.operation->output, output);
  body += "</";
  body += name;
  body += "Result><ResponseMetadata><RequestId>";
  body += request_id;
  body += "</RequestId></ResponseMetadata></";
  body += name;
  body += "Response>";
}

/// Shape: the body quoted in jlevers/selling-partner-api#278 [REC]; Type: Receiver for what is not the
/// caller's fault.
inline void write_query_failure(const Wording& wording, const Failure& failure, http::Response& response) {
  const std::string request_id = uuid_text(wording.identity);
  begin_aws_answer(wording, "text/xml", request_id, response);
  std::string& body = response.body;
  body.reserve(512);
  body += "<ErrorResponse";
  body += query_namespace;
  body += "<Error><Type>";
  body += failure.status >= 500 ? "Receiver" : "Sender";
  body += "</Type><Code>";
  aws::append_xml_text(body, failure.code);
  body += "</Code><Message>";
  aws::append_xml_text(body, failure.message);
  body += "</Message></Error><RequestId>";
  body += request_id;
  body += "</RequestId></ErrorResponse>";
}

// ---- AWS JSON 1.1: Secrets Manager ----

inline constexpr std::string_view json_content_type = "application/x-amz-json-1.1";
inline constexpr std::string_view target_prefix = "secretsmanager.";

[[nodiscard]] inline bool is_json(const http::Request& request) {
  return request.header("X-Amz-Target") != nullptr ||
         starts_ignoring_case(host_of(request), "secretsmanager.");
}

inline void read_json_message(Message& message) {
  const std::string* target = message.request.header("X-Amz-Target");
  if (target == nullptr || !target->starts_with(target_prefix) || message.request.path() != "/") return;
  message.operation =
      find_operation<api::Service::secretsmanager>(std::string_view{*target}.substr(target_prefix.size()));
}

/// [MEM] It comes without a message.
[[nodiscard]] inline Failure unknown_operation(const Message& /*message*/) {
  return {.outcome = Outcome::invalid, .status = 400, .code = "UnknownOperationException"};
}

inline aws::Read decode_json_message(const void* message, void* input) {
  const Message& json = *static_cast<const Message*>(message);
  return aws::read_json(json.request.body, json.operation->input, input);
}

inline void write_json_answer(const Wording& wording, const void* output, http::Response& response) {
  begin_aws_answer(wording, json_content_type, uuid_text(wording.identity), response);
  response.body.reserve(512);
  aws::append_json(response.body, wording.operation->output, output);
}

/// Errors of the service model, whose text is the member `Message`; all others have `message` (spec aws.md,
/// summary). AccessDeniedException is not modelled, but written by the service likewise [MEM].
inline constexpr std::array<std::string_view, 13> capital_message_codes{
    "AccessDeniedException",       "DecryptionFailure",         "EncryptionFailure",
    "InternalServiceError",        "InvalidNextTokenException", "InvalidParameterException",
    "InvalidRequestException",     "LimitExceededException",    "MalformedPolicyDocumentException",
    "PreconditionNotMetException", "PublicPolicyException",     "ResourceExistsException",
    "ResourceNotFoundException"};

inline void write_json_failure(const Wording& wording, const Failure& failure, http::Response& response) {
  begin_aws_answer(wording, json_content_type, uuid_text(wording.identity), response);
  std::string& body = response.body;
  body.reserve(256);
  body += R"({"__type":)";
  rushhour::detail::append_json_string(body, failure.code);
  if (!failure.message.empty()) {
    const bool capital = std::find(capital_message_codes.begin(), capital_message_codes.end(),
                                   failure.code) != capital_message_codes.end();
    body += capital ? R"(,"Message":)" : R"(,"message":)";
    rushhour::detail::append_json_string(body, failure.message);
  }
  body += '}';
}

// ---- REST: VirusTotal ----

[[nodiscard]] inline bool is_rest(const http::Request& request) {
  return request.target.starts_with(api::virustotal::base_path) ||
         starts_ignoring_case(host_of(request), api::virustotal::host);
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

inline aws::Read decode_rest_message(const void* message, void* input) {
  const Message& rest = *static_cast<const Message*>(message);
  api::virustotal::routes[rest.operation->index].set_id(input, http::percent_decode(rest.id));
  aws::Read read;
  std::string_view query = rest.request.query();
  while (const auto field = http::take_field(query)) read.unknown.push_back(http::form_decode(field->name));
  return read;
}

/// The headers that all recorded answers have (spec virustotal.md 1.7).
inline void begin_rest_answer(const Wording& wording, http::Response& response) {
  std::string trace;
  trace.reserve(32);
  append_hex(trace, wording.identity.at(0), 16);
  append_hex(trace, wording.identity.at(1), 16);
  response.headers.reserve(6);
  response.headers.push_back({"Cache-Control", "no-cache"});
  response.headers.push_back({"Content-Type", "application/json; charset=utf-8"});
  response.headers.push_back({"X-Cloud-Trace-Context", std::move(trace)});
  response.headers.push_back({"Date", http::to_http_date(wording.now)});
  response.headers.push_back({"Server", "Google Frontend"});
}

inline void write_rest_answer(const Wording& wording, const void* output, http::Response& response) {
  begin_rest_answer(wording, response);
  if (wording.operation == &api::operation_of<api::virustotal::GetIpAddress>) {
    wording.reports->append(response.body, *static_cast<const api::virustotal::IpAddressReport*>(output));
  } else {
    api::virustotal::routes[wording.operation->index].append_answer(response.body, output);
  }
}

/// [REC 2020-09-30] Four spaces of indentation, no final newline: 98 bytes for the 429. The lengths of the
/// recorded 400 and 401 fit this form too.
inline void write_rest_failure(const Wording& wording, const Failure& failure, http::Response& response) {
  begin_rest_answer(wording, response);
  std::string& body = response.body;
  body.reserve(160);
  body += "{\n    \"error\": {\n        \"code\": ";
  rushhour::detail::append_json_string(body, failure.code);
  body += ",\n        \"message\": ";
  rushhour::detail::append_json_string(body, failure.message);
  body += "\n    }\n}";
}

// ---- The rows ----

struct ServerProtocol {
  api::Service service;
  std::string_view signing_name;  ///< empty: not signed, but identified by an API key
  bool (*claims)(const http::Request& request);
  void (*read)(Message& message);
  Failure (*unknown)(const Message& message);
  aws::Read (*decode)(const void* message, void* input);
  void (*write_answer)(const Wording& wording, const void* output, http::Response& response);
  void (*write_failure)(const Wording& wording, const Failure& failure, http::Response& response);
};

/// In the order of Service.
inline constexpr std::array<ServerProtocol, api::service_count> server_protocols{{
    {.service = api::Service::sts,
     .signing_name = "sts",
     .claims = is_query,
     .read = read_query_message,
     .unknown = unknown_action,
     .decode = decode_query_message,
     .write_answer = write_query_answer,
     .write_failure = write_query_failure},
    {.service = api::Service::secretsmanager,
     .signing_name = "secretsmanager",
     .claims = is_json,
     .read = read_json_message,
     .unknown = unknown_operation,
     .decode = decode_json_message,
     .write_answer = write_json_answer,
     .write_failure = write_json_failure},
    {.service = api::Service::virustotal,
     .signing_name = {},
     .claims = is_rest,
     .read = read_rest_message,
     .unknown = unknown_path,
     .decode = decode_rest_message,
     .write_answer = write_rest_answer,
     .write_failure = write_rest_failure},
}};

}  // namespace rushhour::fakes::detail
