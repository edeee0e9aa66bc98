/// \file
/// Whether the community takes an object for harmless or malicious: votes on the objects of the four
/// collections.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/virustotal/relationships.hpp>
#include <rushhour/api/virustotal/route.hpp>
#include <rushhour/api/virustotal/shapes.hpp>

namespace rushhour::api::virustotal {

/// `GET /api/v3/domains/{id}/votes`: newest first.
template <Collection of>
struct ListVotes {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = relationships_name(of);
  static constexpr bool read_only = true;

  std::string id{};
  std::optional<std::int64_t> limit{};  ///< 1 to 40; 10 unless given
  std::string cursor{};                 ///< of the page before

  using Output = Document;
};

/// `POST /api/v3/domains/{id}/votes`: once for each user and object.
template <Collection of>
struct AddVote {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "item_vote";
  static constexpr bool read_only = false;

  std::string id{};
  std::string verdict{};  ///< `harmless` or `malicious`

  using Output = Document;
};

template <Collection of>
struct Routed<ListVotes<of>> {
  using Op = ListVotes<of>;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view collection = to_text(of);
  static constexpr std::string_view path = "/{}/votes";
  static constexpr std::array fields{field<&Op::id>("id", Place::path),
                                     field<&Op::limit>("limit", Place::query),
                                     field<&Op::cursor>("cursor", Place::query)};
};

template <Collection of>
struct Routed<AddVote<of>> {
  using Op = AddVote<of>;
  static constexpr std::string_view method = "POST";
  static constexpr std::string_view collection = to_text(of);
  static constexpr std::string_view path = "/{}/votes";
  static constexpr std::string_view object_type = "vote";
  static constexpr std::array fields{field<&Op::id>("id", Place::path),
                                     field<&Op::verdict>("verdict", Place::attribute)};
};

}  // namespace rushhour::api::virustotal
