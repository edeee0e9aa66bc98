/// \file
/// How each service's messages are read and its answers worded: one row of functions a service. Used by
/// front_door.hpp only. Reading never fails here: what cannot be read becomes a Failure of the pipeline or of
/// the row.
#pragma once

#include <array>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/fakes/detail/front_door_dynamodb.hpp>
#include <rushhour/fakes/detail/front_door_json.hpp>
#include <rushhour/fakes/detail/front_door_message.hpp>
#include <rushhour/fakes/detail/front_door_query.hpp>
#include <rushhour/fakes/detail/front_door_rest.hpp>

namespace rushhour::fakes::detail {

struct ServerProtocol {
  api::Service service;
  std::string_view signing_name;  ///< empty: not signed, but identified by an API key
  bool (*claims)(const Message& message);
  void (*read)(Message& message);
  Failure (*unknown)(const Message& message);
  Failure (*unfit)(http::Unfit why);
  aws::Read (*decode)(const void* message, void* input);
  void (*write_answer)(Wording& wording, const void* output, http::Response& response);
  void (*write_failure)(Wording& wording, const Failure& failure, http::Response& response);
};

/// In the order of Service.
inline constexpr std::array<ServerProtocol, api::service_count> server_protocols{{
    {.service = api::Service::sts,
     .signing_name = "sts",
     .claims = is_query,
     .read = read_query_message<api::Service::sts>,
     .unknown = unknown_action,
     .unfit = aws_unfit,
     .decode = decode_query_message,
     .write_answer = write_query_answer<api::Service::sts>,
     .write_failure = write_query_failure<api::Service::sts>},
    {.service = api::Service::secretsmanager,
     .signing_name = "secretsmanager",
     .claims = is_json,
     .read = read_json_message,
     .unknown = unknown_operation,
     .unfit = aws_unfit,
     .decode = decode_json_message,
     .write_answer = write_json_answer,
     .write_failure = write_json_failure},
    {.service = api::Service::virustotal,
     .signing_name = {},
     .claims = is_rest,
     .read = read_rest_message,
     .unknown = unknown_path,
     .unfit = rest_unfit,
     .decode = decode_rest_message,
     .write_answer = write_rest_answer,
     .write_failure = write_rest_failure},
    {.service = api::Service::dynamodb,
     .signing_name = "dynamodb",
     .claims = is_dynamodb,
     .read = read_dynamodb_message,
     .unknown = unknown_dynamodb_operation,
     .unfit = aws_unfit,
     .decode = decode_json_message,
     .write_answer = write_dynamodb_answer,
     .write_failure = write_dynamodb_failure},
    {.service = api::Service::iam,
     .signing_name = "iam",
     .claims = is_iam_query,
     .read = read_query_message<api::Service::iam>,
     .unknown = unknown_action,
     .unfit = aws_unfit,
     .decode = decode_query_message,
     .write_answer = write_query_answer<api::Service::iam>,
     .write_failure = write_query_failure<api::Service::iam>},
}};

}  // namespace rushhour::fakes::detail
