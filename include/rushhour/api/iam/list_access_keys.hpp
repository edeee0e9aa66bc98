#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/iam/patterns.hpp>
#include <rushhour/api/iam/shapes.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Lists the access keys of a user, without their secrets.
struct ListAccessKeys {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "ListAccessKeys";
  static constexpr bool read_only = true;

  std::optional<std::string> user_name{};
  std::optional<std::string> marker{};      ///< of the answer before
  std::optional<std::int64_t> max_items{};  ///< 1 to 1000; 100 unless given

  struct Output {
    std::vector<AccessKeyMetadata> access_key_metadata{};
    bool is_truncated{};   ///< there is more: ask again with the marker
    std::string marker{};  ///< for the next request; absent in the last
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::ListAccessKeys> {
  using S = api::iam::ListAccessKeys;
  static constexpr std::array members{
      member<&S::user_name>("UserName", length(1, 128)),
      member<&S::marker>("Marker", matching(api::iam::marker_pattern, api::iam::is_marker, length(1, 320))),
      member<&S::max_items>("MaxItems", range(1, 1000)),
  };
};

template <>
struct Described<api::iam::ListAccessKeys::Output> {
  using S = api::iam::ListAccessKeys::Output;
  static constexpr std::array members{
      required<&S::access_key_metadata>("AccessKeyMetadata"),
      member<&S::is_truncated>("IsTruncated"),
      member<&S::marker>("Marker"),
  };
};

}  // namespace rushhour::aws
