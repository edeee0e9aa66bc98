#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/virustotal/route.hpp>
#include <rushhour/api/virustotal/shapes.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api::virustotal {

/// The attributes of a `domain` object that enrichments read (recordings of 2019-2022, REC). Whatever is
/// optional may be missing.
struct DomainReport {
  std::string domain{};  ///< the object's id: lower-case name
  std::optional<std::string> registrar{};
  std::optional<std::string> tld{};
  std::optional<Instant> creation_date{};
  std::optional<Instant> last_update_date{};
  AnalysisStats last_analysis_stats{};
  std::optional<Instant> last_analysis_date{};
  Instant last_modification_date{};
  std::optional<Instant> whois_date{};
  std::int64_t reputation{};
  Votes total_votes{};
  std::vector<std::string> tags{};

  friend bool operator==(const DomainReport&, const DomainReport&) = default;

  /// Shows each attribute, with the name that it has in JSON, to a reader or writer.
  static void each_attribute(auto& report, auto&& show) {
    show("creation_date", report.creation_date);
    show("last_analysis_date", report.last_analysis_date);
    show("last_analysis_stats", report.last_analysis_stats);
    show("last_modification_date", report.last_modification_date);
    show("last_update_date", report.last_update_date);
    show("registrar", report.registrar);
    show("reputation", report.reputation);
    show("tags", report.tags);
    show("tld", report.tld);
    show.votes("total_votes", report.total_votes.harmless, report.total_votes.malicious);
    show("whois_date", report.whois_date);
  }
};

/// `GET /api/v3/domains/{domain}`.
struct GetDomain {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "domains";
  static constexpr bool read_only = true;

  std::string domain{};

  using Output = DomainReport;
};

template <>
struct Routed<GetDomain> {
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/domains/{}";
  static constexpr std::array fields{field<&GetDomain::domain>("domain", Place::path)};
};

}  // namespace rushhour::api::virustotal
