/// \file
/// The client's half of HTTP: a typed call becomes a complete, signed request, and the answer becomes the
/// output or the Failure that the direct way would have given. How the message travels is left to one virtual
/// function: in_memory.hpp hands it to a service, signed_http.hpp sends it over a socket.
///
/// Sources: botocore 1.29 (requests of the query and json 1.1 protocols; which codes are throttles),
/// botocore 1.43.11 (endpoints), spec virustotal.md 1.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/endpoint.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/sigv4.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/names.hpp>
#include <rushhour/result.hpp>
#include <rushhour/site.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api {

/// Whose call a request is: `<detection name>;<event>;<attempt>`, and `;<function>` and `;@<site>` where they
/// are known: the source line that calls, as site.hpp words it.
/// Never signed, unknown to real services. It also says that a simulation asks: time passes on its own clock,
/// so a server tells it of delays and missing answers in the two headers below, and does neither to it.
inline constexpr std::string_view attribution_header = "x-rushhour-call";
/// What a fault makes the answer take longer, in whole nanoseconds.
inline constexpr std::string_view delay_header = "x-rushhour-delay-ns";
/// On an answer that stands for none at all: `timeout` or `reset`. Its body is the message.
inline constexpr std::string_view no_answer_header = "x-rushhour-no-answer";
/// The outcome of an answer where status and code do not tell it: `timeout` on a Response without a status,
/// and whatever a Fault names against the services' own usage.
inline constexpr std::string_view outcome_header = "x-rushhour-outcome";

/// What an error answer of this service means to a detection: by its code where the service has one for it,
/// else by its status.
[[nodiscard]] Outcome outcome_of(Service service, int status, std::string_view code);

/// Writes the value of attribution_header, with the names of `attribution` as texts.
void write_attribution(std::string& value, const Attribution& attribution, std::string_view detection,
                       std::string_view site);

struct HttpEndpointOptions {
  /// In the hosts of AWS services and in what is signed, for calls that name none (Exchange::region).
  std::string region{"us-east-1"};
  /// The same for calls to STS: a Region, or `aws-global` (aws/global_endpoint.hpp); empty: as `region`.
  std::string sts_region{};
  aws::SigningKeys* keys{};  ///< to share a cache with the verifier on the same thread; null: an own one
};

/// Not synchronised: one for each thread.
class HttpEndpoint : public Endpoint {
 public:
  using Options = HttpEndpointOptions;

  bool perform(const Exchange& exchange, Instant now) final;

 protected:
  /// `names` is where attributions' detections are named; it outlives the endpoint.
  explicit HttpEndpoint(const Names& names, Options options = {});

  /// Gets the answer to one request. Status 0 says that none came: Outcome::reset, or what outcome_header
  /// names, with the body as the message.
  [[nodiscard]] virtual http::Response exchange(const http::Request& request, Instant now) = 0;

 private:
  void identify(const Exchange& exchange, const aws::SigningScope& scope, Instant now,
                http::Request& request);
  [[nodiscard]] std::string_view site_of(const Attribution& attribution) {
    if (attribution.site != Name{}) return names_.text(attribution.site);
    return lines_.text(sites_.of(attribution.where));
  }

  /// Where a call goes: what it says, else what the options say of its service.
  [[nodiscard]] std::string_view region_of(const Exchange& exchange) const {
    if (!exchange.region.empty()) return exchange.region;
    const bool is_apart = exchange.operation.service == Service::sts && !options_.sts_region.empty();
    return is_apart ? options_.sts_region : options_.region;
  }

  const Names& names_;
  Names lines_{};  ///< of C++ that calls
  Sites sites_{lines_};
  Options options_;
  std::optional<aws::SigningKeys> own_keys_{};
  /// The last request to each service. The next one overwrites it, and so needs hardly any memory of its own.
  std::array<http::Request, service_count> requests_{};
  std::array<std::string, service_count> regions_{};  ///< that they went to
  http::Header attribution_{std::string{attribution_header}, {}};
};

}  // namespace rushhour::api

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/api/detail/http_endpoint_inl.hpp>
#endif
