#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/iam/patterns.hpp>
#include <rushhour/api/iam/shapes.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Makes a user, who has no access key yet.
struct CreateUser {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "CreateUser";
  static constexpr bool read_only = false;

  std::string user_name{};
  std::optional<std::string> path{};                  ///< `/` unless given
  std::optional<std::string> permissions_boundary{};  ///< ARN of a managed policy
  std::vector<Tag> tags{};

  struct Output {
    User user{};
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::CreateUser> {
  using S = api::iam::CreateUser;
  static constexpr std::array members{
      required<&S::user_name>("UserName", length(1, 64)),
      member<&S::path>("Path", matching(api::iam::path_pattern, api::iam::is_path, length(1, 512))),
      member<&S::permissions_boundary>("PermissionsBoundary", length(20, 2048)),
      member<&S::tags>("Tags", length(0, 50)),
  };
};

template <>
struct Described<api::iam::CreateUser::Output> {
  using S = api::iam::CreateUser::Output;
  static constexpr std::array members{
      member<&S::user>("User"),
  };
};

}  // namespace rushhour::aws
