#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::sts {

/// Tells who the caller is. Needs no permission, and cannot be denied.
struct GetCallerIdentity {
  static constexpr Service service = Service::sts;
  static constexpr std::string_view operation_name = "GetCallerIdentity";
  static constexpr bool read_only = true;

  struct Output {
    std::string user_id{};
    std::string account{};
    std::string arn{};
  };
};

}  // namespace rushhour::api::sts

namespace rushhour::aws {

template <>
struct Described<api::sts::GetCallerIdentity::Output> {
  using S = api::sts::GetCallerIdentity::Output;
  static constexpr std::array members{
      member<&S::user_id>("UserId"),
      member<&S::account>("Account"),
      member<&S::arn>("Arn", matching(printable_pattern, is_printable, length(20, 2048))),
  };
};

}  // namespace rushhour::aws
