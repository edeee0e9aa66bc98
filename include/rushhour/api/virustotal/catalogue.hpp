/// \file
/// What stands beside the objects: resolutions of names, and what the service says of itself.
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

/// `GET /api/v3/resolutions/{id}`: address and host name, one behind the other.
struct GetResolution {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "resolutions";
  static constexpr bool read_only = true;

  std::string id{};  ///< `140.82.114.3github.com`

  using Output = Document;
};

/// `GET /api/v3/metadata`: engines, privileges and relationships.
struct GetMetadata {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "metadata";
  static constexpr bool read_only = true;

  using Output = Document;
};

/// `GET /api/v3/popular_threat_categories`: what threat labels begin with.
struct GetPopularThreatCategories {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "popular_threat_categories";
  static constexpr bool read_only = true;

  using Output = Document;
};

template <>
struct Routed<GetResolution> {
  using Op = GetResolution;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/resolutions/{}";
  static constexpr std::array fields{field<&Op::id>("id", Place::path)};
};

template <>
struct Routed<GetMetadata> {
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/metadata";
};

template <>
struct Routed<GetPopularThreatCategories> {
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/popular_threat_categories";
};

}  // namespace rushhour::api::virustotal
