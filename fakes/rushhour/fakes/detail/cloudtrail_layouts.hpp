/// \file
/// The shapes of the records that cloudtrail.hpp writes: a row for each operation with parameters, and the
/// layout that it has for each kind of caller and each way to end. What differs between two records of one
/// shape is in slots.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/cloudtrail.hpp>
#include <rushhour/event/layout.hpp>
#include <rushhour/event/value.hpp>
#include <rushhour/fakes/detail/cloudtrail_words.hpp>

namespace rushhour::fakes::detail {

/// What differs between two records of one layout.
enum class TrailSlot : std::uint32_t {
  event_time,
  event_id,
  request_id,
  shared_event_id,
  recipient,
  error_code,
  error_message,
  secret_id,
  principal_id,
  arn,
  account,
  access_key_id,
  user_name,
  issuer_id,
  issuer_arn,
  creation_date,
  role_arn,
  role_account,
  role_session_name,
  assumed_role_id,
  assumed_role_arn,
  issued_access_key_id,
  session_token,
  expiration
};

/// Who called, as far as it shapes userIdentity.
enum class TrailCaller : std::uint8_t { iam_user, assumed_role, aws_account };
inline constexpr std::size_t trail_callers = 3;
/// How it ended, as far as it shapes the record.
enum class TrailEnd : std::uint8_t { ok, shared, throttled, refused, failed };
inline constexpr std::size_t trail_ends = 5;

[[nodiscard]] constexpr event::Value slot(TrailSlot which) {
  return event::Value::slot(static_cast<std::uint32_t>(which));
}

/// What the records of an operation hold besides what all have. An operation without a row has no parameters,
/// as GetCallerIdentity.
struct TrailShape {
  using Part = event::Value (*)(event::Arena&);
  std::string_view operation;
  bool keeps_request;  ///< requestParameters are there when the call was refused
  Part request;
  Part response = nullptr;
  Part resources = nullptr;
};

[[nodiscard]] inline event::Value trail_secret_request(event::Arena& arena) {
  return event::object(arena, {{"secretId", slot(TrailSlot::secret_id)}});
}
[[nodiscard]] inline event::Value trail_role_request(event::Arena& arena) {
  return event::object(arena, {{"roleArn", slot(TrailSlot::role_arn)},
                               {"roleSessionName", slot(TrailSlot::role_session_name)}});
}
[[nodiscard]] inline event::Value trail_role_response(event::Arena& arena) {
  const event::Value credentials =
      event::object(arena, {{"accessKeyId", slot(TrailSlot::issued_access_key_id)},
                            {"sessionToken", slot(TrailSlot::session_token)},
                            {"expiration", slot(TrailSlot::expiration)}});
  const event::Value user = event::object(arena, {{"assumedRoleId", slot(TrailSlot::assumed_role_id)},
                                                  {"arn", slot(TrailSlot::assumed_role_arn)}});
  return event::object(arena, {{"credentials", credentials}, {"assumedRoleUser", user}});
}
[[nodiscard]] inline event::Value trail_role_resources(event::Arena& arena) {
  return event::array(arena, {event::object(arena, {{"accountId", slot(TrailSlot::role_account)},
                                                    {"type", "AWS::IAM::Role"},
                                                    {"ARN", slot(TrailSlot::role_arn)}})});
}

/// [REC] A refused AssumeRole has null for requestParameters; those of Secrets Manager are kept in Panther's
/// sample, which is unverified.
inline constexpr std::array<TrailShape, 3> trail_shapes{{
    {.operation = "sts:AssumeRole",
     .keeps_request = false,
     .request = trail_role_request,
     .response = trail_role_response,
     .resources = trail_role_resources},
    {.operation = "secretsmanager:GetSecretValue", .keeps_request = true, .request = trail_secret_request},
    {.operation = "secretsmanager:DescribeSecret", .keeps_request = true, .request = trail_secret_request},
}};

[[nodiscard]] inline event::Value trail_identity(event::Arena& arena, TrailCaller caller) {
  const event::Member id{"principalId", slot(TrailSlot::principal_id)};
  const event::Member account{"accountId", slot(TrailSlot::account)};
  if (caller == TrailCaller::aws_account) return event::object(arena, {{"type", "AWSAccount"}, id, account});
  const event::Member arn{"arn", slot(TrailSlot::arn)};
  const event::Member key{"accessKeyId", slot(TrailSlot::access_key_id)};
  const event::Member name{"userName", slot(TrailSlot::user_name)};
  if (caller == TrailCaller::iam_user) {
    return event::object(arena, {{"type", "IAMUser"}, id, arn, account, key, name});
  }
  const event::Value issuer = event::object(arena, {{"type", "Role"},
                                                    {"principalId", slot(TrailSlot::issuer_id)},
                                                    {"arn", slot(TrailSlot::issuer_arn)},
                                                    account,
                                                    name});
  const event::Value attributes =
      event::object(arena, {{"creationDate", slot(TrailSlot::creation_date)}, {"mfaAuthenticated", "false"}});
  const event::Value context = event::object(arena, {{"sessionIssuer", issuer},
                                                     {"webIdFederationData", event::object(arena, {})},
                                                     {"attributes", attributes}});
  return event::object(arena, {{"type", "AssumedRole"}, id, arn, account, key, {"sessionContext", context}});
}

/// What all records of one world have in common.
struct TrailConstants {
  std::string_view region{};
  std::string_view source_ip{};
  std::string_view user_agent{};
};

/// In the order in which CloudTrail delivers the fields.
[[nodiscard]] inline std::shared_ptr<const event::Layout> make_trail_layout(const api::Operation& operation,
                                                                            TrailCaller caller, TrailEnd end,
                                                                            const TrailConstants& constants) {
  namespace cloudtrail = event::cloudtrail;
  event::Arena arena;
  const std::string name = to_text(operation);
  const auto* const shape = std::find_if(trail_shapes.begin(), trail_shapes.end(),
                                         [&](const TrailShape& each) { return each.operation == name; });
  const bool is_ok = end == TrailEnd::ok || end == TrailEnd::shared;
  const bool has_shape = shape != trail_shapes.end();
  // A throttled call was never read.
  const bool has_request = has_shape && (is_ok || (shape->keeps_request && end != TrailEnd::throttled));
  const std::string_view service = api::to_text(operation.service);
  const std::string_view region = arena.copy(constants.region);

  std::vector<event::Member> members{{"eventVersion", trail_version(operation.service)},
                                     {cloudtrail::user_identity, trail_identity(arena, caller)},
                                     {cloudtrail::event_time, slot(TrailSlot::event_time)},
                                     {cloudtrail::event_source, arena.join({service, ".amazonaws.com"})},
                                     {cloudtrail::event_name, operation.name},
                                     {cloudtrail::aws_region, region},
                                     {cloudtrail::source_ip_address, arena.copy(constants.source_ip)},
                                     {cloudtrail::user_agent, arena.copy(constants.user_agent)}};
  if (!is_ok) members.push_back({cloudtrail::error_code, slot(TrailSlot::error_code)});
  if (end == TrailEnd::throttled || end == TrailEnd::refused) {
    members.push_back({cloudtrail::error_message, slot(TrailSlot::error_message)});
  }
  members.push_back({cloudtrail::request_parameters, has_request ? shape->request(arena) : event::Value{}});
  const bool has_response = is_ok && has_shape && shape->response != nullptr;
  members.push_back({cloudtrail::response_elements, has_response ? shape->response(arena) : event::Value{}});
  members.push_back({cloudtrail::request_id, slot(TrailSlot::request_id)});
  members.push_back({cloudtrail::event_id, slot(TrailSlot::event_id)});
  members.push_back({"readOnly", operation.read_only});
  if (is_ok && has_shape && shape->resources != nullptr) {
    members.push_back({"resources", shape->resources(arena)});
  }
  members.push_back({cloudtrail::event_type, "AwsApiCall"});
  members.push_back({"managementEvent", true});
  members.push_back({cloudtrail::recipient_account_id, slot(TrailSlot::recipient)});
  if (end == TrailEnd::shared) members.push_back({"sharedEventID", slot(TrailSlot::shared_event_id)});
  members.push_back({"eventCategory", "Management"});
  members.push_back(
      {"tlsDetails", event::object(arena, {{"tlsVersion", "TLSv1.3"},
                                           {"cipherSuite", "TLS_AES_128_GCM_SHA256"},
                                           {"clientProvidedHostHeader",
                                            arena.join({service, ".", region, ".amazonaws.com"})}})});
  const event::Value root = event::object(arena, members);
  return event::Layout::make(std::move(arena), root);
}

}  // namespace rushhour::fakes::detail
