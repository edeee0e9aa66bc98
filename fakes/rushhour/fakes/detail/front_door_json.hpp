/// \file
/// The AWS JSON 1.1 protocol at the front door: Secrets Manager.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/aws/json_1_1.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/fakes/detail/front_door_message.hpp>
#include <rushhour/http/service.hpp>

namespace rushhour::fakes::detail {

inline constexpr std::string_view json_content_type = "application/x-amz-json-1.1";
inline constexpr std::string_view target_prefix = "secretsmanager.";

[[nodiscard]] inline bool is_json(const Message& message) {
  if (message.host.service) return message.host.service == api::Service::secretsmanager;
  return message.request.header("X-Amz-Target") != nullptr ||
         starts_ignoring_case(header_of(message.request, "Content-Type"), "application/x-amz-json-");
}

/// [MEM] Another method, path or type of content is as unknown as another target.
inline void read_json_message(Message& message) {
  const http::Request& request = message.request;
  const std::string_view target = header_of(request, "X-Amz-Target");
  if (request.method != "POST" || request.path() != "/" || !target.starts_with(target_prefix) ||
      !has_content_type(request, json_content_type)) {
    return;
  }
  message.operation = find_operation<api::Service::secretsmanager>(target.substr(target_prefix.size()));
}

/// [MEM] It comes without a message.
[[nodiscard]] inline Failure unknown_operation(const Message& /*message*/) {
  return {.outcome = Outcome::invalid, .status = 400, .code = "UnknownOperationException"};
}

inline aws::Read decode_json_message(const void* message, void* input) {
  const Message& json = *static_cast<const Message*>(message);
  if (!is_utf8(json.request.body)) {
    aws::Read read;
    read.malformed.emplace();
    return read;
  }
  aws::Read read = aws::read_json(json.request.body, json.operation->input, input);
  if (json.ignores_unknown) read.unknown.clear();
  return read;
}

inline void write_json_answer(Wording& wording, const void* output, http::Response& response) {
  begin_aws_answer(wording, json_content_type, response);
  response.body.reserve(512);
  aws::append_json(response.body, wording.operation->output, output);
}

/// Errors of the service model, whose text is the member `Message`; all others have `message` (spec aws.md,
/// summary). AccessDeniedException and SerializationException are not modelled, but written likewise [MEM].
inline constexpr std::array<std::string_view, 14> capital_message_codes{
    "AccessDeniedException",       "SerializationException",
    "DecryptionFailure",           "EncryptionFailure",
    "InternalServiceError",        "InvalidNextTokenException",
    "InvalidParameterException",   "InvalidRequestException",
    "LimitExceededException",      "MalformedPolicyDocumentException",
    "PreconditionNotMetException", "PublicPolicyException",
    "ResourceExistsException",     "ResourceNotFoundException"};

inline void write_json_failure(Wording& wording, const Failure& failure, http::Response& response) {
  begin_aws_answer(wording, json_content_type, response);
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

}  // namespace rushhour::fakes::detail
