/// \file
/// The shapes of synthetic CloudTrail records: one row for each eventName, and the layout that it has for
/// each kind of caller. It decides no value that differs from event to event: those are slots.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/event/arena.hpp>
#include <rushhour/event/layout.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::event::detail {

/// What differs between two synthetic records of one layout.
enum class CloudTrailSlot : std::uint32_t {
  event_time,
  event_id,
  request_id,
  source_ip,
  user_agent,
  principal_id,
  arn,
  access_key_id,
  user_name,
  issuer_id,
  issuer_arn,
  creation_date,
  secret_id,
  other_secret_id,
  role_arn,
  role_session_name,
  assumed_role_id,
  assumed_role_arn,
  issued_access_key_id,
  session_token,
  expiration,
  account_id,
  shared_event_id,
  count
};

[[nodiscard]] constexpr Value slot(CloudTrailSlot which) {
  return Value::slot(static_cast<std::uint32_t>(which));
}

/// Who called, as far as it shapes the record.
enum class Caller : std::uint8_t {
  iam_user,
  assumed_role,
  root,          ///< of an account that is a slot: without userName, as an account without an alias has it
  other_account  ///< from outside; the record tells its principalId and its account, a slot, and no more
};
/// From where, as far as it shapes the record.
enum class Origin : std::uint8_t {
  address,
  service,
  missing,
  console  ///< a browser, with the temporary credentials of who signed in with it
};

/// Where a layout's parts come from.
struct LayoutParts {
  Arena& arena;
  std::string_view account;
  std::string_view region;
};

/// One eventName. Adding one is a row below; nothing else names it.
struct EventKind {
  using Part = Value (*)(const LayoutParts&);

  std::string_view name;
  std::string_view service;  ///< as in `<service>.amazonaws.com`
  std::string_view version;  ///< eventVersion
  std::uint32_t weight;      ///< in the default mix, out of 1,000
  bool read_only = true;
  bool sign_in = false;    ///< the console's form of a record, with a browser for a client
  Part request = nullptr;  ///< requestParameters; null without
  Part response = nullptr;
  Part resources = nullptr;
};

[[nodiscard]] inline Value one_secret(const LayoutParts& parts) {
  return object(parts.arena, {{"secretId", slot(CloudTrailSlot::secret_id)}});
}
[[nodiscard]] inline Value two_secrets(const LayoutParts& parts) {
  return object(parts.arena, {{"secretIdList", array(parts.arena, {slot(CloudTrailSlot::secret_id),
                                                                   slot(CloudTrailSlot::other_secret_id)})}});
}
[[nodiscard]] inline Value a_page(const LayoutParts& parts) {
  return object(parts.arena, {{"maxResults", 100}});
}
[[nodiscard]] inline Value no_filters(const LayoutParts& parts) {
  const Value empty = object(parts.arena, {});
  return object(parts.arena, {{"instancesSet", empty}, {"filterSet", empty}});
}
[[nodiscard]] inline Value role_request(const LayoutParts& parts) {
  return object(parts.arena, {{"roleArn", slot(CloudTrailSlot::role_arn)},
                              {"roleSessionName", slot(CloudTrailSlot::role_session_name)},
                              {"durationSeconds", 3600}});
}
[[nodiscard]] inline Value role_response(const LayoutParts& parts) {
  return object(
      parts.arena,
      {{"credentials", object(parts.arena, {{"accessKeyId", slot(CloudTrailSlot::issued_access_key_id)},
                                            {"sessionToken", slot(CloudTrailSlot::session_token)},
                                            {"expiration", slot(CloudTrailSlot::expiration)}})},
       {"assumedRoleUser", object(parts.arena, {{"assumedRoleId", slot(CloudTrailSlot::assumed_role_id)},
                                                {"arn", slot(CloudTrailSlot::assumed_role_arn)}})}});
}
[[nodiscard]] inline Value role_resource(const LayoutParts& parts) {
  return array(parts.arena, {object(parts.arena, {{"accountId", parts.arena.copy(parts.account)},
                                                  {"type", "AWS::IAM::Role"},
                                                  {"ARN", slot(CloudTrailSlot::role_arn)}})});
}
[[nodiscard]] inline Value signed_in(const LayoutParts& parts) {
  return object(parts.arena, {{"ConsoleLogin", "Success"}});
}

/// Versions and parameters as recorded in 2024 (spec of AWS, 5). The weights are an assumption: calls of
/// roles that poll dominate most accounts, and Secrets Manager is a few percent.
inline constexpr std::array<EventKind, 12> event_kinds{{
    {.name = "AssumeRole",
     .service = "sts",
     .version = "1.08",
     .weight = 330,
     .request = role_request,
     .response = role_response,
     .resources = role_resource},
    {.name = "DescribeInstances", .service = "ec2", .version = "1.09", .weight = 220, .request = no_filters},
    {.name = "GetCallerIdentity", .service = "sts", .version = "1.08", .weight = 100},
    {.name = "DescribeVolumes", .service = "ec2", .version = "1.09", .weight = 90},
    {.name = "ListBuckets", .service = "s3", .version = "1.09", .weight = 80},
    {.name = "DescribeAlarms", .service = "monitoring", .version = "1.09", .weight = 70},
    {.name = "ListRoles", .service = "iam", .version = "1.09", .weight = 45},
    {.name = "GetSecretValue",
     .service = "secretsmanager",
     .version = "1.09",
     .weight = 40,
     .request = one_secret},
    {.name = "DescribeSecret",
     .service = "secretsmanager",
     .version = "1.09",
     .weight = 15,
     .request = one_secret},
    {.name = "ListSecrets", .service = "secretsmanager", .version = "1.09", .weight = 5, .request = a_page},
    {.name = "BatchGetSecretValue",
     .service = "secretsmanager",
     .version = "1.09",
     .weight = 2,
     .request = two_secrets},
    {.name = "ConsoleLogin",
     .service = "signin",
     .version = "1.08",
     .weight = 3,
     .read_only = false,
     .sign_in = true,
     .response = signed_in},
}};

[[nodiscard]] inline Value session_attributes(const LayoutParts& parts, std::string_view mfa) {
  return object(parts.arena,
                {{"creationDate", slot(CloudTrailSlot::creation_date)}, {"mfaAuthenticated", mfa}});
}

[[nodiscard]] inline Value session_context(const LayoutParts& parts, std::string_view account) {
  Arena& arena = parts.arena;
  return object(arena, {{"sessionIssuer", object(arena, {{"type", "Role"},
                                                         {"principalId", slot(CloudTrailSlot::issuer_id)},
                                                         {"arn", slot(CloudTrailSlot::issuer_arn)},
                                                         {"accountId", account},
                                                         {"userName", slot(CloudTrailSlot::user_name)}})},
                        {"attributes", session_attributes(parts, "false")}});
}

[[nodiscard]] inline Value user_identity(const LayoutParts& parts, const EventKind& kind, Caller caller,
                                         Origin origin, std::string_view account) {
  static constexpr std::array<std::string_view, 4> types{"IAMUser", "AssumedRole", "Root", "AWSAccount"};
  std::vector<Member> members{{"type", types[static_cast<std::size_t>(caller)]},
                              {"principalId", slot(CloudTrailSlot::principal_id)}};
  if (caller == Caller::other_account) {
    members.push_back({"accountId", slot(CloudTrailSlot::account_id)});
    return object(parts.arena, members);
  }
  members.push_back({"arn", slot(CloudTrailSlot::arn)});
  members.push_back(
      {"accountId", caller == Caller::root ? slot(CloudTrailSlot::account_id) : Value{account}});
  if (!kind.sign_in) members.push_back({"accessKeyId", slot(CloudTrailSlot::access_key_id)});
  if (caller == Caller::iam_user) members.push_back({"userName", slot(CloudTrailSlot::user_name)});
  if (caller == Caller::assumed_role) {
    members.push_back({"sessionContext", session_context(parts, account)});
  } else if (origin == Origin::console) {
    members.push_back(
        {"sessionContext", object(parts.arena, {{"attributes", session_attributes(parts, "true")}})});
  }
  if (origin == Origin::service) members.push_back({"invokedBy", slot(CloudTrailSlot::source_ip)});
  return object(parts.arena, members);
}

/// The record of a kind for a caller and an origin, in the order in which CloudTrail delivers the fields.
[[nodiscard]] inline std::shared_ptr<const Layout> make_layout(const EventKind& kind, Caller caller,
                                                               Origin origin, std::string_view account_id,
                                                               std::string_view region) {
  Arena arena;
  const LayoutParts parts{.arena = arena, .account = account_id, .region = region};
  const std::string_view account = arena.copy(account_id);
  const auto part = [&](EventKind::Part make) { return make == nullptr ? Value{} : make(parts); };
  std::vector<Member> members{{"eventVersion", kind.version},
                              {"userIdentity", user_identity(parts, kind, caller, origin, account)},
                              {"eventTime", slot(CloudTrailSlot::event_time)},
                              {"eventSource", arena.join({kind.service, ".amazonaws.com"})},
                              {"eventName", kind.name},
                              {"awsRegion", arena.copy(region)}};
  if (origin != Origin::missing) members.push_back({"sourceIPAddress", slot(CloudTrailSlot::source_ip)});
  members.push_back({"userAgent", slot(CloudTrailSlot::user_agent)});
  members.push_back({"requestParameters", part(kind.request)});
  members.push_back({"responseElements", part(kind.response)});
  if (kind.sign_in) {
    members.push_back(
        {"additionalEventData", object(arena, {{"LoginTo", "https://console.aws.amazon.com/console/home"},
                                               {"MobileVersion", "No"},
                                               {"MFAUsed", "Yes"}})});
  } else {
    members.push_back({"requestID", slot(CloudTrailSlot::request_id)});
  }
  members.push_back({"eventID", slot(CloudTrailSlot::event_id)});
  members.push_back({"readOnly", kind.read_only});
  if (kind.resources != nullptr) members.push_back({"resources", kind.resources(parts)});
  members.push_back({"eventType", kind.sign_in ? "AwsConsoleSignIn" : "AwsApiCall"});
  members.push_back({"managementEvent", true});
  members.push_back(
      {"recipientAccountId", caller == Caller::root ? slot(CloudTrailSlot::account_id) : Value{account}});
  if (caller == Caller::other_account) {
    members.push_back({"sharedEventID", slot(CloudTrailSlot::shared_event_id)});
  }
  members.push_back({"eventCategory", "Management"});
  if (origin != Origin::service) {  // a service calls from inside; CloudTrail has no TLS details of that
    const std::string_view host = kind.sign_in ? std::string_view{"signin.aws.amazon.com"}
                                               : arena.join({kind.service, ".", region, ".amazonaws.com"});
    members.push_back({"tlsDetails", object(arena, {{"tlsVersion", "TLSv1.3"},
                                                    {"cipherSuite", "TLS_AES_128_GCM_SHA256"},
                                                    {"clientProvidedHostHeader", host}})});
  }
  if (origin == Origin::console) members.push_back({"sessionCredentialFromConsole", "true"});
  const Value root = object(arena, members);
  return Layout::make(std::move(arena), root);
}

}  // namespace rushhour::event::detail
