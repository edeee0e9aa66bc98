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

/// The attributes of a `url` object that enrichments read (recordings of 2019-2022, REC).
struct UrlReport {
  std::string id{};   ///< SHA-256 of the canonical URL, in lower-case hex
  std::string url{};  ///< canonical
  std::optional<std::string> title{};
  std::optional<std::string> last_final_url{};  ///< behind redirections
  std::optional<std::int64_t> last_http_response_code{};
  Instant first_submission_date{};
  Instant last_submission_date{};
  AnalysisStats last_analysis_stats{};
  std::optional<Instant> last_analysis_date{};
  std::int64_t times_submitted{};
  std::int64_t reputation{};
  Votes total_votes{};
  std::vector<std::string> tags{};
  std::vector<std::string> threat_names{};

  friend bool operator==(const UrlReport&, const UrlReport&) = default;

  /// Shows each attribute, with the name that it has in JSON, to a reader or writer.
  static void each_attribute(auto& report, auto&& show) {
    show("first_submission_date", report.first_submission_date);
    show("last_analysis_date", report.last_analysis_date);
    show("last_analysis_stats", report.last_analysis_stats);
    show("last_final_url", report.last_final_url);
    show("last_http_response_code", report.last_http_response_code);
    show("last_submission_date", report.last_submission_date);
    show("reputation", report.reputation);
    show("tags", report.tags);
    show("threat_names", report.threat_names);
    show("times_submitted", report.times_submitted);
    show("title", report.title);
    show.votes("total_votes", report.total_votes.harmless, report.total_votes.malicious);
    show("url", report.url);
  }
};

/// `GET /api/v3/urls/{id}`. The id is url_id() of the URL, or the SHA-256 of an answer before.
struct GetUrl {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "urls";
  static constexpr bool read_only = true;

  std::string id{};

  using Output = UrlReport;
};

template <>
struct Routed<GetUrl> {
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/urls/{}";
  static constexpr std::array fields{field<&GetUrl::id>("id", Place::path)};
};

}  // namespace rushhour::api::virustotal
