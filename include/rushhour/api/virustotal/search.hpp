/// \file
/// Finding objects: by what identifies them, or by the modifiers of VirusTotal Intelligence.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/virustotal/route.hpp>
#include <rushhour/api/virustotal/shapes.hpp>

namespace rushhour::api::virustotal {

/// `GET /api/v3/search?query=`: a hash, URL, domain, IP address, or a tag of comments (`#ransomware`).
struct Search {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "search";
  static constexpr bool read_only = true;

  std::string query{};
  std::optional<std::int64_t> limit{};  ///< 1 to 40; 10 unless given
  std::string cursor{};                 ///< of the page before

  using Output = Document;
};

/// `GET /api/v3/intelligence/search`: only for premium keys.
struct SearchIntelligence {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "intelligence_search";
  static constexpr bool read_only = true;

  std::string query{};                  ///< `entity:file p:5+`
  std::string order{};                  ///< `last_submission_date-`
  std::optional<std::int64_t> limit{};  ///< 1 to 300; 10 unless given
  std::string cursor{};                 ///< of the page before
  std::string descriptors_only{};       ///< `true`: types and ids only

  using Output = Document;
};

template <>
struct Routed<Search> {
  using Op = Search;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/search";
  static constexpr std::array fields{field<&Op::query>("query", Place::query),
                                     field<&Op::limit>("limit", Place::query),
                                     field<&Op::cursor>("cursor", Place::query)};
};

template <>
struct Routed<SearchIntelligence> {
  using Op = SearchIntelligence;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/intelligence/search";
  static constexpr std::array fields{
      field<&Op::query>("query", Place::query), field<&Op::order>("order", Place::query),
      field<&Op::limit>("limit", Place::query), field<&Op::cursor>("cursor", Place::query),
      field<&Op::descriptors_only>("descriptors_only", Place::query)};
};

}  // namespace rushhour::api::virustotal
