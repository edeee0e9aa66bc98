#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/global_endpoint.hpp>
#include <rushhour/detail/uuid.hpp>
#include <rushhour/fakes/cloudtrail_log.hpp>
#include <rushhour/fakes/detail/cloudtrail_record.hpp>
#include <rushhour/fakes/detail/cloudtrail_words.hpp>
#include <rushhour/fakes/detail/json_object.hpp>

namespace rushhour::fakes {

namespace detail {

inline constexpr std::array trail_services{api::Service::sts, api::Service::secretsmanager,
                                           api::Service::iam};

/// Whether responseElements say what the call made. Reads are silent, except where STS gives credentials.
[[nodiscard]] RUSHHOUR_INLINE bool answers_in_trail(const api::Operation& operation) {
  if (!operation.read_only) return true;
  if (operation.service != api::Service::sts) return false;
  if (&operation == &api::operation_of<api::sts::GetWebIdentityToken>) return true;
  return std::any_of(operation.output.begin(), operation.output.end(),
                     [](const aws::Member& member) { return member.name == "Credentials"; });
}

/// The account of the role that a request names; empty when it names none.
[[nodiscard]] RUSHHOUR_INLINE std::string role_account(const Arrival& arrival) {
  const auto arn = aws::parse_arn(text_member(arrival.operation.input, arrival.input, "RoleArn"));
  return arn && aws::is_account_id(arn->account) ? std::string{arn->account} : std::string{};
}

/// Session tags that the caller's own session hands on, as requestParameters show them: `{"key":"value"}`.
[[nodiscard]] RUSHHOUR_INLINE std::string incoming_transitive_tags(const Caller& caller) {
  JsonObject tags;
  bool any = false;
  if (caller.facts == nullptr) return {};
  for (const SessionTag& tag : caller.facts->tags) {
    if (!tag.is_transitive) continue;
    tags.text(tag.key, tag.value);
    any = true;
  }
  return any ? tags.json() : std::string{};
}

/// IAM is one for all Regions, and its records say that it is in us-east-1 (IAM User Guide, "Logging IAM and
/// AWS STS API calls with AWS CloudTrail", 2024).
inline constexpr std::string_view iam_region = "us-east-1";

/// As clients name the host that they ask: `sts.eu-west-1.amazonaws.com`.
[[nodiscard]] RUSHHOUR_INLINE std::string host_of(api::Service service, std::string_view region) {
  if (service == api::Service::iam) return "iam.amazonaws.com";
  if (region == aws::global_endpoint) return std::string{aws::sts_global_host};
  return aws::detail::joined({api::to_text(service), ".", region, ".amazonaws.com"});
}

/// What a record of STS says of the endpoint. [DOC] The global one is served in the Region of the workload,
/// which is the world's.
[[nodiscard]] RUSHHOUR_INLINE std::string endpoint_details(std::string_view region, std::string_view home) {
  const bool is_global = region == aws::global_endpoint;
  return JsonObject{}
      .raw("RequestDetails", JsonObject{}
                                 .text("endpointType", is_global ? "global" : "regional")
                                 .text("awsServingRegion", is_global ? home : region)
                                 .json())
      .json();
}

}  // namespace detail

/// Every member that is JSON is whole: `null`, or an object.
struct CloudTrailLog::Draft {
  const api::Operation& operation;
  std::string_view name{};  ///< eventName
  Instant at{};
  std::string account{};
  std::string region{};
  std::string identity{};
  std::string source_ip{};
  std::string user_agent{};
  std::string error_code{};
  std::string error_message{};
  std::string request_parameters{"null"};
  std::string response_elements{"null"};
  std::string additional_data{};  ///< empty: left out, as the next is
  std::string resources{};
  std::string request_id{};
  std::string shared_event_id{};  ///< empty: left out
  std::string host{};
};

RUSHHOUR_INLINE CloudTrailLog::CloudTrailLog(World& world, Options options)
    : world_(world),
      options_(std::move(options)),
      identifiers_(world.random.stream("cloudtrail_log.identifiers")) {
  for (const api::Service service : detail::trail_services) world_.service(service).listen(*this);
  world_.secretsmanager.listen(static_cast<ServiceEvents&>(*this));
}

RUSHHOUR_INLINE CloudTrailLog::~CloudTrailLog() {
  for (const api::Service service : detail::trail_services) world_.service(service).unlisten(*this);
  world_.secretsmanager.unlisten(static_cast<ServiceEvents&>(*this));
}

RUSHHOUR_INLINE std::string CloudTrailLog::new_uuid() {
  const Stream bits = identifiers_.part(identifiers_drawn_++);
  return rushhour::detail::uuid_text(bits.at(0), bits.at(1));
}

RUSHHOUR_INLINE bool CloudTrailLog::is_recorded(const Arrival& arrival, const Caller& caller,
                                                const Call& call) const {
  if (call.outcome == Outcome::throttled && !options_.records_throttled) return false;
  if (arrival.operation.is_signed) {
    return caller.account != Name{} &&
           (call.outcome == Outcome::ok || !detail::fails_authentication(arrival.failure.code));
  }
  if (call.outcome != Outcome::ok && !options_.records_refused_federation) return false;
  return !detail::role_account(arrival).empty();
}

RUSHHOUR_INLINE std::string_view CloudTrailLog::error_code(const Arrival& arrival, const Call& call) const {
  const std::string_view code = arrival.failure.code;
  if (code == "AccessDeniedException" && !options_.shortens_access_denied) return code;
  return detail::trail_error_code(call.outcome, code);
}

RUSHHOUR_INLINE std::string CloudTrailLog::request_parameters(const Arrival& arrival, const Caller& caller,
                                                              const Call& call) const {
  const api::Operation& operation = arrival.operation;
  const bool is_sts = operation.service == api::Service::sts;
  if (call.outcome == Outcome::throttled) return "null";  // it was never read
  // What is refused without a signature keeps them (re:Post, "AccessDenied ... AssumeRoleWithWebIdentity").
  const bool keeps_them = is_sts ? !operation.is_signed : options_.keeps_parameters_of_failures;
  if (call.outcome != Outcome::ok && !keeps_them) return "null";
  const detail::TrailMembers members{{.dates_have_comma = detail::trail_dates_have_comma(operation.service),
                                      .arn_member = options_.arn_member}};
  std::string out = members.json(operation.input, arrival.input);
  const std::string tags = detail::incoming_transitive_tags(caller);
  if (&operation == &api::operation_of<api::sts::AssumeRole> && !tags.empty()) {
    out.back() = ',';
    out += "\"incomingTransitiveTags\":" + tags + "}";
  }
  return out;
}

RUSHHOUR_INLINE std::string CloudTrailLog::response_elements(const Arrival& arrival, const Call& call) const {
  const api::Operation& operation = arrival.operation;
  if (call.outcome != Outcome::ok || !detail::answers_in_trail(operation)) return "null";
  if (&operation == &api::operation_of<api::secretsmanager::CreateSecret> && !options_.create_secret_answers)
    return "null";
  const detail::TrailMembers members{{.dates_have_comma = detail::trail_dates_have_comma(operation.service),
                                      .arn_member = options_.arn_member,
                                      .shows_token_sizes = options_.shows_token_sizes}};
  return members.json(operation.output, arrival.output);
}

RUSHHOUR_INLINE CloudTrailLog::Draft CloudTrailLog::draft(const Arrival& arrival, const Caller& caller,
                                                          const Call& call) {
  const api::Operation& operation = arrival.operation;
  const bool is_iam = operation.service == api::Service::iam;
  const Origin* const origin = arrival.origin;
  Draft out{.operation = operation, .name = operation.name, .at = call.at};
  const std::string_view sent_to = world_.ledger.names().text(caller.region);
  out.region = is_iam ? detail::iam_region : aws::region_of(sent_to);
  if (options_.tells_endpoint && operation.service == api::Service::sts) {
    out.additional_data = detail::endpoint_details(sent_to, world_.options.region);
  }
  out.source_ip = origin != nullptr ? origin->source_ip : std::string_view{options_.source_ip};
  out.user_agent = origin != nullptr ? origin->user_agent : std::string_view{options_.user_agent};
  out.host = origin != nullptr && !origin->host.empty() ? std::string{origin->host}
                                                        : detail::host_of(operation.service, sent_to);
  out.request_id =
      origin != nullptr && !origin->request_id.empty() ? std::string{origin->request_id} : new_uuid();
  out.request_parameters = request_parameters(arrival, caller, call);
  out.response_elements = response_elements(arrival, call);
  if (call.outcome == Outcome::ok) {
    out.resources = detail::trail_resources(operation, arrival.input);
  } else {
    out.error_code = error_code(arrival, call);
    out.error_message = arrival.failure.message;
  }
  return out;
}

RUSHHOUR_INLINE void CloudTrailLog::on_request(const Arrival& arrival, const Caller& caller,
                                               const Call& call) {
  if (!is_recorded(arrival, caller, call)) return;
  const bool is_ok = call.outcome == Outcome::ok;
  Draft record = draft(arrival, caller, call);
  if (!arrival.operation.is_signed) {
    record.account = detail::role_account(arrival);
    record.identity =
        detail::federated_identity(arrival.operation, is_ok ? arrival.output : nullptr, record.account);
    return write(record);
  }
  const Names& names = world_.ledger.names();
  const detail::TrailIdentity identity = detail::TrailCallerReader{world_.iam, names, caller}.identity();
  record.account = names.text(caller.account);
  record.identity = identity.json;
  const bool assumes = &arrival.operation == &api::operation_of<api::sts::AssumeRole>;
  const std::string other = assumes && is_ok ? detail::role_account(arrival) : std::string{};
  const bool is_shared = !other.empty() && other != record.account;
  if (is_shared) record.shared_event_id = new_uuid();
  write(record);
  if (is_shared) {
    record.identity = detail::JsonObject{}
                          .text("type", "AWSAccount")
                          .text("principalId", identity.principal_id)
                          .text("accountId", record.account)
                          .json();
    record.account = other;
    write(record);
  }
  if (&arrival.operation == &api::operation_of<api::secretsmanager::BatchGetSecretValue> && is_ok &&
      options_.records_each_of_batch) {
    write_each_of_batch(arrival, std::move(record));
  }
}

/// What was read goes by its ARN, since filters name no secret [MEM]; what was not, as it was sent.
RUSHHOUR_INLINE void CloudTrailLog::write_each_of_batch(const Arrival& arrival, Draft record) {
  using Batch = api::secretsmanager::BatchGetSecretValue;
  const auto& output = *static_cast<const Batch::Output*>(arrival.output);
  record.name = api::operation_of<api::secretsmanager::GetSecretValue>.name;
  for (const api::secretsmanager::SecretValueEntry& secret : output.secret_values) {
    record.request_parameters = detail::JsonObject{}.text("secretId", secret.arn).json();
    write(record);
  }
  for (const api::secretsmanager::BatchError& error : output.errors) {
    const bool is_refused = error.error_code == "AccessDeniedException" && options_.shortens_access_denied;
    record.error_code = is_refused ? "AccessDenied" : error.error_code;
    record.error_message = error.message;
    record.request_parameters = detail::JsonObject{}.text("secretId", error.secret_id).json();
    write(record);
  }
}

/// In the order in which CloudTrail delivers the fields.
RUSHHOUR_INLINE void CloudTrailLog::write(const Draft& draft) {
  const api::Service service = draft.operation.service;
  detail::JsonObject out;
  out.text("eventVersion", detail::trail_version(service)).raw("userIdentity", draft.identity);
  out.text("eventTime", to_iso8601(std::chrono::floor<std::chrono::seconds>(draft.at)));
  out.text("eventSource", std::string{api::to_text(service)} + ".amazonaws.com");
  out.text("eventName", draft.name).text("awsRegion", draft.region);
  out.text("sourceIPAddress", draft.source_ip).text("userAgent", draft.user_agent);
  if (!draft.error_code.empty()) out.text("errorCode", draft.error_code);
  if (!draft.error_message.empty()) out.text("errorMessage", draft.error_message);
  out.raw("requestParameters", draft.request_parameters).raw("responseElements", draft.response_elements);
  if (!draft.additional_data.empty()) out.raw("additionalEventData", draft.additional_data);
  out.text("requestID", draft.request_id).text("eventID", new_uuid());
  out.boolean("readOnly", draft.operation.read_only);
  if (!draft.resources.empty()) out.raw("resources", draft.resources);
  out.text("eventType", "AwsApiCall").boolean("managementEvent", true);
  out.text("recipientAccountId", draft.account);
  if (!draft.shared_event_id.empty()) out.text("sharedEventID", draft.shared_event_id);
  out.text("eventCategory", "Management");
  // Also of calls over plain HTTP: the real services take none.
  out.raw("tlsDetails", detail::JsonObject{}
                            .text("tlsVersion", "TLSv1.3")
                            .text("cipherSuite", "TLS_AES_128_GCM_SHA256")
                            .text("clientProvidedHostHeader", draft.host)
                            .json());
  keep({.at = draft.at, .account = draft.account, .region = draft.region, .json = out.json()});
}

/// Form: the RotationSucceeded of 2021 in the AWS Database Blog, "Multi-user secret rotation"; eventVersion
/// there, requestID `Rotation-ARN-TOKEN`. Of other events' requestID nothing is known [MEM].
RUSHHOUR_INLINE void CloudTrailLog::on_service_event(const ServiceEvent& event) {
  constexpr std::string_view service = "secretsmanager.amazonaws.com";
  const std::string token = event.version_id.empty() ? new_uuid() : std::string{event.version_id};
  const bool rotates = event.name.find("Rotation") != std::string_view::npos;
  detail::JsonObject data;
  data.text("SecretId", event.secret_arn);
  if (!rotates && !event.version_id.empty()) data.text("SecretVersionId", event.version_id);
  if (!event.reason.empty()) data.text("Reason", event.reason);
  detail::JsonObject out;
  out.text("eventVersion", "1.08");
  out.raw("userIdentity",
          detail::JsonObject{}.text("accountId", event.account).text("invokedBy", service).json());
  out.text("eventTime", to_iso8601(std::chrono::floor<std::chrono::seconds>(event.at)));
  out.text("eventSource", service).text("eventName", event.name).text("awsRegion", event.region);
  out.text("sourceIPAddress", service).text("userAgent", service);
  out.raw("requestParameters", "null").raw("responseElements", "null");
  out.raw("additionalEventData", data.json());
  out.text("requestID",
           rotates ? aws::detail::joined({"Rotation-", event.secret_arn, "-", token}) : new_uuid());
  out.text("eventID", new_uuid()).boolean("readOnly", false).text("eventType", "AwsServiceEvent");
  out.boolean("managementEvent", true).text("recipientAccountId", event.account);
  out.text("eventCategory", "Management");
  keep({.at = event.at,
        .account = std::string{event.account},
        .region = std::string{event.region},
        .json = out.json()});
}

RUSHHOUR_INLINE void CloudTrailLog::keep(CloudTrailRecord record) {
  record.number = ++written_;
  for (CloudTrailRecords* observer : observers_) observer->on_record(record);
  if (options_.capacity == 0) return;
  if (records_.size() == options_.capacity) records_.pop_front();
  records_.push_back(std::move(record));
}

}  // namespace rushhour::fakes
