/// \file
/// The JSON of VirusTotal's IP address object: from a report to text, and from an answer back to the report.
/// Shape: docs.virustotal.com/reference/ip-object and recordings of 2019-2022 (spec tag REC).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/virustotal.hpp>

namespace rushhour::api::virustotal {

/// Appends the `attributes` object, `last_analysis_results` with one entry per engine included: some 10 KB.
void append_attributes(std::string& out, const IpAddressReport& report);

/// Appends the whole answer: `{"data":{"type":"ip_address","id":...,"links":...,"attributes":...}}`.
void append_answer(std::string& out, const IpAddressReport& report);

/// Reads an answer's report; nothing when the text is no IP address object.
[[nodiscard]] std::optional<IpAddressReport> read_answer(std::string_view text);

}  // namespace rushhour::api::virustotal

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/api/detail/virustotal_json_inl.hpp>
#endif
