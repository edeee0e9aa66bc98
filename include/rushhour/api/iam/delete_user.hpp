#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Deletes a user who has no policies, groups or access keys any more.
struct DeleteUser {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "DeleteUser";
  static constexpr bool read_only = false;

  std::string user_name{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::DeleteUser> {
  using S = api::iam::DeleteUser;
  static constexpr std::array members{
      required<&S::user_name>("UserName", length(1, 128)),
  };
};

}  // namespace rushhour::aws
