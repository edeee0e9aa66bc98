/// \file
/// What sandboxes saw a file do. The objects themselves are JSON that the service writes.
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

/// `GET /api/v3/files/{id}/behaviours`: a report of each sandbox, page by page.
struct ListBehaviours {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "file_behaviours";
  static constexpr bool read_only = true;

  std::string id{};                     ///< any hash of the file
  std::optional<std::int64_t> limit{};  ///< 1 to 40; 10 unless given
  std::string cursor{};                 ///< of the page before

  using Output = Document;
};

/// `GET /api/v3/file_behaviours/{id}`: the report of one sandbox.
struct GetBehaviour {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "file_behaviours";
  static constexpr bool read_only = true;

  std::string id{};  ///< SHA-256 of the file, `_`, and the sandbox's name [DOC: get-file-behaviour-id]

  using Output = Document;
};

template <>
struct Routed<ListBehaviours> {
  using Op = ListBehaviours;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view collection = to_text(Collection::files);
  static constexpr std::string_view path = "/{}/behaviours";
  static constexpr std::array fields{field<&Op::id>("id", Place::path),
                                     field<&Op::limit>("limit", Place::query),
                                     field<&Op::cursor>("cursor", Place::query)};
};

template <>
struct Routed<GetBehaviour> {
  using Op = GetBehaviour;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/file_behaviours/{}";
  static constexpr std::array fields{field<&Op::id>("id", Place::path)};
};

}  // namespace rushhour::api::virustotal
