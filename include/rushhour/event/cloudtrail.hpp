/// \file
/// Facts about CloudTrail records that generators, data models and rules share: their log type, the names of
/// their fields, the kinds of their source. It makes no records and reads no files.
#pragma once

#include <string_view>

#include <rushhour/address.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::event::cloudtrail {

/// Panther's name of the log type.
inline constexpr std::string_view log_type = "AWS.CloudTrail";

/// Fields of a record, as paths. Source: AWS CloudTrail User Guide, "CloudTrail record contents for
/// management, data, and network activity events", 2024; checked against recorded events of 2024.
inline constexpr std::string_view event_time = "eventTime";
inline constexpr std::string_view event_source = "eventSource";
inline constexpr std::string_view event_name = "eventName";
inline constexpr std::string_view event_type = "eventType";
inline constexpr std::string_view event_id = "eventID";
inline constexpr std::string_view request_id = "requestID";
inline constexpr std::string_view aws_region = "awsRegion";
inline constexpr std::string_view source_ip_address = "sourceIPAddress";
inline constexpr std::string_view user_agent = "userAgent";
inline constexpr std::string_view error_code = "errorCode";
inline constexpr std::string_view error_message = "errorMessage";
inline constexpr std::string_view recipient_account_id = "recipientAccountId";
inline constexpr std::string_view request_parameters = "requestParameters";
inline constexpr std::string_view response_elements = "responseElements";
inline constexpr std::string_view user_identity = "userIdentity";
inline constexpr std::string_view user_type = "userIdentity.type";
inline constexpr std::string_view user_arn = "userIdentity.arn";
inline constexpr std::string_view user_name = "userIdentity.userName";
inline constexpr std::string_view user_account_id = "userIdentity.accountId";
inline constexpr std::string_view user_principal_id = "userIdentity.principalId";
inline constexpr std::string_view user_invoked_by = "userIdentity.invokedBy";
/// The role's name, where userName is that of an IAM user.
inline constexpr std::string_view session_issuer_user_name =
    "userIdentity.sessionContext.sessionIssuer.userName";
inline constexpr std::string_view session_issuer_arn = "userIdentity.sessionContext.sessionIssuer.arn";

/// The largest event that CloudTrail records; larger ones are cut short. Source: AWS CloudTrail User Guide,
/// "CloudTrail record contents", field `addendum`: "maximum event size of 256 KB", 2024.
inline constexpr std::size_t record_bytes_max = 256 * 1024;

/// The class of a record's sourceIPAddress; null and absent are missing, anything but a text is malformed.
[[nodiscard]] constexpr AddressClass classify_source(const Value& source) {
  if (source.is_null()) return AddressClass::missing;
  const auto text = source.as_text();
  return text ? classify_address(*text) : AddressClass::malformed;
}

}  // namespace rushhour::event::cloudtrail
