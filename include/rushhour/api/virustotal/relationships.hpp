/// \file
/// An object with some of its relationships, and the relationships themselves, page by page. The same for the
/// four collections, under the names that each has in VirusTotal's api_usage.
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

/// `GET /api/v3/ip_addresses/{id}?relationships=resolutions,urls`: the whole object as JSON, with the first
/// descriptors of each relationship. Costs one call of the quota, like the object alone [CHOICE].
template <Collection of>
struct GetWithRelationships {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = to_text(of);
  static constexpr bool read_only = true;

  std::string id{};
  std::string relationships{};  ///< with commas between

  using Output = Document;
};

/// As VirusTotal's api_usage has them, with `ip_addresses` where the others have the singular.
[[nodiscard]] constexpr std::string_view relationships_name(Collection of) {
  constexpr std::string_view texts[collection_count] = {"ip_addresses_relationships", "domain_relationships",
                                                        "url_relationships", "file_relationships"};
  return texts[static_cast<std::size_t>(of)];
}

/// `GET /api/v3/domains/{id}/{relationship}`: the objects of a relationship.
template <Collection of>
struct ListRelated {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = relationships_name(of);
  static constexpr bool read_only = true;

  std::string id{};
  std::string relationship{};
  std::optional<std::int64_t> limit{};  ///< 1 to 40; 10 unless given
  std::string cursor{};                 ///< of the page before

  using Output = Document;
};

/// `GET /api/v3/domains/{id}/relationships/{relationship}`: only their types and ids.
template <Collection of>
struct ListRelatedDescriptors {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = relationships_name(of);
  static constexpr bool read_only = true;

  std::string id{};
  std::string relationship{};
  std::optional<std::int64_t> limit{};  ///< 1 to 40; 10 unless given
  std::string cursor{};                 ///< of the page before

  using Output = Document;
};

template <Collection of>
struct Routed<GetWithRelationships<of>> {
  using Op = GetWithRelationships<of>;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view collection = to_text(of);
  static constexpr std::string_view path = "/{}";
  static constexpr std::string_view selector = "relationships";
  static constexpr std::array fields{field<&Op::id>("id", Place::path),
                                     field<&Op::relationships>("relationships", Place::query)};
};

template <Collection of>
struct Routed<ListRelated<of>> {
  using Op = ListRelated<of>;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view collection = to_text(of);
  static constexpr std::string_view path = "/{}/{}";
  static constexpr std::array fields{
      field<&Op::id>("id", Place::path), field<&Op::relationship>("relationship", Place::path),
      field<&Op::limit>("limit", Place::query), field<&Op::cursor>("cursor", Place::query)};
};

template <Collection of>
struct Routed<ListRelatedDescriptors<of>> {
  using Op = ListRelatedDescriptors<of>;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view collection = to_text(of);
  static constexpr std::string_view path = "/{}/relationships/{}";
  static constexpr std::array fields{
      field<&Op::id>("id", Place::path), field<&Op::relationship>("relationship", Place::path),
      field<&Op::limit>("limit", Place::query), field<&Op::cursor>("cursor", Place::query)};
};

}  // namespace rushhour::api::virustotal
