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
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Makes a role.
struct CreateRole {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "CreateRole";
  static constexpr bool read_only = false;

  std::string role_name{};
  std::string assume_role_policy_document{};  ///< JSON: the trust policy
  std::optional<std::string> path{};          ///< `/` unless given
  std::optional<std::string> description{};
  std::optional<std::int64_t> max_session_duration{};  ///< 3600 to 43200, in seconds
  std::optional<std::string> permissions_boundary{};   ///< ARN of a managed policy
  std::vector<Tag> tags{};

  struct Output {
    Role role{};
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::CreateRole> {
  using S = api::iam::CreateRole;
  static constexpr std::array members{
      required<&S::role_name>("RoleName", length(1, 64)),
      required<&S::assume_role_policy_document>(
          "AssumeRolePolicyDocument", matching(policy_text_pattern, is_policy_text, length(1, 131072))),
      member<&S::path>("Path", matching(api::iam::path_pattern, api::iam::is_path, length(1, 512))),
      member<&S::description>("Description", length(0, 1000)),
      member<&S::max_session_duration>("MaxSessionDuration", range(3600, 43200)),
      member<&S::permissions_boundary>("PermissionsBoundary", length(20, 2048)),
      member<&S::tags>("Tags", length(0, 50)),
  };
};

template <>
struct Described<api::iam::CreateRole::Output> {
  using S = api::iam::CreateRole::Output;
  static constexpr std::array members{
      required<&S::role>("Role"),
  };
};

}  // namespace rushhour::aws
