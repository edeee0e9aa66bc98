/// \file
/// What several of VirusTotal's operations have in common: collections, statistics of engines, and answers
/// that are passed on as JSON. Objects of one type each stand in the file of the operation that gets them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rushhour::api::virustotal {

/// The collections whose objects have comments, votes and relationships.
enum class Collection : std::uint8_t { ip_addresses, domains, urls, files };
inline constexpr std::size_t collection_count = 4;

/// As paths write it: `ip_addresses`.
[[nodiscard]] constexpr std::string_view to_text(Collection collection) {
  constexpr std::string_view texts[collection_count] = {"ip_addresses", "domains", "urls", "files"};
  return texts[static_cast<std::size_t>(collection)];
}
/// As an object's `type` and the texts of errors write it: `ip_address`.
[[nodiscard]] constexpr std::string_view type_of(Collection collection) {
  constexpr std::string_view texts[collection_count] = {"ip_address", "domain", "url", "file"};
  return texts[static_cast<std::size_t>(collection)];
}

/// `last_analysis_stats` of network objects: how many engines said what.
struct AnalysisStats {
  std::int64_t harmless{};
  std::int64_t malicious{};
  std::int64_t suspicious{};
  std::int64_t undetected{};
  std::int64_t timeout{};

  friend bool operator==(const AnalysisStats&, const AnalysisStats&) = default;
};

/// `last_analysis_stats` of files: engines also fail, time out twice, or do not scan such a file.
struct FileAnalysisStats {
  std::int64_t harmless{};
  std::int64_t malicious{};
  std::int64_t suspicious{};
  std::int64_t undetected{};
  std::int64_t timeout{};
  std::int64_t confirmed_timeout{};
  std::int64_t failure{};
  std::int64_t type_unsupported{};

  friend bool operator==(const FileAnalysisStats&, const FileAnalysisStats&) = default;
};

/// `total_votes` of the community.
struct Votes {
  std::int64_t harmless{};
  std::int64_t malicious{};

  friend bool operator==(const Votes&, const Votes&) = default;
};

/// An answer whose members depend on what it holds, such as a page of a collection: its JSON as it came.
/// Objects have hundreds of attributes; who wants one of them reads the text, as clients in Python do.
struct Document {
  std::string text{};

  friend bool operator==(const Document&, const Document&) = default;
};

}  // namespace rushhour::api::virustotal
