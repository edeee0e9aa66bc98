/// \file
/// DynamoDB at the front door: AWS JSON 1.0, whose errors name the part of the service that speaks, and whose
/// answers carry a checksum.
///
/// Sources: the types and texts of errors as real ones are quoted in public (spec tag REC: dynalite, whose
/// tests run against the service; ExtendDB likewise, 2026), and where it says so memory (MEM).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <rushhour/api/dynamodb.hpp>
#include <rushhour/aws/json_1_1.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/fakes/detail/front_door_message.hpp>
#include <rushhour/http/service.hpp>

namespace rushhour::fakes::detail {

/// The same for all operations of DynamoDB's API, whatever its version.
[[nodiscard]] inline bool is_dynamodb(const Message& message) {
  if (message.host.service) return message.host.service == api::Service::dynamodb;
  return header_of(message.request, "X-Amz-Target").starts_with("DynamoDB_");
}

inline void read_dynamodb_message(Message& message) {
  const http::Request& request = message.request;
  const std::string_view target = header_of(request, "X-Amz-Target");
  if (request.method != "POST" || request.path() != "/" ||
      !target.starts_with(api::dynamodb::target_prefix) ||
      !has_content_type(request, api::dynamodb::content_type)) {
    return;
  }
  message.operation =
      find_operation<api::Service::dynamodb>(target.substr(api::dynamodb::target_prefix.size()));
}

/// Operations that the service has and the fake has not (API Reference, "Actions").
inline constexpr std::array<std::string_view, 53> dynamodb_operations_left_out{
    "BatchExecuteStatement",
    "BatchGetItem",
    "BatchWriteItem",
    "CreateBackup",
    "CreateGlobalTable",
    "CreateTable",
    "DeleteBackup",
    "DeleteItem",
    "DeleteResourcePolicy",
    "DeleteTable",
    "DescribeBackup",
    "DescribeContinuousBackups",
    "DescribeContributorInsights",
    "DescribeEndpoints",
    "DescribeExport",
    "DescribeGlobalTable",
    "DescribeGlobalTableSettings",
    "DescribeImport",
    "DescribeKinesisStreamingDestination",
    "DescribeLimits",
    "DescribeTable",
    "DescribeTableReplicaAutoScaling",
    "DescribeTimeToLive",
    "DisableKinesisStreamingDestination",
    "EnableKinesisStreamingDestination",
    "ExecuteStatement",
    "ExecuteTransaction",
    "ExportTableToPointInTime",
    "GetResourcePolicy",
    "ImportTable",
    "ListBackups",
    "ListContributorInsights",
    "ListExports",
    "ListGlobalTables",
    "ListImports",
    "ListTables",
    "ListTagsOfResource",
    "PutResourcePolicy",
    "Query",
    "RestoreTableFromBackup",
    "RestoreTableToPointInTime",
    "Scan",
    "TagResource",
    "TransactGetItems",
    "TransactWriteItems",
    "UntagResource",
    "UpdateContinuousBackups",
    "UpdateContributorInsights",
    "UpdateGlobalTable",
    "UpdateGlobalTableSettings",
    "UpdateKinesisStreamingDestination",
    "UpdateTable",
    "UpdateTimeToLive"};

/// [REC] It comes without a message. [CHOICE] Of an operation that the real service has, it says so.
[[nodiscard]] inline Failure unknown_dynamodb_operation(const Message& message) {
  Failure out{.outcome = Outcome::invalid, .status = 400, .code = "UnknownOperationException"};
  std::string_view name = header_of(message.request, "X-Amz-Target");
  if (!name.starts_with(api::dynamodb::target_prefix)) return out;
  name.remove_prefix(api::dynamodb::target_prefix.size());
  const bool is_left_out = std::find(dynamodb_operations_left_out.begin(), dynamodb_operations_left_out.end(),
                                     name) != dynamodb_operations_left_out.end();
  if (is_left_out) {
    out.message = "The fake does not model DynamoDB's " + std::string{name} +
                  ": it has GetItem, PutItem and UpdateItem";
  }
  return out;
}

/// CRC-32 as of RFC 1952.
[[nodiscard]] inline std::uint32_t crc32_of(std::string_view text) {
  static constexpr auto table = [] {
    std::array<std::uint32_t, 256> out{};
    for (std::uint32_t byte = 0; byte < out.size(); ++byte) {
      std::uint32_t rest = byte;
      for (int bit = 0; bit < 8; ++bit) rest = (rest & 1U) != 0 ? 0xEDB88320U ^ (rest >> 1) : rest >> 1;
      out[byte] = rest;
    }
    return out;
  }();
  std::uint32_t sum = 0xFFFFFFFFU;
  for (const char c : text) sum = table[(sum ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (sum >> 8);
  return sum ^ 0xFFFFFFFFU;
}

/// [REC] botocore retries an answer whose checksum is wrong (botocore data/_retry.json, policy crc32).
inline void add_checksum(http::Response& response) {
  response.headers.push_back({"x-amz-crc32", std::to_string(crc32_of(response.body))});
}

inline void write_dynamodb_answer(Wording& wording, const void* output, http::Response& response) {
  begin_aws_answer(wording, api::dynamodb::content_type, response);
  response.body.reserve(512);
  aws::append_json(response.body, wording.operation->output, output);
  add_checksum(response);
}

/// Who speaks in an error, as its type says before the `#`.
struct ErrorVoice {
  std::string_view code;
  std::string_view voice;
  bool is_capital{};  ///< its text is the member `Message`
};
inline constexpr std::string_view dynamodb_voice = "com.amazonaws.dynamodb.v20120810";
inline constexpr std::string_view common_voice = "com.amazon.coral.service";
/// Errors of the service model speak for themselves; which of the others have `Message`: AccessDenied and
/// SerializationException [REC], all but those `message`.
inline constexpr std::array error_voices{
    ErrorVoice{"AccessDeniedException", common_voice, true},
    ErrorVoice{"ConditionalCheckFailedException", dynamodb_voice},
    ErrorVoice{"InternalServerError", dynamodb_voice},
    ErrorVoice{"ItemCollectionSizeLimitExceededException", dynamodb_voice},
    ErrorVoice{"ProvisionedThroughputExceededException", dynamodb_voice},
    ErrorVoice{"RequestLimitExceeded", dynamodb_voice},
    ErrorVoice{"ResourceNotFoundException", dynamodb_voice},
    ErrorVoice{"SerializationException", common_voice, true},
    ErrorVoice{"ThrottlingException", "com.amazon.coral.availability"},  // [MEM]
    ErrorVoice{"TransactionConflictException", dynamodb_voice},
    ErrorVoice{"ValidationException", "com.amazon.coral.validate"},
};

inline void write_dynamodb_failure(Wording& wording, const Failure& failure, http::Response& response) {
  begin_aws_answer(wording, api::dynamodb::content_type, response);
  const auto found = std::find_if(error_voices.begin(), error_voices.end(),
                                  [&](const ErrorVoice& each) { return each.code == failure.code; });
  const ErrorVoice voice = found == error_voices.end() ? ErrorVoice{failure.code, common_voice} : *found;
  std::string& body = response.body;
  body.reserve(256);
  body += R"({"__type":)";
  rushhour::detail::append_json_string(body, std::string{voice.voice} + "#" + failure.code);
  if (!failure.message.empty()) {
    body += voice.is_capital ? R"(,"Message":)" : R"(,"message":)";
    rushhour::detail::append_json_string(body, failure.message);
  }
  if (failure.details.size() > 2) {  // the members of an object
    body += ',';
    body.append(failure.details, 1, failure.details.size() - 2);
  }
  body += '}';
  add_checksum(response);
}

}  // namespace rushhour::fakes::detail
