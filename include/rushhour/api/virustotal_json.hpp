/// \file
/// The JSON of VirusTotal's objects: from a report to text, and from an answer back to the report. Attributes
/// that no report has, such as certificates, are added by whoever has them.
/// Shape: docs.virustotal.com/reference (ip-object, domains, url-object, files) and recordings of 2019-2022
/// (spec tag REC).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/virustotal.hpp>

namespace rushhour::api::virustotal {

/// What an object has beside the attributes of its report: JSON without the braces around it, as
/// `"jarm":"2ad...","whois":"..."`.
struct Beside {
  std::string_view attributes{};
  std::string_view relationships{};  ///< the members of `relationships`; empty: there is none
};

/// Appends the `attributes` object, `last_analysis_results` with one entry per engine included: some 10 KB.
void append_attributes(std::string& out, const IpAddressReport& report, std::string_view beside = {});
void append_attributes(std::string& out, const DomainReport& report, std::string_view beside = {});
void append_attributes(std::string& out, const UrlReport& report, std::string_view beside = {});
void append_attributes(std::string& out, const FileReport& report, std::string_view beside = {});

/// Appends the object: `{"type":"ip_address","id":...,"links":...,"attributes":...}`.
void append_object(std::string& out, const IpAddressReport& report, Beside beside = {});
void append_object(std::string& out, const DomainReport& report, Beside beside = {});
void append_object(std::string& out, const UrlReport& report, Beside beside = {});
void append_object(std::string& out, const FileReport& report, Beside beside = {});

/// Appends the whole answer: `{"data":OBJECT}`.
template <class Report>
void append_answer(std::string& out, const Report& report, Beside beside = {}) {
  out += R"({"data":)";
  append_object(out, report, beside);
  out += '}';
}
inline void append_answer(std::string& out, const Document& document) { out += document.text; }

/// Reads an answer's report; false when the text is no object of this type.
[[nodiscard]] bool read_answer(std::string_view text, IpAddressReport& report);
[[nodiscard]] bool read_answer(std::string_view text, DomainReport& report);
[[nodiscard]] bool read_answer(std::string_view text, UrlReport& report);
[[nodiscard]] bool read_answer(std::string_view text, FileReport& report);
[[nodiscard]] inline bool read_answer(std::string_view text, Document& document) {
  document.text = text;
  return true;
}

/// The report of an IP address; nothing when the text is no such object.
[[nodiscard]] inline std::optional<IpAddressReport> read_answer(std::string_view text) {
  IpAddressReport report;
  if (!read_answer(text, report)) return std::nullopt;
  return report;
}

}  // namespace rushhour::api::virustotal

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/api/detail/virustotal_json_inl.hpp>
#endif
