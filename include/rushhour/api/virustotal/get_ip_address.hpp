#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/virustotal/route.hpp>
#include <rushhour/api/virustotal/shapes.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api::virustotal {

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

  /// Shows each attribute, with the name that it has in JSON, to a reader or writer.
  static void each_attribute(auto& report, auto&& show) {
    show("as_owner", report.as_owner);
    show("asn", report.asn);
    show("continent", report.continent);
    show("country", report.country);
    show("last_analysis_date", report.last_analysis_date);
    show("last_analysis_stats", report.last_analysis_stats);
    show("network", report.network);
    show("regional_internet_registry", report.regional_internet_registry);
    show("reputation", report.reputation);
    show.first_of("tags", report.tag);
    show.votes("total_votes", report.votes_harmless, report.votes_malicious);
    show("whois_date", report.whois_date);
  }
};

/// `GET /api/v3/ip_addresses/{ip}`. The address goes out as given: `None` when a rule formats a missing one.
struct GetIpAddress {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "ip_addresses";
  static constexpr bool read_only = true;

  std::string ip{};

  using Output = IpAddressReport;
};

template <>
struct Routed<GetIpAddress> {
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/ip_addresses/{}";
  static constexpr std::array fields{field<&GetIpAddress::ip>("ip", Place::path)};
};

}  // namespace rushhour::api::virustotal
