/// \file
/// The AWS Query protocol at the front door: STS and IAM.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <rushhour/api/iam.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/aws/query_xml.hpp>
#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/detail/front_door_message.hpp>
#include <rushhour/http/service.hpp>

namespace rushhour::fakes::detail {

template <api::Service service>
inline constexpr aws::QueryApi query_api =
    service == api::Service::iam ? api::iam::query_api : api::sts::query_api;

inline constexpr std::string_view form_content_type = "application/x-www-form-urlencoded";

/// IAM's requests are told from STS's by their version.
[[nodiscard]] inline bool is_iam_query(const Message& message) {
  constexpr std::string_view version = "Version=2010-05-08";
  if (message.host.service) return message.host.service == api::Service::iam;
  const http::Request& request = message.request;
  return request.path() == "/" && (request.body.find(version) != std::string::npos ||
                                   request.query().find(version) != std::string_view::npos);
}

[[nodiscard]] inline bool is_query(const Message& message) {
  if (message.host.service) return message.host.service == api::Service::sts;
  const http::Request& request = message.request;
  return request.path() == "/" &&
         (has_content_type(request, form_content_type) || request.body.starts_with("Action=") ||
          request.body.find("&Action=") != std::string::npos || request.query().starts_with("Action=") ||
          request.query().find("&Action=") != std::string_view::npos);
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

/// [CHOICE] `%` that begins no escape, a field without a name, and what is no text are syntax errors.
[[nodiscard]] inline bool is_sound(const http::EncodedField& field, const aws::Parameter& parameter) {
  const auto escapes_end = [](std::string_view text) {
    for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
      if (!http::detail::escape_at(text, at)) return false;
    }
    return true;
  };
  return !field.name.empty() && escapes_end(field.name) && escapes_end(field.value) &&
         is_utf8(parameter.first) && is_utf8(parameter.second);
}

inline void read_form(Message& message, std::string_view form, bool is_url) {
  while (const auto field = http::take_field(form)) {
    if (is_url && aws::is_presigned_parameter(field->name)) continue;
    const aws::Parameter& parameter =
        message.parameters.emplace_back(form_text(field->name), form_text(field->value));
    message.is_malformed = message.is_malformed || !is_sound(*field, parameter);
  }
}

/// GET takes its parameters from the URL, POST from the body as well, where that says it is a form.
template <api::Service service>
void read_query_message(Message& message) {
  const http::Request& request = message.request;
  message.parameters.reserve(8);
  read_form(message, request.query(), true);
  const bool is_post = request.method == "POST";
  if (is_post && has_content_type(request, form_content_type)) read_form(message, request.body, false);
  if (message.is_malformed || request.path() != "/" || (!is_post && request.method != "GET")) return;
  if (parameter(message, "Version") != query_api<service>.version) return;
  message.operation = find_operation<service>(parameter(message, "Action"));
}

/// Codes and statuses: CommonErrors of the STS API Reference [DOC]; 400 InvalidAction also spec aws.md 2.3.
/// The wording of InvalidAction is [MEM].
[[nodiscard]] inline Failure unknown_action(const Message& message) {
  if (message.is_malformed) {
    return {.outcome = Outcome::invalid,
            .status = 404,
            .code = "MalformedQueryString",
            .message = "The query string contains a syntax error."};
  }
  const std::string_view action = parameter(message, "Action");
  if (action.empty()) {
    return {.outcome = Outcome::invalid,
            .status = 400,
            .code = "MissingAction",
            .message = "The request is missing an action or a required parameter."};
  }
  std::string_view version = parameter(message, "Version");
  if (version.empty()) version = "NO_VERSION_SPECIFIED";
  return {
      .outcome = Outcome::invalid,
      .status = 400,
      .code = "InvalidAction",
      .message = "Could not find operation " + std::string{action} + " for version " + std::string{version}};
}

inline aws::Read decode_query_message(const void* message, void* input) {
  const Message& query = *static_cast<const Message*>(message);
  aws::Read read = aws::read_query(query.parameters, query.operation->input, input);
  if (query.ignores_unknown) read.unknown.clear();
  return read;
}

template <api::Service service>
void write_query_answer(Wording& wording, const void* output, http::Response& response) {
  begin_aws_answer(wording, "text/xml", response);
  const std::string_view name = wording.operation->name;
  std::string& body = response.body;
  body.reserve(1024);
  body += '<';
  body += name;
  body += "Response xmlns=\"";
  body += query_api<service>.xml_namespace;
  body += "\">";
  if (!wording.operation->output.empty()) {  // what answers nothing has no result element (the service model)
    body += '<';
    body += name;
    body += "Result>";
    aws::append_xml(body, wording.operation->output, output);
    body += "</";
    body += name;
    body += "Result>";
  }
  body += "<ResponseMetadata><RequestId>";
  body += *response.header(request_id_header);
  body += "</RequestId></ResponseMetadata></";
  body += name;
  body += "Response>";
}

/// Shape: the body quoted in jlevers/selling-partner-api#278 [REC]; Type: Receiver for what is not the
/// caller's fault.
template <api::Service service>
void write_query_failure(Wording& wording, const Failure& failure, http::Response& response) {
  begin_aws_answer(wording, "text/xml", response);
  std::string& body = response.body;
  body.reserve(512);
  body += "<ErrorResponse xmlns=\"";
  body += query_api<service>.xml_namespace;
  body += "\"><Error><Type>";
  body += failure.status >= 500 ? "Receiver" : "Sender";
  body += "</Type><Code>";
  aws::append_xml_text(body, failure.code);
  body += "</Code><Message>";
  aws::append_xml_text(body, failure.message);
  body += "</Message></Error><RequestId>";
  body += *response.header(request_id_header);
  body += "</RequestId></ErrorResponse>";
}

}  // namespace rushhour::fakes::detail
