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

/// Lists the managed policies of the account, by name.
struct ListPolicies {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "ListPolicies";
  static constexpr bool read_only = true;

  std::optional<std::string> scope{};                ///< All, AWS, Local; All unless given
  std::optional<bool> only_attached{};               ///< leaves out what is attached to nobody
  std::optional<std::string> path_prefix{};          ///< `/` unless given
  std::optional<std::string> policy_usage_filter{};  ///< PermissionsPolicy, PermissionsBoundary
  std::optional<std::string> marker{};               ///< of the answer before
  std::optional<std::int64_t> max_items{};           ///< 1 to 1000; 100 unless given

  struct Output {
    std::vector<Policy> policies{};
    bool is_truncated{};   ///< there is more: ask again with the marker
    std::string marker{};  ///< for the next request; absent in the last
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::ListPolicies> {
  using S = api::iam::ListPolicies;
  static constexpr std::array members{
      member<&S::scope>("Scope", one_of(api::iam::policy_scopes)),
      member<&S::only_attached>("OnlyAttached"),
      member<&S::path_prefix>(
          "PathPrefix", matching(api::iam::policy_path_pattern, api::iam::is_policy_path, length(1, 512))),
      member<&S::policy_usage_filter>("PolicyUsageFilter", one_of(api::iam::policy_usages)),
      member<&S::marker>("Marker", matching(api::iam::marker_pattern, api::iam::is_marker, length(1, 320))),
      member<&S::max_items>("MaxItems", range(1, 1000)),
  };
};

template <>
struct Described<api::iam::ListPolicies::Output> {
  using S = api::iam::ListPolicies::Output;
  static constexpr std::array members{
      required<&S::policies>("Policies"),
      member<&S::is_truncated>("IsTruncated"),
      member<&S::marker>("Marker"),
  };
};

}  // namespace rushhour::aws
