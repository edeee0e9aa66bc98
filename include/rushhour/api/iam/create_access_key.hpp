#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/iam/shapes.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Gives a user an access key. Its secret is shown here and never again.
struct CreateAccessKey {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "CreateAccessKey";
  static constexpr bool read_only = false;

  std::optional<std::string> user_name{};

  struct Output {
    AccessKey access_key{};
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::CreateAccessKey> {
  using S = api::iam::CreateAccessKey;
  static constexpr std::array members{
      member<&S::user_name>("UserName", length(1, 128)),
  };
};

template <>
struct Described<api::iam::CreateAccessKey::Output> {
  using S = api::iam::CreateAccessKey::Output;
  static constexpr std::array members{
      required<&S::access_key>("AccessKey"),
  };
};

}  // namespace rushhour::aws
