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

/// `popular_threat_classification` as far as enrichments read it.
struct ThreatLabel {
  std::string suggested{};  ///< `trojan.emotet`: category, then name; empty: the file has no such attribute

  friend bool operator==(const ThreatLabel&, const ThreatLabel&) = default;
};

/// The attributes of a `file` object that enrichments read (recordings of 2019-2022, REC).
struct FileReport {
  std::string sha256{};  ///< the object's id; lower-case hex, as are the other two
  std::string sha1{};
  std::string md5{};
  std::int64_t size{};  ///< bytes
  std::optional<std::string> meaningful_name{};
  std::vector<std::string> names{};
  std::optional<std::string> type_description{};
  std::optional<std::string> type_tag{};
  std::optional<std::string> type_extension{};
  Instant first_submission_date{};
  Instant last_submission_date{};
  FileAnalysisStats last_analysis_stats{};
  std::optional<Instant> last_analysis_date{};
  std::int64_t times_submitted{};
  std::int64_t unique_sources{};
  std::int64_t reputation{};
  Votes total_votes{};
  std::vector<std::string> tags{};
  ThreatLabel threat_label{};

  friend bool operator==(const FileReport&, const FileReport&) = default;

  /// Shows each attribute, with the name that it has in JSON, to a reader or writer.
  static void each_attribute(auto& report, auto&& show) {
    show("first_submission_date", report.first_submission_date);
    show("last_analysis_date", report.last_analysis_date);
    show("last_analysis_stats", report.last_analysis_stats);
    show("last_submission_date", report.last_submission_date);
    show("md5", report.md5);
    show("meaningful_name", report.meaningful_name);
    show("names", report.names);
    show("popular_threat_classification", report.threat_label);
    show("reputation", report.reputation);
    show("sha1", report.sha1);
    show("sha256", report.sha256);
    show("size", report.size);
    show("tags", report.tags);
    show("times_submitted", report.times_submitted);
    show.votes("total_votes", report.total_votes.harmless, report.total_votes.malicious);
    show("type_description", report.type_description);
    show("type_extension", report.type_extension);
    show("type_tag", report.type_tag);
    show("unique_sources", report.unique_sources);
  }
};

/// `GET /api/v3/files/{hash}`.
struct GetFile {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "files";
  static constexpr bool read_only = true;

  std::string hash{};  ///< MD5, SHA-1 or SHA-256, in hex

  using Output = FileReport;
};

template <>
struct Routed<GetFile> {
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/files/{}";
  static constexpr std::array fields{field<&GetFile::hash>("hash", Place::path)};
};

}  // namespace rushhour::api::virustotal
