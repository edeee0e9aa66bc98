#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/iam/shapes.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Reads a user: the caller where none is named.
struct GetUser {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "GetUser";
  static constexpr bool read_only = true;

  std::optional<std::string> user_name{};

  struct Output {
    User user{};
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::GetUser> {
  using S = api::iam::GetUser;
  static constexpr std::array members{
      member<&S::user_name>("UserName", length(1, 128)),
  };
};

template <>
struct Described<api::iam::GetUser::Output> {
  using S = api::iam::GetUser::Output;
  static constexpr std::array members{
      required<&S::user>("User"),
  };
};

}  // namespace rushhour::aws
