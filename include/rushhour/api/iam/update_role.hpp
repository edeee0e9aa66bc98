#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Changes description and longest session of a role.
struct UpdateRole {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "UpdateRole";
  static constexpr bool read_only = false;

  std::string role_name{};
  std::optional<std::string> description{};
  std::optional<std::int64_t> max_session_duration{};  ///< 3600 to 43200, in seconds

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::UpdateRole> {
  using S = api::iam::UpdateRole;
  static constexpr std::array members{
      required<&S::role_name>("RoleName", length(1, 64)),
      member<&S::description>("Description", length(0, 1000)),
      member<&S::max_session_duration>("MaxSessionDuration", range(3600, 43200)),
  };
};

}  // namespace rushhour::aws
