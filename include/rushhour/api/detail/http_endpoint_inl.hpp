#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

#include <rushhour/api/detail/virustotal_requests.hpp>
#include <rushhour/api/dynamodb.hpp>
#include <rushhour/api/http_endpoint.hpp>
#include <rushhour/api/iam.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal_routes.hpp>
#include <rushhour/aws/global_endpoint.hpp>
#include <rushhour/aws/json_1_1.hpp>
#include <rushhour/aws/query_xml.hpp>
#include <rushhour/detail/json_cursor.hpp>
#include <rushhour/detail/json_text.hpp>

namespace rushhour::api {

namespace detail {

/// The outcome that an error code stands for.
struct CodeRow {
  std::string_view code;
  Outcome outcome;
};

/// Throttles: botocore 1.29, retries/standard.py, ThrottledRetryableChecker. Authentication: spec aws.md 2.3.
inline constexpr CodeRow aws_codes[] = {
    {"AccessDenied", Outcome::denied},
    {"AccessDeniedException", Outcome::denied},
    {"BandwidthLimitExceeded", Outcome::throttled},
    {"EC2ThrottledException", Outcome::throttled},
    {"ExpiredToken", Outcome::expired},
    {"ExpiredTokenException", Outcome::expired},
    {"IncompleteSignature", Outcome::denied},
    {"IncompleteSignatureException", Outcome::denied},
    {"InvalidClientTokenId", Outcome::denied},
    {"InvalidSignatureException", Outcome::denied},
    {"MalformedQueryString", Outcome::invalid},
    {"MissingAuthenticationToken", Outcome::denied},
    {"MissingAuthenticationTokenException", Outcome::denied},
    {"PriorRequestNotComplete", Outcome::throttled},
    {"ProvisionedThroughputExceededException", Outcome::throttled},
    {"RequestExpired", Outcome::expired},
    {"RequestLimitExceeded", Outcome::throttled},
    {"RequestThrottled", Outcome::throttled},
    {"RequestThrottledException", Outcome::throttled},
    {"ResourceNotFoundException", Outcome::not_found},
    {"SignatureDoesNotMatch", Outcome::denied},
    {"SlowDown", Outcome::throttled},
    {"ThrottledException", Outcome::throttled},
    {"Throttling", Outcome::throttled},
    {"ThrottlingException", Outcome::throttled},
    {"TooManyRequestsException", Outcome::throttled},
    {"TransactionInProgressException", Outcome::throttled},
    {"UnrecognizedClientException", Outcome::denied},
};

/// docs.virustotal.com/reference/errors. Its statuses tell the same; the code decides.
inline constexpr CodeRow virustotal_codes[] = {
    {"AuthenticationRequiredError", Outcome::denied},
    {"ForbiddenError", Outcome::denied},
    {"NotFoundError", Outcome::not_found},
    {"QuotaExceededError", Outcome::throttled},
    {"TooManyRequestsError", Outcome::throttled},
    {"UserNotActiveError", Outcome::denied},
    {"WrongCredentialsError", Outcome::denied},
};

/// How calls of one service look as HTTP messages. A row for each service; a new operation changes none of
/// them.
struct ClientProtocol {
  Service service;
  std::string_view signing_name;  ///< empty: not signed, but identified by an API key
  std::string_view
      global_region;  ///< to sign for where one endpoint serves all Regions; empty: each has its own
  std::span<const CodeRow> codes;
  /// What all requests have in common; written once.
  void (*prepare)(http::Request& request, std::string_view region);
  /// Replaces what differs from call to call.
  void (*encode)(const Operation& operation, const void* input, http::Request& request);
  bool (*decode)(const Operation& operation, std::string_view body, void* output);
  aws::ErrorText (*read_error)(std::string_view body);
};

RUSHHOUR_INLINE std::string aws_host(std::string_view service, std::string_view region) {
  std::string host{service};
  host += '.';
  host += region;
  host += region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  return host;
}

// ---- AWS Query: STS, IAM ----

template <Service service>
void prepare_query(http::Request& request, std::string_view region) {
  request.method = "POST";
  // IAM has one endpoint for all Regions, and STS one beside theirs.
  const std::string host = service == Service::iam          ? "iam.amazonaws.com"
                           : region == aws::global_endpoint ? std::string{aws::sts_global_host}
                                                            : aws_host(to_text(service), region);
  request.headers = {{"Host", host},
                     {"Accept", "*/*"},
                     {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
}

RUSHHOUR_INLINE void encode_query(const Operation& operation, const void* input, http::Request& request) {
  request.body = "Action=";
  request.body += operation.name;
  request.body += "&Version=";
  request.body += (operation.service == Service::iam ? iam::query_api : sts::query_api).version;
  aws::append_query(request.body, operation.input, input);
}

RUSHHOUR_INLINE bool decode_query(const Operation& operation, std::string_view body, void* output) {
  std::string wrapper{operation.name};
  wrapper += "Result";
  return operation.output.empty() || !aws::read_xml(body, wrapper, operation.output, output).malformed;
}

// ---- AWS JSON: Secrets Manager, DynamoDB ----

inline constexpr std::string_view secretsmanager_target_prefix = "secretsmanager.";

template <Service service>
void prepare_json(http::Request& request, std::string_view region) {
  constexpr bool is_dynamodb = service == Service::dynamodb;
  request.method = "POST";
  request.headers = {
      {"Host", aws_host(to_text(service), region)},
      {"Accept", "*/*"},
      {"Content-Type", std::string{is_dynamodb ? dynamodb::content_type : "application/x-amz-json-1.1"}},
      {"X-Amz-Target", ""}};
}

RUSHHOUR_INLINE void encode_json(const Operation& operation, const void* input, http::Request& request) {
  std::string& target = request.headers[3].value;  // as prepare_json() lays them out
  target = operation.service == Service::dynamodb ? dynamodb::target_prefix : secretsmanager_target_prefix;
  target += operation.name;
  request.body.clear();
  aws::append_json(request.body, operation.input, input);
}

RUSHHOUR_INLINE bool decode_json(const Operation& operation, std::string_view body, void* output) {
  return !aws::read_json(body, operation.output, output).malformed;
}

/// With the item that a ConditionalCheckFailedException shows.
RUSHHOUR_INLINE aws::ErrorText read_dynamodb_error(std::string_view body) {
  using rushhour::detail::JsonCursor;
  aws::ErrorText out = aws::read_json_error(body);
  JsonCursor json{body};
  std::string name;
  if (json.next() != JsonCursor::Kind::object) return out;
  for (json.open_object(); json.member(name);) {
    const std::size_t begin = json.position();
    if (!json.skip() || name != "Item") continue;
    out.details = R"({"Item":)";
    out.details += body.substr(begin, json.position() - begin);
    out.details += '}';
  }
  return out;
}

// ---- REST: VirusTotal ----

RUSHHOUR_INLINE void prepare_rest(http::Request& request, std::string_view /*region*/) {
  request.headers = {{"Host", std::string{virustotal::host}}, {"Accept", "application/json"}};
}

RUSHHOUR_INLINE void encode_rest(const Operation& operation, const void* input, http::Request& request) {
  virustotal::detail::write_request(virustotal::routes[operation.index], input, request);
}

RUSHHOUR_INLINE bool decode_rest(const Operation& operation, std::string_view body, void* output) {
  return virustotal::routes[operation.index].read_answer(body, output);
}

/// `{"error":{"code":"QuotaExceededError","message":"Quota exceeded"}}`
RUSHHOUR_INLINE aws::ErrorText read_rest_error(std::string_view body) {
  using rushhour::detail::JsonCursor;
  aws::ErrorText out;
  JsonCursor json{body};
  std::string name;
  if (json.next() != JsonCursor::Kind::object) return out;
  for (json.open_object(); json.member(name);) {
    if (name != "error" || json.next() != JsonCursor::Kind::object) {
      json.skip();
      continue;
    }
    for (json.open_object(); json.member(name);) {
      std::string* const place = name == "code" ? &out.code : name == "message" ? &out.message : nullptr;
      if (place != nullptr && json.next() == JsonCursor::Kind::string) {
        json.string(*place);
      } else {
        json.skip();
      }
    }
  }
  return out;
}

/// In the order of Service.
inline constexpr std::array<ClientProtocol, service_count> client_protocols{{
    {.service = Service::sts,
     .signing_name = "sts",
     .global_region = {},
     .codes = aws_codes,
     .prepare = prepare_query<Service::sts>,
     .encode = encode_query,
     .decode = decode_query,
     .read_error = aws::read_xml_error},
    {.service = Service::secretsmanager,
     .signing_name = "secretsmanager",
     .global_region = {},
     .codes = aws_codes,
     .prepare = prepare_json<Service::secretsmanager>,
     .encode = encode_json,
     .decode = decode_json,
     .read_error = aws::read_json_error},
    {.service = Service::virustotal,
     .signing_name = {},
     .global_region = {},
     .codes = virustotal_codes,
     .prepare = prepare_rest,
     .encode = encode_rest,
     .decode = decode_rest,
     .read_error = read_rest_error},
    {.service = Service::dynamodb,
     .signing_name = "dynamodb",
     .global_region = {},
     .codes = aws_codes,
     .prepare = prepare_json<Service::dynamodb>,
     .encode = encode_json,
     .decode = decode_json,
     .read_error = read_dynamodb_error},
    {.service = Service::iam,
     .signing_name = "iam",
     .global_region = "us-east-1",
     .codes = aws_codes,
     .prepare = prepare_query<Service::iam>,
     .encode = encode_query,
     .decode = decode_query,
     .read_error = aws::read_xml_error},
}};

/// The outcome that a header of the answer names, else `otherwise`.
RUSHHOUR_INLINE Outcome outcome_named(const http::Response& response, std::string_view header,
                                      Outcome otherwise) {
  const std::string* name = response.header(header);
  if (name == nullptr) return otherwise;
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (to_text(static_cast<Outcome>(i)) == *name) return static_cast<Outcome>(i);
  }
  return otherwise;
}

RUSHHOUR_INLINE Failure read_failure(const ClientProtocol& protocol, http::Response response) {
  if (response.header(no_answer_header) != nullptr) {
    return {.outcome = outcome_named(response, no_answer_header, Outcome::reset),
            .message = std::move(response.body)};
  }
  if (response.status == 0) {
    return {.outcome = outcome_named(response, outcome_header, Outcome::reset),
            .message = std::move(response.body)};
  }
  aws::ErrorText text = protocol.read_error(response.body);
  return {.outcome = outcome_named(response, outcome_header,
                                   outcome_of(protocol.service, response.status, text.code)),
          .status = response.status,
          .code = std::move(text.code),
          .message = std::move(text.message),
          .details = std::move(text.details)};
}

/// What the answer says that a fault makes it take longer; zero when it says nothing that can be read.
RUSHHOUR_INLINE Duration delay_told(const http::Response& response) {
  const std::string* text = response.header(delay_header);
  std::int64_t nanoseconds = 0;
  if (text == nullptr) return Duration::zero();
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, nanoseconds);
  if (read.ec != std::errc{} || read.ptr != end || nanoseconds < 0) return Duration::zero();
  return Duration{nanoseconds};
}

}  // namespace detail

RUSHHOUR_INLINE Outcome outcome_of(Service service, int status, std::string_view code) {
  for (const detail::CodeRow& row : detail::client_protocols[static_cast<std::size_t>(service)].codes) {
    if (row.code == code) return row.outcome;
  }
  if (status >= 500) return Outcome::server_error;
  if (status == 401 || status == 403) return Outcome::denied;
  if (status == 404) return Outcome::not_found;
  if (status == 429) return Outcome::throttled;
  return Outcome::invalid;
}

RUSHHOUR_INLINE HttpEndpoint::HttpEndpoint(const Names& names, Options options)
    : names_(names), options_(std::move(options)) {
  if (options_.keys == nullptr) options_.keys = &own_keys_.emplace();
  regions_.fill(options_.region);
  for (const detail::ClientProtocol& protocol : detail::client_protocols) {
    protocol.prepare(requests_[static_cast<std::size_t>(protocol.service)], options_.region);
  }
}

RUSHHOUR_INLINE bool HttpEndpoint::perform(const Exchange& exchange, Instant now) {
  const Operation& operation = exchange.operation;
  const auto service = static_cast<std::size_t>(operation.service);
  const detail::ClientProtocol& protocol = detail::client_protocols[service];
  http::Request& request = requests_[service];
  const std::string_view region = region_of(exchange);
  if (regions_[service] != region) {
    protocol.prepare(request, region);
    regions_[service] = region;
  }

  protocol.encode(operation, exchange.input, request);
  identify(exchange,
           {protocol.global_region.empty() ? aws::region_of(region) : protocol.global_region,
            protocol.signing_name},
           now, request);
  write_attribution(attribution_.value, exchange.attribution, names_.text(exchange.attribution.detection),
                    site_of(exchange.attribution));
  request.headers.push_back(std::move(attribution_));  // after signing, so that it stays unsigned
  http::Response response = this->exchange(request, now);
  attribution_ = std::move(request.headers.back());
  request.headers.pop_back();
  if (exchange.delay != nullptr) *exchange.delay += detail::delay_told(response);

  if (response.status < 200 || response.status > 299) {
    exchange.failure = detail::read_failure(protocol, std::move(response));
    return false;
  }
  if (protocol.decode(operation, response.body, exchange.output)) return true;
  exchange.failure = {.outcome = Outcome::server_error,
                      .status = response.status,
                      .message = "the answer to " + to_text(operation) + " cannot be read"};
  return false;
}

RUSHHOUR_INLINE void HttpEndpoint::identify(const Exchange& exchange, const aws::SigningScope& scope,
                                            Instant now, http::Request& request) {
  const auto* credentials = std::get_if<aws::Credentials>(&exchange.identity);
  const auto* key = std::get_if<ApiKey>(&exchange.identity);
  if (!scope.service.empty()) {
    if (credentials != nullptr && exchange.operation.is_signed) {
      aws::sign(request, *credentials, scope, now, options_.keys);
      return;
    }
    for (const std::string_view header : {"Authorization", "X-Amz-Date", "X-Amz-Security-Token"}) {
      http::remove_header(request.headers, header);
    }
  } else if (key != nullptr && !key->key.empty()) {
    request.set_header("x-apikey", key->key);
  } else {
    http::remove_header(request.headers, "x-apikey");
  }
}

RUSHHOUR_INLINE void write_attribution(std::string& value, const Attribution& attribution,
                                       std::string_view detection, std::string_view site) {
  value = detection;
  value += ';';
  rushhour::detail::append_integer(value, static_cast<std::int64_t>(attribution.event));
  value += ';';
  rushhour::detail::append_integer(value, attribution.attempt);
  if (attribution.function != Function::unknown) {
    value += ';';
    value += to_text(attribution.function);
  }
  if (!site.empty()) {
    const std::size_t begin = value.size() + 2;
    value += ";@";
    value += site;
    std::replace(value.begin() + static_cast<std::ptrdiff_t>(begin), value.end(), ';', '_');
  }
  // A line break would end the header; no name that a user sees has a control character.
  std::replace_if(
      value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
}

}  // namespace rushhour::api
