/// \file
/// VirusTotal API v3: the operations that detections call, and the IP address report as a value. How a report
/// comes about, and the quotas, are the fake's business (fakes/virustotal.hpp); its JSON is in
/// virustotal_json.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api::virustotal {

/// `last_analysis_stats` of network objects: how many engines said what.
struct AnalysisStats {
  std::int64_t harmless{};
  std::int64_t malicious{};
  std::int64_t suspicious{};
  std::int64_t undetected{};
  std::int64_t timeout{};

  friend bool operator==(const AnalysisStats&, const AnalysisStats&) = default;
};

/// The attributes of an `ip_address` object that enrichments read. Anything optional may be missing, as the
/// real service omits it (recordings of 2019-2022); private addresses have hardly any of it.
struct IpAddressReport {
  std::string address{};  ///< the object's id: canonical text
  std::optional<std::int64_t> asn{};
  std::optional<std::string> as_owner{};
  std::optional<std::string> country{};    ///< ISO 3166, two letters
  std::optional<std::string> continent{};  ///< two letters
  std::optional<std::string> network{};    ///< CIDR
  std::optional<std::string> regional_internet_registry{};
  AnalysisStats last_analysis_stats{};
  Instant last_analysis_date{};
  std::optional<Instant> whois_date{};
  std::int64_t reputation{};
  std::int64_t votes_harmless{};
  std::int64_t votes_malicious{};
  std::optional<std::string> tag{};

  friend bool operator==(const IpAddressReport&, const IpAddressReport&) = default;
};

/// `GET /api/v3/ip_addresses/{ip}`. The address goes out as given: `None` when a rule formats a missing one.
struct GetIpAddress {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "ip_addresses";
  static constexpr bool read_only = true;

  std::string ip{};

  using Output = IpAddressReport;
};

}  // namespace rushhour::api::virustotal

namespace rushhour::api {

template <>
struct OperationsOf<Service::virustotal> {
  using Type = Operations<virustotal::GetIpAddress>;
};

}  // namespace rushhour::api
