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

/// Lists the users of the account, by name.
struct ListUsers {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "ListUsers";
  static constexpr bool read_only = true;

  std::optional<std::string> path_prefix{};  ///< `/` unless given
  std::optional<std::string> marker{};       ///< of the answer before
  std::optional<std::int64_t> max_items{};   ///< 1 to 1000; 100 unless given

  struct Output {
    std::vector<User> users{};
    bool is_truncated{};   ///< there is more: ask again with the marker
    std::string marker{};  ///< for the next request; absent in the last
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::ListUsers> {
  using S = api::iam::ListUsers;
  static constexpr std::array members{
      member<&S::path_prefix>(
          "PathPrefix", matching(api::iam::path_prefix_pattern, api::iam::is_path_prefix, length(1, 512))),
      member<&S::marker>("Marker", matching(api::iam::marker_pattern, api::iam::is_marker, length(1, 320))),
      member<&S::max_items>("MaxItems", range(1, 1000)),
  };
};

template <>
struct Described<api::iam::ListUsers::Output> {
  using S = api::iam::ListUsers::Output;
  static constexpr std::array members{
      required<&S::users>("Users"),
      member<&S::is_truncated>("IsTruncated"),
      member<&S::marker>("Marker"),
  };
};

}  // namespace rushhour::aws
