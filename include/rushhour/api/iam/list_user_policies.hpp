#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/iam/patterns.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Lists the names of the inline policies of a user.
struct ListUserPolicies {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "ListUserPolicies";
  static constexpr bool read_only = true;

  std::string user_name{};
  std::optional<std::string> marker{};      ///< of the answer before
  std::optional<std::int64_t> max_items{};  ///< 1 to 1000; 100 unless given

  struct Output {
    std::vector<std::string> policy_names{};
    bool is_truncated{};   ///< there is more: ask again with the marker
    std::string marker{};  ///< for the next request; absent in the last
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::ListUserPolicies> {
  using S = api::iam::ListUserPolicies;
  static constexpr std::array members{
      required<&S::user_name>("UserName", length(1, 128)),
      member<&S::marker>("Marker", matching(api::iam::marker_pattern, api::iam::is_marker, length(1, 320))),
      member<&S::max_items>("MaxItems", range(1, 1000)),
  };
};

template <>
struct Described<api::iam::ListUserPolicies::Output> {
  using S = api::iam::ListUserPolicies::Output;
  static constexpr std::array members{
      required<&S::policy_names>("PolicyNames"),
      member<&S::is_truncated>("IsTruncated"),
      member<&S::marker>("Marker"),
  };
};

}  // namespace rushhour::aws
